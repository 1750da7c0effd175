"""README.md says what is so: its commands, its first example, its rules and its options."""

from __future__ import annotations

import ast
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


# --- the table of features ------------------------------------------------------------------------

BACKING = {
    "rules for partial updates in TensorFlow": ["tests/test_fixtures.py::test_what_is_found"],
    "fixes": [
        "tests/test_cli.py::test_fix_writes_and_reports_what_remains",
        "tests/test_fixtures.py::test_the_fix_is_the_fixed_form_to_the_letter",
    ],
    "safe and unsafe fixes told apart": [
        "tests/test_fixtures.py::test_an_unsafe_fix_is_not_made_unasked",
        "tests/test_engine.py::test_policy",
    ],
    "with a finding, the reason against a safe fix": [
        "tests/test_reports.py::test_lines",
        "tests/test_reasons.py::test_the_page_says_when_and_what",
    ],
    "fixes proved by running both sides": [
        "tests/test_cli.py::test_proofs",
        "tests/test_engine.py::test_only_what_is_proved_is_fixed",
        "tests/prove/test_refuted.py::test_refuted",
    ],
    "names imported from other files are followed": [
        "tests/infer/test_project_imports.py::test_a_variable_of_another_file_is_known",
    ],
    "flake8 plugin": ["tests/test_flake8_plugin.py::test_plugin_and_command_line_agree"],
    "pre-commit hooks": [
        "tests/test_hooks.py::test_two_hooks_are_declared",
        "tests/test_hooks.py::test_both_hooks_in_a_new_repository",
    ],
    "GitHub Action": ["tests/test_hooks.py::test_the_action_runs"],
    "notebooks checked": ["tests/test_notebooks.py::test_findings_name_cell_and_row"],
    "notebooks fixed with every other byte kept": [
        "tests/test_notebooks.py::test_only_changed_lines_change",
        "tests/test_notebooks.py::test_reading_and_writing_is_the_identity",
    ],
    "unused suppressions reported and removed": ["tests/test_noqa.py::test_useless_comments_go"],
    "suppressions written for what there is": [
        "tests/test_noqa.py::test_comments_are_added_where_flake8_looks",
    ],
    "suppression of a block of lines": ["tests/test_noqa.py::test_our_own_comments"],
    "baseline that knows findings by their code": [
        "tests/test_baseline.py::test_new_findings_are_told_from_known_ones",
    ],
    "configuration by directory, with `extend`": [
        "tests/test_settings.py::test_the_nearest_file_with_a_table_counts",
        "tests/test_settings.py::test_extend",
    ],
    "JSON schema of the configuration": [
        "tests/test_settings.py::test_the_schema_is_the_one_that_is_checked_in",
        "tests/test_settings.py::test_the_schema_and_the_reader_agree",
    ],
    "SARIF, GitHub and GitLab output": [
        "tests/test_formats.py::test_sarif_is_valid",
        "tests/test_formats.py::test_github_commands",
        "tests/test_formats.py::test_gitlab_issues",
    ],
    "fixes shown as a diff": ["tests/test_cli.py::test_diff_changes_nothing_and_can_be_applied"],
    "cache between runs": [
        "tests/test_cache.py::test_a_second_run_examines_nothing",
        "tests/test_cache.py::test_any_edits",
    ],
}


def _features() -> list[list[str]]:
    """The cells of each row: the feature, ours, and those of the others."""
    section = README[README.index("## Beside other linters") :]
    table = section[section.index("\n| ") + 1 :].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table[2:]]


def _defined(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_yes_of_ours_has_its_tests_and_nothing_else_has() -> None:
    assert [row[0] for row in _features() if row[1].startswith(("yes", "partly"))] == list(BACKING)


@pytest.mark.parametrize("node", [node for nodes in BACKING.values() for node in nodes])
def test_what_stands_behind_a_yes_is_a_test(node: str) -> None:
    path, name = node.split("::")
    assert name.startswith("test_")
    assert name in _defined(CHECKOUT / path)


def test_what_is_not_in_the_list_is_not_ours() -> None:
    rows = _features()
    assert all(BACKING.values())
    assert all(len(row) == 6 for row in rows)
    assert {row[1] for row in rows if row[0] not in BACKING} == {"no", "Python"}


def test_footnotes_are_used_and_there() -> None:
    section = README[README.index("## Beside other linters") : README.index("## For developers")]
    used = set(re.findall(r"\((\d)\)", section))
    assert used == set(re.findall(r"^(\d)\. ", section, re.MULTILINE))
