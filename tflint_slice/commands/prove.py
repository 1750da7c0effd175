"""`tflint-slice prove`: runs a program before and after its fixes, or proves rules in general.

The user's program is run here, and only here, and only because its user named it to this command.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from tflint_slice.commands.options import CONTEXT, version
from tflint_slice.commands.status import CLEAN, ERROR, FINDINGS

if TYPE_CHECKING:
    from tflint_slice.prove.program.request import Program

_EPILOG: Final = (
    "A program runs in an empty folder of its own, with nothing on its standard input and little "
    "of your environment; its own folder is where its imports are looked for. What it writes "
    "elsewhere, it writes. The exit status is 0 if it was proved or there is nothing to fix, 1 if "
    "not, 2 after an error."
)


@click.command("prove", context_settings=CONTEXT, epilog=_EPILOG)
@click.argument("program", required=False)
@click.argument("arguments", nargs=-1)
@click.option("--entry", metavar="MODULE:FUNCTION", help="Call this function in place of a script.")
@click.option("--unsafe-fixes", is_flag=True, help="Take fixes that rest on an assumption, too.")
@click.option("--isolated", is_flag=True, help="Read no configuration files.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    help="Seconds that each run of a program may take; by default 600.",
)
@click.option(
    "--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option(
    "--rule", "rules", metavar="CODE", multiple=True, help="Prove this rule, and run no program."
)
@click.option("--all", "every", is_flag=True, help="Prove all rules, and run no program.")
@click.option(
    "--device", "devices", metavar="NAME", multiple=True, help="Only on this device, such as GPU:0."
)
@click.option(
    "--output-dir", type=click.Path(path_type=Path), help="A folder for the proofs of rules."
)
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="How many processes prove rules.")
@version
def prove(
    *,
    program: str | None,
    arguments: tuple[str, ...],
    entry: str | None,
    unsafe_fixes: bool,
    isolated: bool,
    timeout: float | None,
    output_format: str,
    rules: tuple[str, ...],
    every: bool,
    devices: tuple[str, ...],
    output_dir: Path | None,
    jobs: int | None,
) -> int:
    """Run PROGRAM before and after its fixes, and compare all that it does.

    This executes the program, three times for each device: once to see what it does, once more to
    see whether that is always so, and once with the fixes. Name none that you would not run
    yourself. ARGUMENTS, after --, are its own. The file on disk is not changed.

    Compared are what it prints, how it ends, what main() returns, and all variables, tensors and
    arrays that can be reached from the names of its modules and of main().

    With --entry a function is called without arguments, in place of running a script; PROGRAM then
    only says in whose folder its module is, and may be left out.
    """
    if rules or every:
        if program is not None or entry is not None:
            raise click.UsageError("--rule and --all go with no program")
        if unsafe_fixes or isolated or timeout is not None or output_format == "json":
            raise click.UsageError(
                "--unsafe-fixes, --isolated, --timeout and --output-format go with a program"
            )
        return _prove_rules(rules, every, devices, output_dir, jobs)
    if program is None and entry is None:
        raise click.UsageError("what is to be proved? Name a program, --entry, --rule or --all")
    if output_dir is not None or jobs is not None:
        raise click.UsageError("--output-dir and --jobs go with --rule or --all")
    path, runs = _program(program, entry, arguments)

    from tflint_slice.apply import Policy
    from tflint_slice.files.pyproject import Configuration
    from tflint_slice.model import Verdict
    from tflint_slice.outcome import Failure
    from tflint_slice.prove.process import ProverUnavailable
    from tflint_slice.prove.program.fixing import fixed_text
    from tflint_slice.prove.program.proving import LIMIT, ProgramError, prove_texts
    from tflint_slice.report import program as report

    text = fixed_text(path, Configuration(isolated=isolated), Policy(unsafe=unsafe_fixes))
    if isinstance(text, Failure):
        click.echo(text, err=True)
        return ERROR
    if not text.fixes:
        click.echo(report.nothing_to_fix(path, json=output_format == "json"))
        return CLEAN
    try:
        proof = prove_texts(
            text.before,
            text.after,
            replace(runs, legacy_keras=text.settings.keras == 2),
            lent=text.lent,
            temporaries=text.temporaries,
            devices=devices,
            limit=timeout or LIMIT,
        )
    except (ProgramError, ProverUnavailable) as error:
        raise click.ClickException(str(error)) from error
    click.echo(report.render(path, text.fixes, proof, json=output_format == "json"))
    return CLEAN if proof.verdict is Verdict.PROVED else FINDINGS


def _program(
    program: str | None, entry: str | None, arguments: tuple[str, ...]
) -> tuple[str, Program]:
    """The file that fixes are made in, as it is shown, and how it is run."""
    from tflint_slice.prove.program.request import Program

    folder = Path(program or os.curdir).absolute()
    folder = folder.parent if program else folder
    if entry is None:
        assert program is not None
        return program, Program(str(folder / Path(program).name), str(folder), arguments=arguments)
    module, _, function = entry.partition(":")
    if not all(part.isidentifier() for part in (*module.split("."), function)):
        raise click.UsageError(f"--entry takes MODULE:FUNCTION, not {entry!r}")
    place = Path(program or os.curdir)
    place = (place.parent if program else place).joinpath(*module.split("."))
    package = place / "__init__.py"
    path = package if package.is_file() else place.with_name(f"{place.name}.py")
    absolute = str(path.absolute())
    return str(path), Program(absolute, str(folder), module, function, arguments)


def _prove_rules(
    codes: tuple[str, ...],
    every: bool,
    devices: tuple[str, ...],
    output_dir: Path | None,
    jobs: int | None,
) -> int:
    from tflint_slice.prove.matrix import design
    from tflint_slice.prove.matrix.command import prove_rules
    from tflint_slice.runs import available_processors
    from tflint_slice.settings import nearest

    known = list(design.codes())
    for code in codes:
        if code not in known:
            raise click.UsageError(f"unknown rule {code!r}{nearest(code, known)}")
    return prove_rules(
        tuple(known) if every else codes,
        devices=devices,
        output_dir=output_dir,
        jobs=jobs or available_processors(),
    )
