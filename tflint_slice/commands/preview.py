"""What a run would do, for ``--show-files`` and ``--show-settings``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields

from tflint_slice.commands.status import CLEAN, ERROR
from tflint_slice.files.discovery import Target
from tflint_slice.files.patterns import PatternList
from tflint_slice.outcome import Failure
from tflint_slice.settings import TABLE, Settings


def show(targets: Iterable[Target | Failure], *, settings: bool) -> int:
    """Print the files, or the settings of each group of files that share them; the exit status."""
    status = CLEAN
    groups: dict[tuple[str, Settings], list[str]] = {}
    for target in targets:
        if isinstance(target, Failure):
            print(target, file=sys.stderr)
            status = ERROR
        elif settings:
            groups.setdefault((target.settings.source, target.settings), []).append(target.path)
        else:
            print(target.path)
    for (source, shared), paths in groups.items():
        number = f"{len(paths)} {'file' if len(paths) == 1 else 'files'}, the first is {paths[0]}"
        print(f"# {number}\n# from {source or 'no file'}\n[{TABLE}]")
        print("".join(f"{line}\n" for line in _lines(shared)))
    return status


def _lines(settings: Settings) -> Iterator[str]:
    """The settings as TOML; where the code itself decides there is a comment."""
    for field in fields(settings):
        name = field.name.replace("_", "-")
        value = getattr(settings, field.name)
        if name in ("root", "source", "per-file-ignores"):
            continue
        if name == "cache-dir" and not value:
            continue
        if name == "exclude":
            value = [line for patterns in value for line in patterns.lines]
        yield f"# {name}: the code decides" if value is None else f"{name} = {json.dumps(value)}"
    if settings.per_file_ignores:
        yield f"\n[{TABLE}.per-file-ignores]"
        merged: dict[str, list[str]] = {}
        for patterns, codes in settings.per_file_ignores:
            merged.setdefault(_shown(patterns), []).extend(codes)
        yield from (
            f"{json.dumps(pattern)} = {json.dumps(codes)}" for pattern, codes in merged.items()
        )


def _shown(patterns: PatternList) -> str:
    return patterns.lines[0]
