"""Suppression comments that are of no use (TFS001), and those that --add-noqa writes."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import RunCommand, environment
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import BAD, HEADER, ITEM, SCATTER

from tflint_slice.engine import Job, check
from tflint_slice.settings import Settings

PLAIN = "x = 1\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("x = 1  # noqa: TFS301\n", "x = 1\n", id="code"),
        pytest.param("x = 1  # noqa: tfs3\n", "x = 1\n", id="prefix in lower case"),
        pytest.param("x = 1  # noqa: TFS301", "x = 1", id="no last newline"),
        pytest.param("x = 1\t# NoQA:TFS301 \r\ny\r\n", "x = 1\r\ny\r\n", id="CRLF"),
        pytest.param("x = 1  # noqa: TFS301\ry = 2\r", "x = 1\ry = 2\r", id="CR"),
        pytest.param("x = 1  # noqa: E501,TFS301\n", "x = 1  # noqa: E501\n", id="with another"),
        pytest.param(
            "x = 1  # noqa: TFS101, E501 TFS3\n", "x = 1  # noqa: E501\n", id="around another"
        ),
        pytest.param("x = 1  # noqa: TFS301  # why\n", "x = 1  # why\n", id="comment behind"),
        pytest.param("x = 1  # noqa: TFS301 why\n", "x = 1  # why\n", id="remark behind"),
        pytest.param(
            "x = 1  # type: ignore  # noqa: TFS301\n",
            "x = 1  # type: ignore\n",
            id="comment before",
        ),
        pytest.param("# noqa: TFS301\nx = 1\n", "x = 1\n", id="line of its own"),
        pytest.param("# flake8: noqa: TFS301\nx = 1\n", "x = 1\n", id="file"),
        pytest.param("# tflint-slice: noqa\nx = 1\n", "x = 1\n", id="our file comment"),
        pytest.param(
            "# tflint-slice: noqa: TFS1, TFS3\nx = 1\n", "x = 1\n", id="our file comment with codes"
        ),
        pytest.param("# tflint-slice: off\nx = 1\n# tflint-slice: on\n", "x = 1\n", id="our block"),
        pytest.param(
            "if x:\n    # tflint-slice: off: TFS3\n    y\n", "if x:\n    y\n", id="open block"
        ),
        pytest.param(
            HEADER + ITEM.rstrip() + "  # noqa: TFS101, TFS301\n",
            HEADER + ITEM.rstrip() + "  # noqa: TFS101\n",
            id="one of two is used",
        ),
        pytest.param("s = '漢'  # é  # noqa: TFS301\n", "s = '漢'  # é\n", id="wide characters"),
    ],
)
def test_useless_comments_go(cli: RunCommand, tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(before.encode())
    assert "TFS001 [*]" in cli("a.py").out
    assert cli("--fix", "a.py").status == 0
    assert path.read_bytes().decode() == after
    assert cli("a.py").out == ""


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("x = 1  # noqa\n", id="for any linter"),
        pytest.param("# flake8: noqa\nx = 1\n", id="for flake8"),
        pytest.param("x = 1  # noqa: E501\n", id="code of another"),
        pytest.param("x = 1  # noqa: T1\n", id="prefix that others share"),
        pytest.param("x = 1  # noqa: because of TFS301\n", id="remark"),
        pytest.param("s = '# noqa: TFS301'\n", id="string"),
        pytest.param("x = 1  # noqa: TFS001\n", id="this rule itself"),
        pytest.param(HEADER + ITEM.rstrip() + "  # noqa: TFS1\n", id="used"),
        pytest.param("# tflint-slice: noqa: TFS1\n" + HEADER + ITEM, id="used in the file"),
        pytest.param("# tflint-slice: noqa\n" + HEADER + ITEM, id="used in the file, all codes"),
        pytest.param("# tflint-slice: off\n" + HEADER + ITEM, id="used in a block"),
        pytest.param("x = 1  # noqa: TFS301, TFS001\n", id="silenced itself"),
    ],
)
def test_comments_that_are_none_of_our_business_or_used(
    cli: RunCommand, tmp_path: Path, source: str
) -> None:
    (tmp_path / "a.py").write_text(source)
    assert cli("a.py").out == ""


def test_a_comment_for_a_rule_that_is_not_selected_is_used(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(HEADER + ITEM.rstrip() + "  # noqa: TFS101\n")
    assert cli("--ignore", "TFS101", "a.py").out == ""
    assert cli("--select", "TFS001", "a.py").out == ""


def test_a_comment_goes_without_a_proof(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1  # noqa: TFS301\n")
    assert cli("--fix", "--prove", "a.py").status == 0
    assert (tmp_path / "a.py").read_text() == PLAIN


# --- blocks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        pytest.param(["# tflint-slice: off", "{}", "# tflint-slice: on", "{}"], [4], id="block"),
        pytest.param(["{}", "# tflint-slice: off", "{}"], [1], id="to the end"),
        pytest.param(["# tflint-slice: off: TFS3", "{}"], [2], id="other code"),
        pytest.param(["# tflint-slice: off: TFS101", "{}"], [], id="code"),
        pytest.param(["{}  # tflint-slice: off", "{}"], [1, 2], id="behind code it is none"),
        pytest.param(["# tflint-slice: noqa: TFS1", "{}"], [], id="file"),
        pytest.param(["{}", "# tflint-slice: noqa"], [], id="file, anywhere"),
        pytest.param(["# tflint-slice: offline", "{}"], [2], id="another word"),
    ],
)
def test_our_own_comments(
    cli: RunCommand, tmp_path: Path, lines: list[str], rows: list[int]
) -> None:
    text = HEADER + "".join(line.format(ITEM.rstrip()) + "\n" for line in lines)
    (tmp_path / "a.py").write_text(text)
    shown = cli("--select", "TFS101", "--output-format", "concise", "a.py").out.splitlines()
    found = [int(line.split(":")[1]) - 3 for line in shown if ": TFS101" in line]
    assert found == rows
    done = subprocess.run(
        [sys.executable, "-m", "flake8", "--isolated", "--select", "TFS101", "a.py"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert [int(line.split(":")[1]) - 3 for line in done.stdout.splitlines()] == rows, done.stderr


# --- --add-noqa -----------------------------------------------------------------------------------

ROUND_TRIP = "a = v.numpy()\na[0] = 1.0\nv.assign(a)"
LONG = "v.assign(\n    tf.tensor_scatter_nd_update(v, [[0]], [5.0])\n)\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("v[1] = 1.0\n", "v[1] = 1.0  # noqa: TFS101\n", id="one"),
        pytest.param("v[1] = 1.0", "v[1] = 1.0  # noqa: TFS101", id="no last newline"),
        pytest.param("v[1] = 1.0   \n", "v[1] = 1.0  # noqa: TFS101\n", id="blanks"),
        pytest.param("v[1] = 1.0  # one\n", "v[1] = 1.0  # one  # noqa: TFS101\n", id="comment"),
        pytest.param(
            "v[1] = 1.0  # noqa: E501\n", "v[1] = 1.0  # noqa: E501, TFS101\n", id="noqa of others"
        ),
        pytest.param(
            "v[0] = v[1] = 1.0\n", "v[0] = v[1] = 1.0  # noqa: TFS101\n", id="two on a line"
        ),
        pytest.param(
            "v[1] = (\n    1.0\n)\n", "v[1] = (  # noqa: TFS101\n    1.0\n)\n", id="brackets"
        ),
        pytest.param("v[1] = \\\n    1.0\n", "v[1] = \\\n    1.0  # noqa: TFS101\n", id="escape"),
        pytest.param(
            "v[1] = len('''\n''')\n", "v[1] = len('''\n''')  # noqa: TFS101\n", id="long string"
        ),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_comments_are_added_where_flake8_looks(
    cli: RunCommand, tmp_path: Path, before: str, after: str, end: str
) -> None:
    path = tmp_path / "a.py"
    path.write_bytes((HEADER + before).replace("\n", end).encode())
    finished = cli("--add-noqa", "a.py")
    assert (finished.status, finished.err) == (0, "")
    assert path.read_bytes().decode() == (HEADER + after).replace("\n", end)
    assert cli("a.py").out == ""


def test_added_comments_are_obeyed_by_flake8(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BAD + ROUND_TRIP + "\n" + LONG)
    assert cli("--add-noqa", ".").out == "Added 4 noqa comments.\n"
    command = [sys.executable, "-m", "flake8", "--isolated", "--select", "TFS", "a.py"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("", 0), done.stderr


PIECES = st.lists(
    st.sampled_from([ITEM, SCATTER, LONG, ROUND_TRIP + "\n", PLAIN, "# a comment\n", "\n"]),
    max_size=6,
)


@given(PIECES)
@settings(max_examples=30, deadline=None)
def test_added_comments_change_no_code_and_silence_all(pieces: list[str]) -> None:
    text = HEADER + "".join(pieces)
    outcome = check(Job("a.py", Settings(), text.encode(), silence=True))
    assert not outcome.failures
    assert not outcome.remains
    after = outcome.after if outcome.change else text
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(text))
    again = check(Job("a.py", Settings(), after.encode(), silence=True))
    assert again.change is None


@pytest.mark.parametrize("option", ["--fix", "--diff", "--prove", "--fix-only"])
def test_add_noqa_goes_with_nothing_that_changes_code(cli: RunCommand, option: str) -> None:
    finished = cli("--add-noqa", option, ".")
    assert finished.status == 2
    assert f"--add-noqa does not go with {option}" in finished.err


def test_add_noqa_of_standard_input(cli: RunCommand) -> None:
    assert cli("--add-noqa", "-", stdin=BAD.encode()).status == 2
