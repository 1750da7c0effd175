"""TFS302: a variable put together from its own pieces around a new one, and assigned as a whole.

``v.assign(tf.concat([v[:i], [x], v[i + 1:]], 0))`` and ``v.assign(tf.stack([v[0], x, v[2]]))``. All
pieces but the new one have to stay where they are: a queue that moves up by one is no update.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tflint_slice.idioms import replacement
from tflint_slice.idioms.axis_pieces import Bound, Gap, gaps
from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, same
from tflint_slice.idioms.rebuilt import Rebuilt, assigned
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.infer.dims import at_most, offset
from tflint_slice.model import Dim, Kind, Operand, Reason, Rule, Shape, Update

RULE = Rule("TFS302", "concat-rebuild", "a variable put together from its own pieces and a new one")
RULES = (RULE,)
_AROUND = "{{v}}.assign(tf.concat([{{v}}[:1], {}, {{v}}[2:]], 0))".format
_TWO = "tf.cast(2, {v}.dtype)"
SPELLINGS = {
    RULE.code: (
        Spelling("element", _AROUND(f"[{_TWO}]"), Breadth.FULL, lacks=("string",)),
        Spelling("first", f"{{v}}.assign(tf.concat([[{_TWO}], {{v}}[1:]], 0))", Breadth.FULL),
        Spelling("last", "{v}.assign(tf.concat([{v}[:-1], [2.0]], axis=-1))"),
        Spelling(
            "loop",
            "for k in range(5):\n    {v}.assign(tf.concat([{v}[:k], [2.0], {v}[k + 1:]], 0))",
        ),
        Spelling("two", "{v}.assign(tf.concat([{v}[:1], [2.0], {v}[2:3], [3.0], {v}[4:]], 0))"),
        Spelling("range", "{v}.assign(tf.concat([{v}[:1], tf.ones([2]), {v}[3:]], 0))"),
        Spelling("expanded", _AROUND("tf.ones([])[None]")),
        Spelling("array", _AROUND("np.ones([1], np.float32)")),
        Spelling("other-dtype", _AROUND("[tf.ones([], tf.float64)]")),
        Spelling("too-many", _AROUND("[2.0, 3.0]")),
        Spelling("reads-itself", _AROUND("[{v}[1] * 2.0]")),
        Spelling("stack", "{v}.assign(tf.stack([{v}[0], 2.0, {v}[2], {v}[3], {v}[4]]))"),
        Spelling("returned", "return " + _AROUND("[2.0]")),
        Spelling("moved-up", "{v}.assign(tf.concat([{v}[1:], [2.0]], 0))"),
    )
}


def find(code: Code) -> Iterator[Candidate]:
    yield from assigned(code, RULE, rebuilt)


def rebuilt(code: Code, expression: ast.expr, target: ast.expr) -> Rebuilt | None:
    """What ``tf.concat`` or ``tf.stack`` of pieces of the target comes to as an update of it."""
    if not isinstance(expression, ast.Call):
        return None
    if code.called(expression) == "tensorflow.concat":
        return _concatenated(code, expression, target)
    if code.called(expression) == "tensorflow.stack":
        return _stacked(code, expression, target)
    return None


@dataclass(frozen=True)
class _Arguments:
    pieces: list[ast.expr]
    axis: int
    named: bool


def _arguments(
    code: Code, call: ast.Call, rank: int | None, default: int | None
) -> _Arguments | None:
    """The pieces and the axis along which ``tf.concat`` or ``tf.stack`` puts them."""
    words = {word.arg: word.value for word in call.keywords}
    given = dict(zip(("values", "axis", "name"), call.args, strict=False))
    if None in words or not set(words) <= {"values", "axis", "name"} or set(words) & set(given):
        return None
    given |= {word: node for word, node in words.items() if word is not None}
    values = given.get("values")
    if not isinstance(values, (ast.List, ast.Tuple)):
        return None
    if any(isinstance(piece, (ast.Starred, ast.NamedExpr)) for piece in values.elts):
        return None
    axis: object = default
    if "axis" in given:
        axis = code.value(given["axis"]).const
    if type(axis) is not int or (axis < 0 and rank is None):
        return None
    return _Arguments(values.elts, axis if axis >= 0 else axis + (rank or 0), "name" in given)


# --- tf.concat ------------------------------------------------------------------------------------


def _concatenated(code: Code, call: ast.Call, target: ast.expr) -> Rebuilt | None:
    operand = code.operand(target)
    arguments = _arguments(code, call, operand.rank, None)
    if arguments is None or arguments.axis < 0:
        return None
    found = gaps(code, arguments.pieces, target, arguments.axis, operand.shape)
    if not found or not _is_part(found, operand, arguments.axis):
        return None
    if any(_moves(code, gap.piece, target) for gap in found):
        return None
    updates: list[Update] = []
    hindrance = Reason.NO_REWRITE if arguments.named else None
    for gap in found:
        filled = _filled(code, gap, operand, arguments.axis)
        if filled is None:
            return None
        updates.append(filled.update)
        if not filled.fits and (len(found) > 1 or not _is_fixed(operand)):
            # That the whole comes out as long as it was holds for one piece alone.
            return None
        hindrance = hindrance or filled.against
    return Rebuilt(tuple(updates), "tf.concat", read_first=True, hindrance=hindrance)


@dataclass(frozen=True)
class _Filled:
    """The update of one gap. ``fits`` says that the new piece is as long as the gap."""

    update: Update
    fits: bool
    against: Reason | None


def _filled(code: Code, gap: Gap, target: Operand, axis: int) -> _Filled | None:
    dim = target.shape[axis] if target.shape is not None else None
    single = _single(code, gap.piece, axis)
    length = 1 if single is not None else _length(code, gap.piece, axis)
    if length is not None and gap.length is not None and length != gap.length:
        return None
    fits = length is not None and gap.length is not None
    value = single if fits and single is not None else gap.piece
    due = replacement.due_shape(target, axis, gap.length)
    if value is single and due is not None:
        due = (*due[:axis], *due[axis + 1 :])
    if replacement.never_fits(code.operand(value), due):
        return None
    # The bounds are numbers and names, so that only the value can get in the way.
    stable = code.is_stable(value, ast.Constant(0))
    against = _against_place(code, gap, dim)
    if not stable:
        against = Reason.SIDE_EFFECTS
    elif not fits:
        against = Reason.UNKNOWN_SHAPE
    against = against or replacement.against_value(code, value, target, due)
    return _Filled(
        _update(code, gap, axis, value, value is single, against is None, stable), fits, against
    )


def _update(
    code: Code, gap: Gap, axis: int, value: ast.expr, is_entry: bool, proven: bool, stable: bool
) -> Update:
    start, stop = _operand(code, gap.start), _operand(code, gap.stop)
    if is_entry:
        return replacement.point(code, axis, start or replacement.literal(0), value, stable)
    if proven and axis == 0 and gap.start.number is not None and gap.length is not None:
        short = replacement.rows(code, gap.start.number, gap.length, value, stable)
        if short is not None:
            return short
    return replacement.entries(code, axis, start, stop, value, stable)


def _against_place(code: Code, gap: Gap, dim: Dim) -> Reason | None:
    """What stands against the gap's lying inside of the axis; numbers are compared already."""
    first, last = _operand(code, gap.start), _operand(code, gap.stop)
    if gap.start.number is None and first is not None and (first.low is None or first.low < 0):
        return Reason.MAYBE_NEGATIVE_INDEX
    if last is None or (gap.stop.number is not None and isinstance(dim, int)):
        return None
    ends = [offset(last.high, -1)]
    if first is not None and gap.length is not None:
        ends.append(offset(first.high, gap.length - 1))
    return None if any(at_most(end, dim) for end in ends) else Reason.MAYBE_OUT_OF_RANGE


