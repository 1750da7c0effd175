"""Finds what can be reached from the names of a program, and what each of these objects holds.

An object is known by the shortest path to it, such as `model.table` or `agents['a'].buffer[0]`.
"""

from __future__ import annotations

import contextlib
import sys
import types
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tflint_slice.prove.program import leaves
from tflint_slice.prove.program.observation import Leaf

LIMIT = 100_000
"""Objects that are looked at."""
_LIBRARIES = ("tensorflow", "keras", "tf_keras")
_SEQUENCES = (list, tuple, deque)


@dataclass
class Walk:
    """Goes breadth first, and into each object once.

    ``own`` says of the name of a module whether it is a part of the program. Numbers and texts
    count in the containers and objects of the program itself; in those of a library, which keeps
    addresses and times in them, only variables, tensors and arrays do.
    """

    own: Callable[[str], bool]
    found: dict[str, Leaf] = field(default_factory=dict)
    _waiting: deque[tuple[str, Any, bool]] = field(init=False, default_factory=deque)
    # Kept alive, so that no other object gets the same number.
    _known: dict[int, Any] = field(init=False, default_factory=dict)
    _variables: dict[int, str] = field(init=False, default_factory=dict)
    _looked_at: int = field(init=False, default=0)

    @property
    def complete(self) -> bool:
        return not self._waiting

    def names(self, scope: str, values: Mapping[str, Any]) -> None:
        """Start from the names of a module or function; ``scope`` is how it is told from others."""
        for name in sorted(values):
            if not name.startswith("__"):
                self._waiting.append((f"{scope}: {name}" if scope else name, values[name], True))

    def value(self, path: str, value: Any) -> None:
        self._waiting.append((path, value, True))

    def go(self) -> None:
        while self._waiting and self._looked_at < LIMIT:
            self._looked_at += 1
            self._look_at(*self._waiting.popleft())

    def _look_at(self, path: str, value: Any, plain: bool) -> None:
        if not plain and leaves.is_plain(value):
            return
        leaf = leaves.leaf(value, plain=plain)
        if leaf is not None:
            self.found[path] = self._named(path, value, leaf)
            if leaf.is_variable:
                self._variables.setdefault(id(value), path)
        if id(value) not in self._known and leaves.is_open(value, leaf):
            self._known[id(value)] = value
            self._waiting.extend(self._inside(path, value, plain))

    def _named(self, path: str, value: Any, leaf: Leaf) -> Leaf:
        """A variable that was met before is not told of at length again."""
        earlier = self._variables.get(id(value)) if leaf.is_variable else None
        return leaf if earlier is None else replace(leaf, content="", same_as=earlier)

    # --- what is inside of an object --------------------------------------------------------------

    def _inside(self, path: str, value: Any, plain: bool) -> Iterator[tuple[str, Any, bool]]:
        if isinstance(value, Mapping):
            for number, (key, entry) in enumerate(list(value.items())):
                named = isinstance(key, (*leaves.TEXTS, tuple)) and leaves.is_plain(key)
                yield f"{path}[{key!r}]" if named else f"{path}[key {number}]", entry, plain
        elif isinstance(value, _SEQUENCES) or leaves.is_object_array(value):
            entries = value if isinstance(value, _SEQUENCES) else value.reshape(-1)
            for number, entry in enumerate(list(entries)):
                yield f"{path}[{number}]", entry, plain
        elif isinstance(value, types.FunctionType):
            if self.own(value.__module__ or ""):
                yield from self._captured(path, value)
        elif isinstance(value, type):
            if self.own(value.__module__):
                for name in sorted(vars(value)):
                    if not name.startswith("__"):
                        yield f"{path}.{name}", vars(value)[name], plain
        elif not isinstance(value, types.ModuleType):
            yield from self._components(path, value)
            yield from self._attributes(path, value, plain)

    def _captured(self, path: str, function: types.FunctionType) -> Iterator[tuple[str, Any, bool]]:
        for name, cell in zip(
            function.__code__.co_freevars, function.__closure__ or (), strict=False
        ):
            with contextlib.suppress(ValueError):  # it holds nothing yet
                yield f"{path}.<{name}>", cell.cell_contents, True

    def _components(self, path: str, value: Any) -> Iterator[tuple[str, Any, bool]]:
        """What an object of a library says itself that it is made of."""
        if not _is_of_library(value):
            return
        for name in ("variables", "layers", *leaves.components(value)):
            entries = _read(value, name)
            if isinstance(entries, (*_SEQUENCES, *leaves.arrays())):
                yield f"{path}.{name}", entries, False
        function = _read(value, "python_function")
        if isinstance(function, types.FunctionType):
            yield path, function, False

    def _attributes(self, path: str, value: Any, plain: bool) -> Iterator[tuple[str, Any, bool]]:
        own, library = self.own(type(value).__module__), _is_of_library(value)
        state = _state(value)
        for name in sorted(state):
            # What a class of the program inherits from a library may be private to the latter.
            hidden = library and name.startswith("_")
            if not name.startswith(("__", "_self_")) and (own or not hidden):
                yield f"{path}.{name}", state[name], plain and own and not hidden


def _is_of_library(value: Any) -> bool:
    modules = {base.__module__.partition(".")[0] for base in type(value).__mro__}
    return not modules.isdisjoint(_LIBRARIES)


def _read(value: Any, name: str) -> Any:
    try:
        return getattr(value, name, None)
    except Exception:  # a property of a library, which has its own ideas of when it may be read
        return None


def _state(value: Any) -> dict[str, Any]:
    """The attributes that an object has itself. No property is read, for that runs code."""
    state = dict(getattr(value, "__dict__", {}))
    for base in type(value).__mro__:
        slots = vars(base).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            slot = vars(base).get(name)
            if isinstance(slot, types.MemberDescriptorType):
                try:
                    state[name] = slot.__get__(value)
                except AttributeError:
                    continue
    return state


def own_modules(folder: str) -> dict[str, types.ModuleType]:
    """The modules that were imported from the folder of the program, by name."""
    inside: dict[str, types.ModuleType] = {}
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None)
        path = Path(file) if isinstance(file, str) else Path()
        if Path(folder) in path.parents and "site-packages" not in path.parts:
            inside[name] = module
    return inside
