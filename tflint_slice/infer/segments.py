"""The rows of TensorFlow's functions that sort entries into segments and bins."""

from __future__ import annotations

from typing import Final

from tflint_slice.infer.arrays import as_tensor, tensor_dtype
from tflint_slice.infer.calls import Arguments, Table, rows
from tflint_slice.infer.creation import dtype_argument
from tflint_slice.infer.dims import dim_of, offset
from tflint_slice.infer.dtypes import is_float
from tflint_slice.infer.moving import moved
from tflint_slice.infer.shapes import int_of
from tflint_slice.infer.values import Value, sequence, tensor
from tflint_slice.model import Dim, Kind, Shape

_MOST_PARTS: Final = 64


def _segmented(arguments: Arguments) -> Value:
    """One row for each segment; how many there are is in the ids."""
    value = as_tensor(arguments["data"])
    return tensor(value.dtype, (None, *value.shape[1:]) if value.shape else None)


def _numbered(arguments: Arguments) -> Value:
    """One row for each of a given number of segments."""
    value = as_tensor(arguments["data"])
    return tensor(value.dtype, _in_place_of_ids(arguments, dim_of(arguments["num_segments"])))


def _averaged(arguments: Arguments) -> Value:
    """The same, divided: integers become floats."""
    value = as_tensor(arguments["data"])
    shape = _in_place_of_ids(arguments, dim_of(arguments["num_segments"]))
    return tensor(value.dtype if is_float(value.dtype) else None, shape)


def _in_place_of_ids(arguments: Arguments, count: Dim, ids: str = "segment_ids") -> Shape | None:
    data, rank = as_tensor(arguments["data"]).shape, as_tensor(arguments[ids]).rank
    if data is None or rank is None or rank > len(data):
        return None
    return (count, *data[rank:])


def _partitioned(arguments: Arguments) -> Value:
    value, count = as_tensor(arguments["data"]), int_of(arguments["num_partitions"])
    part = moved(value, _in_place_of_ids(arguments, None, "partitions"))
    if count is None or not 0 < count <= _MOST_PARTS:
        return Value(Kind.LIST, element=part)
    return sequence(Kind.LIST, (part,) * count)


def _searched(arguments: Arguments) -> Value:
    """Where to insert: behind the last entry at most."""
    ordered, values = as_tensor(arguments["sorted_sequence"]), as_tensor(arguments["values"])
    return Value(
        Kind.TENSOR,
        dtype=dtype_argument(arguments, "int32", "out_type"),
        shape=values.shape,
        low=0,
        high=offset(ordered.shape[-1], 1) if ordered.shape else None,
    )


def _unravelled(arguments: Arguments) -> Value:
    """Coordinates. An index that is out of range gives some that are."""
    indices, dims = as_tensor(arguments["indices"]), as_tensor(arguments["dims"])
    dtype = tensor_dtype((arguments["indices"], arguments["dims"]))
    if indices.shape is None or dims.shape is None or len(dims.shape) != 1:
        return tensor(dtype)
    return tensor(dtype, (*dims.shape, *indices.shape))


TABLE: Final[Table] = {
    **rows(
        "data segment_ids name",
        _segmented,
        "tensorflow.math.segment_sum tensorflow.math.segment_prod tensorflow.math.segment_mean"
        " tensorflow.math.segment_max tensorflow.math.segment_min",
    ),
    **rows(
        "data segment_ids num_segments name",
        _numbered,
        "tensorflow.math.unsorted_segment_sum tensorflow.math.unsorted_segment_prod"
        " tensorflow.math.unsorted_segment_max tensorflow.math.unsorted_segment_min",
    ),
    **rows(
        "data segment_ids num_segments name",
        _averaged,
        "tensorflow.math.unsorted_segment_mean tensorflow.math.unsorted_segment_sqrt_n",
    ),
    **rows("data partitions num_partitions name", _partitioned, "tensorflow.dynamic_partition"),
    **rows("sorted_sequence values side out_type name", _searched, "tensorflow.searchsorted"),
    **rows("indices dims name", _unravelled, "tensorflow.unravel_index"),
}
