"""Elements and rows at known places, written by scatter: in place, or functional and assigned.

``v[1] = x`` becomes ``v.scatter_nd_update([[1]], [x])`` where every index is proven to lie in its
axis and the value to have exactly the shape of what it replaces: scatter wraps, broadcasts and
casts nothing.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from tflint_slice.model import Axes, Kind, Op, Operand, Reason, Shape, Update, UpdateSequence
from tflint_slice.rewrites import stored
from tflint_slice.rewrites.bounds import fits, from_the_end
from tflint_slice.rewrites.concrete import expression
from tflint_slice.rewrites.context import Context, Refused
from tflint_slice.rewrites.in_place import METHODS
from tflint_slice.rewrites.regions import leading_list, leading_points

# Scatter names at most this many axes.
_MOST_DEPTH = 7


@dataclass(frozen=True)
class Scatter:
    """Coordinates and values of an update as source text, one entry of each a slice."""

    indices: tuple[str, ...]
    updates: tuple[str, ...]
    spread: str | None = None
    """An array that holds all updates, where they have no text of their own."""

    @property
    def indices_text(self) -> str:
        return f"[{', '.join(self.indices)}]"

    @property
    def updates_text(self) -> str:
        return self.spread or f"[{', '.join(self.updates)}]"


def scatter(update: Update, target: Operand, context: Context) -> Scatter | Refused:
    """The update as one scatter, if it needs no runtime arithmetic on indices."""
    if not isinstance(update.region, Axes):
        return Refused(Reason.UNKNOWN_INDEX)
    if update.value is None or target.shape is None:
        return Refused(Reason.UNKNOWN_RANK)
    points = leading_points(update.region)
    if points is not None:
        return _at_point(points, update.value, target, target.shape, context)
    indices = leading_list(update.region)
    if indices is not None and update.op is Op.SET:
        return _at_rows(indices, update.value, target, target.shape)
    return Refused(Reason.NO_REWRITE)


def combined(sequence: UpdateSequence, context: Context) -> Scatter | Refused:
    """Several updates of one depth at literally distinct places, as one."""
    parts = []
    for update in sequence.updates:
        part = scatter(update, sequence.target, context)
        if isinstance(part, Refused):
            return part
        parts.append(part)
    if len({update.op for update in sequence.updates}) > 1:
        return Refused(Reason.BATCH_SHAPE)
    if len(parts) == 1:
        return parts[0]
    indices = tuple(entry for part in parts for entry in part.indices)
    places = [_literal(entry) for entry in indices]
    if any(part.spread for part in parts) or len({len(place or ()) for place in places}) > 1:
        return Refused(Reason.BATCH_SHAPE)
    if None in places or len(set(places)) < len(places):
        return Refused(Reason.MAYBE_DUPLICATE_INDEX)
    return Scatter(indices, tuple(entry for part in parts for entry in part.updates))


def in_place(scattered: Scatter, target: Operand, op: Op) -> str:
    return expression(
        f"{{v}}.{METHODS[op]}({{indices}}, {{updates}})",
        v=target.text,
        indices=scattered.indices_text,
        updates=scattered.updates_text,
    )


def functional(scattered: Scatter, target: Operand, op: Op, tensorflow: str) -> str:
    return expression(
        f"{{v}}.assign({tensorflow}.tensor_{METHODS[op]}({{tensor}}, {{indices}}, {{updates}}))",
        v=target.text,
        tensor=target.text,
        indices=scattered.indices_text,
        updates=scattered.updates_text,
    )


def _at_point(
    points: tuple[Operand, ...],
    value: Operand,
    target: Operand,
    shape: Shape,
    context: Context,
) -> Scatter | Refused:
    if len(points) > min(len(shape), _MOST_DEPTH):
        return Refused(Reason.UNKNOWN_RANK)
    entries = []
    for axis, point in enumerate(points):
        dim = shape[axis]
        if from_the_end(point, dim) is not None and point.constant:
            entries.append(str(from_the_end(point, dim)))
        elif fits(point, dim) and point.kind in (Kind.INT, Kind.UNKNOWN):
            entries.append(point.text)
        elif point.low is not None and point.low >= 0:
            return Refused(Reason.MAYBE_OUT_OF_RANGE)
        else:
            return Refused(Reason.MAYBE_NEGATIVE_INDEX)
    if sum(point.kind is Kind.UNKNOWN for point in points) > 1:
        # Scalar tensors of two dtypes cannot be packed into one index.
        return Refused(Reason.INDEX_DTYPE)
    due = shape[len(points) :]
    fitting = _is_scalar(value) if not due else _has_shape(value, due)
    if not fitting:
        return Refused(Reason.UNKNOWN_SHAPE)
    text = value.text
    convert = "convert_to_tensor" if _is_not_packed(value, due) else None
    if stored.needs_cast(value, target):
        convert = "cast"
    if convert is not None:
        if context.tensorflow is None:
            return Refused(Reason.NAME_SHADOWED)
        call = f"{context.tensorflow}.{convert}({{x}}, {{v}}.dtype)"
        text = expression(call, x=value.text, v=target.text)
    return Scatter((f"[{', '.join(entries)}]",), (text,))


def _at_rows(indices: Operand, value: Operand, target: Operand, shape: Shape) -> Scatter | Refused:
    """``v[[0, 2]] = x`` with literal, distinct, non-negative rows."""
    numbers = _literal(indices.text)
    if numbers is None or not numbers or not all(type(number) is int for number in numbers):
        return Refused(Reason.UNKNOWN_INDEX)
    if not shape or not isinstance(shape[0], int):
        return Refused(Reason.UNKNOWN_SHAPE)
    if not all(-shape[0] <= number < shape[0] for number in numbers):
        return Refused(Reason.MAYBE_OUT_OF_RANGE)
    rows = [number % shape[0] for number in numbers]
    if len(set(rows)) < len(rows):
        return Refused(Reason.MAYBE_DUPLICATE_INDEX)
    entries = tuple(f"[{row}]" for row in rows)
    if len(shape) == 1 and value.kind.is_number and value.pure:
        return Scatter(entries, (value.text,) * len(rows))
    if not _has_shape(value, (len(rows), *shape[1:])) or stored.needs_cast(value, target):
        return Refused(Reason.UNKNOWN_SHAPE)
    return Scatter(entries, (), spread=value.text)


def _is_not_packed(value: Operand, due: Shape) -> bool:
    """Whether TensorFlow takes the value, but no list that holds it."""
    if value.kind is Kind.NDARRAY:
        # A graph packs no list of arrays, unless they are scalars.
        return bool(due) or value.dtype == "bfloat16"
    return value.kind is Kind.KERAS3_VARIABLE


def _is_scalar(value: Operand) -> bool:
    return value.shape == ()


def _has_shape(value: Operand, shape: Shape) -> bool:
    # Into a variable without elements no scatter writes: it raises.
    return value.shape == shape and all(isinstance(dim, int) and dim > 0 for dim in shape)


def _literal(text: str) -> tuple[int, ...] | None:
    """``[1, 2]`` as numbers."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
    return tuple(value) if isinstance(value, (list, tuple)) else None
