"""TFS108 and TFS109: constant indices that name no element, and one element named twice."""

from __future__ import annotations

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability, Finding, Reason

HEAD = (
    "import numpy as np\n"
    "import pytest\n"
    "import tensorflow as tf\n"
    "\n"
    "v = tf.Variable(tf.zeros([5]))\n"
    "m = tf.Variable(tf.zeros([5, 3]))\n"
    "c = tf.zeros([2, 3])\n"
)


def found(look: Look, text: str, *codes: str) -> list[Finding]:
    wanted = codes or ("TFS108", "TFS109")
    return [finding for finding in look(HEAD + text) if finding.rule.code in wanted]


UNSAFE = [
    pytest.param(
        "v.scatter_nd_update([[-1]], [1.0])", "v.scatter_nd_update([[4]], [1.0])", id="last"
    ),
    pytest.param(
        "v.scatter_nd_add([[-5], [3]], [1.0, 2.0])",
        "v.scatter_nd_add([[0], [3]], [1.0, 2.0])",
        id="first-from-the-end",
    ),
    pytest.param(
        "m.scatter_nd_update([[0, -1], [-2, 2]], [1.0, 2.0])",
        "m.scatter_nd_update([[0, 2], [3, 2]], [1.0, 2.0])",
        id="each-axis-by-its-own-length",
    ),
    pytest.param(
        "m.scatter_nd_sub([[-1]], tf.ones([1, 3]))",
        "m.scatter_nd_sub([[4]], tf.ones([1, 3]))",
        id="row",
    ),
    pytest.param(
        "v.scatter_nd_update(updates=[1.0], indices=[[-1]])",
        "v.scatter_nd_update(updates=[1.0], indices=[[4]])",
        id="keywords-in-another-order",
    ),
    pytest.param(
        "y = tf.tensor_scatter_nd_update(c, [[-1, -1]], [1.0])",
        "y = tf.tensor_scatter_nd_update(c, [[1, 2]], [1.0])",
        id="tensor",
    ),
    pytest.param(
        "v.scatter_nd_max(tf.constant([[-1], [1]], tf.int64), [1.0, 2.0])",
        "v.scatter_nd_max(tf.constant([[4], [1]], tf.int64), [1.0, 2.0])",
        id="in-a-constant",
    ),
    pytest.param(
        "v.scatter_nd_update([  # why\n    [(- 1)],  # the last\n], [1.0])",
        "v.scatter_nd_update([  # why\n    [(4)],  # the last\n], [1.0])",
        id="comments-and-parentheses",
    ),
    pytest.param(
        "def f(i: int):\n    m.scatter_nd_add([[i, -3]], [1.0])",
        "def f(i: int):\n    m.scatter_nd_add([[i, 0]], [1.0])",
        id="beside-an-unknown",
    ),
    pytest.param(
        "y = tf.tensor_scatter_nd_update(v, [[[-1], [0]]], [[1.0, 2.0]])",
        "y = tf.tensor_scatter_nd_update(v, [[[4], [0]]], [[1.0, 2.0]])",
        id="indices-of-rank-three",
    ),
    pytest.param(
        "v.scatter_nd_add([[-1], [4]], [1.0, 2.0])",
        "v.scatter_nd_add([[4], [4]], [1.0, 2.0])",
        id="sums-may-meet",
    ),
]


@pytest.mark.parametrize(("before", "after"), UNSAFE)
def test_negative_indices_are_counted_from_the_end(look: Look, before: str, after: str) -> None:
    (finding,) = found(look, before)
    assert (finding.rule.code, finding.reason) == ("TFS108", Reason.ALWAYS_RAISES)
    assert fixed(HEAD + before, [finding], Applicability.SAFE) == HEAD + before
    assert fixed(HEAD + before, [finding], Applicability.UNSAFE) == HEAD + after
    assert found(look, after) == []


