"""The screens: a look at a file's bytes, and one at its tree, that spare most files the rest.

They may let a file through in vain; they must never stop one in which analysis would find
something.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from tflint_slice.files.reading import folded
from tflint_slice.infer.modules import leads_to_tensorflow
from tflint_slice.infer.naming import naming_of
from tflint_slice.infer.wording import words_in, words_of
from tflint_slice.syntax.nodes import Nodes, nodes_of, walk
from tflint_slice.syntax.tensor_stores import ROOTS, may_store_into_tensors
from tflint_slice.timing import Stage, timed

# All evidence starts at an import of one of these, and their names are spelled out in the file.
_ROOT = re.compile(rb"tensorflow|keras")

# Every rule is about a scatter call, about a receiver that one of these words made a variable or
# that is a weight of a layer, about a tensor joined with itself or chosen from, or about an item.
_EVIDENCE = re.compile(
    rb"scatter_nd|Variable|add_weight|add_variable|get_variable|assign|concat|where|\["
)

# A file that imports what it changes stores to an item or an attribute, or calls a method.
_STORE = re.compile(rb"scatter|assign|\[|[-+*/%&|^@>]=")

_JOINERS = frozenset({"concat", "stack"})
_REBUILDERS = _JOINERS | {"where"}
_MASKS = frozenset({"range", "one_hot", "sequence_mask"})

# Comments that name our codes, or us, may be out of date wherever they stand.
_SUPPRESSION = re.compile(rb"(?i:noqa)[^\r\n]*(?:TFS|tfs)|tflint-slice:")
_SUPPRESSED = (b"TFS", b"tfs", b"tflint-slice:")


@timed(Stage.BYTES)
def worth_parsing(data: bytes, path: str | None = None) -> bool:
    """Whether the source in ``data`` (encoded as it is on disk) can hold a finding.

    What it imports from its project may bring the evidence; ``path`` says where it lies, if
    there is such a place.
    """
    if _ROOT.search(data) and _EVIDENCE.search(data):
        return True
    if any(word in data for word in _SUPPRESSED) and _SUPPRESSION.search(data):
        return True
    try:
        data = folded(data)
    except UnicodeDecodeError:
        return True
    if _ROOT.search(data) and _EVIDENCE.search(data):
        return True
    if path is None or _STORE.search(data) is None:
        return False
    return leads_to_tensorflow(data, path)


def worth_inferring(tree: ast.Module) -> bool:
    """Whether anything in the tree has the form that some rule is about.

    These are calls of scatter functions by whatever name they are imported; changes of a part of
    what may be a variable, a copy of one, or a tensor; and names bound to what a function that puts
    tensors together makes of them.
    """
    # Imported here: most runs see no tree at all.
    from tflint_slice.syntax.variable_stores import MAKERS, writes_to_variables

    nodes = nodes_of(tree)
    words = {node.attr for node in nodes.of(ast.Attribute)}
    if not _imports_tensorflow(nodes) and MAKERS.isdisjoint(words):
        # ``self.add_weight`` is taken at its word; all else is known by where it is imported from.
        return False
    imported = nodes.of(ast.alias)
    if any("scatter_nd" in word for word in (*words, *(alias.name for alias in imported))):
        return True
    return writes_to_variables(tree) or may_store_into_tensors(tree) or _rebuilds(tree)


def _imports_tensorflow(nodes: Nodes) -> bool:
    return any(
        alias.name.partition(".")[0] in ROOTS
        for node in nodes.of(ast.Import)
        for alias in node.names
    ) or any(
        not node.level and (node.module or "").partition(".")[0] in ROOTS
        for node in nodes.of(ast.ImportFrom)
    )


def _rebuilds(tree: ast.Module) -> bool:
    """Whether a name is bound to what puts its own pieces together, or to more of it in a loop.

    Pieces are ``t[:i]`` or rows that a comprehension makes; a choice by a mask may be one where
    masks of positions are made.
    """
    nodes = nodes_of(tree)
    called = _names_of_rebuilders(nodes)
    rebuilt = [(node, _rebuilt_by(node, called)) for node in nodes.of(ast.Assign)]
    joined = [node for node, function in rebuilt if function in _JOINERS]
    chosen = [node for node, function in rebuilt if function == "where"]
    if joined:
        loops: list[ast.For | ast.AsyncFor | ast.While]
        loops = [*nodes.of(ast.For), *nodes.of(ast.AsyncFor), *nodes.of(ast.While)]
        inside = {part for loop in loops for statement in loop.body for part in walk(statement)}
        joined = [
            node for node in joined if node in inside or any(map(_is_piece, walk(node.value)))
        ]
    if chosen and not (
        any(node.attr in _MASKS for node in nodes.of(ast.Attribute))
        or any(alias.name in _MASKS for alias in nodes.of(ast.alias))
    ):
        chosen = []
    return any(_is_of_tensorflow(tree, node.value) for node in (*joined, *chosen))


def _names_of_rebuilders(nodes: Nodes) -> dict[str, str]:
    """The names under which the functions may be called that put tensors together."""
    called = {name: name for name in _REBUILDERS}
    for alias in nodes.of(ast.alias):
        if alias.name in _REBUILDERS:
            called[alias.asname or alias.name] = alias.name
    for node in nodes.of(ast.Assign):
        function = called.get(_last_word(node.value) or "")
        if function is not None:
            called.update((_last_word(target) or "", function) for target in node.targets)
    return called


def _is_of_tensorflow(tree: ast.Module, call: ast.expr) -> bool:
    """Whether what is called may come from TensorFlow, and not from NumPy or the like."""
    words = words_of(tree)
    reached = words.reached(words_in(call, naming_of(tree)))
    if "*" in words.imports or not reached.isdisjoint(_names_of_lambdas(tree)):
        return True
    return any(
        not what.level and what.module.partition(".")[0] in ROOTS
        for name in reached.intersection(words.imports)
        for what in words.imports[name]
    )


def _names_of_lambdas(tree: ast.Module) -> set[str]:
    """The names and attributes to which something with a lambda in it is bound."""
    naming = naming_of(tree)
    return {
        word
        for node in nodes_of(tree).of(ast.Assign)
        if any(isinstance(part, ast.Lambda) for part in walk(node.value))
        for target in node.targets
        for word in words_in(target, naming)
    }


def _rebuilt_by(node: ast.Assign, called: Mapping[str, str]) -> str | None:
    """The function of ``t = tf.concat(<something of t>, 0)`` and the like."""
    if not isinstance(node.value, ast.Call):
        return None
    function = called.get(_last_word(node.value.func) or "")
    if function is None:
        return None
    targets = {ast.unparse(target) for target in node.targets}
    reads = any(
        isinstance(part, (ast.Name, ast.Attribute)) and ast.unparse(part) in targets
        for part in walk(node.value)
    )
    return function if reads else None


def _is_piece(node: ast.AST) -> bool:
    return isinstance(node, (ast.Subscript, ast.ListComp, ast.GeneratorExp))


def _last_word(node: ast.AST) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None
