"""What a lifted statement takes from its surroundings: its inputs and the holes it calls."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, replace
from enum import IntEnum

from tflint_slice.model import Kind, Operand


class Role(IntEnum):
    """How the statements use an input, which says what to draw for it. The highest one counts."""

    ARGUMENT = 0
    """Only handed to a hole."""
    CONDITION = 1
    VALUE = 2
    DTYPE = 3
    AXIS = 4
    COUNT = 5
    """A length, or what a range counts up to."""
    BOUND = 6
    """One end of a slice."""
    MASK = 7
    INDEX = 8
    """Inside of the brackets of an array, or a part of what scatter indices are made of."""
    COORDINATE = 9
    """One entry of a nested list of scatter indices."""
    INDICES = 10
    """The whole indices of a scatter."""
    TARGET = 11


@dataclass(frozen=True)
class Input:
    """A name, attribute or item of the original that becomes a parameter of the lifted functions.

    ``array`` says that the statements treat it as an array whatever else it could be.
    """

    name: str
    text: str
    fact: Operand
    role: Role
    array: bool = False


@dataclass(frozen=True)
class Hole:
    """A call that is not run: it is logged, and answers with a drawn value."""

    name: str
    text: str
    fact: Operand
    role: Role


UNKNOWN = Operand("")

ARRAYS = frozenset({Kind.NDARRAY, Kind.TENSOR} | {kind for kind in Kind if kind.is_variable})
CONTAINERS = frozenset({Kind.LIST, Kind.TUPLE})


class Inputs:
    """All inputs and holes of one site, each under an identifier that no side uses otherwise."""

    def __init__(self, facts: dict[str, Operand], target: str, taken: set[str]) -> None:
        self.facts = facts
        self.target = target
        self._taken = taken
        self.inputs: dict[str, Input] = {}
        self.holes: dict[str, Hole] = {}
        self.require(target, Role.TARGET)

    def fact(self, text: str) -> Operand:
        return self.facts.get(text, UNKNOWN)

    def require(self, text: str, role: Role, *, array: bool = False) -> str:
        """The identifier of the input that stands for ``text``."""
        known = self.inputs.get(text)
        if known is None:
            known = Input(self._identifier(text), text, self.fact(text), role)
        self.inputs[text] = replace(known, role=max(role, known.role), array=array or known.array)
        return known.name

    def hole(self, key: str, text: str, role: Role) -> str:
        """The identifier of the function that stands for the call ``text``."""
        known = self.holes.get(key)
        if known is None:
            name = self._identifier(f"{key.partition('(')[0]} call")
            known = Hole(name, key, self.fact(text), role)
        elif known.fact == UNKNOWN:
            known = replace(known, fact=self.fact(text))
        self.holes[key] = replace(known, role=max(role, known.role))
        return known.name

    def _identifier(self, text: str) -> str:
        """A name like ``text``; a name itself stays what it is."""
        if text.isidentifier() and not keyword.iskeyword(text):
            return text
        name = re.sub(r"\W+", "_", text).strip("_") or "value"
        name = f"_{name}" if name[0].isdigit() else name
        while name in self._taken or keyword.iskeyword(name):
            name += "_"
        self._taken.add(name)
        return name
