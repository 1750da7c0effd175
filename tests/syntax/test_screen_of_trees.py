"""What the screen of trees stops, so that inference is spared, and what is next to it."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from tflint_slice.syntax.screen import worth_inferring

HEAD = "import numpy as np\nimport tensorflow as tf\n"

STOPPED = [
    pytest.param(
        """
        def f(x, make):
            made = make(tf.constant(1))
            x = made(2)
            x[0] = 1.0
        """,
        id="store-into-what-an-argument-makes",
    ),
    pytest.param(
        """
        @tf.custom_gradient
        def f(x, make):
            made = make(tf.constant(1))
            x = made(2)
            x[0] = 1.0
        """,
        id="function-of-tensorflow-as-a-decorator",
    ),
    pytest.param(
        """
        def f(x, make):
            made = make(tf.constant(1))
            x = made(2)
            if tf and not tf.executing or make == tf.zeros:
                x[0] = 1.0
        """,
        id="function-of-tensorflow-in-a-test",
    ),
    pytest.param(
        """
        def f(x, make):
            y = tf.nest.map_structure(tf.identity, make)
            made = make(tf.constant(1))
            x = made(2)
            x[0] = 1.0
        """,
        id="function-of-tensorflow-given-to-a-library",
    ),
    pytest.param(
        """
        def f(x, y):
            x[0] = 1.0
            x = tf.constant(x)
        """,
        id="store-before-it-is-a-tensor",
    ),
    pytest.param(
        """
        def f(y):
            if y is None:
                x[0] = 1.0
            x = tf.constant(y)
        """,
        id="store-before-it-is-bound",
    ),
    pytest.param(
        """
        def f(x):
            t = tf.constant(x)
            shape = [1] * t.ndim
            shape[0] = -1
        """,
        id="list-of-as-many-items-as-a-tensor-has-axes",
    ),
    pytest.param(
        """
        def f(x):
            v = tf.Variable(x)
            y = np.append(x, v)
            z = np.loadtxt(x).items
            z[0] = 1.0
        """,
        id="variable-that-a-module-is-given",
    ),
    pytest.param(
        """
        class A:
            def __init__(self):
                self.v = [tf.Variable([1.0, 2.0]) for _ in range(3)]
            def f(self, x):
                self.v[0].assign(x)
                tf.compat.v1.assign(self.v[1], x)
        """,
        id="all-of-a-variable-in-a-list",
    ),
    pytest.param(
        """
        class Counts(Base):
            def __init__(self):
                self.total = 0
                self.loss = tf.Variable(0.0)

            def step(self):
                self.total += self.loss
                self.steps = self.steps + self.loss
        """,
        id="attribute-that-no-call-makes",
    ),
    pytest.param(
        """
        v = tf.Variable([1.0, 2.0])
        for _ in range(3):
            v.assign_add([1.0, 2.0])
        """,
        id="constant-in-a-loop",
    ),
]

LET_THROUGH = [
    pytest.param(
        """
        makes = [tf.zeros]
        def f(x):
            x = makes[0]([3])
            x[0] = 1.0
        """,
        id="function-of-tensorflow-in-a-list",
    ),
    pytest.param(
        """
        def f(x, y):
            for _ in y:
                x[0] = 1.0
                x = tf.constant(x)
        """,
        id="store-before-it-is-a-tensor-in-a-loop",
    ),
    pytest.param(
        """
        def f(x, y):
            def g():
                x[0] = 1.0
            x = tf.constant(x)
            g()
        """,
        id="store-in-a-function-that-is-called-later",
    ),
    pytest.param(
        """
        def f(x):
            later = (0 for x[0] in range(3))
            x = tf.constant(x)
            list(later)
        """,
        id="store-in-a-generator-that-runs-later",
    ),
    pytest.param(
        """
        def f(y):
            class A:
                x[0] = 1.0
            x = tf.constant(y)
        """,
        id="store-in-a-class-inside-of-a-function",
    ),
    pytest.param(
        """
        def f(y):
            for each in y:
                if each:
                    x[0] = 1.0
                x = tf.constant(y)
        """,
        id="store-to-what-a-turn-before-binds",
    ),
    pytest.param(
        """
        def f(x):
            v = tf.Variable(x)
            y = []
            y.append(v)
            z = y.pop()
            z[0] = 1.0
        """,
        id="variable-that-a-list-is-given",
    ),
    pytest.param(
        """
        v = tf.Variable([1.0, 2.0])
        for i in range(2):
            a = v.numpy()
            a[i] = 1.0
            v.assign(a)
        """,
        id="copy-in-a-loop",
    ),
    pytest.param(
        """
        class A:
            def __init__(self):
                self.v = [tf.Variable([1.0, 2.0]) for _ in range(3)]
            def f(self, x):
                self.v[0][1].assign(x)
        """,
        id="part-of-a-variable-in-a-list",
    ),
    pytest.param(
        """
        class A:
            def __init__(self, x):
                self.v = tf.Variable(x)
            def f(self, x):
                self.v[0].assign(x)
        class B:
            def __init__(self):
                self.v = []
        """,
        id="part-of-a-variable-beside-a-list",
    ),
    pytest.param(
        """
        class Counts:
            def __init__(self):
                self.total: tf.Variable = make()
                self.count = 0

            def step(self):
                self.total //= self.count

        def make():
            return tf.Variable(0.0)
        """,
        id="attribute-that-a-call-makes",
    ),
    pytest.param(
        """
        def f(self):
            self.v = tf.Variable([1.0, 2.0])
        class A:
            def f(self):
                self.v = []
            @staticmethod
            def g(other):
                other.v[0].assign(1.0)
        """,
        id="part-of-a-variable-of-another-class",
    ),
]


@pytest.mark.parametrize("program", STOPPED)
def test_what_leads_to_no_tensor_is_stopped(program: str) -> None:
    assert not worth_inferring(ast.parse(HEAD + dedent(program)))


@pytest.mark.parametrize("program", LET_THROUGH)
def test_what_may_lead_to_one_is_let_through(program: str) -> None:
    assert worth_inferring(ast.parse(HEAD + dedent(program)))
