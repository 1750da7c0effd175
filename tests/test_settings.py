"""``[tool.tflint-slice]``: what each key does, which file counts, and what is refused."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from command_line import RunCommand
from samples import BAD, GOOD, HEADER, ITEM, UNSAFE

from tflint_slice.files.patterns import PatternList
from tflint_slice.files.pyproject import Configuration, read_file, read_pyproject
from tflint_slice.settings import ConfigurationError, Overrides, Settings, parse_codes
from tflint_slice.settings_table import KEYS, schema


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
        pytest.param('exclude = ["a/*"]', {"exclude": [["a/*"]]}, id="exclude"),
        pytest.param("exclude = []", {"exclude": []}, id="exclude nothing"),
        pytest.param('extend-exclude = ["a"]', {"exclude": [["a"]]}, id="extend-exclude"),
        pytest.param('rewrite = "in-place"', {"rewrite": "in-place"}, id="rewrite in place"),
        pytest.param('rewrite = "functional"', {"rewrite": "functional"}, id="rewrite functional"),
        pytest.param("distributed = false", {"distributed": False}, id="distributed"),
        pytest.param("keras = 2", {"keras": 2}, id="keras"),
        pytest.param("min-elements = 1_000", {"min_elements": 1000}, id="min-elements"),
        pytest.param(
            '[tool.tflint-slice.per-file-ignores]\n"tests/*" = ["TFS1"]\n"a.py" = ["TFS"]',
            {"per_file_ignores": [(["tests/*"], ("TFS1",)), (["a.py"], ("TFS",))]},
            id="per-file-ignores",
        ),
        pytest.param(
            'extend-per-file-ignores = {"a.py" = ["TFS1"]}',
            {"per_file_ignores": [(["a.py"], ("TFS1",))]},
            id="extend-per-file-ignores",
        ),
    ],
)
def test_keys(tmp_path: Path, table: str, expected: dict[str, object]) -> None:
    settings = read_pyproject(str(_write(tmp_path, table)))
    assert settings is not None
    assert settings == Settings(**_fields(expected, tmp_path), root=str(tmp_path))
    assert settings.source == str(tmp_path / "pyproject.toml")
    assert pickle.loads(pickle.dumps(settings)) == settings


def _fields(expected: dict[str, object], root: Path) -> dict[str, Any]:
    """Lists of lines stand for the patterns that they make."""

    def made(value: Any) -> Any:
        if isinstance(value, tuple) and value and isinstance(value[0], list):
            return (PatternList(tuple(value[0]), str(root)), value[1])
        return PatternList(tuple(value), str(root)) if isinstance(value, list) else value

    return {
        name: tuple(map(made, value)) if isinstance(value, list) else value
        for name, value in expected.items()
    }


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
        pytest.param("min-elements = -1", 5, "must be a number of elements", id="min-elements"),
        pytest.param("min-elements = true", 5, "a number of elements, not true", id="bool"),
        pytest.param("extend = 3", 5, "must be the path of a file", id="extend"),
        pytest.param('extend = "no.toml"', 5, "there is no file no.toml", id="extends nothing"),
        pytest.param('extend = "pyproject.toml"', 5, "extends itself", id="extends itself"),
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
    settings = Settings(
        per_file_ignores=((PatternList.of([pattern], str(tmp_path)), ("TFS1",)),),
        root=str(tmp_path),
    )
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


# --- more than one file ---------------------------------------------------------------------------


def _files(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.parametrize(
    ("base", "own", "expected"),
    [
        pytest.param("keras = 2", "", {"keras": 2}, id="taken over"),
        pytest.param("keras = 2", "keras = 3", {"keras": 3}, id="own value"),
        pytest.param('select = ["TFS1"]', 'select = ["TFS3"]', {"select": ("TFS3",)}, id="list"),
        pytest.param(
            'extend-select = ["TFS1"]',
            'extend-select = ["TFS3"]',
            {"extend_select": ("TFS1", "TFS3")},
            id="lists that extend",
        ),
    ],
)
@pytest.mark.parametrize(
    "head",
    [pytest.param("", id="keys"), pytest.param("[tool.tflint-slice]\n", id="table")],
)
def test_extend(
    tmp_path: Path, head: str, base: str, own: str, expected: dict[str, object]
) -> None:
    _files(tmp_path, {"shared/base.toml": head + base})
    (tmp_path / "a").mkdir()
    _write(tmp_path / "a", f'extend = "../shared/base.toml"\n{own}')
    settings = Configuration().for_directory(str(tmp_path / "a"))
    assert settings == Settings(**expected, root=str(tmp_path / "a"))  # type: ignore[arg-type]


def test_patterns_are_relative_to_the_file_that_holds_them(cli: RunCommand, tmp_path: Path) -> None:
    _files(tmp_path, dict.fromkeys(("a/x.py", "a/y.py", "a/z.py", "x.py", "y.py"), BAD))
    _write(tmp_path, 'exclude = ["a/x.py"]\nextend-exclude = ["y.py"]')
    _write(tmp_path / "a", 'extend = "../pyproject.toml"\nextend-exclude = ["z.py"]')
    assert cli("--show-files", ".").out.split() == ["x.py"]
    (tmp_path / "a" / "pyproject.toml").unlink()
    assert cli("--show-files", ".").out.split() == ["a/z.py", "x.py"]


def test_files_that_extend_each_other(cli: RunCommand, tmp_path: Path) -> None:
    _files(tmp_path, {"one.toml": 'extend = "pyproject.toml"\n', "a.py": BAD})
    _write(tmp_path, 'extend = "one.toml"')
    finished = cli("a.py")
    assert finished.status == 2
    assert finished.err == (
        f"{tmp_path}/one.toml:1: error: extend: pyproject.toml extends itself\n"
    )


def test_an_error_in_an_extended_file_names_that(cli: RunCommand, tmp_path: Path) -> None:
    _files(tmp_path, {"base.toml": "\nnonsense = 1\n", "a.py": BAD})
    _write(tmp_path, 'extend = "base.toml"')
    assert cli("a.py").err.startswith(f"{tmp_path}/base.toml:2: error: unknown key 'nonsense'")


# --- the command line -----------------------------------------------------------------------------


def test_config_names_a_file_for_all(cli: RunCommand, tmp_path: Path) -> None:
    _files(tmp_path, {"a/x.py": BAD, "b/x.py": BAD, "other.toml": 'exclude = ["b"]\n'})
    _write(tmp_path / "a", 'exclude = ["x.py"]')
    assert cli("--show-files", ".").out.split() == ["b/x.py"]
    assert cli("--config", "other.toml", "--show-files", ".").out.split() == ["a/x.py"]


@pytest.mark.parametrize(
    ("option", "message"),
    [
        pytest.param("keras = 7", "must be 2 or 3", id="value"),
        pytest.param("kears = 2", "did you mean 'keras'?", id="key"),
        pytest.param("no.toml", "No such file or directory", id="file"),
        pytest.param('extend = "a.toml"', "extend goes into a file", id="extend"),
    ],
)
def test_config_that_means_nothing(
    cli: RunCommand, tmp_path: Path, option: str, message: str
) -> None:
    (tmp_path / "a.py").write_text(BAD)
    finished = cli("--config", option, "a.py")
    assert finished.status == 2
    assert message in finished.err


def test_config_sets_one_key(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(UNSAFE)
    _write(tmp_path, "keras = 2")
    assert "maybe-distributed" in cli("a.py").out
    assert "maybe-distributed" not in cli("--config", "distributed = false", "a.py").out
    shown = cli("--config", "distributed=false", "--show-settings", "a.py").out
    assert "distributed = false" in shown
    assert "keras = 2" in shown


@pytest.mark.parametrize(
    ("option", "files"),
    [
        pytest.param('extend-exclude = ["b.py"]', ["c.py"], id="adds patterns"),
        pytest.param('exclude = ["b.py"]', ["a.py", "c.py"], id="replaces them"),
    ],
)
def test_config_of_patterns(cli: RunCommand, tmp_path: Path, option: str, files: list[str]) -> None:
    _files(tmp_path, dict.fromkeys(("a.py", "b.py", "c.py"), BAD))
    _write(tmp_path, 'exclude = ["a.py"]')
    assert cli("--config", option, "--show-files", ".").out.split() == files


def test_config_of_codes_and_of_ignores(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BAD)
    _write(tmp_path, 'select = []\nextend-select = ["TFS101"]')
    assert cli("--config", 'extend-select = ["TFS3"]', "a.py").out.count("a.py:") == 2
    ignore = 'extend-per-file-ignores = {"a.py" = ["TFS101"]}'
    assert cli("--config", ignore, "a.py").out == ""


def test_settings_that_are_shown_can_be_read(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BAD)
    _write(
        tmp_path,
        'select = ["TFS1"]\nexclude = ["x", "y"]\nrewrite = "functional"\nmin-elements = 3\n'
        '[tool.tflint-slice.per-file-ignores]\n"a b.py" = ["TFS301"]',
    )
    before = Configuration().for_directory(str(tmp_path))
    (tmp_path / "pyproject.toml").write_text(cli("--show-settings", "a.py").out)
    assert Configuration().for_directory(str(tmp_path)) == before


def test_exclude(cli: RunCommand, tmp_path: Path) -> None:
    _files(tmp_path, dict.fromkeys(("a.py", "b.py", "c.py"), BAD))
    _write(tmp_path, 'exclude = ["a.py"]')
    assert cli("--show-files", ".").out.split() == ["b.py", "c.py"]
    assert cli("--show-files", "--exclude", "b.py", ".").out.split() == ["a.py", "c.py"]
    assert cli("--show-files", "--extend-exclude", "b.py", ".").out.split() == ["c.py"]


def test_extend_select(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BAD)
    _write(tmp_path, 'select = ["TFS3"]')
    assert cli("a.py").out.count("a.py:") == 1
    assert cli("--extend-select", "TFS101", "a.py").out.count("a.py:") == 2


def test_min_elements(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BAD)
    _write(tmp_path, "min-elements = 4")
    out = cli("--show-declined", "a.py").out
    assert "TFS301 declined:" in out
    assert "(few-elements)" in out
    assert "TFS101 [*]" in out, "that one fails, whatever it costs"
    _write(tmp_path, "min-elements = 3")
    assert "TFS301 [*]" in cli("a.py").out


# --- the schema -----------------------------------------------------------------------------------

SCHEMA = Path(__file__).parents[1] / "tflint-slice.schema.json"


def test_the_schema_is_the_one_that_is_checked_in() -> None:
    assert json.loads(SCHEMA.read_text()) == schema(), (
        "run: python -m tflint_slice.settings_table > tflint-slice.schema.json"
    )


@pytest.mark.parametrize(
    ("table", "valid"),
    [
        pytest.param({}, True, id="empty"),
        pytest.param({"select": ["TFS", "TFS1", "TFS30", "TFS301"]}, True, id="select"),
        pytest.param({"select": ["301"]}, False, id="no code"),
        pytest.param({"keras": 4}, False, id="keras"),
        pytest.param({"min-elements": -1}, False, id="min-elements"),
        pytest.param({"per-file-ignores": {"a": ["TFS1"]}}, True, id="per-file-ignores"),
        pytest.param({"selects": []}, False, id="unknown key"),
    ],
)
def test_the_schema_and_the_reader_agree(tmp_path: Path, table: Any, valid: bool) -> None:
    jsonschema.Draft7Validator.check_schema(schema())
    assert jsonschema.Draft7Validator(schema()).is_valid(table) is valid
    (tmp_path / "settings.toml").write_text(
        "".join(f"{key} = {_toml(value)}\n" for key, value in table.items())
    )
    try:
        read_file(str(tmp_path / "settings.toml"))
    except ConfigurationError:
        assert not valid
    else:
        assert valid


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {json.dumps(v)}" for k, v in value.items()) + "}"
    return json.dumps(value)


def test_every_key_is_described() -> None:
    assert all(key.description.endswith(".") for key in KEYS.values())
