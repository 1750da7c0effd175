"""No shortcut changes what is found: neither a screen, nor what is kept, nor several processes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from generated import projects
from hypothesis import HealthCheck, given, settings

from tflint_slice.analysis import findings_in
from tflint_slice.cache.results import opened
from tflint_slice.files.discovery import Target
from tflint_slice.model import Finding
from tflint_slice.runs import Counts, check_files
from tflint_slice.settings import Settings
from tflint_slice.syntax.imported_stores import telling_imports
from tflint_slice.syntax.source import SourceText

PAUSE = 0.12
"""Longer than what a file system may take for one moment: what is younger is not trusted."""
LARGE = f"# {'x' * 300_000}\n"
"""Makes a file large enough for a run to be worth processes."""
ALL = Settings(select=("TFS", "TFS306"))

Found = Mapping[str, Sequence[Finding]]


def written(folder: Path, project: Mapping[str, str]) -> list[Target]:
    folder.mkdir()
    (folder / "pyproject.toml").touch()
    for name, text in project.items():
        (folder / name).write_text(text, encoding="utf-8")
    paths = [str(folder / name) for name in sorted(project)]
    return [Target(path, ALL, real=path) for path in paths]


def found(
    targets: list[Target], *, jobs: int = 1, cache: Path | None = None
) -> tuple[Found, Counts]:
    """The findings by path, as a run finds them."""
    counts = Counts()
    results = None if cache is None else opened(str(cache), changing=False)
    outcomes = list(check_files(targets, jobs=jobs, results=results, counts=counts))
    if results is not None:
        results.save()
    assert [failure for outcome in outcomes for failure in outcome.failures] == []
    return {outcome.path: outcome.found for outcome in outcomes if outcome.found}, counts


def unscreened(targets: list[Target]) -> Found:
    """What a look at everything finds."""
    everything = {}
    for target in targets:
        source = SourceText.parse(Path(target.path).read_text(encoding="utf-8"), target.path)
        wanted = telling_imports(source.tree, target.path)
        everything[target.path] = tuple(findings_in(source, ALL, wanted))
    return {path: findings for path, findings in everything.items() if findings}


def kept(findings: Found) -> Found:
    """Without what is for proofs only, which is not kept from run to run."""
    return {
        path: [
            each if each.fix is None else replace(each, fix=replace(each.fix, site=None))
            for each in some
        ]
        for path, some in findings.items()
    }


def test_findings_are_the_same_by_any_way(tmp_path: Path) -> None:
    seen: Counter[str] = Counter()

    @given(projects())
    @settings(
        deadline=None,
        max_examples=settings().max_examples // 4,
        suppress_health_check=[HealthCheck.too_slow],
    )
    def same(project: Mapping[str, str]) -> None:
        seen["projects"] += 1
        project = {**project, "made.py": LARGE + project["made.py"]}
        targets = written(tmp_path / str(seen["projects"]), project)
        plain, counts = found(targets)
        assert plain == unscreened(targets)
        assert found(targets, jobs=2)[0] == plain
        time.sleep(PAUSE)
        cache = tmp_path / f"{seen['projects']}.cache"
        assert kept(found(targets, cache=cache)[0]) == kept(plain)
        again, counted = found(targets, cache=cache)
        assert kept(again) == kept(plain)
        assert counted.cached == counted.seen == len(targets)
        seen["screened"] += counts.screened
        seen.update(Path(path).name for path in plain)

    same()
    assert seen["screened"] > seen["projects"]
    assert min(seen[name] for name in ("used.py", "alone.py")) > seen["projects"] // 5
