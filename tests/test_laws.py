"""Laws that hold for any program: of the screen, and of what a fix may do to a file."""

from __future__ import annotations

import ast
import codecs
import re
from collections.abc import Set
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reasons import first, loops, rebuilds, trips
from reasons.row import Row

from tflint_slice.analysis import analyse, findings_in
from tflint_slice.apply import Policy
from tflint_slice.engine import Job, check, examine
from tflint_slice.files.reading import decode
from tflint_slice.idioms import FAMILIES
from tflint_slice.idioms.code import Code
from tflint_slice.infer.evaluator import infer
from tflint_slice.model import Kind
from tflint_slice.settings import Settings
from tflint_slice.syntax.imported_stores import telling_imports
from tflint_slice.syntax.relevance import relevance_of
from tflint_slice.syntax.screen import worth_inferring, worth_parsing
from tflint_slice.syntax.source import SourceText

HEAD = """\
import numpy as np
import tensorflow as tf

v = tf.Variable(tf.zeros([4, 3]))
w = tf.Variable(tf.zeros([5]))


class Table(tf.Module):
    def __init__(self):
        self.rows = tf.Variable(tf.zeros([6, 2]))
        self.tables = {"a": tf.Variable(tf.zeros([3]))}

    def change(self, i, x):
"""

# Statements as people write them: with findings, without, and nearly with one.
STATEMENTS = (
    "w[1] = 2.0",
    "w[-1] += 2.0",
    "w[i] = x",
    "w[1:3] = 0.0",
    "self.rows[2] = tf.ones([2])",
    "self.rows[0, 1] -= 1.0  # ä comment, with noise: [1] = 2",
    "self.rows[\n            0,  # the first\n            1,\n        ] = 3.0",
    'self.tables["a"][1] = 4.0',
    "w[w > 1.0] = 0.0",
    "t = tf.zeros([3])\n        t[1] = 2.0",
    "t = tf.zeros([3])\n        a = t.numpy()\n        a[1] = 2.0\n        t = tf.constant(a)",
    "w.assign_add(tf.scatter_nd([[1]], [2.0], w.shape))",
    "w.assign(tf.concat([w[:1], [2.0], w[2:]], 0))",
    "w.assign(tf.where(tf.range(3) == 2, 9.0, w))",
    "w.assign(tf.where(tf.range(3) < 2, 9.0, w))",
    "rows = tf.unstack(w)\n        rows[1] = 2.0\n        w.assign(tf.stack(rows))",
    "t = tf.zeros([3])\n        t = tf.concat([t[:1], [2.0], t[2:]], 0)",
    "for k in range(3):\n            w[k].assign(1.0)",
    "for k in range(3):\n            w[2].assign(2.0)",
    "w.numpy()[1] = 2.0",
    "a = self.rows.numpy()\n        a[1] = 2.0\n        self.rows = tf.Variable(a)",
    "for k in range(3):\n            w.scatter_nd_update([[k]], [1.0])",
    "t = tf.zeros([0])\n        for y in x:\n            t = tf.concat((t, y), 0)",
    "tf.tensor_scatter_nd_update(w, [[1]], [2.0])",
    "w[1].assign_add(2.0)",
    "w[[0, 2]].assign(1.0)",
    "w[w > 1.0].assign(0.0)",
    "self.rows[0][1].assign(2.0)",
    "w.assign(tf.tensor_scatter_nd_update(w, [[0]], [1.0]))",
    "w.assign(\n            tf.tensor_scatter_nd_add(  # why\n                w,\n"
    "                [[0]],\n"
    "                [1.0],  # one\n            )\n        )",
    "t = tf.tensor_scatter_nd_update(w, [[0]], [1.0])\n        w.assign(t)",
    "t = tf.tensor_scatter_nd_update(w, [[0]], [1.0])  # kept\n        w.assign(t)",
    "a = w.numpy()\n        a[0] = 1.0\n        a[2] = 3.0\n        w.assign(a)",
    "a = np.array(v)\n        a[0, 1] += 1.0\n        v.assign(a)",
    "y = tf.tensor_scatter_nd_update(w, [[0]], [[1.0]])",
    "w.scatter_nd_update([0, 2], [1.0, 2.0])",
    "w[2] = 1.0; w[3] = 2.0",
    "if x: w[1] = 5.0",
    "for k in range(5):\n            w[k] = 1.0",
    "del w[0]",
    "w[0] = 1.0  # noqa: TFS101",
    'print(\'ü\', "w[1] = 2.0", f"{w[1]}")',
    "x = [1, 2]; x[0] = 3",
    "pass",
)
NEWLINES = ("\n", "\r\n", "\r")


