"""A process that runs code we do not trust: started, asked, watched, and outlived.

What it writes to its output are messages, one JSON object a line; what it writes to its error
output is kept for its last words. It has a folder and a session of its own, and of our environment
only what it needs to find its libraries. When it takes too long or too much memory it is ended,
with all that it has started; when we are gone, it ends itself (see ``worker.requests``).
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from enum import Enum
from pathlib import Path

import tflint_slice
from tflint_slice.prove.wire import FOLDER, SECONDS, Message

START_LIMIT = 300.0
"""Seconds that a worker may take to import TensorFlow."""
MEMORY = 8 * 2**30
"""Bytes that a worker may take beyond what it holds when it is ready. It may never take more than
half of the machine's memory. (A limit of its address space would keep TensorFlow from starting.)"""
LOOK = 0.1
"""Seconds between two looks at the memory it holds."""
REQUIRED = ("tensorflow", "psutil")

# Everything else of the environment stays behind: settings of TensorFlow among it.
_KEPT = (
    "CUDA", "DYLD_", "HOME", "LANG", "LC_", "LD_LIBRARY_PATH", "NVIDIA", "PATH", "PYTHONHOME",
    "SYSTEMDRIVE", "SYSTEMROOT", "USERPROFILE", "VIRTUAL_ENV", "XLA_FLAGS",
)  # fmt: skip


class ProverUnavailable(Exception):
    """No proof can be made here: TensorFlow is missing, or does not start."""


class Ending(Enum):
    """What became of a worker that is gone before it has answered."""

    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    DIED = "worker died"


class Died(Exception):
    """The worker is gone, for this ``reason``. The message can stand in a verdict."""

    def __init__(self, reason: Ending, detail: str = "") -> None:
        super().__init__(f"{reason.value} ({detail})" if detail else reason.value)
        self.reason = reason


class Worker:
    """The process, with a thread that reads what it says.

    ``module`` is run with ``arguments``, and says that it is ready before it is asked anything.
    ``running`` is what it last said that it was about to run: side, mode, number of the run.
    ``memory`` is in bytes, beyond what it holds when it is ready.
    """

    def __init__(
        self,
        module: str = "tflint_slice.prove.worker",
        arguments: Sequence[str] = (),
        *,
        legacy_keras: bool = False,
        memory: int | None = None,
    ) -> None:
        for name in REQUIRED:
            if importlib.util.find_spec(name) is None:
                raise ProverUnavailable(
                    f"{name} is not installed here; `pip install tflint-slice[prove]` installs it"
                )
        self.answered = 0
        self.running: tuple[str, str, int] = ("", "", 0)
        self.last_words = ""
        self._memory = _allowed() if memory is None else memory
        self._held_when_ready: int | None = None
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
                start_new_session=True,
            )
        self._said: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        try:
            self.ready: list[str] = self._wait_for({"ready"}, START_LIMIT)["ready"]
        except Died:
            self.end()
            raise ProverUnavailable(
                f"TensorFlow does not start here: {self.last_words or 'no reason given'}"
            ) from None
        except BaseException:
            self.end()
            raise
        self._held_when_ready = _held(self._process.pid)

    def ask(self, request: Message, limit: float) -> Message:
        """The answer to a request, for which the worker has ``limit`` seconds.

        Raises:
            Died: there will be none, and nobody to ask again.
        """
        assert self._process.stdin is not None
        self.running = ("", "", 0)
        try:
            self._process.stdin.write(json.dumps({**request, SECONDS: limit}) + "\n")
            self._process.stdin.flush()
        except (OSError, ValueError):  # ValueError: it is known to be gone, and the pipe is closed
            self._finish()
            raise Died(Ending.DIED) from None
        answer = self._wait_for({"answer", "fault"}, limit)
        self.answered += 1
        return answer

    def end(self) -> None:
        """End the process and remove its folder. May be called again."""
        self._finish()
        self._folder.cleanup()

    def _finish(self) -> None:
        if self._process.returncode is None:
            _end_all(self._process.pid)
        self._process.wait()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        # What has escaped us may keep the pipe open, and to close it would be to wait for that.
        self._listener.join(1.0)
        if not self._listener.is_alive():
            self._process.stdout.close()
        self.last_words = self.last_words or _last_words(self._errors)

    def _listen(self) -> None:
        assert self._process.stdout is not None
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
        now = time.monotonic()
        end, look = now + limit, now + LOOK
        while now < end:
            # By the clock: a worker that says something all the time is looked at as well.
            if now >= look:
                self._look_at_memory()
                look = now + LOOK
            with contextlib.suppress(queue.Empty):
                line = self._said.get(timeout=max(0.0, min(end, look) - now))
                if line is None:
                    self._finish()
                    raise Died(Ending.DIED)
                message: Message = json.loads(line)
                yield message
            now = time.monotonic()
        self._finish()
        raise Died(Ending.TIMED_OUT)

    def _look_at_memory(self) -> None:
        if self._held_when_ready is None:
            return
        if _held(self._process.pid) - self._held_when_ready > self._memory:
            self._finish()
            raise Died(Ending.OUT_OF_MEMORY, f"more than {self._memory // 2**20} MB")


def _allowed() -> int:
    import psutil

    return min(MEMORY, psutil.virtual_memory().total // 2)


def _held(pid: int) -> int:
    """The bytes of memory that a process and all that it has started hold just now."""
    import psutil

    held = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        worker = psutil.Process(pid)
        for process in (worker, *worker.children(recursive=True)):
            # It may have ended meanwhile, or belong to somebody else.
            with contextlib.suppress(psutil.Error):
                held += process.memory_info().rss
    return held


def _end_all(pid: int) -> None:
    """End a worker that was not waited for yet, and all that it has started."""
    import psutil

    started: list[psutil.Process] = []
    with contextlib.suppress(psutil.Error):
        worker = psutil.Process(pid)
        started = [*worker.children(recursive=True), worker]
    for process in started:
        with contextlib.suppress(psutil.Error):
            process.kill()
    if sys.platform != "win32":
        # The group outlives its leader: what a dead worker has left behind is ended as well.
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)


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
        FOLDER: folder,
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
