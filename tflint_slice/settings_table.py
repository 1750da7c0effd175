"""The keys of ``[tool.tflint-slice]``: how each is read, and its place in the JSON schema.

``python -m tflint_slice.settings_table`` prints that schema.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast

from tflint_slice.files.patterns import PatternList
from tflint_slice.settings import (
    TABLE,
    ConfigurationError,
    Rewrite,
    Settings,
    nearest,
    parse_codes,
)

EXTEND: Final = "extend"

Ignores = tuple[tuple[PatternList, tuple[str, ...]], ...]


class BadValue(Exception):
    """A key or value of the table that means nothing."""

    def __init__(self, key: str | None, message: str) -> None:
        super().__init__(message)
        self.key = key
        self.message = message


@dataclass(frozen=True)
class Key:
    """``read`` takes the key, its value, and the directory that patterns are relative to."""

    read: Callable[[str, object, str], object]
    description: str
    schema: Mapping[str, object]


def _codes(key: str, value: object, root: str) -> tuple[str, ...]:
    try:
        return parse_codes(_strings(key, value), key)
    except ConfigurationError as error:
        raise BadValue(key, error.message) from error


def _strings(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise BadValue(key, f"{key} must be a list of strings, not {_shown(value)}")
    return tuple(value)


def _patterns(key: str, value: object, root: str) -> tuple[PatternList, ...]:
    lines = _strings(key, value)
    try:
        return (PatternList.of(lines, root),) if lines else ()
    except ValueError as error:
        raise BadValue(key, f"{key}: {error}") from error


def _per_file_ignores(key: str, value: object, root: str) -> Ignores:
    if not isinstance(value, dict):
        raise BadValue(key, f"{key} must be a table of patterns, not {_shown(value)}")
    return tuple(
        (_patterns(key, [pattern], root)[0], _codes(key, codes, root))
        for pattern, codes in value.items()
    )


def _extend(key: str, value: object, root: str) -> str:
    if not isinstance(value, str):
        raise BadValue(key, f"{key} must be the path of a file, not {_shown(value)}")
    return value


def _rewrite(key: str, value: object, root: str) -> Rewrite:
    choices = ("in-place", "functional")
    if value not in choices:
        hint = nearest(value, choices) if isinstance(value, str) else ""
        raise BadValue(key, f'{key} must be "in-place" or "functional", not {_shown(value)}{hint}')
    return cast(Rewrite, value)


def _distributed(key: str, value: object, root: str) -> bool:
    if not isinstance(value, bool):
        raise BadValue(key, f"{key} must be true or false, not {_shown(value)}")
    return value


def _keras(key: str, value: object, root: str) -> Literal[2, 3]:
    if isinstance(value, bool) or not isinstance(value, int) or value not in (2, 3):
        raise BadValue(key, f"{key} must be 2 or 3, not {_shown(value)}")
    return 2 if value == 2 else 3


def _min_elements(key: str, value: object, root: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadValue(key, f"{key} must be a number of elements, not {_shown(value)}")
    return value


def _cache_dir(key: str, value: object, root: str) -> str:
    if not isinstance(value, str) or not value:
        raise BadValue(key, f"{key} must be the path of a directory, not {_shown(value)}")
    return os.path.join(root, os.path.expanduser(value))


_TEXTS: Final = {"type": "array", "items": {"type": "string"}}
_CODES: Final = {"type": "array", "items": {"type": "string", "pattern": "^TFS?[0-9]{0,3}$|^T$"}}
_BY_PATTERN: Final = {"type": "object", "additionalProperties": _CODES}

KEYS: Final[Mapping[str, Key]] = {
    "select": Key(_codes, "Rules to report, by code or prefix.", _CODES),
    "ignore": Key(_codes, "Rules not to report. The longest prefix that fits decides.", _CODES),
    "extend-select": Key(_codes, "Rules to report beside those of select.", _CODES),
    "per-file-ignores": Key(
        _per_file_ignores, "Rules not to report in files that fit a pattern.", _BY_PATTERN
    ),
    "extend-per-file-ignores": Key(
        _per_file_ignores, "The same, beside those of the file that this one extends.", _BY_PATTERN
    ),
    "exclude": Key(_patterns, "Files and directories to pass by, as in .gitignore.", _TEXTS),
    "extend-exclude": Key(
        _patterns, "The same, beside those of the file that this one extends.", _TEXTS
    ),
    EXTEND: Key(
        _extend, "A file with settings that hold where this one has none.", {"type": "string"}
    ),
    "rewrite": Key(
        _rewrite,
        "One style for all fixes; without it the cheapest that is safe.",
        {"enum": ["in-place", "functional"]},
    ),
    "distributed": Key(
        _distributed,
        "Whether variables may be created under a tf.distribute strategy; without it the code is "
        "searched for one.",
        {"type": "boolean"},
    ),
    "keras": Key(
        _keras, "The version of Keras that is meant where imports do not say.", {"enum": [2, 3]}
    ),
    "min-elements": Key(
        _min_elements,
        "Rules about cost alone (TFS2, TFS3, TFS401) pass by what is known to have fewer elements.",
        {"type": "integer", "minimum": 0},
    ),
    "cache-dir": Key(
        _cache_dir,
        "Where results of earlier runs are kept, in place of .tflint_slice_cache.",
        {"type": "string"},
    ),
}


def read_table(table: Mapping[str, object], root: str) -> dict[str, object]:
    """The values that a table spells out, by key.

    Raises:
        BadValue: it holds an unknown key, or a value that its key does not take.
    """
    values = {}
    for name, value in table.items():
        if name not in KEYS:
            raise BadValue(name, f"unknown key {name!r} in [{TABLE}]{nearest(name, KEYS)}")
        values[name] = KEYS[name].read(name, value, root)
    return values


def extended(base: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    """What a file says that extends another one; what begins with ``extend-`` is added up."""
    both = {**base, **own}
    for name in both:
        if name.startswith("extend-") and name in base and name in own:
            both[name] = (*cast(Ignores, base[name]), *cast(Ignores, own[name]))
    return both


def _as_fields(values: Mapping[str, object]) -> dict[str, object]:
    """The fields of ``Settings`` that values by key stand for."""
    fields = {
        name.replace("-", "_"): value
        for name, value in values.items()
        if name not in (EXTEND, "extend-exclude", "extend-per-file-ignores")
    }
    for name in ("exclude", "per-file-ignores"):
        more = cast(Ignores, values.get(f"extend-{name}", ()))
        if more:
            field = name.replace("-", "_")
            fields[field] = (*cast(Ignores, fields.get(field, ())), *more)
    return fields


def as_settings(values: Mapping[str, object], root: str, source: str) -> Settings:
    """The settings of a file."""
    return Settings(**_as_fields(values), root=root, source=source)  # type: ignore[arg-type]


def schema() -> dict[str, object]:
    """The JSON schema (draft 7, which editors understand) of the table."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"[{TABLE}]",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: {"description": key.description, **key.schema} for name, key in KEYS.items()
        },
    }


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value)


if __name__ == "__main__":
    import json

    print(json.dumps(schema(), indent=2))
