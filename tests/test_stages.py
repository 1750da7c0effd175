"""Where the time of a run goes: which stages and rules are named, and that the figures add up."""

from __future__ import annotations

import json
import re
import time
from contextlib import suppress
from pathlib import Path

import pytest
from command_line import RunCommand
from samples import BAD, CLEAN, GOOD

from tflint_slice.idioms import RULES
from tflint_slice.timing import Stage, measuring, stage

ALL = "all of it, in all processes"
FOUND = {"find files", "report", "all else"}
SCREENED = FOUND | {"read", "screen of bytes"}
LOOKED_AT = SCREENED | {"load analysis", "parse", "screens of trees", "suppressions", "idioms"}
EXAMINED = LOOKED_AT | {"inference", "other files", "rewrites"}

NOTEBOOK = json.dumps(
    {
        "cells": [
            {
                "cell_type": "code",
                "source": BAD,
                "metadata": {},
                "outputs": [],
                "execution_count": None,
            }
        ],
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
)
PAUSE = 0.12
"""Longer than what a file system may take for one moment: what is younger is not trusted."""
LARGE = BAD + f"# {'x' * 200_000}\n"
"""Two of them are worth processes."""


def figures(err: str) -> tuple[dict[str, float], dict[str, float]]:
    """Seconds by stage, and by the rules of an idiom; each of them with its share of all."""
    tables: list[dict[str, float]] = []
    for line in err.splitlines():
        if re.fullmatch(r"  seconds   share  (stage|idioms of)", line):
            tables.append({})
            continue
        seconds, share, name = re.fullmatch(r" *(\d+\.\d{3}) +(\d+\.\d)%  (.+)", line).groups()
        assert name not in tables[-1]
        tables[-1][name] = float(seconds)
        assert float(share) <= 100
    stages, rules = tables if len(tables) == 2 else (*tables, {})
    return stages, rules


@pytest.mark.parametrize(
    ("files", "options", "stages"),
    [
        pytest.param({}, [], FOUND, id="no file"),
        pytest.param({"a.py": "x = 1\n"}, [], SCREENED, id="nothing in the bytes"),
        pytest.param({"a.py": CLEAN + "x[0] = 1\n"}, [], LOOKED_AT, id="nothing in the tree"),
        pytest.param({"a.py": BAD}, [], EXAMINED, id="findings"),
        pytest.param({"a.py": BAD}, ["--diff"], EXAMINED | {"fixes"}, id="diff"),
        pytest.param({"a.py": BAD}, ["--fix"], EXAMINED | {"fixes", "write"}, id="fix"),
        pytest.param(
            {"a.py": BAD}, ["--add-noqa"], EXAMINED - {"report"} | {"fixes", "write"}, id="add noqa"
        ),
        pytest.param({"a.ipynb": NOTEBOOK}, ["-j1"], EXAMINED, id="notebook"),
        pytest.param(
            {"a.ipynb": NOTEBOOK}, ["--fix"], EXAMINED | {"fixes", "write"}, id="fixed notebook"
        ),
        pytest.param(
            {"a.py": LARGE, "b.py": LARGE, "c.py": "v[\n# tensorflow Variable assign"},
            ["-j2"],
            EXAMINED | {"processes"},
            id="processes",
        ),
        pytest.param(
            {"a.py": LARGE, "b.py": LARGE},
            ["-j2", "--fix"],
            EXAMINED | {"processes", "fixes", "write"},
            id="fix in processes",
        ),
    ],
)
def test_the_stages_that_took_part(
    cli: RunCommand, tmp_path: Path, files: dict[str, str], options: list[str], stages: set[str]
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    seconds, rules = figures(_tables(cli("--timing", "--no-cache", *options, ".").err))
    assert seconds.keys() - {ALL} == stages
    codes = [code for row in rules for code in row.split(", ")]
    assert sorted(codes) == (sorted(RULES) if "inference" in stages else codes)
    rounded = 0.0005 * (len(seconds) + 1)
    assert sum(seconds.values()) - seconds[ALL] == pytest.approx(seconds[ALL], abs=rounded)
    assert sum(rules.values()) <= seconds.get("idioms", 0.0) + 0.0005 * (len(rules) + 1)


def _tables(err: str) -> str:
    """What follows on the errors."""
    return err[err.index("  seconds") :]


def test_standard_input(cli: RunCommand) -> None:
    finished = cli("--timing", "--fix", "-", stdin=BAD.encode())
    assert finished.out == GOOD
    seconds, _ = figures(_tables(finished.err))
    assert seconds.keys() == EXAMINED | {"fixes", ALL}


def test_what_is_cached_takes_part_in_nothing_else(cli: RunCommand, tmp_path: Path) -> None:
    for name, text in (("a.py", BAD), ("b.py", CLEAN), ("c.py", "x = 1\n"), ("d.ipynb", NOTEBOOK)):
        (tmp_path / name).write_text(text)
    time.sleep(PAUSE)
    first, _ = figures(cli("--timing", "--output-format", "json", ".").err)
    assert first.keys() == EXAMINED | {"cache", ALL}
    again, rules = figures(cli("--timing", "--output-format", "json", ".").err)
    assert (again.keys(), rules) == (FOUND | {"cache", ALL}, {})


@pytest.mark.parametrize("options", [[], ["--fix"], ["--statistics"], ["-q"]])
def test_nothing_else_changes(cli: RunCommand, tmp_path: Path, options: list[str]) -> None:
    finished = []
    for given in (options, ["--timing", *options]):
        (tmp_path / "a.py").write_text(BAD)
        finished.append(cli("--no-cache", *given, "."))
    without, timed = finished
    assert (without.status, without.out) == (timed.status, timed.out)
    assert timed.err.startswith(without.err)
    assert ("seconds" in timed.err) == ("-q" not in options)


def test_no_more_is_counted_than_was_spent(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BAD)
    start = time.process_time()
    finished = cli("--timing", "-j1", "--no-cache", ".")
    spent = time.process_time() - start
    assert figures(finished.err)[0][ALL] <= spent + 0.0005


def test_a_stage_ends_with_its_code_also_by_an_exception() -> None:
    with measuring() as clock:
        with stage(Stage.READ), suppress(ValueError), stage(Stage.PARSE, "x"):
            raise ValueError
        before = dict(clock.spent)
        with stage(Stage.WRITE):
            pass
    ended = {(Stage.READ, ""), (Stage.PARSE, "x")}
    assert clock.spent.keys() == ended | {(Stage.REST, ""), (Stage.WRITE, "")}
    assert {part: clock.spent[part] for part in ended} == {part: before[part] for part in ended}
    assert min(clock.spent.values()) >= 0
