"""The weights of Keras layers and of modules, as attributes of objects made in view."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tflint_slice.infer.calls import words
from tflint_slice.infer.values import UNKNOWN, Value
from tflint_slice.model import Kind

_ROOTS: Final = ("tensorflow.keras.", "tf_keras.", "keras.")
_CONVOLUTIONS: Final = words("Conv1D Conv2D Conv3D Conv1DTranspose Conv2DTranspose Conv3DTranspose")
_NORMS: Final = words("gamma beta moving_mean moving_variance")
_WEIGHTS: Final = {
    **dict.fromkeys(_CONVOLUTIONS | {"Dense", "EinsumDense"}, words("kernel bias")),
    "Embedding": words("embeddings"),
    "BatchNormalization": _NORMS,
    "LayerNormalization": words("gamma beta"),
    "GroupNormalization": words("gamma beta"),
}
_ALWAYS: Final = words("kernel embeddings moving_mean moving_variance")
"""Which of them a layer has whatever it was told; others are None where it was told so."""

_LISTS: Final = words(
    "trainable_variables non_trainable_variables variables"
    " trainable_weights non_trainable_weights weights"
)
WORDS: Final = frozenset().union(_LISTS, *_WEIGHTS.values())
"""Attributes that may be variables, or lists of them, though nothing in the file makes one."""

QUANTIZING: Final = words("enable_lora lora_rank quantize quantization_config")
"""Where these words occur, the kernel of a layer may be computed instead of kept."""


def weight_kind(name: str | None, default: Kind) -> Kind:
    """What weights are that a class of this qualified name makes."""
    if name is not None and name.startswith("tf_keras."):
        return Kind.KERAS2_WEIGHT
    if name is not None and name.startswith("keras."):
        return Kind.KERAS3_VARIABLE
    return default


def made(name: str) -> Value:
    """What calling a class of Keras by its qualified name gives."""
    last = _within(name, "layers.")
    return Value(Kind.INSTANCE, name=name, plain=True) if last in _WEIGHTS else UNKNOWN


def weights(name: str, attribute: str, default: Kind, *, computed: bool) -> Value:
    """``layer.kernel`` and ``layer.variables`` of an object of a class, or of one derived from it.

    ``computed`` says that layers of the file may be quantized or adapted.
    """
    if attribute in _LISTS:
        if name == "tensorflow.Module":
            # It finds what is in its attributes, but for variables of Keras 3.
            plural = attribute.endswith("variables")
            return Value(Kind.TUPLE, element=Value(Kind.VARIABLE)) if plural else UNKNOWN
        if name.startswith(_ROOTS):
            return Value(Kind.LIST, element=Value(weight_kind(name, default)))
    if attribute in _WEIGHTS.get(_within(name, "layers.") or "", ()) and not computed:
        weight = Value(weight_kind(name, default))
        return weight if attribute in _ALWAYS else replace(weight, optional=True)
    return UNKNOWN


def _within(name: str, module: str) -> str | None:
    """``Dense`` of ``keras.layers.Dense``."""
    for root in _ROOTS:
        if name.startswith(root + module):
            return name[len(root + module) :]
    return None
