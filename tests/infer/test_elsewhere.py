"""What other code does to the variables of a module or class: then nothing is said of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tflint_slice.engine import Job, check
from tflint_slice.model import Applicability
from tflint_slice.outcome import Outcome
from tflint_slice.settings import Settings

HOME = """\
import tensorflow as tf
table = tf.Variable(tf.zeros([3]))
def put():
    table[0] = 1.0
class Model(tf.Module):
    def __init__(self):
        self.rows = tf.Variable(tf.zeros([3]))
    def put(self):
        self.rows[0] = 1.0
class Unrelated:
    ...
"""
TABLE, ROWS = 4, 9
"""The lines of the two stores."""

SWAP = "import numpy as np\ndef swap(m, name=None):\n    "
SUB = "from pkg.home import Model\nclass S(Model):\n    def __init__(self): "
SET = "def set(m): m.table = [0]\n"
MOCK = "from unittest import mock\nimport pkg.home as h\n"

MAKE = HOME + "def make(): return tf.Variable([1.0])\ndef use():\n    v = make()\n    v[0] = 1.0\n"
USE = 15

ROWS_FOUND = {
    # The table of the module is bound from elsewhere.
    "attribute": ({"b.py": "import pkg.home as h\nh.table = [0]\n"}, [ROWS]),
    "package-gives-another-name": (
        {
            "pkg/__init__.py": "from . import home as q\n",
            "b.py": "from pkg import q\nq.table = [0]\n",
        },
        [ROWS],
    ),
    "module-of-a-module": (
        {"b.py": "import pkg.home as m\n", "c.py": "import b\nb.m.table = [0]\n"},
        [ROWS],
    ),
    "setattr-of-any-name": (
        {"b.py": "import pkg.home as h\nfor n in names: setattr(h, n, 0)\n"},
        [ROWS],
    ),
    "vars": ({"b.py": "import pkg.home as h\nvars(h)['table'] = [0]\n"}, [ROWS]),
    "dict": ({"b.py": "import pkg.home as h\nh.__dict__.update(table=[0])\n"}, [ROWS]),
    "list-target": ({"b.py": "import pkg.home as h\n[x, h.table] = [1, [0]]\n"}, [ROWS]),
    "lines": ({"b.py": "import pkg.home as h\n(h.\n table # x\n ) = [0]\n"}, [ROWS]),
    "class-in-a-line": ({"b.py": "import pkg.home as h\nclass A(B): h.table = [0]\n"}, [ROWS]),
    "target-among-bases": (
        {"b.py": "import pkg.home as h\nclass A(*[B for h.table in [[0]]]): ...\n"},
        [ROWS],
    ),
    "target-in-a-call-among-bases": (
        {"b.py": "import pkg.home as h\nclass A(f(B for h.table in [[0]])): ...\n"},
        [ROWS],
    ),
    "text-like-a-class": (
        {"b.py": "import pkg.home as h\n'\\\nclass A('; h.table = [0]; f('):')\n"},
        [ROWS],
    ),
    "continued-line": ({"b.py": "import pkg.home as h\nh.\\\ntable = [0]\n"}, [ROWS]),
    "mock-alias": (
        {"b.py": "from unittest.mock import patch as p\np('pkg.home.table', [0])\n"},
        [ROWS],
    ),
    "mock-of-a-constant": ({"b.py": MOCK + "N = 'pkg.home.table'\nmock.patch(N, [0])\n"}, [ROWS]),
    "mock-of-an-f-string": ({"b.py": MOCK + "mock.patch(f'{N}.table', [0])\n"}, [ROWS]),
    "mock-by-keyword": ({"b.py": MOCK + "mock.patch(target='pkg.home.table')\n"}, [ROWS]),
    "mock-of-many": ({"b.py": MOCK + "mock.patch.multiple(h, **{'table': [0]})\n"}, [ROWS]),
    # The rows of the class are.
    "base-out-of-a-call": (
        {
            "b.py": "from pkg.home import Model\nB = pick(1, Model)\nclass S(B):\n"
            "    def __init__(self): self.rows = [0]\n"
        },
        [TABLE],
    ),
    "in-a-function": ({"b.py": SWAP + "m.rows = np.zeros(3)\n"}, [TABLE]),
    "setattr-in-a-function": ({"b.py": SWAP + "setattr(m, 'rows', np.zeros(3))\n"}, [TABLE]),
    "vars-of-an-instance": (
        {"b.py": "from pkg.home import Model\nm = Model()\nvars(m)['rows'] = [0]\n"},
        [],
    ),
    "object-of-another-file": (
        {
            "b.py": "from pkg.home import Model\nm = Model()\n",
            "c.py": "from b import m\nm.rows = [0]\n",
        },
        [TABLE],
    ),
    "held-by-a-subclass": ({"b.py": "class U(T):\n    def f(self): self.m.rows = [0]\n"}, [TABLE]),
    "base-under-another-name": (
        {
            "b.py": "from pkg.home import Model as Base\n",
            "c.py": "import b\nclass S(b.Base):\n    def __init__(self): self.rows = [0]\n",
        },
        [TABLE],
    ),
    "mixin": (
        {
            "b.py": "class First:\n    def __init__(self): self.rows = [0]\n"
            "class Mix(First): ...\n",
            "c.py": "from b import Mix\nfrom pkg.home import Model\nclass S(Mix, Model): ...\n",
        },
        [TABLE],
    ),
    "type": ({"b.py": "from pkg.home import Model\nS = type('S', (Model,), members)\n"}, []),
    "getattribute": (
        {"b.py": SUB + "...\n    def __getattribute__(self, name): return [0]\n"},
        [TABLE],
    ),
    "comment-among-the-bases": (
        {"b.py": SUB.replace("S(", "S(  # see (there):\n    ") + "self.rows = [0]\n"},
        [TABLE],
    ),
    "base-of-a-call": ({"b.py": SUB.replace("(Model)", "(f(Model))") + "self.rows = 0\n"}, [TABLE]),
    "base-of-a-list": (
        {"b.py": SUB.replace("class", "B = [Model]\nclass").replace("(Model)", "(B[0])")
         + "self.rows = 0\n"},
        [TABLE],
    ),
    "base-in-a-table": (
        {"b.py": SUB.replace("class", "m.table['B'] = Model\nclass").replace(
            "(Model)", "(m.table[0])") + "self.rows = 0\n"},
        [TABLE],
    ),
    "base-in-a-table-that-is-called-for": (
        {"b.py": SUB.replace("class", "m.made()['B'] = Model\nclass").replace(
            "(Model)", "(made()['B'])") + "self.rows = 0\n"},
        [TABLE],
    ),
    "base-in-a-table-that-is-given-on": (
        {"b.py": SUB.replace("class", "f(bases)['B'] = Model\nclass").replace(
            "(Model)", "(bases['B'])") + "self.rows = 0\n"},
        [TABLE],
    ),
    "base-among-others": (
        {"b.py": SUB.replace("class", "[A, *m.B] = A, Model\nclass").replace(
            "(Model)", "(B[0])") + "self.rows = 0\n"},
        [TABLE],
    ),
    "base-of-two-names": (
        {"b.py": SUB.replace("class", "A = B = Model\nclass").replace("(Model)", "(B)")
         + "self.rows = 0\n"},
        [TABLE],
    ),
    "base-of-a-name-with-its-type": (
        {"b.py": SUB.replace("class", "B: type = Model\nclass").replace("(Model)", "(B)")
         + "self.rows = 0\n"},
        [TABLE],
    ),
    "table-of-a-library": (
        {
            "b.py": "import tensorflow as tf\nfrom pkg.home import Model\n"
            "tf.keras.objects()['Model'] = Model\n",
            "c.py": "import tensorflow as tf\nclass S(tf.Module):\n"
            "    def __init__(self): self.rows = 0\n"
            "other = [tf.Other, S]\nclass T(other[1]):\n"
            "    def __init__(self): self.rows = 0\n",
        },
        [TABLE, ROWS],
    ),
    "base-by-condition": (
        {"b.py": SUB.replace("class", "B = Model if x else object\nclass").replace("(Model)", "(B)")
         + "self.rows = 0\n"},
        [TABLE],
    ),
    "constructor-replaced": (
        {
            "b.py": "def init(self): self.rows = [0]\n",
            "c.py": "import b\nx.Model.__init__ = b.init\n",
        },
        [TABLE],
    ),
    "variable-in-one-subclass": (
        {
            "b.py": "import tensorflow as tf\n"
            + SUB
            + "self.rows = tf.Variable([1.0])\n"
            + SUB.replace("S(", "T(")
            + "self.rows = [0]\n"
        },
        [TABLE],
    ),
    "one-attribute-in-a-function-another-in-a-subclass": (
        {
            "pkg/home.py": HOME.replace("rows[0]", "more[0] = self.rows[0]").replace(
                "self.rows =", "self.more = tf.Variable([1.0]); self.rows ="
            ),
            "b.py": SWAP + "m.more = 0\n",
            "c.py": SUB + "self.rows = [0]\n",
        },
        [TABLE],
    ),
    "setattr-of-a-subclass": (
        {"b.py": SUB + "...\n", "c.py": "from b import S\nfor n in names: setattr(S(), n, 0)\n"},
        [TABLE],
    ),
    "made-anew-in-another-way": ({"b.py": "import x\nx.Model.__reduce__ = f\n"}, [TABLE]),
    "made-by-type-under-a-name-that-is-made": (
        {"b.py": "from pkg.home import Model\nS = type(name(), (Model,), members)\n"},
        [],
    ),
    # A method of the class gets other objects.
    "method-borrowed": (
        {"b.py": "from pkg.home import Model\nclass O:\n    put = Model.put\n"},
        [TABLE],
    ),
    "method-of-a-module": ({"b.py": "import pkg.home as h\nO.put = h.Model.put\n"}, [TABLE]),
    "method-of-another-name": ({"b.py": "from pkg.home import Model as M\nf(M.put)\n"}, [TABLE]),
    "method-by-getattr": ({"b.py": "import pkg.home as h\nf(getattr(h.Model, 'put'))\n"}, [TABLE]),
    "method-of-a-type": (
        {"b.py": "from pkg.home import Model\nm = Model()\nf(type(m).put)\n"},
        [TABLE],
    ),
    "method-of-a-type-in-parentheses": (
        {"b.py": "from pkg.home import Model\nm = Model()\nf((type)  (m).put)\n"},
        [TABLE],
    ),
    "method-of-a-type-after-a-comment": (
        {"b.py": "from pkg.home import Model\nm = Model()\nf((type  # of: m\n)(m).put)\n"},
        [TABLE],
    ),
    "method-of-a-name-in-parentheses": (
        {"b.py": "from pkg.home import Model\nf((Model).put)\n"},
        [TABLE],
    ),
    "method-of-a-name-before-a-comment": (
        {"b.py": "from pkg.home import Model\nf(((Model  # the one\n ) ).put)\n"},
        [TABLE],
    ),
    "method-of-a-name-far-off": (
        {"b.py": f"from pkg.home import Model\nf((Model  #{' .' * 200}\n{' ' * 400}).put)\n"},
        [TABLE],
    ),
    "method-of-what-is-called": (
        {"b.py": SUB + "super().__init__()\n    def put(self): super(S, self).put()\n"},
        [TABLE, ROWS],
    ),
    "function-of-a-method": (
        {"b.py": "from pkg.home import Model\nm = Model()\nf(m.put.__func__)\n"},
        [TABLE],
    ),
    "method-of-a-subclass": (
        {"b.py": SUB + "...\n", "c.py": "from b import S\nclass O: put = S.put\n"},
        [TABLE],
    ),
    "method-called-on-another": (
        {"b.py": "from pkg.home import Model\nclass O:\n    def f(self): Model.put(self)\n"},
        [TABLE],
    ),
    "method-called-by-a-subclass": (
        {"b.py": SUB + "Model.__init__(self=self)\n    def put(self): Model.put(self)\n"},
        [TABLE, ROWS],
    ),
    "method-described": (
        {"b.py": "from pkg.home import Model\nx = Model.put.__doc__\n'Model.put'\n"},
        [TABLE, ROWS],
    ),
    "method-of-a-library": (
        {"b.py": "import tensorflow as tf\nx = tf.keras.Model.put\n"},
        [TABLE, ROWS],
    ),
    # A class may be derived from it that does not name it.
    "factory": (
        {
            "b.py": "def make(base):\n    class S(base):\n        def f(self): self.rows = 0\n",
            "c.py": "import b\nfrom pkg.home import Model\nb.make(Model)().put()\n",
        },
        [TABLE],
    ),
    "factory-of-a-method": (
        {
            "b.py": "class F:\n    def make(self):\n        class S(self.base):\n"
            "            def f(self): self.rows = 0\n",
        },
        [TABLE],
    ),
    "factory-by-type": (
        {"b.py": "def make(base):\n    return type('S', (base,), dict(rows=[0]))\n"},
        [TABLE],
    ),
    "loop-over-bases": (
        {"b.py": "for base in bases:\n    class S(base):\n        def f(self): self.rows = 0\n"},
        [TABLE],
    ),
    "factory-of-others": (
        {"b.py": "def make(base):\n    class S(base):\n        def f(self): self.other = 0\n"},
        [TABLE, ROWS],
    ),
    # The module is not named where its table is bound.
    "module-handed-out": (
        {"b.py": SET, "c.py": "import b\nimport pkg.home as h\nb.set(h)\n"},
        [ROWS],
    ),
    "module-in-a-list": (
        {"b.py": SET, "c.py": "import b, pkg.home\nfor m in [pkg.home]: b.set(m)\n"},
        [ROWS],
    ),
    "module-handed-to-setattr": (
        {
            "b.py": "def set(m): setattr(m, 'table', 0)\n",
            "c.py": "import b\nfrom pkg import home\nb.set(home)\n",
        },
        [ROWS],
    ),
    "import-of-a-sum": (
        {"b.py": "import importlib as i\ni.import_module('pkg.ho' + 'me').table = [0]\n"},
        [ROWS],
    ),
    "import-of-an-f-string": ({"b.py": "m = __import__(f'{a}.{b}')\nm.table = [0]\n"}, [ROWS]),
    "loaded-module": ({"b.py": "import sys\nfor m in sys.modules: m.table = [0]\n"}, [ROWS]),
    "only-a-part-handed-out": (
        {"b.py": SET, "c.py": "import b\nimport pkg.home as h\nb.set(h.Unrelated)\nh.put()\n"},
        [TABLE, ROWS],
    ),
    "parameter-of-that-name": (
        {"b.py": SET, "c.py": "import b\ndef f(home): b.set(home)\n"},
        [TABLE, ROWS],
    ),
    "attribute-out-of-ascii": (
        {
            "pkg/home.py": HOME.replace("table", "größe"),
            "b.py": "import pkg.home as h\nh.größe = [0]\n",
        },
        [ROWS],
    ),
    "module-under-a-name-out-of-ascii": (
        {"b.py": "import pkg.home as größe\n", "c.py": "from b import größe\ngröße.table = [0]\n"},
        [ROWS],
    ),
    # Python reads full-width letters of names as plain ones.
    "module-in-full-width": ({"b.py": "import pkg.ｈome as h\nh.table = [0]\n"}, [ROWS]),
    "attribute-in-full-width": ({"b.py": "import pkg.home as h\nh.ｔable = [0]\n"}, [ROWS]),
    "base-in-full-width": (
        {"b.py": SUB.replace("Model", "Ｍodel") + "self.rows = [0]\n"},
        [TABLE],
    ),
    "stored-in-full-width": ({"b.py": SWAP + "m.ｒows = np.zeros(3)\n"}, [TABLE]),
    # One file binds one name, another one another name.
    "no-function-by-setattr-of-any-name": (
        {
            "pkg/home.py": MAKE,
            "a.py": "import pkg.home as h\nfor n in names: setattr(h, n, 0)\n",
        },
        [ROWS, USE],
    ),
    "setattr-of-any-name-and-a-function-by-name": (
        {
            "pkg/home.py": MAKE,
            "a.py": "import pkg.home as h\nfor n in names: setattr(h, n, 0)\n",
            "b.py": "import pkg.home as h\nh.make = list\n",
        },
        [ROWS],
    ),
    "function-by-name-and-setattr-of-any-name": (
        {
            "pkg/home.py": MAKE,
            "a.py": "import pkg.home as h\nh.make = list\n",
            "b.py": "import pkg.home as h\nfor n in names: setattr(h, n, 0)\n",
        },
        [ROWS],
    ),
    "attribute-and-function-by-name": (
        {
            "pkg/home.py": MAKE,
            "a.py": "import pkg.home as h\nh.table = 0\n",
            "b.py": "import pkg.home as h\nh.make = list\n",
        },
        [ROWS],
    ),
    "function-by-name-and-a-module-handed-out": (
        {
            "pkg/home.py": MAKE,
            "a.py": "import pkg.home as h\nh.make = list\n",
            "b.py": SET,
            "c.py": "import b\nimport pkg.home as h\nb.set(h)\n",
        },
        [ROWS],
    ),
    # Nothing of the sort.
    "another-attribute": ({"b.py": "import pkg.home as h\nh.other = [0]\n"}, [TABLE, ROWS]),
    "another-class": ({"b.py": "class C:\n    def f(self): self.rows = [0]\n"}, [TABLE, ROWS]),
    "a-module-that-names-neither": ({"b.py": "thing.table = [0]\n"}, [TABLE, ROWS]),
    "reads": ({"b.py": "import pkg.home as h\nprint(h.table, m.rows == 1)\n"}, [TABLE, ROWS]),
    "mock-of-others": ({"b.py": MOCK + "mock.patch('pkg.home.other', [0])\n"}, [TABLE, ROWS]),
    "patches-of-images": (
        {"b.py": "import pkg.home\nextract_patches(images=x, rows=y, table=z)\n"},
        [TABLE, ROWS],
    ),
    "subclass-of-another": (
        {"b.py": SUB.replace("Model", "Unrelated") + "self.rows = 0\n"},
        [TABLE, ROWS],
    ),
}  # fmt: skip


def looked_at(folder: Path, name: str, files: dict[str, str]) -> Outcome:
    """What is said of one file of a project."""
    for each, text in {"pyproject.toml": "", "pkg/__init__.py": "", **files}.items():
        path = folder / each
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    outcome = check(Job(str(folder / name), Settings(), (folder / name).read_bytes()))
    assert not outcome.failures
    return outcome


def found(folder: Path, name: str, files: dict[str, str]) -> list[int]:
    """The rows of findings in one file of a project."""
    return [finding.start.row for finding in looked_at(folder, name, files).left]


@pytest.mark.parametrize(
    ("files", "expected"), [pytest.param(*r, id=i) for i, r in ROWS_FOUND.items()]
)
def test_what_other_files_bind(tmp_path: Path, files: dict[str, str], expected: list[int]) -> None:
    assert found(tmp_path, "pkg/home.py", {"pkg/home.py": HOME, **files}) == expected


HANDED_ON = """\
import tensorflow as tf
table = tf.Variable(tf.zeros([3]))
def same(given): return given
class Model(tf.Module):
    def __init__(self):
        self.rows = same(table)
    def put(self):
        self.rows.assign(tf.tensor_scatter_nd_update(self.rows, [[1]], [2.0]))
