"""--baseline: known findings are passed by wherever they move, new ones are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import RunCommand
from samples import BAD, GOOD, HEADER, ITEM, SCATTER, UNSAFE


@pytest.fixture
def known(cli: RunCommand, tmp_path: Path) -> Path:
    """A project of two files whose three findings are in a baseline."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text(BAD)
    (tmp_path / "b.py").write_text(UNSAFE)
    finished = cli("--write-baseline", "known.json", ".")
    assert (finished.status, finished.out) == (0, "Wrote 3 findings to known.json.\n")
    return tmp_path / "known.json"


def test_what_is_known_is_not_reported(cli: RunCommand, known: Path) -> None:
    assert cli(".").status == 1
    finished = cli("--baseline", "known.json", ".")
    assert (finished.status, finished.out, finished.err) == (0, "", "")


def test_entries_can_be_read_by_people(known: Path) -> None:
    document = json.loads(known.read_text())
    shown = [(entry["path"], entry["code"], entry["line"]) for entry in document["findings"]]
    assert shown == [
        ("b.py", "TFS301", "w.assign(tf.tensor_scatter_nd_update(w, [[i]], [x]))"),
        ("src/a.py", "TFS101", "v[1] = 10.0"),
        ("src/a.py", "TFS301", SCATTER.strip()),
    ]


@pytest.mark.parametrize(
    ("text", "new"),
    [
        pytest.param("# a comment\n\n" + BAD, 0, id="moved down"),
        pytest.param(HEADER + SCATTER + ITEM, 0, id="changed places"),
        pytest.param(HEADER + "if True:\n    " + ITEM + SCATTER, 0, id="indented"),
        pytest.param(HEADER + ITEM.replace(" = ", "=") + SCATTER, 0, id="laid out anew"),
        pytest.param(BAD + ITEM, 1, id="once more"),
        pytest.param(BAD.replace("10.0", "11.0"), 1, id="another value"),
    ],
)
def test_new_findings_are_told_from_known_ones(
    cli: RunCommand, known: Path, text: str, new: int
) -> None:
    (known.parent / "src" / "a.py").write_text(text)
    finished = cli("--baseline", "known.json", ".")
    assert finished.out.count("src/a.py:") == new
    assert finished.status == (1 if new else 0)


def test_paths_are_relative_to_the_baseline(
    cli: RunCommand, known: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(known.parent / "src")
    assert cli("--baseline", "../known.json", "a.py", "../b.py").status == 0


def test_fixes_still_run_and_leave_stale_entries(cli: RunCommand, known: Path) -> None:
    finished = cli("--baseline", "known.json", "--fix", ".")
    assert (known.parent / "src" / "a.py").read_text() == GOOD
    assert finished.status == 0
    finished = cli("--baseline", "known.json", ".")
    assert finished.status == 0
    assert finished.err.splitlines() == [
        "known.json: stale: src/a.py: TFS101 v[1] = 10.0",
        f"known.json: stale: src/a.py: TFS301 {SCATTER.strip()}",
    ]


def test_only_files_that_were_checked_or_are_gone_can_be_stale(
    cli: RunCommand, known: Path
) -> None:
    (known.parent / "src" / "a.py").write_text(GOOD)
    assert cli("--baseline", "known.json", "b.py").err == ""
    (known.parent / "src" / "a.py").unlink()
    assert cli("--baseline", "known.json", "b.py").err.count("stale") == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(None, "known.json:1: No such file or directory", id="missing"),
        pytest.param("{", "known.json:1: not valid JSON", id="no JSON"),
        pytest.param("[]", "known.json:1: not a baseline", id="other JSON"),
        pytest.param('{"version": 2, "findings": []}', "of another version", id="version"),
        pytest.param('{"version": 1, "findings": [{}]}', "not a baseline", id="entries"),
    ],
)
def test_a_baseline_that_is_none(
    cli: RunCommand, tmp_path: Path, content: str | None, message: str
) -> None:
    (tmp_path / "a.py").write_text(BAD)
    if content is not None:
        (tmp_path / "known.json").write_text(content)
    finished = cli("--baseline", "known.json", "a.py")
    assert (finished.status, finished.out) == (2, "")
    assert message in finished.err


def test_a_baseline_that_cannot_be_written(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BAD)
    finished = cli("--write-baseline", "no/such.json", "a.py")
    assert finished.status == 2
    assert "no/such.json: No such file or directory" in finished.err


def test_writing_takes_no_baseline(cli: RunCommand, known: Path) -> None:
    assert cli("--baseline", "known.json", "--write-baseline", "known.json", ".").status == 2
