"""Which functions of a file a first look has to go into, and what it asks of other files."""

from __future__ import annotations

import ast
from pathlib import Path
from textwrap import dedent

import pytest

from tflint_slice.syntax.imported_stores import AtFirst, imports_at_first, imports_of_stores
from tflint_slice.syntax.relevance import relevance_of

HEAD = "import tensorflow as tf\n"

CASES = [
    pytest.param(
        """
        v = tf.Variable([1.0])
        def change(): v[0] = 2.0
        def other(): print(1)
        """,
        {"change"},
        id="what-changes",
    ),
    pytest.param(
        """
        class A:
            def __init__(self): self.v = tf.Variable([1.0])
            def change(self): self.v[0] = 2.0
            def other(self): self.w = 1
        """,
        {"__init__", "change"},
        id="what-binds-the-attribute",
    ),
    pytest.param(
        """
        class A:
            def __init__(self): self.parts = []
            def build(self): self.parts.append(tf.Variable([1.0]))
            def change(self):
                for part in self.parts: part[0] = 2.0
            def other(self): self.more.append(1)
        """,
        {"__init__", "build", "change"},
        id="what-adds-to-the-attribute",
    ),
    pytest.param(
        """
        class A:
            def build(self): self.parts[0] = tf.Variable([1.0])
            def change(self): self.parts[0][1] = 2.0
            def other(self): return self.parts
        """,
        {"build", "change"},
        id="what-stores-an-item",
    ),
    pytest.param(
        """
        def make(): return made()
        def made(): return tf.Variable([1.0])
        def change():
            v = make()
            v[0] = 2.0
        def other(): return 1
        """,
        {"make", "made", "change"},
        id="what-is-called-on-the-way",
    ),
    pytest.param(
        """
        def around(v: tf.Variable):
            def change(): v[0] = 2.0
            return change
        def other(v): return v
        """,
        {"around", "change"},
        id="what-is-around-it",
    ),
    pytest.param(
        """
        v = None
        def set():
            global v
            v = tf.Variable([1.0])
        def change(): v[0] = 2.0
        def other(): return 1
        """,
        {"set", "change"},
        id="what-binds-the-name-of-the-module",
    ),
    pytest.param(
        """
        def make(): return tf.Variable([1.0])
        def other(): return 1
        v = make()
        v[0] = 2.0
        """,
        {"make"},
        id="change-at-the-level-of-the-module",
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_the_functions_that_matter(text: str, expected: set[str]) -> None:
    found = relevance_of(ast.parse(HEAD + dedent(text))).functions
    assert {function.name for function in found} == expected


def test_of_numbers_of_another_file_only_numbers_are_asked(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "sizes.py").write_text("N = 3\n", encoding="utf-8")
    (tmp_path / "made.py").write_text(HEAD + "v = tf.Variable([1.0])\n", encoding="utf-8")
    path = str(tmp_path / "used.py")
    text = "import made\nimport sizes\nmade.v[sizes.N] = 1.0\n"
    tree = ast.parse(HEAD + text)
    wanted = imports_of_stores(tree, path)
    assert wanted == {"made"}
    first = imports_at_first(tree, path, wanted, relevance_of(tree).words)
    assert first == AtFirst(wanted=frozenset({"made"}), constant=frozenset({"sizes"}))
