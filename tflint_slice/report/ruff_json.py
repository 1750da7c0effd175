"""Findings as JSON in the form of Ruff's, so that what reads the one reads the other."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

from tflint_slice import pages
from tflint_slice.model import Finding, Fix, Proof
from tflint_slice.report.report import FileReport, Place, Report
from tflint_slice.report.summary import statistics


def render(report: Report) -> Iterator[str]:
    """A list of objects, one a finding."""
    yield json.dumps(list(described(report)), indent=2)


def render_statistics(report: Report) -> Iterator[str]:
    """A list of objects, one a rule."""
    rows = [
        {
            "code": code,
            "name": name,
            "count": count,
            "fixable": fixable > 0,
            "fixable_count": fixable,
        }
        for code, name, count, fixable in statistics(report.findings, report.policy)
    ]
    yield json.dumps(rows, indent=2)


def described(report: Report) -> Iterator[dict[str, object]]:
    """Every finding as an object."""
    for file in report.files:
        for finding in file.findings:
            shown = _describe(finding, file)
            if report.proofs:
                shown["proof"] = None if finding.proof is None else _proof(finding.proof)
            if report.declined:
                shown["declined"] = finding.declined
            yield shown


def _describe(finding: Finding, file: FileReport) -> dict[str, object]:
    return {
        "code": finding.rule.code,
        "name": finding.rule.name,
        "message": finding.message,
        "filename": file.path if file.path == "-" else os.path.abspath(file.path),
        "cell": file.place(finding.start).cell,
        "location": _place(file.place(finding.start)),
        "end_location": _place(file.place(finding.end)),
        "fix": None if finding.fix is None else _fix(finding.fix, file),
        "reason": None if finding.reason is None else finding.reason.value,
        "url": pages.url(finding.rule.code),
    }


def _fix(fix: Fix, file: FileReport) -> dict[str, object]:
    return {
        "applicability": fix.applicability.value,
        "message": fix.message,
        "edits": [
            {
                "content": edit.content,
                "location": _place(file.place_of(edit.span.start)),
                "end_location": _place(file.place_of(edit.span.end)),
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


def _place(place: Place) -> dict[str, int]:
    return {"row": place.row, "column": place.column}
