"""The table and the chart. The chart is an SVG: it needs no program to be made or to be seen, and,
other than the charts of Mermaid, shows least and greatest and has a scale of powers."""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape

from contests import Contest, Result, Unit
from measuring import Sample, Spread

HEAD = (
    "| row | ours | peer | ours against peer: min / median / max | at most | |\n"
    "| --- | --- | --- | --- | --- | --- |"
)


def page(results: Sequence[Result], facts: Mapping[str, str], chart: str, base: str) -> str:
    """The whole of ``RESULTS.md``. Paths in commands are shown from the folder ``base``."""
    return "\n".join(
        [
            "# Results of the benchmarks",
            "",
            "Made by `python benchmarks/run.py`; not edited by hand. Both sides take turns, and a",
            "turn of ours is compared with the peer's next one. Seconds are medians of what whole",
            "processes take. What is allowed at most is held against the median of time, and",
            "against the maximum of memory.",
            "",
            table(results),
            "",
            f"![Each row as a share of what it may take]({chart})",
            "",
            "| measured on | |",
            "| --- | --- |",
            *(f"| {name} | {value} |" for name, value in facts.items()),
            "",
            "What was run:",
            "",
            "```sh",
            *commands(results, base),
            "```",
            "",
        ]
    )


def commands(results: Iterable[Result], base: str) -> Iterator[str]:
    """Each command under the key of its row."""
    for result in results:
        contest = result.contest
        if contest.runs_of is not None:
            yield f"# {contest.key}: as for {contest.runs_of}"
            continue
        yield f"# {contest.key}"
        for step in contest.steps:
            line = shlex.join(part.replace("\n", "; ") for part in step.command)
            yield line.replace(f"{base}/", "")


def table(results: Iterable[Result]) -> str:
    return "\n".join([HEAD, *map(table_row, results)])


def table_row(result: Result) -> str:
    contest = result.contest
    ours, peer = contest.steps
    allowed = target(contest)
    if result.missing:
        return f"| {contest.name} | {ours.label} | {peer.label} | {result.missing} | {allowed} | |"
    sides = [
        f"{step.label}: {side(samples, contest.unit)}"
        for step, samples in zip(contest.steps, result.runs, strict=True)
    ]
    told = " / ".join(shown(number, contest.unit) for number in result.told)
    verdict = "met" if result.met else "**missed**"
    return f"| {contest.name} | {' | '.join(sides)} | {told} | {allowed} | {verdict} |"


def side(samples: Iterable[Sample], unit: Unit) -> str:
    """The run in the middle."""
    if unit is Unit.MEBIBYTES:
        return f"{Spread.of(sample.peak for sample in samples).median:.0f} MiB"
    seconds = Spread.of(sample.seconds for sample in samples).median
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def target(contest: Contest) -> str:
    aim = "" if contest.aim is None else f", aim {shown(contest.aim, contest.unit)}"
    return f"{shown(contest.at_most, contest.unit)} {contest.unit.value}{aim}"


def shown(number: float, unit: Unit) -> str:
    return f"{number:.3g}" if unit is Unit.RATIO else f"{number:.0f}"


# --- the chart ------------------------------------------------------------------------------------

WIDTH, NAMES, RIGHT, STEP, TOP = 860, 270, 130, 26, 40
LEAST = 0.01
"""Shares below that are drawn there: nobody asks how much less than nothing something is."""


def chart(results: Iterable[Result]) -> str:
    """For each row its median as a share of what is allowed, with a line from least to greatest."""
    rows = [result for result in results if not result.missing]
    shares = [Spread(*(number / row.contest.at_most for number in row.told)) for row in rows]
    decades = range(-2, 1 + max([1, *(math.ceil(math.log10(max(s.greatest, 1))) for s in shares)]))
    height = TOP + STEP * len(rows) + 20

    def across(share: float) -> float:
        place = (math.log10(max(share, LEAST)) - decades[0]) / (decades[-1] - decades[0])
        return round(NAMES + place * (WIDTH - NAMES - RIGHT), 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
    ]
    for decade in decades:
        x = across(10.0**decade)
        style = 'stroke="#c0392b" stroke-width="2"' if decade == 0 else 'stroke="#ddd"'
        parts.append(f'<line x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{height - 12}" {style}/>')
        label = "what is allowed" if decade == 0 else f"{10.0**decade:g}"
        parts.append(f'<text x="{x}" y="{TOP - 16}" text-anchor="middle">{label}</text>')
    for number, (row, share) in enumerate(zip(rows, shares, strict=True)):
        parts += _bar(row, share, TOP + STEP * number, across)
    return "\n".join([*parts, "</svg>", ""])


def _bar(row: Result, share: Spread, y: int, across: Callable[[float], float]) -> list[str]:
    least, middle, greatest = map(across, share)
    colour = "#2e7d32" if row.met else "#c0392b"
    shape = f'x="{NAMES}" y="{y}" width="{round(middle - NAMES, 1)}" height="16"'
    told = f"{shown(row.told.median, row.contest.unit)} of {target(row.contest)}"
    return [
        f'<text x="{NAMES - 8}" y="{y + 13}" text-anchor="end">{escape(row.contest.name)}</text>',
        f'<rect {shape} fill="{colour}" fill-opacity="0.6"/>',
        f'<line x1="{least}" y1="{y + 8}" x2="{greatest}" y2="{y + 8}" stroke="black"/>',
        f'<text x="{WIDTH - RIGHT + 12}" y="{y + 13}">{told}</text>',
    ]
