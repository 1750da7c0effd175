"""Arithmetic on regions: their shapes, and their coordinates as scatter takes them."""

from __future__ import annotations

from tflint_slice.model import (
    Axes,
    Axis,
    Dim,
    Full,
    NewAxis,
    Operand,
    Point,
    Points,
    Range,
    Rest,
    Shape,
)
from tflint_slice.rewrites.bounds import exact


def expanded(axes: Axes, rank: int | None) -> tuple[Axis, ...] | None:
    """One entry an axis of the target: ``...`` and what is left out become full axes.

    None where there are more entries than axes, or where the rank has to be known and is not.
    """
    named = [axis for axis in axes.axes if not isinstance(axis, (Rest, NewAxis))]
    if rank is None or len(named) > rank:
        return None
    if sum(isinstance(axis, Rest) for axis in axes.axes) > 1:
        return None
    missing = (Full(),) * (rank - len(named))
    result: list[Axis] = []
    for axis in axes.axes:
        if isinstance(axis, Rest):
            result += missing
        else:
            result.append(axis)
    if not any(isinstance(axis, Rest) for axis in axes.axes):
        result += missing
    return tuple(result)


def fits_rank(axes: Axes, rank: int | None) -> bool:
    """Whether the index has at most one ``...`` and no more entries than there are axes."""
    if sum(isinstance(axis, Rest) for axis in axes.axes) > 1:
        return False
    return rank is None or expanded(axes, rank) is not None


def shape_of(axes: Axes, target: Shape | None) -> Shape | None:
    """The shape of ``target[axes]`` for a basic index."""
    if target is None or not axes.is_basic:
        return None
    entries = expanded(axes, len(target))
    if entries is None:
        return None
    result: list[Dim] = []
    position = 0
    for entry in entries:
        if isinstance(entry, NewAxis):
            result.append(1)
            continue
        if isinstance(entry, Full):
            result.append(target[position])
        elif isinstance(entry, Range):
            result.append(length(entry, target[position]))
        position += 1
    return tuple(result)


def length(entry: Range, dim: Dim) -> Dim:
    """How many entries a slice takes of an axis."""
    bounds = [
        None if part is None else exact(part) for part in (entry.start, entry.stop, entry.step)
    ]
    known = all(
        part is None or bound is not None
        for part, bound in zip((entry.start, entry.stop, entry.step), bounds, strict=True)
    )
    if not known or not isinstance(dim, int) or bounds[2] == 0:
        return None
    return len(range(dim)[slice(*bounds)])


def leading_points(axes: Axes) -> tuple[Operand, ...] | None:
    """The indices of ``v[i, j]`` or ``v[i, :]``: points first, whole axes after them."""
    points: list[Operand] = []
    rest = list(axes.axes)
    while rest and isinstance(rest[0], Point):
        points.append(rest.pop(0).index)  # type: ignore[union-attr]
    if not points or not all(isinstance(axis, (Full, Rest)) for axis in rest):
        return None
    return tuple(points)


def leading_list(axes: Axes) -> Operand | None:
    """The index of ``v[[0, 2]]``: one list or array on the first axis, whole axes after it."""
    if not axes.axes or not isinstance(axes.axes[0], Points):
        return None
    if not all(isinstance(axis, (Full, Rest)) for axis in axes.axes[1:]):
        return None
    return axes.axes[0].indices
