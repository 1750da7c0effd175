"""The form ``v.scatter_nd_update([[i]], [x])`` of what ``v[i].assign(x)`` writes.

It reads nothing of the variable, and so copies nothing. What stands there is right as it is: where
anything is missing for the new form there is nothing to say.
"""

from __future__ import annotations

import ast

from tflint_slice.model import Axes, Kind, Op, Operand, Reason, UpdateSequence
from tflint_slice.rewrites import points, stored
from tflint_slice.rewrites.context import Context, Refused, Rewritten, judged
from tflint_slice.rewrites.in_place import METHODS, against_in_place
from tflint_slice.rewrites.regions import fits_rank
from tflint_slice.rewrites.sliced_assign import MOST_RANK

# What AutoGraph makes of Python's numbers.
_TRACED = {Kind.INT: "int32", Kind.FLOAT: "float32"}


def rewrite(sequence: UpdateSequence, context: Context) -> Rewritten | Refused:
    """Turn a sliced assign into a scatter in place, if that writes the same without a doubt.

    A variable that may be distributed has neither form, so that the fix is unsafe for it.
    """
    target = sequence.target
    (update,) = sequence.updates
    value = update.value
    if value is None or context.style == "functional":
        return Refused(Reason.NO_REWRITE, silent=True)
    against = stored.never(value, target) or stored.against(value, target)
    if against is None and (stored.needs_cast(value, target) or _may_be_traced(value, target)):
        # It raises as it stands.
        against = Reason.DTYPE_CAST
    if against is not None:
        return Refused(against, silent=True)
    if not isinstance(update.region, Axes) or not fits_rank(update.region, target.rank):
        # `v[0, :]` raises for a variable of one axis.
        return Refused(Reason.ALWAYS_RAISES, silent=True)
    if (target.rank or 0) > MOST_RANK:
        return Refused(Reason.ALWAYS_RAISES, silent=True)
    scattered = points.scatter(update, target, context)
    if isinstance(scattered, Refused):
        return Refused(scattered.reason, silent=True)
    reasons = against_in_place(target, Op.SET, context)
    worse = [reason for reason in reasons if reason is not Reason.MAYBE_DISTRIBUTED]
    if worse:
        return Refused(worse[0], silent=True)
    code = points.in_place(scattered, target, Op.SET)
    return judged((code,), f"Use `{METHODS[Op.SET]}`", reasons)


def _may_be_traced(value: Operand, target: Operand) -> bool:
    """Whether a number may be a tensor of another dtype: AutoGraph turns some into tensors.

    A name of which the number is known may be bound under a condition all the same.
    """
    if not value.kind.is_number or _TRACED.get(value.kind) == target.dtype:
        return False
    tree = ast.parse(f"({value.text})")
    return any(isinstance(node, (ast.Name, ast.IfExp)) for node in ast.walk(tree))
