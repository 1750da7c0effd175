"""TFS107: shapes of a scatter that cannot fit, and the brackets that would."""

from __future__ import annotations

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability

HEAD = (
    "import tensorflow as tf\n"
    "\n"
    "v = tf.Variable(tf.zeros([4, 3]))\n"
    "w = tf.Variable(tf.zeros([5]))\n"
    "c = tf.zeros([2, 2, 2])\n"
)

MENDED = [
    pytest.param(
        "y = tf.tensor_scatter_nd_update(c, [[0, 1, 0]], [[100.0]])",
        "y = tf.tensor_scatter_nd_update(c, [[0, 1, 0]], [100.0])",
        id="one-bracket-too-many",
    ),
    pytest.param(
        "y = tf.tensor_scatter_nd_update(c, [[0, 1, 0]], 100.0)",
        "y = tf.tensor_scatter_nd_update(c, [[0, 1, 0]], [100.0])",
        id="scalar-for-one-entry",
    ),
    pytest.param(
        "y = tf.tensor_scatter_nd_add(w, [[0], [2]], 1.0)",
        "y = tf.tensor_scatter_nd_add(w, [[0], [2]], [1.0, 1.0])",
        id="scalar-for-two-entries",
    ),
    pytest.param(
        "y = tf.tensor_scatter_nd_update(w, [[0], [2]], [[1.0], [2.0]])",
        "y = tf.tensor_scatter_nd_update(w, [[0], [2]], [1.0, 2.0])",
        id="each-entry-in-brackets",
    ),
    pytest.param(
        "y = tf.tensor_scatter_nd_update(v, [[1]], [1.0, 2.0, 3.0])",
        "y = tf.tensor_scatter_nd_update(v, [[1]], [[1.0, 2.0, 3.0]])",
        id="one-row-without-its-bracket",
    ),
    pytest.param(
        "w.scatter_nd_update([2, 4], [10.0, 20.0])",
        "w.scatter_nd_update([[2], [4]], [10.0, 20.0])",
        id="rank-one-indices-in-place",
    ),
    pytest.param(
        "w.scatter_nd_update(indices=[2, 4], updates=[10.0, 20.0])",
        "w.scatter_nd_update(indices=[[2], [4]], updates=[10.0, 20.0])",
        id="rank-one-indices-as-keywords",
    ),
    pytest.param(
        "y = tf.tensor_scatter_nd_update(w, [2, 4], [10.0, 20.0])",
        "y = tf.tensor_scatter_nd_update(w, [[2], [4]], [10.0, 20.0])",
        id="rank-one-indices-of-a-vector",
    ),
    pytest.param(
        "y = tf.tensor_scatter_nd_update(v, [1, 2], [7.0])",
        "y = tf.tensor_scatter_nd_update(v, [[1, 2]], [7.0])",
        id="one-coordinate-without-its-bracket",
    ),
    pytest.param(
        "y = tf.tensor_scatter_nd_update(v, [1, 2], 7.0)",
        "y = tf.tensor_scatter_nd_update(v, [[1, 2]], [7.0])",
        id="one-coordinate-and-a-scalar",
    ),
]


@pytest.mark.parametrize(("before", "after"), MENDED)
def test_mended_brackets(look: Look, before: str, after: str) -> None:
    (found,) = look(HEAD + before)
    assert found.rule.code == "TFS107"
    assert fixed(HEAD + before, [found], Applicability.UNSAFE) == HEAD + after
    assert look(HEAD + after) == []


REPORTED = [
    pytest.param("y = tf.tensor_scatter_nd_update(w, [[0, 1]], [1.0])", id="depth-over-rank"),
    pytest.param("y = tf.tensor_scatter_nd_update(w, [[0]], [1.0, 2.0])", id="too-many-updates"),
    pytest.param("y = tf.tensor_scatter_nd_update(v, [[0]], [[1.0, 2.0]])", id="row-too-short"),
    pytest.param("w.scatter_nd_add([[0], [1]], [1.0])", id="too-few-updates-in-place"),
    pytest.param("v.scatter_nd_update([[0]], tf.ones([3]))", id="row-tensor-without-its-axis"),
    pytest.param("def f(x, y):\n    w.scatter_nd_update([1, 2, 3], x)", id="rank-one-and-unknown"),
    pytest.param(
        "y = tf.tensor_scatter_nd_update(c, [[0, 1]], tf.ones([3, 2]))", id="tensor-of-other-length"
    ),
]


@pytest.mark.parametrize("text", REPORTED)
def test_reported(look: Look, text: str) -> None:
    (found,) = look(HEAD + text)
    assert found.rule.code == "TFS107"
    assert found.reason is not None


NO_OPS = [
    pytest.param("y = tf.tensor_scatter_nd_update(c, [[0, 1, 0]], [1.0])", id="element"),
    pytest.param("y = tf.tensor_scatter_nd_update(c, [[0, 1]], tf.ones([1, 2]))", id="row"),
    pytest.param("y = tf.tensor_scatter_nd_update(v, [1], [1.0, 2.0, 3.0])", id="rank-one-row"),
    pytest.param("w.scatter_nd_update([2], [10.0])", id="rank-one-of-length-one"),
    pytest.param(
        "y = tf.tensor_scatter_nd_update(c, [[[0, 1, 0], [1, 1, 1]]], [[1.0, 2.0]])",
        id="indices-of-rank-three",
    ),
    pytest.param("def f(i, x):\n    w.scatter_nd_update(i, x)", id="unknown"),
    pytest.param("def f(x):\n    w.scatter_nd_update([[1]], x)", id="unknown-updates"),
    pytest.param(
        "def f(t):\n    return tf.tensor_scatter_nd_update(t, [[0, 1, 0]], [[100.0]])",
        id="unknown-tensor",
    ),
    pytest.param(
        "def f(n):\n    return tf.tensor_scatter_nd_update(tf.zeros([n]), [[0], [1]],"
        " tf.ones([n]))",
        id="symbolic-length",
    ),
    pytest.param("y = tf.scatter_nd([[1]], [2.0], [5])", id="scatter_nd"),
    pytest.param(
        "def f(table):\n    table.scatter_nd_update([1, 2], [3, 4])", id="method-of-who-knows-what"
    ),
    pytest.param(
        "y = tf.tensor_scatter_nd_update(v, tf.where(v > 0.0), tf.zeros([2]))",
        id="as-many-as-there-are",
    ),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert look(HEAD + text) == []
