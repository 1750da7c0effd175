"""What tests of several modules share: the command line in a directory of its own."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import hypothesis
import pytest
from command_line import Finished, RunCommand

import tflint_slice.analysis
from tflint_slice.cli import main
from tflint_slice.model import Finding
from tflint_slice.syntax.screen import worth_parsing
from tflint_slice.syntax.source import SourceText

# The same examples each time, but for who looks for new ones.
hypothesis.settings.register_profile("default", derandomize=True)
hypothesis.settings.register_profile("long", max_examples=10_000)
hypothesis.settings.load_profile("default")

_analyse = tflint_slice.analysis.analyse


def _seen_in_bytes(
    source: SourceText, settings: tflint_slice.analysis.AnalysisSettings
) -> list[Finding]:
    """What analysis finds in a program of any test; the screen of bytes has to let it through."""
    found = _analyse(source, settings)
    data = source.text.encode("utf-8", "surrogatepass")
    assert not found or worth_parsing(data, source.path), source.text
    return found


# Here and now, before any test imports it by its name.
tflint_slice.analysis.analyse = _seen_in_bytes


@pytest.fixture
def cli(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> RunCommand:
    """Run ``tflint-slice`` with ``tmp_path`` as the current directory."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: bytes = b"") -> Finished:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        status = main(arguments)
        out, err = capfdbinary.readouterr()
        return Finished(status, out.decode(), err.decode())

    return run
