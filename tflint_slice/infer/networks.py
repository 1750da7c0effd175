"""The rows of TensorFlow's functions for layers of networks, and of losses."""

from __future__ import annotations

from typing import Final

from tflint_slice.infer import shapes
from tflint_slice.infer.arrays import as_tensor, tensor_dtype
from tflint_slice.infer.calls import Arguments, Rule, Table, rows
from tflint_slice.infer.dims import same_shape
from tflint_slice.infer.dtypes import is_float
from tflint_slice.infer.moving import axis_argument
from tflint_slice.infer.shapes import axis_of
from tflint_slice.infer.values import Value, sequence, tensor
from tflint_slice.model import Kind


def _convolution(filters: str) -> Rule:
    """A tensor of the dtype of both arguments; of its shape nothing is said."""
    return lambda arguments: tensor(tensor_dtype((arguments["input"], arguments[filters])))


def _pooled(arguments: Arguments) -> Value:
    return tensor(as_tensor(arguments["input"]).dtype)


def _moments(arguments: Arguments) -> Value:
    value = as_tensor(arguments["x"])
    shape = shapes.reduced(value.shape, arguments["axes"], arguments.truth("keepdims", False))
    part = tensor(value.dtype if is_float(value.dtype) else None, shape)
    return sequence(Kind.TUPLE, (part, part))


def _normalized(arguments: Arguments) -> Value:
    value = as_tensor(arguments["x"])
    return tensor(value.dtype if is_float(value.dtype) else None)


def _loss_of_each_entry(arguments: Arguments) -> Value:
    labels, logits = as_tensor(arguments["labels"]), as_tensor(arguments["logits"])
    dtype = tensor_dtype((arguments["logits"], arguments["labels"]))
    return tensor(dtype, same_shape(logits.shape, labels.shape))


def _loss_of_classes(arguments: Arguments) -> Value:
    """Cross entropy with a distribution over the classes, which may be broadcast."""
    labels, logits = as_tensor(arguments["labels"]), as_tensor(arguments["logits"])
    axis = axis_of(axis_argument(arguments, default=-1), logits.rank)
    dtype = logits.dtype if arguments["logits"].is_array else None
    if logits.shape is None or axis is None or labels.rank != logits.rank:
        return tensor(dtype)
    kept = logits.shape[:axis] + logits.shape[axis + 1 :]
    certain = labels.shape == logits.shape
    return tensor(dtype, kept if certain else (None,) * len(kept))


def _loss_of_labels(arguments: Arguments) -> Value:
    """Cross entropy with one class of each row, by its number."""
    labels, logits = as_tensor(arguments["labels"]), as_tensor(arguments["logits"])
    dtype = logits.dtype if arguments["logits"].is_array else None
    rows_ = None if logits.shape is None else logits.shape[:-1]
    return tensor(dtype, same_shape(labels.shape, rows_))


def _half_of_squares(arguments: Arguments) -> Value:
    return tensor(as_tensor(arguments["t"]).dtype, ())


_POOL: Final = "input ksize strides padding data_format name"

TABLE: Final[Table] = {
    **rows(
        "input filters stride padding data_format dilations name",
        _convolution("filters"),
        "tensorflow.nn.conv1d",
    ),
    **rows(
        "input filters strides padding data_format dilations name",
        _convolution("filters"),
        "tensorflow.nn.conv2d tensorflow.nn.conv3d tensorflow.nn.convolution",
    ),
    **rows(
        "input filter strides padding data_format dilations name",
        _convolution("filter"),
        "tensorflow.nn.depthwise_conv2d",
    ),
    **rows(
        "input filters output_shape strides padding data_format dilations name",
        _convolution("filters"),
        "tensorflow.nn.conv1d_transpose tensorflow.nn.conv2d_transpose"
        " tensorflow.nn.conv3d_transpose",
    ),
    **rows(
        _POOL,
        _pooled,
        "tensorflow.nn.max_pool tensorflow.nn.max_pool1d tensorflow.nn.max_pool2d"
        " tensorflow.nn.max_pool3d tensorflow.nn.avg_pool tensorflow.nn.avg_pool1d"
        " tensorflow.nn.avg_pool2d tensorflow.nn.avg_pool3d",
    ),
    **rows("x axes shift keepdims name", _moments, "tensorflow.nn.moments"),
    **rows(
        "x mean variance offset scale variance_epsilon name",
        _normalized,
        "tensorflow.nn.batch_normalization",
    ),
    **rows(
        "labels logits name",
        _loss_of_each_entry,
        "tensorflow.nn.sigmoid_cross_entropy_with_logits",
    ),
    **rows(
        "labels logits axis name",
        _loss_of_classes,
        "tensorflow.nn.softmax_cross_entropy_with_logits",
    ),
    **rows(
        "labels logits name",
        _loss_of_labels,
        "tensorflow.nn.sparse_softmax_cross_entropy_with_logits",
    ),
    **rows("t name", _half_of_squares, "tensorflow.nn.l2_loss"),
}
