"""TFS205: which new variables take the place of an old one for no other reason than a change."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest
from idioms.conftest import Look

from tflint_slice.model import Effect, Reason

HEAD = """\
import keras
import numpy as np
import tensorflow as tf

w = tf.Variable(tf.zeros([5]))
k = keras.Variable(tf.zeros([5]), dtype="float32")
"""
UPDATE = "tf.tensor_scatter_nd_update"


def method(body: str, made: str = "tf.Variable(tf.zeros([5]))") -> str:
    """A class with the variable ``self.v``, in one of whose methods ``body`` stands."""
    return (
        "class Table(tf.Module):\n"
        "    def __init__(self):\n"
        f"        self.v = {made}\n"
        "\n"
        "    def change(self, i, x):\n"
        f"{indent(dedent(body), '        ')}\n"
    )


def trip(*changes: str, read: str = "w.numpy()", made: str = "w = tf.Variable(a)") -> str:
    return "\n".join([f"a = {read}", *changes, made])


FOUND = [
    pytest.param(trip("a[1] = 2.0"), id="numpy"),
    pytest.param(trip("a[1] += 2.0", read="np.array(w)"), id="np.array"),
    pytest.param(trip("a[1] = 2.0", read="w.read_value().numpy()"), id="read_value"),
    pytest.param(trip("for i in range(3):\n    a[i] = 2.0"), id="loop-of-changes"),
    pytest.param(trip("if w[0] > 1.0:\n    a[1] = 2.0"), id="condition"),
    pytest.param(trip("a[1] = 2.0", "print(a)"), id="copy-read-as-well"),
    pytest.param(trip("a[1] = 2.0", made="w = tf.Variable(initial_value=a)"), id="keyword"),
    pytest.param(trip("a[1] = 2.0", made="w = tf.Variable(a, name='w')"), id="name-kept"),
    pytest.param(trip("a[1] = 2.0", made="w = tf.Variable(tf.constant(a))"), id="constant"),
    pytest.param(
        trip("a[1] = 2.0", read="k.numpy()", made="k = keras.Variable(a)"), id="keras-3-variable"
    ),
    pytest.param(f"w = tf.Variable({UPDATE}(w, [[1]], [2.0]))", id="scatter"),
    pytest.param(f"t = {UPDATE}(w, [[1]], [2.0])\nw = tf.Variable(t)", id="scatter-by-a-name"),
    pytest.param(
        method(trip("a[i] = x", read="self.v.numpy()", made="self.v = tf.Variable(a)")),
        id="attribute",
    ),
    pytest.param(
        method("self.v = tf.Variable(tf.tensor_scatter_nd_add(self.v, [[i]], [x]))"),
        id="scatter-of-an-attribute",
    ),
    pytest.param(
        "def f():\n    global w\n    a = w.numpy()\n    a[1] = 2.0\n    w = tf.Variable(a)",
        id="global-name",
    ),
    pytest.param(
        "def f(model):\n    u = tf.Variable(tf.zeros([5]))\n    model.weight = u\n"
        "    a = u.numpy()\n    a[1] = 2.0\n    u = tf.Variable(a)\n    return model, u",
        id="local-name-of-what-others-hold",
    ),
]


@pytest.mark.parametrize("text", FOUND)
def test_reported_without_a_fix(look: Look, text: str) -> None:
    (found,) = (found for found in look(HEAD + text) if not found.declined)
    assert (found.rule.code, found.reason, found.fix) == ("TFS205", Reason.CHANGES_MEANING, None)
    assert "is bound to a new variable" in found.message


def test_the_old_variable_is_replaced() -> None:
    assert Effect.REPLACES.value == "binds the name to another variable"


NO_OPS = [
    pytest.param(trip(), id="copied-unchanged"),
    pytest.param(trip("a = a * 2.0"), id="all-of-it-computed"),
    pytest.param(trip("a = np.append(a, 1.0)", "a[5] = 2.0"), id="grown"),
    pytest.param(trip("a[1] = 2.0", "a.resize(3)"), id="resized"),
    pytest.param(trip("a[1] = 2.0", "a.shape = (5, 1)"), id="reshaped-in-place"),
    pytest.param(trip("a[1] = 2.0", made="w = tf.Variable(a, dtype=tf.float64)"), id="dtype"),
    pytest.param(trip("a[1] = 2.0", made="w = tf.Variable(a, trainable=False)"), id="trainable"),
    pytest.param(trip("a[1] = 2.0", made="w = tf.Variable(a, False)"), id="trainable-by-place"),
    pytest.param(trip("a[1] = 2.0", made="w = tf.Variable(*a)"), id="starred"),
    pytest.param(trip("a[1] = 2.0", made="u = tf.Variable(a)"), id="another-name"),
    pytest.param(trip("a[1] = 2.0", made="w = u = tf.Variable(a)"), id="two-names"),
    pytest.param(trip("a[1] = 2.0", made="w = tf.constant(a)"), id="a-tensor"),
    pytest.param(trip("a[1] = 2.0", made="w = tf.Variable(a + 1.0)"), id="computed-once-more"),
    pytest.param(trip("a[1] = 2.0", read="np.zeros([5])"), id="array-made-afresh"),
    pytest.param(trip("a[1] = 2.0", made="w = tf.Variable(tf.constant(a, tf.float16))"), id="cast"),
    pytest.param("w = tf.Variable(tf.zeros([5]))", id="made-anew"),
    pytest.param("w = tf.Variable(w)", id="copied-as-a-variable"),
    pytest.param(f"u = tf.Variable({UPDATE}(w, [[1]], [2.0]))", id="scatter-to-another-name"),
    pytest.param(
        f"def f(t: tf.Tensor):\n    t = tf.Variable({UPDATE}(t, [[1]], [2.0]))\n    return t",
        id="variable-made-of-a-tensor",
    ),
    pytest.param(
        "def f(w: tf.Variable):\n    a = w.numpy()\n    a[1] = 2.0\n    w = tf.Variable(a)\n"
        "    return w",
        id="changed-copy-of-a-parameter",
    ),
    pytest.param(
        "def f(model):\n    u = model.table\n    a = u.numpy()\n    a[1] = 2.0\n"
        "    u = tf.Variable(a)\n    return u",
        id="changed-copy-of-somebody-elses",
    ),
    pytest.param(
        "def f():\n    u = tf.Variable(tf.zeros([5]))\n    a = u.numpy()\n    a[1] = 2.0\n"
        "    u = tf.Variable(a)\n    return u",
        id="nobody-holds-the-old-one",
    ),
    pytest.param(
        "class A(tf.Module):\n    def __init__(self):\n        self.v = tf.Variable(tf.zeros([5]))\n"
        "        a = self.v.numpy()\n        a[1] = 2.0\n        self.v = tf.Variable(a)",
        id="made-in-two-steps",
    ),
    pytest.param(
        "def test_it():\n    global w\n    a = w.numpy()\n    a[1] = 2.0\n    w = tf.Variable(a)",
        id="in-a-test",
    ),
    pytest.param(
        method("a = self.u.numpy()\na[1] = 2.0\nself.u = tf.Variable(a)"), id="unknown-attribute"
    ),
    pytest.param(
        "w = [w]\na = w[0].numpy()\na[1] = 2.0\nw[0] = tf.Variable(a)", id="item-of-a-list"
    ),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert [found for found in look(HEAD + text) if found.rule.code == "TFS205"] == []
