"""Whether an index is proven to lie inside of its axis."""

from __future__ import annotations

from tflint_slice.infer.dims import at_most
from tflint_slice.model import Dim, Operand


def fits(index: Operand, dim: Dim) -> bool:
    """Whether every entry of ``index`` is in ``[0, dim)``."""
    if index.low is None or index.low < 0 or index.high is None or dim is None:
        return False
    return at_most(index.high, dim)


def exact(index: Operand) -> int | None:
    """The one number that ``index`` can be."""
    if index.low is not None and isinstance(index.high, int) and index.high == index.low + 1:
        return index.low
    return None


def from_the_end(index: Operand, dim: Dim) -> int | None:
    """For a known negative index inside of the axis: what it stands for, counted from the front."""
    number = exact(index)
    if number is None or number >= 0 or not isinstance(dim, int) or number < -dim:
        return None
    return dim + number
