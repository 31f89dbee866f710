"""Reads JSON lines {voice, text}; answers each with {totalMs, words: [{at, endMs, said}]}.

A word ends where its last phoneme does, by the events of the engine itself. `at` counts code points from 0.
espeak-ng is under the GPL: this file only talks to the installed library, for measurements; nothing of it is shipped.
"""

import ctypes
import json
import sys


class EventId(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", EventId),
    ]


LIST_END, WORD, PHONEME = 0, 1, 7
RETRIEVAL, PHONEME_EVENTS, UTF8 = 1, 1, 1

library = ctypes.CDLL("libespeak-ng.so.1")
sample_rate = library.espeak_Initialize(RETRIEVAL, 200, None, PHONEME_EVENTS)
if sample_rate <= 0:
    sys.exit("espeak-ng did not start: is espeak-ng-data installed?")

events = []
samples = 0


@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))
def take(_wav, count, list_of_events):
    global samples
    samples += count
    index = 0
    while list_of_events[index].type != LIST_END:
        event = list_of_events[index]
        said = event.id.string.decode("utf8", "replace") if event.type == PHONEME else ""
        events.append((event.type, event.text_position, event.length, event.audio_position, said))
        index += 1
    return 0


library.espeak_SetSynthCallback(take)


def is_sound(phoneme):
    return not phoneme.startswith("_") and not phoneme.startswith("(")


def words_of(found, total_ms):
    words = []
    is_open = False
    for index, (kind, position, length, _, said) in enumerate(found):
        if kind == WORD:
            is_open = length > 0
            if is_open:
                words.append({"at": position - 1, "endMs": 0, "said": ""})
        elif kind == PHONEME and is_open and is_sound(said):
            later = [event[3] for event in found[index + 1 :] if event[0] in (WORD, PHONEME)]
            words[-1]["endMs"] = later[0] if later else total_ms
            words[-1]["said"] += said
    return [word for word in words if word["said"]]


for line in sys.stdin:
    request = json.loads(line)
    if library.espeak_SetVoiceByName(request["voice"].encode()) != 0:
        sys.exit("espeak-ng has no voice " + request["voice"])
    events.clear()
    samples = 0
    text = request["text"].encode()
    library.espeak_Synth(text, len(text) + 1, 0, 1, 0, UTF8, None, None)
    library.espeak_Synchronize()
    total_ms = samples * 1000 / sample_rate
    print(json.dumps({"totalMs": total_ms, "words": words_of(events, total_ms)}), flush=True)
