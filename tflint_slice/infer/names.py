"""Qualified names: one spelling for what TensorFlow exports twice, and the members of modules."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

from tflint_slice.infer.calls import words
from tflint_slice.infer.dtypes import NUMPY_MEMBERS, TENSORFLOW_MEMBERS
from tflint_slice.infer.values import NONE, Value, constant, dtype_object, symbol

_PREFIXES: Final = (
    ("tensorflow.compat.v2.", "tensorflow."),
    ("tensorflow.compat.v1.compat.v2.", "tensorflow."),
    ("tensorflow._api.v2.v2.", "tensorflow."),
    ("tensorflow.v2.", "tensorflow."),
    ("tensorflow.python.keras.", "tensorflow.keras."),
    ("numpy.core.numeric.", "numpy."),
)

_TOP_LEVEL: Final = {
    "math": words(
        "abs acos acosh add add_n argmax argmin asin asinh atan atan2 atanh cos cosh cumsum divide"
        " equal exp floor greater greater_equal less less_equal logical_and logical_not logical_or"
        " maximum minimum multiply negative not_equal pow reduce_all reduce_any reduce_logsumexp"
        " reduce_max reduce_mean reduce_min reduce_prod reduce_sum round scalar_mul sigmoid sign"
        " sin sinh sqrt square subtract tan tanh truediv"
    ),
    "linalg": words("eig eigvals einsum eye matmul norm tensordot"),
    "dtypes": words("DType as_dtype cast complex saturate_cast") | frozenset(TENSORFLOW_MEMBERS),
    "nn": words("sigmoid tanh space_to_batch"),
    "strings": frozenset(("as_string",)),
}
"""What these modules of TensorFlow share with its top level."""

_IN_MATH: Final = words(
    "in_top_k l2_normalize log_softmax softmax softplus softsign top_k zero_fraction"
)
"""What ``tensorflow.nn`` shares with ``tensorflow.math``."""

_RENAMED: Final = {
    "tensorflow.math.mod": "tensorflow.math.floormod",
    "tensorflow.linalg.l2_normalize": "tensorflow.math.l2_normalize",
    "tensorflow.nn.swish": "tensorflow.nn.silu",
    "numpy.absolute": "numpy.abs",
    "numpy.amax": "numpy.max",
    "numpy.amin": "numpy.min",
    "numpy.round_": "numpy.round",
    "numpy.around": "numpy.round",
    "numpy.conj": "numpy.conjugate",
    "numpy.mod": "numpy.remainder",
    "numpy.divide": "numpy.true_divide",
    "numpy.asanyarray": "numpy.asarray",
    "numpy.ascontiguousarray": "numpy.asarray",
    "numpy.concat": "numpy.concatenate",
    "numpy.row_stack": "numpy.vstack",
    "numpy.bitwise_not": "numpy.invert",
    "numpy.permute_dims": "numpy.transpose",
}

_CONSTANTS: Final = {
    "tensorflow.newaxis": NONE,
    "numpy.newaxis": NONE,
    "numpy.pi": constant(math.pi),
    "numpy.e": constant(math.e),
    "numpy.nan": constant(math.nan),
    "numpy.NaN": constant(math.nan),
    "numpy.inf": constant(math.inf),
    "numpy.Inf": constant(math.inf),
    "math.pi": constant(math.pi),
    "math.e": constant(math.e),
    "math.inf": constant(math.inf),
    "math.nan": constant(math.nan),
    "math.tau": constant(math.tau),
}


@lru_cache(maxsize=8192)
def canonical(name: str) -> str:
    """One spelling of a qualified name.

    >>> canonical("tensorflow.compat.v2.math.add"), canonical("tensorflow.compat.v1.add")
    ('tensorflow.add', 'tensorflow.compat.v1.add')
    """
    whole = name + "."
    for prefix, replacement in _PREFIXES:
        if whole.startswith(prefix):
            return canonical((replacement + whole[len(prefix) :])[:-1])
    parts = name.split(".")
    if len(parts) == 3 and parts[0] == "tensorflow":
        _, module, member_name = parts
        if member_name in _TOP_LEVEL.get(module, ()):
            return f"tensorflow.{member_name}"
        if module == "nn" and member_name in _IN_MATH:
            name = f"tensorflow.math.{member_name}"
    return _RENAMED.get(name, name)


@lru_cache(maxsize=8192)
def member(module_name: str, attribute: str) -> Value:
    """What ``module.attribute`` is: a dtype, a constant, or a module or function by its name."""
    name = canonical(f"{module_name}.{attribute}")
    if name in _CONSTANTS:
        return _CONSTANTS[name]
    module, _, last = name.rpartition(".")
    if module in ("tensorflow", "tensorflow.compat.v1") and last in TENSORFLOW_MEMBERS:
        return dtype_object(TENSORFLOW_MEMBERS[last])
    if module == "numpy" and last in NUMPY_MEMBERS:
        return dtype_object(NUMPY_MEMBERS[last])
    return symbol(name)
