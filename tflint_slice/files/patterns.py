"""Path patterns as ``.gitignore`` has them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class PatternList:
    """Patterns of one place, and the directory that they are relative to."""

    lines: tuple[str, ...]
    root: str

    @classmethod
    def of(cls, lines: Sequence[str], root: str) -> PatternList:
        """The patterns in ``lines``.

        Raises:
            ValueError: one of them is no pattern.
        """
        compile_patterns(lines)
        return cls(tuple(lines), root)

    def match(self, path: str) -> bool:
        """Whether ``path``, or a directory above it, fits.

        The path of a directory ends in a separator.
        """
        relative = os.path.relpath(os.path.abspath(path), self.root)
        if relative == os.curdir or relative.split(os.sep, 1)[0] == os.pardir:
            return False
        if path.endswith(os.sep):
            relative += os.sep
        return _compiled(self.lines).match_file(relative)

    def without(self, path: str) -> PatternList:
        """These patterns but for the ones that fit ``path`` by themselves."""
        kept = (line for line in self.lines if not PatternList((line,), self.root).match(path))
        return PatternList(tuple(kept), self.root)


@lru_cache(maxsize=256)
def _compiled(lines: tuple[str, ...]) -> GitIgnoreSpec:
    return compile_patterns(lines)
