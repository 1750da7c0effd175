"""How the code uses a variable: read as a whole, or in parts, and how often it is changed."""

from __future__ import annotations

import ast
from collections import Counter
from functools import lru_cache

from tflint_slice.idioms.code import Code

# Uses that look at no element, or at few.
_SPARSE_ATTRIBUTES = frozenset(
    {
        "shape", "get_shape", "dtype", "name", "device", "trainable", "handle", "initializer",
        "assign", "assign_add", "assign_sub", "gather_nd", "sparse_read",
    }
)  # fmt: skip
_SPARSE_FUNCTIONS = frozenset(
    {
        "tensorflow.gather",
        "tensorflow.gather_nd",
        "tensorflow.nn.embedding_lookup",
        "tensorflow.shape",
        "tensorflow.rank",
        "tensorflow.size",
    }
)


def dense_reads_and_partial_writes(code: Code, target: str) -> tuple[int, int]:
    """Count the places of the file that read all of ``target`` and those that change a part.

    ``target`` is the text of the receiver. A place in a loop counts like any other: how often a
    loop turns is rarely known.
    """
    wanted = ast.unparse(ast.parse(f"({target})", mode="eval"))
    uses = _uses(code)
    return uses[wanted, "dense read"], max(uses[wanted, "partial write"], 1)


@lru_cache(maxsize=2)
def _uses(code: Code) -> Counter[tuple[str, str]]:
    """How often each name, attribute and item of a file is used in which way."""
    return Counter(
        (ast.unparse(node), _use(code, node))
        for node in ast.walk(code.source.tree)
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript))
        and isinstance(node.ctx, ast.Load)
    )


def _use(code: Code, node: ast.expr) -> str:
    parent = code.parents.get(node)
    if isinstance(parent, ast.Attribute):
        if parent.attr.startswith("scatter_"):
            return "partial write"
        if parent.attr in _SPARSE_ATTRIBUTES:
            return "other"
        return "dense read"
    if isinstance(parent, ast.Subscript) and parent.value is node:
        return "other" if isinstance(parent.ctx, ast.Load) else "partial write"
    if isinstance(parent, ast.keyword):
        parent = code.parents.get(parent)
    if isinstance(parent, ast.Call):
        name = code.called(parent) or ""
        if "tensor_scatter_nd_" in name:
            return "partial write"
        return "other" if name in _SPARSE_FUNCTIONS else "dense read"
    if isinstance(parent, (ast.Expr, ast.Assign, ast.Tuple, ast.List, ast.Dict)):
        return "other"
    return "dense read"