@st.composite
def programs(draw: st.DrawFn) -> bytes:
    """A file: statements in any order, any line ends, a mark or none, a last end or none."""
    body = "".join(
        f"        {line}\n" for line in draw(st.lists(st.sampled_from(STATEMENTS), max_size=5))
    )
    text = HEAD + body + "        return x\n"
    if draw(st.booleans()):
        text = text.rstrip("\n")
    text = text.replace("\n", draw(st.sampled_from(NEWLINES)))
    mark = codecs.BOM_UTF8 if draw(st.booleans()) else b""
    return mark + text.encode()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file that stands alone, so that its variables are plain."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / "pyproject.toml").touch()
    return str(folder / "program.py")


def fix(data: bytes, path: str, unsafe: bool) -> bytes:
    outcome = check(Job(path, Settings(), data, Policy(unsafe=unsafe)))
    assert not outcome.failures
    return data if outcome.change is None else outcome.change.after


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(programs(), st.booleans())
def test_a_fix_is_done_at_once_and_keeps_what_it_does_not_mean(
    path: str, data: bytes, unsafe: bool
) -> None:
    once = fix(data, path, unsafe)
    assert fix(once, path, unsafe) == once
    before, after = decode(data), decode(once)
    ast.parse(after.text)
    assert (before.mark, before.encoding) == (after.mark, after.encoding)
    # Lines without a statement that is touched are there still, byte for byte and in order.
    kept = [line for line in HEAD.splitlines() if line]
    assert [line for line in after.text.splitlines() if line in kept] == kept
    for comment in ("# ä comment, with noise: [1] = 2", "# the first", "# why", "# one", "# kept"):
        assert before.text.count(comment) == after.text.count(comment)
    newline = next(end for end in ("\r\n", "\r", "\n") if end in before.text)
    assert set(after.text.replace(newline, "")).isdisjoint("\r\n")


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(programs())
def test_no_fix_brings_a_finding(path: str, data: bytes) -> None:
    """What is left after the safe fixes was there before them."""

    def codes(one: bytes) -> list[str]:
        found = examine(decode(one).text, path, Settings()).findings
        return sorted(f.rule.code for f in found if not f.declined)

    before, after = codes(data), codes(fix(data, path, unsafe=False))
    assert all(after.count(code) <= before.count(code) for code in after)


SPELLINGS = ("tensorflow", "ｔｅｎｓｏｒｆｌｏｗ", "tensor\x66low", "keras", "numpy", "tｅnsorflow")
NAMES = ("Variable", "Ｖariable", "add_weight", "zeros")


@settings(max_examples=80, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(SPELLINGS), st.sampled_from(NAMES), st.sampled_from(STATEMENTS))
def test_the_screen_stops_nothing_that_analysis_finds(
    path: str, module: str, name: str, statement: str
) -> None:
    text = (
        f"import {module} as tf\nimport numpy as np\nw = v = tf.{name}([1.0, 2.0, 3.0])\n"
        f"class A:\n    def f(self, i, x):\n        {statement}\n"
    )
    _passes_the_screens(text, path)


