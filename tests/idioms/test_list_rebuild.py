"""TFS304: what a variable made a list of rows and stacked becomes, and what is left alone."""

from __future__ import annotations

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability, Reason

HEAD = (
    "import numpy as np\n"
    "import tensorflow as tf\n"
    "\n"
    "v = tf.Variable(tf.zeros([5]))\n"
    "m = tf.Variable(tf.zeros([4, 3]))\n"
)


def rows(*changes: str, read: str = "tf.unstack(v)", stacked: str = "tf.stack(rows)") -> str:
    return "\n".join([f"rows = {read}", *changes, f"v.assign({stacked})"])


def chosen(body: str, turn: str = "j in range(5)") -> str:
    return f"v.assign(tf.stack([{body} for {turn}]))"


SAFE = [
    pytest.param(rows("rows[2] = 7.0"), "v.scatter_nd_update([[2]], [7.0])", id="unstack"),
    pytest.param(
        rows("rows[-1] = 7.0", read="list(v)"), "v.scatter_nd_update([[4]], [7.0])", id="list"
    ),
    pytest.param(
        rows("rows[2] = 7.0", read="[row for row in v]", stacked="rows"),
        "v.scatter_nd_update([[2]], [7.0])",
        id="comprehension-and-bare-list",
    ),
    pytest.param(
        rows("rows[2] = 7.0", read="list(tf.unstack(v, num=5, axis=0))"),
        "v.scatter_nd_update([[2]], [7.0])",
        id="list-of-unstack",
    ),
    pytest.param(
        rows("rows[0] = v[1]", "rows[1] = v[0]", stacked="tf.stack(rows, axis=0)"),
        "v.scatter_nd_update([[0], [1]], [v[1], v[0]])",
        id="two-rows",
    ),
    pytest.param(
        rows("rows[0] = 7.0", "rows[0] = 8.0"),
        "rows = tf.tensor_scatter_nd_update(v, [[0]], [7.0])\n"
        "rows = tf.tensor_scatter_nd_update(rows, [[0]], [8.0])\n"
        "v.assign(rows)",
        id="one-row-twice",
    ),
    pytest.param(
        "rows = tf.unstack(m)\nrows[1] = tf.ones([3])\nm.assign(tf.stack(rows))",
        "m.scatter_nd_update([[1]], [tf.ones([3])])",
        id="rows-of-a-matrix",
    ),
    pytest.param(
        rows("x = tf.ones([])", "rows[2] = x"),
        "x = tf.ones([])\nv.scatter_nd_update([[2]], [x])",
        id="binding-between",
    ),
    pytest.param(
        chosen("7.0 if j == 2 else v[j]"), "v.scatter_nd_update([[2]], [7.0])", id="chosen"
    ),
    pytest.param(
        chosen("v[j] if 2 != j else 7.0", "j in range(v.shape[0])"),
        "v.scatter_nd_update([[2]], [7.0])",
        id="chosen-the-other-way-round",
    ),
    pytest.param(
        chosen("7.0 if j == 2 else row", "j, row in enumerate(tf.unstack(v))"),
        "v.scatter_nd_update([[2]], [7.0])",
        id="chosen-by-enumerate",
    ),
    pytest.param(
        "for k in range(5):\n    " + chosen("7.0 if j == k else v[j]"),
        "for k in range(5):\n    v.scatter_nd_update([[k]], [7.0])",
        id="chosen-by-a-name",
    ),
]


@pytest.mark.parametrize(("before", "after"), SAFE)
def test_a_list_of_rows_becomes_an_update(look: Look, before: str, after: str) -> None:
    (found,) = [one for one in look(HEAD + before) if one.rule.code == "TFS304"]
    assert found.reason is None
    assert fixed(HEAD + before, [found], Applicability.SAFE) == HEAD + after
    assert not [one for one in look(HEAD + after) if one.rule.code == "TFS304"]


