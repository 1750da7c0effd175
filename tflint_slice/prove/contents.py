"""Numbers to fill an array with: ordinary ones, the special ones of each dtype, and indices."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

STRING = "string"

_TEXTS = (b"", b"a", b"bc", b"\xff", b"a longer text")


def numpy_dtype(name: str) -> np.dtype[Any]:
    """The NumPy dtype of a TensorFlow dtype's name."""
    if name == STRING:
        return np.dtype(object)
    if name == "bfloat16":
        return np.dtype(ml_dtypes.bfloat16)
    return np.dtype(name)


def is_floating(name: str) -> bool:
    return name in ("float16", "bfloat16", "float32", "float64")


def is_integer(name: str) -> bool:
    return name.startswith(("int", "uint"))


def ordinary(rng: np.random.Generator, dtype: str, shape: tuple[int, ...]) -> Array:
    """Numbers that differ from each other where the dtype has enough of them."""
    kind = numpy_dtype(dtype)
    if dtype == "bool":
        return np.asarray(rng.integers(0, 2, shape), kind)
    if dtype == STRING:
        return _filled(shape, [_TEXTS[i] for i in rng.integers(0, len(_TEXTS), _size(shape))])
    if is_integer(dtype):
        low = 0 if dtype.startswith("u") else -20
        return np.asarray(rng.integers(low, 40, shape), kind)
    numbers = np.asarray(rng.normal(size=shape) * 4)
    if dtype.startswith("complex"):
        return np.asarray(numbers + 1j * rng.normal(size=shape), kind)
    return np.asarray(numbers, kind)


def special(rng: np.random.Generator, dtype: str, shape: tuple[int, ...]) -> Array:
    """The numbers that arithmetic stumbles over, among ordinary ones."""
    array = ordinary(rng, dtype, shape)
    odd = _special_numbers(dtype)
    if odd is not None and array.size:
        flat = array.reshape(-1)
        picks = rng.integers(0, len(odd), flat.size)
        chosen = rng.random(flat.size) < 0.6
        flat[chosen] = odd[picks][chosen]
    return array


def _special_numbers(dtype: str) -> Array | None:
    kind = numpy_dtype(dtype)
    if is_floating(dtype):
        info = ml_dtypes.finfo(kind)
        numbers = [0.0, -0.0, float("nan"), float("inf"), float("-inf")]
        limits = [info.max, info.min, info.tiny, info.smallest_subnormal, info.eps]
        return np.asarray([*numbers, *map(float, limits)]).astype(kind)
    if dtype.startswith("complex"):
        parts = [0.0, -0.0, np.nan, np.inf, 1.5]
        return np.asarray([complex(a, b) for a in parts for b in parts], kind)
    if is_integer(dtype):
        limit = np.iinfo(kind)
        return np.asarray([limit.min, limit.max, 0, 1, limit.max - 1], kind)
    return None


def with_payloads(rng: np.random.Generator, array: Array) -> Array:
    """The same array with other bit patterns that mean NaN in the place of some elements."""
    patterns = {"float32": (np.uint32, 0x7FC12345), "float64": (np.uint64, 0x7FF8000000ABCDEF)}
    if array.dtype.name not in patterns or not array.size:
        return array
    bits, pattern = patterns[array.dtype.name]
    result = array.copy()
    chosen = rng.random(array.shape) < 0.3
    result.view(bits)[chosen] = pattern
    return result


def python_number(rng: np.random.Generator, dtype: str, *, odd: bool) -> Any:
    """A Python number: of the type that ``dtype`` names, which is a NumPy one."""
    if dtype == "bool":
        return bool(rng.integers(0, 2))
    if is_integer(dtype):
        far = [-1, 255, 300, 2**31, 2**40, -(2**31) - 1, 2**63]
        return far[int(rng.integers(0, len(far)))] if odd else int(rng.integers(0, 20))
    number = round(float(rng.normal() * 4), 3)
    if dtype.startswith("complex"):
        return complex(number, 2.0)
    rare = [0.0, -0.0, float("nan"), float("inf"), float("-inf"), 1e-45, 1e300, 0.1]
    return rare[int(rng.integers(0, len(rare)))] if odd else number


def _filled(shape: tuple[int, ...], values: list[Any]) -> Array:
    array = np.empty(_size(shape), object)
    array[:] = values
    return array.reshape(shape)


def _size(shape: tuple[int, ...]) -> int:
    return int(np.prod(shape, dtype=np.int64))
