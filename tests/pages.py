"""The pages of the rules as text: their sections, and their tables of reasons."""

from __future__ import annotations

import re
from pathlib import Path

from tflint_slice import noqa

PAGES = Path(__file__).parent.parent / "rules"
CODES = sorted(path.stem for path in PAGES.glob("*.md"))
PROVED = [code for code in CODES if code != noqa.RULE.code]
"""Rules about code: a comment needs no reasons and no proofs."""


def read(code: str) -> str:
    return (PAGES / f"{code}.md").read_text(encoding="utf-8")


def sections(code: str) -> dict[str, str]:
    """The text below each heading of the second level."""
    _, *parts = re.split(r"^## (.+)\n", read(code), flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def claims(code: str) -> list[tuple[str, str]]:
    """Reason and fix of each row of the table; a row may name several reasons."""
    table = sections(code)["Fix safety"]
    rows: list[tuple[str, str]] = re.findall(r"^\| (`.+?`) \| (\w+) \| ", table, re.MULTILINE)
    return [(reason, fix) for cell, fix in rows for reason in re.findall(r"`([^`]+)`", cell)]
