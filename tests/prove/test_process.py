"""A process that misbehaves is ended, with all that it has started, and we are told why.

What runs in it here is no TensorFlow, but code that is sent to it: it starts in no time.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from command_line import environment

from tflint_slice.prove.process import Died, Ending, Worker

PROGRAM = """\
import ctypes, json, os, subprocess, sys, time
from tflint_slice.prove.worker import requests

def say(**message):
    print(json.dumps(message), flush=True)

def start(code):
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    child.stdout.readline()
    return child.pid

asked = requests()
say(ready=[])
for request in asked:
    names = {**globals(), "answer": None}
    exec(request["code"], names)
    say(answer=names["answer"])
"""

TAKE = "held = []\nwhile True:\n    held.append(bytearray(b'x' * 10**7))\n"
TAKE_AND_TALK = TAKE + "    say(running=['fixed', 'eager', len(held)])\n"
AWAY = "import os; os.setsid(); print(flush=True); import time; time.sleep(600)"
START = "answer = start('print(flush=True); import time; time.sleep(600)')\n"
# Called in this way, C keeps all other threads of the process from running.
HANG = "ctypes.PyDLL(None).sleep(600)"

posix_only = pytest.mark.skipif(os.name != "posix", reason="signals and sessions of POSIX")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which workers make theirs, and beside it the module that they run."""
    (tmp_path / "odd_worker.py").write_text(PROGRAM)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    return folder


@pytest.fixture
def worker(temporary: Path) -> Iterator[Worker]:
    worker = Worker("odd_worker", memory=300 * 2**20)
    yield worker
    worker.end()
    assert list(temporary.iterdir()) == []


def ask(worker: Worker, code: str, limit: float = 60.0) -> int:
    answer: int = worker.ask({"code": code}, limit)["answer"]
    return answer


def is_gone(pid: int) -> bool:
    """Whether a process ends within a while. (What nobody waits for stays as a zombie.)"""
    for _ in range(300):
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.1)
    return False


def appears(folder: Path, pattern: str) -> bool:
    for _ in range(300):
        if list(folder.glob(pattern)):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize(
    ("code", "limit", "reason", "words"),
    [
        pytest.param("while True: pass", 0.5, Ending.TIMED_OUT, "timed out", id="loops"),
        pytest.param(HANG, 0.5, Ending.TIMED_OUT, "timed out", id="hangs in native code"),
        pytest.param("os.abort()", 60, Ending.DIED, "worker died", id="aborts"),
        pytest.param("sys.exit(0)", 60, Ending.DIED, "worker died", id="exits"),
        pytest.param("os._exit(0)", 60, Ending.DIED, "worker died", id="exits at once"),
        pytest.param(
            TAKE, 60, Ending.OUT_OF_MEMORY, "out of memory (more than 300 MB)", id="takes memory"
        ),
        pytest.param(
            TAKE_AND_TALK, 60, Ending.OUT_OF_MEMORY, "out of memory (more than 300 MB)",
            id="takes memory and talks",
        ),
        pytest.param(
            f"start({TAKE!r})", 60, Ending.OUT_OF_MEMORY, "out of memory (more than 300 MB)",
            id="its child takes memory",
        ),
    ],
)  # fmt: skip
def test_what_ended_it_is_said(
    worker: Worker, code: str, limit: float, reason: Ending, words: str
) -> None:
    pid = ask(worker, "answer = os.getpid()")
    with pytest.raises(Died) as caught:
        ask(worker, code, limit)
    assert (caught.value.reason, str(caught.value)) == (reason, words)
    # Not even a zombie is left, and whoever asks again is told that there is nobody.
    assert not psutil.pid_exists(pid)
    with pytest.raises(Died) as caught:
        ask(worker, "pass")
    assert caught.value.reason is Ending.DIED


@posix_only
def test_what_escapes_keeps_nobody_waiting(worker: Worker) -> None:
    """A copy of the worker in another session has its output, and does not end with it."""
    fork = "if os.fork() == 0:\n    os.setsid()\n    time.sleep(20)\n    os._exit(0)\nos.abort()"
    with pytest.raises(Died) as caught:
        ask(worker, fork, 0.5)
    assert caught.value.reason is Ending.TIMED_OUT


def test_memory_within_the_limit_is_no_matter(worker: Worker) -> None:
    assert ask(worker, "held = bytearray(b'x' * 10**8)\ntime.sleep(0.5)\nanswer = 1") == 1
    assert ask(worker, "answer = 2") == 2


@pytest.mark.parametrize(
    ("start", "last"),
    [
        pytest.param(START, "pass", id="ended"),
        pytest.param(START, "time.sleep(600)", id="timed out"),
        pytest.param(START, "os.abort()", id="died"),
        pytest.param(
            f"answer = start({AWAY!r})", "pass", id="in a session of its own", marks=posix_only
        ),
    ],
)
def test_what_it_started_ends_with_it(worker: Worker, start: str, last: str) -> None:
    child = ask(worker, start)
    assert psutil.pid_exists(child)
    try:
        ask(worker, last, 1.0)
    except Died:
        pass
    else:
        worker.end()
    assert is_gone(child)


PARENT = """\
import sys
from tflint_slice.prove.process import Worker

worker = Worker("odd_worker")
for code in sys.argv[2:-1]:
    print(worker.ask({"code": code}, 60.0)["answer"], flush=True)
worker.ask({"code": sys.argv[-1]}, float(sys.argv[1]))
"""


@posix_only
@pytest.mark.parametrize(
    ("number", "code", "limit", "leaves"),
    [
        pytest.param(signal.SIGTERM, "time.sleep(600)", 600, 0, id="waits"),
        pytest.param(signal.SIGKILL, "while True: pass", 600, 0, id="loops"),
        # It does not hear of it then, and only ends when its time is over.
        pytest.param(signal.SIGKILL, HANG, 1, 1, id="hangs in native code"),
    ],
)
def test_without_a_parent_it_ends_itself(
    temporary: Path, number: int, code: str, limit: float, leaves: int
) -> None:
    started = f"open('started', 'w').close()\n{code}"
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(limit), "answer = os.getpid()", START, started],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    worker, child = int(parent.stdout.readline()), int(parent.stdout.readline())
    assert appears(temporary, "*/started")
    parent.send_signal(number)
    parent.wait()
    parent.stdout.close()
    assert is_gone(worker)
    if not leaves:
        assert is_gone(child)
    else:
        os.kill(child, signal.SIGKILL)
    assert len(list(temporary.iterdir())) == leaves
