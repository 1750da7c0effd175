"""Loops of updates that raise where a function is traced or compiled, though one scatter would not.

Functions of the file are taken to be traced wherever it names something that traces.
"""

from __future__ import annotations

import ast
import re

from tflint_slice.idioms.code import Code
from tflint_slice.idioms.loop_heads import Head
from tflint_slice.idioms.loop_turns import Turn
from tflint_slice.idioms.tracing import is_traced
from tflint_slice.model import Kind, Reason

_TRACES = re.compile(
    r"\bfunction\b|\bdef (?:call|train_step|test_step|predict_step)\b|\bmap(?:_fn)?\s*\("
    r"|\bvectorized_map\b|\bwhile_loop\b|\bcond\s*\(|\bLambda\b|\.run\(|custom_gradient"
)
_COMPILES = re.compile(r"jit_compile|experimental_compile")
_TRACEABLE = frozenset({"builtins.range", "builtins.len"})


def against_graphs(code: Code, head: Head, turn: Turn) -> Reason | None:
    """What speaks against the rewrite if the loop may stand in a traced function."""
    if isinstance(code.function(head.node), ast.Module):
        return None
    if not (is_traced(code, head.node) or _TRACES.search(code.source.searchable)):
        return None
    value, target = code.value(turn.value), code.value(turn.receiver)
    listed = not turn.sliced and value.kind is Kind.NDARRAY and value.shape != ()
    if listed and value.dtype != target.dtype:
        # In a graph a list of arrays has the dtype of these.
        return Reason.DTYPE_CAST
    walked = _walks_along_a_tensor(code, head)
    compiled = turn.sliced and _COMPILES.search(code.source.searchable) is not None
    return Reason.ALWAYS_RAISES if walked or (compiled and _xla_refuses(code, turn)) else None


def _walks_along_a_tensor(code: Code, head: Head) -> bool:
    """Whether ``zip``, ``enumerate``, ``list`` or the like walks along a tensor, or one is read."""
    for part in ast.walk(head.node.iter):
        if isinstance(part, ast.Attribute) and part.attr == "numpy":
            return True
        called = code.called(part) or ""
        if isinstance(part, ast.Call) and called.startswith("builtins."):
            tensors = (code.value(arg).kind is Kind.TENSOR for arg in part.args)
            if called not in _TRACEABLE and any(tensors):
                return True
    return False


def _xla_refuses(code: Code, turn: Turn) -> bool:
    """Whether a slice has an index that is a tensor, or a value that is broadcast."""
    index, value, rank = (
        code.value(turn.index),
        code.operand(turn.value),
        code.value(turn.receiver).rank,
    )
    fits = value.shape is not None and rank is not None and len(value.shape) == rank - 1
    return index.kind is not Kind.INT or not fits
