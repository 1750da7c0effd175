"""The entry point: which subcommand is meant, and what an interrupt or a closed pipe does."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

from tflint_slice import __version__
from tflint_slice.commands.status import CLEAN, ERROR, FINDINGS, INTERRUPTED

COMMANDS: Final = ("check", "rule", "prove", "bench", "clean")
"""Each is a function in the module of that name; only the one that is needed is imported."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A path or a line of code that the terminal cannot show is no reason to stop.
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _run(given)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough. Python must not try to flush the rest on exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINDINGS
    return status


def _run(given: list[str]) -> int:
    if given == ["--version"]:
        # Editors and hooks ask for it whenever they start; click would be most of the time.
        print(f"tflint-slice {__version__}")
        return CLEAN
    import click

    name = given.pop(0) if given and given[0] in COMMANDS else COMMANDS[0]
    try:
        command: click.Command = getattr(import_module(f"tflint_slice.commands.{name}"), name)
        status = command.main(given, f"tflint-slice {name}", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return ERROR
    except click.Abort:
        return INTERRUPTED
    return status if isinstance(status, int) else CLEAN
