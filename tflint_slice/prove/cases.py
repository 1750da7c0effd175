"""What is drawn: a plan says what each input is, a case holds the numbers as well."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from tflint_slice.prove.templates import Form, Template

HOLE_VALUES = 3
"""How many values a hole has to give, one after the other."""


class Oddity(str, Enum):
    """The one thing in which a case is out of the ordinary."""

    NONE = "nothing out of the ordinary"
    NEGATIVE = "negative indices"
    REPEATED = "repeated indices"
    OUTSIDE = "an index out of range"
    SPECIAL = "NaN, infinities, signed zeros, limits of the dtype"
    PAYLOAD = "NaN of several bit patterns in the target"
    ONES = "an axis of length 1"
    EMPTY = "an axis of length 0"
    OTHER = "an input of another kind"
    INTRUSION = "a call that writes to the target"


@dataclass(frozen=True)
class Drawn:
    """One input: ``value`` is an ndarray, or the Python object itself."""

    form: Form
    dtype: str
    value: Any = None

    @property
    def size(self) -> int:
        return int(self.value.size) if isinstance(self.value, np.ndarray) else 1


@dataclass(frozen=True)
class Plan:
    """What each input and hole is, the target first."""

    templates: tuple[Template, ...]


@dataclass(frozen=True)
class Case:
    """Everything that both sides are given. ``intrusion`` is what holes write to the target."""

    plan: Plan
    oddity: Oddity
    inputs: tuple[Drawn, ...]
    holes: tuple[tuple[Drawn, ...], ...]
    intrusion: np.ndarray[Any, Any] | None = None

    @property
    def size(self) -> int:
        return sum(drawn.size for drawn in self.inputs) + sum(
            drawn.size for values in self.holes for drawn in values
        )

    @property
    def is_empty(self) -> bool:
        return any(drawn.size == 0 for drawn in self.inputs)
