"""The processor time of a run, as a table by stage and one by rule."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_slice.timing import Spent, Stage


def lines(spent: Spent) -> Iterator[str]:
    """What took part in the run: the stages in their order, the rules by what they took."""
    whole = sum(spent.values())
    stages: dict[Stage, float] = {}
    rules: dict[str, float] = {}
    for (stage, codes), seconds in spent.items():
        stages[stage] = stages.get(stage, 0.0) + seconds
        if codes:
            rules[codes] = rules.get(codes, 0.0) + seconds
    yield _row("seconds", "share", "stage")
    for stage in Stage:
        if stage in stages:
            yield _timed(stages[stage], whole, stage.value)
    yield _timed(whole, whole, "all of it, in all processes")
    if rules:
        yield _row("seconds", "share", "idioms of")
    for codes, seconds in sorted(rules.items(), key=lambda row: (-row[1], row[0])):
        yield _timed(seconds, whole, codes)


def _timed(seconds: float, whole: float, name: str) -> str:
    return _row(f"{seconds:.3f}", f"{seconds / (whole or 1):.1%}", name)


def _row(seconds: str, share: str, name: str) -> str:
    return f"{seconds:>9} {share:>7}  {name}"
