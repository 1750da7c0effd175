"""The rung ``v.scatter_nd_update(indices, updates)`` and its kin: changes only what it names.

Right on a plain variable alone: a distributed one refuses it and a Keras 3 variable has no such
method. It is not atomic, drops bad indices on a GPU as the functional form does, and its reads
afterwards copy the variable (TensorFlow's copy-on-read mode), so that it does not pay where the
whole variable is read more often than a part of it is written.
"""

from __future__ import annotations

from tflint_slice.model import IndexTensor, Kind, Op, Operand, Reason, Update, UpdateSequence
from tflint_slice.rewrites.bounds import fits
from tflint_slice.rewrites.concrete import retarget
from tflint_slice.rewrites.context import Context, Refused, Rewritten, judged

METHODS = {
    Op.SET: "scatter_nd_update",
    Op.ADD: "scatter_nd_add",
    Op.SUBTRACT: "scatter_nd_sub",
    Op.MAXIMUM: "scatter_nd_max",
    Op.MINIMUM: "scatter_nd_min",
}

# Bool and string variables have no in-place scatter kernel on a GPU; quantised ones none at all.
_SCATTERABLE = frozenset(
    {
        "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
        "float16", "bfloat16", "float32", "float64", "complex64", "complex128",
    }
)  # fmt: skip


def rewrite(sequence: UpdateSequence, context: Context) -> Rewritten | Refused:
    """Turn ``v.assign(tf.tensor_scatter_nd_*(v, indices, updates))`` into an update in place."""
    target, call = sequence.target, sequence.call
    if target.kind is Kind.KERAS3_VARIABLE:
        return Refused(Reason.KERAS_VARIABLE, silent=True)
    if context.style == "functional":
        return Refused(Reason.NO_REWRITE, silent=True)
    if context.dense_reads > context.partial_writes and context.style != "in-place":
        return Refused(Reason.READ_DENSELY, silent=True)
    if call is None or len(sequence.updates) != 1:
        return Refused(Reason.NO_REWRITE)
    (update,) = sequence.updates
    method = METHODS[update.op]
    reasons = [
        *against_in_place(target, update.op, context),
        *against_operands(target, update, context),
    ]
    code = retarget(call.text, f"{target.text}.{method}", "tensor")
    return judged((code,), f"Use `{method}` in place", reasons)


def against_in_place(target: Operand, op: Op, context: Context) -> list[Reason]:
    """What stands against changing ``target`` in place, most telling first."""
    reasons = []
    if target.kind is Kind.SOME_VARIABLE:
        reasons.append(Reason.VARIABLE_CLASS)
    elif context.distributed or not (target.plain or _declared_local(target, context)):
        reasons.append(Reason.MAYBE_DISTRIBUTED)
    if context.graph:
        reasons.append(Reason.GRAPH_MODE)
    if target.dtype is None:
        reasons.append(Reason.UNKNOWN_DTYPE)
    elif target.dtype not in _SCATTERABLE:
        reasons.append(Reason.NO_GPU_KERNEL)
    if op in (Op.MAXIMUM, Op.MINIMUM) and context.compiled:
        reasons.append(Reason.NO_XLA_KERNEL)
    return reasons


def against_reading(target: Operand, context: Context) -> list[Reason]:
    """What stands against reading all of ``target`` to write it back.

    In a layer under mixed precision a float weight of Keras is read in half precision.
    """
    keras = target.kind in (Kind.KERAS2_WEIGHT, Kind.KERAS3_VARIABLE)
    whole = target.dtype is not None and "float" not in target.dtype
    return [Reason.MIXED_PRECISION] if keras and context.mixed and not whole else []


def _declared_local(target: Operand, context: Context) -> bool:
    """``distributed = false`` in the settings: any ``tf.Variable`` counts as a plain one."""
    return context.local and target.kind in (Kind.VARIABLE, Kind.KERAS2_WEIGHT)


def against_operands(target: Operand, update: Update, context: Context) -> list[Reason]:
    """What stands against handing indices and updates to a method of ``target``."""
    region, value = update.region, update.value
    assert isinstance(region, IndexTensor) and region.indices is not None and value is not None
    indices = region.indices
    reasons = []
    # Indices of rank 1 raise in the functional form; in place they silently write one element.
    if indices.least_rank < 2:
        reasons.append(Reason.UNKNOWN_RANK)
    # XLA takes indices of 16 bits in the functional form, the variable's method never does.
    if context.compiled and indices.dtype not in ("int32", "int64") and not indices.constant:
        reasons.append(Reason.INDEX_DTYPE)
    # An eager tensor of another dtype, captured by a traced function, aborts the process.
    converted = value.kind.is_number or value.kind in _CONVERTED
    unknown = value.dtype is None and value.captured
    if not converted and (unknown or value.dtype not in (None, target.dtype)):
        reasons.append(Reason.DTYPE_CAST)
    if context.catches and not _cannot_fail(target, update):
        reasons.append(Reason.CAUGHT_EXCEPTION)
    return reasons


# What is converted to the dtype of the variable, or refused, when the update is made.
_CONVERTED = frozenset({Kind.LIST, Kind.TUPLE, Kind.NDARRAY})


def _cannot_fail(target: Operand, update: Update) -> bool:
    """Whether the update is known to succeed, so that no handler can see it half done."""
    region, value = update.region, update.value
    assert isinstance(region, IndexTensor) and region.indices is not None and value is not None
    indices = region.indices
    if target.shape is None or not indices.shape or value.shape is None or region.depth is None:
        return False
    due = (*indices.shape[:-1], *target.shape[region.depth :])
    if None in due or due != value.shape or region.depth > len(target.shape):
        return False
    if value.dtype != target.dtype and not value.constant:
        return False
    return indices.low is not None and all(
        fits(indices, dim) for dim in target.shape[: region.depth]
    )
