"""The command line as tests run it: here, or in a process of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import tflint_slice


@dataclass(frozen=True)
class Finished:
    """What a run of the command line left behind."""

    status: int
    out: str
    err: str


RunCommand = Callable[..., Finished]


def environment(**changes: str) -> dict[str, str]:
    """What a subprocess needs to import the package under test, wherever it runs."""
    root = str(Path(tflint_slice.__file__).parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), **changes}


def left_in(folder: Path) -> list[str]:
    """The names in a directory, but for the cache that every run leaves there."""
    return sorted(name for name in os.listdir(folder) if name != ".tflint_slice_cache")
