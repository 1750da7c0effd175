"""Methods of ndarrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tflint_slice.infer import numpy_arrays, numpy_math
from tflint_slice.infer.arrays import cast
from tflint_slice.infer.calls import Arguments, Table, bind
from tflint_slice.infer.creation import dtype_argument
from tflint_slice.infer.dims import product
from tflint_slice.infer.dtypes import is_float
from tflint_slice.infer.moving import moved
from tflint_slice.infer.values import (
    NONE,
    UNKNOWN,
    Value,
    sequence,
)
from tflint_slice.model import Kind

_AS_FUNCTIONS: Final = {
    "sum": "axis dtype out keepdims initial where",
    "prod": "axis dtype out keepdims initial where",
    "mean": "axis dtype out keepdims where",
    "std": "axis dtype out ddof keepdims where",
    "var": "axis dtype out ddof keepdims where",
    "max": "axis out keepdims initial where",
    "min": "axis out keepdims initial where",
    "all": "axis out keepdims where",
    "any": "axis out keepdims where",
    "argmax": "axis out keepdims",
    "argmin": "axis out keepdims",
    "argsort": "axis kind order",
    "nonzero": "",
    "squeeze": "axis",
    "ravel": "order",
    "swapaxes": "axis1 axis2",
    "clip": "a_min a_max",
    "dot": "b",
    "take": "indices axis",
}
"""Methods that do what the function of NumPy does, with the parameters after the array."""


_RULES: Final[Table] = {**numpy_arrays.TABLE, **numpy_math.TABLE}


def ndarray_method(
    receiver: Value, name: str, args: tuple[Value, ...], kwargs: Mapping[str, Value]
) -> Value:
    if name in _AS_FUNCTIONS:
        found = bind(_AS_FUNCTIONS[name], args, kwargs)
        rule = _RULES[f"numpy.{name}"][1]
        return UNKNOWN if found is None else rule(Arguments({"a": receiver, **found.values}))
    if name in ("copy", "flatten"):
        dims = receiver.shape
        flat = (None if dims is None else product(dims),)
        return replace(moved(receiver, flat if name == "flatten" else dims), writable=True)
    if name == "astype":
        found = bind("dtype order casting subok copy", args, kwargs)
        if found is None:
            return UNKNOWN
        dtype = dtype_argument(found, None, numpy=True)
        return replace(cast(receiver, dtype), writable=True)
    if name in ("reshape", "transpose"):
        return _turned(receiver, name, args, kwargs)
    if name == "tolist" and receiver.shape:
        return _nested_list(receiver)
    if name in ("item", "tolist"):
        return _number(receiver)
    if name in ("fill", "sort", "put", "partition", "itemset"):
        return NONE
    return UNKNOWN


def _turned(
    receiver: Value, name: str, args: tuple[Value, ...], kwargs: Mapping[str, Value]
) -> Value:
    """``reshape`` and ``transpose``, which take their sizes as one argument or as many."""
    if kwargs.keys() - {"order"}:
        return UNKNOWN
    target = args[0] if len(args) == 1 else sequence(Kind.TUPLE, args)
    if name == "reshape":
        found = {"a": receiver, "shape": target, **kwargs}
    else:
        none = not args or target.kind is Kind.NONE
        axes = sequence(Kind.TUPLE, args) if target.kind is Kind.INT else target
        found = {"a": receiver, **({} if none else {"axes": axes})}
    return _RULES[f"numpy.{name}"][1](Arguments(found))


def _nested_list(receiver: Value) -> Value:
    assert receiver.shape is not None
    element = _number(replace(receiver, shape=()))
    for _ in receiver.shape[1:]:
        element = Value(Kind.LIST, element=element)
    return Value(
        Kind.LIST,
        element=None if element == UNKNOWN else element,
        distinct=receiver.distinct and receiver.rank == 1,
    )


def _number(receiver: Value) -> Value:
    """The Python number of an array with one entry."""
    if receiver.dtype is None:
        return UNKNOWN
    if receiver.dtype == "bool":
        return Value(Kind.BOOL)
    if is_float(receiver.dtype):
        return UNKNOWN if receiver.dtype == "bfloat16" else Value(Kind.FLOAT)
    if "int" in receiver.dtype:
        return Value(Kind.INT, low=receiver.low, high=receiver.high, symbol=receiver.symbol)
    return Value(Kind.COMPLEX) if receiver.dtype.startswith("complex") else UNKNOWN
