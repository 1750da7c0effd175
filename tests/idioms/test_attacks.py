"""Programs written to be fixed wrongly, most of which once were: none of them has a safe fix.

``attacks.txt`` holds them, each under a line ``### name``. A program that turns out to be fixed
rightly belongs into the table of its rule instead.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from idioms.conftest import Look

from tflint_slice.model import Applicability, Finding

PROGRAMS = re.findall(
    r"^### (\S+)\n(.*?)(?=^### |\Z)",
    (Path(__file__).parent / "attacks.txt").read_text(encoding="utf-8"),
    flags=re.MULTILINE | re.DOTALL,
)


def test_the_programs_are_there() -> None:
    names = [name for name, _ in PROGRAMS]
    assert len(names) > 100
    assert len(set(names)) == len(names)


@pytest.fixture
def look(look_at_all: Look) -> Look:
    """With what is said of loops, which may be wrong as well."""

    def analysed(text: str) -> list[Finding]:
        return [found for found in look_at_all(text) if not found.opt_in]

    return analysed


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in PROGRAMS])
def test_no_safe_fix_is_offered(look: Look, text: str) -> None:
    safe = [
        found
        for found in look(text)
        if found.fix is not None and found.fix.applicability is Applicability.SAFE
    ]
    assert safe == []


# Three assumptions, named among the limits in the README, without which little could be fixed.
ASSUMED = [
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([0.1, 0.2, 0.3])\n"
        "def f(i: int):\n"
        "    v[i] = 5.0\n"
        "f(True)\n",
        id="int-that-is-a-bool",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "from elsewhere import Base\n"
        "class Table(Base):\n"
        "    def __init__(self):\n"
        "        self.v = tf.Variable([1.0, 2.0])\n"
        "        self.reset()  # of Base: self.v = np.zeros(2)\n"
        "    def f(self):\n"
        "        self.v[0] = 1.0\n",
        id="attribute-rebound-by-a-base-class-out-of-sight",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "class Table:\n"
        "    def __init__(self, n: int):\n"
        "        self.n = n\n"
        "        if n > 2:\n"
        "            self.v = tf.Variable(tf.zeros([n]))\n"
        "    def f(self):\n"
        "        for i in range(self.n):\n"
        "            self.v[i] = 1.0\n"
        "table = Table(3)\n"
        "table.__init__(1)\n",
        id="constructor-called-again",
    ),
]


@pytest.mark.xfail(reason="an assumption that is made and documented", strict=True)
@pytest.mark.parametrize("text", ASSUMED)
def test_what_is_assumed(look: Look, text: str) -> None:
    test_no_safe_fix_is_offered(look, text)
