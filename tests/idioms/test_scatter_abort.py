"""TFS111: scatters that end the process. None of them is run here."""

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
    "k = tf.Variable([1, 2, 3])\n"
    "x = tf.constant([1.0, 2.0], tf.float64)\n"
    "n = tf.constant([1, 2])\n"
    "r = tf.constant([1.0, 2.0])\n"
)
TRACED = "@tf.function\ndef f():\n    "


def found(look: Look, text: str) -> list[Finding]:
    codes = ("TFS107", "TFS111")
    return [finding for finding in look(HEAD + text) if finding.rule.code in codes]


RANKS = [
    pytest.param(
        "y = tf.tensor_scatter_nd_update(v, [[[0], [2]]], [9.0])",
        "y = tf.tensor_scatter_nd_update(v, [[0], [2]], [9.0, 9.0])",
        id="one-update-for-two",
    ),
    pytest.param(
        "def f(u: float):\n    return tf.tensor_scatter_nd_add(v, [[[2]]], [u + 1.0])",
        "def f(u: float):\n    return tf.tensor_scatter_nd_add(v, [[2]], [u + 1.0])",
        id="any-update-for-one",
    ),
    pytest.param(
        "y = tf.tensor_scatter_nd_sub(m, [[[1, 2]]], [9])",
        "y = tf.tensor_scatter_nd_sub(m, [[1, 2]], [9])",
        id="pair",
    ),
    pytest.param(
        "y = tf.tensor_scatter_nd_max(updates=[9.0], indices=[[[0], [2]]], tensor=tf.zeros([5]))",
        "y = tf.tensor_scatter_nd_max(updates=[9.0, 9.0], indices=[[0], [2]], tensor=tf.zeros([5]))",
        id="keywords-in-another-order",
    ),
    pytest.param(
        "v.assign(tf.tensor_scatter_nd_update(v, [[[0], [2]]], [9.0]))",
        "v.assign(tf.tensor_scatter_nd_update(v, [[0], [2]], [9.0, 9.0]))",
        id="assigned",
    ),
    pytest.param(
        "v.scatter_nd_update([[[0], [2]]], [9.0])",
        "v.scatter_nd_update([[0], [2]], [9.0, 9.0])",
        id="method",
    ),
]
DTYPES = [
    pytest.param(
        TRACED + "v.scatter_nd_update([[1], [2]], x)",
        TRACED + "v.scatter_nd_update([[1], [2]], tf.cast(x, v.dtype))",
        id="other-float",
    ),
    pytest.param(
        TRACED + "return v.scatter_nd_add(updates=n, indices=[[1], [2]])",
        TRACED + "return v.scatter_nd_add(updates=tf.cast(n, v.dtype), indices=[[1], [2]])",
        id="int-for-float",
    ),
    pytest.param(
        "@tf.function(autograph=False)\ndef f():\n    v.scatter_nd_max([[1], [2]], x)",
        "@tf.function(autograph=False)\ndef f():\n"
        "    v.scatter_nd_max([[1], [2]], tf.cast(x, v.dtype))",
        id="decorator-with-options",
    ),
    pytest.param(
        "def f():\n    v.scatter_nd_sub([[1], [2]], x)\ng = tf.function(f)",
        "def f():\n    v.scatter_nd_sub([[1], [2]], tf.cast(x, v.dtype))\ng = tf.function(f)",
        id="traced-later",
    ),
    pytest.param(
        "g = tf.function(lambda: v.scatter_nd_min([[1], [2]], x))",
        "g = tf.function(lambda: v.scatter_nd_min([[1], [2]], tf.cast(x, v.dtype)))",
        id="lambda",
    ),
    pytest.param(
        "def main():\n"
        "    z = tf.zeros([1], tf.float16)\n"
        "    @tf.function\n"
        "    def f(i: int):\n"
        "        with tf.GradientTape():\n"
        "            v.scatter_nd_update([[i]], z)\n",
        "def main():\n"
        "    z = tf.zeros([1], tf.float16)\n"
        "    @tf.function\n"
        "    def f(i: int):\n"
        "        with tf.GradientTape():\n"
        "            v.scatter_nd_update([[i]], tf.cast(z, v.dtype))\n",
        id="made-in-the-function-around",
    ),
]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        pytest.param(*row.values, reason, id=row.id)
        for table, reason in ((RANKS, Reason.ALWAYS_RAISES), (DTYPES, Reason.DTYPE_CAST))
        for row in table
    ],
)
def test_mended(look: Look, before: str, after: str, reason: Reason) -> None:
    (finding,) = found(look, before)
    assert (finding.rule.code, finding.reason) == ("TFS111", reason)
    assert fixed(HEAD + before, [finding], Applicability.SAFE) == HEAD + before
    assert fixed(HEAD + before, [finding], Applicability.UNSAFE) == HEAD + after
    assert found(look, after) == []


