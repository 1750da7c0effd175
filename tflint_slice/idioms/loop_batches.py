"""What the turns of a loop come to: one update at the places of all of them."""

from __future__ import annotations

import ast
from dataclasses import replace

from tflint_slice.idioms.code import Code, is_path, names_in
from tflint_slice.idioms.loop_heads import Head, is_array
from tflint_slice.idioms.loop_turns import Turn
from tflint_slice.infer.arrays import as_tensor
from tflint_slice.model import (
    Axes,
    Bounds,
    Duplicates,
    Kind,
    Loop,
    Negative,
    Op,
    Operand,
    Point,
    Points,
    Range,
    Reason,
    Update,
)


def together(code: Code, head: Head, turn: Turn) -> tuple[Update, Reason | None]:
    """One update at the places of all turns; or that of one turn, and why there is no such one."""
    axis = _axis(code, head, turn)
    value = axis if isinstance(axis, Reason) else _value(code, head, turn, axis)
    adds = turn.op in (Op.ADD, Op.SUBTRACT)
    update = Update(
        Axes((Point(code.operand(turn.index)),)),
        code.operand(turn.value),
        turn.op,
        Duplicates.ACCUMULATE if adds else Duplicates.LAST_WINS,
        Negative.WRAP if turn.sliced else Negative.RAISE_OR_IGNORE,
        Bounds.RAISE if turn.sliced else Bounds.RAISE_OR_IGNORE,
        order=("index", "value"),
        stable=True,
    )
    if isinstance(axis, Reason) or isinstance(value, Reason):
        return update, value if isinstance(value, Reason) else None
    return replace(update, region=Axes((axis,)), value=value), None


def _axis(code: Code, head: Head, turn: Turn) -> Points | Range | Reason:
    """The indices of all turns."""
    if head.open or not isinstance(turn.index, ast.Name):
        return Reason.LOOP_OF_UPDATES
    if len({dim for dim in head.lengths(code) if isinstance(dim, int)}) > 1:
        return Reason.BATCH_SHAPE
    if turn.index.id != head.counted:
        return Points(code.operand(head.entries[turn.index.id]))
    if head.stop is not None:
        return Range(stop=code.operand(head.stop))
    source, turns = head.sources[0], head.turns(code)
    if isinstance(turns, int) and not is_path(source):
        return Range(stop=Operand(str(turns), kind=Kind.INT, low=turns, high=turns + 1))
    if _is_rebound(code, "len"):
        return Reason.NAME_SHADOWED
    return Range(stop=Operand(f"len({code.text(source)})", kind=Kind.INT, low=0))


def _is_rebound(code: Code, builtin: str) -> bool:
    """Whether the file gives the name of a built-in function a meaning of its own, anywhere."""
    for node in ast.walk(code.source.tree):
        if isinstance(node, ast.Name):
            if node.id == builtin and not isinstance(node.ctx, ast.Load):
                return True
        elif not isinstance(node, (ast.Attribute, ast.keyword)):
            words = (getattr(node, word, None) for word in ("name", "asname", "arg"))
            if builtin in words or (isinstance(node, ast.alias) and node.name == "*"):
                return True
    return False


def _value(code: Code, head: Head, turn: Turn, axis: Points | Range) -> Operand | Reason:
    """The values of all turns; or that of any of them, if they are the same."""
    value = turn.value
    if isinstance(value, ast.Name) and value.id in head.entries:
        return _entries(code, turn, head.entries[value.id])
    if isinstance(value, ast.Subscript) and isinstance(axis, Range) and is_path(value.value):
        at_turn = isinstance(value.slice, ast.Name) and value.slice.id == head.counted
        if at_turn and not names_in(value.value) & set(head.names):
            entries = _entries(code, turn, value.value)
            known = not isinstance(entries, Reason)
            return _first_entries(code, head, value.value, axis) if known else entries
    if names_in(value) & set(head.names):
        return Reason.LOOP_OF_UPDATES
    operand = code.operand(value)
    if operand.kind is Kind.UNKNOWN:
        return Reason.UNKNOWN_VALUE
    if operand.shape is None:
        return Reason.UNKNOWN_SHAPE
    rank = code.value(turn.receiver).rank
    # What is stored whole each turn would be taken for the values of all turns.
    return operand if rank is None or len(operand.shape) < rank else Reason.BATCH_SHAPE


def _entries(code: Code, turn: Turn, source: ast.expr) -> Operand | Reason:
    """What the turns store, if each stores one entry that is not broadcast."""
    value, target = code.value(source), code.value(turn.receiver)
    operand = code.operand(source)
    if operand.shape is not None and target.rank not in (None, len(operand.shape)):
        return Reason.BATCH_SHAPE
    if value.name == "builtins.range" and target.dtype not in ("int32", "int64"):
        # TensorFlow makes no other dtype of a range, whatever it makes of its ints.
        return Reason.UNKNOWN_VALUE
    if len({as_tensor(item).shape for item in value.items or ()}) > 1:
        return Reason.BATCH_SHAPE
    return operand


def _first_entries(code: Code, head: Head, source: ast.expr, axis: Range) -> Operand | Reason:
    """``xs[:n]`` for the ``xs[i]`` of every turn, or all of ``xs`` if it has as many entries."""
    operand, turns = code.operand(source), head.turns(code)
    if not is_array(code, source) and operand.kind is not Kind.VARIABLE:
        return Reason.LOOP_OF_UPDATES
    if not operand.shape:
        return Reason.UNKNOWN_SHAPE
    first, *rest = operand.shape
    if turns is not None and first == turns:
        return operand
    if isinstance(first, int) and isinstance(turns, int) and first < turns:
        return Reason.BATCH_SHAPE
    if axis.stop is None or axis.stop.kind is not Kind.INT:
        return Reason.UNKNOWN_SHAPE
    text = f"{operand.text}[:{axis.stop.text}]"
    return replace(operand, text=text, span=None, shape=(turns, *rest), constant=False)


def described(code: Code, head: Head, index: ast.expr, *, rows: bool = False) -> Loop:
    """The loop, and what is known of the index of any turn."""
    turns, bounds = head.turns(code), code.value(index)
    low, high = bounds.low, bounds.high
    if isinstance(index, ast.Name) and index.id == head.counted:
        low, high = 0, high if turns is None else turns
    names = [part for part in ast.walk(head.node.target) if isinstance(part, ast.Name)]
    iterable = replace(
        code.operand(head.node.iter), kind=Kind.LIST, shape=(turns,), low=low, high=high
    )
    return Loop(tuple(map(code.operand, names)), iterable, rows)
