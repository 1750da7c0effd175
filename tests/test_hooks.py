"""The pre-commit hooks and the GitHub Action: what they declare, and what becomes of it."""

from __future__ import annotations

import os
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


def _git(directory: Path, *arguments: str) -> None:
    identity = [
        "-c",
        "user.name=A",
        "-c",
        "user.email=a@example.org",
        "-c",
        "protocol.file.allow=always",
    ]
    subprocess.run(["git", *identity, *arguments], cwd=directory, check=True, capture_output=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository that holds what this one would: its tracked files as they are now."""
    if not (CHECKOUT / ".git").exists():
        pytest.skip("this is no checkout, so that there is nothing to clone")
    target = tmp_path / "clone"
    target.mkdir()
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (CHECKOUT / name).is_file() and not name.startswith(("tests/", "rules/proofs/")):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((CHECKOUT / name).read_bytes())
    _git(target, "init", "-q")
    _git(target, "add", ".")
    _git(target, "commit", "-qm", "all")
    return target


def test_both_hooks_in_a_new_repository(clone: Path, tmp_path: Path) -> None:
    """pre-commit installs them from the clone and runs them on the files of another repository."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "a.py").write_text(BAD)
    (project / "notes.txt").write_text(BAD)
    revision = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=clone, check=True, capture_output=True, text=True
    ).stdout.strip()
    hooks = [{"id": "tflint-slice"}, {"id": "tflint-slice-fix"}]
    wanted = {"repos": [{"repo": str(clone), "rev": revision, "hooks": hooks}]}
    (project / ".pre-commit-config.yaml").write_text(yaml.safe_dump(wanted))
    _git(project, "init", "-q")
    _git(project, "add", ".")
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never"]
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home")}
    runs = [
        subprocess.run(
            [*command, hook["id"]], cwd=project, env=environment, capture_output=True, text=True
        )
        for hook in (hooks[0], hooks[1], hooks[0])
    ]
    shown = "\n".join(run.stdout + run.stderr for run in runs)
    assert [run.returncode for run in runs] == [1, 1, 0], shown
    assert "a.py:4:1: TFS101 [*]" in runs[0].stdout
    assert "files were modified by this hook" in runs[1].stdout
    assert (project / "a.py").read_text() == GOOD
    assert (project / "notes.txt").read_text() == BAD


def test_the_action_runs(tmp_path: Path) -> None:
    """Its steps as the runner would run them, but for the installation into the runner's Python."""
    action = yaml.safe_load((CHECKOUT / "action.yml").read_text())
    install, check = action["runs"]["steps"]
    assert action["runs"]["using"] == "composite"
    assert install["run"] == 'python -m pip install --quiet "$ACTION_PATH"'
    assert install["env"] == {"ACTION_PATH": "${{ github.action_path }}"}
    inputs = {
        f"${{{{ inputs.{name} }}}}": entry["default"] for name, entry in action["inputs"].items()
    }
    (tmp_path / "a.py").write_text(BAD)
    given = {name: inputs[value] for name, value in check["env"].items()}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", check["run"]],
        cwd=tmp_path,
        env={**os.environ, **given, "PATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::error title=tflint-slice (TFS101),file=a.py,line=4,")
