"""Shapes, numbers and arrays as the programs of a matrix spell them."""

from __future__ import annotations

Shape = tuple[int, ...]

OTHER_DTYPE = {"float32": "float64"}
"""The dtype of a tensor that does not fit the variable."""

NUMBERS = {
    "float32": "2.0",
    "float16": "2.0",
    "bfloat16": "2.0",
    "float64": "2.0",
    "int32": "7",
    "int64": "7",
    "uint8": "7",
    "bool": "True",
    "complex64": "2j",
    "string": '"x"',
}
"""A Python number, or what else is one element, for each dtype of a matrix."""


def number(dtype: str) -> str:
    return NUMBERS[dtype]


def nested(shape: Shape, element: str) -> str:
    """A nested list of that shape."""
    text = element
    for length in reversed(shape):
        text = f"[{', '.join([text] * length)}]"
    return text


def tensor(shape: Shape, dtype: str) -> str:
    """A call that makes a tensor of that shape, not of zeros."""
    if dtype == "string":
        return f"tf.fill({list(shape)}, {number(dtype)})"
    return f"tf.ones({list(shape)}, tf.{dtype})"
