"""A NumPy copy of a variable: how it is made, how it is assigned back, and who else sees it."""

from __future__ import annotations

import ast

from tflint_slice.idioms.code import Body, Code, same
from tflint_slice.idioms.functional_scatter import binds
from tflint_slice.infer.project import is_script
from tflint_slice.model import Reason

_COPIES = frozenset({"numpy.array", "numpy.asarray", "numpy.copy", "numpy.asanyarray"})
_CONVERSIONS = frozenset({"tensorflow.constant", "tensorflow.convert_to_tensor"})
_READS = frozenset({"value", "read_value"})


def assigned(call: ast.Call) -> tuple[ast.expr, ast.expr] | None:
    """The variable and the value of ``v.assign(a)``."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "assign":
        return None
    return (call.func.value, call.args[0]) if len(call.args) == 1 and not call.keywords else None


def assigned_name(code: Code, node: ast.expr, dtype: str | None) -> str | None:
    """``a``, also as ``tf.constant(a)`` or ``tf.convert_to_tensor(a)``, with the same dtype."""
    if isinstance(node, ast.Call) and code.called(node) in _CONVERSIONS and node.args:
        options = [*node.args[1:], *(word.value for word in node.keywords if word.arg == "dtype")]
        if len(options) != len(node.args) + len(node.keywords) - 1:
            return None
        if any(dtype is None or code.value(option).const != dtype for option in options):
            return None
        node = node.args[0]
    return node.id if isinstance(node, ast.Name) else None


def copying(
    code: Code,
    block: Body,
    statement: ast.stmt,
    name: str,
    receiver: ast.expr,
    readers: frozenset[str] = frozenset(),
) -> ast.stmt | None:
    """``name = receiver.numpy()`` and its like, the last binding of the name in the block."""
    for earlier in reversed(block[: block.index(statement)]):
        if binds(earlier, name):
            assert isinstance(earlier, ast.Assign)
            copied = original(code, earlier.value, readers)
            return earlier if copied is not None and same(copied, receiver) else None
    return None


def original(code: Code, node: ast.expr, readers: frozenset[str] = frozenset()) -> ast.expr | None:
    """What a writable NumPy copy is made of."""
    if not isinstance(node, ast.Call) or node.keywords:
        return None
    if code.called(node) in readers and len(node.args) == 1:
        return node.args[0]
    if code.called(node) in _COPIES and len(node.args) == 1:
        inner = node.args[0]
        if isinstance(inner, ast.Call):
            return original(code, inner, readers)
        return inner
    if not isinstance(node.func, ast.Attribute) or node.args:
        return None
    if node.func.attr == "copy":
        return original(code, node.func.value, readers)
    if node.func.attr != "numpy":
        return None
    inner = node.func.value
    if (
        isinstance(inner, ast.Call)
        and isinstance(inner.func, ast.Attribute)
        and inner.func.attr in _READS
        and not inner.args
        and not inner.keywords
    ):
        return inner.func.value
    return inner


def escape(code: Code, read: ast.stmt, statement: ast.stmt, name: str) -> Reason | None:
    """Whether the copy is seen anywhere but between its making and the assign."""
    function = code.function(statement)
    if isinstance(function, ast.ClassDef):
        return Reason.VALUE_ESCAPES
    if isinstance(function, ast.Module) and not is_script(code.source.path):
        return Reason.VALUE_ESCAPES
    if code.is_spelled(name):
        return Reason.VALUE_ESCAPES
    block = code.block(statement)
    own = {
        child
        for part in block[block.index(read) : block.index(statement) + 1]
        for child in ast.walk(part)
    }
    for child in ast.walk(function):
        if isinstance(child, (ast.Global, ast.Nonlocal)) and name in child.names:
            return Reason.VALUE_ESCAPES
        if isinstance(child, ast.Name) and child.id == name and child not in own:
            return Reason.VALUE_ESCAPES
    return None
