"""What a page shows of each response: see "Text for captions" and "What a page shows" in the protocol page."""

from messages import read_caption_message

# The protocol page names them. Python's own `lstrip()` takes others: it leaves U+FEFF, and removes U+001C and U+0085.
WHITE_SPACE = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)


class Response:
    def __init__(self, response_id):
        self.id = response_id
        # UTF-16, since every offset counts its units.
        self.text = b""
        self.is_complete = False
        self.words = []
        self.phase = None
        self.heard_samples = 0
        self.outcome = None

    def take(self, message):
        if message["type"] == "text":
            begin = 2 * message["atChar"]
            if begin <= len(self.text):
                self.text = self.text[:begin] + message["text"].encode("utf-16-le", "surrogatepass")
                self.is_complete = message["isComplete"]
        elif message["type"] == "words":
            flat = message["words"]
            if message["fromWord"] <= len(self.words):
                self.words = self.words[: message["fromWord"]] + list(zip(flat[1::3], flat[2::3]))
        elif message["type"] == "outcome" and self.outcome is None:
            self.outcome = message
            self.heard_samples = max(self.heard_samples, message["heardSamples"])

    def hear(self, phase, heard_samples):
        """What sounds at our own output."""
        if self.outcome is not None or self.phase in ("ended", "cut"):
            return
        is_playing = phase == "playing"
        self.heard_samples = max(self.heard_samples, heard_samples) if is_playing else heard_samples
        self.phase = phase

    def status(self):
        if self.outcome is not None:
            return self.outcome["outcome"]
        if self.phase in ("ended", "cut") and self.heard_samples == 0:
            return "skipped"
        return {None: "queued", "playing": "playing", "ended": "heard", "cut": "cut"}[self.phase]

    def heard_chars(self):
        return None if self.outcome is None else self.outcome.get("heardChars")

    def heard_words(self):
        limit = self.heard_chars()
        count = 0
        for end, samples in self.words:
            if samples > self.heard_samples if limit is None else end > limit:
                break
            count += 1
        return count

    def heard_text(self):
        limit = self.heard_chars()
        if limit is not None:
            return self.text_without_unheard(limit)
        count = self.heard_words()
        if self.phase == "ended" and self.is_complete and count == len(self.words):
            return text_of(self.text)
        return text_of(self.text[: 2 * self.words[count - 1][0]]) if count > 0 else ""

    def text_without_unheard(self, limit):
        parts = self.outcome.get("unheardChars", [])
        heard, begin = b"", 0
        for start, end in zip(parts[0::2], parts[1::2]):
            heard += self.text[2 * begin : 2 * min(start, limit)]
            begin = min(max(begin, end), limit)
        heard += self.text[2 * begin : 2 * limit]
        return text_of(heard).lstrip(WHITE_SPACE) if parts and parts[0] == 0 else text_of(heard)

    def shown(self):
        return {
            "id": self.id,
            "status": self.status(),
            "text": text_of(self.text),
            "heardWords": self.heard_words(),
            "heardText": self.heard_text(),
        }


def text_of(utf16):
    return utf16.decode("utf-16-le", "surrogatepass")


def captions(steps):
    responses = {}
    epoch, past, last_seq = None, set(), 0

    def response(response_id):
        return responses.setdefault(response_id, Response(response_id))

    for step in steps:
        heard = step.get("heard")
        if heard is not None:
            response(heard["responseId"]).hear(heard["phase"], heard["heardSamples"])
            continue
        message = read_caption_message(step["text"])
        if message is None or message["epoch"] in past:
            continue
        if message["epoch"] != epoch:
            if epoch is not None:
                past.add(epoch)
                responses.clear()
            epoch, last_seq = message["epoch"], 0
        if message["seq"] > last_seq:
            last_seq = message["seq"]
            response(message["responseId"]).take(message)
    return [one.shown() for one in responses.values()]
