"""TFS101: what an assignment to an item of a variable becomes, and what is left alone."""

from __future__ import annotations

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability, Reason

HEAD = (
    "import numpy as np\n"
    "import tensorflow as tf\n"
    "\n"
    "v = tf.Variable(tf.zeros([4, 3]))\n"
    "w = tf.Variable(tf.zeros([5]))\n"
    "n = tf.Variable([1, 2, 3])\n"
)

SAFE = [
    pytest.param("w[1] = 2.0", "w.scatter_nd_update([[1]], [2.0])", id="element"),
    pytest.param("v[1, 2] = 2.0", "v.scatter_nd_update([[1, 2]], [2.0])", id="two-indices"),
    pytest.param("n[1] = 7", "n.scatter_nd_update([[1]], [7])", id="int-variable"),
    pytest.param("w[-1] = 2.0", "w.scatter_nd_update([[4]], [2.0])", id="negative-literal"),
    pytest.param("v[1] = tf.ones([3])", "v.scatter_nd_update([[1]], [tf.ones([3])])", id="row"),
    pytest.param(
        "v[1, :] = tf.ones([3])", "v.scatter_nd_update([[1]], [tf.ones([3])])", id="row-with-colon"
    ),
    pytest.param(
        "def f(k: int):\n    u = tf.Variable(tf.zeros([4, k]))\n    u[1] = tf.ones([k])",
        "def f(k: int):\n    u = tf.Variable(tf.zeros([4, k]))\n    u[1].assign(tf.ones([k]))",
        id="row-that-may-be-empty",
    ),
    pytest.param(
        "w[(w > 0.5) & ~(w < 2.5)] = 0.0",
        "w.assign(tf.where((w > 0.5) & ~(w < 2.5), tf.constant(0.0, w.dtype), w))",
        id="mask-of-two-comparisons",
    ),
    pytest.param(
        "v[1] = np.ones([3], np.float32)",
        "v.scatter_nd_update([[1]], [tf.convert_to_tensor(np.ones([3], np.float32), v.dtype)])",
        id="row-from-an-array",
    ),
    pytest.param(
        "@tf.function(jit_compile=True)\ndef f():\n    w[1:3] = tf.ones([2])",
        "@tf.function(jit_compile=True)\ndef f():\n    w[1:3].assign(tf.ones([2]))",
        id="slice-of-the-same-shape-under-xla",
    ),
    pytest.param(
        "w[1] = tf.constant(2.0, tf.float64)",
        "w.scatter_nd_update([[1]], [tf.cast(tf.constant(2.0, tf.float64), w.dtype)])",
        id="tensor-of-another-dtype",
    ),
    pytest.param(
        "for i in range(5):\n    w[i] = 1.0",
        "for i in range(5):\n    w.scatter_nd_update([[i]], [1.0])",
        id="index-of-a-range",
    ),
    pytest.param(
        "def f(size: int):\n"
        "    u = tf.Variable(tf.zeros([size]))\n"
        "    for i in range(size):\n"
        "        u[i] = 1.0",
        "def f(size: int):\n"
        "    u = tf.Variable(tf.zeros([size]))\n"
        "    for i in range(size):\n"
        "        u.scatter_nd_update([[i]], [1.0])",
        id="index-of-a-range-of-the-same-symbol",
    ),
    pytest.param(
        "def f(i: int):\n    w[i] = 1.0",
        "def f(i: int):\n    w[i].assign(1.0)",
        id="index-of-unknown-sign",
    ),
    pytest.param("v[1] = 0.0", "v[1].assign(0.0)", id="number-into-a-row"),
    pytest.param("w[1:3] = 2.0", "w[1:3].assign(2.0)", id="slice"),
    pytest.param("w[::-2] = 2.0", "w[::-2].assign(2.0)", id="slice-with-negative-step"),
    pytest.param("v[..., 0] = 2.0", "v[..., 0].assign(2.0)", id="ellipsis"),
    pytest.param("v[:, None, 1] = 2.0", "v[:, None, 1].assign(2.0)", id="new-axis"),
    pytest.param(
        "v[1:3, 0] = tf.ones([2])", "v[1:3, 0].assign(tf.ones([2]))", id="tensor-into-a-slice"
    ),
    pytest.param("w[2] += 1.0", "w.scatter_nd_add([[2]], [1.0])", id="add"),
    pytest.param("w[2] -= 1.0", "w.scatter_nd_sub([[2]], [1.0])", id="subtract"),
    pytest.param("w[2] *= 3.0", "w[2].assign(w[2] * 3.0)", id="multiply"),
    pytest.param("w[1:3] += 1.0", "w[1:3].assign(w[1:3] + 1.0)", id="add-to-a-slice"),
    pytest.param(
        "w[w > 1.0] = 0.0",
        "w.assign(tf.where(w > 1.0, tf.constant(0.0, w.dtype), w))",
        id="mask",
    ),
    pytest.param(
        "w[tf.constant([True, False, True, False, True])] = 0.0",
        "w.assign(tf.where(tf.constant([True, False, True, False, True]), "
        "tf.constant(0.0, w.dtype), w))",
        id="mask-of-known-shape",
    ),
    pytest.param(
        "v[[0, 2]] = tf.ones([2, 3])", "v.scatter_nd_update([[0], [2]], tf.ones([2, 3]))", id="list"
    ),
    pytest.param(
        "w[[0, -1]] = 2.0", "w.scatter_nd_update([[0], [4]], [2.0, 2.0])", id="number-under-a-list"
    ),
    pytest.param("w[:] = tf.ones([5])", "w.assign(tf.ones([5]))", id="all-of-it"),
    pytest.param(
        "b = tf.Variable([True, False])\nb[0] = tf.constant(True)",
        "b = tf.Variable([True, False])\nb[0].assign(tf.constant(True))",
        id="bool-has-no-scatter-on-a-gpu",
    ),
    pytest.param(
        "import keras\nk = keras.Variable(np.zeros([3]), dtype='float32')\nk[1] = 2.0",
        "import keras\nk = keras.Variable(np.zeros([3]), dtype='float32')\n"
        "k.assign(tf.tensor_scatter_nd_update(k, [[1]], [2.0]))",
        id="keras-variable",
    ),
    pytest.param(
        "w[1] = 2.0; w[2] = 3.0",
        "w.scatter_nd_update([[1]], [2.0]); w.scatter_nd_update([[2]], [3.0])",
        id="two-on-a-line",
    ),
    pytest.param(
        "if True: w[1] = 2.0  # why",
        "if True: w.scatter_nd_update([[1]], [2.0])  # why",
        id="one-line-if-and-comment-behind",
    ),
]


