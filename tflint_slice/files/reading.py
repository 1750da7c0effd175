"""Bytes to text as Python reads source, and text back to the same bytes.

Line ends and a byte order mark are not touched: a decoded file knows how to write itself.
"""

from __future__ import annotations

import codecs
import io
import tokenize
from dataclasses import dataclass


class UnreadableError(Exception):
    """Bytes that are no Python source. ``row`` is where they stop being it."""

    def __init__(self, message: str, row: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.row = row


@dataclass(frozen=True)
class Decoded:
    """The text of a file, without its byte order mark, and how it was encoded."""

    text: str
    encoding: str
    mark: bytes = b""

    @property
    def obstacle(self) -> str:
        """Why ``encode`` would refuse."""
        return f"its encoding, {self.encoding}, would not keep every byte"

    @property
    def marker(self) -> str:
        """There are no cells."""
        return ""

    def encode(self, text: str) -> bytes:
        """``text`` as the bytes of this file.

        A few encodings can write one text in several ways, so that not even the text that was
        decoded need come back as the same bytes: whoever writes has to look.

        Raises:
            UnicodeError: ``text`` holds a character that the file's encoding has not.
        """
        return self.mark + text.encode(self.encoding)


def decode(data: bytes) -> Decoded:
    """Decode source as PEP 263 says: by its byte order mark or coding cookie, or as UTF-8.

    Raises:
        UnreadableError: the encoding is unknown, or the bytes are not in it.
    """
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        encoding = "utf-8" if encoding == "utf-8-sig" else encoding
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, len(mark) + error.start) + 1
        raise UnreadableError(f"not valid {error.encoding}: {error.reason}", row) from error
    except (SyntaxError, LookupError) as error:
        raise _unknown_encoding(data, error) from error
    return Decoded(text, encoding, mark)


def _unknown_encoding(data: bytes, error: Exception) -> UnreadableError:
    """``tokenize`` folds bad UTF-8 in the first two lines and unknown cookies into one error."""
    try:
        data.decode()
    except UnicodeDecodeError as bad:
        if bad.start < len(b"".join(data.splitlines(keepends=True)[:2])):
            row = data.count(b"\n", 0, bad.start) + 1
            return UnreadableError(f"not valid utf-8: {bad.reason}", row)
    cookie_row = 1 if b"coding" in data.split(b"\n", 1)[0] else 2
    return UnreadableError(str(error), cookie_row)