REPORTED = [
    pytest.param(
        "y = tf.tensor_scatter_nd_update(v, [[[0], [1]], [[2], [3]]], [1.0, 2.0])",
        Reason.NO_REWRITE,
        id="which-update-goes-where",
    ),
    pytest.param(
        "y = tf.tensor_scatter_nd_update(m, [[[0], [2]]], [9.0])", Reason.NO_REWRITE, id="rows"
    ),
    pytest.param(
        "y = tf.tensor_scatter_nd_update(v, [[[0], [-1]]], [9.0])",
        Reason.NO_REWRITE,
        id="negative-index",
    ),
    pytest.param(
        "y = tf.tensor_scatter_nd_update(v, [[[0], [0]]], [9.0])", Reason.NO_REWRITE, id="twice"
    ),
    pytest.param(
        "def f(u: float):\n    return tf.tensor_scatter_nd_update(v, [[[0], [2]]], [u * 2.0])",
        Reason.NO_REWRITE,
        id="update-that-is-no-literal",
    ),
    pytest.param(
        "def f(t):\n    return tf.tensor_scatter_nd_update(t, tf.zeros([1, 2, 1], tf.int32), [9.0])",
        Reason.NO_REWRITE,
        id="unknown-target",
    ),
    pytest.param(
        "y = tf.scatter_nd(updates=[9.0], indices=[[[0], [2]]], shape=[5])",
        Reason.NO_REWRITE,
        id="scatter_nd",
    ),
    pytest.param(
        "y = tf.tensor_scatter_nd_update(v, [  # why\n    [[0], [2]]], [9.0])",
        Reason.COMMENT_INSIDE,
        id="comment",
    ),
    pytest.param(
        TRACED + "k.scatter_nd_update([[1], [2]], r)", Reason.NO_REWRITE, id="float-into-int"
    ),
    pytest.param(
        "@tf.function\ndef f(tf=None):\n    v.scatter_nd_update([[1], [2]], x)",
        Reason.NAME_SHADOWED,
        id="no-name-for-tensorflow",
    ),
    pytest.param(
        "try:\n    y = tf.tensor_scatter_nd_update(v, [[[0], [2]]], [9.0])\n"
        "finally:\n    print('never')",
        Reason.ALWAYS_RAISES,
        id="finally-does-not-help",
    ),
]


@pytest.mark.parametrize(("text", "reason"), REPORTED)
def test_reported_with_its_reason(look: Look, text: str, reason: Reason) -> None:
    (finding,) = found(look, text)
    assert (finding.rule.code, finding.reason) == ("TFS111", reason)
    assert (finding.fix is None) == (reason is not Reason.ALWAYS_RAISES)


# The same faults where they raise, which is TFS107's to say if it is anyone's.
RAISES = [
    pytest.param("y = tf.tensor_scatter_nd_update(v, [[[0], [2]]], [9.0, 8.0])", id="length"),
    pytest.param("y = tf.tensor_scatter_nd_update(v, [[0], [2]], 9.0)", id="scalar"),
    pytest.param(
        "y = tf.tensor_scatter_nd_update(v, [[[0], [2]]], tf.zeros([1], tf.float64))", id="dtype"
    ),
    pytest.param(
        TRACED + "return tf.tensor_scatter_nd_update(v, [[[0], [2]]], [9.0])", id="traced"
    ),
    pytest.param(
        "@tf.function\ndef f():\n"
        "    def g():\n"
        "        return tf.tensor_scatter_nd_update(v, [[[0], [2]]], [9.0])\n"
        "    return g()",
        id="traced-around",
    ),
    pytest.param(TRACED + "v.scatter_nd_update([[1], [2], [3]], x)", id="captured-but-misfit"),
]


@pytest.mark.parametrize("text", RAISES)
def test_what_raises_is_of_another_rule(look: Look, text: str) -> None:
    (finding,) = found(look, text)
    assert finding.rule.code == "TFS107"


