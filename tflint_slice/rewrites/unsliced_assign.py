"""The form ``v.scatter_nd_update([[i]], [x])`` of what ``v[i].assign(x)`` writes.

It reads nothing of the variable, and so copies nothing. What stands there is right as it is: where
anything is missing for the new form there is nothing to say.
"""

from __future__ import annotations

from tflint_slice.model import Op, Reason, UpdateSequence
from tflint_slice.rewrites import points, stored
from tflint_slice.rewrites.context import Context, Refused, Rewritten, judged
from tflint_slice.rewrites.in_place import METHODS, against_in_place


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
    if against is None and stored.needs_cast(value, target):
        # It raises as it stands.
        against = Reason.DTYPE_CAST
    if against is not None:
        return Refused(against, silent=True)
    scattered = points.scatter(update, target, context)
    if isinstance(scattered, Refused):
        return Refused(scattered.reason, silent=True)
    reasons = against_in_place(target, Op.SET, context)
    worse = [reason for reason in reasons if reason is not Reason.MAYBE_DISTRIBUTED]
    if worse:
        return Refused(worse[0], silent=True)
    code = points.in_place(scattered, target, Op.SET)
    return judged((code,), f"Use `{METHODS[Op.SET]}`", reasons)
