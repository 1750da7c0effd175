"""Sites of real packages that people read and labelled, and how findings compare with them.

A label says for one statement and one rule whether the rule would be right to report it. Sites
that could be seen either way have none.
"""

from __future__ import annotations

import ast
import csv
import warnings
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

LIST = Path(__file__).with_name("labels.csv")


@dataclass(frozen=True, order=True)
class Label:
    """One line of the list. ``line`` is where the statement starts that writes.

    ``limit`` says why the tool does not report a true site; it is empty where it does.
    """

    package: str
    file: str
    line: int
    code: str
    version: str
    true: bool
    why: str
    limit: str

    @property
    def path(self) -> str:
        return f"{self.package}-{self.version}/{self.file}"


@dataclass(frozen=True, order=True)
class Found:
    """A finding of the tool; ``path`` is relative to the folder that holds all packages."""

    path: str
    line: int
    code: str
    reason: str
    applicability: str
    declined: bool
    message: str

    @property
    def key(self) -> tuple[str, int, str, str]:
        return self.path, self.line, self.code, self.message


@dataclass(frozen=True)
class Comparison:
    """What a run over one package or several has to do with the labels there."""

    wrong: tuple[tuple[Label, Found], ...] = ()
    reported: tuple[Label, ...] = ()
    declined: tuple[tuple[Label, Found], ...] = ()
    missed: tuple[Label, ...] = ()
    unlabelled: tuple[Found, ...] = ()

    def __add__(self, other: Comparison) -> Comparison:
        return Comparison(
            self.wrong + other.wrong,
            self.reported + other.reported,
            self.declined + other.declined,
            self.missed + other.missed,
            self.unlabelled + other.unlabelled,
        )

    @property
    def unexplained(self) -> tuple[Label, ...]:
        """True sites that were not reported although no limit says so."""
        silent = (*self.missed, *(label for label, _ in self.declined))
        return tuple(label for label in silent if not label.limit)

    @property
    def outgrown(self) -> tuple[Label, ...]:
        """True sites that were reported although a limit says that they are not."""
        return tuple(label for label in self.reported if label.limit)


def read_labels() -> tuple[Label, ...]:
    """The list as it stands in the file."""
    with LIST.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Label(
                package=row["package"],
                file=row["file"],
                line=int(row["line"]),
                code=row["code"],
                version=row["version"],
                true={"true": True, "false": False}[row["label"]],
                why=row["why"],
                limit=row["limit"],
            )
            for row in csv.DictReader(lines)
        )


def findings_of(objects: Iterable[dict[str, Any]], packages: Path) -> list[Found]:
    """The objects of the tool's JSON."""
    return sorted(
        Found(
            path=Path(one["filename"]).relative_to(packages).as_posix(),
            line=one["location"]["row"],
            code=one["code"],
            reason=one["reason"] or "",
            applicability=one["fix"]["applicability"] if one["fix"] else "none",
            declined=one.get("declined", False),
            message=one["message"],
        )
        for one in objects
    )


def compare(labels: Iterable[Label], findings: Sequence[Found], packages: Path) -> Comparison:
    """Set labels beside what the tool found in the same packages, which lie below a folder."""
    labelled: dict[tuple[str, str], list[Label]] = defaultdict(list)
    for label in labels:
        labelled[label.path, label.code].append(label)
    wrong: list[tuple[Label, Found]] = []
    reported: set[Label] = set()
    declined: dict[Label, Found] = {}
    unlabelled: list[Found] = []
    for found in findings:
        meant = [
            label
            for label in labelled[found.path, found.code]
            if _same_site(packages / found.path, found.line, label.line)
        ]
        true = [label for label in meant if label.true]
        if found.declined:
            declined.update(dict.fromkeys(true, found))
        elif true:
            reported.update(true)
        elif meant:
            wrong.append((meant[0], found))
        else:
            unlabelled.append(found)
    every = [label for group in labelled.values() for label in group if label.true]
    silent = [label for label in every if label not in reported]
    return Comparison(
        wrong=tuple(wrong),
        reported=tuple(sorted(reported)),
        declined=tuple((one, declined[one]) for one in sorted(silent) if one in declined),
        missed=tuple(one for one in sorted(silent) if one not in declined),
        unlabelled=tuple(unlabelled),
    )


def _same_site(path: Path, found: int, label: int) -> bool:
    """Whether two lines are in one statement, or one is a loop around the other."""
    here, there = statement_at(path, found), statement_at(path, label)
    if here is None or there is None:
        return found == label
    return here is there or _is_around(here, there) or _is_around(there, here)


def _is_around(outer: ast.stmt, inner: ast.stmt) -> bool:
    loops = (ast.For, ast.AsyncFor, ast.While)
    return isinstance(outer, loops) and outer.lineno < inner.lineno <= (outer.end_lineno or 0)


def statement_at(path: Path, line: int) -> ast.stmt | None:
    """The innermost statement on a line."""
    around = [one for one in _statements(path) if one.lineno <= line <= (one.end_lineno or 0)]
    return max(around, key=lambda one: (one.lineno, one.col_offset), default=None)


@cache
def _statements(path: Path) -> tuple[ast.stmt, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes that are none, in code that is not ours
        tree = ast.parse(path.read_bytes())
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.stmt))
