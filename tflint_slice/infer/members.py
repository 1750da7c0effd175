"""Attributes and methods of arrays, tensors, variables and containers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from tflint_slice.infer import numpy_calls, tensors
from tflint_slice.infer.arrays import as_ndarray, as_tensor, cast, read_dtype
from tflint_slice.infer.calls import Arguments, Table, bind, words
from tflint_slice.infer.creation import dtype_argument
from tflint_slice.infer.dims import dim_of, product
from tflint_slice.infer.dtypes import is_float, real_part
from tflint_slice.infer.indexing import iterate
from tflint_slice.infer.numpy_calls import length_value
from tflint_slice.infer.values import (
    NONE,
    UNKNOWN,
    Value,
    constant,
    dim_value,
    dtype_object,
    join,
    join_all,
    sequence,
)
from tflint_slice.model import Dim, Kind

Method = Callable[[Value, tuple[Value, ...], Mapping[str, Value]], Value]


def attribute(receiver: Value, name: str) -> Value:
    """``receiver.name``, of a value that is no module."""
    if receiver.optional:
        receiver = replace(receiver, optional=False)
    if receiver.is_array:
        return _array_attribute(receiver, name)
    if receiver.kind is Kind.STR and receiver.name == "dtype":
        return _dtype_attribute(receiver, name)
    if receiver.kind is Kind.TUPLE and name in ("rank", "ndims"):
        # Of a TensorShape; a tuple has no such thing.
        return UNKNOWN if receiver.items is None else constant(len(receiver.items))
    if receiver.kind is Kind.TUPLE and receiver.items is not None and len(receiver.items) == 2:
        # The named pairs that tf.math.top_k and tf.unique return.
        fields = {"values": 0, "indices": 1, "y": 0, "idx": 1}
        return receiver.items[fields[name]] if name in fields else UNKNOWN
    return UNKNOWN


def method(
    receiver: Value, name: str, args: tuple[Value, ...], kwargs: Mapping[str, Value]
) -> Value:
    """``receiver.name(...)``, of a value that is no module."""
    if receiver.optional:
        receiver = replace(receiver, optional=False)
    if receiver.kind is Kind.NDARRAY:
        return _ndarray_method(receiver, name, args, kwargs)
    table = _METHODS.get(receiver.kind)
    if table is None and receiver.kind.is_variable:
        table = _VARIABLE
    found = None if table is None else table.get(name)
    return UNKNOWN if found is None else found(receiver, args, kwargs)


def _array_attribute(receiver: Value, name: str) -> Value:
    numpy = receiver.kind is Kind.NDARRAY
    if name == "shape":
        return _shape(receiver)
    if name == "dtype":
        dtype = read_dtype(receiver)
        return UNKNOWN if dtype is None else dtype_object(dtype)
    if name == "name" and not numpy:
        return Value(Kind.STR)
    if name == "value" and receiver.kind is Kind.KERAS3_VARIABLE:
        return Value(Kind.SOME_VARIABLE, dtype=receiver.dtype, shape=receiver.shape)
    if name == "trainable" and receiver.kind.is_variable:
        return Value(Kind.BOOL)
    if name == "ndim" and (numpy or receiver.kind is Kind.TENSOR):
        return Value(Kind.INT, low=0) if receiver.rank is None else constant(receiver.rank)
    if not numpy:
        return UNKNOWN
    if name == "size":
        return length_value(None if receiver.shape is None else product(receiver.shape))
    if name == "T":
        return tensors.moved(receiver, None if receiver.shape is None else receiver.shape[::-1])
    if name in ("real", "imag"):
        return replace(
            receiver, dtype=real_part(receiver.dtype), low=None, high=None, distinct=False
        )
    return Value(Kind.INT, low=0) if name in ("nbytes", "itemsize") else UNKNOWN


def _shape(receiver: Value) -> Value:
    """A tuple or TensorShape.

    Its entries are ints, but for dimensions that a graph does not know: a symbolic dimension of
    a tensor may be None there, and an unknown one of a variable wherever it is.
    """
    numpy = receiver.kind is Kind.NDARRAY
    if receiver.shape is None:
        return Value(Kind.TUPLE, element=Value(Kind.INT, low=0) if numpy else None)
    return sequence(Kind.TUPLE, tuple(_dim(receiver.kind, dim) for dim in receiver.shape))


def _dim(kind: Kind, dim: Dim) -> Value:
    if dim is None and kind is Kind.NDARRAY:
        return Value(Kind.INT, low=0)
    value = dim_value(dim)
    return replace(value, optional=True) if kind is Kind.TENSOR and isinstance(dim, str) else value


def _dtype_attribute(receiver: Value, name: str) -> Value:
    if name in ("base_dtype", "as_numpy_dtype", "type"):
        return receiver
    if name == "name" and isinstance(receiver.const, str):
        return constant(receiver.const)
    if name in ("is_floating", "is_integer", "is_complex", "is_bool", "is_unsigned"):
        return Value(Kind.BOOL)
    return UNKNOWN


# --- tensors and variables ------------------------------------------------------------------------


def _numpy(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    dtype = read_dtype(receiver)
    if dtype == "string":
        # A scalar is bytes.
        return (
            Value(Kind.NDARRAY, dtype="object", shape=receiver.shape) if receiver.shape else UNKNOWN
        )
    return replace(as_ndarray(receiver), items=None, symbol=None)


def _read(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    return as_tensor(receiver)


def _get_shape(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    return _shape(receiver)


def _assigned(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    """What an assignment returns: the variable read again, or nothing if that is not wanted."""
    if receiver.kind is Kind.KERAS3_VARIABLE:
        return as_tensor(receiver)
    if "read_value" in kwargs or len(args) > 3 or receiver.kind is Kind.SOME_VARIABLE:
        return UNKNOWN
    return replace(receiver, plain=False)


def _sparse_read(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    found = bind("indices name", args, kwargs)
    if found is None:
        return UNKNOWN
    return tensors.TABLE["tensorflow.gather"][1](
        Arguments({"params": receiver, "indices": found["indices"]})
    )


def _gather_nd(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    found = bind("indices name", args, kwargs)
    if found is None:
        return UNKNOWN
    return tensors.TABLE["tensorflow.gather_nd"][1](
        Arguments({"params": receiver, "indices": found["indices"]})
    )


def _nothing(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    return NONE


_TENSOR: Final[Mapping[str, Method]] = {
    "numpy": _numpy,
    "get_shape": _get_shape,
    "set_shape": _nothing,
}
_ASSIGNING: Final = words(
    "assign assign_add assign_sub scatter_nd_update scatter_nd_add scatter_nd_sub scatter_nd_max"
    " scatter_nd_min scatter_update scatter_add scatter_sub scatter_mul scatter_div scatter_max"
    " scatter_min batch_scatter_update"
)
_VARIABLE: Final[Mapping[str, Method]] = {
    "numpy": _numpy,
    "get_shape": _get_shape,
    "value": _read,
    "read_value": _read,
    "sparse_read": _sparse_read,
    "gather_nd": _gather_nd,
    **dict.fromkeys(_ASSIGNING, _assigned),
}
_KERAS3: Final[Mapping[str, Method]] = {
    "numpy": _numpy,
    **dict.fromkeys(("assign", "assign_add", "assign_sub"), _assigned),
}


# --- containers -----------------------------------------------------------------------------------


def _entry(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    return iterate(receiver)


def _copied(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    return receiver


def _counted(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    return Value(Kind.INT, low=0)


def _as_list(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    return replace(receiver, kind=Kind.LIST)


def _num_elements(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    if receiver.items is None:
        return UNKNOWN
    dims = [dim_of(item) for item in receiver.items]
    total = product(dims)
    value = UNKNOWN if total is None else length_value(total)
    optional = any(item.optional or item.kind is Kind.UNKNOWN for item in receiver.items)
    return replace(value, optional=True) if optional and value.kind is Kind.INT else value


def _dict_values(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    element = _dict_element(receiver)
    return Value(Kind.LIST, element=element, name="builtins.dict_values")


def _dict_keys(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    key = iterate(receiver)
    return Value(Kind.LIST, element=None if key == UNKNOWN else key, name="builtins.dict_keys")


def _dict_items(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    pair = sequence(Kind.TUPLE, (iterate(receiver), _dict_element(receiver) or UNKNOWN))
    return Value(Kind.LIST, element=pair, name="builtins.dict_items")


def _dict_get(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    default = args[1] if len(args) > 1 else NONE
    if receiver.entries is not None and args and args[0].has_const:
        for key, value in receiver.entries:
            if key == args[0].const:
                return value
    element = _dict_element(receiver)
    return UNKNOWN if element is None else join(element, default)


def _dict_element(receiver: Value) -> Value | None:
    if receiver.element is not None:
        return receiver.element
    return join_all(tuple(value for _, value in receiver.entries)) if receiver.entries else None


def _text(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    return UNKNOWN if receiver.name == "dtype" else Value(Kind.STR)


_LIST: Final[Mapping[str, Method]] = {
    **dict.fromkeys(("append", "extend", "insert", "remove", "clear", "sort", "reverse"), _nothing),
    "pop": _entry,
    "copy": _copied,
    **dict.fromkeys(("index", "count"), _counted),
}
_TUPLE: Final[Mapping[str, Method]] = {
    **dict.fromkeys(("index", "count"), _counted),
    "as_list": _as_list,
    "num_elements": _num_elements,
}
_DICT: Final[Mapping[str, Method]] = {
    "values": _dict_values,
    "keys": _dict_keys,
    "items": _dict_items,
    "get": _dict_get,
    "copy": _copied,
    **dict.fromkeys(("update", "clear"), _nothing),
}
_STR: Final[Mapping[str, Method]] = dict.fromkeys(
    ("format", "join", "lower", "upper", "strip", "replace", "title", "zfill"), _text
)
_METHODS: Final[Mapping[Kind, Mapping[str, Method]]] = {
    Kind.TENSOR: _TENSOR,
    Kind.KERAS3_VARIABLE: _KERAS3,
    Kind.LIST: _LIST,
    Kind.TUPLE: _TUPLE,
    Kind.DICT: _DICT,
    Kind.STR: _STR,
}


# --- ndarrays -------------------------------------------------------------------------------------

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


def _ndarray_method(
    receiver: Value, name: str, args: tuple[Value, ...], kwargs: Mapping[str, Value]
) -> Value:
    if name in _AS_FUNCTIONS:
        found = bind(_AS_FUNCTIONS[name], args, kwargs)
        table: Table = numpy_calls.TABLE
        rule = table[f"numpy.{name}"][1]
        return UNKNOWN if found is None else rule(Arguments({"a": receiver, **found.values}))
    if name in ("copy", "flatten"):
        dims = receiver.shape
        flat = (None if dims is None else product(dims),)
        return replace(tensors.moved(receiver, flat if name == "flatten" else dims), writable=True)
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
    return numpy_calls.TABLE[f"numpy.{name}"][1](Arguments(found))


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