WITHOUT_A_MAKER = (
    "import tf_keras\nlayer = tf_keras.layers.Dense(3)\nlayer.kernel.assign_add(tf.one_hot(2, 3))",
    "layer = tf.keras.layers.Embedding(5, 3)\nlayer.embeddings[0].assign_add(tf.ones((3,)))",
    "t = tf.zeros((5,))\nt = tf.where(tf.range(5) == 2, 1.0, t)",
    "from tensorflow import concat as join\nt = tf.zeros((0,))\nfor x in range(9):\n"
    "    t = join((t, (x,)), 0)",
    "t = tf.zeros((5,))\nt = tf.stack([7.0 if j == 2 else x for j, x in enumerate(t)])",
    "t = tf.zeros((5,))\nt = tf.concat((t[:2], (1.0,), t[3:]), 0)",
    "t = tf.zeros((0,))\nfor x in range(9):\n    t = tf.concat((t, (x,)), 0)",
    "join = tf.concat\nt = tf.zeros((0,))\nfor x in range(9):\n    t = join((t, (x,)), 0)",
    "lib = lambda: tf\nt = tf.zeros((0,))\nfor x in range(9):\n    t = lib().concat((t, (x,)), 0)",
    "xp, n = tf, 9\nt = tf.zeros((0,))\nfor x in range(n):\n    t = xp.concat((t, (x,)), 0)",
    "def lib(x):\n    match x:\n        case _:\n            return tf\nt = tf.zeros((0,))\n"
    "for x in range(9):\n    t = lib(x).concat((t, (x,)), 0)",
    "r = tf.range\nt = tf.zeros((5,))\nt = tf.where(r(5) == 2, 1.0, t)",
    "from tensorflow import range as r\nt = tf.zeros((5,))\nt = tf.where(r(5) == 2, 1.0, t)",
    "class A:\n    def f(self, xs):\n        self.t = tf.zeros((0,))\n        for x in xs:\n"
    "            self.t = tf.concat((self.t, x), 0)",
    "zeros, n = tf.zeros, 9\nt = zeros((n,))\nt[0] = 1.0",
    "made = {'zeros': tf.zeros}\nt = made['zeros']((5,))\nt[0] = 1.0",
    "def lib():\n    return tf\nt = lib().zeros((5,))\nt[0] = 1.0",
    "lib = lambda: tf\nt = lib().zeros((5,))\nt[0] = 1.0",
    "t = [tf.zeros((5,))][0]\nt[0] = 1.0",
    "t = (lambda: tf.zeros)()((5,))\nt[0] = 1.0",
    "def kept(x):\n    return x\nlib = kept(tf)\nt = tf.zeros((0,))\nfor x in range(9):\n"
    "    t = lib.concat((t, (x,)), 0)",
    "def f(t: tf.Tensor):\n    for i in range(5):\n        t[i].assign(0.0)",
    "def f(t):\n    assert isinstance(t, (str, tf.Tensor))\n    t = tf.stack((t[0], 2.0))"
    "\ndef g(t):\n    assert isinstance(t, tf.Tensor)\n    for i in range(5):\n"
    "        t[i].assign(0.0)",
    "lib = tf\nzeros, n = lib.zeros, 5\nt = zeros((n,))\nt[0] = 1.0",
    "def f(t):\n    assert isinstance(t, tf.Tensor)\n    t = tf.concat((t[:2], (1.0,), t[3:]), 0)",
    "def f(t, xs):\n    if isinstance(t, tf.Tensor):\n        for x in xs:\n"
    "            t = tf.concat((t, x), 0)",
    "import tensorflow as TF\nlibs = {'tf': TF}\nt = libs['tf'].zeros((5,))\nt[0] = 1.0",
    "made = dict(zeros=tf.zeros)\nt = made['zeros']((5,))\nt[0] = 1.0",
    "def lib(xp=tf):\n    return xp\nt = lib().zeros((5,))\nt[0] = 1.0",
    "libs = []\nlibs.append(tf)\nt = libs[0].zeros((5,))\nt[0] = 1.0",
    "a, (zeros, b) = 1, (tf.zeros, 2)\nt = zeros((5,))\nt[0] = 1.0",
    "t = tf.zeros((5,))\nu = (t,)[0]\nu[0] = 1.0",
    "def f(c):\n    for x in c:\n        if x:\n            t[0] = 1.0\n        t = tf.zeros((5,))",
    "def f():\n    class A:\n        t[0] = 1.0\n    t = tf.zeros((5,))",
    "n, join = 9, tf.concat\nt = tf.zeros((0,))\nfor x in range(n):\n    t = join((t, (x,)), 0)",
    "made = dict(join=tf.concat)\nt = tf.zeros((0,))\nfor x in range(9):\n"
    "    t = made['join']((t, (x,)), 0)",
    "def kept(x):\n    return x\njoin = kept(tf.concat)\nt = tf.zeros((0,))\n"
    "for x in range(9):\n    t = join((t, (x,)), 0)",
    "from tensorflow import concat\nmade = {'join': concat}\nt = tf.zeros((0,))\n"
    "for x in range(9):\n    t = made['join']((t, (x,)), 0)",
    "import numpy as np\nv = tf.Variable((1.0, 2.0))\na = np.ascontiguousarray(v)\na[0] = 1.0\n"
    "v.assign(a)",
    "def kept(x):\n    return x\na = tf\nb = a\nlib = kept(b)\nt = lib.zeros((5,))\nt[0] = 1.0",
    "def kept(x):\n    return x\nb = tf.math\nt = kept(b).abs((5.0,))\nt[0] = 1.0",
    "def kept(x):\n    return x\nt = kept(x=tf.zeros)((5,))\nt[0] = 1.0",
    "def kept(x):\n    return x\nclass A:\n    lib = tf\n    def f(self):\n"
    "        lib = kept(self.lib)\n        t = lib.zeros((5,))\n        t[0] = 1.0",
    "def kept(x):\n    return x\nclass A:\n    def __init__(self):\n        self.lib = tf\n"
    "    def f(self):\n        t = kept(self.lib).zeros((5,))\n        t[0] = 1.0",
    "def f(n):\n    m, t = 1, tf.zeros((n, n))\n    for i in range(n):\n        t[i, 0] = 1.0",
    "import queue\ndef f():\n    queue = []\n    queue.append(tf.Variable((1.0, 2.0)))\n"
    "    queue[0][0] = 2.0",
    "v = tf.Variable((1.0, 2.0))\nf'{tf.tensor_scatter_nd_update(v, (0, 1), (1.0, 2.0))}'",
    "from numpy import put\nchange = put\nv = tf.Variable((1.0, 2.0))\na = v.numpy()\n"
    "change(a, 0, 1.0)\ntf.keras.backend.set_value(v, a)",
    "def load():\n    global lib\n    import tensorflow as lib\ndef f():\n"
    "    w = lib.Variable((1.0, 2.0))\n    w[0] = 1.0",
    "def load():\n    global make\n    def make():\n        return tf.Variable((1.0, 2.0))\n"
    "def f():\n    w = make()\n    w[0] = 1.0",
)