@pytest.mark.parametrize(("before", "after"), SAFE)
def test_safe_rewrites(look: Look, before: str, after: str) -> None:
    findings = look(HEAD + before)
    assert {(f.rule.code, f.reason) for f in findings} == {("TFS101", None)}
    assert fixed(HEAD + before, findings, Applicability.SAFE) == HEAD + after
    assert [f for f in look(HEAD + after) if not f.declined] == []


UNSAFE = [
    pytest.param("def f(i):\n    w[i] = 1.0", Reason.UNKNOWN_INDEX, id="index-of-unknown-kind"),
    pytest.param("def f(x):\n    w[1] = x", Reason.UNKNOWN_VALUE, id="value-of-unknown-kind"),
    pytest.param("n[1] = 2.5", Reason.DTYPE_CAST, id="float-into-int"),
    pytest.param(
        "b = tf.Variable(tf.zeros([3], tf.uint8))\nb[0] = 300",
        Reason.VALUE_OUT_OF_DTYPE,
        id="int-too-large",
    ),
    pytest.param("def f(k: int):\n    n[1] = k", Reason.VALUE_OUT_OF_DTYPE, id="int-of-any-size"),
    pytest.param("w[1] = None", Reason.UNKNOWN_VALUE, id="none-is-nan-in-numpy"),
    pytest.param("w[2] /= 3.0", Reason.INEXACT_OPERATOR, id="graphs-divide-by-reciprocals"),
    pytest.param(
        "@tf.function(jit_compile=True)\ndef f():\n    w[1:3] = 0.0",
        Reason.NO_XLA_KERNEL,
        id="broadcast-under-xla",
    ),
    pytest.param("tf = 3\nw[w > 1.0] = 0.0", Reason.NAME_SHADOWED, id="tensorflow-rebound"),
    pytest.param("n[n > 0.5] = 0", Reason.DTYPE_CAST, id="mask-of-ints-and-a-float"),
    pytest.param("n[n > 2**40] = 0", Reason.DTYPE_CAST, id="mask-with-an-int-that-wraps"),
    pytest.param("w[w > np.float64(0.1)] = 7.0", Reason.DTYPE_CAST, id="mask-with-a-numpy-scalar"),
    pytest.param("w[w // 0.1 > 6] = 7.0", Reason.DTYPE_CAST, id="mask-with-arithmetic"),
    pytest.param(
        "def f(limit: float):\n    w[w > limit] = 7.0",
        Reason.DTYPE_CAST,
        id="mask-with-what-may-be-a-float64",
    ),
    pytest.param("w[2] //= 2.0", Reason.INEXACT_OPERATOR, id="floor-division"),
    pytest.param("w[2] %= 2.0", Reason.INEXACT_OPERATOR, id="modulo"),
    pytest.param("w[2] **= 2.0", Reason.INEXACT_OPERATOR, id="power"),
    pytest.param("n[2] /= 2", Reason.INEXACT_OPERATOR, id="division-of-ints"),
    pytest.param("n[2] += 1.5", Reason.DTYPE_CAST, id="float-added-to-int"),
    pytest.param("w[[1, 1]] = tf.ones([2])", Reason.MAYBE_DUPLICATE_INDEX, id="duplicates"),
    pytest.param("def f(ix):\n    w[ix, 0] = 1.0", Reason.UNKNOWN_INDEX, id="tuple-with-unknown"),
    pytest.param("w[0], y = 1.0, 2.0", Reason.NO_REWRITE, id="tuple-target"),
    pytest.param("y = w[0] = 1.0", Reason.NO_REWRITE, id="chained-target"),
    pytest.param("for w[0] in range(3):\n    pass", Reason.NO_REWRITE, id="loop-target"),
    pytest.param("with open('f') as w[0]:\n    pass", Reason.NO_REWRITE, id="with-target"),
    pytest.param("del w[0]", Reason.NO_REWRITE, id="deletion"),
    pytest.param("w[0]: float = 1.0", Reason.NO_REWRITE, id="annotated"),
    pytest.param("def f(g):\n    w[g()] += 1.0", Reason.SIDE_EFFECTS, id="index-evaluated-twice"),
    pytest.param(
        "try:\n    w[0] = 1.0\nexcept TypeError:\n    w.assign(w)",
        Reason.CAUGHT_EXCEPTION,
        id="expected-to-fail",
    ),
    pytest.param("v[1] = tf.ones([4])", Reason.ALWAYS_RAISES, id="row-that-does-not-fit"),
    pytest.param(
        "def f(u: tf.Variable):\n    u[0] = 1.0", Reason.UNKNOWN_DTYPE, id="annotated-parameter"
    ),
    pytest.param(
        "h = tf.Variable(tf.zeros([3], tf.float16))\nh[0] = 0.1",
        Reason.DTYPE_CAST,
        id="halves-are-rounded-twice",
    ),
]


