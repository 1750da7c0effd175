"""What the process exits with, as Ruff and flake8 have taught people to read it."""

from __future__ import annotations

from typing import Final

CLEAN: Final = 0
FINDINGS: Final = 1
ERROR: Final = 2
INTERRUPTED: Final = 130
