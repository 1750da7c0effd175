"""What the rest of a project says that bears on one file: strategies, compilation, eager or graph.

Files of the project are searched as bytes, once a process, and only after a finding asks.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")

_DISTRIBUTED = re.compile(
    rb"\.distribute\b|\bdistribute\.|\bimport\s+distribute\b|[A-Z]\w*Strategy\b|\bstrategy\.scope"
    rb"|\b[dD][tT]ensor\b|distribution_strategy|tpu_strategy",
)
_GRAPH = re.compile(rb"disable_eager_execution|disable_v2_behavior")
_COMPILED = re.compile(rb"jit_compile|experimental_compile|\bxla\b|\.compile\(")

# A project that is larger is taken to hold everything that is searched for.
_MOST_FILES = 20_000


@dataclass(frozen=True)
class Project:
    """``distributed``: variables may be created under a strategy. ``compiled``: XLA is in use.

    ``graph``: TensorFlow 1 graphs are built instead of running eagerly.
    """

    distributed: bool
    compiled: bool
    graph: bool = False


def project_root(path: str) -> Path:
    """The folder of the nearest packaging file or repository, else of the outermost package."""
    folder = Path(path).resolve().parent
    for candidate in (folder, *folder.parents):
        if any((candidate / marker).exists() for marker in _MARKERS):
            return candidate
    while (folder / "__init__.py").exists() and folder.parent != folder:
        folder = folder.parent
    return folder


def is_script(path: str) -> bool:
    """Whether nobody in the project imports the file, so that its names are its own business."""
    file = Path(path)
    if file.stem.startswith("__") or (file.resolve().parent / "__init__.py").exists():
        return False
    return file.stem not in _imported_words(project_root(path))


@lru_cache(maxsize=64)
def _imported_words(root: Path) -> frozenset[str]:
    """Every word of every import statement below ``root``."""
    words: set[bytes] = set()
    for data in _sources(root):
        for line in _IMPORT.findall(data or b""):
            words.update(_WORD.findall(line))
    return frozenset(word.decode() for word in words)


_IMPORT = re.compile(rb"^[ \t]*(?:from|import)[ \t][^\n]*", re.MULTILINE)
_WORD = re.compile(rb"[A-Za-z_]\w*")


@lru_cache(maxsize=64)
def survey(root: Path) -> Project:
    """Search every Python file below ``root``."""
    distributed = compiled = graph = False
    for data in _sources(root):
        if data is None:
            return Project(distributed=True, compiled=True, graph=True)
        distributed = distributed or _DISTRIBUTED.search(data) is not None
        compiled = compiled or _COMPILED.search(data) is not None
        graph = graph or _GRAPH.search(data) is not None
        if distributed and compiled and graph:
            break
    return Project(distributed, compiled, graph)


def _sources(root: Path) -> Iterator[bytes | None]:
    """What the Python files below ``root`` hold; a last None if there are too many of them."""
    count = 0
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _SKIPPED]
        for name in files:
            if name.endswith(".py"):
                count += 1
                if count > _MOST_FILES:
                    yield None
                    return
                yield _read(os.path.join(folder, name))


_SKIPPED = frozenset({"node_modules", "__pycache__", "venv", "site-packages"})


def survey_text(text: str) -> Project:
    """What one source says by itself."""
    data = text.encode("utf-8", "replace")
    return Project(*(found.search(data) is not None for found in (_DISTRIBUTED, _COMPILED, _GRAPH)))


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""
