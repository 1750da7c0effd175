"""Findings as JSON, one object a line: for what reads while it is written, and for ``jq``."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tflint_slice.report.report import Report
from tflint_slice.report.ruff_json import described


def render(report: Report) -> Iterator[str]:
    """The objects of the format ``json``."""
    return map(json.dumps, described(report))
