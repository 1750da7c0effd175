"""Whether a scatter that a fix is about to write would be wrong on any variable.

Such a fix mends one fault to run into the next one, which is a finding of another rule.
"""

from __future__ import annotations

from tflint_slice.idioms.code import Code
from tflint_slice.idioms.scatter_abort import lacks_axes
from tflint_slice.idioms.scatter_calls import ScatterCall
from tflint_slice.idioms.scatter_indices import holds_wrong_index
from tflint_slice.idioms.scatter_rows import target_of
from tflint_slice.idioms.scatter_shape import misfit_of
from tflint_slice.model import Kind, Op

_INDEX_DTYPES = (None, "int32", "int64")
_UNORDERED = ("bool", "string", "complex64", "complex128")
_UNSUMMED = ("bool", "string")


def is_faulty(code: Code, call: ScatterCall) -> bool:
    """Whether shapes, dtypes or indices of the call cannot be right, as far as they are known."""
    return (
        misfit_of(code, call) is not None
        or lacks_axes(code, call)
        or _is_of_wrong_dtype(code, call)
        or _names_nothing(code, call)
    )


def _is_of_wrong_dtype(code: Code, call: ScatterCall) -> bool:
    if code.operand(call.indices).dtype not in _INDEX_DTYPES:
        return True
    dtype = code.operand(target_of(call)).dtype
    if call.op in (Op.ADD, Op.SUBTRACT) and dtype in _UNSUMMED:
        return True
    if call.op in (Op.MINIMUM, Op.MAXIMUM) and dtype in _UNORDERED:
        return True
    given = code.value(call.updates)
    tensor = given.kind is Kind.TENSOR or given.kind.is_variable
    return tensor and None not in (given.dtype, dtype) and given.dtype != dtype


def _names_nothing(code: Code, call: ScatterCall) -> bool:
    """Whether an index is negative, lies outside of the variable, or occurs twice."""
    indices = code.operand(call.indices)
    if indices.least_rank >= 2 and holds_wrong_index(code, call):
        return True
    if isinstance(indices.high, int) and indices.high <= 0:
        return True
    sizes = [dim for dim in code.operand(target_of(call)).shape or () if isinstance(dim, int)]
    return indices.low is not None and bool(sizes) and indices.low >= min(sizes)
