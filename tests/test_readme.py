"""README.md says what is so: its commands, its first example, its rules and its options."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from command_line import RunCommand

import tflint_slice
from tflint_slice.commands.check import check
from tflint_slice.files.pyproject import read_pyproject
from tflint_slice.idioms import RULES
from tflint_slice.model import Reason

CHECKOUT = Path(tflint_slice.__file__).parents[1]
README = (CHECKOUT / "README.md").read_text()


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_there_are_two_set_up_commands_of_one_line_each() -> None:
    first, second = _blocks("sh")
    assert first.count("\n") == second.count("\n") == 1
    assert "--prove" in first
    assert second.rstrip().endswith("-m pytest")


def test_the_first_example_is_fixed_as_shown(cli: RunCommand, tmp_path: Path) -> None:
    example, diff = _blocks("python")[0], _blocks("diff")[0]
    (tmp_path / "a.py").write_text(re.sub(r" +#.*", "", example))
    finished = cli("--diff", "a.py")
    changed = re.findall(r"^[-+](?![-+]).*\n", finished.out, re.MULTILINE)
    assert "".join(changed) == diff


def test_the_rules_are_those_there_are() -> None:
    rows = re.findall(r"^\| \[(TFS\d+)\]\(rules/\1\.md\) \| (\S+) \|", README, re.MULTILINE)
    assert rows == [(rule.code, rule.name) for rule in RULES.values()]


def test_every_option_is_listed() -> None:
    table = README[README.index("| option |") : README.index("With `- --fix`")]
    listed = set(re.findall(r"(--[a-z-]+)(?: \w+)?`", table.split("\n\n")[0]))
    options = {
        name
        for parameter in check.params
        if isinstance(parameter, click.Option)
        for name in parameter.opts
        if name.startswith("--")
    }
    assert options - {"--version"} <= listed | set(re.findall(r"`(--[a-z-]+)`", table))


def test_the_configuration_shown_is_valid(tmp_path: Path) -> None:
    (block,) = _blocks("toml")
    path = tmp_path / "pyproject.toml"
    path.write_text(block)
    assert read_pyproject(str(path)) is not None


@pytest.mark.parametrize(
    "code",
    re.findall(r"^\| `([a-z-]+)` \|", README[README.index("| reason |") :], re.MULTILINE),
)
def test_reason_codes_exist(code: str) -> None:
    assert Reason(code).text


def test_the_changelog_knows_this_version() -> None:
    changelog = (CHECKOUT / "CHANGELOG.md").read_text()
    assert f"## {tflint_slice.__version__} " in changelog


def test_all_tools_agree_on_the_oldest_python() -> None:
    text = (CHECKOUT / "pyproject.toml").read_text()
    assert 'requires-python = ">=3.10"' in text
    assert 'target-version = "py310"' in text
    assert 'python_version = "3.10"' in text
