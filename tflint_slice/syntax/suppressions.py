"""Suppression comments, with the meaning that flake8 gives them.

``# noqa`` silences its logical line, ``# noqa: TFS1`` the codes that start so; ``# flake8: noqa``
on a line of its own silences the file, and with codes those codes in the file.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tflint_slice.model import Finding

# Where what follows the colon is no code, all of it is a remark, and the comment means every code.
_CODES: Final = r"(?::\s?(?P<codes>(?:[A-Z]+[0-9]+[,\s]*)+))?"
_LINE: Final = re.compile(rf"# noqa{_CODES}", re.IGNORECASE)
_FILE: Final = re.compile(rf"# flake8[:=]\s*noqa{_CODES}", re.IGNORECASE)

Codes = tuple[str, ...]
EVERYTHING: Final[Codes] = ("",)
"""Every code starts with this."""


@dataclass(frozen=True)
class Suppressions:
    """Which codes are silenced where. ``rows`` holds physical lines, of each logical line all."""

    everywhere: Codes
    rows: dict[int, Codes]

    def silence(self, finding: Finding) -> bool:
        """Whether the comments speak for this finding, on any physical line of its statement."""
        first, last = finding.lines
        code = finding.rule.code
        if code.startswith(self.everywhere) or self._silent(code, finding.start.row):
            return True
        return any(self._silent(code, row) for row in range(first, last + 1))

    def _silent(self, code: str, row: int) -> bool:
        return code.startswith(self.rows.get(row, ()))


def read_suppressions(text: str) -> Suppressions:
    """Collect the suppression comments of a file that parses."""
    everywhere: Codes = ()
    rows: dict[int, Codes] = {}
    # Nothing but a comment counts, but only a text with the word in it can have such a comment.
    if re.search("noqa", text, re.IGNORECASE):
        for first, last, comment, alone in _comments(text):
            if alone and (match := _FILE.match(comment)):
                everywhere += _codes(match)
            elif match := _LINE.search(comment):
                for row in range(first, last + 1):
                    rows[row] = rows.get(row, ()) + _codes(match)
    return Suppressions(everywhere, rows)


def _codes(match: re.Match[str]) -> Codes:
    codes = match["codes"]
    return EVERYTHING if codes is None else tuple(re.findall(r"[^,\s]+", codes.upper()))


def _comments(text: str) -> Iterator[tuple[int, int, str, bool]]:
    """Each comment with the first and last row of its logical line, and whether it is a line."""
    pending: list[tuple[str, bool]] = []
    first: int | None = None
    # Only rows matter here, and tokenize does not take a lone \r for a line end as the parser does.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER):
            continue
        if token.type == tokenize.COMMENT:
            before = token.line[: token.start[1]]
            pending.append((token.string, not before.strip()))
        ends = token.type == tokenize.NEWLINE or (token.type == tokenize.NL and first is None)
        if token.type not in (tokenize.COMMENT, tokenize.NL) and first is None:
            first = token.start[0]
        if ends:
            for comment, alone in pending:
                yield (token.start[0] if first is None else first), token.end[0], comment, alone
            pending, first = [], None
