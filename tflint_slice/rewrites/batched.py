"""The rung for a loop that makes one update each turn: one scatter that makes them all.

A range becomes ``tf.range(n)[:, tf.newaxis]``, an array of indices ``tf.reshape(ix, [-1, 1])``.
Indices are always of rank 2: none at all have the shape (0, 1) then, and change nothing.
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
    Op,
    Operand,
    Point,
    Points,
    Range,
    Reason,
    Shape,
    Update,
    UpdateSequence,
)
from tflint_slice.rewrites import in_place, stored
from tflint_slice.rewrites.bounds import fits
from tflint_slice.rewrites.concrete import expression
from tflint_slice.rewrites.context import Context, Refused, Rewritten, judged

# Kinds of numbers that TensorFlow makes of this dtype without being told.
_NATURAL = {Kind.FLOAT: "float32", Kind.INT: "int32"}


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
    rows = _Rows(update, target, sequence.loop.iterable, context.tensorflow)
    against = _against_target(sequence, context, rows.turns, functional)
    indices = rows.code()
    values = _values(update, target, rows)
    for part in (indices, values):
        if isinstance(part, Refused):
            return part
    assert not isinstance(indices, Refused) and not isinstance(values, Refused)
    reasons = [*against, *indices[1], *values[1]]
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
    against = in_place.against_in_place(target, Op.SET, context)
    called = update.negative is not Negative.WRAP and isinstance(turns, int) and turns > 0
    # A turn that calls the same method today fails where the new code would.
    return [reason for reason in against if not called or reason is Reason.UNKNOWN_DTYPE]


class _Rows:
    """The indices of all turns, and how many there are."""

    def __init__(self, update: Update, target: Operand, iterable: Operand, tensorflow: str) -> None:
        assert isinstance(update.region, Axes) and target.shape is not None
        (axis,) = update.region.axes
        assert isinstance(axis, (Points, Range))
        self.axis = axis
        self.update = update
        self.target = target
        self.shape: Shape = target.shape
        self.iterable = iterable
        self.turns: Dim = iterable.shape[0] if iterable.shape else None
        self.tensorflow = tensorflow

    @property
    def are_inside(self) -> bool:
        """Whether the index of each turn is proven to lie inside of the first axis."""
        return fits(self.iterable, self.shape[0])

    def code(self) -> tuple[str, list[Reason]] | Refused:
        axis = self.axis
        if isinstance(axis, Range):
            assert axis.stop is not None
            if axis.stop.dtype not in (None, "int32", "int64"):
                return Refused(Reason.INDEX_DTYPE)
            text = expression(f"{self.tensorflow}.range({{n}})", n=axis.stop.text)
            code = f"{text}[:, {self.tensorflow}.newaxis]"
            return code, [*self._against_place(), *self._against_stop(axis.stop)]
        indices = axis.indices
        numbers = _numbers(indices)
        if numbers is not None:
            return self._literal(numbers)
        if indices.rank not in (None, 1):
            return Refused(Reason.UNKNOWN_RANK)
        if indices.dtype not in (None, "int32", "int64"):
            return Refused(Reason.INDEX_DTYPE)
        reasons = self._against_place()
        if indices.dtype is None or indices.rank is None:
            reasons.append(Reason.UNKNOWN_INDEX)
        text = expression(f"{self.tensorflow}.reshape({{ix}}, [-1, 1])", ix=indices.text)
        return text, [*reasons, *self._against_repeats(indices.distinct)]

    def _literal(self, numbers: tuple[int, ...]) -> tuple[str, list[Reason]] | Refused:
        """Indices that are spelled out, of which the worst may be known."""
        if min(numbers) < 0:
            return Refused(Reason.MAYBE_NEGATIVE_INDEX)
        dim = self.shape[0]
        if isinstance(dim, int) and max(numbers) >= dim:
            return Refused(Reason.MAYBE_OUT_OF_RANGE)
        distinct = len(set(numbers)) == len(numbers)
        repeats = self._against_repeats(distinct)
        if repeats:
            return Refused(repeats[0])
        return f"[{', '.join(f'[{number}]' for number in numbers)}]", self._against_place()

    def _against_place(self) -> list[Reason]:
        """A slice wraps an index and finds it out of range on every device; scatter does not."""
        if self.update.negative is not Negative.WRAP or self.are_inside:
            return []
        low = self.iterable.low
        certain = low is not None and low >= 0
        return [Reason.MAYBE_OUT_OF_RANGE if certain else Reason.MAYBE_NEGATIVE_INDEX]

    def _against_stop(self, stop: Operand) -> list[Reason]:
        """``range`` of a negative number is empty, ``tf.range`` refuses it."""
        if stop.low is not None and stop.low >= 0:
            return []
        # A length that is named after the very words is none that could be negative.
        named = isinstance(self.turns, str) and self.turns.partition("@")[0] == stop.text
        return [] if named and self.turns in self.shape else [Reason.UNKNOWN_SHAPE]

    def _against_repeats(self, distinct: bool) -> list[Reason]:
        """Sums of ints are the same in any order; nothing else is, on a GPU."""
        whole = is_integer_dtype(self.target.dtype)
        if distinct or (self.update.op is not Op.SET and whole):
            return []
        return [Reason.MAYBE_DUPLICATE_INDEX]

    @property
    def is_counted(self) -> bool:
        """Whether a Python int says how many turns there are."""
        if isinstance(self.axis, Range):
            return self.axis.stop is not None and self.axis.stop.kind is Kind.INT
        return isinstance(self.turns, int)

    @property
    def count(self) -> str:
        """How many turns there are, as code."""
        if isinstance(self.axis, Range):
            assert self.axis.stop is not None
            return self.axis.stop.text
        if isinstance(self.turns, int):
            return str(self.turns)
        return expression(f"{self.tensorflow}.size({{ix}})", ix=self.axis.indices.text)


def _values(update: Update, target: Operand, rows: _Rows) -> tuple[str, list[Reason]] | Refused:
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
    update: Update, value: Operand, target: Operand, rows: _Rows, reasons: list[Reason]
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
    if not (sliced and value.constant and _NATURAL.get(value.kind) == target.dtype):
        text = expression(f"{tensorflow}.constant({{x}}, {{v}}.dtype)", x=text, v=target.text)
    if sliced and value.kind.is_number:
        return expression(f"{tensorflow}.fill({shape}, {{x}})", x=text), reasons
    return expression(f"{tensorflow}.broadcast_to({{x}}, {shape})", x=text), reasons


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


def _numbers(indices: Operand) -> tuple[int, ...] | None:
    """The entries of a list or tuple of ints that is spelled out."""
    if indices.kind not in (Kind.LIST, Kind.TUPLE):
        return None
    try:
        entries = ast.literal_eval(indices.text.strip())
    except (ValueError, SyntaxError):
        return None
    if not isinstance(entries, (list, tuple)) or not entries:
        return None
    return tuple(entries) if all(type(entry) is int for entry in entries) else None


def _is_positive(dim: Dim) -> bool:
    return isinstance(dim, int) and dim > 0


def _are_positive(dims: Iterable[Dim]) -> bool:
    return all(map(_is_positive, dims))
