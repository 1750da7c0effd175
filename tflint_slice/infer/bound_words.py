"""The names that source may bind as attributes, by its bytes: more than its tree then shows."""

from __future__ import annotations

import os
import re
from typing import Final

from tflint_slice.infer.stores import ANY, WHOLE

_STORED: Final = re.compile(
    rb"\.[\s\\]*([\w\x80-\xff]+)[\s\\]*(?:[-+*/%&|^@<>]{0,3}=(?!=)|[],:)#]|in\b)"
)
_HEADER: Final = re.compile(
    rb"\n[ \t]*class[ \t]+[\w\x80-\xff]+[ \t]*\([^()\[\]{}:;#\"\']*\)[ \t]*:"
)
"""``class A(module.B):``, which binds no attributes, and looks as if it might."""
# Of all that a pattern may begin with, plain text is found fastest, by far: one for each text.
_DELETED: Final = re.compile(rb"del(?<!\wdel)\b[^\n]*")
# Each word is read once, whatever follows.
_QUOTED: Final = re.compile(rb"([\w\x80-\xff]+)([\"\']|[ \t]*=(?!=))?")
_PATCHING: Final = re.compile(rb"patch(?<!\wpatch)\b")
_MOCK: Final = re.compile(rb"mock(?<!\wmock)")
_MAKING: Final = re.compile(rb"type(?<!\wtype)\s*\([^()]*(?:\([^()]*\)[^()]*)*,")
_NESTED: Final = re.compile(
    rb"\n[ \t]+class[ \t]+[\w\x80-\xff]+[ \t]*(?:\[[^\]]*\][ \t]*)?\(([^)]*)\)"
)
_DEFINED: Final = re.compile(rb"\bdef[ \t]+([\w\x80-\xff]+)|\n[ \t]+([\w\x80-\xff]+)[ \t]*[:=]")
_VARS: Final = re.compile(rb"vars(?<!\wvars)\b")
_WORD: Final = re.compile(rb"[\w\x80-\xff]+")


def words_bound(data: bytes) -> frozenset[str]:
    """The names that source may bind as attributes; ``ANY`` where it does not show which."""
    found = set(_STORED.findall(_HEADER.sub(b"\n", data)))
    for line in _DELETED.findall(data):
        found.update(_WORD.findall(line))
    making = _has(data, b"new_class", b"make_dataclass") or _MAKING.search(data) is not None
    setting = _has(data, b"setattr", b"delattr")
    if making or setting or _has(data, b"monkeypatch") or _replaces(data):
        found.update(word for word, quoted in _QUOTED.findall(data) if quoted)
    if any(_may_be_given(base, data) for base in _bases_of_nested(data)):
        found.update(word for words in _DEFINED.findall(data) for word in words if word)
    stored = set(map(os.fsdecode, found))
    unseen = making or setting or _has(data, b"__dict__", b"__class__")
    unseen = unseen or not WHOLE.isdisjoint(stored) or _VARS.search(data) is not None
    return frozenset(stored | {ANY} if unseen else stored)


def _replaces(data: bytes) -> bool:
    return _PATCHING.search(data) is not None or _MOCK.search(data) is not None


def _has(data: bytes, *words: bytes) -> bool:
    return any(word in data for word in words)


def _bases_of_nested(data: bytes) -> set[bytes]:
    return {base for bases in _NESTED.findall(data) for base in _WORD.findall(bases)}


def _may_be_given(name: bytes, data: bytes) -> bool:
    """Whether it may be a parameter, or the target of a loop."""
    return re.search(rb"[(,*\s]%b\s*[,:=)]|\bfor\b[^\n]*\b%b\b" % (name, name), data) is not None
