"""The page of every rule: its headings, and its examples, which are linted, fixed and run.

The text in front of an example says what is special about it: "raises `TypeError`", or "An unsafe
fix". The text in front of its counterpart may say what that prints: "prints `[1, 2]`".
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from pages import CODES, PROVED, claims, read, sections
from running import Run, item_assignment, run

from tflint_slice.apply import Policy
from tflint_slice.engine import Job, check
from tflint_slice.idioms import RULES
from tflint_slice.model import Reason
from tflint_slice.outcome import Outcome
from tflint_slice.prove.matrix.pages import PROOFS, section
from tflint_slice.prove.matrix.store import read as read_matrix
from tflint_slice.settings import Settings

HEADINGS = [
    "What it does",
    "Why is this bad",
    "Example",
    "Use instead",
    "Fix safety",
    "Proof",
    "Real code",
    "References",
]


@dataclass(frozen=True)
class Block:
    """A fenced block of Python, and the paragraph in front of it, if there is one."""

    code: str
    lead: str


@dataclass(frozen=True)
class Pair:
    """The same example before and after."""

    rule: str
    bad: Block
    good: Block

    @property
    def unsafe(self) -> bool:
        return "unsafe fix" in self.bad.lead.lower()

    @property
    def reported_only(self) -> bool:
        return self.bad.lead.startswith("No fix.")

    @property
    def aborts(self) -> bool:
        return "ends the process" in self.bad.lead

    @property
    def raises(self) -> str | None:
        found = re.search(r"raises `(\w+)`", self.bad.lead)
        return found[1] if found else None

    @property
    def prints(self) -> str | None:
        found = re.search(r"prints `([^`]*)`", self.good.lead)
        return found[1] + "\n" if found else None


def blocks(section: str) -> list[Block]:
    """The fenced blocks of a section, in order."""
    found, lead = [], ""
    for part in re.split(r"(^```python\n.*?^```$)", section, flags=re.MULTILINE | re.DOTALL):
        if part.startswith("```python"):
            code = part.removeprefix("```python\n").removesuffix("```")
            found.append(Block(code, " ".join(lead.split())))
        lead = part
    return found


def pairs_of(code: str) -> list[Pair]:
    parts = sections(code)
    bad, good = blocks(parts["Example"]), blocks(parts["Use instead"])
    return [Pair(code, one, other) for one, other in zip(bad, good, strict=True)]


EXAMPLES = {
    f"{code}-{number}": pair for code in CODES for number, pair in enumerate(pairs_of(code), 1)
}
PAIRS = [pytest.param(pair, id=name) for name, pair in EXAMPLES.items()]
UNSAFE = [pytest.param(pair, id=name) for name, pair in EXAMPLES.items() if pair.unsafe]


def checked(folder: Path, code: str, policy: Policy | None = None) -> Outcome:
    """Check a block as the only file of a project."""
    return check(Job(str(folder / "example.py"), Settings(), code.encode(), policy))


def shown(outcome: Outcome) -> list[str]:
    return [finding.rule.code for finding in outcome.found if not finding.declined]


# --- the pages ------------------------------------------------------------------------------------


def test_every_rule_has_its_page() -> None:
    assert sorted(RULES) == CODES


@pytest.mark.parametrize("code", CODES)
def test_a_page_is_laid_out_like_the_others(code: str) -> None:
    page = read(code)
    assert page.splitlines()[0] == f"# {RULES[code].name} ({code})"
    expected = [one for one in HEADINGS if one != "Real code" or code in PROVED]
    assert re.findall(r"^## (.+)$", page, flags=re.MULTILINE) == expected
    assert not re.findall(r"^### ", page, flags=re.MULTILINE)
    assert len(pairs_of(code)) >= 3


@pytest.mark.parametrize("code", PROVED)
def test_reasons_on_a_page_exist_and_stand_there_once(code: str) -> None:
    named = claims(code)
    assert named
    assert {reason for reason, _ in named} <= {reason.value for reason in Reason}
    assert {fix for _, fix in named} <= {"unsafe", "none", "declined"}
    assert len(named) == len(set(named))


@pytest.mark.parametrize("code", PROVED)
def test_a_page_says_what_its_proof_runs(code: str) -> None:
    proof = " ".join(sections(code)["Proof"].split())
    if {fix for _, fix in claims(code)} == {"none"}:
        assert "there is nothing to prove" in proof
        return
    assert "`--prove`" in proof
    assert "each device that TensorFlow lists" in proof
    assert "without a GPU the verdict names the CPU" in proof


@pytest.mark.parametrize("code", PROVED)
def test_the_section_on_proofs_is_made_from_the_stored_matrix(code: str) -> None:
    made = section(read_matrix(PROOFS, code))
    assert sections(code)["Proof"] == made, "run `python -m tflint_slice.prove.matrix.pages`"


# --- the examples ---------------------------------------------------------------------------------


@pytest.mark.parametrize("pair", PAIRS)
def test_the_example_is_reported_and_its_fix_is_the_counterpart(pair: Pair, tmp_path: Path) -> None:
    outcome = checked(tmp_path, pair.bad.code, Policy(unsafe=pair.unsafe))
    assert set(shown(outcome)) == {pair.rule}
    assert not outcome.failures
    assert outcome.after == (pair.bad.code if pair.reported_only else pair.good.code)
    assert not shown(checked(tmp_path, pair.good.code))


@pytest.mark.parametrize("pair", UNSAFE)
def test_an_unsafe_fix_is_not_made_unasked(pair: Pair, tmp_path: Path) -> None:
    assert checked(tmp_path, pair.bad.code, Policy()).change is None


@pytest.mark.parametrize("pair", PAIRS)
def test_the_example_and_its_counterpart_come_to_the_same_state(pair: Pair) -> None:
    good = ran(pair.good)
    assert good.error is None
    if pair.aborts:
        assert ended(pair.bad) == -signal.SIGABRT
        assert good.output == pair.prints
        return
    bad = ran(pair.bad)
    assert (type(bad.error).__name__ if bad.error else None) == pair.raises
    if pair.prints is not None:
        assert good.output == pair.prints
        assert bad.output != good.output
        return
    if bad.error is not None:
        with item_assignment():
            bad = ran(pair.bad)
        assert bad.error is None
    assert good.variables
    assert {name: bad.variables[name] for name in good.variables} == good.variables


def ended(block: Block) -> int:
    """The exit status of a process that runs nothing else."""
    return subprocess.run([sys.executable, "-c", block.code], capture_output=True).returncode


def ran(block: Block) -> Run:
    return run(block.code, "example.py")
