"""Checks files in several processes, each of which has one file at a time.

So it is known which file a process had that died or takes too long; another one takes its place.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import TYPE_CHECKING, Final

from tflint_slice import timing
from tflint_slice.engine import OUR_FAULT, Job
from tflint_slice.garbage import search_rarely
from tflint_slice.outcome import Failure, Outcome
from tflint_slice.time_limit import check_in_time, out_of_time
from tflint_slice.timing import Spent, Stage, measuring, stage

if TYPE_CHECKING:
    from tflint_slice.runs import Counts

_GRACE: Final = 5.0
"""Seconds that a process has to give up a file by itself, before it is ended."""
_Answer = tuple[Outcome, Spent]
"""What a process sends: what became of a file, and where the time went if that is measured."""


def check_all(
    work: Iterable[Job | Outcome], processes: int, seconds: float, counts: Counts
) -> Iterator[Outcome]:
    """Check the jobs among ``work`` in up to so many processes, and give the outcomes in order."""
    done: dict[int, Outcome] = {}
    given = 0

    def collect() -> None:
        with stage(Stage.PROCESSES):
            finished = dict(workers.finished())
        counts.done += len(finished)
        done.update(finished)

    with _Workers(processes, seconds) as workers:
        for number, each in enumerate(work):
            if isinstance(each, Outcome):
                done[number] = each
            else:
                while workers.all_busy:
                    collect()
                with stage(Stage.PROCESSES):
                    workers.give(number, each)
            while given in done:
                yield done.pop(given)
                given += 1
        while workers.any_busy:
            collect()
            while given in done:
                yield done.pop(given)
                given += 1


@dataclass
class _Worker:
    """A process, our end of the pipe to it, and the file that it has."""

    process: BaseProcess
    connection: Connection
    number: int = 0
    path: str = ""
    deadline: float = 0.0

    def end(self) -> None:
        self.connection.close()
        # It writes nothing but to its pipe, so that nothing is lost.
        self.process.kill()
        self.process.join()


class _Workers:
    """Processes that are started when there is something to do for them."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._idle: list[_Worker] = []
        self._busy: dict[Connection, _Worker] = {}

    def __enter__(self) -> _Workers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for worker in (*self._idle, *self._busy.values()):
            worker.end()

    @property
    def all_busy(self) -> bool:
        return len(self._busy) == self._most

    @property
    def any_busy(self) -> bool:
        return bool(self._busy)

    def give(self, number: int, job: Job) -> None:
        """Have a file checked by a process that has none."""
        worker = self._idle.pop() if self._idle else _started(self._seconds)
        worker.number, worker.path = number, job.path
        worker.deadline = time.monotonic() + self._seconds + _GRACE
        self._busy[worker.connection] = worker
        try:
            worker.connection.send(job)
        except OSError:
            # It is dead, as reading from it will show.
            return

    def finished(self) -> Iterator[tuple[int, Outcome]]:
        """Wait until there is something to tell of at least one file, and tell it."""
        soonest = min(worker.deadline for worker in self._busy.values())
        ready = wait(list(self._busy), max(0.0, soonest - time.monotonic()))
        for worker in [worker for worker in self._busy.values() if worker.connection in ready]:
            del self._busy[worker.connection]
            try:
                answer: _Answer = worker.connection.recv()
                outcome, spent = answer
                timing.add(spent)
                self._idle.append(worker)
            except (EOFError, OSError):
                worker.end()
                failure = Failure(worker.path, f"the process that checked it died; {OUR_FAULT}")
                outcome = Outcome(worker.path, failures=(failure,))
            yield worker.number, outcome
        now = time.monotonic()
        for late in [worker for worker in self._busy.values() if worker.deadline <= now]:
            del self._busy[late.connection]
            late.end()
            yield late.number, out_of_time(late.path, self._seconds)


def _started(seconds: float) -> _Worker:
    ours, theirs = multiprocessing.Pipe()
    arguments = theirs, ours, seconds, timing.is_measuring()
    process = multiprocessing.Process(target=_serve, args=arguments, daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _serve(connection: Connection, parents: Connection, seconds: float, measured: bool) -> None:
    """Check files until the other end of the pipe is closed, be it by the end of its process."""
    # A copy of that end, left open here, would keep us from noticing.
    parents.close()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # An interrupt goes to all processes of a terminal; the one that started us ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    search_rarely()
    with measuring(Stage.PROCESSES) if measured else nullcontext():
        _answer(connection, seconds)


def _answer(connection: Connection, seconds: float) -> None:
    while True:
        try:
            job: Job = connection.recv()
        except (EOFError, OSError):
            return
        outcome = check_in_time(job, seconds)
        try:
            connection.send((outcome, timing.taken()))
        except OSError:
            return
        except RecursionError:
            failure = Failure(job.path, "too deeply nested to analyse")
            connection.send((Outcome(job.path, failures=(failure,)), {}))


def _end_with_parent() -> None:
    """End in the middle of a file as well, once nobody is left to be told of it."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
