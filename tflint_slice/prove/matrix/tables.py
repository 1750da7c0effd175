"""A matrix as people read it: short on a terminal, and in full as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tflint_slice.idioms import RULES
from tflint_slice.model import Verdict
from tflint_slice.prove.matrix.counts import HEAD, counts, named, unfixed
from tflint_slice.prove.matrix.store import Matrix, Row, in_order


def short(matrix: Matrix) -> str:
    """The numbers, and a line for each fix that is not proved."""
    lines = [_title(matrix), *_aligned([HEAD, *(count.cells for count in counts(matrix))])]
    if without := unfixed(matrix):
        lines.append(f"no fix: {named(without)}")
    for row in matrix.fixed:
        if row.outcome in (Verdict.REFUTED, Verdict.UNPROVED):
            lines.append(f"{row.verdict} ({_trust(row)}) {row.id}: {_shown(row)}: {row.remark}")
    return "\n".join(lines) + "\n"


def markdown(matrix: Matrix) -> str:
    """All rows, below the numbers."""
    rows = [
        (
            row.id,
            _code(row.before),
            _code(row.after),
            _trust(row),
            row.outcome,
            ", ".join(row.modes),
            ", ".join(row.inapplicable),
            str(row.samples or ""),
            "; ".join(filter(None, (*row.exceptions, row.remark))),
        )
        for row in matrix.rows
    ]
    head = ("program", "before", "after", "fix", "outcome", "modes", "not applicable")
    parts = [
        f"# {_title(matrix)}",
        f"Made by `tflint-slice prove --rule {matrix.code}` with {installed(matrix)}. The name of "
        "a program says how it is spelled, and its receiver, index, value and dtype.",
        "\n".join(table([HEAD, *(count.cells for count in counts(matrix))])),
        "\n".join(table([(*head, "samples", "remarks"), *rows])),
    ]
    return "\n\n".join(parts) + "\n"


def installed(matrix: Matrix) -> str:
    """``TensorFlow 2.21.0, Keras 3.15.0 and NumPy 2.4.0``."""
    *first, last = in_order(matrix.versions)
    return f"{', '.join(first)} and {last}" if first else last


def _title(matrix: Matrix) -> str:
    where = f" on {', '.join(matrix.devices)}" if matrix.devices else ""
    numbers = f"{len(matrix.rows)} programs, {len(matrix.fixed)} fixes{where}"
    return f"{matrix.code} {RULES[matrix.code].name}: {numbers}"


def _trust(row: Row) -> str:
    return f"{row.applicability}: {row.reason}" if row.reason else row.applicability


def _shown(row: Row) -> str:
    before, after = ("; ".join(text.splitlines()) for text in (row.before, row.after))
    return f"`{before}` -> `{after}`"


def _code(text: str) -> str:
    return "<br>".join(f"`{line}`" for line in text.splitlines())


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows as a table of Markdown, the head first."""
    head, *body = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    for cells in (head, ["---"] * len(head), *body):
        yield f"| {' | '.join(cells)} |"
