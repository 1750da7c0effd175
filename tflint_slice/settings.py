"""What a user can set, and the validation of ``[tool.tflint-slice]``."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, cast

from tflint_slice.files.patterns import compile_patterns, matches

TABLE: Final = "tool.tflint-slice"

Rewrite = Literal["in-place", "functional"]


class ConfigurationError(Exception):
    """A setting that means nothing; ``path`` and ``row`` say where, if it is in a file."""

    def __init__(self, message: str, path: str | None = None, row: int | None = None) -> None:
        super().__init__(message, path, row)
        self.message = message
        self.path = path
        self.row = row

    def __str__(self) -> str:
        place = "" if self.path is None else f"{self.path}:{self.row or 1}: "
        return place + self.message


@dataclass(frozen=True)
class Settings:
    """What holds for one file. ``root`` is the directory that path patterns are relative to.

    Of these, analysis reads ``rewrite``, ``distributed`` and ``keras`` alone; None means that the
    code itself decides.
    """

    select: tuple[str, ...] = ("TFS",)
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[str, ...] = ()
    rewrite: Rewrite | None = None
    distributed: bool | None = None
    keras: Literal[2, 3] | None = None
    root: str = ""

    def selects(self, code: str, path: str) -> bool:
        """Whether findings of the rule ``code`` are wanted for the file ``path``.

        The longest prefix that fits decides, and of two equally long ones the one that ignores.
        """
        wanted = _longest_prefix(code, self.select + self.extend_select)
        unwanted = _longest_prefix(code, self.ignore)
        if wanted == 0 or unwanted >= wanted:
            return False
        return not any(
            code.startswith(codes) and matches((pattern,), path, self.root)
            for pattern, codes in self.per_file_ignores
        )

    def names(self, code: str) -> bool:
        """Whether the rule is selected by its whole code, and not only by a prefix of it."""
        return code in self.select + self.extend_select


@dataclass(frozen=True)
class Overrides:
    """What the command line says. ``select`` starts afresh: the file's own choice is dropped."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def over(self, settings: Settings) -> Settings:
        if self.select:
            settings = replace(settings, select=self.select, extend_select=(), ignore=())
        return replace(settings, ignore=settings.ignore + self.ignore)


def parse_codes(value: Iterable[str], option: str) -> tuple[str, ...]:
    """Validate codes and prefixes of codes.

    Raises:
        ConfigurationError: one of them is the prefix of no rule.
    """
    from tflint_slice.idioms import RULES

    codes = tuple(value)
    for code in codes:
        if not code or not any(known.startswith(code) for known in RULES):
            prefixes = {known[:length] for known in RULES for length in (3, 4, len(known))}
            raise ConfigurationError(
                f"unknown rule {code!r} in {option}{nearest(code, sorted(prefixes))}"
            )
    return codes


def nearest(word: str, known: Iterable[str]) -> str:
    """What to say after an unknown name: the known name most like it, or all there are."""
    names = list(known)
    upper = {name.upper(): name for name in names}
    close = difflib.get_close_matches(word.upper(), upper, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {upper[close[0]]!r}?"
    return f"; known: {', '.join(names)}"


def _longest_prefix(code: str, prefixes: tuple[str, ...]) -> int:
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=0)


# --- the table ------------------------------------------------------------------------------------


class BadValue(Exception):
    """A key or value of the table that means nothing."""

    def __init__(self, key: str | None, message: str) -> None:
        super().__init__(message)
        self.key = key
        self.message = message


def _codes(key: str, value: object) -> tuple[str, ...]:
    try:
        return parse_codes(_strings(key, value), key)
    except ConfigurationError as error:
        raise BadValue(key, error.message) from error


def _strings(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise BadValue(key, f"{key} must be a list of strings, not {_shown(value)}")
    return tuple(value)


def _patterns(key: str, value: object) -> tuple[str, ...]:
    patterns = _strings(key, value)
    try:
        compile_patterns(patterns)
    except ValueError as error:
        raise BadValue(key, f"{key}: {error}") from error
    return patterns


def _per_file_ignores(key: str, value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise BadValue(key, f"{key} must be a table of patterns, not {_shown(value)}")
    return tuple(
        (_patterns(key, [pattern])[0], _codes(key, codes)) for pattern, codes in value.items()
    )


def _rewrite(key: str, value: object) -> Rewrite:
    choices = ("in-place", "functional")
    if value not in choices:
        hint = nearest(value, choices) if isinstance(value, str) else ""
        raise BadValue(key, f'{key} must be "in-place" or "functional", not {_shown(value)}{hint}')
    return cast(Rewrite, value)


def _distributed(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise BadValue(key, f"{key} must be true or false, not {_shown(value)}")
    return value


def _keras(key: str, value: object) -> Literal[2, 3]:
    if isinstance(value, bool) or not isinstance(value, int) or value not in (2, 3):
        raise BadValue(key, f"{key} must be 2 or 3, not {_shown(value)}")
    return 2 if value == 2 else 3


_READERS: Final[Mapping[str, Callable[[str, object], object]]] = {
    "select": _codes,
    "ignore": _codes,
    "extend-select": _codes,
    "per-file-ignores": _per_file_ignores,
    "exclude": _patterns,
    "rewrite": _rewrite,
    "distributed": _distributed,
    "keras": _keras,
}


def from_table(table: Mapping[str, object]) -> Settings:
    """The settings that a table spells out.

    Raises:
        BadValue: it holds an unknown key, or a value that its key does not take.
    """
    values: dict[str, object] = {}
    for key, value in table.items():
        reader = _READERS.get(key)
        if reader is None:
            raise BadValue(key, f"unknown key {key!r} in [{TABLE}]{nearest(key, _READERS)}")
        values[key.replace("-", "_")] = reader(key, value)
    return Settings(**values)  # type: ignore[arg-type]  # each reader returns its field's type


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value)
