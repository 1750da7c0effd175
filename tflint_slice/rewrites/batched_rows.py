"""The indices of all turns of a loop as code, and how many turns there are.

Indices are always of rank 2: none at all have the shape (0, 1) then, and change nothing.
"""

from __future__ import annotations

import ast

from tflint_slice.infer.dims import is_integer_dtype
from tflint_slice.model import (
    Axes,
    Dim,
    Kind,
    Negative,
    Op,
    Operand,
    Points,
    Range,
    Reason,
    Shape,
    Update,
)
from tflint_slice.rewrites.bounds import fits
from tflint_slice.rewrites.concrete import expression
from tflint_slice.rewrites.context import Refused


class Rows:
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
