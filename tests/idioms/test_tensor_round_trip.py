"""TFS204: what a tensor's trip through NumPy becomes, and what is left alone."""

from __future__ import annotations

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability, Reason
from tflint_slice.syntax.screen import worth_parsing

HEAD = "import numpy as np\nimport tensorflow as tf\n\nt = tf.zeros([5])\n"


def trip(*changes: str, made: str = "tf.constant(a)", copied: str = "t.numpy()") -> str:
    return "\n".join([f"a = {copied}", *changes, f"t = {made}"])


UPDATE = "t = tf.tensor_scatter_nd_update(t, "
SAFE = [
    pytest.param(trip("a[1] = 2.0"), UPDATE + "[[1]], [2.0])", id="element"),
    pytest.param(trip("a[1] += 2.0"), "t = tf.tensor_scatter_nd_add(t, [[1]], [2.0])", id="add"),
    pytest.param(
        trip("a[1] -= 2.0"), "t = tf.tensor_scatter_nd_sub(t, [[1]], [2.0])", id="subtract"
    ),
    pytest.param(
        trip("a[0] = 2.0", "a[-1] = 3.0"), UPDATE + "[[0], [4]], [2.0, 3.0])", id="two-elements"
    ),
    pytest.param(
        trip("a[0] = t[1]", "a[1] = t[0]"), UPDATE + "[[0], [1]], [t[1], t[0]])", id="swap"
    ),
    pytest.param(
        trip("a[a > 1.0] = 2.0"), "t = tf.where(t > 1.0, tf.constant(2.0, t.dtype), t)", id="mask"
    ),
    pytest.param(
        trip("a[1] = 2.0", copied="t.numpy().copy()", made="tf.convert_to_tensor(a)"),
        UPDATE + "[[1]], [2.0])",
        id="copied-twice",
    ),
    pytest.param(
        trip("a[1] = 2.0", made="tf.constant(a, tf.float32)"),
        UPDATE + "[[1]], [2.0])",
        id="dtype-of-its-own",
    ),
    pytest.param(
        "b = t\n" + trip("a[1] = 2.0"), "b = t\n" + UPDATE + "[[1]], [2.0])", id="other-name-before"
    ),
    pytest.param(
        trip("b = tf.ones([])", "a[1] = b"),
        "b = tf.ones([])\n" + UPDATE + "[[1]], [b])",
        id="binding-between",
    ),
]


@pytest.mark.parametrize(("before", "after"), SAFE)
def test_safe_rewrites(look: Look, before: str, after: str) -> None:
    (found,) = look(HEAD + before)
    assert (found.rule.code, found.reason) == ("TFS204", None)
    assert fixed(HEAD + before, [found], Applicability.SAFE) == HEAD + after
    assert look(HEAD + after) == []
    assert worth_parsing((HEAD + before).encode())


UNSAFE = Applicability.UNSAFE
REFUSED = [
    pytest.param(
        trip("a[1] = 2.0") + "\nwith tf.GradientTape() as tape:\n    tape.watch(t)",
        Reason.CHANGES_MEANING,
        UNSAFE,
        id="gradients-are-blocked-today",
    ),
    pytest.param(
        "from helpers import jacobian\n" + trip("a[1] = 2.0"),
        Reason.CHANGES_MEANING,
        UNSAFE,
        id="gradients-by-another-name",
    ),
    pytest.param(
        "def h():\n    return 1.0\n\n\n" + trip("a[1] = h()"),
        Reason.SIDE_EFFECTS,
        UNSAFE,
        id="value-of-a-call",
    ),
    pytest.param(trip("a[1] = 2.0") + "\nprint(a)", Reason.VALUE_ESCAPES, None, id="copy-read"),
    pytest.param(trip("a[0] = a[1]"), Reason.VALUE_ESCAPES, None, id="copy-read-between"),
    pytest.param(trip("b = a", "a[1] = 2.0"), Reason.VALUE_ESCAPES, None, id="copy-aliased"),
    pytest.param(
        trip("t = tf.ones([5])", "a[1] = 2.0"), Reason.STATEMENT_BETWEEN, None, id="tensor-rebound"
    ),
    pytest.param(
        trip("for k in range(5):", "    a[k] = 2.0"), Reason.LOOP_OF_UPDATES, None, id="loop"
    ),
    pytest.param(trip("a[1:3] = 2.0"), Reason.NO_REWRITE, None, id="slice"),
    pytest.param(trip("a[1] *= 2.0"), Reason.NO_REWRITE, None, id="multiply"),
    pytest.param(
        "a = t.numpy(); a[1] = 2.0\nt = tf.constant(a)", Reason.NO_REWRITE, None, id="on-one-line"
    ),
    pytest.param(trip("a[1] = 2.0  # why"), Reason.COMMENT_INSIDE, None, id="comment"),
    pytest.param(trip("a[7] = 2.0"), Reason.MAYBE_OUT_OF_RANGE, None, id="out-of-range"),
    pytest.param(
        "t = tf.constant(1.0)\n" + trip("a[a > 0.0] = 2.0"), Reason.UNKNOWN_RANK, None, id="scalar"
    ),
    pytest.param(
        "t = tf.zeros([5], tf.int32)\n" + trip("a[1] = 2.5"),
        Reason.DTYPE_CAST,
        None,
        id="truncated",
    ),
]


@pytest.mark.parametrize(("text", "reason", "fix"), REFUSED)
def test_reported_without_a_safe_fix(
    look: Look, text: str, reason: Reason, fix: Applicability | None
) -> None:
    (found,) = [f for f in look(HEAD + text) if f.rule.code == "TFS204"]
    assert (found.reason, found.fix and found.fix.applicability) == (reason, fix)


NO_OPS = [
    pytest.param(trip(), id="nothing-changed"),
    pytest.param(trip("a[1] = 2.0", made="tf.constant(a, tf.float64)"), id="another-dtype"),
    pytest.param(trip("a[1] = 2.0", made="tf.constant(a, shape=[5, 1])"), id="another-shape"),
    pytest.param(trip("a[1] = 2.0", made="tf.Variable(a)"), id="made-a-variable"),
    pytest.param(trip("a[1] = 2.0", made="tf.reshape(a, [5])"), id="another-function"),
    pytest.param("a = t.numpy()\na[1] = 2.0\nu = tf.constant(a)", id="another-name"),
    pytest.param("a = t.numpy()\na[1] = 2.0\nt, u = tf.constant(a), 1", id="tuple"),
    pytest.param("u = tf.ones([5])\n" + trip("a[1] = 2.0", copied="u.numpy()"), id="of-another"),
    pytest.param(trip("a[1] = 2.0", copied="np.zeros([5])"), id="array"),
    pytest.param(trip("a[1] = 2.0", copied="list(t.numpy())"), id="list"),
    pytest.param(
        "def f(t):\n    a = t.numpy()\n    a[1] = 2.0\n    t = tf.constant(a)", id="bare-parameter"
    ),
    pytest.param(
        "t = tf.ragged.constant([[1], [2, 3]])\n" + trip("a[1] = 2.0"), id="ragged-tensor"
    ),
    pytest.param("v = tf.Variable([1.0])\na = v.numpy()\na[0] = 2.0\nv.assign(a)", id="variable"),
    pytest.param("a = t.numpy()\na[1] = 2.0\nprint(a)", id="never-made-a-tensor"),
    pytest.param(
        "a = t.numpy()\na[1] = 2.0\nif a[0] > 1.0:\n    t = tf.constant(a)", id="in-two-blocks"
    ),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert [f for f in look(HEAD + text) if f.rule.code == "TFS204"] == []
