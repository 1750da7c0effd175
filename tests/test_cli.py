"""The command line: which options do what, where output goes, and what the exit status says."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from command_line import RunCommand, environment
from samples import BAD, CLEAN, GOOD, HEADER, ITEM, SCATTER, SCATTER_FIXED, UNSAFE

from tflint_slice import __version__

BROKEN = "import tensorflow as tf\nv = tf.Variable(1.0)\nx[0] = (\n"


@pytest.mark.parametrize(
    ("source", "options", "status"),
    [
        pytest.param(CLEAN, [], 0, id="clean"),
        pytest.param(BAD, [], 1, id="findings"),
        pytest.param(BAD, ["--exit-zero"], 0, id="findings, exit zero"),
        pytest.param(BAD, ["--fix"], 0, id="all fixed"),
        pytest.param(UNSAFE, ["--fix"], 1, id="no safe fix"),
        pytest.param(UNSAFE, ["--fix", "--unsafe-fixes"], 0, id="unsafe fix applied"),
        pytest.param(UNSAFE, ["--unsafe-fixes"], 1, id="unsafe fix not asked for"),
        pytest.param(BAD, ["--diff"], 1, id="diff with changes"),
        pytest.param(UNSAFE, ["--diff"], 1, id="diff without changes, findings"),
        pytest.param(CLEAN, ["--diff"], 0, id="diff, clean"),
        pytest.param(BAD, ["--diff", "--exit-zero"], 0, id="diff, exit zero"),
        pytest.param(BROKEN, [], 2, id="syntax error"),
        pytest.param(BROKEN, ["--exit-zero"], 2, id="syntax error, exit zero"),
        pytest.param(BAD, ["--select", "TFS2"], 0, id="select another"),
        pytest.param(BAD, ["--select", "TFS301"], 1, id="select one"),
        pytest.param(BAD, ["--ignore", "TFS"], 0, id="ignore all"),
        pytest.param(BAD, ["--ignore", "TFS1,TFS301"], 0, id="ignore two"),
        pytest.param(BAD, ["--ignore", "TFS1", "--ignore", "TFS301"], 0, id="ignore twice"),
        pytest.param(BAD, ["--no-cache", "--isolated", "-j", "2"], 1, id="accepted options"),
        pytest.param(CLEAN, ["--selct", "TFS1"], 2, id="unknown option"),
        pytest.param(CLEAN, ["--select", "TFX"], 2, id="unknown code"),
        pytest.param(CLEAN, ["--output-format", "xml"], 2, id="unknown format"),
        pytest.param(CLEAN, ["-j", "0"], 2, id="no process"),
    ],
)
def test_exit_status(
    cli: RunCommand, tmp_path: Path, source: str, options: list[str], status: int
) -> None:
    for command in ([], ["check"]):
        (tmp_path / "a.py").write_text(source)
        assert cli(*command, *options, "a.py").status == status


def test_check_is_the_default_command_and_the_current_directory_the_default_path(
    cli: RunCommand, tmp_path: Path
) -> None:
    (tmp_path / "a.py").write_text(BAD)
    outputs = {cli(*arguments).out for arguments in [("a.py",), ("check", "a.py"), (), ("check",)]}
    assert len(outputs) == 1
    assert outputs.pop().startswith("a.py:4:1: TFS101 [*] ")


def test_a_path_named_like_a_command_takes_a_dot(cli: RunCommand, tmp_path: Path) -> None:
    for name in ("check", "rule"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text(BAD)
        assert cli(f"./{name}").out.startswith(f"{name}/a.py:4:1: TFS101")
    assert cli("check", "check").out.startswith("check/a.py:4:1: TFS101")
    assert cli("rule").out.startswith("TFS001 ")


def test_errors_name_file_and_row_and_stop_no_other_file(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a_broken.py").write_text(BROKEN)
    (tmp_path / "b_bad.py").write_text(BAD)
    (tmp_path / "c_latin.py").write_bytes(HEADER.encode() + b"x = '\xe9'\n")
    finished = cli(".", "missing.py")
    assert finished.status == 2
    assert finished.out.count("b_bad.py:") == 2
    errors = finished.err.splitlines()
    assert [re.match(r"(.*?:\d+)(:\d+)?: error: ", error)[1] for error in errors] == [
        "a_broken.py:3",
        "c_latin.py:4",
        "missing.py:1",
    ]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BAD)
    (tmp_path / "a.py").chmod(0)
    finished = cli(".")
    assert (finished.status, finished.err) == (2, "a.py:1: error: Permission denied\n")


def test_fix_writes_and_reports_what_remains(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BAD)
    (tmp_path / "b.py").write_text(UNSAFE)
    finished = cli("--fix", ".")
    assert (tmp_path / "a.py").read_text() == GOOD
    assert (tmp_path / "b.py").read_text() == UNSAFE
    lines = finished.out.splitlines()
    assert lines[0].startswith("b.py:5:5: TFS301 ")
    assert lines[0].endswith("(unsafe fix: maybe-distributed)")
    assert lines[1] == ("Found 3 findings (2 fixed, 1 remaining). 1 fixable with --unsafe-fixes.")
    assert cli("--fix", ".").out.splitlines() == [
        lines[0],
        "Found 1 finding (0 fixed, 1 remaining). 1 fixable with --unsafe-fixes.",
    ]


def test_diff_changes_nothing_and_can_be_applied(cli: RunCommand, tmp_path: Path) -> None:
    path = tmp_path / "package" / "a.py"
    path.parent.mkdir()
    data = b"\xef\xbb\xbf" + BAD.rstrip("\n").replace("\n", "\r\n").encode()
    path.write_bytes(data)
    finished = cli("--diff", "package")
    assert path.read_bytes() == data
    diff = finished.out[finished.out.index("--- ") :]
    assert diff.startswith("--- package/a.py\n+++ package/a.py\n@@ ")
    assert "Found 2 findings (2 would be fixed, 0 would remain).\n--- " in finished.out
    patched = subprocess.run(
        ["patch", "-p0", "--binary"], input=diff.encode(), cwd=tmp_path, check=False
    )
    assert patched.returncode == 0
    assert path.read_bytes() == b"\xef\xbb\xbf" + GOOD.rstrip("\n").replace("\n", "\r\n").encode()


def test_diff_wins_over_fix(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BAD)
    assert "+++ a.py" in cli("--fix", "--diff", "a.py").out
    assert (tmp_path / "a.py").read_text() == BAD


def test_standard_input(cli: RunCommand) -> None:
    finished = cli("-", stdin=BAD.encode())
    assert finished.status == 1
    assert finished.out.startswith("-:4:1: TFS101 [*] ")
    named = cli("--stdin-filename", "pkg/a.py", "-", stdin=BAD.encode())
    assert named.out.startswith("pkg/a.py:4:1: TFS101 [*] ")


@pytest.mark.parametrize(
    ("source", "result", "status"),
    [
        pytest.param(BAD, GOOD, 0, id="fixed"),
        pytest.param(CLEAN, CLEAN, 0, id="clean"),
        pytest.param(UNSAFE, UNSAFE, 1, id="findings remain"),
        pytest.param(BROKEN, BROKEN, 2, id="syntax error"),
        pytest.param("\ufeff" + BAD, "\ufeff" + GOOD, 0, id="byte order mark"),
        pytest.param(BAD.replace("\n", "\r\n"), GOOD.replace("\n", "\r\n"), 0, id="CRLF"),
    ],
)
def test_fixed_standard_input_goes_to_standard_output_and_findings_to_error(
    cli: RunCommand, source: str, result: str, status: int
) -> None:
    finished = cli("--fix", "-", stdin=source.encode())
    assert (finished.status, finished.out) == (status, result)
    assert bool(finished.err) == (source != result or status != 0)


def test_standard_input_goes_with_no_other_path(cli: RunCommand) -> None:
    finished = cli("-", "a.py")
    assert finished.status == 2
    assert "standard input" in finished.err


def test_excluded_standard_input_passes_through(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.tflint-slice]\nexclude = ["gen"]\n')
    arguments = ("--fix", "--stdin-filename", "gen/a.py", "-")
    assert cli(*arguments, stdin=BAD.encode()).out == GOOD
    assert cli("--force-exclude", *arguments, stdin=BAD.encode()).out == BAD


def test_statistics(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BAD + SCATTER)
    (tmp_path / "b.py").write_text(UNSAFE)
    assert cli("--statistics", ".").out.splitlines() == [
        "3\tTFS301 [*] functional-scatter-assign",
        "1\tTFS101 [*] variable-item-assignment",
        "Found 4 findings. 3 fixable with --fix (1 more with --unsafe-fixes).",
    ]
    rows = json.loads(cli("--statistics", "--output-format", "json", ".").out)
    assert [(row["code"], row["count"], row["fixable_count"]) for row in rows] == [
        ("TFS301", 3, 2),
        ("TFS101", 1, 1),
    ]


def test_declined_findings_are_shown_when_asked_for_and_decide_nothing(
    cli: RunCommand, tmp_path: Path
) -> None:
    read_densely = HEADER + SCATTER + "print(v)\nprint(v * 2)\nprint(tf.reduce_sum(v))\n"
    (tmp_path / "a.py").write_text(read_densely)
    assert cli("a.py").status == 0
    finished = cli("--show-declined", "a.py")
    assert finished.status == 0
    assert re.fullmatch(r"a\.py:4:1: TFS301 declined: .* \(read-densely\)\n", finished.out)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_number_of_processes_changes_nothing(
    cli: RunCommand, tmp_path: Path, jobs: str
) -> None:
    # Enough of them for a pool to be worth its start.
    padding = "# " + "x" * 4000 + "\n"
    for number in range(60):
        (tmp_path / f"f{number:02}.py").write_text(BAD + padding * 2)
    (tmp_path / "g.py").write_text(BROKEN)
    finished = cli("-j", jobs, "--fix", ".")
    assert finished.status == 2
    assert finished.out == "Found 120 findings (120 fixed, 0 remaining).\n"
    assert finished.err.startswith("g.py:3:")
    for number in range(60):
        assert (tmp_path / f"f{number:02}.py").read_text() == GOOD + padding * 2


def test_unknown_rule_names_the_nearest(cli: RunCommand) -> None:
    finished = cli("rule", "TFS3011")
    assert finished.status == 2
    assert "did you mean 'TFS301'?" in finished.err


def test_rule_prints_its_page(cli: RunCommand) -> None:
    page = cli("rule", "TFS301").out
    assert page.startswith("# ")
    assert "TFS301" in page.splitlines()[0]
    listed = [line.split()[0] for line in cli("rule").out.splitlines()]
    assert listed == sorted(listed)
    assert set(listed) >= {"TFS101", "TFS107", "TFS201", "TFS301"}


def test_prove_without_tensorflow_is_an_error_of_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BAD)
    # A process without site-packages' TensorFlow: the finder that would find it is told not to.
    program = (
        "import sys\n"
        "from importlib.machinery import PathFinder\n"
        "class Blind:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name != 'tensorflow':\n"
        "            return PathFinder.find_spec(name, path, target)\n"
        "sys.meta_path[:] = [f for f in sys.meta_path if f is not PathFinder] + [Blind()]\n"
        "from tflint_slice.cli import main\n"
        "sys.exit(main(['--prove', 'a.py']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == ("Error: --prove needs TensorFlow: pip install 'tflint-slice[prove]'\n")


def test_proofs(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(HEADER + SCATTER)
    (tmp_path / "b.py").write_text(UNSAFE)
    finished = cli("--diff", "--prove", ".")
    assert finished.err == ""
    lines = finished.out.splitlines()
    assert lines[0].startswith("a.py:4:1: TFS301 [*] ")
    assert re.fullmatch(r"  proved: eager, tf\.function.* on CPU:0.*, \d+ samples", lines[1])
    assert lines[2].startswith("b.py:5:5: TFS301 ")
    assert re.match(r"  (un)?proved: ", lines[3])
    assert finished.out.index(lines[3]) < finished.out.index("--- a.py")
    assert cli("--fix", "--prove", ".").status == 1
    assert (tmp_path / "a.py").read_text() == HEADER + SCATTER_FIXED
    assert (tmp_path / "b.py").read_text() == UNSAFE


def test_devices_are_for_proofs(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BAD)
    finished = cli("--device", "CPU:0", "a.py")
    assert finished.status == 2
    assert finished.err.endswith("--device says where to prove; it goes with --prove\n")
    assert finished.out == ""


DESTRUCTIVE = """\
import shutil

