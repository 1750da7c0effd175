"""TFS305: what a dense delta becomes, and which deltas are meant to be dense."""

from __future__ import annotations

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability, Reason

HEAD = (
    "import numpy as np\n"
    "import tensorflow as tf\n"
    "\n"
    "v = tf.Variable(tf.zeros([5]))\n"
    "n = tf.Variable([1, 2, 3])\n"
    "m = tf.Variable(tf.zeros([4, 3]))\n"
)

SAFE = [
    pytest.param(
        "v.assign_add(tf.scatter_nd([[1]], [2.0], v.shape))",
        "v.scatter_nd_add([[1]], [2.0])",
        id="add",
    ),
    pytest.param(
        "v.assign_sub(tf.scatter_nd([[1], [3]], [2.0, 3.0], [5]))",
        "v.scatter_nd_sub([[1], [3]], [2.0, 3.0])",
        id="subtract-with-the-shape-spelled-out",
    ),
    pytest.param(
        "v.assign(v + tf.scatter_nd([[1]], [2.0], tf.shape(v)))",
        "v.scatter_nd_add([[1]], [2.0])",
        id="sum",
    ),
    pytest.param(
        "v.assign(v - tf.scatter_nd([[1]], [2.0], v.get_shape()))",
        "v.scatter_nd_sub([[1]], [2.0])",
        id="difference",
    ),
    pytest.param(
        "v.assign_add(delta=tf.scatter_nd(shape=(v.shape), indices=[[1]], updates=[2.0]))",
        "v.scatter_nd_add(indices=[[1]], updates=[2.0])",
        id="keywords",
    ),
    pytest.param(
        "n.assign_add(tf.scatter_nd([[1], [1]], [2, 3], n.shape))",
        "n.scatter_nd_add([[1], [1]], [2, 3])",
        id="equal-indices-of-ints",
    ),
    pytest.param(
        "SIZE = 5\nv.assign_add(tf.scatter_nd([[1]], [2.0], [SIZE]))",
        "SIZE = 5\nv.scatter_nd_add([[1]], [2.0])",
        id="constant-size",
    ),
    pytest.param(
        "v.assign_add(tf.scatter_nd(tf.where([True, False, True]), tf.ones([2]), v.shape))",
        "v.scatter_nd_add(tf.where([True, False, True]), tf.ones([2]))",
        id="places-that-differ-by-their-making",
    ),
    pytest.param(
        "def f(i: int, x):\n"
        "    m.assign_add(tf.scatter_nd([[i]], tf.reshape(tf.cast(x, tf.float32), [1, 3]), (4, 3)))",
        "def f(i: int, x):\n"
        "    m.scatter_nd_add([[i]], tf.reshape(tf.cast(x, tf.float32), [1, 3]))",
        id="row",
    ),
    pytest.param(
        "y = v.assign_add(tf.scatter_nd([[1]], [2.0], v.shape))",
        "y = v.scatter_nd_add([[1]], [2.0])",
        id="value-used",
    ),
    pytest.param(
        "n.assign_add(\n    tf.scatter_nd(\n        [[1]],  # the second\n        [2],\n"
        "        n.shape,\n    )\n)",
        "n.scatter_nd_add(\n        [[1]],  # the second\n        [2],\n    )",
        id="comments-kept",
    ),
]


@pytest.mark.parametrize(("before", "after"), SAFE)
def test_a_dense_delta_becomes_a_scatter(look: Look, before: str, after: str) -> None:
    (found,) = look(HEAD + before)
    assert (found.rule.code, found.reason) == ("TFS305", None)
    assert fixed(HEAD + before, [found], Applicability.SAFE) == HEAD + after
    assert look(HEAD + after) == []


