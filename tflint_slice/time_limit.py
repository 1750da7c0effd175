"""How long this process may work on one file.

The limit is an alarm, which only the main thread of a process on a POSIX system can have;
elsewhere there is none, and a process that checks files for another is ended by that one.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Final

from tflint_slice.engine import Job, Prove, check
from tflint_slice.garbage import no_search
from tflint_slice.model import Proof, Site
from tflint_slice.outcome import Failure, Outcome

_AGAIN: Final = 1.0
"""Seconds until the next alarm: an exception may be swallowed where none can be passed on."""


class OutOfTimeError(BaseException):
    """The time is up. No ``except Exception`` on the way is meant to catch it."""


def check_in_time(job: Job, seconds: float, prove: Prove | None = None) -> Outcome:
    """Check a file, or say that it takes too long. The time that proofs take does not count.

    Raises:
        NoProofsError: a proof was wanted.
    """
    try:
        with no_search(), time_limit(seconds) as limit:
            outcome = check(job, None if prove is None else _off_the_clock(prove))
    except OutOfTimeError:
        return out_of_time(job.path, seconds)
    # The parser of CPython 3.11 makes another exception of one that comes while it works.
    return out_of_time(job.path, seconds) if limit.reached else outcome


def out_of_time(path: str, seconds: float) -> Outcome:
    """What becomes of a file that takes too long."""
    return Outcome(path, failures=(Failure(path, f"given up after {seconds:g} seconds"),))


@dataclass
class Limit:
    """Whether the time was up before the code had ended."""

    reached: bool = False


@contextmanager
def time_limit(seconds: float) -> Iterator[Limit]:
    """Let the code inside run for so long.

    Raises:
        OutOfTimeError: it took longer.
    """
    limit = Limit()
    if sys.platform == "win32":
        yield limit
        return

    def end(number: int, frame: FrameType | None) -> None:
        limit.reached = True
        raise OutOfTimeError

    try:
        previous = signal.signal(signal.SIGALRM, end)
    except ValueError:  # not the main thread
        yield limit
        return
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
        yield limit
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _off_the_clock(prove: Prove) -> Prove:
    def unhurried(site: Site) -> Proof:
        if sys.platform == "win32":
            return prove(site)
        left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            return prove(site)
        finally:
            if left:
                signal.setitimer(signal.ITIMER_REAL, left, _AGAIN)

    return unhurried
