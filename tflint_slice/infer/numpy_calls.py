"""The rows of NumPy's functions, with the dtype rules of NumPy 2 on a 64-bit machine.

Only ndarrays, tensors, variables, numbers and lists of these become ndarrays for certain: an object
of another library may have its own version of a NumPy function.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tflint_slice.infer import shapes
from tflint_slice.infer.arrays import as_ndarray, cast, is_lazy
from tflint_slice.infer.calls import Arguments, Rule, Table, rows
from tflint_slice.infer.creation import (
    dtype_argument,
    limit_of,
    range_bounds,
    range_entries,
    range_length,
)
from tflint_slice.infer.dims import broadcast, dim_of, is_integer_scalar, product, shape_of
from tflint_slice.infer.dtypes import NUMERIC, accumulated, inexact, is_float, promote, real_part
from tflint_slice.infer.operators import array_dtype, binary
from tflint_slice.infer.shapes import axis_of, int_of
from tflint_slice.infer.tensors import axis_argument, entries_of, moved
from tflint_slice.infer.values import UNKNOWN, Value, ndarray, sequence
from tflint_slice.model import Dim, Kind, Shape


def is_known(value: Value) -> bool:
    """Whether NumPy certainly makes an ndarray of numbers of a value."""
    if value.optional:
        return False
    if value.kind in (Kind.LIST, Kind.TUPLE):
        if is_lazy(value):
            return False
        if value.items is not None:
            return all(map(is_known, value.items))
        return value.element is not None and is_known(value.element)
    if value.is_array:
        # Without a dtype it may hold objects or strings, of which NumPy makes anything.
        return value.dtype in NUMERIC or value.dtype == "bool"
    return value.kind.is_number or is_integer_scalar(value)


def _filled(default: str | None) -> Rule:
    def rule(arguments: Arguments) -> Value:
        shape = shape_of(arguments["shape"])
        return ndarray(dtype_argument(arguments, default, numpy=True), shape)

    return rule


def _full(arguments: Arguments) -> Value:
    value = as_ndarray(arguments["fill_value"])
    dtype = dtype_argument(arguments, value.dtype, numpy=True)
    result = cast(Value(Kind.NDARRAY, dtype=value.dtype, low=value.low, high=value.high), dtype)
    return replace(result, shape=shape_of(arguments["shape"]))


def _array(arguments: Arguments) -> Value:
    """``np.array``, which copies unless ``copy`` says otherwise."""
    value = arguments["object"]
    copied = arguments.truth("copy", True)
    result = _typed(as_ndarray(value), arguments)
    least = arguments.given("ndmin")
    if least is not None and int_of(least) != 0:
        result = replace(result, shape=None)
    return replace(result, writable=_is_writable(value)) if copied is False else result


def _asarray(arguments: Arguments) -> Value:
    value = arguments["a"]
    result = _typed(as_ndarray(value), arguments)
    converted = arguments.given("dtype") is not None and result.dtype != as_ndarray(value).dtype
    return replace(result, writable=converted or _is_writable(value))


def _typed(array: Value, arguments: Arguments) -> Value:
    if arguments.given("dtype") is None:
        return array
    return cast(array, dtype_argument(arguments, None, numpy=True))


def _is_writable(value: Value) -> bool:
    """A tensor shares its memory with NumPy for reading only; a variable is copied."""
    return value.kind is not Kind.TENSOR and value.writable


def _copy(arguments: Arguments) -> Value:
    return as_ndarray(arguments["a"])


def _like(arguments: Arguments) -> Value:
    value = arguments["a"]
    if not is_known(value):
        return UNKNOWN
    array = as_ndarray(value)
    shape = arguments.given("shape")
    known = array.shape if shape is None else shape_of(shape)
    return ndarray(dtype_argument(arguments, array.dtype, numpy=True), known)


def _arange(arguments: Arguments) -> Value:
    renamed = {"stop": "limit", "step": "delta"}
    arguments = Arguments({renamed.get(name, name): v for name, v in arguments.values.items()})
    if "start" not in arguments.values:
        return UNKNOWN
    found = range_bounds(arguments)
    operands = [v for n in ("start", "limit", "delta") if (v := arguments.given(n)) is not None]
    if found is None:
        numbers = all(value.kind in (Kind.INT, Kind.FLOAT) for value in operands)
        mixed = any(value.kind is Kind.FLOAT for value in operands)
        default = "float64" if numbers and mixed else None
        return ndarray(dtype_argument(arguments, default, numpy=True), (None,))
    start, limit, step = found
    low, high = range_entries(start, limit, step)
    ints = all(value.kind is Kind.INT for value in operands)
    dtype = dtype_argument(arguments, "int64" if ints else None, numpy=True)
    # The wrong way round it is empty, so that a difference of symbols may not be its length.
    dim = range_length(start, limit, step)
    certain = isinstance(dim, int) and (isinstance(dim_of(limit), int) or dim >= 0)
    if isinstance(dim, str):
        certain = int_of(start) == 0 and limit.low is not None and limit.low >= 0
    shape = (dim if certain else None,)
    if is_float(dtype):
        return ndarray(dtype, shape)
    return Value(Kind.NDARRAY, dtype=dtype, shape=shape, low=low, high=high, distinct=True)


def _linspace(arguments: Arguments) -> Value:
    ends = (arguments["start"], arguments["stop"])
    if arguments.truth("retstep", False) is not False or not all(map(is_known, ends)):
        return UNKNOWN
    scalar = all(as_ndarray(end).shape == () for end in ends)
    real = all(end.kind in (Kind.INT, Kind.FLOAT) for end in ends)
    dtype = dtype_argument(arguments, "float64" if real else None, numpy=True)
    count = arguments.given("num")
    dim = 50 if count is None else dim_of(count)
    return ndarray(dtype, (dim,) if scalar else None)


def _eye(arguments: Arguments) -> Value:
    rows_, columns = arguments["N"], arguments.given("M")
    height = dim_of(rows_)
    shape = (height, height if columns is None else dim_of(columns))
    return ndarray(dtype_argument(arguments, "float64", numpy=True), shape)


def _viewing(rule: Rule, name: str = "a") -> Rule:
    """The rule of a function that hands on the memory of its argument."""

    def viewed(arguments: Arguments) -> Value:
        if not is_known(arguments[name]) and arguments[name].kind is not Kind.NDARRAY:
            return UNKNOWN
        result = rule(arguments)
        return replace(result, writable=_is_writable(arguments[name]))

    return viewed


def _reshape(arguments: Arguments) -> Value:
    value = as_ndarray(arguments["a"])
    if arguments.given("order") is not None:
        value = replace(value, low=None, high=None)
    return moved(value, shapes.reshaped(value.shape, arguments["shape"]))


def _transpose(arguments: Arguments) -> Value:
    value = as_ndarray(arguments["a"])
    return moved(value, shapes.transposed(value.shape, arguments.given("axes")))


def _expand(arguments: Arguments) -> Value:
    value = as_ndarray(arguments["a"])
    return moved(value, shapes.expanded(value.shape, arguments["axis"]))


def _squeeze(arguments: Arguments) -> Value:
    value = as_ndarray(arguments["a"])
    return moved(value, shapes.squeezed(value.shape, arguments.given("axis")))


def _ravel(arguments: Arguments) -> Value:
    value = as_ndarray(arguments["a"])
    return moved(value, (None if value.shape is None else product(value.shape),))


def _broadcast_to(arguments: Arguments) -> Value:
    value = as_ndarray(arguments["array"])
    result = moved(value, shape_of(arguments["shape"]), distinct=False)
    return replace(result, writable=False)


def _swapaxes(arguments: Arguments) -> Value:
    value = as_ndarray(arguments["a"])
    a, b = (axis_of(arguments[name], value.rank) for name in ("axis1", "axis2"))
    shape = None if value.shape is None else list(value.shape)
    if shape is not None and a is not None and b is not None:
        shape[a], shape[b] = shape[b], shape[a]
        return moved(value, tuple(shape))
    return moved(value, None if shape is None else (None,) * len(shape))


def _joining(stack: bool) -> Rule:
    def rule(arguments: Arguments) -> Value:
        values = entries_of(arguments["arrays"])
        if values is None or not values or not all(map(is_known, values)):
            return UNKNOWN
        arrays = [as_ndarray(value) for value in values]
        dims = [array.shape for array in arrays]
        axis = axis_argument(arguments)
        if arguments.values.get("axis", axis).kind is Kind.NONE:
            return ndarray(_common(arrays, arguments), (None,))
        if not stack and int_of(axis) is None:
            # None would make it flat.
            return ndarray(_common(arrays, arguments))
        shape = shapes.stacked(dims, axis) if stack else shapes.concatenated(dims, axis)
        return ndarray(_common(arrays, arguments), shape)

    return rule


def _common(arrays: list[Value], arguments: Arguments) -> str | None:
    dtype: str | None = arrays[0].dtype
    for array in arrays[1:]:
        dtype = promote(dtype, array.dtype)
    return dtype_argument(arguments, dtype, numpy=True)


def _where(arguments: Arguments) -> Value:
    condition = arguments["condition"]
    x, y = arguments.given("x"), arguments.given("y")
    if x is None and y is None:
        return _nonzero(condition)
    if x is None or y is None or not all(map(is_known, (condition, x, y))):
        return UNKNOWN
    dims = [as_ndarray(value).shape for value in (condition, x, y)]
    return ndarray(array_dtype(x, y), broadcast(*dims))


def _nonzero(value: Value) -> Value:
    if not is_known(value):
        return UNKNOWN
    array = as_ndarray(value)
    if not array.shape:
        return Value(Kind.TUPLE)
    parts = tuple(
        Value(
            Kind.NDARRAY,
            dtype="int64",
            shape=(None,),
            low=0,
            high=dim,
            distinct=len(array.shape) == 1,
        )
        for dim in array.shape
    )
    return sequence(Kind.TUPLE, parts)


def _reduction(dtype: str = "same", *, keeps_bounds: bool = False) -> Rule:
    """``dtype`` names the rule for the dtype, or the dtype itself."""

    def rule(arguments: Arguments) -> Value:
        if not is_known(arguments["a"]) or arguments.given("out") is not None:
            return UNKNOWN
        value = as_ndarray(arguments["a"])
        shape = shapes.reduced(
            value.shape, arguments.given("axis"), arguments.truth("keepdims", False)
        )
        natural = {
            "same": value.dtype,
            "sum": accumulated(value.dtype),
            "mean": _averaged(value.dtype),
        }.get(dtype, dtype)
        # Of nothing NumPy's maximum raises; an initial value may be beyond every entry.
        kept = keeps_bounds and arguments.given("initial") is None
        return Value(
            Kind.NDARRAY,
            dtype=dtype_argument(arguments, natural, numpy=True),
            shape=shape,
            low=value.low if kept else None,
            high=value.high if kept else None,
        )

    return rule


def _averaged(dtype: str | None) -> str | None:
    if dtype is not None and (dtype == "bool" or "int" in dtype):
        return "float64"
    return inexact(dtype)


def _deviation(arguments: Arguments) -> Value:
    if arguments.given("ddof") is not None and int_of(arguments["ddof"]) is None:
        return UNKNOWN
    result = _reduction("mean")(arguments)
    return replace(result, dtype=real_part(result.dtype))


def _arg(arguments: Arguments) -> Value:
    value, axis = arguments["a"], arguments.given("axis")
    keep = arguments.truth("keepdims", False)
    if not is_known(value):
        # Whatever it is, without an axis it answers with one place.
        plain = axis is None and not arguments.values.keys() - {"a"}
        return Value(shape=(), low=0) if plain and value.kind is Kind.UNKNOWN else UNKNOWN
    array = as_ndarray(value)
    high: Dim = None
    if array.shape is not None:
        place = axis_of(axis, len(array.shape))
        high = product(array.shape) if axis is None else None
        high = high if place is None else array.shape[place]
    shape = shapes.reduced(array.shape, axis, keep)
    return Value(Kind.NDARRAY, dtype="int64", shape=shape, low=0, high=high)


def _argsort(arguments: Arguments) -> Value:
    if not is_known(arguments["a"]):
        return UNKNOWN
    array = as_ndarray(arguments["a"])
    axis = axis_of(axis_argument(arguments, default=-1), array.rank)
    high = None if array.shape is None or axis is None else array.shape[axis]
    if arguments.values.get("axis", UNKNOWN).kind is Kind.NONE:
        return Value(Kind.NDARRAY, dtype="int64", shape=(None,), low=0, distinct=True)
    if arguments.given("axis") is not None and axis is None:
        return Value(Kind.NDARRAY, dtype="int64", low=0)
    return Value(
        Kind.NDARRAY,
        dtype="int64",
        # A scalar is sorted as an array of one entry.
        shape=array.shape or None,
        low=0,
        high=high,
        distinct=array.rank == 1,
    )


def _flip(arguments: Arguments) -> Value:
    # It slices, which leaves a tensor a tensor.
    return _rearranged(arguments) if arguments["a"].kind is Kind.NDARRAY else UNKNOWN


def _rearranged(arguments: Arguments) -> Value:
    if not is_known(arguments["a"]):
        return UNKNOWN
    value = as_ndarray(arguments["a"])
    if arguments.values.get("axis", UNKNOWN).kind is Kind.NONE:
        return moved(value, (None,))
    if arguments.given("axis") is not None and int_of(arguments["axis"]) is None:
        return moved(value, None)
    return moved(value, value.shape)


def _unique(arguments: Arguments) -> Value:
    value = arguments["ar"]
    if not is_known(value) or arguments.values.keys() - {"ar"}:
        return UNKNOWN
    array = as_ndarray(value)
    integral = array.low is not None
    return replace(moved(array, (None,)), distinct=integral)


def _elementwise(operator: str | None = None, dtype: str | None = None) -> Rule:
    def rule(arguments: Arguments) -> Value:
        x, y = arguments["x1"], arguments["x2"]
        if not is_known(x) or not is_known(y):
            return UNKNOWN
        a, b = as_ndarray(x), as_ndarray(y)
        shape = broadcast(a.shape, b.shape)
        if dtype is not None:
            return ndarray(dtype, shape)
        if operator is None:
            return ndarray(array_dtype(x, y), shape)
        # A Python number keeps its class, but two of them make a NumPy scalar.
        left = a if x.is_array or y.kind.is_number or not x.kind.is_number else x
        right = b if y.is_array or not y.kind.is_number else y
        result = binary(operator, left, right)
        return result if result.kind is Kind.NDARRAY else ndarray(None, shape)

    return rule


def _unary(rule_name: str) -> Rule:
    """A ufunc of one operand: ``same`` dtype, ``inexact``, ``real`` or ``bool``."""

    def rule(arguments: Arguments) -> Value:
        if not is_known(arguments["x"]):
            return UNKNOWN
        value = as_ndarray(arguments["x"])
        dtype = {
            "same": None if value.dtype == "bool" else value.dtype,
            "inexact": inexact(value.dtype),
            "real": real_part(value.dtype),
            "bool": "bool",
        }[rule_name]
        return ndarray(dtype, value.shape)

    return rule


def _clip(arguments: Arguments) -> Value:
    value, least, most = arguments["a"], arguments["a_min"], arguments["a_max"]
    if not all(map(is_known, (value, least, most))):
        return UNKNOWN
    array = as_ndarray(value)
    ints = all(bound.kind is Kind.INT for bound in (least, most))
    integral = array.dtype is not None and "int" in array.dtype and ints
    dtype = array_dtype(as_ndarray(value), least)
    dtype = dtype if dtype == array_dtype(as_ndarray(value), most) else None
    dims = [as_ndarray(bound).shape for bound in (value, least, most)]
    return Value(
        Kind.NDARRAY,
        dtype=dtype,
        shape=broadcast(*dims),
        low=least.low if integral else None,
        high=most.high if integral else None,
    )


def _matmul(arguments: Arguments) -> Value:
    a, b = arguments["a"], arguments["b"]
    if not is_known(a) or not is_known(b):
        return UNKNOWN
    left, right = as_ndarray(a), as_ndarray(b)
    return ndarray(promote(left.dtype, right.dtype), shapes.multiplied(left.shape, right.shape))


def _dot(arguments: Arguments) -> Value:
    a, b = as_ndarray(arguments["a"]), as_ndarray(arguments["b"])
    result = _matmul(arguments)
    simple = a.rank in (1, 2) and b.rank in (1, 2)
    return result if simple or result is UNKNOWN else replace(result, shape=None)


def _outer(arguments: Arguments) -> Value:
    a, b = arguments["a"], arguments["b"]
    if not is_known(a) or not is_known(b):
        return UNKNOWN
    left, right = as_ndarray(a), as_ndarray(b)
    dims = tuple(None if v.shape is None else product(v.shape) for v in (left, right))
    return ndarray(promote(left.dtype, right.dtype), dims)


def _uniform(arguments: Arguments) -> Value:
    """A draw of floats: without a size one Python float, if no parameter is an array."""
    size = arguments.given("size")
    if size is not None:
        return ndarray("float64", shape_of(size)) if _is_size(size) else UNKNOWN
    drawn = [value for name, value in arguments.values.items() if name != "size"]
    return Value(Kind.FLOAT) if all(v.kind.is_number for v in drawn) else UNKNOWN


def _is_size(value: Value) -> bool:
    """Whether a size is certainly given; an unknown one may be None."""
    return not value.optional and value.kind in (Kind.INT, Kind.LIST, Kind.TUPLE)


def _rand(arguments: Arguments) -> Value:
    dims = arguments["dims"].items
    if dims is None:
        return UNKNOWN
    if not dims:
        return Value(Kind.FLOAT)
    return ndarray("float64", tuple(dim_of(dim) for dim in dims))


def _randint(arguments: Arguments) -> Value:
    low, high = arguments["low"], arguments.given("high")
    size, dtype = arguments.given("size"), arguments.given("dtype")
    least = 0 if high is None else low.low
    most = limit_of(low if high is None else high)
    if arguments.truth("endpoint", False) is not False:
        most = None
    scalars = all(is_integer_scalar(value) for value in (low, *([] if high is None else [high])))
    if size is None:
        if dtype is not None or not scalars:
            return UNKNOWN
        # RandomState gives an int, a Generator an integer scalar.
        kind = Kind.UNKNOWN if "endpoint" in arguments.values else Kind.INT
        shape = () if kind is Kind.UNKNOWN else None
        return Value(kind, shape=shape, low=least, high=most)
    if not _is_size(size):
        return UNKNOWN
    name = dtype_argument(arguments, "int64", numpy=True)
    return Value(
        Kind.NDARRAY,
        dtype=name,
        shape=shape_of(size),
        low=least if scalars else None,
        high=most if scalars else None,
    )


def _choice(arguments: Arguments) -> Value:
    population, size = arguments["a"], arguments.given("size")
    distinct = arguments.truth("replace", True) is False
    if size is not None and not _is_size(size):
        return UNKNOWN
    if is_integer_scalar(population):
        high = limit_of(population)
        if size is None:
            return Value(shape=(), low=0, high=high)
        return Value(
            Kind.NDARRAY,
            dtype="int64",
            shape=shape_of(size),
            low=0,
            high=high,
            distinct=distinct,
        )
    if not is_known(population) or arguments.given("axis") is not None:
        return UNKNOWN
    array = as_ndarray(population)
    if array.rank != 1:
        return UNKNOWN
    shape: Shape | None = () if size is None else shape_of(size)
    return moved(array, shape, distinct=distinct)


def _permutation(arguments: Arguments) -> Value:
    value = arguments["x"]
    if value.kind is Kind.BOOL:
        return UNKNOWN
    if is_integer_scalar(value):
        dim = limit_of(value)
        length = dim_of(value) if value.low is not None and value.low >= 0 else None
        return Value(Kind.NDARRAY, dtype="int64", shape=(length,), low=0, high=dim, distinct=True)
    if not is_known(value):
        return UNKNOWN
    array = as_ndarray(value)
    return moved(array, array.shape)


def _take(arguments: Arguments) -> Value:
    value, indices = arguments["a"], arguments["indices"]
    if not is_known(value) or not is_known(indices):
        return UNKNOWN
    array, places = as_ndarray(value), as_ndarray(indices)
    axis = arguments.given("axis")
    if axis is None:
        return moved(array, places.shape, distinct=False)
    shape = shapes.gathered(array.shape, places.shape, axis_of(axis, array.rank))
    return moved(array, shape, distinct=False)


def _size(arguments: Arguments) -> Value:
    if not is_known(arguments["a"]) or arguments.given("axis") is not None:
        return UNKNOWN
    shape = as_ndarray(arguments["a"]).shape
    total = None if shape is None else product(shape)
    return length_value(total)


def length_value(total: Dim) -> Value:
    """An int that counts something."""
    if isinstance(total, int):
        return Value(Kind.INT, const=total, low=total, high=total + 1)
    return Value(Kind.INT, low=0, symbol=total)


def _ix(arguments: Arguments) -> Value:
    arrays = [as_ndarray(value) for value in arguments["args"].items or ()]
    if not all(a.rank == 1 and a.dtype is not None and "int" in a.dtype for a in arrays):
        return Value(Kind.TUPLE)
    parts = []
    for place, array in enumerate(arrays):
        shape: list[Dim] = [1] * len(arrays)
        shape[place] = (array.shape or (None,))[0]
        parts.append(moved(array, tuple(shape)))
    return sequence(Kind.TUPLE, tuple(parts))


def scalar_of(dtype: str, args: tuple[Value, ...]) -> Value:
    """The result of calling a NumPy dtype."""
    if not args:
        return ndarray(dtype, ())
    if len(args) != 1 or not is_known(args[0]):
        return UNKNOWN
    return cast(as_ndarray(args[0]), dtype)


def _placed(arguments: Arguments) -> Value:
    """``np.take_along_axis`` has the dtype of the array and the shape of the indices."""
    if not is_known(arguments["arr"]) or not is_known(arguments["indices"]):
        return UNKNOWN
    indices = as_ndarray(arguments["indices"])
    return moved(as_ndarray(arguments["arr"]), indices.shape, distinct=False)


_REDUCED: Final = "a axis dtype out keepdims initial where"
_EXTREME: Final = "a axis out keepdims initial where"

CREATION: Final[Table] = {
    **rows("shape dtype order like", _filled("float64"), "numpy.zeros numpy.ones numpy.empty"),
    **rows("shape fill_value dtype order like", _full, "numpy.full"),
    **rows("object dtype copy order subok ndmin like", _array, "numpy.array"),
    **rows("a dtype order | like", _asarray, "numpy.asarray"),
    **rows("a order subok", _copy, "numpy.copy"),
    **rows("a dtype order subok shape", _like, "numpy.zeros_like numpy.ones_like numpy.empty_like"),
    **rows("a fill_value dtype order subok shape", _like, "numpy.full_like"),
    **rows("start limit delta dtype | step stop device like", _arange, "numpy.arange"),
    **rows("start stop num endpoint retstep dtype axis", _linspace, "numpy.linspace"),
    **rows("N M k dtype order", _eye, "numpy.eye"),
    **rows("N dtype", _eye, "numpy.identity"),
}

TABLE: Final[Table] = {
    **CREATION,
    **rows("a shape order", _viewing(_reshape), "numpy.reshape"),
    **rows("a axes", _viewing(_transpose), "numpy.transpose"),
    **rows("a axis", _viewing(_expand), "numpy.expand_dims"),
    **rows("a axis", _viewing(_squeeze), "numpy.squeeze"),
    **rows("a order", _viewing(_ravel), "numpy.ravel"),
    **rows("a axis1 axis2", _viewing(_swapaxes), "numpy.swapaxes"),
    **rows("array shape subok", _broadcast_to, "numpy.broadcast_to"),
    **rows("arrays axis out dtype casting", _joining(stack=False), "numpy.concatenate"),
    **rows("arrays axis out | dtype casting", _joining(stack=True), "numpy.stack"),
    **rows("condition x y", _where, "numpy.where"),
    **rows("a", lambda arguments: _nonzero(arguments["a"]), "numpy.nonzero"),
    **rows(_REDUCED, _reduction("sum"), "numpy.sum numpy.prod"),
    **rows("a axis dtype out keepdims where", _reduction("mean"), "numpy.mean"),
    **rows("a axis dtype out ddof keepdims where", _deviation, "numpy.std numpy.var"),
    **rows(_EXTREME, _reduction(keeps_bounds=True), "numpy.max numpy.min"),
    **rows("a axis out keepdims where", _reduction("bool"), "numpy.all numpy.any"),
    **rows("a axis | keepdims", _reduction("int64"), "numpy.count_nonzero"),
    **rows("a axis out keepdims", _arg, "numpy.argmax numpy.argmin"),
    **rows("a axis kind order", _argsort, "numpy.argsort"),
    **rows("a axis kind order", _rearranged, "numpy.sort"),
    **rows("a axis", _flip, "numpy.flip"),
    **rows("a shift axis", _rearranged, "numpy.roll"),
    **rows("ar return_index return_inverse return_counts axis", _unique, "numpy.unique"),
    **rows("x1 x2", _elementwise("+"), "numpy.add"),
    **rows("x1 x2", _elementwise("-"), "numpy.subtract"),
    **rows("x1 x2", _elementwise("*"), "numpy.multiply"),
    **rows("x1 x2", _elementwise("/"), "numpy.true_divide"),
    **rows("x1 x2", _elementwise("//"), "numpy.floor_divide"),
    **rows("x1 x2", _elementwise("%"), "numpy.remainder"),
    **rows("x1 x2", _elementwise(), "numpy.maximum numpy.minimum"),
    **rows(
        "x1 x2",
        _elementwise(dtype="bool"),
        "numpy.equal numpy.not_equal numpy.less numpy.less_equal numpy.greater"
        " numpy.greater_equal numpy.logical_and numpy.logical_or numpy.logical_xor",
    ),
    **rows(
        "x",
        _unary("same"),
        "numpy.negative numpy.square numpy.sign numpy.floor numpy.ceil numpy.conjugate",
    ),
    **rows("x", _unary("real"), "numpy.abs"),
    **rows(
        "x",
        _unary("inexact"),
        "numpy.sqrt numpy.exp numpy.log numpy.log2 numpy.log10 numpy.log1p numpy.expm1 numpy.sin"
        " numpy.cos numpy.tan numpy.tanh numpy.arctan",
    ),
    **rows(
        "x",
        _unary("bool"),
        "numpy.isnan numpy.isinf numpy.isfinite numpy.logical_not",
    ),
    **rows("a a_min a_max", _clip, "numpy.clip"),
    **rows("a b", _matmul, "numpy.matmul"),
    **rows("a b", _dot, "numpy.dot"),
    **rows("a b", _outer, "numpy.outer"),
    **rows("a indices axis", _take, "numpy.take"),
    **rows("arr indices axis", _placed, "numpy.take_along_axis"),
    **rows("a axis", _size, "numpy.size"),
    **rows("*args", _ix, "numpy.ix_"),
    **rows("*dims", _rand, "numpy.random.rand numpy.random.randn"),
    **rows("low high size dtype", _randint, "numpy.random.randint"),
    **rows(
        "size",
        _uniform,
        "numpy.random.random numpy.random.random_sample numpy.random.standard_normal",
    ),
    **rows("low high size", _uniform, "numpy.random.uniform"),
    **rows("loc scale size", _uniform, "numpy.random.normal"),
    **rows("a size replace p", _choice, "numpy.random.choice"),
    **rows("x", _permutation, "numpy.random.permutation"),
}
