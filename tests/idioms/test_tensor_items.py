"""TFS102: what an assignment to an item of a tensor becomes, and what is left alone."""

from __future__ import annotations

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability, Reason
from tflint_slice.syntax.screen import worth_parsing

HEAD = "import numpy as np\nimport tensorflow as tf\n\n"
ZEROS = "t = tf.zeros([3])\n"
PAIR = "t = tf.zeros([3, 2])\n"

SAFE = [
    pytest.param(
        ZEROS + "t[1] = 2.0",
        ZEROS + "t = tf.tensor_scatter_nd_update(t, [[1]], [2.0])",
        id="element",
    ),
    pytest.param(
        ZEROS + "t[-1] = 2.0",
        ZEROS + "t = tf.tensor_scatter_nd_update(t, [[2]], [2.0])",
        id="negative-literal",
    ),
    pytest.param(
        ZEROS + "t[1] += 2.0",
        ZEROS + "t = tf.tensor_scatter_nd_add(t, [[1]], [2.0])",
        id="add",
    ),
    pytest.param(
        ZEROS + "t[1] -= 2.0",
        ZEROS + "t = tf.tensor_scatter_nd_sub(t, [[1]], [2.0])",
        id="subtract",
    ),
    pytest.param(
        PAIR + "t[1, 1] = 2.0",
        PAIR + "t = tf.tensor_scatter_nd_update(t, [[1, 1]], [2.0])",
        id="two-indices",
    ),
    pytest.param(
        PAIR + "t[1] = tf.ones([2])",
        PAIR + "t = tf.tensor_scatter_nd_update(t, [[1]], [tf.ones([2])])",
        id="row",
    ),
    pytest.param(
        PAIR + "t[0] = t[1]",
        PAIR + "t = tf.tensor_scatter_nd_update(t, [[0]], [t[1]])",
        id="row-of-itself-is-copied",
    ),
    pytest.param(
        PAIR + "t[[0, 2]] = tf.ones([2, 2])",
        PAIR + "t = tf.tensor_scatter_nd_update(t, [[0], [2]], tf.ones([2, 2]))",
        id="list",
    ),
    pytest.param(
        ZEROS + "t[t > 1.0] = 0.0",
        ZEROS + "t = tf.where(t > 1.0, tf.constant(0.0, t.dtype), t)",
        id="mask-of-itself",
    ),
    pytest.param(
        ZEROS + "t[np.array([True, False, True])] = 0.0",
        ZEROS + "t = tf.where(np.array([True, False, True]), tf.constant(0.0, t.dtype), t)",
        id="mask-of-known-shape",
    ),
    pytest.param(
        ZEROS + "t[1] = tf.constant(2.0, tf.float64)",
        ZEROS + "t = tf.tensor_scatter_nd_update("
        "t, [[1]], [tf.cast(tf.constant(2.0, tf.float64), t.dtype)])",
        id="value-of-another-dtype",
    ),
    pytest.param(
        "def f(n: int):\n    t = tf.zeros([n])\n    for i in range(n):\n        t[i] = 1.0\n"
        "    return t",
        "def f(n: int):\n    t = tf.zeros([n])\n    for i in range(n):\n"
        "        t = tf.tensor_scatter_nd_update(t, [[i]], [1.0])\n    return t",
        id="loop-over-a-local",
    ),
    pytest.param(
        "xs = []\n" + ZEROS + "t[1] = 2.0\nxs.append(t)",
        "xs = []\n" + ZEROS + "t = tf.tensor_scatter_nd_update(t, [[1]], [2.0])\nxs.append(t)",
        id="handed-on-afterwards",
    ),
    pytest.param(
        ZEROS + "print(t, f'{t}', t.shape, tf.reduce_sum(t))\ns = t + t[0]\nt[1] = 2.0",
        ZEROS + "print(t, f'{t}', t.shape, tf.reduce_sum(t))\ns = t + t[0]\n"
        "t = tf.tensor_scatter_nd_update(t, [[1]], [2.0])",
        id="read-by-value-before",
    ),
    pytest.param(
        "t = tf.reshape(tf.zeros([4]), [2, 2])\nt[0, 0] = 2.0",
        "t = tf.reshape(tf.zeros([4]), [2, 2])\n"
        "t = tf.tensor_scatter_nd_update(t, [[0, 0]], [2.0])",
        id="view-of-nothing-with-a-name",
    ),
    pytest.param(
        "v = tf.Variable(tf.zeros([3]))\n\n\ndef f():\n    t = tf.identity(v)\n    t[1] = 2.0\n"
        "    return t",
        "v = tf.Variable(tf.zeros([3]))\n\n\ndef f():\n    t = tf.identity(v)\n"
        "    t = tf.tensor_scatter_nd_update(t, [[1]], [2.0])\n    return t",
        id="copy-of-a-variable",
    ),
    pytest.param(
        ZEROS + "def g(t):\n    return t\nt[1] = 2.0",
        ZEROS + "def g(t):\n    return t\nt = tf.tensor_scatter_nd_update(t, [[1]], [2.0])",
        id="another-name-of-a-function",
    ),
    pytest.param(
        "def f(t):\n    t = tf.constant(t, tf.float32, [3])\n    t[1] = 2.0\n    return t",
        "def f(t):\n    t = tf.constant(t, tf.float32, [3])\n"
        "    t = tf.tensor_scatter_nd_update(t, [[1]], [2.0])\n    return t",
        id="parameter-copied-first",
    ),
    pytest.param(
        ZEROS + "if True: t[1] = 2.0  # why",
        ZEROS + "if True: t = tf.tensor_scatter_nd_update(t, [[1]], [2.0])  # why",
        id="one-line-if-and-comment-behind",
    ),
    pytest.param(
        ZEROS + "t[0] = 1.0; t[1] += 2.0",
        ZEROS + "t = tf.tensor_scatter_nd_update(t, [[0]], [1.0]); "
        "t = tf.tensor_scatter_nd_add(t, [[1]], [2.0])",
        id="two-on-a-line",
    ),
]


