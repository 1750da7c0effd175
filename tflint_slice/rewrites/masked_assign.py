"""The rung ``v.assign(tf.where(mask, x, v))`` for one value stored under a boolean mask.

Right on every class of variable. The mask must be proven to be boolean and to have the shape of
the variable: NumPy takes ints as indices and refuses other shapes, ``tf.where`` does neither. What
it compares must be of one dtype, or a number that fits: TensorFlow converts, NumPy does not.
"""

from __future__ import annotations

from tflint_slice.model import Kind, Mask, Op, Operand, Reason, Update
from tflint_slice.rewrites.concrete import expression
from tflint_slice.rewrites.context import Context, Refused
from tflint_slice.rewrites.sliced_assign import bare


def code(update: Update, target: Operand, context: Context) -> tuple[str, list[Reason]] | Refused:
    """The update as a whole assignment, with what stands against applying it unseen."""
    found = chosen(update, target, context)
    if isinstance(found, Refused):
        return found
    text, reasons = found
    return expression("{v}.assign({x})", v=target.text, x=text), reasons


def chosen(update: Update, target: Operand, context: Context) -> tuple[str, list[Reason]] | Refused:
    """The target with the value where the mask is true, as an expression."""
    region, value = update.region, update.value
    if not isinstance(region, Mask) or value is None or update.op is not Op.SET:
        return Refused(Reason.NO_REWRITE)
    if context.tensorflow is None:
        return Refused(Reason.NAME_SHADOWED)
    if value.kind not in (Kind.INT, Kind.FLOAT):
        return Refused(Reason.UNKNOWN_VALUE)
    reasons = [] if bare(value) else [Reason.DTYPE_CAST]
    mask = region.mask
    aligned = mask.shape is not None and mask.shape == target.shape and None not in mask.shape
    if mask.dtype != "bool" or not (aligned or region.of_target):
        reasons.append(Reason.UNKNOWN_SHAPE)
    if not region.alike:
        reasons.append(Reason.DTYPE_CAST)
    tf = context.tensorflow
    text = expression(
        f"{tf}.where({{mask}}, {tf}.constant({{x}}, {{dtype}}.dtype), {{same}})",
        mask=mask.text,
        x=value.text,
        dtype=target.text,
        same=target.text,
    )
    return text, reasons
