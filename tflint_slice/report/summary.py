"""The numbers of a run: one line after the last finding, or a table by rule in their place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tflint_slice.apply import Policy
from tflint_slice.model import Finding
from tflint_slice.outcome import Outcome, on_one_line


def summary(outcomes: Sequence[Outcome], policy: Policy, *, mode: str) -> str:
    """One line on all findings; ``mode`` is "check", "fix" or "diff"; empty if there are none."""
    found = _count(outcome.found for outcome in outcomes)
    if not found:
        return ""
    fixed = sum(outcome.fixed for outcome in outcomes)
    left = _count(outcome.left for outcome in outcomes)
    if mode != "check":
        # A finding that was declined may be one to fix once its neighbours have been.
        found = max(found, fixed + left)
    noun = "finding" if found == 1 else "findings"
    standing = [finding for outcome in outcomes for finding in outcome.left if not finding.declined]
    able = sum(policy.applies(finding) for finding in standing)
    bolder = Policy(unsafe=True, proved_only=policy.proved_only)
    more = sum(bolder.applies(finding) for finding in standing) - able
    if mode == "fix":
        text = f"Found {found} {noun} ({fixed} fixed, {left} remaining)."
    elif mode == "diff":
        text = f"Found {found} {noun} ({fixed} would be fixed, {left} would remain)."
    else:
        text = f"Found {found} {noun}."
        if able:
            text += f" {able} fixable with {_options(policy)}"
            return text + (f" ({more} more with --unsafe-fixes)." if more else ".")
    if more:
        text += f" {more} fixable with --unsafe-fixes."
    return text


def fixes_made(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The fixes by file and rule, most often first."""
    for outcome in outcomes:
        if outcome.made and outcome.change:
            yield f"Fixed {outcome.fixed} in {on_one_line(outcome.path)}:"
            numbers = Counter((finding.rule.code, finding.rule.name) for finding in outcome.made)
            for (code, name), number in sorted(numbers.items(), key=lambda row: (-row[1], row[0])):
                yield f"    {number} x {code} ({name})"


def what_became_of(outcome: Outcome) -> str:
    """One line for a file that may hold findings."""
    found = sum(not finding.declined for finding in outcome.found)
    parts = [f"{found} found", f"{len(outcome.found) - found} declined"]
    if outcome.made:
        parts.append(f"{outcome.fixed} fixed")
    return f"{on_one_line(outcome.path)}: {', '.join(parts)}"


def _options(policy: Policy) -> str:
    options = ["--fix"]
    if policy.unsafe:
        options.append("--unsafe-fixes")
    if policy.proved_only:
        options.append("--prove")
    return " ".join(options)


def _count(findings: Iterable[Iterable[Finding]]) -> int:
    return sum(not finding.declined for group in findings for finding in group)


def statistics(findings: Iterable[Finding], policy: Policy) -> list[tuple[str, str, int, int]]:
    """Code, name, number of findings and how many of them a fix would be applied to, by rule."""
    counted = [finding for finding in findings if not finding.declined]
    numbers = Counter((finding.rule.code, finding.rule.name) for finding in counted)
    fixable = Counter(finding.rule.code for finding in counted if policy.applies(finding))
    rows = [(code, name, number, fixable[code]) for (code, name), number in numbers.items()]
    return sorted(rows, key=lambda row: (-row[2], row[0]))
