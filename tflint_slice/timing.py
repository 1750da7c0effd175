"""Where the processor time of a run goes, if somebody asks: by stage, and by rule among the idioms.

A clock runs from stage to stage: what passes counts for the innermost one, so that all of them add
up to what the process has used. Without a clock a stage costs one look at an empty list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from enum import Enum
from functools import wraps
from time import process_time
from typing import Final, ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


class Stage(Enum):
    """What a run does, in the order in which a file passes through it."""

    FIND = "find files"
    CACHE = "cache"
    READ = "read"
    BYTES = "screen of bytes"
    LOAD = "load analysis"
    PARSE = "parse"
    TREES = "screens of trees"
    INFER = "inference"
    OTHERS = "other files"
    IDIOMS = "idioms"
    REWRITE = "rewrites"
    SUPPRESSIONS = "suppressions"
    PROOFS = "proofs"
    FIXES = "fixes"
    PROCESSES = "processes"
    WRITE = "write"
    REPORT = "report"
    REST = "all else"


Part = tuple[Stage, str]
"""A stage, and for what in it: the codes of rules, or nothing."""
Spent = Mapping[Part, float]
"""Seconds by part."""


class Clock:
    """Adds up the seconds that this process spends, and what others tell of theirs."""

    def __init__(self, base: Stage) -> None:
        self.spent: dict[Part, float] = {}
        self._part: Part = base, ""
        self._since = process_time()

    def turn(self, part: Part) -> Part:
        """Count what has passed for the part at hand, and go on with another one."""
        now = process_time()
        self.add({self._part: now - self._since})
        self._since = now
        before, self._part = self._part, part
        return before

    def read(self) -> None:
        """Count what has passed, and go on."""
        self.turn(self._part)

    @contextmanager
    def at(self, part: Part) -> Iterator[None]:
        before = self.turn(part)
        try:
            yield
        finally:
            self.turn(before)

    def add(self, spent: Spent) -> None:
        for part, seconds in spent.items():
            self.spent[part] = self.spent.get(part, 0.0) + seconds


_clocks: Final[list[Clock]] = []
"""The one that runs is the last one: a process that is forked has that of its parent before it."""
_UNTIMED: Final = nullcontext()


@contextmanager
def measuring(base: Stage = Stage.REST) -> Iterator[Clock]:
    """A clock for what is done inside; ``base`` is where what is no other stage counts."""
    clock = Clock(base)
    _clocks.append(clock)
    try:
        yield clock
    finally:
        clock.read()
        _clocks.remove(clock)


def is_measuring() -> bool:
    return bool(_clocks)


def stage(name: Stage, codes: str = "") -> AbstractContextManager[None]:
    """Let what is done inside count for a stage."""
    return _clocks[-1].at((name, codes)) if _clocks else _UNTIMED


def timed(name: Stage) -> Callable[[Callable[_Given, _Answer]], Callable[_Given, _Answer]]:
    """Let a whole function count for a stage."""

    def decorate(function: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
        @wraps(function)
        def within(*args: _Given.args, **kwargs: _Given.kwargs) -> _Answer:
            if not _clocks:
                return function(*args, **kwargs)
            with _clocks[-1].at((name, "")):
                return function(*args, **kwargs)

        return within

    return decorate


def taken() -> Spent:
    """What was spent since this was last asked, for another process to add to its own."""
    if not _clocks:
        return {}
    clock = _clocks[-1]
    clock.read()
    spent, clock.spent = clock.spent, {}
    return spent


def add(spent: Spent) -> None:
    """Add what another process has spent."""
    if spent:
        _clocks[-1].add(spent)
