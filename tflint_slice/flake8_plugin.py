"""The same findings inside flake8, under flake8's own ``noqa``, ``select`` and ``exclude``."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from tflint_slice import __version__

if TYPE_CHECKING:
    from tflint_slice.files.pyproject import Configuration


class Plugin:
    """What flake8 makes one of for each file.

    flake8 has read and parsed the file: ``lines`` with universal newlines and ``tree`` from them.
    """

    name = "tflint-slice"
    version = __version__

    def __init__(self, tree: ast.Module, lines: Sequence[str], filename: str) -> None:
        self._tree = tree
        self._lines = lines
        self._filename = filename

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """Rows from 1, columns from 0, as flake8 wants them.

        Where ``[tool.tflint-slice]`` is in error, that is what is reported: an exception would end
        flake8 with a traceback.
        """
        from tflint_slice.syntax.screen import worth_parsing

        text = "".join(self._lines)
        if not worth_parsing(text.encode(errors="surrogatepass"), self._filename):
            return
        import os

        from tflint_slice.engine import examine
        from tflint_slice.garbage import leave_out_what_is_loaded, no_search
        from tflint_slice.report.text import remark
        from tflint_slice.settings import ConfigurationError
        from tflint_slice.syntax.once import forget

        try:
            settings = _configuration().for_directory(os.path.dirname(self._filename))
        except ConfigurationError as error:
            yield 1, 0, f"TFS000 {error}", Plugin
            return
        with no_search():
            examined = examine(text, self._filename, settings, self._tree)
        # Other plugins go on with it.
        forget(self._tree)
        leave_out_what_is_loaded()
        for finding in examined.findings:
            # What flake8 knows of suppressions it does itself, and as its own options say.
            if not finding.declined and not examined.suppressions.silence(finding, own=True):
                message = f"{finding.rule.code} {finding.message}{remark(finding)}"
                yield finding.start.row, finding.start.column - 1, message, Plugin


@cache
def _configuration() -> Configuration:
    """One for all files of a process: what lies above them is read once."""
    from tflint_slice.files.pyproject import Configuration

    return Configuration()
