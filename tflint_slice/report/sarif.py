"""Findings as SARIF 2.1.0 , which code scanning services read, fixes included."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from urllib.parse import quote

from tflint_slice import __version__, pages
from tflint_slice.fingerprints import fingerprints
from tflint_slice.idioms import RULES
from tflint_slice.model import Finding, Fix
from tflint_slice.outcome import Failure
from tflint_slice.report.report import FileReport, Place, Report, as_url
from tflint_slice.report.text import cell_of, remark

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def render(report: Report) -> Iterator[str]:
    """One run. Declined findings are results that are suppressed, if they were asked for."""
    used = sorted({finding.rule.code for finding in report.findings})
    failures = [failure for file in report.files for failure in file.failures]
    run = {
        "tool": {
            "driver": {
                "name": "tflint-slice",
                "semanticVersion": __version__,
                "rules": [_rule(code) for code in used],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"description": {"text": "Where the tool was run."}}},
        "invocations": [
            {
                "executionSuccessful": not failures,
                "toolExecutionNotifications": [_notification(failure) for failure in failures],
            }
        ],
        "results": [result for file in report.files for result in _results(file, used)],
    }
    yield json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(code: str) -> dict[str, object]:
    rule = RULES[code]
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "help": {"text": f"See {pages.url(code)}, or run: tflint-slice rule {code}"},
    }


def _results(file: FileReport, used: list[str]) -> Iterator[dict[str, object]]:
    marks = fingerprints(as_url(file.path), file.text, file.findings)
    for finding, fingerprint in zip(file.findings, marks, strict=True):
        region = _region(file.place(finding.start), file.place(finding.end))
        result: dict[str, object] = {
            "ruleId": finding.rule.code,
            "ruleIndex": used.index(finding.rule.code),
            "level": "warning",
            "message": {"text": cell_of(file, finding) + finding.message + remark(finding)},
            "locations": [
                {"physicalLocation": {"artifactLocation": _artifact(file.path), "region": region}}
            ],
            "partialFingerprints": {"tflintSlice/v1": fingerprint},
        }
        if finding.fix is not None:
            result["fixes"] = [_fix(finding.fix, file)]
        properties = _properties(finding)
        if properties:
            result["properties"] = properties
        if finding.declined:
            result["suppressions"] = [{"kind": "external"}]
        yield result


def _properties(finding: Finding) -> dict[str, str]:
    properties = {}
    if finding.fix is not None:
        properties["applicability"] = finding.fix.applicability.value
    if finding.reason is not None:
        properties["reason"] = finding.reason.value
    if finding.proof is not None:
        properties["proof"] = finding.proof.verdict.value
    return properties


def _fix(fix: Fix, file: FileReport) -> dict[str, object]:
    replacements = [
        {
            "deletedRegion": _region(file.place_of(edit.span.start), file.place_of(edit.span.end)),
            "insertedContent": {"text": edit.content},
        }
        for edit in sorted(fix.edits)
    ]
    change = {"artifactLocation": _artifact(file.path), "replacements": replacements}
    return {"description": {"text": fix.message}, "artifactChanges": [change]}


def _notification(failure: Failure) -> dict[str, object]:
    region = {"startLine": failure.row}
    if failure.column is not None:
        region["startColumn"] = failure.column
    place = {"artifactLocation": _artifact(failure.path), "region": region}
    return {
        "level": "error",
        "message": {"text": failure.message},
        "locations": [{"physicalLocation": place}],
    }


def _artifact(path: str) -> dict[str, str]:
    url = quote(as_url(path).encode("utf-8", "surrogateescape"))
    # A path that leads out of the directory is relative to nothing that a reader knows.
    outside = os.path.isabs(url) or url.startswith("../")
    return {"uri": url} if outside else {"uri": url, "uriBaseId": "ROOT"}


def _region(start: Place, end: Place) -> dict[str, int]:
    return {
        "startLine": start.row,
        "startColumn": start.column,
        "endLine": end.row,
        "endColumn": end.column,
    }
