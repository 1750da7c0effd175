"""The screen of trees for changes of variables, or of copies of them.

A name or attribute may be one if anything that is bound to it leads to what makes variables, by
words alone.
"""

from __future__ import annotations

import ast
from typing import Final

from tflint_slice.infer.layers import WORDS
from tflint_slice.infer.naming import naming_of
from tflint_slice.infer.wording import COPYING, all_words_in, all_words_of
from tflint_slice.syntax.containers import is_collection, is_container
from tflint_slice.syntax.nodes import nodes_of
from tflint_slice.syntax.once import once
from tflint_slice.syntax.rebuilding import known_as, may_rebuild
from tflint_slice.syntax.spots import Write, spots_of

MAKERS: Final = frozenset({"Variable", "add_weight", "add_variable", "get_variable", "get_weights"})


def writes_to_variables(tree: ast.Module) -> bool:
    """Whether a part of what may be a variable, or of a copy of one, is changed."""
    changed = changed_parts(tree)
    copied = changed_copies(tree)
    if not changed and not copied:
        return False
    words = all_words_of(tree)
    variables, copies = known_as(tree, MAKERS | WORDS), known_as(tree, COPYING)
    changed_words = (word for part in changed for word in _words_in(tree, part))
    if not variables.isdisjoint(words.reached(changed_words)):
        return True
    reached = (words.reached(_words_in(tree, part)) for part in copied)
    return any(not variables.isdisjoint(each) and not copies.isdisjoint(each) for each in reached)


@once
def changed_parts(tree: ast.Module) -> tuple[ast.expr, ...]:
    """What may be variables of which a part is changed, by the form of the change."""
    spots = spots_of(tree)
    made = _made_by_calls(tree) if spots.attributes else frozenset()
    found: list[ast.expr] = [part for part in spots.attributes if part.attr in made]
    for write in spots.writes:
        if write.whole is None or _is_sliced(tree, write) or may_rebuild(tree, write.whole):
            found += write.parts
    found += (item.value for item in spots.items)
    return tuple(part for part in found if not is_container(tree, part))


def _made_by_calls(tree: ast.Module) -> frozenset[str]:
    """The attributes that hold what a call in this file makes.

    Of no other it is said that a variable is lost where it is computed from itself.
    """
    nodes = nodes_of(tree)
    made = [node for node in nodes.of(ast.Assign) if isinstance(node.value, ast.Call)]
    targets = [target for node in made for target in node.targets]
    targets += (node.target for node in nodes.of(ast.AnnAssign) if isinstance(node.value, ast.Call))
    return frozenset(target.attr for target in targets if isinstance(target, ast.Attribute))


def changed_copies(tree: ast.Module) -> tuple[ast.expr, ...]:
    """What may be copies of variables that are changed as ndarrays are."""
    return tuple(part for part in spots_of(tree).arrays if not is_container(tree, part))


def _is_sliced(tree: ast.Module, write: Write) -> bool:
    """Whether what is written is an item of anything but a list or a dictionary."""
    return any(
        isinstance(part, ast.Subscript) and not is_collection(tree, part.value)
        for part in write.parts
    )


def _words_in(tree: ast.Module, part: ast.expr) -> set[str]:
    return set(all_words_in(part, naming_of(tree)))
