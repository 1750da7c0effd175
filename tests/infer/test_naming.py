"""Names that only one function can bind are told apart from their namesakes, and no others."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from tflint_slice.infer.naming import is_local, naming_of

CASES = [
    pytest.param("x = 1\nx", [False, False], id="module"),
    pytest.param("def f():\n    x = 1\n    x", [True, True], id="function"),
    pytest.param("def f(x): x", [True], id="parameter"),
    pytest.param("def f(*x): x", [True], id="starred-parameter"),
    pytest.param("x = 1\ndef f(): x", [False, False], id="name-of-the-module-in-a-function"),
    pytest.param("def f():\n    global x\n    x = 1", [False], id="global"),
    pytest.param(
        "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2",
        [False, False],
        id="nonlocal",
    ),
    pytest.param("def f():\n    import x\n    x", [False], id="import"),
    pytest.param("class A:\n    x = 1\n    x", [False, False], id="class"),
    pytest.param("f = lambda x: x", [True], id="lambda"),
    pytest.param("[x for x in y]", [True, True], id="comprehension"),
    pytest.param("x = 1\n[y for y in x]", [False, False], id="first-iterable"),
    pytest.param("def f():\n    if (x := 1): x", [False, False], id="walrus"),
    pytest.param("def f():\n    del x", [True], id="del"),
    pytest.param("def f():\n    for x in y: x", [True, True], id="loop"),
    pytest.param("def f(y=x): pass", [False], id="default"),
    pytest.param("def f(y: x): pass", [False], id="annotation"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_local_names(text: str, expected: list[bool]) -> None:
    tree = ast.parse(text)
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "x"]
    assert [is_local(naming_of(tree).word(name)) for name in names] == expected


def test_scopes() -> None:
    tree = ast.parse(
        dedent(
            """
            def f(x):
                def g(): return x
                [x for x in range(3)]
                class A:
                    y = x
                    def h(self, x): return x
            def k(x): return x
            """
        )
    )
    named = naming_of(tree).word
    loads = {
        node.lineno: named(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "x" and isinstance(node.ctx, ast.Load)
    }
    inner, listed, body, method, other = (loads[row] for row in (3, 4, 6, 7, 8))
    assert inner == body
    assert len({inner, listed, method, other}) == 4


def test_the_body_of_a_class_may_read_a_name_before_it_binds_it() -> None:
    tree = ast.parse("def f(x):\n    class A:\n        x = x")
    naming = naming_of(tree)
    (word,) = naming.links["x"]
    assert is_local(word)
