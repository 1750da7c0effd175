"""However large or deep a file is, one file takes bounded time and memory."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from command_line import environment
from samples import BAD, HEADER, ITEM, SCATTER

from tflint_slice.engine import MOST_WORDS
from tflint_slice.files.reading import MOST_BYTES

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs rusage of a process")

GIGABYTE = 2**30


@dataclass(frozen=True)
class Run:
    """What a run of the command said, and the most memory it ever had, in bytes."""

    status: int
    out: str
    err: str
    memory: int


# Before it becomes another program a new process has the memory of the one that started it, and
# the tests may have much of it: so the one in between is small.
_MEASURE = """\
import resource, subprocess, sys
status = subprocess.call(sys.argv[2:])
with open(sys.argv[1], "w") as file:
    file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(status)
"""


def _run(folder: Path, *arguments: str) -> Run:
    measured = folder / "memory.txt"
    tool = [sys.executable, "-m", "tflint_slice", "check", "--isolated", *arguments]
    finished = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(measured), *tool],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    memory = int(measured.read_text()) * (1 if sys.platform == "darwin" else 1024)
    return Run(finished.returncode, finished.stdout, finished.stderr, memory)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        pytest.param(f"x = {'(' * 20_000}{')' * 20_000}\n", "nested", id="parentheses"),
        pytest.param(f"v[{'(' * 20_000}0{')' * 20_000}] = 1.0\n", "nested", id="index"),
        pytest.param(f"x = {'[' * 20_000}", "nested", id="brackets that stay open"),
        pytest.param(f"x = {'1+' * 20_000}1\n", "nested", id="sum"),
        pytest.param(f"v[0] = {'v+' * 20_000}1\n", "nested", id="sum of variables"),
        pytest.param(f"v[0] = {'v+' * 2_000}1\n", "nested", id="sum that parses"),
        pytest.param(f"x = {'-' * 20_000}1\n", "nested", id="signs"),
        pytest.param(f"x = v{'.a' * 20_000}\n", "nested", id="attributes"),
        pytest.param(f"x = v{'[0]' * 20_000}\n", "nested", id="items"),
        pytest.param(f"x = v{'()' * 20_000}\n", "nested", id="calls"),
        pytest.param(f"x = {'lambda: ' * 20_000}1\n", "nested", id="functions"),
        pytest.param(f"x = {'1 if v else ' * 20_000}1\n", "nested", id="choices"),
        pytest.param(f"x = {'1,' * 5_000_000}\n", f"{MOST_WORDS:,}", id="line of 10 MB"),
        pytest.param("v[1] = 2.0;" * 1_000_000 + "\n", f"{MOST_WORDS:,}", id="statements"),
    ],
)
def test_what_is_too_deep_or_too_large_is_an_error_of_one_line(
    tmp_path: Path, source: str, error: str
) -> None:
    """Interpreters differ in how deep they parse: where one does, there are findings."""
    (tmp_path / "a.py").write_text(BAD + source)
    run = _run(tmp_path, "a.py")
    if run.status == 1 and "nested" in error:
        assert (run.err, run.out.count("a.py:")) == ("", 2)
    else:
        assert re.fullmatch(rf"a\.py:\d+(:\d+)?: error: .*{error}.*\n", run.err)
        assert (run.status, run.out) == (2, "")
    assert run.memory < GIGABYTE


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(f'x = "{"a" * 10_000_000}"\n', id="one string"),
        pytest.param(f"# {'a ' * 1_000_000}\n", id="one comment"),
    ],
)
def test_a_long_line_is_no_obstacle(tmp_path: Path, source: str) -> None:
    (tmp_path / "a.py").write_text(BAD + source)
    run = _run(tmp_path, "a.py")
    assert (run.status, run.err, run.out.count("a.py:")) == (1, "", 2)
    assert run.memory < GIGABYTE


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.py").open("wb") as file:
        file.truncate(2**40)
    run = _run(tmp_path, ".")
    message = f"a.py:1: error: larger than {MOST_BYTES // 1_000_000} MB\n"
    assert (run.status, run.err) == (2, message)
    assert run.memory < GIGABYTE // 4


def test_a_hundred_thousand_lines_fit_into_a_gigabyte(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(HEADER + "x = 1\nprint(x)\n" * 50_000 + ITEM)
    run = _run(tmp_path, "-j2", "a.py")
    assert (run.status, run.err) == (1, "")
    assert run.out.startswith("a.py:100004:1: TFS101 [*] ")
    assert run.memory < GIGABYTE


def test_ten_thousand_findings(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(HEADER + SCATTER * 10_000)
    run = _run(tmp_path, "a.py")
    assert (run.status, run.err) == (1, "")
    assert run.out.count("a.py:") == 10_000
    assert run.memory < GIGABYTE


def test_ten_thousand_comments_in_one_statement(tmp_path: Path) -> None:
    """Each of them speaks for each of ten thousand lines."""
    rows = "  1,  # noqa: TFS101\n" * 10_000
    (tmp_path / "a.py").write_text(f"{HEADER}x = [\n{rows}]\n{ITEM}")
    run = _run(tmp_path, "a.py")
    assert (run.status, run.err) == (1, "")
    assert run.out.count(": TFS001 [*] ") == 10_000
    assert run.out.count(": TFS101 [*] ") == 1
    assert run.memory < GIGABYTE
