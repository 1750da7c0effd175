"""Findings as JSON and back. Reading it makes values of the model, and runs nothing.

The site of a fix is left out: it is for proofs, and what is proved is examined anew.
"""

from __future__ import annotations

from typing import Any

from tflint_slice.model import (
    Applicability,
    Edit,
    Finding,
    Fix,
    Location,
    Reason,
    Rule,
    Span,
)
from tflint_slice.outcome import Failure

_REASONS = {reason.value: reason for reason in Reason}


def as_json(finding: Finding) -> list[Any]:
    rule, fix = finding.rule, finding.fix
    return [
        [rule.code, rule.name, rule.summary, rule.follows],
        finding.message,
        [finding.span.start, finding.span.end],
        [finding.start.row, finding.start.column, finding.end.row, finding.end.column],
        None if finding.reason is None else finding.reason.value,
        finding.declined,
        finding.opt_in,
        list(finding.lines),
        None
        if fix is None
        else [
            fix.message,
            fix.applicability.value,
            [[edit.span.start, edit.span.end, edit.content] for edit in fix.edits],
            fix.changes_code,
        ],
    ]


def from_json(value: list[Any]) -> Finding:
    """The finding; a ValueError, TypeError or KeyError for what is none."""
    rule, message, span, place, reason, declined, opt_in, lines, fix = value
    return Finding(
        Rule(*rule),
        message,
        Span(*span),
        Location(place[0], place[1]),
        Location(place[2], place[3]),
        fix=None if fix is None else _fix(*fix),
        reason=None if reason is None else _REASONS[reason],
        declined=declined,
        opt_in=opt_in,
        lines=(lines[0], lines[1]),
    )


def _fix(message: str, applicability: str, edits: list[Any], changes_code: bool) -> Fix:
    return Fix(
        message,
        Applicability(applicability),
        tuple(Edit(Span(start, end), content) for start, end, content in edits),
        changes_code=changes_code,
    )


def failure_as_json(failure: Failure) -> list[Any]:
    return [failure.message, failure.row, failure.column]


def failure_from_json(path: str, value: list[Any]) -> Failure:
    message, row, column = value
    return Failure(path, message, row, column)
