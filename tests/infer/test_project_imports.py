"""Facts of other files of a project: what is found with them, and what stays unknown."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tflint_slice.analysis import analyse
from tflint_slice.engine import Job, check
from tflint_slice.files.discovery import Target
from tflint_slice.runs import check_files
from tflint_slice.settings import Settings
from tflint_slice.syntax.source import SourceText

LAYERS = """\
import tensorflow as tf
class Base(tf.Module):
    def __init__(self):
        self.table = tf.Variable(tf.zeros([4, 3]))
    def fetch(self):
        return self.table
def make():
    return tf.Variable(tf.zeros([7]))
"""
STATE = """\
import tensorflow as tf
table = tf.Variable(tf.zeros([10]))
rows = [1, 2]
"""
PACKAGE = {
    "pyproject.toml": "",
    "pkg/__init__.py": "",
    "pkg/layers.py": LAYERS,
    "pkg/state.py": STATE,
    "pkg/größe.py": STATE,
}

FOUND = {
    "name-of-a-module": "from pkg.state import table\ntable[0] = 1.0\n",
    "name-under-another": "from pkg.state import table as t\nt[0] = 1.0\n",
    "relative": "from .state import table\ntable[0] = 1.0\n",
    "module": "import pkg.state\npkg.state.table[0] = 1.0\n",
    "module-under-another-name": "import pkg.state as st\nst.table[0] = 1.0\n",
    "module-of-the-package": "from . import state\nstate.table[0] = 1.0\n",
    "module-from-the-package": "from pkg import state as st\nst.table[0] = 1.0\n",
    "star": "from .state import *\ntable[0] = 1.0\n",
    "in-a-function": "from .state import table\ndef f():\n    table[0] = 1.0\n",
    "imported-in-a-function": "def f():\n    from .state import table\n    table[0] = 1.0\n",
    "in-brackets": "from .state import (  # (\n    rows,\n    table,\n)\ntable[0] = 1.0\n",
    "on-two-lines": "from .state \\\n    import table\ntable[0] = 1.0\n",
    "after-a-form-feed": "from\f.state\fimport\ftable\ntable[0] = 1.0\n",
    "behind-another": "import os; from .state import table; table[0] = 1.0\n",
    "below-a-comment": ("# from os import (\nfrom .state import table\nprint()\ntable[0] = 1.0\n"),
    "name-beyond-ascii": "from .größe import table\ntable[0] = 1.0\n",
    "method": "from .state import table\ntable[0:1][0].assign(1.0)\n",
    "base-class": (
        "from .layers import Base\nclass Child(Base):\n    def put(self):\n"
        "        self.table[1] = 2.0\n"
    ),
    "base-class-of-a-module": (
        "from . import layers\nclass Child(layers.Base):\n    def put(self):\n"
        "        self.table[1] = 2.0\n"
    ),
    "instance": "from .layers import Base\nm = Base()\nm.table[0] = 1.0\n",
    "annotation": "from .layers import Base\ndef f(m: Base):\n    m.table[0] = 1.0\n",
    "annotation-in-a-string": 'from .layers import Base\ndef f(m: "Base"):\n    m.table[0] = 1.0\n',
    "function": "from .layers import make\nm = make()\nm[1] = 2.0\n",
    "function-of-a-module": "import pkg.layers as layers\nm = layers.make()\nm[1] = 2.0\n",
    "method-of-a-class": "from .layers import Base\nm = Base().fetch()\nm[1] = 2.0\n",
}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def rows(path: Path) -> list[tuple[str, int]]:
    """What is found in a file, by code and row, with all the screens before it."""
    outcome = check(Job(str(path), Settings(), path.read_bytes()))
    assert not outcome.failures
    return [(finding.rule.code, finding.start.row) for finding in outcome.left]


@pytest.mark.parametrize("text", [pytest.param(t, id=i) for i, t in FOUND.items()])
def test_a_variable_of_another_file_is_known(tmp_path: Path, text: str) -> None:
    write(tmp_path, {**PACKAGE, "pkg/use.py": text})
    last = text.count("\n")
    assert [row for _, row in rows(tmp_path / "pkg/use.py")] == [last]


USE = "from pkg.state import table\ntable[0] = 1.0\n"
CHILD = "from pkg.layers import Base\nclass Child(Base):\n    def put(self):\n        self.table[1] = 2.0\n"
REACHED = {
    "re-export": (
        {
            "pkg/__init__.py": "from .state import table\n",
            "a.py": "from pkg import table\ntable[0] = 1.0\n",
        },
        1,
    ),
    "two-re-exports": (
        {
            "pkg/__init__.py": "from .inner import table as t\n",
            "pkg/inner/__init__.py": "from ..state import table\n",
            "a.py": "import pkg\npkg.t[0] = 1.0\n",
        },
        1,
    ),
    "upwards": (
        {"pkg/sub/__init__.py": "", "pkg/sub/a.py": "from ..state import table\ntable[0] = 1.0\n"},
        1,
    ),
    "src-layout": (
        {
            "src/q/__init__.py": "",
            "src/q/state.py": STATE,
            "a.py": "from q.state import table\ntable[0] = 1.0\n",
        },
        1,
    ),
    "beside-a-script": (
        {"run/held.py": STATE, "run/a.py": "from held import table\ntable[0] = 1.0\n"},
        1,
    ),
    "namespace-package": (
        {"ns/held.py": STATE, "a.py": "import ns.held\nns.held.table[0] = 1.0\n"},
        1,
    ),
    "grandparent": (
        {
            "pkg/mid.py": "from .layers import Base\nclass Mid(Base):\n    pass\n",
            "a.py": CHILD.replace("layers", "mid").replace("Base", "Mid"),
        },
        1,
    ),
    "instance-held-by-a-module": (
        {
            "pkg/held.py": "from .layers import Base\nmodel = Base()\n",
            "a.py": "from pkg.held import model\nmodel.table[0] = 1.0\n",
        },
        1,
    ),
    "cycle": (
        {
            "pkg/one.py": "from . import two\nimport tensorflow as tf\nw = tf.Variable([1.0, 2.0])\ndef f():\n    two.x[0] = 1.0\n",
            "a.py": "from pkg.two import x\nx[0] = 1.0\n",
            "pkg/two.py": "from . import one\nimport tensorflow as tf\nx = tf.Variable([1.0])\ndef g():\n    one.w[0] = 1.0\n",
        },
        1,
    ),
    "missing-module": ({"a.py": "from pkg.nothing import table\ntable[0] = 1.0\n"}, 0),
    "broken-module": ({"pkg/state.py": STATE + "def (\n", "a.py": USE}, 0),
    "outside-of-the-project": ({"a.py": "from ... import state\nstate.table[0] = 1.0\n"}, 0),
    "two-modules-of-the-name": (
        {"src/pkg/__init__.py": "", "src/pkg/state.py": STATE, "a.py": USE},
        0,
    ),
    "hidden-by-a-library": (
        {
            "numpy/__init__.py": "",
            "numpy/state.py": STATE,
            "a.py": "from numpy.state import table\ntable[0] = 1.0\n",
        },
        0,
    ),
    "rebound-by-global": (
        {"pkg/state.py": STATE + "def f():\n    global table\n    table = []\n", "a.py": USE},
        0,
    ),
    "rebound-in-its-module": ({"pkg/state.py": STATE + "table = wrap(table)\n", "a.py": USE}, 0),
    "rebound-from-elsewhere": ({"b.py": "import pkg.state as s\ns.table = [1]\n", "a.py": USE}, 0),
    "rebound-here": ({"a.py": "import pkg.state as s\ns.table = [1]\ns.table[0] = 2\n"}, 0),
    "patched-in-a-test": (
        {"t.py": 'def f(mocker):\n    mocker.patch("pkg.state.table")\n', "a.py": USE},
        0,
    ),
    "names-not-to-be-seen": ({"pkg/state.py": STATE + 'globals()["table"] = []\n', "a.py": USE}, 0),
    "not-in-all": (
        {
            "pkg/state.py": STATE + '__all__ = ["rows"]\n',
            "a.py": "from pkg.state import *\ntable[0] = 1\n",
        },
        0,
    ),
    "list-of-a-module": ({"a.py": "from pkg.state import rows\nrows[0] = 1\n"}, 0),
    "no-variable-after-all": (
        {"pkg/state.py": STATE.replace("tf.Variable(tf.zeros([10]))", "[0.0]"), "a.py": USE},
        0,
    ),
    "decorated-function": (
        {
            "pkg/layers.py": LAYERS.replace("def make", "@cached\ndef make"),
            "a.py": "from pkg.layers import make\nm = make()\nm[1] = 2.0\n",
        },
        0,
    ),
    "dynamic-class": (
        {
            "pkg/layers.py": LAYERS.replace(
                "    def fetch", "    def __setattr__(self, name, value): ...\n    def fetch"
            ),
            "a.py": CHILD,
        },
        0,
    ),
    "bound-by-the-subclass": (
        {"a.py": CHILD + "    def build(self):\n        self.table = [1.0]\n"},
        0,
    ),
    "bound-by-its-user": (
        {"a.py": "from pkg.layers import Base\nm = Base()\nm.table = [1.0]\nm.table[0] = 2.0\n"},
        0,
    ),
    "sibling-binds-its-own": (
        {
            "a.py": CHILD,
            "b.py": "from pkg.layers import Base\nclass Other(Base):\n    def build(self):\n        self.table = []\n",
        },
        1,
    ),
    "name-taken-by-a-function": (
        {"a.py": USE.replace("table[0]", "def table(): ...\ntable[0]")},
        0,
    ),
}


@pytest.mark.parametrize(("files", "count"), [pytest.param(*r, id=i) for i, r in REACHED.items()])
def test_what_is_known_of_other_files(tmp_path: Path, files: dict[str, str], count: int) -> None:
    write(tmp_path, {**PACKAGE, **files})
    name = next(name for name in files if name.endswith("a.py"))
    assert len(rows(tmp_path / name)) == count


HUB = "import tensorflow as tf\n"
MAYBE = "try:\n    import tensorflow as tf\nexcept ImportError:\n    {}\n"
BY_NAME = "from hub import tf\nv = tf.Variable([1.0])\nt = tf.zeros([3])\nv[0] = t[0] = 1.0\n"
BY_MODULE = "import hub\nv = hub.tf.Variable([1.0])\nt = hub.tf.zeros([3])\nv[0] = t[0] = 1.0\n"
HANDED_ON = {
    "by-name": ({"hub.py": HUB, "a.py": BY_NAME}, 2),
    "by-module": ({"hub.py": HUB, "a.py": BY_MODULE}, 2),
    "under-another-name": (
        {
            "hub.py": HUB,
            "a.py": BY_NAME.replace("tf.", "T.").replace("import tf", "import tf as T"),
        },
        2,
    ),
    "under-its-own": (
        {
            "hub.py": "import tensorflow\n",
            "a.py": BY_NAME.replace("import tf", "import tensorflow as tf"),
        },
        2,
    ),
    "of-version-1": ({"hub.py": "import tensorflow.compat.v1 as tf\n", "a.py": BY_NAME}, 2),
    "by-the-package": (
        {"pkg/__init__.py": HUB, "pkg/a.py": BY_NAME.replace("from hub", "from .")},
        2,
    ),
    "by-a-file-beside": (
        {"pkg/hub.py": HUB, "pkg/a.py": BY_NAME.replace("from hub", "from .hub")},
        2,
    ),
    "by-two-files": ({"hub.py": "from hull import tf\n", "hull.py": HUB, "a.py": BY_NAME}, 2),
    "by-a-star": ({"hub.py": HUB, "a.py": BY_NAME.replace("import tf", "import *")}, 2),
    "or-nothing": ({"hub.py": MAYBE.format("tf = None"), "a.py": BY_NAME}, 2),
    "or-no-name": ({"hub.py": MAYBE.format("pass"), "a.py": BY_NAME}, 2),
    "by-a-function": (
        {
            "hub.py": "def load():\n    import tensorflow as _tf\n    return _tf\ntf = load()\n",
            "a.py": BY_NAME,
        },
        2,
    ),
    "or-another-library": ({"hub.py": MAYBE.format("import fake as tf"), "a.py": BY_NAME}, 0),
    "or-another-version": (
        {"hub.py": MAYBE.format("import tensorflow.compat.v1 as tf"), "a.py": BY_NAME},
        0,
    ),
    "bound-again": ({"hub.py": HUB + "tf = wrap(tf)\n", "a.py": BY_NAME}, 0),
    "deleted": ({"hub.py": HUB + "del tf\n", "a.py": BY_NAME}, 0),
    "bound-by-a-function": (
        {"hub.py": HUB + "def f():\n    global tf\n    tf = fake\n", "a.py": BY_NAME},
        0,
    ),
    "bound-from-elsewhere": (
        {"hub.py": HUB, "b.py": "import hub\nhub.tf = fake\n", "a.py": BY_NAME},
        0,
    ),
    "bound-here": ({"hub.py": HUB, "a.py": "import hub\nhub.tf = fake\n" + BY_MODULE}, 0),
    "patched-in-a-test": (
        {"hub.py": HUB, "t.py": 'def f(mocker):\n    mocker.patch("hub.tf")\n', "a.py": BY_NAME},
        0,
    ),
    "names-not-to-be-seen": (
        {"hub.py": HUB + 'globals()["tf"] = fake\n', "a.py": BY_NAME},
        0,
    ),
    "module-of-the-name": (
        {
            "pkg/__init__.py": HUB,
            "pkg/tf.py": "",
            "a.py": BY_NAME.replace("from hub", "from pkg"),
        },
        0,
    ),
    "two-files-of-the-name": ({"hub.py": HUB, "src/hub.py": "tf = fake\n", "a.py": BY_NAME}, 0),
    "of-a-function-of-the-file": (
        {"hub.py": "def f():\n    import tensorflow as tf\n", "a.py": BY_NAME},
        0,
    ),
    "another-library": ({"hub.py": "import fake as tf\n", "a.py": BY_NAME}, 0),
    "library-of-the-project": (
        {"tfs/__init__.py": "", "hub.py": "import tfs as tf\n", "a.py": BY_NAME},
        0,
    ),
}


@pytest.mark.parametrize(("files", "count"), [pytest.param(*r, id=i) for i, r in HANDED_ON.items()])
def test_tensorflow_is_known_where_another_file_hands_it_on(
    tmp_path: Path, files: dict[str, str], count: int
) -> None:
    write(tmp_path, {"pyproject.toml": "", **files})
    name = next(name for name in files if name.endswith("a.py"))
    assert len(rows(tmp_path / name)) == count


DOUBTED = {
    "subclass-binds-a-list": ("self.table = []", None),
    "subclass-makes-a-variable": ("self.table = tf.Variable([1.0])", "unknown-rank"),
    "subclass-binds-another": ("self.other = []", "safe"),
    "subclass-by-setattr": ("setattr(self, name, 1)", None),
}


@pytest.mark.parametrize(
    ("store", "expected"), [pytest.param(*r, id=i) for i, r in DOUBTED.items()]
)
@pytest.mark.parametrize("steps", [1, 2])
def test_a_subclass_elsewhere_may_bind_an_attribute(
    tmp_path: Path, store: str, expected: str | None, steps: int
) -> None:
    own = LAYERS + "def f():\n    m = Base()\n    m.table[0, 1] = 1.0\n"
    child = f"    def build(self, name):\n        {store}\n"
    files = {"b.py": f"from pkg.layers import Base as B\nclass Child(B):\n{child}"}
    if steps == 2:
        files = {
            "b.py": "from pkg import layers\nclass Mid(layers.Base): ...\n",
            "c.py": f"from b import Mid\nclass Last(Mid):\n{child}",
        }
    write(tmp_path, {**PACKAGE, "pkg/layers.py": own, **files})
    path = tmp_path / "pkg/layers.py"
    found = check(Job(str(path), Settings(), path.read_bytes())).left
    if expected is None:
        assert not found
        return
    (finding,) = found
    if expected == "safe":
        assert finding.fix is not None
        assert finding.reason is None
    else:
        assert finding.reason is not None
        assert finding.reason.value == expected


def test_a_constant_of_another_file_is_an_index(tmp_path: Path) -> None:
    use = (
        "import tensorflow as tf\nfrom pkg.sizes import N\nv = tf.Variable(tf.zeros([5]))\n"
        "v[N] = 1.0\n"
    )
    write(tmp_path, {**PACKAGE, "pkg/sizes.py": "N = 3\n", "a.py": use})
    (finding,) = check(Job(str(tmp_path / "a.py"), Settings(), use.encode())).left
    assert finding.reason is None
    write(tmp_path, {"b.py": "import pkg.sizes\npkg.sizes.N = 1\n"})
    (finding,) = check(Job(str(tmp_path / "a.py"), Settings(), use.encode())).left
    assert finding.reason is not None


@pytest.mark.parametrize(
    "order", [pytest.param(p, id="".join(p)) for p in itertools.permutations("abc")]
)
def test_the_order_of_files_does_not_matter(tmp_path: Path, order: tuple[str, ...]) -> None:
    files = {
        "a.py": "import tensorflow as tf\nfrom b import B\nclass A(tf.Module):\n"
        "    def __init__(self):\n        self.v = tf.Variable([1.0])\n"
        "    def f(self):\n        self.v[0] = 1.0\ndef g():\n    B().w[0] = 2.0\n",
        "b.py": "import tensorflow as tf\nimport a\nclass B(a.A):\n"
        "    def f(self):\n        self.w = tf.Variable([1.0])\n        self.v[0] = 1.0\n",
        "c.py": "from b import B\nb = B()\nb.v[0] = 1.0\nb.w[0] = 1.0\n",
    }
    write(tmp_path, {"pyproject.toml": "", **files})
    found = {name: rows(tmp_path / f"{name}.py") for name in order}
    assert {name: len(each) for name, each in found.items()} == {"a": 2, "b": 1, "c": 2}


@pytest.mark.parametrize("text", [pytest.param(t, id=i) for i, t in FOUND.items()])
def test_what_a_run_has_screened_rests_on_the_same(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pkg/use.py"
    write(tmp_path, {**PACKAGE, "pkg/use.py": text})
    (outcome,) = check_files([Target(str(path), Settings())])
    assert outcome.left
    assert outcome.rests == check(Job(str(path), Settings(), text.encode())).rests


def test_standard_input_is_where_its_name_says(tmp_path: Path) -> None:
    write(tmp_path, PACKAGE)
    text = FOUND["relative"]
    named, unnamed = tmp_path / "pkg/new.py", tmp_path / "new.py"
    assert check(Job(str(named), Settings(), text.encode())).left
    assert not check(Job(str(unnamed), Settings(), text.encode())).left


@pytest.mark.parametrize("text", [pytest.param(t, id=i) for i, t in FOUND.items()])
def test_the_screen_of_trees_leaves_no_import_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """Findings are those of a look at everything."""
    from tflint_slice import analysis

    write(tmp_path, {**PACKAGE, "pkg/use.py": text})
    source = SourceText.parse(text, str(tmp_path / "pkg/use.py"))
    screened = analyse(source, Settings())
    monkeypatch.setattr(analysis, "imports_of_stores", analysis.telling_imports)
    assert analyse(source, Settings()) == screened
