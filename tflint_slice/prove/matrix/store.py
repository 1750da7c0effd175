"""A matrix with its verdicts, and the JSON that it is kept as: one row a line, always the same."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

from tflint_slice.model import Applicability, Proof, Verdict
from tflint_slice.prove.matrix.fixing import Answer

FAILS = "always raises"
NOTHING_TO_RUN = "nothing of it can be run"
_DISTRIBUTIONS = {
    "TensorFlow": "tensorflow",
    "Keras": "keras",
    "tf_keras": "tf_keras",
    "NumPy": "numpy",
}


@dataclass(frozen=True)
class Row:
    """One program, what becomes of it, and what its proof came to.

    ``verdict`` is empty where there is no fix to prove. ``remark`` says why a fix is refuted or
    unproved, or what a proof presumes. ``fails``: the program itself is known to raise whatever
    it is given, so that its fix can only be proved by what it is taken to mean.
    """

    id: str
    spelling: str
    receiver: str
    index: str
    value: str
    dtype: str
    before: str
    after: str
    rung: str
    applicability: str
    reason: str
    fails: bool
    verdict: str = ""
    remark: str = ""
    modes: tuple[str, ...] = ()
    inapplicable: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    samples: int = 0
    exceptions: tuple[str, ...] = ()

    @property
    def outcome(self) -> str:
        """The verdict, or ``FAILS`` where there was nothing to compare."""
        return FAILS if self.fails and self.verdict == Verdict.UNPROVED else self.verdict

    @property
    def is_broken_promise(self) -> bool:
        """Whether a fix is called safe and has not been proved, although there is what to prove."""
        safe = self.applicability == Applicability.SAFE
        return safe and self.outcome not in (Verdict.PROVED, FAILS)


@dataclass(frozen=True)
class Matrix:
    """All rows of one rule, and with which versions of the libraries they were run."""

    code: str
    versions: Mapping[str, str]
    rows: tuple[Row, ...]

    @property
    def fixed(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.after)

    @property
    def devices(self) -> tuple[str, ...]:
        return tuple(sorted({device for row in self.rows for device in row.devices}))


def row_of(answer: Answer, proof: Proof | None = None) -> Row:
    """The row of a program; one with a fix of which nothing can be run is unproved."""
    case = answer.case
    if proof is None and answer.after:
        proof = Proof(Verdict.UNPROVED, NOTHING_TO_RUN)
    row = Row(
        id=case.id,
        spelling=case.spelling.name,
        receiver=case.receiver.name,
        index=case.index.name,
        value=case.value.name,
        dtype=case.dtype,
        before=answer.before,
        after=answer.after,
        rung=answer.rung,
        applicability=answer.applicability,
        reason=answer.reason,
        fails=case.fails,
    )
    if proof is None:
        return row
    return replace(
        row,
        verdict=proof.verdict.value,
        remark=proof.reason,
        modes=proof.modes,
        inapplicable=proof.inapplicable,
        devices=proof.devices,
        samples=proof.samples,
        exceptions=proof.exceptions,
    )


def versions() -> dict[str, str]:
    """What is installed here of that which proofs run on."""
    found = {}
    for name, distribution in _DISTRIBUTIONS.items():
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(distribution)
    return found


def in_order(installed: Mapping[str, str]) -> list[str]:
    """``TensorFlow 2.21.0`` and so on, the one that matters most first."""
    return [f"{name} {installed[name]}" for name in _DISTRIBUTIONS if name in installed]


def to_json(matrix: Matrix) -> str:
    head = {"rule": matrix.code, "versions": dict(matrix.versions)}
    lines = [f'"{name}": {json.dumps(value, sort_keys=True)},' for name, value in head.items()]
    rows = ",\n".join(json.dumps(asdict(row), sort_keys=True) for row in matrix.rows)
    return "\n".join(["{", *lines, '"rows": [', rows, "]", "}"]) + "\n"


def from_json(text: str) -> Matrix:
    message = json.loads(text)
    return Matrix(message["rule"], message["versions"], tuple(map(_row, message["rows"])))


def _row(message: dict[str, Any]) -> Row:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in message.items()
    }
    return Row(**values)


def read(folder: Path, code: str) -> Matrix:
    return from_json((folder / f"{code}.json").read_text(encoding="utf-8"))