REPORTED = [
    pytest.param("v.scatter_nd_update([[5]], [1.0])", "`5` lies outside", id="one-too-large"),
    pytest.param("m.scatter_nd_update([[0, 3]], [1.0])", "axis 1, of length 3", id="second-axis"),
    pytest.param("v.scatter_nd_update([[-6]], [1.0])", "negative", id="before-the-first"),
    pytest.param("v.scatter_nd_update([[-1], [9]], [1.0, 2.0])", "negative", id="one-of-each"),
    pytest.param("v.scatter_nd_update([[-1], [4]], [1.0, 2.0])", "negative", id="would-meet"),
    pytest.param("N = 7\nv.scatter_nd_update([[N]], [1.0])", "`N` lies outside", id="name"),
    pytest.param("v.scatter_nd_update([[v.shape[0]]], [1.0])", "lies outside", id="length"),
    pytest.param(
        "for k in range(5, 8):\n    v.scatter_nd_update([[k]], [1.0])",
        "`k` lies outside",
        id="loop-behind-the-end",
    ),
    pytest.param(
        "def f(t):\n    return tf.tensor_scatter_nd_update(t, [[-1]], [1.0])",
        "negative",
        id="negative-in-unknown-length",
    ),
    pytest.param(
        "def f(w: tf.Variable):\n    w.scatter_nd_update([[-1]], [1.0])",
        "negative",
        id="parameter-that-is-a-variable",
    ),
    pytest.param("I = tf.constant([[-1]])\nv.scatter_nd_update(I, [1.0])", "all", id="tensor"),
    pytest.param("v.scatter_nd_update(tf.fill([2, 1], 9), tf.ones([2]))", "all", id="filled"),
]


@pytest.mark.parametrize(("text", "words"), REPORTED)
def test_an_index_without_a_right_reading_is_reported(look: Look, text: str, words: str) -> None:
    (finding,) = found(look, text)
    assert (finding.rule.code, finding.reason) == ("TFS108", Reason.NO_REWRITE)
    assert finding.fix is None
    assert words in finding.message


TWICE = [
    pytest.param("v.scatter_nd_update([[1], [1]], [1.0, 2.0])", id="element"),
    pytest.param("v.scatter_nd_update([[1], [0], [1]], [1.0, 2.0, 3.0])", id="not-side-by-side"),
    pytest.param("m.scatter_nd_update([[0, 1], [0, 1]], [1.0, 2.0])", id="pair"),
    pytest.param(
        "m.scatter_nd_update([[1], [1]], tf.random.normal([2, 3]))", id="rows-of-a-tensor"
    ),
    pytest.param("def f(x):\n    v.scatter_nd_update([[1], [1]], x)", id="unknown-updates"),
    pytest.param("def f(x, y):\n    v.scatter_nd_update([[1], [1]], [x, y])", id="two-names"),
    pytest.param("N = 1\nv.scatter_nd_update([[N], [1]], [1.0, 2.0])", id="name-of-a-number"),
    pytest.param(
        "def f(t, x):\n    return tf.tensor_scatter_nd_update(t, tf.constant([[1], [1]]), x)",
        id="unknown-tensor",
    ),
    pytest.param(
        "v.scatter_nd_update([[1], [1]], [np.random.rand(), np.random.rand()])",
        id="same-text-that-differs",
    ),
    pytest.param(
        "y = tf.tensor_scatter_nd_update(v, [[[1], [1]]], [[1.0, 2.0]])", id="indices-of-rank-three"
    ),
]


@pytest.mark.parametrize("text", TWICE)
def test_equal_indices_of_an_update_are_reported(look: Look, text: str) -> None:
    (finding,) = found(look, text)
    assert (finding.rule.code, finding.reason) == ("TFS109", Reason.NO_REWRITE)
    assert finding.fix is None


