"""Compares what two sides came to, bit for bit, with the numeric exceptions that have a name."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tflint_slice.prove.numeric import numeric_exceptions
from tflint_slice.prove.run import ABORTS, UNDEFINED, Outcome
from tflint_slice.prove.runtime import SYMBOLIC, Snapshot

NO_ROOM = "a value for an empty part of the target may be of any shape"


@dataclass
class Comparison:
    """``differences`` refute; ``exceptions`` are allowed by name; ``notes`` are worth knowing.

    ``caught`` are differences that only code sees which carries on after an exception.
    """

    differences: list[str] = field(default_factory=list)
    caught: list[str] = field(default_factory=list)
    exceptions: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)


def compare(
    original: Outcome, fixed: Outcome, labels: tuple[str, ...], *, state: bool, plain: bool
) -> Comparison:
    """Compare two runs on the same inputs.

    ``labels`` name the outputs. ``state`` says that the target can be changed, so that what it
    holds afterwards counts. ``plain`` says that the original ran in NumPy's terms, so that
    arrays there stand for tensors here.
    """
    result = Comparison()
    say = result.differences.append
    if not fixed.counts and original.counts:
        what = "returns" if original.returned else f"raises {original.raised}"
        bad = "aborts the process" if fixed.raised == ABORTS else UNDEFINED
        say(f"the original {what}, the fix {bad} ({fixed.message})")
        return result
    if original.returned and not fixed.returned:
        words = f": {fixed.message}" if fixed.message else ""
        say(f"the original returns, the fix raises {fixed.raised}{words}")
    elif fixed.returned and not original.returned:
        if plain and original.raised == "ValueError" and not fixed.changed:
            # NumPy wants the shape of a value to fit even where there is no room for any of it.
            result.notes.add(NO_ROOM)
        else:
            say(f"the original raises {original.raised}, the fix returns")
    elif not original.returned:
        if original.raised != fixed.raised:
            result.caught.append(f"the original raises {original.raised}, the fix {fixed.raised}")
        if state and _state_differs(original, fixed, plain):
            result.caught.append("the target differs after an exception")
    if original.returned and fixed.returned:
        _compare_results(result, original, fixed, labels, state=state, plain=plain)
    for exposure in sorted(fixed.exposed - original.exposed):
        say(f"the fix gives a scatter {exposure.value}; the original does not")
    return result


def _compare_results(
    result: Comparison,
    original: Outcome,
    fixed: Outcome,
    labels: tuple[str, ...],
    *,
    state: bool,
    plain: bool,
) -> None:
    say = result.differences.append
    if not _same_log(original, fixed, plain):
        say(_log_difference(original, fixed))
    if state and original.state is not None and fixed.state is not None:
        _compare_values(result, "the target", original.state, fixed.state, plain)
    for label, before, after in zip(labels, original.outputs, fixed.outputs, strict=True):
        _compare_values(result, f"`{label}`", before, after, plain)
    for before_input, after_input in zip(original.inputs, fixed.inputs, strict=True):
        if before_input is not None and after_input is not None:
            _compare_values(result, "an input", before_input, after_input, plain)
    for before, after in zip(original.views, fixed.views, strict=False):
        _compare_values(result, "a view taken before", before, after, plain)
    for before, after in zip(original.gradients, fixed.gradients, strict=False):
        _compare_values(result, "a gradient", before, after, plain)
    if not plain and original.live != fixed.live:
        say("a later write to the target shows in the result of one side only")


def _compare_values(
    result: Comparison, what: str, before: Snapshot, after: Snapshot, plain: bool
) -> None:
    if before.content is SYMBOLIC or after.content is SYMBOLIC:
        return
    if plain and after.kind == "replicas" and before.kind != "replicas":
        for replica in after.content:
            _compare_values(result, f"{what}, in a replica,", before, replica, plain)
        return
    if isinstance(before.content, tuple) and isinstance(after.content, tuple):
        if before.kind != after.kind or len(before.content) != len(after.content):
            result.differences.append(f"{what} is {before} in the original, {after} in the fix")
            return
        for old, new in zip(before.content, after.content, strict=True):
            _compare_values(result, what, old, new, plain)
        return
    if before.kind != after.kind and not plain:
        result.differences.append(f"{what} is a {before.kind} in the original, a {after.kind} now")
        return
    arrays = [isinstance(content, np.ndarray) for content in (before.content, after.content)]
    if not all(arrays):
        if any(arrays) or before.content != after.content:
            result.differences.append(f"{what} is {before} in the original, {after} in the fix")
        return
    if before.content.dtype != after.content.dtype:
        result.differences.append(
            f"{what} is of dtype {before.content.dtype} in the original, "
            f"{after.content.dtype} in the fix"
        )
    elif before.content.shape != after.content.shape:
        result.differences.append(
            f"{what} is of shape {list(before.content.shape)} in the original, "
            f"{list(after.content.shape)} in the fix"
        )
    else:
        allowed = numeric_exceptions(before.content, after.content)
        if allowed is None:
            result.differences.append(f"{what} differs")
        else:
            result.exceptions |= allowed


def _state_differs(original: Outcome, fixed: Outcome, plain: bool) -> bool:
    if original.state is None or fixed.state is None:
        return False
    probe = Comparison()
    _compare_values(probe, "", original.state, fixed.state, plain)
    return bool(probe.differences)


# --- the log of holes -----------------------------------------------------------------------------


def _same_log(original: Outcome, fixed: Outcome, plain: bool) -> bool:
    if [entry[0] for entry in original.log] != [entry[0] for entry in fixed.log]:
        return False
    probe = Comparison()
    for (_, *before), (_, *after) in zip(original.log, fixed.log, strict=True):
        for old, new in zip(before, after, strict=True):
            _compare_values(probe, "", old, new, plain)
    return not probe.differences


def _log_difference(original: Outcome, fixed: Outcome) -> str:
    before = [entry[0] for entry in original.log]
    after = [entry[0] for entry in fixed.log]
    for text in dict.fromkeys([*before, *after]):
        if before.count(text) != after.count(text):
            first, second = _times(before.count(text)), _times(after.count(text))
            return f"`{text}` is evaluated {first} by the original, {second} by the fix"
    if before != after:
        return f"evaluated in another order: {', '.join(before)}; by the fix {', '.join(after)}"
    return f"`{before[0]}` is called with other arguments, or with the target in another state"


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")
