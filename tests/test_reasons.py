"""The tables of reasons on the rules' pages: each row shown on the least code that gives it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent
from typing import Any, Literal

import pytest
from pages import CODES, claims

from tflint_slice.engine import Job, check
from tflint_slice.model import Finding
from tflint_slice.settings import Settings

PLAIN = "v = tf.Variable(tf.zeros([5]))"
UINT8 = "v = tf.Variable(tf.zeros([5], tf.uint8))"
INTS = "v = tf.Variable(tf.zeros([5], tf.int32))"
BOOLS = "v = tf.Variable([True, False])"
MATRIX = "v = tf.Variable(tf.zeros([3, 4]))"
ANY_RANK = "v = tf.Variable(tf.cast(input(), tf.float32))"
ANY_DTYPE = "v = tf.Variable(float(input()))"
COMPILED = "@tf.function(jit_compile=True)\ndef g():\n    pass\n\n" + PLAIN
GRAPH = "tf.compat.v1.disable_eager_execution()\n" + PLAIN
MIRRORED = "strategy = tf.distribute.MirroredStrategy()\n" + PLAIN
DYNAMIC = PLAIN + "\nglobals().update(v=input())"
KERAS = "import keras\n\nv = keras.Variable(tf.zeros([5]), dtype='float32')"
MIXED = KERAS + "\nkeras.config.set_dtype_policy('mixed_float16')"
EITHER = KERAS.replace("\nv = ", "\nk = ") + "\nv = tf.Variable(tf.zeros([5])) if input() else k"
SCATTER = "v.assign(tf.tensor_scatter_nd_update(v, {}, {}))"


@dataclass(frozen=True)
class Row:
    """One row of a table, and a program whose one finding of the rule is an instance of it."""

    code: str
    reason: str
    fix: str
    program: str
    imported: bool = False
    style: Literal["in-place", "functional"] | None = None


def trip(*changes: str) -> str:
    """A round trip with these changes of the copy."""
    return "\n".join(["a = v.numpy()", *changes, "v.assign(a)"])


def handled(body: str) -> str:
    """The same under a handler."""
    return f"try:\n{indent(body, '    ')}\nexcept IndexError:\n    pass"


def row(
    code: str,
    reason: str,
    fix: str,
    body: str,
    *,
    given: str = PLAIN,
    params: str = "",
    **rest: Any,
) -> Row:
    """``body`` is the body of a function with these parameters, ``given`` stands before it."""
    program = f"{given}\n\n\ndef f({params}):\n{indent(dedent(body), '    ')}\n"
    return Row(code, reason, fix, program, **rest)


ROWS = [
    row("TFS101", "maybe-distributed", "unsafe", "v[0] = 1.0", given=MIRRORED),
    row("TFS101", "variable-class", "unsafe", "v[0] = 1.0", given=EITHER),
    row("TFS101", "keras-variable", "none", "v[1:3] = 1.0", given=KERAS),
    row("TFS101", "maybe-negative-index", "none", "v[i] = 1.0", given=KERAS, params="i: int"),
    row("TFS101", "maybe-out-of-range", "none", "v[5] = 1.0", given=KERAS),
    row("TFS101", "maybe-duplicate-index", "none", "v[[0, 0]] = 1.0"),
    row("TFS101", "unknown-index", "unsafe", "v[i] = 1.0", params="i"),
    row("TFS101", "unknown-index", "none", "v[i] = 1.0", params="i: np.ndarray"),
    row("TFS101", "unknown-rank", "none", "v[[0, 1]] = 1.0", given=ANY_RANK),
    row("TFS101", "unknown-shape", "none", "v[[0, 1]] = x", params="x"),
    row("TFS101", "unknown-shape", "unsafe", "v[1:] = tf.cast(x, tf.float32)", params="x"),
    row(
        "TFS101",
        "unknown-dtype",
        "unsafe",
        "v[0] = 1.0",
        given=ANY_DTYPE,
    ),
    row("TFS101", "unknown-value", "none", "v[v < 0.0] = [1.0, 2.0]"),
    row("TFS101", "unknown-value", "unsafe", "v[0] = x", params="x"),
    row("TFS101", "dtype-cast", "unsafe", "v[1:3] = x", params="x: float"),
    row("TFS101", "dtype-cast", "none", "v[0] = 1.5", given=INTS),
    row("TFS101", "value-out-of-dtype", "unsafe", "v[0] = n", given=UINT8, params="n: int"),
    row("TFS101", "value-out-of-dtype", "none", "v[0] = 300", given=UINT8),
    row("TFS101", "always-raises", "none", "v[1:3] = tf.ones([4])"),
    row("TFS101", "mixed-precision", "unsafe", "v[0] = 1.0", given=MIXED),
    row("TFS101", "inexact-operator", "none", "v[0] **= 2.0"),
    row("TFS101", "inexact-operator", "unsafe", "v[0] /= 3.0"),
    row(
        "TFS101",
        "evaluation-order",
        "unsafe",
        "v[i] = tf.reshape(tf.cast(g(), tf.float32), [])",
        params="g, i: int",
    ),
    row("TFS101", "side-effects", "none", "v[g()] += 1.0", params="g"),
    row("TFS101", "no-gpu-kernel", "unsafe", "v[[0, 1]] = [False, True]", given=BOOLS),
    row("TFS101", "no-xla-kernel", "unsafe", "v[1:3] = 1.0", given=COMPILED),
    row("TFS101", "caught-exception", "unsafe", handled("v[0] = 1.0")),
    row("TFS101", "graph-mode", "unsafe", "v[0] = 1.0", given=GRAPH),
    row("TFS101", "name-shadowed", "none", "v[v < 0.0] = 0.0", params="tf"),
    row("TFS101", "name-shadowed", "unsafe", "v[0] = 1.0", given=DYNAMIC),
    row("TFS101", "comment-inside", "none", "v[0] = (  # why\n    1.0\n)"),
    row("TFS101", "no-rewrite", "none", "v[0] = y = 1.0"),
    row("TFS107", "always-raises", "unsafe", "v.scatter_nd_update([[0]], tf.constant(1.0))"),
    row("TFS107", "changes-meaning", "unsafe", "v.scatter_nd_update([0, 1], [1.0, 2.0])"),
    row("TFS107", "no-rewrite", "none", "v.scatter_nd_update([[0, 1]], [1.0])"),
    row(
        "TFS107",
        "comment-inside",
        "none",
        "v.scatter_nd_update([0,  # why\n    1], [1.0, 2.0])",
    ),
    row("TFS108", "always-raises", "unsafe", "v.scatter_nd_update([[-1]], [1.0])"),
    row("TFS108", "no-rewrite", "none", "v.scatter_nd_update([[5]], [1.0])"),
    row("TFS108", "comment-inside", "none", "v.scatter_nd_update([[-  # why\n    1]], [1.0])"),
    row("TFS109", "no-rewrite", "none", "v.scatter_nd_update([[1], [1]], [1.0, 2.0])"),
    row(
        "TFS111",
        "always-raises",
        "unsafe",
        "y = tf.tensor_scatter_nd_update(v, [[[0], [2]]], [1.0])",
    ),
    row("TFS111", "no-rewrite", "none", "y = tf.scatter_nd([[[0], [2]]], [1.0], [5])"),
    row(
        "TFS111",
        "comment-inside",
        "none",
        "y = tf.tensor_scatter_nd_update(v, [  # why\n    [[0], [2]]], [1.0])",
    ),
    row(
        "TFS111",
        "dtype-cast",
        "unsafe",
        "@tf.function\ndef g():\n    v.scatter_nd_update([[0]], x)",
        given=f"{PLAIN}\nx = tf.constant([1.0], tf.float64)",
    ),
    row(
        "TFS111",
        "name-shadowed",
        "none",
        "@tf.function\ndef g(tf=None):\n    v.scatter_nd_update([[0]], x)",
        given=f"{PLAIN}\nx = tf.constant([1.0], tf.float64)",
    ),
    row("TFS201", "maybe-distributed", "unsafe", trip("a[0] = 1.0"), given=MIRRORED),
    row(
        "TFS201",
        "keras-variable",
        "none",
        "a = np.array(v)\na[1:3] = 1.0\nv.assign(a)",
        given=KERAS,
    ),
    row("TFS201", "variable-class", "unsafe", trip("a[0] = 1.0"), given=EITHER),
    row("TFS201", "no-gpu-kernel", "unsafe", trip("a[[0, 1]] = [False, True]"), given=BOOLS),
    row("TFS201", "value-escapes", "none", trip("a[0] = 1.0", "print(a)")),
    row("TFS201", "statement-between", "none", trip("a[0] = 1.0", "g()"), params="g"),
    row("TFS201", "loop-of-updates", "none", trip("for i in range(3):", "    a[i] = 1.0")),
    row(
        "TFS201",
        "maybe-negative-index",
        "none",
        trip("a[i] = 1.0", "a[j] = 2.0"),
        params="i: int, j: int",
    ),
    row("TFS201", "maybe-out-of-range", "none", trip("a[1] = 1.0", "a[7] = 2.0")),
    row("TFS201", "maybe-duplicate-index", "none", trip("a[[1, 1]] = 1.0", "a[0] = 2.0")),
    row("TFS201", "batch-shape", "none", trip("a[0] *= 2.0", "a[1] = 1.0")),
    row(
        "TFS201",
        "unknown-rank",
        "unsafe",
        trip("a[0] = 1.0"),
        given=ANY_RANK,
    ),
    row("TFS201", "unknown-rank", "none", trip("a[[0, 1]] = 1.0"), given=ANY_RANK),
    row("TFS201", "unknown-index", "unsafe", trip("a[i] = 1.0"), params="i"),
    row("TFS201", "unknown-index", "none", trip("a[i] = 1.0"), params="i: np.ndarray"),
    row("TFS201", "unknown-shape", "unsafe", trip("a[1:] = tf.cast(x, tf.float32)"), params="x"),
    row("TFS201", "unknown-shape", "none", trip("a[[0, 1]] = x"), params="x"),
    row(
        "TFS201",
        "unknown-dtype",
        "unsafe",
        trip("a[0] = 1.0"),
        given=ANY_DTYPE,
    ),
    row("TFS201", "unknown-value", "none", trip("a[v < 0.0] = [1.0, 2.0]")),
    row("TFS201", "unknown-value", "unsafe", trip("a[0] = x"), params="x"),
    row("TFS201", "dtype-cast", "unsafe", trip("a[1:3] = x"), params="x: float"),
    row("TFS201", "dtype-cast", "none", trip("a[0] = 1.5"), given=INTS),
    row("TFS201", "value-out-of-dtype", "unsafe", trip("a[0] = n"), given=UINT8, params="n: int"),
    row("TFS201", "value-out-of-dtype", "none", trip("a[0] = 300"), given=UINT8),
    row("TFS201", "always-raises", "none", trip("a[1:3] = tf.ones([4])")),
    row("TFS201", "mixed-precision", "unsafe", trip("a[0] = 1.0"), given=MIXED),
    row("TFS201", "inexact-operator", "none", trip("a[0] **= 2.0")),
    row("TFS201", "caught-exception", "unsafe", handled(trip("a[i] = 1.0")), params="i: int"),
    row("TFS201", "side-effects", "unsafe", trip("a[0] = np.random.rand()")),
    row("TFS201", "graph-mode", "unsafe", trip("a[0] = 1.0"), given=GRAPH),
    row("TFS201", "name-shadowed", "none", trip("a[a < 0.0] = 0.0"), params="tf"),
    row("TFS201", "name-shadowed", "unsafe", trip("a[0] = 1.0"), given=DYNAMIC),
    row("TFS201", "comment-inside", "none", trip("a[0] = 1.0  # why")),
    row("TFS201", "no-rewrite", "none", trip("a[0] = 1.0; a[1] = 2.0")),
    row("TFS301", "maybe-distributed", "unsafe", SCATTER.format("[[0]]", "[1.0]"), given=MIRRORED),
    row(
        "TFS301",
        "variable-class",
        "unsafe",
        SCATTER.format("[[0]]", "[1.0]"),
        given="",
        params="v",
    ),
    row(
        "TFS301",
        "unknown-dtype",
        "unsafe",
        SCATTER.format("[[0]]", "[1.0]"),
        given=ANY_DTYPE,
    ),
    row("TFS301", "unknown-rank", "unsafe", SCATTER.format("places", "[1.0]"), params="places"),
    row("TFS301", "dtype-cast", "unsafe", SCATTER.format("[[0]]", "x"), params="x"),
    row(
        "TFS301",
        "index-dtype",
        "unsafe",
        SCATTER.format("tf.reshape(places, [-1, 1])", "[1.0]"),
        given=COMPILED,
        params="places",
    ),
    row(
        "TFS301",
        "caught-exception",
        "unsafe",
        handled(SCATTER.format("[[i]]", "[1.0]")),
        params="i: int",
    ),
    row("TFS301", "no-gpu-kernel", "unsafe", SCATTER.format("[[0]]", "[True]"), given=BOOLS),
    row(
        "TFS301",
        "no-xla-kernel",
        "unsafe",
        "v.assign(tf.tensor_scatter_nd_max(v, [[0]], [1.0]))",
        given=COMPILED,
    ),
    row(
        "TFS301",
        "value-escapes",
        "none",
        "t = tf.tensor_scatter_nd_update(v, [[0]], [1.0])\nv.assign(t)\nreturn t",
    ),
    row(
        "TFS301",
        "value-escapes",
        "unsafe",
        "pass",
        given=f"{PLAIN}\nt = tf.tensor_scatter_nd_update(v, [[0]], [1.0])\nv.assign(t)",
        imported=True,
    ),
    row(
        "TFS301",
        "statement-between",
        "unsafe",
        "t = tf.tensor_scatter_nd_update(v, [[0]], [1.0])\ng()\nv.assign(t)",
        params="g",
    ),
    row(
        "TFS301",
        "side-effects",
        "unsafe",
        "v.assign(tf.tensor_scatter_nd_update(v.value(), [[g()]], [1.0]))",
        params="g",
    ),
    row("TFS301", "graph-mode", "unsafe", SCATTER.format("[[0]]", "[1.0]"), given=GRAPH),
    row("TFS301", "no-rewrite", "unsafe", SCATTER.format("[[0]]", '[1.0], name="x"')),
    row(
        "TFS301",
        "no-rewrite",
        "none",
        "t = tf.tensor_scatter_nd_update(v, [[0]], [1.0]); v.assign(t)",
    ),
    row(
        "TFS301",
        "no-rewrite",
        "declined",
        SCATTER.format("[[0]]", "[1.0]"),
        style="functional",
    ),
    row("TFS301", "name-shadowed", "unsafe", SCATTER.format("[[0]]", "[1.0]"), given=DYNAMIC),
    row(
        "TFS301",
        "comment-inside",
        "none",
        SCATTER.replace("(tf", "(  # why\n    tf").format("[[0]]", "[1.0]"),
    ),
    row("TFS301", "keras-variable", "declined", SCATTER.format("[[0]]", "[1.0]"), given=KERAS),
    row(
        "TFS301",
        "read-densely",
        "declined",
        SCATTER.format("[[0]]", "[1.0]") + "\nreturn tf.reduce_sum(v) + tf.reduce_max(v)",
    ),
]


def fix_of(finding: Finding) -> str:
    if finding.declined:
        return "declined"
    return "none" if finding.fix is None else finding.fix.applicability.value


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row.code}-{row.reason}-{row.fix}") for row in ROWS]
)
def test_the_page_says_when_and_what(row: Row, tmp_path: Path) -> None:
    text = f"import numpy as np\nimport tensorflow as tf\n\n{row.program}"
    if row.imported:
        (tmp_path / "user.py").write_text("import example\n")
    settings = Settings(rewrite=row.style)
    outcome = check(Job(str(tmp_path / "example.py"), settings, text.encode()))
    found = [finding for finding in outcome.found if finding.rule.code == row.code]
    assert [(each.reason, fix_of(each)) for each in found] == [(row.reason, row.fix)]
    assert (row.reason, row.fix) in claims(row.code)


@pytest.mark.parametrize("code", CODES)
def test_every_row_of_a_table_is_shown(code: str) -> None:
    assert set(claims(code)) == {(row.reason, row.fix) for row in ROWS if row.code == code}
