"""Which of the places that fixes change a program runs: what it does not run, it does not prove."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any

_AUTOGRAPH = "__autograph_generated_file"


@dataclass
class Reach:
    """Looks on, as a debugger does, and keeps the numbers of the ``places`` that were run.

    A place is its first and last row in the file ``path``.
    """

    path: str
    places: Sequence[tuple[int, int]]
    reached: set[int] = field(default_factory=set)
    _rows: dict[int, set[int]] = field(init=False, default_factory=dict)
    _codes: dict[CodeType, bool] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for number, (first, last) in enumerate(self.places):
            for row in range(first, last + 1):
                self._rows.setdefault(row, set()).add(number)

    def start(self) -> None:
        if self.places:
            threading.settrace(self._enter)
            sys.settrace(self._enter)

    def stop(self) -> None:
        if self.places:
            sys.settrace(None)
            threading.settrace(None)

    def _enter(self, frame: FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        if _AUTOGRAPH in code.co_filename:
            return self._converted(frame)
        wanted = self._codes.get(code)
        if wanted is None:
            rows = {row for _, _, row in code.co_lines()}
            wanted = code.co_filename == self.path and not rows.isdisjoint(self._rows)
            self._codes[code] = wanted
        return self._step if wanted else None

    def _step(self, frame: FrameType, event: str, argument: Any) -> Any:
        self.reached |= self._rows.get(frame.f_lineno, set())
        return self._step

    def _converted(self, frame: FrameType) -> Any:
        """Follow a function that AutoGraph wrote, by the map that it keeps of where it is from."""
        caller: FrameType | None = frame
        origins = None
        while caller is not None and origins is None:
            made = caller.f_locals.get("converted_f")
            origins = getattr(made, "ag_source_map", None)
            caller = caller.f_back
        if origins is None:
            return None
        rows = {place.lineno: origin.loc for place, origin in origins.items()}

        def step(frame: FrameType, event: str, argument: Any) -> Any:
            origin = rows.get(frame.f_lineno)
            if origin is not None and origin.filename == self.path:
                self.reached |= self._rows.get(origin.lineno, set())
            return step

        return step
