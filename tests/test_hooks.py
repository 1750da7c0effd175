"""The pre-commit hooks: what they declare, and what their entries do as pre-commit runs them."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from command_line import RunCommand
from samples import BAD, GOOD, UNSAFE

import tflint_slice

CHECKOUT = Path(tflint_slice.__file__).parents[1]


def _hooks() -> dict[str, dict[str, object]]:
    declared = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text())
    return {hook["id"]: hook for hook in declared}


def test_two_hooks_are_declared() -> None:
    assert list(_hooks()) == ["tflint-slice", "tflint-slice-fix"]


@pytest.mark.parametrize("hook", ["tflint-slice", "tflint-slice-fix"])
def test_declaration(hook: str) -> None:
    declared = _hooks()[hook]
    entry = shlex.split(str(declared["entry"]))
    assert entry[:2] == ["tflint-slice", "check"]
    assert "--force-exclude" in entry
    assert ("--fix" in entry) == (hook == "tflint-slice-fix")
    assert declared["types_or"] == ["python", "jupyter"]
    assert declared["language"] == "python"
    assert declared["require_serial"] is True


@pytest.mark.parametrize(
    ("hook", "left"),
    [
        pytest.param("tflint-slice", BAD, id="tflint-slice"),
        pytest.param("tflint-slice-fix", GOOD, id="tflint-slice-fix"),
    ],
)
def test_entry(cli: RunCommand, tmp_path: Path, hook: str, left: str) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.tflint-slice]\nexclude = ["fixtures"]\n')
    (tmp_path / "fixtures").mkdir()
    (tmp_path / "fixtures" / "a.py").write_text(BAD)
    (tmp_path / "b.py").write_text(BAD)
    (tmp_path / "c.py").write_text(UNSAFE)
    entry = shlex.split(str(_hooks()[hook]["entry"]))
    finished = cli(*entry[1:], "fixtures/a.py", "b.py", "c.py")
    assert finished.status == 1
    assert "fixtures" not in finished.out
    assert (tmp_path / "fixtures" / "a.py").read_text() == BAD
    assert (tmp_path / "b.py").read_text() == left


def test_the_projects_own_hooks_are_local() -> None:
    declared = yaml.safe_load((CHECKOUT / ".pre-commit-config.yaml").read_text())
    (repository,) = declared["repos"]
    assert repository["repo"] == "local"
    assert [hook["id"] for hook in repository["hooks"]] == [
        "ruff",
        "ruff-format",
        "mypy",
        "tflint-slice",
    ]


@pytest.mark.parametrize(
    ("command", "file"),
    [
        pytest.param("validate-manifest", ".pre-commit-hooks.yaml", id="hooks"),
        pytest.param("validate-config", ".pre-commit-config.yaml", id="configuration"),
    ],
)
def test_pre_commit_takes_the_files(command: str, file: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", command, CHECKOUT / file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
