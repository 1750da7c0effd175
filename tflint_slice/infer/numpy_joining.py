"""The rows of NumPy's functions that put rows together, repeat them and pad them."""

from __future__ import annotations

from typing import Final

from tflint_slice.infer import shapes
from tflint_slice.infer.arrays import as_ndarray
from tflint_slice.infer.calls import Arguments, Rule, Table, rows
from tflint_slice.infer.dims import product
from tflint_slice.infer.dtypes import promote
from tflint_slice.infer.moving import entries_of, moved
from tflint_slice.infer.numpy_arrays import is_known
from tflint_slice.infer.shapes import axis_of, int_of
from tflint_slice.infer.values import UNKNOWN, Value, constant, ndarray
from tflint_slice.model import Dim, Shape


def _stacked(*, rows_: bool) -> Rule:
    """``np.vstack`` makes rows of what has one axis; ``np.hstack`` joins it end to end."""

    def rule(arguments: Arguments) -> Value:
        values = entries_of(arguments["tup"])
        if not values or not all(map(is_known, values)) or arguments.values.keys() > {"tup"}:
            return UNKNOWN
        arrays = [as_ndarray(value) for value in values]
        dtype = arrays[0].dtype
        for array in arrays[1:]:
            dtype = promote(dtype, array.dtype)
        dims = [array.shape for array in arrays]
        ranks = {array.rank or 0 for array in arrays}
        if ranks == {1}:
            joined = shapes.stacked if rows_ else shapes.concatenated
            return ndarray(dtype, joined(dims, constant(0)))
        if min(ranks) < 2:
            return ndarray(dtype)
        return ndarray(dtype, shapes.concatenated(dims, constant(0 if rows_ else 1)))

    return rule


def _tiled(arguments: Arguments) -> Value:
    if not is_known(arguments["A"]):
        return UNKNOWN
    value, times = as_ndarray(arguments["A"]), arguments["reps"]
    shape: Shape | None = None
    if value.shape is not None and times.items is not None and not times.optional:
        # As many factors as axes; else axes are put in front.
        shape = shapes.tiled(value.shape, times) if len(times.items) == value.rank else None
    elif value.shape is not None and int_of(times) is not None and value.rank == 1:
        shape = (_times(value.shape[0], int_of(times)),)
    return moved(value, shape, distinct=False)


def _repeated(arguments: Arguments) -> Value:
    if not is_known(arguments["a"]):
        return UNKNOWN
    value, count = as_ndarray(arguments["a"]), int_of(arguments["repeats"])
    axis = arguments.given("axis")
    shape: Shape | None = None
    if axis is None:
        shape = (_times(None if value.shape is None else product(value.shape), count),)
    else:
        place = axis_of(axis, value.rank)
        if value.shape is not None and place is not None:
            dim = _times(value.shape[place], count)
            shape = (*value.shape[:place], dim, *value.shape[place + 1 :])
    return moved(value, shape, distinct=False)


def _times(dim: Dim, count: int | None) -> Dim:
    return dim * count if isinstance(dim, int) and count is not None else None


def _padded(arguments: Arguments) -> Value:
    if not is_known(arguments["array"]):
        return UNKNOWN
    value, widths = as_ndarray(arguments["array"]), arguments["pad_width"]
    pairs = widths.items is not None and all(item.items is not None for item in widths.items)
    shape = shapes.padded(value.shape, widths) if pairs else None
    return ndarray(value.dtype, shape)


TABLE: Final[Table] = {
    **rows("tup | dtype casting", _stacked(rows_=True), "numpy.vstack"),
    **rows("tup | dtype casting", _stacked(rows_=False), "numpy.hstack"),
    **rows("A reps", _tiled, "numpy.tile"),
    **rows("a repeats axis", _repeated, "numpy.repeat"),
    **rows("array pad_width mode | constant_values", _padded, "numpy.pad"),
}
