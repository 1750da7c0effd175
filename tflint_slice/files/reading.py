"""Files to bytes, bytes to text as Python reads source, and text back to the same bytes.

Line ends and a byte order mark are not touched: a decoded file knows how to write itself.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import stat
import tokenize
import unicodedata
from dataclasses import dataclass
from typing import Final

MOST_BYTES: Final = 200_000_000
"""Of a notebook most may be pictures; nobody wrote a larger file."""


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


def folded(data: bytes) -> bytes:
    """Source with its identifiers as Python reads them, which takes full-width letters for plain.

    Raises:
        UnicodeDecodeError: bytes in another encoding than UTF-8 say nothing about such letters.
    """
    if data.isascii():
        return data
    return unicodedata.normalize("NFKC", data.decode()).encode()


def read_bytes(path: str) -> bytes:
    """The content of a file, which must be one: reading a pipe or a device may never end.

    Raises:
        OSError: it cannot be read, is no file, or is too large.
    """
    with open(path, "rb", opener=_at_once) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", path)
        if status.st_size > MOST_BYTES:
            raise OSError(errno.EFBIG, f"larger than {MOST_BYTES // 1_000_000} MB", path)
        return file.read()


def _at_once(path: str, flags: int) -> int:
    """Open a file without waiting for a writer at the other end of a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


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
    except UnicodeError as error:
        # Some encodings do not say where, and what they say names Python's functions.
        raise UnreadableError(f"not valid {encoding}") from error
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
    message = str(error)
    return UnreadableError(message if len(message) <= 100 else f"{message[:100]}...", cookie_row)
