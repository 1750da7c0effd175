"""TFS202: what a detour through Keras's backend becomes, and which ones are none."""

from __future__ import annotations

import textwrap

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability, Reason

HEAD = (
    "import keras\n"
    "import numpy as np\n"
    "import tensorflow as tf\n"
    "import tf_keras\n"
    "from tensorflow.keras import backend as K\n"
    "\n"
    "v = tf.Variable(tf.zeros([4, 3]))\n"
    "w = tf.Variable(tf.zeros([5]))\n"
    "k = keras.Variable(tf.zeros([5]), dtype='float32')\n"
)
OPS = "keras.ops.convert_to_numpy(w)"


def trip(*changes: str, read: str = OPS, write: str = "w.assign(a)") -> str:
    """A copy that is changed and set again, at module level."""
    return "\n".join([f"a = {read}", *changes, write])


def inside(body: str) -> str:
    """The same in a function."""
    return "def f(i: int, x):\n" + textwrap.indent(body, "    ")


BY_K = {"read": "K.get_value(w)", "write": "K.set_value(w, a)"}
BY_TF_KERAS = {
    "read": "tf_keras.backend.get_value(w)",
    "write": "tf_keras.backend.set_value(w, a)",
}
ONE = "w.scatter_nd_update([[1]], [2.0])"
READS = (
    "K.get_value(w)",
    "tf.keras.backend.get_value(w)",
    "tf_keras.backend.get_value(w)",
    "keras.ops.convert_to_numpy(w)",
    "tf.keras.ops.convert_to_numpy(w)",
    "np.array(K.get_value(w))",
    "K.get_value(w).copy()",
)
WRITES = (
    "K.set_value(w, a)",
    "tf.keras.backend.set_value(w, a)",
    "tf_keras.backend.set_value(w, a)",
    "K.set_value(w, tf.constant(a))",
)

SAFE = [
    *(pytest.param(trip("a[1] = 2.0", read=read), ONE, id=f"{read}-assign") for read in READS),
    *(pytest.param(trip("a[1] = 2.0", write=write), ONE, id=f"ops-{write}") for write in WRITES),
    pytest.param(trip("a[1] = 2.0", **BY_K), ONE, id="there-and-back-by-the-backend"),
    pytest.param(trip("a[1] = 2.0", **BY_TF_KERAS), ONE, id="there-and-back-by-tf_keras"),
    pytest.param(
        trip("a[1] = 2.0", read="w.numpy()", write="K.set_value(w, a)"), ONE, id="numpy-there"
    ),
    pytest.param(
        trip("a[1] = 2.0", read="np.array(w)", write="K.set_value(w, a)"), ONE, id="np.array-there"
    ),
    pytest.param(inside(trip("a[1] = 2.0")), inside(ONE), id="ops-in-a-function"),
    pytest.param(
        inside(trip("a[i] = 2.0", read="w.numpy()", write="K.set_value(w, a)")),
        inside("w[i].assign(2.0)"),
        id="numpy-there-in-a-function",
    ),
    pytest.param(trip("a[1] += 2.0"), "w.scatter_nd_add([[1]], [2.0])", id="add"),
    pytest.param(trip("a[1:3] = 2.0", **BY_K), "w[1:3].assign(2.0)", id="slice"),
    pytest.param(
        trip("a[a > 0.5] = 2.0", **BY_K),
        "w.assign(tf.where(w > 0.5, tf.constant(2.0, w.dtype), w))",
        id="mask-of-the-copy",
    ),
    pytest.param(
        trip("a[0] = 1.0", "a[0] += 3.0"),
        "a = tf.tensor_scatter_nd_update(w, [[0]], [1.0])\n"
        "a = tf.tensor_scatter_nd_add(a, [[0]], [3.0])\n"
        "w.assign(a)",
        id="set-then-add",
    ),
    pytest.param(
        trip("a[1] = 2.0", read="keras.ops.convert_to_numpy(k)", write="k.assign(a)"),
        "k.assign(tf.tensor_scatter_nd_update(k, [[1]], [2.0]))",
        id="keras-3-by-ops",
    ),
    pytest.param(
        trip("a[1] = 2.0", read="K.get_value(k)", write="k.assign(a)"),
        "k.assign(tf.tensor_scatter_nd_update(k, [[1]], [2.0]))",
        id="keras-3-by-get_value",
    ),
    pytest.param(
        trip("a[1] = 2.0", read="K.get_value(k)", write="tf_keras.backend.set_value(k, a)"),
        "k.assign(tf.tensor_scatter_nd_update(k, [[1]], [2.0]))",
        id="keras-3-set-by-tf_keras",
    ),
    pytest.param(
        trip("a[0] = w[1]", "a[1] = w[0]", **BY_K),
        "w.scatter_nd_update([[0], [1]], [w[1], w[0]])",
        id="swap",
    ),
    pytest.param(
        trip("a[2] = 5.0", "a[-3] = 6.0"),
        "a = tf.tensor_scatter_nd_update(w, [[2]], [5.0])\n"
        "a = tf.tensor_scatter_nd_update(a, [[2]], [6.0])\n"
        "w.assign(a)",
        id="one-place-by-two-names",
    ),
    pytest.param(
        trip("a[4] += 1e8", "a[-1] -= 1e8"),
        "a = tf.tensor_scatter_nd_add(w, [[4]], [1e8])\n"
        "a = tf.tensor_scatter_nd_sub(a, [[4]], [1e8])\n"
        "w.assign(a)",
        id="sums-in-their-order",
    ),
    pytest.param(
        trip("a[0] = tf.constant(0.1, tf.float64)"),
        "w.scatter_nd_update([[0]], [tf.cast(tf.constant(0.1, tf.float64), w.dtype)])",
        id="wider-tensor",
    ),
    pytest.param(
        trip("a[a >= 1e39] = 5.0", **BY_K),
        "w.assign(tf.where(w >= 1e39, tf.constant(5.0, w.dtype), w))",
        id="mask-of-infinities",
    ),
    pytest.param(
        trip("a[::-1] = [1.0, 2.0, 3.0, 4.0, 5.0]", **BY_K),
        "w[::-1].assign([1.0, 2.0, 3.0, 4.0, 5.0])",
        id="backwards",
    ),
    pytest.param(
        trip("a[-1:-10:-2] = 7.0", **BY_K), "w[-1:-10:-2].assign(7.0)", id="past-the-start"
    ),
    pytest.param(trip("a[3:1] = 7.0", **BY_K), "w[3:1].assign(7.0)", id="nothing"),
    pytest.param(
        trip("a[1] = number").replace(
            "a =", "number = keras.Variable(4.0, dtype='float32')\na =", 1
        ),
        "number = keras.Variable(4.0, dtype='float32')\n"
        "w.scatter_nd_update([[1]], [tf.convert_to_tensor(number, w.dtype)])",
        id="keras-3-variable-which-no-list-may-hold",
    ),
]


