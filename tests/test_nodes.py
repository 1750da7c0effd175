"""The walk over a tree finds what ``ast.walk`` finds, in its order, but for what nobody needs."""

from __future__ import annotations

import ast
import sys

import pytest

from tflint_slice.syntax.nodes import Nodes, children, walk

LEFT_OUT = (
    ast.expr_context,
    ast.operator,
    ast.unaryop,
    ast.cmpop,
    ast.boolop,
    ast.type_ignore,
)

PROGRAMS = {
    "statements": """
import a.b as c, d
from . import e
@c
def f(x, /, y: int = 1, *z: str, k, l=None, **m) -> None:
    global g
    g, *h = x
    for i in z: continue
    else: pass
    while k: break
    with c as d, e: del m[0].n
    try: raise x from y
    except (A, B) as error: assert x, y
    finally: return
class C(f, metaclass=d):
    x: int
    y: int = 2
    y += 1
async def g():
    async for i in x: await i
    async with y as z: yield
    def h():
        nonlocal i
        yield from z
""",
    "expressions": """
x = [a, *b, (c := d), {**e, 1: 2}, {3}, -f, not g, h and i or j, k if l else m, n < o <= p, q @ r]
y = lambda s, *t, u=1: f"{s!r:>{t}} {u}"
z = [v for w in x if y for v in w], {a: b for a in c}, {d for d in e}, (f async for f in g)
x[1:2, ..., None](h, *i, j=k, **l).m = 1
""",
    "patterns": """
match x:
    case 1 | -2 | "a" | None | True: pass
    case [a, *b] if c: pass
    case {"d": e, **f}: pass
    case G(h, i=j) as k: pass
    case l.m: pass
    case _: pass
""",
}
if sys.version_info >= (3, 12):
    PROGRAMS["types"] = "type A[T: int, *U, **V] = list[T]\ndef f[T](x: T): pass\n"


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_the_walk_is_that_of_the_standard_library(text: str) -> None:
    tree = ast.parse(text)
    known = [node for node in ast.walk(tree) if not isinstance(node, LEFT_OUT)]
    assert walk(tree) == known
    for node in known:
        below = [each for each in ast.iter_child_nodes(node) if not isinstance(each, LEFT_OUT)]
        assert children(node) == below


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_nodes_are_found_by_what_they_are(text: str) -> None:
    tree = ast.parse(text)
    below = [node for node in walk(tree) if node is not tree]
    kinds = {type(node) for node in below}
    found = [node for kind in kinds for node in Nodes(tree).of(kind)]
    assert sorted(map(id, found)) == sorted(map(id, below))
    assert Nodes(tree).of(ast.Module) == []
    names = [node for node in walk(tree) if isinstance(node, ast.Name)]
    assert Nodes(tree).of(ast.Name, ast.Pass)[: len(names)] == names
