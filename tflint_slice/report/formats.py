"""The table of output formats. Each is a module here with ``render(report)``, which yields lines.

A format for people has the summary after it; the others are one document, and nothing else.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tflint_slice.report.report import Report


@dataclass(frozen=True)
class Format:
    """One format. ``module`` is not imported before it is used.

    ``frames``: whether code is shown below a finding; None leaves that to terminals.
    ``statistics``: whether it can show numbers by rule in place of findings.
    """

    module: str
    for_people: bool = False
    frames: bool | None = False
    statistics: bool = False

    def render(self, report: Report) -> Iterator[str]:
        return self._function("render")(report)

    def render_statistics(self, report: Report) -> Iterator[str]:
        return self._function("render_statistics")(report)

    def _function(self, name: str) -> Callable[[Report], Iterator[str]]:
        module = importlib.import_module(f"tflint_slice.report.{self.module}")
        function: Callable[[Report], Iterator[str]] = getattr(module, name)
        return function


FORMATS: Final = {
    "text": Format("text", for_people=True, frames=None, statistics=True),
    "concise": Format("text", for_people=True, statistics=True),
    "full": Format("text", for_people=True, frames=True, statistics=True),
    "grouped": Format("grouped", for_people=True, frames=None, statistics=True),
    "json": Format("ruff_json", statistics=True),
    "json-lines": Format("json_lines"),
    "sarif": Format("sarif"),
    "github": Format("github"),
    "gitlab": Format("gitlab"),
}
