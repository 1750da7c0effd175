"""A run that is killed, interrupted, or out of disk leaves each file as it was or as it should be.

What happens to one of its processes is told of the file that this one had, and of no other.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest
from command_line import environment, left_in
from samples import BAD, GOOD, HEADER, SCATTER

from tflint_slice import runs
from tflint_slice.files.discovery import Target
from tflint_slice.settings import Settings

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs signals of POSIX")

SLOW = HEADER + SCATTER * 10_000
"""Takes many seconds."""
FILES = 40


def _names() -> list[str]:
    return [f"file{number:02}.py" for number in range(FILES)]


def _started(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tflint_slice", "check", "--isolated", *arguments],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _restored(folder: Path) -> None:
    for name in _names():
        (folder / name).write_text(BAD)


def _stop_at(process: subprocess.Popen[str], file: Path, number: signal.Signals) -> None:
    """Send a signal as soon as a file is fixed."""
    before = file.stat().st_ino
    while process.poll() is None and file.stat().st_ino == before:
        time.sleep(0.0005)
    if process.poll() is None:
        os.killpg(process.pid, number)
    process.communicate()


def _children(
    process: psutil.Process, count: int, others: Sequence[psutil.Process] = ()
) -> list[psutil.Process]:
    """The processes that a process has started beside others, once there are so many."""
    while len(children := set(process.children()) - set(others)) < count:
        time.sleep(0.01)
    return sorted(children, key=lambda child: (child.create_time(), child.pid))


def _busy(process: psutil.Process, seconds: float = 0.1) -> psutil.Process:
    """The process, once it has computed for so long."""
    while process.cpu_times().user < seconds:
        time.sleep(0.01)
    return process


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_kill_leaves_every_file_old_or_new(tmp_path: Path, jobs: str) -> None:
    chance = random.Random(jobs)
    mixed = 0
    for _ in range(8):
        _restored(tmp_path)
        process = _started(tmp_path, "--fix", f"-j{jobs}", ".")
        _stop_at(process, tmp_path / chance.choice(_names()), signal.SIGKILL)
        found = {(tmp_path / name).read_text() for name in _names()}
        assert found <= {BAD, GOOD}
        mixed += len(found) == 2
    assert mixed
    _started(tmp_path, "--fix", ".").communicate()
    assert {(tmp_path / name).read_text() for name in _names()} == {GOOD}


def test_an_interrupt_while_files_are_written_leaves_nothing_behind(tmp_path: Path) -> None:
    chance = random.Random(0)
    statuses = set()
    for _ in range(8):
        _restored(tmp_path)
        process = _started(tmp_path, "--fix", ".")
        _stop_at(process, tmp_path / chance.choice(_names()), signal.SIGINT)
        statuses.add(process.returncode)
        assert {(tmp_path / name).read_text() for name in _names()} <= {BAD, GOOD}
        assert left_in(tmp_path) == _names()
    # The last files may be written before the signal arrives.
    assert 130 in statuses <= {0, 130}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_ends_a_check_at_once(tmp_path: Path, jobs: str) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(SLOW)
    process = _started(tmp_path, "--fix", f"-j{jobs}", ".")
    watched = psutil.Process(process.pid)
    children = _children(watched, 2 if jobs == "2" else 0)
    _busy(children[0] if children else watched, 1.0)
    os.killpg(process.pid, signal.SIGINT)
    # A line end, so that a prompt does not stand behind the ^C.
    assert process.communicate() == ("", "\n")
    assert process.returncode == 130
    assert [child for child in children if child.is_running()] == []
    assert (tmp_path / "a.py").read_text() == SLOW
    assert left_in(tmp_path) == ["a.py", "b.py"]


def test_processes_do_not_outlive_the_one_that_started_them(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(SLOW)
    (tmp_path / "b.py").write_text(BAD)
    process = _started(tmp_path, "-j2", ".")
    children = _children(psutil.Process(process.pid), 2)
    _busy(children[0])
    process.kill()
    for child in children:
        child.wait(timeout=60)
    process.communicate()


def test_a_process_that_dies_is_told_of_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(SLOW)
    for name in ("b.py", "c.py"):
        (tmp_path / name).write_text(BAD)
    process = _started(tmp_path, "--fix", "-j2", ".")
    _children(psutil.Process(process.pid), 2)[0].kill()
    out, err = process.communicate()
    assert err.startswith("a.py:1: error: the process that checked it died; ")
    assert err.count("\n") == 1
    assert (process.returncode, out) == (2, "Found 4 findings (4 fixed, 0 remaining).\n")
    assert (tmp_path / "a.py").read_text() == SLOW
    assert (tmp_path / "c.py").read_text() == GOOD


# --- hanging --------------------------------------------------------------------------------------


def _targets(folder: Path) -> list[Target]:
    for name, source in (("a.py", SLOW), ("b.py", BAD)):
        (folder / name).write_text(source)
    return [Target(str(folder / name), Settings()) for name in ("a.py", "b.py")]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path, jobs: int) -> None:
    others = set(psutil.Process().children())
    late, good = runs.check_files(_targets(tmp_path), jobs=jobs, seconds=3.0)
    (failure,) = late.failures
    assert str(failure) == f"{tmp_path / 'a.py'}:1: error: given up after 3 seconds"
    assert (len(good.found), good.failures) == (2, ())
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert set(psutil.Process().children()) <= others


def test_a_process_that_hangs_is_ended(tmp_path: Path) -> None:
    """It is stopped, so that it cannot even give up by itself."""
    this = psutil.Process()
    # Other tests of this process may have left some running, such as a prover.
    others = this.children()
    stop = threading.Thread(target=lambda: _busy(_children(this, 1, others)[0]).suspend())
    stop.start()
    late, good = runs.check_files(_targets(tmp_path), jobs=2, seconds=3.0)
    stop.join()
    assert [failure.message for failure in late.failures] == ["given up after 3 seconds"]
    assert (len(good.found), good.failures) == (2, ())
    assert set(this.children()) <= set(others)


# --- no room --------------------------------------------------------------------------------------


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BAD)
    program = (
        "import resource, sys\n"
        "from tflint_slice.cli import main\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))\n"
        "sys.exit(main(['--isolated', '--fix', 'a.py']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (2, "a.py:1: error: not fixed: File too large\n")
    assert "2 findings (0 fixed, 2 remaining)" in done.stdout
    assert (tmp_path / "a.py").read_text() == BAD
    assert left_in(tmp_path) == ["a.py"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everything")
def test_a_read_only_directory_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.py").write_text(BAD)
    folder.chmod(0o555)
    process = _started(folder, "--fix", "a.py")
    _, err = process.communicate()
    folder.chmod(0o755)
    assert (process.returncode, err) == (2, "a.py:1: error: not fixed: Permission denied\n")
    assert (folder / "a.py").read_text() == BAD
    assert left_in(folder) == ["a.py"]
