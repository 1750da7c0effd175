"""What all subcommands have in common on the command line."""

from __future__ import annotations

from typing import Final

import click

from tflint_slice import __version__

CONTEXT: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 79}
version: Final = click.version_option(__version__, message="tflint-slice %(version)s")
