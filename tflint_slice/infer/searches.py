"""What is searched for through all files of a project, and which files bear on an answer."""

from __future__ import annotations

import os
import re

from tflint_slice.infer import borrowing, handing, libraries, project, search_path
from tflint_slice.infer.concordance import BINDING, ROLES, words
from tflint_slice.infer.reliance import Question
from tflint_slice.infer.stores import ANY


def renaming(module: str) -> re.Pattern[bytes]:
    """Imports that give a module another name."""
    return re.compile(rb"\b%b[ \t]+as[ \t]+([\w\x80-\xff]+)" % os.fsencode(re.escape(module)))


def bears_on(place: str, held: bytes, question: Question) -> bool:
    """Whether a file there that holds these bytes may be a hit of a search through the project."""
    kind, *sought = question
    if kind in ROLES:
        wanted = {ANY, *sought} if kind == BINDING else sought
        return not words(held, kind).isdisjoint(map(os.fsencode, wanted))
    if kind == borrowing.QUESTION:
        return borrowing.bears_on(held, *borrowing.from_words(sought))
    if kind == handing.QUESTION:
        return handing.may_hand_out(held, *sought)
    if kind == libraries.QUESTION:
        return libraries.may_replace(held)
    if kind == search_path.NAMED:
        return search_path.goes_by(place, *sought)
    if kind == search_path.EDITED:
        return search_path.edits(held)
    if kind == search_path.REPLACED:
        return search_path.replaces(held, *sought)
    return project.bears_on(held, question)
