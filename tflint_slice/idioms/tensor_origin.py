"""Where a tensor comes from: whether it surely is a ``tf.Tensor``, and whether anything shares it.

Inference calls the result of a TensorFlow function a tensor, although a ragged or sparse tensor, a
symbol of Keras or an object of a class that takes over such functions would give its own kind.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from tflint_slice.idioms.code import Code
from tflint_slice.infer.scopes import FunctionNode, bound_names
from tflint_slice.model import Kind

# These give a tensor, or fail, whatever they are given.
_MAKERS = frozenset({"zeros", "ones", "constant", "eye", "normal", "uniform", "truncated_normal"})
# The kind of the result is that of the first argument.
_OF_FIRST = frozenset(
    {
        "cast", "reshape", "transpose", "expand_dims", "squeeze", "identity", "stop_gradient",
        "zeros_like", "ones_like", "broadcast_to", "tile", "reverse", "roll", "pad", "cumsum",
        "argmax", "argmin", "one_hot", "shuffle", "reduce_sum", "reduce_mean", "reduce_max",
        "reduce_min", "reduce_prod", "reduce_any", "reduce_all", "sort", "argsort",
        "convert_to_tensor",
    }
)  # fmt: skip
# Of these NumPy's counterpart gives a view of its first argument.
_VIEWS = frozenset(
    {
        "reshape", "transpose", "expand_dims", "squeeze", "broadcast_to", "convert_to_tensor",
        "stop_gradient", "reverse",
    }
)  # fmt: skip
# What these give shares nothing with their arguments, in NumPy neither.
_COPIES = _MAKERS | (_OF_FIRST - _VIEWS) | frozenset(
    {
        "fill", "range", "linspace", "clip_by_value",
        "add", "subtract", "multiply", "divide", "maximum", "minimum", "abs", "square", "sqrt",
        "exp", "log", "negative", "sign", "tanh", "sigmoid", "relu", "softmax", "pow", "matmul",
        "concat", "stack", "where", "gather", "gather_nd", "tensor_scatter_nd_update",
        "tensor_scatter_nd_add", "tensor_scatter_nd_sub", "tensor_scatter_nd_max",
        "tensor_scatter_nd_min", "scatter_nd", "shape", "size", "rank",
    }
)  # fmt: skip
_LOOKING = frozenset(
    {"tensorflow.print", "builtins.print", "builtins.len", "builtins.float", "builtins.int"}
)
_FACTS = frozenset({"shape", "dtype", "get_shape", "ndim"})
_CONSUMING = (ast.Compare, ast.FormattedValue, ast.Expr)


@dataclass
class Origins:
    """Answers about the expressions of one file; names are followed to what they are bound to."""

    code: Code
    followed: set[ast.AST] = field(default_factory=set)

    def is_tensor(self, node: ast.expr) -> bool:
        """Whether ``node`` gives a ``tf.Tensor`` and nothing that only resembles one."""
        value = self.code.value(node)
        if value.kind is not Kind.TENSOR or value.optional:
            return False
        if isinstance(node, (ast.Name, ast.Attribute)):
            return self._is_bound_to_tensors(node)
        if isinstance(node, ast.Call):
            return self._returns_a_tensor(node)
        if isinstance(node, ast.BinOp):
            return self._are_operands(node.left, node.right)
        if isinstance(node, ast.Compare):
            return self._are_operands(node.left, *node.comparators)
        if isinstance(node, ast.UnaryOp):
            return self.is_tensor(node.operand)
        if isinstance(node, ast.IfExp):
            return self.is_tensor(node.body) and self.is_tensor(node.orelse)
        if isinstance(node, ast.Subscript):
            return self._is_known(node.value)
        return False

    def _is_known(self, node: ast.expr) -> bool:
        """Whether an operand is a plain array, number or variable, or surely a tensor."""
        value = self.code.value(node)
        if isinstance(node, (ast.List, ast.Tuple)):
            return all(map(self._is_known, node.elts))
        if value.kind is Kind.TENSOR:
            return self.is_tensor(node)
        array = value.kind is Kind.NDARRAY or value.kind.is_variable or value.kind.is_number
        known = array or value.kind in (Kind.STR, Kind.NONE) or value.shape == ()
        return known and not value.optional

    def _are_operands(self, *nodes: ast.expr) -> bool:
        return all(map(self._is_known, nodes))

    def _returns_a_tensor(self, node: ast.Call) -> bool:
        name = self.code.called(node) or ""
        if not name.startswith("tensorflow."):
            return False
        last = name.rpartition(".")[2]
        if last in _MAKERS:
            return True
        words = [word.value for word in node.keywords]
        looked_at = [*node.args, *words]
        return self._are_operands(*(looked_at[:1] if last in _OF_FIRST else looked_at))

    def _is_bound_to_tensors(self, node: ast.Name | ast.Attribute) -> bool:
        """Every binding that may be seen here binds a tensor; there is at least one.

        Inference has seen to it that no binding of another kind is.
        """
        bindings = [
            binding for binding in self.bindings(node) if self._kind(binding) is Kind.TENSOR
        ]
        return bool(bindings) and all(map(self._binds_a_tensor, bindings))

    def _kind(self, binding: ast.AST) -> Kind:
        if isinstance(binding, ast.arg):
            return Kind.TENSOR if self.is_annotated(binding) else Kind.UNKNOWN
        parent = self.code.parents[binding]
        if isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and parent.value:
            return self.code.value(parent.value).kind
        # What a loop, a pattern or ``with`` binds is followed as if it might be a tensor.
        return Kind.TENSOR

    def is_annotated(self, parameter: ast.arg) -> bool:
        note = parameter.annotation
        return note is not None and self.code.facts.qualified_name(note) == "tensorflow.Tensor"

    def _binds_a_tensor(self, binding: ast.AST) -> bool:
        if isinstance(binding, ast.arg):
            return True
        if binding in self.followed:
            # It is computed from itself; what else it is computed from decides.
            return True
        self.followed.add(binding)
        try:
            parent = self.code.parents[binding]
            if isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
                return parent.value is not None and self.is_tensor(parent.value)
            if isinstance(parent, ast.AugAssign):
                return self._is_known(parent.value)
            if isinstance(parent, ast.For) and parent.target is binding:
                return self.is_tensor(parent.iter)
            return False
        finally:
            self.followed.discard(binding)

    def bindings(self, node: ast.Name | ast.Attribute) -> Iterator[ast.AST]:
        """Where the name is bound in its scope, or an attribute of that name anywhere."""
        if isinstance(node, ast.Attribute):
            for child in ast.walk(self.code.source.tree):
                if (
                    isinstance(child, ast.Attribute)
                    and child.attr == node.attr
                    and not isinstance(child.ctx, ast.Load)
                ):
                    yield child
            return
        scope = self.scope(node)
        for child in ast.walk(scope):
            if isinstance(child, ast.arg) and child.arg == node.id:
                if self.code.function(child) is scope:
                    yield child
            elif (
                isinstance(child, ast.Name)
                and child.id == node.id
                and not isinstance(child.ctx, ast.Load)
            ):
                yield child

    def scope(self, node: ast.Name) -> ast.AST:
        """The function or module whose name it is."""
        for parent in self.code.ancestors(node):
            if isinstance(parent, FunctionNode) and node.id in own_names(parent):
                return parent
        return self.code.source.tree

    # --- sharing ----------------------------------------------------------------------------------

    def is_fresh(self, node: ast.expr) -> bool:
        """Whether nothing else shares the memory of what ``node`` gives, were it an array."""
        if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Constant, ast.List)):
            return True
        if isinstance(node, ast.IfExp):
            return self.is_fresh(node.body) and self.is_fresh(node.orelse)
        if not isinstance(node, ast.Call):
            return False
        name = self.code.called(node) or ""
        last = name.rpartition(".")[2]
        if not name.startswith("tensorflow."):
            return False
        if last in _VIEWS:
            return bool(node.args) and self.is_fresh(node.args[0])
        return last in _COPIES

    def hands_on(self, load: ast.expr, name: str) -> bool:
        """Whether the place where the tensor ``name`` is read may keep it, or a part of it."""
        parent = self.code.parents[load]
        if isinstance(parent, ast.Subscript) and parent.value is load:
            if not isinstance(parent.ctx, ast.Load):
                return False
            return self.code.value(parent).shape != () and self.hands_on(parent, name)
        if isinstance(parent, (ast.BinOp, ast.UnaryOp)):
            return self.code.value(parent).kind is not Kind.TENSOR
        if isinstance(parent, ast.Attribute):
            return parent.attr not in _FACTS
        if isinstance(parent, ast.keyword):
            parent = self.code.parents[parent]
        if isinstance(parent, ast.Call):
            name = self.code.called(parent) or ""
            copies = name.startswith("tensorflow.") and name.rpartition(".")[2] in _COPIES
            return not (copies or name in _LOOKING)
        return not (isinstance(parent, _CONSUMING) or _stores_into(parent, name))


def _stores_into(node: ast.AST, name: str) -> bool:
    """``name[index] = value``, which copies the value."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AugAssign):
        targets = [node.target]
    return bool(targets) and all(
        isinstance(target, ast.Subscript)
        and isinstance(target.value, ast.Name)
        and target.value.id == name
        for target in targets
    )


def own_names(function: FunctionNode) -> set[str]:
    """Names that the function binds, its parameters among them."""
    declared = {
        name
        for child in ast.walk(function)
        if isinstance(child, (ast.Global, ast.Nonlocal))
        for name in child.names
    }
    arguments = {child.arg for child in ast.walk(function.args) if isinstance(child, ast.arg)}
    return (bound_names(function.body) | arguments) - declared
