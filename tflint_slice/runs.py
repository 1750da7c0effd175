"""Runs the pipeline over many files: what is read, in which processes, and what is written.

An error in one file, or the end of the process that checks it, keeps no other file from being
checked.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Final

from tflint_slice.apply import Policy
from tflint_slice.engine import Job, NoProofsError, Prove, worth_checking
from tflint_slice.files.discovery import Target
from tflint_slice.files.reading import read_bytes
from tflint_slice.files.writing import ChangedMeanwhileError, replace_file
from tflint_slice.infer.reliance import noting
from tflint_slice.model import Proof, Site
from tflint_slice.outcome import Failure, Outcome
from tflint_slice.time_limit import OutOfTimeError, check_in_time, time_limit
from tflint_slice.timing import Stage, stage, timed

if TYPE_CHECKING:
    from tflint_slice.cache.results import Results

WORTH_A_PROCESS: Final = 300_000
"""Bytes of source above which starting processes costs less than it saves."""
SECONDS: Final = 120.0
"""How long one file may take. A hundred thousand lines take a quarter of it."""


@dataclass
class Counts:
    """How many files there were, and what was done with them.

    ``done`` and ``begun``, the path of the last one that was, tell how far a run has come.
    """

    seen: int = 0
    screened: int = 0
    examined: int = 0
    cached: int = 0
    done: int = 0
    begun: str = ""

    def __str__(self) -> str:
        noun = "file" if self.seen == 1 else "files"
        return (
            f"{self.seen} {noun}: {self.cached} cached, {self.screened} screened out, "
            f"{self.examined} examined"
        )


def check_files(
    targets: Iterable[Target | Failure],
    *,
    fixes: Policy | None = None,
    silence: bool = False,
    prove: Prove | None = None,
    jobs: int = 1,
    seconds: float = SECONDS,
    results: Results | None = None,
    counts: Counts | None = None,
) -> Iterator[Outcome]:
    """Read and check files, in order; fixes are made in the outcomes, not yet on disk.

    A file that takes longer than so many ``seconds`` is given up. Proofs do not count.
    ``results`` are those of earlier runs, and take in the new ones; ``counts`` is added to.
    """
    counts = Counts() if counts is None else counts
    if results is None:
        work = _work(targets, fixes, silence, seconds, None, counts)
        yield from _outcomes(work, prove, jobs, seconds, counts)
        return
    pending: dict[str, Target] = {}
    work = _work(_noted(targets, pending), fixes, silence, seconds, results, counts)
    for outcome in _outcomes(work, prove, jobs, seconds, counts):
        if outcome.rests is not None:
            results.keep(pending[outcome.path], outcome, outcome.rests)
        yield outcome


def _noted(
    targets: Iterable[Target | Failure], pending: dict[str, Target]
) -> Iterator[Target | Failure]:
    for target in targets:
        if isinstance(target, Target):
            pending[target.path] = target
        yield target


def _outcomes(
    work: Iterator[Job | Outcome], prove: Prove | None, jobs: int, seconds: float, counts: Counts
) -> Iterator[Outcome]:
    # The prover is one process that belongs to this one: proofs are asked for from here.
    if prove is None and jobs > 1:
        first, large = _first_of(work)
        work = chain(first, work)
        if large:
            from tflint_slice.workers import check_all

            yield from check_all(work, jobs, seconds, counts)
            return
    for each in work:
        if isinstance(each, Outcome):
            yield each
        else:
            outcome = check_in_time(each, seconds, prove)
            counts.done += 1
            yield outcome


def _work(
    targets: Iterable[Target | Failure],
    fixes: Policy | None,
    silence: bool,
    seconds: float,
    results: Results | None,
    counts: Counts,
) -> Iterator[Job | Outcome]:
    """What is left to do for each file, or what became of it already; nothing if it is clean."""
    for target in targets:
        if isinstance(target, Failure):
            counts.done += 1
            yield Outcome(target.path, failures=(target,))
            continue
        counts.seen += 1
        counts.begun = target.path
        known = None if results is None else results.known(target)
        if known is not None:
            counts.cached += 1
            counts.done += 1
            if isinstance(known, Outcome):
                yield known
            continue
        try:
            with stage(Stage.READ):
                data = read_bytes(target.path) if target.data is None else target.data
        except OSError as error:
            counts.done += 1
            failure = Failure(target.path, error.strerror or str(error))
            yield Outcome(target.path, failures=(failure,))
            continue
        # The screen is so much cheaper than a pipe that processes only get what it lets through.
        with noting() as ground:
            worth = _may_hold_a_finding(data, target.path, seconds)
        if worth is False:
            counts.screened += 1
            counts.done += 1
            if results is not None:
                results.keep(target, None, ground.reliance)
        else:
            counts.examined += 1
            screened = ground.reliance if worth else None
            yield Job(target.path, target.settings, data, fixes, silence, screened)


def _may_hold_a_finding(data: bytes, path: str, seconds: float) -> bool | None:
    try:
        with time_limit(seconds):
            return worth_checking(data, path)
    except (Exception, OutOfTimeError):
        # Checking the file meets the same obstacle again, and knows how to tell of it.
        return None


def _first_of(work: Iterator[Job | Outcome]) -> tuple[list[Job | Outcome], bool]:
    """As much of the work as shows whether it is worth a process, and whether it is."""
    first: list[Job | Outcome] = []
    size = 0
    for each in work:
        first.append(each)
        size += len(each.data) if isinstance(each, Job) else 0
        if size >= WORTH_A_PROCESS:
            return first, True
    return first, False


@timed(Stage.WRITE)
def save(outcome: Outcome) -> Outcome:
    """Write the fixed text to disk; if that fails, the outcome is as if nothing had been fixed."""
    if outcome.change is None:
        return outcome
    try:
        replace_file(outcome.path, outcome.change.before, outcome.change.after)
    except ChangedMeanwhileError:
        message = "not fixed: the file changed while it was being checked"
    except OSError as error:
        message = f"not fixed: {error.strerror or error}"
    else:
        return outcome
    return replace(
        outcome,
        after=outcome.before,
        left=outcome.found,
        made=(),
        change=None,
        failures=(*outcome.failures, Failure(outcome.path, message)),
    )


@contextmanager
def proving(
    devices: Sequence[str] = (), told: Callable[[Proof], object] | None = None
) -> Iterator[Prove]:
    """A way to prove sites: TensorFlow is started for the first one, and once for all of them.

    Without ``devices`` they are proved on all that there are. Each new proof is ``told``.

    Raises:
        NoProofsError: from proving, where TensorFlow is missing, does not start, or lacks a device.
    """
    from tflint_slice.prove.prover import Prover, ProverUnavailable

    with Prover(devices=devices) as prover:

        @cache  # the same site meets us again in every round of fixes
        def prove(site: Site) -> Proof:
            try:
                proof = prover.prove(site)
            except ProverUnavailable as error:
                raise NoProofsError(str(error)) from error
            if told is not None:
                told(proof)
            return proof

        yield prove


def available_processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
