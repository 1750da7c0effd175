"""The places of a source that may change a part of something, looked for in its bytes.

What ``spots`` and ``tensor_rebuilds`` find in a tree has to be found here too, however it is laid
out. To parse a file takes ten times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_TEXTS: Final = re.compile(
    rb"'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''|\"\"\"[^\"\\]*(?:(?:\\.|\"(?!\"\"))[^\"\\]*)*\"\"\""
    rb"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'|\"[^\"\\\n]*(?:\\.[^\"\\\n]*)*\"|#[^\n]*|\\\n",
    re.DOTALL,
)
"""Strings, which are taken for empty ones, comments, and the ends of lines that go on."""

_BLANK: Final = rb"\s*"
_GAP: Final = rb"[\s)\]]*"
_OPENING: Final = rb"[\s(]*"
_NAME: Final = rb"[\w\x80-\xff]+"
_PATH: Final = rb"(?:" + _NAME + _BLANK + rb"\." + _BLANK + rb")*"
_OPERATOR: Final = rb"(?:[-+*/%@&|^]|//|\*\*|<<|>>)"
_BINDS: Final = rb"(?<![!<>=])=(?!=)"
_BEGINS: Final = rb"(?<![\w\x80-\xff])"
_ENDS: Final = rb"(?![\w\x80-\xff])"
_FUNCTIONS: Final = rb"(?:concat|stack|where)"

_CHANGING: Final = re.compile(
    rb"(?:copyto|fill_diagonal|putmask|itemset|partition)\b"
    rb"|\." + _BLANK + rb"(?:fill|sort|put|place|at)\b|=\s*(?:put|place)\b"
    rb"|(?:put(?<!\wput)|place(?<!\wplace))(?:\s*\(|\s+as\b)"
)
_COPYING: Final = re.compile(
    rb"\.\s*numpy\b|get_value|get_weights|convert_to_numpy|array|copy(?<!\wcopy)\b"
)
_ITEM: Final = re.compile(rb"\]" + _GAP + _OPERATOR + rb"?=(?!=)")
_KEY: Final = re.compile(rb"\[\s*(?:[rbfuRBFU]{0,2}''\s*)+\]\Z")
_ANNOTATED: Final = re.compile(rb":[\w\x80-\xff\s.|]+\Z")
_COMPOUND: Final = re.compile(
    rb"\s*(?:if|elif|else|for|while|with|try|except|finally|class|match|case|async)\b"
)
_AMONG_OTHERS: Final = re.compile(rb"\][ \t\f)\]]*[,:][^\n=]*" + _BINDS)
_DISPLAYED: Final = re.compile(rb"(?:\A|[=:;,])\s*[(\[*]")
_BEGUN_BEFORE: Final = re.compile(rb"^[^\n=(\[]*[)\]]" + _GAP + rb",[^\n=]*" + _BINDS, re.MULTILINE)
_NO_TARGET: Final = re.compile(rb"\s*(?:return|assert|raise|yield)\b")
_IN_BRACKETS: Final = re.compile(rb"\)" + _GAP + _BINDS)
_OF_A_LOOP: Final = re.compile(rb"for(?<!\wfor)\b(?:(?!\bin\b)[^\]])*\]")
_OF_WITH: Final = re.compile(rb"as(?<!\was)\b\s*(?:[^\n:]*|\([^:]*)\[")
_DELETED: Final = re.compile(rb"del(?<!\wdel)\b")
_AUGMENTED: Final = re.compile(rb"\." + _BLANK + _NAME + _GAP + _OPERATOR + rb"=")
_ATTRIBUTE: Final = re.compile(
    rb"\." + _BLANK + rb"(" + _NAME + rb")" + _GAP + rb"(?::[^\n=]*)?=(?!=)"
)
_MADE_ANEW: Final = re.compile(rb"=(?!=)" + _OPENING + _PATH + _FUNCTIONS + _BLANK + rb"\(")
# Functions that go by other names, or are attributes of what a call answers with.
_OTHERWISE_NAMED: Final = re.compile(
    rb"[)\]]" + _BLANK + rb"\." + _BLANK + _FUNCTIONS + rb"\b"
    rb"|=" + _OPENING + _PATH + _FUNCTIONS + rb"\b(?!\s*\()"
    rb"|\." + _BLANK + _FUNCTIONS + rb"\b(?!\s*[(=])"
    rb"|[(\[{:,]" + _BLANK + rb"concat" + _BLANK + rb"[)\]},]"
)
_RENAMED: Final = re.compile(rb"(?:concat|stack|where)\s+as\b")
_BOUND: Final = re.compile(rb"(" + _NAME + rb")" + _GAP + rb"(?::[^\n=]*)?\Z")
_TARGET: Final = re.compile(rb"(" + _NAME + rb")" + _GAP + rb"=")
_BRACKETS: Final = re.compile(rb"[()\[\]{}\n;]")
_CLOSED: Final = re.compile(rb"\s*[)\]}]")
_SUBSCRIPTED: Final = re.compile(rb"[\w\x80-\xff)\]}']\s*\Z")
_REACHES: Final = (100, 5_000)
"""How many bytes before it the bracket is looked for that another one closes."""

_ARITHMETIC: Final = re.compile(rb"[-+*/%@&|^<>]")


def may_change_parts(data: bytes) -> bool:
    """Whether anything in the source has the form of such a change."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    data = _TEXTS.sub(_emptied, data)
    return (
        b"scatter" in data
        or b"assign" in data
        or any(_may_be_item(data, end) for found in _ITEM.finditer(data) for end in _ends(found))
        or _AUGMENTED.search(data) is not None
        or any(
            _may_be_target(data, end) and _rest(data, found.end()) is not None
            for found in _AMONG_OTHERS.finditer(data)
            for end in _ends(found)
        )
        or any(_rest(data, found.end()) is not None for found in _BEGUN_BEFORE.finditer(data))
        or any(_holds_item(data, found.start()) for found in _IN_BRACKETS.finditer(data))
        or _OF_A_LOOP.search(data) is not None
        or _OF_WITH.search(data) is not None
        or any(_deletes_item(data, found) for found in _DELETED.finditer(data))
        or any(_is_recomputed(data, found) for found in _ATTRIBUTE.finditer(data))
        or _OTHERWISE_NAMED.search(data) is not None
        or _RENAMED.search(data) is not None
        or any(_is_made_of_itself(data, found.start()) for found in _MADE_ANEW.finditer(data))
        or (_CHANGING.search(data) is not None and _COPYING.search(data) is not None)
    )