def _operand(code: Code, bound: Bound) -> Operand | None:
    return None if bound.node is None else code.operand(bound.node)


def _single(code: Code, piece: ast.expr, axis: int) -> ast.expr | None:
    """The ``x`` of ``[x]``, ``x[None]`` and ``tf.expand_dims(x, 0)``: one entry of the axis."""
    if isinstance(piece, (ast.List, ast.Tuple)) and axis == 0 and len(piece.elts) == 1:
        return None if isinstance(piece.elts[0], ast.Starred) else piece.elts[0]
    if isinstance(piece, ast.Subscript):
        parts = piece.slice.elts if isinstance(piece.slice, ast.Tuple) else [piece.slice]
        new = [n for n, part in enumerate(parts) if code.value(part).kind is Kind.NONE]
        full = [n for n, part in enumerate(parts) if _is_full(part)]
        value = code.value(piece.value)
        known = value.is_array and value.shape is not None and len(full) <= len(value.shape)
        return piece.value if known and new == [axis] and len(full) == len(parts) - 1 else None
    if isinstance(piece, ast.Call) and code.called(piece) == "tensorflow.expand_dims":
        words = {word.arg: word.value for word in piece.keywords}
        at = piece.args[1] if len(piece.args) == 2 else words.get("axis")
        if at is None or not piece.args or len(piece.args) + len(words) != 2:
            return None
        # Counted from the end it would be one axis further here than in the piece.
        return piece.args[0] if code.value(at).const == axis else None
    return None


