"""What the parameters of TensorFlow and NumPy functions are used for, as far as drawing cares."""

from __future__ import annotations

from tflint_slice.prove.inputs import Role

_SCATTER = (("tensor", Role.VALUE), ("indices", Role.INDICES), ("updates", Role.VALUE))
_TYPED = (("value", Role.VALUE), ("dtype", Role.DTYPE))
_CHOICE = (("condition", Role.MASK), ("x", Role.VALUE), ("y", Role.VALUE))
_COUNTS = tuple((name, Role.COUNT) for name in ("start", "limit", "delta"))
_SHAPED = (("shape", Role.COUNT), ("dtype", Role.DTYPE))

FUNCTIONS: dict[str, tuple[tuple[str, Role], ...]] = {
    **{f"tensor_scatter_nd_{op}": _SCATTER for op in ("update", "add", "sub", "min", "max")},
    **{f"scatter_nd_{op}": _SCATTER for op in ("update", "add", "sub")},
    **{
        f"scatter_{op}": (("ref", Role.VALUE), ("indices", Role.INDEX), ("updates", Role.VALUE))
        for op in ("update", "add", "sub", "mul", "div", "min", "max")
    },
    "scatter_nd": (("indices", Role.INDICES), ("updates", Role.VALUE), ("shape", Role.COUNT)),
    "IndexedSlices": (("values", Role.VALUE), ("indices", Role.INDEX)),
    "gather": (("params", Role.VALUE), ("indices", Role.INDEX)),
    "gather_nd": (("params", Role.VALUE), ("indices", Role.INDICES)),
    "take": (("a", Role.VALUE), ("indices", Role.INDEX)),
    "at": (("a", Role.VALUE), ("indices", Role.INDEX), ("b", Role.VALUE)),
    "put": (("a", Role.VALUE), ("ind", Role.INDEX), ("v", Role.VALUE)),
    "ix_": (("rows", Role.INDEX), ("columns", Role.INDEX)),
    "where": _CHOICE,
    "boolean_mask": (("tensor", Role.VALUE), ("mask", Role.MASK)),
    "cast": (("x", Role.VALUE), ("dtype", Role.DTYPE)),
    "constant": _TYPED,
    "convert_to_tensor": _TYPED,
    "array": _TYPED,
    "asarray": _TYPED,
    "zeros": _SHAPED,
    "ones": _SHAPED,
    "fill": (("dims", Role.COUNT), ("value", Role.VALUE)),
    "full": (("shape", Role.COUNT), ("fill_value", Role.VALUE), ("dtype", Role.DTYPE)),
    "broadcast_to": (("input", Role.VALUE), ("shape", Role.COUNT)),
    "reshape": (("tensor", Role.VALUE), ("shape", Role.COUNT)),
    "one_hot": (("indices", Role.INDEX), ("depth", Role.COUNT)),
    "range": _COUNTS,
    "arange": _COUNTS,
    "repeat": (("input", Role.VALUE), ("repeats", Role.COUNT)),
    "tile": (("input", Role.VALUE), ("multiples", Role.COUNT)),
    "expand_dims": (("input", Role.VALUE), ("axis", Role.AXIS)),
}
"""By the last part of a function's name: what each parameter is used for, in order."""

METHODS: dict[str, tuple[tuple[str, Role], ...]] = {
    **{
        f"scatter_nd_{op}": (("indices", Role.INDICES), ("updates", Role.VALUE))
        for op in ("update", "add", "sub", "min", "max")
    },
    "gather_nd": (("indices", Role.INDICES),),
    "sparse_read": (("indices", Role.INDEX),),
    "astype": (("dtype", Role.DTYPE),),
    "reshape": (("shape", Role.COUNT),),
    "take": (("indices", Role.INDEX),),
}

KEYWORDS = {"dtype": Role.DTYPE, "axis": Role.AXIS, "shape": Role.COUNT, "indices": Role.INDICES}
"""What a keyword means in a function that is not listed."""


def roles(name: str, *, method: bool, around: Role) -> tuple[tuple[Role, ...], dict[str, Role]]:
    """The roles of positional and of keyword arguments; ``around`` is the role of the call.

    What only passes values on (``VALUE`` above) has the role that the result has.
    """
    listed = (METHODS if method else FUNCTIONS).get(name, ())
    inner = Role.INDEX if around in (Role.INDICES, Role.COORDINATE) else around

    def role(listed_role: Role) -> Role:
        return inner if listed_role is Role.VALUE and name not in _SCATTERS else listed_role

    keywords = {key: role(value) for key, value in listed}
    return tuple(role(value) for _, value in listed), {**KEYWORDS, **keywords}


_SCATTERS = frozenset(name for name in FUNCTIONS if "scatter" in name) | {"IndexedSlices"}
