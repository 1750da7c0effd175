"""The times of fixes, as a table for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from statistics import median

from tflint_slice.prove.growth import Curve, Result, Timing


def lines(file: str, device: str | None, mode: str, result: Result) -> Iterator[str]:
    """The table of one fix."""
    finding, fix = result.finding, result.fix
    place = f"{file}:{finding.start.row}:{finding.start.column}"
    yield f"{place}: {finding.rule.code} {finding.message}"
    yield f"  {fix.message} ({fix.applicability.value} fix)"
    if result.reason is not None:
        yield f"  {result.reason}"
        return
    assert fix.site is not None  # nothing else has curves
    timings = result.curves[0].timings
    shapes = " to ".join(dict.fromkeys(str(list(timings[end].shape)) for end in (0, -1)))
    yield f"  `{fix.site.target}` as {result.dtype}{shapes}, {mode}, on {device}"
    yield "  microseconds: median (least); ratio before/after: median (middle half), > 1 is a gain"
    for size, reason in result.missing:
        yield f"  {size:,} elements: {reason}"
    for curve in result.curves:
        yield from _table(curve)
    for sentence in result.contradictions():
        yield f"  {sentence}"


def _table(curve: Curve) -> Iterator[str]:
    yield f"  {curve.pattern.value}"
    yield f"  {'elements':>12} {'before':>20} {'after':>20} {'ratio':>24} {'pairs':>6}"
    for timing in curve.timings:
        before, after = _times(timing.before), _times(timing.after)
        low, high = timing.spread
        ratio = f"{timing.ratio:.2f} ({low:.2f} to {high:.2f})"
        yield (
            f"  {timing.elements:12,} {before:>20} {after:>20} {ratio:>24} {len(timing.before):6}"
        )
    yield f"  the fix is faster beyond the noise, and stays so: {curve.faster}"


def _times(values: Sequence[float]) -> str:
    return f"{median(values):,.1f} ({min(values):,.1f})"


def as_json(file: str, device: str | None, mode: str, results: Sequence[Result]) -> str:
    """An object with one entry for each fix; times are in microseconds."""
    return json.dumps(
        {
            "filename": file,
            "device": device,
            "mode": mode,
            "unit": "microseconds",
            "fixes": [_result(result) for result in results],
        },
        indent=2,
    )


def _result(result: Result) -> dict[str, object]:
    finding, fix = result.finding, result.fix
    return {
        "code": finding.rule.code,
        "message": finding.message,
        "location": {"row": finding.start.row, "column": finding.start.column},
        "fix": {"applicability": fix.applicability.value, "message": fix.message},
        "target": None if fix.site is None else fix.site.target,
        "dtype": result.dtype or None,
        "reason": result.reason,
        "missing": [{"elements": size, "reason": reason} for size, reason in result.missing],
        "patterns": [
            {
                "pattern": curve.pattern.value,
                "faster": curve.faster,
                "faster_from": curve.crossing,
                "sizes": [_timing(timing) for timing in curve.timings],
            }
            for curve in result.curves
        ],
        "contradictions": list(result.contradictions()),
    }


def _timing(timing: Timing) -> dict[str, object]:
    return {
        "elements": timing.elements,
        "shape": list(timing.shape),
        "before": {"median": median(timing.before), "min": min(timing.before)},
        "after": {"median": median(timing.after), "min": min(timing.after)},
        "ratio": {"median": timing.ratio, "middle_half": list(timing.spread)},
        "pairs": len(timing.before),
    }
