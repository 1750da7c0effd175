"""The numeric exceptions: what two arrays may differ in, and what not."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest
from numpy.typing import ArrayLike, DTypeLike

from tflint_slice.prove.numeric import numeric_exceptions

_NAN = float("nan")


@pytest.mark.parametrize(
    ("first", "second", "dtype", "exceptions"),
    [
        pytest.param([1.0, _NAN], [1.0, _NAN], "float32", set(), id="equal"),
        pytest.param([0.0, 1.0], [-0.0, 1.0], "float32", {"signed-zero"}, id="sign of a zero"),
        pytest.param([1e-45, 1.0], [0.0, 1.0], "float32", {"denormal"}, id="denormal to zero"),
        pytest.param([0.0, 0.0], [1e-320, -0.0], "float64", {"denormal", "signed-zero"}, id="both"),
        pytest.param([1e-45], [3e-45], "float32", None, id="two denormal numbers"),
        pytest.param([1e-30], [0.0], "float32", None, id="small but normal"),
        pytest.param([1e-7], [0.0], "float16", {"denormal"}, id="denormal in float16"),
        pytest.param([1e-40], [0.0], ml_dtypes.bfloat16, {"denormal"}, id="denormal in bfloat16"),
        pytest.param([1.0], [1.0000001], "float32", None, id="last bit"),
        pytest.param([_NAN], [1.0], "float32", None, id="NaN for a number"),
        pytest.param([0j], [-0j], "complex64", {"signed-zero"}, id="complex zeros"),
        pytest.param([1], [2], "int32", None, id="ints"),
        pytest.param([b"a"], [b"a"], "object", set(), id="equal strings"),
        pytest.param([b"a"], [b"b"], "object", None, id="strings"),
    ],
)
def test_numeric_exceptions(
    first: ArrayLike, second: ArrayLike, dtype: DTypeLike, exceptions: set[str] | None
) -> None:
    assert numeric_exceptions(np.array(first, dtype), np.array(second, dtype)) == exceptions


def test_every_bit_of_a_nan_counts() -> None:
    quiet = np.array([0x7FC00000], np.uint32).view(np.float32)
    other = np.array([0x7FC12345], np.uint32).view(np.float32)
    assert numeric_exceptions(quiet, other) is None
