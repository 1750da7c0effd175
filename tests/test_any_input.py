"""Whatever a file holds or is called: findings, an error of one line, or silence."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import RunCommand, environment, left_in
from samples import BAD, GOOD, HEADER

POSIX = pytest.mark.skipif(os.name != "posix", reason="needs pipes, links and names of POSIX")

NOTEBOOK = '{"cells": [{"cell_type": "code", "source": %s}], "nbformat": 4}'
CELL = '"import tensorflow as tf\\nv = tf.Variable([1.0])\\n%s"'


def _cookie(encoding: str, text: str = BAD) -> bytes:
    return f"# coding: {encoding}\n{text}".encode()


@pytest.mark.parametrize(
    ("data", "findings"),
    [
        pytest.param(_cookie("raw_unicode_escape"), 2, id="escapes of another kind"),
        pytest.param(_cookie("utf-8-sig"), 2, id="UTF-8 with a mark that is not there"),
        pytest.param(BAD.encode() + b"x = '\\ud800'\n", 2, id="escaped surrogate"),
        pytest.param(BAD.encode() + "x = '\u2028\x85\x0b\x1c'\n".encode(), 2, id="separators"),
        pytest.param(HEADER.encode() + b"\x0c\nif 1:\n\x0c\tv[1] = 10.0", 1, id="form feed, tab"),
        pytest.param(HEADER.encode() + b"v[" + b"9" * 4000 + b"] = 1.0\n", 1, id="large integer"),
        pytest.param(b"\xef\xbb\xbf", 0, id="only a byte order mark"),
        pytest.param(b"\0" * 4096, 0, id="only null bytes"),
    ],
)
def test_what_can_be_read_gives_findings(
    cli: RunCommand, tmp_path: Path, data: bytes, findings: int
) -> None:
    (tmp_path / "a.py").write_bytes(data)
    finished = cli("--isolated", "a.py")
    assert len(re.findall(r"^a\.py:\d+:\d+: TFS", finished.out, re.MULTILINE)) == findings
    assert (finished.status, finished.err) == (int(findings > 0), "")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param(BAD.encode() + b"\0\n", "1: .*null bytes", id="null byte"),
        pytest.param(BAD.encode() + b"# \xff\n", "6: .*not valid utf-8.*", id="not UTF-8"),
        pytest.param(bytes(range(256)) * 16, "2: .*not valid utf-8.*", id="every byte"),
        pytest.param(BAD.encode("utf-16"), "1: .*not valid utf-8.*", id="UTF-16"),
        pytest.param(_cookie("utf-16"), r"1:\d+: .*", id="UTF-16 by cookie"),
        pytest.param(_cookie("punycode"), "1: not valid punycode", id="encoding without places"),
        pytest.param(_cookie("undefined"), "1: not valid undefined", id="encoding of nothing"),
        pytest.param(_cookie("hex"), "1: .*'hex' is not a text encoding.*", id="no text"),
        pytest.param(_cookie("x" * 100_000), "1: unknown encoding: x{1,100}...", id="long cookie"),
        pytest.param(b"\xef\xbb\xbf" * 2 + BAD.encode(), r"1:1: .*U\+FEFF", id="two marks"),
        pytest.param(BAD.encode() + b"\x1a", r"6:1: .*U\+001A", id="end of file of DOS"),
        pytest.param(BAD.encode() + b"x = 1 \\", r"6:\d: .*", id="backslash at the end"),
        pytest.param(BAD.encode() + b'print "x"\n', r"6:1: Missing paren.*", id="Python 2"),
        pytest.param(BAD.encode() + b"x = 0777\n", r"6:5: leading zeros.*", id="old octal"),
        pytest.param(BAD.encode() + b"x = " + b"9" * 5000, r"6: Exceeds.*", id="too large integer"),
        pytest.param(
            BAD.encode() + b"if 1:\n\ty\n        z\n", r"8:\d+: .*tabs.*", id="tabs and spaces"
        ),
        pytest.param(
            BAD.encode() + b"".join(b" " * n + b"if 1:\n" for n in range(150)),
            r"\d+:\d+: too many levels of indentation",
            id="indented too far",
        ),
    ],
)
def test_what_is_no_python_is_an_error_of_one_line(
    cli: RunCommand, tmp_path: Path, data: bytes, error: str
) -> None:
    (tmp_path / "a.py").write_bytes(data)
    (tmp_path / "b.py").write_text(BAD)
    finished = cli("--isolated", "--fix", ".")
    assert re.fullmatch(rf"a\.py:{error.replace(': ', ': error: ', 1)}\n", finished.err)
    assert finished.status == 2
    assert (tmp_path / "a.py").read_bytes() == data
    assert (tmp_path / "b.py").read_text() == GOOD


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param(b"[" * 100_000, "1: not a notebook: too deeply nested", id="nesting"),
        pytest.param(b"{" * 100, "1: not a notebook: Expecting property.*", id="no JSON"),
        pytest.param(b"\0", "1: not a notebook: .*", id="null byte"),
        pytest.param(
            (NOTEBOOK % ("9" * 6000)).encode(),
            "1: not a notebook: a number with too many digits",
            id="large integer",
        ),
        pytest.param(
            (NOTEBOOK % (CELL % "v[0] = 1\\ud800")).encode(),
            r"1:1: cell 1: .*surrogates not allowed",
            id="lone surrogate",
        ),
        pytest.param(
            (NOTEBOOK % (CELL % "v[0] = 1\\u0000")).encode(),
            r"1(:1)?: cell 1: .*null bytes",
            id="null in a cell",
        ),
    ],
)
def test_what_is_no_notebook_is_an_error_of_one_line(
    cli: RunCommand, tmp_path: Path, data: bytes, error: str
) -> None:
    (tmp_path / "a.ipynb").write_bytes(data)
    finished = cli("--isolated", "a.ipynb")
    assert re.fullmatch(rf"a\.ipynb:{error.replace(': ', ': error: ', 1)}\n", finished.err)
    assert (finished.status, finished.out) == (2, "")


def test_bytes_that_an_encoding_would_not_write_are_left_alone(
    cli: RunCommand, tmp_path: Path
) -> None:
    # Each of them reads this text and would write another one.
    for encoding in ("unicode_escape", "utf-7"):
        data = _cookie(encoding, BAD + "# a+-b \\x41\n")
        (tmp_path / "a.py").write_bytes(data)
        finished = cli("--isolated", "--fix", "a.py")
        if finished.status == 2:
            assert re.fullmatch(r"a\.py:1: error: not fixed: its encoding, .*\n", finished.err)
            assert (tmp_path / "a.py").read_bytes() == data
        else:
            assert (tmp_path / "a.py").read_bytes() == _cookie(encoding, GOOD + "# a+-b \\x41\n")


# --- what is no file ------------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize(
    ("name", "error"),
    [
        pytest.param("fifo.py", "not a regular file", id="FIFO"),
        pytest.param("dangling.py", "no such file or directory", id="dangling link"),
        pytest.param("loop.py", "Too many levels of symbolic links", id="looping link"),
        pytest.param("/dev/zero", "not a regular file", id="device without end"),
        pytest.param("a.py/b.py", "Not a directory", id="below a file"),
        pytest.param("", "no such file or directory", id="empty name"),
        pytest.param("x" * 300, "File name too long", id="long name"),
    ],
)
def test_what_is_no_file_is_an_error_if_it_is_named(
    cli: RunCommand, tmp_path: Path, name: str, error: str
) -> None:
    _odd_entries(tmp_path)
    finished = cli("--isolated", name, "a.py")
    assert (finished.status, finished.err) == (2, f"{name}:1: error: {error}\n")


@POSIX
def test_what_is_no_file_is_passed_by_on_a_walk(cli: RunCommand, tmp_path: Path) -> None:
    _odd_entries(tmp_path)
    (tmp_path / "circle").symlink_to(".")
    finished = cli("--isolated", "--show-files", ".", "circle")
    assert (finished.status, finished.err) == (0, "")
    assert finished.out.split() == ["a.py", "directory.py/b.py"]


def _odd_entries(folder: Path) -> None:
    (folder / "a.py").write_text("")
    (folder / "directory.py").mkdir()
    (folder / "directory.py" / "b.py").write_text("")
    (folder / "dangling.py").symlink_to("nowhere")
    (folder / "loop.py").symlink_to("loop.py")
    os.mkfifo(folder / "fifo.py")


@POSIX
@pytest.mark.parametrize("name", ["pyproject.toml", ".gitignore"])
def test_a_pipe_in_place_of_a_configuration_is_not_waited_for(
    cli: RunCommand, tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "a.py").write_text(BAD)
    (tmp_path / "folder" / "b.py").write_text(BAD)
    os.mkfifo(tmp_path / "folder" / name)
    finished = cli("--select", "TFS1", "--output-format", "concise", ".")
    assert finished.out.startswith("a.py:4:1: TFS101")
    assert finished.status == (2 if name == "pyproject.toml" else 1)


def test_configuration_that_is_nested_too_deeply(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.tflint-slice]\nselect = {'[' * 20_000}")
    (tmp_path / "a.py").write_text(BAD)
    finished = cli("a.py")
    assert finished.status == 2
    assert re.fullmatch(r".*pyproject\.toml:1: error: not valid TOML: .*\n", finished.err)


@POSIX
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(b"with space.py", id="space"),
        pytest.param(b"new\nline.py", id="newline"),
        pytest.param(b"quote'\".py", id="quotes"),
        pytest.param(b"-x.py", id="like an option"),
        pytest.param("漢😀.py".encode(), id="wide"),
        pytest.param(b"b\xff\xfe.py", id="not UTF-8"),
        pytest.param(b".py", id="nothing but the ending"),
    ],
)
def test_names(cli: RunCommand, tmp_path: Path, name: bytes) -> None:
    path = os.path.join(os.fsencode(tmp_path), name)
    with open(path, "wb") as file:
        file.write(BAD.encode())
    assert cli(".").status == 1
    assert cli("--", os.fsdecode(name)).status == 1
    for output_format in ("json", "sarif", "github", "gitlab", "grouped", "full"):
        finished = cli("--output-format", output_format, ".")
        assert (finished.status, finished.err) == (1, "")
    finished = cli("--fix", ".")
    assert (finished.status, finished.err) == (0, "")
    with open(path, "rb") as file:
        assert file.read() == GOOD.encode()
    assert left_in(tmp_path) == [os.fsdecode(name)]


@POSIX
@pytest.mark.parametrize("output_format", ["concise", "grouped"])
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("new\nline.py", r"new\nline.py", id="newline"),
        pytest.param("\x1b[31m.py", r"\x1b[31m.py", id="escape"),
        pytest.param("u\u2028.py", r"u\u2028.py", id="separator"),
    ],
)
def test_names_that_would_move_the_cursor_are_escaped(
    cli: RunCommand, tmp_path: Path, name: str, shown: str, output_format: str
) -> None:
    (tmp_path / name).write_text(BAD)
    found = cli("--output-format", output_format, ".").out.splitlines()
    assert found[0].startswith(f"{shown}:")
    assert len(found) == {"concise": 3, "grouped": 5}[output_format]
    (tmp_path / name).write_text(BAD + "(\n")
    assert re.fullmatch(rf"{re.escape(shown)}:6:1: error: .*\n", cli(".").err)


@pytest.fixture
def deep_path(tmp_path: Path) -> Iterator[str]:
    """The path of a file in so many directories that not even ``shutil.rmtree`` gets there."""
    depth = 1200
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    with open("a.py", "w", opener=lambda name, flags: os.open(name, flags, dir_fd=here)) as file:
        file.write(BAD)
    os.close(here)
    yield "d/" * depth + "a.py"
    subprocess.run(["rm", "-r", str(tmp_path / "d")], check=True)


@POSIX
def test_directories_nested_deeper_than_functions_may_be(
    cli: RunCommand, tmp_path: Path, deep_path: str
) -> None:
    (tmp_path / "setup.py").touch()
    for arguments in (["--isolated", "d"], ["d"], [deep_path], ["--force-exclude", deep_path]):
        finished = cli("--show-files", *arguments)
        assert (finished.status, finished.out) == (0, f"{deep_path}\n"), finished.err
    # What all of the project says is asked for as well.
    (tmp_path / "b.py").write_text(BAD)
    finished = cli("--isolated", "b.py")
    assert (finished.status, finished.err) == (1, "")


# --- nothing is run, sent or written --------------------------------------------------------------

WATCHED = """\
import os, sys
from tflint_slice.cli import main
import tflint_slice.analysis, tflint_slice.edits, tflint_slice.rewrites.ladder, libcst
inside = os.path.realpath(sys.argv[1])

