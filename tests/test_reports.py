"""Text and JSON: every field, every mark, and places that are right to the character."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import RunCommand
from samples import BAD, CLEAN, GOOD, HEADER, ITEM, UNSAFE

from tflint_slice.apply import Policy
from tflint_slice.model import (
    Applicability,
    Edit,
    Finding,
    Fix,
    Location,
    Proof,
    Reason,
    Rule,
    Site,
    Span,
    Verdict,
)
from tflint_slice.outcome import Outcome
from tflint_slice.report.report import FileReport, Report
from tflint_slice.report.ruff_json import render
from tflint_slice.report.style import Style
from tflint_slice.report.summary import summary
from tflint_slice.report.text import finding_lines
from tflint_slice.report.text import render as render_text

RULE = Rule("TFS101", "variable-item-assignment", "")
FINDING = Finding(RULE, "is wrong", Span(0, 4), Location(1, 1), Location(1, 5))
SAFE = Fix("do `x`", Applicability.SAFE, (Edit(Span(0, 4), "x"),))
UNSAFE_FIX = replace(SAFE, applicability=Applicability.UNSAFE)
DISPLAY = replace(SAFE, applicability=Applicability.DISPLAY)
ESCAPES = Reason.VALUE_ESCAPES
PROVED = Proof(Verdict.PROVED, "", ("CPU:0",), ("eager", "tf.function"), 96)


def _line(finding: Finding, policy: Policy | None = None) -> str:
    file = FileReport("a.py", "abcd\n", (finding,))
    lines = list(finding_lines("a.py:", file, finding, Report((file,), policy or Policy())))
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("finding", "policy", "expected"),
    [
        pytest.param(replace(FINDING, fix=SAFE), Policy(), "TFS101 [*] is wrong", id="safe"),
        pytest.param(FINDING, Policy(), "TFS101 is wrong (no fix)", id="no fix"),
        pytest.param(
            replace(FINDING, reason=ESCAPES),
            Policy(),
            "TFS101 is wrong (no fix: value-escapes)",
            id="no fix, reason",
        ),
        pytest.param(
            replace(FINDING, fix=UNSAFE_FIX, reason=ESCAPES),
            Policy(),
            "TFS101 is wrong (unsafe fix: value-escapes)",
            id="unsafe",
        ),
        pytest.param(
            replace(FINDING, fix=UNSAFE_FIX, reason=ESCAPES),
            Policy(unsafe=True),
            "TFS101 [*] is wrong (unsafe fix: value-escapes)",
            id="unsafe, wanted",
        ),
        pytest.param(
            replace(FINDING, fix=DISPLAY, reason=ESCAPES),
            Policy(unsafe=True),
            "TFS101 is wrong (no fix: value-escapes)",
            id="display",
        ),
        pytest.param(
            replace(FINDING, fix=SAFE, reason=ESCAPES, declined=True),
            Policy(),
            "TFS101 declined: is wrong (value-escapes)",
            id="declined",
        ),
        pytest.param(
            replace(FINDING, fix=SAFE, proof=PROVED),
            Policy(proved_only=True),
            "TFS101 [*] is wrong\n  proved: eager, tf.function on CPU:0, 96 samples",
            id="proved",
        ),
        pytest.param(
            replace(FINDING, fix=SAFE, proof=replace(PROVED, samples=1, exceptions=("denormal",))),
            Policy(proved_only=True),
            "TFS101 [*] is wrong\n"
            "  proved: eager, tf.function on CPU:0, 1 sample, but for denormal",
            id="proved with an exception",
        ),
        pytest.param(
            replace(
                FINDING,
                fix=SAFE,
                proof=replace(
                    PROVED,
                    verdict=Verdict.REFUTED,
                    reason="other values",
                    counterexample="v = 1\n\nw",
                ),
            ),
            Policy(proved_only=True),
            "TFS101 is wrong\n  refuted: other values, tried: eager, tf.function on CPU:0\n"
            "    v = 1\n\n    w",
            id="refuted",
        ),
        pytest.param(
            replace(
                FINDING,
                fix=replace(SAFE, site=Site("v[0] = 1", "w", "v", reference="v[0] = 1")),
                proof=replace(
                    PROVED,
                    reason="only without jit_compile",
                    inapplicable=("GradientTape",),
                ),
            ),
            Policy(),
            "TFS101 [*] is wrong\n  proved: eager, tf.function on CPU:0, 96 samples, against "
            "what it means in NumPy's terms, only without jit_compile, "
            "nothing to compare in GradientTape",
            id="proved with what it leaves out",
        ),
        pytest.param(
            replace(
                FINDING, fix=SAFE, proof=Proof(Verdict.UNPROVED, "calls `f`, which is unknown")
            ),
            Policy(proved_only=True),
            "TFS101 is wrong\n  unproved: calls `f`, which is unknown",
            id="unproved",
        ),
    ],
)
def test_lines(finding: Finding, policy: Policy, expected: str) -> None:
    assert _line(finding, policy) == f"a.py:1:1: {expected}"


@pytest.mark.parametrize(
    ("source", "start", "end", "frame"),
    [
        pytest.param(
            "a = 1\n  v[1] = 2  # why\n",
            Location(2, 3),
            Location(2, 11),
            ["  |", "2 |   v[1] = 2  # why", "  |   ^^^^^^^^"],
            id="one row",
        ),
        pytest.param(
            "f(\n  1,\n\n)\n",
            Location(1, 1),
            Location(4, 2),
            ["  |", "1 | f(", "  | ^^", "2 |   1,", "  |   ^^", "3 |", "4 | )", "  | ^"],
            id="many rows",
        ),
        pytest.param(
            "\tv[1] = 2\n",
            Location(1, 2),
            Location(1, 10),
            ["  |", "1 |     v[1] = 2", "  |     ^^^^^^^^"],
            id="tab",
        ),
        pytest.param(
            "'漢'; v\r\n",
            Location(1, 6),
            Location(1, 7),
            ["  |", "1 | '漢'; v", "  |       ^"],
            id="wide character",
        ),
        pytest.param(
            "\n" * 9 + "v\n",
            Location(10, 1),
            Location(10, 2),
            ["   |", "10 | v", "   | ^"],
            id="two digits",
        ),
    ],
)
def test_frames(source: str, start: Location, end: Location, frame: list[str]) -> None:
    finding = replace(FINDING, start=start, end=end)
    lines = _framed(source, finding)
    assert lines[1:] == frame


def _framed(source: str, finding: Finding) -> list[str]:
    file = FileReport("a.py", source, (finding,))
    return list(render_text(Report((file,), Policy(), Style(frames=True))))


def test_a_long_frame_is_cut_and_notes_follow() -> None:
    finding = replace(FINDING, end=Location(30, 2), fix=SAFE, reason=ESCAPES)
    lines = _framed("x\n" * 30, finding)
    assert len(lines) < 25
    assert lines[-3:] == ["   | ...", "   = fix: do `x`", f"   = reason: {ESCAPES.text}"]


def _outcome(*findings: Finding, fixed: int = 0) -> Outcome:
    left = findings[fixed:]
    return Outcome("a.py", found=findings, left=left, made=findings[:fixed])


A_SAFE = replace(FINDING, fix=SAFE)
AN_UNSAFE = replace(FINDING, fix=UNSAFE_FIX)


@pytest.mark.parametrize(
    ("outcome", "mode", "policy", "expected"),
    [
        pytest.param(_outcome(), "check", Policy(), "", id="nothing"),
        pytest.param(
            _outcome(replace(A_SAFE, declined=True)), "check", Policy(), "", id="declined"
        ),
        pytest.param(_outcome(FINDING), "check", Policy(), "Found 1 finding.", id="one"),
        pytest.param(
            _outcome(FINDING, A_SAFE, A_SAFE, AN_UNSAFE),
            "check",
            Policy(),
            "Found 4 findings. 2 fixable with --fix (1 more with --unsafe-fixes).",
            id="all kinds",
        ),
        pytest.param(
            _outcome(A_SAFE, AN_UNSAFE),
            "check",
            Policy(unsafe=True),
            "Found 2 findings. 2 fixable with --fix --unsafe-fixes.",
            id="unsafe",
        ),
        pytest.param(
            _outcome(AN_UNSAFE),
            "check",
            Policy(),
            "Found 1 finding. 1 fixable with --unsafe-fixes.",
            id="only unsafe",
        ),
        pytest.param(
            _outcome(replace(A_SAFE, proof=PROVED), A_SAFE),
            "check",
            Policy(proved_only=True),
            "Found 2 findings. 1 fixable with --fix --prove.",
            id="proved",
        ),
        pytest.param(
            _outcome(A_SAFE, A_SAFE, FINDING, fixed=2),
            "fix",
            Policy(),
            "Found 3 findings (2 fixed, 1 remaining).",
            id="fixed",
        ),
        pytest.param(
            _outcome(A_SAFE, fixed=1),
            "diff",
            Policy(),
            "Found 1 finding (1 would be fixed, 0 would remain).",
            id="diff",
        ),
    ],
)
def test_summary(outcome: Outcome, mode: str, policy: Policy, expected: str) -> None:
    assert summary([outcome], policy, mode=mode) == expected


# --- JSON -----------------------------------------------------------------------------------------


def test_json_has_the_form_of_ruffs(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(HEADER + ITEM)
    (tmp_path / "b.py").write_text(UNSAFE)
    first, second = json.loads(cli("--output-format", "json", ".").out)
    assert isinstance(first.pop("message"), str)
    assert isinstance(first["fix"].pop("message"), str)
    assert first == {
        "code": "TFS101",
        "name": "variable-item-assignment",
        "filename": str(tmp_path / "a.py"),
        "cell": None,
        "location": {"row": 4, "column": 1},
        "end_location": {"row": 4, "column": 12},
        "fix": {
            "applicability": "safe",
            "edits": [
                {
                    "content": "v.scatter_nd_update([[1]], [10.0])",
                    "location": {"row": 4, "column": 1},
                    "end_location": {"row": 4, "column": 12},
                }
            ],
        },
        "reason": None,
        "url": "rules/TFS101.md",
    }
    assert second["reason"] == "maybe-distributed"
    assert second["fix"]["applicability"] == "unsafe"


def _apply(source: str, findings: list[dict[str, object]]) -> str:
    """What an editor makes of the JSON: rows and columns back to a new text."""
    lines = [*re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", source), ""]

    def offset(place: dict[str, int]) -> int:
        return sum(map(len, lines[: place["row"] - 1])) + place["column"] - 1

    edits = [
        (offset(edit["location"]), offset(edit["end_location"]), edit["content"])
        for finding in findings
        for edit in finding["fix"]["edits"]  # type: ignore[index]
    ]
    for start, end, content in sorted(edits, reverse=True):
        source = source[:start] + content + source[end:]
    return source


@pytest.mark.parametrize(
    "convert",
    [
        pytest.param(lambda text: text, id="plain"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: text.replace("\n", "\r"), id="CR"),
        pytest.param(lambda text: text.rstrip("\n"), id="no last newline"),
        pytest.param(lambda text: "# é 漢 😀\n\x0c\n" + text, id="wide characters"),
    ],
)
def test_json_edits_can_be_applied(cli: RunCommand, tmp_path: Path, convert: object) -> None:
    assert callable(convert)
    source = convert(BAD)
    (tmp_path / "a.py").write_bytes(source.encode())
    findings = json.loads(cli("--output-format", "json", "a.py").out)
    assert _apply(source, findings) == convert(GOOD)


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        pytest.param("ab\ncd\n", 0, (1, 1), id="start"),
        pytest.param("ab\ncd\n", 3, (2, 1), id="second row"),
        pytest.param("ab\ncd\n", 6, (3, 1), id="after the last line end"),
        pytest.param("ab\ncd", 5, (2, 3), id="end without a line end"),
        pytest.param("", 0, (1, 1), id="empty"),
    ],
)
def test_places_of_edits(text: str, offset: int, place: tuple[int, int]) -> None:
    fix = Fix("", Applicability.SAFE, (Edit(Span(offset, offset), "x"),))
    report = Report((FileReport("a.py", text, (replace(FINDING, fix=fix),)),), Policy())
    (shown,) = json.loads("".join(render(report)))
    (edit,) = shown["fix"]["edits"]
    row, column = place
    assert edit["location"] == edit["end_location"] == {"row": row, "column": column}


def test_json_of_proofs_and_declined_findings_only_where_asked_for() -> None:
    finding = replace(FINDING, fix=SAFE, proof=PROVED)
    report = Report((FileReport("-", "abcd", (finding, FINDING)),), Policy())
    plain = json.loads("".join(render(report)))
    assert all("proof" not in shown and "declined" not in shown for shown in plain)
    proved, bare = json.loads("".join(render(replace(report, proofs=True, declined=True))))
    assert proved["proof"] == {
        "verdict": "proved",
        "reason": None,
        "devices": ["CPU:0"],
        "modes": ["eager", "tf.function"],
        "inapplicable_modes": [],
        "samples": 96,
        "exceptions": [],
        "counterexample": None,
    }
    assert (bare["proof"], bare["declined"], bare["filename"]) == (None, False, "-")


def test_json_of_nothing_is_an_empty_list(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CLEAN)
    assert cli("--output-format", "json", "a.py").out == "[]\n"


def test_json_after_fixing_holds_what_remains(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BAD)
    (tmp_path / "b.py").write_text(UNSAFE)
    finished = cli("--fix", "--output-format", "json", ".")
    assert [Path(shown["filename"]).name for shown in json.loads(finished.out)] == ["b.py"]


def test_json_beside_a_diff(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BAD)
    finished = cli("--diff", "--output-format", "json", ".")
    assert len(json.loads(finished.out)) == 2
    assert finished.err.startswith("--- a.py\n+++ a.py\n")
