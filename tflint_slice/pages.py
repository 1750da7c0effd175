"""The rules' pages: from the installed package, or from the checkout it is run out of."""

from __future__ import annotations

from pathlib import Path


def url(code: str) -> str:
    """Where the page of a rule stands, relative to the project."""
    return f"rules/{code}.md"


def read_page(code: str) -> str | None:
    """The page of a rule as Markdown."""
    package = Path(__file__).resolve().parent
    # A wheel carries the pages inside of the package; an editable install leaves them beside it.
    for directory in (package / "rules", package.parent / "rules"):
        page = directory / f"{code}.md"
        if page.is_file():
            return page.read_text(encoding="utf-8")
    return None
