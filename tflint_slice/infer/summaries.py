"""Summaries of the modules of a project, made when a file asks for one, and kept by the process.

A module is inferred with its own imports known to a depth that is one less than that of who asks;
at depth 0 they are unknown. So cycles end, and no answer depends on what was asked before.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from tflint_slice.infer.classes import ClassFacts
from tflint_slice.infer.evaluator import Facts, infer
from tflint_slice.infer.evidence import Question, imports_with_evidence, words_of_file
from tflint_slice.infer.exports import parsed
from tflint_slice.infer.imports import Imports, Summary, rebound_attributes
from tflint_slice.infer.modules import Finder, Stamp, stamp
from tflint_slice.infer.project import read
from tflint_slice.infer.reliance import remembered
from tflint_slice.infer.values import UNKNOWN, Value, without_contents, without_symbols
from tflint_slice.model import Kind

DEPTH: Final = 2
"""How many files away from the one under check facts may come from, beside mere re-exports."""


def imports_of(
    tree: ast.Module,
    path: str,
    keras: int | None,
    wanted: frozenset[str],
    constant: frozenset[str] = frozenset(),
    doubted: frozenset[tuple[str, str]] = frozenset(),
) -> Imports:
    """The imports of a file under check; ``path`` need not exist.

    Only ``wanted`` names are looked up, ``constant`` ones in so far as they are numbers or strings,
    and nothing is said of ``doubted`` ones.
    """
    imports = _imports(tree, os.path.realpath(path), DEPTH, keras, Finder.of(path), wanted)
    return replace(imports, constant=constant, doubted=doubted)


def weight_kind(text: str, keras: int | None) -> Kind:
    """What ``add_weight`` makes in a file where the base class does not say."""
    if keras == 2 or (keras is None and "tf_keras" in text):
        return Kind.KERAS2_WEIGHT
    return Kind.KERAS3_VARIABLE


def _imports(
    tree: ast.Module,
    path: str,
    depth: int,
    keras: int | None,
    finder: Finder,
    wanted: frozenset[str],
) -> Imports:
    summary_of = partial(_summary_of, depth=depth - 1, keras=keras, finder=finder)
    return Imports(finder, path, summary_of, wanted, rebound_attributes(tree))


def _summary_of(path: str, *, depth: int, keras: int | None, finder: Finder) -> Summary | None:
    known = stamp(path)
    return None if known is None else _summary(path, known, depth, keras, finder)


@remembered(4096)
def _summary(
    path: str, known: Stamp, depth: int, keras: int | None, finder: Finder
) -> Summary | None:
    words = words_of_file(path)
    if words is None:
        return None
    wanted = imports_with_evidence(
        words, finder, path, words.reached(words.bound), Question(depth, any_attribute=True)
    )
    # Without imports it does not matter how far they would be followed.
    return _inferred(path, known, wanted, depth if wanted else 0, keras, finder)


@remembered(4096)
def _inferred(
    path: str, known: Stamp, wanted: frozenset[str], depth: int, keras: int | None, finder: Finder
) -> Summary | None:
    """None for a file that cannot be parsed, or is too deeply nested to evaluate."""
    tree = parsed(path)
    if tree is None:
        return None
    kind = weight_kind("tf_keras" if b"tf_keras" in read(path) else "", keras)
    imports = None
    if wanted:
        imports = _imports(tree, path, depth, keras, finder, wanted)
    try:
        facts = infer(tree, kind, imports, place=f"@{finder.place(path)}")
    except RecursionError:
        return None
    return _summarised(facts)


def _summarised(facts: Facts) -> Summary:
    classes = facts.classes.classes

    def all_exported(values: Mapping[str, Value]) -> dict[str, Value]:
        return {name: _exported(value, classes) for name, value in values.items()}

    return Summary(
        all_exported(facts.exported),
        {
            key: replace(
                each,
                node=_without_body(each),
                attributes=all_exported(each.attributes),
                independent=all_exported(each.independent),
            )
            for key, each in classes.items()
        },
        all_exported(facts.returns),
        facts.used,
    )


def _exported(value: Value, classes: Mapping[str, ClassFacts]) -> Value:
    """The value as other files may rely on it: they may change what is in a list or an ndarray."""
    if value.kind in (Kind.CLASS, Kind.INSTANCE) and value.name not in classes:
        return UNKNOWN
    value = without_contents(without_symbols(value), nested=False, reshaped=True)
    if value.items is None and value.element is None:
        return value
    return replace(
        value,
        items=None
        if value.items is None
        else tuple(_exported(item, classes) for item in value.items),
        element=None if value.element is None else _exported(value.element, classes),
    )


def _without_body(facts: ClassFacts) -> ast.ClassDef:
    """A class statement that keeps no tree alive.

    It has a base more than is known, so that nobody takes the class to be wholly in view.
    """
    bases: list[ast.expr] = [ast.Constant(None) for _ in range(len(facts.bases) + 1)]
    return ast.ClassDef(name=facts.node.name, bases=bases, keywords=[], body=[], decorator_list=[])
