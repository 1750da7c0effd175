"""TFS303: what a mask of positions becomes, and which masks are what ``tf.where`` is for."""

from __future__ import annotations

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability, Finding, Reason

HEAD = (
    "import numpy as np\n"
    "import tensorflow as tf\n"
    "\n"
    "v = tf.Variable(tf.zeros([5]))\n"
    "n = tf.Variable([1, 2, 3])\n"
    "m = tf.Variable(tf.zeros([4, 3]))\n"
    "c = tf.Variable(tf.zeros([2, 5, 3]))\n"
)


def found(look: Look, text: str) -> list[Finding]:
    """The findings of this rule."""
    return [finding for finding in look(HEAD + text) if finding.rule.code == "TFS303"]


SAFE = [
    pytest.param(
        "v.assign(tf.where(tf.range(5) == 2, 9.0, v))",
        "v.scatter_nd_update([[2]], [9.0])",
        id="one-position",
    ),
    pytest.param(
        "v.assign(tf.where(tf.equal(2, tf.range(v.shape[0])), 9.0, v))",
        "v.scatter_nd_update([[2]], [9.0])",
        id="function-and-operands-turned",
    ),
    pytest.param(
        "v.assign(tf.where(tf.range(tf.shape(v)[0]) != 2, v.value(), tf.constant(9.0)))",
        "v.scatter_nd_update([[2]], [tf.constant(9.0)])",
        id="unequal-and-branches-turned",
    ),
    pytest.param(
        "v.assign(tf.where(tf.logical_not(tf.range(5) == 2), tf.identity(v), 9.0))",
        "v.scatter_nd_update([[2]], [9.0])",
        id="negated",
    ),
    pytest.param(
        "v.assign(value=tf.where(y=v, x=v[0] * 2.0, condition=tf.range(5) == 2))",
        "v.scatter_nd_update([[2]], [v[0] * 2.0])",
        id="keywords",
    ),
    pytest.param(
        "v.assign(tf.where(tf.one_hot(2, 5, True, False), 9.0, v))",
        "v.scatter_nd_update([[2]], [9.0])",
        id="one-hot-of-bools",
    ),
    pytest.param(
        "v.assign(tf.where(tf.one_hot(2, depth=5) > 0.5, 9.0, v))",
        "v.scatter_nd_update([[2]], [9.0])",
        id="one-hot-compared",
    ),
    pytest.param(
        "v.assign(tf.where(tf.cast(tf.one_hot(2, 5), tf.bool), 9.0, v))",
        "v.scatter_nd_update([[2]], [9.0])",
        id="one-hot-cast",
    ),
    pytest.param(
        "v.assign(tf.where(tf.sequence_mask(2, maxlen=5), 9.0, v))",
        "v[:2].assign(9.0)",
        id="sequence-mask",
    ),
    pytest.param(
        "v.assign(tf.where(2 > tf.range(5), 9.0, v))", "v[:2].assign(9.0)", id="first-ones"
    ),
    pytest.param(
        "v.assign(tf.where(tf.range(5) >= 2, 9.0, v))", "v[2:].assign(9.0)", id="last-ones"
    ),
    pytest.param(
        "for i in range(5):\n    v.assign(tf.where(tf.range(5) == i, 9.0, v))",
        "for i in range(5):\n    v.scatter_nd_update([[i]], [9.0])",
        id="loop",
    ),
    pytest.param(
        "def f(x):\n"
        "    x = tf.reshape(tf.cast(x, tf.float32), [])\n"
        "    i = tf.argmax(v)\n"
        "    return v.assign(tf.where(tf.range(5, dtype=tf.int64) == i, x, v))",
        "def f(x):\n"
        "    x = tf.reshape(tf.cast(x, tf.float32), [])\n"
        "    i = tf.argmax(v)\n"
        "    return v[i].assign(x)",
        id="scalar-tensor",
    ),
    pytest.param(
        "m.assign(tf.where(tf.range(4)[:, tf.newaxis] == 2, tf.ones([3]), m))",
        "m.scatter_nd_update([[2]], [tf.ones([3])])",
        id="row",
    ),
    pytest.param(
        "m.assign(tf.where(tf.reshape(tf.range(4) == 2, [-1, 1]), 9.0, m))",
        "m[2].assign(9.0)",
        id="row-of-one-number",
    ),
    pytest.param(
        "m.assign(tf.where(tf.range(3) == 2, 9.0, m))", "m[:, 2].assign(9.0)", id="column"
    ),
    pytest.param(
        "c.assign(tf.where(tf.expand_dims(tf.range(5), -1) < 2, tf.ones([3]), c))",
        "c[:, :2].assign(tf.ones([3]))",
        id="middle-axis",
    ),
    pytest.param(
        "n.assign(n * (1 - tf.one_hot(1, 3, dtype=tf.int32))"
        " + tf.one_hot(1, 3, dtype=tf.int32) * 9)",
        "n.scatter_nd_update([[1]], [9])",
        id="sum-of-products-of-ints",
    ),
    pytest.param(
        "try:\n    v.assign(tf.where(tf.range(5) == 2, 9.0, v))\nfinally:\n    pass",
        "try:\n    v.scatter_nd_update([[2]], [9.0])\nfinally:\n    pass",
        id="handler-that-has-nothing-to-see",
    ),
    pytest.param(
        "import keras\nk = keras.Variable(tf.zeros([5]), dtype='float32')\n"
        "k.assign(tf.where(tf.range(5) == 2, 9.0, k))",
        "import keras\nk = keras.Variable(tf.zeros([5]), dtype='float32')\n"
        "k.assign(tf.tensor_scatter_nd_update(k, [[2]], [9.0]))",
        id="keras-3-variable",
    ),
]


