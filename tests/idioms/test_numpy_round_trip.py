"""TFS201: what a detour through NumPy becomes, and which copies are more than a detour."""

from __future__ import annotations

import textwrap

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability, Reason

HEAD = (
    "import numpy as np\n"
    "import tensorflow as tf\n"
    "\n"
    "v = tf.Variable(tf.zeros([4, 3]))\n"
    "w = tf.Variable(tf.zeros([5]))\n"
)


def trip(*changes: str, read: str = "w.numpy()", write: str = "w.assign(a)") -> str:
    """A function that copies, changes and assigns back."""
    body = "\n".join([f"a = {read}", *changes, write])
    return "def f(i: int, x):\n" + textwrap.indent(body, "    ")


def becomes(*lines: str) -> str:
    return "def f(i: int, x):\n" + textwrap.indent("\n".join(lines), "    ")


ONE = "w.scatter_nd_update([[1]], [2.0])"
READS = (
    "w.numpy()",
    "np.array(w)",
    "np.asarray(w)",
    "np.copy(w)",
    "np.array(w.numpy())",
    "w.numpy().copy()",
    "w.read_value().numpy()",
    "w.value().numpy()",
)
WRITES = ("w.assign(a)", "w.assign(tf.constant(a))", "w.assign(tf.convert_to_tensor(a))")

SAFE = [
    *(pytest.param(trip("a[1] = 2.0", read=read), becomes(ONE), id=read) for read in READS),
    *(pytest.param(trip("a[1] = 2.0", write=write), becomes(ONE), id=write) for write in WRITES),
    pytest.param(trip("a[1] += 2.0"), becomes("w.scatter_nd_add([[1]], [2.0])"), id="add"),
    pytest.param(trip("a[i] = 2.0"), becomes("w[i].assign(2.0)"), id="index-of-unknown-sign"),
    pytest.param(trip("a[1:3] = 2.0"), becomes("w[1:3].assign(2.0)"), id="slice"),
    pytest.param(trip("a[1:3] *= 2.0"), becomes("w[1:3].assign(w[1:3] * 2.0)"), id="scaled-slice"),
    pytest.param(trip("a[2] /= 3.0"), becomes("w[2].assign(w[2] / 3.0)"), id="divide-eagerly"),
    pytest.param(
        trip("a[a < 0.5] = 0.0"),
        becomes("w.assign(tf.where(w < 0.5, tf.constant(0.0, w.dtype), w))"),
        id="mask-of-the-copy",
    ),
    pytest.param(
        trip("a[0] = 1.0", "a[2] = 3.0"),
        becomes("w.scatter_nd_update([[0], [2]], [1.0, 3.0])"),
        id="distinct-elements-at-once",
    ),
    pytest.param(
        trip("a[0] = 1.0", "a[0] = 3.0"),
        becomes(
            "a = tf.tensor_scatter_nd_update(w, [[0]], [1.0])",
            "a = tf.tensor_scatter_nd_update(a, [[0]], [3.0])",
            "w.assign(a)",
        ),
        id="same-element-twice-in-order",
    ),
    pytest.param(
        trip("a[0] = 1.0", "a[0] += 3.0"),
        becomes(
            "a = tf.tensor_scatter_nd_update(w, [[0]], [1.0])",
            "a = tf.tensor_scatter_nd_add(a, [[0]], [3.0])",
            "w.assign(a)",
        ),
        id="set-then-add",
    ),
    pytest.param(
        trip("b = tf.ones([3])", "a[2] = b", read="v.numpy()", write="v.assign(a)"),
        becomes("b = tf.ones([3])", "v.scatter_nd_update([[2]], [b])"),
        id="harmless-binding-between",
    ),
]


@pytest.mark.parametrize(("before", "after"), SAFE)
def test_safe_rewrites(look: Look, before: str, after: str) -> None:
    findings = look(HEAD + before)
    assert [(f.rule.code, f.reason) for f in findings] == [("TFS201", None)]
    assert fixed(HEAD + before, findings, Applicability.SAFE) == HEAD + after
    assert [f for f in look(HEAD + after) if not f.declined] == []


