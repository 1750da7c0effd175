"""Every output format through the command line: what services that read it expect to find."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from command_line import RunCommand
from samples import BAD, CLEAN, HEADER, ITEM, UNSAFE

from tflint_slice.report.formats import FORMATS

MACHINES = [name for name, chosen in FORMATS.items() if not chosen.for_people]
BROKEN = "import tensorflow as tf\nv = tf.Variable([1.0]\nv[0] = 2.0\n"
SCHEMAS = Path(__file__).parent / "schemas"


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    (tmp_path / "sub dir").mkdir()
    (tmp_path / "sub dir" / "a.py").write_text(HEADER + ITEM)
    (tmp_path / "b.py").write_text(UNSAFE)
    (tmp_path / "broken.py").write_text(BROKEN)
    (tmp_path / "clean.py").write_text(CLEAN)


def _sarif(cli: RunCommand, *options: str) -> dict[str, object]:
    document = json.loads(cli("--output-format", "sarif", *options).out)
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text())
    jsonschema.Draft4Validator(schema).validate(document)
    (run,) = document["runs"]
    assert isinstance(run, dict)
    return run


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["."], id="findings and an error"),
        pytest.param(["clean.py"], id="nothing"),
        pytest.param(["--show-declined", "."], id="declined ones"),
        pytest.param(["--fix", "."], id="after fixing"),
    ],
)
def test_sarif_is_valid(cli: RunCommand, options: list[str]) -> None:
    assert _sarif(cli, *options)


def test_sarif_of_a_finding(cli: RunCommand) -> None:
    run = _sarif(cli, "sub dir")
    (result,) = run["results"]  # type: ignore[attr-defined]
    assert result["ruleId"] == "TFS101"
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "sub%20dir/a.py", "uriBaseId": "ROOT"},
        "region": {"startLine": 4, "startColumn": 1, "endLine": 4, "endColumn": 12},
    }
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    (replacement,) = change["replacements"]
    assert replacement["insertedContent"] == {"text": "v.scatter_nd_update([[1]], [10.0])"}
    assert result["properties"] == {"applicability": "safe"}
    (rule,) = run["tool"]["driver"]["rules"]  # type: ignore[index]
    assert rule["id"] == "TFS101"


def test_sarif_of_an_error(cli: RunCommand) -> None:
    run = _sarif(cli, "broken.py")
    assert run["results"] == []
    (invocation,) = run["invocations"]  # type: ignore[attr-defined]
    assert invocation["executionSuccessful"] is False
    (notification,) = invocation["toolExecutionNotifications"]
    (location,) = notification["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "broken.py"


def test_github_commands(cli: RunCommand) -> None:
    safe, unsafe, broken = sorted(cli("--output-format", "github", ".").out.splitlines())
    assert unsafe.startswith("::error title=tflint-slice (TFS301),file=b.py,line=")
    assert safe.startswith(
        "::error title=tflint-slice (TFS101),file=sub dir/a.py,line=4,endLine=4,col=1,"
        "endColumn=12::sub dir/a.py:4:1: TFS101 "
    )
    assert broken.startswith("::error title=tflint-slice,file=broken.py,line=")


def test_github_escapes_what_would_end_a_property(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a,b:c%.py").write_text(BAD)
    line = cli("--output-format", "github", "a,b:c%.py").out.splitlines()[0]
    assert "file=a%2Cb%3Ac%25.py," in line


def test_gitlab_issues(cli: RunCommand) -> None:
    issues = json.loads(cli("--output-format", "gitlab", ".").out)
    assert [issue["location"]["path"] for issue in issues] == ["b.py", "sub dir/a.py"]
    last = issues[-1]
    assert last["check_name"] == "TFS101"
    assert last["severity"] == "major"
    assert last["location"]["positions"]["begin"] == {"line": 4, "column": 1}
    assert last["description"].startswith("TFS101 ")


def test_gitlab_fingerprints_stay_when_code_moves(cli: RunCommand, tmp_path: Path) -> None:
    def prints() -> list[str]:
        out = cli("--output-format", "gitlab", "b.py", "sub dir").out
        return [issue["fingerprint"] for issue in json.loads(out)]

    before = prints()
    for name in ("b.py", "sub dir/a.py"):
        path = tmp_path / name
        path.write_text("# one more line\n\n" + path.read_text())
    assert prints() == before
    assert len(set(before)) == len(before)


def test_gitlab_tells_equal_code_apart(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "twice.py").write_text(HEADER + ITEM + ITEM)
    issues = json.loads(cli("--output-format", "gitlab", "twice.py").out)
    assert len({issue["fingerprint"] for issue in issues}) == 2


def test_json_lines_are_the_objects_of_json(cli: RunCommand) -> None:
    lines = cli("--output-format", "json-lines", ".").out.splitlines()
    assert list(map(json.loads, lines)) == json.loads(cli("--output-format", "json", ".").out)
    assert len(lines) == 2


def test_groups(cli: RunCommand) -> None:
    out = cli("--output-format", "grouped", ".").out
    assert out.startswith("b.py:\n  ")
    assert "\n\nsub dir/a.py:\n  4:1: TFS101 [*] " in out
    assert out.endswith("\n\n" + cli(".").out.splitlines()[-1] + "\n")


def test_concise_and_full(cli: RunCommand) -> None:
    concise = cli("--output-format", "concise", "sub dir").out
    full = cli("--output-format", "full", "sub dir").out
    assert len(concise.splitlines()) == 2
    assert "4 | v[1] = 10.0" in full
    assert full.splitlines()[0] == concise.splitlines()[0]


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_for_the_output(cli: RunCommand, tmp_path: Path, name: str) -> None:
    printed = cli("--output-format", name, ".")
    written = cli("--output-format", name, "--output-file", "report", ".")
    assert (tmp_path / "report").read_text() == printed.out
    assert (written.out, written.status) == ("", printed.status)


def test_an_output_file_leaves_standard_output_to_the_diff(cli: RunCommand, tmp_path: Path) -> None:
    finished = cli("--diff", "--output-format", "json", "--output-file", "report", "sub dir")
    assert finished.out.startswith("--- sub dir/a.py\n")
    assert len(json.loads((tmp_path / "report").read_text())) == 1


def test_an_output_file_that_cannot_be_written(cli: RunCommand) -> None:
    finished = cli("--output-file", "no/such/folder", "b.py")
    assert finished.status == 2
    assert finished.err == "Error: no/such/folder: No such file or directory\n"


@pytest.mark.parametrize("name", [name for name in FORMATS if not FORMATS[name].statistics])
def test_numbers_only_where_a_format_has_them(cli: RunCommand, name: str) -> None:
    finished = cli("--statistics", "--output-format", name, "b.py")
    assert (finished.status, finished.out) == (2, "")
    assert f"--statistics does not go with --output-format {name}" in finished.err


@pytest.mark.parametrize("name", MACHINES)
def test_a_document_of_nothing(cli: RunCommand, name: str) -> None:
    out = cli("--output-format", name, "clean.py").out
    if name in ("json-lines", "github"):
        assert out == ""
    else:
        json.loads(out)
