"""The text of a program before and after its fixes, which are made in memory alone."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from tflint_slice import engine
from tflint_slice.apply import Policy
from tflint_slice.files import discovery
from tflint_slice.files.pyproject import Configuration
from tflint_slice.files.reading import UnreadableError, decode
from tflint_slice.model import Fix, Reason
from tflint_slice.outcome import Failure
from tflint_slice.settings import Settings


@dataclass(frozen=True)
class FixedText:
    """A program and its fixed form, by ``fixes`` many fixes.

    ``lent`` are the rows of statements that always raise, to which a fix gives a meaning.
    ``temporaries`` are names that nothing reads any more.
    """

    before: str
    after: str
    fixes: int
    settings: Settings
    lent: tuple[int, ...] = ()
    temporaries: frozenset[str] = frozenset()


def fixed_text(path: str, configuration: Configuration, policy: Policy) -> FixedText | Failure:
    """What ``check --fix`` would make of the file ``path``, or what keeps it from that."""
    if Path(path).is_dir():
        return Failure(path, "is a directory, not a program")
    target = next(iter(discovery.discover((path,), configuration)))
    if isinstance(target, Failure):
        return target
    try:
        data = Path(path).read_bytes()
        text = decode(data).text
        ast.parse(text)
    except OSError as error:
        return Failure(path, error.strerror or str(error))
    except UnreadableError as error:
        return Failure(path, error.message, error.row)
    except SyntaxError as error:
        return Failure(path, error.msg, error.lineno or 1, error.offset)
    except ValueError as error:
        return Failure(path, str(error))
    outcome = engine.check(engine.Job(path, target.settings, data, policy))
    if outcome.failures:
        return outcome.failures[0]
    if outcome.change is None:
        return FixedText(text, text, 0, target.settings)
    made = [finding for finding in outcome.found if policy.applies(finding)]
    rows = {
        row
        for finding in made
        if _gives_a_meaning(finding.fix)
        for row in range(finding.lines[0], finding.lines[1] + 1)
    }
    dead = {
        name
        for finding in made
        if finding.fix and finding.fix.site
        for name in finding.fix.site.dead
    }
    return FixedText(
        outcome.before,
        outcome.after,
        outcome.fixed,
        target.settings,
        tuple(sorted(rows)),
        frozenset(dead),
    )


def _gives_a_meaning(fix: Fix | None) -> bool:
    """Whether the original always raises there, and nothing carries on as if it had to."""
    site = None if fix is None else fix.site
    return (
        site is not None
        and site.reference is not None
        and site.assumes is not Reason.CAUGHT_EXCEPTION
    )
