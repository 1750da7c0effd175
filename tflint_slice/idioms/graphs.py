"""Whether a file is written for TensorFlow 1: in a graph an update is an op that must be run."""

from __future__ import annotations

import ast

from tflint_slice.idioms.code import Code
from tflint_slice.model import Kind

_GRAPH_MODULE = "tensorflow.compat.v1"
_GRAPH_NAMES = frozenset(
    {"tensorflow.Session", "tensorflow.Graph", "tensorflow.placeholder"}
    | {
        f"{_GRAPH_MODULE}.{name}"
        for name in (
            "Session",
            "InteractiveSession",
            "Graph",
            "placeholder",
            "disable_eager_execution",
            "disable_v2_behavior",
            "global_variables_initializer",
            "get_variable",
        )
    }
)


def builds_graphs(code: Code) -> bool:
    """Whether the file is written for graphs and sessions."""
    return any(
        value.name in _GRAPH_NAMES or (value.name == _GRAPH_MODULE and isinstance(node, ast.Name))
        for node, value in code.facts.values.items()
        if value.kind is Kind.FUNCTION
    )
