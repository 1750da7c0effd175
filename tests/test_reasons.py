"""The tables of reasons on the rules' pages: each row shown on the least code that gives it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages import PROVED, claims
from reasons import first, loops, rebuilds, trips
from reasons.row import Row, fix_of

from tflint_slice.engine import Job, check
from tflint_slice.settings import Settings

ROWS = [*first.ROWS, *rebuilds.ROWS, *loops.ROWS, *trips.ROWS]


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row.code}-{row.reason}-{row.fix}") for row in ROWS]
)
def test_the_page_says_when_and_what(row: Row, tmp_path: Path) -> None:
    text = f"import numpy as np\nimport tensorflow as tf\n\n{row.program}"
    if row.imported:
        (tmp_path / "user.py").write_text("import example\n")
    settings = Settings(rewrite=row.style)
    outcome = check(Job(str(tmp_path / "example.py"), settings, text.encode()))
    found = [finding for finding in outcome.found if finding.rule.code == row.code]
    assert [(each.reason, fix_of(each)) for each in found] == [(row.reason, row.fix)]
    assert (row.reason, row.fix) in claims(row.code)


@pytest.mark.parametrize("code", PROVED)
def test_every_row_of_a_table_is_shown(code: str) -> None:
    assert set(claims(code)) == {(row.reason, row.fix) for row in ROWS if row.code == code}
