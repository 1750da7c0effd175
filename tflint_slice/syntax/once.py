"""What is worked out of a tree is kept with it, for all who ask, and goes when the tree goes."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")

_KEPT: Final = "_tflint_slice"
"""The attribute of a tree that holds what is known of it."""


def once(
    function: Callable[Concatenate[ast.Module, _Given], _Answer],
) -> Callable[Concatenate[ast.Module, _Given], _Answer]:
    """Let a function work out its answer once for each tree, and for what else it is given."""

    @wraps(function)
    def remembering(tree: ast.Module, /, *args: _Given.args, **kwargs: _Given.kwargs) -> _Answer:
        kept: dict[object, Any] = tree.__dict__.setdefault(_KEPT, {})
        key = function, args, tuple(kwargs.items())
        if key not in kept:
            kept[key] = function(tree, *args, **kwargs)
        answer: _Answer = kept[key]
        return answer

    return remembering


def forget(tree: ast.Module) -> None:
    """For a tree that others go on using: nothing of it will be asked any more."""
    tree.__dict__.pop(_KEPT, None)
