"""`tflint-slice rule`: the pages of the rules."""

from __future__ import annotations

import click

from tflint_slice.commands.options import CONTEXT, version
from tflint_slice.commands.status import CLEAN


@click.command("rule", context_settings=CONTEXT)
@click.argument("code", required=False)
@version
def rule(code: str | None) -> int:
    """Print the page of a rule, or list all rules."""
    from tflint_slice import pages
    from tflint_slice.idioms import RULES
    from tflint_slice.settings import nearest

    if code is None:
        for known in sorted(RULES.values(), key=lambda known: known.code):
            click.echo(f"{known.code} {known.name}: {known.summary}")
        return CLEAN
    if code not in RULES:
        raise click.UsageError(f"unknown rule {code!r}{nearest(code, sorted(RULES))}")
    page = pages.read_page(code)
    if page is None:
        raise click.ClickException(f"this installation lacks the page of {code}")
    click.echo(page, nl=not page.endswith("\n"))
    return CLEAN