NO_OPS = [
    # Right, or nobody knows.
    pytest.param("v.scatter_nd_update([[4]], [1.0])", id="last-element"),
    pytest.param("def f(i: int):\n    v.scatter_nd_update([[i]], [1.0])", id="int-parameter"),
    pytest.param("def f(i=7):\n    v.scatter_nd_update([[i]], [1.0])", id="default-of-a-parameter"),
    pytest.param(
        "def f(seq, ids, i):\n"
        "    return tf.tensor_scatter_nd_update(seq, [[i + 1]], tf.expand_dims(ids, 0))",
        id="decoding-step",
    ),
    pytest.param(
        "def f(a, axis, size):\n"
        "    return tf.tensor_scatter_nd_update(a.dense_shape, [[axis]], [size])",
        id="length-of-an-axis-in-a-shape",
    ),
    pytest.param(
        "def f(center, x, y):\n"
        "    return tf.tensor_scatter_nd_update(tf.eye(3), [[0, 2], [1, 2]], [x, y])",
        id="entries-of-a-matrix",
    ),
    pytest.param(
        "for k in range(-2, 3):\n    v.scatter_nd_update([[k]], [1.0])", id="at-times-negative"
    ),
    pytest.param(
        "def f(mask):\n"
        "    return tf.tensor_scatter_nd_update(v, tf.where(mask, [[-1]], [[2]]), [1.0])",
        id="sentinel-that-is-chosen",
    ),
    pytest.param("v.scatter_nd_update([[v.shape[0] - 1]], [1.0])", id="counted-from-the-end"),
    pytest.param(
        "def f(n: int):\n    return tf.tensor_scatter_nd_update(tf.zeros([n]), [[9]], [1.0])",
        id="symbolic-length",
    ),
    pytest.param(
        "w = tf.Variable(tf.zeros([5]), shape=[None])\nw.scatter_nd_update([[9]], [1.0])",
        id="length-that-may-change",
    ),
    pytest.param("v.scatter_nd_update(tf.fill([0, 1], -1), tf.zeros([0]))", id="no-indices"),
    pytest.param("v.scatter_nd_update([2, -1], [1.0, 2.0])", id="flat-list"),
    pytest.param("v.scatter_nd_update([[1, -1]], [1.0])", id="more-axes-than-there-are"),
    # Who knows what is called.
    pytest.param("def f(t):\n    t.scatter_nd_update([[-1]], [1.0])", id="unknown-receiver"),
    pytest.param("v = object()\nv.scatter_nd_update([[-1]], [1.0])", id="no-variable-any-more"),
    pytest.param(
        "def f(tf):\n    return tf.tensor_scatter_nd_update(v, [[-1]], [1.0])", id="shadowed-module"
    ),
    pytest.param("def f(*a):\n    v.scatter_nd_update([[-1]], *a)", id="starred-arguments"),
    pytest.param("I = [-1]\nv.scatter_nd_update([[*I]], [1.0])", id="starred-index"),
    # What was wrong may have changed.
    pytest.param(
        "I = [[-1]]\nI[0][0] = 2\nv.scatter_nd_update(I, [1.0])", id="list-that-was-changed"
    ),
    pytest.param(
        "I = np.array([[-1]])\nJ = I\nJ += 3\nv.scatter_nd_update(I, [1.0])",
        id="array-under-two-names",
    ),
    pytest.param(
        "I = -1\ndef g():\n    global I\n    I = 2\ndef f():\n    v.scatter_nd_update([[I]], [1.0])",
        id="global-that-is-set",
    ),
    pytest.param(
        "def f(c):\n    i = -1\n    (i := c)\n    v.scatter_nd_update([[i]], [1.0])", id="walrus"
    ),
    pytest.param(
        "class Table(tf.Module):\n"
        "    def __init__(self):\n"
        "        self.v = tf.Variable(tf.zeros([5]))\n"
        "    def grow(self):\n"
        "        self.v = tf.Variable(tf.zeros([50]))\n"
        "    def f(self):\n"
        "        self.v.scatter_nd_update([[9]], [1.0])",
        id="attribute-of-two-lengths",
    ),
    # A test keeps the call from being made.
    pytest.param("I = -1\nif I >= 0:\n    v.scatter_nd_update([[I]], [1.0])", id="guarded-by-sign"),
    pytest.param("I = 7\nif I < 5:\n    v.scatter_nd_update([[I]], [1.0])", id="guarded-by-index"),
    pytest.param(
        "if v.shape[0] > 9:\n    v.scatter_nd_update([[9]], [1.0])", id="guarded-by-length"
    ),
    pytest.param(
        "def f():\n"
        "    i = 7\n"
        "    if i >= v.shape[0]:\n"
        "        return\n"
        "    v.scatter_nd_update([[i]], [1.0])",
        id="left-early",
    ),
    pytest.param("I = 9\nI < 5 and v.scatter_nd_update([[I]], [1.0])", id="guarded-by-and"),
    # The exception is what is wanted.
    pytest.param(
        "with pytest.raises(Exception):\n    v.scatter_nd_update([[-1]], [1.0])", id="raises"
    ),
    pytest.param(
        "class Test(tf.test.TestCase):\n"
        "    def test_bounds(self):\n"
        "        op = tf.tensor_scatter_nd_update(v, [[9]], [1.0])\n"
        "        with self.assertRaisesOpError('does not index'):\n"
        "            self.evaluate(op)",
        id="evaluated-under-assert-raises",
    ),
    pytest.param(
        "def test_bounds(self):\n"
        "    self.assertRaises(ValueError, lambda: v.scatter_nd_update([[-1]], [1.0]))",
        id="lambda-that-is-to-raise",
    ),
    pytest.param(
        "def bad():\n"
        "    v.scatter_nd_update([[-1]], [1.0])\n"
        "def test_bounds(self):\n"
        "    self.assertRaises(ValueError, bad)",
        id="function-that-is-to-raise",
    ),
    pytest.param(
        "try:\n    v.scatter_nd_update([[-1]], [1.0])\nexcept Exception as e:\n    print(e)",
        id="exception-that-is-shown",
    ),
    pytest.param(
        "y = tf.tensor_scatter_nd_add(v, [[9]], [1.0], bad_indices_policy='IGNORE')", id="policy"
    ),
    # Twice, and no harm in it.
    pytest.param("v.scatter_nd_add([[1], [1]], [1.0, 2.0])", id="sum"),
    pytest.param("y = tf.tensor_scatter_nd_max(v, [[1], [1]], [1.0, 2.0])", id="largest"),
    pytest.param("v.scatter_nd_update([[1], [1]], [1.0, 1.0])", id="same-number"),
    pytest.param("def f(x):\n    v.scatter_nd_update([[1], [1]], [x, x])", id="same-name"),
    pytest.param("v.scatter_nd_update([[1], [1]], tf.ones([2]))", id="ones"),
    pytest.param("v.scatter_nd_update([[1], [1]], [3.0] * 2)", id="repeated-list"),
    pytest.param("m.scatter_nd_update([[1, 1], [2, 2]], [1.0, 2.0])", id="equal-coordinates"),
    pytest.param("m.scatter_nd_update([[1, 0], [0, 1]], [1.0, 2.0])", id="turned-round"),
    pytest.param(
        "def f(i: int, j: int):\n    v.scatter_nd_update([[i], [j]], [1.0, 2.0])", id="two-indices"
    ),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert found(look, text) == []


# What lacks brackets is TFS107's, and is not mended into a call that has another fault.
FLAT = [
    pytest.param("v.scatter_nd_update([2, -1], [1.0, 2.0])", id="negative"),
    pytest.param("v.scatter_nd_update([2, 5], [1.0, 2.0])", id="too-large"),
    pytest.param("v.scatter_nd_update([2, 2], [1.0, 2.0])", id="twice"),
    pytest.param("y = tf.tensor_scatter_nd_update(m, [1, 3], [7.0])", id="coordinate-too-large"),
]


@pytest.mark.parametrize("text", FLAT)
def test_brackets_are_not_mended_around_wrong_indices(look: Look, text: str) -> None:
    (finding,) = found(look, text, "TFS107", "TFS108", "TFS109")
    assert (finding.rule.code, finding.fix) == ("TFS107", None)
