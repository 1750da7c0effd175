"""The places of a source that may change a part of something, looked for in its bytes.

What ``spots`` and ``tensor_rebuilds`` find in a tree has to be found here too, however it is laid
out. To parse a file takes ten times as long.
"""

from __future__ import annotations

import re
from typing import Final

from tflint_slice.syntax.byte_layout import (
    Layout,
    begun_before,
    blanked,
    inside_of,
    is_cut,
    line_of,
    opening,
    outside_brackets,
    rest_of,
)
from tflint_slice.syntax.byte_names import BEGINS, ENDS, NAME, any_of, imports_any
from tflint_slice.syntax.byte_rebuilds import may_rebuild
from tflint_slice.syntax.byte_writes import may_write

_GAP: Final = rb"[\s)\]]*"
_OPERATOR: Final = rb"(?:[-+*/%@&|^]|//|\*\*|<<|>>)"
_BINDS: Final = rb"(?<![!<>=])=(?!=)"

_CHANGING: Final = re.compile(
    rb"(?:copyto|fill_diagonal|putmask|itemset|partition)\b|\.\s*(?:fill|sort|put|place|at)\b"
)
_CHANGING_NAME: Final = re.compile(BEGINS + any_of(("fill", "sort", "put", "place", "at")) + ENDS)
_COPYING: Final = re.compile(
    rb"\.\s*numpy\b|get_value|get_weights|convert_to_numpy|array|copy(?<!\wcopy)\b"
)
_ITEM: Final = re.compile(rb"\]" + _GAP + _OPERATOR + rb"?=(?!=)")
_KEY: Final = re.compile(rb"\s*(?:(?:[rbfuRBFU]{0,2}''\s*)+|str\s*(?=\())")
_ADDED: Final = re.compile(rb"\s*(?:[+%][\w\x80-\xff\s.+%()\[\]']*)?\Z")
_LOOSER: Final = re.compile(rb"\b(?:and|await|else|for|if|in|is|lambda|not|or)\b")
_ANNOTATED: Final = re.compile(rb":[\w\x80-\xff\s.|]+\Z")
_COMPOUND: Final = re.compile(
    rb"\s*(?:if|elif|else|for|while|with|try|except|finally|class|match|case|async)\b"
)
_AMONG_OTHERS: Final = re.compile(rb"\](?=([ \t\f)\]]*[,:][^\n=]*" + _BINDS + rb"))")
_DISPLAYED: Final = re.compile(rb"(?:\A|[=:;,])\s*[(\[*]")
_BEGUN_BEFORE: Final = re.compile(rb"[)\]](?=(" + _GAP + rb",[^\n=]*" + _BINDS + rb"))")
_NO_TARGET: Final = re.compile(rb"\s*(?:return|assert|raise|yield)\b[^;]*\Z")
_IN_BRACKETS: Final = re.compile(rb"\)[\s)]*" + _BINDS)
_OF_A_LOOP: Final = re.compile(rb"for(?<!\wfor)\b(?:(?!\bin\b)[^\[])*\[")
_OF_WITH: Final = re.compile(rb"as(?<!\was)\b\s*(?:[^\n:]*|\([^:]*)\[")
_DELETED: Final = re.compile(rb"del(?<!\wdel)\b")
_CHANGED: Final = re.compile(rb"\]\s*\)" + _GAP + _OPERATOR + rb"=")
_TOLD: Final = re.compile(rb"\](?:\s*\))*[ \t\f]*:")
_AUGMENTED: Final = re.compile(rb"\.\s*" + NAME + _GAP + _OPERATOR + rb"=")
_ATTRIBUTE: Final = re.compile(rb"\.\s*(" + NAME + rb")" + _GAP + rb"=(?!=)")
_SUBSCRIPTED: Final = re.compile(rb"[\w\x80-\xff)\]}']\s*\Z")
_IN_PARENTHESES: Final = re.compile(rb"(?:\A|=)\s*\(")
_ARITHMETIC: Final = re.compile(rb"[-+*/%@&|^<>]")


def may_change_parts(data: bytes) -> bool:
    """Whether anything in the source has the form of such a change."""
    data = blanked(data)
    layout = Layout(data)
    return (
        is_cut(data)
        or may_write(data, layout)
        or any(_may_be_item(data, found) for found in _ITEM.finditer(data))
        or _AUGMENTED.search(data) is not None
        or _CHANGED.search(data) is not None
        or any(_is_told(data, found.end()) for found in _TOLD.finditer(data))
        or any(
            _may_be_target(data, found.start()) and rest_of(data, found.end(1)) is not None
            for found in _AMONG_OTHERS.finditer(data)
        )
        or any(_ends_targets(data, found) for found in _BEGUN_BEFORE.finditer(data))
        or any(_holds_item(data, found) for found in _IN_BRACKETS.finditer(data))
        or _OF_A_LOOP.search(data) is not None
        or _OF_WITH.search(data) is not None
        or any(_deletes_item(data, found) for found in _DELETED.finditer(data))
        or any(_is_recomputed(data, found) for found in _ATTRIBUTE.finditer(data))
        or may_rebuild(data, layout)
        or (_COPYING.search(data) is not None and _may_change_arrays(data))
    )


