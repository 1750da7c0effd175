"""Whether a name may hold a variable that is made in another file, looked for before inferring.

Names and attributes are followed back through all that is bound to them, by their words alone and
from file to file, until a word that makes variables is met. Nothing is inferred of other modules
but for names that lead to one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from tflint_slice.infer.exports import Import, exports_of, imported, parsed
from tflint_slice.infer.modules import Finder, Stamp, stamp
from tflint_slice.infer.reliance import is_folder, listed, remembered
from tflint_slice.infer.wording import Words, for_good, words_of

_MAKERS: Final = frozenset({"Variable", "add_weight", "add_variable", "get_variable"})
_TENSORS: Final = ("tensorflow", "keras", "tf_keras")


@dataclass(frozen=True)
class Question:
    """What evidence is looked for: how many files away, and of what.

    ``variables``: what makes these is enough. ``tensors``: what an imported module itself has from
    TensorFlow is enough. ``any_attribute``: the attributes that are asked for are those that the
    text does not show. ``constants``: the numbers and strings of an imported module are enough as
    well. ``attributes`` are asked for in other files, of what comes from here.
    """

    depth: int
    variables: bool = True
    tensors: bool = False
    any_attribute: bool = False
    constants: bool = False
    attributes: frozenset[str] = frozenset()


def imports_with_evidence(
    words: Words, finder: Finder, path: str, reached: frozenset[str], question: Question
) -> frozenset[str]:
    """The imports of the file ``path`` among ``reached`` that lead to a variable."""
    if question.depth == 0:
        return frozenset()
    attributes = (reached & words.attributes | question.attributes) - _MAKERS
    return frozenset(
        name
        for name, sources in words.imports.items()
        if (name in reached or name == "*")
        and any(
            _has_evidence(finder, path, each, reached if name == "*" else attributes, question)
            for each in sources
        )
    )


def _has_evidence(
    finder: Finder, path: str, what: Import, others: frozenset[str], question: Question
) -> bool:
    name = None if what.name == "*" else what.name
    found = imported(finder, path, Import(what.level, what.module, name))
    if found is None:
        # The module may get the name in a way that is not followed.
        found = imported(finder, path, Import(what.level, what.module, None))
    if found is None or found.path == path:
        return False
    named = {each for each in (name, found.name) if each is not None}
    return _leads(finder, found.path, others - _MAKERS | named, question)


def _leads(finder: Finder, path: str, seeds: frozenset[str], question: Question) -> bool:
    known = stamp(path)
    words = None if known is None else _words_of_file(path, known)
    if known is None or words is None:
        return False
    exports = exports_of(path) if question.constants else None
    if exports is not None and not seeds.isdisjoint(exports.constants.keys()):
        return True
    if question.any_attribute:
        seeds |= words.attributes.intersection(words.bound)
    return any(
        _leads(finder, module, seeds, question)
        for module in _modules(finder, path, _submodules(path, words, seeds))
    ) or _decides(finder, path, known, seeds, question)


def _modules(finder: Finder, path: str, names: Iterable[str]) -> Iterator[str]:
    found = (finder.submodule(path, name) for name in names)
    return (module for module in found if module is not None)


def _submodules(path: str, words: Words, seeds: frozenset[str]) -> frozenset[str]:
    """The words that may name modules of a package."""
    folder = path if is_folder(path) else os.path.dirname(path)
    if folder != path and os.path.basename(path) != "__init__.py":
        return frozenset()
    names = {name.partition(".")[0] for name in listed(folder)}
    return (seeds & names).difference(words.bound, words.imports, {"__init__"})


@remembered(65_536)
def _decides(
    finder: Finder, path: str, known: Stamp, seeds: frozenset[str], question: Question
) -> bool:
    words = _words_of_file(path, known)
    if words is None or not (question.variables or question.tensors):
        return False
    reached = words.reached(seeds)
    if question.variables and not _MAKERS.isdisjoint(reached):
        return True
    if question.tensors and any(
        each.module.startswith(_TENSORS) and not each.level
        for name in reached.intersection(words.imports)
        for each in words.imports[name]
    ):
        return True
    further = replace(
        question, depth=question.depth - 1, tensors=False, constants=False, attributes=seeds
    )
    return bool(imports_with_evidence(words, finder, path, reached, further))


@remembered(4096)
def _words_of_file(path: str, known: Stamp) -> Words | None:
    tree = parsed(path)
    return None if tree is None else for_good(words_of(tree))


def words_of_file(path: str) -> Words | None:
    """The words of a file of the project."""
    known = stamp(path)
    return None if known is None else _words_of_file(path, known)
