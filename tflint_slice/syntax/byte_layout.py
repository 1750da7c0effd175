"""How the bytes of a source are laid out: its brackets, statements and loops.

All of it is read off a text without strings and comments, as ``blanked`` makes it.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final

_TEXTS: Final = re.compile(
    rb"'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''|\"\"\"[^\"\\]*(?:(?:\\.|\"(?!\"\"))[^\"\\]*)*\"\"\""
    rb"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'|\"[^\"\\\n]*(?:\\.[^\"\\\n]*)*\"|#[^\n]*|\\\n|'|\"",
    re.DOTALL,
)
"""Strings, which are taken for empty ones, comments, and the ends of lines that go on."""

_FORMATTED: Final = re.compile(rb"[fFtT][rR]?\Z")
_RUN: Final = re.compile(
    rb"\.\s*\w*(?:assign|scatter|fill|sort|put|partition|itemset)\w*"
    rb"|\bfor\b[^\]{]*\][^{}]*\bin\b"
)
"""What may change something in an f-string: functions, called or not, and turns of a loop."""

_CUT: Final = b'"'
"""Stands for an f-string that seems to end within its braces, or does not on its line.

Since Python 3.12 it may go on behind quotes of its own kind, and on other lines.
"""

_BRACKETS: Final = re.compile(rb"[()\[\]{}\n;]")
_CLOSED: Final = re.compile(rb"\s*[)\]}]")
_REACHES: Final = (100, 5_000)
"""How many bytes before it the bracket is looked for that another one closes."""

# A definition can begin a line only as a statement; `for` may as well go on with an expression.
_HEADS: Final = re.compile(
    rb"^(?:[ \t]*\f)*([ \t]*)(?:async\s+)?(for|while|def|class)\b", re.MULTILINE
)
_DEFINING: Final = (b"def", b"class")
_PAIRS: Final = (b"()", b"[]", b"{}")


def blanked(data: bytes) -> bytes:
    """A source without what stands in its strings and comments, and with one kind of line end."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return _TEXTS.sub(_emptied, data)


def _emptied(found: re.Match[bytes]) -> bytes:
    text = found.group()
    if text.startswith((b"#", b"\\")):
        return b" "
    if text in (b"'", b'"'):
        return _CUT
    if b"{" not in text:
        return b"''"
    start = found.start()
    formatted = _FORMATTED.search(found.string, max(0, start - 2), start)
    if formatted and text.count(b"{") != text.count(b"}"):
        return _CUT
    # What an f-string says is run.
    return b"''" + b" ".join(_RUN.findall(text)) if formatted else b"''"


def is_cut(data: bytes) -> bool:
    """Whether it cannot be told from a blanked source where its strings end."""
    return _CUT in data


def opening(data: bytes, end: int) -> int | None:
    """Where the bracket stands that is closed at ``end``, if that is not too far off."""
    for reach in _REACHES:
        depth = 0
        for found in reversed([*_BRACKETS.finditer(data, max(0, end - reach), end + 1)]):
            sign = found.group()
            if sign in b")]}":
                depth += 1
            elif sign in b"([{":
                depth -= 1
                if depth == 0:
                    return found.start()
    return None


def rest_of(data: bytes, start: int) -> bytes | None:
    """What a statement says behind ``start``; None where that is an argument of a call."""
    depth = 0
    for found in _BRACKETS.finditer(data, start):
        sign = found.group()
        if sign in b"([{":
            depth += 1
        elif sign in b")]}":
            depth -= 1
            if depth < 0:
                return None
        elif depth == 0:
            goes_on = sign == b"\n" and _CLOSED.match(data, found.end())
            return None if goes_on else data[start : found.start()]
    return data[start:]


def inside_of(data: bytes, start: int) -> bytes:
    """What stands between the bracket at ``start`` and the one that closes it."""
    depth = 0
    for found in _BRACKETS.finditer(data, start):
        sign = found.group()
        depth += (sign in b"([{") - (sign in b")]}")
        if depth == 0:
            return data[start + 1 : found.start()]
    return data[start + 1 :]


def outside_brackets(text: bytes) -> bytes:
    """A text without what stands in its brackets."""
    kept, depth, since = [], 0, 0
    for found in _BRACKETS.finditer(text):
        sign = found.group()
        if sign in b"([{":
            if depth == 0:
                kept.append(text[since : found.start()])
            depth += 1
        elif sign in b")]}":
            depth -= 1
            since = found.end()
    return b"".join(kept) + (text[since:] if depth <= 0 else b"")


def sign_before(data: bytes, place: int) -> bytes:
    """The last byte before a place that is not blank."""
    while data[place - 1 : place].isspace():
        place -= 1
    return data[max(0, place - 1) : place]


def sign_behind(data: bytes, place: int) -> bytes:
    """The first byte behind a place that is not blank."""
    while data[place : place + 1].isspace():
        place += 1
    return data[place : place + 1]


def line_of(data: bytes, place: int) -> int:
    """Where the line begins that a place is in."""
    return data.rfind(b"\n", 0, place) + 1


def begun_before(data: bytes, line: int, place: int) -> bool:
    """Whether brackets that a line closes before a place were opened before the line."""
    said = data[line:place]
    return any(said.count(pair[1:]) > said.count(pair[:1]) for pair in _PAIRS)


class Layout:
    """Where the loops of a source are, known by the lines that begin them."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def may_loop(self, place: int) -> bool:
        """Whether a place may be in the body of a loop.

        Its line does not tell how far in it is where a bracket is open that an earlier line opens:
        then it may be in anything before it.
        """
        line = line_of(self.data, place)
        before = self.data[line:place]
        own = place if self._goes_on(line) else len(before) - len(before.lstrip())
        for head in reversed(self._heads):
            indent = len(head[1])
            if head.start() > place or (head.start() < line and indent >= own):
                continue
            if head[2] not in _DEFINING:
                return True
            own = indent
        return False

    def _goes_on(self, line: int) -> bool:
        """Whether a line goes on with a statement, which no definition does."""
        heads = (head.start() for head in reversed(self._heads) if head[2] in _DEFINING)
        start = next((start for start in heads if start <= line), 0)
        said = self.data[start:line]
        return any(said.count(pair[:1]) > said.count(pair[1:]) for pair in _PAIRS)

    @cached_property
    def _heads(self) -> list[re.Match[bytes]]:
        return [*_HEADS.finditer(self.data)]
