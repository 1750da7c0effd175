"""The folder of a cache, and the SQLite database in it.

A run reads once and writes once, in one transaction, so that SQLite's own journal is enough for
runs at the same time, on any file system. Whatever is wrong with the folder or the database, there
is then no cache, and nobody is told. Nothing outside of the folder is written.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from tflint_slice import __version__

NAME: Final = ".tflint_slice_cache"
_IGNORE: Final = "# Made by tflint-slice.\n*\n"
_SECONDS: Final = 1.0
"""How long to wait for another run that writes."""

_TABLES: Final = """
CREATE TABLE maker (mark TEXT);
CREATE TABLE projects (root TEXT PRIMARY KEY, state TEXT, digests TEXT);
CREATE TABLE files (
    path TEXT PRIMARY KEY, root TEXT, place TEXT, settings TEXT, content TEXT
);
CREATE INDEX files_by_root ON files (root);
CREATE TABLE reliance (path TEXT PRIMARY KEY, rests TEXT);
"""
_COLUMNS: Final = (
    "root, state, digests FROM projects",
    "path, root, place, settings, content FROM files",
    "path, rests FROM reliance",
)


@dataclass(frozen=True)
class Row:
    """A file: where it was found, a digest of its settings, and the result, empty for none."""

    path: str
    place: str
    settings: str
    content: str


class Store:
    """An open database."""

    def __init__(self, folder: str) -> None:
        """Open the database of a folder, or begin a new one.

        Raises:
            OSError, sqlite3.Error: there can be none.
        """
        self._file = os.path.join(folder, f"{__version__}-{sys.implementation.cache_tag}.sqlite")
        _make(folder)
        try:
            self._connection = self._opened()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            os.unlink(self._file)
            self._connection = self._opened()

    def _opened(self) -> sqlite3.Connection:
        if os.path.islink(self._file):
            raise OSError("a link, which may lead anywhere")
        connection = sqlite3.connect(self._file, timeout=_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            if not self._is_ours(connection):
                _begin_anew(connection)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    @staticmethod
    def _is_ours(connection: sqlite3.Connection) -> bool:
        try:
            for columns in _COLUMNS:
                connection.execute(f"SELECT {columns} LIMIT 0")
            return connection.execute("SELECT mark FROM maker").fetchall() == [(_mark(),)]
        except sqlite3.OperationalError as error:
            if "no such" in str(error):
                return False
            raise

    def close(self) -> None:
        self._connection.close()

    def discard(self) -> None:
        """Drop everything: something in it makes no sense."""
        self.close()
        with contextlib.suppress(OSError):
            os.unlink(self._file)

    def project(self, root: str) -> tuple[str, str] | None:
        """The state of a project for which its rows hold, and the digests of its files."""
        found: tuple[str, str] | None = self._connection.execute(
            "SELECT state, digests FROM projects WHERE root = ?", [root]
        ).fetchone()
        return found

    def rows(self, root: str) -> Iterator[Row]:
        query = "SELECT path, place, settings, content FROM files WHERE root = ?"
        return (Row(*each) for each in self._connection.execute(query, [root]))

    def reliance(self, root: str) -> Iterator[tuple[str, str]]:
        """What each result that rests on other files does rest on."""
        query = "SELECT path, rests FROM reliance JOIN files USING (path) WHERE root = ?"
        return iter(self._connection.execute(query, [root]))

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Make all changes inside, or none."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def set_project(self, root: str, state: str, digests: str) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO projects VALUES (?, ?, ?)", [root, state, digests]
        )

    def remove(self, paths: Iterable[str]) -> None:
        listed = [(path,) for path in paths]
        self._connection.executemany("DELETE FROM files WHERE path = ?", listed)
        self._connection.executemany("DELETE FROM reliance WHERE path = ?", listed)

    def add(self, root: str, row: Row, rests: str) -> None:
        self.remove([row.path])
        values = [row.path, root, row.place, row.settings, row.content]
        self._connection.execute("INSERT INTO files VALUES (?, ?, ?, ?, ?)", values)
        if rests:
            self._connection.execute("INSERT INTO reliance VALUES (?, ?)", [row.path, rests])


def remove(folder: str) -> bool:
    """Remove a folder and what we put into it, and say whether there was any of that."""
    if os.path.islink(folder) or not os.path.isdir(folder):
        return False
    ours = [name for name in os.listdir(folder) if name.endswith((".sqlite", ".sqlite-journal"))]
    ignore = os.path.join(folder, ".gitignore")
    with contextlib.suppress(OSError), open(ignore, encoding="utf-8") as file:
        ours += [".gitignore"] if file.read() == _IGNORE else []
    if ".gitignore" not in ours:
        return False
    for name in ours:
        os.unlink(os.path.join(folder, name))
    with contextlib.suppress(OSError):
        os.rmdir(folder)
    return True


def _begin_anew(connection: sqlite3.Connection) -> None:
    names = "SELECT name FROM sqlite_master WHERE type = 'table'"
    connection.execute("BEGIN IMMEDIATE")
    for (name,) in connection.execute(names).fetchall():
        connection.execute('DROP TABLE "{}"'.format(name.replace('"', '""')))
    for statement in _TABLES.split(";"):
        connection.execute(statement)
    connection.execute("INSERT INTO maker VALUES (?)", [_mark()])
    connection.execute("COMMIT")


def _mark() -> str:
    """What makes results: this Python, and the sources of ours and of the packages that we use."""
    parts = [sys.version]
    package = Path(__file__).parents[1]
    for path in sorted(package.rglob("*.py")):
        status = path.stat()
        parts.append(f"{path.relative_to(package)} {status.st_size} {status.st_mtime_ns}")
    for name in ("libcst", "pathspec"):
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            folder = os.stat(os.path.dirname(spec.origin))
            parts.append(f"{spec.origin} {folder.st_mtime_ns} {folder.st_ino}")
    return "\n".join(parts)


def _make(folder: str) -> None:
    """Make the folder, which git and backups pass by."""
    if os.path.basename(folder) == NAME and os.path.islink(folder):
        raise OSError("a link, which may lead anywhere")
    os.makedirs(folder, exist_ok=True)
    ignore = os.path.join(folder, ".gitignore")
    if not os.path.lexists(ignore):
        with open(ignore, "x", encoding="utf-8") as file:
            file.write(_IGNORE)
