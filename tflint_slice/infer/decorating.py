"""What a decorator makes of the result of a function."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import Final

from tflint_slice.infer.calls import words
from tflint_slice.infer.values import UNKNOWN, Value, join_all
from tflint_slice.model import Kind


class Role(Enum):
    """``COMPUTED``: the function is called where the attribute of its name is read."""

    KEPT = "the result is what the body returns"
    TRACED = "the body is traced, so that its tensors are returned"
    COMPUTED = "it is a property"
    UNKNOWN = "anything may be returned"


_ROLES: Final = {
    **dict.fromkeys(
        words(
            "tensorflow.Module.with_name_scope builtins.staticmethod builtins.classmethod"
            " typing.override typing_extensions.override typing.final typing.no_type_check"
            " tensorflow.autograph.experimental.do_not_convert"
        ),
        Role.KEPT,
    ),
    "tensorflow.function": Role.TRACED,
    "builtins.property": Role.COMPUTED,
    "functools.cached_property": Role.COMPUTED,
}


def role(decorators: list[ast.expr], value_of: Callable[[ast.expr], Value]) -> Role:
    """What all decorators of a function together make of its result."""
    roles = {_role(decorator, value_of) for decorator in decorators} - {Role.KEPT}
    if not roles:
        return Role.KEPT
    return roles.pop() if len(roles) == 1 else Role.UNKNOWN


def _role(decorator: ast.expr, value_of: Callable[[ast.expr], Value]) -> Role:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    value = value_of(function)
    found = _ROLES.get(value.name or "", Role.UNKNOWN)
    if value.kind is not Kind.FUNCTION or (function is not decorator and found is Role.COMPUTED):
        return Role.UNKNOWN
    return found


def traced(value: Value) -> Value:
    """What a traced function gives for what its body returns."""
    if value.kind in (Kind.TENSOR, Kind.NONE):
        return value
    if value.kind in (Kind.TUPLE, Kind.LIST) and value.items:
        items = tuple(map(traced, value.items))
        return replace(value, items=items, element=join_all(items))
    return UNKNOWN
