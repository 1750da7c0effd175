"""What is searched for through all files of a project, and which files bear on an answer."""

from __future__ import annotations

import os
import re
from typing import Final

from tflint_slice.infer import borrowing, handing, libraries, project, search_path
from tflint_slice.infer.reliance import Question
from tflint_slice.infer.stores import ANY, words_bound

INHERITING: Final = "inheriting"
DEFINING: Final = "defining"
RENAMING: Final = "renaming"
BINDING: Final = "binding"


def inheriting(name: str) -> re.Pattern[bytes]:
    """Classes that may have one of that name as their base, and other names that it gets."""
    word = os.fsencode(re.escape(name))
    return re.compile(
        rb"\bclass\b[^:(]*\((?:[^:)#]|#[^\n]*\n)*\b%b\b|\b%b[ \t]+as\b|=[^=\n(]*\b%b\b"
        % (word, word, word)
    )


def defining(name: str) -> re.Pattern[bytes]:
    """Class statements of that name."""
    return re.compile(rb"\bclass\s+%b\b" % os.fsencode(re.escape(name)))


def renaming(module: str) -> re.Pattern[bytes]:
    """Imports that give a module another name."""
    return re.compile(rb"\b%b[ \t]+as[ \t]+(\w+)" % os.fsencode(re.escape(module)))


_PATTERNS: Final = {INHERITING: inheriting, DEFINING: defining, RENAMING: renaming}


def bears_on(place: str, held: bytes, question: Question) -> bool:
    """Whether a file there that holds these bytes may be a hit of a search through the project."""
    kind, *words = question
    if kind in _PATTERNS:
        return _PATTERNS[kind](words[0]).search(held) is not None
    if kind == BINDING:
        return not words_bound(held).isdisjoint((ANY, *words))
    if kind == borrowing.QUESTION:
        return borrowing.may_borrow(held, *words)
    if kind == handing.QUESTION:
        return handing.may_hand_out(held, *words)
    if kind == libraries.QUESTION:
        return libraries.may_replace(held)
    if kind == search_path.NAMED:
        return search_path.goes_by(place, *words)
    if kind == search_path.EDITED:
        return search_path.edits(held)
    return project.bears_on(held, question)
