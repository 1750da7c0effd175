"""Findings as workflow commands, which GitHub Actions turns into annotations of a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_slice.report.report import FileReport, Report, as_url
from tflint_slice.report.text import remark


def render(report: Report) -> Iterator[str]:
    """One command a finding, and one a failure."""
    for file in report.files:
        for failure in file.failures:
            place = {"line": failure.row, "col": failure.column}
            yield _command("tflint-slice", file, place, failure.message)
        for finding in file.findings:
            if finding.declined:
                continue
            start, end = file.place(finding.start), file.place(finding.end)
            place = {"line": start.row, "endLine": end.row}
            if start.row == end.row:
                # Columns of different rows would be read as one stretch of the first row.
                place |= {"col": start.column, "endColumn": end.column}
            code = finding.rule.code
            text = f"{code} {finding.message}{remark(finding)}"
            where = f"{file.path}:{start}: "
            yield _command(f"tflint-slice ({code})", file, place, where + text)


def _command(title: str, file: FileReport, place: dict[str, int | None], message: str) -> str:
    properties = {"title": title, "file": as_url(file.path), **place}
    shown = ",".join(
        f"{name}={_escape(str(value)).replace(':', '%3A').replace(',', '%2C')}"
        for name, value in properties.items()
        if value is not None
    )
    return f"::error {shown}::{_escape(message)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
