"""What a worker is asked to run: a text in the place of a file, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from tflint_slice.prove.wire import Message

MAIN = "__main__"


@dataclass(frozen=True)
class Program:
    """What is run, whatever its text: a file as a script, or one ``function`` of a module.

    ``path`` is the file whose text is given, ``folder`` is where its imports are looked for first,
    and both are absolute.
    """

    path: str
    folder: str
    module: str = MAIN
    function: str = "main"
    arguments: tuple[str, ...] = ()
    legacy_keras: bool = False

    @property
    def is_script(self) -> bool:
        return self.module == MAIN


@dataclass(frozen=True)
class Request:
    """One run. ``lent`` are rows in which item assignment is lent to variables.

    ``places`` are first and last rows of statements; which of them are run is looked at if there
    are any. ``device`` is a short name such as ``CPU:0``, or empty for the default.
    """

    program: Program
    text: str
    device: str = ""
    lent: tuple[int, ...] = ()
    places: Sequence[tuple[int, int]] = ()


def to_json(request: Request) -> Message:
    return asdict(request)


def from_json(message: Message) -> Request:
    program = message["program"]
    return Request(
        Program(**{**program, "arguments": tuple(program["arguments"])}),
        message["text"],
        message["device"],
        tuple(message["lent"]),
        [(first, last) for first, last in message["places"]],
    )