def _emptied(found: re.Match[bytes]) -> bytes:
    return b" " if found.group().startswith((b"#", b"\\")) else b"''"


def _ends(found: re.Match[bytes]) -> Iterator[int]:
    """The brackets at the beginning of what was found."""
    for end, sign in enumerate(found.group(), found.start()):
        if sign == ord("]"):
            yield end
        elif sign in b"=,:":
            return


def _may_be_item(data: bytes, end: int) -> bool:
    """Whether what the bracket at ``end`` closes may be an item, and of no dictionary."""
    start = _opening(data, end)
    if start is None:
        return True
    line = _line_of(data, start)
    before = data[line:start]
    if _KEY.search(data, start, end + 1) or not _SUBSCRIPTED.search(before):
        return False
    note = _ANNOTATED.search(before)
    if note is None or _COMPOUND.match(before):
        return True
    # ``name: List[int] = ...``, or a parameter; but ``def f(): x[0] = ...`` is none of these.
    depth = _depth(before[: note.start()])
    return depth < 0 or (depth == 0 and b"def" in before)


def _may_be_target(data: bytes, end: int) -> bool:
    """Whether what the bracket at ``end`` closes may be an item that is bound with others."""
    start = _opening(data, end)
    if start is None:
        return True
    before = data[_line_of(data, start) : start]
    if not _SUBSCRIPTED.search(before) or _NO_TARGET.match(before):
        return False
    return _DISPLAYED.search(before) is not None or _depth(before) <= 0


def _holds_item(data: bytes, end: int) -> bool:
    """Whether there may be an item in the parentheses that end there."""
    start = _opening(data, end)
    return start is None or b"]" in data[start:end]


def _opening(data: bytes, end: int) -> int | None:
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


def _deletes_item(data: bytes, found: re.Match[bytes]) -> bool:
    start = found.end()
    ends = (end.end() for end in re.finditer(rb"\]", _rest(data, start) or b""))
    return any(not _KEY.search(data, start, start + end) for end in ends)


def _is_recomputed(data: bytes, found: re.Match[bytes]) -> bool:
    """Whether an attribute that a statement binds is computed from itself."""
    name, rest = found.group(1), _rest(data, found.end())
    if rest is None or name not in rest or not _ARITHMETIC.search(rest):
        return False
    return re.search(rb"\.%b%b%b" % (_BLANK, name, _ENDS), rest) is not None


def _is_made_of_itself(data: bytes, sign: int) -> bool:
    """Whether what is bound by the sign of equality occurs behind it."""
    rest, line = _rest(data, sign + 1), _line_of(data, sign)
    bound = _BOUND.search(data, line, sign)
    if rest is None:
        return False
    if bound is None:
        return True
    names = {bound.group(1), *_TARGET.findall(data, line, sign)}
    return any(re.search(rb"%b%b%b" % (_BEGINS, name, _ENDS), rest) for name in names)


def _rest(data: bytes, start: int) -> bytes | None:
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


def _depth(text: bytes) -> int:
    return text.count(b"(") + text.count(b"{") - text.count(b")") - text.count(b"}")


def _line_of(data: bytes, place: int) -> int:
    """Where the line begins that a place is in."""
    return data.rfind(b"\n", 0, place) + 1
