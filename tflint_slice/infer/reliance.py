"""What an answer about a file rests on: other paths of its project, and searches through all of it.

It is written down while the answer is found, so that a later run can tell whether it still holds.
An answer that is remembered within a process brings along what it rested on when it was found.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Final, ParamSpec, TypeVar

Question = tuple[str, ...]
"""What all files of the project were searched for: the kind of search, then its words."""

ANYTHING: Final[Question] = ("anything",)
"""Stands for a search that any change in the project may decide otherwise."""

PRESENT: Final = "+"
ABSENT: Final = "-"
LISTED: Final = "/"
"""What a noted path begins with: it was there, it was not, or it was asked what lies in it."""

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Reliance:
    """The paths that were looked at, each after a sign, and the questions that were asked.

    A file of which there was a hit is among the paths; the others answered no.
    """

    paths: frozenset[str] = frozenset()
    questions: frozenset[Question] = frozenset()


class Ground:
    """What is noted while one answer is found; ``inner`` are remembered answers that it used."""

    __slots__ = ("inner", "paths", "questions")

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self.questions: set[Question] = set()
        self.inner: set[Ground] = set()

    @property
    def reliance(self) -> Reliance:
        """All of it, that of the inner answers included."""
        paths: set[str] = set()
        questions: set[Question] = set()
        seen: set[Ground] = {self}
        waiting = [self]
        while waiting:
            ground = waiting.pop()
            paths |= ground.paths
            questions |= ground.questions
            new = ground.inner - seen
            seen |= new
            waiting += new
        return Reliance(frozenset(paths), frozenset(questions))


_open: Final[list[Ground]] = [Ground()]


@contextmanager
def noting() -> Iterator[Ground]:
    """Note what is asked inside, and only that."""
    ground = Ground()
    _open.append(ground)
    try:
        yield ground
    finally:
        while _open.pop() is not ground:
            pass


def remembered(
    most: int,
) -> Callable[[Callable[_Given, _Answer]], Callable[_Given, _Answer]]:
    """Remember up to so many answers of a function together with what each of them rests on.

    Arguments have to be hashable and given by position.
    """

    def decorate(function: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
        answers: dict[object, tuple[_Answer, Ground]] = {}

        @wraps(function)
        def remembering(*args: _Given.args, **kwargs: _Given.kwargs) -> _Answer:
            assert not kwargs
            known = answers.get(args)
            if known is None:
                ground = Ground()
                _open.append(ground)
                try:
                    answer = function(*args, **kwargs)
                finally:
                    while _open.pop() is not ground:
                        pass
                    # Whoever catches what was raised rests on the way to it.
                    _open[-1].inner.add(ground)
                if len(answers) >= most:
                    answers.clear()
                answers[args] = answer, ground
                return answer
            _open[-1].inner.add(known[1])
            return known[0]

        return remembering

    return decorate


def asked(kind: str, *words: str) -> None:
    """Note that all files of the project are searched."""
    if len(_open) > 1:
        _open[-1].questions.add((kind, *words))


def seen(path: str, *, present: bool) -> None:
    """Note that it bears on the answer what a path holds, or that it is not there."""
    if len(_open) > 1:
        _open[-1].paths.add((PRESENT if present else ABSENT) + path)


def relied_on(rests: Reliance) -> None:
    """Note what an answer rests on that was found before, be it by another process."""
    if len(_open) > 1:
        _open[-1].paths |= rests.paths
        _open[-1].questions |= rests.questions


def is_file(path: str) -> bool:
    """``os.path.isfile``, noted."""
    found = os.path.isfile(path)
    seen(path, present=found)
    return found


def is_folder(path: str) -> bool:
    """``os.path.isdir``, noted. What is a file counts as present, too."""
    found = os.path.isdir(path)
    seen(path, present=found or (path.endswith(".py") and os.path.isfile(path)))
    return found


def listed(folder: str) -> list[str]:
    """``os.listdir``, noted; nothing for what cannot be listed."""
    if len(_open) > 1:
        _open[-1].paths.add(LISTED + folder)
    try:
        return os.listdir(folder)
    except OSError:
        return []
