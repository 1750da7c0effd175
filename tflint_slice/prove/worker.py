"""The process that runs TensorFlow: reads one request a line, gives one answer a line.

Between the two it says what it is about to run, so that its last words tell what killed it.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from importlib import import_module
from typing import TextIO

from tflint_slice.prove.wire import Message

TASKS = {"prove": "tflint_slice.prove.trial", "time": "tflint_slice.prove.timing"}
"""By the ``task`` of a request: the module whose function ``answer`` does it."""


def main() -> int:
    # What TensorFlow or the tried code print must not get between the messages.
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    from tflint_slice.prove import runtime

    # A collection looks at all that TensorFlow's import made, unless it is told not to.
    gc.collect()
    gc.freeze()
    _say(channel, {"ready": list(runtime.devices())})
    for line in sys.stdin:
        _answer(channel, json.loads(line))
    return 0


def _answer(channel: TextIO, request: Message) -> None:
    def note(side: str, mode: str, number: int) -> None:
        _say(channel, {"running": [side, mode, number]})

    try:
        answer = import_module(TASKS[request["task"]]).answer(request, note)
        _say(channel, {"answer": answer})
    except Exception as error:
        # What goes wrong here is a fault of the harness, not of the fix; the next site may do well.
        _say(channel, {"fault": f"{type(error).__name__}: {error}"})


def _say(channel: TextIO, message: Message) -> None:
    channel.write(json.dumps(message) + "\n")
    channel.flush()


if __name__ == "__main__":
    sys.exit(main())
