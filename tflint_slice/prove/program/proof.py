"""What came of the proof of one program."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from tflint_slice.model import Verdict

SHOWN = 10
"""Differences that are told of."""


@dataclass(frozen=True)
class ProgramProof:
    """The verdict on a program, of which two forms were run and compared.

    ``devices`` are those that it was run on, none standing for TensorFlow's default; ``listed``
    are all that there were. ``lines`` of output and ``objects`` were compared.
    ``unreached`` are the rows of the original, changed by fixes, that no run came to: nothing is
    proved of them. ``exceptions`` names numeric differences that are allowed. ``notes`` say what
    else the verdict rests on.
    """

    verdict: Verdict
    reason: str = ""
    differences: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    lines: int = 0
    objects: int = 0
    exceptions: tuple[str, ...] = ()
    unreached: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "verdict": self.verdict.value}
