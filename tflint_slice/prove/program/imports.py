"""Takes part in the imports of a program: its own text is given, and libraries are set up.

The text comes from memory, in place of what the file on disk holds. That goes for whoever imports
the module by its name, and for whoever asks for its source: AutoGraph converts what it reads.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType, ModuleType

from tflint_slice.syntax.source import split_lines

Prepare = Callable[[ModuleType], None]


class _GivenLoader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, text: str, code: CodeType) -> None:
        super().__init__(name, path)
        self._text = text
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        return self._code

    def get_source(self, fullname: str) -> str:
        return self._text


@dataclass(frozen=True)
class Given(importlib.abc.MetaPathFinder):
    """Finds the module ``name``, whose text is at hand."""

    name: str
    path: str
    text: str
    code: CodeType

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        loader = _GivenLoader(fullname, self.path, self.text, self.code)
        return importlib.util.spec_from_file_location(fullname, self.path, loader=loader)

    def install(self) -> None:
        sys.meta_path.insert(0, self)
        lines = [line.rstrip("\r\n") + "\n" for line in split_lines(self.text)]
        read = linecache.updatecache

        def update(filename: str, module_globals: dict[str, object] | None = None) -> list[str]:
            if os.path.abspath(filename) != self.path:
                return read(filename, module_globals)
            # Without a time of change, no entry is ever held against the file on disk.
            linecache.cache[filename] = (len(self.text), None, lines, self.path)
            return lines

        linecache.updatecache = update


@dataclass(frozen=True)
class Prepared(importlib.abc.MetaPathFinder):
    """Does something to libraries, by their names, as soon as they have been imported.

    Not before, because what a program sets in its environment counts when it imports them.
    """

    prepare: Mapping[str, Prepare]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        prepare = self.prepare.get(fullname)
        spec = importlib.machinery.PathFinder.find_spec(fullname, path) if prepare else None
        if prepare is None or spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def execute_and_prepare(module: ModuleType) -> None:
            execute(module)
            prepare(module)

        spec.loader.exec_module = execute_and_prepare  # type: ignore[method-assign]
        return spec

    def install(self) -> None:
        sys.meta_path.insert(0, self)
