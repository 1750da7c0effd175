"""The labels are in order, and on three small packages the tool says what they say.

``rerun.py`` does the same for all packages. Here a package is downloaded by pip into a folder of
the test run, which is skipped without a network.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from labelled import Found, Label, compare, read_labels, statement_at
from real_pages import CHECKOUT, codes, section, with_section
from rerun import load, print_changes, real_packages, run_tool

from tflint_slice.idioms import RULES

BENCHMARK = real_packages()
LABELS = read_labels()


def test_list_is_in_order() -> None:
    keys = [(one.package, one.file, one.line, one.code) for one in LABELS]
    assert keys == sorted(set(keys))
    pinned = {package.name: package.version for package in BENCHMARK.pinned()}
    assert list(pinned) == sorted(pinned)
    for label in LABELS:
        assert label.code in RULES, label
        assert pinned.get(label.package) == label.version, label
        assert label.why, label
        assert label.true or not label.limit, label


@pytest.mark.parametrize("code", codes())
def test_the_page_of_a_rule_says_what_the_labels_say(code: str) -> None:
    page = (CHECKOUT / "rules" / f"{code}.md").read_text(encoding="utf-8")
    text = section(code, LABELS, len(BENCHMARK.pinned()))
    assert with_section(page, text) == page, "run `python tests/real/real_pages.py`"


@pytest.mark.parametrize(
    "name", ["tensorflow-model-optimization", "tensorflow-privacy", "tensorforce"]
)
def test_small_package(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    packages = tmp_path_factory.mktemp("packages")
    (package,) = BENCHMARK.pinned([name])
    try:
        folder = BENCHMARK.fetch(package, packages)
    except BENCHMARK.NoNetwork as error:
        pytest.skip(f"no network: {error}")
    labels = [label for label in LABELS if label.package == name]
    for label in labels:
        statement = statement_at(packages / label.path, label.line)
        assert statement is not None
        assert statement.lineno == label.line, label
    findings, errors = run_tool(folder, sys.executable, jobs=1)
    assert errors == ""
    result = compare(labels, findings, packages)
    assert result.wrong == ()
    assert result.unexplained == ()
    assert result.reported


SOURCE = """\
v.assign(
    x)
for i in a:
    for j in b:
        v = f(
            v)
w = 1
"""


def _found(line: int, *, declined: bool = False, code: str = "TFS401") -> Found:
    return Found("p-1/m.py", line, code, "", "none", declined, "")


def _label(line: int, *, true: bool = True, limit: str = "") -> Label:
    return Label("p", "m.py", line, "TFS401", "1", true, "because", limit)


@pytest.mark.parametrize(
    ("labels", "findings", "expected"),
    [
        pytest.param([_label(1)], [_found(2)], ["reported"], id="same statement"),
        pytest.param([_label(5)], [_found(3)], ["reported"], id="loop around the label"),
        pytest.param([_label(4)], [_found(6)], ["reported"], id="loop around the finding"),
        pytest.param([_label(5)], [_found(7)], ["missed", "unexplained", "unlabelled"], id="apart"),
        pytest.param(
            [_label(5)],
            [_found(5, code="TFS402")],
            ["missed", "unexplained", "unlabelled"],
            id="another rule",
        ),
        pytest.param([_label(5)], [], ["missed", "unexplained"], id="nothing found"),
        pytest.param([_label(5, limit="known")], [], ["missed"], id="explained"),
        pytest.param(
            [_label(5, limit="known")], [_found(5)], ["reported", "outgrown"], id="outgrown"
        ),
        pytest.param(
            [_label(5)], [_found(5, declined=True)], ["declined", "unexplained"], id="declined"
        ),
        pytest.param([_label(5, true=False)], [_found(5)], ["wrong"], id="false"),
        pytest.param(
            [_label(5, true=False)], [_found(5, declined=True)], [], id="rightly declined"
        ),
        pytest.param(
            [_label(5), _label(3, true=False)], [_found(5)], ["reported"], id="true and false"
        ),
        pytest.param([], [_found(5)], ["unlabelled"], id="no label"),
    ],
)
def test_compare(
    tmp_path: Path, labels: list[Label], findings: list[Found], expected: list[str]
) -> None:
    module = tmp_path / "p-1" / "m.py"
    module.parent.mkdir()
    module.write_text(SOURCE)
    result = compare(labels, findings, tmp_path)
    fields = ("wrong", "reported", "declined", "missed", "unlabelled", "unexplained", "outgrown")
    assert {name for name in fields if getattr(result, name)} == set(expected)


def test_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "run.json"
    kept.write_text(json.dumps([vars(_found(5))]))
    old = load(kept)
    assert old == [_found(5)]
    new = [replace(old[0], applicability="safe"), _found(7), _found(9, declined=True)]
    assert print_changes(old, old) == 0
    assert print_changes(old, new) == 2
    assert print_changes(new, []) == 2
    out = capsys.readouterr().out
    assert "new: 1\n  p-1/m.py:7: TFS401" in out
    assert "another fix or reason: 1\n  p-1/m.py:5: TFS401 safe  (was none )" in out