UNSAFE = Applicability.UNSAFE
REFUSED = [
    pytest.param(
        "def f(i: int):\n    rows = tf.unstack(v)\n    rows[i] = 7.0\n    v.assign(tf.stack(rows))",
        Reason.UNKNOWN_INDEX,
        UNSAFE,
        id="a-number-that-autograph-may-make-a-tensor",
    ),
    pytest.param(
        "w = tf.Variable([1.0])\nrows = tf.unstack(w)\nrows[0] = 2\nw.assign(tf.stack(rows))",
        Reason.DTYPE_CAST,
        UNSAFE,
        id="no-old-row-is-left-to-say-the-dtype",
    ),
    pytest.param(
        "def f(i: int):\n    " + chosen("7.0 if j == i else v[j]"),
        Reason.MAYBE_NEGATIVE_INDEX,
        UNSAFE,
        id="a-number-of-no-row-does-nothing",
    ),
    pytest.param(
        "for k in range(6):\n    " + chosen("7.0 if j == k else v[j]"),
        Reason.MAYBE_OUT_OF_RANGE,
        UNSAFE,
        id="one-turn-does-nothing",
    ),
    pytest.param(
        "def f(g):\n    " + chosen("g() if j == 2 else v[j]"),
        Reason.SIDE_EFFECTS,
        UNSAFE,
        id="value-of-a-call",
    ),
    pytest.param(
        "def f(x):\n" + "\n".join(f"    {line}" for line in rows("rows[2] = x").splitlines()),
        Reason.UNKNOWN_SHAPE,
        UNSAFE,
        id="value-from-elsewhere",
    ),
    pytest.param(
        rows("rows[2] = tf.ones([], tf.float64)"), Reason.DTYPE_CAST, UNSAFE, id="another-dtype"
    ),
    pytest.param(rows("rows[1] = rows[2]"), Reason.VALUE_ESCAPES, None, id="row-of-the-list"),
    pytest.param(
        rows("rows[1] = 7.0") + "\nprint(rows[0])", Reason.VALUE_ESCAPES, None, id="used-later"
    ),
    pytest.param(
        rows("rows[1] = 7.0", "print(rows[0])"), Reason.VALUE_ESCAPES, None, id="used-between"
    ),
    pytest.param(
        rows("rows[1] = 7.0", "v.assign(tf.ones([5]))"),
        Reason.STATEMENT_BETWEEN,
        None,
        id="written-between",
    ),
    pytest.param(
        "k = 0\n" + rows("rows[k] = 7.0", "k = 3"),
        Reason.STATEMENT_BETWEEN,
        None,
        id="index-bound-again",
    ),
    pytest.param(
        "rows = tf.unstack(v); rows[1] = 7.0\nv.assign(tf.stack(rows))",
        Reason.NO_REWRITE,
        None,
        id="on-one-line",
    ),
    pytest.param(rows("rows[1] = 7.0  # why"), Reason.COMMENT_INSIDE, None, id="comment"),
]


@pytest.mark.parametrize(("text", "reason", "fix"), REFUSED)
def test_reported_without_a_safe_fix(
    look: Look, text: str, reason: Reason, fix: Applicability | None
) -> None:
    (found,) = [one for one in look(HEAD + text) if one.rule.code == "TFS304"]
    assert (found.reason, found.fix and found.fix.applicability) == (reason, fix)


NO_OPS = [
    pytest.param(rows(), id="nothing-changed"),
    pytest.param(rows("rows[1:3] = [7.0, 8.0]"), id="slice-that-may-change-the-length"),
    pytest.param(rows("rows[0] = 7.0", "rows.append(rows.pop(0))"), id="queue"),
    pytest.param(rows("rows.pop(0)", "rows.append(7.0)"), id="queue-by-methods"),
    pytest.param(rows("rows[0] = 7.0", "rows.sort()"), id="sorted"),
    pytest.param(rows("rows[0] = 7.0", "rows = rows[::-1]"), id="bound-again"),
    pytest.param(rows("other = rows", "rows[0] = 7.0"), id="aliased"),
    pytest.param(rows("for k in range(5):", "    rows[k] = float(k)"), id="all-rows-in-a-loop"),
    pytest.param(rows("for k in range(4):", "    rows[k] = rows[k + 1]"), id="rows-move-up"),
    pytest.param(rows("rows[0], rows[1] = rows[1], rows[0]"), id="swap"),
    pytest.param(rows("rows[0] = 7.0", read="tf.unstack(v)[::-1]"), id="turned-round"),
    pytest.param(rows("rows[0] = 7.0", read="tf.unstack(tf.ones([5]))"), id="of-another"),
    pytest.param(rows("rows[0] = 7.0", stacked="tf.stack(rows[::-1])"), id="stacked-otherwise"),
    pytest.param(
        "rows = tf.unstack(m, axis=1)\nrows[0] = tf.ones([4])\nm.assign(tf.stack(rows, axis=1))",
        id="columns",
    ),
    pytest.param(
        "rows = tf.unstack(m)\nrows[0] = tf.ones([4])\nm.assign(tf.stack(rows))", id="never-fits"
    ),
    pytest.param("rows = tf.unstack(v)\nrows[0] = 7.0\ny = tf.stack(rows)", id="not-assigned"),
    pytest.param(
        "def list(x):\n    return [x]\n\n\n" + rows("rows[0] = 7.0", read="list(v)"), id="l"
    ),
    pytest.param(chosen("7.0 if j == 9 else v[j]"), id="no-row-chosen"),
    pytest.param(chosen("7.0 if j == 2 else v[j]", "j in range(4)"), id="not-all-rows"),
    pytest.param(chosen("7.0 if j < 2 else v[j]"), id="chosen-by-order"),
    pytest.param(chosen("float(j) if j == 2 else v[j]"), id="value-of-the-counter"),
    pytest.param(chosen("7.0 if j == 2 else v[4 - j]"), id="rows-out-of-place"),
    pytest.param(chosen("7.0 if j == 2 else 0.0"), id="nothing-kept"),
    pytest.param(chosen("7.0 if j == 2 else v[j]", "j in range(5) if j"), id="rows-left-out"),
    pytest.param(chosen("7.0 if j == 2.0 else v[j]"), id="float"),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert [one for one in look(HEAD + text) if one.rule.code == "TFS304"] == []