def _is_full(node: ast.expr) -> bool:
    return isinstance(node, ast.Slice) and not (node.lower or node.upper or node.step)


def _length(code: Code, piece: ast.expr, axis: int) -> int | None:
    """How many entries of the axis the new piece is, if that can be seen."""
    shape = code.operand(piece).shape
    if shape is None or axis >= len(shape):
        return None
    length = shape[axis]
    return length if isinstance(length, int) else None


def _is_part(found: list[Gap], target: Operand, axis: int) -> bool:
    """Whether not more than half of the axis is new, as far as can be seen.

    Where most of it is, to put it together is the cheaper way.
    """
    dim = target.shape[axis] if target.shape is not None else None
    total = sum(gap.length or 0 for gap in found)
    return not isinstance(dim, int) or 2 * total <= dim


def _is_fixed(target: Operand) -> bool:
    """Whether a whole of another length cannot be assigned: a variable of known shape."""
    known = target.shape is not None and all(isinstance(dim, int) for dim in target.shape)
    return known and target.kind.is_variable


def _moves(code: Code, piece: ast.expr, target: ast.expr) -> bool:
    """Whether the new piece consists of entries of the target, which come from elsewhere in it."""
    parts = piece.elts if isinstance(piece, (ast.List, ast.Tuple)) else [piece]
    for part in parts:
        while isinstance(part, ast.Subscript) and not same(part, target):
            part = part.value
        given = part.args[:1] if isinstance(part, ast.Call) else []
        if code.called(part) in _HANDING_ON and any(_moves(code, one, target) for one in given):
            return True
        if same(part, target):
            return True
    return False


_HANDING_ON = frozenset(
    f"tensorflow.{name}"
    for name in (
        "expand_dims",
        "reshape",
        "identity",
        "reverse",
        "roll",
        "gather",
        "concat",
        "stack",
    )
)


# --- tf.stack -------------------------------------------------------------------------------------


def _stacked(code: Code, call: ast.Call, target: ast.expr) -> Rebuilt | None:
    """``tf.stack([v[0], x, v[2]])``: all rows, each in its place, but for those that are new."""
    operand = code.operand(target)
    arguments = _arguments(code, call, operand.rank, 0)
    if arguments is None or arguments.axis != 0 or not operand.shape:
        return None
    rows, dim = arguments.pieces, operand.shape[0]
    new = [n for n, row in enumerate(rows) if not _is_row(code, row, target, n, len(rows))]
    if len(rows) != dim or not new or 2 * len(new) > len(rows):
        return None
    if any(_moves(code, rows[n], target) for n in new):
        return None
    due: Shape = operand.shape[1:]
    if any(replacement.never_fits(code.operand(rows[n]), due) for n in new):
        return None
    hindrance = Reason.NO_REWRITE if arguments.named else None
    updates = []
    for n in new:
        stable = code.is_pure(rows[n])
        against = replacement.against_value(code, rows[n], operand, due)
        hindrance = hindrance or (against if stable else Reason.SIDE_EFFECTS)
        updates.append(replacement.point(code, 0, replacement.literal(n), rows[n], stable))
    return Rebuilt(tuple(updates), "tf.stack", read_first=True, hindrance=hindrance)


def _is_row(code: Code, node: ast.expr, target: ast.expr, number: int, count: int) -> bool:
    """``v[number]``, which may be counted from the end."""
    if not isinstance(node, ast.Subscript) or not same(node.value, target):
        return False
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    index = code.value(parts[0]).const
    return (
        type(index) is int
        and index in (number, number - count)
        and all(map(_is_full, parts[1:]))
        and len(parts) <= len(code.operand(target).shape or ())
    )
