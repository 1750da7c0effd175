"""`tflint-slice check`, the command that needs no name: find, fix, and prove on demand."""

from __future__ import annotations

import importlib.util
import os
import sys
from typing import TYPE_CHECKING, Any, Final

import click

from tflint_slice.commands.options import CONTEXT, version
from tflint_slice.report.formats import FORMATS

if TYPE_CHECKING:
    from tflint_slice.files.patterns import PatternList

_EPILOG: Final = (
    "Other commands: `tflint-slice rule` lists the rules and `tflint-slice rule CODE` explains "
    "one; `tflint-slice prove PROGRAM` runs a program before and after its fixes, and "
    "`tflint-slice bench FILE` times them. Each has a --help. The exit status is 0 if nothing was "
    "found or all of it was fixed, 1 if findings remain, 2 after an error, 130 after an interrupt."
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


@click.command("check", context_settings=CONTEXT, epilog=_EPILOG)
@click.argument("paths", nargs=-1)
@click.option("--fix", is_flag=True, help="Apply the safe fixes; what remains is reported.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("--fix-only", is_flag=True, help="Apply the safe fixes and report nothing else.")
@click.option("--show-fixes", is_flag=True, help="List the fixes that were made.")
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
    "--select",
    metavar="CODES",
    multiple=True,
    callback=_codes,
    help="Only these rules, by code or prefix, separated by commas.",
)
@click.option(
    "--extend-select", metavar="CODES", multiple=True, callback=_codes, help="These rules, too."
)
@click.option("--ignore", metavar="CODES", multiple=True, callback=_codes, help="Not these rules.")
@click.option(
    "--exclude",
    metavar="PATTERN",
    multiple=True,
    callback=_patterns,
    help="Leave out files that match, in place of those that the configuration excludes.",
)
@click.option(
    "--extend-exclude",
    metavar="PATTERN",
    multiple=True,
    callback=_patterns,
    help="Leave out files that match, too.",
)
@click.option(
    "--config",
    metavar="FILE|KEY=VALUE",
    multiple=True,
    help="A file with the settings for all files, or one setting in TOML.",
)
@click.option(
    "--output-format",
    metavar="FORMAT",
    type=click.Choice(list(FORMATS)),
    default="text",
    help=f"How to print findings: {', '.join(FORMATS)}; text is full on a terminal and concise "
    "elsewhere.",
)
@click.option("--output-file", metavar="PATH", help="Write findings there, not to the terminal.")
@click.option("--add-noqa", is_flag=True, help="Write a noqa comment for each finding, and stop.")
@click.option("--baseline", metavar="PATH", help="Do not report the findings that this file lists.")
@click.option("--write-baseline", metavar="PATH", help="List all findings in this file, and stop.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if findings remain.")
@click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit with 1 if anything was fixed.")
@click.option("--isolated", is_flag=True, help="Read no configuration files.")
@click.option("--no-cache", is_flag=True, help="Use no results of earlier runs, and keep none.")
@click.option("--cache-dir", metavar="PATH", help="Where results of earlier runs are kept.")
@click.option("--show-settings", is_flag=True, help="Show what holds for each file, and stop.")
@click.option("--show-files", is_flag=True, help="Show which files would be checked, and stop.")
@click.option("--force-exclude", is_flag=True, help="Leave out excluded files even if named.")
@click.option("--show-declined", is_flag=True, help="Show what was found and let pass, too.")
@click.option("--statistics", is_flag=True, help="Show numbers by rule in place of findings.")
@click.option("--timing", is_flag=True, help="Show where the time goes, by stage and by rule.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings and errors only.")
@click.option(
    "-v", "--verbose", is_flag=True, help="Say what became of files that were read closely."
)
@click.option("--stdin-filename", metavar="PATH", help="What to call the source that - reads.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="How many processes to use.")
@version
def check(**options: Any) -> int:
    """Find partial updates of TensorFlow variables that fail or copy too much.

    PATHS are files and directories, or - for standard input; none means the current directory.
    """
    _refuse_what_does_not_go_together(options)
    from tflint_slice.commands.request import Request, run

    request = Request(**options)
    if not request.timing or request.quiet:
        return run(request)
    from tflint_slice.report import stages
    from tflint_slice.timing import measuring

    with measuring() as clock:
        status = run(request)
    print(*stages.lines(clock.spent), sep="\n", file=sys.stderr)
    return status


def _refuse_what_does_not_go_together(options: dict[str, Any]) -> None:
    if options["prove"] and importlib.util.find_spec("tensorflow") is None:
        raise click.ClickException("--prove needs TensorFlow: pip install 'tflint-slice[prove]'")
    if options["devices"] and not options["prove"]:
        raise click.UsageError("--device says where to prove; it goes with --prove")
    output_format = options["output_format"]
    if options["statistics"] and not FORMATS[output_format].statistics:
        raise click.UsageError(f"--statistics does not go with --output-format {output_format}")
    if "-" in options["paths"]:
        if len(options["paths"]) > 1:
            raise click.UsageError("- is standard input; it goes with no other path")
        if options["add_noqa"]:
            raise click.UsageError("--add-noqa writes to files, not to standard input")
    alone = [name for name in ("fix", "fix_only", "diff", "prove") if options[name]]
    if options["add_noqa"] and alone:
        raise click.UsageError(f"--add-noqa does not go with --{alone[0].replace('_', '-')}")
    if options["fix_only"] and options["diff"]:
        raise click.UsageError("--fix-only writes and --diff does not")
    if options["baseline"] and options["write_baseline"]:
        raise click.UsageError("--write-baseline lists all findings, those of --baseline too")
