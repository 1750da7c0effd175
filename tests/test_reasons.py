"""The tables of reasons on the rules' pages: each row shown on the least code that gives it."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest

from tflint_slice.engine import Job, check
from tflint_slice.model import Finding
from tflint_slice.settings import Settings

PAGES = Path(__file__).parent.parent / "rules"

PLAIN = "v = tf.Variable(tf.zeros([5]))"
UINT8 = "v = tf.Variable(tf.zeros([5], tf.uint8))"
BOOLS = "v = tf.Variable([True, False])"
COMPILED = "@tf.function(jit_compile=True)\ndef g():\n    pass\n\n" + PLAIN
GRAPH = "tf.compat.v1.disable_eager_execution()\n" + PLAIN
MIRRORED = "strategy = tf.distribute.MirroredStrategy()\n" + PLAIN
KERAS = "import keras\n\nv = keras.Variable(tf.zeros([5]), dtype='float32')"
MIXED = KERAS + "\nkeras.config.set_dtype_policy('mixed_float16')"
EITHER = KERAS.replace("\nv = ", "\nk = ") + "\nv = tf.Variable(tf.zeros([5])) if input() else k"
SCATTER = "v.assign(tf.tensor_scatter_nd_update(v, {}, {}))"


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
) -> Any:
    """``body`` is the body of a function with these parameters, ``given`` stands before it."""
    program = f"{given}\n\n\ndef f({params}):\n{indent(dedent(body), '    ')}\n"
    return pytest.param(code, reason, fix, program, id=f"{code}-{reason}")


ROWS = [
    row("TFS101", "maybe-distributed", "unsafe", "v[0] = 1.0", given=MIRRORED),
    row("TFS101", "variable-class", "unsafe", "v[0] = 1.0", given=EITHER),
    row("TFS101", "keras-variable", "none", "v[1:3] = 1.0", given=KERAS),
    row("TFS101", "maybe-negative-index", "none", "v[i] = 1.0", given=KERAS, params="i: int"),
    row("TFS101", "maybe-out-of-range", "none", "v[5] = 1.0", given=KERAS),
    row("TFS101", "unknown-index", "unsafe", "v[i] = 1.0", params="i"),
    row("TFS101", "unknown-shape", "unsafe", "v[1:] = tf.cast(x, tf.float32)", params="x"),
    row(
        "TFS101",
        "unknown-dtype",
        "unsafe",
        "v[0] = 1.0",
        given="v = tf.Variable(float(input()))",
    ),
    row("TFS101", "unknown-value", "none", "v[v < 0.0] = [1.0, 2.0]"),
    row("TFS101", "dtype-cast", "unsafe", "v[1:3] = x", params="x: float"),
    row("TFS101", "value-out-of-dtype", "unsafe", "v[0] = n", given=UINT8, params="n: int"),
    row("TFS101", "always-raises", "none", "v[1:3] = tf.ones([4])"),
    row("TFS101", "mixed-precision", "unsafe", "v[0] = 1.0", given=MIXED),
    row("TFS101", "inexact-operator", "none", "v[0] **= 2.0"),
    row(
        "TFS101",
        "evaluation-order",
        "unsafe",
        "v[i] = tf.reshape(tf.cast(g(), tf.float32), [])",
        params="g, i: int",
    ),
    row("TFS101", "side-effects", "none", "v[g()] += 1.0", params="g"),
    row("TFS101", "no-gpu-kernel", "unsafe", "v[[0, 1]] = [False, True]", given=BOOLS),
    row("TFS101", "caught-exception", "unsafe", handled("v[0] = 1.0")),
    row("TFS101", "graph-mode", "unsafe", "v[0] = 1.0", given=GRAPH),
    row("TFS101", "name-shadowed", "none", "v[v < 0.0] = 0.0", params="tf"),
    row("TFS101", "comment-inside", "none", "v[0] = (  # why\n    1.0\n)"),
    row("TFS101", "no-rewrite", "none", "v[0] = y = 1.0"),
    row("TFS107", "always-raises", "unsafe", "v.scatter_nd_update([[0]], tf.constant(1.0))"),
    row("TFS107", "changes-meaning", "unsafe", "v.scatter_nd_update([0, 1], [1.0, 2.0])"),
    row("TFS107", "no-rewrite", "none", "v.scatter_nd_update([[0, 1]], [1.0])"),
    row("TFS201", "maybe-distributed", "unsafe", trip("a[0] = 1.0"), given=MIRRORED),
    row(
        "TFS201",
        "keras-variable",
        "none",
        "a = np.array(v)\na[1:3] = 1.0\nv.assign(a)",
        given=KERAS,
    ),
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
    row(
        "TFS201",
        "unknown-rank",
        "unsafe",
        trip("a[0] = 1.0"),
        given="v = tf.Variable(tf.cast(input(), tf.float32))",
    ),
    row("TFS201", "unknown-index", "unsafe", trip("a[i] = 1.0"), params="i"),
    row("TFS201", "unknown-shape", "unsafe", trip("a[1:] = tf.cast(x, tf.float32)"), params="x"),
    row(
        "TFS201",
        "unknown-dtype",
        "unsafe",
        trip("a[0] = 1.0"),
        given="v = tf.Variable(float(input()))",
    ),
    row("TFS201", "unknown-value", "none", trip("a[v < 0.0] = [1.0, 2.0]")),
    row("TFS201", "dtype-cast", "unsafe", trip("a[1:3] = x"), params="x: float"),
    row("TFS201", "value-out-of-dtype", "unsafe", trip("a[0] = n"), given=UINT8, params="n: int"),
    row("TFS201", "always-raises", "none", trip("a[1:3] = tf.ones([4])")),
    row("TFS201", "mixed-precision", "unsafe", trip("a[0] = 1.0"), given=MIXED),
    row("TFS201", "inexact-operator", "none", trip("a[0] **= 2.0")),
    row("TFS201", "caught-exception", "unsafe", handled(trip("a[i] = 1.0")), params="i: int"),
    row("TFS201", "side-effects", "unsafe", trip("a[0] = np.random.rand()")),
    row("TFS201", "graph-mode", "unsafe", trip("a[0] = 1.0"), given=GRAPH),
    row("TFS201", "name-shadowed", "none", trip("a[a < 0.0] = 0.0"), params="tf"),
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
        given="v = tf.Variable(float(input()))",
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


def claims(code: str) -> dict[str, str]:
    """Reason and fix, from the table on the page."""
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.+?`) \| (\w+) \| ", page, flags=re.MULTILINE)
    return {
        reason: fix for reasons, fix in rows for reason in re.findall(r"`([^`]+)`", str(reasons))
    }


def fix_of(finding: Finding) -> str:
    if finding.declined:
        return "declined"
    return "none" if finding.fix is None else finding.fix.applicability.value


@pytest.mark.parametrize(("code", "reason", "fix", "program"), ROWS)
def test_the_page_says_when_and_what(
    code: str, reason: str, fix: str, program: str, tmp_path: Path
) -> None:
    text = f"import numpy as np\nimport tensorflow as tf\n\n{program}"
    outcome = check(Job(str(tmp_path / "example.py"), Settings(), text.encode()))
    found = [finding for finding in outcome.found if finding.rule.code == code]
    assert [(each.reason, fix_of(each)) for each in found] == [(reason, fix)]
    assert claims(code)[reason] == fix


@pytest.mark.parametrize("code", sorted(path.stem for path in PAGES.glob("*.md")))
def test_every_row_of_a_table_is_shown(code: str) -> None:
    shown = {str(each.values[1]) for each in ROWS if each.values[0] == code}
    assert set(claims(code)) == shown