@pytest.mark.parametrize(("before", "after"), SAFE)
def test_safe_rewrites(look: Look, before: str, after: str) -> None:
    findings = look(HEAD + before)
    assert [(f.rule.code, f.reason) for f in findings] == [("TFS202", None)]
    assert fixed(HEAD + before, findings, Applicability.SAFE) == HEAD + after
    assert [f for f in look(HEAD + after) if not f.declined] == []


UNSAFE = [
    pytest.param(
        inside(trip("a[1] = 2.0", **BY_K)), Reason.CHANGES_MEANING, id="function-may-be-traced"
    ),
    pytest.param(
        inside(trip("a[1] = 2.0", read="K.get_value(w)")),
        Reason.CHANGES_MEANING,
        id="assign-in-a-function-that-may-be-traced",
    ),
    pytest.param(
        "g = lambda: 0\n" + inside(trip("a[1] = 2.0", **BY_TF_KERAS)),
        Reason.CHANGES_MEANING,
        id="tf_keras-traces-as-well",
    ),
    pytest.param(
        trip("a[1] = 2.0", read="K.get_value(k)", write="K.set_value(k, a)"),
        Reason.ALWAYS_RAISES,
        id="set_value-of-a-keras-3-variable",
    ),
    pytest.param(
        trip("a[1] = 2.0", read="keras.backend.get_value(w)"),
        Reason.ALWAYS_RAISES,
        id="keras-3-has-no-get_value",
    ),
    pytest.param(
        trip("a[1] = 2.0", write="keras.backend.set_value(w, a)"),
        Reason.ALWAYS_RAISES,
        id="keras-3-has-no-set_value",
    ),
    pytest.param(
        "class Table(tf_keras.layers.Layer):\n"
        "    def build(self, shape):\n"
        "        self.v = self.add_weight(shape=[5], dtype='float32')\n\n"
        "    def clear(self):\n"
        "        a = tf.keras.ops.convert_to_numpy(self.v)\n"
        "        a[1] = 2.0\n"
        "        self.v.assign(a)",
        Reason.ALWAYS_RAISES,
        id="keras-2-has-no-ops",
    ),
    pytest.param(inside(trip("a[1] = x")), Reason.UNKNOWN_VALUE, id="value-of-unknown-kind"),
    pytest.param(inside(trip("a[1] = x()")), Reason.SIDE_EFFECTS, id="call-that-may-write-it"),
    pytest.param(inside(trip("a[1] = 2.0", "print(a)")), Reason.VALUE_ESCAPES, id="copy-printed"),
    pytest.param(inside(trip("a[1] = a[0]")), Reason.VALUE_ESCAPES, id="copy-read"),
    pytest.param(
        inside(trip("a[1] = 2.0", "K.set_value(v, x)", **BY_K)),
        Reason.STATEMENT_BETWEEN,
        id="another-set-between",
    ),
    pytest.param(
        inside(trip("for n in range(5):\n    a[n] = 2.0")), Reason.LOOP_OF_UPDATES, id="loop"
    ),
    pytest.param(trip("a.fill(2.0)"), Reason.VALUE_ESCAPES, id="fill"),
    pytest.param(
        trip("a[a > 300] = 2", read="K.get_value(u)", write="K.set_value(u, a)"),
        Reason.VALUE_OUT_OF_DTYPE,
        id="mask-beyond-the-dtype",
    ),
]


