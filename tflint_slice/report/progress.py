"""One line on the terminal that says how far a long run has come, and is gone when it ends."""

from __future__ import annotations

import shutil
import sys
import threading
from collections import Counter
from types import TracebackType
from typing import TYPE_CHECKING, Final

from tflint_slice.model import Proof, Verdict
from tflint_slice.outcome import on_one_line

if TYPE_CHECKING:
    from tflint_slice.runs import Counts

DELAY: Final = 1.0
"""Seconds that a run may take before anything is shown of it."""
INTERVAL: Final = 0.2


class Progress:
    """Shows how many of so many files are done, while it is entered: with the numbers of proofs, or
    with the file that was begun last.

    It draws in a thread: a file, a proof, or the start of TensorFlow, may take long.
    """

    def __init__(self, files: int, counts: Counts, *, proofs: bool) -> None:
        self._files = files
        self._counts = counts
        self._proofs = proofs
        self._verdicts: Counter[Verdict] = Counter()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._draw, daemon=True)
        self._shown = 0

    def __enter__(self) -> Progress:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()
        self._show("")

    def count(self, proof: Proof) -> None:
        self._verdicts[proof.verdict] += 1

    def __str__(self) -> str:
        files = f"{self._counts.done}/{self._files} files"
        if not self._proofs:
            return f"{files}, {on_one_line(self._counts.begun)}"
        counted = ", ".join(f"{self._verdicts[verdict]} {verdict.value}" for verdict in Verdict)
        total = self._verdicts.total()
        proofs = "1 proof" if total == 1 else f"{total} proofs"
        return f"{files}, {proofs}: {counted}"

    def _draw(self) -> None:
        pause = DELAY
        while not self._over.wait(pause):
            self._show(str(self))
            pause = INTERVAL

    def _show(self, line: str) -> None:
        """Write over what is there, with blanks at first: any terminal can do it."""
        line, width = _cut(line, shutil.get_terminal_size().columns - 1)
        if width or self._shown:
            blanks = " " * self._shown
            sys.stderr.write(f"\r{blanks}\r{line}")
            sys.stderr.flush()
        self._shown = width


def _cut(line: str, columns: int) -> tuple[str, int]:
    """As much of a line as surely fits, and its width: what is not ASCII may take two columns."""
    encoding = sys.stderr.encoding
    line = line.encode(encoding, "backslashreplace").decode(encoding)
    width = 0
    for place, sign in enumerate(line):
        wide = 1 if sign.isascii() else 2
        if width + wide > columns:
            return line[:place], width
        width += wide
    return line, width
