"""Compares what two runs of a program were seen to do, and says each difference in a line."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from tflint_slice.prove.contents import Array, is_floating, is_integer, numpy_dtype
from tflint_slice.prove.numeric import numeric_exceptions
from tflint_slice.prove.program.observation import Leaf, Observation

LONG = 60
"""Characters of a printed line, or of a text, that are quoted."""


@dataclass(frozen=True)
class Compared:
    """All ``differences``, the numeric ``exceptions`` that are allowed by name, and the names of
    temporaries that were ``excused``.
    """

    differences: tuple[str, ...] = ()
    exceptions: frozenset[str] = frozenset()
    excused: frozenset[str] = frozenset()


@dataclass
class _Comparison:
    first: Observation
    second: Observation
    names: tuple[str, str]
    exceptions: set[str] = field(default_factory=set)
    excused: set[str] = field(default_factory=set)

    def differences(self, temporaries: frozenset[str]) -> Iterator[str]:
        yield from self._endings()
        yield from self._output()
        for path in dict.fromkeys((*self.first.leaves, *self.second.leaves)):
            before, after = self.first.leaves.get(path), self.second.leaves.get(path)
            difference = self._leaf(before, after)
            if not difference:
                continue
            if _root(path) in temporaries and not _is_variable(before) and not _is_variable(after):
                self.excused.add(_root(path))
            else:
                yield f"`{path}` {difference}"

    def _endings(self) -> Iterator[str]:
        before, after = self.first.ending, self.second.ending
        if (before.exception, before.status) != (after.exception, after.status):
            message = f": {_cut(after.message)}" if after.exception and after.message else ""
            yield f"{self.names[0]} {before}, {self.names[1]} {after}{message}"

    def _output(self) -> Iterator[str]:
        if self.first.digest == self.second.digest:
            return
        before, after = self.first.output.split("\n"), self.second.output.split("\n")
        for row in range(max(len(before), len(after))):
            lines = [_cut(repr(text[row])) if row < len(text) else "" for text in (before, after)]
            if before[row : row + 1] != after[row : row + 1]:
                # After the last line there is nothing, which is not the same as an empty line.
                shown = [line if line not in ("", "''") else "missing" for line in lines]
                yield f"line {row + 1} of the output is {self._both(*shown)}"
                return
        yield "the output differs, far behind its start"

    def _leaf(self, before: Leaf | None, after: Leaf | None) -> str:
        if before is None or after is None:
            return f"is there in {self.names[before is None]} only"
        if before.kind != after.kind:
            return f"is {self._both(_a(before.kind), _a(after.kind))}"
        if before.same_as != after.same_as:
            same = [
                f"the same object as `{leaf.same_as}`" if leaf.same_as else "another object"
                for leaf in (before, after)
            ]
            return f"is {self._both(*same)}"
        if before.same_as:
            return ""  # told of where it was met before
        if before.dtype != after.dtype:
            return f"is of dtype {self._both(before.dtype, after.dtype)}"
        if before.shape != after.shape:
            return f"is of shape {self._both(str(list(before.shape)), str(list(after.shape)))}"
        if before.digest == after.digest:
            return ""
        arrays = _array(before), _array(after)
        if arrays[0] is None or arrays[1] is None:
            if before.content and after.content and not before.dtype:
                return f"is {self._both(_cut(before.content), _cut(after.content))}"
            return "differs"
        allowed = numeric_exceptions(arrays[0], arrays[1])
        if allowed is None:
            return self._element(arrays[0], arrays[1])
        self.exceptions |= allowed
        return ""

    def _element(self, before: Array, after: Array) -> str:
        """The first element that is not the same."""
        places = (place for place in np.ndindex(before.shape))
        place = next(p for p in places if numeric_exceptions(before[p], after[p]) is None)
        where = f" at {list(place)}" if place else ""
        shown = str(before[place]), str(after[place])
        if shown[0] == shown[1]:
            return f"differs in its bits{where} ({shown[0]})"
        return f"is {self._both(*shown)}{where}"

    def _both(self, before: str, after: str) -> str:
        return f"{before} in {self.names[0]}, {after} in {self.names[1]}"


def compare(
    first: Observation,
    second: Observation,
    names: tuple[str, str] = ("the original", "the fixed program"),
    temporaries: frozenset[str] = frozenset(),
) -> Compared:
    """Compare two runs; ``names`` say in the differences which run was which.

    ``temporaries`` are names that a fix does away with and that nothing reads. They are excused,
    unless they mean variables.
    """
    comparison = _Comparison(first, second, names)
    differences = tuple(comparison.differences(temporaries))
    return Compared(differences, frozenset(comparison.exceptions), frozenset(comparison.excused))


def _array(leaf: Leaf) -> Array | None:
    """The numbers in an array, if they came with it."""
    known = is_floating(leaf.dtype) or is_integer(leaf.dtype) or leaf.dtype in _OTHERS
    if not known or not leaf.content:
        return None
    data = base64.b64decode(leaf.content)
    return np.frombuffer(data, numpy_dtype(leaf.dtype)).reshape(leaf.shape)


_OTHERS = ("bool", "complex64", "complex128")


def _is_variable(leaf: Leaf | None) -> bool:
    return leaf is not None and leaf.is_variable


def _root(path: str) -> str:
    """The name that a path starts at, without the function or module that it is in."""
    name = path.rpartition(": ")[2]
    return name.partition(".")[0].partition("[")[0]


def _a(kind: str) -> str:
    return f"{'an' if kind[0].lower() in 'aeiou' else 'a'} {kind}"


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONG else f"{text[:LONG]}..."
