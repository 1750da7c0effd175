"""What is drawn: a plan says what each input is, a case holds the numbers as well."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import numpy as np

from tflint_slice.prove.contents import finfo, is_floating, numpy_dtype
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
    VIEW = "a view of the target, taken before, that lives on"


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
    """Everything that both sides are given.

    ``lengths`` are those of the symbolic dimensions. ``intrusion`` is what holes write to the
    target.
    """

    plan: Plan
    oddity: Oddity
    inputs: tuple[Drawn, ...]
    holes: tuple[tuple[Drawn, ...], ...]
    lengths: tuple[tuple[str, int], ...] = ()
    intrusion: np.ndarray[Any, Any] | None = None

    @property
    def size(self) -> int:
        return sum(drawn.size for drawn in self.inputs) + sum(
            drawn.size for values in self.holes for drawn in values
        )

    def without_denormals(self) -> Case:
        """The same case with zeros where there are numbers that TensorFlow may take for zeros."""
        dtype = self.inputs[0].dtype
        if not is_floating(dtype):
            return self
        return replace(
            self,
            inputs=tuple(_flushed(drawn, dtype) for drawn in self.inputs),
            holes=tuple(tuple(_flushed(drawn, dtype) for drawn in values) for values in self.holes),
        )

    @property
    def is_empty(self) -> bool:
        return any(drawn.size == 0 for drawn in self.inputs)


def _flushed(drawn: Drawn, dtype: str) -> Drawn:
    # The smallest normal number as well: what is computed from it may be subnormal.
    limit = 2.0 * float(finfo(numpy_dtype(dtype)).tiny)
    value = drawn.value
    if isinstance(value, float):
        return replace(drawn, value=0.0) if abs(value) < limit else drawn
    if isinstance(value, np.ndarray) and is_floating(drawn.dtype):
        return replace(drawn, value=np.where(np.abs(value) < limit, value.dtype.type(0), value))
    return drawn
