"""The plugin in a real flake8: the same findings as the command line, flake8's own comments."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from command_line import RunCommand, environment
from samples import BAD, CLEAN, GOOD, HEADER, ITEM, SCATTER, UNSAFE

LOCAL_PLUGIN = "[flake8:local-plugins]\nextension =\n    TFS = tflint_slice.flake8_plugin:Plugin\n"


@pytest.fixture
def configured(tmp_path: Path) -> Path:
    """A directory in which flake8 has the plugin, whether the package is installed or not."""
    (tmp_path / ".flake8").write_text(LOCAL_PLUGIN)
    return tmp_path


def _flake8(directory: Path, *arguments: str, stdin: str | None = None) -> list[str]:
    # Where the package is installed as well, flake8 has the plugin twice: hence the set.
    done = subprocess.run(
        [sys.executable, "-m", "flake8", "-j1", "--select=TFS", *arguments],
        cwd=directory,
        env=environment(),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return sorted(set(done.stdout.splitlines()))


def test_plugin_and_command_line_agree(configured: Path, cli: RunCommand) -> None:
    sources = {
        "bad.py": BAD,
        "clean.py": CLEAN,
        "crlf.py": BAD.replace("\n", "\r\n"),
        "good.py": GOOD,
        "mark.py": "\ufeff" + BAD,
        "unsafe.py": UNSAFE,
        "wide.py": HEADER + "é = '漢'; " + ITEM,
    }
    for name, source in sources.items():
        (configured / name).write_bytes(source.encode())
    ours = [line.replace("[*] ", "") for line in cli(".").out.splitlines()[:-1]]
    theirs = [line.removeprefix("./") for line in _flake8(configured, ".")]
    assert theirs == ours
    assert len(theirs) == 8


def test_comments_are_flake8s_own(configured: Path) -> None:
    (configured / "a.py").write_text(
        HEADER + ITEM.replace("\n", "  # noqa: TFS1\n") + SCATTER.replace("\n", "  # noqa: E501\n")
    )
    assert [line.split()[1] for line in _flake8(configured, "a.py")] == ["TFS301"]
    assert len(_flake8(configured, "--disable-noqa", "a.py")) == 2
    (configured / "a.py").write_text("# flake8: noqa\n" + BAD)
    assert _flake8(configured, "a.py") == []


def test_selection_is_flake8s_own(configured: Path) -> None:
    (configured / "a.py").write_text(BAD)
    (configured / "pyproject.toml").write_text('[tool.tflint-slice]\nignore = ["TFS"]\n')
    assert [line.split()[1] for line in _flake8(configured, "a.py", "--ignore=TFS1")] == ["TFS301"]
    assert _flake8(configured, "a.py", "--exclude=a.py") == []


def test_settings_of_the_analysis_count(configured: Path) -> None:
    (configured / "a.py").write_text(UNSAFE)
    assert "maybe-distributed" in _flake8(configured, "a.py")[0]
    (configured / "pyproject.toml").write_text("[tool.tflint-slice]\ndistributed = false\n")
    assert "maybe-distributed" not in _flake8(configured, "a.py")[0]


def test_standard_input(configured: Path) -> None:
    lines = _flake8(configured, "--stdin-display-name=x/a.py", "-", stdin=BAD)
    assert [line.split()[0] for line in lines] == ["x/a.py:4:1:", "x/a.py:5:1:"]


def test_an_error_in_the_configuration_is_told_without_a_traceback(configured: Path) -> None:
    (configured / "a.py").write_text(BAD)
    (configured / "pyproject.toml").write_text("[tool.tflint-slice]\nkeras = 4\n")
    (told,) = _flake8(configured, "a.py")
    assert told.startswith("a.py:1:1: TFS000 ")
    assert told.endswith("pyproject.toml:2: keras must be 2 or 3, not 4")


def _imports(directory: Path, program: str) -> list[str]:
    """The modules of this package that a program imports, and libcst if it does."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{program}\nimport sys\n"
            "print(*sorted(n for n in sys.modules if n.startswith('tflint') or n == 'libcst'))",
        ],
        cwd=directory,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_importing_the_plugin_is_cheap(tmp_path: Path) -> None:
    imported = _imports(tmp_path, "import tflint_slice.flake8_plugin")
    assert imported == ["tflint_slice", "tflint_slice.flake8_plugin"]


def test_a_file_that_the_screen_stops_imports_no_analysis(tmp_path: Path) -> None:
    text = "import numpy as np\na = np.zeros(3)\na[0] = 1\n"
    imported = _imports(
        tmp_path,
        f"import ast\nfrom tflint_slice.flake8_plugin import Plugin\ntext = {text!r}\n"
        "assert not list(Plugin(ast.parse(text), text.splitlines(True), 'a.py').run())",
    )
    assert "tflint_slice.syntax.screen" in imported
    assert not {"libcst", "tflint_slice.engine", "tflint_slice.analysis"} & set(imported)


def test_what_is_loaded_is_left_out_of_searches_for_garbage_once(tmp_path: Path) -> None:
    program = f"""
import ast, gc
from tflint_slice.flake8_plugin import Plugin
counts = []
for text in ({CLEAN!r}, {BAD!r}, {BAD!r}):
    list(Plugin(ast.parse(text), text.splitlines(True), "a.py").run())
    counts.append(gc.get_freeze_count())
assert counts[0] == 0 < counts[2] <= counts[1], counts
"""
    assert "tflint_slice.analysis" in _imports(tmp_path, program)