@pytest.mark.parametrize(("before", "after"), SAFE)
def test_safe_rewrites(look: Look, before: str, after: str) -> None:
    findings = look(HEAD + before)
    assert {(f.rule.code, f.reason) for f in findings} == {("TFS102", None)}
    assert fixed(HEAD + before, findings, Applicability.SAFE) == HEAD + after
    assert look(HEAD + after) == []
    assert worth_parsing((HEAD + before).encode())


def inside(body: str, params: str = "") -> str:
    """The same as the body of a function."""
    return f"def f({params}):\n" + "".join(f"    {line}\n" for line in body.splitlines())


ESCAPES = Reason.VALUE_ESCAPES
UNSAFE = [
    pytest.param(ZEROS + "b = t\nt[0] = 1.0", ESCAPES, None, id="alias"),
    pytest.param(PAIR + "r = t[0]\nt[0, 1] = 1.0", ESCAPES, None, id="row-is-a-view"),
    pytest.param(
        "t = tf.zeros([4])\nr = tf.reshape(t, [2, 2])\nt[0] = 1.0", ESCAPES, None, id="reshaped"
    ),
    pytest.param("u = tf.zeros([3])\nt = u\nt[0] = 1.0", ESCAPES, None, id="bound-from-a-name"),
    pytest.param(
        "u = tf.zeros([4])\nt = tf.reshape(u, [2, 2])\nt[0, 0] = 1.0",
        ESCAPES,
        None,
        id="bound-to-a-view",
    ),
    pytest.param(
        "u = tf.zeros([4])\nt = tf.reverse(u, [0])\nt[0] = 1.0",
        ESCAPES,
        None,
        id="reversed-is-a-view",
    ),
    pytest.param(
        "u = tf.zeros([4])\nt = tf.ensure_shape(u, [4])\nt[0] = 1.0",
        ESCAPES,
        None,
        id="function-that-hands-on-what-it-is-given",
    ),
    pytest.param(ZEROS + "a = t.numpy()\nt[0] = 1.0", ESCAPES, None, id="seen-by-an-ndarray"),
    pytest.param("t = u = tf.zeros([3])\nt[0] = 1.0", ESCAPES, None, id="bound-with-another-name"),
    pytest.param("xs = []\n" + ZEROS + "xs.append(t)\nt[0] = 1.0", ESCAPES, None, id="appended"),
    pytest.param(
        "xs = []\n" + ZEROS + "for i in range(3):\n    t[i] = 1.0\n    xs.append(t)",
        ESCAPES,
        None,
        id="appended-in-the-turn-before",
    ),
    pytest.param("d = {}\n" + ZEROS + "d['t'] = t\nt[0] = 1.0", ESCAPES, None, id="kept-in-a-dict"),
    pytest.param("s = []\n" + ZEROS + "s += [t]\nt[0] = 1.0", ESCAPES, None, id="list-extended"),
    pytest.param(ZEROS + "g = lambda: t\nt[0] = 1.0", ESCAPES, None, id="lambda"),
    pytest.param(ZEROS + "g = (x for x in t)\nt[0] = 1.0", ESCAPES, None, id="generator"),
    pytest.param(ZEROS + "r = [x for x in t]\nt[0] = 1.0", ESCAPES, None, id="comprehension"),
    pytest.param(ZEROS + "def g(t=t):\n    return t\nt[0] = 1.0", ESCAPES, None, id="default"),
    pytest.param(
        ZEROS + "def f():\n    global t\n    t[0] = 1.0\nf()", ESCAPES, None, id="declared-global"
    ),
    pytest.param(ZEROS + "def f():\n    t[0] = 1.0\nf()", ESCAPES, None, id="name-of-the-module"),
    pytest.param(
        inside(ZEROS + "def g():\n    nonlocal t\n    t = tf.ones([3])\nt[0] = 1.0\ng()"),
        ESCAPES,
        None,
        id="rebound-by-a-closure",
    ),
    pytest.param(inside(ZEROS + "yield t\nt[0] = 1.0"), ESCAPES, None, id="yielded"),
    pytest.param(
        inside(ZEROS + "try:\n    return t\nfinally:\n    t[0] = 1.0"),
        ESCAPES,
        None,
        id="returned-before-finally",
    ),
    pytest.param("class A:\n    t = tf.zeros([3])\n    t[0] = 1.0", ESCAPES, None, id="class-body"),
    pytest.param(
        PAIR + "for row in t:\n    row[0] = 1.0", ESCAPES, None, id="row-of-a-loop-is-a-view"
    ),
    pytest.param(ZEROS + "t[0] = (t := tf.ones([3]))[1]", ESCAPES, None, id="rebound-in-the-value"),
    pytest.param(ZEROS + "if (b := t) is not None:\n    t[0] = 1.0", ESCAPES, None, id="walrus"),
    pytest.param(
        inside("t[t > 0.0] = 1.0", "t: tf.Tensor"),
        ESCAPES,
        Applicability.UNSAFE,
        id="parameter-is-the-callers",
    ),
    pytest.param(
        inside("t[1] = 2.0", "t: tf.Tensor"), Reason.UNKNOWN_RANK, None, id="parameter-of-any-rank"
    ),
    pytest.param(
        "class A:\n    def __init__(self):\n        self.t = tf.zeros([3])\n"
        "    def f(self):\n        self.t[0] = 1.0",
        Reason.NO_REWRITE,
        None,
        id="attribute",
    ),
    pytest.param(ZEROS + "t[0:2] = 1.0", Reason.NO_REWRITE, None, id="slice"),
    pytest.param(ZEROS + "t[0] *= 2.0", Reason.NO_REWRITE, None, id="multiply"),
    pytest.param(ZEROS + "t[t < 0.0] += 1.0", Reason.NO_REWRITE, None, id="augmented-mask"),
    pytest.param(ZEROS + "t[0], y = 1.0, 2.0", Reason.NO_REWRITE, None, id="tuple-target"),
    pytest.param(ZEROS + "y = t[0] = 1.0", Reason.NO_REWRITE, None, id="chained-target"),
    pytest.param(ZEROS + "for t[0] in [1.0]:\n    pass", Reason.NO_REWRITE, None, id="loop-target"),
    pytest.param(ZEROS + "t[0]: float = 1.0", Reason.NO_REWRITE, None, id="annotated"),
    pytest.param(ZEROS + "del t[0]", Reason.NO_REWRITE, None, id="deletion"),
    pytest.param(PAIR + "t[0] = 0.0", Reason.UNKNOWN_SHAPE, None, id="number-into-a-row"),
    pytest.param(ZEROS + "t[3] = 1.0", Reason.MAYBE_OUT_OF_RANGE, None, id="out-of-range"),
    pytest.param(
        inside(ZEROS + "t[i] = 1.0", "i: int"), Reason.MAYBE_NEGATIVE_INDEX, None, id="any-int"
    ),
    pytest.param(
        PAIR + "t[[0, 0]] = tf.ones([2, 2])", Reason.MAYBE_DUPLICATE_INDEX, None, id="duplicates"
    ),
    pytest.param(inside(ZEROS + "t[i] = 1.0", "i"), Reason.UNKNOWN_INDEX, None, id="unknown-index"),
    pytest.param(inside(ZEROS + "t[g()] += 1.0", "g"), Reason.SIDE_EFFECTS, None, id="index-twice"),
    pytest.param(ZEROS + "t[\n    0  # why\n] = 1.0", Reason.COMMENT_INSIDE, None, id="comment"),
    pytest.param(
        "t = tf.constant([True, False])\nt[0] += True",
        Reason.INEXACT_OPERATOR,
        None,
        id="no-sum-of-bools",
    ),
    pytest.param(
        "t = tf.zeros([3], tf.int32)\nt[0] = 1.5", Reason.DTYPE_CAST, None, id="float-into-int"
    ),
    pytest.param(
        inside("t = tf.constant(float(x), shape=[3])\nt[0] = 1.0", "x"),
        Reason.UNKNOWN_DTYPE,
        Applicability.UNSAFE,
        id="unknown-dtype",
    ),
    pytest.param(
        inside(ZEROS + "t[0] = h()", "h"),
        Reason.UNKNOWN_SHAPE,
        None,
        id="value-of-unknown-shape",
    ),
    pytest.param(
        ZEROS + "t[0] = 1.0\ntry:\n    print(1)\nexcept TypeError:\n    pass",
        Reason.CAUGHT_EXCEPTION,
        Applicability.UNSAFE,
        id="handler-in-the-file",
    ),
    pytest.param(
        ZEROS + "exec('b = t')\nt[0] = 1.0",
        Reason.NAME_SHADOWED,
        Applicability.UNSAFE,
        id="exec",
    ),
]


