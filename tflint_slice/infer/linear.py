"""The rows of TensorFlow's functions of linear algebra."""

from __future__ import annotations

from typing import Final

from tflint_slice.infer import shapes
from tflint_slice.infer.arrays import as_tensor, tensor_dtype
from tflint_slice.infer.calls import Arguments, Rule, Table, rows
from tflint_slice.infer.creation import dtype_argument
from tflint_slice.infer.dims import broadcast, same_dim
from tflint_slice.infer.dtypes import is_float
from tflint_slice.infer.shapes import int_of
from tflint_slice.infer.values import Value, tensor
from tflint_slice.model import Dim, Kind, Shape


def _matmul(arguments: Arguments) -> Value:
    a, b = as_tensor(arguments["a"]), as_tensor(arguments["b"])
    dtype = tensor_dtype((arguments["a"], arguments["b"]))
    if arguments.given("output_type") is not None:
        dtype = dtype_argument(arguments, None, "output_type")
    left, right = _turned(arguments, "a", a.shape), _turned(arguments, "b", b.shape)
    if not left or not right or min(len(left), len(right)) < 2:
        return tensor(dtype)
    return tensor(dtype, shapes.multiplied(left, right))


def _matvec(arguments: Arguments) -> Value:
    dtype = tensor_dtype((arguments["a"], arguments["b"]))
    matrix = _turned(arguments, "a", as_tensor(arguments["a"]).shape)
    vector = as_tensor(arguments["b"]).shape
    if not matrix or not vector or len(matrix) < 2:
        return tensor(dtype)
    batch = broadcast(matrix[:-2], vector[:-1])
    return tensor(dtype, None if batch is None else (*batch, matrix[-2]))


def _turned(arguments: Arguments, operand: str, shape: Shape | None) -> Shape | None:
    """The shape of an operand as it is multiplied: as it is, or transposed."""
    known = [arguments.truth(f"{how}_{operand}", False) for how in ("transpose", "adjoint")]
    if None in known or shape is None:
        return None
    return _transposed(shape) if any(known) else shape


def _transposed(shape: Shape) -> Shape | None:
    return (*shape[:-2], shape[-1], shape[-2]) if len(shape) > 1 else None


def _swapped(name: str) -> Rule:
    """The matrix transpose of one argument."""

    def rule(arguments: Arguments) -> Value:
        value = as_tensor(arguments[name])
        return tensor(value.dtype, None if value.shape is None else _transposed(value.shape))

    return rule


def _diagonal_matrix(arguments: Arguments) -> Value:
    value = as_tensor(arguments["diagonal"])
    if not value.shape or not _is_main_diagonal(arguments, "num_rows", "num_cols"):
        return tensor(value.dtype)
    return tensor(value.dtype, (*value.shape, value.shape[-1]))


def _diagonal(arguments: Arguments) -> Value:
    value = as_tensor(arguments["input"])
    if value.shape is None or len(value.shape) < 2 or not _is_main_diagonal(arguments):
        return tensor(value.dtype)
    height, width = value.shape[-2:]
    length: Dim = height if height == width else None
    if isinstance(height, int) and isinstance(width, int):
        length = min(height, width)
    return tensor(value.dtype, (*value.shape[:-2], length))


def _is_main_diagonal(arguments: Arguments, *sizes: str) -> bool:
    place = arguments.values.get("k")
    return (place is None or int_of(place) == 0) and arguments.values.keys().isdisjoint(sizes)


def _of_each_matrix(arguments: Arguments) -> Value:
    """One number of each matrix: its trace, its determinant."""
    value = as_tensor(arguments["x"])
    matrices = value.shape is not None and len(value.shape) > 1
    return tensor(value.dtype, value.shape[:-2] if matrices and value.shape else None)


def _norm(arguments: Arguments) -> Value:
    value = as_tensor(arguments["tensor"])
    shape = shapes.reduced(value.shape, arguments.given("axis"), arguments.truth("keepdims", False))
    return tensor(value.dtype if is_float(value.dtype) else None, shape)


def _solved(first: str, second: str) -> Rule:
    """A solution of two arguments of one dtype, whose batches may be broadcast."""
    return lambda arguments: tensor(tensor_dtype((arguments[first], arguments[second])))


