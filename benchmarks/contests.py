"""The rows: what is run beside what, what is told of both, and how much of it is allowed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from environments import Environment
from long_program import long_program
from measuring import Sample, Spread, Step, bare_environment, in_turns, run

SHORT_RUNS = 4
"""How many times as often the rows are run that take less than a second."""


class Unit(Enum):
    """What is told of two runs that took their turns, and how it is written."""

    RATIO = "x"
    MILLISECONDS = "ms more"
    MEBIBYTES = "MiB"

    def of(self, ours: Sample, peer: Sample) -> float:
        if self is Unit.RATIO:
            return ours.seconds / peer.seconds
        if self is Unit.MILLISECONDS:
            return (ours.seconds - peer.seconds) * 1000
        return ours.peak


@dataclass(frozen=True)
class Contest:
    """One row. ``before`` is called once before all of its runs, ``after`` once after them.

    ``runs_of`` is the key of a row whose runs serve for this one as well, ``needs`` are options
    without which there is nothing to run.
    """

    key: str
    name: str
    steps: tuple[Step, Step]
    at_most: float
    aim: float | None = None
    unit: Unit = Unit.RATIO
    more_often: int = 1
    before: Callable[[], object] | None = None
    after: Callable[[], object] | None = None
    runs_of: str | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What came of a row, or why nothing did."""

    contest: Contest
    runs: tuple[list[Sample], list[Sample]] = field(default_factory=lambda: ([], []))
    missing: str = ""

    @property
    def told(self) -> Spread:
        """Each turn of ours against the peer's run that followed it."""
        pairs = zip(*self.runs, strict=True)
        return Spread.of(self.contest.unit.of(*pair) for pair in pairs)

    @property
    def met(self) -> bool:
        """Of memory no run may take more; of time the one in the middle decides."""
        most = self.contest.unit is Unit.MEBIBYTES
        return (self.told.greatest if most else self.told.median) <= self.contest.at_most


def held(contest: Contest, times: int, folder: Path) -> Result:
    """Let both sides run, in turns.

    Raises:
        Failed: one of them did not do what was to be timed.
    """
    try:
        if contest.before is not None:
            contest.before()
        ours, peer = in_turns(contest.steps, times * contest.more_often, folder)
    finally:
        if contest.after is not None:
            contest.after()
    return Result(contest, (ours, peer))


@dataclass(frozen=True)
class Ground:
    """The folders and environments that the rows need.

    ``corpus`` holds all of the packages, ``package`` is the folder of one of them and ``grown`` of
    a smaller one. ``plain`` is the environment without the plugin.
    """

    corpus: Path
    package: Path
    grown: Path
    scratch: Path
    ours: Environment
    plain: Environment

    def check(self, *arguments: str | Path) -> tuple[str, ...]:
        return (self.ours.program("tflint-slice"), "check", "--isolated", *map(str, arguments))

    def lint(self, label: str, *arguments: str | Path) -> Step:
        # Files that this Python cannot parse are told of by both, but by ours with a status of 2.
        return Step(label, self.check("--exit-zero", "--no-cache", *arguments), statuses=(0, 2))

    def ruff(self) -> Step:
        options = ("check", "--isolated", "--no-cache", "--exit-zero")
        command = (self.ours.program("ruff"), *options, str(self.corpus))
        return Step("ruff check", command)

    def flake8(self, label: str, environment: Environment, *options: str) -> Step:
        command = (environment.program("flake8"), "--isolated", "--exit-zero", *options)
        return Step(label, (*command, str(self.package)))

    def python(self, label: str, program: str, *arguments: Path) -> Step:
        return Step(label, (self.ours.python, "-c", program, *map(str, arguments)))


def contests(ground: Ground) -> Iterator[Contest]:
    """All rows, in the order of the table."""
    yield from _on_the_corpus(ground)
    yield from _beside_flake8(ground)
    yield from _start_up(ground)
    yield from _growth(ground)
    yield from _fixing(ground)


def _on_the_corpus(ground: Ground) -> Iterator[Contest]:
    cold = ground.lint("no cache", ground.corpus)
    yield Contest("cold", "corpus, cold", (cold, ground.ruff()), 3.0, 1.5)
    yield Contest(
        "memory",
        "corpus, cold: the largest process",
        (cold, ground.ruff()),
        300.0,
        unit=Unit.MEBIBYTES,
        runs_of="cold",
    )
    cache = ground.scratch / "cache"
    needs = ("--cache-dir", str(cache))
    command = ground.check("--exit-zero", "--cache-dir", cache, ground.corpus)
    warm = Step("warm", command, statuses=(0, 2))
    changed = Changed(ground.package)
    changing = Step("warm, one file changed", command, changed.change, statuses=(0, 2))

    def fill() -> None:
        shutil.rmtree(cache, ignore_errors=True)
        run(warm, ground.scratch)

    yield Contest("warm", "corpus, warm", (warm, ground.ruff()), 0.5, before=fill, needs=needs)
    yield Contest(
        "changed",
        "corpus, warm, one file changed",
        (changing, warm),
        1.2,
        more_often=2,
        before=fill,
        after=changed.undo,
        needs=needs,
    )


