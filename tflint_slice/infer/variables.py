"""The rows of functions that make variables."""

from __future__ import annotations

from typing import Final

from tflint_slice.infer.arrays import (
    as_tensor,
)
from tflint_slice.infer.calls import Arguments, Rule, Table, rows
from tflint_slice.infer.creation import dtype_argument
from tflint_slice.infer.dims import (
    dim_of,
    shape_of,
)
from tflint_slice.infer.values import (
    Value,
)
from tflint_slice.model import Kind, Shape


def _variable(kind: Kind, *, plain: bool = False) -> Rule:
    def rule(arguments: Arguments) -> Value:
        initial = as_tensor(arguments["initial_value"])
        dtype = dtype_argument(arguments, initial.dtype)
        shape = initial.shape
        declared = arguments.given("shape")
        if declared is not None:
            shape = _listed_shape(declared)
        if arguments.truth("validate_shape", True) is not True:
            shape = None
        return Value(kind, dtype=dtype, shape=shape, plain=plain)

    return rule


def _listed_shape(value: Value) -> Shape | None:
    """A shape in which None stands for a dimension that may change."""
    if value.items is None or value.optional or value.kind not in (Kind.LIST, Kind.TUPLE):
        return shape_of(value)
    return tuple(None if item.optional else dim_of(item) for item in value.items)


def _get_variable(arguments: Arguments) -> Value:
    initial = arguments.given("initializer")
    dtype = dtype_argument(arguments, "float32" if initial is None else None)
    shape = arguments.given("shape")
    return Value(
        Kind.SOME_VARIABLE, dtype=dtype, shape=None if shape is None else _listed_shape(shape)
    )


def _keras_variable(arguments: Arguments) -> Value:
    # Without a dtype Keras takes its float type, or the standard integer type of the initial value.
    # A shape counts only if the initial value is a function or the name of one.
    shape, initial = arguments.given("shape"), arguments["initializer"]
    called = initial.kind in (Kind.FUNCTION, Kind.CLASS, Kind.STR)
    found = as_tensor(initial).shape
    if called:
        found = None if shape is None else _listed_shape(shape)
    return Value(Kind.KERAS3_VARIABLE, dtype=dtype_argument(arguments, None), shape=found)


TABLE: Final[Table] = {
    **rows(
        "initial_value trainable validate_shape caching_device name variable_def dtype import_scope"
        " constraint synchronization aggregation shape experimental_enable_variable_lifting",
        _variable(Kind.VARIABLE, plain=True),
        "tensorflow.Variable",
    ),
    **rows(
        "initial_value trainable collections validate_shape caching_device name variable_def dtype"
        " expected_shape import_scope constraint use_resource synchronization aggregation shape",
        _variable(Kind.SOME_VARIABLE),
        "tensorflow.compat.v1.Variable",
    ),
    **rows(
        "name shape dtype initializer regularizer trainable collections caching_device partitioner"
        " validate_shape use_resource custom_getter constraint synchronization aggregation",
        _get_variable,
        "tensorflow.compat.v1.get_variable",
    ),
    **rows(
        "initializer shape dtype trainable autocast aggregation synchronization name",
        _keras_variable,
        "keras.Variable keras.backend.Variable tensorflow.keras.Variable",
    ),
}
