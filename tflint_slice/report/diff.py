"""Changes as a unified diff that ``patch -p0`` and ``git apply -p0`` take."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator

from tflint_slice.outcome import Change


def render(path: str, change: Change) -> bytes:
    """The diff in the bytes of the file, whatever its encoding, line ends and missing ones."""
    name = os.fsencode(path)
    lines = difflib.diff_bytes(
        difflib.unified_diff, _lines(change.before), _lines(change.after), name, name
    )
    return b"".join(_terminated(lines))


def _lines(data: bytes) -> list[bytes]:
    *lines, last = data.split(b"\n")
    return [line + b"\n" for line in lines] + ([last] if last else [])


def _terminated(lines: Iterator[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield line
        if not line.endswith(b"\n"):
            yield b"\n\\ No newline at end of file\n"
