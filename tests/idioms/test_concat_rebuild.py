"""TFS302: what a variable put together from its own pieces becomes, and what is left alone."""

from __future__ import annotations

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability, Reason

HEAD = (
    "import numpy as np\n"
    "import tensorflow as tf\n"
    "\n"
    "v = tf.Variable(tf.zeros([5]))\n"
    "n = tf.Variable([1, 2, 3, 4])\n"
    "m = tf.Variable(tf.zeros([4, 3]))\n"
)


def around(new: str, before: str = "v[:2]", after: str = "v[3:]") -> str:
    return f"v.assign(tf.concat([{before}, {new}, {after}], 0))"


SAFE = [
    pytest.param(around("[7.0]"), "v.scatter_nd_update([[2]], [7.0])", id="element"),
    pytest.param(
        "v.assign(tf.concat([[7.0], v[1:]], axis=0))",
        "v.scatter_nd_update([[0]], [7.0])",
        id="first",
    ),
    pytest.param(
        "v.assign(tf.concat([v[:-1], [7.0]], -1))", "v.scatter_nd_update([[4]], [7.0])", id="last"
    ),
    pytest.param(
        around("[7.0]", "v[0:-3]", "v[-2:5]"),
        "v.scatter_nd_update([[2]], [7.0])",
        id="from-both-ends",
    ),
    pytest.param(
        "for i in range(5):\n    v.assign(tf.concat([v[:i], [7.0], v[1 + i:]], 0))",
        "for i in range(5):\n    v.scatter_nd_update([[i]], [7.0])",
        id="name-in-range",
    ),
    pytest.param(
        "for i in range(4):\n    v.assign(tf.concat([v[:i], tf.ones([2]), v[i + 2:]], 0))",
        "for i in range(4):\n    v[i:i + 2].assign(tf.ones([2]))",
        id="two-entries-from-a-name",
    ),
    pytest.param(
        "i = tf.constant(2)\n" + around("[7.0]", "v[:i]", "v[i + 1:]"),
        "i = tf.constant(2)\nv[i].assign(7.0)",
        id="scalar-tensor",
    ),
    pytest.param(
        around("[7.0, 8.0]", "v[:1]"),
        "v.scatter_nd_update([[1], [2]], [7.0, 8.0])",
        id="two-entries",
    ),
    pytest.param(
        "v.assign(tf.concat([v[:1], [7.0], v[2:3], [8.0], v[4:]], 0))",
        "v.scatter_nd_update([[1], [3]], [7.0, 8.0])",
        id="two-gaps",
    ),
    pytest.param(
        around("[v[2] * 2.0]"), "v.scatter_nd_update([[2]], [v[2] * 2.0])", id="reads-its-place"
    ),
    pytest.param(
        "m.assign(tf.concat([m[:1], tf.ones([1, 3]), m[2:, :]], 0))",
        "m.scatter_nd_update([[1]], tf.ones([1, 3]))",
        id="row",
    ),
    pytest.param(
        "m.assign(tf.concat([m[:1], tf.expand_dims(tf.ones([3]), 0), m[2:]], 0))",
        "m.scatter_nd_update([[1]], [tf.ones([3])])",
        id="expanded-row",
    ),
    pytest.param(
        "m.assign(tf.concat([m[:, :1], tf.ones([4, 1]), m[:, 2:]], 1))",
        "m[:, 1:2].assign(tf.ones([4, 1]))",
        id="column",
    ),
    pytest.param(
        "m.assign(tf.concat([m[..., :1], tf.ones([4])[:, None], m[..., 2:]], -1))",
        "m[:, 1].assign(tf.ones([4]))",
        id="column-with-a-new-axis",
    ),
    pytest.param(
        "v.assign(tf.stack([v[0], 7.0, v[2], v[-2], v[4]]))",
        "v.scatter_nd_update([[1]], [7.0])",
        id="stack",
    ),
    pytest.param(
        "m.assign(tf.stack([m[0], tf.ones([3]), m[2, :], m[3]]))",
        "m.scatter_nd_update([[1]], [tf.ones([3])])",
        id="stack-of-rows",
    ),
    pytest.param(
        "y = v.assign(value=tf.concat(values=[v[:2], [7.0], v[3:]], axis=0)).numpy()",
        "y = v.scatter_nd_update([[2]], [7.0]).numpy()",
        id="value-used-and-keywords",
    ),
]


