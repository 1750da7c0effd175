"""The ways in which a case is run: eagerly, traced, compiled, under a tape, under a strategy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from tflint_slice.prove.cases import Case
from tflint_slice.prove.templates import Form


class Mode(str, Enum):
    """What people call the way; it stands in the verdict by this name."""

    EAGER = "eager"
    TRACED = "tf.function"
    COMPILED = "jit_compile"
    TAPED = "GradientTape"
    MIRRORED = "MirroredStrategy"


class Place(str, Enum):
    """Where code that updates a mirrored variable may run."""

    OUTSIDE = "outside of its scope"
    INSIDE = "inside of its scope"
    REPLICA = "in a replica"


@dataclass(frozen=True)
class Way:
    """A mode, with what it leaves open.

    In a traced function ``captured`` says that tensors come from outside of it instead of as
    arguments, ``relaxed`` that it is traced for tensors of any length. ``place`` is where code
    runs that updates a mirrored variable.
    """

    mode: Mode = Mode.EAGER
    captured: bool = False
    relaxed: bool = False
    place: Place | None = None

    def __str__(self) -> str:
        return self.mode.value if self.place is None else f"{self.mode.value} {self.place.value}"

    @property
    def is_traced(self) -> bool:
        return self.mode in (Mode.TRACED, Mode.COMPILED)

    def arguments(self, case: Case) -> list[int]:
        """The numbers of the inputs that are arguments of the traced function."""
        return [
            number
            for number, drawn in enumerate(case.inputs)
            if drawn.form is Form.TENSOR and (number == 0 or not self.captured)
        ]


EAGERLY = Way()
TRACINGS = (
    Way(Mode.TRACED),
    Way(Mode.TRACED, captured=True),
    Way(Mode.TRACED, relaxed=True),
)
MIRRORINGS = tuple(Way(Mode.MIRRORED, place=place) for place in Place)
