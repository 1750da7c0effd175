"""Run the linter beside Ruff, flake8 and libcst, and write how they compare.

    python benchmarks/run.py [FOLDER] [--quick] [--rows KEY,...] [--repeats N] [--python PATH]

``FOLDER`` is that of ``real_packages.py``: the wheels that are missing there are fetched. The
checkout and the peers of ``peers.txt`` are installed into environments of their own, which are kept
in ``--work`` with a copy of the Python files, and made anew when what is in them has changed. The
two sides of each row take turns. The results go to ``RESULTS.md`` and ``results.svg`` beside this
file; ``--quick``, which takes few packages and one turn to see that everything runs, and ``--rows``
only print them, unless ``--output`` names a folder. Needs a POSIX system, for the memory.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import contests
import results
from environments import CHECKOUT, PEERS, peers, prepared
from measuring import Failed
from real_packages import Package, Unavailable, default_cache, fetch, pinned

LEFT_OUT = ("tensorflow-probability", "transformers")
"""The two largest packages hold two fifths of all lines. Of one a large part is there three times,
made from one source for three backends; most of the other is about PyTorch."""


class Plan(NamedTuple):
    """Which packages the rows are about, and how many turns they take."""

    corpus: tuple[Package, ...]
    package: str
    grown: str
    repeats: int


def full_plan() -> Plan:
    chosen = tuple(package for package in pinned() if package.name not in LEFT_OUT)
    return Plan(chosen, "tf-agents", "tensorflow-privacy", 5)


def quick_plan() -> Plan:
    return Plan(pinned(("larq", "tensorflow-addons")), "tensorflow-addons", "larq", 1)


def ground(plan: Plan, sources: Path, work: Path, python: str) -> contests.Ground:
    """Everything that is run or read: environments, and the Python files alone."""
    pins = peers(PEERS.read_text(encoding="utf-8"))
    ours = prepared(python, work / "ours", (*pins.values(), str(CHECKOUT)))
    plain = prepared(python, work / "plain", (pins["flake8"],))
    corpus = work / "corpus"
    shutil.rmtree(corpus, ignore_errors=True)
    folders = {}
    for package in plan.corpus:
        folders[package.name] = corpus / package.folder
        for path in fetch(package, sources).rglob("*.py"):
            copy = corpus / path.relative_to(sources)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    scratch = work / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    return contests.Ground(corpus, folders[plan.package], folders[plan.grown], scratch, ours, plain)


def held(
    rows: Sequence[contests.Contest], on: contests.Ground, repeats: int
) -> Iterator[contests.Result]:
    """Each row, as it is done. One that cannot be run keeps no other from being run."""
    known: dict[str, contests.Result] = {}
    for row in rows:
        if row.needs and contests.refused(on, row.needs):
            result = contests.Result(row, missing="not available")
        elif row.runs_of in known:
            result = contests.Result(row, known[row.runs_of].runs, known[row.runs_of].missing)
        else:
            try:
                result = contests.held(row, repeats, on.scratch)
            except Failed as error:
                print(f"{row.key}: {error}", file=sys.stderr)
                result = contests.Result(row, missing="failed")
        known[row.key] = result
        yield result


def facts(plan: Plan, on: contests.Ground) -> dict[str, str]:
    """What the figures depend on."""
    files = list(on.corpus.rglob("*.py"))
    lines = sum(path.read_bytes().count(b"\n") for path in files)
    versions = on.ours.versions(["tflint-slice", *peers(PEERS.read_text(encoding="utf-8"))])
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    return {
        "date": time.strftime("%Y-%m-%d"),
        "machine": f"{processor()}, {cores()} cores, {platform.system()} {platform.machine()}",
        "load": f"{os.getloadavg()[0]:.1f} processes were running when it began",
        "versions": named,
        "corpus": f"{len(plan.corpus)} packages, {len(files):,} files, {lines:,} lines",
        "one package": f"{on.package.name}; {on.grown.name} is what is copied",
        "turns": f"{plan.repeats}; more of them where a run takes less than a second",
    }


def processor() -> str:
    try:
        described = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or "unknown processor"
    names = (line.partition(":")[2] for line in described.split("\n") if "model name" in line)
    return next(names, "unknown processor").strip()


def cores() -> int:
    """How many of them this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the linter beside its peers.")
    parser.add_argument("sources", nargs="?", type=Path, default=default_cache(), metavar="FOLDER")
    parser.add_argument("--quick", action="store_true", help="few packages, one turn, no file")
    parser.add_argument("--rows", default="", help="keys of rows, separated by commas")
    parser.add_argument("--repeats", type=int, help="how many turns each row takes")
    parser.add_argument("--python", default=sys.executable, help="makes the environments")
    parser.add_argument("--work", type=Path, help="where environments and copies are kept")
    parser.add_argument("--output", type=Path, help="the folder for RESULTS.md and results.svg")
    options = parser.parse_args()
    plan = quick_plan() if options.quick else full_plan()
    if options.repeats:
        plan = plan._replace(repeats=options.repeats)
    output = options.output
    if output is None and not (options.quick or options.rows):
        output = Path(__file__).parent
    sources = options.sources.resolve()
    work = (options.work or default_cache().with_name("benchmarks")).resolve()
    for folder in (sources, work):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        on = ground(plan, sources, work, options.python)
    except (Unavailable, Failed) as error:
        parser.exit(1, f"not available: {error}\n")
    rows = list(contests.contests(on))
    wanted = options.rows.split(",") if options.rows else [row.key for row in rows]
    unknown = set(wanted) - {row.key for row in rows}
    if unknown:
        parser.error(f"there are no rows {', '.join(sorted(unknown))}")
    measured = facts(plan, on)
    print(results.HEAD, flush=True)
    done = []
    for result in held([row for row in rows if row.key in wanted], on, plan.repeats):
        print(results.table_row(result), flush=True)
        done.append(result)
    for name, value in measured.items():
        print(f"{name}: {value}")
    if output is not None:
        (output / "results.svg").write_text(results.chart(done), encoding="utf-8")
        page = results.page(done, measured, "results.svg", str(work))
        (output / "RESULTS.md").write_text(page, encoding="utf-8")
    return 1 if any(result.missing == "failed" for result in done) else 0


if __name__ == "__main__":
    raise SystemExit(main())
