"""One line on the terminal that says how far a long run has come, and is gone when it ends."""

from __future__ import annotations

import shutil
import sys
import threading
from collections import Counter
from types import TracebackType
from typing import Final

from tflint_slice.model import Proof, Verdict

DELAY: Final = 1.0
"""Seconds that a run may take before anything is shown of it."""
INTERVAL: Final = 0.2


class Progress:
    """Counts files and proofs, and shows the numbers while it is entered.

    It draws in a thread: a proof, or the start of TensorFlow, may take long. Where standard error
    is no terminal it only counts.
    """

    def __init__(self, files: int) -> None:
        self.files = files
        self.done = 0
        self.verdicts: Counter[Verdict] = Counter()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._shown = ""

    def __enter__(self) -> Progress:
        if sys.stderr.isatty():
            self._thread = threading.Thread(target=self._draw, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
            self._show("")

    def count(self, proof: Proof) -> None:
        self.verdicts[proof.verdict] += 1

    def __str__(self) -> str:
        counted = ", ".join(f"{self.verdicts[verdict]} {verdict.value}" for verdict in Verdict)
        total = self.verdicts.total()
        proofs = "1 proof" if total == 1 else f"{total} proofs"
        return f"{self.done}/{self.files} files, {proofs}: {counted}"

    def _draw(self) -> None:
        pause = DELAY
        while not self._over.wait(pause):
            self._show(str(self))
            pause = INTERVAL

    def _show(self, line: str) -> None:
        """Write over what is there, with blanks where that was longer: any terminal can do it."""
        line = line[: shutil.get_terminal_size().columns - 1]
        if line != self._shown:
            blanks = " " * (len(self._shown) - len(line))
            sys.stderr.write(f"\r{line}{blanks}" if line else f"\r{blanks}\r")
            sys.stderr.flush()
        self._shown = line
