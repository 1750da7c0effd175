"""Which results of earlier runs still hold, and what is kept of this one.

All results of one project hold for one state of it. When it is in another state, those go that
rest on a file that has changed, come or gone, or on a search that would now find one of these.
What a run found is kept only if the project is in the state in which the run met it: a file that
changed meanwhile, or too recently for its time to show a further change, counts as changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from dataclasses import dataclass, field
from typing import Final

from tflint_slice.cache.findings import (
    as_json,
    failure_as_json,
    failure_from_json,
    from_json,
)
from tflint_slice.cache.store import Row, Store
from tflint_slice.cache.table import COARSE, FOLDER, OPAQUE, Entry, Table, above, look
from tflint_slice.engine import read_text
from tflint_slice.files.discovery import Target
from tflint_slice.files.reading import UnreadableError, read_bytes
from tflint_slice.infer.project import project_root, searchable
from tflint_slice.infer.reliance import ABSENT, LISTED, PRESENT, Reliance
from tflint_slice.outcome import Outcome
from tflint_slice.settings import Settings
from tflint_slice.timing import Stage, timed

_BAD: Final = (ValueError, TypeError, KeyError, IndexError, AttributeError, sqlite3.DatabaseError)
"""What reading a database may raise into which something else was written."""
SCREENED: Final = "screened"
CLEAN: Final = "clean"


@dataclass
class _Project:
    """A project: as it was met, the results that hold, and what is new. ``before`` is the state
    in the database."""

    table: Table
    state: str
    before: str | None
    rows: dict[str, Row]
    digests: dict[str, str]
    fresh: list[tuple[Row, Reliance]] = field(default_factory=list)


@timed(Stage.CACHE)
def opened(folder: str, *, changing: bool) -> Results | None:
    """The results in a folder; None if there can be none."""
    try:
        return Results(Store(folder), changing=changing)
    except (OSError, sqlite3.Error):
        return None


class Results:
    """The results of one run and of those before it. ``changing``: findings are to be mended, so
    that a file that has some is examined anew."""

    def __init__(self, store: Store, *, changing: bool) -> None:
        self._store = store
        self._changing = changing
        self._projects: dict[str, _Project | None] = {}
        self._roots: dict[str, str] = {}
        self._settings: dict[Settings, str] = {}
        self._started = time.time_ns()
        self._broken = False
        self.hits = 0

    @timed(Stage.CACHE)
    def known(self, target: Target) -> Outcome | str | None:
        """What is known of a file: an outcome, or ``SCREENED``; None if nothing is."""
        if self._broken or target.data is not None:
            return None
        try:
            return self._known(target)
        except _BAD as error:
            self._give_up(error)
            return None

    def _known(self, target: Target) -> Outcome | str | None:
        project = self._project_of(target)
        row = None if project is None else project.rows.get(target.real)
        if row is None or (row.place, row.settings) != self._key(target):
            return None
        found: Outcome | str | None = SCREENED
        if row.content == CLEAN:
            found = Outcome(target.path)
        elif row.content != SCREENED:
            assert project is not None
            found = self._outcome(target, row.content, project)
        self.hits += found is not None
        return found

    def _outcome(self, target: Target, content: str, project: _Project) -> Outcome | None:
        findings, failures = json.loads(content)
        if self._changing and findings:
            return None
        outcome = Outcome(
            target.path,
            failures=tuple(failure_from_json(target.path, each) for each in failures),
        )
        if not findings:
            return outcome
        try:
            data = read_bytes(target.path)
            decoded = read_text(data, target.path)
        except (OSError, UnreadableError):
            return None
        digest = project.digests.get(_place(target.real, project.table))
        if decoded is None or _digest(data) != digest:
            return None
        found = tuple(map(from_json, findings))
        return Outcome(target.path, decoded.text, decoded.text, found, found, marker=decoded.marker)

    @timed(Stage.CACHE)
    def keep(self, target: Target, outcome: Outcome | None, rests: Reliance) -> None:
        """Keep what became of a file, None if the screen stopped it."""
        if self._broken or target.data is not None or not _has_letters(target.real):
            return
        project = self._project_of(target)
        if project is None:
            return
        content = SCREENED if outcome is None else CLEAN
        if outcome is not None and (outcome.found or outcome.failures):
            if self._changing and outcome.found:
                return
            content = json.dumps(
                [
                    [as_json(finding) for finding in outcome.found],
                    [failure_as_json(failure) for failure in outcome.failures],
                ]
            )
        place, settings = self._key(target)
        project.fresh.append((Row(target.real, place, settings, content), rests))

    @timed(Stage.CACHE)
    def save(self) -> None:
        """Write down what is new."""
        if not self._broken:
            try:
                self._save()
            except _BAD as error:
                self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        """Go on without: another run writes, nobody may, or what is there makes no sense."""
        self._broken = True
        self._projects.clear()
        if not isinstance(error, sqlite3.OperationalError):
            self._store.discard()

    def _save(self) -> None:
        changed = [each for each in self._projects.values() if each is not None]
        changed = [each for each in changed if each.fresh or each.state != each.before]
        writes = [(each, *_as_it_was_met(each)) for each in changed]
        if not writes:
            return
        with self._store.writing():
            for project, state, digests in writes:
                self._write(project, state, digests)

    def _write(self, project: _Project, state: str, digests: dict[str, str]) -> None:
        root = project.table.root
        now = self._store.project(root)
        if (None if now is None else now[0]) != project.before:
            # Another run was faster. What it wrote holds, perhaps for another state than this.
            return
        if project.state != project.before:
            # Those that another run added meanwhile have not been looked at.
            later = {row.path for row in self._store.rows(root)} - project.rows.keys()
            self._store.remove(later)
        self._store.set_project(root, state, json.dumps(digests))
        entries: dict[str, Entry] = json.loads(state)
        for row, rests in project.fresh:
            if self._is_told(row.path, rests, project.table, entries):
                self._store.add(root, row, _rests_as_json(rests, project.table))
            else:
                self._store.remove([row.path])

    def _is_told(self, path: str, rests: Reliance, table: Table, entries: dict[str, Entry]) -> bool:
        """Whether a table tells of every change of what a result rests on."""
        return _is_told(path, rests, table, entries) and not any(
            os.stat(noted[1:]).st_mtime_ns > self._started - COARSE
            for noted in rests.paths
            if noted[0] == LISTED
        )

    def _key(self, target: Target) -> tuple[str, str]:
        settings = target.settings
        if settings not in self._settings:
            parts = [getattr(settings, name) for name in _BEARING]
            self._settings[settings] = _digest(repr(parts).encode("utf-8", "surrogatepass"))
        return os.path.abspath(target.path), self._settings[settings]

    def _project_of(self, target: Target) -> _Project | None:
        folder = os.path.dirname(target.real)
        if folder not in self._roots:
            self._roots[folder] = str(project_root(target.real))
        root = self._roots[folder]
        if root not in self._projects:
            self._projects[root] = self._met(root)
        return self._projects[root]

    def _met(self, root: str) -> _Project | None:
        table = look(root) if _has_letters(root) else None
        if table is None:
            return None
        state = table.as_text()
        known = self._store.project(root)
        if known is None:
            return _Project(table, state, None, {}, {})
        before, digests = known
        rows = {row.path: row for row in self._store.rows(root)}
        project = _Project(table, state, before, rows, json.loads(digests))
        if state != before:
            self._forget(project, json.loads(before))
        return project

    def _forget(self, project: _Project, before: dict[str, Entry]) -> None:
        """Leave out the results that may not hold any more."""
        changed = _changes(project, before)
        searched = {
            path: searchable(os.path.join(project.table.root, path)) for path in changed.files
        }
        questions: dict[tuple[str, ...], set[str]] = {}
        gone = {path for path in project.rows if _place(path, project.table) in changed.all}
        for path, rests in self._store.reliance(project.table.root):
            paths, asked = json.loads(rests)
            if path in gone:
                continue
            hit = not changed.all.isdisjoint(paths) or any(
                folder in changed.all for each in paths for folder in above(each)
            )
            for question in map(tuple, asked):
                if hit:
                    break
                if question not in questions:
                    questions[question] = _hits(question, searched)
                hit = not questions[question] <= {_place(path, project.table)}
            if hit:
                gone.add(path)
        for path in gone:
            project.rows.pop(path, None)


_BEARING: Final = (
    "select",
    "ignore",
    "extend_select",
    "per_file_ignores",
    "rewrite",
    "distributed",
    "keras",
    "min_elements",
)
"""The settings on which the findings in a file rest."""


@dataclass(frozen=True)
class _Changes:
    """``files`` are those that are to be searched; ``all`` has what came and went besides, and
    the directories in which that was, with a ``/`` at the end."""

    files: frozenset[str]
    all: frozenset[str]


def _changes(project: _Project, before: dict[str, Entry]) -> _Changes:
    files: set[str] = set()
    others: set[str] = set()
    now = project.table.entries
    for path in before.keys() | now.keys():
        old, new = before.get(path, ""), now.get(path, "")
        if old == new and new is not None:
            continue
        was_file, is_file = isinstance(old, list), isinstance(new, list)
        if was_file and (is_file or new is None) and path in project.digests:
            data = _content(project.table, path)
            if data is not None and _digest(data) == project.digests[path]:
                continue
        project.digests.pop(path, None)
        if (was_file or old is None) and (is_file or new is None):
            files.add(path)
            continue
        if was_file or is_file or old is None or new is None:
            files.add(path)
        others |= {path, path.rpartition("/")[0] + "/"}
    return _Changes(frozenset(files), frozenset(files | others))


def _hits(question: tuple[str, ...], searched: dict[str, bytes]) -> set[str]:
    from tflint_slice.infer.searches import bears_on

    return {path for path, held in searched.items() if bears_on(path, held, question)}


def _as_it_was_met(project: _Project) -> tuple[str, dict[str, str]]:
    """The state to write down, with None for each file that is not as it was, and the digests."""
    digests = dict(project.digests)
    for path, entry in project.table.entries.items():
        if isinstance(entry, list) and path not in digests:
            data = _content(project.table, path)
            if data is not None:
                digests[path] = _digest(data)
    again = look(project.table.root)
    entries = dict(project.table.entries)
    for path, entry in entries.items():
        same = again is not None and again.entries.get(path) == entry
        if isinstance(entry, list) and not (same and path in digests):
            entries[path] = None
            digests.pop(path, None)
    return Table(project.table.root, entries).as_text(), digests


def _is_told(path: str, rests: Reliance, table: Table, entries: dict[str, Entry]) -> bool:
    """Whether a table tells of every change of what a result rests on."""
    own = table.relative(path)
    if own is None or not isinstance(entries.get(own), list):
        return False
    for noted in rests.paths:
        sign, place = noted[0], noted[1:]
        if place == table.root:
            continue
        inside = table.relative(place)
        if inside is None or any(entries.get(each) == OPAQUE for each in above(inside)):
            return False
        there = inside in entries
        if (sign == PRESENT and not there) or (sign == ABSENT and there):
            return False
        if sign == LISTED and entries.get(inside) != FOLDER:
            return False
    return True


def _rests_as_json(rests: Reliance, table: Table) -> str:
    if not rests.paths and not rests.questions:
        return ""
    paths = set()
    for noted in rests.paths:
        inside = "" if noted[1:] == table.root else table.relative(noted[1:]) or ""
        paths.add(inside + "/" if noted[0] == LISTED else inside)
    return json.dumps([sorted(paths - {""}), sorted(rests.questions)])


def _has_letters(path: str) -> bool:
    """Whether a path is text: a database takes no other bytes."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _place(path: str, table: Table) -> str:
    return table.relative(path) or ""


def _content(table: Table, path: str) -> bytes | None:
    try:
        return read_bytes(os.path.join(table.root, path))
    except OSError:
        return None


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