UNSAFE = [
    pytest.param(
        "v.assign_add(tf.scatter_nd([[1], [1]], [2.0, 3.0], v.shape))",
        Reason.MAYBE_DUPLICATE_INDEX,
        id="equal-indices-round-otherwise",
    ),
    pytest.param(
        "def f(i, x):\n"
        "    v.assign_add(tf.scatter_nd(tf.reshape(i, [-1, 1]), tf.cast(x, tf.float32), v.shape))",
        Reason.MAYBE_DUPLICATE_INDEX,
        id="indices-from-elsewhere",
    ),
    pytest.param(
        "def f(size):\n    v.assign_add(tf.scatter_nd([[0]], [2.0], [size]))",
        Reason.UNKNOWN_SHAPE,
        id="shape-that-may-be-broadcast",
    ),
    pytest.param(
        "def f(size):\n    v.assign_add(tf.scatter_nd([[0]], [2.0], [size()]))",
        Reason.SIDE_EFFECTS,
        id="shape-by-a-call",
    ),
    pytest.param(
        "u = tf.Variable([1.0], shape=tf.TensorShape([None]))\n"
        "u.assign_add(tf.scatter_nd([[0]], [2.0], u.shape))",
        Reason.UNKNOWN_SHAPE,
        id="shape-that-may-change",
    ),
    pytest.param(
        "def f(x):\n    v.assign_add(tf.scatter_nd([[0]], tf.reshape(x, [1]), v.shape))",
        Reason.DTYPE_CAST,
        id="updates-of-unknown-dtype",
    ),
    pytest.param(
        "def f(x: float):\n    v.assign_add(tf.scatter_nd([[0]], [x], v.shape))",
        Reason.DTYPE_CAST,
        id="float-that-may-be-a-double-of-numpy",
    ),
    pytest.param(
        "def f(i):\n"
        "    n.assign_add(tf.scatter_nd(tf.reshape(i, [-1, 1]), tf.ones([2], tf.int32), tf.shape(n)))",
        Reason.UNKNOWN_INDEX,
        id="indices-that-may-not-have-the-dtype-of-the-shape",
    ),
    pytest.param(
        "def f(i):\n    n.assign_add(tf.scatter_nd(i, [2], n.shape))",
        Reason.UNKNOWN_RANK,
        id="indices-that-may-be-a-flat-list",
    ),
    pytest.param(
        "v.assign_add(tf.scatter_nd([[1]], [2.0], v.shape), read_value=False)",
        Reason.NO_REWRITE,
        id="option",
    ),
    pytest.param(
        "v.assign_add(tf.compat.v1.scatter_nd([[1]], [2.0], v.shape))",
        Reason.GRAPH_MODE,
        id="function-of-tensorflow-1",
    ),
    pytest.param(
        "tf.distribute.MirroredStrategy()\nv.assign_add(tf.scatter_nd([[1]], [2.0], v.shape))",
        Reason.MAYBE_DISTRIBUTED,
        id="strategy-in-the-project",
    ),
]


@pytest.mark.parametrize(("text", "reason"), UNSAFE)
def test_a_dense_delta_becomes_a_scatter_unasked_only_where_sure(
    look: Look, text: str, reason: Reason
) -> None:
    (found,) = look(HEAD + text)
    assert found.rule.code == "TFS305"
    assert found.fix is not None
    assert (found.fix.applicability, found.reason) == (Applicability.UNSAFE, reason)


REFUSED = [
    pytest.param("def f(i: int, x):\n    v.assign_add(tf.one_hot(i, 5) * x)", id="one-hot"),
    pytest.param("v.assign(v - 2.0 * tf.one_hot(2, 5))", id="one-hot-behind-the-factor"),
    pytest.param("v.assign_add(tf.one_hot(indices=2, depth=5))", id="one-hot-alone"),
    pytest.param("v.assign_add(tf.pad(tf.ones([2]), [[1, 2]]))", id="pad"),
    pytest.param("def f(s):\n    v.assign_add(tf.sparse.to_dense(s))", id="sparse-tensor"),
    pytest.param(
        "v.assign_sub(tf.convert_to_tensor(tf.IndexedSlices([2.0], [1], [5])))", id="slices"
    ),
    pytest.param("v.assign_add(tf.scatter_nd([1], 2.0, v.shape))", id="one-coordinate"),
    pytest.param("v.assign_add(tf.scatter_nd([[1]], [2.0], (v.shape)))", id="brackets"),
    pytest.param("v.assign_add(tf.scatter_nd([[1]], [2.0], v.shape, 'n'))", id="name"),
]


@pytest.mark.parametrize("text", REFUSED)
def test_other_deltas_are_reported(look: Look, text: str) -> None:
    (found,) = look(HEAD + text)
    assert (found.rule.code, found.fix, found.reason) == ("TFS305", None, Reason.NO_REWRITE)


