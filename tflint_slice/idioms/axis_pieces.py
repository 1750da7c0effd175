"""Pieces of a target that stand one after the other along an axis, and the gaps between them.

``v[:i]``, something, ``v[i + 1:]`` leave one gap, at ``i``, if what they keep stays where it is.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from tflint_slice.idioms.code import Code, is_path, same
from tflint_slice.infer.dims import dim_of
from tflint_slice.model import Dim, Kind, Shape

_FRONT, _END = "the front", "the end"


@dataclass(frozen=True)
class Bound:
    """A place between two entries: so far behind the front, the end, or what a name says.

    ``node`` is how the code spells it, if it does.
    """

    base: str
    offset: int
    node: ast.expr | None = field(default=None, compare=False)

    @property
    def number(self) -> int | None:
        return self.offset if self.base == _FRONT else None


@dataclass(frozen=True)
class Gap:
    """Where ``piece`` stands, which is none of the target's."""

    piece: ast.expr
    start: Bound
    stop: Bound

    @property
    def length(self) -> int | None:
        """How many entries of the target are missing, if the code shows it."""
        return _distance(self.start, self.stop)


@dataclass(frozen=True)
class _Kept:
    start: Bound
    stop: Bound


def gaps(
    code: Code, pieces: Sequence[ast.expr], target: ast.expr, axis: int, dims: Shape | None
) -> list[Gap] | None:
    """The gaps between pieces of ``target``; None if one of these may not stay in its place."""
    if dims is not None and axis >= len(dims):
        return None
    dim = dims[axis] if dims is not None else None
    found: list[Gap] = []
    keeps = False
    front, end = _whole(dim)
    cursor, waiting = front, None
    for piece in pieces:
        kept = _kept(code, piece, target, axis, dims)
        if kept is None:
            if waiting is not None:
                return None
            waiting = piece
            continue
        length = _distance(kept.start, kept.stop)
        if length is None and kept.start != front and kept.stop != end:
            return None
        if length is not None and length < 0:
            return None
        if waiting is None and kept.start != cursor:
            return None
        if waiting is not None:
            found.append(Gap(waiting, cursor, kept.start))
        keeps, cursor, waiting = True, kept.stop, None
    if waiting is not None:
        found.append(Gap(waiting, cursor, end))
    elif cursor != end:
        return None
    empty = any(gap.length is not None and gap.length <= 0 for gap in found)
    return found if keeps and not empty else None


def _bound(code: Code, node: ast.expr, dim: Dim) -> Bound | None:
    """The place that a start or stop of a slice names: a number, or a name with an offset."""
    value = code.value(node)
    if value.kind is Kind.BOOL or value.optional or isinstance(node, ast.NamedExpr):
        return None
    number = dim_of(value)
    if isinstance(number, int):
        if not code.is_pure(node):
            return None
        if number < 0 and not isinstance(dim, int):
            return Bound(_END, number, node)
        place = dim + number if number < 0 and isinstance(dim, int) else number
        inside = place >= 0 and not (isinstance(dim, int) and place > dim)
        return Bound(_FRONT, place, node) if inside else None
    base, offset = _split(code, node)
    kind = code.value(base).kind
    known = kind in (Kind.INT, Kind.UNKNOWN) or (
        code.value(base).is_array and code.value(base).dtype in ("int32", "int64")
    )
    if not is_path(base) or not known or not code.is_pure(base):
        return None
    return Bound(ast.unparse(base), offset, node)


def _split(code: Code, node: ast.expr) -> tuple[ast.expr, int]:
    """``i + 1`` as ``i`` and 1."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        right = dim_of(code.value(node.right))
        if isinstance(right, int):
            return node.left, right if isinstance(node.op, ast.Add) else -right
        left = dim_of(code.value(node.left))
        if isinstance(left, int) and isinstance(node.op, ast.Add):
            return node.right, left
    return node, 0


def _kept(
    code: Code, node: ast.expr, target: ast.expr, axis: int, dims: Shape | None
) -> _Kept | None:
    """``v[start:stop]`` along the axis, and all of the other axes."""
    if not isinstance(node, ast.Subscript) or not same(node.value, target):
        return None
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    entries: list[ast.expr] = []
    for part in parts:
        if isinstance(part, ast.Constant) and part.value is Ellipsis:
            if dims is None:
                return None
            entries += [ast.Slice()] * (len(dims) - len(parts) + 1)
        else:
            entries.append(part)
    slices = [entry for entry in entries if isinstance(entry, ast.Slice)]
    if len(slices) < len(entries) or len(entries) <= axis or any(part.step for part in slices):
        return None
    if dims is not None and len(entries) > len(dims):
        return None
    if any(slices[n].lower or slices[n].upper for n in range(len(slices)) if n != axis):
        return None
    sliced, dim = slices[axis], dims[axis] if dims is not None else None
    front, end = _whole(dim)
    start = front if sliced.lower is None else _bound(code, sliced.lower, dim)
    stop = end if sliced.upper is None else _bound(code, sliced.upper, dim)
    return None if start is None or stop is None else _Kept(start, stop)


def _whole(dim: Dim) -> tuple[Bound, Bound]:
    end = Bound(_FRONT, dim) if isinstance(dim, int) else Bound(_END, 0)
    return Bound(_FRONT, 0), end


def _distance(start: Bound, stop: Bound) -> int | None:
    return stop.offset - start.offset if start.base == stop.base else None
