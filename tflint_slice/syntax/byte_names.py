"""By which names functions may be called in the bytes of a source."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

NAME: Final = rb"[\w\x80-\xff]+"
BEGINS: Final = rb"(?<![\w\x80-\xff])"
ENDS: Final = rb"(?![\w\x80-\xff])"
# Patterns begin with a letter wherever they can: what may begin with anything is tried everywhere.
_IMPORT: Final = re.compile(rb"import(?<!\wimport)\b(?:\s*\([^)]*|[^\n]*)")


def any_of(names: Iterable[str | bytes]) -> bytes:
    """A pattern for any of these names."""
    plain = (name if isinstance(name, bytes) else name.encode() for name in names)
    return b"(?:%b)" % b"|".join(sorted(plain))


def whole(name: str) -> bytes:
    """A pattern for a name by itself."""
    plain = name.encode()
    return plain + rb"(?<![\w\x80-\xff]" + plain + rb")" + ENDS


def imports_any(data: bytes, named: re.Pattern[bytes]) -> bool:
    """Whether a statement imports a name that matches."""
    return any(named.search(found.group()) for found in _IMPORT.finditer(data))