FAILING = [
    pytest.param("v.assign_add(tf.scatter_nd([[-1]], [2.0], v.shape))", id="negative-index"),
    pytest.param("v.assign_add(tf.scatter_nd([[5]], [2.0], v.shape))", id="index-beyond"),
    pytest.param("v.assign_add(tf.scatter_nd([[1]], [2], v.shape))", id="ints-for-floats"),
    pytest.param("v.assign_add(tf.scatter_nd([[1]], np.ones([1]), v.shape))", id="doubles"),
    pytest.param(
        "v.assign_add(tf.scatter_nd(tf.constant([[1]], tf.int64), [2.0], tf.shape(v)))",
        id="indices-of-another-dtype-than-the-shape",
    ),
    pytest.param("v.assign_add(tf.scatter_nd([[1]], [2.0, 3.0], v.shape))", id="too-many-updates"),
]


@pytest.mark.parametrize("text", FAILING)
def test_what_always_raises_gets_no_fix(look: Look, text: str) -> None:
    (found,) = look(HEAD + text)
    assert (found.rule.code, found.fix, found.reason) == ("TFS305", None, Reason.ALWAYS_RAISES)


DECLINED = [
    pytest.param(
        "print(v + 1.0, tf.reduce_sum(v))\nv.assign_add(tf.scatter_nd([[1]], [2.0], v.shape))",
        Reason.READ_DENSELY,
        id="read-more-often-than-written",
    ),
    pytest.param(
        "import keras\nk = keras.Variable(tf.zeros([5]), dtype='float32')\n"
        "k.assign_add(tf.scatter_nd([[1]], [2.0], k.shape))",
        Reason.KERAS_VARIABLE,
        id="keras-3-variable",
    ),
]


@pytest.mark.parametrize(("text", "reason"), DECLINED)
def test_the_dense_form_is_let_pass(look: Look, text: str, reason: Reason) -> None:
    (found,) = look(HEAD + text)
    assert (found.declined, found.reason) == (True, reason)


NO_OPS = [
    pytest.param("def step(g):\n    v.assign_sub(0.1 * g)", id="gradient"),
    pytest.param("def f(b):\n    v.assign_add(tf.reduce_sum(b, 0))", id="sum-over-a-batch"),
    pytest.param(
        "def f(y):\n    v.assign_add(tf.reduce_sum(tf.one_hot(y, 5), 0))", id="counting-a-batch"
    ),
    pytest.param(
        "def f(y):\n    m.assign_add(tf.one_hot(y, 3))", id="one-hot-of-what-may-be-a-batch"
    ),
    pytest.param("m.assign_add(tf.one_hot([0, 1, 2, 0], 3))", id="one-hot-of-every-row"),
    pytest.param("v.assign_add(tf.one_hot(2, 5, 1.0, 0.5))", id="one-hot-with-an-off-value"),
    pytest.param(
        "v.assign_add(tf.pad(tf.ones([2]), [[1, 2]], constant_values=1.0))", id="pad-with-ones"
    ),
    pytest.param("v.assign_add(tf.pad(tf.ones([3]), [[1, 1]], 'REFLECT'))", id="pad-by-reflection"),
    pytest.param("v.assign(tf.scatter_nd([[1]], [2.0], v.shape))", id="replaced-as-a-whole"),
    pytest.param("v.assign(n + tf.scatter_nd([[1]], [2], n.shape))", id="another-variable"),
    pytest.param("v.assign(tf.scatter_nd([[1]], [2.0], v.shape) - v)", id="sign-turned"),
    pytest.param("v.assign_add(tf.scatter_nd([[0]], [2.0], [1]))", id="broadcast"),
    pytest.param("m.assign(m + tf.scatter_nd([[1]], [2.0], [3]))", id="broadcast-of-a-row"),
    pytest.param("def f(v, d):\n    v.assign_add(tf.scatter_nd(d, d, v.shape))", id="parameter"),
    pytest.param("y = tf.zeros([5]) + tf.scatter_nd([[1]], [2.0], [5])", id="tensor"),
    pytest.param(
        "def f(tf):\n    v.assign_add(tf.scatter_nd([[1]], [2.0], v.shape))", id="other-module"
    ),
    pytest.param(
        "print(v + 1.0, tf.reduce_sum(v))\nv.assign_add(tf.one_hot(2, 5))",
        id="one-hot-of-a-variable-that-is-read-densely",
    ),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert [one for one in look(HEAD + text) if not one.declined] == []
