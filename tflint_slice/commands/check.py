"""`tflint-slice check`, the command that needs no name: find, fix, and prove on demand."""

from __future__ import annotations

import importlib.util
import os
import sys
from typing import TYPE_CHECKING, Final

import click

from tflint_slice.commands.options import CONTEXT, version
from tflint_slice.commands.status import CLEAN, ERROR, FINDINGS
from tflint_slice.report.formats import FORMATS

if TYPE_CHECKING:
    from tflint_slice.apply import Policy
    from tflint_slice.files.discovery import Target
    from tflint_slice.files.patterns import PatternList
    from tflint_slice.outcome import Failure, Outcome

STANDARD_INPUT: Final = "-"

_EPILOG: Final = (
    "`tflint-slice rule` lists the rules, `tflint-slice rule CODE` explains one. The exit status "
    "is 0 if nothing was found or all of it was fixed, 1 if findings remain, 2 after an error."
)


def _codes(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    codes = [code.strip() for value in values for code in value.split(",")]
    if not codes:
        return ()
    from tflint_slice.settings import ConfigurationError, parse_codes

    try:
        return parse_codes(codes, f"--{parameter.name}")
    except ConfigurationError as error:
        raise click.UsageError(error.message, context) from error


def _patterns(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[PatternList, ...]:
    lines = [pattern.strip() for value in values for pattern in value.split(",")]
    if not lines:
        return ()
    from tflint_slice.files.patterns import PatternList

    try:
        return (PatternList.of(lines, os.getcwd()),)
    except ValueError as error:
        raise click.UsageError(f"--{parameter.name}: {error}", context) from error


def _configured(values: tuple[str, ...]) -> tuple[str | None, tuple[tuple[str, object], ...]]:
    """The file that ``--config`` names, and the fields of the settings that it sets one by one."""
    if not values:
        return None, ()
    from tflint_slice.files.pyproject import read_keys
    from tflint_slice.settings_table import BadValue, as_fields

    files = []
    fields: dict[str, object] = {}
    for value in values:
        try:
            keys = None if os.path.exists(value) else read_keys(value)
        except BadValue as error:
            raise click.UsageError(f"--config: {error.message}") from error
        if keys is None:
            files.append(value)
        else:
            fields |= as_fields(keys)
    if len(files) > 1:
        raise click.UsageError(f"--config takes one file, not {' and '.join(files)}")
    return (files[0] if files else None), tuple(fields.items())


def _proved(
    targets: list[Target | Failure], fixes: Policy | None, devices: tuple[str, ...]
) -> list[Outcome]:
    """Check files one after the other, and show how far that has come."""
    from tflint_slice import engine
    from tflint_slice.report.progress import Progress

    # Files in which nothing can be found have no outcome: they are done when a later one is.
    places = {target.path: place for place, target in enumerate(targets, 1)}
    outcomes: list[Outcome] = []
    try:
        with (
            Progress(len(targets)) as progress,
            engine.proving(devices, progress.count) as prover,
        ):
            for outcome in engine.check_files(targets, fixes=fixes, prove=prover):
                outcomes.append(outcome)
                progress.done = places[outcome.path]
    except engine.NoProofsError as error:
        raise click.ClickException(str(error)) from error
    return outcomes


@click.command("check", context_settings=CONTEXT, epilog=_EPILOG)
@click.argument("paths", nargs=-1)
@click.option("--fix", is_flag=True, help="Apply the safe fixes; what remains is reported.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("--unsafe-fixes", is_flag=True, help="Take fixes that rest on an assumption, too.")
@click.option("--prove", is_flag=True, help="Run each fix against the original in TensorFlow.")
@click.option(
    "--device",
    "devices",
    metavar="NAME",
    multiple=True,
    help="With --prove: only on this device, such as CPU:0, or GPU for all GPUs.",
)
@click.option(
    "--select", multiple=True, callback=_codes, help="Only these rules, by code or prefix."
)
@click.option("--extend-select", multiple=True, callback=_codes, help="These rules, too.")
@click.option("--ignore", multiple=True, callback=_codes, help="Not these rules.")
@click.option(
    "--exclude",
    metavar="PATTERN",
    multiple=True,
    callback=_patterns,
    help="Pass by files that fit, in place of those that the configuration excludes.",
)
@click.option(
    "--extend-exclude",
    metavar="PATTERN",
    multiple=True,
    callback=_patterns,
    help="Pass by files that fit, too.",
)
@click.option(
    "--config",
    metavar="FILE|KEY=VALUE",
    multiple=True,
    help="A file with the settings for all files, or one setting in TOML.",
)
@click.option(
    "--output-format",
    type=click.Choice(list(FORMATS)),
    default="text",
    help="How findings are written; text is full on a terminal and concise elsewhere.",
)
@click.option("--output-file", metavar="PATH", help="Write findings there, not to the terminal.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if findings remain.")
@click.option("--isolated", is_flag=True, help="Read no configuration files.")
@click.option(
    "--no-cache", is_flag=True, expose_value=False, help="Reserved; there is no cache yet."
)
@click.option("--show-settings", is_flag=True, help="Show what holds for each file, and stop.")
@click.option("--show-files", is_flag=True, help="Show which files would be checked, and stop.")
@click.option("--force-exclude", is_flag=True, help="Leave out excluded files even if named.")
@click.option("--show-declined", is_flag=True, help="Show what was found and let pass, too.")
@click.option("--statistics", is_flag=True, help="Show numbers by rule in place of findings.")
@click.option("--stdin-filename", metavar="PATH", help="What to call the source that - reads.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="How many processes to use.")
@version
def check(
    *,
    paths: tuple[str, ...],
    fix: bool,
    diff: bool,
    unsafe_fixes: bool,
    prove: bool,
    devices: tuple[str, ...],
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    exclude: tuple[PatternList, ...],
    extend_exclude: tuple[PatternList, ...],
    config: tuple[str, ...],
    output_format: str,
    output_file: str | None,
    exit_zero: bool,
    isolated: bool,
    force_exclude: bool,
    show_declined: bool,
    show_settings: bool,
    show_files: bool,
    statistics: bool,
    stdin_filename: str | None,
    jobs: int | None,
) -> int:
    """Find partial updates of TensorFlow variables that fail or copy too much.

    PATHS are files and directories, or - for standard input; none means the current directory.
    """
    if prove and importlib.util.find_spec("tensorflow") is None:
        raise click.ClickException("--prove needs TensorFlow: pip install 'tflint-slice[prove]'")
    if devices and not prove:
        raise click.UsageError("--device says where to prove; it goes with --prove")
    if statistics and not FORMATS[output_format].statistics:
        raise click.UsageError(f"--statistics does not go with --output-format {output_format}")
    from_stdin = paths == (STANDARD_INPUT,)
    if STANDARD_INPUT in paths and not from_stdin:
        raise click.UsageError("- is standard input; it goes with no other path")

    from tflint_slice import engine
    from tflint_slice.apply import Policy
    from tflint_slice.files import discovery
    from tflint_slice.files.pyproject import Configuration
    from tflint_slice.report.output import Output
    from tflint_slice.settings import Overrides

    mode: Final = "diff" if diff else "fix" if fix else "check"
    policy = Policy(unsafe=unsafe_fixes, proved_only=prove)
    file, keys = _configured(config)
    overrides = Overrides(select, ignore, extend_select, exclude, extend_exclude, keys)
    if file is not None and isolated:
        raise click.UsageError("--isolated reads no configuration, so no --config FILE either")
    configuration = Configuration(overrides, isolated, file)
    if from_stdin:
        data = sys.stdin.buffer.read()
        name = stdin_filename or STANDARD_INPUT
        targets = discovery.given(data, name, configuration, force_exclude=force_exclude)
    else:
        paths = paths or (os.curdir,)
        targets = discovery.discover(paths, configuration, force_exclude=force_exclude)
    if show_settings or show_files:
        from tflint_slice.commands import preview

        return preview.show(targets, settings=show_settings)
    fixes = None if mode == "check" else policy
    if prove:
        outcomes = _proved(list(targets), fixes, devices)
    else:
        jobs = jobs or engine.available_processors()
        outcomes = list(engine.check_files(targets, fixes=fixes, jobs=jobs))
    if mode == "fix":
        # Not before all is checked: no file is judged by the half of its neighbours that is fixed.
        if from_stdin:
            changes = [outcome.change for outcome in outcomes if outcome.change]
            sys.stdout.buffer.write(changes[0].after if changes else data)
        else:
            outcomes = [engine.save(outcome) for outcome in outcomes]
    output = Output(
        mode,
        policy,
        format=output_format,
        file=output_file,
        proofs=prove,
        declined=show_declined,
        statistics=statistics,
        stdout_is_source=from_stdin and mode == "fix",
    )
    try:
        output.show(outcomes)
    except OSError as error:
        if output_file is None:
            raise
        raise click.ClickException(f"{output_file}: {error.strerror or error}") from error
    if any(outcome.failures for outcome in outcomes):
        return ERROR
    unfinished = any(outcome.remains or (outcome.change and mode == "diff") for outcome in outcomes)
    return FINDINGS if unfinished and not exit_zero else CLEAN
