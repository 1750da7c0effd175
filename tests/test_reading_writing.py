"""Bytes in, bytes out: encodings, line ends and marks survive, and writing is all or nothing."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from command_line import RunCommand, left_in
from hypothesis import given
from hypothesis import strategies as st
from samples import BAD, GOOD, HEADER

from tflint_slice.files.reading import UnreadableError, decode
from tflint_slice.files.writing import ChangedMeanwhileError, replace_file

MARK = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        pytest.param(b"", "utf-8", "", id="empty"),
        pytest.param("é\n".encode(), "utf-8", "é\n", id="UTF-8"),
        pytest.param(MARK + "é".encode(), "utf-8", "é", id="byte order mark"),
        pytest.param(b"# coding: latin-1\n\xe9\r\n", "iso-8859-1", None, id="latin-1"),
        pytest.param(b"#!x\n# -*- coding: cp1251 -*-\n# \xe9", "cp1251", None, id="second line"),
        pytest.param(b"\n\n# coding: latin-1\n", "utf-8", None, id="no cookie in the third line"),
        pytest.param(MARK + b"# coding: utf-8\n", "utf-8", "# coding: utf-8\n", id="mark, cookie"),
        pytest.param(b"a\rb\r\nc\x0cd\n\n", "utf-8", "a\rb\r\nc\x0cd\n\n", id="line ends"),
    ],
)
def test_decode(data: bytes, encoding: str, text: str | None) -> None:
    decoded = decode(data)
    assert decoded.encoding == encoding
    assert text is None or decoded.text == text
    assert decoded.encode(decoded.text) == data


@given(st.text(), st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "cp1252", "shift_jis"]))
def test_every_text_comes_back(text: str, encoding: str) -> None:
    cookie = "" if encoding.startswith("utf-8") else f"# coding: {encoding}\n"
    data = (cookie + text.encode(encoding, "ignore").decode(encoding)).encode(encoding)
    try:
        decoded = decode(data)
    except UnreadableError:
        assert "coding" in text  # a cookie of its own making
    else:
        assert decoded.encode(decoded.text) == data


@pytest.mark.parametrize(
    ("data", "row", "message"),
    [
        pytest.param(b"# \xff\n", 1, "not valid utf-8", id="first line"),
        pytest.param(b"a\n# \xff\n", 2, "not valid utf-8", id="second line"),
        pytest.param(b"a\nb\nc\n\xff\n", 4, "not valid utf-8", id="later"),
        pytest.param(b"# coding: ascii\na\n\n# \xe9\n", 4, "not valid ascii", id="not its cookie"),
        pytest.param(b"# coding: klingon\n", 1, "unknown encoding", id="unknown"),
        pytest.param(b"#!\n# coding: klingon\n", 2, "unknown encoding", id="unknown, second line"),
        pytest.param(b"# coding: rot13\n", 1, "rot13", id="no text encoding"),
        pytest.param(MARK + b"# coding: latin-1\n", 1, "utf-8", id="mark against cookie"),
    ],
)
def test_unreadable(data: bytes, row: int, message: str) -> None:
    with pytest.raises(UnreadableError, match=message) as caught:
        decode(data)
    assert caught.value.row == row


@pytest.mark.parametrize(
    "convert",
    [
        pytest.param(lambda text: text.encode(), id="plain"),
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(lambda text: MARK + text.encode(), id="byte order mark"),
        pytest.param(lambda text: text.rstrip("\n").encode(), id="no last newline"),
        pytest.param(lambda text: text.replace("\n", "\r").encode(), id="CR"),
        pytest.param(lambda text: text.replace("\n", "\r\n", 2).encode(), id="mixed line ends"),
        pytest.param(
            lambda text: ("# coding: latin-1\n" + text + "# é ÿ\n").encode("latin-1"), id="latin-1"
        ),
        pytest.param(lambda text: ("# é 漢 😀\n" + text).encode(), id="wide characters"),
        pytest.param(lambda text: ("\x0c\n" + text + "\x0c\n\t\n").encode(), id="form feeds"),
    ],
)
def test_a_fix_keeps_every_other_byte(cli: RunCommand, tmp_path: Path, convert: object) -> None:
    assert callable(convert)
    path = tmp_path / "a.py"
    path.write_bytes(convert(BAD))
    assert cli("--fix", "a.py").status == 0
    assert path.read_bytes() == convert(GOOD)


def test_characters_before_a_finding_count_as_one_column_each(
    cli: RunCommand, tmp_path: Path
) -> None:
    (tmp_path / "a.py").write_text(HEADER + "é = '漢😀'; v[1] = 10.0\n")
    assert cli("a.py").out.startswith("a.py:4:11: TFS101")
    assert cli("--fix", "a.py").status == 0
    fixed = (tmp_path / "a.py").read_text()
    assert fixed == HEADER + "é = '漢😀'; v.scatter_nd_update([[1]], [10.0])\n"


@pytest.mark.skipif(os.name != "posix", reason="POSIX file modes")
@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600, 0o664])
def test_mode_is_kept(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    path.chmod(mode)
    replace_file(str(path), b"old", b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_link_stays_a_link(tmp_path: Path, cli: RunCommand) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.py").write_text(BAD)
    (tmp_path / "link.py").symlink_to(Path("real") / "a.py")
    assert cli("--fix", "link.py").status == 0
    assert (tmp_path / "link.py").is_symlink()
    assert (tmp_path / "real" / "a.py").read_text() == GOOD
    assert left_in(tmp_path) == ["link.py", "real"]


def test_a_changed_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"newer")
    with pytest.raises(ChangedMeanwhileError):
        replace_file(str(path), b"old", b"new")
    assert path.read_bytes() == b"newer"
    assert os.listdir(tmp_path) == ["a.py"]


def test_a_file_that_is_gone_stays_gone(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"a\.py"):
        replace_file(str(tmp_path / "a.py"), b"old", b"new")
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everything")
def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(PermissionError):
        replace_file(str(path), b"old", b"new")
    assert path.read_bytes() == b"old"


def test_what_is_clean_is_not_touched(cli: RunCommand, tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(GOOD)
    before = path.stat()
    assert cli("--fix", ".").status == 0
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
