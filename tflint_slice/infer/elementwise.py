"""The rows of TensorFlow's functions that compute each entry on its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tflint_slice.infer.arrays import (
    as_tensor,
    tensor_dtype,
)
from tflint_slice.infer.calls import Arguments, Rule, Table, rows
from tflint_slice.infer.creation import (
    dtype_argument,
)
from tflint_slice.infer.dims import (
    broadcast,
    dim_of,
    has_integers,
    shape_of,
)
from tflint_slice.infer.dtypes import (
    is_float,
    real_part,
)
from tflint_slice.infer.operators import binary
from tflint_slice.infer.values import (
    Value,
    tensor,
)
from tflint_slice.model import Dim, Kind


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


def _sequence_mask(arguments: Arguments) -> Value:
    lengths, most = as_tensor(arguments["lengths"]), arguments.given("maxlen")
    if lengths.shape is None:
        return tensor(dtype_argument(arguments, "bool"))
    dim = None if most is None else dim_of(most)
    return tensor(dtype_argument(arguments, "bool"), (*lengths.shape, dim))


def _placeholder(arguments: Arguments) -> Value:
    shape = arguments.given("shape")
    known = None if shape is None else shape_of(shape)
    return tensor(dtype_argument(arguments, None), known)


TABLE: Final[Table] = {
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
        " tensorflow.math.multiply_no_nan tensorflow.math.xlogy tensorflow.math.xlog1py",
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
        " tensorflow.atan tensorflow.sigmoid tensorflow.asinh tensorflow.acosh tensorflow.atanh",
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
    **rows("lengths maxlen dtype name", _sequence_mask, "tensorflow.sequence_mask"),
    **rows("dtype shape name", _placeholder, "tensorflow.compat.v1.placeholder"),
}
