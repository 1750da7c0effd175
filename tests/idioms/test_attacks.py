"""Programs written to be fixed wrongly, most of which once were: none of them has a safe fix.

``attacks.txt`` holds them, each under a line ``### name``. A program that turns out to be fixed
rightly belongs into the table of its rule instead.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from idioms.conftest import Look

from tflint_slice.model import Applicability

PROGRAMS = re.findall(
    r"^### (\S+)\n(.*?)(?=^### |\Z)",
    (Path(__file__).parent / "attacks.txt").read_text(encoding="utf-8"),
    flags=re.MULTILINE | re.DOTALL,
)


def test_the_programs_are_there() -> None:
    names = [name for name, _ in PROGRAMS]
    assert len(names) > 100
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in PROGRAMS])
def test_no_safe_fix_is_offered(look: Look, text: str) -> None:
    safe = [
        found
        for found in look(text)
        if found.fix is not None and found.fix.applicability is Applicability.SAFE
    ]
    assert safe == []