@pytest.mark.parametrize(("before", "after"), SAFE)
def test_a_mask_of_positions_becomes_an_update(look: Look, before: str, after: str) -> None:
    (finding,) = found(look, before)
    assert finding.reason is None
    assert fixed(HEAD + before, [finding], Applicability.SAFE) == HEAD + after
    assert found(look, after) == []


UNSAFE = [
    pytest.param(
        "v.assign(v * (1 - tf.one_hot(2, 5)) + 9.0 * tf.one_hot(2, 5))",
        "v.scatter_nd_update([[2]], [9.0])",
        Reason.CHANGES_MEANING,
        id="sum-of-products",
    ),
    pytest.param(
        "v.assign(tf.cast(tf.range(5) < 2, tf.float32) * 9.0"
        " + (1.0 - tf.cast(tf.range(5) < 2, tf.float32)) * v)",
        "v[:2].assign(9.0)",
        Reason.CHANGES_MEANING,
        id="sum-of-products-turned",
    ),
    pytest.param(
        "def f(i: int):\n    v.assign(tf.where(tf.range(5) == i, 9.0, v))",
        "def f(i: int):\n    v[i].assign(9.0)",
        Reason.MAYBE_OUT_OF_RANGE,
        id="index-from-elsewhere-may-be-none",
    ),
    pytest.param(
        "for i in range(6):\n    v.assign(tf.where(tf.range(5) == i, 9.0, v))",
        "for i in range(6):\n    v[i].assign(9.0)",
        Reason.MAYBE_OUT_OF_RANGE,
        id="loop-that-goes-too-far",
    ),
    pytest.param(
        "for i in range(-1, 4):\n    v.assign(tf.where(tf.one_hot(i, 5) > 0, 9.0, v))",
        "for i in range(-1, 4):\n    v[i].assign(9.0)",
        Reason.MAYBE_OUT_OF_RANGE,
        id="loop-that-starts-below",
    ),
    pytest.param(
        "def f(k: int):\n    v.assign(tf.where(tf.range(5) < k, 9.0, v))",
        "def f(k: int):\n    v[:k].assign(9.0)",
        Reason.MAYBE_NEGATIVE_INDEX,
        id="length-that-may-be-negative",
    ),
    pytest.param(
        "v.assign(tf.where(tf.range(5) == 2, 9, v))",
        "v.scatter_nd_update([[2]], [9])",
        Reason.DTYPE_CAST,
        id="int-for-floats-which-a-graph-refuses",
    ),
    pytest.param(
        "def f(x: float):\n    v.assign(tf.where(tf.range(5) == 2, x, v))",
        "def f(x: float):\n    v.scatter_nd_update([[2]], [x])",
        Reason.DTYPE_CAST,
        id="float-that-may-be-a-double-of-numpy",
    ),
    pytest.param(
        "def f(x):\n    v.assign(tf.where(tf.range(5) == 2, x, v))",
        "def f(x):\n    v[2].assign(x)",
        Reason.UNKNOWN_VALUE,
        id="value-from-elsewhere",
    ),
    pytest.param(
        "def f(x):\n    v.assign(tf.where(tf.range(5) == 2, tf.cast(x, tf.float32), v))",
        "def f(x):\n    v[2].assign(tf.cast(x, tf.float32))",
        Reason.UNKNOWN_SHAPE,
        id="tensor-that-may-be-as-large-as-the-variable",
    ),
    pytest.param(
        "a = np.argmax(np.zeros([5]))\nv.assign(tf.where(tf.range(5) == a, 9.0, v))",
        "a = np.argmax(np.zeros([5]))\nv[a].assign(9.0)",
        Reason.UNKNOWN_INDEX,
        id="index-of-64-bits-of-numpy",
    ),
    pytest.param(
        "v.assign(tf.where(tf.range(5) == 2, 9.0, v), read_value=False)",
        "v.scatter_nd_update([[2]], [9.0])",
        Reason.NO_REWRITE,
        id="option",
    ),
    pytest.param(
        "tf.distribute.MirroredStrategy()\nv.assign(tf.where(tf.range(5) == 2, 9.0, v))",
        "tf.distribute.MirroredStrategy()\nv.scatter_nd_update([[2]], [9.0])",
        Reason.MAYBE_DISTRIBUTED,
        id="strategy-in-the-project",
    ),
    pytest.param(
        "@tf.function(jit_compile=True)\ndef f():\n    v.assign(tf.where(tf.range(5) < 2, 9.0, v))",
        "@tf.function(jit_compile=True)\ndef f():\n    v[:2].assign(9.0)",
        Reason.NO_XLA_KERNEL,
        id="slice-that-xla-does-not-broadcast-to",
    ),
]