@pytest.mark.parametrize("text", WITHOUT_A_MAKER)
def test_the_screen_stops_nothing_that_needs_no_maker(path: str, text: str) -> None:
    text = f"import tensorflow as tf\n{text}\n"
    assert examine(text, path, Settings()).findings
    _passes_the_screens(text, path)


MADE = (
    "import tensorflow as tf\nv = tf.Variable((1.0, 2.0))\nV = tf.Variable\nlib = tf\n"
    "z = v\nN = 2\nclass M(tf.Module):\n"
    "    def __init__(self):\n        self.own = tf.Variable((1.0, 2.0))\n"
    "make = lambda: tf.Variable((1.0, 2.0))\nFIRST = 0\nCounter = make\n"
    "Dense = tf.keras.layers.Dense\n"
)
WITH_ANOTHER_FILE = (
    "w = v\nw[0] = 1.0",
    "def kept(x):\n    return x\nw = kept(v)\nw[0] = 1.0",
    "def kept(x=v):\n    return x\nw = kept()\nw[0] = 1.0",
    "made = dict(w=v)\nmade['w'][0] = 1.0",
    "def f(x):\n    if isinstance(x, V):\n        x[0] = 1.0",
    "w = lib.Variable((1.0, 2.0))\nw[0] = 1.0",
    "a = v.numpy()\na.fill(0.0)\nv.assign(a)",
    "import numpy as np\nfrom tensorflow.keras import backend\na = np.array(v)\n"
    "a.fill(0.0)\nbackend.set_value(v, a)",
    "class A(M):\n    def f(self):\n        self.own[0] = 1.0\n"
    "class B:\n    def __init__(self):\n        self.own = {}",
    "class A(M):\n    def f(self):\n        self.own[0].assign(1.0)\n"
    "class B:\n    def __init__(self):\n        self.own = []",
    "class B:\n    def __init__(self):\n        self.own = {}\n    @staticmethod\n"
    "    def f(self: M):\n        self.own[0] = 1.0",
    "z = {}\nfrom made import *\nz[0] = 1.0",
    "import tensorflow as tf\nw = tf.Variable(tf.zeros([N]))\nw.scatter_nd_update([[7]], [1.0])",
    "import tensorflow as tf\nw = tf.zeros([2])\nx = tf.tensor_scatter_nd_update(w, [[N]], [1.0])",
    "import tensorflow as tf\nfrom tensorflow import tensor_scatter_nd_update as update\n"
    "w = tf.zeros([2])\nx = update(w, [[N]], [1.0])",
    "a = lib.keras.backend.get_value(v)\na[0] = 1.0\nlib.keras.backend.set_value(v, a)",
    "lib.compat.v1.scatter_update(v, 0, 1.0)",
    "v.assign(lib.where(lib.range(2) == 1, 9.0, v))",
    "from made import FIRST\nd = []\nd += [v]\na = d[FIRST].numpy()\na[0] = 1.0\n"
    "d[FIRST].assign(a)",
    "from made import make\nw = make()\nw[0] = 1.0",
    "from made import Counter\nw = Counter()\nw[0] = 1.0",
    "class A:\n    def get_config(self):\n        return v\nw = A().get_config()\nw[0] = 1.0",
    "from made import Dense\nd = Dense(3)\nd.kernel[0] = 1.0",
    "import made\nmade.v[0] = 1.0\nclass A:\n    def __init__(self):\n        self.v = {}",
    "import tensorflow as tf\nimport made as np\nt = tf.zeros([2])\nfor i in range(np.N):\n"
    "    t = tf.concat([t[:1], [7.0]], 0)",
    "import tensorflow as tf\nv.assign_add(tf.scatter_nd([[0]], [1.0], [2]))",
    "def load():\n    global w\n    from made import v as w\ndef f():\n    w[0] = 1.0",
)


