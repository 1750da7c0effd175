"""The screens: a look at a file's bytes, and one at its tree, that spare most files the rest.

They may let a file through in vain; they must never stop one in which analysis would find
something.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from tflint_slice.infer.modules import folded, leads_to_tensorflow
from tflint_slice.syntax.tensor_stores import is_key, may_store_into_tensors

# All evidence starts at an import of one of these, and their names are spelled out in the file.
_ROOT = re.compile(rb"tensorflow|keras")

# Every rule is about a scatter call, about a receiver that one of these words made a variable or
# that is a weight of a layer, about a tensor joined with itself or chosen from, or about an item.
_EVIDENCE = re.compile(
    rb"scatter_nd|Variable|add_weight|add_variable|get_variable|assign|concat|where|\["
)

# A file that imports what it changes stores to an item or an attribute, or calls a method.
_STORE = re.compile(rb"scatter|assign|\[|[-+*/%&|^@>]=")

_MAKERS = frozenset({"Variable", "add_weight", "add_variable", "get_variable", "get_weights"})
_JOINERS = frozenset({"concat", "stack"})
_REBUILDERS = _JOINERS | {"where"}
_MASKS = frozenset({"range", "one_hot", "sequence_mask"})

# Comments that name our codes, or us, may be out of date wherever they stand.
_SUPPRESSION = re.compile(rb"(?i:noqa)[^\r\n]*(?:TFS|tfs)|tflint-slice:")
_SUPPRESSED = (b"TFS", b"tfs", b"tflint-slice:")


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

    These are calls of scatter functions by whatever name they are imported; and, where something
    of the tree could make a variable, stores into items, methods that assign or scatter, and
    attributes that are computed from themselves; stores into items of tensors; and names bound to
    what a function that puts tensors together makes of them.
    """
    from tflint_slice.infer.layers import WORDS

    stores = items = evidence = False
    called = {name: name for name in _REBUILDERS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            if not isinstance(node.ctx, ast.Load):
                stores = True
                items = items or not is_key(node.slice)
        elif isinstance(node, ast.Attribute):
            if "scatter_nd" in node.attr:
                return True
            stores = stores or node.attr.startswith(("assign", "scatter_", "batch_scatter_"))
            evidence = evidence or node.attr in _MAKERS or node.attr in WORDS
        elif isinstance(node, ast.Name):
            evidence = evidence or node.id in _MAKERS
        elif isinstance(node, ast.alias):
            if "scatter_nd" in node.name:
                return True
            stores = stores or node.name.startswith(("assign", "scatter_", "batch_scatter_"))
            evidence = evidence or node.name.rsplit(".", 1)[-1] in _MAKERS
            if node.name in _REBUILDERS:
                called[node.asname or node.name] = node.name
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            # It may be an annotation; a text of more lines is none.
            evidence = evidence or ("Variable" in node.value and "\n" not in node.value)
        elif isinstance(node, (ast.Assign, ast.AugAssign)):
            stores = stores or _recomputes(node)
        if stores and evidence:
            return True
    return (items and may_store_into_tensors(tree)) or _rebuilds(tree, called)


def _rebuilds(tree: ast.Module, called: Mapping[str, str]) -> bool:
    """Whether a name is bound to what puts its own pieces together, or to more of it in a loop.

    Pieces are ``t[:i]`` or rows that a comprehension makes; a choice by a mask may be one where
    masks of positions are made. ``called`` are the names under which functions may be called.
    """
    masks = chosen = False
    for node in ast.walk(tree):
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            inside = (part for statement in node.body for part in ast.walk(statement))
            assigned = (part for part in inside if isinstance(part, ast.Assign))
            if any(_rebuilt_by(part, called) in _JOINERS for part in assigned):
                return True
        elif isinstance(node, (ast.Name, ast.Attribute)):
            masks = masks or _last_word(node) in _MASKS
        elif isinstance(node, ast.Assign):
            function = _rebuilt_by(node, called)
            chosen = chosen or function == "where"
            if function in _JOINERS and any(map(_is_piece, ast.walk(node.value))):
                return True
    return masks and chosen


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
        for part in ast.walk(node.value)
    )
    return function if reads else None


def _is_piece(node: ast.AST) -> bool:
    return isinstance(node, (ast.Subscript, ast.ListComp, ast.GeneratorExp))


def _last_word(node: ast.AST) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def _recomputes(node: ast.Assign | ast.AugAssign) -> bool:
    """Whether an attribute is computed from itself."""
    if isinstance(node, ast.AugAssign):
        return isinstance(node.target, ast.Attribute)
    attributes = {target.attr for target in node.targets if isinstance(target, ast.Attribute)}
    return isinstance(node.value, ast.BinOp) and any(
        isinstance(part, ast.Attribute) and part.attr in attributes for part in ast.walk(node.value)
    )
