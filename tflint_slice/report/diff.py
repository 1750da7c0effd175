"""Changes as a unified diff that ``patch -p0`` and ``git apply -p0`` take."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator

from tflint_slice.files.cells import cells
from tflint_slice.outcome import Outcome, on_one_line


def render(outcome: Outcome) -> bytes:
    """The diff of a file, in its bytes, or of each cell of a notebook, in UTF-8."""
    if outcome.change is None:
        return b""
    if not outcome.marker:
        return _render(on_one_line(outcome.path), outcome.change.before, outcome.change.after)
    before, after = (cells(text, outcome.marker) for text in (outcome.before, outcome.after))
    return b"".join(
        _render(
            f"{on_one_line(outcome.path)}:cell {number}", before[number].encode(), code.encode()
        )
        for number, code in after.items()
        if code != before[number]
    )


def _render(path: str, before: bytes, after: bytes) -> bytes:
    """Whatever the encoding, line ends and missing ones."""
    name = os.fsencode(path)
    lines = difflib.diff_bytes(difflib.unified_diff, _lines(before), _lines(after), name, name)
    return b"".join(_terminated(lines))


def _lines(data: bytes) -> list[bytes]:
    *lines, last = data.split(b"\n")
    return [line + b"\n" for line in lines] + ([last] if last else [])


def _terminated(lines: Iterator[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield line
        if not line.endswith(b"\n"):
            yield b"\n\\ No newline at end of file\n"