@pytest.mark.parametrize(("text", "reason"), UNSAFE)
def test_reported_without_a_safe_fix(look: Look, text: str, reason: Reason) -> None:
    (found,) = look(HEAD + "u = tf.Variable(tf.zeros([5], tf.uint8))\n" + text)
    assert found.fix is None or found.fix.applicability is Applicability.UNSAFE
    assert (found.rule.code, found.reason) == ("TFS202", reason)


def test_without_tensorflow_the_backend_of_keras_may_be_another(look: Look) -> None:
    text = (
        "import keras\n\nk = keras.Variable([0.0, 1.0], dtype='float32')\n"
        "a = keras.ops.convert_to_numpy(k)\na[1] = 2.0\nk.assign(a)\n"
    )
    (found,) = look(text)
    assert found.reason is Reason.VARIABLE_CLASS
    assert [f.reason for f in look("import tensorflow\n" + text)] == [None]


NO_OPS = [
    pytest.param(
        "def f(model, factor):\n"
        "    lr = K.get_value(model.optimizer.lr)\n"
        "    K.set_value(model.optimizer.lr, lr * factor)",
        id="learning-rate",
    ),
    pytest.param("def f(opt, x):\n    K.set_value(opt.lr, x)", id="learning-rate-set"),
    pytest.param(
        "def f(opt):\n    a = K.get_value(opt.lr)\n    a[0] = 1.0\n    K.set_value(opt.lr, a)",
        id="receiver-unknown",
    ),
    pytest.param(trip(**BY_K), id="nothing-changed"),
    pytest.param(trip("a = a * 0.9", **BY_K), id="whole-array-computed"),
    pytest.param(trip("a = 0.9 * a + 0.1 * np.ones([5])", **BY_K), id="moving-average"),
    pytest.param("K.set_value(w, np.zeros([5]))", id="whole-array-set"),
    pytest.param("a = np.zeros([5])\na[1] = 2.0\nK.set_value(w, a)", id="array-made-afresh"),
    pytest.param("print(K.get_value(w)[1])", id="read-and-printed"),
    pytest.param("a = K.get_value(w)\na[1] = 2.0\nprint(a)", id="changed-and-printed"),
    pytest.param("a = K.get_value(w)\na[1] = 2.0\nK.set_value(v, a)", id="another-variable"),
    pytest.param(
        "def f(layer):\n"
        "    a = K.get_value(layer.kernel)\n    a[1] = 2.0\n    K.set_value(layer.kernel, a)",
        id="weight-of-an-unknown-layer",
    ),
    pytest.param(
        "K.batch_set_value([(w, x) for w, x in zip([w], [np.ones([5])])])", id="batch_set_value"
    ),
    pytest.param(
        "t = tf.zeros([5])\na = keras.ops.convert_to_numpy(t)\na[1] = 2.0\nw.assign(a)",
        id="copy-of-a-tensor",
    ),
    pytest.param(
        "class K:\n    get_value = staticmethod(np.array)\n\n"
        "a = K.get_value(w)\na[1] = 2.0\nw.assign(a)",
        id="another-K",
    ),
    pytest.param(
        "def f(K):\n    a = K.get_value(w)\n    a[1] = 2.0\n    K.set_value(w, a)",
        id="K-is-a-parameter",
    ),
    pytest.param(
        "from backend import get_value, set_value\na = get_value(w)\na[1] = 2.0\nset_value(w, a)",
        id="functions-of-another-module",
    ),
    pytest.param("a = K.eval(w)\na[1] = 2.0\nK.set_value(w, a)", id="eval-is-left-alone"),
    pytest.param(
        "s = tf.Variable(1.0)\na = keras.ops.convert_to_numpy(s)\na[...] = 2.0\ns.assign(a)",
        id="scalar",
    ),
    pytest.param("a = K.get_value(x=w)\na[1] = 2.0\nK.set_value(x=w, value=a)", id="keywords"),
    pytest.param(
        "if input():\n    K = tf_keras.backend\na = K.get_value(w)\na[1] = 2.0\nK.set_value(w, a)",
        id="one-backend-or-another",
    ),
    pytest.param("n = K.get_value(w).tolist()\nn[1] = 2.0\nK.set_value(w, n)", id="list"),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert look(HEAD + text) == []


def test_numpy_there_and_assign_back_is_the_business_of_another_rule(look: Look) -> None:
    (found,) = look(HEAD + trip("a[1] = 2.0", read="w.numpy()"))
    assert found.rule.code == "TFS201"