@pytest.mark.parametrize(("before", "after", "reason"), UNSAFE)
def test_a_mask_becomes_an_update_unasked_only_where_sure(
    look: Look, before: str, after: str, reason: Reason
) -> None:
    (finding,) = found(look, before)
    assert finding.fix is not None
    assert (finding.fix.applicability, finding.reason) == (Applicability.UNSAFE, reason)
    assert fixed(HEAD + before, [finding], Applicability.UNSAFE) == HEAD + after


REFUSED = [
    pytest.param(
        "v.assign(tf.where(tf.range(5) == -1, 9.0, v))",
        Reason.MAYBE_OUT_OF_RANGE,
        id="negative-index-writes-nothing",
    ),
    pytest.param(
        "v.assign(tf.where(tf.one_hot(5, 5) > 0, 9.0, v))",
        Reason.MAYBE_OUT_OF_RANGE,
        id="index-beyond-writes-nothing",
    ),
    pytest.param(
        "v.assign(tf.where(tf.sequence_mask(-1, 5), 9.0, v))",
        Reason.MAYBE_NEGATIVE_INDEX,
        id="negative-length-writes-nothing",
    ),
    pytest.param(
        "i = 2\ni = -1\nv.assign(tf.where(tf.range(5) == i, 9.0, v))",
        Reason.MAYBE_OUT_OF_RANGE,
        id="index-bound-again",
    ),
    pytest.param(
        "def f(i):\n    v.assign(tf.where(tf.range(5) == i, 9.0, v))",
        Reason.UNKNOWN_INDEX,
        id="index-that-may-be-a-vector",
    ),
    pytest.param(
        "v.assign(tf.where(tf.range(5) <= 2, 9.0, v))", Reason.NO_REWRITE, id="up-to-and-with"
    ),
    pytest.param(
        "mask = tf.one_hot(2, 5)\nv.assign(v * (1 - mask) + 9.0 * mask)",
        Reason.NO_REWRITE,
        id="mask-with-a-name",
    ),
    pytest.param(
        "v.assign(tf.where(tf.range(5) == 2, tf.ones([5]), v))",
        Reason.UNKNOWN_SHAPE,
        id="element-of-another-vector",
    ),
    pytest.param(
        "m.assign(tf.where(tf.range(3) == 1, tf.ones([3]), m))",
        Reason.UNKNOWN_SHAPE,
        id="column-of-an-element-of-another-vector",
    ),
    pytest.param(
        "m.assign(tf.where(tf.range(4)[:, None] == 1, tf.ones([4, 1]), m))",
        Reason.UNKNOWN_SHAPE,
        id="row-of-another-matrix",
    ),
    pytest.param(
        "o = tf.Variable([0.0])\no.assign(tf.where(tf.range(1) == 0, 9.0, o))",
        Reason.UNKNOWN_SHAPE,
        id="axis-of-length-one-may-be-any",
    ),
    pytest.param(
        "def f(size: int):\n    v.assign(tf.where(tf.range(size) == 2, 9.0, v))",
        Reason.UNKNOWN_SHAPE,
        id="length-from-elsewhere",
    ),
    pytest.param(
        "u = tf.Variable([1.0], shape=[None])\n"
        "u.assign(tf.where(tf.range(tf.shape(u)[0]) == 0, 9.0, u))",
        Reason.UNKNOWN_SHAPE,
        id="shape-that-may-change",
    ),
    pytest.param(
        "def f(u: tf.Variable):\n    u.assign(tf.where(tf.range(5) == 2, 9.0, u))",
        Reason.UNKNOWN_RANK,
        id="variable-from-elsewhere",
    ),
    pytest.param(
        "v.assign(tf.where(tf.range(4) == 2, 9.0, v))", Reason.ALWAYS_RAISES, id="wrong-length"
    ),
    pytest.param(
        "i = tf.argmax(v)\nv.assign(tf.where(tf.range(5) == i, 9.0, v))",
        Reason.ALWAYS_RAISES,
        id="int64-compared-with-int32",
    ),
    pytest.param(
        "n.assign(tf.where(tf.range(3) == 2, tf.ones([]), n))",
        Reason.ALWAYS_RAISES,
        id="float-tensor-for-ints",
    ),
    pytest.param(
        "n.assign(n * (1 - tf.one_hot(1, 3)) + 9 * tf.one_hot(1, 3))",
        Reason.ALWAYS_RAISES,
        id="float-mask-of-ints",
    ),
    pytest.param(
        "n.assign(n * (1 - tf.one_hot(1, 3, dtype=tf.int32))"
        " + g() * tf.one_hot(1, 3, dtype=tf.int32))",
        Reason.SIDE_EFFECTS,
        id="variable-read-before-a-call",
    ),
    pytest.param(
        "v.assign(tf.where(tf.range(5) == 2,  # the third\n                  9.0, v))",
        Reason.COMMENT_INSIDE,
        id="comment",
    ),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_reported_without_a_fix(look: Look, text: str, reason: Reason) -> None:
    (finding,) = found(look, text)
    assert (finding.fix, finding.reason) == (None, reason)


NO_OPS = [
    pytest.param("v.assign(tf.where(v > 0, 9.0, v))", id="mask-of-the-elements"),
    pytest.param("v.assign(tf.where(tf.math.is_nan(v), 0.0, v))", id="not-a-number"),
    pytest.param("def f(mask, x):\n    v.assign(tf.where(mask, x, v))", id="mask-from-elsewhere"),
    pytest.param(
        "def f(better, x):\n    v.assign(tf.where(better < v, x, v))", id="best-so-far-is-kept"
    ),
    pytest.param("v.assign(tf.where(tf.range(5) == 2, v, 0.0))", id="all-but-one-changed"),
    pytest.param("v.assign(tf.where(tf.range(5) == 2, 9.0, n))", id="another-variable"),
    pytest.param("v.assign(tf.where(tf.range(5) % 2 == 0, 9.0, v))", id="every-other-one"),
    pytest.param("v.assign(tf.where(tf.range(5)[::-1] == 2, 9.0, v))", id="counted-backwards"),
    pytest.param("v.assign(tf.where(tf.range(1, 6) == 2, 9.0, v))", id="counted-from-one"),
    pytest.param("v.assign(tf.where(tf.range(0, 10, 2) == 2, 9.0, v))", id="counted-by-twos"),
    pytest.param("v.assign(tf.where(tf.range(5.0) == 2.0, 9.0, v))", id="counted-in-floats"),
    pytest.param(
        "v.assign(tf.where(tf.range(5) == tf.constant([0, 1, 2, 2, 4]), 9.0, v))",
        id="index-for-each-element",
    ),
    pytest.param(
        "def f(at):\n    m.assign(tf.where(tf.range(3)[None, :] == at[:, None], 9.0, m))",
        id="index-for-each-row",
    ),
    pytest.param(
        "def f(lengths):\n    m.assign(tf.where(tf.sequence_mask(lengths, 3), 9.0, m))",
        id="length-for-each-row",
    ),
    pytest.param(
        "def f(y):\n    m.assign(tf.where(tf.one_hot(y, 3, True, False), 9.0, m))",
        id="one-hot-of-a-batch",
    ),
    pytest.param(
        "v.assign(tf.where((tf.range(5) == 2) & (v > 0), 9.0, v))", id="condition-besides"
    ),
    pytest.param("v.assign(tf.where(2 > tf.range(5) > 0, 9.0, v))", id="chained-comparison"),
    pytest.param("v.assign(tf.where(tf.range(5) == 2, 9.0, v, name='n'))", id="name"),
    pytest.param("v.assign(tf.where(*[tf.range(5) == 2, 9.0], v))", id="starred"),
    pytest.param("v.assign(v * (1 - tf.one_hot(2, 5)) + 9.0 * tf.one_hot(3, 5))", id="two-masks"),
    pytest.param("v.assign(v * tf.one_hot(2, 5) + 9.0 * (1 - tf.one_hot(2, 5)))", id="complement"),
    pytest.param("v.assign(v * 0.9 + 0.1 * tf.one_hot(2, 5))", id="moving-average"),
    pytest.param("def f(t):\n    v.assign(v * (1 - t) + n * t)", id="blend-by-a-number"),
    pytest.param(
        "mask = tf.range(5) == 2\nif v[0] > 1:\n    mask = v > 0\nv.assign(tf.where(mask, 9.0, v))",
        id="mask-that-is-one-of-two",
    ),
    pytest.param(
        "k = 2\nmask = tf.range(5) == k\nk = 3\nv.assign(tf.where(mask, 9.0, v))",
        id="mask-of-an-index-bound-again",
    ),
    pytest.param(
        "n.assign(n * (1.0 - tf.one_hot(1, 3, dtype=tf.int32))"
        " + 9 * tf.one_hot(1, 3, dtype=tf.int32))",
        id="float-less-ints",
    ),
    pytest.param("def f(u):\n    u.assign(tf.where(tf.range(5) == 2, 9.0, u))", id="parameter"),
    pytest.param("def f(tf):\n    v.assign(tf.where(tf.range(5) == 2, 9.0, v))", id="other-module"),
    pytest.param(
        "range = np.arange\nv.assign(tf.where(range(5) == 2, 9.0, v))", id="positions-of-numpy"
    ),
    pytest.param(
        "y = tf.where(tf.range(5) == 2, 9.0, v)", id="variable-is-not-written"
    ),
    pytest.param(
        "print(v + 1.0, tf.reduce_sum(v))\nv.assign(tf.where(tf.range(5) == 2, 9.0, v))",
        id="read-more-often-than-written",
    ),
]  # fmt: skip


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert [one for one in found(look, text) if not one.declined] == []
