"""Names bound to what functions make of them, looked for in the bytes of a source.

What ``tensor_rebuilds`` finds in a tree has to be found here, whatever the names stand for.
"""

from __future__ import annotations

import re
from typing import Final

from tflint_slice.syntax.byte_layout import (
    Layout,
    begun_before,
    line_of,
    rest_of,
    sign_before,
    sign_behind,
)
from tflint_slice.syntax.byte_names import BEGINS, ENDS, NAME, any_of, imports_any, whole
from tflint_slice.syntax.vocabulary import JOINING, MASKING

_GAP: Final = rb"[\s)\]]*"
_PATH: Final = rb"(?:" + NAME + rb"\s*\.\s*)*"
_FUNCTION: Final = re.compile(
    b"|".join(
        whole(name) + rb"(?!(?<=\w\.%b)[ \t\f]*\()" % name.encode() for name in sorted(JOINING)
    )
)
"""But for plain calls of what belongs to a name, which nearly all of them are."""
_MADE: Final = re.compile(rb"=(?!=)[\s(]*" + _PATH + rb"(" + any_of(JOINING) + rb")\s*\(")
_CONCAT: Final = re.compile(rb"\bconcat\b")
"""Where that is imported, any expression may call it by another name."""
_ASSIGNED: Final = re.compile(rb"=[\s(]*\Z")
_CALLED: Final = re.compile(rb"[ \t\f]*\(")
_RENAMED: Final = re.compile(rb"\s+as\b")
_BOUND: Final = re.compile(rb"(" + NAME + rb")" + _GAP + rb"(?::[^\n=]*)?\Z")
_TARGET: Final = re.compile(rb"(" + NAME + rb")" + _GAP + rb"=")
_WORDS: Final = tuple(name.encode() for name in JOINING)
_MASKING: Final = re.compile(BEGINS + any_of(MASKING) + rb"\b")


def may_rebuild(data: bytes, layout: Layout) -> bool:
    """Whether anything may be bound to what is put together of its own pieces, or grows so."""
    if not any(name in data for name in _WORDS):
        return False
    if imports_any(data, _CONCAT):
        return True
    if any(_is_otherwise_called(data, found) for found in _FUNCTION.finditer(data)):
        return True
    return any(_is_made_of_itself(layout, found) for found in _MADE.finditer(data))


def _is_otherwise_called(data: bytes, found: re.Match[bytes]) -> bool:
    """Whether a function may get another name, or is one of what a call answers with."""
    start, end = found.span()
    before, after = sign_before(data, start), sign_behind(data, end)
    # A bracket on the next line may begin another statement.
    called = _CALLED.match(data, end) is not None
    if before == b".":
        owner = sign_before(data, data.rindex(b".", 0, start))
        return owner in b")]" or not (called or after == b"=")
    if called:
        return False
    renamed = _RENAMED.match(data, end) or _ASSIGNED.search(data, max(0, start - 100), start)
    return renamed is not None


def _is_made_of_itself(layout: Layout, found: re.Match[bytes]) -> bool:
    """Whether most of what is bound may be kept, or it may grow in a loop."""
    data, sign, function = layout.data, found.start(), found.group(1)
    rest, line = rest_of(data, sign + 1), line_of(data, sign)
    bound = _BOUND.search(data, line, sign)
    if rest is None:
        return False
    if bound is None or begun_before(data, line, sign):
        return True
    names = any_of({bound.group(1), *_TARGET.findall(data, line, sign + 1)})
    if not re.search(BEGINS + names + ENDS, rest):
        return False
    if function == b"where":
        return _MASKING.search(data) is not None or b"getattr" in data
    if b"for" in rest or re.search(BEGINS + names + rb"[\s)]*\[", rest):
        return True
    joined = function == b"concat" and re.search(BEGINS + names + rb"[\s)]*[,\])]", rest)
    return bool(joined) and layout.may_loop(sign)
