"""Modules that a file hands to other code as objects, or imports under names that it computes.

After ``configure(settings)`` another file may bind attributes of a module that it never names.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Set
from typing import Final

from tflint_slice.infer.exports import bindings
from tflint_slice.infer.modules import stamp
from tflint_slice.infer.replacing import first_word, last_word
from tflint_slice.infer.stores import tree_at
from tflint_slice.syntax.nodes import children, walk

QUESTION: Final = "handing"

_COMPUTED: Final = (b"import_module", b"__import__", b"sys.modules")


def computes_imports(held: bytes) -> bool:
    """Whether source may import modules that it does not name."""
    return any(word in held for word in _COMPUTED)


def may_hand_out(held: bytes, name: str) -> bool:
    """Whether source may import a module of that name."""
    word = os.fsencode(re.escape(name))
    return re.search(rb"import\b[^\n(]*(?:\([^)]*)?\b%b\b" % word, held) is not None


def hands_out(path: str, names: Set[str]) -> bool:
    """Whether a file imports a module of one of these names and uses it as an object."""
    known = stamp(path)
    tree = None if known is None else tree_at(path, known)
    if tree is None:
        return False
    nodes = walk(tree)
    imports = (node for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom)))
    imported = {name for node in imports for name, _ in bindings(node)}
    return any(
        isinstance(child, (ast.Name, ast.Attribute))
        and last_word(child) in names
        and first_word(child) in imported
        and not isinstance(node, ast.Attribute)
        and not (isinstance(node, ast.Call) and child is node.func)
        for node in nodes
        for child in children(node)
    )
