"""Which files are checked: walking, ``.gitignore``, ``exclude``, links, and named paths."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tflint_slice.files.discovery import Target, discover
from tflint_slice.files.pyproject import Configuration
from tflint_slice.outcome import Failure


def _tree(root: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def _found(*paths: str, force_exclude: bool = False) -> list[str]:
    items = discover(paths, Configuration(), force_exclude=force_exclude)
    return [item.path for item in items]


EXCLUDE = '[tool.tflint-slice]\nexclude = ["gen", "*_pb2.py", "/top.py", "docs/**", "!docs/a.py"]\n'


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(["b.py", "a.py"], ["a.py", "b.py"], id="sorted"),
        pytest.param(["a.py", "a.txt", "a.pyc", "py"], ["a.py"], id="Python files"),
        pytest.param(["a.py", "a.ipynb"], ["a.ipynb", "a.py"], id="notebooks"),
        pytest.param(["x/y/z/a.py"], ["x/y/z/a.py"], id="deep"),
        pytest.param(
            [".venv/a.py", ".git/a.py", "node_modules/x/a.py", "x/build/a.py", "dist/a.py"],
            [],
            id="default excludes",
        ),
        pytest.param(["build.py", "dist.py"], ["build.py", "dist.py"], id="files named like them"),
        pytest.param([".hidden/a.py", ".a.py"], [".a.py", ".hidden/a.py"], id="hidden"),
    ],
)
def test_walk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: list[str], expected: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    _tree(tmp_path, dict.fromkeys(files, ""))
    assert _found(".") == expected
    assert _found(str(tmp_path)) == [str(tmp_path / name) for name in expected]


@pytest.mark.parametrize(
    ("ignores", "ignored", "kept"),
    [
        pytest.param({".gitignore": "a.py"}, ["a.py", "x/a.py"], ["b.py"], id="name"),
        pytest.param({".gitignore": "/a.py"}, ["a.py"], ["x/a.py"], id="anchored"),
        pytest.param(
            {".gitignore": "gen/"}, ["gen/a.py", "x/gen/a.py"], ["gen.py"], id="directory"
        ),
        pytest.param({".gitignore": "*.py\n!b.py"}, ["a.py"], ["b.py", "x/b.py"], id="negated"),
        pytest.param({".gitignore": "x/*\n!x/b.py"}, ["x/a.py"], ["x/b.py"], id="star negated"),
        pytest.param({".gitignore": "x/**\n!x/b.py"}, ["x/a.py"], ["x/b.py"], id="stars negated"),
        pytest.param({".gitignore": "x\n!x/b.py"}, ["x/a.py", "x/b.py"], [], id="parent ignored"),
        pytest.param({"x/.gitignore": "a.py"}, ["x/a.py", "x/y/a.py"], ["a.py"], id="nested"),
        pytest.param({"x/.gitignore": "/a.py"}, ["x/a.py"], ["x/y/a.py"], id="nested anchored"),
        pytest.param(
            {".gitignore": "*.py", "x/.gitignore": "!b.py"},
            ["a.py", "x/a.py"],
            ["x/b.py", "x/y/b.py"],
            id="nested negation",
        ),
        pytest.param(
            {".gitignore": "!a.py", "x/.gitignore": "a.py"}, ["x/a.py"], ["a.py"], id="nearest wins"
        ),
        pytest.param({".gitignore": "# a.py\n\n \n\\#b.py"}, ["#b.py"], ["a.py"], id="comments"),
        pytest.param({".gitignore": "!\na.py\n/\n"}, ["a.py"], ["b.py"], id="senseless lines"),
        pytest.param({".gitignore": "a?.p[xy]"}, ["ab.py"], ["a.py"], id="wildcards"),
        pytest.param({".gitignore": "x/y"}, ["x/y/a.py"], ["z/x/y/a.py"], id="middle slash"),
        pytest.param({".gitignore": "**/y"}, ["x/y/a.py", "y/a.py"], ["a.py"], id="leading stars"),
        pytest.param({".gitignore": "x/**/a.py"}, ["x/a.py", "x/y/a.py"], ["a.py"], id="inner"),
        pytest.param({".git/info/exclude": "a.py"}, ["a.py"], ["b.py"], id="info/exclude"),
    ],
)
def test_ignore_files_mean_what_git_makes_of_them(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ignores: dict[str, str],
    ignored: list[str],
    kept: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git" / "info").mkdir(parents=True)
    _tree(tmp_path, ignores | dict.fromkeys(ignored + kept, ""))
    assert _found(".") == sorted(kept, key=lambda name: name.split("/"))
    assert sorted(_found(*ignored)) == sorted(ignored)
    assert _found(*ignored, force_exclude=True) == []
    assert _found(*kept, force_exclude=True) == kept
    if shutil.which("git"):
        shutil.rmtree(tmp_path / ".git")
        subprocess.run(["git", "init", "-q", "."], check=True)
        _tree(tmp_path, {name: text for name, text in ignores.items() if name.startswith(".git/")})
        listed = subprocess.run(
            ["git", "ls-files", "--others", "--exclude-standard", "*.py"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert sorted(listed.stdout.split()) == sorted(kept)


def test_ignore_files_above_the_start_count_up_to_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        ".gitignore": "c.py",
        "repository/.git/HEAD": "",
        "repository/.gitignore": "a.py",
        "repository/x/a.py": "",
        "repository/x/b.py": "",
        "repository/x/c.py": "",
    }
    _tree(tmp_path, files)
    monkeypatch.chdir(tmp_path / "repository" / "x")
    assert _found(".") == ["b.py", "c.py"]
    assert _found("a.py") == ["a.py"]


def test_exclude_is_relative_to_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["gen/a.py", "x/gen/a.py", "x/a_pb2.py", "top.py", "x/top.py", "docs/a.py", "docs/b.py"]
    _tree(tmp_path, dict.fromkeys(names, "") | {"pyproject.toml": EXCLUDE})
    monkeypatch.chdir(tmp_path)
    assert _found(".") == ["docs/a.py", "x/top.py"]
    assert _found(*names) == names
    assert _found(*names, force_exclude=True) == ["x/top.py", "docs/a.py"]
    monkeypatch.chdir(tmp_path / "x")
    assert _found("..") == ["../docs/a.py", "../x/top.py"]


@pytest.mark.parametrize(
    ("name", "files", "expected"),
    [
        pytest.param("gen", ["gen/a.py", "gen/x/b.py"], ["gen/a.py", "gen/x/b.py"], id="excluded"),
        pytest.param("gen", ["gen/a_pb2.py", "gen/b.py"], ["gen/b.py"], id="other patterns hold"),
        pytest.param("build", ["build/a.py", "build/build/b.py"], ["build/a.py"], id="default"),
        pytest.param("out", ["out/a.py", "out/tmp/b.py"], ["out/a.py"], id="gitignored"),
    ],
)
def test_a_named_directory_is_walked_whatever_excludes_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    files: list[str],
    expected: list[str],
) -> None:
    configuration = {"pyproject.toml": EXCLUDE, ".gitignore": "out/\ntmp/\n", ".git/HEAD": ""}
    _tree(tmp_path, dict.fromkeys(files, "") | configuration)
    monkeypatch.chdir(tmp_path)
    assert _found(".") == []
    assert _found(name) == expected
    assert _found(f"./{name}/") == expected
    assert _found(name, force_exclude=True) == []


def test_a_named_file_need_not_look_like_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _tree(tmp_path, {"script": ""})
    assert _found("script") == ["script"]
    assert _found(".") == []


def test_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _tree(tmp_path, {"x/a.py": "", "outside/b.py": ""})
    (tmp_path / "x" / "loop").symlink_to(tmp_path / "x")
    (tmp_path / "x" / "again.py").symlink_to("a.py")
    (tmp_path / "x" / "b.py").symlink_to(tmp_path / "outside" / "b.py")
    (tmp_path / "x" / "broken.py").symlink_to("nowhere.py")
    assert _found("x") == ["x/a.py", "x/b.py"]
    assert _found("x", "x/a.py", "outside/b.py", "./x/again.py") == ["x/a.py", "x/b.py"]
    assert _found("x/again.py", "x/loop") == ["x/again.py", "x/loop/b.py"]


def test_a_missing_path_is_a_failure_and_no_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _tree(tmp_path, {"a.py": ""})
    missing, found = discover(["nope.py", "a.py"], Configuration())
    assert isinstance(missing, Failure)
    assert str(missing) == "nope.py:1: error: no such file or directory"
    assert isinstance(found, Target)


def test_settings_change_on_the_way_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _tree(
        tmp_path,
        {
            "pyproject.toml": "[tool.tflint-slice]\nkeras = 2\n",
            "a.py": "",
            "x/pyproject.toml": '[tool.tflint-slice]\nexclude = ["b.py"]\n',
            "x/a.py": "",
            "x/b.py": "",
            "x/y/c.py": "",
        },
    )
    found = [item for item in discover(["."], Configuration()) if isinstance(item, Target)]
    assert [(target.path, target.settings.keras) for target in found] == [
        ("a.py", 2),
        (os.path.join("x", "a.py"), None),
        (os.path.join("x", "y", "c.py"), None),
    ]
