"""What an idiom hands on: an update or a misuse, with the statement it was found in."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tflint_slice.idioms.code import Code
from tflint_slice.model import Misuse, Reason, Rule, UpdateSequence


@dataclass(frozen=True)
class Candidate:
    """One occurrence of an idiom.

    ``node`` is the statement (or expression) that the finding points at. ``message`` says what
    is wrong. ``hindrance`` is a reason, seen by the idiom, against any safe rewrite; ``refusal``
    is one against any rewrite at all. ``reference`` is the statement in NumPy's terms that an
    update is taken to mean, where that is not how it is spelled. ``opt_in`` makes it a finding only
    where the rule is selected by its whole code. ``declined`` is why nothing is to be said of it:
    it is kept all the same, since a fix elsewhere may take that reason away.
    """

    rule: Rule
    node: ast.stmt | ast.expr
    found: UpdateSequence | Misuse
    message: str
    hindrance: Reason | None = None
    refusal: Reason | None = None
    reference: str | None = None
    opt_in: bool = False
    declined: Reason | None = None


Idiom = Callable[[Code], Iterator[Candidate]]
