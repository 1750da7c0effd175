"""How far a long run has come: a line on a terminal, gone when the run ends; nothing elsewhere."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import threading
import unicodedata
from pathlib import Path

import pytest
from command_line import Finished, environment
from samples import BAD, HEADER, SCATTER

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")

LINES = 1000
SLOW = HEADER + SCATTER * LINES
"""Takes some seconds."""
QUICK = BAD + f"# {'x' * 60_000}\n"
"""Takes none, and is large enough for six of them to be worth processes."""
COLUMNS = 80


def on_a_terminal(folder: Path, *arguments: str, **changes: str) -> Finished:
    """Run with both streams on one terminal; ``out`` is all that it is sent."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tflint_slice", "--no-cache", *arguments, "."],
        cwd=folder,
        env=environment(COLUMNS=str(COLUMNS), NO_COLOR="1", **changes),
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    sent: list[bytes] = []
    reading = threading.Thread(target=_read, args=(master, sent))
    reading.start()
    status = process.wait()
    reading.join()
    os.close(master)
    return Finished(status, b"".join(sent).decode(), "")


def _read(terminal: int, sent: list[bytes]) -> None:
    try:
        while data := os.read(terminal, 10_000):
            sent.append(data)
    except OSError:  # how Linux says that the other end is closed
        pass


def in_a_pipe(folder: Path, *arguments: str) -> Finished:
    done = subprocess.run(
        [sys.executable, "-m", "tflint_slice", "--no-cache", *arguments, "."],
        cwd=folder,
        env=environment(COLUMNS=str(COLUMNS)),
        capture_output=True,
        text=True,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def screen(sent: str) -> list[str]:
    """What stands on a terminal that knows line ends and nothing more, without blanks at ends."""
    lines = [[""] * COLUMNS]
    column = 0
    for sign in sent:
        if sign == "\n":
            lines.append([""] * COLUMNS)
        elif sign == "\r":
            column = 0
        else:
            width = 2 if unicodedata.east_asian_width(sign) in "WF" else 1
            if column + width > COLUMNS:
                lines.append([""] * COLUMNS)
                column = 0
            lines[-1][column : column + width] = [sign, *[""] * (width - 1)]
            column += width
    return ["".join(line).rstrip() for line in lines]


@pytest.fixture(scope="module")
def piped(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A run that nobody watches."""
    folder = tmp_path_factory.mktemp("piped")
    (folder / "a.py").write_text(SLOW)
    return in_a_pipe(folder, "--statistics")


def test_nothing_is_shown_in_a_pipe(piped: Finished) -> None:
    assert piped.err == "1 file: 0 cached, 0 screened out, 1 examined\n"
    assert piped.out.splitlines()[0] == f"{LINES}\tTFS301 [*] functional-scatter-assign"


@pytest.mark.parametrize(
    ("name", "terminal"),
    [
        pytest.param("a.py", "xterm", id="terminal"),
        pytest.param("表" * 60 + ".py", "dumb", id="dumb terminal, name wider than it"),
    ],
)
def test_a_line_is_shown_and_wiped_out(
    tmp_path: Path, piped: Finished, name: str, terminal: str
) -> None:
    (tmp_path / name).write_text(SLOW)
    finished = on_a_terminal(tmp_path, "--statistics", TERM=terminal)
    assert f"\r0/1 files, {name[:30]}" in finished.out
    assert "\033" not in finished.out
    assert screen(finished.out.expandtabs()) == [
        *(piped.err + piped.out).expandtabs().splitlines(),
        "",
    ]
    assert finished.status == piped.status == 1


@pytest.mark.parametrize(
    ("jobs", "slow"),
    [
        pytest.param("1", "i", id="one process"),
        pytest.param("2", "a", id="others are done before the first one"),
    ],
)
def test_files_are_counted_as_they_are_done(tmp_path: Path, jobs: str, slow: str) -> None:
    for name in "abcdefghi":
        (tmp_path / f"{name}.py").write_text(SLOW if name == slow else QUICK)
    (tmp_path / "e.py").write_text("x = 1\n")
    finished = on_a_terminal(tmp_path, "--statistics", f"-j{jobs}", TERM="xterm")
    shown = [int(number) for number in re.findall(r"\r(\d+)/9 files, \w\.py", finished.out)]
    assert shown == sorted(shown)
    assert "\r8/9 files, i.py" in finished.out


def test_quiet_is_silent(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(SLOW)
    finished = on_a_terminal(tmp_path, "--statistics", "-q", TERM="xterm")
    assert finished.out == f"{LINES}\tTFS301 [*] functional-scatter-assign\r\n"
