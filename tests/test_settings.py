"""``[tool.tflint-slice]``: what each key does, which file counts, and what is refused."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from command_line import RunCommand
from samples import BAD, GOOD, HEADER, ITEM, UNSAFE

from tflint_slice.files.pyproject import Configuration, read_pyproject
from tflint_slice.settings import ConfigurationError, Overrides, Settings, parse_codes


def _write(directory: Path, table: str) -> Path:
    path = directory / "pyproject.toml"
    path.write_text(f"[project]\nname = 'x'\n\n[tool.tflint-slice]\n{table}\n")
    return path


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param("", {}, id="empty"),
        pytest.param('select = ["TFS1", "TFS301"]', {"select": ("TFS1", "TFS301")}, id="select"),
        pytest.param('ignore = ["TFS101"]', {"ignore": ("TFS101",)}, id="ignore"),
        pytest.param('extend-select = ["TFS"]', {"extend_select": ("TFS",)}, id="extend-select"),
        pytest.param('exclude = ["a/*"]', {"exclude": ("a/*",)}, id="exclude"),
        pytest.param('rewrite = "in-place"', {"rewrite": "in-place"}, id="rewrite in place"),
        pytest.param('rewrite = "functional"', {"rewrite": "functional"}, id="rewrite functional"),
        pytest.param("distributed = false", {"distributed": False}, id="distributed"),
        pytest.param("keras = 2", {"keras": 2}, id="keras"),
        pytest.param(
            '[tool.tflint-slice.per-file-ignores]\n"tests/*" = ["TFS1"]\n"a.py" = ["TFS"]',
            {"per_file_ignores": (("tests/*", ("TFS1",)), ("a.py", ("TFS",)))},
            id="per-file-ignores",
        ),
    ],
)
def test_keys(tmp_path: Path, table: str, expected: dict[str, object]) -> None:
    settings = read_pyproject(str(_write(tmp_path, table)))
    assert settings == Settings(**expected, root=str(tmp_path))  # type: ignore[arg-type]
    assert pickle.loads(pickle.dumps(settings)) == settings


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [
        pytest.param("\nselects = []", 6, "did you mean 'select'?", id="unknown key"),
        pytest.param("per-file-ignore = {}", 5, "did you mean 'per-file-ignores'?", id="near key"),
        pytest.param("extend_select = []", 5, "did you mean 'extend-select'?", id="underscore"),
        pytest.param("zzz = 1", 5, "known: select, ignore,", id="far key"),
        pytest.param('select = ["TFS999"]', 5, "unknown rule 'TFS999'", id="unknown code"),
        pytest.param('ignore = ["tfs101"]', 5, "did you mean 'TFS101'?", id="lower case"),
        pytest.param('select = [""]', 5, "unknown rule ''", id="empty code"),
        pytest.param('select = "TFS"', 5, "must be a list of strings", id="no list"),
        pytest.param("exclude = [1]", 5, "must be a list of strings", id="no string"),
        pytest.param('rewrite = "functonal"', 5, "did you mean 'functional'?", id="rewrite"),
        pytest.param("rewrite = 1", 5, '"in-place" or "functional"', id="rewrite number"),
        pytest.param('distributed = "no"', 5, "true or false", id="distributed"),
        pytest.param("keras = 4", 5, "must be 2 or 3", id="keras"),
        pytest.param("keras = true", 5, "must be 2 or 3, not true", id="keras bool"),
        pytest.param("keras = 3.0", 5, "must be 2 or 3", id="keras float"),
        pytest.param("per-file-ignores = []", 5, "must be a table", id="per-file-ignores"),
        pytest.param(
            'keras = 3\n[tool.tflint-slice.per-file-ignores]\n"a.py" = ["X1"]',
            6,
            "unknown rule 'X1'",
            id="per-file-ignores code",
        ),
        pytest.param("keras = = 2", 5, "not valid TOML", id="syntax"),
    ],
)
def test_errors_name_the_row_and_the_nearest_name(
    cli: RunCommand, tmp_path: Path, table: str, row: int, message: str
) -> None:
    path = _write(tmp_path, table)
    with pytest.raises(ConfigurationError) as caught:
        read_pyproject(str(path))
    assert (caught.value.path, caught.value.row) == (str(path), row)
    assert message in caught.value.message

    (tmp_path / "a.py").write_text(BAD)
    finished = cli(".")
    assert (finished.status, finished.out) == (2, "")
    assert finished.err.startswith(f"{path}:{row}: error: ")
    assert finished.err.count("\n") == 1
    assert cli("--isolated", ".").status == 1


def test_a_table_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text("[tool]\ntflint-slice = 3\n")
    with pytest.raises(ConfigurationError, match="must be a table"):
        read_pyproject(str(path))


def test_the_nearest_file_with_a_table_counts(tmp_path: Path) -> None:
    _write(tmp_path, "keras = 2")
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "pyproject.toml").write_text("[project]\nname = 'no table here'\n")
    assert Configuration().for_directory(str(inner)).keras == 2
    _write(tmp_path / "a", "keras = 3")
    found = Configuration()
    assert found.for_directory(str(inner)).keras == 3
    assert found.for_directory(str(tmp_path)).keras == 2
    assert Configuration(isolated=True).for_directory(str(inner)).keras is None


def test_a_broken_file_stops_only_those_it_governs(cli: RunCommand, tmp_path: Path) -> None:
    for name in ("good", "broken"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text(BAD)
        (tmp_path / name / "b.py").write_text(BAD)
    _write(tmp_path / "broken", "nonsense = 1")
    finished = cli("broken/a.py", "broken/b.py", "good")
    assert finished.status == 2
    assert finished.err.count("unknown key 'nonsense'") == 1
    assert "good/a.py:4:1" in finished.out
    assert "broken/a.py:" not in finished.out


@pytest.mark.parametrize(
    ("settings", "code", "wanted"),
    [
        pytest.param(Settings(), "TFS101", True, id="default"),
        pytest.param(Settings(select=("TFS1",)), "TFS301", False, id="other prefix"),
        pytest.param(
            Settings(select=("TFS1",), extend_select=("TFS301",)), "TFS301", True, id="extended"
        ),
        pytest.param(Settings(ignore=("TFS1",)), "TFS101", False, id="ignored"),
        pytest.param(
            Settings(select=("TFS101",), ignore=("TFS1",)), "TFS101", True, id="longer select"
        ),
        pytest.param(
            Settings(select=("TFS101",), ignore=("TFS101",)), "TFS101", False, id="equal length"
        ),
        pytest.param(Settings(select=()), "TFS101", False, id="nothing selected"),
    ],
)
def test_selection(settings: Settings, code: str, wanted: bool) -> None:
    assert settings.selects(code, "a.py") is wanted


@pytest.mark.parametrize(
    ("pattern", "path", "ignored"),
    [
        pytest.param("tests", "tests/a.py", True, id="directory"),
        pytest.param("tests/*.py", "tests/a.py", True, id="glob"),
        pytest.param("tests/*.py", "src/tests/a.py", False, id="anchored glob"),
        pytest.param("*_pb2.py", "src/x_pb2.py", True, id="name anywhere"),
        pytest.param("tests", "src/a.py", False, id="elsewhere"),
        pytest.param("a.py", "../a.py", False, id="outside of the project"),
    ],
)
def test_per_file_ignores(tmp_path: Path, pattern: str, path: str, ignored: bool) -> None:
    settings = Settings(per_file_ignores=((pattern, ("TFS1",)),), root=str(tmp_path))
    assert settings.selects("TFS101", str(tmp_path / path)) is not ignored
    assert settings.selects("TFS301", str(tmp_path / path))


def test_the_command_line_comes_on_top() -> None:
    settings = Settings(select=("TFS1",), extend_select=("TFS301",), ignore=("TFS107",), keras=2)
    assert Overrides().over(settings) == settings
    assert Overrides(ignore=("TFS3",)).over(settings).ignore == ("TFS107", "TFS3")
    assert Overrides(select=("TFS107",)).over(settings) == Settings(select=("TFS107",), keras=2)


def test_codes_may_be_prefixes() -> None:
    assert parse_codes(["TFS", "TFS1", "TFS301"], "--select") == ("TFS", "TFS1", "TFS301")


def test_settings_reach_the_analysis(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(UNSAFE)
    assert "(unsafe fix: maybe-distributed)" in cli("a.py").out
    _write(tmp_path, "distributed = false")
    assert "maybe-distributed" not in cli("a.py").out
    assert "maybe-distributed" in cli("--isolated", "a.py").out


def test_rewrite_functional(cli: RunCommand, tmp_path: Path) -> None:
    _write(tmp_path, 'rewrite = "functional"')
    (tmp_path / "a.py").write_text(HEADER + ITEM)
    assert cli("--fix", "a.py").status == 0
    assert (tmp_path / "a.py").read_text() == (
        HEADER + "v.assign(tf.tensor_scatter_nd_update(v, [[1]], [10.0]))\n"
    )
    assert cli("a.py").status == 0


def test_what_is_not_selected_is_not_fixed(cli: RunCommand, tmp_path: Path) -> None:
    _write(tmp_path, 'ignore = ["TFS3"]')
    (tmp_path / "a.py").write_text(BAD)
    assert cli("--fix", "a.py").status == 0
    fixed, kept = (tmp_path / "a.py").read_text().splitlines()[-2:]
    assert (fixed, kept) == (GOOD.splitlines()[-2], BAD.splitlines()[-1])
