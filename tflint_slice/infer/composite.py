"""Ragged and sparse tensors, which are several tensors and never one: nothing is said of them.

Most functions and operators that take one give another one, so that what they say of tensors does
not hold. Values that may be one are therefore told from those of which nothing at all is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tflint_slice.infer.calls import Arguments, Table, rows, words
from tflint_slice.infer.values import Value, tensor

COMPOSITE: Final = Value(name="tensorflow.CompositeTensor")
"""A value that may be ragged or sparse."""

_MODULES: Final = (
    "tensorflow.ragged.",
    "tensorflow.RaggedTensor.",
    "tensorflow.sparse.",
    "tensorflow.compat.v1.sparse",
)
_MAKERS: Final = words(
    "tensorflow.SparseTensor tensorflow.compat.v1.SparseTensor tensorflow.strings.split"
    " tensorflow.strings.bytes_split tensorflow.strings.unicode_split tensorflow.strings.ngrams"
    " tensorflow.strings.unicode_decode"
)
_DENSE: Final = words(
    "tensorflow.sparse.to_dense tensorflow.sparse.sparse_dense_matmul tensorflow.reshape"
    " tensorflow.size tensorflow.rank"
)
"""What takes one and certainly gives a dense tensor."""
_DENSE_METHODS: Final = words("to_tensor row_lengths row_splits nrows bounding_shape")


def made(name: str) -> Value | None:
    """What a function gives that may make such a tensor, by its qualified name."""
    makes = name in _MAKERS or name.startswith(_MODULES)
    return COMPOSITE if makes and name not in _DENSE else None


def spreads(name: str, arguments: Iterable[Value]) -> bool:
    """Whether a function is given such a tensor and may give one."""
    return name not in _DENSE and any(map(_holds_one, arguments))


def keeps(method: str) -> bool:
    """Whether a method of such a tensor may give one."""
    return method not in _DENSE_METHODS


def is_one(value: Value) -> bool:
    """Whether a value may be such a tensor."""
    return value.name == COMPOSITE.name


def _holds_one(value: Value) -> bool:
    held = value.items or (() if value.element is None else (value.element,))
    return is_one(value) or any(map(_holds_one, held))


def _dense(arguments: Arguments) -> Value:
    return tensor()


TABLE: Final[Table] = {
    **rows("sp_input default_value validate_indices name", _dense, "tensorflow.sparse.to_dense"),
    **rows("sp_a b adjoint_a adjoint_b name", _dense, "tensorflow.sparse.sparse_dense_matmul"),
}
