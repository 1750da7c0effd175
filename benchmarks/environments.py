"""The environments that commands are run in: made once, and again when their content changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from measuring import Failed, bare_environment

CHECKOUT = Path(__file__).resolve().parents[1]
PEERS = Path(__file__).with_name("peers.txt")


class Environment(NamedTuple):
    """A virtual environment by its folder."""

    folder: Path

    @property
    def python(self) -> str:
        return self.program("python")

    def program(self, name: str) -> str:
        return str(self.folder / ("Scripts" if sys.platform == "win32" else "bin") / name)

    def versions(self, names: Sequence[str]) -> dict[str, str]:
        """Of Python, and of those of the distributions that are installed."""
        program = (
            "import platform, sys\nfrom importlib.metadata import distributions\n"
            "print('Python', platform.python_version())\n"
            "for each in distributions(): print(each.metadata['Name'], each.version)"
        )
        found = dict(line.split() for line in _told(self.python, "-c", program).splitlines())
        return {name: found[name] for name in ("Python", *names) if name in found}


def peers(text: str) -> dict[str, str]:
    """The requirements of the pinned list, by name."""
    lines = (line.strip() for line in text.splitlines())
    return {line.partition("==")[0]: line for line in lines if line and line[0] != "#"}


def prepared(python: str, folder: Path, requirements: Sequence[str]) -> Environment:
    """An environment with the requirements, which may be the checkout; one that fits is kept."""
    environment = Environment(folder)
    stamp = folder / "holds"
    wanted = _described(python, requirements)
    if stamp.is_file() and stamp.read_text() == wanted:
        return environment
    if folder.exists():
        shutil.rmtree(folder)
    _told(python, "-m", "venv", str(folder))
    pip = (environment.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _told(*pip, *requirements)
    stamp.write_text(wanted)
    return environment


def _described(python: str, requirements: Sequence[str]) -> str:
    """What goes into an environment, with what the checkout holds where it is a part of that."""
    lines = [python, _told(python, "-VV").strip(), *requirements]
    if str(CHECKOUT) in requirements:
        content = hashlib.sha256((CHECKOUT / "pyproject.toml").read_bytes())
        for path in sorted((CHECKOUT / "tflint_slice").rglob("*.py")):
            content.update(os.fsencode(path.relative_to(CHECKOUT)) + b"\0" + path.read_bytes())
        lines.append(content.hexdigest())
    return "\n".join(lines)


def _told(*command: str) -> str:
    """What a command prints.

    Raises:
        Failed: it did not do what it was for.
    """
    done = subprocess.run(
        command, env=bare_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Failed(f"{' '.join(command)}: {done.stderr.strip()[-2000:]}")
    return done.stdout
