"""The rows of TensorFlow's functions that move, join, reduce or compute the entries of tensors."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tflint_slice.infer import shapes
from tflint_slice.infer.arrays import as_tensor, scalar_like, tensor_dtype
from tflint_slice.infer.calls import Arguments, Rule, Table, rows
from tflint_slice.infer.creation import dtype_argument
from tflint_slice.infer.dims import broadcast, dim_of, has_integers, is_integer_dtype, product, same_shape, shape_of
from tflint_slice.infer.dtypes import is_float, real_part
from tflint_slice.infer.operators import binary
from tflint_slice.infer.shapes import axis_of, int_of
from tflint_slice.infer.values import UNKNOWN, Value, sequence, tensor
from tflint_slice.model import Dim, Kind, Shape


def moved(value: Value, shape: Shape | None, *, distinct: bool = True) -> Value:
    """The entries of an array in another shape."""
    return Value(
        value.kind,
        dtype=value.dtype,
        shape=shape,
        low=value.low,
        high=value.high,
        distinct=value.distinct and distinct,
        writable=value.writable,
    )


def axis_argument(arguments: Arguments, name: str = "axis", default: int = 0) -> Value:
    value = arguments.given(name)
    return Value(Kind.INT, const=default, low=default, high=default + 1) if value is None else value


def entries_of(value: Value) -> tuple[Value, ...] | None:
    """The arrays in a list that is to be joined."""
    if value.kind in (Kind.LIST, Kind.TUPLE) and not value.optional:
        return value.items
    return None


def _reshape(arguments: Arguments) -> Value:
    value = as_tensor(arguments["tensor"])
    return moved(value, shapes.reshaped(value.shape, arguments["shape"]))


def _transpose(arguments: Arguments) -> Value:
    value = as_tensor(arguments["a"])
    return moved(value, shapes.transposed(value.shape, arguments.given("perm")))


def _expand(arguments: Arguments) -> Value:
    value = as_tensor(arguments["input"])
    return moved(value, shapes.expanded(value.shape, arguments["axis"]))


def _squeeze(arguments: Arguments) -> Value:
    value = as_tensor(arguments["input"])
    return moved(value, shapes.squeezed(value.shape, arguments.given("axis")))


def _stack(arguments: Arguments) -> Value:
    values = entries_of(arguments["values"])
    axis = axis_argument(arguments)
    if values is None:
        return _stacked_array(arguments["values"], axis)
    arrays = [as_tensor(value) for value in values]
    shape = shapes.stacked([array.shape for array in arrays], axis)
    # Unlike elsewhere, tensors inside of nested lists decide about the dtype as well.
    dtype = as_tensor(arguments["values"]).dtype
    result = replace(_joined(values, arrays, shape), dtype=dtype)
    if shape is not None and len(shape) == 1 and result.low is not None:
        items = tuple(scalar_like(array, result.dtype) for array in arrays)
        return replace(result, items=items)
    return result


def _stacked_array(value: Value, axis: Value) -> Value:
    """Stacking the rows of one array along the first axis changes nothing."""
    array = as_tensor(value)
    if value.kind in (Kind.TENSOR, Kind.NDARRAY) and int_of(axis) == 0:
        return array
    return tensor(array.dtype if value.is_array else None)


def _concat(arguments: Arguments) -> Value:
    values = entries_of(arguments["values"])
    if values is None:
        return tensor()
    arrays = [as_tensor(value) for value in values]
    shape = shapes.concatenated([array.shape for array in arrays], arguments["axis"])
    return _joined(values, arrays, shape)


def _joined(values: tuple[Value, ...], arrays: list[Value], shape: Shape | None) -> Value:
    lows = [array.low for array in arrays if array.low is not None]
    highs = {array.high for array in arrays}
    ints = [high for high in highs if isinstance(high, int)]
    high: Dim = max(ints) if ints and len(ints) == len(highs) else None
    if len(highs) == 1:
        (high,) = highs
    return Value(
        Kind.TENSOR,
        dtype=tensor_dtype(values),
        shape=shape,
        low=min(lows) if lows and len(lows) == len(arrays) else None,
        high=high if lows and len(lows) == len(arrays) else None,
    )


def _tile(arguments: Arguments) -> Value:
    value = as_tensor(arguments["input"])
    return moved(value, shapes.tiled(value.shape, arguments["multiples"]), distinct=False)


def _gather(arguments: Arguments) -> Value:
    params, indices = as_tensor(arguments["params"]), as_tensor(arguments["indices"])
    batch = arguments.given("batch_dims")
    axis: int | None = None
    if batch is None or int_of(batch) == 0:
        axis = axis_of(axis_argument(arguments), params.rank)
    shape = shapes.gathered(params.shape, indices.shape, axis)
    return moved(params, shape, distinct=indices.distinct and params.rank == 1)


def _gather_nd(arguments: Arguments) -> Value:
    params, indices = as_tensor(arguments["params"]), as_tensor(arguments["indices"])
    shape: Shape | None = None
    batch = arguments.given("batch_dims")
    if indices.shape and params.shape is not None and (batch is None or int_of(batch) == 0):
        depth = indices.shape[-1]
        if isinstance(depth, int) and depth <= len(params.shape):
            shape = (*indices.shape[:-1], *params.shape[depth:])
    return moved(params, shape, distinct=False)


def _where(arguments: Arguments) -> Value:
    condition = as_tensor(arguments["condition"])
    x, y = arguments.given("x"), arguments.given("y")
    if x is None and y is None:
        high: Dim = None
        if condition.shape is not None and len(condition.shape) == 1:
            (high,) = condition.shape
        shape = (None, None if condition.shape is None else len(condition.shape))
        distinct = condition.rank == 1
        return Value(Kind.TENSOR, dtype="int64", shape=shape, low=0, high=high, distinct=distinct)
    if x is None or y is None:
        return tensor()
    a, b = as_tensor(x), as_tensor(y)
    result = _joined((x, y), [a, b], broadcast(condition.shape, a.shape, b.shape))
    # Two ndarrays are not brought to one dtype before they meet.
    agree = x.kind is not Kind.NDARRAY or y.kind is not Kind.NDARRAY or a.dtype == b.dtype
    return result if agree else replace(result, dtype=None)


def _boolean_mask(arguments: Arguments) -> Value:
    value, mask = as_tensor(arguments["tensor"]), as_tensor(arguments["mask"])
    shape: Shape | None = None
    axis = 0 if arguments.given("axis") is None else axis_of(arguments["axis"], value.rank)
    if value.shape is not None and mask.shape and axis is not None:
        shape = (*value.shape[:axis], None, *value.shape[axis + len(mask.shape) :])
    return moved(value, shape)


def _pad(arguments: Arguments) -> Value:
    value = as_tensor(arguments["tensor"])
    return tensor(value.dtype, shapes.padded(value.shape, arguments["paddings"]))


def _broadcast_to(arguments: Arguments) -> Value:
    value = as_tensor(arguments["input"])
    return moved(value, shape_of(arguments["shape"]), distinct=False)


def _same(name: str, *, distinct: bool = False) -> Rule:
    """A result of the dtype and shape of one argument, with entries of its own."""

    def rule(arguments: Arguments) -> Value:
        value = as_tensor(arguments[name])
        return tensor(value.dtype, value.shape)

    return rule


def _bias_add(arguments: Arguments) -> Value:
    dtype = tensor_dtype((arguments["value"], arguments["bias"]))
    return tensor(dtype, as_tensor(arguments["value"]).shape)


def _leaky(arguments: Arguments) -> Value:
    value = as_tensor(arguments["features"])
    return tensor(value.dtype if is_float(value.dtype) else None, value.shape)


def _ratio(arguments: Arguments) -> Value:
    """A quotient that is done in float64 for integers."""
    result = _elementwise()(arguments)
    return result if is_float(result.dtype) else replace(result, dtype=None)


def _rearranged(name: str) -> Rule:
    """The same entries in another order."""

    def rule(arguments: Arguments) -> Value:
        value = as_tensor(arguments[name])
        return moved(value, value.shape)

    return rule


def _updated(arguments: Arguments) -> Value:
    value = as_tensor(arguments["tensor"])
    dtype = tensor_dtype((arguments["tensor"], arguments["updates"]))
    return tensor(dtype, value.shape)


def _scatter(arguments: Arguments) -> Value:
    return tensor(as_tensor(arguments["updates"]).dtype, shape_of(arguments["shape"]))


def _split(arguments: Arguments) -> Value:
    value = as_tensor(arguments["value"])
    axis = axis_of(axis_argument(arguments), value.rank)
    sizes = arguments["num_or_size_splits"]
    count = int_of(sizes)
    if count is not None and count > 0:
        dims: list[Dim] = [None] * count
        if axis is not None and value.shape is not None:
            whole = value.shape[axis]
            dims = [whole // count if isinstance(whole, int) else None] * count
    elif sizes.items is not None:
        dims = [None if d is None or d == -1 else d for d in map(dim_of, sizes.items)]
        dims = [dim if isinstance(dim, int) else None for dim in dims]
    else:
        return Value(Kind.LIST, element=tensor(value.dtype))
    parts = tuple(moved(value, _with_dim(value.shape, axis, dim), distinct=True) for dim in dims)
    return sequence(Kind.LIST, parts)


def _with_dim(shape: Shape | None, axis: int | None, dim: Dim) -> Shape | None:
    if shape is None:
        return None
    if axis is None:
        return (None,) * len(shape)
    return (*shape[:axis], dim, *shape[axis + 1 :])


def _unstack(arguments: Arguments) -> Value:
    value = as_tensor(arguments["value"])
    axis = axis_of(axis_argument(arguments), value.rank)
    if value.shape is None or axis is None:
        return Value(Kind.LIST, element=tensor(value.dtype))
    part = moved(value, (*value.shape[:axis], *value.shape[axis + 1 :]))
    count = value.shape[axis]
    wanted = arguments.given("num")
    if wanted is not None and int_of(wanted) != count:
        return Value(Kind.LIST, element=part)
    if isinstance(count, int) and count <= 64:
        return sequence(Kind.LIST, (part,) * count)
    return Value(Kind.LIST, element=part)


def _meshgrid(arguments: Arguments) -> Value:
    arrays = [as_tensor(value) for value in arguments["args"].items or ()]
    indexing = arguments.given("indexing")
    dims: list[Dim] = []
    for array in arrays:
        if array.shape is None or len(array.shape) != 1:
            return Value(Kind.LIST, element=tensor())
        dims.extend(array.shape)
    if indexing is None or indexing.const == "xy":
        dims[:2] = dims[:2][::-1]
    elif indexing.const != "ij":
        dims = [None] * len(dims)
    shape = tuple(dims)
    return sequence(Kind.LIST, tuple(moved(a, shape, distinct=False) for a in arrays))


def _repeat(arguments: Arguments) -> Value:
    value, count = as_tensor(arguments["input"]), int_of(arguments["repeats"])
    axis = arguments.given("axis")
    shape: Shape | None = None
    if axis is None:
        total = None if value.shape is None else product(value.shape)
        known = isinstance(total, int) and count is not None
        shape = (total * count if known else None,)  # type: ignore[operator]
    elif value.shape is not None:
        place = axis_of(axis, value.rank)
        if place is not None:
            dim = value.shape[place]
            total = dim * count if isinstance(dim, int) and count is not None else None
            shape = _with_dim(value.shape, place, total)
    return moved(value, shape, distinct=False)


def _reduction(dtype: str | None = None, *, keeps_bounds: bool = False) -> Rule:
    def rule(arguments: Arguments) -> Value:
        value = as_tensor(arguments["input_tensor"])
        shape = shapes.reduced(
            value.shape, arguments.given("axis"), arguments.truth("keepdims", False)
        )
        # Of nothing the maximum is no entry.
        dims = value.shape or (None,)
        filled = keeps_bounds and all(isinstance(dim, int) and dim > 0 for dim in dims)
        return Value(
            Kind.TENSOR,
            dtype=dtype or value.dtype,
            shape=shape,
            low=value.low if filled else None,
            high=value.high if filled else None,
        )

    return rule


def _count_nonzero(arguments: Arguments) -> Value:
    value = as_tensor(arguments["input"])
    axis, keep = arguments.given("axis"), arguments.truth("keepdims", False)
    shape = shapes.reduced(value.shape, axis, keep)
    dtype = dtype_argument(arguments, "int64")
    return Value(Kind.TENSOR, dtype=dtype, shape=shape, low=0 if is_integer_dtype(dtype) else None)


def _arg(arguments: Arguments) -> Value:
    value = as_tensor(arguments["input"])
    axis = axis_of(axis_argument(arguments), value.rank)
    dtype = dtype_argument(arguments, "int64", "output_type")
    if value.shape is None or axis is None:
        return Value(Kind.TENSOR, dtype=dtype, low=0)
    return Value(
        Kind.TENSOR,
        dtype=dtype,
        shape=(*value.shape[:axis], *value.shape[axis + 1 :]),
        low=0,
        high=value.shape[axis],
    )


def _argsort(arguments: Arguments) -> Value:
    value = as_tensor(arguments["values"])
    axis = axis_of(axis_argument(arguments, default=-1), value.rank)
    high = None if value.shape is None or axis is None else value.shape[axis]
    return Value(
        Kind.TENSOR,
        dtype="int32",
        shape=value.shape,
        low=0,
        high=high,
        distinct=value.rank == 1,
    )


def _top_k(arguments: Arguments) -> Value:
    value = as_tensor(arguments["input"])
    count = arguments.given("k")
    shape: Shape | None = None
    high: Dim = None
    if value.shape:
        shape = (*value.shape[:-1], 1 if count is None else dim_of(count))
        high = value.shape[-1]
    indices = Value(
        Kind.TENSOR,
        dtype=dtype_argument(arguments, "int32", "index_type"),
        shape=shape,
        low=0,
        high=high,
        distinct=value.rank == 1,
    )
    return sequence(Kind.TUPLE, (moved(value, shape), indices))


def _unique(arguments: Arguments) -> Value:
    value = as_tensor(arguments["x"])
    high = None if value.shape is None or len(value.shape) != 1 else value.shape[0]
    places = Value(
        Kind.TENSOR,
        dtype=dtype_argument(arguments, "int32", "out_idx"),
        shape=(high,),
        low=0,
        high=high,
    )
    entries = replace(moved(value, (None,)), distinct=value.low is not None)
    return sequence(Kind.TUPLE, (entries, places))


def _matmul(arguments: Arguments) -> Value:
    a, b = as_tensor(arguments["a"]), as_tensor(arguments["b"])
    dtype = tensor_dtype((arguments["a"], arguments["b"]))
    if arguments.given("output_type") is not None:
        dtype = dtype_argument(arguments, None, "output_type")
    shape: Shape | None = None
    turned = [_turned(arguments, "a"), _turned(arguments, "b")]
    if a.shape and b.shape and None not in turned and min(len(a.shape), len(b.shape)) > 1:
        left = (*a.shape[:-2], *a.shape[:-3:-1]) if turned[0] else a.shape
        right = (*b.shape[:-2], *b.shape[:-3:-1]) if turned[1] else b.shape
        shape = shapes.multiplied(left, right)
    return tensor(dtype, shape)


def _turned(arguments: Arguments, operand: str) -> bool | None:
    known = [arguments.truth(f"{how}_{operand}", False) for how in ("transpose", "adjoint")]
    return None if None in known else any(known)


def _elementwise(operator: str | None = None, dtype: str | None = None) -> Rule:
    """An operation of two operands; the one that has an operator has its rule as well."""

    def rule(arguments: Arguments) -> Value:
        x, y = arguments["x"], arguments["y"]
        a, b = as_tensor(x), as_tensor(y)
        shape = broadcast(a.shape, b.shape)
        if dtype is not None:
            return tensor(dtype, shape)
        common = tensor_dtype((x, y))
        if operator is None:
            return tensor(common, shape)
        typed = (replace(a, dtype=common, optional=False), replace(b, dtype=common, optional=False))
        result = binary(operator, *typed)
        return result if result.kind is Kind.TENSOR else tensor(common, shape)

    return rule


def _elementwise_of(first: str, second: str) -> Rule:
    """The same under other names of the parameters."""
    rule = _elementwise()
    return lambda arguments: rule(Arguments({"x": arguments[first], "y": arguments[second]}))


def _divide(arguments: Arguments) -> Value:
    """``tf.divide``, which leaves the work to the operator."""
    result = _elementwise("/")(arguments)
    # A Keras variable on the right answers itself, in a dtype of its own.
    right = arguments["y"].kind
    own = right in (Kind.UNKNOWN, Kind.KERAS3_VARIABLE, Kind.SOME_VARIABLE)
    return replace(result, dtype=None) if own else result


def _extreme(largest: bool) -> Rule:
    def rule(arguments: Arguments) -> Value:
        x, y = arguments["x"], arguments["y"]
        a, b = as_tensor(x), as_tensor(y)
        shape, dtype = broadcast(a.shape, b.shape), tensor_dtype((x, y))
        if not (has_integers(a) and has_integers(b)):
            return tensor(dtype, shape)
        lows = [low for low in (a.low, b.low) if low is not None]
        highs = [a.high, b.high]
        ints = [high for high in highs if isinstance(high, int)]
        low = max(lows, default=None) if largest else min(lows) if len(lows) == 2 else None
        high: Dim = None
        if a.high == b.high:
            high = a.high
        elif largest:
            high = max(ints) if len(ints) == 2 else None
        else:
            symbols = [h for h in highs if isinstance(h, str)]
            high = symbols[0] if symbols else min(ints, default=None)
        return Value(
            Kind.TENSOR,
            dtype=dtype,
            shape=shape,
            low=low,
            high=high,
        )

    return rule


def _clip(arguments: Arguments) -> Value:
    value = as_tensor(arguments["t"])
    least, most = arguments["clip_value_min"], arguments["clip_value_max"]
    low = least.low if least.kind is Kind.INT else None
    high = most.high if most.kind is Kind.INT else None
    dtype = tensor_dtype((arguments["t"], least, most))
    integral = value.low is not None or (dtype or "").startswith(("int", "uint"))
    return Value(
        Kind.TENSOR,
        dtype=dtype,
        shape=broadcast(value.shape, as_tensor(least).shape, as_tensor(most).shape),
        low=low if integral else None,
        high=high if integral else None,
    )


def _real(name: str) -> Rule:
    def rule(arguments: Arguments) -> Value:
        value = as_tensor(arguments[name])
        return tensor(real_part(value.dtype), value.shape)

    return rule


def _abs(arguments: Arguments) -> Value:
    value = as_tensor(arguments["x"])
    return tensor(real_part(value.dtype), value.shape)


def _truths(name: str) -> Rule:
    def rule(arguments: Arguments) -> Value:
        return tensor("bool", as_tensor(arguments[name]).shape)

    return rule


def _equality(arguments: Arguments) -> Value:
    # Raises where the shapes do not fit, unlike the operator ==.
    shape = broadcast(as_tensor(arguments["x"]).shape, as_tensor(arguments["y"]).shape)
    return tensor("bool", shape)


def _ensured(arguments: Arguments) -> Value:
    value = as_tensor(arguments["x"])
    wanted = arguments["shape"]
    if wanted.items is None or wanted.optional:
        return value
    shape = tuple(None if item.optional else dim_of(item) for item in wanted.items)
    return replace(value, shape=same_shape(value.shape, shape))


def _embedding(arguments: Arguments) -> Value:
    params, ids = as_tensor(arguments["params"]), as_tensor(arguments["ids"])
    if arguments["params"].kind in (Kind.LIST, Kind.TUPLE):
        return tensor()
    return tensor(params.dtype, shapes.gathered(params.shape, ids.shape, 0))


def _sequence_mask(arguments: Arguments) -> Value:
    lengths, most = as_tensor(arguments["lengths"]), arguments.given("maxlen")
    if lengths.shape is None:
        return tensor(dtype_argument(arguments, "bool"))
    dim = None if most is None else dim_of(most)
    return tensor(dtype_argument(arguments, "bool"), (*lengths.shape, dim))


def _unknown_tensor(name: str) -> Rule:
    """A tensor of the dtype of one argument."""

    def rule(arguments: Arguments) -> Value:
        return tensor(as_tensor(arguments[name]).dtype)

    return rule


def _opaque(arguments: Arguments) -> Value:
    return tensor() if arguments.values else UNKNOWN


def _placeholder(arguments: Arguments) -> Value:
    shape = arguments.given("shape")
    known = None if shape is None else shape_of(shape)
    return tensor(dtype_argument(arguments, None), known)


_REDUCED: Final = "input_tensor axis keepdims name"

TABLE: Final[Table] = {
    **rows("tensor shape name", _reshape, "tensorflow.reshape"),
    **rows("a perm conjugate name", _transpose, "tensorflow.transpose"),
    **rows("input axis name", _expand, "tensorflow.expand_dims"),
    **rows("input axis name", _squeeze, "tensorflow.squeeze"),
    **rows("values axis name", _stack, "tensorflow.stack"),
    **rows("values axis name", _concat, "tensorflow.concat"),
    **rows("input multiples name", _tile, "tensorflow.tile"),
    **rows("params indices validate_indices axis batch_dims name", _gather, "tensorflow.gather"),
    **rows("params indices batch_dims name bad_indices_policy", _gather_nd, "tensorflow.gather_nd"),
    **rows("condition x y name", _where, "tensorflow.where"),
    **rows("tensor mask axis name", _boolean_mask, "tensorflow.boolean_mask"),
    **rows("tensor paddings mode constant_values name", _pad, "tensorflow.pad"),
    **rows("input shape name", _broadcast_to, "tensorflow.broadcast_to"),
    **rows("tensor axis name", _rearranged("tensor"), "tensorflow.reverse"),
    **rows("input shift axis name", _rearranged("input"), "tensorflow.roll"),
    **rows("values axis direction name", _rearranged("values"), "tensorflow.sort"),
    **rows("input repeats axis name", _repeat, "tensorflow.repeat"),
    **rows("*args | indexing name", _meshgrid, "tensorflow.meshgrid"),
    **rows("value num_or_size_splits axis num name", _split, "tensorflow.split"),
    **rows("value num axis name", _unstack, "tensorflow.unstack"),
    **rows("x shape name", _ensured, "tensorflow.ensure_shape"),
    **rows("tensor indices updates name", _updated, "tensorflow.tensor_scatter_nd_update"),
    **rows(
        "tensor indices updates bad_indices_policy name",
        _updated,
        "tensorflow.tensor_scatter_nd_add tensorflow.tensor_scatter_nd_sub"
        " tensorflow.tensor_scatter_nd_max tensorflow.tensor_scatter_nd_min",
    ),
    **rows("indices updates shape bad_indices_policy name", _scatter, "tensorflow.scatter_nd"),
    **rows(
        _REDUCED,
        _reduction(),
        "tensorflow.reduce_sum tensorflow.reduce_prod tensorflow.reduce_mean"
        " tensorflow.reduce_logsumexp",
    ),
    **rows(_REDUCED, _reduction(keeps_bounds=True), "tensorflow.reduce_max tensorflow.reduce_min"),
    **rows(_REDUCED, _reduction("bool"), "tensorflow.reduce_all tensorflow.reduce_any"),
    **rows("input axis keepdims dtype name", _count_nonzero, "tensorflow.math.count_nonzero"),
    **rows("input axis output_type name", _arg, "tensorflow.argmax tensorflow.argmin"),
    **rows("values axis direction stable name", _argsort, "tensorflow.argsort"),
    **rows("input k sorted index_type name", _top_k, "tensorflow.math.top_k"),
    **rows("x out_idx name", _unique, "tensorflow.unique"),
    **rows(
        "a b transpose_a transpose_b adjoint_a adjoint_b a_is_sparse b_is_sparse output_type"
        " grad_a grad_b name",
        _matmul,
        "tensorflow.matmul",
    ),
    **rows("x y name", _elementwise("+"), "tensorflow.add"),
    **rows("x y name", _elementwise("-"), "tensorflow.subtract"),
    **rows("x y name", _elementwise("*"), "tensorflow.multiply"),
    **rows("x y name", _elementwise("/"), "tensorflow.truediv"),
    **rows("x y name", _divide, "tensorflow.divide"),
    **rows("x y name", _elementwise("//"), "tensorflow.math.floordiv"),
    **rows("x y name", _elementwise("%"), "tensorflow.math.floormod"),
    **rows(
        "x y name",
        _elementwise(),
        "tensorflow.pow tensorflow.math.squared_difference"
        " tensorflow.math.multiply_no_nan tensorflow.math.xlogy",
        "tensorflow.bitwise.bitwise_and tensorflow.bitwise.bitwise_or"
        " tensorflow.bitwise.bitwise_xor",
    ),
    **rows("y x name", _elementwise_of("y", "x"), "tensorflow.atan2"),
    **rows("x y name", _ratio, "tensorflow.math.divide_no_nan"),
    **rows("x y name", _extreme(largest=True), "tensorflow.maximum"),
    **rows("x y name", _extreme(largest=False), "tensorflow.minimum"),
    **rows(
        "x y name",
        _elementwise(dtype="bool"),
        "tensorflow.greater tensorflow.greater_equal tensorflow.less tensorflow.less_equal"
        " tensorflow.logical_and tensorflow.logical_or tensorflow.math.logical_xor",
    ),
    **rows("x y name", _equality, "tensorflow.equal tensorflow.not_equal"),
    **rows("t clip_value_min clip_value_max name", _clip, "tensorflow.clip_by_value"),
    **rows("t clip_norm axes name", _same("t"), "tensorflow.clip_by_norm"),
    **rows(
        "x name",
        _same("x"),
        "tensorflow.negative tensorflow.square tensorflow.sqrt tensorflow.exp tensorflow.floor"
        " tensorflow.round tensorflow.sign tensorflow.sin tensorflow.cos tensorflow.tan"
        " tensorflow.tanh tensorflow.sinh tensorflow.cosh tensorflow.asin tensorflow.acos"
        " tensorflow.atan tensorflow.sigmoid",
        "tensorflow.math.ceil tensorflow.math.log tensorflow.math.log1p tensorflow.math.expm1"
        " tensorflow.math.rsqrt tensorflow.math.reciprocal tensorflow.math.erf tensorflow.math.erfc"
        " tensorflow.math.lgamma tensorflow.math.digamma tensorflow.math.rint"
        " tensorflow.math.log_sigmoid tensorflow.math.reciprocal_no_nan",
    ),
    **rows("x name", _abs, "tensorflow.abs"),
    **rows("input name", _real("input"), "tensorflow.math.real tensorflow.math.imag"),
    **rows(
        "x name",
        _truths("x"),
        "tensorflow.logical_not tensorflow.math.is_nan tensorflow.math.is_inf"
        " tensorflow.math.is_finite",
    ),
    **rows(
        "features name",
        _same("features"),
        "tensorflow.nn.relu tensorflow.nn.relu6 tensorflow.nn.elu tensorflow.nn.selu"
        " tensorflow.math.softplus tensorflow.math.softsign",
    ),
    **rows("features alpha name", _leaky, "tensorflow.nn.leaky_relu"),
    **rows("features approximate name", _same("features"), "tensorflow.nn.gelu"),
    **rows("features beta", _same("features"), "tensorflow.nn.silu"),
    **rows(
        "logits axis name", _same("logits"), "tensorflow.math.softmax tensorflow.math.log_softmax"
    ),
    **rows("x axis epsilon name dim", _same("x"), "tensorflow.math.l2_normalize"),
    **rows("x rate noise_shape seed name", _same("x"), "tensorflow.nn.dropout"),
    **rows("value bias data_format name", _bias_add, "tensorflow.nn.bias_add"),
    **rows(
        "x axis exclusive reverse name", _same("x"), "tensorflow.cumsum tensorflow.math.cumprod"
    ),
    **rows("params ids max_norm name", _embedding, "tensorflow.nn.embedding_lookup"),
    **rows("lengths maxlen dtype name", _sequence_mask, "tensorflow.sequence_mask"),
    **rows("input num_lower num_upper name", _same("input"), "tensorflow.linalg.band_part"),
    **rows("input diagonal name k align", _same("input"), "tensorflow.linalg.set_diag"),
    **rows("input adjoint name", _same("input"), "tensorflow.linalg.inv"),
    **rows("input_ begin size name", _unknown_tensor("input_"), "tensorflow.slice"),
    **rows("dtype shape name", _placeholder, "tensorflow.compat.v1.placeholder"),
}