@pytest.mark.parametrize(("text", "reason", "fix"), UNSAFE)
def test_reported_without_a_safe_fix(
    look: Look, text: str, reason: Reason, fix: Applicability | None
) -> None:
    (found,) = [f for f in look(HEAD + text) if f.rule.code == "TFS102"]
    assert (found.reason, found.fix and found.fix.applicability) == (reason, fix)


NO_OPS = [
    pytest.param(ZEROS + "a = t.numpy()\na[0] = 1.0", id="ndarray"),
    pytest.param(ZEROS + "if tf.is_tensor(t):\n    pass\nelse:\n    t[0] = 1.0", id="asked-for"),
    pytest.param(
        inside(ZEROS + "if isinstance(t, np.ndarray):\n    t[0] = 1.0"), id="instance-of-ndarray"
    ),
    pytest.param("t = tf.ragged.constant([[1], [2, 3]])\nt[0] = [1]", id="ragged"),
    pytest.param(
        "r = tf.ragged.constant([[1], [2, 3]])\nt = tf.zeros_like(r)\nt[0] = 1", id="like-a-ragged"
    ),
    pytest.param("t = tf.sparse.from_dense([0, 1])\nt[0] = 1", id="sparse"),
    pytest.param(inside("t = tf.square(x)\nt[0] = 1.0", "x"), id="of-an-unknown"),
    pytest.param(inside("t = tf.cast(x, tf.float32)\nt[0] = 1.0", "x"), id="cast-of-an-unknown"),
    pytest.param(
        "import keras\nx = keras.Input((3,))\ny = tf.reshape(x * 2, [3])\ny[0] = 1.0", id="keras"
    ),
    pytest.param("t = tf.TensorArray(tf.float32, 3)\nt[0] = 1.0", id="tensor-array"),
    pytest.param("t = tf.unstack(tf.zeros([3]))\nt[0] = 1.0", id="list-of-tensors"),
    pytest.param("t = tf.split(tf.zeros([4]), 2)\nt[0] = 1.0", id="list-out-of-split"),
    pytest.param("ts = [tf.zeros([3])]\nts[0] = tf.ones([3])", id="item-of-a-list"),
    pytest.param("ts = {'a': tf.zeros([3])}\nts['a'] = tf.ones([3])", id="item-of-a-dict"),
    pytest.param(
        "t = tf.io.parse_single_example(b'', {})\nt['x'] = tf.zeros([3])", id="dict-of-features"
    ),
    pytest.param(ZEROS + "t['x'] = 1.0", id="key-of-a-dictionary"),
    pytest.param(
        inside("t = tf.zeros([3]) if c else np.zeros([3])\nt[0] = 1.0", "c"), id="tensor-or-ndarray"
    ),
    pytest.param(
        inside("if c:\n    t = tf.zeros([3])\nelse:\n    t = [1.0]\nt[0] = 1.0", "c"),
        id="tensor-or-list",
    ),
    pytest.param(inside("t = None\nif c:\n    t = tf.zeros([3])\nt[0] = 1", "c"), id="or-none"),
    pytest.param(ZEROS + "t = np.zeros([3])\nt[0] = 1.0", id="bound-again"),
    pytest.param(
        "class A:\n    def __init__(self):\n        self.t = tf.zeros([3])\n"
        "        self.t = np.zeros([3])\n    def f(self):\n        self.t[0] = 1.0",
        id="attribute-of-two-kinds",
    ),
    pytest.param(inside("t[0] = 1.0", "t"), id="bare-parameter"),
    pytest.param("import torch\nt = torch.zeros(3)\nt[0] = 1.0", id="torch"),
    pytest.param(ZEROS + "with raises(TypeError):\n    t[0] = 1.0", id="a-test-wants-it-to-fail"),
    pytest.param(ZEROS + "try:\n    t[0] = 1.0\nexcept TypeError:\n    pass", id="tried-out"),
    pytest.param(
        "@tf.function(experimental_autograph_options=tf.autograph.experimental.Feature.LISTS)\n"
        + inside(ZEROS + "t[0] = 1.0\nreturn t"),
        id="autograph-converts-it",
    ),
    pytest.param(
        "setattr(type(tf.zeros([])), '__setitem__', print)\n" + ZEROS + "t[0] = 1.0",
        id="method-added-to-the-class",
    ),
    pytest.param(ZEROS + "x = t[0]", id="load"),
    pytest.param("t[0] = 1.0\n" + ZEROS, id="not-bound-yet"),
    pytest.param(inside("t[0] = 1.0\n" + ZEROS), id="not-bound-yet-in-a-function"),
    pytest.param(ZEROS + "t = tf.tensor_scatter_nd_update(t, [[0]], [1.0])", id="scatter"),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert [f for f in look(HEAD + text) if f.rule.code == "TFS102"] == []
