"""The choice among the rungs: the cheapest one whose preconditions are all proven.

Where none is proven entirely, the first one that applies at all is offered as unsafe, with what
is missing; where none applies, the reason why.
"""

from __future__ import annotations

from dataclasses import replace

from tflint_slice.model import (
    Axes,
    Bounds,
    Effect,
    Full,
    IndexTensor,
    Kind,
    Mask,
    Op,
    Operand,
    Reason,
    Rest,
    Update,
    UpdateSequence,
)
from tflint_slice.rewrites import (
    assigned_scatter,
    batched,
    in_place,
    masked_assign,
    moved_scatter,
    points,
    rebound_tensor,
    sliced_assign,
    stored,
    unsliced_assign,
)
from tflint_slice.rewrites.concrete import expression
from tflint_slice.rewrites.context import Context, Refused, Rewritten, judged
from tflint_slice.rewrites.regions import fits_rank

_Option = tuple[tuple[str, ...], str, list[Reason]]
"""Code, what it does in words, and what stands against it."""


def rewrite(sequence: UpdateSequence, context: Context) -> Rewritten | Refused:
    """The best way to write ``sequence``, or why there is none."""
    if "\n" in sequence.target.text or "\r" in sequence.target.text:
        return Refused(Reason.NO_REWRITE)
    if sequence.loop is not None:
        return batched.rewrite(sequence, context)
    if sequence.call is not None and not sequence.atomic:
        if sequence.target.kind is Kind.KERAS3_VARIABLE:
            return assigned_scatter.rewrite(sequence, context)
        return moved_scatter.rewrite(sequence, context)
    if any(isinstance(update.region, IndexTensor) for update in sequence.updates):
        return in_place.rewrite(sequence, context)
    if sequence.call is not None:
        return unsliced_assign.rewrite(sequence, context)
    refusal = _refusal(sequence)
    if refusal is not None:
        return Refused(refusal)
    general = _against_all(sequence, context)
    options: list[_Option] = []
    refusals: list[Refused] = []
    for option in _options(sequence, context):
        if isinstance(option, Refused):
            refusals.append(option)
            continue
        code, message, reasons = option
        reasons = [*general, *reasons]
        if not reasons:
            return judged(code, message, [])
        options.append((code, message, reasons))
    if options:
        return judged(*options[0])
    # Every rung says why it does not apply; what none of them could do says the most.
    telling = [refused for refused in refusals if refused.reason is not Reason.NO_REWRITE]
    certain = [refused for refused in telling if refused.reason is Reason.ALWAYS_RAISES]
    return (certain or telling or [Refused(Reason.NO_REWRITE)])[0]


def _options(sequence: UpdateSequence, context: Context) -> list[_Option | Refused]:
    target = sequence.target
    if target.kind is Kind.TENSOR:
        return [rebound_tensor.option(sequence, context)]
    single = sequence.updates[0] if len(sequence.updates) == 1 else None
    if single is not None and isinstance(single.region, Mask):
        coded = masked_assign.code(single, target, context)
        if isinstance(coded, Refused):
            return [coded]
        against = in_place.against_reading(target, context)
        return [((coded[0],), "Use `assign(tf.where(...))`", [*coded[1], *against])]
    found: list[_Option | Refused] = []
    if single is not None and _is_whole(single):
        found.append(_whole(single, target))
    scattered = points.combined(sequence, context)
    op = sequence.updates[0].op
    if isinstance(scattered, Refused):
        found.append(scattered)
    elif op not in in_place.METHODS:
        found.append(Refused(Reason.INEXACT_OPERATOR))
    else:
        if target.kind is not Kind.KERAS3_VARIABLE and context.style != "functional":
            code = points.in_place(scattered, target, op)
            against = in_place.against_in_place(target, op, context)
            found.append(((code,), f"Use `{in_place.METHODS[op]}`", against))
        if context.tensorflow is None:
            found.append(Refused(Reason.NAME_SHADOWED))
        elif target.kind is Kind.KERAS3_VARIABLE or context.style == "functional":
            # Elsewhere the functional form would be a finding itself (TFS301).
            code = points.functional(scattered, target, op, context.tensorflow)
            against = in_place.against_reading(target, context)
            found.append(((code,), f"Use `tensor_{in_place.METHODS[op]}` and assign", against))
    if single is not None:
        # What goes through NumPy runs eagerly, where XLA has no part in it; a mask may be compiled.
        eager = sequence.effect is Effect.WRITES and single.bounds is not Bounds.IGNORE
        within = replace(context, compiled=False) if eager else context
        found.append(_sliced(single, target, within))
    elif isinstance(scattered, Refused):
        found.append(_chain(sequence, context))
    return found


def _is_whole(update: Update) -> bool:
    """``v[:] = x`` and ``v[...] = x``."""
    return update.op is Op.SET and isinstance(update.region, Axes) and _covers_all(update.region)


