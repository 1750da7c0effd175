"""The engine: rounds of fixes, what stops them, and failures that stay where they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import RunCommand, left_in
from samples import BAD, GOOD, HEADER, ITEM, SCATTER, UNSAFE

from tflint_slice import engine, runs
from tflint_slice.apply import MAX_ROUNDS, Look, Policy, apply_edits, choose, fix_all
from tflint_slice.files.discovery import Target
from tflint_slice.infer.reliance import Reliance
from tflint_slice.model import (
    Applicability,
    Edit,
    Finding,
    Fix,
    Location,
    Proof,
    Rule,
    Site,
    Span,
    Verdict,
)
from tflint_slice.outcome import Failure
from tflint_slice.settings import Settings

RULE = Rule("TFS101", "variable-item-assignment", "")
SAFE = Applicability.SAFE


def _finding(
    *edits: tuple[int, int, str],
    rule: Rule = RULE,
    applicability: Applicability = SAFE,
    declined: bool = False,
    proof: Proof | None = None,
) -> Finding:
    fix = Fix("", applicability, tuple(Edit(Span(a, b), text) for a, b, text in edits))
    span = Span(edits[0][0], edits[0][1])
    place = Location(1, span.start + 1)
    return Finding(rule, "", span, place, place, fix=fix, declined=declined, proof=proof)


# --- which fixes go together ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fixes", "result"),
    [
        pytest.param([[(0, 1, "A")], [(2, 3, "C")]], "AbCdef", id="apart"),
        pytest.param([[(2, 3, "C")], [(0, 1, "A")]], "AbCdef", id="any order"),
        pytest.param([[(0, 3, "A")], [(2, 4, "B")]], "Adef", id="overlap: the first"),
        pytest.param([[(0, 5, "A")], [(1, 2, "B")]], "Af", id="nested: the outer"),
        pytest.param([[(0, 2, "A")], [(2, 4, "B")]], "Acdef", id="touching"),
        pytest.param([[(1, 1, "X")], [(1, 1, "X")]], "aXbcdef", id="same insertion"),
        pytest.param([[(0, 1, "A"), (4, 5, "E")], [(2, 3, "C")]], "AbcdEf", id="interleaved"),
        pytest.param(
            [[(0, 0, "import"), (3, 4, "D")], [(0, 0, "import"), (5, 6, "F")]],
            "importabcDef",
            id="same import",
        ),
        pytest.param([[(6, 6, "!")]], "abcdef!", id="at the end"),
    ],
)
def test_one_round(fixes: list[list[tuple[int, int, str]]], result: str) -> None:
    chosen = choose([_finding(*edits) for edits in fixes])
    assert apply_edits("abcdef", [edit for _, fix in chosen for edit in fix.edits]) == result


PROVED = Proof(Verdict.PROVED)
REFUTED = Proof(Verdict.REFUTED)


@pytest.mark.parametrize(
    ("finding", "policy", "applies"),
    [
        pytest.param(_finding((0, 1, "")), Policy(), True, id="safe"),
        pytest.param(
            _finding((0, 1, ""), applicability=Applicability.UNSAFE), Policy(), False, id="unsafe"
        ),
        pytest.param(
            _finding((0, 1, ""), applicability=Applicability.UNSAFE),
            Policy(unsafe=True),
            True,
            id="unsafe, wanted",
        ),
        pytest.param(
            _finding((0, 1, ""), applicability=Applicability.DISPLAY),
            Policy(unsafe=True),
            False,
            id="display",
        ),
        pytest.param(_finding((0, 1, ""), declined=True), Policy(), False, id="declined"),
        pytest.param(_finding((0, 1, "")), Policy(proved_only=True), False, id="no proof"),
        pytest.param(
            _finding((0, 1, ""), proof=PROVED), Policy(proved_only=True), True, id="proved"
        ),
        pytest.param(
            _finding((0, 1, ""), proof=REFUTED), Policy(proved_only=True), False, id="refuted"
        ),
        pytest.param(_finding((0, 1, ""), proof=REFUTED), Policy(), True, id="proof not asked for"),
    ],
)
def test_policy(finding: Finding, policy: Policy, applies: bool) -> None:
    assert policy.applies(finding) is applies


# --- rounds ---------------------------------------------------------------------------------------


def _rewriting(*rules: tuple[str, str]) -> Callable[[str], Look]:
    """An analysis that finds each ``old`` and would have it ``new``; "(" stands for broken code."""

    def look_at(text: str) -> Look:
        if "(" in text:
            raise SyntaxError("never closed")
        found = [
            _finding((index, index + len(old), new), rule=Rule(f"TFS{number}", "", ""))
            for number, (old, new) in enumerate(rules)
            for index in range(len(text))
            if text.startswith(old, index)
        ]
        return Look(tuple(found), tuple(found))

    return look_at


@pytest.mark.parametrize(
    ("text", "rules", "result", "count", "defect"),
    [
        pytest.param("x", [("a", "b")], "x", 0, "", id="nothing to do"),
        pytest.param("a.a.a", [("a", "b")], "b.b.b", 3, "", id="one round"),
        pytest.param("aaa", [("a", "b")], "bbb", 3, "", id="neighbours wait"),
        pytest.param("aaa", [("aa", "b")], "ba", 1, "", id="overlap settles itself"),
        pytest.param("a", [("a", "(")], "a", 0, "does not parse", id="broken"),
        pytest.param("a", [("a", "b"), ("b", "c")], "a", 0, "new findings: TFS1", id="new"),
        pytest.param("a", [("a", "a ")], "a", 0, "new findings: TFS0", id="no end"),
        pytest.param("a", [("a", "aa")], "a", 0, "new findings: TFS0", id="more of the same"),
        pytest.param("b.b", [("b", "c"), ("x", "y")], "c.c", 2, "", id="second rule idle"),
    ],
)
def test_rounds(
    text: str, rules: list[tuple[str, str]], result: str, count: int, defect: str
) -> None:
    look_at = _rewriting(*rules)
    fixed = fix_all(text, look_at(text), look_at, Policy())
    assert (fixed.text, len(fixed.made)) == (result, count)
    assert (defect in fixed.defect) if defect else not fixed.defect
    assert fixed.look == look_at(result)


def test_rounds_are_bounded() -> None:
    def look_at(text: str) -> Look:
        findings = (_finding((0, 1, "a")), _finding((0, 1, "a")))
        return Look(findings[1:] if text == "start" else (), findings[:1])

    fixed = fix_all("a", look_at("a"), look_at, Policy())
    assert len(fixed.made) == MAX_ROUNDS
    assert fixed.defect


def test_a_declined_finding_that_surfaces_is_not_new() -> None:
    def look_at(text: str) -> Look:
        if text == "ab":
            hidden = _finding((1, 2, "B"), declined=True)
            first = _finding((0, 1, "A"), rule=Rule("TFS301", "", ""))
            return Look((first, hidden), (first, hidden))
        found = (_finding((1, 2, "B")),) if text == "Ab" else ()
        return Look(found, found)

    assert fix_all("ab", look_at("ab"), look_at, Policy()).text == "AB"


def test_a_suppressed_finding_counts_as_known() -> None:
    def look_at(text: str) -> Look:
        suppressed = _finding((1, 2, "B"))
        found = _finding((0, 1, "A"))
        return Look((found, suppressed), (found,)) if text == "ab" else Look((suppressed,), ())

    fixed = fix_all("ab", look_at("ab"), look_at, Policy())
    assert (fixed.text, fixed.defect) == ("Ab", "")


# --- real files -----------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _own_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Analysis looks for evidence in the project around a file: not in this one, please."""
    monkeypatch.chdir(tmp_path)


