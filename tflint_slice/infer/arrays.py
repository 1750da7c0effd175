"""Any value as the array or tensor that NumPy or TensorFlow makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tflint_slice.infer.dims import dim_of, has_integers, is_integer_dtype, is_integer_scalar
from tflint_slice.infer.dtypes import integer_range, is_float, of_number, promote
from tflint_slice.infer.shapes import unified
from tflint_slice.infer.values import UNKNOWN, Value, dim_value, ndarray, tensor
from tflint_slice.model import Dim, Kind, Shape

INT32 = range(-(2**31), 2**31)
INT64 = range(-(2**63), 2**63)


def as_tensor(value: Value) -> Value:
    """What ``tf.convert_to_tensor(value)`` gives."""
    if value.kind is Kind.TENSOR:
        return value.but(optional=False) if value.optional else value
    if value.kind.is_variable:
        return tensor(read_dtype(value), value.shape)
    if value.kind is Kind.NDARRAY:
        dtype = None if value.dtype == "object" else value.dtype
        return value.but(kind=Kind.TENSOR, dtype=dtype, optional=False, writable=True)
    if value.kind.is_number or is_integer_scalar(value):
        return _scalar(Kind.TENSOR, value, _number_dtype((value,)))
    if value.kind is Kind.STR and value.name != "dtype":
        return tensor("string", ())
    if value.kind in (Kind.LIST, Kind.TUPLE) and not is_lazy(value):
        leaves = _leaves(value)
        dtype = _element_dtype(value, numpy=False) if leaves is None else _list_dtype(leaves)
        if leaves == () and value.kind is Kind.TUPLE:
            # An empty TensorShape becomes int32, any other empty sequence float32.
            dtype = None
        return _collected(Kind.TENSOR, value, dtype, leaves)
    return tensor()


def as_ndarray(value: Value) -> Value:
    """What ``np.array(value)`` gives."""
    if value.optional:
        return ndarray()
    if value.kind is Kind.NDARRAY:
        return replace(value, writable=True)
    if value.is_array:
        array = as_tensor(value)
        dtype = "object" if array.dtype == "string" else array.dtype
        return replace(array, kind=Kind.NDARRAY, dtype=dtype, items=None)
    if value.kind.is_number or is_integer_scalar(value):
        return _scalar(Kind.NDARRAY, value, of_number(value.kind))
    if value.kind is Kind.STR:
        return ndarray(None, ())
    if value.kind in (Kind.LIST, Kind.TUPLE) and not is_lazy(value):
        leaves = _leaves(value)
        dtype = _element_dtype(value, numpy=True) if leaves is None else _array_dtype(leaves)
        return _collected(Kind.NDARRAY, value, dtype, leaves)
    return ndarray()


def is_lazy(value: Value) -> bool:
    """Whether a value is iterated like a list without being one, as ``zip`` and ``d.items()``."""
    return (value.name or "").startswith("builtins.") and value.name != "builtins.range"


def read_dtype(value: Value) -> str | None:
    """The dtype that reading a variable gives: Keras may cast floats under mixed precision."""
    if value.kind is not Kind.VARIABLE and value.kind.is_variable and is_float(value.dtype):
        return None
    return value.dtype


def tensor_dtype(values: Iterable[Value]) -> str | None:
    """The dtype in which a TensorFlow operation of several operands is done.

    Tensors must agree, and everything else is converted to their dtype. Without a tensor the first
    operand counts.
    """
    operands = tuple(values)
    dtypes = {as_tensor(value).dtype for value in operands if _is_strong(value)} - {None}
    if len(dtypes) == 1:
        return dtypes.pop()
    if dtypes or any(_is_strong(value) or _may_be_strong(value) for value in operands):
        return None
    return as_tensor(operands[0]).dtype if operands else None


def cast(value: Value, dtype: str | None) -> Value:
    """An array in another dtype: integers keep their bounds if the new dtype holds them all."""
    limits = integer_range(dtype)
    keeps = has_integers(value) and limits is not None
    if keeps and limits is not None:
        low_fits = value.low is not None and value.low >= limits[0]
        high_fits = isinstance(value.high, int) and value.high - 1 <= limits[1]
        # A symbolic bound is a length: what is shorter than 2**31 fits into 32 bits.
        keeps = low_fits and (high_fits or (isinstance(value.high, str) and limits[1] >= 2**31 - 1))
        keeps = keeps or value.dtype == dtype
    if not keeps:
        return replace(
            value, dtype=dtype, low=None, high=None, symbol=None, distinct=False, items=None
        )
    items = value.items
    if items is not None:
        items = tuple(replace(item, dtype=dtype) for item in items)
    return replace(value, dtype=dtype, items=items)


def _is_strong(value: Value) -> bool:
    """Whether a value brings its own dtype into a TensorFlow operation."""
    return value.kind is Kind.TENSOR or value.kind.is_variable


def _may_be_strong(value: Value) -> bool:
    # A list is converted to the common dtype, tensors in it or not.
    weak = (Kind.NDARRAY, Kind.STR, Kind.LIST, Kind.TUPLE)
    return not (value.kind.is_number or value.kind in weak)


def _scalar(kind: Kind, value: Value, dtype: str | None) -> Value:
    low, high = value.low, value.high
    known = value.kind is not Kind.BOOL
    return Value(
        kind,
        dtype=dtype,
        shape=(),
        low=low if known else None,
        high=high if known else None,
        symbol=value.symbol,
        distinct=True,
    )


def _leaves(value: Value) -> tuple[Value, ...] | None:
    """The entries of nested lists that are no lists, or None if a length is unknown."""
    if value.items is None:
        return None
    result: list[Value] = []
    for item in value.items:
        if item.kind in (Kind.LIST, Kind.TUPLE):
            nested = _leaves(item)
            if nested is None or item.optional:
                return None
            result.extend(nested)
        else:
            result.append(item)
    return tuple(result)


def _shape(value: Value) -> Shape | None:
    if value.kind in (Kind.LIST, Kind.TUPLE):
        if value.items is not None:
            if not value.items:
                return (0,)
            inner = unified([_shape(item) for item in value.items])
            return None if inner is None else (len(value.items), *inner)
        # Of a list that may be empty only a list of scalars has a certain rank.
        flat = value.element is not None and _shape(value.element) == ()
        length = value.shape[0] if value.shape is not None and len(value.shape) == 1 else None
        return (length,) if flat else None
    if value.optional:
        return None
    if value.kind.is_number or value.kind is Kind.STR or is_integer_scalar(value):
        return ()
    return value.shape if value.is_array else None


def _collected(
    kind: Kind, value: Value, dtype: str | None, leaves: tuple[Value, ...] | None
) -> Value:
    shape = _shape(value)
    if leaves is None:
        element = value.element or UNKNOWN
        scalar = shape is not None
        return Value(
            kind,
            dtype=dtype,
            shape=shape,
            low=element.low if scalar else None,
            high=element.high if scalar else None,
            distinct=value.distinct and scalar,
        )
    low, high, distinct = _bounds(leaves)
    items = None
    if shape is not None and len(shape) == 1 and is_integer_dtype(dtype) and kind is Kind.TENSOR:
        items = tuple(scalar_like(leaf, dtype) for leaf in leaves)
    return Value(kind, dtype=dtype, shape=shape, low=low, high=high, distinct=distinct, items=items)


def scalar_like(value: Value, dtype: str | None) -> Value:
    """An integer as a scalar tensor of the same value."""
    return Value(
        Kind.TENSOR,
        dtype=dtype,
        shape=(),
        low=value.low,
        high=value.high,
        symbol=dim_symbol(dim_of(value)),
    )


def dim_symbol(dim: Dim) -> str | None:
    return dim if isinstance(dim, str) else None


def shape_tensor(shape: Shape | None, dtype: str | None) -> Value:
    """What ``tf.shape(x)`` gives: a tensor with known entries."""
    if shape is None:
        return Value(Kind.TENSOR, dtype=dtype, shape=(None,), low=0)
    dims = tuple(dim_value(dim) if dim is not None else Value(low=0) for dim in shape)
    items = tuple(scalar_like(dim, dtype) for dim in dims)
    return Value(Kind.TENSOR, dtype=dtype, shape=(len(shape),), low=0, items=items)


def _bounds(leaves: Sequence[Value]) -> tuple[int | None, Dim, bool]:
    if not leaves:
        return None, None, True
    if not all(_is_integer_like(leaf) for leaf in leaves):
        return None, None, False
    lows = [leaf.low for leaf in leaves]
    known_lows = [low for low in lows if low is not None]
    highs = {leaf.high for leaf in leaves}
    ints = [high for high in highs if isinstance(high, int)]
    high = max(ints) if len(ints) == len(highs) else highs.pop() if len(highs) == 1 else None
    consts = {dim for leaf in leaves if isinstance(dim := dim_of(leaf), int)}
    scalars = all(not leaf.is_array or leaf.shape == () for leaf in leaves)
    distinct = scalars and (len(consts) == len(leaves) or len(leaves) == 1)
    return min(known_lows) if len(known_lows) == len(lows) else None, high, distinct


def _is_integer_like(value: Value) -> bool:
    if value.optional:
        return False
    return is_integer_scalar(value) or (value.is_array and has_integers(value))


def _number_dtype(leaves: Sequence[Value]) -> str | None:
    """TensorFlow's dtype of Python numbers in a list."""
    kinds = {leaf.kind for leaf in leaves}
    if kinds == {Kind.BOOL}:
        return "bool"
    if kinds == {Kind.FLOAT} or kinds == {Kind.FLOAT, Kind.INT}:
        return "float32"
    if kinds == {Kind.COMPLEX}:
        return "complex128"
    if kinds == {Kind.INT}:
        return _int_dtype(leaves)
    return None