@pytest.mark.parametrize(("before", "after"), SAFE)
def test_pieces_become_an_update(look: Look, before: str, after: str) -> None:
    (found,) = [one for one in look(HEAD + before) if one.rule.code == "TFS302"]
    assert found.reason is None
    assert fixed(HEAD + before, [found], Applicability.SAFE) == HEAD + after
    assert not [one for one in look(HEAD + after) if one.rule.code == "TFS302"]


UNSAFE = [
    pytest.param(
        "def f(i: int):\n    " + around("[7.0]", "v[:i]", "v[i + 1:]"),
        "v[i].assign(7.0)",
        Reason.MAYBE_NEGATIVE_INDEX,
        id="any-number",
    ),
    pytest.param(
        "for i in range(6):\n    " + around("[7.0]", "v[:i]", "v[i + 1:]"),
        "v[i].assign(7.0)",
        Reason.MAYBE_OUT_OF_RANGE,
        id="one-turn-too-many",
    ),
    pytest.param(
        "for i in range(5):\n    " + around("tf.ones([2])", "v[:i]", "v[i + 2:]"),
        "v[i:i + 2].assign(tf.ones([2]))",
        Reason.MAYBE_OUT_OF_RANGE,
        id="the-last-slice-too-long",
    ),
    pytest.param(
        "def f(i, j, x):\n    " + around("x", "v[:i]", "v[j:]"),
        "v[i:j].assign(x)",
        Reason.UNKNOWN_SHAPE,
        id="bounds-from-elsewhere",
    ),
    pytest.param(
        "def f(x):\n    " + around("x"),
        "v[2:3].assign(x)",
        Reason.UNKNOWN_SHAPE,
        id="value-of-unknown-length",
    ),
    pytest.param(
        "def f(x):\n    " + around("[x]"),
        "v[2].assign(x)",
        Reason.UNKNOWN_SHAPE,
        id="entry-of-unknown-shape",
    ),
    pytest.param(
        "def g():\n    v.assign(v + 1.0)\n    return 7.0\n\n\n" + around("[g()]"),
        "v.scatter_nd_update([[2]], [g()])",
        Reason.SIDE_EFFECTS,
        id="value-of-a-call",
    ),
    pytest.param(
        around("[tf.constant(7.0, tf.float64)]"),
        "v.scatter_nd_update([[2]], [tf.cast(tf.constant(7.0, tf.float64), v.dtype)])",
        Reason.DTYPE_CAST,
        id="another-dtype",
    ),
    pytest.param(
        "v.assign(tf.concat([v[:2], [7.0], v[3:]], 0, name='x'))",
        "v.scatter_nd_update([[2]], [7.0])",
        Reason.NO_REWRITE,
        id="named",
    ),
    pytest.param(
        "v.assign(tf.concat([v[:2], [7.0], v[3:]], 0), read_value=False)",
        "v.scatter_nd_update([[2]], [7.0])",
        Reason.NO_REWRITE,
        id="option",
    ),
    pytest.param(
        "w = tf.Variable([1.0], shape=tf.TensorShape([None]))\n"
        "w.assign(tf.concat([w[:1], [7.0], w[2:]], 0))",
        "w[1].assign(7.0)",
        Reason.MAYBE_OUT_OF_RANGE,
        id="length-that-may-change",
    ),
    pytest.param(
        "tf.distribute.MirroredStrategy()\n" + around("[7.0]"),
        "v.scatter_nd_update([[2]], [7.0])",
        Reason.MAYBE_DISTRIBUTED,
        id="strategy",
    ),
]


@pytest.mark.parametrize(("text", "new", "reason"), UNSAFE)
def test_an_assumption_makes_the_fix_unsafe(
    look: Look, text: str, new: str, reason: Reason
) -> None:
    (found,) = [one for one in look(HEAD + text) if one.rule.code == "TFS302"]
    assert found.fix is not None
    assert (found.fix.applicability, found.reason) == (Applicability.UNSAFE, reason)
    assert fixed(HEAD + text, [found], Applicability.UNSAFE).endswith(new)


