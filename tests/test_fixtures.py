"""Every program in ``fixtures/``: what is found in it, what becomes of it, and that it runs alike.

``before.py`` is the program as its author left it, ``after.py`` its fixed form to the letter, and
``expected.txt`` is what the fixed form prints.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet
from running import item_assignment, run

from tflint_slice.apply import Policy
from tflint_slice.engine import Job, check
from tflint_slice.model import Applicability
from tflint_slice.outcome import Outcome
from tflint_slice.settings import Settings

FIXTURES = Path(__file__).parent.parent / "fixtures"


@dataclass(frozen=True)
class Program:
    """One fixture. ``codes`` are found in it, ``raises`` is how it ends before it is fixed."""

    name: str
    codes: str
    raises: str | None = None
    unsafe: bool = False
    suppressed: str = ""

    def __str__(self) -> str:
        return self.name

    @property
    def before(self) -> Path:
        return FIXTURES / self.name / "before.py"

    @property
    def after(self) -> Path:
        return FIXTURES / self.name / "after.py"

    @property
    def expected(self) -> str:
        return (FIXTURES / self.name / "expected.txt").read_text(encoding="utf-8")


PROGRAMS = [
    Program("one_element", "TFS301"),
    Program("two_elements", "TFS301"),
    Program("deep_element", "TFS107", raises="InvalidArgumentError", unsafe=True),
    Program("leaderboard", "TFS107", unsafe=True),
    Program("replay_buffer", "TFS101 TFS301 TFS301", raises="TypeError"),
    Program("embedding_table", "TFS101 TFS101", raises="TypeError", suppressed="TFS101"),
    Program("decoding_cache", "TFS101 TFS101 TFS301", raises="TypeError"),
    Program("kmeans_centroids", "TFS201 TFS301"),
    Program("self_organising_map", "TFS101 TFS101 TFS101 TFS101 TFS101", raises="TypeError"),
    Program("q_table", "TFS101 TFS101 TFS101", raises="TypeError"),
    Program("running_histogram", "TFS201 TFS301", suppressed="TFS201"),
    Program("game_of_life", "TFS101 TFS101 TFS101 TFS101 TFS201", raises="TypeError"),
    Program("sparse_gradient_step", "TFS301 TFS301 TFS301"),
    Program("ring_buffer", "TFS101 TFS101 TFS101 TFS101 TFS301 TFS301", raises="TypeError"),
]


def rows(programs: Iterable[Program]) -> list[ParameterSet]:
    return [pytest.param(program, id=program.name) for program in programs]


ALL = rows(PROGRAMS)
UNSAFE = rows(program for program in PROGRAMS if program.unsafe)
SUPPRESSED = rows(program for program in PROGRAMS if program.suppressed)
ASSIGNING = rows(program for program in PROGRAMS if "TFS101" in program.codes)


def checked(path: Path, policy: Policy | None = None, text: str | None = None) -> Outcome:
    data = path.read_bytes() if text is None else text.encode()
    return check(Job(str(path), Settings(), data, policy))


def codes(outcome: Outcome) -> Counter[str]:
    return Counter(finding.rule.code for finding in outcome.found if not finding.declined)


def test_every_fixture_has_its_row() -> None:
    folders = {path.name for path in FIXTURES.iterdir() if path.is_dir()}
    assert folders == {program.name for program in PROGRAMS}


@pytest.mark.parametrize("program", ALL)
def test_what_is_found(program: Program) -> None:
    assert codes(checked(program.before)) == Counter(program.codes.split())


@pytest.mark.parametrize("program", ALL)
def test_the_fix_is_the_fixed_form_to_the_letter(program: Program) -> None:
    outcome = checked(program.before, Policy(unsafe=program.unsafe))
    assert not outcome.failures
    assert outcome.after == program.after.read_text(encoding="utf-8")
    assert outcome.fixed == len(program.codes.split())


@pytest.mark.parametrize("program", UNSAFE)
def test_an_unsafe_fix_is_not_made_unasked(program: Program) -> None:
    outcome = checked(program.before, Policy())
    assert outcome.after == program.before.read_text(encoding="utf-8")


@pytest.mark.parametrize("program", ALL)
def test_the_fixed_form_is_clean_and_stays_as_it_is(program: Program) -> None:
    outcome = checked(program.after, Policy(unsafe=True))
    assert not codes(outcome)
    assert outcome.change is None


@pytest.mark.parametrize("program", SUPPRESSED)
def test_what_is_suppressed_has_no_safe_fix(program: Program) -> None:
    shown = re.sub("  # noqa: TFS.*", "", program.after.read_text(encoding="utf-8"))
    outcome = checked(program.after, text=shown)
    assert codes(outcome) == Counter(program.suppressed.split())
    for finding in outcome.found:
        assert finding.fix is None or finding.fix.applicability is not Applicability.SAFE


@pytest.mark.parametrize("program", ALL)
def test_the_fixed_form_prints_what_is_expected(program: Program) -> None:
    after = run(program.after.read_text(encoding="utf-8"), str(program.after))
    assert after.error is None
    assert after.output == program.expected


@pytest.mark.parametrize("program", ALL)
def test_the_program_as_it_was_prints_the_same_or_fails_as_said(program: Program) -> None:
    before = run(program.before.read_text(encoding="utf-8"), str(program.before))
    assert (type(before.error).__name__ if before.error else None) == program.raises
    if program.raises is None and not program.unsafe:
        assert before.output == program.expected


@pytest.mark.parametrize("program", ASSIGNING)
def test_item_assignment_gets_the_meaning_it_has_in_numpy(program: Program) -> None:
    with item_assignment():
        before = run(program.before.read_text(encoding="utf-8"), str(program.before))
    assert before.error is None
    assert before.output == program.expected
