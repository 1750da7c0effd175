"""What a user can set, and what it means for a rule and a file."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from tflint_slice.files.patterns import PatternList

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
    """What holds for one file.

    Of these, analysis reads ``rewrite``, ``distributed``, ``keras`` and ``min_elements`` alone;
    None means that the code itself decides. ``root`` is the directory of the file ``source`` that
    they come from; both are empty without one. ``cache_dir`` is empty for the usual place.
    """

    select: tuple[str, ...] = ("TFS",)
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    exclude: tuple[PatternList, ...] = ()
    per_file_ignores: tuple[tuple[PatternList, tuple[str, ...]], ...] = ()
    rewrite: Rewrite | None = None
    distributed: bool | None = None
    keras: Literal[2, 3] | None = None
    min_elements: int = 0
    cache_dir: str = field(default="", compare=False)
    root: str = ""
    source: str = field(default="", compare=False)

    def selects(self, code: str, path: str) -> bool:
        """Whether findings of the rule ``code`` are wanted for the file ``path``.

        The longest prefix that fits decides, and of two equally long ones the one that ignores.
        """
        wanted = _longest_prefix(code, self.select + self.extend_select)
        unwanted = _longest_prefix(code, self.ignore)
        if wanted == 0 or unwanted >= wanted:
            return False
        return not any(
            code.startswith(codes) and patterns.match(path)
            for patterns, codes in self.per_file_ignores
        )

    def names(self, code: str) -> bool:
        """Whether the rule is selected by its whole code, and not only by a prefix of it."""
        return code in self.select + self.extend_select


@dataclass(frozen=True)
class Overrides:
    """What the command line says.

    ``select`` and ``exclude`` start afresh: the file's own choice is dropped. ``keys`` are keys
    of the table that were set one by one.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    exclude: tuple[PatternList, ...] = ()
    extend_exclude: tuple[PatternList, ...] = ()
    keys: tuple[tuple[str, object], ...] = ()

    def over(self, settings: Settings) -> Settings:
        # What adds to a key comes after what sets it.
        for key, value in sorted(self.keys, key=lambda pair: pair[0].startswith("extend-")):
            settings = _with_key(settings, key, value)
        if self.select:
            settings = replace(settings, select=self.select, extend_select=(), ignore=())
        return replace(
            settings,
            ignore=settings.ignore + self.ignore,
            extend_select=settings.extend_select + self.extend_select,
            exclude=(self.exclude or settings.exclude) + self.extend_exclude,
        )


def _with_key(settings: Settings, key: str, value: object) -> Settings:
    """The settings with one key of the table set, or added to if it begins with ``extend-``."""
    name = key.replace("-", "_")
    if key.startswith("extend-"):
        if key != "extend-select":
            name = name.removeprefix("extend_")
        value = getattr(settings, name) + value
    return replace(settings, **{name: value})  # type: ignore[arg-type]  # each key has its field


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
