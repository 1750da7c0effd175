"""What users install: a wheel, a wheel out of the sdist, and an editable checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import tflint_slice

CHECKOUT = Path(tflint_slice.__file__).parents[1]


def _run(*command: str | Path, cwd: Path) -> str:
    # Without PYTHONPATH: nothing may come from the checkout by accident.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _build(source: Path, kind: str, directory: Path) -> Path:
    """Build with the backend that is installed here, so that nothing has to be downloaded."""
    options = ("--no-isolation", f"--{kind}", "--outdir")
    _run(sys.executable, "-m", "build", *options, directory, source, cwd=directory)
    (built,) = directory.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build(CHECKOUT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def wheel_of_sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("sdist")
    sdist = _build(CHECKOUT, "sdist", directory)
    _run("tar", "-xzf", sdist, cwd=directory)
    (unpacked,) = (path for path in directory.iterdir() if path.is_dir())
    for needed in ("tests", "rules", "fixtures", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        assert (unpacked / needed).exists()
    return _build(unpacked, "wheel", tmp_path_factory.mktemp("wheel_of_sdist"))


def _environment(directory: Path) -> Path:
    """A virtual environment that sees the dependencies of this one, but not its own package."""
    venv.create(directory, with_pip=False, symlinks=os.name == "posix")
    purelib = sysconfig.get_path("purelib", vars={"base": str(directory)})
    # A .pth file puts the dependencies behind what is installed, and is itself not followed.
    (Path(purelib) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return directory / ("Scripts" if os.name == "nt" else "bin")


def _install(directory: Path, *what: str | Path) -> Path:
    scripts = _environment(directory)
    pip = (sys.executable, "-m", "pip", "--python", scripts / "python", "--quiet")
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--force-reinstall")
    _run(*pip, "install", *options, *what, cwd=directory)
    return scripts


@pytest.mark.parametrize("kind", ["wheel", "wheel_of_sdist", "editable"])
def test_installed_command(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    what = ("--editable", CHECKOUT) if kind == "editable" else (request.getfixturevalue(kind),)
    scripts = _install(tmp_path / "environment", *what)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.py").write_text("import tensorflow as tf\nv = tf.Variable([1.0])\nv[0] = 2.0\n")

    where = "import tflint_slice; print(tflint_slice.__file__)"
    home = CHECKOUT if kind == "editable" else tmp_path / "environment"
    assert home in Path(_run(scripts / "python", "-c", where, cwd=elsewhere)).parents

    page = (CHECKOUT / "rules" / "TFS101.md").read_text()
    assert _run(scripts / "tflint-slice", "rule", "TFS101", cwd=elsewhere) == page
    version = f"tflint-slice {tflint_slice.__version__}\n"
    assert _run(scripts / "tflint-slice", "--version", cwd=elsewhere) == version
    assert _run(scripts / "python", "-m", "tflint_slice", "--version", cwd=elsewhere) == version
    found = _run(scripts / "tflint-slice", "--exit-zero", ".", cwd=elsewhere)
    assert found.startswith("a.py:3:1: TFS101 [*] ")
    flake8 = ("-m", "flake8", "--select=TFS", "--exit-zero", "a.py")
    assert _run(scripts / "python", *flake8, cwd=elsewhere).startswith("a.py:3:1: TFS101 ")

    top_level = "import importlib.util; print(importlib.util.find_spec('rules'))"
    if kind != "editable":
        assert _run(scripts / "python", "-c", top_level, cwd=elsewhere) == "None\n"


def test_content_of_the_wheel(wheel: Path, wheel_of_sdist: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert sorted(names) == sorted(zipfile.ZipFile(wheel_of_sdist).namelist())
    tops = {name.split("/")[0] for name in names}
    assert tops == {"tflint_slice", f"tflint_slice-{tflint_slice.__version__}.dist-info"}
    assert "tflint_slice/py.typed" in names
    folder = "tflint_slice/rules/"
    shipped = {name.removeprefix(folder) for name in names if name.startswith(folder)}
    rules = CHECKOUT / "rules"
    assert shipped == {
        path.relative_to(rules).as_posix() for path in rules.rglob("*") if path.is_file()
    }
    assert not [name for name in names if "__pycache__" in name]
    assert [name for name in names if name.endswith("/licenses/LICENSE")]


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Callable[[str], str]:
    def read(name: str) -> str:
        with zipfile.ZipFile(wheel) as archive:
            (member,) = (entry for entry in archive.namelist() if entry.endswith(f"info/{name}"))
            return archive.read(member).decode()

    return read


def test_metadata(metadata: Callable[[str], str]) -> None:
    described = metadata("METADATA")
    assert re.search(r"^Requires-Python: >=3\.10$", described, re.MULTILINE)
    assert re.search(r"^License-Expression: MIT$", described, re.MULTILINE)
    extras = re.findall(r"^Provides-Extra: (.*)$", described, re.MULTILINE)
    assert sorted(extras) == ["dev", "prove"]
    always = [
        re.split(r"[<>=;\s]", requirement)[0]
        for requirement in re.findall(r"^Requires-Dist: (.*)$", described, re.MULTILINE)
        if "extra ==" not in requirement
    ]
    assert always == ["click", "libcst", "pathspec", "tomli"]
    entries = metadata("entry_points.txt")
    assert "tflint-slice = tflint_slice.cli:main" in entries
    assert "TFS = tflint_slice.flake8_plugin:Plugin" in entries
