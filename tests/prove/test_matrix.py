"""The stored matrices of proofs: they are of the present rewrites, and hold when run again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from idioms import test_functional_scatter as functional_scatter
from idioms import test_item_assignment as item_assignment
from idioms import test_numpy_round_trip as numpy_round_trip

from tflint_slice import noqa
from tflint_slice.commands.status import ERROR
from tflint_slice.engine import examine
from tflint_slice.idioms import RULES
from tflint_slice.model import Applicability, Verdict
from tflint_slice.prove.matrix import design
from tflint_slice.prove.matrix.command import prove_rules
from tflint_slice.prove.matrix.fixing import Answer, answers
from tflint_slice.prove.matrix.pages import PROOFS
from tflint_slice.prove.matrix.rungs import CHAIN, rung
from tflint_slice.prove.matrix.store import FAILS, Matrix, Row, from_json, read, row_of, to_json
from tflint_slice.prove.matrix.tables import markdown, short
from tflint_slice.prove.prover import Prover
from tflint_slice.settings import Settings

CODES = sorted(set(RULES) - {noqa.RULE.code})
AGAIN = "run `tflint-slice prove --all --output-dir rules/proofs` again"

stored = cache(lambda code: read(PROOFS, code))
answered = cache(lambda code: {one.case.id: one for one in answers(design.cases(code))})


def test_every_rule_has_its_matrix() -> None:
    assert list(design.codes()) == CODES
    assert sorted(path.stem for path in PROOFS.glob("*.json")) == CODES


# --- the stored rows are those of today's linter --------------------------------------------------


def told(row: Row) -> tuple[object, ...]:
    """What is said of a program before anything is run."""
    return row.before, row.after, row.rung, row.applicability, row.reason, row.fails


@pytest.mark.parametrize("code", CODES)
def test_the_matrix_is_of_the_present_rewrites(code: str) -> None:
    now = {name: told(row_of(answer)) for name, answer in answered(code).items()}
    then = {row.id: told(row) for row in stored(code).rows}
    assert now.keys() == then.keys(), AGAIN
    assert {name: now[name] for name in now if now[name] != then[name]} == {}, AGAIN


@pytest.mark.parametrize("code", CODES)
def test_the_store_reads_as_it_was_written(code: str) -> None:
    text = (PROOFS / f"{code}.json").read_text(encoding="utf-8")
    assert to_json(from_json(text)) == text
    assert (PROOFS / f"{code}.md").read_text(encoding="utf-8") == markdown(stored(code))


# --- what they promise ----------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_every_safe_fix_of_a_matrix_is_proved(code: str) -> None:
    safe = [row for row in stored(code).rows if row.applicability == Applicability.SAFE]
    assert {row.id: row.remark for row in safe if row.outcome not in (Verdict.PROVED, FAILS)} == {}
    for row in safe:
        if row.outcome == FAILS:
            assert row.remark == "no input found on which the original returns"
        else:
            assert row.samples > 0
            assert "eager" in row.modes
            assert row.devices


@pytest.mark.parametrize("code", CODES)
def test_whatever_returns_is_not_declared_to_fail(code: str) -> None:
    """Where a program stands for itself; of the other rules it is compared with what it means."""
    if code in ("TFS201", "TFS301"):
        rows = [row for row in stored(code).rows if row.fails and row.after]
        assert {row.id for row in rows if row.verdict != Verdict.UNPROVED} == set()


TABLES = {
    "TFS101": (item_assignment.HEAD, item_assignment.SAFE),
    "TFS201": (numpy_round_trip.HEAD, numpy_round_trip.SAFE),
    "TFS301": (functional_scatter.HEAD, functional_scatter.SAFE),
}


@pytest.mark.parametrize("code", TABLES)
def test_every_form_of_safe_code_is_proved_in_the_matrix(code: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    head, table = TABLES[code]
    forms = set()
    for row in table:
        for found in examine(
            head + str(row.values[0]), str(tmp_path / "x.py"), Settings()
        ).findings:
            if found.rule.code == code and found.fix is not None and found.fix.site is not None:
                forms.add(rung(found.fix.site.after, found.fix.site.target))
    proved = {
        row.rung
        for row in stored(code).rows
        if row.applicability == Applicability.SAFE and row.verdict == Verdict.PROVED
    }
    assert forms
    assert forms - proved == set()


# --- they hold ------------------------------------------------------------------------------------


def sample() -> list[tuple[str, Row]]:
    """One row for each rule, form and outcome, chosen by hash."""
    rows = [(code, row) for code in CODES for row in stored(code).fixed if row.devices]
    rows.sort(key=lambda pair: hashlib.sha256("/".join((pair[0], pair[1].id)).encode()).digest())
    first = {(code, row.rung, row.outcome): (code, row) for code, row in reversed(rows)}
    return list(first.values())


@pytest.fixture(scope="module")
def on_cpu() -> Iterator[Prover]:
    with Prover(devices=("CPU:0",)) as prover:
        yield prover


@pytest.mark.parametrize(
    ("code", "row"), [pytest.param(*pair, id=f"{pair[0]}-{pair[1].id}") for pair in sample()]
)
def test_a_stored_verdict_comes_out_again(on_cpu: Prover, code: str, row: Row) -> None:
    answer: Answer = answered(code)[row.id]
    assert answer.site is not None, AGAIN
    again = row_of(answer, on_cpu.prove(answer.site))
    assert again.devices == ("CPU:0",)
    assert (again.verdict, again.modes, again.inapplicable) == (
        row.verdict,
        row.modes,
        row.inapplicable,
    ), again.remark


# --- names and numbers ----------------------------------------------------------------------------

RUNGS = [
    ("v.scatter_nd_add([[0]], [1.0])", "scatter_nd_add"),
    ("return v.scatter_nd_update([[0]], [v[1]])", "scatter_nd_update"),
    ("v[0].assign(v[0] * 2.0)", "sliced assign"),
    ("v.assign(x)", "assign"),
    ("v.assign(tf.where(v > 0.0, 1.0, v))", "assign(tf.where)"),
    (
        "v.assign(tf.tensor_scatter_nd_min(v, [[0]], [1.0]))",
        "assign(tensor_scatter_nd_min)",
    ),
    ("a = tf.tensor_scatter_nd_add(v, [[0]], [1.0])\nv.assign(a)", CHAIN),
    ("y = tf.tensor_scatter_nd_sub(v, [[0]], [1.0])", "tensor_scatter_nd_sub"),
    ("w[0].assign(1.0)", "no call"),
]


@pytest.mark.parametrize(("code", "name"), RUNGS, ids=[name for _, name in RUNGS])
def test_the_form_of_new_code(code: str, name: str) -> None:
    assert rung(code, "v") == name


ROW = Row(
    "add/plain/pair",
    "add",
    "plain",
    "pair",
    "list",
    "float32",
    "a",
    "b",
    "assign",
    "safe",
    "",
    fails=False,
)
PROMISES = [
    pytest.param("safe", False, "proved", False, id="safe-and-proved"),
    pytest.param("safe", False, "unproved", True, id="safe-and-unproved"),
    pytest.param("safe", True, "unproved", False, id="nothing-to-compare"),
    pytest.param("safe", False, "refuted", True, id="safe-and-refuted"),
    pytest.param("safe", True, "refuted", True, id="refuted-where-it-should-fail"),
    pytest.param("unsafe", False, "refuted", False, id="unsafe-and-refuted"),
    pytest.param("none", False, "", False, id="no-fix"),
]


@pytest.mark.parametrize(("applicability", "fails", "verdict", "broken"), PROMISES)
def test_which_rows_break_a_promise(
    applicability: str, fails: bool, verdict: str, broken: bool
) -> None:
    row = replace(ROW, applicability=applicability, fails=fails, verdict=verdict)
    assert row.is_broken_promise is broken


def test_what_is_printed_names_each_row_that_is_not_proved() -> None:
    rows = [
        replace(ROW, id="one", verdict="proved", modes=("eager", "tf.function")),
        replace(ROW, id="two", verdict="proved", modes=("eager",)),
        replace(ROW, id="three", verdict="refuted", applicability="unsafe", remark="they differ"),
        replace(ROW, id="four", verdict="unproved", fails=True, remark="never returns"),
        replace(ROW, id="five", after="", rung="", applicability="none", reason="no-rewrite"),
    ]
    assert short(Matrix("TFS301", {}, tuple(rows))).splitlines() == [
        "TFS301 functional-scatter-assign: 5 programs, 4 fixes",
        "  new code  fix     proved  refuted  unproved  always raises  modes of the proofs",
        "  assign    safe    2       0        0         1              eager 2, tf.function 1",
        "  assign    unsafe  0       1        0         0",
        "no fix: no-rewrite 1",
        "refuted (unsafe) three: `a` -> `b`: they differ",
    ]


@pytest.mark.parametrize(
    ("code", "device", "message"),
    [
        ("TFS999", "CPU:0", "there is no matrix of 'TFS999'"),
        ("TFS301", "GPU:7", "no device 'GPU:7'"),
    ],
    ids=["rule", "device"],
)
def test_what_is_not_there_is_an_error(
    code: str, device: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert prove_rules((code,), devices=(device,), output_dir=tmp_path, jobs=1) == ERROR
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
