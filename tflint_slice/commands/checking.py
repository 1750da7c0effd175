"""From the files of a request to their outcomes.

With proofs one after the other, else in several processes and with what earlier runs have kept.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from tflint_slice import runs
from tflint_slice.engine import NoProofsError
from tflint_slice.garbage import search_rarely
from tflint_slice.settings import ConfigurationError

if TYPE_CHECKING:
    from tflint_slice.apply import Policy
    from tflint_slice.cache.results import Results
    from tflint_slice.commands.request import Request
    from tflint_slice.files.discovery import Target
    from tflint_slice.outcome import Failure, Outcome
    from tflint_slice.report.progress import Progress


def outcomes_of(targets: list[Target | Failure], request: Request) -> list[Outcome]:
    """Check files, and show how far that has come if it takes long."""
    fixes = None if request.mode == "check" else request.policy
    if request.prove:
        return _proved(targets, fixes, request)
    jobs = request.jobs or runs.available_processors()
    counts = runs.Counts()
    search_rarely()
    with (
        _progress(request, len(targets), counts),
        _results(request, changing=fixes is not None or request.add_noqa) as results,
    ):
        outcomes = list(
            runs.check_files(
                targets,
                fixes=fixes,
                silence=request.add_noqa,
                jobs=jobs,
                results=results,
                counts=counts,
            )
        )
    if request.statistics and not request.quiet:
        print(counts, file=sys.stderr)
    return outcomes


def _proved(
    targets: list[Target | Failure], fixes: Policy | None, request: Request
) -> list[Outcome]:
    """Check files one after the other."""
    counts = runs.Counts()
    try:
        with (
            _progress(request, len(targets), counts) as progress,
            runs.proving(request.devices, None if progress is None else progress.count) as prover,
        ):
            return list(runs.check_files(targets, fixes=fixes, prove=prover, counts=counts))
    except NoProofsError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _progress(request: Request, files: int, counts: runs.Counts) -> Iterator[Progress | None]:
    """What shows on a terminal how far a run has come; nothing where nobody would see it."""
    if request.quiet or not sys.stderr.isatty():
        yield None
        return
    from tflint_slice.report.progress import Progress

    with Progress(files, counts, proofs=request.prove) as progress:
        yield progress


@contextmanager
def _results(request: Request, *, changing: bool) -> Iterator[Results | None]:
    """The results of earlier runs, if they may be used; those of this one are kept in the end."""
    folder = _cache_folder(request)
    if folder is None:
        yield None
        return
    from tflint_slice.cache.results import opened

    results = opened(folder, changing=changing)
    yield results
    if results is not None:
        results.save()


def _cache_folder(request: Request) -> str | None:
    if request.no_cache or request.from_stdin:
        return None
    if request.cache_dir is not None:
        return request.cache_dir
    from tflint_slice.cache.store import NAME

    try:
        settings = request.configuration.for_directory(os.curdir)
    except ConfigurationError:
        return None
    return settings.cache_dir or os.path.join(settings.root, NAME)