def _job(source: str | bytes, *, path: str = "a.py", fixes: Policy | None = None) -> engine.Job:
    data = source if isinstance(source, bytes) else source.encode()
    return engine.Job(path, Settings(), data, fixes)


def test_outcome_of_a_check() -> None:
    outcome = engine.check(_job(BAD))
    assert [finding.rule.code for finding in outcome.found] == ["TFS101", "TFS301"]
    assert outcome.left == outcome.found
    assert outcome.change is None


def test_what_the_screen_rests_on_is_handed_on() -> None:
    rests = Reliance(frozenset({"+elsewhere.py"}), frozenset({("names", "v")}))
    outcome = engine.check(replace(_job(BAD), screened=rests))
    assert outcome.found == engine.check(_job(BAD)).found
    assert outcome.rests.paths >= rests.paths
    assert outcome.rests.questions >= rests.questions


def test_a_file_that_was_screened_is_not_screened_again() -> None:
    clean = "x = (\n"
    assert not engine.check(_job(clean)).failures
    assert engine.check(replace(_job(clean), screened=Reliance())).failures


def test_outcome_of_fixes() -> None:
    outcome = engine.check(_job(BAD, fixes=Policy()))
    assert (outcome.after, outcome.left, outcome.fixed) == (GOOD, (), 2)
    assert len(outcome.found) == 2
    assert outcome.change is not None
    assert outcome.change.after == GOOD.encode()
    again = engine.check(_job(GOOD, fixes=Policy(unsafe=True)))
    assert again.change is None
    assert again.found == ()


