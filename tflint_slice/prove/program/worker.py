"""The process that runs a user's program once, because the user named it to ``tflint-slice prove``.

Its own messages go to a copy of the standard output. What the program prints goes to a file, that
of its child processes and of native code included; and there is nothing on its standard input.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TextIO

from tflint_slice.prove.program import execution, observation
from tflint_slice.prove.program.request import from_json
from tflint_slice.prove.wire import Message
from tflint_slice.prove.worker import requests


def main() -> None:
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    sys.stdin = os.fdopen(os.dup(0), encoding="utf-8")
    asked = requests()
    printed = Path("stdout").absolute()
    descriptor = os.open(printed, os.O_WRONLY | os.O_CREAT)
    os.dup2(descriptor, 1)
    # TensorFlow is imported by the program itself, which may have to say how.
    _say(channel, {"ready": []})
    request = from_json(next(asked))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for spare in (descriptor, nothing):
        os.close(spare)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    try:
        answer = observation.to_json(execution.observe(request, printed))
        _say(channel, {"answer": answer})
    except execution.Refused as error:
        _say(channel, {"answer": {"refused": str(error)}})
    except Exception as error:  # a fault of the harness, not of the program
        _say(channel, {"fault": f"{type(error).__name__}: {error}"})
    # The asking side ends this process.
    next(asked, None)


def _say(channel: TextIO, message: Message) -> None:
    channel.write(json.dumps(message) + "\n")
    channel.flush()


if __name__ == "__main__":
    main()