def _covers_all(region: Axes) -> bool:
    return len(region.axes) > 0 and all(isinstance(axis, (Full, Rest)) for axis in region.axes)


def _whole(update: Update, target: Operand) -> _Option | Refused:
    value = update.value
    if value is None or target.shape is None or None in target.shape:
        return Refused(Reason.UNKNOWN_SHAPE)
    if value.shape != target.shape or stored.needs_cast(value, target):
        return Refused(Reason.UNKNOWN_SHAPE)
    return ((expression("{v}.assign({x})", v=target.text, x=value.text),), "Use `assign`", [])


def _sliced(update: Update, target: Operand, context: Context) -> _Option | Refused:
    if context.style == "functional":
        return Refused(Reason.NO_REWRITE)
    slot = f"{target.text}[{update.index}]"
    coded = sliced_assign.code(update, target, slot, context)
    if isinstance(coded, Refused):
        return coded
    code, reasons = coded
    plain = [
        reason
        for reason in in_place.against_in_place(target, Op.SET, context)
        if reason not in (Reason.NO_GPU_KERNEL, Reason.UNKNOWN_DTYPE)
    ]
    against = in_place.against_reading(target, context)
    return ((code,), "Use a sliced `assign`", [*plain, *reasons, *against])


def _chain(sequence: UpdateSequence, context: Context) -> _Option | Refused:
    """Scatter after scatter on a tensor, then one assign: atomic, as the round trip was."""
    if context.tensorflow is None:
        return Refused(Reason.NAME_SHADOWED)
    if not sequence.temporaries:
        return Refused(Reason.NO_REWRITE)
    name = sequence.temporaries[0]
    lines = []
    tensor = sequence.target.text
    for update in sequence.updates:
        part = points.scatter(update, sequence.target, context)
        if isinstance(part, Refused):
            return part
        if update.op not in in_place.METHODS:
            return Refused(Reason.INEXACT_OPERATOR)
        call = expression(
            f"{context.tensorflow}.tensor_{in_place.METHODS[update.op]}"
            "({tensor}, {indices}, {updates})",
            tensor=tensor,
            indices=part.indices_text,
            updates=part.updates_text,
        )
        lines.append(f"{name} = {call}")
        tensor = name
    lines.append(expression("{v}.assign({x})", v=sequence.target.text, x=name))
    against = in_place.against_reading(sequence.target, context)
    return (tuple(lines), "Use functional scatters and one assign", against)


def _refusal(sequence: UpdateSequence) -> Reason | None:
    """What no assumption could mend: NumPy and TensorFlow give such a value another meaning."""
    rank = sequence.target.rank
    for update in sequence.updates:
        region = update.region
        if isinstance(region, Axes) and not fits_rank(region, rank):
            return Reason.ALWAYS_RAISES
        if rank == 0 and sequence.effect is Effect.WRITES:
            # The copy of a variable of rank 0 is a NumPy scalar, of which nothing can be assigned.
            return Reason.ALWAYS_RAISES
        if update.value is None:
            continue
        against = stored.never(update.value, sequence.target)
        against = against or stored.against_operator(update.op, sequence.target)
        if against is not None:
            return against
    return None


def _against_all(sequence: UpdateSequence, context: Context) -> list[Reason]:
    """What stands against any rewrite of the sequence, whichever rung is taken."""
    reasons = []
    for update in sequence.updates:
        value = update.value
        if value is None:
            continue
        against = stored.against(value, sequence.target)
        against = against or stored.against_mixture(update.op, value, sequence.target)
        if against is not None:
            reasons.append(against)
        if update.op is Op.DIVIDE and sequence.effect is Effect.RAISES:
            # A graph divides by a constant as a product with its reciprocal, which rounds twice.
            # A round trip through NumPy can only run eagerly, so there it is exact.
            reasons.append(Reason.INEXACT_OPERATOR)
        if not update.stable:
            reasons.append(Reason.EVALUATION_ORDER)
    if context.graph:
        reasons.append(Reason.GRAPH_MODE)
    if sequence.target.rank is None and sequence.effect is Effect.WRITES:
        # Of rank 0 the copy would be a NumPy scalar.
        reasons.append(Reason.UNKNOWN_RANK)
    if context.catches and not (
        sequence.effect is Effect.WRITES and _cannot_fail(sequence, context)
    ):
        reasons.append(Reason.CAUGHT_EXCEPTION)
    return reasons


def _cannot_fail(sequence: UpdateSequence, context: Context) -> bool:
    """Places proven in range take a value of known shape: no handler has anything to see."""
    parts = [points.scatter(update, sequence.target, context) for update in sequence.updates]
    return not any(isinstance(part, Refused) for part in parts)
