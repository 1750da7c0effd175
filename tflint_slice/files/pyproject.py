"""Finds and reads the files with settings, and puts those of the command line on top.

A file is governed by the nearest ``pyproject.toml`` above it that has a ``[tool.tflint-slice]``
table. Such a table may extend another file, which may be of any name.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tflint_slice.files.reading import read_bytes
from tflint_slice.settings import TABLE, ConfigurationError, Overrides, Settings
from tflint_slice.settings_table import EXTEND, BadValue, as_settings, extended, read_table

_NAME: Final = "pyproject.toml"


@dataclass
class Configuration:
    """Finds the settings of a directory, reading each ``pyproject.toml`` once.

    ``file`` governs all directories in place of what is found above them.
    """

    overrides: Overrides = field(default_factory=Overrides)
    isolated: bool = False
    file: str | None = None
    _found: dict[str, Settings | ConfigurationError] = field(default_factory=dict)

    def for_directory(self, directory: str) -> Settings:
        """The settings of files in ``directory``.

        Raises:
            ConfigurationError: the file that governs it is in error.
        """
        if self.isolated:
            return self.overrides.over(Settings())
        directory = os.path.abspath(directory) if self.file is None else ""
        passed = []
        while directory not in self._found:
            passed.append(directory)
            found = self._look_up(directory)
            if found is not None:
                self._found[directory] = found
            else:
                directory = os.path.dirname(directory)
        found = self._found[directory]
        self._found.update(dict.fromkeys(passed, found))
        if isinstance(found, ConfigurationError):
            raise found
        return found

    def _look_up(self, directory: str) -> Settings | ConfigurationError | None:
        """The settings that are set in a directory; None if those above it hold."""
        try:
            if self.file is not None:
                return self.overrides.over(read_file(self.file))
            settings = read_pyproject(os.path.join(directory, _NAME))
            if settings is None and directory != os.path.dirname(directory):
                return None
            return self.overrides.over(settings or Settings())
        except ConfigurationError as error:
            return error


def read_pyproject(path: str) -> Settings | None:
    """The settings in the file ``path``, or None if it has none or is not there.

    Raises:
        ConfigurationError: it cannot be read, is not TOML, or holds a setting that means nothing.
    """
    try:
        document = _read(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if document is None or document.table is None:
        return None
    root = os.path.dirname(os.path.abspath(path))
    return as_settings(_values(document, root, ()), root, path)


def read_file(path: str) -> Settings:
    """The settings in a file that was named; its patterns are relative to the current directory.

    Raises:
        ConfigurationError: it cannot be read, is not TOML, has no settings, or one that means
            nothing.
    """
    root = os.getcwd()
    return as_settings(_values(_named(path), root, ()), root, path)


def read_keys(text: str) -> dict[str, object] | None:
    """The values by key of a line of TOML such as ``keras = 2``, or None if it is none.

    Raises:
        BadValue: it holds an unknown key, or a value that its key does not take.
    """
    try:
        table = _loads(text)
    except ValueError:
        return None
    if EXTEND in table:
        raise BadValue(EXTEND, f"{EXTEND} goes into a file")
    return read_table(table, os.getcwd())


@dataclass(frozen=True)
class _Document:
    """A file, its text, and the table with settings in it. ``header`` is how that is spelled."""

    path: str
    text: str
    table: Mapping[str, object] | None
    header: str


def _read(path: str) -> _Document | None:
    """The document at ``path``; None, and parsed by nobody, if it does not name us."""
    try:
        data = read_bytes(path)
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError as error:
        raise ConfigurationError(error.strerror or str(error), path) from error
    ours = os.path.basename(path) != _NAME
    if not ours and b"tflint-slice" not in data:
        return None
    text, document = _parse_toml(data, path)
    tool = document.get("tool")
    table = tool.get("tflint-slice") if isinstance(tool, dict) else None
    if table is None:
        return _Document(path, text, document if ours else None, "")
    if not isinstance(table, dict):
        raise ConfigurationError(f"[{TABLE}] must be a table", path, _row_of(text, TABLE, None))
    return _Document(path, text, table, TABLE)


def _named(path: str) -> _Document:
    try:
        document = _read(path)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ConfigurationError(error.strerror or str(error), path) from error
    if document is None or document.table is None:
        raise ConfigurationError(f"has no [{TABLE}]", path)
    return document


def _values(document: _Document, root: str, below: tuple[str, ...]) -> dict[str, object]:
    """What a document and those that it extends say; ``below`` are those that extend it."""
    try:
        assert document.table is not None
        own = read_table(document.table, root)
        if EXTEND not in own:
            return own
        name = os.path.expanduser(str(own[EXTEND]))
        path = os.path.normpath(os.path.join(os.path.dirname(document.path), name))
        chain = (*below, os.path.realpath(document.path))
        if os.path.realpath(path) in chain:
            raise BadValue(EXTEND, f"{EXTEND}: {name} extends itself")
        if not os.path.isfile(path):
            raise BadValue(EXTEND, f"{EXTEND}: there is no file {name}")
    except BadValue as error:
        row = _row_of(document.text, document.header, error.key)
        raise ConfigurationError(error.message, document.path, row) from error
    base = _values(_named(path), os.path.dirname(os.path.abspath(path)), chain)
    return extended(base, own)


def _loads(text: str) -> dict[str, object]:
    """A document of TOML; a ValueError where it is none."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    document: dict[str, object] = tomllib.loads(text)
    return document


def _parse_toml(data: bytes, path: str) -> tuple[str, dict[str, object]]:
    try:
        text = data.decode()
        return text, _loads(text)
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise ConfigurationError("not valid UTF-8", path, row) from error
    except RecursionError as error:
        raise ConfigurationError("not valid TOML: too deeply nested", path) from error
    except ValueError as error:
        place = re.search(r" \(at line (\d+), column \d+\)$", str(error))
        message = f"not valid TOML: {str(error)[: place.start()] if place else error}"
        row = int(place[1]) if place else text.count("\n") + 1
        raise ConfigurationError(message, path, row) from error


def _row_of(text: str, header: str, key: str | None) -> int:
    """The row where ``key`` is set, or else that of the table: ``tomllib`` keeps no positions."""
    tables = (header, f"{header}.{key}".lstrip("."))
    inside, table_row = not header, 1
    for row, line in enumerate(text.split("\n"), 1):
        found = re.match(r"\s*\[([^\[\]]*)\]", line)
        if found:
            inside = re.sub(r"[\s\"']", "", found[1]) in tables
            table_row = row if inside else table_row
        elif inside and re.sub(r"[\s\"']", "", line.partition("=")[0]) == key:
            return row
    return table_row
