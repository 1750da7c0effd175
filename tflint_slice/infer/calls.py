"""How a call is bound to a row of the API table: a signature and the rule for its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tflint_slice.infer.values import UNKNOWN, Value, sequence
from tflint_slice.model import Kind


@dataclass(frozen=True)
class Arguments:
    """The arguments of a call by the name of their parameter."""

    values: Mapping[str, Value]

    def __getitem__(self, name: str) -> Value:
        return self.values.get(name, UNKNOWN)

    def given(self, name: str) -> Value | None:
        """An argument, or None where it is left out or certainly None."""
        value = self.values.get(name)
        return None if value is None or value.kind is Kind.NONE else value

    def truth(self, name: str, default: bool) -> bool | None:
        """A constant truth, or None if it is unknown."""
        value = self.given(name)
        if value is None:
            return default
        return bool(value.const) if value.kind is Kind.BOOL and value.has_const else None


Rule = Callable[[Arguments], Value]
Table = dict[str, tuple[str, Rule]]
"""Qualified name to the names of the parameters and the rule."""


def bind(signature: str, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Arguments | None:
    """Arguments by name, or None if they do not fit.

    A signature is the names of the parameters in order; ``*name`` takes all further positional
    arguments; what comes after a ``|`` is given by name only.

    >>> bind("shape dtype", (UNKNOWN,), {"dtype": UNKNOWN}).values.keys()
    dict_keys(['shape', 'dtype'])
    """
    positional, _, named_only = signature.partition("|")
    names = positional.split()
    values: dict[str, Value] = {}
    if names and names[-1].startswith("*"):
        rest = names.pop()[1:]
        values[rest] = sequence(Kind.TUPLE, args[len(names) :])
        args = args[: len(names)]
    if len(args) > len(names):
        return None
    values.update(zip(names, args, strict=False))
    allowed = {*names, *named_only.split()}
    if not allowed >= kwargs.keys() or values.keys() & kwargs.keys():
        return None
    return Arguments({**values, **kwargs})


def words(text: str) -> frozenset[str]:
    """The names in a text."""
    return frozenset(text.split())


def rows(signature: str, rule: Rule, *names: str) -> Table:
    """Rows of several functions of one signature; the names may be separated by spaces."""
    return {name: (signature, rule) for group in names for name in group.split()}
