"""TFS307: what a tensor made anew as a whole becomes, and what is left alone."""

from __future__ import annotations

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability, Reason
from tflint_slice.syntax.screen import worth_parsing

HEAD = "import numpy as np\nimport tensorflow as tf\n\nt = tf.zeros([5])\nu = tf.zeros([4, 3])\n"
UPDATE = "t = tf.tensor_scatter_nd_update(t, "
SAFE = [
    pytest.param("t = tf.concat([t[:2], [7.0], t[3:]], 0)", UPDATE + "[[2]], [7.0])", id="element"),
    pytest.param("t = tf.concat([[7.0], t[1:]], 0)", UPDATE + "[[0]], [7.0])", id="first"),
    pytest.param("t = tf.concat([t[:-1], [7.0]], 0)", UPDATE + "[[4]], [7.0])", id="last"),
    pytest.param(
        "t = tf.concat([t[:1], tf.ones([2]), t[3:]], 0)",
        UPDATE + "[[1], [2]], tf.ones([2]))",
        id="two-entries",
    ),
    pytest.param(
        "s = t\nt = tf.concat([t[:2], [t[2] * 2.0], t[3:]], 0)",
        "s = t\n" + UPDATE + "[[2]], [t[2] * 2.0])",
        id="another-name-keeps-the-old-one",
    ),
    pytest.param(
        "u = tf.concat([u[:1], [tf.ones([3])], u[2:]], 0)",
        "u = tf.tensor_scatter_nd_update(u, [[1]], [tf.ones([3])])",
        id="row",
    ),
    pytest.param(
        "t = tf.stack([t[0], 7.0, t[2], t[3], t[4]])", UPDATE + "[[1]], [7.0])", id="stack"
    ),
    pytest.param(
        "rows = tf.unstack(t)\nrows[0] = 7.0\nrows[-1] = 8.0\nt = tf.stack(rows)",
        UPDATE + "[[0], [4]], [7.0, 8.0])",
        id="list-of-rows",
    ),
    pytest.param(
        "t = tf.stack([7.0 if j == 2 else t[j] for j in range(5)])",
        UPDATE + "[[2]], [7.0])",
        id="comprehension",
    ),
    pytest.param("t = tf.where(tf.range(5) == 2, 7.0, t)", UPDATE + "[[2]], [7.0])", id="mask"),
    pytest.param(
        "def f():\n    y = tf.ones([5])\n    y = tf.concat([y[:2], [7.0], y[3:]], 0)\n    return y",
        "def f():\n    y = tf.ones([5])\n"
        "    y = tf.tensor_scatter_nd_update(y, [[2]], [7.0])\n    return y",
        id="local",
    ),
]


@pytest.mark.parametrize(("before", "after"), SAFE)
def test_a_tensor_made_anew_becomes_a_scatter(look: Look, before: str, after: str) -> None:
    (found,) = look(HEAD + before)
    assert (found.rule.code, found.reason) == ("TFS307", None)
    assert fixed(HEAD + before, [found], Applicability.SAFE) == HEAD + after
    assert look(HEAD + after) == []


def test_the_screen_of_bytes_knows_of_masks() -> None:
    text = "import tensorflow as tf\nt = tf.zeros(5)\nt = tf.where(tf.range(5) == 2, 7.0, t)\n"
    assert worth_parsing(text.encode())


UNSAFE = Applicability.UNSAFE
REFUSED = [
    pytest.param(
        "def f(i: int):\n    y = tf.ones([5])\n    y = tf.concat([y[:i], [7.0], y[i + 1:]], 0)",
        Reason.MAYBE_NEGATIVE_INDEX,
        None,
        id="any-number",
    ),
    pytest.param(
        "for i in range(5):\n    t = tf.concat([t[:i], [7.0], t[i + 1:]], 0)",
        Reason.MAYBE_OUT_OF_RANGE,
        None,
        id="length-of-what-a-turn-leaves",
    ),
    pytest.param(
        "def f(y: tf.Tensor):\n    y = tf.concat([y[:1], [7.0], y[2:]], 0)",
        Reason.UNKNOWN_RANK,
        None,
        id="shape-from-elsewhere",
    ),
    pytest.param(
        "t = tf.concat([t[:2], [tf.ones([], tf.float64)], t[3:]], 0)",
        Reason.DTYPE_CAST,
        UNSAFE,
        id="another-dtype",
    ),
    pytest.param(
        "def g():\n    return 7.0\n\n\nt = tf.concat([t[:2], [g()], t[3:]], 0)",
        Reason.SIDE_EFFECTS,
        UNSAFE,
        id="value-of-a-call",
    ),
    pytest.param(
        "rows = tf.unstack(t)\nrows[0] = rows[1]\nt = tf.stack(rows)",
        Reason.VALUE_ESCAPES,
        None,
        id="row-of-the-list",
    ),
    pytest.param(
        "t = tf.concat([t[:2], [7.0],  # why\n               t[3:]], 0)",
        Reason.COMMENT_INSIDE,
        None,
        id="comment",
    ),
]


@pytest.mark.parametrize(("text", "reason", "fix"), REFUSED)
def test_reported_without_a_safe_fix(
    look: Look, text: str, reason: Reason, fix: Applicability | None
) -> None:
    (found,) = [one for one in look(HEAD + text) if one.rule.code == "TFS307"]
    assert (found.reason, found.fix and found.fix.applicability) == (reason, fix)


NO_OPS = [
    pytest.param("t = tf.concat([t[1:], [7.0]], 0)", id="queue-moves-up"),
    pytest.param("t = tf.concat([t, [7.0]], 0)", id="append"),
    pytest.param("t = tf.concat([t[:2], [7.0], t[2:]], 0)", id="insertion"),
    pytest.param(
        "def f(x):\n    global t\n    t = tf.concat([t[:2], x, t[3:]], 0)", id="any-length"
    ),
    pytest.param("t = tf.stack([t[0], 7.0, t[2]])", id="some-rows-left-out"),
    pytest.param("s = tf.concat([t[:2], [7.0], t[3:]], 0)", id="another-name"),
    pytest.param("t = s = tf.concat([t[:2], [7.0], t[3:]], 0)", id="two-names"),
    pytest.param("u = tf.concat([u[:, :1], tf.ones([4, 1]), u[:, 2:]], 1)", id="column"),
    pytest.param("t = tf.where(t > 2.0, 7.0, t)", id="mask-of-the-elements"),
    pytest.param("t = np.concatenate([t[:2], [7.0], t[3:]])", id="of-numpy"),
    pytest.param("a = np.zeros([5])\na = tf.concat([a[:2], [7.0], a[3:]], 0)", id="array"),
    pytest.param("def f(y):\n    y = tf.concat([y[:2], [7.0], y[3:]], 0)", id="parameter"),
    pytest.param(
        "if u[0, 0] > 1.0:\n    t = [1.0]\nt = tf.concat([t[:2], [7.0], t[3:]], 0)", id="l"
    ),
    pytest.param(
        "r = tf.ragged.constant([[1.0], [2.0, 3.0]])\nr = tf.concat([r[:1], [[7.0]]], 0)",
        id="ragged",
    ),
    pytest.param(
        "rows = tf.unstack(t)\nt = tf.ones([5])\nrows[0] = 7.0\nt = tf.stack(rows)",
        id="bound-again-between",
    ),
    pytest.param("v = tf.Variable([1.0, 2.0])\nv = tf.concat([v[:1], [7.0]], 0)", id="variable"),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert [one for one in look(HEAD + text) if one.rule.code == "TFS307"] == []
