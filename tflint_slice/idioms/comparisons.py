"""Whether the comparisons in a mask come out the same in NumPy and in TensorFlow.

NumPy compares two arrays in a dtype that holds both, and numbers as what they are. TensorFlow
turns the other side into the dtype of the tensor, in which 256 may be 0, or raises.
"""

from __future__ import annotations

import ast

from tflint_slice.idioms.code import Code, is_literal
from tflint_slice.infer.dtypes import integer_range
from tflint_slice.model import Kind

_WIDE = ("float32", "float64")
_EXACT = 2**24
"""Ints up to this one are the same number in each of these dtypes."""
_LARGEST = 3e38


def compares_alike(code: Code, mask: ast.expr) -> bool:
    """Whether each comparison of a tensor or variable in the mask is one of like with like."""
    return all(
        _pair_is_alike(code, left, right)
        for node in ast.walk(mask)
        if isinstance(node, ast.Compare)
        for left, right in zip([node.left, *node.comparators], node.comparators, strict=False)
    )


def _pair_is_alike(code: Code, left: ast.expr, right: ast.expr) -> bool:
    sides = (left, right)
    of_tensorflow = [side for side in sides if _is_of_tensorflow(code, side)]
    if not of_tensorflow:
        return True
    if any(isinstance(part, ast.operator) for side in sides for part in ast.walk(side)):
        # Arithmetic has dtypes of its own, and rounds in its own way.
        return False
    dtype = code.operand(of_tensorflow[0]).dtype
    return dtype is not None and all(_is_like(code, side, dtype) for side in sides)


def _is_of_tensorflow(code: Code, node: ast.expr) -> bool:
    """Whether a tensor or a variable has a part in the value."""
    kinds = {code.value(part).kind for part in ast.walk(node) if isinstance(part, ast.expr)}
    return Kind.TENSOR in kinds or any(kind.is_variable for kind in kinds)


def _is_like(code: Code, node: ast.expr, dtype: str) -> bool:
    operand = code.operand(node)
    if operand.kind in (Kind.TENSOR, Kind.NDARRAY) or operand.kind.is_variable:
        negated = isinstance(node, ast.UnaryOp)
        return operand.dtype == dtype and not negated
    if not operand.constant:
        # What is annotated as a number may be one of NumPy's, with a dtype.
        return False
    limits = integer_range(dtype)
    if operand.kind is Kind.INT:
        if operand.low is None:
            return False
        if limits is not None:
            return limits[0] <= operand.low <= limits[1]
        return dtype in _WIDE and abs(operand.low) <= _EXACT
    if operand.kind is not Kind.FLOAT or dtype not in _WIDE or not is_literal(node):
        return False
    return abs(float(ast.literal_eval(node))) <= _LARGEST
