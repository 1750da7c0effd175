"""Ragged and sparse tensors: what TensorFlow makes of several tensors, and never one of them.

Most functions take them and give another one, or a dense tensor, or fail; of all but a few nothing
is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tflint_slice.infer.calls import Arguments, Table, rows, words
from tflint_slice.infer.values import Value, tensor
from tflint_slice.model import Kind

_RAGGED: Final = "tensorflow.RaggedTensor"
_SPARSE: Final = "tensorflow.SparseTensor"
_CLASSES: Final = (_RAGGED, _SPARSE)

_RAGGED_MAKERS: Final = words(
    "tensorflow.ragged.constant tensorflow.ragged.range tensorflow.ragged.stack"
    " tensorflow.ragged.boolean_mask tensorflow.RaggedTensor.from_row_splits"
    " tensorflow.RaggedTensor.from_row_lengths tensorflow.RaggedTensor.from_row_starts"
    " tensorflow.RaggedTensor.from_row_limits tensorflow.RaggedTensor.from_value_rowids"
    " tensorflow.RaggedTensor.from_uniform_row_length tensorflow.RaggedTensor.from_nested_row_splits"
    " tensorflow.RaggedTensor.from_nested_row_lengths tensorflow.RaggedTensor.from_tensor"
    " tensorflow.RaggedTensor.from_sparse"
)
_SPARSE_MAKERS: Final = words(
    "tensorflow.SparseTensor tensorflow.sparse.SparseTensor tensorflow.sparse.from_dense"
    " tensorflow.sparse.eye tensorflow.sparse.reorder tensorflow.sparse.reshape"
    " tensorflow.sparse.concat tensorflow.sparse.transpose tensorflow.sparse.retain"
    " tensorflow.sparse.slice tensorflow.sparse.expand_dims tensorflow.sparse.softmax"
    " tensorflow.sparse.maximum tensorflow.sparse.minimum"
)
_DENSE: Final = words("tensorflow.sparse.to_dense tensorflow.sparse.sparse_dense_matmul")
"""What takes one and certainly gives a dense tensor."""


def made(name: str) -> Value | None:
    """What a function gives that makes such a tensor, by its qualified name."""
    if name in _RAGGED_MAKERS:
        return Value(Kind.INSTANCE, name=_RAGGED)
    return Value(Kind.INSTANCE, name=_SPARSE) if name in _SPARSE_MAKERS else None


def takes_no_dense(name: str, arguments: Iterable[Value]) -> bool:
    """Whether a function is given such a tensor, so that its rule does not hold."""
    return name not in _DENSE and any(map(_is_composite, arguments))


def _is_composite(value: Value) -> bool:
    if value.kind is Kind.INSTANCE:
        return value.name in _CLASSES
    held = value.items or (() if value.element is None else (value.element,))
    return any(map(_is_composite, held))


def _dense(arguments: Arguments) -> Value:
    return tensor()


TABLE: Final[Table] = {
    **rows("sp_input default_value validate_indices name", _dense, "tensorflow.sparse.to_dense"),
    **rows("sp_a b adjoint_a adjoint_b name", _dense, "tensorflow.sparse.sparse_dense_matmul"),
}
