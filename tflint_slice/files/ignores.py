"""The ``.gitignore`` files that have a say in a directory."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tflint_slice.files.patterns import compile_patterns
from tflint_slice.files.reading import read_bytes

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True)
class IgnoreFile:
    """One file of patterns and the directory that they are relative to."""

    directory: str
    lines: tuple[str, ...]
    spec: GitIgnoreSpec

    def verdict(self, path: str) -> bool | None:
        """Whether ``path`` (absolute; directories end in a separator) is ignored; None: no word."""
        relative = os.path.relpath(path, self.directory).replace(os.sep, "/")
        return self.spec.check_file(relative + "/" if path.endswith(os.sep) else relative).include

    def without(self, path: str) -> IgnoreFile:
        """These patterns without the ones that ignore ``path``."""
        if not self.verdict(path):
            return self
        kept = [
            line for line in self.lines if not _ignore_file(self.directory, [line]).verdict(path)
        ]
        return _ignore_file(self.directory, kept)


@dataclass(frozen=True)
class Ignores:
    """All ignore files from the top of the repository down to one directory."""

    files: tuple[IgnoreFile, ...] = ()

    @classmethod
    def above(cls, directory: str) -> Ignores:
        """Those of the directories above ``directory``, as far up as its repository goes."""
        top = _repository(directory)
        if top is None:
            return cls()
        exclude = _read(top, os.path.join(".git", "info", "exclude"))
        found = cls(() if exclude is None else (exclude,))
        here = top
        for name in os.path.relpath(directory, top).split(os.sep):
            if here != directory:
                found = found.inside(here)
                here = os.path.join(here, name)
        return found

    def inside(self, directory: str) -> Ignores:
        """These and the one in ``directory``."""
        found = _read(directory, ".gitignore")
        return self if found is None else Ignores((*self.files, found))

    def ignore(self, path: str) -> bool:
        """Whether ``path`` is ignored; the file nearest to it that says anything decides."""
        for file in reversed(self.files):
            verdict = file.verdict(path)
            if verdict is not None:
                return verdict
        return False

    def without(self, path: str) -> Ignores:
        """These without the patterns by which ``path`` itself is ignored."""
        return Ignores(tuple(file.without(path) for file in self.files))


def _repository(directory: str) -> str | None:
    while not os.path.exists(os.path.join(directory, ".git")):
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent
    return directory


def _read(directory: str, name: str) -> IgnoreFile | None:
    try:
        data = read_bytes(os.path.join(directory, name))
    except OSError:
        return None
    return _ignore_file(directory, data.decode("utf-8", "replace").splitlines())


def _ignore_file(directory: str, lines: list[str]) -> IgnoreFile:
    try:
        spec = compile_patterns(lines)
    except ValueError:
        lines = [line for line in lines if _is_pattern(line)]
        spec = compile_patterns(lines)
    return IgnoreFile(directory, tuple(lines), spec)


def _is_pattern(line: str) -> bool:
    """Whether a line means anything; git passes over those that do not."""
    try:
        compile_patterns([line])
    except ValueError:
        return False
    return True
