"""The names of functions and methods that the screens look for, in bytes and in trees."""

from __future__ import annotations

from typing import Final

WRITING: Final = ("assign", "scatter_", "batch_scatter_")
"""How the names begin of methods that write to a variable."""

MASKING: Final = frozenset({"one_hot", "range", "sequence_mask"})
"""Functions that make masks of positions."""

JOINING: Final = frozenset({"concat", "stack", "where"})
"""Functions that put a tensor together of others."""

REBUILDING: Final = MASKING | JOINING | {"IndexedSlices", "pad", "scatter_nd", "to_dense"}
"""Functions by which all of a variable may be made anew to change a part of it."""
