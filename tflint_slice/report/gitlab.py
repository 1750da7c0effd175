"""Findings as the artifact from which GitLab shows the code quality of a merge request."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tflint_slice.fingerprints import fingerprints
from tflint_slice.report.report import Report, as_url
from tflint_slice.report.text import cell_of, remark


def render(report: Report) -> Iterator[str]:
    """A list of objects, one a finding, in the subset of Code Climate's form that GitLab reads."""
    issues = []
    for file in report.files:
        path = as_url(file.path)
        marks = fingerprints(path, file.text, file.findings)
        for finding, fingerprint in zip(file.findings, marks, strict=True):
            if finding.declined:
                continue
            start, end = file.place(finding.start), file.place(finding.end)
            issues.append(
                {
                    "check_name": finding.rule.code,
                    "description": f"{finding.rule.code} {cell_of(file, finding)}{finding.message}"
                    f"{remark(finding)}",
                    "severity": "major",
                    "fingerprint": fingerprint,
                    "location": {
                        "path": path,
                        "positions": {
                            "begin": {"line": start.row, "column": start.column},
                            "end": {"line": end.row, "column": end.column},
                        },
                    },
                }
            )
    yield json.dumps(issues, indent=2)
