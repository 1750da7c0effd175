"""What a rung may know of the place where its code goes, and what it answers with."""

from __future__ import annotations

from dataclasses import dataclass

from tflint_slice.model import Applicability, Reason


@dataclass(frozen=True)
class Context:
    """The surroundings of one update.

    ``tensorflow`` and ``numpy`` are the names that mean those modules at the place, or None.
    ``style`` is the setting ``rewrite``; ``local`` is ``distributed = false`` there, by which no
    variable is distributed. ``distributed`` and ``compiled`` say whether variables of the project
    may live under a strategy, and whether its code may be compiled by XLA; ``mixed`` whether its
    Keras weights may be read in half precision, and whether gradients are taken (``taped``).
    ``graph`` says that the file builds TensorFlow 1
    graphs. ``catches`` says that some code of the file may carry on after an exception.
    ``dense_reads`` and ``partial_writes`` count the places that read all of the target and those
    that change a part.
    """

    tensorflow: str | None
    numpy: str | None
    style: str | None = None
    local: bool = False
    distributed: bool = True
    compiled: bool = True
    graph: bool = False
    catches: bool = True
    mixed: bool = True
    taped: bool = True
    dense_reads: int = 0
    partial_writes: int = 1


@dataclass(frozen=True)
class Rewritten:
    """New code for one update: an expression, or statements one a line."""

    code: tuple[str, ...]
    message: str
    applicability: Applicability = Applicability.SAFE
    reason: Reason | None = None


@dataclass(frozen=True)
class Refused:
    """Why a rung does not apply. ``silent`` refusals mean that the code is right as it stands."""

    reason: Reason
    silent: bool = False


def judged(code: tuple[str, ...], message: str, reasons: list[Reason]) -> Rewritten:
    """A rewrite that is safe where there is no reason against it, and unsafe for the first."""
    if reasons:
        return Rewritten(code, message, Applicability.UNSAFE, reasons[0])
    return Rewritten(code, message)
