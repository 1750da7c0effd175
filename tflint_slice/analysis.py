"""One file from its tree to its findings: infer, recognise idioms, choose rewrites, make edits."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Set
from dataclasses import replace
from functools import cached_property
from typing import Protocol

from tflint_slice.edits import Draft, draft_edits, import_place, lost_comments, site_of
from tflint_slice.idioms import FAMILIES
from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, statement_lines
from tflint_slice.idioms.graphs import builds_graphs
from tflint_slice.idioms.usage import dense_reads_and_partial_writes
from tflint_slice.infer.classes import NO_DOUBTS, Doubts
from tflint_slice.infer.elsewhere import doubts
from tflint_slice.infer.evaluator import infer
from tflint_slice.infer.libraries import SWITCHING, replaces_libraries
from tflint_slice.infer.project import Project, project_root, survey, survey_text
from tflint_slice.infer.scopes import bound_names
from tflint_slice.infer.summaries import imports_of, weight_kind
from tflint_slice.model import (
    Applicability,
    Effect,
    Finding,
    Fix,
    Kind,
    Misuse,
    Operand,
    Reason,
    Site,
    Span,
    UpdateSequence,
)
from tflint_slice.rewrites.context import Context, Refused
from tflint_slice.syntax.imported_stores import (
    imports_at_first,
    imports_of_stores,
    telling_imports,
    words_behind,
)
from tflint_slice.syntax.relevance import relevance_of
from tflint_slice.syntax.screen import worth_inferring
from tflint_slice.syntax.source import SourceText
from tflint_slice.timing import Stage, stage


class AnalysisSettings(Protocol):
    """What analysis reads of the settings."""

    @property
    def rewrite(self) -> str | None: ...
    @property
    def distributed(self) -> bool | None: ...
    @property
    def keras(self) -> int | None: ...
    @property
    def min_elements(self) -> int: ...


# Beyond that no person wrote it, and libcst may run out of stack.
_MOST_TEXT = 5_000

_DYNAMIC_NAMES = re.compile(
    r"\b(?:exec|eval|globals|locals|vars)\s*\(|_getframe|f_locals|f_globals|sys\.modules"
    rf"|{SWITCHING}"
)


def analyse(source: SourceText, settings: AnalysisSettings) -> list[Finding]:
    """All findings of one file, in order, the declined ones among them.

    A first look, at the functions that matter, tells of most files that there are none. Reads other
    files of the project where what the file changes may come from them; and if something was found,
    all of those that it imports, and whatever may speak against it.
    """
    with stage(Stage.TREES):
        wanted = imports_of_stores(source.tree, source.path)
        if not wanted and not worth_inferring(source.tree):
            return []
        relevance = relevance_of(source.tree)
        first = imports_at_first(source.tree, source.path, wanted, relevance.words)
    return findings_in(source, settings, first.wanted, first.constant, relevance.functions)


def findings_in(
    source: SourceText,
    settings: AnalysisSettings,
    wanted: frozenset[str],
    constant: frozenset[str] = frozenset(),
    relevant: Set[ast.AST] | None = None,
) -> list[Finding]:
    """All findings of a file, whatever the screens say.

    ``wanted`` are imports that may matter, with ``constant`` ones if only numbers and strings do;
    ``relevant`` are the functions to look at first, without which it is all of them.
    """
    code, candidates = _look(source, settings, wanted, constant=constant, relevant=relevant)
    wanted |= constant
    # What is refused and shown on request only does not rest on what other files do.
    closely = any(not each.opt_in or each.refusal is None for each in candidates)
    with stage(Stage.TREES):
        known = wanted | telling_imports(source.tree, source.path) if closely else wanted
    if candidates and (known != wanted or relevant is not None):
        code, candidates = _look(source, settings, known)
    if candidates and closely:
        named = {code.function(candidate.node) for candidate in candidates}
        asked = words_behind(source.tree, named)
        doubted = doubts(source.tree, code.facts, source.path, asked)
        if doubted:
            code, candidates = _look(source, settings, known, doubted)
    if not candidates:
        return []
    with stage(Stage.REWRITE):
        surroundings = _Surroundings(code, settings)
        findings = [surroundings.finding(candidate) for candidate in candidates]
    return sorted(findings, key=lambda found: (found.span.start, found.rule.code))


def _look(
    source: SourceText,
    settings: AnalysisSettings,
    wanted: frozenset[str],
    doubted: Doubts = NO_DOUBTS,
    constant: frozenset[str] = frozenset(),
    relevant: Set[ast.AST] | None = None,
) -> tuple[Code, list[Candidate]]:
    """What is found with the facts of other files for these imports only."""
    with stage(Stage.INFER):
        imports = imports_of(
            source.tree, source.path, settings.keras, wanted, constant, doubted.imported
        )
        kind = weight_kind(source.text, settings.keras)
        facts = infer(
            source.tree,
            kind,
            imports if wanted or constant else None,
            doubts=doubted,
            relevant=relevant,
        )
        code = Code(source, facts)
    candidates: list[Candidate] = []
    for family in FAMILIES:
        with stage(Stage.IDIOMS, ", ".join(rule.code for rule in family.RULES)):
            candidates += family.find(code)
    return code, candidates


class _Surroundings:
    """What every finding of one file shares."""

    def __init__(self, code: Code, settings: AnalysisSettings) -> None:
        self.code = code
        self.settings = settings
        self._used: dict[tuple[str, ast.AST], list[ast.Name]] = {}
        project = _project(code.source, settings)
        self.base = Context(
            tensorflow=None,
            numpy=None,
            style=settings.rewrite,
            local=settings.distributed is False,
            distributed=project.distributed,
            compiled=project.compiled,
            graph=project.graph or builds_graphs(code),
            catches=code.catches,
            mixed=project.mixed,
            taped=project.taped,
        )
        self.taped = project.taped
        self.dynamic = (
            _DYNAMIC_NAMES.search(code.source.searchable) is not None
            or _patches(code)
            or replaces_libraries(project_root(code.source.path))
        )

    def finding(self, candidate: Candidate) -> Finding:
        source = self.code.source
        span = source.span(candidate.node)
        lines = statement_lines(self.code.statement(candidate.node))
        end = min(span.end, source.line_end(lines[1]))
        blank = Finding(
            candidate.rule,
            candidate.message,
            Span(span.start, end),
            source.location(span.start),
            source.location(end),
            reason=candidate.refusal,
            opt_in=candidate.opt_in,
            lines=lines,
        )
        if candidate.declined is not None:
            return replace(blank, declined=True, reason=candidate.declined)
        size = candidate.found.target.size
        if candidate.rule.economic and size is not None and size < self.settings.min_elements:
            return replace(blank, declined=True, reason=Reason.FEW_ELEMENTS)
        if self._is_shown(candidate.found):
            return replace(blank, reason=candidate.refusal or Reason.NO_REWRITE)
        if isinstance(candidate.found, Misuse):
            refused = candidate.refusal is not None
            return blank if refused else self._mended(candidate, candidate.found, blank)
        return self._rewritten(candidate, candidate.found, blank)

    def _is_shown(self, found: UpdateSequence | Misuse) -> bool:
        """Whether the program may print what would be rewritten."""
        if isinstance(found, Misuse):
            return any(self.code.is_shown(edit.span) for edit in found.edits)
        return found.place is not None and self.code.is_shown(found.place)

    def _mended(self, candidate: Candidate, misuse: Misuse, blank: Finding) -> Finding:
        if lost_comments(self.code, misuse.edits):
            return replace(blank, reason=Reason.COMMENT_INSIDE)
        draft = Draft(misuse.edits, misuse.correction)
        statement = self.code.statement(candidate.node)
        site = site_of(
            self.code,
            [statement],
            draft,
            misuse.target.text,
            reference=misuse.reference,
            modules=self._modules(self._name_of("tensorflow", candidate.node)),
        )
        if misuse.reference is None:
            site = None
        if site is not None and misuse.target.kind is not Kind.UNKNOWN:
            # Where the statement binds the target, its name means a tensor there as well.
            site = _knowing(site, misuse.target)
        site = self._in_reach(site, candidate.hindrance)
        fix = Fix(draft.message, Applicability.UNSAFE, draft.edits, site)
        return replace(blank, fix=fix, reason=candidate.hindrance)

    def _rewritten(self, candidate: Candidate, sequence: UpdateSequence, blank: Finding) -> Finding:
        # libcst is imported with the ladder, so only for files with something to rewrite.
        with stage(Stage.LOAD):
            from tflint_slice.rewrites.ladder import rewrite

        context, imported = self._context(candidate, sequence)
        if len(self._texts(sequence)) > _MOST_TEXT:
            return replace(blank, reason=Reason.NO_REWRITE)
        answer = rewrite(sequence, context)
        if isinstance(answer, Refused) and (answer.silent or candidate.refusal is None):
            return replace(blank, reason=answer.reason, declined=answer.silent)
        if isinstance(answer, Refused) or candidate.refusal is not None:
            return blank
        hindrance = candidate.hindrance or (Reason.NAME_SHADOWED if self.dynamic else None)
        applicability, reason = answer.applicability, answer.reason
        if hindrance is not None:
            applicability, reason = Applicability.UNSAFE, hindrance
        draft = draft_edits(self.code, sequence, answer, imported)
        if draft is None:
            return replace(blank, reason=Reason.COMMENT_INSIDE)
        site = site_of(
            self.code,
            self._statements(candidate, sequence),
            draft,
            sequence.target.text,
            modules=self._modules(context.tensorflow),
            reference=candidate.reference,
            numpy_reference=sequence.effect is Effect.RAISES and candidate.reference is None,
            dead=sequence.temporaries,
        )
        rebinds = sequence.effect is Effect.REBINDS
        if site is not None and (rebinds or candidate.reference is not None):
            # The statements may bind the target, and the reference name one that they do not.
            site = _knowing(site, sequence.target)
        site = self._in_reach(site, reason)
        fix = Fix(draft.message, applicability, draft.edits, site)
        return replace(blank, fix=fix, reason=reason)

    def _in_reach(self, site: Site | None, assumes: Reason | None) -> Site | None:
        """The site with what its surroundings may do to it."""
        if site is None:
            return None
        return replace(
            site,
            assumes=assumes,
            caught=self.base.catches,
            taped=self.taped,
            compiled=self.base.compiled,
            local=self.base.local,
        )

    def _texts(self, sequence: UpdateSequence) -> str:
        assert sequence.place is not None
        spans = [sequence.place, *sequence.statements]
        return "".join(self.code.source.text[span.start : span.end] for span in spans)

    def _statements(self, candidate: Candidate, sequence: UpdateSequence) -> list[ast.stmt]:
        """The statements from the first one that vanishes to the one that new code replaces."""
        last = self.code.statement(candidate.node)
        assert sequence.place is not None
        first = min([span.start for span in sequence.statements] or [sequence.place.start])
        block = self.code.block(last)
        found: list[ast.stmt] = [last]
        for statement in reversed(block[: block.index(last)]):
            if self.code.source.span(statement).start < first:
                break
            found.append(statement)
        return found[::-1]

    def _context(self, candidate: Candidate, sequence: UpdateSequence) -> tuple[Context, bool]:
        """The context of one place, and whether its code needs ``import tensorflow as tf``."""
        reads, writes = dense_reads_and_partial_writes(self.code, sequence.target.text)
        name = self._name_of("tensorflow", candidate.node)
        imported = False
        if name is None and not self._occurs("tf") and import_place(self.code) is not None:
            name, imported = "tf", True
        return (
            replace(
                self.base,
                tensorflow=name,
                numpy=self._name_of("numpy", candidate.node),
                dense_reads=reads,
                partial_writes=writes,
            ),
            imported,
        )

    def _name_of(self, module: str, node: ast.stmt | ast.expr) -> str | None:
        """The name that means ``module`` where ``node`` stands."""
        local = self._local_names(node)
        for name in self._imported_before(node):
            value = self.code.facts.modules.get(name)
            known = value is not None and value.kind is Kind.FUNCTION and value.name == module
            if known and name not in local:
                return name
        for child in self._names_for(module, self.code.function(node)):
            if child.lineno <= node.lineno and not self._rebound_between(child, node):
                return child.id
        return None

    def _names_for(self, module: str, function: ast.AST) -> list[ast.Name]:
        """The uses of names that mean ``module`` in a function."""
        key = module, function
        if key not in self._used:
            self._used[key] = [
                child
                for child in ast.walk(function)
                if isinstance(child, ast.Name)
                and isinstance(child.ctx, ast.Load)
                and self.code.facts.qualified_name(child) == module
            ]
        return self._used[key]

    def _rebound_between(self, name: ast.Name, node: ast.stmt | ast.expr) -> bool:
        """Whether the function binds the name again on the way from one use to the other."""
        return any(
            isinstance(child, ast.Name)
            and child.id == name.id
            and not isinstance(child.ctx, ast.Load)
            and name.lineno <= child.lineno <= node.lineno
            for child in ast.walk(self.code.function(node))
        )

    def _imported_before(self, node: ast.stmt | ast.expr) -> Iterator[str]:
        """Names that the module has surely imported by the time that ``node`` runs."""
        in_function = not isinstance(self.code.function(node), (ast.Module, ast.ClassDef))
        for child in self._imports:
            if in_function or child.lineno < node.lineno:
                yield from (alias.asname or alias.name.split(".")[0] for alias in child.names)

    @cached_property
    def _imports(self) -> list[ast.Import | ast.ImportFrom]:
        return [
            child
            for statement in self.code.source.tree.body
            for child in (statement.body if isinstance(statement, ast.Try) else [statement])
            if isinstance(child, (ast.Import, ast.ImportFrom))
        ]

    def _local_names(self, node: ast.AST) -> set[str]:
        names: set[str] = set()
        owner = self.code.function(node)
        if isinstance(owner, ast.ClassDef):
            names |= bound_names(owner.body)
        for parent in self.code.ancestors(node):
            if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
                names |= bound_names(parent.body)
                names |= {arg.arg for arg in ast.walk(parent.args) if isinstance(arg, ast.arg)}
        return names

    def _occurs(self, name: str) -> bool:
        return re.search(rf"\b{name}\b", self.code.source.searchable) is not None

    def _modules(self, tensorflow: str | None) -> Iterator[tuple[str, str]]:
        known = self._known_modules
        if tensorflow is not None:
            known = {**known, tensorflow: "tensorflow"}
        return iter(sorted(known.items()))

    @cached_property
    def _known_modules(self) -> dict[str, str]:
        seen: dict[str, str] = {}
        for node, value in self.code.facts.values.items():
            known = value.kind is Kind.FUNCTION and value.name and "@" not in value.name
            if isinstance(node, ast.Name) and known and value.name:
                seen.setdefault(node.id, value.name)
        return seen


def _knowing(site: Site, target: Operand) -> Site:
    """The site with what is known of the target."""
    facts = {**dict(site.facts), target.text: target}
    return replace(site, facts=tuple(sorted(facts.items())))


def _project(source: SourceText, settings: AnalysisSettings) -> Project:
    own = survey_text(source.searchable)
    whole = survey(project_root(source.path))
    distributed = own.distributed or whole.distributed
    if settings.distributed is not None:
        distributed = settings.distributed
    return replace(own | whole, distributed=distributed)


def _patches(code: Code) -> bool:
    """Whether the file replaces functions of modules, or methods of variables."""
    if any(_sets_member(code, call) for call in code.all_calls):
        return True
    return any(
        isinstance(node, ast.Attribute)
        and not isinstance(node.ctx, ast.Load)
        and (
            code.facts.qualified_name(node.value) is not None
            or code.value(node.value).kind is Kind.MODULE
            or node.attr in ("assign", "numpy")
            or "scatter" in node.attr
        )
        for node in ast.walk(code.source.tree)
    )


def _sets_member(code: Code, call: ast.Call) -> bool:
    """``setattr(module, ...)`` and ``mock.patch.object(module, ...)``."""
    named = ast.unparse(call.func)
    if not call.args or not (named == "setattr" or named.endswith("patch.object")):
        return False
    replaced = call.args[0]
    return code.facts.qualified_name(replaced) is not None or (
        code.value(replaced).kind is Kind.MODULE
    )
