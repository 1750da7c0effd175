"""Findings as JSON in the form of Ruff's, so that what reads the one reads the other."""

from __future__ import annotations

import json
import os
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from tflint_slice import pages
from tflint_slice.apply import Policy
from tflint_slice.model import Finding, Fix, Location, Proof
from tflint_slice.report.text import statistics
from tflint_slice.syntax.source import split_lines


def render(
    reports: Iterable[tuple[str, str, Sequence[Finding]]],
    *,
    with_proofs: bool = False,
    with_declined: bool = False,
) -> str:
    """A list of objects, one a finding; a report is a path, a text and its findings."""
    objects: list[dict[str, object]] = []
    for path, text, findings in reports:
        starts = _row_starts(text) if findings else []
        for finding in findings:
            described = _describe(finding, path, starts)
            if with_proofs:
                described["proof"] = None if finding.proof is None else _proof(finding.proof)
            if with_declined:
                described["declined"] = finding.declined
            objects.append(described)
    return json.dumps(objects, indent=2)


def render_statistics(findings: Iterable[Finding], policy: Policy) -> str:
    """A list of objects, one a rule."""
    rows = [
        {
            "code": code,
            "name": name,
            "count": count,
            "fixable": fixable > 0,
            "fixable_count": fixable,
        }
        for code, name, count, fixable in statistics(findings, policy)
    ]
    return json.dumps(rows, indent=2)


def _describe(finding: Finding, path: str, starts: list[int]) -> dict[str, object]:
    return {
        "code": finding.rule.code,
        "name": finding.rule.name,
        "message": finding.message,
        "filename": path if path == "-" else os.path.abspath(path),
        "location": _place(finding.start),
        "end_location": _place(finding.end),
        "fix": None if finding.fix is None else _fix(finding.fix, starts),
        "reason": None if finding.reason is None else finding.reason.value,
        "url": pages.url(finding.rule.code),
    }


def _fix(fix: Fix, starts: list[int]) -> dict[str, object]:
    return {
        "applicability": fix.applicability.value,
        "message": fix.message,
        "edits": [
            {
                "content": edit.content,
                "location": _place(_location(edit.span.start, starts)),
                "end_location": _place(_location(edit.span.end, starts)),
            }
            for edit in sorted(fix.edits)
        ],
    }


def _proof(proof: Proof) -> dict[str, object]:
    return {
        "verdict": proof.verdict.value,
        "reason": proof.reason or None,
        "devices": list(proof.devices),
        "modes": list(proof.modes),
        "inapplicable_modes": list(proof.inapplicable),
        "samples": proof.samples,
        "exceptions": list(proof.exceptions),
        "counterexample": proof.counterexample or None,
    }


def _row_starts(text: str) -> list[int]:
    lines = split_lines(text)
    starts = [0, *accumulate(map(len, lines))]
    # The end of a text lies in a row of its own only if a line end precedes it.
    return starts if lines[-1].endswith(("\n", "\r")) else starts[:-1]


def _location(offset: int, starts: list[int]) -> Location:
    row = bisect_right(starts, offset)
    return Location(row, offset - starts[row - 1] + 1)


def _place(location: Location) -> dict[str, int]:
    return {"row": location.row, "column": location.column}
