"""Lends variables the item assignment that they do not have, in the places where a fix gives it.

There the original always raises, and what the fixed program is compared with is what NumPy does.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np


@dataclass
class Lending:
    """Gives ``v[index] = value`` its meaning in NumPy, in the ``rows`` of the file ``path`` alone.

    ``refused`` becomes true when that was wanted in a function that is traced.
    """

    path: str
    rows: frozenset[int]
    refused: bool = False

    def prepare(self, library: ModuleType) -> None:
        """To be called with ``tensorflow``, or with ``keras``, when it has been imported."""
        if self.rows and not hasattr(library.Variable, "__setitem__"):

            def set_item(variable: Any, index: Any, value: Any) -> None:
                self._assign(variable, index, value)

            library.Variable.__setitem__ = set_item

    def _assign(self, variable: Any, index: Any, value: Any) -> None:
        frame = sys._getframe(2)
        lent = frame.f_code.co_filename == self.path and frame.f_lineno in self.rows
        eager = sys.modules["tensorflow"].executing_eagerly()
        if not lent or not eager:
            # By AutoGraph it is done from elsewhere.
            self.refused |= not eager
            name = type(variable).__name__
            raise TypeError(f"'{name}' object does not support item assignment")
        array = np.array(variable.numpy())
        array[_plain(index)] = _plain(value)
        variable.assign(array)


def _plain(value: Any) -> Any:
    """Tensors and variables as arrays, also inside of an index or a list."""
    if isinstance(value, (tuple, list)):
        return type(value)(map(_plain, value))
    return value.numpy() if hasattr(value, "numpy") else value
