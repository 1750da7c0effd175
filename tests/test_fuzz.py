"""Random programs: nothing crashes, a safe fix changes nothing but how it is done, twice is once.

A longer run: ``python -m pytest tests/test_fuzz.py --hypothesis-profile=long``.
"""

from __future__ import annotations

import ast

import hypothesmith
import pytest
from generated import programs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import Run, item_assignment, run

from tflint_slice.apply import Policy
from tflint_slice.engine import Job, check
from tflint_slice.outcome import Outcome
from tflint_slice.settings import Settings

# What the original always raises has no original to compare with, but for item assignment.
ALWAYS_RAISES = {"TFS102", "TFS103", "TFS107", "TFS108", "TFS110", "TFS111", "TFS501", "TFS502"}

BOUNDED = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file that stands alone, so that its variables are plain."""
    return str(tmp_path_factory.mktemp("alone") / "a.py")


def _check(path: str, text: str, policy: Policy | None) -> Outcome:
    outcome = check(Job(path, Settings(), text.encode(), policy))
    assert not outcome.failures, text
    return outcome


def _state(result: Run) -> tuple[object, ...]:
    return result.variables, result.output, type(result.error)


@given(programs())
@settings(BOUNDED, max_examples=settings().max_examples * 2)
def test_a_safe_fix_runs_to_the_same_end(path: str, text: str) -> None:
    outcome = _check(path, text, Policy())
    if outcome.change is None:
        return
    again = _check(path, outcome.after, Policy())
    assert again.change is None, text
    reported = {finding.rule.code for finding in again.found if not finding.declined}
    # What was passed by may count once the code around it is better.
    assert reported <= {finding.rule.code for finding in outcome.found}, text
    with item_assignment():
        before = run(text, path)
        after = run(outcome.after, path)
    if before.error is not None:
        made = {finding.rule.code for finding in outcome.made}
        assert after.error is not None or made & ALWAYS_RAISES, outcome.after
    else:
        assert _state(after) == _state(before), f"{text}\n--- became\n{outcome.after}"


@given(programs())
@settings(BOUNDED)
def test_unsafe_fixes_parse_and_are_made_once(path: str, text: str) -> None:
    outcome = _check(path, text, Policy(unsafe=True))
    ast.parse(outcome.after)
    if outcome.change is not None:
        assert _check(path, outcome.after, Policy(unsafe=True)).change is None


@given(hypothesmith.from_grammar())
@settings(BOUNDED)
def test_any_grammatical_program_is_read(path: str, text: str) -> None:
    program = f"import tensorflow as tf\nv = tf.Variable([1.0])\nv[0] = 1.0\n{text}"
    try:
        program.encode()
        ast.parse(program)
    except (SyntaxError, ValueError, UnicodeError, MemoryError, RecursionError):
        return
    outcome = _check(path, program, Policy(unsafe=True))
    ast.parse(outcome.after or program)


@given(programs(), st.integers(0, 2**32), st.binary(max_size=3))
@settings(BOUNDED)
def test_damaged_files_give_findings_or_one_error(
    path: str, text: str, place: int, junk: bytes
) -> None:
    data = text.encode()
    cut = place % len(data)
    outcome = check(Job(path, Settings(), data[:cut] + junk + data[cut + 1 :], Policy()))
    assert len(outcome.failures) <= 1
    assert all("bug in tflint-slice" not in failure.message for failure in outcome.failures)
