"""Path patterns as ``.gitignore`` has them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


def compile_patterns(lines: Sequence[str]) -> GitIgnoreSpec:
    """What the lines of one file mean together.

    Raises:
        ValueError: one of them is no pattern.
    """
    from pathspec import GitIgnoreSpec

    # ``foo/**`` is what lies below ``foo``, not ``foo`` itself; pathspec takes it for both.
    return GitIgnoreSpec.from_lines(f"{line}/*" if line.endswith("/**") else line for line in lines)


def matches(patterns: tuple[str, ...], path: str, root: str) -> bool:
    """Whether ``path``, or a directory above it, fits patterns that are relative to ``root``.

    The path of a directory ends in a separator.
    """
    if not patterns:
        return False
    relative = os.path.relpath(os.path.abspath(path), root or os.curdir)
    if relative == os.curdir or relative.split(os.sep, 1)[0] == os.pardir:
        return False
    if path.endswith(os.sep):
        relative += os.sep
    return _compiled(patterns).match_file(relative)


@lru_cache(maxsize=256)
def _compiled(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    return compile_patterns(patterns)
