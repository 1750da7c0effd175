"""The indices of a scatter that are spelled out: their rows, and the numbers in them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from tflint_slice.idioms.code import Code, is_path
from tflint_slice.idioms.scatter_calls import ScatterCall
from tflint_slice.infer.values import Value
from tflint_slice.model import Kind, Op

Row = Sequence[ast.expr]
Numbers = Sequence["int | None"]

_SCATTERING = frozenset({Kind.VARIABLE, Kind.KERAS2_WEIGHT, Kind.SOME_VARIABLE})
_MAKES_ARRAYS = frozenset(
    {"tensorflow.constant", "tensorflow.convert_to_tensor", "numpy.array", "numpy.asarray"}
)


def is_certain(code: Code, call: ScatterCall) -> bool:
    """Whether it is TensorFlow that is called: a method of that name may be of any class."""
    return call.receiver is None or code.value(call.receiver).kind in _SCATTERING


def target_of(call: ScatterCall) -> ast.expr:
    target = call.receiver or call.tensor
    assert target is not None
    return target


def rows_of(code: Code, indices: ast.expr, rank: int) -> list[Row] | None:
    """The coordinates of each entry of indices of this rank, if they are spelled out."""
    entries = entries_of(code, indices, rank - 1)
    rows = [entry.elts for entry in entries or () if isinstance(entry, (ast.List, ast.Tuple))]
    return None if entries is None or len(rows) != len(entries) else list(rows)


def entries_of(code: Code, node: ast.expr, levels: int) -> list[ast.expr] | None:
    """What stands inside this many brackets, in order."""
    if isinstance(node, ast.Call) and code.called(node) in _MAKES_ARRAYS and node.args:
        node = node.args[0]
    if any(isinstance(child, ast.Starred) for child in ast.walk(node)):
        return None
    entries = [node]
    for _ in range(levels):
        inner: list[ast.expr] = []
        for entry in entries:
            if not isinstance(entry, (ast.List, ast.Tuple)):
                return None
            inner += entry.elts
        entries = inner
    return entries


def numbers_in(code: Code, rows: Sequence[Row]) -> list[Numbers]:
    return [[number(code.value(entry)) for entry in row] for row in rows]


def number(value: Value) -> int | None:
    return value.const if value.kind is Kind.INT and isinstance(value.const, int) else None


def equal_rows(rows: Sequence[Numbers]) -> list[tuple[int, int]]:
    """Positions of rows that are known to be equal, each with that of the first of them."""
    first: dict[tuple[int | None, ...], int] = {}
    found = []
    for position, row in enumerate(rows):
        if None in row:
            continue
        earlier = first.setdefault(tuple(row), position)
        if earlier != position:
            found.append((earlier, position))
    return found


def numpy_statement(call: ScatterCall, rows: Sequence[Numbers], updates: str) -> str | None:
    """What a scatter to these rows means in NumPy's terms, where that has a form of its own."""
    operator = {Op.SET: "=", Op.ADD: "+=", Op.SUBTRACT: "-="}.get(call.op)
    if operator is None or not is_path(target_of(call)):
        return None
    if equal_rows(rows) or any(None in row for row in rows):
        return None
    place = ", ".join(str(list(column)) for column in zip(*rows, strict=True))
    return f"{ast.unparse(target_of(call))}[{place}] {operator} {updates}"
