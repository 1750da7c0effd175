"""Which functions of a file a first look has to go into."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from tflint_slice.syntax.relevance import relevance_of

HEAD = "import tensorflow as tf\n"

CASES = [
    pytest.param(
        """
        v = tf.Variable([1.0])
        def change(): v[0] = 2.0
        def other(): print(1)
        """,
        {"change"},
        id="what-changes",
    ),
    pytest.param(
        """
        class A:
            def __init__(self): self.v = tf.Variable([1.0])
            def change(self): self.v[0] = 2.0
            def other(self): self.w = 1
        """,
        {"__init__", "change"},
        id="what-binds-the-attribute",
    ),
    pytest.param(
        """
        class A:
            def __init__(self): self.parts = []
            def build(self): self.parts.append(tf.Variable([1.0]))
            def change(self):
                for part in self.parts: part[0] = 2.0
            def other(self): self.more.append(1)
        """,
        {"__init__", "build", "change"},
        id="what-adds-to-the-attribute",
    ),
    pytest.param(
        """
        class A:
            def build(self): self.parts[0] = tf.Variable([1.0])
            def change(self): self.parts[0][1] = 2.0
            def other(self): return self.parts
        """,
        {"build", "change"},
        id="what-stores-an-item",
    ),
    pytest.param(
        """
        def make(): return made()
        def made(): return tf.Variable([1.0])
        def change():
            v = make()
            v[0] = 2.0
        def other(): return 1
        """,
        {"make", "made", "change"},
        id="what-is-called-on-the-way",
    ),
    pytest.param(
        """
        def around(v: tf.Variable):
            def change(): v[0] = 2.0
            return change
        def other(v): return v
        """,
        {"around", "change"},
        id="what-is-around-it",
    ),
    pytest.param(
        """
        v = None
        def set():
            global v
            v = tf.Variable([1.0])
        def change(): v[0] = 2.0
        def other(): return 1
        """,
        {"set", "change"},
        id="what-binds-the-name-of-the-module",
    ),
    pytest.param(
        """
        def make(): return tf.Variable([1.0])
        def other(): return 1
        v = make()
        v[0] = 2.0
        """,
        {"make"},
        id="change-at-the-level-of-the-module",
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_the_functions_that_matter(text: str, expected: set[str]) -> None:
    found = relevance_of(ast.parse(HEAD + dedent(text))).functions
    assert {function.name for function in found} == expected