def watch(event, arguments):
    # Pipes between processes are local sockets.
    local = event == "socket.__new__" and arguments[1] == 1
    if event.split(".")[0] in ("socket", "subprocess", "urllib", "ftplib") and not local:
        os._exit(99)
    if event in ("os.system", "os.exec", "os.posix_spawn", "os.spawn"):
        os._exit(98)
    if event == "exec":
        name = getattr(arguments[0], "co_filename", "<")
        if name[:1] != "<" and os.path.realpath(name).startswith(inside):
            os._exit(97)
    if event == "import" and arguments[0].startswith("hostile"):
        os._exit(96)
    # A descriptor was opened by its name before.
    if event == "open" and not isinstance(arguments[0], int):
        writes = arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if writes and not os.path.realpath(os.fsdecode(arguments[0])).startswith(inside):
            os._exit(95)
    if event in ("os.rename", "os.remove", "os.chmod", "os.mkdir", "os.symlink", "os.link"):
        if not os.path.realpath(os.fsdecode(arguments[0])).startswith(inside):
            os._exit(94)

sys.addaudithook(watch)
os.chdir(inside)
sys.exit(main(sys.argv[2:]))
"""

HOSTILE = """\
# coding: utf-8
import os
import hostile_module
import tensorflow as tf
from hostile_package import hostile_name
open(__file__ + ".ran", "w").close()
os.system("touch ran")
v = tf.Variable([1.0, 2.0, 3.0])
v[1] = 10.0
"""


@POSIX
@pytest.mark.parametrize("options", [["-j1", "."], ["-j2", "."]], ids=["here", "in processes"])
def test_nothing_is_run_sent_or_written_elsewhere(tmp_path: Path, options: list[str]) -> None:
    """Every file, process, socket and import is watched while files that would run amok are fixed.

    The settings that could name a place to write to are tried as well.
    """
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "base.toml").write_text('exclude = ["none"]\n')
    (project / "pyproject.toml").write_text('[tool.tflint-slice]\nextend = "../base.toml"\n')
    padding = "# " + "x" * 300 + "\n"
    for number in range(50 if "-j2" in options else 2):
        (project / f"file{number:02}.py").write_text(HOSTILE + padding * 30)
    (project / "hostile_module.py").write_text(HOSTILE)
    (project / "hostile_package").mkdir()
    (project / "hostile_package" / "__init__.py").write_text(HOSTILE)
    (project / "sitecustomize.py").write_text(HOSTILE)
    (project / "conftest.py").write_text(HOSTILE)
    before = {path.name for path in project.rglob("*")}
    script = tmp_path / "watched.py"
    script.write_text(WATCHED)
    done = subprocess.run(
        [sys.executable, "-B", str(script), str(project), "--fix", *options],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode in (0, 1)
    assert "v.scatter_nd_update([[1]], [10.0])" in (project / "file00.py").read_text()
    after = {path for path in project.rglob("*") if ".tflint_slice_cache" not in path.parts}
    assert {path.name for path in after} == before


@pytest.mark.parametrize("key", ["output-file", "baseline", "write-baseline", "fix", "output"])
def test_configuration_cannot_say_what_is_written(
    cli: RunCommand, tmp_path: Path, key: str
) -> None:
    (tmp_path / "pyproject.toml").write_text(f'[tool.tflint-slice]\n{key} = "elsewhere"\n')
    (tmp_path / "a.py").write_text(BAD)
    finished = cli("--fix", "a.py")
    assert finished.status == 2
    assert f"{key}" in finished.err
    assert (tmp_path / "a.py").read_text() == BAD
    assert left_in(tmp_path) == ["a.py", "pyproject.toml"]
