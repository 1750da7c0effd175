"""Which files to check: those that are named, and those found by walking named directories.

What is named is checked whatever ``exclude`` and ``.gitignore`` say, unless that is forced.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from tflint_slice.files.cells import SUFFIX
from tflint_slice.files.ignores import Ignores
from tflint_slice.files.pyproject import Configuration
from tflint_slice.outcome import Failure
from tflint_slice.settings import ConfigurationError, Settings

DEFAULT_EXCLUDES: Final = frozenset(
    {
        ".bzr",
        ".direnv",
        ".eggs",
        ".git",
        ".hg",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".pytype",
        ".ruff_cache",
        ".svn",
        ".tflint_slice_cache",
        ".tox",
        ".venv",
        "__pycache__",
        "__pypackages__",
        "build",
        "dist",
        "node_modules",
        "site-packages",
        "venv",
    }
)
"""Directories that hold no source of the project at hand."""


@dataclass(frozen=True)
class Target:
    """A file to check, as it will be shown, and the settings that hold for it.

    ``data`` is its content where that does not come from the disk; else ``real`` is where it is.
    """

    path: str
    settings: Settings
    data: bytes | None = None
    real: str = ""


Targets = Iterator[Target | Failure]


@dataclass(frozen=True)
class _Directory:
    """A directory on the way: as it is shown, as it is reached, where it really is."""

    shown: str
    absolute: str
    real: str
    settings: Settings
    ignores: Ignores


@dataclass
class _Walk:
    configuration: Configuration
    force_exclude: bool
    seen: set[str] = field(default_factory=set)
    complaints: set[Failure] = field(default_factory=set)

    def named(self, path: str) -> Iterator[Target | Failure]:
        """What a path on the command line stands for."""
        try:
            is_directory = stat.S_ISDIR(os.stat(path).st_mode)
        except FileNotFoundError:
            yield Failure(path, "no such file or directory")
            return
        except OSError as error:
            yield Failure(path, error.strerror or str(error))
            return
        absolute = os.path.abspath(path)
        directory = absolute if is_directory else os.path.dirname(absolute)
        settings = self._settings(directory)
        if isinstance(settings, Settings):
            if self.force_exclude and is_excluded(absolute, settings, is_directory=is_directory):
                return
            if is_directory:
                yield from self._walk_named(path, absolute, settings)
            else:
                yield from self._file(path, os.path.realpath(absolute), settings)
        elif settings is not None:
            yield settings

    def _walk_named(
        self, path: str, absolute: str, settings: Settings
    ) -> Iterator[Target | Failure]:
        shown = os.path.normpath(path)
        shown = "" if shown == os.curdir else shown
        ignores = Ignores.above(absolute).without(absolute + os.sep).inside(absolute)
        top = _Directory(shown, absolute, os.path.realpath(absolute), settings, ignores)
        # A list and no recursion: directories may be nested deeper than functions may.
        open_ones = [self._entries(top, absolute)]
        while open_ones:
            for entry in open_ones[-1]:
                if isinstance(entry, _Directory):
                    open_ones.append(self._entries(entry, absolute))
                    break
                yield entry
            else:
                open_ones.pop()

    def _entries(
        self, directory: _Directory, named: str
    ) -> Iterator[Target | Failure | _Directory]:
        """What a directory holds; ``named`` is the one above it that the command line names."""
        shown, ignores = directory.shown, directory.ignores
        try:
            with os.scandir(directory.absolute) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield Failure(shown or os.curdir, error.strerror or str(error))
            return
        # What would leave out the named directory itself has no say.
        exclude = [patterns.without(named + os.sep) for patterns in directory.settings.exclude]
        for entry in found:
            name = os.path.join(shown, entry.name)
            is_directory = entry.is_dir(follow_symlinks=False)
            if is_directory:
                if entry.name in DEFAULT_EXCLUDES:
                    continue
            elif not entry.name.endswith((".py", SUFFIX)) or not _is_file(entry):
                continue
            place = os.path.join(directory.absolute, entry.name) + (os.sep if is_directory else "")
            if any(patterns.match(place) for patterns in exclude) or ignores.ignore(place):
                continue
            here = os.path.join(directory.real, entry.name)
            if not is_directory:
                if entry.is_symlink():
                    here = os.path.realpath(here)
                yield from self._file(name, here, directory.settings)
                continue
            inner = self._settings(entry.path)
            if isinstance(inner, Settings):
                yield _Directory(name, entry.path, here, inner, ignores.inside(entry.path))
            elif inner is not None:
                yield inner

    def _file(self, path: str, real: str, settings: Settings) -> Iterator[Target]:
        """A file is checked once, however many paths and links lead to it."""
        if real not in self.seen:
            self.seen.add(real)
            yield Target(path, settings, real=real)

    def _settings(self, directory: str) -> Settings | Failure | None:
        """The settings of a directory; a broken configuration is told of once, then None."""
        settings = _settings(directory, self.configuration)
        if isinstance(settings, Failure):
            if settings in self.complaints:
                return None
            self.complaints.add(settings)
        return settings


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link that leads nowhere, or in a circle
        return False


def discover(
    paths: Iterable[str], configuration: Configuration, *, force_exclude: bool = False
) -> Iterator[Target | Failure]:
    """All files that ``paths`` stand for, in order and each of them once."""
    walk = _Walk(configuration, force_exclude)
    for path in paths:
        yield from walk.named(path)


def given(
    data: bytes, path: str, configuration: Configuration, *, force_exclude: bool = False
) -> Iterator[Target | Failure]:
    """Content that is at hand under the name of ``path``, or nothing if that is excluded."""
    settings = _settings(os.path.dirname(path), configuration)
    if isinstance(settings, Failure):
        yield settings
    elif not (force_exclude and is_excluded(path, settings)):
        yield Target(path, settings, data)


def _settings(directory: str, configuration: Configuration) -> Settings | Failure:
    try:
        return configuration.for_directory(directory)
    except ConfigurationError as error:
        return Failure(error.path or directory, error.message, error.row or 1)


def is_excluded(path: str, settings: Settings, *, is_directory: bool = False) -> bool:
    """Whether a walk from the top of the project would have passed this path by."""
    top = settings.root or os.getcwd()
    path = os.path.abspath(path)
    inside = os.path.relpath(path, top).split(os.sep)
    if inside[0] in (os.pardir, os.curdir):
        inside, top = [os.path.basename(path)], os.path.dirname(path)
    ignores = Ignores.above(top)
    here = top
    for depth, name in enumerate(inside, 1):
        ignores = ignores.inside(here)
        here = os.path.join(here, name)
        directory = is_directory or depth < len(inside)
        if directory and name in DEFAULT_EXCLUDES:
            return True
        place = here + os.sep if directory else here
        excluded = any(patterns.match(place) for patterns in settings.exclude)
        if excluded or ignores.ignore(place):
            return True
    return False
