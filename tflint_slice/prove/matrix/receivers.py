"""The axis of receivers: where the variable of a program comes from, and how it is spelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import indent

from tflint_slice.prove.matrix.shapes import Shape

_HEAD = "import numpy as np\nimport tensorflow as tf\n"


@dataclass(frozen=True)
class Receiver:
    """One kind of variable.

    ``text`` is how the statement names it, ``made`` the expression that makes it of ``{shape}``
    and ``{dtype}``. ``base`` is the class whose attribute it is, if it is one. ``annotation`` is
    that of the parameter, if it is one: then nothing in view makes it.
    """

    name: str
    text: str
    made: str = ""
    base: str = ""
    annotation: str = ""
    imports: str = ""

    def program(
        self, statements: str, parameters: Sequence[str], shape: Shape, dtype: str, loop: str
    ) -> str:
        """A module in which ``statements`` change the receiver in a function of its own."""
        body = f"{loop}\n{indent(statements, '    ')}" if loop else statements
        if self.annotation:
            parameters = (f"{self.text}: {self.annotation}", *parameters)
        made = f"{self.text} = {self.made.format(shape=list(shape), dtype=dtype)}\n"
        if not self.base:
            head = "\n" if self.annotation else f"{made}\n\n"
            return f"{_HEAD}\n{head}{_function(body, parameters)}"
        methods = [
            f"def __init__(self):\n    super().__init__()\n    {made}",
            _function(body, ("self", *parameters)),
        ]
        inside = indent("\n".join(methods), "    ")
        return f"{_HEAD}{self.imports}\n\nclass Table({self.base}):\n{inside}"


def _function(body: str, parameters: Sequence[str]) -> str:
    return f"def change({', '.join(parameters)}):\n{indent(body, '    ')}\n"


_VARIABLE = "tf.Variable(tf.zeros({shape}, tf.{dtype}))"
_WEIGHT = 'self.add_weight(shape={shape}, initializer="zeros", dtype="{dtype}")'

PLAIN = Receiver("plain", "v", _VARIABLE)
TENSOR = Receiver("tensor", "t", "tf.zeros({shape}, tf.{dtype})")
VARIABLES = (
    PLAIN,
    Receiver("module-attribute", "self.v", _VARIABLE, base="tf.Module"),
    Receiver(
        "keras-3-weight",
        "self.v",
        _WEIGHT,
        base="keras.layers.Layer",
        imports="import keras\n",
    ),
    Receiver(
        "keras-2-weight",
        "self.v",
        _WEIGHT,
        base="tf_keras.layers.Layer",
        imports="import tf_keras\n",
    ),
    Receiver("parameter", "u", annotation="tf.Variable"),
)