"""


@pytest.mark.parametrize(
    ("text", "applicability"),
    [
        pytest.param("import pkg.home as h\nh.table = 0\n", Applicability.UNSAFE, id="bound"),
        pytest.param("import pkg.home as h\nprint(h.table)\n", Applicability.SAFE, id="read"),
    ],
)
def test_what_other_files_bind_of_what_a_function_answers_with(
    tmp_path: Path, text: str, applicability: Applicability
) -> None:
    files = {"pkg/home.py": HANDED_ON, "b.py": text}
    (finding,) = looked_at(tmp_path, "pkg/home.py", files).left
    assert finding.fix is not None
    assert finding.fix.applicability is applicability


ITSELF = {
    "absolute": "import pkg.home as me\ndef f(): me.table = [0]\n",
    "relative": "from . import home\nhome.table = [0]\n",
    "of-the-package": "import pkg\npkg.home.table = [0]\n",
    "class": "import pkg.home as me\nme.table = me.Model = dict\n",
}


@pytest.mark.parametrize("text", [pytest.param(t, id=i) for i, t in ITSELF.items()])
def test_what_a_file_binds_of_itself(tmp_path: Path, text: str) -> None:
    assert TABLE not in found(tmp_path, "pkg/home.py", {"pkg/home.py": HOME + text})


EDIT = "import sys\nsys.path.insert(0, 'lib')\n"
READ = "import config\nconfig.table[0] = 1.0\n"
OTHER = {"lib/config.py": "table = [0]\n"}
PATHS = {
    # Which of two modules is meant, depends on the order of the path.
    "insert": ({**OTHER, "b.py": EDIT}, 0),
    "in-the-file-itself": ({**OTHER, "a.py": EDIT + READ}, 0),
    "slice": ({**OTHER, "b.py": "import sys\nsys.path[:0] = ['lib']\n"}, 0),
    "assigned": ({**OTHER, "b.py": "import sys\nsys.path = ['lib', *sys.path]\n"}, 0),
    "added": ({**OTHER, "b.py": "import sys\nsys.path += ['lib']\n"}, 0),
    "from-sys": ({**OTHER, "b.py": "from sys import path\npath.append('lib')\n"}, 0),
    "package": ({"lib/config/__init__.py": "table = [0]\n", "b.py": EDIT}, 0),
    # What goes by its name is another module.
    "replaced": ({"b.py": "import sys, d\nsys.modules['config'] = d\n"}, 0),
    "replaced-in-a-package": (
        {
            "pkg/config.py": HOME,
            "b.py": "from sys import modules\nmodules['pkg.config'] = 0\n",
            "a.py": "from pkg import config\nconfig.table[0] = 1.0\n",
        },
        0,
    ),
    "another-module-replaced": ({"b.py": "import sys, d\nsys.modules['c'] = d\n"}, 1),
    "modules-only-read": ({"b.py": "import sys\nprint(sys.modules['config'])\n"}, 1),
    # There are not two, or nothing is said of the path.
    "one-module": ({"b.py": EDIT}, 1),
    "inside-a-package": (
        {
            "b.py": EDIT,
            "lib/config.py": "",
            "pkg/config.py": "import tensorflow as tf\ntable = tf.Variable([1.0])\n",
            "a.py": "from pkg import config\nconfig.table[0] = 1.0\n",
        },
        1,
    ),
    "path-only-read": ({**OTHER, "b.py": "import sys\nprint(sys.path)\n"}, 1),
}


@pytest.mark.parametrize(("files", "count"), [pytest.param(*r, id=i) for i, r in PATHS.items()])
def test_which_module_is_meant(tmp_path: Path, files: dict[str, str], count: int) -> None:
    assert len(found(tmp_path, "a.py", {"a.py": READ, "config.py": HOME, **files})) == count


FAKE = "import tensorflow as tf\nclass Fake: ...\n"
LIBRARIES = {
    # Then a variable may be something else.
    "variable": (FAKE + "tf.Variable = Fake\n", Applicability.UNSAFE),
    "restored": (FAKE + "try:\n    tf.Variable = Fake\nfinally: ...\n", Applicability.UNSAFE),
    "setattr": (FAKE + "setattr(tf, 'Variable', Fake)\n", Applicability.UNSAFE),
    "method": (FAKE + "tf.Variable.__setitem__ = put\n", Applicability.UNSAFE),
    "of-another-name": (
        "from tensorflow.python.ops import variables as V\nV.Variable = 0\n",
        Applicability.UNSAFE,
    ),
    "handed-on": ("from b import tf\ntf.zeros = 0\n", Applicability.UNSAFE),
    # Then 1 + 1.5 is a float64, and a tensor has other items.
    "numpy-behavior": (
        "import tensorflow.experimental.numpy as np\nnp.experimental_enable_numpy_behavior()\n",
        Applicability.UNSAFE,
    ),
    "check-numerics": (
        "import tensorflow as tf\ntf.debugging.enable_check_numerics()\n",
        Applicability.UNSAFE,
    ),
    "variable-creator": (
        "import tensorflow as tf\nwith tf.variable_creator_scope(make):\n    import pkg.home\n",
        Applicability.UNSAFE,
    ),
    "errors-of-numpy": ("import numpy as np\nnp.seterr(over='raise')\n", Applicability.UNSAFE),
    "warnings-of-numpy": ("import numpy as np\nnp.seterr(over='ignore')\n", Applicability.SAFE),
    # Only for a while, or of something else.
    "mock": (
        "from unittest import mock\n@mock.patch('tensorflow.Variable')\ndef test(V): ...\n",
        Applicability.SAFE,
    ),
    "monkeypatch": (
        FAKE + "def test(monkeypatch): monkeypatch.setattr(tf, 'Variable', Fake)\n",
        Applicability.SAFE,
    ),
    "other-names": (FAKE + "tf.math.expm1 = Fake\ntf.keras = 0\n", Applicability.SAFE),
    "other-owner": (FAKE + "self.tf.Variable = thing.fill = 0\n", Applicability.SAFE),
    "in-a-string": (FAKE + "'tf.Variable = Fake'\n", Applicability.SAFE),
}


@pytest.mark.parametrize(
    ("text", "expected"), [pytest.param(*r, id=i) for i, r in LIBRARIES.items()]
)
def test_what_other_files_make_of_libraries(
    tmp_path: Path, text: str, expected: Applicability
) -> None:
    outcome = looked_at(tmp_path, "pkg/home.py", {"pkg/home.py": HOME, "b.py": text})
    fixes = [finding.fix.applicability for finding in outcome.left if finding.fix is not None]
    assert fixes == [expected] * 2


USES = {
    "setattr": "import pkg.home as h\nsetattr(h, 'table', [0])\nh.table[0] = 1.0\n",
    "setattr-before-import": (
        "import pkg.home as h\nsetattr(h, 'table', [0])\nfrom pkg.home import table\n"
        "table[0] = 1.0\n"
    ),
    "attribute-before-import": (
        "import pkg.home as h\nh.table = [0]\nfrom pkg.home import table\ntable[0] = 1.0\n"
    ),
    "dict": "import pkg.home as h\nh.__dict__['table'] = [0]\nh.table[0] = 1.0\n",
    "mock": MOCK + "with mock.patch('pkg.home.table', [0]):\n    h.table[0] = 1.0\n",
    "mock-decorator": MOCK
    + "@mock.patch.object(h, 'table', [0])\ndef t():\n    h.table[0] = 1.0\n",
    "monkeypatch": (
        "import pkg.home as h\ndef t(monkeypatch):\n    monkeypatch.setattr(h, 'table', [0])\n"
        "    h.table[0] = 1.0\n"
    ),
    "module-getattr": "import pkg.lazy as h\nh.table[0] = 1.0\n",
    "walrus-in-a-default": "from pkg.walrus import table\ntable[0] = 1.0\n",
    "walrus-in-a-decorator": "from pkg.decorated import table\ntable[0] = 1.0\n",
    "walrus-in-a-base": "from pkg.derived import table\ntable[0] = 1.0\n",
    "base-that-leads-nowhere": (
        "from mix import Mix\nfrom pkg.home import Model\nclass S(Mix, Model):\n"
        "    def f(self): self.rows[0] = 1.0\n"
    ),
    "base-of-a-class-elsewhere": "from pkg.mixed import S\nS().rows[0] = 1.0\n",
    "own-variable": (
        "import tensorflow as tf\nfrom unittest import mock\nv = tf.Variable([1.0])\n"
        "with mock.patch('__main__.v', [0]):\n    v[0] = 1.0\n"
    ),
    "own-method": (
        "import tensorflow as tf\nfrom unittest import mock\nclass A:\n"
        "    def make(self): return tf.Variable([1.0])\n"
        "    def f(self):\n        v = self.make()\n        v[0] = 1.0\n"
        "with mock.patch.object(A, 'make', return_value=[0]):\n    A().f()\n"
    ),
    "own-library": (
        "import tensorflow as tf\nfrom unittest import mock\n"
        "with mock.patch.object(tf, 'Variable', list):\n    v = tf.Variable([1.0])\n"
        "    v[0] = 1.0\n"
    ),
}
MODULES = {
    "pkg/home.py": HOME,
    "pkg/lazy.py": HOME.replace("table =", "if x:\n    table =")
    + "def __getattr__(name): return [0]\n",
    "pkg/walrus.py": "from pkg.home import table\ndef f(x=(table := [0])): ...\n",
    "pkg/decorated.py": "from pkg.home import table\n@(table := f)\ndef g(): ...\n",
    "mix.py": "class Mix:\n    def __init__(self): self.rows = [0]\n",
    "pkg/mixed.py": "from mix import Mix\nfrom .home import Model\nclass S(Mix, Model): ...\n",
    "pkg/derived.py": "from pkg.home import table\nclass C(f(table := [0])): ...\n",
}


@pytest.mark.parametrize("text", [pytest.param(t, id=i) for i, t in USES.items()])
def test_what_the_file_itself_binds(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, "a.py", {**MODULES, "a.py": text}) == []


MAKER = (
    "import tensorflow as tf\nclass A(tf.Module):\n    def make(self): return tf.Variable([1.0])\n"
    "    def f(self):\n        v = self.make()\n        v[0] = 1.0\n"
)
MADE = {
    "method": ("class S(base):\n        def make(self): return [0]\n", []),
    "class-attribute": ("class S(base):\n        make = list\n", []),
    "type": ("return type('S', (base,), {'make': list})\n", []),
    "other-methods": ("class S(base):\n        def maker(self): return [0]\n", [6]),
}


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*r, id=i) for i, r in MADE.items()])
def test_what_factories_make(tmp_path: Path, text: str, expected: list[int]) -> None:
    files = {"a.py": MAKER, "b.py": f"def sub(base):\n    {text}"}
    assert found(tmp_path, "a.py", files) == expected


CLASS = (
    "import tensorflow as tf\nclass A(tf.Module):\n"
    "    def __init__(self): self.v = tf.Variable([1.0])\n"
    "    def put(self): self.v[0] = 1.0\n    def get(self): return self.v\n"
)
STILL_KNOWN = {
    "method-of-a-base": CLASS + "class B(A):\n    def put(self): A.put(self)\n",
    "method-of-its-type": CLASS + "    def again(self): type(self).put(self)\n",
    "getter": CLASS + "    value = property(get)\n",
    "bound-method": CLASS + "run(A().put)\n",
    "another-name-replaced": CLASS + "def t(monkeypatch): monkeypatch.setattr(x, 'w', 0)\n",
    "type-asked-for": CLASS + "print(type(A()))\n",
    "function-for-patches": CLASS + "extract_patches(v=1, padding='v')\n",
}


@pytest.mark.parametrize("text", [pytest.param(t, id=i) for i, t in STILL_KNOWN.items()])
def test_what_changes_nothing(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, "a.py", {"a.py": text}) == [4]
