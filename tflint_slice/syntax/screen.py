"""The screens: a look at a file's bytes, and one at its tree, that spare most files the rest.

They may let a file through in vain; they must never stop one in which analysis would find
something.
"""

from __future__ import annotations

import ast
import re
import unicodedata

from tflint_slice.syntax.tensor_stores import is_key, may_store_into_tensors

# All evidence starts at an import of one of these, and their names are spelled out in the file.
_ROOT = re.compile(rb"tensorflow|keras")

# Every rule is about a scatter call, about a receiver that one of these words made a variable, or
# about an item of a tensor.
_EVIDENCE = re.compile(rb"scatter_nd|Variable|add_weight|add_variable|get_variable|\[")

_MAKERS = frozenset({"Variable", "add_weight", "add_variable", "get_variable"})


def worth_parsing(data: bytes) -> bool:
    """Whether the source in ``data`` (encoded as it is on disk) can hold a finding."""
    if _ROOT.search(data) and _EVIDENCE.search(data):
        return True
    if data.isascii():
        return False
    # Python folds identifiers to NFKC: full-width letters spell ``tensorflow`` just as well. In
    # encodings other than UTF-8 bytes say nothing about such letters, so those files go through.
    try:
        folded = unicodedata.normalize("NFKC", data.decode()).encode()
    except UnicodeDecodeError:
        return True
    return bool(_ROOT.search(folded) and _EVIDENCE.search(folded))


def worth_inferring(tree: ast.Module) -> bool:
    """Whether anything in the tree has the form that some rule is about.

    These are calls of scatter functions by whatever name they are imported; and, where something
    of the tree could make a variable, stores into items, methods that assign or scatter, and
    attributes that are computed from themselves; and stores into items of tensors.
    """
    stores = items = evidence = False
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            if not isinstance(node.ctx, ast.Load):
                stores = True
                items = items or not is_key(node.slice)
        elif isinstance(node, ast.Attribute):
            if "scatter_nd" in node.attr:
                return True
            stores = stores or node.attr.startswith(("assign", "scatter_", "batch_scatter_"))
            evidence = evidence or node.attr in _MAKERS
        elif isinstance(node, ast.Name):
            evidence = evidence or node.id in _MAKERS
        elif isinstance(node, ast.alias):
            if "scatter_nd" in node.name:
                return True
            stores = stores or node.name.startswith(("assign", "scatter_", "batch_scatter_"))
            evidence = evidence or node.name.rsplit(".", 1)[-1] in _MAKERS
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            # It may be an annotation; a text of more lines is none.
            evidence = evidence or ("Variable" in node.value and "\n" not in node.value)
        elif isinstance(node, (ast.Assign, ast.AugAssign)):
            stores = stores or _recomputes(node)
        if stores and evidence:
            return True
    return items and may_store_into_tensors(tree)


def _recomputes(node: ast.Assign | ast.AugAssign) -> bool:
    """Whether an attribute is computed from itself."""
    if isinstance(node, ast.AugAssign):
        return isinstance(node.target, ast.Attribute)
    attributes = {target.attr for target in node.targets if isinstance(target, ast.Attribute)}
    return isinstance(node.value, ast.BinOp) and any(
        isinstance(part, ast.Attribute) and part.attr in attributes for part in ast.walk(node.value)
    )
