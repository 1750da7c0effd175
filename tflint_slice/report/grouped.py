"""Findings as lines for people, in groups: the path once, its findings below it."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_slice.outcome import on_one_line
from tflint_slice.report.report import Report
from tflint_slice.report.text import finding_lines, render_statistics

__all__ = ["render", "render_statistics"]


def render(report: Report) -> Iterator[str]:
    """A path, its findings with two blanks before them, an empty line."""
    for file in report.files:
        if file.findings:
            yield f"{report.style.paint(on_one_line(file.path), 'bold')}:"
            for finding in file.findings:
                for line in finding_lines("", file, finding, report):
                    yield f"  {line}".rstrip()
            yield ""
