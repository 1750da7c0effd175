"""Fix copies of the pinned packages: all must still compile, and a second run change nothing.

    python tests/real/fixed_copies.py FOLDER [--only NAME,...] [-j N]

``FOLDER`` is that of ``benchmarks/real_packages.py``; what is missing there is downloaded. Each
package is fixed twice, with and without ``--unsafe-fixes``. A package in which no fix was made is
not run again: what it would be given is what it was given. The exit status is 1 if a file no longer
compiles, if a second run changed one, or if the tool wrote to standard error or failed.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

from rerun import real_packages

OPTIONS = ("--isolated", "--no-cache", "--exit-zero", "--fix", "--quiet")

Sources = Mapping[Path, bytes]


def sources(folder: Path) -> Sources:
    """Every Python file below a folder, by its place in it."""
    files = (path for path in folder.rglob("*.py") if path.is_file())
    return {path.relative_to(folder): path.read_bytes() for path in files}


def fix(folder: Path, options: tuple[str, ...]) -> str:
    """Fix the files below a folder. What is not as it should be is given back."""
    command = [sys.executable, "-m", "tflint_slice", str(folder), *OPTIONS, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"exit status {done.returncode}\n{done.stderr}" if done.returncode or done.stderr else ""


def compiles(data: bytes, path: Path) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data, str(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True


def changed(before: Sources, after: Sources) -> list[Path]:
    return sorted(
        path for path in before.keys() | after.keys() if before.get(path) != after.get(path)
    )


def complaints(folder: Path, options: tuple[str, ...], jobs: int) -> Iterator[str]:
    """What is wrong after the package was fixed, and after it was fixed once more."""
    options = (*options, f"-j{jobs}")
    before = sources(folder)
    if errors := fix(folder, options):
        yield f"the first run: {errors}"
    once = sources(folder)
    fixed = changed(before, once)
    print(f"{folder.name} {' '.join(options)}: {len(fixed)} of {len(before)} files", flush=True)
    for path in fixed:
        print(f"  {path}", flush=True)
        if compiles(before[path], path) and not compiles(once[path], path):
            yield f"{path} no longer compiles"
    if not fixed:
        return
    if errors := fix(folder, options):
        yield f"the second run: {errors}"
    for path in changed(once, sources(folder)):
        yield f"{path} was changed again"


def main() -> int:
    parser = argparse.ArgumentParser(description="Fix copies of real packages, twice.")
    parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER")
    parser.add_argument("--only", default="", help="names of packages, separated by commas")
    parser.add_argument("--jobs", "-j", type=int, default=1)
    options = parser.parse_args()
    benchmark = real_packages()
    folder = (options.folder or benchmark.default_cache()).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    failed = False
    for package in benchmark.pinned(filter(None, options.only.split(","))):
        original = benchmark.fetch(package, folder)
        for unsafe in ((), ("--unsafe-fixes",)):
            with tempfile.TemporaryDirectory() as scratch:
                copy = Path(scratch, original.name)
                shutil.copytree(original, copy, symlinks=True)
                for line in complaints(copy, unsafe, options.jobs):
                    failed = True
                    print(f"  ! {line}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
