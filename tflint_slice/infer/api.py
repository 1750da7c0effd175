"""What TensorFlow, Keras, NumPy and Python's built-ins give: the one place that knows their API.

Every function here is total: what is not known for certain is ``UNKNOWN``, or a value with less
said about it. A TensorFlow function that takes tensors is said to give a tensor although ragged and
sparse tensors and symbols of Keras give their own kind: none of these fits into a variable.
"""

from __future__ import annotations

from collections.abc import Mapping

from tflint_slice.infer import (
    builtin_calls,
    composite,
    containers,
    creation,
    drawing,
    elementwise,
    indexing,
    joining,
    linear,
    members,
    moving,
    networks,
    numpy_arrays,
    numpy_creation,
    numpy_joining,
    numpy_math,
    numpy_random,
    operators,
    parsing,
    reducing,
    segments,
    variables,
)
from tflint_slice.infer.calls import Table, bind, words
from tflint_slice.infer.composite import COMPOSITE, is_one
from tflint_slice.infer.dtypes import NUMPY_MEMBERS
from tflint_slice.infer.names import canonical, member
from tflint_slice.infer.purity import is_pure
from tflint_slice.infer.values import UNKNOWN, Value
from tflint_slice.model import Kind

_TABLE: Table = {
    **variables.TABLE,
    **creation.TABLE,
    **drawing.TABLE,
    **moving.TABLE,
    **joining.TABLE,
    **reducing.TABLE,
    **segments.TABLE,
    **linear.TABLE,
    **networks.TABLE,
    **elementwise.TABLE,
    **composite.TABLE,
    **parsing.TABLE,
    **numpy_creation.TABLE,
    **numpy_arrays.TABLE,
    **numpy_joining.TABLE,
    **numpy_math.TABLE,
    **numpy_random.TABLE,
    **builtin_calls.TABLE,
}

_SAME_IN_V1 = words(
    "zeros ones fill constant convert_to_tensor range cast reshape transpose concat stack identity"
    " zeros_like ones_like stop_gradient tile gather gather_nd scatter_nd add subtract multiply"
    " maximum minimum matmul tensor_scatter_nd_update tensor_scatter_nd_add shape size rank"
)
"""What means the same in ``tensorflow.compat.v1``, by the parameters both have."""


def call(name: str, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    """The result of calling a function by its qualified name."""
    name = canonical(name)
    if name in ("builtins.dict", "collections.OrderedDict"):
        return containers.dict_of(args, kwargs)
    row = _TABLE.get(name)
    if row is None and name.startswith("tensorflow.compat.v1."):
        last = name.rpartition(".")[2]
        row = _TABLE.get(f"tensorflow.{last}") if last in _SAME_IN_V1 else None
    given = (*args, *kwargs.values())
    if name.startswith("tensorflow.") and composite.spreads(name, given):
        return COMPOSITE
    if row is None:
        made = composite.made(name)
        if made is not None:
            return made
        module, _, last = name.rpartition(".")
        if module == "numpy" and last in NUMPY_MEMBERS and not kwargs:
            return numpy_creation.scalar_of(NUMPY_MEMBERS[last], args)
        return UNKNOWN
    signature, rule = row
    arguments = bind(signature, args, kwargs)
    return UNKNOWN if arguments is None else rule(arguments)


def method(
    receiver: Value, name: str, args: tuple[Value, ...], kwargs: Mapping[str, Value]
) -> Value:
    """``receiver.name(...)``; of a module it is the call of its function."""
    if receiver.kind in (Kind.FUNCTION, Kind.MODULE, Kind.CLASS):
        return UNKNOWN if receiver.name is None else call(f"{receiver.name}.{name}", args, kwargs)
    if is_one(receiver):
        return COMPOSITE if composite.keeps(name) else UNKNOWN
    return members.method(receiver, name, args, kwargs)


def attribute(receiver: Value, name: str) -> Value:
    """``receiver.name``, of a value that is no module."""
    return COMPOSITE if is_one(receiver) else members.attribute(receiver, name)


def item(receiver: Value, index: Value) -> Value:
    """``receiver[index]``."""
    return COMPOSITE if is_one(receiver) else indexing.item(receiver, index)


def iterate(value: Value) -> Value:
    """What the target of ``for target in value`` holds."""
    return COMPOSITE if is_one(value) else indexing.iterate(value)


def binary(operator: str, left: Value, right: Value) -> Value:
    """``left <operator> right``."""
    if is_one(left) or is_one(right):
        return COMPOSITE
    return operators.binary(operator, left, right)


def compare(operator: str, left: Value, right: Value) -> Value:
    """``left <operator> right`` for one comparison."""
    if operator not in ("is", "is not", "in", "not in") and (is_one(left) or is_one(right)):
        return COMPOSITE
    return operators.compare(operator, left, right)


def unary(operator: str, operand: Value) -> Value:
    """``<operator> operand`` for ``-``, ``+``, ``~`` and ``not``."""
    return COMPOSITE if is_one(operand) else operators.unary(operator, operand)


__all__ = [
    "attribute",
    "binary",
    "call",
    "canonical",
    "compare",
    "is_pure",
    "item",
    "iterate",
    "member",
    "method",
    "unary",
]
