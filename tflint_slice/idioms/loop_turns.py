"""The body of a loop as one turn of it: the one update that its one statement makes."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from tflint_slice.idioms.code import Code, same
from tflint_slice.idioms.scatter_calls import ScatterCall, scatter_call
from tflint_slice.idioms.scatter_rows import entries_of, rows_of
from tflint_slice.idioms.slice_methods import slice_call
from tflint_slice.model import Kind, Op

_ROWS = {
    "scatter_update": Op.SET,
    "scatter_add": Op.ADD,
    "scatter_sub": Op.SUBTRACT,
    "scatter_max": Op.MAXIMUM,
    "scatter_min": Op.MINIMUM,
}


@dataclass(frozen=True)
class Turn:
    """The body of a loop: ``value`` is stored at ``index`` of ``receiver``.

    ``sliced`` says that it is ``v[index].assign(value)``, ``rows`` that it is an update of whole
    rows such as ``v.scatter_update``, ``atomic`` that all of the receiver is made anew.
    """

    receiver: ast.expr
    index: ast.expr
    value: ast.expr
    op: Op
    sliced: bool = False
    rows: bool = False
    atomic: bool = False


def turn_of(code: Code, statement: ast.stmt) -> Turn | None:
    """The one update that a statement makes, in the forms that work today."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        call = scatter_call(code, statement.value)
        target = statement.targets[0]
        if call is None or call.tensor is None or not isinstance(target, ast.Name):
            return None
        tensor = code.value(call.tensor).kind is Kind.TENSOR
        return _of_scatter(code, call, target) if tensor and same(call.tensor, target) else None
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return None
    node = statement.value
    if not isinstance(node.func, ast.Attribute):
        return None
    receiver = node.func.value
    if isinstance(receiver, ast.Subscript):
        return _of_slice(code, node)
    if not code.value(receiver).kind.is_variable:
        return None
    if node.func.attr == "assign" and len(node.args) == 1 and not node.keywords:
        inner = scatter_call(code, node.args[0])
        if inner is None or inner.tensor is None or not same(inner.tensor, receiver):
            return None
        return _of_scatter(code, inner, receiver)
    if code.value(receiver).kind is Kind.KERAS3_VARIABLE:
        return None
    call = scatter_call(code, node)
    return _of_rows(code, node) if call is None else _of_scatter(code, call, receiver)


def _of_slice(code: Code, node: ast.Call) -> Turn | None:
    """``v[i].assign(x)``, also ``v[i, :]``."""
    call = slice_call(code, node)
    if call is None or call.method != "assign" or call.read or call.value is None:
        return None
    if len(call.subscripts) != 1:
        return None
    index = call.subscripts[0].slice
    if isinstance(index, ast.Tuple) and index.elts:
        index, *others = index.elts
        if not _are_the_rest(others, code.value(call.variable).rank):
            return None
    return Turn(call.variable, index, call.value, Op.SET, sliced=True)


def _are_the_rest(parts: list[ast.expr], rank: int | None) -> bool:
    """Whether they stand for all axes but the first: ``:`` for one each, ``...`` for any number."""
    full = [part for part in parts if isinstance(part, ast.Slice)]
    rest = [part for part in parts if isinstance(part, ast.Constant) and part.value is Ellipsis]
    if len(full) + len(rest) < len(parts) or len(rest) > 1:
        return False
    if any(part.lower or part.upper or part.step for part in full):
        return False
    return rank is None or len(full) < rank


def _of_scatter(code: Code, call: ScatterCall, receiver: ast.expr) -> Turn | None:
    """One row of one index, and one value: ``scatter([[i]], [x])``."""
    rows = rows_of(code, call.indices, 2)
    values = entries_of(code, call.updates, 1)
    if call.graph or call.options or rows is None or len(rows) != 1 or len(rows[0]) != 1:
        return None
    if not isinstance(call.updates, (ast.List, ast.Tuple)) or values is None or len(values) != 1:
        return None
    return Turn(receiver, rows[0][0], values[0], call.op, atomic=call.tensor is not None)


def _of_rows(code: Code, node: ast.Call) -> Turn | None:
    """``v.scatter_update(tf.IndexedSlices([x], [i]))`` and its sisters."""
    assert isinstance(node.func, ast.Attribute)
    op = _ROWS.get(node.func.attr)
    if op is None or len(node.args) != 1 or node.keywords:
        return None
    delta = node.args[0]
    if not isinstance(delta, ast.Call) or code.called(delta) != "tensorflow.IndexedSlices":
        return None
    words = {word.arg: word.value for word in delta.keywords}
    given = dict(zip(("values", "indices"), delta.args, strict=False)) | words
    if set(given) != {"values", "indices"}:
        return None
    index, value = map(_only_entry, (given["indices"], given["values"]))
    return Turn(node.func.value, index, value, op, rows=True) if index and value else None


def _only_entry(node: ast.expr) -> ast.expr | None:
    if not isinstance(node, (ast.List, ast.Tuple)) or len(node.elts) != 1:
        return None
    return None if isinstance(node.elts[0], ast.Starred) else node.elts[0]
