"""Notebooks: cells as one program, and every byte kept that is not code that changed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from command_line import RunCommand
from hypothesis import given, settings
from hypothesis import strategies as st

from tflint_slice.files.notebooks import read_notebook
from tflint_slice.files.reading import UnreadableError

FIRST = "import tensorflow as tf\n\nv = tf.Variable([1.0, 2.0, 3.0])"
SECOND = "v[1] = 10.0\nprint(v.numpy())"
FIXED = "v.scatter_nd_update([[1]], [10.0])\nprint(v.numpy())"


def code(source: str, **more: Any) -> dict[str, Any]:
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    return {**cell, "source": source.splitlines(keepends=True), **more}


def text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}


def notebook(*cells: dict[str, Any], language: str = "python") -> dict[str, Any]:
    metadata = {"kernelspec": {"display_name": "k", "language": language, "name": "python3"}}
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}


def write(path: Path, document: dict[str, Any], indent: int | None = 1) -> str:
    written = json.dumps(document, indent=indent, ensure_ascii=False) + "\n"
    path.write_text(written)
    return written


def test_findings_name_cell_and_row(cli: RunCommand, tmp_path: Path) -> None:
    write(tmp_path / "a.ipynb", notebook(text("# Title"), code(FIRST), code(SECOND)))
    finished = cli(".")
    assert finished.status == 1
    assert finished.out.startswith("a.ipynb:cell 3:1:1: TFS101 [*] ")
    (found,) = json.loads(cli("--output-format", "json", ".").out)
    assert found["cell"] == 3
    assert found["location"] == {"row": 1, "column": 1}
    assert found["fix"]["edits"][0]["end_location"] == {"row": 1, "column": 12}
    assert "cell 3: " in cli("--output-format", "gitlab", ".").out
    assert "a.ipynb:cell 3:1:1: TFS101" in cli("--output-format", "github", ".").out


@pytest.mark.parametrize("indent", [None, 0, 1, 4], ids=["one line", "no indent", "1", "4"])
def test_only_changed_lines_change(cli: RunCommand, tmp_path: Path, indent: int | None) -> None:
    path = tmp_path / "a.ipynb"
    output = {"name": "stdout", "output_type": "stream", "text": ["v[1] = 10.0\n", "é \u2028"]}
    before = write(
        path,
        notebook(
            text("v[1] = 10.0 in *text*"),
            code(FIRST, outputs=[output], metadata={"zz": 1, "aa": [1.50]}),
            code("# é\n" + SECOND, execution_count=7),
        ),
        indent,
    )
    assert cli("--fix", ".").status == 0
    # The only literal that stands for this line of code, and not for an output or text.
    old, new = '"v[1] = 10.0\\n", ' if indent is None else '"v[1] = 10.0\\n",\n', None
    new = old.replace("v[1] = 10.0", "v.scatter_nd_update([[1]], [10.0])")
    head, _, tail = before.rpartition(old)
    assert path.read_text() == head + new + tail
    nbformat.validate(nbformat.read(path, as_version=4))
    assert cli(".").status == 0


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(
            '{"nbformat":4,"nbformat_minor":4,"metadata":{},"cells":[\t{"source":"import '
            'tensorflow as tf\\nv = tf.Variable([1.0])\\nv[0] = 2.0","cell_type":"code",'
            '"metadata":{},"outputs":[],"execution_count":null}]}',
            "v.scatter_nd_update([[0]], [2.0])",
            id="source is one string",
        ),
        pytest.param(
            '{"nbformat":4,"nbformat_minor":4,"metadata":{},"cells":[{"source":["import tensorflow '
            'as tf\\nv = tf.Variable([1.0])\\n","v[0] = 2.0"],"cell_type":"code","metadata":{},'
            '"outputs":[],"execution_count":null}]}',
            "v.scatter_nd_update([[0]], [2.0])",
            id="elements of two lines",
        ),
    ],
)
def test_other_ways_to_write_a_source(
    cli: RunCommand, tmp_path: Path, raw: str, expected: str
) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(raw)
    assert cli("--fix", ".").status == 0
    after = path.read_text()
    assert expected in "".join(json.loads(after)["cells"][0]["source"])
    assert after.startswith(raw[: raw.index("v = ")].rpartition('"source"')[0])
    assert not after.endswith("\n")
    nbformat.validate(nbformat.read(path, as_version=4))


@pytest.mark.parametrize(
    ("cells", "reported"),
    [
        pytest.param(["%matplotlib inline\n" + FIRST, SECOND], 1, id="line magic"),
        pytest.param(["!pip install \\\n   tensorflow\n" + FIRST, SECOND], 1, id="two lines"),
        pytest.param([FIRST + "\nfiles = !ls\nt = %time 3", SECOND], 1, id="captured"),
        pytest.param([FIRST + "\nv.assign?\n?v", SECOND], 1, id="help"),
        pytest.param([FIRST, "if True:\n    !ls\n    " + "v[1] = 10.0"], 1, id="indented"),
        pytest.param(["%%time\n" + FIRST, "%%capture out\n" + SECOND], 1, id="timed cells"),
        pytest.param([FIRST, "%%bash\nv[1] = 10.0"], 0, id="cell of another language"),
        pytest.param(["%%writefile a.py\n" + FIRST, SECOND], 0, id="cell that is written"),
        pytest.param(['s = """\n!not a magic\n"""\n' + FIRST, SECOND], 1, id="string"),
        pytest.param([FIRST, "v = [1, 2]", SECOND], 0, id="rebound in between"),
    ],
)
def test_escapes_of_ipython(
    cli: RunCommand, tmp_path: Path, cells: list[str], reported: int
) -> None:
    path = tmp_path / "a.ipynb"
    before = write(path, notebook(*map(code, cells)))
    finished = cli(".")
    assert finished.err == ""
    assert finished.out.count("TFS101 [*]") == reported
    cli("--fix", ".")
    after = path.read_text()
    assert after == before.replace("v[1] = 10.0", "v.scatter_nd_update([[1]], [10.0])", reported)


def test_what_another_script_binds_is_not_known(cli: RunCommand, tmp_path: Path) -> None:
    write(tmp_path / "a.ipynb", notebook(code(FIRST + "\n%run other.py"), code(SECOND)))
    assert "(unsafe fix: name-shadowed)" in cli(".").out


def test_a_magic_in_a_statement_that_is_fixed_stays_as_it_is(
    cli: RunCommand, tmp_path: Path
) -> None:
    path = tmp_path / "a.ipynb"
    before = write(path, notebook(code(FIRST), code("v[1] = float((\n!ls\n))")))
    cli("--fix", "--unsafe-fixes", ".")
    assert path.read_text() == before


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "a.ipynb:1: error: not a notebook: Expecting value", id="empty"),
        pytest.param(b'{\n"cells": [', "a.ipynb:2: error: not a notebook: Expecting", id="cut off"),
        pytest.param(b"[]", "not a notebook of format 4", id="other JSON"),
        pytest.param(b'{"cells": [{"cell_type": "code", "source": 3}]}', "no", id="number"),
        pytest.param(b'{"cells": [3]}', "not a notebook", id="cell that is none"),
        pytest.param(b'\xff{"cells": []}', "a.ipynb:1: error: not valid utf-8", id="bytes"),
        pytest.param(b"[" * 100_000, "not a notebook", id="nesting"),
    ],
)
def test_what_is_no_notebook(cli: RunCommand, tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "a.ipynb").write_bytes(data)
    finished = cli("--fix", ".")
    assert finished.status == 2
    assert message in finished.err
    assert finished.err.count("\n") == 1
    assert (tmp_path / "a.ipynb").read_bytes() == data


def test_an_error_of_syntax_names_the_cell(cli: RunCommand, tmp_path: Path) -> None:
    write(tmp_path / "a.ipynb", notebook(text("x"), code(FIRST), code("x = 1\nx[0] = (")))
    finished = cli(".")
    assert finished.err.startswith("a.ipynb:2:8: error: cell 3: '(' was never closed")


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(notebook(code(FIRST), code(SECOND), language="R"), id="other language"),
        pytest.param({"worksheets": [], "nbformat": 3}, id="old format"),
        pytest.param(notebook(), id="no cells"),
        pytest.param(notebook(code("")), id="empty cell"),
    ],
)
def test_notebooks_with_nothing_for_us(
    cli: RunCommand, tmp_path: Path, document: dict[str, Any]
) -> None:
    write(tmp_path / "a.ipynb", document)
    finished = cli(".")
    assert (finished.status, finished.out, finished.err) == (0, "", "")


def test_a_diff_is_by_cell(cli: RunCommand, tmp_path: Path) -> None:
    write(tmp_path / "a.ipynb", notebook(code(FIRST), code(SECOND)))
    out = cli("--diff", ".").out
    assert "--- a.ipynb:cell 2\n+++ a.ipynb:cell 2\n" in out
    assert "\n-v[1] = 10.0\n+v.scatter_nd_update([[1]], [10.0])\n" in out


def test_comments_silence_in_notebooks(cli: RunCommand, tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    write(path, notebook(code(FIRST), code(SECOND)))
    assert cli("--add-noqa", ".").out == "Added 1 noqa comment.\n"
    assert '"v[1] = 10.0  # noqa: TFS101\\n"' in path.read_text()
    assert cli(".").status == 0


def test_a_notebook_runs_to_the_same_end_after_its_fix(cli: RunCommand, tmp_path: Path) -> None:
    """In a real kernel; what fails in the original is taken out for its run."""
    from nbclient import NotebookClient

    path = tmp_path / "a.ipynb"
    scatter = "v.assign(tf.tensor_scatter_nd_update(v, [[0]], [5.0]))\nprint(v.numpy().tolist())"
    write(path, notebook(code("%time import os\n" + FIRST), code("!true\n" + scatter)))

    def outputs() -> list[str]:
        read = nbformat.read(path, as_version=4)
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
        NotebookClient(read, timeout=120, kernel_name="python3").execute()
        return [
            output["text"] for output in read.cells[1]["outputs"] if output.get("name") == "stdout"
        ]

    before = outputs()
    assert before == ["[5.0, 2.0, 3.0]\n"]
    assert cli("--fix", ".").status == 0
    assert "v.scatter_nd_update([[0]], [5.0])" in path.read_text()
    assert outputs() == before


TEXTS = st.text(st.sampled_from(list("abv=[]()'\"#%!?\\ \n\té漢\u2028\x0c0")), max_size=30)


@given(st.lists(TEXTS, max_size=4), st.sampled_from([None, 0, 2]), st.booleans())
@settings(max_examples=300, deadline=None)
def test_reading_and_writing_is_the_identity(
    sources: list[str], indent: int | None, ascii_only: bool
) -> None:
    document = notebook(*map(code, sources))
    raw = json.dumps(document, indent=indent, ensure_ascii=ascii_only).encode()
    read = read_notebook(raw)
    assert read is not None
    assert read.encode(read.text) == raw
    kept = [cell.source for cell in read.cells]
    assert len(read.text) == sum(map(len, kept)) + sum(
        len(f"{read.marker}{cell.number}\n\n") for cell in read.cells
    )


@given(TEXTS, TEXTS)
@settings(max_examples=300, deadline=None)
def test_a_cell_that_changes_holds_what_it_was_changed_to(before: str, after: str) -> None:
    raw = json.dumps(notebook(code(f"x\n{before}"), code("y"))).encode()
    read = read_notebook(raw)
    assert read is not None
    if len(read.cells) < 2 or (after.count("\n") and after.startswith("%%")):
        return
    old = read.text
    new = old.replace("\nx\n", f"\n{after}z\nx\n", 1)
    try:
        written = json.loads(read.encode(new))
    except UnicodeError:
        return
    first, second = ("".join(cell["source"]) for cell in written["cells"])
    assert first.startswith(f"{after}z\nx\n")
    assert first.endswith("".join(code(before)["source"]))
    assert second == "y"


def test_a_notebook_that_cannot_be_decoded() -> None:
    with pytest.raises(UnreadableError) as caught:
        read_notebook(b"{\n\xff")
    assert caught.value.row == 2
