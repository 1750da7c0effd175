"""The rung ``t = tf.tensor_scatter_nd_update(t, indices, updates)``: a tensor in place of another.

A tensor cannot be changed, so that its name is bound to a changed copy. Who else holds the tensor
does not see the change; whether that matters has to be known before this rung is asked.
"""

from __future__ import annotations

from tflint_slice.model import Mask, Op, Reason, UpdateSequence
from tflint_slice.rewrites import masked_assign, points
from tflint_slice.rewrites.concrete import expression
from tflint_slice.rewrites.context import Context, Refused
from tflint_slice.rewrites.in_place import METHODS

Option = tuple[tuple[str, ...], str, list[Reason]]
"""Code, what it does in words, and what stands against it."""


def option(sequence: UpdateSequence, context: Context) -> Option | Refused:
    """The updates as one functional scatter or ``tf.where``, bound to the name of the tensor."""
    name = sequence.target.text
    if len(sequence.updates) == 1 and isinstance(sequence.updates[0].region, Mask):
        chosen = masked_assign.chosen(sequence.updates[0], sequence.target, context)
        if isinstance(chosen, Refused):
            return chosen
        text, reasons = chosen
        return ((f"{name} = {text}",), "Bind the name to `tf.where(...)`", reasons)
    scattered = points.combined(sequence, context)
    if isinstance(scattered, Refused):
        return scattered
    op = sequence.updates[0].op
    if op not in (Op.SET, Op.ADD, Op.SUBTRACT):
        return Refused(Reason.NO_REWRITE)
    if context.tensorflow is None:
        return Refused(Reason.NAME_SHADOWED)
    function = f"tensor_{METHODS[op]}"
    text = expression(
        f"{context.tensorflow}.{function}({{tensor}}, {{indices}}, {{updates}})",
        tensor=(sequence.source or sequence.target).text,
        indices=scattered.indices_text,
        updates=scattered.updates_text,
    )
    return ((f"{name} = {text}",), f"Bind the name to `{function}`", [])
