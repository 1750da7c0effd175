"""From the index of a subscript to the region it names, in NumPy's terms."""

from __future__ import annotations

import ast

from tflint_slice.idioms.code import Code
from tflint_slice.infer.dims import is_integer_dtype
from tflint_slice.model import (
    Axes,
    Axis,
    Full,
    Kind,
    Mask,
    NewAxis,
    Operand,
    Point,
    Points,
    Range,
    Region,
    Rest,
    Unrecognised,
)


def region(code: Code, subscript: ast.Subscript) -> Region:
    """What ``target[index]`` selects, by the kinds of the index's parts."""
    index = subscript.slice
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    if len(parts) == 1 and (mask := _mask(code, parts[0])) is not None:
        return mask
    axes: list[Axis] = []
    for part in parts:
        axis = _axis(code, part)
        if axis is None:
            return Unrecognised(_text(code, index) if _holds_slice(index) else code.operand(index))
        axes.append(axis)
    return Axes(tuple(axes))


def _axis(code: Code, node: ast.expr) -> Axis | None:
    if isinstance(node, ast.Slice):
        parts = [
            None if part is None else code.operand(part)
            for part in (node.lower, node.upper, node.step)
        ]
        if not any(parts):
            return Full()
        if all(part is None or _is_point(part) or part.kind is Kind.NONE for part in parts):
            return Range(*(part if part and part.kind is not Kind.NONE else None for part in parts))
        return None
    operand = code.operand(node)
    if operand.kind is Kind.NONE:
        return NewAxis()
    if operand.kind is Kind.ELLIPSIS:
        return Rest()
    if _is_point(operand):
        return Point(operand)
    many = operand.kind in (Kind.LIST, Kind.NDARRAY, Kind.TENSOR)
    if many and is_integer_dtype(operand.dtype) and operand.rank:
        return Points(operand)
    return None


def _is_point(operand: Operand) -> bool:
    if operand.kind is Kind.INT:
        return True
    if operand.kind is Kind.UNKNOWN:
        # ``i`` of ``for i in range(n)``: an int, or a scalar tensor where AutoGraph is at work.
        return operand.shape == () and operand.low is not None
    scalar = operand.kind in (Kind.NDARRAY, Kind.TENSOR) or operand.kind.is_variable
    return scalar and operand.shape == () and is_integer_dtype(operand.dtype)


def _mask(code: Code, node: ast.expr) -> Mask | None:
    operand = code.operand(node)
    boolean = operand.dtype == "bool" and operand.kind in (Kind.NDARRAY, Kind.TENSOR)
    # A comparison of things unknown is no index; at best it is a mask.
    compared = isinstance(node, ast.Compare) and operand.kind is Kind.UNKNOWN
    return Mask(operand) if compared or (boolean and operand.shape != ()) else None


def _holds_slice(node: ast.expr) -> bool:
    return any(isinstance(child, ast.Slice) for child in ast.walk(node))


def _text(code: Code, node: ast.expr) -> Operand:
    """An operand for ``1:n, k``, which is no expression by itself."""
    span = code.source.span(node)
    return Operand(code.source.text[span.start : span.end], span)
