"""Finds and reads the ``pyproject.toml`` that governs a file.

That is the nearest one above the file that has a ``[tool.tflint-slice]`` table; what the command
line says comes on top of it.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, field, replace

from tflint_slice.settings import (
    TABLE,
    BadValue,
    ConfigurationError,
    Overrides,
    Settings,
    from_table,
)


@dataclass
class Configuration:
    """Finds the settings of a directory, reading each ``pyproject.toml`` once."""

    overrides: Overrides = field(default_factory=Overrides)
    isolated: bool = False
    _found: dict[str, Settings | ConfigurationError] = field(default_factory=dict)

    def for_directory(self, directory: str) -> Settings:
        """The settings of files in ``directory``.

        Raises:
            ConfigurationError: the ``pyproject.toml`` that governs it is in error.
        """
        if self.isolated:
            return self.overrides.over(Settings())
        directory = os.path.abspath(directory)
        if directory not in self._found:
            self._found[directory] = self._look_up(directory)
        found = self._found[directory]
        if isinstance(found, ConfigurationError):
            raise found
        return found

    def _look_up(self, directory: str) -> Settings | ConfigurationError:
        try:
            settings = read_pyproject(os.path.join(directory, "pyproject.toml"))
            if settings is not None:
                return self.overrides.over(settings)
            parent = os.path.dirname(directory)
            if parent == directory:
                return self.overrides.over(Settings())
            return self.for_directory(parent)
        except ConfigurationError as error:
            return error


def read_pyproject(path: str) -> Settings | None:
    """The settings in the file ``path``, or None if it has none or is not there.

    Raises:
        ConfigurationError: it cannot be read, is not TOML, or holds a setting that means nothing.
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ConfigurationError(error.strerror or str(error), path) from error
    if b"tflint-slice" not in data:
        return None
    text, document = _parse_toml(data, path)
    tool = document.get("tool")
    table = tool.get("tflint-slice") if isinstance(tool, dict) else None
    if table is None:
        return None
    try:
        if not isinstance(table, dict):
            raise BadValue(None, f"[{TABLE}] must be a table")
        return replace(from_table(table), root=os.path.dirname(os.path.abspath(path)))
    except BadValue as error:
        raise ConfigurationError(error.message, path, _row_of(text, error.key)) from error


def _parse_toml(data: bytes, path: str) -> tuple[str, dict[str, object]]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        text = data.decode()
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise ConfigurationError("not valid UTF-8", path, row) from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column \d+\)$", str(error))
        message = f"not valid TOML: {str(error)[: place.start()] if place else error}"
        row = int(place[1]) if place else text.count("\n") + 1
        raise ConfigurationError(message, path, row) from error


def _row_of(text: str, key: str | None) -> int:
    """The row where ``key`` is set, or else that of the table: ``tomllib`` keeps no positions."""
    tables = (TABLE, f"{TABLE}.{key}")
    inside, table_row = False, 1
    for row, line in enumerate(text.split("\n"), 1):
        header = re.match(r"\s*\[([^\[\]]*)\]", line)
        if header:
            inside = re.sub(r"[\s\"']", "", header[1]) in tables
            table_row = row if inside else table_row
        elif inside and re.sub(r"[\s\"']", "", line.partition("=")[0]) == key:
            return row
    return table_row
