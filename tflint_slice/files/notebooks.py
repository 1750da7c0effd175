"""Jupyter notebooks: their code cells as one text, and that text back into the same bytes.

Cells are joined in their order, each under a comment that marks where it begins, so that state
flows from one to the next. Of the file nothing is written anew but the lines of ``source`` that
changed. What IPython understands and Python does not is covered by names of the same length.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed leaves it out

from tflint_slice.files.cells import cells
from tflint_slice.files.reading import UnreadableError

_SPACE = re.compile(r"[ \t\n\r]*")
_decoder = json.JSONDecoder(strict=False)

# Magics of a cell whose body is Python that runs in the notebook's own names.
_PYTHON_MAGICS = frozenset({"time", "timeit", "capture", "prun", "debug"})
_ESCAPED = re.compile(r"\s*(?:[%!]|\?{1,2}\w|.*[\w)\]]\?{1,2}\s*$)")
_CAPTURED = re.compile(r"(\s*[\w., \t]+=\s*)([%!].*)")
_RUNNING = re.compile(r"\s*%(?:run|load|loadpy|pylab)\b")


@dataclass(frozen=True)
class Cell:
    """One code cell. ``number`` counts all cells from 1. ``literals`` are the strings of its
    source as JSON, each with its place in the file; ``space`` is what stands between two of them.
    """

    number: int
    lines: tuple[str, ...]
    start: int
    end: int
    literals: tuple[str, ...]
    space: str
    is_list: bool

    @property
    def source(self) -> str:
        return "".join(self.lines)


@dataclass(frozen=True)
class Notebook:
    """A notebook that was read. ``raw`` is the file's text, ``marker`` begins a line per cell."""

    raw: str = field(repr=False)
    cells: tuple[Cell, ...]
    marker: str

    @cached_property
    def text(self) -> str:
        """All code, as Python."""
        return "".join(
            f"{self.marker}{cell.number}\n{_as_python(cell.source)}\n" for cell in self.cells
        )

    @property
    def obstacle(self) -> str:
        """Why ``encode`` would refuse."""
        return "its cells would not keep every byte"

    def encode(self, text: str) -> bytes:
        """The file with the cells of ``text``, in which whatever was covered is uncovered again.

        Raises:
            UnicodeError: the cells of ``text`` are not those of the notebook, or what was covered
                has changed.
        """
        sources = self._sources(text)
        raw = self.raw
        changes = zip(self.cells, self._sources(self.text), sources, strict=True)
        for cell, old, new in reversed(list(changes)):
            if old != new:
                raw = raw[: cell.start] + _changed(cell, old, new) + raw[cell.end :]
        return raw.encode("utf-8", "surrogatepass")

    def _sources(self, text: str) -> list[str]:
        found = cells(text, self.marker)
        if list(found) != [cell.number for cell in self.cells]:
            raise UnicodeError("cells were lost")
        return list(found.values())


def read_notebook(data: bytes) -> Notebook | None:
    """The notebook in ``data``, or None if it is one of another language or of an old format.

    Raises:
        UnreadableError: it is none.
    """
    try:
        raw = data.decode("utf-8")
        document = _decoder.decode(raw)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise UnreadableError(f"not valid utf-8: {error.reason}", row) from error
    except json.JSONDecodeError as error:
        raise UnreadableError(f"not a notebook: {error.msg}", error.lineno) from error
    except ValueError as error:
        raise UnreadableError("not a notebook: a number with too many digits") from error
    except RecursionError as error:
        raise UnreadableError("not a notebook: too deeply nested") from error
    if isinstance(document, dict) and "worksheets" in document:
        return None  # format 3, which nothing has written for ten years
    if not isinstance(document, dict) or not isinstance(document.get("cells"), list):
        raise UnreadableError("not a notebook of format 4")
    if _language(document) not in ("python", ""):
        return None
    try:
        found = tuple(_cells(raw))
    except (TypeError, AttributeError, IndexError, ValueError) as error:
        raise UnreadableError("not a notebook: a cell without code or text") from error
    sources = [cell.source for cell in found]
    marker = next(
        marker
        for marker in (f"# cell{'_' * length} " for length in count(1))
        if not any(marker in source for source in sources)
    )
    return Notebook(raw, found, marker)


def _language(document: dict[str, object]) -> str:
    metadata = document.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    for key, name in (("language_info", "name"), ("kernelspec", "language")):
        entry = metadata.get(key)
        if isinstance(entry, dict) and isinstance(entry.get(name), str):
            return str(entry[name]).lower()
    return ""


# --- places in the file ---------------------------------------------------------------------------


def _cells(raw: str) -> Iterator[Cell]:
    place = dict(_members(raw, _skip(raw, 0)))["cells"]
    for number, start in enumerate(_elements(raw, place), 1):
        members = dict(_members(raw, start))
        kind = _decoder.raw_decode(raw, members["cell_type"])[0] if "cell_type" in members else ""
        if kind == "code" and "source" in members:
            cell = _cell(raw, number, members["source"])
            if not _is_foreign(cell.source):
                yield cell


