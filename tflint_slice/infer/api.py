"""What TensorFlow, Keras, NumPy and Python's built-ins give: the one place that knows their API.

Every function here is total: what is not known for certain is ``UNKNOWN``, or a value with less
said about it. A TensorFlow function that takes tensors is said to give a tensor although ragged and
sparse tensors and symbols of Keras give their own kind: none of these fits into a variable.
"""

from __future__ import annotations

from collections.abc import Mapping

from tflint_slice.infer import (
    builtin_calls,
    containers,
    creation,
    elementwise,
    joining,
    members,
    moving,
    numpy_arrays,
    numpy_creation,
    numpy_math,
    numpy_random,
    reducing,
    variables,
)
from tflint_slice.infer.calls import Table, bind, words
from tflint_slice.infer.dtypes import NUMPY_MEMBERS
from tflint_slice.infer.indexing import item, iterate
from tflint_slice.infer.members import attribute
from tflint_slice.infer.names import canonical, member
from tflint_slice.infer.operators import binary, compare, unary
from tflint_slice.infer.purity import is_pure
from tflint_slice.infer.values import UNKNOWN, Value
from tflint_slice.model import Kind

_TABLE: Table = {
    **variables.TABLE,
    **creation.TABLE,
    **moving.TABLE,
    **joining.TABLE,
    **reducing.TABLE,
    **elementwise.TABLE,
    **numpy_creation.TABLE,
    **numpy_arrays.TABLE,
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
    if row is None:
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
    return members.method(receiver, name, args, kwargs)


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
