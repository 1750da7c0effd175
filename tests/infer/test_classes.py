"""What is known of the attributes of a class besides what they hold."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from tflint_slice.infer.evaluator import infer
from tflint_slice.model import Kind

CASES = [
    pytest.param("self.v = self.v + 1.0", Kind.VARIABLE, id="computed-from-itself"),
    pytest.param("self.v = tf.zeros([3])", Kind.UNKNOWN, id="stored-as-something-else"),
    pytest.param(
        "t = tf.zeros([3]); t.v = t.v + 1.0; self.v = tf.zeros([3])",
        Kind.UNKNOWN,
        id="stored-behind-an-attribute-of-something-else",
    ),
    pytest.param(
        "t = tf.zeros([3]); t.v += 1.0; self.v = tf.zeros([3])",
        Kind.UNKNOWN,
        id="stored-behind-a-change-of-something-else",
    ),
]


@pytest.mark.parametrize(("statements", "kind"), CASES)
def test_what_an_attribute_is_made_as(statements: str, kind: Kind) -> None:
    program = f"""
        import tensorflow as tf
        class Table:
            def __init__(self):
                self.v = tf.Variable([1.0, 2.0])
            def change(self):
                {statements}
        """
    facts = infer(ast.parse(dedent(program)), Kind.KERAS3_VARIABLE)
    (key,) = facts.classes.classes
    assert facts.classes.independently(key, "v").kind is kind