def _cell(raw: str, number: int, start: int) -> Cell:
    value, end = _decoder.raw_decode(raw, start)
    if isinstance(value, str):
        return Cell(number, tuple(_split(value)), start, end, (raw[start:end],), "", is_list=False)
    places = [(place, _decoder.raw_decode(raw, place)[1]) for place in _elements(raw, start)]
    literals = tuple(raw[begin:stop] for begin, stop in places)
    space = raw[places[0][1] : places[1][0]] if len(places) > 1 else ", "
    start, end = (places[0][0], places[-1][1]) if places else (start + 1, start + 1)
    lines = _split("".join(value))
    if lines != value:
        # Elements need not be lines; those of a cell that changes will be.
        literals = tuple(json.dumps(line) for line in lines)
    return Cell(number, tuple(lines), start, end, literals, space, is_list=True)


def _members(raw: str, place: int) -> Iterator[tuple[str, int]]:
    """The keys of an object, and where their values begin; of equal keys the last one counts."""
    place = _skip(raw, place + 1)
    while raw[place] != "}":
        key, place = scanstring(raw, place + 1, False)
        place = _skip(raw, _skip(raw, place) + 1)
        yield key, place
        place = _after(raw, place)


def _elements(raw: str, place: int) -> Iterator[int]:
    """Where the elements of a list begin."""
    place = _skip(raw, place + 1)
    while raw[place] != "]":
        yield place
        place = _after(raw, place)


def _after(raw: str, place: int) -> int:
    """Where the next key or element begins, or the bracket that closes."""
    place = _skip(raw, _decoder.raw_decode(raw, place)[1])
    return _skip(raw, place + 1) if raw[place] == "," else place


def _skip(raw: str, place: int) -> int:
    found = _SPACE.match(raw, place)
    assert found is not None
    return found.end()


# --- cells as Python ------------------------------------------------------------------------------


def _split(source: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+\Z", source)


def _is_foreign(source: str) -> bool:
    """Whether a cell magic hands the cell to something other than this notebook's Python."""
    found = re.match(r"\s*%%(\w+)", source)
    return found is not None and found[1] not in _PYTHON_MAGICS


def _as_python(source: str) -> str:
    """Escapes covered by underscores, which are a name that nobody knows, of the same length."""
    lines = []
    inside = _rows_inside_strings(source)
    continued = False
    for row, line in enumerate(_split(source)):
        body = line.rstrip("\n")
        captured = _CAPTURED.fullmatch(body)
        if row in inside and not continued:
            lines.append(line)
            continue
        if continued:
            # A comment may be indented as it likes.
            covered = "#" * len(body)
        elif _ESCAPED.match(body):
            covered = _covered(body)
            # What another file binds under any name is taken for what exec could do.
            if _RUNNING.match(body) and len(body.strip()) >= len("exec()"):
                indent = len(body) - len(body.lstrip())
                covered = body[:indent] + "exec()".ljust(len(body) - indent)
        elif captured:
            covered = captured[1] + _covered(captured[2])
        else:
            lines.append(line)
            continue
        continued = body.endswith("\\")
        lines.append(covered + line[len(body) :])
    return "".join(lines)


def _covered(text: str) -> str:
    indent = len(text) - len(text.lstrip())
    return text[:indent] + "_" * (len(text) - indent)


def _rows_inside_strings(source: str) -> set[int]:
    """Rows (from 0) that begin within a string of several lines, where nothing is an escape."""
    inside: set[int] = set()
    for found in re.finditer(
        r"#[^\n]*|(?P<quote>\"\"\"|''')(?:\\.|.)*?(?:(?P=quote)|\Z)"
        r"|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?",
        source,
        re.DOTALL,
    ):
        first = source.count("\n", 0, found.start())
        inside.update(range(first + 1, first + 1 + found[0].count("\n")))
    return inside


# --- and back -------------------------------------------------------------------------------------


def _changed(cell: Cell, old: str, new: str) -> str:
    """The JSON of a source of which ``old`` has become ``new``, both as Python."""
    before, after = _split(old), _split(new)
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    stop = len(before) - tail
    lines = list(cell.lines)
    if lines[head:stop] != before[head:stop]:
        raise UnicodeError("what Python does not understand was changed")
    fresh = after[head : len(after) - tail]
    if not cell.is_list:
        return json.dumps("".join(lines[:head] + fresh + lines[stop:]), ensure_ascii=_ascii(cell))
    written = [json.dumps(line, ensure_ascii=_ascii(cell)) for line in fresh]
    literals = [*cell.literals[:head], *written, *cell.literals[stop:]]
    return cell.space.join(literals)


def _common(one: list[str], other: list[str]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _ascii(cell: Cell) -> bool:
    return any("\\u" in literal for literal in cell.literals)
