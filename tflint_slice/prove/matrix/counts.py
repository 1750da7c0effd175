"""A matrix in numbers: its fixes by the form they are written in and how far they are trusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tflint_slice.model import Applicability, Verdict
from tflint_slice.prove.matrix.store import FAILS, Matrix, Row

OUTCOMES = (*(verdict.value for verdict in Verdict), FAILS)
_ORDER = [applicability.value for applicability in Applicability]


@dataclass(frozen=True)
class Count:
    """The fixes of one form and applicability, by outcome; ``modes`` counts the proved ones."""

    rung: str
    applicability: str
    outcomes: Counter[str]
    modes: Counter[str]

    @property
    def cells(self) -> tuple[str, ...]:
        """As a row of ``HEAD``."""
        numbers = (str(self.outcomes[outcome]) for outcome in OUTCOMES)
        return (self.rung, self.applicability, *numbers, named(self.modes))


HEAD = ("new code", "fix", *OUTCOMES, "modes of the proofs")


def counts(matrix: Matrix) -> list[Count]:
    """The safe fixes first, and the more frequent forms before others."""
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row in matrix.fixed:
        grouped.setdefault((row.applicability, row.rung), []).append(row)
    order = sorted(grouped, key=lambda key: (_ORDER.index(key[0]), -len(grouped[key]), key[1]))
    return [
        Count(
            rung,
            applicability,
            Counter(row.outcome for row in grouped[applicability, rung]),
            modes(row for row in grouped[applicability, rung] if row.verdict == Verdict.PROVED),
        )
        for applicability, rung in order
    ]


def modes(rows: Iterable[Row]) -> Counter[str]:
    """In how many rows each mode was run."""
    return Counter(mode for row in rows for mode in row.modes)


def unfixed(matrix: Matrix) -> Counter[str]:
    """The reasons of the programs for which there is no fix."""
    return Counter(row.reason for row in matrix.rows if not row.after)


def named(numbers: Counter[str]) -> str:
    """``eager 12, tf.function 10``: the greatest number first."""
    return ", ".join(f"{name} {number}" for name, number in numbers.most_common())
