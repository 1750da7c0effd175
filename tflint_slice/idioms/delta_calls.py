"""Calls that add to the whole of a variable, and ``tf.scatter_nd``, taken apart."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from tflint_slice.idioms.code import Code, is_path, same
from tflint_slice.model import Op

_SCATTER_ND = frozenset({"tensorflow.scatter_nd", "tensorflow.compat.v1.scatter_nd"})
_PARAMETERS = ("indices", "updates", "shape")
_METHODS = {"assign_add": Op.ADD, "assign_sub": Op.SUBTRACT}
_OPTIONS = frozenset({"use_locking", "name", "read_value"})


@dataclass(frozen=True)
class Delta:
    """``receiver.method(delta)``: what is added to the variable, or subtracted from it."""

    node: ast.Call
    receiver: ast.expr
    op: Op
    delta: ast.expr
    options: bool


@dataclass(frozen=True)
class Scatter:
    """``tf.scatter_nd(indices, updates, shape)``.

    ``given`` is where the shape stands: an expression, or a keyword with its name.
    """

    node: ast.Call
    indices: ast.expr
    updates: ast.expr
    shape: ast.expr
    given: ast.expr | ast.keyword
    options: bool


def delta(code: Code, node: ast.Call) -> Delta | None:
    """The parts of a call that adds to what is certainly a variable with scatter methods."""
    if not isinstance(node.func, ast.Attribute):
        return None
    method, receiver = node.func.attr, node.func.value
    if method not in (*_METHODS, "assign") or not is_path(receiver):
        return None
    kind = code.value(receiver).kind
    if not kind.is_variable:
        return None
    words = {word.arg: word.value for word in node.keywords}
    name = "value" if method == "assign" else "delta"
    given = [*node.args, *([words[name]] if name in words else [])]
    if len(given) != 1 or isinstance(given[0], ast.Starred) or not set(words) <= {name, *_OPTIONS}:
        return None
    (value,), options = given, bool(set(words) & _OPTIONS)
    if method != "assign":
        return Delta(node, receiver, _METHODS[method], value, options)
    if isinstance(value, ast.BinOp) and same(value.left, receiver):
        if isinstance(value.op, ast.Add):
            return Delta(node, receiver, Op.ADD, value.right, options)
        if isinstance(value.op, ast.Sub):
            return Delta(node, receiver, Op.SUBTRACT, value.right, options)
    return None


def scatter_into_zeros(code: Code, node: ast.expr) -> Scatter | None:
    if not isinstance(node, ast.Call) or code.called(node) not in _SCATTER_ND:
        return None
    if any(isinstance(arg, ast.Starred) for arg in node.args):
        return None
    given: dict[str, ast.expr | ast.keyword] = dict(zip(_PARAMETERS, node.args, strict=False))
    given.update({word.arg: word for word in node.keywords if word.arg in _PARAMETERS})
    if set(given) != set(_PARAMETERS) or any(word.arg is None for word in node.keywords):
        return None
    indices, updates, shape = (
        part.value if isinstance(part, ast.keyword) else part
        for part in (given[name] for name in _PARAMETERS)
    )
    options = len(node.args) + len(node.keywords) > len(_PARAMETERS)
    return Scatter(node, indices, updates, shape, given["shape"], options)
