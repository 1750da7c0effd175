"""Runs a program before and after a change of its text, and judges whether it does the same.

Each run has a process of its own, with the same seeds. The original is run twice: what is not even
the same in two runs of one text says nothing about another text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tflint_slice.model import Verdict
from tflint_slice.prove.process import Died, Worker
from tflint_slice.prove.program.comparison import Compared, compare
from tflint_slice.prove.program.observation import Observation, from_json
from tflint_slice.prove.program.places import Rows, changed_statements
from tflint_slice.prove.program.proof import SHOWN, ProgramProof
from tflint_slice.prove.program.request import Program, Request, to_json

LIMIT = 600.0
"""Seconds that one run may take."""
LENT = "item assignment to a variable, which always raises, is taken as NumPy means it"
_ORIGINAL = "the original"
_FIXED = "the fixed program"
_RUNS = ("the first run", "the second run")
_NO_MEMORY = ("MemoryError", "ResourceExhaustedError")


class ProgramError(Exception):
    """The program cannot be run as it was asked for: there is no such function, no such device."""


@dataclass(frozen=True)
class _Pair:
    """What both sides did on one device, and what came of comparing them."""

    original: Observation
    fixed: Observation
    found: Compared


class _Unproved(Exception):
    """Nothing can be said, for the reason that is the message."""


def prove_texts(
    before: str,
    after: str,
    program: Program,
    *,
    lent: Sequence[int] = (),
    temporaries: frozenset[str] = frozenset(),
    devices: Sequence[str] = (),
    limit: float = LIMIT,
) -> ProgramProof:
    """Run both texts as ``program``, and compare what they did.

    ``lent`` are rows of the original in which item assignment is given the meaning it has in
    NumPy. ``temporaries`` are names that a fix may do away with. Without ``devices`` the program
    chooses, and TensorFlow for it.

    Raises:
        ProgramError: there is no such function or device.
        ProverUnavailable: there is no TensorFlow.
    """
    places = changed_statements(before, after)
    original = Request(program, before, lent=tuple(lent), places=places)
    fixed = Request(program, after)
    pairs: list[_Pair] = []
    for device in devices or ("",):
        where = f" on {device}" if len(devices) > 1 else ""
        sides = replace(original, device=device), replace(fixed, device=device)
        try:
            first, second = _run_both(*sides, limit)
        except _Unproved as error:
            return ProgramProof(Verdict.UNPROVED, f"{error}{where}")
        found = compare(first, second, temporaries=temporaries)
        if found.differences:
            count = len(found.differences)
            return ProgramProof(
                Verdict.REFUTED,
                f"{count} difference{'s' if count > 1 else ''}{where}",
                found.differences[:SHOWN],
                devices=tuple(devices),
                listed=first.devices,
            )
        pairs.append(_Pair(first, second, found))
    return _judged(pairs, places, tuple(devices), lent=bool(lent))


def _run_both(original: Request, fixed: Request, limit: float) -> tuple[Observation, Observation]:
    """Run all that has to be run on one device."""
    first = _run(replace(original, places=()), _ORIGINAL, limit)
    again = _run(original, _ORIGINAL, limit)
    unstable = compare(first, again, _RUNS).differences
    if unstable:
        raise _Unproved(f"two runs of the original differ: {unstable[0]}")
    if again.unlent:
        raise _Unproved("an item of a variable is assigned to while a function is traced")
    return again, _run(fixed, _FIXED, limit)


def _judged(
    pairs: list[_Pair], places: Sequence[Rows], devices: tuple[str, ...], *, lent: bool
) -> ProgramProof:
    """The verdict where nothing differs."""
    seen = pairs[0].original
    reached = frozenset[int]().union(*(pair.original.reached for pair in pairs))
    unseen = [_unseen(run) for pair in pairs for run in (pair.original, pair.fixed)]
    if any(unseen):
        return ProgramProof(Verdict.UNPROVED, next(filter(None, unseen)))
    if not reached:
        reason = f"it {seen.ending}, and has run nothing of what the fixes change"
        return ProgramProof(Verdict.UNPROVED, reason)
    notes = [LENT] if lent else []
    if seen.ending.exception or seen.ending.status:
        notes.append(f"it {seen.ending}, before and after")
    excused = sorted({name for pair in pairs for name in pair.found.excused})
    if excused:
        names = ", ".join(f"`{name}`" for name in excused)
        notes.append(f"not compared, because the fixes do away with it: {names}")
    return ProgramProof(
        Verdict.PROVED,
        devices=devices,
        listed=seen.devices,
        lines=seen.output.count("\n"),
        objects=len(seen.leaves),
        exceptions=tuple(sorted({name for pair in pairs for name in pair.found.exceptions})),
        unreached=tuple(row for number, (row, _) in enumerate(places) if number not in reached),
        notes=tuple(notes),
    )


def _run(request: Request, side: str, limit: float) -> Observation:
    worker = Worker("tflint_slice.prove.program.worker", legacy_keras=request.program.legacy_keras)
    try:
        message = worker.ask(to_json(request), limit)
    except Died as death:
        words = f": {worker.last_words}" if worker.last_words else ""
        raise _Unproved(f"{death} while it ran {side}{words}") from None
    finally:
        # Also after an interrupt.
        worker.end()
    if "fault" in message:
        raise _Unproved(f"the harness failed: {message['fault']}")
    if "refused" in message["answer"]:
        raise ProgramError(message["answer"]["refused"])
    seen = from_json(message["answer"])
    if seen.ending.exception.rpartition(".")[2] in _NO_MEMORY:
        raise _Unproved(f"out of memory: {side} {seen.ending}")
    return seen


def _unseen(seen: Observation) -> str:
    """Why what two runs had in common was not all that there was."""
    hidden = [path for path, leaf in seen.leaves.items() if leaf.hidden]
    if hidden:
        return f"the content of `{hidden[0]}` cannot be read"
    return "" if seen.complete else "there are too many objects to compare"
