"""The screens: a look at a file's bytes, and one at its tree, that spare most files the rest.

They may let a file through in vain; they must never stop one in which analysis would find
something.
"""

from __future__ import annotations

import ast
import re
import unicodedata

# All evidence starts at an import of one of these, and their names are spelled out in the file.
_ROOT = re.compile(rb"tensorflow|keras")

# Every rule is about a scatter call, or about a receiver that one of these words made a variable.
_EVIDENCE = re.compile(rb"scatter_nd|Variable|add_weight|add_variable|get_variable")

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
    of the tree could make a variable, stores into items and ``assign``.
    """
    stores = evidence = False
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            stores = stores or not isinstance(node.ctx, ast.Load)
        elif isinstance(node, ast.Attribute):
            if "scatter_nd" in node.attr:
                return True
            stores = stores or node.attr == "assign"
            evidence = evidence or node.attr in _MAKERS
        elif isinstance(node, ast.Name):
            evidence = evidence or node.id in _MAKERS
        elif isinstance(node, ast.alias):
            if "scatter_nd" in node.name:
                return True
            evidence = evidence or node.name.rsplit(".", 1)[-1] in _MAKERS
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            # It may be an annotation; a text of more lines is none.
            evidence = evidence or ("Variable" in node.value and "\n" not in node.value)
        if stores and evidence:
            return True
    return False
