"""The corruptions of our own rewrites: what a rung may write, and what it might wrongly write.

Both are patterns in Python. A name in capitals stands for any expression, ``*R`` for any number of
them, and an attribute in capitals for any attribute.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tflint_slice.model import Site

UPDATE, ADD, SUB, MAX, MIN = (f"scatter_nd_{op}" for op in ("update", "add", "sub", "max", "min"))
FUNCTIONAL = "functional scatter and assign"
CHAIN = "chain of functional scatters"
SLICED = "sliced assign"
MASKED = "masked assign"
WHOLE = "whole assign"
REBOUND = "tensor rebound"
ROWS = "rows by IndexedSlices"
BRACKETS = "brackets"

OTHER = "other"
"""A second variable of the same shape and dtype, which the fix must leave alone."""

Bound = dict[str, Any]
"""What the names in capitals of a pattern stand for: nodes, lists of nodes, attributes."""


def rung_of(site: Site) -> str:
    """The target form in which ``site.after`` is written."""
    if site.reference is not None and "scatter_nd_" in site.before:
        return BRACKETS
    if site.after.startswith(f"{site.target} = "):
        return REBOUND
    if "IndexedSlices" in site.after:
        return ROWS
    functional = site.after.count("tensor_scatter_nd_")
    if functional:
        return FUNCTIONAL if functional == 1 else CHAIN
    in_place = re.search(r"\.(scatter_nd_\w+)", site.after)
    if in_place is not None:
        return in_place[1]
    if "tf.where(" in site.after:
        return MASKED
    return WHOLE if site.after.startswith(f"{site.target}.assign(") else SLICED


@dataclass(frozen=True)
class Mutation:
    """One corruption, and the rungs that could make this mistake."""

    name: str
    rungs: tuple[str, ...]
    right: str
    wrong: str

    def of(self, site: Site) -> Site | None:
        """The site with a corrupted fix, or None if what is ``right`` does not stand in it."""
        tree, right, wrong = map(ast.parse, (site.after, self.right, self.wrong))
        found: Bound = {}
        if _matches(right.body, tree.body, found):
            tree = _Filled(found).visit(wrong)
        else:
            place = next(_places(tree, right.body[0]), None)
            statement = wrong.body[0]
            if place is None or len(wrong.body) > 1 or not isinstance(statement, ast.Expr):
                return None
            parent, name, number, found = place
            new = _Filled(found).visit(statement.value)
            if number is None:
                setattr(parent, name, new)
            else:
                getattr(parent, name)[number] = new
        after = ast.unparse(ast.fix_missing_locations(tree))
        if after == ast.unparse(ast.parse(site.after)):
            return None
        facts = site.facts
        if re.search(rf"\b{OTHER}\b", after):
            facts += ((OTHER, dict(facts)[site.target]),)
        return replace(site, after=after, facts=facts)


# --- patterns -------------------------------------------------------------------------------------


def _matches(pattern: object, node: object, bound: Bound) -> bool:
    """Whether ``node`` has the form of ``pattern``; ``bound`` learns what stands for what."""
    if isinstance(pattern, ast.Name) and pattern.id.isupper():
        return _binds(pattern.id, node, bound)
    if isinstance(pattern, str) and pattern.isupper():
        return _binds(pattern, node, bound)
    if isinstance(pattern, list) and isinstance(node, list):
        return _list_matches(pattern, node, bound)
    if isinstance(pattern, ast.AST):
        return type(pattern) is type(node) and all(
            _matches(getattr(pattern, name), getattr(node, name), bound)
            for name in pattern._fields
            if name not in ("ctx", "type_ignores", "type_comment", "kind")
        )
    return type(pattern) is type(node) and pattern == node


def _list_matches(pattern: list[Any], nodes: list[Any], bound: Bound) -> bool:
    for number, item in enumerate(pattern):
        if _is_rest(item):
            behind = len(pattern) - number - 1
            end = len(nodes) - behind
            if end < number:
                return False
            bound[item.value.id] = nodes[number:end]
            pattern = [*pattern[:number], *pattern[number + 1 :]]
            nodes = [*nodes[:number], *nodes[end:]]
            break
    return len(pattern) == len(nodes) and all(
        _matches(*pair, bound) for pair in zip(pattern, nodes, strict=True)
    )


def _is_rest(item: object) -> bool:
    return isinstance(item, ast.Starred) and isinstance(item.value, ast.Name)


def _binds(name: str, node: object, bound: Bound) -> bool:
    """Whether ``name`` may stand for ``node``: as elsewhere; for no slice, and not for nothing."""
    if node is None or isinstance(node, ast.Slice | ast.Tuple):
        return False
    same = ast.unparse(node) if isinstance(node, ast.AST) else node
    known = bound.setdefault(name, node)
    return (ast.unparse(known) if isinstance(known, ast.AST) else known) == same


def _places(tree: ast.AST, pattern: ast.stmt) -> Iterator[tuple[ast.AST, str, int | None, Bound]]:
    """Where an expression of this form stands, the outermost first."""
    if not isinstance(pattern, ast.Expr):
        return
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            for number, node in enumerate(value if isinstance(value, list) else [value]):
                bound: Bound = {}
                if isinstance(node, ast.expr) and _matches(pattern.value, node, bound):
                    yield parent, name, number if isinstance(value, list) else None, bound


class _Filled(ast.NodeTransformer):
    """Puts what the names in capitals stand for into a pattern."""

    def __init__(self, bound: Bound) -> None:
        self.bound = bound

    def visit_Name(self, node: ast.Name) -> Any:
        return self.bound.get(node.id, node)

    def visit_Starred(self, node: ast.Starred) -> Any:
        assert isinstance(node.value, ast.Name)
        return self.bound[node.value.id]

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        node.attr = self.bound.get(node.attr, node.attr)
        return self.generic_visit(node)


# --- the list -------------------------------------------------------------------------------------

_SCATTERS = (UPDATE, ADD, SUB, MAX, MIN, FUNCTIONAL, CHAIN, BRACKETS, REBOUND)
_TWO = "A = tf.P(V, I, X)\nA = tf.Q(A, J, Y)\nV.assign(A)"
_CALLS = "V.METHOD(*T, [[f()]], [g()])"
_IDX = "V.METHOD(*T, idx, U)"

MUTATIONS = (
    # --- where
    Mutation("index off by one up", _SCATTERS,
             "V.METHOD(*T, [[*A, K], *R], U)", "V.METHOD(*T, [[*A, K + 1], *R], U)"),
    Mutation("index off by one up", (SLICED,), "V[I].assign(X)", "V[I + 1].assign(X)"),
    Mutation("index off by one down", (UPDATE, BRACKETS),
             "V.METHOD(*T, [[*A, K], *R], U)", "V.METHOD(*T, [[*A, K - 1], *R], U)"),
    Mutation("index off by one down", (SLICED,), "V[I].assign(X)", "V[I - 1].assign(X)"),
    Mutation("axes swapped", (UPDATE, ADD, BRACKETS),
             "V.METHOD(*T, [[I, J]], U)", "V.METHOD(*T, [[J, I]], U)"),
    Mutation("axes swapped", (SLICED,), "V[I, J].assign(X)", "V[J, I].assign(X)"),
    Mutation("negative index not normalised", (UPDATE,), "V.METHOD([[4]], U)",
             "V.METHOD([[-1]], U)"),
    Mutation("negative index not taken from the shape", (UPDATE,), "V.shape[0] - K", "-K"),
    Mutation("indices without their sign", (UPDATE, FUNCTIONAL), _IDX,
             "V.METHOD(*T, abs(idx), U)"),
    Mutation("index without its sign", (SLICED,), "V[i].assign(X)", "V[abs(i)].assign(X)"),
    Mutation("indices modulo the length", (UPDATE,), "v.METHOD(idx, U)",
             "v.METHOD(idx % v.shape[0], U)"),
    Mutation("index modulo the length", (SLICED,), "V[i].assign(X)", "V[i % V.shape[0]].assign(X)"),
    Mutation("index clamped", (SLICED,), "V[i].assign(X)",
             "V[tf.clip_by_value(i, 0, V.shape[0] - 1)].assign(X)"),
    Mutation("scatter at an index of unknown sign", (SLICED,), "V[i].assign(X)",
             "V.scatter_nd_update([[i]], [X])"),
    Mutation("start off by one up", (SLICED,), "V[A:B].assign(X)", "V[A + 1:B].assign(X)"),
    Mutation("start off by one down", (SLICED,), "V[A:B].assign(X)", "V[A - 1:B].assign(X)"),
    Mutation("stop off by one up", (SLICED,), "V[A:B].assign(X)", "V[A:B + 1].assign(X)"),
    Mutation("stop off by one down", (SLICED,), "V[A:B].assign(X)", "V[A:B - 1].assign(X)"),
    Mutation("step dropped", (SLICED,), "V[::S].assign(X)", "V[:].assign(X)"),
    Mutation("step turned round", (SLICED,), "V[::-2].assign(X)", "V[::2].assign(X)"),
    Mutation("ellipsis dropped", (SLICED,), "V[..., I].assign(X)", "V[I].assign(X)"),
    Mutation("wrong variable", (UPDATE, ADD), "V.METHOD(I, U)", "other.METHOD(I, U)"),
    Mutation("wrong variable", (FUNCTIONAL, MASKED, WHOLE), "V.assign(X)", "other.assign(X)"),
    Mutation("wrong variable", (SLICED,), "V[I].assign(X)", "other[I].assign(X)"),
    Mutation("index off by one up", (ROWS,), "tf.IndexedSlices(X, I)",
             "tf.IndexedSlices(X, tf.constant(I) + 1)"),
    Mutation("wrong variable", (ROWS,), "V.METHOD(X)", "other.METHOD(X)"),
    Mutation("wrong variable read", (FUNCTIONAL, CHAIN, BRACKETS, REBOUND),
             "tf.METHOD(V, I, U)", "tf.METHOD(other, I, U)"),
    Mutation("wrong variable read", (MASKED,), "tf.where(M, X, V)", "tf.where(M, X, other)"),
    # --- what
    Mutation("add for update", (UPDATE,), "V.scatter_nd_update(I, U)", "V.scatter_nd_add(I, U)"),
    Mutation("add for update", (ROWS,), "V.scatter_update(X)", "V.scatter_add(X)"),
    Mutation("add for update", (FUNCTIONAL, BRACKETS, REBOUND),
             "tf.tensor_scatter_nd_update(V, I, U)", "tf.tensor_scatter_nd_add(V, I, U)"),
    Mutation("update for add", (ADD,), "V.scatter_nd_add(I, U)", "V.scatter_nd_update(I, U)"),
    Mutation("update for add", (CHAIN, BRACKETS), "tf.tensor_scatter_nd_add(V, I, U)",
             "tf.tensor_scatter_nd_update(V, I, U)"),
    Mutation("sub for add", (ADD,), "V.scatter_nd_add(I, U)", "V.scatter_nd_sub(I, U)"),
    Mutation("add for sub", (SUB,), "V.scatter_nd_sub(I, U)", "V.scatter_nd_add(I, U)"),
    Mutation("update for sub", (SUB,), "V.scatter_nd_sub(I, U)", "V.scatter_nd_update(I, U)"),
    Mutation("min for max", (MAX,), "V.scatter_nd_max(I, U)", "V.scatter_nd_min(I, U)"),
    Mutation("update for max", (MAX,), "V.scatter_nd_max(I, U)", "V.scatter_nd_update(I, U)"),
    Mutation("max for min", (MIN,), "V.scatter_nd_min(I, U)", "V.scatter_nd_max(I, U)"),
    Mutation("update for min", (MIN,), "V.scatter_nd_min(I, U)", "V.scatter_nd_update(I, U)"),
    Mutation("value negated", (UPDATE,),
             "V.METHOD(*T, I, [X, *R])", "V.METHOD(*T, I, [-X, *R])"),
    Mutation("value negated", (SLICED,), "V[I].assign(X)", "V[I].assign(-X)"),
    Mutation("value negated", (MASKED,), "tf.constant(2.0, D)", "tf.constant(-2.0, D)"),
    Mutation("value negated", (WHOLE,), "V.assign(X)", "V.assign(-X)"),
    Mutation("entry of several dropped", (UPDATE, BRACKETS),
             "V.METHOD(*T, [I, J], [X, Y])", "V.METHOD(*T, [I], [X])"),
    Mutation("values of several swapped", (UPDATE, BRACKETS),
             "V.METHOD(*T, I, [X, Y])", "V.METHOD(*T, I, [Y, X])"),
    Mutation("entries turned round", (UPDATE,), "V.METHOD([I, J], [X, Y])",
             "V.METHOD([J, I], [Y, X])"),
    Mutation("repeated entries turned round", (UPDATE, ADD, SUB, MAX, MIN, FUNCTIONAL),
             _IDX, "V.METHOD(*T, tf.reverse(idx, [0]), tf.reverse(U, [0]))"),
    Mutation("update made twice", (ADD,), "V.METHOD(I, U)",
             "V.METHOD(I, U)\nV.METHOD(I, U)"),
    Mutation("result thrown away", (UPDATE,), "V.scatter_nd_update(I, U)",
             "tf.tensor_scatter_nd_update(V, I, U)"),
    Mutation("result thrown away", (ADD,), "V.scatter_nd_add(I, U)",
             "tf.tensor_scatter_nd_add(V, I, U)"),
    Mutation("result thrown away", (FUNCTIONAL, MASKED, WHOLE), "V.assign(X)", "X"),
    Mutation("result thrown away", (SLICED,), "V[I].assign(X)", "X"),
    Mutation("result thrown away", (REBOUND,), "Y = X", "X"),
    Mutation("bound to another name", (REBOUND,), "Y = X", "other = X"),
    Mutation("condition turned round", (REBOUND,), "tf.where(M, X, Y)", "tf.where(M, Y, X)"),
    Mutation("value assigned to all", (UPDATE,), "V.METHOD(I, U)", "V.assign(U)"),
    Mutation("value assigned to all", (FUNCTIONAL,), "V.assign(tf.METHOD(V, I, U))", "V.assign(U)"),
    Mutation("value assigned to all", (SLICED,), "V[I].assign(X)", "V.assign(X)"),
    Mutation("assign_add for assign", (WHOLE,), "V.assign(X)", "V.assign_add(X)"),
    Mutation("first row left out", (WHOLE,), "V.assign(X)", "V[1:].assign(X[1:])"),
    Mutation("cast dropped", (UPDATE, FUNCTIONAL, SLICED, WHOLE), "tf.cast(X, V.dtype)", "X"),
    Mutation("cast dropped", (MASKED,), "tf.constant(X, V.dtype)", "X"),
    Mutation("broadcast dropped", (WHOLE,), "tf.broadcast_to(X, V.shape)", "X"),
    Mutation("in place for functional", (BRACKETS,), "tf.tensor_scatter_nd_update(V, I, U)",
             "V.scatter_nd_update(I, U)"),
    Mutation("dtype of the result changed", (BRACKETS,), "Y = X", "Y = tf.cast(X, tf.float64)"),
    Mutation("shape of the result changed", (BRACKETS,), "Y = X", "Y = X[None]"),
    Mutation("binding dropped", (BRACKETS,), "Y = X", "X"),
    Mutation("binding dropped", (UPDATE,), "B = X\nV.METHOD(I, [B])", "V.METHOD(I, [X])"),
    Mutation("operand alone", (SLICED,), "V[I].assign(V[I] * X)", "V[I].assign(X)"),
    Mutation("operands swapped", (SLICED,), "V[I].assign(V[I] / X)", "V[I].assign(X / V[I])"),
    Mutation("sum for product", (SLICED,), "V[I].assign(V[I] * X)", "V[I].assign(V[I] + X)"),
    # --- brackets
    Mutation("one bracket of indices less", (UPDATE, ADD, FUNCTIONAL),
             "V.METHOD(*T, [[K]], U)", "V.METHOD(*T, [K], U)"),
    Mutation("one bracket of indices less", (BRACKETS,),
             "V.METHOD([[I], [J]], U)", "V.METHOD([I, J], U)"),
    Mutation("one bracket of indices more", (UPDATE, BRACKETS),
             "V.METHOD(*T, [*I], U)", "V.METHOD(*T, [[*I]], U)"),
    Mutation("one bracket of updates less", (UPDATE, BRACKETS),
             "V.METHOD(*T, I, [X])", "V.METHOD(*T, I, X)"),
    Mutation("one bracket of updates more", (UPDATE,),
             "V.METHOD(*T, I, [*U])", "V.METHOD(*T, I, [[*U]])"),
    # --- how often, and in which order
    Mutation("index evaluated twice", (UPDATE,), _CALLS, f"f()\n{_CALLS}"),
    Mutation("index evaluated twice", (SLICED,), "V[f()].assign(X)", "f()\nV[f()].assign(X)"),
    Mutation("value evaluated twice", (UPDATE,), _CALLS, f"g()\n{_CALLS}"),
    Mutation("value evaluated before the index", (UPDATE,), _CALLS,
             "x = [g()]\nV.METHOD([[f()]], x)"),
    Mutation("value evaluated before the index", (FUNCTIONAL,),
             "V.assign(tf.METHOD(V, [[f()]], [g()]))",
             "x = [g()]\nV.assign(tf.METHOD(V, [[f()]], x))"),
    Mutation("value evaluated before the index", (SLICED,), "V[f()].assign(g())",
             "x = g()\nV[f()].assign(x)"),
    Mutation("one element after the other", (SLICED,), "v[1:4].assign(v[0:3])",
             "v[1].assign(v[0])\nv[2].assign(v[1])\nv[3].assign(v[2])"),
    # --- masks
    Mutation("condition inverted", (MASKED,), "tf.where(M, X, V)",
             "tf.where(tf.logical_not(M), X, V)"),
    Mutation("mask dropped", (MASKED,), "tf.where(M, X, V)", "tf.where(True, X, V)"),
    Mutation("mask shifted", (MASKED,), "tf.where(M, X, V)", "tf.where(tf.roll(M, 1, 0), X, V)"),
    Mutation("equal ones as well", (MASKED,), "A > B", "A >= B"),
    Mutation("NaN as well", (MASKED,), "A > B", "tf.logical_not(A <= B)"),
    Mutation("value and variable swapped", (MASKED,), "tf.where(M, X, V)", "tf.where(M, V, X)"),
    Mutation("the rest set to zero", (MASKED,), "tf.where(M, X, V)",
             "tf.where(M, X, tf.zeros_like(V))"),
    # --- chains
    Mutation("scatters turned round", (CHAIN,), _TWO,
             "A = tf.Q(V, J, Y)\nA = tf.P(A, I, X)\nV.assign(A)"),
    Mutation("first scatter dropped", (CHAIN,), _TWO, "A = tf.Q(V, J, Y)\nV.assign(A)"),
    Mutation("last scatter dropped", (CHAIN,), _TWO, "A = tf.P(V, I, X)\nV.assign(A)"),
    Mutation("not assigned", (CHAIN,), _TWO, "A = tf.P(V, I, X)\nA = tf.Q(A, J, Y)"),
    Mutation("second scatter started anew", (CHAIN,), _TWO,
             "A = tf.P(V, I, X)\nA = tf.Q(V, J, Y)\nV.assign(A)"),
)  # fmt: skip