def _may_change_arrays(data: bytes) -> bool:
    """Whether anything has the name of what changes an ndarray, or is imported by it."""
    return _CHANGING.search(data) is not None or imports_any(data, _CHANGING_NAME)


def _may_be_item(data: bytes, found: re.Match[bytes]) -> bool:
    """Whether what is bound may be an item, and of no dictionary.

    Of several brackets the outermost decides; it may hold a list of targets.
    """
    end = found.start() + found.group().rindex(b"]")
    start = opening(data, end)
    if start is None:
        return True
    before = data[line_of(data, start) : start]
    if _may_follow_others(data, start, found.end()):
        return True
    if not _SUBSCRIPTED.search(before):
        return b"]" in data[start:end]
    return not _is_key(data[start + 1 : end]) and not _is_annotation(before)


def _is_key(index: bytes) -> bool:
    """Whether it is a string, or what is added to one: then the receiver is a dictionary."""
    key = _KEY.match(index)
    if key is None:
        return False
    rest = index[key.end() :]
    if rest.startswith(b"("):
        rest = rest[len(inside_of(rest, 0)) + 2 :]
    return _ADDED.match(rest) is not None and _LOOSER.search(rest) is None


def _is_annotation(before: bytes) -> bool:
    """``name: List[int] = ...``, or a parameter; but ``def f(): x[0] = ...`` is none of these."""
    note = _ANNOTATED.search(before)
    if note is None or _COMPOUND.match(before):
        return False
    noted = before[: note.start()].rstrip()
    if noted.count(b"]") > noted.count(b"["):
        return False
    depth = _depth(noted)
    return depth > 0 or (depth == 0 and b"def" not in before)


def _may_be_target(data: bytes, end: int) -> bool:
    """Whether what the bracket at ``end`` closes may be an item that is bound with others."""
    start = opening(data, end)
    if start is None:
        return True
    before = data[line_of(data, start) : start]
    if not _SUBSCRIPTED.search(before) or _NO_TARGET.match(before):
        return False
    if _is_key(data[start + 1 : end]):
        return False
    inside = _depth(before) > 0 or before.count(b"[") > before.count(b"]")
    return _DISPLAYED.search(before) is not None or not inside


def _ends_targets(data: bytes, found: re.Match[bytes]) -> bool:
    """Whether targets that are bound began on a line before."""
    if b"=" in data[line_of(data, found.start()) : found.start()]:
        return False
    end = found.end(1)
    return begun_before(data, line_of(data, end), end) and rest_of(data, end) is not None


def _holds_item(data: bytes, found: re.Match[bytes]) -> bool:
    """Whether there may be an item in the outermost of some parentheses, or before it."""
    end = found.start() + found.group().rindex(b")")
    start = opening(data, end)
    if start is None or _may_follow_others(data, start, found.end()):
        return True
    return b"]" in data[line_of(data, start) : end]


def _may_follow_others(data: bytes, start: int, end: int) -> bool:
    """Whether an item may stand before what is bound, on another line than the sign is."""
    before = data[line_of(data, start) : start]
    return b"\n" in data[start:end] and (b"]" in before or b")" in before)


def _deletes_item(data: bytes, found: re.Match[bytes]) -> bool:
    rest = rest_of(data, found.end()) or b""
    for end in (each.start() for each in re.finditer(rb"\]", rest)):
        start = opening(rest, end)
        if start is None or not _is_key(rest[start + 1 : end]):
            return True
    return False


def _is_recomputed(data: bytes, found: re.Match[bytes]) -> bool:
    """Whether an attribute that a statement binds is computed from itself."""
    name, rest = found.group(1), rest_of(data, found.end())
    if rest is None or name not in rest:
        return False
    outside = rest if _IN_PARENTHESES.search(rest) else outside_brackets(rest)
    if not _ARITHMETIC.search(outside):
        return False
    return re.search(rb"\.\s*%b%b" % (name, ENDS), rest) is not None


def _is_told(data: bytes, start: int) -> bool:
    """Whether a value comes behind the annotation that may begin there, on whatever line."""
    rest = rest_of(data, start)
    return rest is not None and re.search(_BINDS, outside_brackets(rest)) is not None


def _depth(text: bytes) -> int:
    return text.count(b"(") + text.count(b"{") - text.count(b")") - text.count(b"}")
