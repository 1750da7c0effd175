"""Runs commands in turns, and says how long each took and how much memory its processes had."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple


class Failed(Exception):
    """A command did not do what was to be timed."""


class Sample(NamedTuple):
    """One run. ``peak`` is the most memory that any one of its processes had, in MiB."""

    seconds: float
    peak: float


class Spread(NamedTuple):
    """Of several numbers the least, the one in the middle, and the greatest."""

    least: float
    median: float
    greatest: float

    @classmethod
    def of(cls, numbers: Iterable[float]) -> Spread:
        known = sorted(numbers)
        return cls(known[0], statistics.median(known), known[-1])


class Step(NamedTuple):
    """A command to time. ``prepare`` is called before each run, and takes none of its time.

    ``timed_by_itself``: the command prints the seconds that count, in place of all that it took.
    """

    label: str
    command: tuple[str, ...]
    prepare: Callable[[], object] | None = None
    timed_by_itself: bool = False
    statuses: tuple[int, ...] = (0,)


def in_turns(steps: Sequence[Step], times: int, folder: Path) -> list[list[Sample]]:
    """The runs of each step, A B A B and not A A B B: the moods of the machine are for both."""
    runs: list[list[Sample]] = [[] for _ in steps]
    for _ in range(times):
        for step, samples in zip(steps, runs, strict=True):
            samples.append(run(step, folder))
    return runs


def run(step: Step, folder: Path) -> Sample:
    """Run a command to its end, and that of all processes that it waits for.

    Raises:
        Failed: its exit status is none that was expected.
    """
    if step.prepare is not None:
        step.prepare()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(
            step.command, cwd=folder, env=bare_environment(), stdout=out, stderr=err
        )
        # The one call that tells of the memory of processes that are gone, children included.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        printed, complaint = out.read(), err.read().decode(errors="replace")
    if process.returncode not in step.statuses:
        command = " ".join(step.command)
        raise Failed(f"{command}: exit status {process.returncode}\n{complaint[-2000:]}")
    if step.timed_by_itself:
        seconds = float(printed)
    return Sample(seconds, mebibytes(usage.ru_maxrss, sys.platform))


def bare_environment() -> dict[str, str]:
    """Ours without what would change what the commands import or print."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "VIRTUAL_ENV", "RUFF_"))
    }


def mebibytes(most_resident: int, platform: str) -> float:
    """``ru_maxrss`` is in bytes on macOS, and in KiB elsewhere."""
    return most_resident / (1024 * 1024 if platform == "darwin" else 1024)
