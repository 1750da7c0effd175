"""`tflint-slice clean`: removes what earlier runs kept."""

from __future__ import annotations

import os

import click

from tflint_slice.commands.options import CONTEXT, version
from tflint_slice.commands.status import CLEAN


@click.command("clean", context_settings=CONTEXT)
@version
def clean() -> int:
    """Remove the caches in and below the current directory, and the one its settings name."""
    from tflint_slice.cache.store import NAME, remove
    from tflint_slice.files.pyproject import Configuration
    from tflint_slice.settings import ConfigurationError

    try:
        named = Configuration().for_directory(os.curdir).cache_dir
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error
    folders = [named] if named else []
    for folder, inner, _ in os.walk(os.curdir):
        if NAME in inner:
            inner.remove(NAME)
            folders.append(os.path.join(folder, NAME))
    for folder in folders:
        if remove(folder):
            click.echo(f"Removed {os.path.normpath(folder)}.")
    return CLEAN
