"""What an input could be: its form, dtype and shape, drawn from all that its facts leave open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from tflint_slice.model import Kind, Operand
from tflint_slice.prove.contents import STRING
from tflint_slice.prove.draws import Draws
from tflint_slice.prove.inputs import Role
from tflint_slice.prove.lengths import COUNT, OTHER, Length


class Form(str, Enum):
    """What kind of object an input is given as."""

    PYTHON = "a Python number"
    NONE = "None"
    LIST = "a list"
    TUPLE = "a tuple"
    RANGE = "a range"
    SLICE = "a slice"
    SCALAR = "a NumPy scalar"
    ARRAY = "an ndarray"
    TENSOR = "a tensor"
    VARIABLE = "a tf.Variable"
    KERAS = "a keras.Variable"
    KERAS_2 = "a weight of Keras 2"
    TARGET = "the target itself"
    DTYPE = "a dtype"
    TEXT = "a string"


VARIABLES = frozenset({Form.VARIABLE, Form.KERAS, Form.KERAS_2})
TENSORS = VARIABLES | {Form.TENSOR, Form.TARGET}


@dataclass(frozen=True)
class Template:
    """One of the things an input could be; lengths and numbers are filled in later.

    ``axis`` is the axis of the target whose length limits the entries of indices.
    """

    form: Form
    dtype: str
    shape: tuple[Length, ...] = ()
    axis: int = 0


_DTYPES = {
    "float32": 16, "float64": 6, "int32": 8, "int64": 4, "float16": 2, "bfloat16": 2, "uint8": 2,
    "int8": 2, "bool": 4, "complex64": 2, STRING: 2, "complex128": 1, "int16": 1, "uint16": 1,
    "uint32": 1, "uint64": 1,
}  # fmt: skip
_INDEX_DTYPES = {
    "int32": 16, "int64": 16, "uint8": 2, "int16": 2, "float32": 2, "bool": 2, "int8": 1,
    "uint16": 1, "uint32": 1, "uint64": 1,
}  # fmt: skip
_INDEX_ROLES = (Role.INDEX, Role.COORDINATE, Role.INDICES)
_PYTHON = {Kind.BOOL: "bool", Kind.INT: "int64", Kind.FLOAT: "float64", Kind.COMPLEX: "complex128"}
_VARIABLE = {kind: Form.VARIABLE for kind in Kind if kind.is_variable} | {
    Kind.KERAS3_VARIABLE: Form.KERAS,
    Kind.KERAS2_WEIGHT: Form.KERAS_2,
}
_ARRAYS = {**_VARIABLE, Kind.TENSOR: Form.TENSOR, Kind.NDARRAY: Form.ARRAY}


def target_form(kind: Kind) -> Form:
    """What a target of this kind is drawn as."""
    return _ARRAYS.get(kind, Form.VARIABLE)


def target_template(draws: Draws, fact: Operand) -> Template:
    """The variable, tensor or array that is updated."""
    dtype = fact.dtype or draws.pick(_DTYPES)
    if fact.shape is None:
        rank = draws.pick({1: 6, 2: 6, 3: 3, 4: 1, 0: 1})
        shape: tuple[Length, ...] = tuple(f"#{axis}" for axis in range(rank))
    else:
        shape = tuple(f"#{axis}" if dim is None else dim for axis, dim in enumerate(fact.shape))
    return Template(target_form(fact.kind), dtype, shape)


def template(
    draws: Draws, fact: Operand, role: Role, target: Template, *, array: bool = False
) -> Template:
    """Something that an input of this role, of which ``fact`` is known, could be."""
    if role is Role.DTYPE and fact.kind in (Kind.UNKNOWN, Kind.STR):
        return Template(Form.DTYPE, fact.dtype or target.dtype)
    if fact.kind is Kind.UNKNOWN:
        return _anything(draws, fact, role, target, array=array)
    if fact.kind in _PYTHON:
        return _python(draws, _PYTHON[fact.kind], role, target)
    if fact.kind in (Kind.LIST, Kind.TUPLE):
        form = Form.LIST if fact.kind is Kind.LIST else Form.TUPLE
        dtype = _plain_dtype(fact.dtype or _dtype(draws, role, target))
        return _shaped(draws, Template(form, dtype), fact, role, target, at_least=1)
    if fact.kind is Kind.NONE:
        return Template(Form.NONE, "bool")
    if fact.kind is Kind.SLICE:
        return Template(Form.SLICE, "int64", axis=_axis(draws, target))
    if fact.kind is Kind.STR:
        return Template(Form.TEXT, STRING)
    if fact.kind is Kind.NDARRAY or fact.kind is Kind.TENSOR or fact.kind.is_variable:
        made = Template(_ARRAYS[fact.kind], fact.dtype or _dtype(draws, role, target))
        made = _shaped(draws, made, fact, role, target)
        if made.form is Form.ARRAY and made.shape == ():
            return replace(made, form=Form.SCALAR)
        return made
    return Template(Form.PYTHON, "int64")


def is_open(fact: Operand, role: Role) -> bool:
    """Whether the facts leave the form, dtype or rank of an input open."""
    if role is Role.TARGET:
        return fact.dtype is None or fact.shape is None
    if fact.kind in _PYTHON or fact.kind in (Kind.NONE, Kind.SLICE, Kind.STR):
        return False
    return fact.kind is Kind.UNKNOWN or fact.dtype is None or fact.shape is None


def _anything(
    draws: Draws, fact: Operand, role: Role, target: Template, *, array: bool
) -> Template:
    if role is Role.CONDITION:
        return Template(draws.pick({Form.PYTHON: 4, Form.TENSOR: 1}), "bool")
    if role in (Role.AXIS, Role.ARGUMENT):
        return Template(Form.PYTHON, "int64")
    if role is Role.COUNT and not array:
        form = draws.pick({Form.PYTHON: 6, Form.TENSOR: 1, Form.LIST: 2})
        if form is Form.LIST:
            return Template(form, "int64", (len(target.shape),), axis=-1)
        return Template(form, draws.choice(("int32", "int64")), (), _axis(draws, target))
    if role is Role.BOUND and not array:
        form = draws.pick({Form.PYTHON: 8, Form.NONE: 2, Form.SCALAR: 2, Form.TENSOR: 2})
        return Template(form, draws.choice(("int32", "int64")), (), _axis(draws, target))
    if role is Role.INDEX and not array and draws.chance(5):
        return Template(Form.SLICE, "int64", axis=_axis(draws, target))
    if role is Role.VALUE and draws.chance(3):
        return Template(Form.TARGET, target.dtype, target.shape)
    made = Template(Form.ARRAY, fact.dtype or _dtype(draws, role, target))
    made = _shaped(draws, made, fact, role, target)
    if made.shape == ():
        forms = {Form.TENSOR: 4, Form.SCALAR: 2} | ({} if array else {Form.PYTHON: 6})
    else:
        forms = {Form.TENSOR: 5, Form.ARRAY: 4} | ({} if array else {Form.LIST: 2, Form.TUPLE: 1})
        if role in (Role.VALUE, Role.INDEX, Role.INDICES):
            forms[Form.VARIABLE] = 1
        if role is Role.INDEX and len(made.shape) == 1 and not array:
            forms[Form.RANGE] = 1
    form = draws.pick(forms)
    plain = form in (Form.PYTHON, Form.LIST, Form.TUPLE, Form.RANGE)
    return replace(made, form=form, dtype=_plain_dtype(made.dtype) if plain else made.dtype)


def _python(draws: Draws, dtype: str, role: Role, target: Template) -> Template:
    return Template(Form.PYTHON, dtype, (), _axis(draws, target))


def _dtype(draws: Draws, role: Role, target: Template) -> str:
    if role is Role.MASK:
        return draws.pick({"bool": 9, "int32": 1, "int64": 1})
    if role in _INDEX_ROLES or role in (Role.BOUND, Role.COUNT):
        return draws.pick(_INDEX_DTYPES)
    return target.dtype if draws.chance(60) else draws.pick(_DTYPES)


def _plain_dtype(dtype: str) -> str:
    """The dtype of Python numbers that stand for numbers of ``dtype``."""
    if dtype == "bool" or dtype == STRING:
        return dtype
    if dtype.startswith("complex"):
        return "complex128"
    return "int64" if dtype.startswith(("int", "uint")) else "float64"


def _axis(draws: Draws, target: Template) -> int:
    rank = len(target.shape)
    return 0 if rank == 0 or draws.chance(50) else draws.below(rank)


def _shaped(
    draws: Draws,
    made: Template,
    fact: Operand,
    role: Role,
    target: Template,
    *,
    at_least: int = 0,
) -> Template:
    axis = _axis(draws, target)
    if fact.shape is None or len(fact.shape) < at_least:
        shape = _shape(draws, role, made.dtype, target)
        missing = max(at_least, fact.least_rank) - len(shape)
        if missing > 0:
            shape = (*(COUNT for _ in range(missing)), *shape)
        return replace(made, shape=shape, axis=axis)
    shape = tuple(
        _open_dim(draws, number, role, target) if dim is None else dim
        for number, dim in enumerate(fact.shape)
    )
    return replace(made, shape=shape, axis=axis)


def _open_dim(draws: Draws, number: int, role: Role, target: Template) -> Length:
    """A dimension that is not known, of an array whose rank is."""
    rank = len(target.shape)
    choices: dict[Length, int] = {COUNT: 6, 1: 1, OTHER: 1}
    if number < rank and role not in _INDEX_ROLES:
        choices[target.shape[number]] = choices.get(target.shape[number], 0) + 4
    if number > 0 and role in _INDEX_ROLES and rank:
        choices[1 + draws.below(rank)] = 6
    return draws.pick(choices)


def _shape(draws: Draws, role: Role, dtype: str, target: Template) -> tuple[Length, ...]:
    whole = target.shape
    rank = len(whole)
    depth = 1 + draws.below(max(1, rank))
    if role is Role.COORDINATE:
        return draws.pick({(): 12, (COUNT,): 1})
    if role is Role.INDICES:
        return draws.pick(
            {(COUNT, depth): 12, (COUNT,): 2, (COUNT, OTHER, depth): 1, (depth,): 1, (): 1}
        )
    if role is Role.MASK or (role is Role.INDEX and dtype == "bool"):
        return draws.pick({whole: 6, whole[:1]: 2, (): 1, (COUNT,): 1})
    if role is Role.INDEX:
        return draws.pick({(COUNT,): 6, (): 5, (COUNT, 1): 1, (COUNT, depth): 2})
    cut = draws.below(rank + 1)
    rest = whole[cut:]
    shape = draws.choice(
        [(), whole, whole[1:], rest, rest, (COUNT, *whole[1:]), (COUNT, *rest), (COUNT,), (OTHER,)]
    )
    if shape and draws.chance(15):
        ones = list(shape)
        ones[draws.below(len(ones))] = 1
        return tuple(ones)
    return (1, *shape) if draws.chance(8) else shape
