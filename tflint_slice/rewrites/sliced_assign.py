"""The rung ``v[index].assign(x)``: NumPy's meaning, bit for bit, for every basic index.

It wraps, clamps and broadcasts as NumPy does, so nothing needs to be proven of the index but its
kind. It needs a plain variable: of a distributed one it silently changes one replica, and a list
inside of the brackets means something else. It reads, and so may copy, the whole variable. XLA
does not compile one that has to broadcast.
"""

from __future__ import annotations

from tflint_slice.model import Axes, Kind, Op, Operand, Point, Reason, Unrecognised, Update
from tflint_slice.rewrites import stored
from tflint_slice.rewrites.concrete import binds_tighter, expression
from tflint_slice.rewrites.context import Context, Refused
from tflint_slice.rewrites.regions import shape_of

_OPERATORS = {
    Op.ADD: "+",
    Op.SUBTRACT: "-",
    Op.MULTIPLY: "*",
    Op.DIVIDE: "/",
}

# A strided slice takes at most this many axes.
MOST_RANK = 8


def code(
    update: Update, target: Operand, slot: str, context: Context
) -> tuple[str, list[Reason]] | Refused:
    """The update as a sliced assignment to ``slot`` (``v[index]`` as written).

    Returns the code with what stands against applying it unseen.
    """
    value = update.value
    if value is None or (isinstance(update.region, Axes) and not update.region.is_basic):
        return Refused(Reason.NO_REWRITE)
    if not isinstance(update.region, (Axes, Unrecognised)) or update.op not in {
        Op.SET,
        *_OPERATORS,
    }:
        return Refused(Reason.NO_REWRITE if update.op is Op.SET else Reason.INEXACT_OPERATOR)
    if isinstance(update.region, Unrecognised) and update.region.index.kind is not Kind.UNKNOWN:
        return Refused(Reason.UNKNOWN_INDEX)
    if target.kind not in (Kind.VARIABLE, Kind.KERAS2_WEIGHT):
        return Refused(Reason.KERAS_VARIABLE)
    if target.rank == 0 or (target.rank or 0) > MOST_RANK:
        return Refused(Reason.NO_REWRITE)
    if _never_fits(update, target):
        return Refused(Reason.ALWAYS_RAISES)
    reasons = _against_index(update) + _against_shape(update, target)
    if not bare(value):
        reasons.append(Reason.DTYPE_CAST)
    if context.compiled and update.op is Op.SET and not _has_shape_of_slice(update, target):
        reasons.append(Reason.NO_XLA_KERNEL)
    text = value.text
    if stored.needs_cast(value, target):
        if context.tensorflow is None:
            return Refused(Reason.NAME_SHADOWED)
        text = expression(
            f"{context.tensorflow}.cast({{x}}, {{v}}.dtype)", x=value.text, v=target.text
        )
    if update.op is Op.SET:
        return expression("{slot}.assign({x})", slot=slot, x=text), reasons
    operator = _OPERATORS[update.op]
    code = expression(f"{{slot}}.assign({{slot}} {operator} {{term}})", slot=slot, term=text)
    if update.op in (Op.ADD, Op.SUBTRACT) and binds_tighter(text):
        code = expression(
            f"{{slot}}.assign({{slot}} {operator} {{factor}})", slot=slot, factor=text
        )
    return code, reasons


def bare(value: Operand) -> bool:
    """Whether a number is surely a Python number where it is converted by itself.

    AutoGraph turns numbers that depend on a tensor into tensors, and an annotated float may be a
    NumPy scalar; both have a dtype, which is not cast outside of a list.
    """
    return not value.kind.is_number or value.constant


def _against_index(update: Update) -> list[Reason]:
    region = update.region
    if isinstance(region, Unrecognised):
        return [Reason.UNKNOWN_INDEX]
    assert isinstance(region, Axes)
    points = [axis.index for axis in region.axes if isinstance(axis, Point)]
    # A scalar tensor or array may only be an index if it is an int one, and a tensor a wide one.
    strange = any(
        point.kind is Kind.TENSOR
        or point.kind.is_variable
        or (point.kind is Kind.UNKNOWN and point.shape != ())
        for point in points
        if point.dtype not in ("int32", "int64")
    )
    return [Reason.UNKNOWN_INDEX] if strange else []


def _against_shape(update: Update, target: Operand) -> list[Reason]:
    """NumPy refuses an array of size 1 for one element, a sliced assignment takes it."""
    value = update.value
    assert value is not None
    if value.shape == ():
        return []
    shape = shape_of(update.region, target.shape) if isinstance(update.region, Axes) else None
    if shape is None or value.rank is None or value.rank > len(shape):
        return [Reason.UNKNOWN_SHAPE]
    return []


def _has_shape_of_slice(update: Update, target: Operand) -> bool:
    """Whether the value certainly needs no broadcasting."""
    shape = shape_of(update.region, target.shape) if isinstance(update.region, Axes) else None
    value = update.value
    return shape is not None and None not in shape and value is not None and value.shape == shape


def _never_fits(update: Update, target: Operand) -> bool:
    """Whether a value of known shape cannot be broadcast to the slice."""
    shape = shape_of(update.region, target.shape) if isinstance(update.region, Axes) else None
    given = None if update.value is None else update.value.shape
    if shape is None or given is None:
        return False
    pairs = zip(reversed(given), reversed(shape), strict=False)
    return any(isinstance(x, int) and isinstance(y, int) and x not in (1, y) for x, y in pairs)
