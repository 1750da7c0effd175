"""Colours, and whether code frames are shown."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final, TextIO

_CODES: Final = {"bold": "1", "red": "1;31", "green": "32", "yellow": "33", "blue": "1;34"}


@dataclass(frozen=True)
class Style:
    """How findings are drawn for people."""

    frames: bool = False
    colours: bool = False

    def paint(self, text: str, colour: str) -> str:
        return f"\033[{_CODES[colour]}m{text}\033[0m" if self.colours else text


def style_for(stream: TextIO, frames: bool | None) -> Style:
    """The style for a stream; ``frames`` None leaves frames to terminals."""
    terminal = stream.isatty()
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Style(terminal if frames is None else frames, colours=terminal and not plain)
