"""The form ``w.assign(tf.tensor_scatter_nd_update(w, indices, updates))`` of a missing method.

It is right for every class of variable, and the one form for a Keras 3 variable, on which
``w.scatter_nd_update(indices, updates)`` always raises. What is meant is what that method does to
a ``tf.Variable``; the two forms differ for indices of rank 1 alone.
"""

from __future__ import annotations

from tflint_slice.model import IndexTensor, Kind, Operand, Reason, UpdateSequence
from tflint_slice.rewrites import stored
from tflint_slice.rewrites.concrete import with_first
from tflint_slice.rewrites.context import Context, Refused, Rewritten, judged
from tflint_slice.rewrites.in_place import METHODS, against_reading


def rewrite(sequence: UpdateSequence, context: Context) -> Rewritten | Refused:
    """Turn a scatter method that the target has not got into a scatter that is assigned."""
    target, call = sequence.target, sequence.call
    if call is None or len(sequence.updates) != 1:
        return Refused(Reason.NO_REWRITE)
    if context.tensorflow is None:
        return Refused(Reason.NAME_SHADOWED)
    (update,) = sequence.updates
    assert isinstance(update.region, IndexTensor) and update.region.indices is not None
    assert update.value is not None
    function = f"tensor_{METHODS[update.op]}"
    scatter = with_first(call.text, f"{context.tensorflow}.{function}", target.text)
    reasons = []
    if update.region.indices.least_rank < 2:
        reasons.append(Reason.UNKNOWN_RANK)
    elif update.region.indices.dtype not in ("int32", "int64"):
        reasons.append(Reason.UNKNOWN_INDEX)
    if sequence.used:
        # Of a tf.Variable the method gives the variable, here it would be a tensor.
        reasons.append(Reason.ALWAYS_RAISES)
    if context.graph:
        reasons.append(Reason.GRAPH_MODE)
    against = _against_value(update.value, target)
    if against is not None:
        reasons.append(against)
    reasons += against_reading(target, context)
    if context.catches:
        reasons.append(Reason.CAUGHT_EXCEPTION)
    code = f"{target.text}.assign({scatter})"
    return judged((code,), f"Use `{function}` and assign", reasons)


def _against_value(value: Operand, target: Operand) -> Reason | None:
    """A tensor is not cast, and has to be of the dtype of the target."""
    if value.kind is Kind.TENSOR or value.kind.is_variable:
        if target.dtype is None:
            return Reason.UNKNOWN_DTYPE
        return None if value.dtype == target.dtype else Reason.DTYPE_CAST
    return stored.against(value, target)
