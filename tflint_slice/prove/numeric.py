"""The numeric exceptions: differences between two arrays that are allowed, each by its name."""

from __future__ import annotations

import numpy as np

from tflint_slice.prove.contents import Array, finfo, is_floating

DENORMAL = "denormal"
"""TensorFlow takes denormal numbers for zeros in arithmetic, NumPy does not."""
SIGNED_ZERO = "signed-zero"
"""A zero of the other sign: a Python ``-0.0`` reaches TensorFlow as ``0.0`` at times."""


def numeric_exceptions(before: Array, after: Array) -> set[str] | None:
    """The exceptions under which two arrays of one dtype and shape are equal, None if they differ.

    >>> sorted(numeric_exceptions(np.array([0.0, 1.0]), np.array([-0.0, 1.0])))
    ['signed-zero']
    """
    if before.dtype == object:
        # Strings, or whatever else the code has put into an array of objects.
        return set() if list(map(repr, before.flat)) == list(map(repr, after.flat)) else None
    if before.tobytes() == after.tobytes():
        return set()
    if before.dtype.kind == "c":
        half = np.dtype(f"f{before.dtype.itemsize // 2}")
        return numeric_exceptions(_flat(before).view(half), _flat(after).view(half))
    if not is_floating(before.dtype.name):
        return None
    first, second = _flat(before), _flat(after)
    bits = np.dtype(f"u{before.dtype.itemsize}")
    differ = first.view(bits) != second.view(bits)
    first, second = first[differ], second[differ]
    found = set()
    tiny = float(finfo(before.dtype).tiny)
    flushed = [_where_small(array, tiny) for array in (first, second)]
    if not all((flushed[0] & (second == 0)) | (flushed[1] & (first == 0)) | (first == second)):
        return None
    if (flushed[0] | flushed[1]).any():
        found.add(DENORMAL)
    if ((first == 0) & (second == 0)).any():
        found.add(SIGNED_ZERO)
    return found


def _where_small(array: Array, tiny: float) -> Array:
    size = np.abs(array.astype(np.float64))
    return np.asarray((size > 0) & (size < tiny))


def _flat(array: Array) -> Array:
    return np.ascontiguousarray(array).reshape(-1)