import tensorflow as tf

v = tf.Variable([1.0, 2.0, 3.0])
shutil.rmtree({kept!r})


def remove():
    shutil.rmtree({kept!r})
    return 5.0


v.assign(tf.tensor_scatter_nd_update(v, [[0]], [shutil.rmtree({kept!r}) or 5.0]))
v.assign(tf.tensor_scatter_nd_update(v, [[1]], [remove()]))
"""


def test_what_a_program_destroys_is_not_destroyed_by_a_proof(
    cli: RunCommand, tmp_path: Path
) -> None:
    """On import, in the statements that are run, and in a function that they call."""
    kept = tmp_path / "kept"
    kept.mkdir()
    (tmp_path / "a.py").write_text(DESTRUCTIVE.format(kept=str(kept)))
    finished = cli("check", "--prove", "--device", "cpu:0", "a.py")
    assert re.findall(r"  (\w+): .* on (CPU:0), ", finished.out) == [("proved", "CPU:0")] * 2
    assert finished.err == ""
    assert kept.is_dir()


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_an_interrupted_proof_leaves_nothing_but_the_files_as_they_were(tmp_path: Path) -> None:
    """What is seen on the terminal tells when to interrupt: one proof is made, others are not."""
    program = HEADER + "".join(
        f"v.assign(tf.tensor_scatter_nd_update(v, [[0]], [{number}.0]))\n" for number in range(50)
    )
    (tmp_path / "a.py").write_text(BAD)
    (tmp_path / "b.py").write_text(program)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tflint_slice", "check", "--fix", "--prove", "a.py", "b.py"],
        cwd=tmp_path,
        env=environment(TMPDIR=str(temporary)),
        stdout=subprocess.PIPE,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    shown = ""
    while not re.search(r"\r1/2 files, [3-9] proofs: [3-9] proved, 0 refuted, 0 unproved", shown):
        shown += os.read(master, 1000).decode()
    workers = psutil.Process(process.pid).children(recursive=True)
    assert workers
    assert list(temporary.iterdir())
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate()
    shown = os.read(master, 100_000).decode()
    os.close(master)
    assert re.search(r"\r {50,}\r\s*$", shown)  # the line is wiped out
    assert (process.returncode, out) == (130, b"")
    assert [worker for worker in workers if worker.is_running()] == []
    assert list(temporary.iterdir()) == []
    assert (tmp_path / "a.py").read_text() == BAD
    assert (tmp_path / "b.py").read_text() == program


def _imports(*arguments: str, cwd: Path) -> set[str]:
    program = (
        "import sys\n"
        "from tflint_slice.cli import main\n"
        f"main({list(arguments)!r})\n"
        "print(*sorted(sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.splitlines()[-1].split())


def test_heavy_modules_are_imported_where_they_are_used(tmp_path: Path) -> None:
    (tmp_path / "clean.py").write_text("print(1)\n")
    (tmp_path / "bad.py").write_text(BAD)
    heavy = {"libcst", "concurrent.futures", "tensorflow", "numpy", "json", "pathspec"}
    assert not _imports("--version", cwd=tmp_path) & (heavy | {"tflint_slice.engine", "click"})
    heavy |= {"tflint_slice.analysis"}
    assert not _imports("--no-cache", "clean.py", cwd=tmp_path) & (heavy | {"sqlite3"})
    assert not _imports("clean.py", cwd=tmp_path) & (heavy - {"json"})
    assert not _imports("bad.py", cwd=tmp_path) & {"tensorflow", "numpy", "concurrent.futures"}


def test_the_version_is_the_same_with_and_without_a_command(cli: RunCommand) -> None:
    assert cli("--version") == cli("check", "--version") == cli("--isolated", "--version")
    assert cli("--version").out == f"tflint-slice {__version__}\n"


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("changes", "coloured"),
    [
        pytest.param({"TERM": "xterm"}, True, id="colours"),
        pytest.param({"TERM": "xterm", "NO_COLOR": "1"}, False, id="NO_COLOR"),
        pytest.param({"TERM": "dumb"}, False, id="dumb terminal"),
    ],
)
def test_code_frame_on_a_terminal(tmp_path: Path, changes: dict[str, str], coloured: bool) -> None:
    (tmp_path / "a.py").write_text(HEADER + "if v is not None:\n\t" + ITEM)
    master, slave = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "tflint_slice", "a.py"],
        cwd=tmp_path,
        stdout=slave,
        env=environment(**{"NO_COLOR": "", **changes}),
        check=False,
    )
    os.close(slave)
    shown = os.read(master, 100_000).decode().replace("\r\n", "\n")
    os.close(master)
    assert done.returncode == 1
    assert ("\033[" in shown) == coloured
    plain = re.sub(r"\033\[[0-9;]*m", "", shown)
    assert "5 |     v[1] = 10.0\n  |     ^^^^^^^^^^^\n  = fix: " in plain


def test_a_closed_pipe_is_no_crash(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"f{number}.py").write_text(HEADER + SCATTER_FIXED + ITEM * 30)
    process = subprocess.Popen(
        [sys.executable, "-m", "tflint_slice", "-j1", "."],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 1
    assert errors == ""


# --- what is said, and what the exit status makes of fixes ----------------------------------------


@pytest.mark.parametrize(
    ("source", "options", "status"),
    [
        pytest.param(BAD, ["--fix-only"], 0, id="fix only"),
        pytest.param(UNSAFE, ["--fix-only"], 0, id="fix only, something remains"),
        pytest.param(BROKEN, ["--fix-only"], 2, id="fix only, error"),
        pytest.param(BAD, ["--fix", "--exit-non-zero-on-fix"], 1, id="fixed"),
        pytest.param(BAD, ["--fix-only", "--exit-non-zero-on-fix"], 1, id="fix only, fixed"),
        pytest.param(CLEAN, ["--fix", "--exit-non-zero-on-fix"], 0, id="nothing to fix"),
        pytest.param(BAD, ["--fix-only", "--diff"], 2, id="contradiction"),
    ],
)
def test_exit_status_of_fixing(
    cli: RunCommand, tmp_path: Path, source: str, options: list[str], status: int
) -> None:
    (tmp_path / "a.py").write_text(source)
    assert cli(*options, "a.py").status == status


def test_fix_only_says_nothing_of_what_remains(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BAD)
    (tmp_path / "b.py").write_text(UNSAFE)
    finished = cli("--fix-only", ".")
    assert (tmp_path / "a.py").read_text() == GOOD
    assert "TFS" not in finished.out


def test_show_fixes(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BAD + ITEM)
    finished = cli("--fix", "--show-fixes", ".")
    assert finished.out.splitlines() == [
        "Fixed 3 in a.py:",
        "    2 x TFS101 (variable-item-assignment)",
        "    1 x TFS301 (functional-scatter-assign)",
        "Found 3 findings (3 fixed, 0 remaining).",
    ]


def test_quiet_and_verbose(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BAD)
    loud = cli("a.py")
    quiet = cli("-q", "a.py")
    assert quiet.out.splitlines() == loud.out.splitlines()[:-1]
    assert cli("-v", "a.py").err == "a.py: 2 found, 0 declined\n"
    assert cli("--verbose", "--fix", "a.py").err == "a.py: 2 found, 0 declined, 2 fixed\n"


def test_the_help_fits_into_80_columns(cli: RunCommand) -> None:
    for command in ("check", "rule", "prove", "bench"):
        lines = cli(command, "--help").out.splitlines()
        assert lines
        assert max(map(len, lines)) <= 80