@pytest.mark.parametrize("text", WITH_ANOTHER_FILE)
def test_the_screen_stops_nothing_that_another_file_makes(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "made.py").write_text(MADE, encoding="utf-8")
    path = tmp_path / "used.py"
    text = f"from made import M, N, V, lib, v\n{text}\n"
    path.write_text(text, encoding="utf-8")
    source = SourceText.parse(text, str(path))
    everything = findings_in(source, Settings(), telling_imports(source.tree, str(path)))
    assert everything
    assert worth_parsing(text.encode(), str(path))
    assert len(analyse(source, Settings())) == len(everything)


HANDING = (
    ("import tensorflow as tf", ("from hub import tf", "import hub")),
    (
        "try:\n    import tensorflow as tf\nexcept ImportError:\n    tf = None",
        ("from hub import tf", "import hub"),
    ),
    ("from inner import tf", ("from hub import tf",)),
)


@pytest.mark.parametrize(("hub", "used"), HANDING)
@pytest.mark.parametrize("text", WITHOUT_A_MAKER)
def test_tensorflow_that_another_file_hands_on_is_tensorflow(
    tmp_path: Path, hub: str, used: tuple[str, ...], text: str
) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "inner.py").write_text("import tensorflow as tf\n", encoding="utf-8")
    (tmp_path / "hub.py").write_text(hub, encoding="utf-8")
    path = str(tmp_path / "used.py")

    def codes(line: str, text: str) -> list[str]:
        text = f"{line}\n{text}\n"
        assert worth_parsing(text.encode(), path)
        return [found.rule.code for found in examine(text, path, Settings()).findings]

    expected = codes("import tensorflow as tf", text)
    for line in used:
        named = text if line.endswith("tf") else re.sub(r"\btf\b", "hub.tf", text)
        assert codes(line, named) == expected


@pytest.mark.parametrize("row", [*first.ROWS, *rebuilds.ROWS, *loops.ROWS, *trips.ROWS])
def test_the_screen_stops_nothing_that_has_a_reason(path: str, row: Row) -> None:
    text = f"import numpy as np\nimport tensorflow as tf\n\n{row.program}"
    assert _passes_the_screens(text, path)


class _Numbers(ast.NodeTransformer):
    """Takes the whole numbers of a program from another file."""

    def __init__(self) -> None:
        self.named: dict[int, str] = {}

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if type(node.value) is not int:
            return node
        name = self.named.setdefault(node.value, f"N{len(self.named)}")
        return ast.copy_location(ast.Name(name, ast.Load()), node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        return node

    def visit_MatchValue(self, node: ast.MatchValue) -> ast.pattern:
        return node


@pytest.mark.parametrize("row", [*first.ROWS, *rebuilds.ROWS, *loops.ROWS, *trips.ROWS])
def test_the_first_look_knows_the_numbers_of_another_file(tmp_path: Path, row: Row) -> None:
    numbers = _Numbers()
    program = ast.unparse(numbers.visit(ast.parse(row.program)))
    names = ", ".join(numbers.named.values())
    made = "".join(f"{name} = {number}\n" for number, name in numbers.named.items())
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "made.py").write_text(made, encoding="utf-8")
    head = "import numpy as np\nimport tensorflow as tf\n"
    text = f"{head}from made import {names}\n{program}\n" if names else f"{head}{program}\n"
    path = str(tmp_path / "used.py")
    source = SourceText.parse(text, path)
    everything = findings_in(source, Settings(), telling_imports(source.tree, path))
    found = analyse(source, Settings()) if worth_parsing(text.encode(), path) else []
    assert [each.rule for each in found] == [each.rule for each in everything]


def _passes_the_screens(text: str, path: str) -> bool:
    """Whether there is anything to find; if so, no screen may stop it, nor the first look."""
    source = SourceText.parse(text, path)
    found = _found(source, None)
    if found:
        assert worth_parsing(text.encode())
        assert worth_inferring(source.tree), "the tree screen"
        assert _found(source, relevance_of(source.tree).functions) == found, "the first look"
    return bool(found)


def _found(source: SourceText, relevant: Set[ast.AST] | None) -> list[tuple[str, int]]:
    """The candidates, where only these functions are gone into."""
    code = Code(source, infer(source.tree, Kind.KERAS3_VARIABLE, relevant=relevant))
    return [
        (candidate.rule.code, candidate.node.lineno)
        for family in FAMILIES
        for candidate in family.find(code)
    ]
