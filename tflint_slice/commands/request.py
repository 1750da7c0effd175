"""What a run of ``check`` was asked for, and the run: files to outcomes, to disk, to the screen."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import click

from tflint_slice import runs
from tflint_slice.apply import Policy
from tflint_slice.commands.checking import outcomes_of
from tflint_slice.commands.status import CLEAN, ERROR, FINDINGS
from tflint_slice.files import discovery
from tflint_slice.files.pyproject import Configuration, read_keys
from tflint_slice.outcome import Outcome, on_one_line
from tflint_slice.report.output import Mode, Output
from tflint_slice.settings import ConfigurationError, Overrides
from tflint_slice.settings_table import BadValue, extended
from tflint_slice.timing import Stage, stage, timed

if TYPE_CHECKING:
    from tflint_slice.baseline import Baseline
    from tflint_slice.files.patterns import PatternList

STANDARD_INPUT: Final = "-"


@dataclass(frozen=True)
class Request:
    """The options of the command line, each under its own name."""

    paths: tuple[str, ...]
    fix: bool
    fix_only: bool
    diff: bool
    unsafe_fixes: bool
    show_fixes: bool
    prove: bool
    devices: tuple[str, ...]
    select: tuple[str, ...]
    extend_select: tuple[str, ...]
    ignore: tuple[str, ...]
    exclude: tuple[PatternList, ...]
    extend_exclude: tuple[PatternList, ...]
    config: tuple[str, ...]
    isolated: bool
    force_exclude: bool
    output_format: str
    output_file: str | None
    quiet: bool
    verbose: bool
    statistics: bool
    timing: bool
    show_declined: bool
    show_settings: bool
    show_files: bool
    add_noqa: bool
    baseline: str | None
    write_baseline: str | None
    no_cache: bool
    cache_dir: str | None
    exit_zero: bool
    exit_non_zero_on_fix: bool
    stdin_filename: str | None
    jobs: int | None

    @property
    def from_stdin(self) -> bool:
        return self.paths == (STANDARD_INPUT,)

    @property
    def mode(self) -> Mode:
        if self.diff:
            return "diff"
        return "fix" if self.fix or self.fix_only else "check"

    @property
    def policy(self) -> Policy:
        return Policy(unsafe=self.unsafe_fixes, proved_only=self.prove)

    @property
    def configuration(self) -> Configuration:
        """Where settings come from.

        Raises:
            click.UsageError: ``--config`` means nothing.
        """
        file, keys = _configured(self.config)
        if file is not None and self.isolated:
            raise click.UsageError("--isolated reads no configuration, so no --config FILE either")
        overrides = Overrides(
            self.select, self.ignore, self.extend_select, self.exclude, self.extend_exclude, keys
        )
        return Configuration(overrides, self.isolated, file)


def _configured(values: tuple[str, ...]) -> tuple[str | None, tuple[tuple[str, object], ...]]:
    """The file that ``--config`` names, and the keys that it sets one by one."""
    files = []
    keys: dict[str, object] = {}
    for value in values:
        try:
            given = None if os.path.exists(value) else read_keys(value)
        except BadValue as error:
            raise click.UsageError(f"--config: {error.message}") from error
        if given is None:
            files.append(value)
        else:
            keys = extended(keys, given)
    if len(files) > 1:
        raise click.UsageError(f"--config takes one file, not {' and '.join(files)}")
    return (files[0] if files else None), tuple(keys.items())


def run(request: Request) -> int:
    """Do what is asked for; the exit status.

    Raises:
        click.ClickException: a file or a value of an option is in error.
    """
    data = sys.stdin.buffer.read() if request.from_stdin else b""
    targets = _targets(request, data)
    if request.show_settings or request.show_files:
        from tflint_slice.commands import preview

        return preview.show(targets, settings=request.show_settings)
    known = _baseline(request)
    with stage(Stage.FIND):
        found = list(targets)
    outcomes = outcomes_of(found, request)
    if request.add_noqa:
        return _report_added(request, [runs.save(outcome) for outcome in outcomes])
    if request.mode == "fix":
        # Not before all is checked: no file is judged by the half of its neighbours that is fixed.
        if request.from_stdin:
            changes = [outcome.change for outcome in outcomes if outcome.change]
            sys.stdout.buffer.write(changes[0].after if changes else data)
        else:
            outcomes = [runs.save(outcome) for outcome in outcomes]
    if request.write_baseline is not None:
        return _write_baseline(request.write_baseline, outcomes)
    if known is not None:
        outcomes = [known.without_known(outcome) for outcome in outcomes]
    _show(request, outcomes)
    if known is not None:
        _tell_stale(known, [target.path for target in found])
    return _status(request, outcomes)


def _targets(request: Request, data: bytes) -> discovery.Targets:
    if request.from_stdin:
        name = request.stdin_filename or STANDARD_INPUT
        return discovery.given(
            data, name, request.configuration, force_exclude=request.force_exclude
        )
    paths = request.paths or (os.curdir,)
    return discovery.discover(paths, request.configuration, force_exclude=request.force_exclude)


@timed(Stage.REPORT)
def _show(request: Request, outcomes: list[Outcome]) -> None:
    if request.fix_only:
        # What remains is left for another run to tell.
        outcomes = [replace(outcome, left=()) for outcome in outcomes]
    output = Output(
        request.mode,
        request.policy,
        format=request.output_format,
        file=request.output_file,
        proofs=request.prove,
        declined=request.show_declined,
        statistics=request.statistics,
        fixes=request.show_fixes,
        quiet=request.quiet,
        verbose=request.verbose,
        stdout_is_source=request.from_stdin and request.mode == "fix",
    )
    try:
        output.show(outcomes)
    except OSError as error:
        if request.output_file is None:
            raise
        message = f"{request.output_file}: {error.strerror or error}"
        raise click.ClickException(message) from error


def _status(request: Request, outcomes: list[Outcome]) -> int:
    if any(outcome.failures for outcome in outcomes):
        return ERROR
    remains = any(outcome.remains for outcome in outcomes) and not request.fix_only
    changed = any(outcome.change for outcome in outcomes)
    if changed and request.exit_non_zero_on_fix:
        return FINDINGS
    unfinished = remains or (changed and request.mode == "diff")
    return FINDINGS if unfinished and not request.exit_zero else CLEAN


# --- living with what there is --------------------------------------------------------------------


def _report_added(request: Request, outcomes: list[Outcome]) -> int:
    failed = _tell_failures(outcomes)
    added = sum(outcome.fixed for outcome in outcomes)
    if added and not request.quiet:
        print(f"Added {added} noqa {'comment' if added == 1 else 'comments'}.")
    return ERROR if failed else CLEAN


def _tell_failures(outcomes: list[Outcome]) -> bool:
    """Print what went wrong, and say whether anything did."""
    failures = [failure for outcome in outcomes for failure in outcome.failures]
    for failure in failures:
        print(failure, file=sys.stderr)
    return bool(failures)


def _baseline(request: Request) -> Baseline | None:
    if request.baseline is None:
        return None
    from tflint_slice.baseline import Baseline

    try:
        return Baseline.read(request.baseline)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error


def _write_baseline(path: str, outcomes: list[Outcome]) -> int:
    failed = _tell_failures(outcomes)
    from tflint_slice.baseline import Baseline

    try:
        count = Baseline(path).write(outcomes)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror or error}") from error
    print(f"Wrote {count} {'finding' if count == 1 else 'findings'} to {path}.")
    return ERROR if failed else CLEAN


def _tell_stale(known: Baseline, checked: list[str]) -> None:
    for entry in known.stale(checked):
        place = f"{known.path}: stale: {on_one_line(entry.path)}: {entry.code} {entry.line}"
        print(place, file=sys.stderr)
