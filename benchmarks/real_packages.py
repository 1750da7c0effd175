"""Run tflint-slice on the sources of public packages that use TensorFlow, and count what it says.

    python benchmarks/real_packages.py [FOLDER] [--only NAME,...] [--list] [--prove] [--jobs N]

The packages are those of ``real_packages.txt``. Their wheels are fetched once with pip, must have
the SHA-256 that stands there, and are never installed or imported; only Python files and notebooks
are unpacked, to ``FOLDER/NAME-VERSION``. The first run needs the network. ``--prove`` runs every
fix against the original, and names each site with its verdict.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

PINNED = Path(__file__).with_suffix(".txt")

# Some of the packages exist for some Pythons only; naming one lets every Python run this.
ANY_WHEEL = (
    "--no-deps",
    "--only-binary=:all:",
    "--ignore-requires-python",
    "--implementation=cp",
    "--python-version=3.11",
    "--platform=manylinux2014_x86_64",
)


class Package(NamedTuple):
    """One line of the pinned list."""

    name: str
    version: str
    sha256: str

    @property
    def folder(self) -> str:
        return f"{self.name}-{self.version}"

    @property
    def requirement(self) -> str:
        return f"{self.name}=={self.version}"


class Report(NamedTuple):
    """What one package gave. ``counts`` is keyed by code, applicability of the fix, and reason."""

    package: str
    files: int
    lines: int
    seconds: float
    counts: Counter[tuple[str, str, str]]
    findings: list[dict[str, Any]]
    errors: list[str]


class Unavailable(Exception):
    """A wheel could not be had, or is not the one that is pinned."""


class NoNetwork(Unavailable):
    """No registry could be reached."""


def pinned(only: Iterable[str] = ()) -> tuple[Package, ...]:
    """The pinned list, or those of its packages whose names are given."""
    lines = PINNED.read_text(encoding="utf-8").splitlines()
    pattern = re.compile(r"(?P<name>\S+)==(?P<version>\S+) --hash=sha256:(?P<sha256>[0-9a-f]{64})")
    rows = (pattern.fullmatch(line) for line in lines if line and not line.startswith("#"))
    packages = {row["name"]: Package(**row.groupdict()) for row in rows if row}
    return tuple(packages[name] for name in only) or tuple(packages.values())


def default_cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "tflint-slice" / "real-packages"


def fetch(package: Package, cache: Path) -> Path:
    """The unpacked sources of a wheel, which is downloaded if it is not there yet.

    Raises:
        NoNetwork: the wheel is not there, and pip can reach no registry.
        Unavailable: pip could not download the wheel, or it has another hash.
    """
    folder = cache / package.folder
    done = cache / f"{package.folder}.sha256"
    if done.is_file() and done.read_text() == package.sha256 and folder.is_dir():
        return folder
    wheel = _wheel(package, cache / "wheels" / package.folder)
    shutil.rmtree(folder, ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith((".py", ".ipynb")):
                archive.extract(name, folder)
    done.write_text(package.sha256)
    return folder


def _wheel(package: Package, folder: Path) -> Path:
    if not any(folder.glob("*.whl")):
        command = [sys.executable, "-m", "pip", "download", "--quiet", *ANY_WHEEL]
        command += ["--disable-pip-version-check", "--retries=2", "--dest", str(folder)]
        command.append(package.requirement)
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode:
            # pip says in the same words that there is no network and that there is no package.
            error = NoNetwork if "Retrying (" in run.stderr else Unavailable
            last = (run.stderr.strip().splitlines() or ["pip failed"])[-1]
            raise error(f"{package.requirement}: {last}")
    (wheel,) = folder.glob("*.whl")
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != package.sha256:
        raise Unavailable(f"{package.requirement}: {wheel.name} has SHA-256 {found}")
    return wheel


def check(folder: Path, jobs: int, prove: bool = False) -> Report:
    """Run the command line on a folder, as a user would, and read its JSON."""
    command = [sys.executable, "-m", "tflint_slice", "check", str(folder)]
    options = ["--isolated", "--no-cache", "--exit-zero", "--output-format=json", f"-j{jobs}"]
    options += ["--prove"] if prove else []
    start = time.perf_counter()
    run = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    errors = [line for line in run.stderr.splitlines() if line.strip()]
    findings: list[dict[str, Any]] = json.loads(run.stdout or "[]")
    counts: Counter[tuple[str, str, str]] = Counter()
    for finding in findings:
        applicability = finding["fix"]["applicability"] if finding["fix"] else "none"
        counts[finding["code"], applicability, finding["reason"] or ""] += 1
    sources = list(folder.rglob("*.py"))
    lines = sum(source.read_bytes().count(b"\n") for source in sources)
    return Report(folder.name, len(sources), lines, seconds, counts, findings, errors)


def print_report(report: Report, folder: Path, every: bool) -> None:
    total = sum(report.counts.values())
    print(
        f"\n{report.package}: {report.files} files, {report.lines} lines, "
        f"{report.seconds:.1f} s, {total} findings, {len(report.errors)} errors"
    )
    print_counts(report.counts)
    for line in report.errors:
        print(f"  ! {line}")
    if every:
        for finding in report.findings:
            path = Path(finding["filename"])
            shown = path.relative_to(folder) if path.is_relative_to(folder) else path
            place = f"{shown}:{finding['location']['row']}"
            print(f"    {place}: {finding['code']} {finding['message']}")


def print_verdicts(reports: Sequence[Report]) -> None:
    """Each fix with its verdict, then how many there are of each."""
    verdicts: Counter[tuple[str, str]] = Counter()
    print("\nproofs:")
    for report in reports:
        for finding in report.findings:
            proof = finding.get("proof")
            if proof is None:
                continue
            verdicts[finding["fix"]["applicability"], proof["verdict"]] += 1
            place = f"{finding['filename']}:{finding['location']['row']}"
            place = place[place.find(report.package) :]
            assumed = f" ({finding['reason']})" if finding["reason"] else ""
            print(f"  {place}: {finding['code']}{assumed} {proof['verdict']}")
            details = [proof["reason"], ", ".join(proof["modes"]), f"{proof['samples']} samples"]
            print(f"      {'; '.join(filter(None, details))}")
    for (applicability, verdict), count in sorted(verdicts.items()):
        print(f"  {count:5}  {applicability:8} {verdict}")


def print_counts(counts: Counter[tuple[str, str, str]]) -> None:
    for (code, applicability, reason), count in sorted(counts.items()):
        print(f"  {count:5}  {code}  {applicability:8} {reason}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Count findings on the sources of real packages.")
    parser.add_argument("cache", nargs="?", type=Path, default=default_cache(), metavar="FOLDER")
    parser.add_argument("--only", default="", help="names of packages, separated by commas")
    parser.add_argument("--list", action="store_true", help="print every finding")
    parser.add_argument("--prove", action="store_true", help="prove every fix in TensorFlow")
    parser.add_argument("--jobs", "-j", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--download-only", action="store_true", help="fetch the sources and stop")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    reports, missing = [], []
    for package in pinned(filter(None, options.only.split(","))):
        try:
            folder = fetch(package, options.cache.resolve())
        except Unavailable as error:
            missing.append(str(error))
            continue
        if not options.download_only:
            reports.append(check(folder, options.jobs, options.prove))
            print_report(reports[-1], folder, options.list)
    if reports:
        counts = sum((report.counts for report in reports), Counter[tuple[str, str, str]]())
        seconds = sum(report.seconds for report in reports)
        files, lines = (sum(getattr(one, name) for one in reports) for name in ("files", "lines"))
        print(f"\nall: {files} files, {lines} lines, {seconds:.1f} s, {counts.total()} findings")
        print_counts(counts)
        if options.prove:
            print_verdicts(reports)
    for error in missing:
        print(f"not available: {error}", file=sys.stderr)
    return 1 if missing or any(report.errors for report in reports) else 0


if __name__ == "__main__":
    raise SystemExit(main())
