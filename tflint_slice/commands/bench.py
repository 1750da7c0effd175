"""`tflint-slice bench`: times each fix of a file before and after, as the variable grows."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

import click

from tflint_slice.commands.options import CONTEXT, version
from tflint_slice.commands.status import CLEAN, ERROR

if TYPE_CHECKING:
    from tflint_slice.model import Finding, Fix, Site
    from tflint_slice.outcome import Failure
    from tflint_slice.prove.growth import Result
    from tflint_slice.prove.process import Worker

EAGER: Final = "eager"
TRACED: Final = "tf.function"
FEWEST: Final = 10**3
MOST: Final = 10**7
SIZES: Final = tuple(10**power for power in range(3, 8))

BUDGET: Final = 1.0
"""Seconds that one pattern at one size of one fix takes, roughly."""
LIMIT: Final = 120.0
"""Seconds after which one size of one fix is given up."""


class Timer:
    """Times fixes one after the other, in a worker that is started for the first of them."""

    def __init__(self, device: str | None, mode: str, sizes: Sequence[int]) -> None:
        self.device = device
        self.mode = mode
        self.sizes = sizes
        self._worker: Worker | None = None
        self._legacy_keras = False

    def __enter__(self) -> Timer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()

    def time(self, finding: Finding, fix: Fix) -> Result:
        from tflint_slice.prove.growth import Curve, Pattern, Result, Timing

        answers: list[dict[str, Any]] = []
        missing: list[tuple[int, str]] = []
        for elements in self.sizes:
            answer = self._ask(fix.site, elements)
            if "reason" in answer:
                missing.append((elements, answer["reason"]))
            else:
                answers.append(answer)
        if not answers:
            return Result(finding, fix, missing=tuple(missing))
        curves = tuple(
            Curve(
                pattern,
                tuple(
                    Timing(tuple(answer["shape"]), tuple(times["before"]), tuple(times["after"]))
                    for answer in answers
                    for times in [answer[pattern.name]]
                ),
            )
            for pattern in Pattern
        )
        return Result(finding, fix, answers[0]["dtype"], curves, tuple(missing))

    def _ask(self, site: Site | None, elements: int) -> dict[str, Any]:
        from tflint_slice.model import Kind
        from tflint_slice.prove.process import Died
        from tflint_slice.prove.wire import site_to_json

        if site is None:
            return {"reason": "not timed: nothing of it can be run"}
        kinds = {fact.kind for _, fact in site.facts}
        worker = self._ready(legacy_keras=Kind.KERAS2_WEIGHT in kinds)
        request = {
            "task": "time",
            "site": site_to_json(site),
            "device": self.device,
            "mode": self.mode,
            "elements": elements,
            "budget": BUDGET,
        }
        try:
            answer = worker.ask(request, LIMIT)
        except Died as death:
            self._end()
            return {"reason": f"not timed: {death}"}
        if "fault" in answer:
            return {"reason": f"not timed: the harness failed: {answer['fault']}"}
        timed: dict[str, Any] = answer["answer"]
        return timed

    def _ready(self, *, legacy_keras: bool) -> Worker:
        from tflint_slice.prove.process import Worker

        if self._worker is not None and self._legacy_keras != legacy_keras:
            self._end()
        if self._worker is None:
            self._worker = Worker(legacy_keras=legacy_keras)
            self._legacy_keras = legacy_keras
            devices = list(self._worker.ready)
            self.device = devices[0] if self.device is None else self.device
            if self.device not in devices:
                known = ", ".join(devices)
                raise click.UsageError(f"unknown device {self.device!r}; TensorFlow lists {known}")
        return self._worker

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None


@click.command("bench", context_settings=CONTEXT)
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--unsafe-fixes", is_flag=True, help="Time fixes that rest on an assumption, too.")
@click.option(
    "--max-elements",
    type=click.IntRange(FEWEST, MOST),
    default=MOST,
    show_default=True,
    help="Stop at a variable of this many elements.",
)
@click.option(
    "--device", metavar="NAME", help="A device as TensorFlow lists it; the first one by default."
)
@click.option(
    "--mode",
    type=click.Choice([EAGER, TRACED]),
    default=EAGER,
    show_default=True,
    help="How both sides are run.",
)
@click.option(
    "--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@version
def bench(
    *,
    file: str,
    unsafe_fixes: bool,
    max_elements: int,
    device: str | None,
    mode: str,
    output_format: str,
) -> int:
    """Time each fix of FILE before and after, as the variable grows.

    Both sides get the same inputs. They are timed for updates in a row, and for updates each of
    which is followed by a read of the whole variable: a scatter in place makes such reads copy.
    """
    from tflint_slice import runs
    from tflint_slice.files import discovery
    from tflint_slice.files.pyproject import Configuration
    from tflint_slice.model import Applicability
    from tflint_slice.prove.process import ProverUnavailable
    from tflint_slice.report import timings
    from tflint_slice.settings import Overrides

    targets = discovery.discover((file,), Configuration(Overrides()), force_exclude=False)
    outcomes = list(runs.check_files(targets))
    failures = [failure for outcome in outcomes for failure in outcome.failures]
    if not failures:
        failures = _unparsable(file)
    if failures:
        for failure in failures:
            click.echo(failure, err=True)
        return ERROR
    fixes = [
        (finding, finding.fix)
        for outcome in outcomes
        for finding in outcome.found
        if finding.fix is not None and finding.fixable and not finding.declined
    ]
    safe = [pair for pair in fixes if pair[1].applicability is Applicability.SAFE]
    chosen = fixes if unsafe_fixes else safe
    as_json = output_format == "json"
    if not chosen:
        hint = f"; --unsafe-fixes would time {len(fixes)}" if fixes else ""
        click.echo(f"{file}: there is no{' safe' if hint else ''} fix to time{hint}", err=as_json)
        if as_json:
            click.echo(timings.as_json(file, None, mode, []))
        return CLEAN
    if importlib.util.find_spec("tensorflow") is None:
        raise click.ClickException("bench needs TensorFlow: pip install 'tflint-slice[prove]'")
    results = []
    sizes = [size for size in SIZES if size <= max_elements]
    try:
        with Timer(device, mode, sizes) as timer:
            for finding, fix in chosen:
                result = timer.time(finding, fix)
                results.append(result)
                if not as_json:
                    click.echo("\n".join(timings.lines(file, timer.device, mode, result)) + "\n")
    except ProverUnavailable as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(timings.as_json(file, timer.device, mode, results))
    return CLEAN


def _unparsable(file: str) -> list[Failure]:
    """What keeps a file from being parsed in which the linter saw no reason to try."""
    import ast

    from tflint_slice.files.reading import UnreadableError, decode
    from tflint_slice.outcome import Failure

    try:
        with open(file, "rb") as opened:
            ast.parse(decode(opened.read()).text)
    except UnreadableError as error:
        return [Failure(file, error.message, error.row)]
    except SyntaxError as error:
        return [Failure(file, error.msg, error.lineno or 1, error.offset)]
    except RecursionError:
        return [Failure(file, "too deeply nested to analyse")]
    return []