NO_OPS = [
    pytest.param(
        "y = tf.tensor_scatter_nd_update(v, [[[0], [2]]], [[9.0, 8.0]])", id="shapes-that-fit"
    ),
    pytest.param("def f(i, u):\n    return tf.tensor_scatter_nd_update(v, i, u)", id="unknown"),
    pytest.param("def f(u):\n    return tf.scatter_nd([[[0], [2]]], u, [5])", id="unknown-updates"),
    pytest.param("y = tf.scatter_nd([[[0], [2]]], [[9.0, 8.0]], [5])", id="scatter_nd-that-fits"),
    pytest.param("def f(tf):\n    return tf.scatter_nd([[[0], [2]]], [9.0], [5])", id="shadowed"),
    pytest.param(
        "with pytest.raises(Exception):\n    tf.scatter_nd([[[0], [2]]], [9.0], [5])",
        id="meant-to-raise",
    ),
    pytest.param("def f(t):\n    t.scatter_nd_update([[[0], [2]]], [9.0])", id="any-object"),
    pytest.param(
        "def f(b):\n    return tf.scatter_nd(tf.zeros([b, 2, 1], tf.int32), tf.zeros([b]), [5])",
        id="batch-that-may-be-empty",
    ),
    # The dtype of what is stored.
    pytest.param("def f():\n    v.scatter_nd_update([[1], [2]], x)", id="never-traced"),
    pytest.param(TRACED + "v.scatter_nd_update([[1], [2]], r)", id="same-dtype"),
    pytest.param(TRACED + "v.scatter_nd_update([[1], [2]], tf.cast(x, v.dtype))", id="cast"),
    pytest.param(TRACED + "v.scatter_nd_update([[1], [2]], [x[0], x[1]])", id="packed-again"),
    pytest.param(TRACED + "return tf.tensor_scatter_nd_update(v, [[1], [2]], x)", id="functional"),
    pytest.param("@tf.function\ndef f(x):\n    v.scatter_nd_update([[1], [2]], x)", id="argument"),
    pytest.param(
        TRACED + "x = tf.zeros([2], tf.float64)\n    v.scatter_nd_update([[1], [2]], x)", id="local"
    ),
    pytest.param(
        "@tf.function(jit_compile=True)\ndef f():\n    v.scatter_nd_update([[1], [2]], x)",
        id="compiled-by-xla",
    ),
    pytest.param(
        TRACED + "with tf.init_scope():\n        v.scatter_nd_update([[1], [2]], x)",
        id="lifted-out",
    ),
    pytest.param(
        TRACED
        + "def g():\n        v.scatter_nd_update([[1], [2]], x)\n    tf.py_function(g, [], [])",
        id="run-eagerly-inside",
    ),
    pytest.param(
        "tf.config.run_functions_eagerly(True)\n" + TRACED + "v.scatter_nd_update([[1], [2]], x)",
        id="functions-run-eagerly",
    ),
    pytest.param(
        "s = tf.distribute.MirroredStrategy()\n" + TRACED + "v.scatter_nd_update([[1], [2]], x)",
        id="mirrored",
    ),
    pytest.param(
        "@tf.function\ndef o():\n"
        "    z = tf.constant([1.0, 2.0], tf.float64)\n"
        "    @tf.function\n"
        "    def f():\n"
        "        v.scatter_nd_update([[1], [2]], z)\n"
        "    f()",
        id="made-where-nothing-is-eager",
    ),
    pytest.param(
        "x = tf.zeros([2])\n" + TRACED + "v.scatter_nd_update([[1], [2]], x)", id="bound-twice"
    ),
    pytest.param(
        TRACED + "global x\n"
        "    x = tf.ones([2], tf.float64)\n"
        "    v.scatter_nd_update([[1], [2]], x)",
        id="global-that-is-set",
    ),
    pytest.param(
        "def f():\n"
        "    v.scatter_nd_update([[1], [2]], x)\n"
        "def g():\n"
        "    def f():\n"
        "        pass\n"
        "    tf.function(f)",
        id="another-function-of-that-name",
    ),
    pytest.param(
        "a = np.array([1.0, 2.0])\n" + TRACED + "v.scatter_nd_update([[1], [2]], a)", id="ndarray"
    ),
    pytest.param(
        TRACED + "return [v.scatter_nd_update([[1], [2]], x) for x in (r, r)]", id="comprehension"
    ),
    pytest.param(
        "from numba import function\n@function\ndef f():\n    v.scatter_nd_update([[1], [2]], x)",
        id="another-function",
    ),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert found(look, text) == []
