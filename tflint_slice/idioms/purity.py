"""Whether an expression does anything besides giving its value.

Operators, items, attributes and iteration of objects that are not known may run any code; what is
known of values decides which ones are.
"""

from __future__ import annotations

import ast

from tflint_slice.infer import api
from tflint_slice.infer.evaluator import Facts
from tflint_slice.model import Kind

_RANDOM = ("tensorflow.random.", "numpy.random.")
_METHODS = frozenset(
    {"numpy", "value", "read_value", "copy", "astype", "reshape", "sum", "mean", "get_shape"}
)
_PLAIN_WORDS = frozenset({"axis", "dtype", "shape", "keepdims", "num", "start", "stop", "step"})
# Functions whose second argument is no place to write to.
_OF_TWO = frozenset(
    {
        "add", "subtract", "multiply", "divide", "maximum", "minimum", "power", "zeros", "ones",
        "full", "reshape", "array", "asarray", "arange", "linspace", "concatenate", "stack", "min",
        "max", "range", "isinstance", "matmul", "dot", "tile", "repeat", "round", "where",
    }
)  # fmt: skip


def is_pure(facts: Facts, node: ast.expr) -> bool:
    """Whether evaluating ``node`` only gives its value, and runs no code that is not known."""

    def pure(*parts: ast.expr) -> bool:
        return all(is_pure(facts, part) for part in parts)

    if isinstance(node, (ast.Constant, ast.Name, ast.Lambda)):
        return True
    if isinstance(node, ast.Attribute):
        return pure(node.value) and _is_plain_attribute(facts, node)
    if isinstance(node, ast.Call):
        words = [word.value for word in node.keywords]
        return _calls_pure(facts, node) and pure(*node.args, *words)
    parts = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    if isinstance(node, ast.Subscript):
        return is_known(facts, node.value) and pure(*parts)
    if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Compare)):
        return all(is_known(facts, part) for part in parts) and pure(*parts)
    if isinstance(node, (ast.IfExp, ast.BoolOp)):
        tests = [node.test] if isinstance(node, ast.IfExp) else node.values
        return all(is_known(facts, test) for test in tests) and pure(*parts)
    if isinstance(node, (ast.List, ast.Tuple, ast.Slice)):
        return pure(*parts)
    return False


def is_random(facts: Facts, node: ast.expr) -> bool:
    """A draw of random numbers: it gives something else each time, and touches nothing."""
    name = facts.qualified_name(node.func) if isinstance(node, ast.Call) else None
    if not isinstance(node, ast.Call) or name is None or not name.startswith(_RANDOM):
        return False
    arguments = [*node.args, *(word.value for word in node.keywords)]
    return all(is_pure(facts, argument) for argument in arguments)


def is_known(facts: Facts, node: ast.expr) -> bool:
    """Whether operators on the value, and items of it, are those of a built-in or an array."""
    value = facts.value(node)
    if value.kind in (Kind.UNKNOWN, Kind.INSTANCE, Kind.CLASS):
        # An int or an integer scalar, whichever it is.
        return value.kind is Kind.UNKNOWN and value.shape == ()
    return True


def _is_plain_attribute(facts: Facts, node: ast.Attribute) -> bool:
    """Whether loading the attribute runs no code: it is no property, as far as can be seen."""
    receiver = facts.value(node.value)
    if receiver.kind is Kind.INSTANCE:
        return facts.is_stored(receiver.name, node.attr)
    return receiver.is_array or receiver.kind is Kind.FUNCTION


def _calls_pure(facts: Facts, node: ast.Call) -> bool:
    name = facts.qualified_name(node.func)
    words = {word.arg for word in node.keywords}
    if any(isinstance(arg, ast.Starred) for arg in node.args) or None in words:
        return False
    if name is None:
        if not isinstance(node.func, ast.Attribute) or words - _PLAIN_WORDS:
            return False
        return facts.value(node.func.value).is_array and node.func.attr in _METHODS
    if not api.is_pure(name):
        return False
    if name.startswith("tensorflow."):
        return True
    # ``out=`` writes to an array and ``key=`` calls a function, also without their names.
    arguments = [*node.args, *(word.value for word in node.keywords)]
    known = all(is_known(facts, argument) for argument in arguments)
    most = 2 if name.rsplit(".", 1)[-1] in _OF_TWO else 1
    return known and not words - _PLAIN_WORDS and len(node.args) <= most
