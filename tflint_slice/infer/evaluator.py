"""The evaluator: a forward, flow-sensitive walk over a file that gives each expression a value.

It runs a few times. The first run knows nothing of attributes, closures and local functions, so
it takes them for anything; each later run may use what the one before it found. Every run by
itself is sound, a later one is only sharper. Attributes computed from themselves
(``self.count = (self.count + 1) % n``) would stay unknown that way: of these it is assumed that
they are ints if their other stores are, and a run that does not confirm it is thrown away.

A run is one object, in layers that inherit each other. Each may be read by itself, and uses those
before it: ``namespaces``, ``mutation``, ``expressions``, ``calling``, ``parts``, ``binding``,
``flow``, ``importing``, ``statements``, ``functions``, ``class_bodies``. Where one needs what comes
later, it has a method that knows nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Set
from dataclasses import dataclass

from tflint_slice.infer.class_bodies import ClassBodies
from tflint_slice.infer.classes import NO_DOUBTS, Assumptions, ClassTable, Doubts
from tflint_slice.infer.imports import Imports
from tflint_slice.infer.outline import Outline
from tflint_slice.infer.outlining import outline
from tflint_slice.infer.scopes import Environment, Scope
from tflint_slice.infer.values import UNKNOWN, Value
from tflint_slice.model import Kind

# Facts travel one step a run: from a constant to an attribute, to what a method returns, on.
_ENOUGH_RUNS = 6
_MORE_RUNS = 4
_MOST_RUNS = 16


@dataclass(frozen=True)
class Facts:
    """What is known of every expression of one file, and of the names at module level."""

    values: dict[ast.expr, Value]
    modules: Environment
    classes: ClassTable
    exported: Environment
    """What a name of the module may hold whenever another module asks for it."""
    returns: dict[str, Value]
    used: frozenset[tuple[str, str]]
    """The names of other modules that went into it, each with the module that defines it."""

    def value(self, node: ast.expr) -> Value:
        return self.values.get(node, UNKNOWN)

    def is_stored(self, key: str | None, name: str) -> bool:
        """Whether the class stores the attribute, and so does not compute it as a property."""
        if key is None or self.classes.defines(key, name):
            return False
        return any(name in facts.attributes for facts in self.classes.family(key))

    def qualified_name(self, node: ast.expr) -> str | None:
        """The qualified name of what ``node`` refers to, if it is a known module's member."""
        value = self.value(node)
        return value.name if value.kind is Kind.FUNCTION else None


def infer(
    tree: ast.Module,
    weight_kind: Kind,
    imports: Imports | None = None,
    *,
    place: str = "",
    doubts: Doubts = NO_DOUBTS,
    relevant: Set[ast.AST] | None = None,
) -> Facts:
    """Evaluate a whole file, or of its functions those only that are ``relevant``.

    What others may do to the names in these is not seen then: it shows what may be found, not what
    holds.

    ``weight_kind`` is what ``add_weight`` makes where the base class does not say. ``imports``
    are the modules of its project, ``place`` tells its classes and functions from those of other
    files, and ``doubts`` are what other files do to its classes and names.
    """
    seen = outline(tree, relevant)
    if doubts.names:
        seen.foreign.setdefault(tree, set()).update(doubts.names)
    about = _Setting(imports, place, doubts, relevant)
    known, returns = ClassTable(doubts.attributes), dict[str, Value]()
    closures: dict[ast.AST, Environment] = {}
    assumed: Assumptions = {}
    tried, enough = False, _ENOUGH_RUNS
    number = -1
    while (number := number + 1) < _MOST_RUNS:
        bases = known.bases()
        run = _Run(seen, known, returns, weight_kind, closures, assumed, about)
        run.module(tree)
        failed = {key for key, value in assumed.items() if not run.classes.confirms(key, value)}
        settled = (known.holds_the_same(run.classes), returns, closures) == (
            True,
            run.returns,
            run.summaries,
        )
        if failed:
            # What a failed assumption led to is worth nothing: back to what stood before it.
            kept = {key: value for key, value in assumed.items() if key not in failed}
            assumed = kept if number < enough else {}
            continue
        if number == 1 and settled and imports is None and bases == known.bases():
            # Where this run is given back all that it was given, the next one finds the same.
            number += known.classes == run.classes.classes
        known, returns, closures = run.classes, run.returns, run.summaries
        # What was stored under a confirmed assumption is all that there is to assume.
        assumed = {key: known.attribute(*key) for key in assumed}
        if number > 1 and (settled or number >= enough):
            # Only now it shows which attributes are unknown for nothing but themselves.
            assumed = {} if tried else known.assumptions()
            if not assumed:
                return run.facts(tree)
            tried, enough = True, number + _MORE_RUNS
    run = _Run(seen, ClassTable(doubts.attributes), {}, weight_kind, {}, {}, about)
    run.module(tree)
    return run.facts(tree)


@dataclass(frozen=True)
class _Setting:
    """What a run has from other files, and which functions it goes into; None is all of them."""

    imports: Imports | None
    place: str
    doubts: Doubts
    relevant: Set[ast.AST] | None


class _Run(ClassBodies):
    """One run over one file."""

    def __init__(
        self,
        seen: Outline,
        known: ClassTable,
        returns: dict[str, Value],
        weight_kind: Kind,
        closures: dict[ast.AST, Environment],
        assumed: Assumptions,
        about: _Setting,
    ) -> None:
        super().__init__(seen, known, returns, weight_kind, assumed)
        self.classes = ClassTable(about.doubts.attributes)
        self.imports, self.place = about.imports, about.place
        self.doubted = about.doubts.names
        self.relevant = about.relevant
        self.closures = dict(closures)
        self.summaries: dict[ast.AST, Environment] = {}
        self.module_env: Environment = {}

    def module(self, tree: ast.Module) -> None:
        self.scope = Scope(
            tree,
            bindings=dict.fromkeys(self.doubted, UNKNOWN),
            foreign=self.outline.foreign_names(tree),
        )
        self.block(tree.body)
        module = self.scope
        # Function bodies come last: the names they use are bound by then.
        while self._pending:
            scope, node, key = self._pending.pop(0)
            if self.relevant is None or node in self.relevant:
                self._body(scope, node, key)
        self.scope = module
        self.module_env = module.env
        self._scopes.append(module)
        for scope in self._scopes:
            self.summaries[scope.node] = dict(scope.bindings)

    def facts(self, tree: ast.Module) -> Facts:
        unsure = self.outline.foreign_names(tree)
        exported = {
            name: UNKNOWN if name in unsure else value
            for name, value in self.summaries[tree].items()
        }
        used = frozenset(self.imports.used if self.imports else ())
        return Facts(self.values, self.module_env, self.classes, exported, self.returns, used)