class Changed:
    """The file of middle size among those that use TensorFlow, with another comment each time."""

    def __init__(self, folder: Path) -> None:
        sources = ((path.stat().st_size, path) for path in folder.rglob("*.py"))
        using = [path for _, path in sorted(sources) if b"tensorflow" in path.read_bytes()]
        self.path = using[len(using) // 2]
        self._before = self.path.read_bytes()
        self._times = 0

    def change(self) -> None:
        self._times += 1
        self.path.write_bytes(self._before + b"# Change number %d.\n" % self._times)

    def undo(self) -> None:
        self.path.write_bytes(self._before)


def _beside_flake8(ground: Ground) -> Iterator[Contest]:
    selected = ground.flake8("flake8 --select F", ground.plain, "--select", "F")
    ours = ground.lint("no cache", ground.package)
    yield Contest("flake8", "one package, beside flake8", (ours, selected), 0.1)
    plugin = ground.flake8("flake8 with the plugin", ground.ours)
    plain = ground.flake8("flake8 without it", ground.plain)
    yield Contest("plugin", "one package, the plugin in flake8", (plugin, plain), 1.15)


def _start_up(ground: Ground) -> Iterator[Contest]:
    nothing = ground.python("python -c pass", "pass")
    version = Step("--version", (ground.ours.program("tflint-slice"), "--version"))
    imported = ground.python("import the flake8 plugin", "import tflint_slice.flake8_plugin")
    for key, name, step, at_most in (
        ("version", "start-up", version, 60.0),
        ("import", "import of the flake8 plugin", imported, 40.0),
    ):
        yield Contest(
            key,
            name,
            (step, nothing),
            at_most,
            unit=Unit.MILLISECONDS,
            more_often=SHORT_RUNS,
        )


def _growth(ground: Ground) -> Iterator[Contest]:
    ten = ground.scratch / "ten"
    shutil.rmtree(ten, ignore_errors=True)
    for number in range(10):
        shutil.copytree(ground.grown, ten / str(number))
    steps = ground.lint("10 copies of a package", ten), ground.lint("one of them", ten / "0")
    yield Contest("files", "10 times the files", steps, 11.0)
    long, longer = (
        _written(ground.scratch / "long" / f"{lines}.py", lines, lines // 40)
        for lines in (2_000, 20_000)
    )
    steps = ground.lint("a file of 20,000 lines", longer), ground.lint("of 2,000 lines", long)
    yield Contest("lines", "10 times the lines", steps, 11.0)


def _fixing(ground: Ground) -> Iterator[Contest]:
    path = ground.scratch / "fixed" / "2000.py"
    # Without --exit-zero: it must leave nothing to be found.
    fix = Step(
        "--fix, 2,000 lines, 50 findings",
        ground.check("--no-cache", "--fix", path),
        lambda: _written(path, 2_000, 50),
    )
    program = (
        "import pathlib, sys, time, libcst\n"
        "text = pathlib.Path(sys.argv[1]).read_text()\n"
        "start = time.perf_counter()\n"
        "libcst.parse_module(text)\n"
        "print(time.perf_counter() - start)"
    )
    long = _written(ground.scratch / "long" / "2000.py", 2_000, 50)
    parse = ground.python("a process that parses with libcst", program, long)
    alone = parse._replace(label="libcst.parse_module alone", timed_by_itself=True)
    for key, name, peer in (
        ("fix", "fixing, beside parsing alone", alone),
        ("fix-process", "fixing, beside a process that parses", parse),
    ):
        yield Contest(key, name, (fix, peer), 6.0)


def _written(path: Path, lines: int, findings: int) -> Path:
    # In a folder of its own: what other files of a project do counts.
    path.parent.mkdir(exist_ok=True)
    path.write_text(long_program(lines, findings), encoding="utf-8")
    return path


def refused(ground: Ground, options: Sequence[str]) -> bool:
    """Whether the command line knows no such options."""
    empty = ground.scratch / "empty"
    empty.mkdir(exist_ok=True)
    command = ground.check(*options, empty)
    told = subprocess.run(
        command, env=bare_environment(), capture_output=True, text=True, check=False
    )
    return told.returncode == 2 and "No such option" in told.stderr