@pytest.mark.parametrize(
    ("source", "row", "message"),
    [
        pytest.param(HEADER + "x[0] = (\n", 4, "never closed", id="syntax"),
        pytest.param(HEADER.encode() + b"x[0] = 1\0\n", 1, "null byte", id="null byte"),
        pytest.param(HEADER.encode() + b"# \xff\n", 4, "not valid utf-8", id="encoding"),
        pytest.param(b"# coding: nope\n" + BAD.encode(), 1, "unknown encoding", id="cookie"),
        pytest.param(HEADER + "x[0] = " + "(" * 20_000 + ")" * 20_000, 4, "nested", id="nesting"),
        pytest.param(HEADER + "x[0] = " + "-" * 90_000 + "1\n", None, "", id="unary tower"),
        pytest.param(HEADER + "x[0] = " + "1+" * 20_000 + "1\n", None, "", id="long sum"),
    ],
)
def test_a_file_that_cannot_be_checked_is_a_failure(
    source: str | bytes, row: int | None, message: str
) -> None:
    outcome = engine.check(_job(source))
    if row is None:
        # Interpreters differ in what they still parse; whatever they do is told, not raised.
        assert len(outcome.failures) <= 1
        return
    (failure,) = outcome.failures
    assert failure.row in (row, 1)
    assert message in failure.message


def test_characters_that_the_encoding_lacks_leave_the_file_alone() -> None:
    # ISO-2022-JP may be written with escape sequences that it would not choose itself.
    data = b"# coding: iso2022_jp\n" + BAD.encode() + b"# \x1b$B\x1b(B\n"
    outcome = engine.check(_job(data, fixes=Policy()))
    assert outcome.change is None
    assert len(outcome.left) == 2
    assert "iso2022_jp" in outcome.failures[0].message


def test_check_files_keeps_the_order(tmp_path: Path) -> None:
    targets: list[Target | Failure] = []
    for name, source in (("a", BAD), ("b", "print(1)\n"), ("c", UNSAFE)):
        path = tmp_path / f"{name}.py"
        path.write_text(source)
        targets.append(Target(str(path), Settings()))
    targets.insert(1, Failure("x.py", "gone"))
    targets.append(Target(str(tmp_path / "d.py"), Settings()))
    outcomes = list(runs.check_files(targets))
    assert [Path(outcome.path).stem for outcome in outcomes] == ["a", "x", "c", "d"]
    assert [len(outcome.found) for outcome in outcomes] == [2, 0, 1, 0]
    assert [failure.message for outcome in outcomes for failure in outcome.failures] == [
        "gone",
        "No such file or directory",
    ]


def test_a_file_that_changed_meanwhile_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(BAD)
    (outcome,) = runs.check_files([Target(str(path), Settings())], fixes=Policy())
    path.write_text("something_else = 1\n")
    saved = runs.save(outcome)
    assert path.read_text() == "something_else = 1\n"
    assert (saved.fixed, len(saved.left)) == (0, 2)
    assert "changed while" in saved.failures[0].message
    assert left_in(tmp_path) == ["a.py"]


def test_what_is_suppressed_is_not_fixed(cli: RunCommand, tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(HEADER + ITEM.replace("\n", "  # noqa: TFS101\n") + SCATTER)
    assert cli("--fix", "a.py").status == 0
    assert path.read_text() == (
        HEADER + ITEM.replace("\n", "  # noqa: TFS101\n") + GOOD.splitlines(keepends=True)[-1]
    )


@pytest.mark.parametrize(
    "options", [pytest.param([], id="safe"), pytest.param(["--unsafe-fixes"], id="unsafe")]
)
def test_fixing_twice_changes_nothing(cli: RunCommand, tmp_path: Path, options: list[str]) -> None:
    for name, source in (("a.py", BAD), ("b.py", UNSAFE)):
        (tmp_path / name).write_text(source)
    cli("--fix", *options, ".")
    once = [path.read_bytes() for path in sorted(tmp_path.glob("*.py"))]
    cli("--fix", *options, ".")
    assert [path.read_bytes() for path in sorted(tmp_path.glob("*.py"))] == once


# --- proofs ---------------------------------------------------------------------------------------


def test_only_what_is_proved_is_fixed() -> None:
    asked: list[Site] = []

    def prove(site: Site) -> Proof:
        asked.append(site)
        item = "v[1]" in site.before
        return Proof(Verdict.PROVED, samples=3) if item else Proof(Verdict.UNPROVED, "no time")

    outcome = engine.check(_job(BAD, fixes=Policy(proved_only=True)), prove)
    assert outcome.after == HEADER + GOOD.splitlines(keepends=True)[-2] + SCATTER
    assert outcome.fixed == 1
    assert [finding.proof for finding in outcome.left] == [Proof(Verdict.UNPROVED, "no time")]
    assert {site.after.strip() for site in asked} == set(GOOD.splitlines()[-2:])
