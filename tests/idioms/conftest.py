"""What the tables of the idioms share: one way to look at a snippet."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from tflint_slice.analysis import analyse
from tflint_slice.apply import apply_edits
from tflint_slice.model import Applicability, Finding
from tflint_slice.settings import Settings
from tflint_slice.syntax.source import SourceText

Look = Callable[..., list[Finding]]


@pytest.fixture
def look(look_at_all: Look) -> Look:
    """The same without what is said of loops: it stands beside other findings, or comes next."""

    def analysed(text: str, **settings: object) -> list[Finding]:
        return [
            found
            for found in look_at_all(text, **settings)
            if not found.opt_in and found.rule.code != "TFS401"
        ]

    return analysed


@pytest.fixture
def look_at_all(tmp_path: Path) -> Look:
    """Analyse a snippet as a script that stands alone in its project."""

    def analysed(text: str, **settings: object) -> list[Finding]:
        (tmp_path / "pyproject.toml").touch()
        path = str(tmp_path / "snippet.py")
        source = SourceText.parse(textwrap.dedent(text), path)
        return analyse(source, Settings(**settings))  # type: ignore[arg-type]

    return analysed


def fixed(text: str, findings: list[Finding], *applicabilities: Applicability) -> str:
    """``text`` with every fix of the given kinds made."""
    edits = [
        edit
        for found in findings
        if found.fix is not None and found.fix.applicability in applicabilities
        for edit in found.fix.edits
    ]
    return apply_edits(textwrap.dedent(text), edits)
