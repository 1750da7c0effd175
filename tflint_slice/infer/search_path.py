"""Imports that edits of ``sys.path`` or ``sys.modules`` may lead to another module of that name.

After ``sys.path.insert(0, "lib")`` the import of ``config`` means ``lib/config.py``, and after
``sys.modules["config"] = fake`` it means ``fake``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Set
from typing import Final

from tflint_slice.infer.concordance import HELD, Concordance
from tflint_slice.infer.modules import Finder
from tflint_slice.infer.project import searchable
from tflint_slice.infer.reliance import asked, is_file, seen

NAMED: Final = "named"
EDITED: Final = "search path"
REPLACED: Final = "replaced modules"

_EDITING: Final = re.compile(
    rb"path\s*(?:\.\s*(?:insert|append|extend)\s*\(|\[[^\]\n]*\]\s*=(?!=)|\+=)"
    rb"|addsitedir|sys\s*\.\s*path\s*=(?!=)"
)
_REPLACING: Final = re.compile(
    rb"\bmodules\s*(?:\[[^\]\n]*\]\s*(?:=(?!=)|,)|\.\s*(?:update|setdefault|__setitem__)\s*\()"
)


def uncertain(
    names: Set[tuple[str, str]], finder: Finder, files: Concordance
) -> set[tuple[str, str]]:
    """The names of modules for which others of the same name may be imported."""
    modules = {module for module, _ in names}
    doubted = {module for module in modules if _is_doubted(module, finder, files)}
    return {(module, name) for module, name in names if module in doubted}


def _is_doubted(module: str, finder: Finder, files: Concordance) -> bool:
    """Whether there is another module of that name among files some of which edit the path."""
    name = _dotted(module, finder)
    if _is_replaced(name.rpartition("/")[2], files):
        return True
    asked(NAMED, name)
    others = [path for path in files.paths if path != module and goes_by(finder.place(path), name)]
    for path in others:
        seen(path, present=True)
    return bool(others) and _edited(files)


def _is_replaced(stem: str, files: Concordance) -> bool:
    """Whether a file that mentions a module puts some module in the place of another."""
    asked(REPLACED, stem)
    naming = sorted(set(files.files(HELD, stem)) & set(files.files(HELD, "modules")))
    replacing = next((path for path in naming if replaces(searchable(path), stem)), None)
    if replacing is not None:
        seen(replacing, present=True)
    return replacing is not None


def _edited(files: Concordance) -> bool:
    asked(EDITED)
    likely = (*files.files(HELD, "path"), *files.files(HELD, "addsitedir"))
    edited = next((path for path in likely if edits(searchable(path))), None)
    if edited is not None:
        seen(edited, present=True)
    return edited is not None


def _dotted(module: str, finder: Finder) -> str:
    """``package/module`` of a file, from the outermost package on."""
    name = _without_ending(finder.place(module))
    folder = os.path.dirname(module)
    if module.endswith("__init__.py"):
        folder = os.path.dirname(folder)
    depth = 1
    while is_file(os.path.join(folder, "__init__.py")) and folder != finder.root:
        folder = os.path.dirname(folder)
        depth += 1
    return "/".join(name.split("/")[-depth:])


def goes_by(place: str, name: str) -> bool:
    """Whether a file of the project may be imported under a name."""
    return f"/{_without_ending(place)}".endswith(f"/{name}")


def _without_ending(place: str) -> str:
    return place.removesuffix(".py").removesuffix("/__init__")


def edits(held: bytes) -> bool:
    """Whether source may change where modules are looked for."""
    return _EDITING.search(held) is not None


def replaces(held: bytes, stem: str) -> bool:
    """Whether source mentions a module, and puts some module in the place of another."""
    return os.fsencode(stem) in held and _REPLACING.search(held) is not None
