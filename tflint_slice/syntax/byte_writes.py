"""Calls that may write a part of something, looked for in the bytes of a source.

All that ``spots`` calls a write has to be found, but for what ``rebuilding`` takes for an
assignment of something whole.
"""

from __future__ import annotations

import re
from typing import Final

from tflint_slice.syntax.byte_layout import Layout, inside_of, sign_before
from tflint_slice.syntax.byte_names import BEGINS, any_of, imports_any
from tflint_slice.syntax.vocabulary import REBUILDING, WRITING

_METHOD: Final = re.compile(rb"\.\s*(%b)\w*[ \t\f]*" % any_of(WRITING))
_WRITER: Final = re.compile(BEGINS + any_of(WRITING))
_REBUILDING: Final = re.compile(BEGINS + any_of(REBUILDING) + rb"\b")


def may_write(data: bytes, layout: Layout) -> bool:
    """Whether anything may write to a part of a variable by a method, or a function."""
    if b"scatter_nd" in data:
        return True
    if b"assign" not in data and b"scatter_" not in data:
        return False
    if imports_any(data, _WRITER):
        return True
    calls = [*_METHOD.finditer(data)]
    if not all(_assigns(data, call) for call in calls):
        return True
    if calls and (_REBUILDING.search(data) or b"getattr" in data):
        return True
    return any(_may_be_by_parts(layout, call) for call in calls)


def _assigns(data: bytes, call: re.Match[bytes]) -> bool:
    """Whether it is a call that assigns to all of what has a name."""
    called = data[call.end() : call.end() + 1] == b"("
    return call.group(1) == b"assign" and called and sign_before(data, call.start()) not in b")]"


def _may_be_by_parts(layout: Layout, call: re.Match[bytes]) -> bool:
    """Whether a loop may write one part after the other, or the call is given a part, or a list."""
    given = inside_of(layout.data, call.end())
    listed = b"[" in given and (b"," in given or b"for" in given)
    return listed or layout.may_loop(call.start())