def _int_dtype(leaves: Sequence[Value]) -> str | None:
    """int32, or int64 if one of the ints does not fit; unknown where its size is."""
    if not all(leaf.low is not None and isinstance(leaf.high, int) for leaf in leaves):
        return None
    if all(leaf.low in INT32 and _highest(leaf) in INT32 for leaf in leaves):
        return "int32"
    sizes = [dim_of(leaf) for leaf in leaves]
    if any(isinstance(size, int) and size not in INT32 for size in sizes):
        return "int64" if all(size in INT64 for size in sizes) else None
    return None


def _highest(value: Value) -> int:
    return value.high - 1 if isinstance(value.high, int) else 0


def _list_dtype(leaves: Sequence[Value]) -> str | None:
    """TensorFlow's dtype of a list: of the tensors in it, or of its numbers."""
    if not leaves:
        return "float32"
    if any(leaf.optional for leaf in leaves):
        return None
    if all(leaf.kind.is_number for leaf in leaves):
        return _number_dtype(leaves)
    if all(leaf.kind is Kind.STR for leaf in leaves):
        return "string"
    if any(map(_is_strong, leaves)):
        return tensor_dtype(leaves) if not any(map(_may_be_unknown, leaves)) else None
    dtypes = {leaf.dtype for leaf in leaves if leaf.kind is Kind.NDARRAY}
    if len(dtypes) == 1 and all(leaf.kind is Kind.NDARRAY for leaf in leaves):
        # Integer scalars of NumPy become int32 in a list, whatever their dtype is.
        dtype = dtypes.pop()
        return dtype if is_float(dtype) else None
    return None


def _may_be_unknown(leaf: Value) -> bool:
    return not (leaf.is_array or leaf.kind.is_number)


def _array_dtype(leaves: Sequence[Value]) -> str | None:
    """NumPy's dtype of a list: the common dtype of everything in it."""
    if not leaves:
        return "float64"
    result: str | None = "bool"
    for leaf in leaves:
        if leaf.optional:
            return None
        dtype = as_ndarray(leaf).dtype if leaf.is_array else of_number(leaf.kind)
        if dtype == "int64" and isinstance(leaf.const, int) and leaf.const not in INT64:
            return None
        result = promote(result, dtype)
    return result


def _element_dtype(value: Value, *, numpy: bool) -> str | None:
    """The dtype of a list of unknown length, which may be empty and is floating then."""
    element = value.element
    if element is None or element.optional:
        return None
    if element.kind is Kind.FLOAT:
        return "float64" if numpy else "float32"
    return None
