"""A variable's attribute that is bound to a tensor computed from it: it still counts as a variable.

Such a rebinding is a mistake, which TFS106 reports. Taken at its word it would make the attribute
an unknown in all other methods, and so hide every other finding until it is mended.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from tflint_slice.infer.values import Value
from tflint_slice.model import Kind

ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
_SILENT = (ast.FloorDiv, ast.Mod)
"""Augmented assignments by which a ``tf.Variable`` is rebound; by the other ones it raises."""


def is_arithmetic_of(target: ast.expr, value: ast.expr) -> bool:
    """``value`` is a sum, product and so on, one of whose terms or factors is ``target``."""
    if not isinstance(value, ast.BinOp) or not isinstance(value.op, ARITHMETIC):
        return False
    sides = (value.left, value.right)
    return any(_same(target, side) or is_arithmetic_of(target, side) for side in sides)


def is_scatter_of(
    target: ast.expr, value: ast.expr, name_of: Callable[[ast.expr], str | None]
) -> bool:
    """``value`` is ``tf.tensor_scatter_nd_*`` of ``target``."""
    if not isinstance(value, ast.Call):
        return False
    words = [word.value for word in value.keywords if word.arg == "tensor"]
    scattered = value.args[:1] or words
    name = name_of(value.func) or ""
    return (
        name.startswith("tensorflow.")
        and name.rpartition(".")[2].startswith("tensor_scatter_nd_")
        and any(_same(target, node) for node in scattered)
    )


def rebinds_silently(op: ast.operator, kind: Kind) -> bool:
    """Whether ``v op= x`` leaves a variable of this kind for a tensor, instead of raising."""
    if kind is Kind.KERAS3_VARIABLE:
        return isinstance(op, ARITHMETIC)
    return kind.is_variable and isinstance(op, _SILENT)


def without_shape(variable: Value) -> Value:
    """What is left of a variable once arithmetic may have changed its shape and dtype."""
    return replace(variable, dtype=None, shape=None, least_rank=0)


def _same(target: ast.expr, node: ast.expr) -> bool:
    return ast.unparse(target) == ast.unparse(node)
