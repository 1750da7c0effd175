"""Attributes and methods of arrays, tensors, variables and containers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tflint_slice.infer import containers, moving
from tflint_slice.infer.arrays import as_ndarray, as_tensor, read_dtype
from tflint_slice.infer.calls import Arguments, bind, words
from tflint_slice.infer.containers import Method
from tflint_slice.infer.dims import length_value, product
from tflint_slice.infer.dtypes import real_part
from tflint_slice.infer.ndarray_methods import ndarray_method
from tflint_slice.infer.values import (
    NONE,
    UNKNOWN,
    Value,
    constant,
    dim_value,
    dtype_object,
    sequence,
)
from tflint_slice.model import Dim, Kind


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
        return ndarray_method(receiver, name, args, kwargs)
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
        return moving.moved(receiver, None if receiver.shape is None else receiver.shape[::-1])
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
    return moving.TABLE["tensorflow.gather"][1](
        Arguments({"params": receiver, "indices": found["indices"]})
    )


def _gather_nd(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    found = bind("indices name", args, kwargs)
    if found is None:
        return UNKNOWN
    return moving.TABLE["tensorflow.gather_nd"][1](
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
_METHODS: Final[Mapping[Kind, Mapping[str, Method]]] = {
    Kind.TENSOR: _TENSOR,
    Kind.KERAS3_VARIABLE: _KERAS3,
    **containers.METHODS,
}
