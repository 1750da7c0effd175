"""The process that runs TensorFlow: reads one request a line, gives one answer a line.

Between the two it says what it is about to run, so that its last words tell what killed it.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import os
import queue
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from typing import TextIO

from tflint_slice.prove.wire import FOLDER, SECONDS, Message

TASKS = {"prove": "tflint_slice.prove.trial", "time": "tflint_slice.prove.timing"}
"""By the ``task`` of a request: the module whose function ``answer`` does it."""
GRACE = 5.0
"""Seconds beyond those of a request, after which nobody can be there who waits for the answer."""


def main() -> None:
    # What TensorFlow or the tried code print must not get between the messages.
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    asked = requests()

    from tflint_slice.prove import runtime

    # A collection looks at all that TensorFlow's import made, unless it is told not to.
    gc.collect()
    gc.freeze()
    _say(channel, {"ready": list(runtime.devices())})
    for request in asked:
        _answer(channel, request)


def requests() -> Iterator[Message]:
    """What this process is asked, one after the other.

    When nobody is left who could ask, the process ends, whatever it is running; so this is called
    before anything that takes long.
    """
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin, lines), daemon=True).start()
    return _each_in_its_time(lines)


def _each_in_its_time(lines: queue.SimpleQueue[str]) -> Iterator[Message]:
    while True:
        request = json.loads(lines.get())
        # What hangs in native code may let no other thread run, the one that listens included.
        faulthandler.dump_traceback_later(request[SECONDS] + GRACE, exit=True)
        yield request
        faulthandler.cancel_dump_traceback_later()


def _listen(source: TextIO, lines: queue.SimpleQueue[str]) -> None:
    """Hand on what is asked, and end the process when the asking side is gone, however it went."""
    for line in source:
        lines.put(line)
    if folder := os.environ.get(FOLDER):
        shutil.rmtree(folder, ignore_errors=True)
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


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
    main()