def _tensordot(arguments: Arguments) -> Value:
    a, b = arguments["a"], arguments["b"]
    dtype = tensor_dtype((a, b)) if a.is_array and b.is_array else None
    left, right, count = as_tensor(a).shape, as_tensor(b).shape, int_of(arguments["axes"])
    if left is None or right is None or count is None:
        return tensor(dtype)
    if not 0 <= count <= min(len(left), len(right)):
        return tensor(dtype)
    return tensor(dtype, (*left[: len(left) - count], *right[count:]))


def _einsum(arguments: Arguments) -> Value:
    operands = arguments["inputs"].items or ()
    known = bool(operands) and all(operand.is_array for operand in operands)
    dtype = tensor_dtype(operands) if known else None
    equation = arguments["equation"].const
    if not known or not isinstance(equation, str):
        return tensor(dtype)
    return tensor(dtype, _summed(equation, [as_tensor(operand).shape for operand in operands]))


def _summed(equation: str, operands: list[Shape | None]) -> Shape | None:
    """The shape that ``ij,jk->ik`` gives; a label stands for the same length everywhere."""
    inputs, arrow, output = equation.replace(" ", "").partition("->")
    labels = inputs.split(",")
    if (
        not arrow
        or not (inputs.replace(",", "") + output).isalpha()
        or len(labels) != len(operands)
    ):
        return None
    lengths: dict[str, Dim] = {}
    for names, shape in zip(labels, operands, strict=True):
        for label, dim in zip(names, shape or (), strict=False):
            lengths[label] = same_dim(lengths.get(label), dim)
    return tuple(lengths.get(label) for label in output)


def _same(name: str) -> Rule:
    """A matrix of the dtype and shape of one argument."""

    def rule(arguments: Arguments) -> Value:
        value = as_tensor(arguments[name])
        return Value(Kind.TENSOR, dtype=value.dtype, shape=value.shape)

    return rule


_PRODUCT: Final = "a b transpose_a transpose_b adjoint_a adjoint_b a_is_sparse b_is_sparse"

TABLE: Final[Table] = {
    **rows(f"{_PRODUCT} output_type grad_a grad_b name", _matmul, "tensorflow.matmul"),
    **rows(
        "a b transpose_a adjoint_a a_is_sparse b_is_sparse name",
        _matvec,
        "tensorflow.linalg.matvec",
    ),
    **rows("a name conjugate", _swapped("a"), "tensorflow.linalg.matrix_transpose"),
    **rows("matrix name", _swapped("matrix"), "tensorflow.linalg.adjoint"),
    **rows(
        "diagonal name k num_rows num_cols padding_value align",
        _diagonal_matrix,
        "tensorflow.linalg.diag",
    ),
    **rows("input name k padding_value align", _diagonal, "tensorflow.linalg.diag_part"),
    **rows("x name", _of_each_matrix, "tensorflow.linalg.trace"),
    **rows(
        "input name",
        lambda arguments: _of_each_matrix(Arguments({"x": arguments["input"]})),
        "tensorflow.linalg.det",
    ),
    **rows("tensor ord axis keepdims name", _norm, "tensorflow.norm"),
    **rows("a b axes name", _tensordot, "tensorflow.tensordot"),
    **rows("equation *inputs | optimize name", _einsum, "tensorflow.einsum"),
    **rows("matrix rhs adjoint name", _solved("matrix", "rhs"), "tensorflow.linalg.solve"),
    **rows(
        "matrix rhs lower adjoint name",
        _solved("matrix", "rhs"),
        "tensorflow.linalg.triangular_solve",
    ),
    **rows("chol rhs name", _solved("chol", "rhs"), "tensorflow.linalg.cholesky_solve"),
    **rows("input num_lower num_upper name", _same("input"), "tensorflow.linalg.band_part"),
    **rows("input diagonal name k align", _same("input"), "tensorflow.linalg.set_diag"),
    **rows("input adjoint name", _same("input"), "tensorflow.linalg.inv"),
    **rows("input name", _same("input"), "tensorflow.linalg.cholesky"),
}
