"""TFS104: what changes of a NumPy copy were meant to be, and which copies are nobody's mistake."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability, Reason

HEAD = """\
import keras
import numpy as np
import pytest
import tensorflow as tf

v = tf.Variable(tf.zeros([4, 3]))
w = tf.Variable(tf.zeros([5]))
k = keras.Variable(tf.zeros([5]), dtype="float32")
"""


def function(*lines: str, before: str = "") -> str:
    """A function with these statements."""
    body = indent("\n".join(lines), "    ")
    return f"{before}def f(i: int, x, other: tf.Variable):\n{body}\n"


MENDED = [
    pytest.param("w.numpy()[1] = 2.0", "w.scatter_nd_update([[1]], [2.0])", id="element"),
    pytest.param("w.numpy()[-1] = 2.0", "w.scatter_nd_update([[4]], [2.0])", id="from-the-end"),
    pytest.param("np.array(w)[1] += 2.0", "w.scatter_nd_add([[1]], [2.0])", id="np.array-add"),
    pytest.param("np.asarray(w)[1] -= 2.0", "w.scatter_nd_sub([[1]], [2.0])", id="np.asarray-sub"),
    pytest.param("np.copy(w)[1:3] = 2.0", "w[1:3].assign(2.0)", id="np.copy-slice"),
    pytest.param("w.numpy()[1] *= 2.0", "w[1].assign(w[1] * 2.0)", id="product"),
    pytest.param(
        "w.numpy().copy()[1] = 2.0", "w.scatter_nd_update([[1]], [2.0])", id="copied-twice"
    ),
    pytest.param("np.array(w.numpy())[1] = 2.0", "w.scatter_nd_update([[1]], [2.0])", id="nested"),
    pytest.param(
        "w.read_value().numpy()[1] = 2.0", "w.scatter_nd_update([[1]], [2.0])", id="read_value"
    ),
    pytest.param(
        "w.numpy()[w > 1.0] = 0.0",
        "w.assign(tf.where(w > 1.0, tf.constant(0.0, w.dtype), w))",
        id="mask",
    ),
    pytest.param(
        "v.numpy()[2] = tf.ones([3])", "v.scatter_nd_update([[2]], [tf.ones([3])])", id="row"
    ),
    pytest.param(
        "k.numpy()[1] = 2.0",
        "k.assign(tf.tensor_scatter_nd_update(k, [[1]], [2.0]))",
        id="of-a-keras-3-variable",
    ),
    pytest.param(
        function("w.numpy()[i] = x"), function("w[i].assign(x)"), id="of-unknown-index-and-value"
    ),
    pytest.param(
        "w.numpy()[1] = 2.0; print(w)  # why",
        "w.scatter_nd_update([[1]], [2.0]); print(w)  # why",
        id="among-others-on-a-line",
    ),
    pytest.param(
        "if w is v: w.numpy()[1] = 2.0",
        "if w is v: w.scatter_nd_update([[1]], [2.0])",
        id="behind-a-colon",
    ),
    pytest.param(
        function("other.numpy()[1] = 2.0"), function("other[1].assign(2.0)"), id="of-a-parameter"
    ),
    pytest.param(
        function("a = w.numpy()", "a[1] = 2.0"),
        function("w.scatter_nd_update([[1]], [2.0])"),
        id="name",
    ),
    pytest.param(
        "a = w.numpy()\na[1] = 2.0\nprint(w)",
        "w.scatter_nd_update([[1]], [2.0])\nprint(w)",
        id="name-in-a-script",
    ),
    pytest.param(
        function("a = np.array(w)", "a[0] = 1.0", "a[2] = 3.0"),
        function("w.scatter_nd_update([[0], [2]], [1.0, 3.0])"),
        id="two-elements-at-once",
    ),
    pytest.param(
        function("a = w.numpy()", "a[0] = 1.0", "a[0] += 3.0"),
        function(
            "a = tf.tensor_scatter_nd_update(w, [[0]], [1.0])",
            "a = tf.tensor_scatter_nd_add(a, [[0]], [3.0])",
            "w.assign(a)",
        ),
        id="one-after-the-other",
    ),
    pytest.param(
        function("a = w.numpy()", "a[a > 1.0] = 0.0"),
        function("w.assign(tf.where(w > 1.0, tf.constant(0.0, w.dtype), w))"),
        id="mask-of-the-copy",
    ),
    pytest.param(
        function("a = w.numpy()", "b = tf.ones([])", "a[2] = b", "return b"),
        function("b = tf.ones([])", "w.scatter_nd_update([[2]], [b])", "return b"),
        id="harmless-binding-between",
    ),
    pytest.param(
        function("if x:", "    a = w.numpy()", "    a[1] = 2.0", "return x"),
        function("if x:", "    w.scatter_nd_update([[1]], [2.0])", "return x"),
        id="in-a-branch",
    ),
]


@pytest.mark.parametrize(("before", "after"), MENDED)
def test_unsafe_rewrites(look: Look, before: str, after: str) -> None:
    findings = look(HEAD + before)
    (found,) = findings
    assert found.rule.code == "TFS104"
    assert found.reason in (Reason.CHANGES_MEANING, Reason.MAYBE_DISTRIBUTED)
    assert fixed(HEAD + before, findings, Applicability.SAFE) == HEAD + before
    assert fixed(HEAD + before, findings, Applicability.UNSAFE) == HEAD + after
    assert [f for f in look(HEAD + after) if not f.declined] == []


REFUSED = [
    pytest.param("w.numpy()[1], y = 2.0, 3.0", Reason.NO_REWRITE, id="tuple-target"),
    pytest.param("y = w.numpy()[1] = 2.0", Reason.NO_REWRITE, id="chain"),
    pytest.param("for w.numpy()[1] in range(3): pass", Reason.NO_REWRITE, id="for-target"),
    pytest.param("v.numpy()[1][2] = 2.0", Reason.NO_REWRITE, id="item-of-an-item"),
    pytest.param("w.numpy()[1]: float = 2.0", Reason.NO_REWRITE, id="annotated"),
    pytest.param(function("w.numpy()[x()] += 2.0"), Reason.SIDE_EFFECTS, id="index-with-effects"),
    pytest.param("w.numpy()[1] **= 2.0", Reason.INEXACT_OPERATOR, id="power"),
    pytest.param("w.numpy()[7, 1] = 2.0", Reason.ALWAYS_RAISES, id="too-many-indices"),
    pytest.param("w.numpy()[[0, 0]] = 2.0", Reason.MAYBE_DUPLICATE_INDEX, id="repeated-index"),
    pytest.param("w.numpy()[\n    1  # why\n] = 2.0", Reason.COMMENT_INSIDE, id="comment"),
    pytest.param(
        "u = v if input() else k\nu.numpy()[0] = 1.0", Reason.VARIABLE_CLASS, id="unknown-class"
    ),
    pytest.param(
        function("a = w.numpy()", "for n in range(5):", "    a[n] = 1.0"),
        Reason.LOOP_OF_UPDATES,
        id="loop-of-stores",
    ),
    pytest.param(
        function("a = w.numpy()", "if x:", "    a[1] = 1.0"),
        Reason.STATEMENT_BETWEEN,
        id="store-under-a-condition",
    ),
    pytest.param(
        function("a = w.numpy()", "x()", "a[1] = 1.0"), Reason.STATEMENT_BETWEEN, id="call-between"
    ),
    pytest.param(
        function("a = w.numpy()", "a[1] = a[0]"), Reason.NO_REWRITE, id="from-its-own-item"
    ),
    pytest.param(
        function("a = w.numpy()", "a[1] = 1.0", "a.fill(2.0)"), Reason.NO_REWRITE, id="filled"
    ),
    pytest.param(
        function("a = v.numpy()", "a[1][2] = 1.0"), Reason.NO_REWRITE, id="item-of-an-item-by-name"
    ),
    pytest.param(
        function("a = w.numpy(); a[1] = 1.0"), Reason.NO_REWRITE, id="two-statements-on-a-line"
    ),
    pytest.param(
        function("a = w.numpy()", "a[x()] += 1.0"), Reason.SIDE_EFFECTS, id="effects-by-name"
    ),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_reported_without_a_fix(look: Look, text: str, reason: Reason) -> None:
    (found,) = look(HEAD + text)
    assert (found.rule.code, found.reason, found.fix) == ("TFS104", reason, None)


NO_OPS = [
    pytest.param("w.numpy()['a'] = 2.0", id="key-of-a-dictionary"),
    pytest.param(function("a = w.numpy()", "a[f'{i}'] = 2.0"), id="key-of-one-with-a-name"),
    pytest.param(function("a = w.numpy()", "a[1] = 2.0", "return a"), id="returned"),
    pytest.param(function("a = w.numpy()", "a[1] = 2.0", "print(a)"), id="printed"),
    pytest.param(function("a = w.numpy()", "a[1] = 2.0", "x.append(a)"), id="passed-on"),
    pytest.param(function("a = w.numpy()", "a[1] = 2.0", "self.a = a"), id="kept"),
    pytest.param(function("a = w.numpy()", "b = a", "a[1] = 2.0", "return b"), id="alias"),
    pytest.param(function("a = w.numpy()", "b = a[1:]", "a[1] = 2.0", "return b"), id="view"),
    pytest.param(function("b = a = w.numpy()", "a[1] = 2.0", "return b"), id="bound-twice"),
    pytest.param(function("a = w.numpy()", "a[1] = 2.0", "x.assign(a)"), id="for-another-variable"),
    pytest.param(function("a = w.numpy()", "a[1] = 2.0", "yield a"), id="yielded"),
    pytest.param(function("a = w.numpy()", "a[1] = 2.0", "del a"), id="deleted"),
    pytest.param(function("a = w.numpy()", "a[1] = x(a)"), id="passed-to-what-it-stores"),
    pytest.param(function("a = w.numpy()", "a[1] = (y := a)[0]", "return y"), id="walrus"),
    pytest.param(function("a = w.numpy()", "a[1] = 2.0", "return lambda: a"), id="closure-behind"),
    pytest.param(
        function("def g():", "    return a", "a = w.numpy()", "a[1] = 2.0", "return g()"),
        id="closure-before",
    ),
    pytest.param(function("global a", "a = w.numpy()", "a[1] = 2.0"), id="global"),
    pytest.param(function("a = w.numpy()", "a[1] = 2.0", "return locals()"), id="looked-up"),
    pytest.param(
        function("a = w.numpy()", "a[1] = 2.0", "x.update({'a': 1})"), id="spelled-in-a-string"
    ),
    pytest.param(
        function("a = w.numpy()", "for n in x:", "    a[n] = 2.0", "    print(a)"),
        id="read-in-a-loop",
    ),
    pytest.param(
        function("for n in x:", "    if n:", "        a[n] = 2.0", "    a = w.numpy()"),
        id="carried-round-a-loop",
    ),
    pytest.param(
        function("if x:", "    a = w.numpy()", "    a[1] = 2.0", "else:", "    a = 1", "return a"),
        id="read-behind-the-branch",
    ),
    pytest.param(function("a = w.numpy()"), id="never-changed"),
    pytest.param(function("a = w.numpy()", "a.sort()"), id="no-item-changed"),
    pytest.param(function("x.numpy()[1] = 2.0"), id="unknown-receiver"),
    pytest.param("a = np.zeros([5])\na[1] = 2.0", id="array-made-afresh"),
    pytest.param("tf.zeros([5]).numpy()[1] = 2.0", id="copy-of-a-tensor"),
    pytest.param("a = [w.numpy()]\na[0][1] = 2.0", id="list-of-copies"),
    pytest.param("del w.numpy()[1]", id="delete-which-raises"),
    pytest.param("tf.Variable(1.0).numpy()[()] = 2.0", id="number-which-raises"),
    pytest.param("k.value().numpy()[1] = 2.0", id="no-method-of-keras-3"),
    pytest.param("np.array(w, dtype='int32')[1] = 2", id="of-another-dtype"),
    pytest.param("print(w.numpy()[1])", id="only-read"),
    pytest.param(
        "def test_copy():\n    a = w.numpy()\n    a[0] = 1.0\n    assert w[0] == 0.0",
        id="test-that-it-is-a-copy",
    ),
    pytest.param(
        "def test_copy():\n    w.numpy()[0] = 1.0\n    assert w[0] == 0.0",
        id="test-without-a-name",
    ),
    pytest.param(
        "with pytest.raises(ValueError):\n    w.numpy()[0] = 1.0", id="exception-expected"
    ),
    pytest.param(
        function("a = w.numpy()", "try:", "    a[0] = 1.0", "except ValueError:", "    return 1"),
        id="writable-or-not",
    ),
    pytest.param(
        function("w.numpy()[0] = 1.0", before="@tf.function\n"), id="raises-where-it-is-traced"
    ),
    pytest.param("class A:\n    a = w.numpy()\n    a[1] = 2.0", id="attribute-of-a-class"),
    pytest.param("tf = None\ndef f(v):\n    v.numpy()[0] = 1.0", id="variable-of-no-tensorflow"),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert [found for found in look(HEAD + text) if found.rule.code == "TFS104"] == []


def test_names_of_an_imported_module_may_be_read_elsewhere(look: Look, tmp_path: object) -> None:
    from pathlib import Path

    text = HEAD + "a = w.numpy()\na[1] = 2.0"
    assert [found.rule.code for found in look(text)] == ["TFS104"]
    assert isinstance(tmp_path, Path)
    (tmp_path / "__init__.py").touch()
    assert look(text) == []


def test_graphs_have_no_copies_to_write_to(look: Look) -> None:
    text = "tf.compat.v1.disable_eager_execution()\nw.numpy()[1] = 2.0"
    assert look(HEAD + dedent(text)) == []
