"""Results that are kept from run to run: used where they hold, and only there."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Finished, RunCommand, environment

import tflint_slice
from tflint_slice.cache import store
from tflint_slice.cache.store import NAME

PAUSE = 0.12
"""Longer than what a file system may take for one moment: what is younger is not trusted."""

PROJECT = {
    "pyproject.toml": "[project]\n",
    "pkg/__init__.py": "",
    "pkg/tables.py": (
        "import tensorflow as tf\n\n\nclass Table(tf.Module):\n    def __init__(self):\n"
        "        self.rows = tf.Variable(tf.zeros([4]))\n"
    ),
    "pkg/use.py": (
        "from pkg.tables import Table\n\n\ndef change(i):\n    table = Table()\n"
        "    table.rows[1] = 2.0\n"
    ),
    "pkg/own.py": (
        "import tensorflow as tf\n\nv = tf.Variable(tf.zeros([4]))\nv[1] = 2.0\n"
        "v.assign(tf.tensor_scatter_nd_update(v, [[0]], [5.0]))\n"
    ),
    "pkg/plain.py": "def double(x):\n    return 2 * x\n",
    "pkg/noqa.py": "x = 1  # noqa: TFS101\n",
    "pkg/broken.py": "import tensorflow as tf\nv = tf.Variable(\n",
    "book.ipynb": json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "source": "import tensorflow as tf\nv = tf.Variable([1.0])\nv[0] = 2.0",
                    "metadata": {},
                    "outputs": [],
                    "execution_count": None,
                }
            ],
            "metadata": {"language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    ),
}


USER = (
    "from pkg.middle import Middle\n\n\ndef change():\n    middle = Middle()\n"
    "    middle.rows[1] = 2.0\n"
)
SHARED = {
    "pyproject.toml": "[project]\n",
    "pkg/__init__.py": "",
    "pkg/far.py": PROJECT["pkg/tables.py"].replace("Table", "Far"),
    "pkg/middle.py": "from pkg.far import Far\n\n\nclass Middle(Far):\n    pass\n",
    "pkg/one.py": USER,
    "pkg/two.py": USER,
}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, PROJECT)
    time.sleep(PAUSE)
    return tmp_path


OPTIONS = ("--output-format", "json", "--show-declined")


def result(cli: RunCommand, *options: str) -> tuple[int, str, str]:
    finished = cli(*OPTIONS, *options, ".")
    return finished.status, finished.out, finished.err


@pytest.fixture
def fresh(tmp_path: Path) -> RunCommand:
    """Run ``tflint-slice`` in a process that remembers nothing of earlier runs."""

    def run(*arguments: str) -> Finished:
        command = [sys.executable, "-m", "tflint_slice", *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
        )
        return Finished(done.returncode, done.stdout, done.stderr)

    return run


def counts(cli: RunCommand, *options: str) -> dict[str, int]:
    err = cli("--statistics", *options, ".").err
    return {
        word: int(number) for number, word in re.findall(r"(\d+) (cached|screened|examined)", err)
    }


def append(name: str, text: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        with open(folder / name, "a", encoding="utf-8") as file:
            file.write(text)

    return change


def same_size_same_time(folder: Path) -> None:
    path = folder / "pkg/tables.py"
    before = path.stat()
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("tf.Variable", "tf.constant"), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size


def subclass(folder: Path) -> None:
    text = (
        "from pkg.tables import Table\n\n\nclass More(Table):\n    def __init__(self):\n"
        "        self.rows = [1, 2]\n"
    )
    write(folder, {"pkg/more.py": text})


def shadowing(folder: Path) -> None:
    """Two folders now hold what the import may mean."""
    write(folder, {"pkg/pkg/tables.py": "", "src/pkg/tables.py": ""})


CHANGES = [
    pytest.param(append("pkg/own.py", "v[2] = 3.0\n"), id="content"),
    pytest.param(append("pkg/plain.py", "x = [1]\nx[0] = 2\n"), id="content of a file without any"),
    pytest.param(append("pkg/tables.py", "        self.rows = [1]\n"), id="what is imported"),
    pytest.param(same_size_same_time, id="same size and time"),
    pytest.param(subclass, id="a subclass in a new file"),
    pytest.param(shadowing, id="an import that may mean another file"),
    pytest.param(lambda folder: (folder / "pkg/tables.py").unlink(), id="removed"),
    pytest.param(lambda folder: (folder / "pkg/own.py").unlink(), id="removed with findings"),
    pytest.param(
        lambda folder: (folder / "pkg/tables.py").rename(folder / "pkg/other.py"), id="renamed"
    ),
    pytest.param(lambda folder: (folder / "pkg/__init__.py").unlink(), id="no package"),
    pytest.param(lambda folder: (folder / "pyproject.toml").unlink(), id="another root"),
    pytest.param(
        append("pyproject.toml", '[tool.tflint-slice]\nignore = ["TFS3"]\n'), id="settings"
    ),
    pytest.param(
        append("pyproject.toml", '[tool.tflint-slice.per-file-ignores]\n"own.py" = ["TFS1"]\n'),
        id="settings for a file",
    ),
    pytest.param(
        lambda folder: write(folder, {"strategy.py": "s = tf.distribute.MirroredStrategy()\n"}),
        id="a strategy elsewhere",
    ),
    pytest.param(
        lambda folder: write(folder, {"patch.py": "import pkg.own\npkg.own.v = None\n"}),
        id="a name bound elsewhere",
    ),
    pytest.param(
        lambda folder: write(folder, {"fake.py": "import tensorflow as tf\ntf.Variable = list\n"}),
        id="a library changed elsewhere",
    ),
    pytest.param(lambda folder: write(folder, {"setup.cfg": "own\n"}), id="mentioned elsewhere"),
    pytest.param(lambda folder: (folder / "pkg/own.py").chmod(0o600), id="chmod"),
    pytest.param(lambda folder: os.utime(folder / "pkg/tables.py"), id="touch"),
    pytest.param(lambda folder: shutil.rmtree(folder / NAME), id="removed cache"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen(
    change: Callable[[Path], object], project: Path, fresh: RunCommand
) -> None:
    result(fresh)
    change(project)
    time.sleep(PAUSE)
    cold = result(fresh, "--no-cache")
    assert result(fresh) == cold
    assert result(fresh) == cold


MODEL = (
    "import tensorflow as tf\n\n\nclass Model(tf.Module):\n    def __init__(self):\n"
    "        self.rows = tf.Variable(tf.zeros([4]))\n\n    def put(self):\n"
    "        self.rows[1] = 2.0\n"
)
PATH = {"path.py": "import sys\nsys.path.insert(0, 'lib')\n"}
LATER = {
    "a module handed out": (
        {"put.py": "def put(m):\n    m.v = None\n"},
        {"hand.py": "import pkg.own\nimport put\nput.put(pkg.own)\n"},
    ),
    "an edit of the path": ({"lib/pkg/tables.py": ""}, PATH),
    "a second module of the name": (PATH, {"lib/pkg/tables.py": ""}),
    "a module put in the place of another": (
        {},
        {"fake.py": "import sys\nsys.modules['pkg.tables'] = sys\n"},
    ),
    "a method borrowed": (
        {"pkg/model.py": MODEL},
        {"borrow.py": "from pkg.model import Model\nprint(Model.put)\n"},
    ),
    "a computed import": (
        {},
        {"compute.py": "import importlib\nimportlib.import_module('pkg.o' + 'wn').v = None\n"},
    ),
    "a class of any base": (
        {"pkg/model.py": MODEL},
        {"make.py": "def make(base):\n    class Made(base):\n        rows = property(list)\n"},
    ),
}


@pytest.mark.parametrize(
    ("before", "later"), [pytest.param(*row, id=name) for name, row in LATER.items()]
)
def test_a_change_that_only_a_search_meets_is_seen(
    before: dict[str, str], later: dict[str, str], project: Path, fresh: RunCommand
) -> None:
    write(project, before)
    time.sleep(PAUSE)
    first = result(fresh)
    write(project, later)
    time.sleep(PAUSE)
    cold = result(fresh, "--no-cache")
    assert cold != first
    assert result(fresh) == cold


@pytest.mark.parametrize(
    "format", ["concise", "full", "grouped", "json-lines", "sarif", "github", "gitlab"]
)
def test_output_is_the_same(format: str, project: Path, cli: RunCommand) -> None:
    options = ["--output-format", format, "--show-declined", "-v", "."]
    cold = cli("--no-cache", *options)
    assert cli(*options) == cold
    assert cli(*options) == cold


def test_a_second_run_examines_nothing(project: Path, cli: RunCommand) -> None:
    first = counts(cli)
    assert first["cached"] == 0
    assert first["examined"] >= 4
    assert counts(cli) == {"cached": sum(first.values()), "screened": 0, "examined": 0}


@pytest.mark.parametrize(
    ("change", "examined"),
    [
        pytest.param(append("pkg/own.py", "# more\n"), 1, id="a leaf"),
        pytest.param(append("pkg/tables.py", "# more\n"), 1, id="what another one imports"),
        pytest.param(lambda folder: os.utime(folder / "pkg/tables.py"), 0, id="a new time only"),
        pytest.param(lambda folder: (folder / "pkg/own.py").chmod(0o600), 0, id="a new mode"),
        pytest.param(lambda folder: write(folder, {"new.py": "x = 1\n"}), 0, id="a new file"),
    ],
)
def test_only_what_may_differ_is_examined(
    change: Callable[[Path], object], examined: int, project: Path, cli: RunCommand
) -> None:
    counts(cli)
    counts(cli)
    change(project)
    time.sleep(PAUSE)
    assert counts(cli)["examined"] == examined


@pytest.mark.parametrize(("before", "after"), [("tf.Variable", "list"), ("list", "tf.Variable")])
def test_files_that_share_what_they_rest_on(
    before: str, after: str, tmp_path: Path, fresh: RunCommand
) -> None:
    write(tmp_path, SHARED)
    path = tmp_path / "pkg/far.py"
    text = path.read_text(encoding="utf-8")
    for call in (before, after):
        path.write_text(text.replace("tf.Variable", call), encoding="utf-8")
        time.sleep(PAUSE)
        _, out, _ = result(fresh)
        assert [name in out for name in ("one.py", "two.py")] == [call == "tf.Variable"] * 2


@pytest.mark.skipif(os.name != "posix", reason="names are text elsewhere")
def test_a_name_that_is_no_text_spoils_nothing(project: Path, cli: RunCommand) -> None:
    with open(os.path.join(os.fsencode(project), b"\xff.py"), "wb") as file:
        file.write(PROJECT["pkg/own.py"].encode())
    time.sleep(PAUSE)
    cold = result(cli, "--no-cache")
    assert result(cli) == cold
    assert result(cli) == cold
    assert counts(cli)["examined"] == 1


def test_fixes_are_made_and_shown(project: Path, cli: RunCommand) -> None:
    result(cli)
    cold = cli("--diff", "--no-cache", ".")
    assert "+v.scatter_nd_update" in cold.out
    assert cli("--diff", ".") == cold
    cli("--fix", ".")
    assert "scatter_nd_update" in (project / "pkg/own.py").read_text(encoding="utf-8")
    assert result(cli) == result(cli, "--no-cache")


def database(project: Path) -> Path:
    (path,) = (project / NAME).glob("*.sqlite")
    return path


def another_schema(project: Path) -> None:
    with sqlite3.connect(database(project)) as connection:
        connection.execute("DROP TABLE files")
        connection.execute("CREATE TABLE files (x)")


def nonsense(project: Path) -> None:
    with sqlite3.connect(database(project)) as connection:
        connection.execute("UPDATE files SET content = '[[[1]], 2]'")


def older(project: Path) -> None:
    with sqlite3.connect(database(project)) as connection:
        connection.execute("UPDATE maker SET mark = 'another version'")
        connection.execute("UPDATE files SET content = 'screened'")


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda project: database(project).write_bytes(b"no database" * 99), id="text"),
        pytest.param(lambda project: os.truncate(database(project), 5000), id="half"),
        pytest.param(lambda project: database(project).write_bytes(b""), id="empty"),
        pytest.param(another_schema, id="another schema"),
        pytest.param(nonsense, id="nonsense"),
        pytest.param(older, id="an older version"),
    ],
)
def test_a_spoilt_cache_is_made_anew(
    spoil: Callable[[Path], object], project: Path, cli: RunCommand
) -> None:
    cold = result(cli)
    spoil(project)
    assert result(cli) == cold
    assert result(cli) == cold
    assert counts(cli)["examined"] == 0


def test_a_locked_cache_is_passed_by(project: Path, cli: RunCommand) -> None:
    cold = result(cli)
    connection = sqlite3.connect(database(project), isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    assert result(cli) == cold
    connection.close()


def test_no_cache_leaves_nothing(project: Path, cli: RunCommand) -> None:
    result(cli, "--no-cache")
    assert not (project / NAME).exists()


def test_a_link_is_not_followed(project: Path, cli: RunCommand) -> None:
    (project / "elsewhere").mkdir()
    (project / NAME).symlink_to("elsewhere")
    result(cli)
    assert not list((project / "elsewhere").iterdir())


def test_a_file_where_the_folder_would_be(project: Path, cli: RunCommand) -> None:
    (project / NAME).touch()
    assert result(cli) == result(cli, "--no-cache")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(project: Path, cli: RunCommand) -> None:
    cold = result(cli, "--no-cache")
    project.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert result(cli) == cold
    project.chmod(stat.S_IRWXU)


@pytest.mark.parametrize(
    ("options", "setting"),
    [
        pytest.param(["--cache-dir", "kept"], "", id="option"),
        pytest.param([], 'cache-dir = "kept"\n', id="setting"),
    ],
)
def test_another_folder(options: list[str], setting: str, project: Path, cli: RunCommand) -> None:
    append("pyproject.toml", f"[tool.tflint-slice]\n{setting}")(project)
    result(cli, *options)
    assert not (project / NAME).exists()
    assert sorted(path.suffix for path in (project / "kept").iterdir()) == ["", ".sqlite"]


def test_the_folder_ignores_itself(project: Path, cli: RunCommand) -> None:
    result(cli)
    assert "*" in (project / NAME / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_runs_at_the_same_time(project: Path, cli: RunCommand) -> None:
    cold = result(cli, "--no-cache")
    command = [sys.executable, "-m", "tflint_slice", *OPTIONS, "."]
    running = [
        subprocess.Popen(
            command,
            cwd=project,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(3)
    ]
    for process in running:
        out, _ = process.communicate()
        assert out.decode() == cold[1]
    assert result(cli) == cold


def test_clean(project: Path, cli: RunCommand) -> None:
    (project / "inner").mkdir()
    result(cli)
    result(cli, "--cache-dir", f"inner/{NAME}")
    (project / "inner" / NAME / "of_mine").touch()
    finished = cli("clean")
    inner = os.path.join("inner", NAME)
    assert sorted(finished.out.splitlines()) == [f"Removed {NAME}.", f"Removed {inner}."]
    assert not (project / NAME).exists()
    assert [path.name for path in (project / "inner" / NAME).iterdir()] == ["of_mine"]


def test_the_mark_tells_of_our_own_sources() -> None:
    assert "infer/modules.py" in store._mark().replace(os.sep, "/")


ASKING = re.compile(
    r"os\.path\.(?:isfile|isdir|exists|getmtime)|os\.(?:stat|listdir|scandir|walk)\b|lru_cache"
    r"|\.(?:exists|is_file|is_dir|glob|iterdir)\(|\bopen\("
)
KNOWN = {
    "infer/reliance.py": "it is what notes",
    "infer/modules.py": "stamp notes what os.stat says",
    "infer/project.py": "the root is looked for in every run; whole projects are searched",
    "infer/exports.py": "a tree is remembered for a stamp, which is noted",
    "infer/stores.py": "what is remembered holds for a stamp, which is noted",
    "infer/borrowing.py": "remembers how words are searched for",
    "infer/concordance.py": "it knows the words; who looks them up asks, and is noted",
    "infer/names.py": "remembers what names mean",
    "infer/values.py": "remembers values of literals and names, whatever file they are in",
    "idioms/usage.py": "remembers what one tree holds",
}


def test_all_asking_is_noted() -> None:
    package = Path(tflint_slice.__file__).parent
    asking = {
        path.relative_to(package).as_posix()
        for folder in ("infer", "syntax", "idioms", "rewrites")
        for path in (package / folder).glob("*.py")
        if ASKING.search(path.read_text(encoding="utf-8"))
    }
    assert asking == KNOWN.keys()


# --- any edits ------------------------------------------------------------------------------------

PIECES = (
    "import tensorflow as tf\n",
    "from pkg.{0} import *\n",
    "from pkg import {0}\n",
    "from . import {0} as m\n",
    "import pkg.{0}\n",
    "from pkg.{0} import Table\n",
    "from pkg.sub.{0} import Table\n",
    "SIZE = 4\n",
    "v = tf.Variable(tf.zeros([4]))\n",
    "v = [1, 2]\n",
    "v[1] = 2.0\n",
    "v[SIZE - 5] = 2.0\n",
    "m.v[1] = 2.0\n",
    "{0}.v[1] = 2.0\n",
    "pkg.{0}.v = None\n",
    "class Table(tf.Module):\n    def __init__(self):\n        self.rows = tf.Variable([1.0])\n",
    "class {0}s(Table):\n    rows = None\n",
    "def f():\n    t = Table()\n    t.rows[0] = 1.0\n",
    "strategy = tf.distribute.MirroredStrategy()\n",
    "f = tf.function(f, jit_compile=True)\n",
    "tf.Variable = list\n",
    "import importlib\nimportlib.import_module('pkg.' + {0!r}).v = 0\n",
    "import sys\nsys.path.insert(0, 'lib')\n",
    "f({0})\n",
    "f(Table.__init__)\n",
    "def h(m):\n    m.v = None\n",
    "def h(base):\n    class Made(base):\n        def f(self):\n            self.rows = 0\n",
    "def g(tape):\n    return tape.gradient(v)\n",
    "x = 1  # noqa: TFS101\n",
    "v.assign(tf.tensor_scatter_nd_update(v, [[0]], [5.0]))\n",
    "print({0!r})\n",
)
NAMES = (
    *("a", "b", "c", "d", "sub/e", "sub/__init__", "__init__"),
    *("../script", "../other", "../lib/pkg/a"),
)


def edit(folder: Path, chance: random.Random) -> None:
    path = folder / "pkg" / f"{chance.choice(NAMES)}.py"
    kind = chance.choice(("write", "write", "write", "append", "remove", "touch", "move"))
    lines = [
        chance.choice(PIECES).format(chance.choice("abcde")) for _ in range(chance.randint(1, 8))
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "write" or not path.exists():
        path.write_text("".join(lines), encoding="utf-8")
    elif kind == "append":
        path.write_text(path.read_text(encoding="utf-8") + "".join(lines), encoding="utf-8")
    elif kind == "remove":
        path.unlink()
    elif kind == "touch":
        path.touch()
    else:
        path.replace(folder / "pkg" / f"{chance.choice(NAMES[:4])}.py")


@pytest.mark.parametrize("seed", range(4))
def test_any_edits(seed: int, tmp_path: Path, fresh: RunCommand) -> None:
    chance = random.Random(seed)
    write(tmp_path, {"pyproject.toml": "[project]\n", "pkg/__init__.py": ""})
    for _ in range(12):
        edit(tmp_path, chance)
    cached = 0
    for step in range(18):
        for _ in range(chance.choice((1, 1, 2))):
            edit(tmp_path, chance)
        time.sleep(PAUSE)
        if step % 6 == 5:
            cached += counts(fresh)["cached"]
        assert result(fresh) == result(fresh, "--no-cache")
    assert cached > 5
