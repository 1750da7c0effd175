"""What a test that came out true, or false, says of the names in it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from tflint_slice.infer.dims import at_most, dim_of, is_integer_scalar, offset
from tflint_slice.infer.values import NONE, UNKNOWN, Value, join_all
from tflint_slice.model import Dim, Kind
from tflint_slice.syntax.nodes import walk

ValueOf = Callable[[ast.expr], Value]
Narrowing = Iterator[tuple[str, Value]]
"""Names, and what they hold now."""

_CLASSES: Final = {
    "tensorflow.Variable": Value(Kind.VARIABLE),
    "tensorflow.Tensor": Value(Kind.TENSOR),
    "keras.Variable": Value(Kind.KERAS3_VARIABLE),
    "numpy.ndarray": Value(Kind.NDARRAY),
}
_ARRAYS: Final = (Kind.TENSOR, Kind.NDARRAY)
_ASKING: Final = frozenset({"builtins.isinstance", "tensorflow.is_tensor"})
_TURNED: Final = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE}
_NEGATED: Final = {
    ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
}  # fmt: skip


def narrowed(test: ast.expr, truth: bool, value_of: ValueOf) -> Narrowing:
    """What holds once ``test`` was evaluated and came out as ``truth``.

    ``value_of`` is what was found of each part of the test when it was evaluated; the test binds
    no names itself.
    """
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from narrowed(test.operand, not truth, value_of)
    elif isinstance(test, ast.BoolOp):
        if isinstance(test.op, ast.And) is truth:
            for part in test.values:
                yield from narrowed(part, truth, value_of)
    elif isinstance(test, ast.Compare):
        if truth or len(test.ops) == 1:
            lefts = [test.left, *test.comparators]
            for left, operator, right in zip(lefts, test.ops, test.comparators, strict=False):
                yield from _compared(left, type(operator), right, truth, value_of)
    elif isinstance(test, ast.Name):
        if truth and value_of(test).optional:
            yield test.id, replace(value_of(test), optional=False)
    elif isinstance(test, ast.Call) and truth and len(test.args) == 2:
        subject, classes = test.args
        if isinstance(subject, ast.Name) and value_of(test.func).name == "builtins.isinstance":
            yield from _instance(subject, classes, value_of)


def asked(test: ast.expr, value_of: ValueOf) -> Narrowing:
    """The names whose type a test asks for, which makes an annotation doubtful."""
    for call in walk(test):
        if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Name):
            known = value_of(call.args[0])
            if value_of(call.func).name in _ASKING and not known.plain:
                yield call.args[0].id, UNKNOWN


def checked(statement: ast.expr, value_of: ValueOf) -> Narrowing:
    """What holds behind a call that raises otherwise, whenever the code around it is traced.

    That is so of dtypes alone. What TensorFlow leaves to the time a graph is run, as it may with
    ranks, shapes and values, is not checked at all in code that XLA compiles.
    """
    if not isinstance(statement, ast.Call) or len(statement.args) < 2:
        return
    subject, dtype = statement.args[:2]
    if value_of(statement.func).name == "tensorflow.debugging.assert_type":
        yield from _typed(subject, value_of(dtype), value_of)


def _instance(subject: ast.Name, classes: ast.expr, value_of: ValueOf) -> Narrowing:
    known = value_of(subject)
    if known.plain:
        return
    parts = classes.elts if isinstance(classes, (ast.Tuple, ast.List)) else [classes]
    found = join_all(tuple(_class(value_of(part)) for part in parts)) if parts else UNKNOWN
    same = known.kind is found.kind and known.name == found.name
    yield subject.id, replace(known, optional=False) if same else found


def _class(value: Value) -> Value:
    """An object of a class."""
    if value.kind is Kind.CLASS:
        return Value(Kind.INSTANCE, name=value.name)
    return _CLASSES.get(value.name or "", UNKNOWN) if value.kind is Kind.FUNCTION else UNKNOWN


def _compared(
    left: ast.expr, operator: type[ast.cmpop], right: ast.expr, truth: bool, value_of: ValueOf
) -> Narrowing:
    if not truth:
        negated = _NEGATED.get(operator)
        if negated is None:
            return
        operator = negated
    a, b = value_of(left), value_of(right)
    if operator in (ast.Is, ast.IsNot):
        if isinstance(left, ast.Name) and b == NONE:
            if operator is ast.Is and a.kind is not Kind.UNKNOWN:
                yield left.id, NONE
            elif operator is ast.IsNot and a.optional:
                yield left.id, replace(a, optional=False)
        return
    if isinstance(left, ast.Name):
        yield from _bounded(left.id, a, operator, b)
    elif operator is ast.Eq:
        if isinstance(left, ast.Attribute) and left.attr == "dtype":
            yield from _typed(left.value, b, value_of)
        elif type(b.const) is int:
            yield from _ranked(left, b.const, value_of)
    if isinstance(right, ast.Name) and operator in _TURNED:
        yield from _bounded(right.id, b, _TURNED[operator], a)


def _typed(subject: ast.expr, dtype: Value, value_of: ValueOf) -> Narrowing:
    """An array whose dtype was asked for. (A weight of Keras may be read in another one.)"""
    known = value_of(subject)
    if not isinstance(subject, ast.Name) or known.kind not in {*_ARRAYS, Kind.VARIABLE}:
        return
    if known.dtype is None and dtype.name == "dtype" and isinstance(dtype.const, str):
        yield subject.id, replace(known, dtype=dtype.const)


def _ranked(left: ast.expr, rank: int, value_of: ValueOf) -> Narrowing:
    """``x.shape.rank``, ``x.ndim`` or ``len(x.shape)``, which is a number where it is known."""
    subject: ast.expr | None = None
    if isinstance(left, ast.Attribute) and left.attr in ("rank", "ndims"):
        subject = _shaped(left.value)
    elif isinstance(left, ast.Attribute) and left.attr == "ndim":
        subject = left.value
    elif isinstance(left, ast.Call) and value_of(left.func).name == "builtins.len" and left.args:
        subject = _shaped(left.args[0])
    if isinstance(subject, ast.Name) and rank >= 0:
        known = value_of(subject)
        if known.is_array and known.shape is None:
            yield subject.id, replace(known, shape=(None,) * rank)


def _shaped(node: ast.expr) -> ast.expr | None:
    """The ``x`` of ``x.shape``."""
    return node.value if isinstance(node, ast.Attribute) and node.attr == "shape" else None


def _bounded(name: str, value: Value, operator: type[ast.cmpop], limit: Value) -> Narrowing:
    """An integer that was compared with another one."""
    if not (is_integer_scalar(value) and is_integer_scalar(limit)) or value.has_const:
        return
    if value.kind not in (Kind.INT, Kind.TENSOR):
        return
    low, high = value.low, value.high
    if operator in (ast.Gt, ast.GtE) and limit.low is not None:
        least = limit.low + (operator is ast.Gt)
        low = least if low is None else max(low, least)
    elif operator in (ast.Lt, ast.LtE):
        high = _lower(high, _limit(limit, inclusive=operator is ast.LtE))
    if (low, high) != (value.low, value.high):
        yield name, replace(value, low=low, high=high)


def _limit(limit: Value, *, inclusive: bool) -> Dim:
    """The exclusive bound that being below an integer sets."""
    dim = dim_of(limit)
    if dim is None:
        dim = offset(limit.high, -1)
    return offset(dim, 1) if inclusive else dim


def _lower(a: Dim, b: Dim) -> Dim:
    """One of two bounds that both hold: the lower one, else the one that names a dimension."""
    if a is None or b is None:
        return b if a is None else a
    if at_most(a, b):
        return a
    return b if at_most(b, a) or isinstance(b, str) else a
