"""Numbers to fill an array with: ordinary ones, the special ones of each dtype, and indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ml_dtypes
import numpy as np
from numpy.typing import NDArray

from tflint_slice.prove.draws import Draws

Array = NDArray[Any]

STRING = "string"

_NAN = float("inf") - float("inf")
"""The NaN that arithmetic makes on this machine. Where it meets one of another bit pattern, as
``float("nan")`` may be, no standard says which of the two comes out."""

_TEXTS = (b"", b"a", b"bc", b"\xff", b"a longer text")


def numpy_dtype(name: str) -> np.dtype[Any]:
    """The NumPy dtype of a TensorFlow dtype's name."""
    if name == STRING:
        return np.dtype(object)
    made: np.dtype[Any] = np.dtype(ml_dtypes.bfloat16 if name == "bfloat16" else name)
    return made


DRAWN = frozenset(
    {
        "bool", STRING, "float16", "bfloat16", "float32", "float64", "complex64", "complex128",
        "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
    }
)  # fmt: skip
"""The dtypes that values can be drawn of. (Quantised and 4-bit variables are left out.)"""


def finfo(kind: np.dtype[Any]) -> Any:
    """The limits of a floating dtype, those that NumPy does not know among them."""
    describe: Any = ml_dtypes.finfo
    return describe(kind)


def is_floating(name: str) -> bool:
    return name in ("float16", "bfloat16", "float32", "float64")


def is_integer(name: str) -> bool:
    return name.startswith(("int", "uint"))


def ordinary(draws: Draws, dtype: str, shape: tuple[int, ...]) -> Array:
    """Numbers that differ from each other where the dtype has enough of them."""
    kind = numpy_dtype(dtype)
    size = int(np.prod(shape, dtype=np.int64))
    if dtype == "bool":
        return np.asarray(draws.numbers(2, size).reshape(shape), kind)
    if dtype == STRING:
        texts = np.empty(size, object)
        texts[:] = [_TEXTS[number] for number in draws.numbers(len(_TEXTS), size)]
        return texts.reshape(shape)
    if is_integer(dtype):
        return np.asarray(
            _whole(draws.numbers(40 if dtype.startswith("u") else 60, size)), kind
        ).reshape(shape)
    drawn = _decimal(draws.numbers(_DECIMALS, size))
    if dtype.startswith("complex"):
        drawn = drawn + 1j * _decimal(draws.numbers(_DECIMALS, size))
    return np.asarray(drawn.reshape(shape), kind)


_DECIMALS = 2400


def _decimal(number: Array) -> Array:
    """Two decimals are easy to read, and no sum of them is exact in binary.

    The first few are whole, for a counter-example to shrink to.
    """
    return np.asarray(np.where(number < 10, number, (number - _DECIMALS // 2) / 100))


def _whole(number: Array) -> Array:
    return np.asarray(np.where(number < 40, number, 39 - number))


def special(draws: Draws, dtype: str, shape: tuple[int, ...], turn: int) -> Array:
    """The numbers that arithmetic stumbles over, among ordinary ones. ``turn`` says which first."""
    array = ordinary(draws, dtype, shape)
    odd = _special_numbers(dtype)
    if odd is not None and array.size:
        chosen = np.flatnonzero(draws.numbers(10, array.size) >= 4)
        chosen = chosen if array.size > 1 else np.array([0])
        array.reshape(-1)[chosen] = odd[(turn + np.arange(chosen.size)) % len(odd)]
    return array


def _special_numbers(dtype: str) -> Array | None:
    kind = numpy_dtype(dtype)
    if is_floating(dtype):
        info = finfo(kind)
        usual = [_NAN, float("inf"), -0.0, float("-inf")]
        limits = [info.smallest_subnormal, info.max, info.min, info.tiny]
        return np.asarray([*usual, *map(float, limits), 0.0], kind)
    if dtype.startswith("complex"):
        parts = [0.0, -0.0, np.nan, np.inf, 1.5]
        return np.asarray([complex(a, b) for a in parts for b in parts], kind)
    if is_integer(dtype):
        limit = np.iinfo(kind)
        return np.asarray([limit.min, limit.max, 0, 1, limit.max - 1], kind)
    return None


def with_one_of(draws: Draws, array: Array, numbers: Sequence[float]) -> Array:
    """The array with one of the numbers that it can hold somewhere in it."""
    kind = array.dtype.name
    fitting = [number for number in numbers if is_floating(kind)]
    if is_integer(kind):
        limit = np.iinfo(array.dtype)
        whole = [number for number in numbers if isinstance(number, int)]
        fitting = [number for number in whole if limit.min <= number <= limit.max]
    if array.size and fitting:
        place = draws.below(array.size)
        array.reshape(-1)[place] = draws.choice(fitting)
    return array


def with_payloads(draws: Draws, array: Array) -> Array:
    """The same array with other bit patterns that mean NaN in the place of some elements.

    Where two such NaNs meet in one operation, no standard says which one comes out of it.
    """
    patterns = {"float32": (np.uint32, 0x7FC12345), "float64": (np.uint64, 0x7FF8000000ABCDEF)}
    if array.dtype.name not in patterns or not array.size:
        return array
    bits, pattern = patterns[array.dtype.name]
    result: Array = array.copy()
    chosen = draws.numbers(10, array.size).reshape(array.shape) >= 7
    result.view(bits)[chosen] = pattern
    return result


def python_number(draws: Draws, dtype: str, turn: int | None = None) -> Any:
    """A Python number of the type that ``dtype`` names; ``turn`` picks one of the odd ones."""
    if dtype == "bool":
        return bool(draws.below(2))
    if is_integer(dtype):
        return draws.below(20) if turn is None else _ODD_INTS[turn % len(_ODD_INTS)]
    if turn is not None and not dtype.startswith("complex"):
        return _ODD_FLOATS[turn % len(_ODD_FLOATS)]
    number = float(_decimal(draws.numbers(_DECIMALS, 1))[0])
    return complex(number, 2.0) if dtype.startswith("complex") else number


_ODD_INTS = (-1, 300, 2**31, 255, 2**40, -(2**31) - 1, 2**63, 0)
_ODD_FLOATS = (_NAN, -0.0, float("inf"), 1e-45, 0.1, float("-inf"), 1e300, 0.0)
