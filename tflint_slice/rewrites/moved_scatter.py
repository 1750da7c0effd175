"""The methods of a variable in place of TensorFlow 1's functions, which call the same kernels.

``v.scatter_nd_update(indices, updates)`` takes over the arguments as they stand; rows are named by
``tf.IndexedSlices(updates, indices)``; a slice is assigned by its own method. In code that builds
graphs the op is what the caller wants, so that it is right as it stands.
"""

from __future__ import annotations

from tflint_slice.model import (
    Axes,
    IndexTensor,
    Kind,
    Op,
    Operand,
    Points,
    Reason,
    Update,
    UpdateSequence,
)
from tflint_slice.rewrites import in_place
from tflint_slice.rewrites.concrete import expression, retarget
from tflint_slice.rewrites.context import Context, Refused, Rewritten, judged

_ROWS = {
    Op.SET: "scatter_update",
    Op.ADD: "scatter_add",
    Op.SUBTRACT: "scatter_sub",
    Op.MULTIPLY: "scatter_mul",
    Op.DIVIDE: "scatter_div",
    Op.MAXIMUM: "scatter_max",
    Op.MINIMUM: "scatter_min",
}


def rewrite(sequence: UpdateSequence, context: Context) -> Rewritten | Refused:
    """Turn a function of TensorFlow 1 that writes a part of ``sequence.target`` into a method."""
    if context.graph:
        return Refused(Reason.GRAPH_MODE, silent=True)
    (update,) = sequence.updates
    target, call, region = sequence.target, sequence.call, update.region
    assert call is not None and update.value is not None
    reasons = _against(target, sequence, context)
    if isinstance(region, IndexTensor) and not region.batch:
        # The function refuses what ends the process in the method.
        reasons += in_place.against_operands(target, update, context)
        method = in_place.METHODS[update.op]
        code = retarget(call.text, f"{target.text}.{method}", "ref")
        return judged((code,), f"Use the method `{method}`", reasons)
    if isinstance(region, Axes) and update.index:
        slot = f"{target.text}[{update.index}]"
        code = expression("{slot}.assign({x})", slot=slot, x=update.value.text)
        return judged((code,), "Use a sliced `assign`", reasons)
    if context.tensorflow is None:
        return Refused(Reason.NAME_SHADOWED)
    if not update.stable:
        reasons.append(Reason.EVALUATION_ORDER)
    if context.catches:
        # What the values are refused for is found out at another place.
        reasons.append(Reason.CAUGHT_EXCEPTION)
    method = "batch_scatter_update" if isinstance(region, IndexTensor) else _ROWS[update.op]
    code = expression(
        f"{{v}}.{method}({context.tensorflow}.IndexedSlices({{values}}, {{indices}}))",
        v=target.text,
        values=update.value.text,
        indices=_indices(update).text,
    )
    return judged((code,), f"Use the method `{method}`", reasons)


def _against(target: Operand, sequence: UpdateSequence, context: Context) -> list[Reason]:
    reasons = []
    if target.kind is Kind.SOME_VARIABLE:
        reasons.append(Reason.VARIABLE_CLASS)
    elif context.distributed or not (target.plain or context.local):
        reasons.append(Reason.MAYBE_DISTRIBUTED)
    if sequence.used:
        reasons.append(Reason.GRAPH_MODE)
    return reasons


def _indices(update: Update) -> Operand:
    """The index of each row."""
    region = update.region
    if isinstance(region, IndexTensor) and region.indices is not None:
        return region.indices
    assert isinstance(region, Axes) and isinstance(region.axes[0], Points)
    return region.axes[0].indices
