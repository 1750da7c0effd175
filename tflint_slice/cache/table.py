"""What lies in a project, by name and status of each file, to tell what has changed since.

It holds what analysis can see of a project: the directories that it walks, and the files that it
searches. Directories that are not walked, be it behind links, are marked: nobody knows when
something in them changes.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tflint_slice.infer.project import MENTIONING, SKIPPED

FOLDER: Final = "folder"
OPAQUE: Final = "opaque"

Entry = str | list[int] | None
"""A kind of directory; size, times and inode of a file; None for what is not to be trusted."""

_MOST: Final = 200_000
"""Names in a project; a larger one takes longer to look through than most files to check."""
_TICK: Final = 100_000_000
COARSE: Final = 2_000_000_000
"""Nanoseconds within which two changes of a file may get the same time: of clocks that count
fractions of a millisecond, and of others."""


@dataclass(frozen=True)
class Table:
    """The entries by their path below the root, with ``/`` between names."""

    root: str
    entries: Mapping[str, Entry]

    def as_text(self) -> str:
        return json.dumps(self.entries, sort_keys=True)

    def relative(self, path: str) -> str | None:
        """A path as the table names it; None if it lies elsewhere."""
        inside = self.root.rstrip(os.sep) + os.sep
        return path[len(inside) :].replace(os.sep, "/") if path.startswith(inside) else None


def look(root: str) -> Table | None:
    """The table of a project as it is now; None if there is too much in it."""
    entries: dict[str, Entry] = {}
    now = time.time_ns()
    count = 0
    waiting = [(root, "")]
    while waiting:
        folder, before = waiting.pop()
        try:
            with os.scandir(folder) as found:
                for each in found:
                    count += 1
                    entry = _entry(each, now)
                    if entry is not None:
                        entries[before + each.name] = entry[0]
                        if entry[0] == FOLDER:
                            waiting.append((each.path, f"{before}{each.name}/"))
        except OSError:
            if not before:
                return None
            entries[before[:-1]] = OPAQUE
        if count > _MOST:
            return None
    return Table(root, entries)


def _entry(each: os.DirEntry[str], now: int) -> tuple[Entry] | None:
    """What is kept of a name in a directory, or None if that is nothing."""
    try:
        if each.is_dir(follow_symlinks=False):
            return (OPAQUE if each.name in SKIPPED else FOLDER,)
        if each.is_symlink() and each.is_dir():
            return (OPAQUE,)
        if not each.name.endswith(MENTIONING) or not each.is_file():
            return None
        status = each.stat()
    except OSError:
        return None
    newest = max(status.st_mtime_ns, status.st_ctime_ns)
    if newest > now - (_TICK if newest % 1_000_000 else COARSE):
        return (None,)
    return ([status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino],)


def above(path: str) -> Iterator[str]:
    """The directories above a path of a table, up to its root."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
