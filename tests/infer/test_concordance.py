"""The words of a project: who holds them in which role, and what has changed since."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tflint_slice.infer.concordance import (
    BINDING,
    DEFINING,
    HELD,
    INHERITING,
    RENAMING,
    Concordance,
    words,
)

ROLES = {
    "word": (HELD, "a = b.größe\n", {"a", "b", "größe"}),
    "base": (INHERITING, "class A(B, m.C): x: D\n", {"B", "m", "C"}),
    "base-behind-a-call": (INHERITING, "class A(f(x), B): ...\n", {"f", "x", "B"}),
    # More than there is does no harm: whoever asks reads the trees.
    "comment": (INHERITING, "class A(  # of: all\n    B,\n): ...\n", {"of", "all", "B"}),
    "base-of-a-generic": (INHERITING, "class A[T](B): ...\n", {"B"}),
    "keyword": (INHERITING, "class A(metaclass=M): ...\n", {"metaclass", "M"}),
    "another-name": (INHERITING, "C = m.B or D\nf(x)\n", {"m", "B", "or", "D"}),
    "class": (DEFINING, "class A: ...\nclass  B(A): ...\nsubclass(C)\n", {"A", "B"}),
    "import-as": (RENAMING, "from m import a as b, c\nimport d.e  as f\n", {"a", "e"}),
    "stored": (BINDING, "x.a = 1\nx.b += 1\nf(x.c)\nprint(x.d.e)\n", {"a", "b", "c", "e"}),
    "read": (BINDING, "y = x.a + x.b\nz = x.c.d[0]\n", set[str]()),
    "bases": (BINDING, "\nclass A(\n    m.B,\n    metaclass=m.C\n): x.a = 1\n", {"a"}),
    "set-by-name": (BINDING, "setattr(x, 'a', 1)\n", {"a", "*"}),
    "set-otherwise": (BINDING, "x.__reduce__ = f\n", {"__reduce__", "*"}),
    "made-by-type": (BINDING, "type(f(x), (B,), d)\n", {"*"}),
    "factory": (
        BINDING,
        "def f(b):\n    class S[T](b):\n        def a(self): ...\n",
        {"f", "a"},
    ),
    "any-name": (BINDING, "x.__dict__.update(d)\n", {"*"}),
}


@pytest.mark.parametrize(("role", "text", "expected"), ROLES.values(), ids=ROLES)
def test_the_words_of_a_role(role: str, text: str, expected: set[str]) -> None:
    assert set(map(os.fsdecode, words(text.encode(), role))) == expected


def test_what_changes_is_looked_at_again(tmp_path: Path) -> None:
    kept, changed, gone, new = (tmp_path / f"{name}.py" for name in ("a", "b", "c", "d"))
    for path in (kept, changed, gone):
        path.write_text("import old\n", encoding="utf-8")
    found = Concordance()
    assert found.look(str(tmp_path))
    assert set(found.files(HELD, "old")) == {str(kept), str(changed), str(gone)}
    changed.write_text("import other\n", encoding="utf-8")
    new.write_text("import old, other\n", encoding="utf-8")
    gone.unlink()
    assert found.look(str(tmp_path))
    assert set(found.files(HELD, "old")) == {str(kept), str(new)}
    assert set(found.files(HELD, "other")) == {str(changed), str(new)}
    assert set(found.paths) == {str(kept), str(changed), str(new)}
