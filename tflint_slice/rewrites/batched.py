"""The rung for a loop that makes one update each turn: one scatter that makes them all.

A range becomes ``tf.range(n)[:, tf.newaxis]``, an array of indices ``tf.reshape(ix, [-1, 1])``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from tflint_slice.infer.dims import is_integer_dtype
from tflint_slice.model import (
    Axes,
    Dim,
    Kind,
    Negative,
    Operand,
    Point,
    Reason,
    Update,
    UpdateSequence,
)
from tflint_slice.rewrites import in_place, stored
from tflint_slice.rewrites.batched_rows import Rows
from tflint_slice.rewrites.concrete import expression
from tflint_slice.rewrites.context import Context, Refused, Rewritten, judged

# Kinds of numbers that TensorFlow makes of this dtype without being told.
_NATURAL = {Kind.FLOAT: "float32", Kind.INT: "int32"}
# A float that does not fit float32 is refused where no dtype is given, and infinite elsewhere.
_LARGE = 3e38


def rewrite(sequence: UpdateSequence, context: Context) -> Rewritten | Refused:
    """All turns of ``sequence.loop`` at once.

    The one update of the sequence is what the turns come to: its value has one entry a turn, or
    is what every turn stores.
    """
    if not sequence.updates:
        # Another rule sees to what the body says; what is left of it then is looked at again.
        return Refused(Reason.LOOP_OF_UPDATES, silent=True)
    if context.graph:
        return Refused(Reason.GRAPH_MODE, silent=True)
    (update,) = sequence.updates
    target = sequence.target
    functional = target.kind in (Kind.TENSOR, Kind.KERAS3_VARIABLE) or context.style == "functional"
    dense = context.dense_reads > context.partial_writes and context.style != "in-place"
    if sequence.atomic and not functional and not dense:
        return Refused(Reason.LOOP_OF_UPDATES, silent=True)
    functional = functional or sequence.atomic
    assert isinstance(update.region, Axes)
    if isinstance(update.region.axes[0], Point):
        # That of one turn: what the others come to cannot be said.
        return Refused(Reason.LOOP_OF_UPDATES)
    if target.kind is Kind.KERAS3_VARIABLE and not sequence.atomic:
        return Refused(Reason.KERAS_VARIABLE)
    if not target.shape:
        return Refused(Reason.UNKNOWN_RANK)
    if context.tensorflow is None:
        return Refused(Reason.NAME_SHADOWED)
    assert sequence.loop is not None
    rows = Rows(update, target, sequence.loop.iterable, context.tensorflow)
    against = _against_target(sequence, context, rows.turns, functional)
    indices = rows.code()
    values = _values(update, target, rows)
    for part in (indices, values):
        if isinstance(part, Refused):
            return part
    assert not isinstance(indices, Refused) and not isinstance(values, Refused)
    reasons = [*against, *indices[1], *values[1]]
    if _sums_gradients(update, target) and context.taped:
        reasons.append(Reason.INEXACT_OPERATOR)
    if context.catches and not rows.are_inside:
        reasons.append(Reason.CAUGHT_EXCEPTION)
    method = in_place.METHODS[update.op]
    pieces = {"indices": indices[0], "updates": values[0]}
    if not functional:
        call = f"{{v}}.{method}({{indices}}, {{updates}})"
        text = expression(call, v=target.text, **pieces)
        return judged((text,), f"Use one `{method}`", reasons)
    call = f"{context.tensorflow}.tensor_{method}({{tensor}}, {{indices}}, {{updates}})"
    text = expression(call, tensor=target.text, **pieces)
    if target.kind is Kind.TENSOR:
        text = f"{target.text} = {text}"
    else:
        text = expression("{v}.assign({x})", v=target.text, x=text)
    return judged((text,), f"Use one `tensor_{method}`", reasons)


def _sums_gradients(update: Update, target: Operand) -> bool:
    """Whether a gradient is the sum over all turns, which one scatter adds in another order."""
    value = update.value
    if value is None or value.shape is None or target.shape is None:
        return False
    repeated = len(value.shape) < len(target.shape)
    whole = is_integer_dtype(value.dtype)
    return target.kind is Kind.TENSOR and value.kind is Kind.TENSOR and repeated and not whole


def _against_target(
    sequence: UpdateSequence, context: Context, turns: Dim, functional: bool
) -> list[Reason]:
    """What stands against the method on this target, which a turn may not have called so far."""
    (update,) = sequence.updates
    target = sequence.target
    if target.kind is Kind.TENSOR:
        return [] if target.dtype is not None else [Reason.UNKNOWN_DTYPE]
    if functional:
        reasons = [] if target.dtype is not None else [Reason.UNKNOWN_DTYPE]
        if context.distributed:
            reasons.append(Reason.MAYBE_DISTRIBUTED)
        return [*reasons, *in_place.against_reading(target, context)]
    against = in_place.against_in_place(target, update.op, context)
    assert sequence.loop is not None
    other = update.negative is Negative.WRAP or sequence.loop.rows
    called = not other and isinstance(turns, int) and turns > 0
    # A turn that calls the same method today fails where the new code would.
    return [reason for reason in against if not called or reason is Reason.UNKNOWN_DTYPE]


def _values(update: Update, target: Operand, rows: Rows) -> tuple[str, list[Reason]] | Refused:
    value, shape = update.value, target.shape
    assert value is not None and shape is not None
    rest = shape[1:]
    never = stored.never(value, target) or _never(value, target)
    if never is not None:
        return Refused(never)
    reasons = _against_dtype(value, target)
    if rest and not _are_positive(rest):
        # Into a variable without elements no scatter writes: it raises.
        reasons.append(Reason.UNKNOWN_SHAPE)
    if value.shape is None:
        listed = value.kind in (Kind.LIST, Kind.TUPLE)
        unsure = (value.text, [*reasons, Reason.UNKNOWN_SHAPE])
        return Refused(Reason.UNKNOWN_SHAPE) if listed else unsure
    if len(value.shape) <= len(rest):
        return _repeated(update, value, target, rows, reasons)
    if len(value.shape) > len(shape):
        return Refused(Reason.BATCH_SHAPE)
    due = (rows.turns, *rest)
    for given, wanted in zip(value.shape, due, strict=True):
        if given is None or wanted is None:
            reasons.append(Reason.UNKNOWN_SHAPE)
        elif given != wanted:
            if isinstance(given, int) and isinstance(wanted, int):
                return Refused(Reason.BATCH_SHAPE)
            reasons.append(Reason.UNKNOWN_SHAPE)
    return value.text, reasons


def _repeated(
    update: Update, value: Operand, target: Operand, rows: Rows, reasons: list[Reason]
) -> tuple[str, list[Reason]] | Refused:
    """What every turn stores, once for each of them."""
    assert target.shape is not None and value.shape is not None
    rest = target.shape[1:]
    sliced = update.negative is Negative.WRAP
    # A slice broadcasts, a scatter does not.
    if value.shape != rest and (value.shape != () or not sliced):
        return Refused(Reason.BATCH_SHAPE)
    if not _are_positive(rest):
        return Refused(Reason.UNKNOWN_SHAPE)
    shape = f"[{', '.join([rows.count, *map(str, rest)])}]"
    tensorflow = rows.tensorflow
    if value.kind is Kind.TENSOR or (value.kind is Kind.NDARRAY and value.dtype == target.dtype):
        return expression(f"{tensorflow}.broadcast_to({{x}}, {shape})", x=value.text), reasons
    if value.kind.is_number and not sliced and rows.is_counted:
        # A number by itself may come back as another zero, in a list it does not.
        return f"[{value.text}] * {expression('{term}', term=rows.count)}", reasons
    text = value.text if sliced or not value.kind.is_number else f"[{value.text}]"
    if not (sliced and _is_natural(value, target)):
        # A list may hold tensors, of which ``tf.constant`` takes none.
        listed = value.kind in (Kind.LIST, Kind.TUPLE) and not value.constant
        made = f"{tensorflow}.{'convert_to_tensor' if listed else 'constant'}"
        text = expression(f"{made}({{x}}, {{v}}.dtype)", x=text, v=target.text)
    if sliced and value.kind.is_number:
        return expression(f"{tensorflow}.fill({shape}, {{x}})", x=text), reasons
    return expression(f"{tensorflow}.broadcast_to({{x}}, {shape})", x=text), reasons


def _is_natural(value: Operand, target: Operand) -> bool:
    """Whether TensorFlow makes the dtype of the target of a number without being told."""
    if not value.constant or _NATURAL.get(value.kind) != target.dtype:
        return False
    try:
        return value.kind is Kind.INT or abs(float(ast.literal_eval(value.text))) < _LARGE
    except (ValueError, SyntaxError):
        return False


def _never(value: Operand, target: Operand) -> Reason | None:
    """A tensor in a list is cast, a list of them or all of them as one tensor are not."""
    tensor = value.kind is Kind.TENSOR or value.kind.is_variable
    known = value.dtype is not None and target.dtype is not None
    return Reason.DTYPE_CAST if tensor and known and value.dtype != target.dtype else None


def _against_dtype(value: Operand, target: Operand) -> list[Reason]:
    if target.dtype is None:
        return []
    if value.kind is Kind.TENSOR or value.kind.is_variable:
        return [] if value.dtype == target.dtype else [Reason.DTYPE_CAST]
    against = stored.against(value, target)
    return [] if against is None else [against]


def _is_positive(dim: Dim) -> bool:
    return isinstance(dim, int) and dim > 0


def _are_positive(dims: Iterable[Dim]) -> bool:
    return all(map(_is_positive, dims))