UNSAFE = [
    pytest.param(trip("a[1] = x"), Reason.UNKNOWN_VALUE, id="value-of-unknown-kind"),
    pytest.param(trip("a[x] = 1.0"), Reason.UNKNOWN_INDEX, id="index-of-unknown-kind"),
    pytest.param(trip("a[1] = x()"), Reason.SIDE_EFFECTS, id="call-that-may-write-it"),
    pytest.param(trip("a[1] = 2.0", "print(a)"), Reason.VALUE_ESCAPES, id="copy-printed"),
    pytest.param(trip("a[1] = a[0]"), Reason.VALUE_ESCAPES, id="copy-read"),
    pytest.param(trip("b = a[1:]", "a[1] = 2.0"), Reason.VALUE_ESCAPES, id="view"),
    pytest.param(
        trip("a[1] = 2.0", write="w.assign(a)\nreturn a"), Reason.VALUE_ESCAPES, id="copy-returned"
    ),
    pytest.param(trip("a[1] = 2.0", "x()"), Reason.STATEMENT_BETWEEN, id="call-between"),
    pytest.param(
        trip("a[1] = 2.0", "w.assign_add(w)"), Reason.STATEMENT_BETWEEN, id="write-between"
    ),
    pytest.param(trip("if x:\n    a[1] = 2.0"), Reason.STATEMENT_BETWEEN, id="condition"),
    pytest.param(
        trip("if x:\n    return", "a[1] = 2.0"), Reason.STATEMENT_BETWEEN, id="early-return"
    ),
    pytest.param(
        trip("for k in range(5):\n    a[k] = 2.0"), Reason.LOOP_OF_UPDATES, id="loop-of-stores"
    ),
    pytest.param(trip("a.fill(2.0)"), Reason.VALUE_ESCAPES, id="fill"),
    pytest.param(trip("a.sort()"), Reason.VALUE_ESCAPES, id="sort"),
    pytest.param(trip("np.add.at(a, [0, 0], 1.0)"), Reason.VALUE_ESCAPES, id="add-at"),
    pytest.param(
        trip("a[i] = 1.0", "i = 2", "a[3] = 1.0"),
        Reason.STATEMENT_BETWEEN,
        id="index-bound-again-between",
    ),
    pytest.param(trip("a[1] = 1.0", "a[2:] = 2.0"), Reason.NO_REWRITE, id="element-and-slice"),
    pytest.param(
        "def g(i: int):\n    try:\n        a = w.numpy()\n        a[i] = 1.0\n        w.assign(a)\n"
        "    except IndexError:\n        pass",
        Reason.CAUGHT_EXCEPTION,
        id="index-error-caught",
    ),
    pytest.param(
        "class A:\n    a = w.numpy()\n    a[1] = 2.0\n    w.assign(a)",
        Reason.VALUE_ESCAPES,
        id="copy-is-an-attribute",
    ),
    pytest.param(trip("a[2] //= 2.0"), Reason.INEXACT_OPERATOR, id="floor-division"),
]


@pytest.mark.parametrize(("text", "reason"), UNSAFE)
def test_reported_without_a_safe_fix(look: Look, text: str, reason: Reason) -> None:
    (found,) = look(HEAD + text)
    assert found.fix is None or found.fix.applicability is Applicability.UNSAFE
    assert (found.rule.code, found.reason) == ("TFS201", reason)


NO_OPS = [
    pytest.param(trip(), id="nothing-changed"),
    pytest.param(trip("a = a + 1.0"), id="whole-array-computed"),
    pytest.param(trip("a['x'] = 1.0"), id="key-of-a-dictionary"),
    pytest.param(trip("a = np.append(a, 1.0)"), id="append"),
    pytest.param(trip("a[1] = 2.0", write="v.assign(a)"), id="another-variable"),
    pytest.param(trip("a[1] = 2.0", write="x.append(a)"), id="kept-as-an-array"),
    pytest.param(trip("a[1] = 2.0", read="np.zeros([5])"), id="array-made-afresh"),
    pytest.param(trip("a[1] = 2.0", read="tf.zeros([5]).numpy()"), id="copy-of-a-tensor"),
    pytest.param(trip("a[1] = 2.0", read="x.numpy()", write="x.assign(a)"), id="unknown-receiver"),
    pytest.param(trip("a[1] = 2.0", write="w.assign(a * 2.0)"), id="computed-on-the-way-back"),
    pytest.param("def f(opt):\n    opt.set_weights(opt.get_weights())", id="set_weights"),
    pytest.param("def f(layer, a):\n    tf.keras.backend.set_value(layer.lr, a)", id="set_value"),
    pytest.param("def f(a):\n    a[0] = 1.0\n    w.assign(a)", id="array-of-the-caller"),
    pytest.param("a = np.asarray([1.0] * 5)\na[0] = 2.0\nw.assign(a)", id="array-of-a-list"),
    pytest.param("rows = []\nrows.append(w.numpy())\nw.assign(np.mean(rows, 0))", id="averaging"),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert look(HEAD + text) == []


def test_names_of_an_imported_module_are_not_its_own_business(look: Look, tmp_path: object) -> None:
    from pathlib import Path

    text = HEAD + "a = w.numpy()\na[1] = 2.0\nw.assign(a)"
    (found,) = look(text)
    assert found.reason is None
    assert isinstance(tmp_path, Path)
    (tmp_path / "__init__.py").touch()
    (found,) = look(text)
    assert found.reason is Reason.VALUE_ESCAPES
