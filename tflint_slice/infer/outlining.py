"""Gathers the outline of a file: each node is noted by what it tells of the names in it."""

from __future__ import annotations

import ast
from collections.abc import Set

from tflint_slice.infer.dynamic import DynamicClasses
from tflint_slice.infer.outline import Outline
from tflint_slice.infer.surroundings import Surroundings
from tflint_slice.infer.uses import Uses


def outline(tree: ast.Module, relevant: Set[ast.AST] | None = None) -> Outline:
    """Of all functions, or for a first look of those only that are ``relevant``."""
    around, result = Surroundings(tree, relevant), Outline()
    dynamic, uses = DynamicClasses(around, result), Uses(around, result)
    for node, scopes in around.noted:
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            if isinstance(node, ast.Attribute):
                result.words.add(node.attr)
            dynamic.note(node, scopes)
            uses.note(node, scopes)
        elif isinstance(node, ast.keyword):
            if node.arg:
                result.words.add(node.arg)
        elif isinstance(node, ast.Global):
            result.foreign.setdefault(scopes[0], set()).update(node.names)
        elif isinstance(node, ast.Nonlocal):
            for scope in scopes[1:]:
                result.foreign.setdefault(scope, set()).update(node.names)
        elif isinstance(node, (ast.Yield, ast.YieldFrom)):
            result.generators.add(scopes[-1])
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            dynamic.note_function(node, scopes)
        elif isinstance(node, ast.ClassDef):
            dynamic.note_class(node, scopes)
        elif isinstance(node, ast.Assign):
            uses.note_assign(node)
        elif isinstance(node, ast.NamedExpr):
            result.bindings_within = True
            uses.note_walrus(node)
        elif isinstance(node, ast.Call):
            dynamic.note_call(node)
    uses.follow_parts()
    return result
