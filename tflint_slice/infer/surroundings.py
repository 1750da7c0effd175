"""The nodes of a file that tell of its names, each with the scopes and the node around it."""

from __future__ import annotations

import ast
from collections.abc import Set

from tflint_slice.syntax.nodes import children

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.ClassDef, ast.Lambda)
_NOTED = frozenset(
    {
        ast.Name, ast.Attribute, ast.Subscript, ast.keyword, ast.Global, ast.Nonlocal, ast.Yield,
        ast.YieldFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign,
        ast.NamedExpr, ast.Call,
    }
)  # fmt: skip
_LIBRARIES = ("tensorflow", "numpy", "tf_keras", "keras")


class Surroundings:
    """One walk over a tree with the ancestors of each node at hand.

    It goes into all functions, or into those only that are ``relevant``.
    """

    def __init__(self, tree: ast.Module, relevant: Set[ast.AST] | None = None) -> None:
        self.noted: list[tuple[ast.AST, tuple[ast.AST, ...]]] = []
        """The nodes that tell of names, and the scopes that each stands in, the module first."""
        self.parents: dict[ast.AST, ast.AST] = {}
        self.libraries: dict[str, str] = {}
        """The names that TensorFlow, Keras and NumPy go by."""
        self.classes: dict[str, list[ast.ClassDef]] = {}
        self.patchers = {"patch"}
        """The names that ``mock.patch`` goes by."""
        stack: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(tree, (tree,))]
        while stack:
            node, scopes = stack.pop()
            for child in children(node):
                self.parents[child] = node
                kind = child.__class__
                if kind is not ast.Constant:
                    if kind not in _FUNCTIONS or relevant is None or child in relevant:
                        stack.append((child, (*scopes, child) if kind in _SCOPES else scopes))
                    if kind in _NOTED:
                        self.noted.append((child, scopes))
            if isinstance(node, ast.Import):
                self._library(node)
            elif isinstance(node, ast.ClassDef):
                self.classes.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.alias) and node.name == "patch" and node.asname:
                self.patchers.add(node.asname)

    def _library(self, node: ast.Import) -> None:
        for alias in node.names:
            package = alias.name.split(".")[0]
            if package in _LIBRARIES:
                self.libraries[alias.asname or package] = package


def root(node: ast.expr) -> str:
    """``np`` of ``np.random.choice``, or nothing."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
