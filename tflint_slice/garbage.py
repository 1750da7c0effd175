"""Keeps the search for cyclic garbage from going through trees, over and over, while they grow."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
