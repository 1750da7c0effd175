"""A list of findings that are known, kept in a file, so that only new ones are reported.

Findings are known by their file, rule and code, not by their lines: a baseline holds while code
moves around. Its paths are relative to the file it is in.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from tflint_slice.files.writing import write_file
from tflint_slice.fingerprints import fingerprints
from tflint_slice.model import Finding
from tflint_slice.outcome import Outcome
from tflint_slice.settings import ConfigurationError

_VERSION = 1


@dataclass(frozen=True, order=True)
class Entry:
    """One known finding. ``line`` is for people: the first line of the code it is about."""

    path: str
    code: str
    fingerprint: str
    line: str


class Baseline:
    """The entries of a file, and which of them were met."""

    def __init__(self, path: str, entries: Iterable[Entry] = ()) -> None:
        self.path = path
        self._root = os.path.dirname(os.path.abspath(path))
        self._known = {entry.fingerprint: entry for entry in entries}
        self._met: set[str] = set()

    @classmethod
    def read(cls, path: str) -> Baseline:
        """The baseline in a file.

        Raises:
            ConfigurationError: it cannot be read, or is none.
        """
        try:
            with open(path, encoding="utf-8") as file:
                document = json.load(file)
            if document["version"] != _VERSION:
                raise ConfigurationError("a baseline of another version", path)
            return cls(path, [Entry(**entry) for entry in document["findings"]])
        except OSError as error:
            raise ConfigurationError(error.strerror or str(error), path) from error
        except json.JSONDecodeError as error:
            raise ConfigurationError(f"not valid JSON: {error.msg}", path, error.lineno) from error
        except (UnicodeDecodeError, KeyError, TypeError) as error:
            raise ConfigurationError("not a baseline", path) from error

    def without_known(self, outcome: Outcome) -> Outcome:
        """The outcome with what is not known. Declined findings are not what a baseline is for."""
        return replace(
            outcome,
            found=self._new(outcome, outcome.found, outcome.before),
            left=self._new(outcome, outcome.left, outcome.after),
        )

    def _new(
        self, outcome: Outcome, findings: tuple[Finding, ...], text: str
    ) -> tuple[Finding, ...]:
        new = []
        for finding, entry in zip(
            findings, self._entries(outcome.path, text, findings), strict=True
        ):
            if entry.fingerprint in self._known and not finding.declined:
                self._met.add(entry.fingerprint)
            else:
                new.append(finding)
        return tuple(new)

    def stale(self, checked: Iterable[str]) -> list[Entry]:
        """Entries of the files that were checked, or that are gone, for which nothing was found."""
        seen = {self._relative(path) for path in checked}
        return sorted(
            entry
            for entry in self._known.values()
            if entry.fingerprint not in self._met
            and (entry.path in seen or not os.path.exists(os.path.join(self._root, entry.path)))
        )

    def write(self, outcomes: Iterable[Outcome]) -> int:
        """Make all that is left the content of the file; how many entries that are.

        Raises:
            OSError: it cannot be written; it is then as it was.
        """
        entries = sorted(
            entry
            for outcome in outcomes
            for finding, entry in zip(
                outcome.left, self._entries(outcome.path, outcome.after, outcome.left), strict=True
            )
            if not finding.declined
        )
        document = {"version": _VERSION, "findings": [asdict(entry) for entry in entries]}
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        write_file(self.path, text.encode("utf-8", "backslashreplace"))
        return len(entries)

    def _entries(self, path: str, text: str, findings: tuple[Finding, ...]) -> Iterable[Entry]:
        name = self._relative(path)
        for finding, mark in zip(findings, fingerprints(name, text, findings), strict=True):
            code = text[finding.span.start : finding.span.end]
            yield Entry(name, finding.rule.code, mark, code.splitlines()[0].strip())

    def _relative(self, path: str) -> str:
        return os.path.relpath(path, self._root).replace(os.sep, "/")
