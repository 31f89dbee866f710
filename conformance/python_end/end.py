"""An end of Oncue's protocol in Python, as an example. Written from docs/reference/protocol.md, with the standard library only.

It answers the runner's questions, one JSON object a line:

    npm run conformance -- --exec "python3 conformance/python_end/end.py" --without search --without reporter --without trace

Left out is the part that listens: to find the sound (`search`) and to report (`reporter`). `trace` is for agents only.
"""

import json
import sys

from captions import captions
from clock import clock
from fingerprint import fingerprint
from gate import gate
from messages import audio_frame, is_agent_message, is_caption_message, is_listener_message

PARTS = {
    "agent_message": lambda text: {"accepted": is_agent_message(text)},
    "listener_message": lambda text: {"accepted": is_listener_message(text)},
    "caption_message": lambda text: {"accepted": is_caption_message(text)},
    "audio_frame": audio_frame,
    "captions": captions,
    "clock": clock,
    "fingerprint": fingerprint,
    "gate": gate,
}


def main():
    for line in sys.stdin:
        question = json.loads(line)
        part = PARTS.get(question["kind"])
        answer = {"notImplemented": True} if part is None else {"output": part(**question["input"])}
        print(json.dumps({"id": question["id"], **answer}), flush=True)


main()
