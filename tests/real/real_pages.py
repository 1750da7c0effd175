"""Says on the page of each rule what was met of it in real code, as the list of labels has it.

python tests/real/real_pages.py
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from labelled import Label, read_labels
from rerun import real_packages

CHECKOUT = Path(__file__).parents[2]
HEADING = "Real code"


def section(code: str, labels: Sequence[Label], packages: int) -> str:
    """The text of the section for one rule; ``packages`` is how many were read."""
    mine = [label for label in labels if label.code == code]
    return "\n" + "\n".join(map(_wrapped, _paragraphs(mine, packages))) + "\n"


def _paragraphs(labels: Sequence[Label], packages: int) -> Iterator[str]:
    true = [label for label in labels if label.true]
    searched = f"In the sources of {packages} public packages that use TensorFlow"
    if true:
        found = sum(not label.limit for label in true)
        yield (
            f"{searched} {_sites(len(true))} known that should be reported; "
            f"{found or 'none'} of them {'is' if found < 2 else 'are'}."
        )
    else:
        yield f"{searched} no site was found that this rule should report."
    limits = Counter(label.limit for label in true if label.limit)
    if limits:
        listed = "; ".join(f"{limit} ({count})" for limit, count in sorted(limits.items()))
        yield f"Not reported, and why: {listed}."
    silent = len(labels) - len(true)
    if silent:
        yield f"{_sites(silent)} known that only look like it; nothing is reported there."


def _sites(count: int) -> str:
    return "1 site is" if count == 1 else f"{count} sites are"


def _wrapped(paragraph: str) -> str:
    return textwrap.fill(paragraph, 100, break_long_words=False, break_on_hyphens=False) + "\n"


def with_section(page: str, text: str) -> str:
    """The page with this text below the heading, which stands before the references."""
    page = re.sub(rf"^## {HEADING}\n.*?(?=^## )", "", page, flags=re.MULTILINE | re.DOTALL)
    before, heading, after = page.partition("## References\n")
    return f"{before}## {HEADING}\n{text}{heading}{after}"


def main() -> int:
    labels, packages = read_labels(), len(real_packages().pinned())
    for code in codes():
        path = CHECKOUT / "rules" / f"{code}.md"
        page = with_section(path.read_text(encoding="utf-8"), section(code, labels, packages))
        path.write_text(page, encoding="utf-8", newline="\n")
    return 0


def codes() -> list[str]:
    """Rules about code, which are those with proofs: a comment looks the same everywhere."""
    return sorted(path.stem for path in (CHECKOUT / "rules" / "proofs").glob("*.json"))


if __name__ == "__main__":
    raise SystemExit(main())
