"""The rows of Python's built-in functions.

AutoGraph turns ``range``, ``len``, ``int`` and others into tensor operations where they are given
tensors, so that their result is a Python int only if the argument is certainly none. What is an
integer either way has no kind but the shape ``()``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tflint_slice.infer import numbers
from tflint_slice.infer.calls import Arguments, Rule, Table, rows
from tflint_slice.infer.creation import range_entries, range_length
from tflint_slice.infer.dims import dim_of, is_integer_scalar, length_value
from tflint_slice.infer.indexing import iterate
from tflint_slice.infer.operators import binary
from tflint_slice.infer.shapes import int_of
from tflint_slice.infer.values import UNKNOWN, Value, constant, sequence
from tflint_slice.model import Dim, Kind

_INTEGER: Final = Value(shape=())
"""An int or an integer scalar."""

_TOLD_APART: Final = 64
"""The longest list whose entries are told apart."""


def _range(arguments: Arguments) -> Value:
    values = arguments["args"].items or ()
    if not 1 <= len(values) <= 3:
        return UNKNOWN
    start = constant(0) if len(values) == 1 else values[0]
    limit = values[0] if len(values) == 1 else values[1]
    step = int_of(values[2]) if len(values) == 3 else 1
    low, high = range_entries(start, limit, step)
    if all(value.kind is Kind.INT and not value.optional for value in values):
        dim = _range_length(start, limit, step)
        consts = [value.const for value in values]
        items: tuple[Value, ...] | None = None
        if isinstance(dim, int) and dim <= _TOLD_APART:
            items = tuple(constant(entry) for entry in range(*consts))
        return Value(
            Kind.LIST,
            element=Value(Kind.INT, low=low, high=high),
            distinct=True,
            shape=(dim,),
            items=items,
            name="builtins.range",
        )
    element = replace(_INTEGER, low=low, high=high)
    return Value(Kind.LIST, element=element, distinct=True, name="builtins.range")


def _range_length(start: Value, limit: Value, step: int | None) -> Dim:
    dim = range_length(start, limit, step)
    if isinstance(dim, int):
        return max(dim, 0)
    certain = int_of(start) == 0 and limit.low is not None and limit.low >= 0
    return dim if certain else None


def _len(arguments: Arguments) -> Value:
    value = arguments["obj"]
    if value.kind is Kind.TENSOR and value.shape:
        dim = value.shape[0]
        if isinstance(dim, int) and dim > 0:
            return constant(dim)
        return Value(shape=(), low=0, symbol=dim if isinstance(dim, str) else None)
    if value.kind is Kind.NDARRAY:
        return length_value(value.shape[0] if value.shape else None)
    if value.items is not None and value.kind in (Kind.LIST, Kind.TUPLE):
        return constant(len(value.items))
    if value.kind is Kind.DICT and value.entries is not None:
        return constant(len(value.entries))
    if value.kind is Kind.LIST and value.name == "builtins.range" and value.shape is not None:
        return length_value(value.shape[0])
    if value.kind in (Kind.LIST, Kind.TUPLE, Kind.DICT, Kind.STR):
        return Value(Kind.INT, low=0)
    return Value(shape=(), low=0)


def _int(arguments: Arguments) -> Value:
    value = arguments["x"]
    if "base" in arguments.values:
        return Value(Kind.INT)
    if value.optional:
        value = replace(value, optional=False)
    if value.kind in (Kind.INT, Kind.BOOL, Kind.FLOAT) and value.has_const:
        try:
            return constant(int(value.const))
        except (ValueError, OverflowError):
            return UNKNOWN
    bounds = Value(Kind.INT, low=value.low, high=value.high, symbol=value.symbol)
    if value.kind is Kind.INT or (value.kind is Kind.NDARRAY and is_integer_scalar(value)):
        return bounds
    if value.kind in (Kind.BOOL, Kind.FLOAT, Kind.STR, Kind.NDARRAY):
        return Value(Kind.INT)
    if value.kind in (Kind.TENSOR, Kind.UNKNOWN) and is_integer_scalar(value):
        return replace(bounds, kind=Kind.UNKNOWN, shape=())
    return _INTEGER


def _float(arguments: Arguments) -> Value:
    value = arguments["x"]
    if value.kind in (Kind.INT, Kind.FLOAT, Kind.BOOL) and value.has_const:
        try:
            return constant(float(value.const))
        except OverflowError:
            return UNKNOWN
    known = value.kind in (Kind.INT, Kind.FLOAT, Kind.BOOL, Kind.STR, Kind.NDARRAY)
    return Value(Kind.FLOAT) if known or not arguments.values else UNKNOWN


def _bool(arguments: Arguments) -> Value:
    return Value(Kind.BOOL)


def _string(arguments: Arguments) -> Value:
    return Value(Kind.STR)


def _extreme(largest: bool) -> Rule:
    def rule(arguments: Arguments) -> Value:
        values = arguments["args"].items or ()
        if len(values) == 1 and values[0].items is not None and not values[0].optional:
            values = values[0].items
        if not values or arguments.values.keys() - {"args"}:
            return UNKNOWN
        if all(value.kind is Kind.INT and not value.optional for value in values):
            found = numbers.largest(values) if largest else numbers.smallest(values)
            if all(isinstance(value.const, int) for value in values):
                consts = [int(value.const) for value in values]
                return constant(max(consts) if largest else min(consts))
            return found
        if len(values) > 1 and all(v.kind is Kind.FLOAT and not v.optional for v in values):
            return Value(Kind.FLOAT)
        if len(values) > 1 and all(is_integer_scalar(value) for value in values):
            found = numbers.largest(values) if largest else numbers.smallest(values)
            return replace(found, kind=Kind.UNKNOWN, shape=())
        return UNKNOWN

    return rule


def _abs(arguments: Arguments) -> Value:
    value = arguments["x"]
    if value.kind in (Kind.INT, Kind.FLOAT, Kind.BOOL) and value.has_const:
        return constant(abs(value.const))
    if value.kind is Kind.FLOAT:
        return Value(Kind.FLOAT)
    if value.kind is Kind.INT:
        same = value.low is not None and value.low >= 0
        return value if same else Value(Kind.INT, low=0)
    if value.kind in (Kind.TENSOR, Kind.NDARRAY) and not value.optional:
        real = value.dtype if value.dtype and "complex" not in value.dtype else None
        if value.kind is Kind.NDARRAY and real is None:
            return UNKNOWN
        return Value(value.kind, dtype=real, shape=value.shape)
    return UNKNOWN


def _round(arguments: Arguments) -> Value:
    value, digits = arguments["number"], arguments.given("ndigits")
    if value.kind in (Kind.INT, Kind.FLOAT, Kind.BOOL) and digits is None:
        return Value(Kind.INT)
    return Value(Kind.FLOAT) if value.kind is Kind.FLOAT and digits is not None else UNKNOWN


def _sum(arguments: Arguments) -> Value:
    value = arguments["iterable"]
    if arguments.given("start") is not None or value.items is None or value.optional:
        return UNKNOWN
    total = constant(0)
    for item in value.items:
        total = binary("+", total, item)
    return total


def _enumerate(arguments: Arguments) -> Value:
    value, start = arguments["iterable"], arguments.given("start")
    low = 0 if start is None else start.low
    high: Dim = None
    if int_of(start) == 0 or start is None:
        high = _length(value)
    # AutoGraph enumerates a data set with tensors.
    certain = value.kind in (Kind.LIST, Kind.TUPLE, Kind.DICT, Kind.STR, Kind.NDARRAY)
    count = Value(Kind.INT if certain else Kind.UNKNOWN, shape=None if certain else ())
    count = replace(count, low=low, high=high)
    pair = sequence(Kind.TUPLE, (count, iterate(value)))
    return Value(Kind.LIST, element=pair, name="builtins.enumerate")


def _length(value: Value) -> Dim:
    if value.items is not None and value.kind in (Kind.LIST, Kind.TUPLE):
        return len(value.items)
    if value.shape and (value.kind is Kind.LIST or value.kind in (Kind.NDARRAY, Kind.TENSOR)):
        return value.shape[0]
    return None


def _zip(arguments: Arguments) -> Value:
    values = arguments["args"].items or ()
    pair = sequence(Kind.TUPLE, tuple(iterate(value) for value in values))
    return Value(Kind.LIST, element=pair, name="builtins.zip")


def _listed(kind: Kind) -> Rule:
    def rule(arguments: Arguments) -> Value:
        if "iterable" not in arguments.values:
            return sequence(kind, ())
        value = arguments["iterable"]
        if value.items is not None and value.kind in (Kind.LIST, Kind.TUPLE):
            return sequence(kind, value.items)
        if value.kind in (Kind.NDARRAY, Kind.TENSOR) and value.shape:
            length = value.shape[0]
            if isinstance(length, int) and length <= _TOLD_APART:
                return sequence(kind, (iterate(value),) * length)
        known = value.kind in (Kind.LIST, Kind.TUPLE, Kind.DICT, Kind.STR, Kind.NDARRAY)
        element = iterate(value)
        distinct = known and value.kind is not Kind.STR and value.distinct
        return Value(kind, element=None if element == UNKNOWN else element, distinct=distinct)

    return rule


def _sorted(arguments: Arguments) -> Value:
    value = arguments["iterable"]
    element = iterate(value)
    return Value(
        Kind.LIST, element=None if element == UNKNOWN else element, distinct=value.distinct
    )


def _reversed(arguments: Arguments) -> Value:
    value = arguments["sequence"]
    if value.kind not in (Kind.LIST, Kind.TUPLE, Kind.NDARRAY):
        return UNKNOWN
    return Value(
        Kind.LIST, element=iterate(value), distinct=value.distinct, name="builtins.reversed"
    )


def _slice(arguments: Arguments) -> Value:
    values = arguments["args"].items or ()
    none = constant(None)
    if len(values) == 1:
        return Value(Kind.SLICE, items=(none, values[0], none))
    if len(values) == 2:
        return Value(Kind.SLICE, items=(*values, none))
    return Value(Kind.SLICE, items=values) if len(values) == 3 else UNKNOWN


def _divmod(arguments: Arguments) -> Value:
    a, b = arguments["a"], arguments["b"]
    if not (a.kind.is_number and b.kind.is_number):
        return UNKNOWN
    return sequence(Kind.TUPLE, (binary("//", a, b), binary("%", a, b)))


def _product(arguments: Arguments) -> Value:
    """``math.prod`` of a shape or a list of ints."""
    value = arguments["iterable"]
    if arguments.values.keys() - {"iterable"} or value.items is None:
        return UNKNOWN
    total = constant(1)
    for item in value.items:
        total = binary("*", total, item)
    return total


def _integral(arguments: Arguments) -> Value:
    value = arguments["x"]
    if value.kind is Kind.INT:
        return value
    return Value(Kind.INT) if value.kind in (Kind.FLOAT, Kind.BOOL) else UNKNOWN


def _real(arguments: Arguments) -> Value:
    return Value(Kind.FLOAT)


def _below(arguments: Arguments) -> Value:
    """``random.randrange``: like ``range``, one of its entries."""
    element = _range(arguments).element
    return element if element is not None and element.kind is Kind.INT else UNKNOWN


def _between(arguments: Arguments) -> Value:
    a, b = arguments["a"], arguments["b"]
    if a.kind is not Kind.INT or b.kind is not Kind.INT:
        return UNKNOWN
    last = dim_of(b)
    high = last + 1 if isinstance(last, int) else b.high
    return Value(Kind.INT, low=a.low, high=high)


TABLE: Final[Table] = {
    **rows("*args", _range, "builtins.range"),
    **rows("obj", _len, "builtins.len"),
    **rows("x base", _int, "builtins.int"),
    **rows("x", _float, "builtins.float"),
    **rows("x", _bool, "builtins.bool builtins.callable"),
    **rows("x y", _bool, "builtins.isinstance builtins.issubclass builtins.hasattr"),
    **rows("x encoding errors", _string, "builtins.str"),
    **rows("x spec", _string, "builtins.repr builtins.format"),
    **rows("*args | key default", _extreme(largest=True), "builtins.max"),
    **rows("*args | key default", _extreme(largest=False), "builtins.min"),
    **rows("x", _abs, "builtins.abs"),
    **rows("number ndigits", _round, "builtins.round"),
    **rows("iterable start", _sum, "builtins.sum"),
    **rows("iterable start", _enumerate, "builtins.enumerate"),
    **rows("*args | strict", _zip, "builtins.zip"),
    **rows("iterable", _listed(Kind.LIST), "builtins.list"),
    **rows("iterable", _listed(Kind.TUPLE), "builtins.tuple"),
    **rows("iterable | key reverse", _sorted, "builtins.sorted"),
    **rows("sequence", _reversed, "builtins.reversed"),
    **rows("*args", _slice, "builtins.slice"),
    **rows("a b", _divmod, "builtins.divmod"),
    **rows("iterable | start", _product, "math.prod"),
    **rows("x", _integral, "math.floor math.ceil"),
    **rows("x", _real, "math.sqrt math.exp math.sin math.cos math.tan math.fabs"),
    **rows("x base", _real, "math.log"),
    **rows("*args", _below, "random.randrange"),
    **rows("a b", _between, "random.randint"),
    **rows("", _real, "random.random"),
    **rows("a b", _real, "random.uniform random.gauss"),
}
