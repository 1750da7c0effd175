"""Which files of a project hold which words, and in what roles: read once, and asked many times.

It tells where to look, by the bytes of the files alone; whoever asks reads the trees of these.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Set
from functools import lru_cache
from pathlib import Path
from string import ascii_letters, digits
from typing import Final

from tflint_slice.infer.bound_words import words_bound
from tflint_slice.infer.modules import Stamp
from tflint_slice.infer.project import entries, searchable

HELD: Final = "held"
"""Any word of the file."""
INHERITING: Final = "inheriting"
"""Words in the bases of a class, and words that an assignment gives another name, or to a base."""
DEFINING: Final = "defining"
"""The names of classes."""
RENAMING: Final = "renaming"
"""Words that are imported, or held by a ``with``, under another name."""
BINDING: Final = "binding"
"""Names that are bound as attributes."""

_WORD: Final = re.compile(rb"[\w\x80-\xff]+")
_BETWEEN: Final = bytes(range(0x80)).translate(None, b"_" + (ascii_letters + digits).encode())
"""All that stands between words."""
_SPACED: Final = bytes.maketrans(_BETWEEN, b" " * len(_BETWEEN))
# Of all that a pattern may begin with, plain text is found fastest, by far.
_BASES: Final = re.compile(
    rb"class(?<!\wclass)[ \t\\\r\n]+[\w\x80-\xff]+[ \t\\\r\n]*(?:\[[^\]]*\][ \t]*)?"
    rb"\(((?:[^:#]+|#[^\n]*\n)*)"
)
_RIGHT: Final = re.compile(rb"=([^=\n(]+)")
_CALLED: Final = re.compile(rb"\n[ \t]*([\w\x80-\xff]+)[ \t]*=(?!=)([^\n]*\([^\n]*)")
_AS: Final = re.compile(rb"as(?<=[ \t]as)\b")
_LAST: Final = re.compile(rb"[\w\x80-\xff]+\Z")
_FAR: Final = 200
"""How far before ``as`` a word is looked for, in bytes."""
_CLASS: Final = re.compile(rb"class(?<!\wclass)\s+([\w\x80-\xff]+)")


def _held(data: bytes) -> set[bytes]:
    # Several times as fast as looking for each word.
    return set(data.translate(_SPACED).split())


def _inherited(data: bytes) -> set[bytes]:
    bases = set(_WORD.findall(b" ".join(_BASES.findall(data))))
    # What a base is made from by a call, as in ``Base = chosen(Model)``.
    made = (given for name, given in _CALLED.findall(data) if name in bases) if bases else ()
    return bases | set(_WORD.findall(b" ".join((*_RIGHT.findall(data), *made))))


def _defined(data: bytes) -> set[bytes]:
    return set(_CLASS.findall(data))


def _renamed(data: bytes) -> set[bytes]:
    # Looking for the word first takes ten times as long.
    before = (data[max(0, each.start() - _FAR) : each.start()] for each in _AS.finditer(data))
    found = (_LAST.search(each.rstrip(b" \t")) for each in before)
    return {each[0] for each in found if each is not None}


def _bound(data: bytes) -> set[bytes]:
    return set(map(os.fsencode, words_bound(data)))


ROLES: Final[dict[str, Callable[[bytes], set[bytes]]]] = {
    HELD: _held,
    INHERITING: _inherited,
    DEFINING: _defined,
    RENAMING: _renamed,
    BINDING: _bound,
}


@lru_cache(maxsize=16)
def words(data: bytes, role: str) -> Set[bytes]:
    """The words of a source in one role."""
    return ROLES[role](data)


class Concordance:
    """The words of all Python files below a folder, as the files were when last looked at."""

    def __init__(self) -> None:
        self._places: dict[str, dict[bytes, list[int]]] = {role: {} for role in ROLES}
        self._paths: list[str] = []
        # A file that has changed gets a new number, and its old one means nothing any more.
        self._numbers: dict[str, tuple[int, Stamp]] = {}

    @property
    def paths(self) -> Iterable[str]:
        """All of the files."""
        return self._numbers.keys()

    def look(self, root: str) -> bool:
        """Read what has changed below the folder; False if there are too many files."""
        gone = set(self._numbers)
        for entry in entries(Path(root)):
            if entry is None:
                return False
            path = os.path.realpath(entry.path) if entry.is_symlink() else entry.path
            gone.discard(path)
            stamp = _stamp(entry)
            known = self._numbers.get(path)
            if known is None or known[1] != stamp:
                # Last, as the time of a file may be over in the midst of it.
                self._numbers[path] = self._note(path), stamp
        for path in gone:
            del self._numbers[path]
        return True

    def _note(self, path: str) -> int:
        number, data = len(self._paths), searchable(path)
        self._paths.append(path)
        for role, places in self._places.items():
            for word in ROLES[role](data):
                places.setdefault(word, []).append(number)
        return number

    def files(self, role: str, word: str) -> tuple[str, ...]:
        """The files that hold a word in that role."""
        numbers = self._places[role].get(os.fsencode(word), ())
        found = ((number, self._paths[number]) for number in numbers)
        return tuple(path for number, path in found if self._numbers.get(path, (-1,))[0] == number)


def _stamp(entry: os.DirEntry[str]) -> Stamp:
    try:
        status = entry.stat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns


@lru_cache(maxsize=4)
def concordance(root: str) -> Concordance:
    """The one of a project, yet to look at it."""
    return Concordance()
