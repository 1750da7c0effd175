"""What the rest of a project says that bears on one file: strategies, compilation, eager or graph.

Files of the project are searched as bytes, once a process, and only after a finding asks.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path

from tflint_slice.files.reading import folded, read_bytes
from tflint_slice.infer.reliance import ANYTHING, Question, asked, is_file, remembered, seen
from tflint_slice.timing import Stage, timed

_MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")

_DISTRIBUTED = re.compile(
    rb"\.distribute\b|\bdistribute\.|\bimport\s+distribute\b|[A-Z]\w*Strategy\b|\bstrategy\.scope"
    rb"|\b[dD][tT]ensor\b|distribution_strategy|tpu_strategy",
)
_GRAPH = re.compile(rb"disable_eager_execution|disable_v2_behavior|disable_(?:v2_)?tensor_equality")
_MIXED = re.compile(rb"mixed_(?:float16|bfloat16|precision)|dtype_policy|DTypePolicy|autocast")
_TAPED = re.compile(
    rb"[gG]radient|jacobian|autodiff|ForwardAccumulator|train_on_batch|minimize|\bfit\b"
)
_COMPILED = re.compile(rb"jit_compile|experimental_compile|\bxla\b|(?<!re)\.compile\(")

_PATTERNS = {
    "distributed": _DISTRIBUTED,
    "compiled": _COMPILED,
    "graph": _GRAPH,
    "mixed": _MIXED,
    "taped": _TAPED,
}

# A project that is larger is taken to hold everything that is searched for.
_MOST_FILES = 20_000


@dataclass(frozen=True)
class Project:
    """``distributed``: variables may be created under a strategy. ``compiled``: XLA is in use.

    ``graph``: TensorFlow 1 graphs are built instead of running eagerly. ``mixed``: Keras weights
    may be read in half precision. ``taped``: gradients are taken.
    """

    distributed: bool
    compiled: bool
    graph: bool = False
    mixed: bool = False
    taped: bool = False

    def __or__(self, other: Project) -> Project:
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Project(*(one or two for one, two in pairs))


def project_root(path: str) -> Path:
    """The folder of the nearest packaging file or repository, else of the outermost package."""
    return _root_above(os.path.dirname(os.path.realpath(path)))


@lru_cache(4_096)
def _root_above(folder: str) -> Path:
    beside = Path(folder)
    for candidate in (beside, *beside.parents):
        if any((candidate / marker).exists() for marker in _MARKERS):
            return candidate
    while (beside / "__init__.py").exists() and beside.parent != beside:
        beside = beside.parent
    return beside


@timed(Stage.OTHERS)
def is_script(path: str) -> bool:
    """Whether nothing in the project mentions the file, so that its names are its own business.

    A word of that name anywhere counts: there are too many ways to import a module.
    """
    file = Path(path).resolve()
    if file.stem.startswith("__") or is_file(str(file.parent / "__init__.py")):
        return False
    asked(_MENTION, file.stem)
    word = _word(file.stem)
    for other, data in _files(project_root(path), MENTIONING, hidden=True):
        if data is None:
            asked(*ANYTHING)
            return False
        if other != str(file) and word.search(data):
            seen(other, present=True)
            return False
    return True


@timed(Stage.OTHERS)
@remembered(64)
def survey(root: Path) -> Project:
    """Search every Python file below ``root``."""
    found = dict.fromkeys(_PATTERNS, False)
    for path, data in sources(root):
        if data is None:
            asked(*ANYTHING)
            return Project(**dict.fromkeys(_PATTERNS, True))
        for name, pattern in _PATTERNS.items():
            if not found[name] and pattern.search(data) is not None:
                found[name] = True
                seen(path, present=True)
    asked(_SURVEY, *(name for name, holds in found.items() if holds))
    return Project(**found)


def bears_on(held: bytes, question: Question) -> bool:
    """Whether a file that holds these bytes is a hit of a search through the project."""
    kind, *words = question
    if kind == _MENTION:
        return _word(words[0]).search(held) is not None
    if kind == _SURVEY:
        return any(
            name not in words and pattern.search(held) for name, pattern in _PATTERNS.items()
        )
    return True


def _word(stem: str) -> re.Pattern[bytes]:
    return re.compile(os.fsencode(rf"\b{re.escape(stem)}\b"))


def survey_text(text: str) -> Project:
    """What one source says by itself."""
    data = text.encode("utf-8", "replace")
    return Project(**{name: bool(pattern.search(data)) for name, pattern in _PATTERNS.items()})


def sources(root: Path) -> Iterator[tuple[str, bytes | None]]:
    """The Python files below ``root`` and what they hold; a last None if there are too many."""
    return _files(root, (".py",), hidden=False)


def _files(
    root: Path, endings: tuple[str, ...], hidden: bool
) -> Iterator[tuple[str, bytes | None]]:
    for entry in entries(root, endings, hidden):
        if entry is None:
            yield str(root), None
        else:
            yield entry.path, searchable(entry.path)


def entries(
    root: Path, endings: tuple[str, ...] = (".py",), hidden: bool = False
) -> Iterator[os.DirEntry[str] | None]:
    """The files below ``root`` with such names; a last None if there are too many."""
    count = 0
    folders = [str(root)]
    while folders:  # and not os.walk, which goes no deeper than functions may be nested
        try:
            with os.scandir(folders.pop()) as found:
                inside = list(found)
        except OSError:
            continue
        for entry in inside:
            if entry.is_dir():
                walked = entry.name not in SKIPPED and (hidden or not entry.name.startswith("."))
                if walked and not entry.is_symlink():
                    folders.append(entry.path)
            elif entry.name.endswith(endings):
                count += 1
                if count > _MOST_FILES:
                    yield None
                    return
                yield entry


_MENTION, _SURVEY = "mention", "survey"
MENTIONING = (".py", ".pyw", ".ipynb", ".toml", ".cfg")
SKIPPED = frozenset({".git", "node_modules", "__pycache__", "venv", "site-packages"})


def searchable(path: str) -> bytes:
    """The bytes of a file with its names spelled as Python reads them; see ``folded``."""
    data = read(path)
    try:
        return folded(data)
    except UnicodeDecodeError:
        return data


def read(path: str) -> bytes:
    """The bytes of a file; none of one that cannot be read."""
    try:
        return read_bytes(path)
    except OSError:
        return b""
