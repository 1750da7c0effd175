"""Shapes, dtypes and bounds are what NumPy computes, on drawn inputs."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import pytest
from claims import Length, value_of, violations
from hypothesis import given, settings
from hypothesis import strategies as st

from tflint_slice.infer import dims, dtypes
from tflint_slice.infer.arrays import as_ndarray
from tflint_slice.infer.indexing import item
from tflint_slice.infer.operators import binary, unary
from tflint_slice.infer.values import NONE, Value, constant, ndarray, sequence
from tflint_slice.model import Dim, Kind, Shape

SYMBOLS = {"n": 4, "m": 1, "z": 0}

dim = st.one_of(st.integers(0, 4), st.sampled_from(sorted(SYMBOLS)), st.none())
shape = st.lists(dim, max_size=4).map(tuple)


def sizes(claimed: Shape, unknown: int = 3) -> tuple[int, ...]:
    """One array size that fits a claimed shape."""
    found = (value_of(dim, SYMBOLS) for dim in claimed)
    return tuple(unknown if size is None else size for size in found)


def agrees(claimed: Shape | None, real: tuple[int, ...]) -> bool:
    if claimed is None:
        return True
    pairs = zip((value_of(dim, SYMBOLS) for dim in claimed), real, strict=True)
    return all(size in (None, length) for size, length in pairs)


@given(shape, shape)
def test_broadcasting_is_numpys(a: Shape, b: Shape) -> None:
    try:
        real = np.broadcast_shapes(sizes(a), sizes(b))
    except ValueError:
        assert not dims.broadcasts_surely(a, b)
        return
    claimed = dims.broadcast(a, b)
    assert claimed is not None
    assert agrees(claimed, real)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param(("n", 1), (3,), ("n", 3), id="symbol-and-one"),
        pytest.param(("n",), ("n",), ("n",), id="same-symbol"),
        pytest.param(("n",), ("m",), (None,), id="two-symbols"),
        pytest.param(("n",), (5,), (5,), id="a-symbol-is-one-or-the-other"),
        pytest.param((None,), (5,), (5,), id="unknown-is-one-or-the-other"),
        pytest.param((None,), (1,), (None,), id="unknown-and-one"),
        pytest.param((), ("n", 2), ("n", 2), id="scalar"),
    ],
)
def test_broadcasting(a: Shape, b: Shape, expected: Shape) -> None:
    assert dims.broadcast(a, b) == expected


# --- indexing -------------------------------------------------------------------------------------

bound = st.one_of(st.none(), st.integers(-6, 6))
slices = st.builds(slice, bound, bound, st.one_of(st.none(), st.sampled_from([-2, -1, 1, 2])))
small = st.integers(-2, 2)
entry = st.one_of(
    small,
    slices,
    st.just(None),
    st.just(...),
    st.lists(small, max_size=3),
    st.lists(st.booleans(), min_size=1, max_size=4).map(np.array),
    st.lists(small, min_size=1, max_size=3).map(np.array),
    st.lists(st.lists(small, min_size=2, max_size=2), min_size=1, max_size=2).map(np.array),
)


def value_of_index(index: Any) -> Value:
    if isinstance(index, tuple):
        return sequence(Kind.TUPLE, tuple(map(value_of_index, index)))
    if isinstance(index, slice):
        bounds = (index.start, index.stop, index.step)
        return Value(Kind.SLICE, items=tuple(map(constant, bounds)))
    if isinstance(index, list):
        return sequence(Kind.LIST, tuple(map(value_of_index, index)))
    if isinstance(index, np.ndarray):
        return as_ndarray(ndarray(str(index.dtype), index.shape))
    return constant(index)


@settings(max_examples=1000)
@given(shape, st.one_of(entry, st.lists(entry, max_size=4).map(tuple)))
def test_indexing_is_numpys(claimed: Shape, index: Any) -> None:
    array = np.zeros(sizes(claimed), np.float32)
    claim = item(ndarray("float32", claimed), value_of_index(index))
    try:
        real = array[index]
    except (IndexError, ValueError):
        return
    assert violations(claim, real, SYMBOLS) == []
    if all(isinstance(size, int) for size in claimed) and not has_mask(index):
        assert claim.shape == real.shape


def has_mask(index: Any) -> bool:
    entries = index if isinstance(index, tuple) else (index,)
    return any(isinstance(e, np.ndarray) and e.dtype == bool for e in entries)


@given(st.sampled_from(sorted(SYMBOLS)), slices)
def test_the_length_of_a_slice_of_a_symbol(symbol: str, index: slice) -> None:
    bounds = (index.start, index.stop, index.step)
    length = dims.slice_length(symbol, *map(constant, bounds))
    assert value_of(length, SYMBOLS) == len(range(SYMBOLS[symbol])[index])


@pytest.mark.parametrize(
    ("claimed", "index", "expected"),
    [
        pytest.param(("n", "m"), Value(Kind.INT), ("m",), id="unknown-int"),
        pytest.param(("n", "m"), Value(), None, id="unknown"),
        pytest.param(("n", "m"), Value(shape=()), ("m",), id="int-or-scalar"),
        pytest.param(("n",), Value(Kind.INT, optional=True), None, id="int-or-none"),
        pytest.param(("n", 2), ndarray("bool", ("n",)), (None, 2), id="mask-of-rows"),
        pytest.param(("n", 2), ndarray("bool", ("n", 2)), (None,), id="mask-of-all"),
        pytest.param(("n", 2), ndarray("bool"), None, id="mask-of-unknown-rank"),
        pytest.param(("n", 2), ndarray("int64", (5, "k")), (5, "k", 2), id="index-array"),
        pytest.param(("n", 2), ndarray(None, (5,)), None, id="array-of-unknown-dtype"),
        pytest.param(("n",), Value(Kind.BOOL), None, id="bool"),
        pytest.param(("n",), Value(Kind.SLICE), (None,), id="slice-of-unknown-bounds"),
    ],
)
def test_indexing(claimed: Shape, index: Value, expected: Shape | None) -> None:
    assert item(ndarray("float32", claimed), index).shape == expected


# --- dtypes ---------------------------------------------------------------------------------------

NAMES = sorted(dtypes.NUMERIC - {"bfloat16"} | {"bool"})


@given(st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_promotion_is_numpys(a: str, b: str) -> None:
    assert dtypes.promote(a, b) == np.promote_types(a, b).name


@given(st.sampled_from(NAMES), st.sampled_from([True, 1, 1.0, 1j]))
def test_promotion_with_a_number_is_numpys(name: str, number: complex) -> None:
    claimed = dtypes.promote_number(name, constant(number).kind)
    assert claimed == np.result_type(np.zeros(2, name), number).name


@pytest.mark.parametrize("name", NAMES)
def test_functions_of_one_dtype_are_numpys(name: str) -> None:
    ones = np.ones(2, name)
    assert dtypes.accumulated(name) == ones.sum().dtype.name
    assert dtypes.inexact(name) == np.sqrt(ones).dtype.name
    assert dtypes.quotient(name, numpy=True) == (ones / ones).dtype.name


@pytest.mark.parametrize("symbol", ["+", "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>"])
@pytest.mark.parametrize("a", NAMES)
def test_operators_are_numpys(symbol: str, a: str) -> None:
    functions = {
        **{"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv},
        **{"//": operator.floordiv, "%": operator.mod, "**": operator.pow},
        **{"&": operator.and_, "|": operator.or_, "^": operator.xor},
        **{"<<": operator.lshift, ">>": operator.rshift},
    }
    for b in [*NAMES, True, 2, 2.0, 2j]:
        right = np.ones(3, b) if isinstance(b, str) else b
        claimed = ndarray(b, (3,)) if isinstance(b, str) else constant(b)
        try:
            real = functions[symbol](np.ones((2, 3), a), right)
        except TypeError:
            continue
        claim = binary(symbol, ndarray(a, (2, 3)), claimed)
        assert violations(claim, real, {}) == []
        assert claim.shape == (2, 3)


# --- bounds ---------------------------------------------------------------------------------------

number = st.integers(-9, 9)
interval = st.tuples(number, number).map(sorted)


@given(st.sampled_from(["+", "-", "*", "//", "%", "**", "&", "|"]), interval, interval, st.data())
def test_bounds_of_ints_hold(
    symbol: str, a: tuple[int, int], b: tuple[int, int], data: st.DataObject
) -> None:
    x, y = data.draw(st.integers(*a)), data.draw(st.integers(*b))
    left = Value(Kind.INT, low=a[0], high=a[1] + 1)
    right = Value(Kind.INT, low=b[0], high=b[1] + 1)
    try:
        real = eval(f"x {symbol} y", {"x": x, "y": y})
    except ZeroDivisionError:
        return
    assert violations(binary(symbol, left, right), real, {}) == []
    assert violations(unary("-", left), -x, {}) == []


@given(st.sampled_from(["+", "-", "*", "//", "%"]), interval, interval)
def test_bounds_of_small_arrays_hold_though_they_wrap(
    symbol: str, a: tuple[int, int], b: tuple[int, int]
) -> None:
    low, high = a[0] * 14, a[1] * 14
    left = np.arange(low, high + 1, dtype=np.int8)[:, None]
    right = np.arange(b[0], b[1] + 1, dtype=np.int8)
    claim = binary(
        symbol,
        Value(Kind.NDARRAY, dtype="int8", shape=left.shape, low=low, high=high + 1),
        Value(Kind.NDARRAY, dtype="int8", shape=right.shape, low=b[0], high=b[1] + 1),
    )
    with np.errstate(all="ignore"):
        real = eval(f"x {symbol} y", {"x": left, "y": right})
    assert violations(claim, real, {}) == []


@given(st.sampled_from(["n", "n + 1", "n - 3", "m"]), number)
def test_offsets(symbol: str, amount: int) -> None:
    moved = dims.offset(symbol, amount)
    assert value_of(moved, SYMBOLS) == (value_of(symbol, SYMBOLS) or 0) + amount
    assert dims.difference(moved, symbol) == amount
    assert dims.at_most(symbol, moved) == (amount >= 0)
    assert dims.offset(moved, -amount) == symbol


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param("n - 1", "n", True, id="less"),
        pytest.param("n", "n", True, id="equal"),
        pytest.param("n + 1", "n", False, id="more"),
        pytest.param("n", "m", False, id="two-symbols"),
        pytest.param(2, 3, True, id="ints"),
        pytest.param(0, "n", False, id="a-symbol-may-be-negative"),
        pytest.param(None, "n", False, id="unknown"),
    ],
)
def test_at_most(a: Dim, b: Dim, expected: bool) -> None:
    assert dims.at_most(a, b) is expected


# --- literal lists --------------------------------------------------------------------------------

leaf = st.one_of(st.integers(-5, 5), st.floats(-1, 1), st.booleans())
nested = st.recursive(leaf, lambda inner: st.lists(inner, max_size=3), max_leaves=8)


@given(st.lists(nested, max_size=3))
def test_lists_become_numpys_arrays(entries: list[Any]) -> None:
    try:
        real = np.array(entries)
    except ValueError:
        return
    assert violations(as_ndarray(value_of_index(entries)), real, {}) == []


def test_a_length_measures_its_slices() -> None:
    assert len(Length(4)[1:]) == 3
    assert value_of("len(n[1:]) + 1", SYMBOLS) == 4
    assert dims.slice_length("n", NONE, NONE, NONE) == "n"
