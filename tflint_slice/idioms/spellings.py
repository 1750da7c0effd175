"""How people spell the updates of a rule: templates that the rule's matrix of proofs fills in.

An idiom's module declares its ``SPELLINGS`` by code, next to its ``RULES``. Only the matrix reads
them; linting does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Breadth(Enum):
    """On how much of the matrix a spelling is tried."""

    FULL = "every receiver and index, every value at the common indices, every dtype"
    VALUES = "every receiver and every value at the common indices"
    OPERATOR = "one value at the common indices, every dtype"
    ONCE = "one program"


@dataclass(frozen=True)
class Spelling:
    """One way to write an update.

    ``template`` holds ``{v}`` for the variable, and either ``{index}`` and ``{value}``, what NumPy
    takes between brackets and what is stored there, or ``{rows}`` and ``{updates}``, which are
    what scatter takes. With none of them it is an update as it stands, of a vector of floats.
    ``value`` names the form of value that receivers and indices are crossed with. ``tensors`` says
    that a tensor may take the place of the variable.
    """

    name: str
    template: str
    breadth: Breadth = Breadth.ONCE
    value: str = "number"
    tensors: bool = False
    lacks: tuple[str, ...] = ()
