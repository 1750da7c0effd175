"""Keeps the search for cyclic garbage from going through trees, over and over, while they grow."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

_MANY: Final = 200_000
"""Objects that come to be before they are searched: a large tree has as many."""


def search_rarely() -> None:
    """For processes that do nothing but check files: do not go through what is remembered, at once
    after each of them."""
    gc.set_threshold(_MANY, *gc.get_threshold()[1:])


@cache
def leave_out_what_is_loaded() -> None:
    """For a process that is not ours: let its own searches not go through our modules each time.

    Nothing that is there at the first call is searched again, so that dead cycles go before.
    """
    gc.collect()
    gc.freeze()


@contextmanager
def no_search() -> Iterator[None]:
    """Let nothing be searched for as long as the code inside runs.

    Next to none of what a check of a file leaves behind is in a cycle: what was put off is made up
    for by one search through what is still there.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