REFUSED = [
    pytest.param(around("[  # why\n    7.0]"), Reason.COMMENT_INSIDE, id="comment"),
    pytest.param(
        "n.assign(tf.concat([n[:1], [7.5], n[2:]], 0))", Reason.DTYPE_CAST, id="float-among-ints"
    ),
    pytest.param(
        "n.assign(tf.concat([n[:1], [2 ** 31], n[2:]], 0))",
        Reason.VALUE_OUT_OF_DTYPE,
        id="number-that-wraps",
    ),
    pytest.param(
        "v.assign(tf.concat([v[:1], tf.ones([1]), v[2:3], [8.0], v[4:]], 0))",
        Reason.BATCH_SHAPE,
        id="rows-and-elements",
    ),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_reported_without_a_fix(look: Look, text: str, reason: Reason) -> None:
    (found,) = [one for one in look(HEAD + text) if one.rule.code == "TFS302"]
    assert (found.fix, found.reason) == (None, reason)


NO_OPS = [
    pytest.param("v.assign(tf.concat([v[1:], [7.0]], 0))", id="queue-moves-up"),
    pytest.param("v.assign(tf.concat([[7.0], v[:-1]], 0))", id="queue-moves-down"),
    pytest.param("def f(k):\n    v.assign(tf.concat([v[k:], tf.ones([k])], 0))", id="queue-by-k"),
    pytest.param("v.assign(tf.concat([v[2:], v[:2]], 0))", id="rotation"),
    pytest.param("v.assign(tf.concat([v, [7.0]], 0))", id="append"),
    pytest.param(around("[7.0]", after="v[2:]"), id="insertion"),
    pytest.param(around("[7.0]", after="v[4:]"), id="a-piece-less"),
    pytest.param(around("[7.0, 8.0]"), id="a-piece-too-long"),
    pytest.param(around("[7.0]", "v[:-1]", "v[0:]"), id="minus-one-is-the-end"),
    pytest.param("i = -1\n" + around("[7.0]", "v[:i]", "v[i + 1:]"), id="minus-one-by-name"),
    pytest.param("i = True\n" + around("[7.0]", "v[:i]", "v[i + 1:]"), id="bool"),
    pytest.param(around("[7.0]", "v[:9]", "v[10:]"), id="beyond-the-end"),
    pytest.param(around("[v[4]]"), id="an-entry-moves"),
    pytest.param(around("tf.reverse(v[1:3], [0])", "v[:1]"), id="pieces-turned-round"),
    pytest.param("v.assign(tf.stack([v[0], v[2], v[1], v[3], v[4]]))", id="rows-swapped"),
    pytest.param("v.assign(tf.stack([v[0], 7.0, v[3], v[2], v[4]]))", id="rows-out-of-place"),
    pytest.param("m.assign(tf.stack([m[:, 0], tf.ones([4]), m[:, 2]], 1))", id="columns-stacked"),
    pytest.param("w = tf.ones([5])\n" + around("[7.0]", "w[:2]"), id="pieces-of-another"),
    pytest.param(around("[7.0]", "v[1:2]"), id="begins-behind-the-front"),
    pytest.param(around("[7.0]", "v[:3], v[1:2]"), id="pieces-overlap"),
    pytest.param(around("[7.0]", "v[:2][:]"), id="piece-of-a-piece"),
    pytest.param(around("[7.0]", "v[:2:1]"), id="stride"),
    pytest.param(around("[7.0]", "v[:(k := 2)]", "v[k + 1:]"), id="name-bound-inside"),
    pytest.param("m.assign(tf.concat([m[:1, :2], tf.ones([1, 3]), m[2:]], 0))", id="cut-twice"),
    pytest.param("m.assign(tf.concat([m[:1], tf.ones([2]), m[2:]], 0))", id="never-fits"),
    pytest.param("v.assign(tf.concat([v[:1], tf.ones([4])], 0))", id="most-of-it-is-new"),
    pytest.param(
        "w = tf.Variable([1.0], shape=tf.TensorShape([None]))\n"
        "def f(x):\n    w.assign(tf.concat([w[:1], x, w[2:]], 0))",
        id="may-become-longer",
    ),
    pytest.param("y = tf.concat([v[:2], [7.0], v[3:]], 0)", id="not-assigned-back"),
    pytest.param(
        "w = tf.Variable(tf.ones([5]))\n" + around("[7.0]").replace("v.a", "w.a"), id="to"
    ),
    pytest.param(
        "def f(v, tf):\n    v.assign(tf.concat([v[:2], [7.0], v[3:]], 0))", id="any-object"
    ),
    pytest.param(
        around("[7.0]") + "\ny = v * 2.0\nz = v + tf.reduce_sum(v)", id="read-as-a-whole-more-often"
    ),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    found = [one for one in look(HEAD + text) if one.rule.code == "TFS302"]
    assert [one for one in found if not one.declined] == []
