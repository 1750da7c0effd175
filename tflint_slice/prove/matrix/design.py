"""Which programs a matrix consists of: not all combinations, but every pair that may interact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tflint_slice.idioms import FAMILIES
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.prove.matrix import indices, values
from tflint_slice.prove.matrix.indices import Index
from tflint_slice.prove.matrix.receivers import PLAIN, TENSOR, VARIABLES, Receiver
from tflint_slice.prove.matrix.shapes import NUMBERS
from tflint_slice.prove.matrix.values import Value

DTYPE = "float32"
"""What all axes are crossed on."""


@dataclass(frozen=True)
class Case:
    """One program of a matrix, by its place on every axis."""

    code: str
    spelling: Spelling
    receiver: Receiver
    index: Index
    value: Value
    dtype: str

    @property
    def id(self) -> str:
        parts = (self.spelling.name, self.receiver.name, self.index.name, self.value.name)
        return "/".join((*parts, self.dtype))

    @property
    def statements(self) -> str:
        """The update as the program spells it."""
        text = self.spelling.template.format(
            v="{v}",
            index=self.index.text,
            rows=self.index.text,
            value=self.value.text(self.index, self.dtype),
            updates=self.value.text(self.index, self.dtype),
        )
        return text.replace("{v}", self.receiver.text)

    @property
    def fails(self) -> bool:
        """Whether the update raises whatever it is given, so that no run of it can be compared."""
        # A parameter may be of any shape, one that has room for the index among them.
        index_fails = self.index.fails and not self.receiver.annotation
        return index_fails or self.value.fails or self.dtype in self.spelling.lacks

    @property
    def program(self) -> str:
        return self.receiver.program(
            self.statements,
            (*self.index.parameters, *self.value.parameters),
            self.index.shape,
            self.dtype,
            self.index.loop,
        )


def codes() -> tuple[str, ...]:
    """The rules that say how their updates are spelled."""
    return tuple(sorted(_spellings()))


def cases(code: str) -> list[Case]:
    """The matrix of one rule, in a fixed order, every program once."""
    found: dict[str, Case] = {}
    for spelling in _spellings()[code]:
        for receiver, index, value, dtype in _places(spelling):
            if value.text(index, dtype) is not None:
                case = Case(code, spelling, receiver, index, value, dtype)
                found.setdefault(case.id, case)
    return list(found.values())


def _spellings() -> dict[str, tuple[Spelling, ...]]:
    return {
        code: spellings
        for family in FAMILIES
        for code, spellings in getattr(family, "SPELLINGS", {}).items()
    }


_Place = tuple[Receiver, Index, Value, str]


def _places(spelling: Spelling) -> Iterator[_Place]:
    forms, contents = _axes(spelling)
    usual = {index: _usual(spelling, index, contents) for index in forms}
    common = [index for index in forms if index.common]
    typical = [index for index in forms if index.typical]
    breadth = spelling.breadth
    if breadth is Breadth.ONCE:
        yield PLAIN, forms[0], contents[0], DTYPE
        return
    receivers = (*VARIABLES, TENSOR) if spelling.tensors else VARIABLES
    for receiver in (PLAIN,) if breadth is Breadth.OPERATOR else receivers:
        for index in forms if breadth is Breadth.FULL else common:
            yield receiver, index, usual[index], DTYPE
    if breadth is not Breadth.OPERATOR:
        for index in common:
            for value in contents:
                yield PLAIN, index, value, DTYPE
    if breadth is not Breadth.VALUES:
        for dtype in NUMBERS:
            for index in typical if breadth is Breadth.FULL else typical[:1]:
                yield PLAIN, index, usual[index], dtype


def _axes(spelling: Spelling) -> tuple[tuple[Index, ...], tuple[Value, ...]]:
    """The forms of index and value that the template has a place for."""
    if "{index}" in spelling.template:
        return indices.NUMPY, values.NUMPY
    if "{rows}" in spelling.template:
        return indices.SCATTER, values.SCATTER
    return (indices.AS_WRITTEN,), (values.AS_WRITTEN,)


def _usual(spelling: Spelling, index: Index, contents: tuple[Value, ...]) -> Value:
    """The spelling's own form of value, or the least known one that can stand at this index."""
    fitting = [value for value in contents if value.text(index, DTYPE) is not None]
    return next((value for value in fitting if value.name == spelling.value), fitting[-1])
