"""What subscripting and iterating give: entries of containers, parts of arrays and their shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tflint_slice.infer.arrays import as_ndarray, read_dtype
from tflint_slice.infer.dims import broadcast, dim_of, has_integers, is_integer_scalar, slice_length
from tflint_slice.infer.dtypes import NUMERIC
from tflint_slice.infer.values import NONE, UNKNOWN, Value, constant, join_all, sequence
from tflint_slice.model import Dim, Kind, Shape

_FULL = Value(Kind.SLICE, items=(NONE, NONE, NONE))


def item(receiver: Value, index: Value) -> Value:
    """``receiver[index]``."""
    if receiver.optional:
        receiver = replace(receiver, optional=False)
    if receiver.is_array:
        return _array_item(receiver, index)
    if receiver.kind in (Kind.LIST, Kind.TUPLE):
        return _sequence_item(receiver, index)
    if receiver.kind is Kind.DICT:
        return _dict_item(receiver, index)
    if receiver.kind is Kind.STR and receiver.name != "dtype":
        return Value(Kind.STR)
    return UNKNOWN


def iterate(value: Value) -> Value:
    """What the target of ``for target in value`` holds."""
    if value.optional:
        value = replace(value, optional=False)
    if value.kind in (Kind.LIST, Kind.TUPLE):
        return _entry(value)
    if value.kind is Kind.DICT:
        keys = tuple(constant(key) for key, _ in value.entries or ())
        return join_all(keys) if keys else UNKNOWN
    if value.kind is Kind.STR and value.name != "dtype":
        return Value(Kind.STR)
    if value.kind in (Kind.NDARRAY, Kind.TENSOR):
        return _selected(value, None if value.shape is None else value.shape[1:], distinct=True)
    return UNKNOWN


def index_shape(shape: Shape, entries: Sequence[Value], *, numpy: bool) -> Shape | None:
    """The shape of ``array[entries]`` for an array of this shape.

    NumPy's rules, of which TensorFlow knows ints, slices, ``...`` and new axes.
    """
    expanded = _expand(shape, entries)
    if expanded is None:
        return None
    axis = 0
    result: list[Dim] = []
    arrays: list[Shape] = []
    places: list[int] = []
    """How many axes the result had, and which entry it was, at each array index."""
    adjacent = True
    last_array: int | None = None
    for position, entry in enumerate(expanded):
        if entry.kind is Kind.NONE:
            result.append(1)
            continue
        if entry.kind is Kind.SLICE:
            result.append(_slice_dim(shape[axis], entry))
            axis += 1
            continue
        found = _index_array(entry, numpy=numpy)
        if found is None:
            return None
        covered, index_dims = found
        adjacent = adjacent and last_array in (None, position - 1)
        last_array = position
        places.append(len(result))
        arrays.append(index_dims)
        axis += covered
    block = broadcast(*arrays)
    if block is None:
        return None
    place = places[0] if places and adjacent else 0
    return (*result[:place], *block, *result[place:])


def _expand(shape: Shape, entries: Sequence[Value]) -> list[Value] | None:
    """The entries with ``...`` and the axes that are left out written as full slices."""
    if any(entry.optional for entry in entries):
        return None
    covered = [_covered(entry) for entry in entries]
    known = [count for count in covered if count is not None]
    ellipses = [i for i, entry in enumerate(entries) if entry.kind is Kind.ELLIPSIS]
    missing = len(shape) - sum(known)
    if len(known) != len(covered) or missing < 0 or len(ellipses) > 1:
        return None
    place = ellipses[0] if ellipses else len(entries)
    return [*entries[:place], *[_FULL] * missing, *entries[place + len(ellipses) :]]


def _covered(entry: Value) -> int | None:
    """How many axes an entry of an index covers."""
    if entry.kind in (Kind.NONE, Kind.ELLIPSIS):
        return 0
    if entry.kind is Kind.SLICE or is_integer_scalar(entry):
        return 1
    if entry.kind in (Kind.LIST, Kind.TUPLE, Kind.NDARRAY, Kind.TENSOR):
        array = as_ndarray(entry)
        if _is_bool(array):
            return array.rank or None
        return 1 if _is_integral(entry, array) else None
    return None


def _index_array(entry: Value, *, numpy: bool) -> tuple[int, Shape] | None:
    """The axes that an integer or boolean index covers, and the shape it puts there."""
    if is_integer_scalar(entry):
        return 1, ()
    array = as_ndarray(entry)
    if not numpy or array.shape is None:
        return None
    if _is_bool(array):
        return len(array.shape), (None,)
    return 1, array.shape


def _is_bool(array: Value) -> bool:
    return array.dtype == "bool"


def _is_integral(entry: Value, array: Value) -> bool:
    """Whether an index is an array of ints; an empty list counts as one, whatever its dtype."""
    return has_integers(array) or (entry.kind is Kind.LIST and entry.items == ())


def _slice_dim(dim: Dim, entry: Value) -> Dim:
    if entry.items is None or len(entry.items) != 3:
        return None
    if any(bound.optional for bound in entry.items):
        return None
    return slice_length(dim, *entry.items)


def _array_item(receiver: Value, index: Value) -> Value:
    if receiver.kind is Kind.NDARRAY:
        return _ndarray_item(receiver, index)
    if _is_mask(index):
        shape = _masked_shape(receiver.shape, index.shape)
        return _selected(receiver, shape, distinct=receiver.distinct)
    if index.kind is Kind.LIST:
        # On tensors and variables v[[0, 2]] means v[0, 2].
        index = replace(index, kind=Kind.TUPLE)
    entries = _entries(index)
    if receiver.items is not None and entries is not None and len(entries) == 1:
        return _known_entry(receiver, entries[0])
    shape = None
    if receiver.shape is not None and entries is not None:
        shape = index_shape(receiver.shape, entries, numpy=False)
    return _selected(receiver, shape, distinct=receiver.distinct)


def _ndarray_item(receiver: Value, index: Value) -> Value:
    entries = _entries(index)
    shape = None
    if receiver.shape is not None and entries is not None:
        shape = index_shape(receiver.shape, entries, numpy=True)
    if not shape and not _holds_numbers(receiver):
        # An entry of an array of objects is any object.
        return UNKNOWN
    basic = entries is not None and all(
        entry.kind in (Kind.SLICE, Kind.NONE, Kind.ELLIPSIS) or is_integer_scalar(entry)
        for entry in entries
    )
    return _selected(receiver, shape, distinct=receiver.distinct and basic)


def _holds_numbers(array: Value) -> bool:
    return array.dtype in NUMERIC or array.dtype == "bool"


def _entries(index: Value) -> tuple[Value, ...] | None:
    """The entries of an index, one for each pair of commas."""
    if index.optional:
        return None
    return index.items if index.kind is Kind.TUPLE else (index,)


def _is_mask(index: Value) -> bool:
    return index.kind in (Kind.TENSOR, Kind.NDARRAY) and index.dtype == "bool"


def _masked_shape(shape: Shape | None, mask: Shape | None) -> Shape | None:
    if shape is None or not mask:
        return None
    return (None, *shape[len(mask) :])


def _known_entry(receiver: Value, index: Value) -> Value:
    """An entry, or several, of a tensor whose entries are known, as of ``tf.shape(x)``."""
    assert receiver.items is not None
    length = len(receiver.items)
    place = dim_of(index)
    if is_integer_scalar(index) and isinstance(place, int):
        return receiver.items[place] if -length <= place < length else UNKNOWN
    shape = index_shape((length,), (index,), numpy=False)
    bounds = _constant_slice(index)
    part = _selected(receiver, shape, distinct=receiver.distinct)
    return part if bounds is None else replace(part, items=receiver.items[bounds])


def _selected(receiver: Value, shape: Shape | None, *, distinct: bool) -> Value:
    """Some entries of an array: what holds of all of them holds of these."""
    return Value(
        Kind.NDARRAY if receiver.kind is Kind.NDARRAY else Kind.TENSOR,
        dtype=read_dtype(receiver),
        shape=shape,
        low=receiver.low,
        high=receiver.high,
        distinct=distinct and (receiver.distinct or shape == ()),
        writable=receiver.writable,
    )


def _sequence_item(receiver: Value, index: Value) -> Value:
    if index.kind is Kind.SLICE:
        bounds = _constant_slice(index)
        if receiver.items is not None and bounds is not None:
            return sequence(receiver.kind, receiver.items[bounds])
        return Value(
            receiver.kind, element=_any(receiver), distinct=receiver.distinct, name=receiver.name
        )
    if not is_integer_scalar(index) and index.kind is not Kind.BOOL:
        return UNKNOWN
    place = index.const
    if receiver.items is not None and isinstance(place, int):
        length = len(receiver.items)
        return receiver.items[place] if -length <= place < length else UNKNOWN
    return _entry(receiver)


def _dict_item(receiver: Value, index: Value) -> Value:
    if receiver.entries is None:
        return receiver.element or UNKNOWN
    if index.has_const:
        for key, value in receiver.entries:
            if key == index.const:
                return value
        return UNKNOWN
    if receiver.element is not None:
        return receiver.element
    return join_all(tuple(value for _, value in receiver.entries)) if receiver.entries else UNKNOWN


def _entry(receiver: Value) -> Value:
    return _any(receiver) or UNKNOWN


def _any(receiver: Value) -> Value | None:
    if receiver.element is not None:
        return receiver.element
    return join_all(receiver.items) if receiver.items else None


def _constant_slice(index: Value) -> slice | None:
    """A slice whose bounds are all left out or constant."""
    if index.kind is not Kind.SLICE or index.items is None or len(index.items) != 3:
        return None
    bounds: list[int | None] = []
    for bound in index.items:
        if bound.kind is Kind.NONE:
            bounds.append(None)
        elif bound.kind is Kind.INT and isinstance(bound.const, int):
            bounds.append(bound.const)
        else:
            return None
    return None if bounds[2] == 0 else slice(*bounds)
