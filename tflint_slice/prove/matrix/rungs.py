"""The short name of the form that a fix is written in, read off the new code itself."""

from __future__ import annotations

import ast

CHAIN = "tensor_scatter, then assign"


def rung(after: str, target: str) -> str:
    """What the statements do to ``target``: ``scatter_nd_add``, ``assign(tf.where)`` and so on."""
    calls = [node for node in ast.walk(ast.parse(after)) if isinstance(node, ast.Call)]
    scatters = [name for name in map(_called, calls) if name.startswith("tensor_scatter_nd_")]
    written = {_write(call, target, bool(scatters)) for call in calls} - {""}
    others = {name for name in map(_called, calls) if name == "where"}
    return " and ".join(sorted(written or scatters or others or {"no call"}))


def _write(call: ast.Call, target: str, scattered: bool) -> str:
    """How a call changes the target; an empty text if it does not."""
    if not isinstance(call.func, ast.Attribute):
        return ""
    receiver, method = call.func.value, call.func.attr
    if ast.unparse(receiver) == target and method.startswith(("scatter_", "batch_scatter_")):
        return method
    if method != "assign":
        return ""
    if isinstance(receiver, ast.Subscript) and ast.unparse(receiver.value) == target:
        return "sliced assign"
    if ast.unparse(receiver) != target:
        return ""
    value = call.args[0] if call.args else None
    if isinstance(value, ast.Name) and scattered:
        return CHAIN
    if isinstance(value, ast.Call):
        name = _called(value)
        if name == "where":
            return "assign(tf.where)"
        if name.startswith("tensor_scatter_nd_"):
            return f"assign({name})"
    return "assign"


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]
