"""The cells of a notebook within the one text that they are read as."""

from __future__ import annotations

import re
from typing import Final

SUFFIX: Final = ".ipynb"


def cells(text: str, marker: str) -> dict[int, str]:
    """The cells of a joined text by their number."""
    _, *parts = re.split(rf"^{re.escape(marker)}(\d+)\n", text, flags=re.MULTILINE)
    return {
        int(number): code.removesuffix("\n")
        for number, code in zip(parts[::2], parts[1::2], strict=True)
    }


def cell_and_row(text: str, marker: str, row: int) -> tuple[int, int]:
    """The cell in which a row of the joined text lies, and the row within it."""
    lines = text.split("\n")[:row]
    for above, line in enumerate(reversed(lines)):
        if line.startswith(marker):
            # What is wrong with the text as a whole is said of its first row, which is a marker.
            return int(line[len(marker) :]), max(above, 1)
    return 1, row
