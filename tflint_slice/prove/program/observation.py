"""What one run of a program was seen to do, as a value that passes through a pipe."""

from __future__ import annotations

from dataclasses import dataclass, fields

from tflint_slice.prove.wire import Message

VARIABLE = "variable"
KERAS_VARIABLE = "Keras variable"


@dataclass(frozen=True)
class Leaf:
    """One object that was reached: its class in broad terms, and its content.

    ``content`` is base64 of the bytes of an array, or the text of anything else; it is left out
    where it is long, and ``digest`` has to do. ``same_as`` is the path on which a variable was
    met before. ``hidden`` says that its content cannot be read.
    """

    kind: str
    dtype: str = ""
    shape: tuple[int, ...] = ()
    digest: str = ""
    content: str = ""
    same_as: str = ""
    hidden: bool = False

    @property
    def is_variable(self) -> bool:
        return self.kind in (VARIABLE, KERAS_VARIABLE)


@dataclass(frozen=True)
class Ending:
    """How a program ended: the class of its exception, or none, and the exit status."""

    exception: str = ""
    message: str = ""
    status: int = 0

    def __str__(self) -> str:
        if self.exception:
            return f"ends in {self.exception}"
        return f"exits with {self.status}" if self.status else "ends normally"


@dataclass(frozen=True)
class Observation:
    """One run. ``output`` may be the start of what was printed; ``digest`` is of all of it.

    ``reached`` are the numbers of the watched places that were run. ``complete`` says that no
    object was left out for there being too many. ``unlent`` says that an item of a variable was
    assigned to where that could not be given the meaning it has in NumPy.
    """

    ending: Ending
    output: str
    digest: str
    leaves: dict[str, Leaf]
    devices: tuple[str, ...]
    reached: frozenset[int]
    complete: bool
    unlent: bool


def to_json(seen: Observation) -> Message:
    return {
        **{item.name: getattr(seen, item.name) for item in fields(seen)},
        "ending": _plain(seen.ending),
        "leaves": [[path, _plain(leaf)] for path, leaf in seen.leaves.items()],
        "reached": sorted(seen.reached),
    }


def from_json(message: Message) -> Observation:
    return Observation(
        **{
            **message,
            "ending": Ending(**message["ending"]),
            "leaves": {
                path: Leaf(**{**leaf, "shape": tuple(leaf.get("shape", ()))})
                for path, leaf in message["leaves"]
            },
            "devices": tuple(message["devices"]),
            "reached": frozenset(message["reached"]),
        }
    )


def _plain(value: Leaf | Ending) -> Message:
    """The fields that are not as they are by default: there may be many thousand leaves."""
    return {
        item.name: getattr(value, item.name)
        for item in fields(value)
        if getattr(value, item.name) != item.default
    }
