"""A process that runs code we do not trust: started, asked, watched, and outlived.

What it writes to its output are messages, one JSON object a line; what it writes to its error
output is kept for its last words. It has a folder of its own, and of our environment only what it
needs to find its libraries.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import tflint_slice
from tflint_slice.prove.wire import Message

START_LIMIT = 300.0
"""Seconds that a worker may take to import TensorFlow."""

# Everything else of the environment stays behind: settings of TensorFlow among it.
_KEPT = (
    "CUDA", "DYLD_", "HOME", "LANG", "LC_", "LD_LIBRARY_PATH", "NVIDIA", "PATH", "PYTHONHOME",
    "SYSTEMDRIVE", "SYSTEMROOT", "USERPROFILE", "VIRTUAL_ENV", "XLA_FLAGS",
)  # fmt: skip


class ProverUnavailable(Exception):
    """No proof can be made here: TensorFlow is missing, or does not start."""


class Died(Exception):
    """The worker is gone. ``timed_out`` says that it had to be ended."""

    def __init__(self, *, timed_out: bool) -> None:
        super().__init__()
        self.timed_out = timed_out


class Worker:
    """The process, with a thread that reads what it says.

    ``module`` is run with ``arguments``, and says that it is ready before it is asked anything.
    ``running`` is what it last said that it was about to run: side, mode, number of the run.
    """

    def __init__(
        self,
        module: str = "tflint_slice.prove.worker",
        arguments: Sequence[str] = (),
        *,
        legacy_keras: bool = False,
    ) -> None:
        if importlib.util.find_spec("tensorflow") is None:
            raise ProverUnavailable(
                "tensorflow is not installed here; `pip install tflint-slice[prove]` installs it"
            )
        self.answered = 0
        self.running: tuple[str, str, int] = ("", "", 0)
        self.last_words = ""
        self._folder = tempfile.TemporaryDirectory(
            prefix="tflint-slice-", ignore_cleanup_errors=True
        )
        self._errors = Path(self._folder.name) / "stderr"
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=self._folder.name,
                env=_environment(self._folder.name, legacy_keras),
                encoding="utf-8",
            )
        self._said: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()
        try:
            self.ready = self._wait_for({"ready"}, START_LIMIT)["ready"]
        except Died:
            self.end()
            raise ProverUnavailable(
                f"TensorFlow does not start here: {self.last_words or 'no reason given'}"
            ) from None
        except BaseException:
            self.end()
            raise

    def ask(self, request: Message, limit: float) -> Message:
        assert self._process.stdin is not None
        self.running = ("", "", 0)
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except OSError:
            self._finish()
            raise Died(timed_out=False) from None
        answer = self._wait_for({"answer", "fault"}, limit)
        self.answered += 1
        return answer

    def end(self) -> None:
        """End the process and remove its folder. May be called again."""
        self._finish()
        self._folder.cleanup()

    def _finish(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None and not pipe.closed:
                with contextlib.suppress(OSError):
                    pipe.close()
        self.last_words = self.last_words or _last_words(self._errors)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        # Closed while it is being read, the pipe raises ValueError.
        with contextlib.suppress(ValueError):
            for line in self._process.stdout:
                self._said.put(line)
        self._said.put(None)

    def _wait_for(self, keys: set[str], limit: float) -> Message:
        for message in self._messages(limit):
            if "running" in message:
                side, mode, number = message["running"]
                self.running = (side, mode, number)
            elif keys & message.keys():
                return message
        raise AssertionError("a worker that says no more has died")

    def _messages(self, limit: float) -> Iterator[Message]:
        end = time.monotonic() + limit
        while True:
            try:
                line = self._said.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                self._finish()
                raise Died(timed_out=True) from None
            if line is None:
                self._finish()
                raise Died(timed_out=False)
            message: dict[str, Any] = json.loads(line)
            yield message


def _environment(folder: str, legacy_keras: bool) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name.upper().startswith(_KEPT)}
    # The worker must find this package, which may lie beside the directory it was started in.
    package = str(Path(tflint_slice.__file__).parent.parent)
    search = [package, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(search),
        "PYTHONHASHSEED": "0",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_FORCE_GPU_ALLOW_GROWTH": "true",
        "KERAS_BACKEND": "tensorflow",
        "TF_USE_LEGACY_KERAS": str(int(legacy_keras)),
        "KERAS_HOME": folder,
        # AutoGraph writes the code that it makes to a file.
        "TMPDIR": folder,
        "TEMP": folder,
        "TMP": folder,
    }


def _last_words(errors: Path) -> str:
    """The line of the log that says why a process was ended, or the last one of a traceback."""
    try:
        lines = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    fatal = [line for line in lines if line.startswith("F")]
    if fatal:
        return fatal[-1].partition("] ")[2].strip() or fatal[-1]
    return lines[-1].strip() if lines and "Error" in lines[-1] else ""