@pytest.mark.parametrize(("text", "reason"), UNSAFE)
def test_reported_without_a_safe_fix(look: Look, text: str, reason: Reason) -> None:
    (found,) = [f for f in look(HEAD + text) if f.rule.code == "TFS101"]
    assert found.fix is None or found.fix.applicability is Applicability.UNSAFE
    assert found.reason is reason


NO_OPS = [
    pytest.param("v['a'] = 2.0", id="a dictionary is meant"),
    pytest.param("a = w.numpy()\na[0] = 1.0", id="ndarray-copy"),
    pytest.param("a = np.zeros([3])\na[0] = 1.0", id="ndarray"),
    pytest.param("d = {}\nd['v'] = tf.Variable(1.0)", id="variable-into-a-dict"),
    pytest.param("vs = [w, v]\nvs[0] = tf.Variable(1.0)", id="variable-into-a-list"),
    pytest.param("def f(a):\n    a[0] = 1.0", id="bare-parameter"),
    pytest.param("def f(a: np.ndarray):\n    a[0] = 1.0", id="annotated-ndarray"),
    pytest.param("parts = tf.unstack(v)\nparts[0] = tf.ones([3])", id="list-out-of-tensorflow"),
    pytest.param("parts = tf.split(w, 5)\nparts[1] = w", id="list-out-of-split"),
    pytest.param(
        "features = tf.io.parse_single_example(b'', {})\nfeatures['x'] = 1.0", id="dict-of-features"
    ),
    pytest.param("w = np.zeros([3])\nw[0] = 1.0", id="name-bound-again"),
    pytest.param(
        "def f(flag):\n    u = tf.Variable([1.0]) if flag else [1.0]\n    u[0] = 2.0",
        id="variable-or-list",
    ),
    pytest.param(
        "class A:\n"
        "    def __init__(self, flag):\n"
        "        self.u = tf.Variable([1.0])\n"
        "        if flag:\n"
        "            self.u = np.zeros([1])\n"
        "    def f(self):\n"
        "        self.u[0] = 2.0",
        id="attribute-of-two-kinds",
    ),
    pytest.param(
        "class A:\n"
        "    def __init__(self):\n"
        "        self.u = tf.Variable([1.0])\n"
        "class B(A):\n"
        "    def __init__(self):\n"
        "        self.u = [1.0]\n"
        "    def f(self):\n"
        "        self.u[0] = 2.0",
        id="attribute-of-a-subclass",
    ),
    pytest.param(
        "def f():\n    global w\n    w = [1.0]\ndef g():\n    w[0] = 2.0", id="global-rebound"
    ),
    pytest.param("ta = tf.TensorArray(tf.float32, 3)\nta[0] = 1.0", id="tensor-array"),
    pytest.param(
        "class Options:\n    pass\noptions = Options()\noptions['v'] = w", id="object-with-items"
    ),
    pytest.param("import torch\np = torch.zeros(3)\np[0] = 1.0", id="torch"),
    pytest.param("w.scatter_nd_update([[1]], [2.0])", id="scatter"),
    pytest.param("w[1].assign(2.0)", id="sliced-assign"),
    pytest.param("x = w[1]", id="load"),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert [f for f in look(HEAD + text) if f.rule.code == "TFS101"] == []


def test_import_is_added_where_the_new_code_needs_one(look: Look) -> None:
    text = (
        '"""Doc."""\nfrom __future__ import annotations\n\nfrom tensorflow import Variable\n'
        "w = Variable([1.0, 2.0])\nw[w > 1.0] = 0.0\n"
    )
    (found,) = look(text)
    assert fixed(text, [found], Applicability.SAFE) == (
        '"""Doc."""\nfrom __future__ import annotations\n\nimport tensorflow as tf\n'
        "from tensorflow import Variable\n"
        "w = Variable([1.0, 2.0])\nw.assign(tf.where(w > 1.0, tf.constant(0.0, w.dtype), w))\n"
    )


def test_name_of_the_module_that_means_something_else(look: Look) -> None:
    text = "from tensorflow import Variable\ntf = 3\nw = Variable([1.0, 2.0])\nw[w > 1.0] = 0.0\n"
    (found,) = look(text)
    assert (found.fix, found.reason) == (None, Reason.NAME_SHADOWED)
