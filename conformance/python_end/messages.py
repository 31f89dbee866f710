"""Which texts and bytes are messages: see "Envelope" and the tables of messages in the protocol page."""

import base64
import json
import struct

MOST = 2**53 - 1
MOST_CHARS = 4096
MOST_OFFSET = 20_000
MOST_AUDIO_BYTES = 200_000


def units(text):
    """The length of a text in UTF-16 units, which is what every limit counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_ms(value):
    """An instant or a span. In Python `True` is a number too."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= MOST


def is_whole(value, least=0, most=MOST):
    """A whole number. JSON does not tell 480 from 480.0."""
    return is_ms(value) and value == int(value) and least <= value <= most


def is_id(value):
    return isinstance(value, str) and 1 <= units(value) <= 200


def is_left(message):
    left = message.get("left", {})
    if "left" not in message:
        return True
    return isinstance(left, dict) and is_id(left.get("responseId")) and is_whole(left.get("samples"))


def may_have(message, field, check):
    """Whether a field is right that may be left out. `null` is not the same as to leave it out."""
    return field not in message or check(message[field])


AGENT = {
    "welcome": lambda m: is_whole(m.get("sampleRateHz"), 1),
    "announce": lambda m: is_id(m.get("responseId"))
    and is_whole(m.get("sampleRateHz"), 1)
    and may_have(m, "heardBeforeSamples", is_whole)
    and may_have(m, "segmentId", is_id),
    "fingerprint": lambda m: is_id(m.get("responseId"))
    and is_whole(m.get("sampleRateHz"), 1)
    and is_whole(m.get("atSample"))
    and is_ms(m.get("leavesAtMs"))
    and isinstance(m.get("sound"), str),
    "end": lambda m: is_id(m.get("responseId")) and is_whole(m.get("totalSamples")),
    "clear": is_left,
    "pause": is_left,
    "resume": lambda m: True,
    "ping": lambda m: is_whole(m.get("pingId")),
}

LISTENER = {
    "hello": lambda m: m.get("evidence") in ("device", "transport")
    and may_have(m, "playedBy", lambda one: one in ("graph", "element")),
    "pong": lambda m: is_whole(m.get("pingId")) and is_ms(m.get("receivedAtMs")) and is_ms(m.get("sentAtMs")),
    "playhead": lambda m: is_id(m.get("responseId"))
    and is_ms(m.get("startedAtMs"))
    and is_whole(m.get("heardSamples"))
    and is_ms(m.get("positionAtMs"))
    and m["positionAtMs"] >= m["startedAtMs"]
    and m.get("phase") in ("playing", "ended", "cut")
    and m.get("evidence") in ("device", "transport", "estimate")
    and is_ms(m.get("errorBoundMs"))
    and m["errorBoundMs"] >= 0,
    "audibility": lambda m: m.get("audibility") in ("muted", "listening") and is_ms(m.get("sinceMs")),
    "bye": lambda m: True,
}


def is_offset(value):
    return is_whole(value, 0, MOST_OFFSET)


def are_words(value):
    """Start, end and samples of each word, one flat list."""
    if not isinstance(value, list) or len(value) % 3 != 0 or len(value) > 300:
        return False
    before_end, before_samples = 0, 0
    for start, end, samples in zip(value[0::3], value[1::3], value[2::3]):
        if not (is_offset(start) and is_offset(end) and is_whole(samples)):
            return False
        if start < before_end or end <= start or samples < before_samples:
            return False
        before_end, before_samples = end, samples
    return True


def are_parts(value):
    if not isinstance(value, list) or len(value) % 2 != 0 or not all(map(is_offset, value)):
        return False
    return value == sorted(value)


CAPTIONS = {
    "response": lambda m: is_id(m.get("turnId"))
    and is_whole(m.get("index"))
    and is_whole(m.get("sampleRateHz"), 1)
    and may_have(m, "segmentId", is_id)
    and may_have(m, "metadata", lambda one: isinstance(one, dict)),
    "text": lambda m: is_offset(m.get("atChar"))
    and isinstance(m.get("text"), str)
    and units(m["text"]) <= 600
    and m["atChar"] + units(m["text"]) <= MOST_OFFSET
    and isinstance(m.get("isComplete"), bool),
    "words": lambda m: is_offset(m.get("fromWord")) and is_whole(m.get("timedWords")) and are_words(m.get("words")),
    "mark": lambda m: is_whole(m.get("mark"), 0, 99)
    and is_id(m.get("name"))
    and is_whole(m.get("atSamples"))
    and isinstance(m.get("isEstimated"), bool),
    "outcome": lambda m: m.get("outcome") in ("heard", "partly_heard", "cut", "failed", "skipped")
    and is_whole(m.get("heardSamples"))
    and may_have(m, "reason", is_id)
    and may_have(m, "heardChars", is_offset)
    and may_have(m, "unheardChars", are_parts),
}


def refuse_constant(name):
    raise ValueError(f"{name} is no JSON")


def read(text, checks):
    """The message that a text holds; None if it is none of these."""
    if units(text) > MOST_CHARS:
        return None
    try:
        # Python's own reader takes NaN and Infinity.
        message = json.loads(text, parse_constant=refuse_constant)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict) or isinstance(message.get("v"), bool) or message.get("v") != 1:
        return None
    check = checks.get(message["type"]) if isinstance(message.get("type"), str) else None
    return message if check is not None and check(message) else None


def is_numbered(message):
    return message is not None and is_id(message.get("epoch")) and is_whole(message.get("seq"), 1)


def is_agent_message(text):
    message = read(text, AGENT)
    if message is None:
        return False
    return may_have(message, "epoch", is_id) and may_have(message, "seq", lambda one: is_whole(one, 1))


def read_listener_message(text):
    message = read(text, LISTENER)
    return message if is_numbered(message) else None


def is_listener_message(text):
    return read_listener_message(text) is not None


def read_caption_message(text):
    message = read(text, CAPTIONS)
    return message if is_numbered(message) and is_id(message.get("responseId")) else None


def is_caption_message(text):
    return read_caption_message(text) is not None


def audio_frame(bytes):
    """The parts of a binary message: see "Over a WebSocket"."""
    data = base64.b64decode(bytes)
    if not 12 <= len(data) <= MOST_AUDIO_BYTES:
        return {"frame": None}
    version, id_length, _, seq, first_sample = struct.unpack_from("<BBHII", data)
    begin = 12 + (id_length + 3) // 4 * 4
    if version != 1 or not 1 <= id_length <= 200 or len(data) < begin or (len(data) - begin) % 2 != 0:
        return {"frame": None}
    samples = struct.unpack(f"<{(len(data) - begin) // 2}h", data[begin:])
    response_id = data[12 : 12 + id_length].decode("latin-1")
    frame = {"seq": seq, "responseId": response_id, "firstSample": first_sample, "samples": samples}
    return {"frame": frame}
