"""Where the source of an imported module lies, among the files of the project that imports it.

Python asks ``sys.path``, which nobody knows here: every folder from the importing file up to the
root of the project counts, and what two of them hold is in neither of them.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tflint_slice.files.reading import folded, read_bytes
from tflint_slice.infer.project import project_root
from tflint_slice.infer.reliance import is_file, is_folder, remembered, seen

LIBRARIES: Final = sys.stdlib_module_names | {"tensorflow", "keras", "tf_keras", "numpy"}
"""What these names mean is known whatever lies about under the same name."""

_BACKSLASH = re.compile(rb"\\\r?\n")
_FROM = re.compile(
    rb"\bfrom\b([ \t\f]*\.[ .\t\f\w\x80-\xff]*|[ \t\f]+[ .\t\f\w\x80-\xff]+)"
    rb"(?<![\w\x80-\xff])import\b[ \t\f]*"
    # What is imported is only looked at: a comment may begin what ends below the next import.
    rb"(?=(\((?:[^)#]|#[^\n]*\n)*\)|[^\n\r;]*))"
)
_IMPORT = re.compile(rb"\bimport\b[ \t\f]+([^\n\r;#(]+)")
_WORD = re.compile(rb"[\w.\x80-\xff]+")

Stamp = tuple[int, int]
"""Size and time of the last change of a file: what is remembered of it holds for these."""


@dataclass(frozen=True)
class Finder:
    """Finds modules for the files of the project below ``root``, an absolute path."""

    root: str

    @classmethod
    def of(cls, path: str) -> Finder:
        return cls(str(project_root(path)))

    def absolute(self, importer: str, dotted: str) -> str | None:
        """The file of ``dotted``, or the folder of a package that has none."""
        if not dotted or dotted.partition(".")[0] in LIBRARIES:
            return None
        found = {self.inside(folder, dotted) for folder in self._folders(importer)} - {None}
        return found.pop() if len(found) == 1 else None

    def relative(self, importer: str, level: int, dotted: str) -> str | None:
        """The module that ``from ..dotted import`` means, with as many dots as ``level``."""
        folder = os.path.dirname(importer)
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        if dotted:
            return self.inside(folder, dotted)
        return self._package(folder) if self._holds(folder) else None

    def inside(self, folder: str, dotted: str) -> str | None:
        """The module of that name in a folder."""
        *packages, last = dotted.split(".")
        folder = os.path.join(folder, *packages)
        whole = os.path.join(folder, last)
        if not self._holds(whole):
            return None
        if is_folder(whole):
            package = self._package(whole)
            if package != whole or not is_file(whole + ".py"):
                return package
        return whole + ".py" if is_file(whole + ".py") else None

    def submodule(self, module: str, name: str) -> str | None:
        """The module ``name`` of the package ``module``."""
        folder = module
        if not is_folder(module):
            folder, file = os.path.split(module)
            if file != "__init__.py":
                return None
        return self.inside(folder, name)

    def place(self, path: str) -> str:
        """How a file of the project is called, wherever the project lies."""
        inside = path.removeprefix(self.root.rstrip(os.sep) + os.sep)
        if inside == path:
            inside = os.path.relpath(path, self.root)
        return inside.replace(os.sep, "/")

    def _folders(self, importer: str) -> Iterator[str]:
        folder = os.path.dirname(importer)
        while self._holds(folder):
            if self._package(folder) == folder:
                yield folder
            folder = os.path.dirname(folder)
        yield os.path.join(self.root, "src")
        if self._package(self.root) != self.root:
            yield os.path.dirname(self.root)

    def _holds(self, path: str) -> bool:
        return path == self.root or path.startswith(self.root.rstrip(os.sep) + os.sep)

    @staticmethod
    def _package(folder: str) -> str:
        file = os.path.join(folder, "__init__.py")
        return file if is_file(file) else folder


def stamp(path: str) -> Stamp | None:
    """None for what is no file that can be looked at."""
    try:
        status = os.stat(path)
    except OSError:
        seen(path, present=False)
        return None
    seen(path, present=True)
    return status.st_size, status.st_mtime_ns


# --- where imports lead, by bytes -----------------------------------------------------------------

# Imports of imports beyond that are not followed.
_DEEPEST = 8

_ROOT = re.compile(rb"tensorflow|keras")


def leads_to_tensorflow(data: bytes, path: str) -> bool:
    """Whether the source in ``data`` imports a file that mentions TensorFlow, however far off."""
    if b"import" not in data:
        return False
    finder = Finder.of(path)
    found = _imported(finder, os.path.realpath(path), data)
    return any(_leads(module, finder, _DEEPEST) for module in found)


def _leads(path: str, finder: Finder, deepest: int) -> bool:
    known = stamp(path)
    return known is not None and _leads_from(path, known, finder, deepest)


@remembered(65_536)
def _leads_from(path: str, known: Stamp, finder: Finder, deepest: int) -> bool:
    mentions, modules = _look(path, known, finder)
    return mentions or (
        deepest > 0 and any(_leads(module, finder, deepest - 1) for module in modules)
    )


@remembered(16_384)
def _look(path: str, known: Stamp, finder: Finder) -> tuple[bool, tuple[str, ...]]:
    """Whether a file mentions TensorFlow, and else what it imports."""
    if is_folder(path):
        return False, ()
    try:
        data = folded(read_bytes(path))
    except OSError:
        return False, ()
    except UnicodeDecodeError:
        return True, ()
    mentions = _ROOT.search(data) is not None
    return mentions, () if mentions else tuple(_imported(finder, path, data))


def _imported(finder: Finder, path: str, data: bytes) -> list[str]:
    """The files that the imports in ``data`` may name, and perhaps more."""
    if b"\\" in data:
        data = _BACKSLASH.sub(b" ", data)
    modules: dict[str | None, None] = {}
    for match in _FROM.finditer(data):
        name = re.sub(r"\s", "", match[1].decode())
        dotted = name.lstrip(".")
        level = len(name) - len(dotted)
        module = finder.relative(path, level, dotted) if level else finder.absolute(path, dotted)
        if module is None:
            continue
        modules[module] = None
        if module.endswith("__init__.py") or is_folder(module):
            for word in _WORD.findall(match[2]):
                modules[finder.submodule(module, word.decode())] = None
    for match in _IMPORT.finditer(data):
        for part in match[1].split(b","):
            words = _WORD.findall(part)
            if words:
                names = words[0].decode().split(".")
                for count in range(1, len(names) + 1):
                    modules[finder.absolute(path, ".".join(names[:count]))] = None
    return [module for module in modules if module is not None]
