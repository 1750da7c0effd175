"""Suppression comments: which forms count, how far they reach, and that strings hold none."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import RunCommand
from samples import HEADER, SCATTER

from tflint_slice.model import Finding, Location, Rule, Span
from tflint_slice.syntax.suppressions import read_suppressions


def _finding(code: str, row: int, last: int | None = None) -> Finding:
    place = Location(row, 1)
    return Finding(Rule(code, "", ""), "", Span(0, 1), place, place, lines=(row, last or row))


@pytest.mark.parametrize(
    ("comment", "silent"),
    [
        pytest.param("# noqa", True, id="all codes"),
        pytest.param("# NOQA", True, id="upper case"),
        pytest.param("# NoQa: tfs101", True, id="any case of codes"),
        pytest.param("# noqa: TFS101", True, id="code"),
        pytest.param("# noqa:TFS101", True, id="no space"),
        pytest.param("# noqa: TFS1", True, id="prefix"),
        pytest.param("# noqa: E501,TFS101", True, id="comma"),
        pytest.param("# noqa: E501, TFS1 W291", True, id="mixed separators"),
        pytest.param("# noqa: TFS101 as intended", True, id="code and remark"),
        pytest.param("# type: ignore  # noqa: TFS101", True, id="second comment"),
        pytest.param("# noqa - says why", True, id="remark"),
        pytest.param("# noqa: because", True, id="no code after the colon"),
        pytest.param("# noqa : E501", True, id="space before the colon"),
        pytest.param("# noqa: E501", False, id="other code"),
        pytest.param("# noqa: TFS3", False, id="other prefix"),
        pytest.param("# noqa: TFS1011", False, id="longer code"),
        pytest.param("#noqa", False, id="no space after the hash"),
        pytest.param("# no qa", False, id="no such word"),
        pytest.param("# flake8: noqa", False, id="file comment after code"),
    ],
)
def test_comment_on_the_line(comment: str, silent: bool) -> None:
    suppressions = read_suppressions(f"x = 1\nv[1] = 2  {comment}\ny = 3\n")
    assert suppressions.silence(_finding("TFS101", 2)) is silent
    assert not suppressions.silence(_finding("TFS101", 1))
    assert not suppressions.silence(_finding("TFS101", 3))


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        pytest.param("f(  # noqa\n 1,\n)\nx\n", [1, 2, 3], id="first line of a call"),
        pytest.param("f(\n 1,  # noqa\n)\nx\n", [1, 2, 3], id="middle"),
        pytest.param("f(\n 1,\n)  # noqa\nx\n", [1, 2, 3], id="last"),
        pytest.param("f(\n # noqa\n)\nx\n", [1, 2, 3], id="line of its own inside"),
        pytest.param("x = 1 + \\\n 2  # noqa\nx\n", [1, 2], id="backslash"),
        pytest.param("x = '''\n\n'''  # noqa\nx\n", [1, 2, 3], id="string over lines"),
        pytest.param("x = '''\n# noqa\n'''\nx\n", [], id="in a string"),
        pytest.param("x = '# noqa'\nx\n", [], id="in a short string"),
        pytest.param("x = f'''{\n1}# noqa\n'''\nx\n", [], id="in an f-string"),
        pytest.param("# noqa\nx\n", [1], id="line of its own"),
        pytest.param("x\n# noqa\nx\n", [2], id="line of its own below"),
        pytest.param("if x:  # noqa\n    y\n", [1], id="header only"),
        pytest.param("if x:\n    y  # noqa\n", [2], id="body only"),
        pytest.param("x; y  # noqa\nz\n", [1], id="two statements"),
        pytest.param("x\r\ny # noqa\r\nz\r\n", [2], id="CRLF"),
        pytest.param("x\ry # noqa\rz\r", [2], id="CR"),
        pytest.param("x  # noqa", [1], id="no last newline"),
        pytest.param("'a\\\rb'\ry # noqa\rz\r", [3], id="CR in a string"),
        pytest.param("'# noqa\\\r'\rz\r", [], id="in a string with CR"),
        pytest.param("'\\\r'''  # noqa\nz\n", [1, 2], id="CR and quotes in a string"),
        pytest.param("x\n\t\\\n \n \\\n\ny  # noqa\nz\n", [6], id="blank lines behind backslashes"),
        pytest.param("if x:\n\f  y  # noqa\n  z\n", [2], id="form feed"),
        pytest.param("x = 1 \f\\\n\f + 2  # noqa\nz\n", [1, 2], id="form feed and backslash"),
    ],
)
def test_reach(source: str, rows: list[int]) -> None:
    suppressions = read_suppressions(source)
    count = source.count("\n") + source.count("\r") + 1
    silent = [row for row in range(1, count + 1) if suppressions.silence(_finding("TFS1", row))]
    assert silent == rows


def test_any_line_of_the_statement_counts() -> None:
    suppressions = read_suppressions("a\nb  # noqa\nc\n")
    assert suppressions.silence(_finding("TFS1", 1, 2))
    assert not suppressions.silence(_finding("TFS1", 1))


@pytest.mark.parametrize(
    ("source", "silent"),
    [
        pytest.param("# flake8: noqa\nx\n", ["TFS101", "TFS301"], id="file"),
        pytest.param("x\n# FLAKE8: NoQA\n", ["TFS101", "TFS301"], id="any line, any case"),
        pytest.param("# flake8=noqa\nx\n", ["TFS101", "TFS301"], id="equals sign"),
        pytest.param("if x:\n    # flake8: noqa\n    y\n", ["TFS101", "TFS301"], id="indented"),
        pytest.param("# flake8: noqa: TFS101\nx\n", ["TFS101"], id="code"),
        pytest.param("# flake8: noqa: E501, tfs3\nx\n", ["TFS301"], id="codes"),
        pytest.param("# flake8: noqa: E501\nx\n", [], id="other code"),
        pytest.param("x  # flake8: noqa\n", [], id="after code"),
        pytest.param("'''\n# flake8: noqa\n'''\n", [], id="in a string"),
    ],
)
def test_file_comments(source: str, silent: list[str]) -> None:
    suppressions = read_suppressions(source)
    codes = [code for code in ("TFS101", "TFS301") if suppressions.silence(_finding(code, 1))]
    assert codes == silent


@pytest.mark.parametrize(
    ("source", "count"),
    [
        pytest.param(HEADER + SCATTER, 1, id="none"),
        pytest.param(HEADER + SCATTER.rstrip() + "  # noqa: TFS3\n", 0, id="on the line"),
        pytest.param(
            HEADER + "v.assign(\n    tf.tensor_scatter_nd_update(v, [[0]], [5.0])\n)  # noqa\n",
            0,
            id="on the last line",
        ),
        pytest.param("# flake8: noqa: TFS301\n" + HEADER + SCATTER, 0, id="file"),
        pytest.param(HEADER + "'''# noqa'''; " + SCATTER, 1, id="string"),
    ],
)
def test_end_to_end(cli: RunCommand, tmp_path: Path, source: str, count: int) -> None:
    (tmp_path / "a.py").write_text(source)
    assert cli("a.py").out.count("TFS301") == count
