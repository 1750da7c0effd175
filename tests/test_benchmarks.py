"""The parts of the benchmarks around what they measure: lists, statistics, table and chart."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from xml.etree import ElementTree

import measuring
import pytest
import real_packages
import results
import run
from contests import Changed, Contest, Result, Unit
from environments import PEERS, peers
from long_program import long_program
from measuring import Failed, Sample, Spread, Step

from tflint_slice.engine import Job, check
from tflint_slice.settings import Settings


def _row(unit: Unit = Unit.RATIO, at_most: float = 3.0, **more: object) -> Contest:
    steps = Step("ours", ("/work/bin/a", "b c")), Step("theirs", ("x", "one\ntwo"))
    return Contest("key", "a row", steps, at_most, unit=unit, **more)


def _samples(*seconds: float, peak: float = 0.0) -> list[Sample]:
    return [Sample(each, peak) for each in seconds]


# --- pinned lists ---------------------------------------------------------------------------------


def test_the_pinned_packages_are_all_read() -> None:
    lines = real_packages.PINNED.read_text().splitlines()
    packages = real_packages.pinned()
    assert len(packages) == len([line for line in lines if line and not line.startswith("#")])
    assert [package.name for package in packages] == sorted(package.name for package in packages)
    assert real_packages.pinned(("larq",))[0].folder == "larq-0.14.0"


@pytest.mark.parametrize("plan", [run.full_plan(), run.quick_plan()], ids=["full", "quick"])
def test_a_plan_names_packages_of_its_corpus(plan: run.Plan) -> None:
    names = {package.name for package in plan.corpus}
    assert {plan.package, plan.grown} <= names
    assert not names & set(run.LEFT_OUT)


def test_what_is_left_out_is_pinned() -> None:
    assert len(run.full_plan().corpus) == len(real_packages.pinned()) - len(run.LEFT_OUT)


def test_peers_are_pinned_by_name() -> None:
    assert peers("# a comment\n\nruff==1.2\n  flake8==3.4\n") == {
        "ruff": "ruff==1.2",
        "flake8": "flake8==3.4",
    }
    assert {"flake8", "ruff", "libcst"} == set(peers(PEERS.read_text()))


# --- runs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "spread"),
    [
        pytest.param([2.0], (2.0, 2.0, 2.0), id="one"),
        pytest.param([3.0, 1.0], (1.0, 2.0, 3.0), id="even"),
        pytest.param([9.0, 1.0, 2.0], (1.0, 2.0, 9.0), id="odd"),
    ],
)
def test_spread(numbers: list[float], spread: tuple[float, float, float]) -> None:
    assert Spread.of(numbers) == spread


@pytest.mark.parametrize(
    ("unit", "told", "met"),
    [
        # Pairs are compared, so that this is neither 4 / 2 nor the fastest against the fastest.
        pytest.param(Unit.RATIO, (2.0, 4.0, 8.0), False, id="ratio"),
        pytest.param(Unit.MILLISECONDS, (1000.0, 3000.0, 7000.0), False, id="difference"),
        pytest.param(Unit.MEBIBYTES, (1.0, 1.0, 1.0), True, id="memory"),
    ],
)
def test_each_turn_is_compared_with_the_next(
    unit: Unit, told: tuple[float, float, float], met: bool
) -> None:
    result = Result(_row(unit), (_samples(2, 8, 4, peak=1.0), _samples(1, 1, 1)))
    assert (result.told, result.met) == (told, met)


def test_memory_is_judged_by_its_maximum_and_time_by_its_median() -> None:
    ours = [Sample(1.0, 1.0), Sample(1.0, 1.0), Sample(9.0, 9.0)]
    peer = _samples(1, 1, 1)
    assert Result(_row(Unit.RATIO), (ours, peer)).met
    assert not Result(_row(Unit.MEBIBYTES), (ours, peer)).met


def test_sides_take_turns_and_are_prepared_each_time(tmp_path: Path) -> None:
    log = tmp_path / "log"
    steps = [
        Step(
            name,
            (sys.executable, "-c", f"open({str(log)!r}, 'a').write({name!r}); print(7.5)"),
            lambda: log.open("a").write("."),
            timed_by_itself=name == "b",
        )
        for name in "ab"
    ]
    first, second = measuring.in_turns(steps, 2, tmp_path)
    assert log.read_text() == ".a.b.a.b"
    assert all(sample.seconds > 0.0 and 1.0 < sample.peak < 1000.0 for sample in first)
    assert [sample.seconds for sample in second] == [7.5, 7.5]


def test_the_memory_of_children_counts(tmp_path: Path) -> None:
    child = "x = bytearray(80 * 2**20)"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    sample = measuring.run(Step("", (sys.executable, "-c", program)), tmp_path)
    assert sample.peak > 80.0


def test_a_command_that_fails_is_no_result(tmp_path: Path) -> None:
    step = Step("", (sys.executable, "-c", "import sys; sys.exit('no such thing')"))
    with pytest.raises(Failed, match="exit status 1\nno such thing"):
        measuring.run(step, tmp_path)
    assert measuring.run(step._replace(statuses=(1,)), tmp_path).seconds > 0.0


@pytest.mark.parametrize(("platform", "mebibytes"), [("linux", 3.0), ("darwin", 3.0 / 1024)])
def test_the_unit_of_memory_depends_on_the_system(platform: str, mebibytes: float) -> None:
    assert measuring.mebibytes(3 * 1024, platform) == mebibytes


def test_a_change_can_be_repeated_and_undone(tmp_path: Path) -> None:
    for name, size in (("a", 1), ("b", 20), ("c", 300)):
        (tmp_path / f"{name}.py").write_text("import tensorflow\n" + "x\n" * size)
    (tmp_path / "d.py").write_text("x\n" * 30)
    changed, seen = Changed(tmp_path), set()
    before = (tmp_path / "b.py").read_text()
    for _ in range(2):
        changed.change()
        seen.add((tmp_path / "b.py").read_text())
    assert len(seen) == 2
    assert all(text.startswith(before + "#") and text.count("#") == 1 for text in seen)
    changed.undo()
    assert (tmp_path / "b.py").read_text() == before


@pytest.mark.parametrize(("lines", "findings"), [(200, 5), (403, 10)])
def test_a_long_program_is_as_long_and_as_wrong_as_asked_for(
    lines: int, findings: int, tmp_path: Path
) -> None:
    text = long_program(lines, findings)
    ast.parse(text)
    assert text.count("\n") == lines
    found = check(Job(str(tmp_path / "a.py"), Settings(), text.encode())).found
    assert [finding.rule.code for finding in found] == ["TFS301"] * findings
    assert all(finding.fix is not None and finding.reason is None for finding in found)


def test_a_program_cannot_be_too_short_for_its_findings() -> None:
    with pytest.raises(ValueError, match="too few"):
        long_program(100, 50)


# --- results --------------------------------------------------------------------------------------

ROWS = {
    "ratio": (
        Result(_row(aim=1.5), (_samples(2, 8, 4), _samples(1, 1, 1))),
        "| a row | ours: 4.00 s | theirs: 1.00 s | 2 / 4 / 8 | 3 x, aim 1.5 | **missed** |",
    ),
    "difference": (
        Result(_row(Unit.MILLISECONDS, 60.0), (_samples(0.05), _samples(0.02))),
        "| a row | ours: 50 ms | theirs: 20 ms | 30 / 30 / 30 | 60 ms more | met |",
    ),
    "memory": (
        Result(
            _row(Unit.MEBIBYTES, 300.0),
            (_samples(1.0, peak=120.4), _samples(1.0, peak=7.0)),
        ),
        "| a row | ours: 120 MiB | theirs: 7 MiB | 120 / 120 / 120 | 300 MiB | met |",
    ),
    "not available": (
        Result(_row(), missing="not available"),
        "| a row | ours | theirs | not available | 3 x | |",
    ),
}


@pytest.mark.parametrize(("result", "line"), ROWS.values(), ids=ROWS)
def test_row(result: Result, line: str) -> None:
    assert results.table_row(result) == line
    assert line.count("|") == results.HEAD.splitlines()[0].count("|")


def test_the_page_shows_the_table_the_chart_the_machine_and_the_commands() -> None:
    page = results.page([result for result, _ in ROWS.values()], {"date": "1"}, "c.svg", "/work")
    assert all(line in page for _, line in ROWS.values())
    assert "](c.svg)" in page
    assert "| date | 1 |" in page
    assert "# key\nbin/a 'b c'\nx 'one; two'\n" in page


def test_runs_that_serve_two_rows_are_named_once() -> None:
    shared = Result(_row(runs_of="cold"), (_samples(1), _samples(1)))
    assert list(results.commands([shared], "/work")) == ["# key: as for cold"]


def test_the_chart_shows_what_was_measured_within_its_bounds() -> None:
    tiny = Result(_row(Unit.MILLISECONDS, 60.0), (_samples(0.01), _samples(0.02)))
    huge = Result(_row(), (_samples(9e6), _samples(1.0)))
    drawn = ElementTree.fromstring(
        results.chart([tiny, huge, *(result for result, _ in ROWS.values())])
    )
    texts = [element.text for element in drawn.iter() if element.tag.endswith("text")]
    assert texts.count("a row") == 5
    assert {"-10 of 60 ms more", "9e+06 of 3 x", "4 of 3 x, aim 1.5"} <= set(texts)
    bars = [element for element in drawn.iter() if element.get("fill-opacity")]
    widths = [float(bar.get("width", "nan")) for bar in bars]
    assert all(0.0 <= each <= results.WIDTH - results.NAMES - results.RIGHT for each in widths)
    assert min(widths) == widths[0]
    assert max(widths) == widths[1]
    # Red for the two that took more than they may.
    assert [bar.get("fill") == "#c0392b" for bar in bars] == [False, True, True, False, False]
