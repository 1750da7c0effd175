"""Run the tool over the pinned packages and compare what it says with the labels, or with a run.

    python tests/real/rerun.py FOLDER [--only NAME,...] [--save OUT.json] [--tool PYTHON] [-j N]
    python tests/real/rerun.py --compare OLD.json NEW.json

``FOLDER`` is that of ``benchmarks/real_packages.py``; what is missing there is downloaded.
``--tool`` names the Python of another build's environment. The exit status is 1 if a site that is
labelled false was reported, if a true one was not and no limit explains it, or after an error.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

from labelled import Comparison, Found, Label, compare, findings_of, read_labels

CHECKOUT = Path(__file__).parents[2]
OPTIONS = ("--isolated", "--no-cache", "--exit-zero", "--show-declined", "--output-format=json")


def real_packages() -> ModuleType:
    """The benchmark that knows the pinned list; it is a script, not part of a package."""
    path = CHECKOUT / "benchmarks" / "real_packages.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def run_tool(folder: Path, tool: str, jobs: int) -> tuple[list[Found], str]:
    """What a build of the tool finds below a folder, and what it writes to standard error."""
    command = [tool, "-m", "tflint_slice", "check", str(folder), *OPTIONS, f"-j{jobs}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or not done.stdout.strip():
        return [], f"exit status {done.returncode}\n{done.stderr}"
    return findings_of(json.loads(done.stdout), folder.parent), done.stderr


def print_comparison(result: Comparison) -> None:
    """Everything that somebody has to look at."""
    _section("labelled false, but reported", (_line(*pair) for pair in result.wrong))
    silent = [(label, None) for label in result.missed] + list(result.declined)
    _section("labelled true, but not reported", (_line(*pair) for pair in sorted(silent, key=_of)))
    _section("reported in spite of a limit", (_line(label) for label in result.outgrown))
    new = [one for one in result.unlabelled if not one.declined]
    _section("not labelled yet", (_show(one) for one in new))
    counts: Counter[str] = Counter(label.code for label in result.reported)
    every = counts + Counter(label.code for label, _ in silent)
    print("\ntrue sites reported, by rule")
    for code, total in sorted(every.items()):
        print(f"  {code}  {counts[code]} of {total}")


def _of(pair: tuple[Label, Found | None]) -> Label:
    return pair[0]


def _section(title: str, lines: Iterable[str]) -> None:
    shown = list(lines)
    print(f"\n{title}: {len(shown)}")
    for line in shown:
        print(f"  {line}")


def _line(label: Label, found: Found | None = None) -> str:
    said = f"; declined: {found.reason}" if found and found.declined else ""
    limit = f" [{label.limit or 'no limit is noted'}]" if label.true else ""
    return f"{label.path}:{label.line}: {label.code} {label.why}{limit}{said}"


def _show(found: Found) -> str:
    reason = f" ({found.reason})" if found.reason else ""
    return f"{found.path}:{found.line}: {found.code} {found.applicability}{reason} {found.message}"


def print_changes(old: Sequence[Found], new: Sequence[Found]) -> int:
    """What changed between two saved runs; how many findings did."""
    before, after = ({one.key: one for one in run if not one.declined} for run in (old, new))
    gone = [one for key, one in before.items() if key not in after]
    come = [one for key, one in after.items() if key not in before]
    other = [
        f"{_show(after[key])} (was {before[key].applicability} {before[key].reason})"
        for key in before.keys() & after.keys()
        if before[key] != after[key]
    ]
    _section("gone", map(_show, sorted(gone)))
    _section("new", map(_show, sorted(come)))
    _section("another fix or reason", sorted(other))
    return len(gone) + len(come) + len(other)


def load(path: Path) -> list[Found]:
    return [Found(**row) for row in json.loads(path.read_text(encoding="utf-8"))]


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare findings on real packages with labels.")
    parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER")
    parser.add_argument("--compare", nargs=2, type=Path, metavar=("OLD", "NEW"))
    parser.add_argument("--only", default="", help="names of packages, separated by commas")
    parser.add_argument("--save", type=Path, help="keep the findings, for --compare")
    parser.add_argument("--tool", default=sys.executable, help="the Python that runs the tool")
    parser.add_argument("--jobs", "-j", type=int, default=1)
    options = parser.parse_args()
    if options.compare:
        return 1 if print_changes(*map(load, options.compare)) else 0
    benchmark = real_packages()
    folder = (options.folder or benchmark.default_cache()).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    labels, result, failed = read_labels(), Comparison(), False
    kept: list[Found] = []
    for package in benchmark.pinned(filter(None, options.only.split(","))):
        sources = benchmark.fetch(package, folder)
        start = os.times()
        findings, errors = run_tool(sources, options.tool, options.jobs)
        spent = os.times()
        wall, processor = spent.elapsed - start.elapsed, spent.children_user - start.children_user
        print(f"{package.folder}: {wall:.1f} s, {processor:.1f} s of processor", file=sys.stderr)
        if errors:
            failed = True
            print(f"{package.folder} wrote to standard error:\n{errors}")
        mine = (label for label in labels if label.package == package.name)
        result += compare(mine, findings, folder)
        kept += findings
    print_comparison(result)
    if options.save:
        options.save.write_text(json.dumps(list(map(asdict, kept)), indent=1), encoding="utf-8")
    return 1 if failed or result.wrong or result.unexplained else 0


if __name__ == "__main__":
    raise SystemExit(main())
