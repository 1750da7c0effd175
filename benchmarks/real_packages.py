"""Run tflint-slice on the sources of public packages that use TensorFlow, and count what it says.

    python benchmarks/real_packages.py [CACHE_DIR] [--list] [--prove] [--jobs N]

The wheels are fetched once with pip and never installed or imported; only their Python files are
unpacked. The first run needs the network. ``--prove`` runs every fix against the original, and
names each site with its verdict.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

PACKAGES = (
    "Tensorforce==0.6.5",
    "tf-models-official==2.20.0",
    "tf-agents==0.19.0",
    "tensorflow-addons==0.23.0",
    "tensorflow-graphics==2021.12.3",
    "gpflow==2.11.2",
    "spektral==1.3.1",
    "larq==0.14.0",
    "tensorflow-probability==0.25.0",
)

# tensorflow-addons exists for some Pythons only; naming one lets every Python run this.
ANY_WHEEL = (
    "--no-deps",
    "--only-binary=:all:",
    "--ignore-requires-python",
    "--implementation=cp",
    "--python-version=3.11",
    "--platform=manylinux2014_x86_64",
)


class Report(NamedTuple):
    """What one package gave. ``counts`` is keyed by code, applicability of the fix, and reason."""

    package: str
    files: int
    lines: int
    seconds: float
    counts: Counter[tuple[str, str, str]]
    findings: list[dict[str, Any]]
    errors: list[str]


def default_cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "tflint-slice" / "real-packages"


def folder_of(requirement: str) -> str:
    """Where a package is unpacked: its name as an importable word."""
    return requirement.partition("==")[0].replace("-", "_")


def fetch(requirement: str, cache: Path) -> Path:
    """The unpacked Python files of a wheel, downloaded if they are not there yet.

    Raises:
        subprocess.CalledProcessError: pip could not download the wheel.
    """
    folder = cache / folder_of(requirement)
    done = cache / f"{folder.name}.version"
    if done.is_file() and done.read_text() == requirement:
        return folder
    wheels = cache / "wheels" / folder.name
    for stale in (folder, wheels):
        shutil.rmtree(stale, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", *ANY_WHEEL]
    subprocess.run([*command, "--dest", str(wheels), requirement], check=True)
    for wheel in wheels.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if name.endswith(".py"):
                    archive.extract(name, folder)
    done.write_text(requirement)
    return folder


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
    parser.add_argument("cache", nargs="?", type=Path, default=default_cache())
    parser.add_argument("--list", action="store_true", help="print every finding")
    parser.add_argument("--prove", action="store_true", help="prove every fix in TensorFlow")
    parser.add_argument("--jobs", "-j", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--download-only", action="store_true", help="fetch the sources and stop")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    reports, missing = [], []
    for requirement in PACKAGES:
        try:
            folder = fetch(requirement, options.cache.resolve())
        except subprocess.CalledProcessError:
            missing.append(requirement)
            continue
        if not options.download_only:
            reports.append(check(folder, options.jobs, options.prove))
            print_report(reports[-1], folder, options.list)
    if reports:
        counts = sum((report.counts for report in reports), Counter[tuple[str, str, str]]())
        seconds = sum(report.seconds for report in reports)
        lines = sum(report.lines for report in reports)
        print(f"\nall: {lines} lines, {seconds:.1f} s, {sum(counts.values())} findings")
        print_counts(counts)
        if options.prove:
            print_verdicts(reports)
    for requirement in missing:
        print(f"not downloaded: {requirement}", file=sys.stderr)
    return 1 if missing or any(report.errors for report in reports) else 0


if __name__ == "__main__":
    raise SystemExit(main())
