"""What tests of several modules share: the command line in a directory of its own."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import hypothesis
import pytest
from command_line import Finished, RunCommand

from tflint_slice.cli import main

# The same examples each time, but for who looks for new ones.
hypothesis.settings.register_profile("default", derandomize=True)
hypothesis.settings.register_profile("long", max_examples=10_000)
hypothesis.settings.load_profile("default")


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
