"""The rows of TensorFlow's functions that read and decode, and of those that call Python."""

from __future__ import annotations

from typing import Final

from tflint_slice.infer.arrays import as_tensor
from tflint_slice.infer.calls import Arguments, Rule, Table, rows
from tflint_slice.infer.creation import dtype_argument
from tflint_slice.infer.values import UNKNOWN, Value, sequence, tensor
from tflint_slice.model import Kind

_FEATURES: Final = Value(Kind.DICT)
"""Tensors by their names, some of which may be sparse or ragged."""


def _features(arguments: Arguments) -> Value:
    return _FEATURES


def _contexts(count: int) -> Rule:
    """The features of a sequence: those of the whole, those of its steps, and their lengths."""
    return lambda arguments: sequence(Kind.TUPLE, (_FEATURES,) * count)


def _decoded(arguments: Arguments) -> Value:
    return tensor(dtype_argument(arguments, None, "out_type"))


def _file(arguments: Arguments) -> Value:
    return tensor("string", as_tensor(arguments["filename"]).shape)


def _called(arguments: Arguments) -> Value:
    """One tensor of the dtype that is named, or as many as are."""
    dtype = dtype_argument(arguments, None, "Tout")
    return UNKNOWN if dtype is None else tensor(dtype)


TABLE: Final[Table] = {
    **rows("serialized features example_names name", _features, "tensorflow.io.parse_example"),
    **rows(
        "serialized features example_names name", _features, "tensorflow.io.parse_single_example"
    ),
    **rows(
        "serialized context_features sequence_features example_names name",
        _contexts(3),
        "tensorflow.io.parse_sequence_example",
    ),
    **rows(
        "serialized context_features sequence_features example_name name",
        _contexts(2),
        "tensorflow.io.parse_single_sequence_example",
    ),
    **rows("serialized out_type name", _decoded, "tensorflow.io.parse_tensor"),
    **rows(
        "input_bytes out_type little_endian fixed_length name", _decoded, "tensorflow.io.decode_raw"
    ),
    **rows("filename name", _file, "tensorflow.io.read_file"),
    **rows("func inp Tout name", _called, "tensorflow.py_function"),
}
