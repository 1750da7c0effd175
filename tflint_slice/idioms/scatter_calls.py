"""Calls of TensorFlow's scatter functions and of a variable's scatter methods, taken apart."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from tflint_slice.idioms.code import Code
from tflint_slice.infer.values import Value
from tflint_slice.model import Bounds, Duplicates, IndexTensor, Negative, Op, Update

_OPS = {
    "update": Op.SET,
    "add": Op.ADD,
    "sub": Op.SUBTRACT,
    "max": Op.MAXIMUM,
    "min": Op.MINIMUM,
}
FUNCTIONS = {
    f"{module}.tensor_scatter_nd_{suffix}": op
    for module in ("tensorflow", "tensorflow.compat.v1")
    for suffix, op in _OPS.items()
}
METHODS = {f"scatter_nd_{suffix}": op for suffix, op in _OPS.items()}


@dataclass(frozen=True)
class ScatterCall:
    """``tf.<name>(tensor, indices, updates)`` or, with a receiver, ``v.<name>(indices, updates)``.

    ``options`` are keywords besides these, such as ``name``.
    """

    node: ast.Call
    name: str
    op: Op
    tensor: ast.expr | None
    receiver: ast.expr | None
    indices: ast.expr
    updates: ast.expr
    depth: int | None
    options: tuple[str, ...]
    graph: bool = False


def scatter_call(code: Code, node: ast.expr) -> ScatterCall | None:
    """The parts of ``node`` if it is such a call, with every argument in view."""
    if not isinstance(node, ast.Call):
        return None
    name = code.called(node)
    if name in FUNCTIONS:
        parts = _parts(node, ("tensor", "indices", "updates"))
        if parts is None:
            return None
        tensor, indices, updates = parts
        return ScatterCall(
            node,
            name.rsplit(".", 1)[-1],
            FUNCTIONS[name],
            tensor,
            None,
            indices,
            updates,
            depth(code.value(indices)),
            _options(node, ("tensor", "indices", "updates")),
            graph=".compat.v1." in name,
        )
    if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
        parts = _parts(node, ("indices", "updates"))
        if parts is None:
            return None
        indices, updates = parts
        return ScatterCall(
            node,
            node.func.attr,
            METHODS[node.func.attr],
            None,
            node.func.value,
            indices,
            updates,
            depth(code.value(indices)),
            _options(node, ("indices", "updates")),
        )
    return None


def update_of(code: Code, call: ScatterCall) -> Update:
    """What the call changes, in whichever form it is written."""
    adds = call.op in (Op.ADD, Op.SUBTRACT)
    return Update(
        IndexTensor(code.operand(call.indices), call.depth),
        code.operand(call.updates),
        call.op,
        Duplicates.ACCUMULATE if adds else Duplicates.LAST_WINS,
        Negative.RAISE_OR_IGNORE,
        Bounds.RAISE_OR_IGNORE,
        order=("index", "value"),
    )


def depth(indices: Value) -> int | None:
    """How many axes each entry of an index array names: its last dimension."""
    if indices.shape:
        last = indices.shape[-1]
        return last if isinstance(last, int) else None
    return None


def _parts(node: ast.Call, names: tuple[str, ...]) -> list[ast.expr] | None:
    if any(isinstance(arg, ast.Starred) for arg in node.args):
        return None
    found = dict(zip(names, node.args, strict=False))
    for word in node.keywords:
        if word.arg is None:
            return None
        if word.arg in names:
            found[word.arg] = word.value
    if len(found) != len(names):
        return None
    return [found[name] for name in names]


def _options(node: ast.Call, names: tuple[str, ...]) -> tuple[str, ...]:
    extra = tuple(word.arg for word in node.keywords if word.arg and word.arg not in names)
    return extra + tuple(f"position {n}" for n in range(len(names), len(node.args)))
