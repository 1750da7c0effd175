"""The uses of names: which of them may let a list, a dict or an ndarray change out of view."""

from __future__ import annotations

import ast

from tflint_slice.infer.outline import Outline, identifier
from tflint_slice.infer.scopes import bound_names
from tflint_slice.infer.surroundings import Surroundings, root
from tflint_slice.syntax.nodes import walk

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)

# Methods that neither change their receiver nor hand out a part of it that can be changed.
_READING = frozenset(
    {
        "index", "count", "copy", "get", "items", "keys", "values", "tolist", "astype", "sum",
        "mean", "min", "max", "any", "all", "item", "numpy", "argmax", "argmin", "nonzero",
    }
)  # fmt: skip
_PLAIN_ATTRIBUTES = frozenset({"shape", "dtype", "ndim", "size"})
# Methods that change their receiver. Only some of them hand out what was in it.
_CHANGING = frozenset({"append", "extend", "insert", "update", "clear", "remove"})
_TAKING = frozenset({"pop", "popitem", "setdefault"})
_HARMLESS = frozenset(
    {
        "len", "enumerate", "zip", "sorted", "reversed", "print", "isinstance", "list", "tuple",
        "sum", "min", "max", "any", "all", "range", "int", "float", "bool", "str", "repr", "set",
    }
)  # fmt: skip
# What hands on the very entries of an argument, or NumPy's views of it.
_PASSING = frozenset(
    {"enumerate", "zip", "sorted", "reversed", "list", "tuple", "set", "min", "max"}
)
_VIEWING = frozenset(
    {
        "asarray", "asanyarray", "ascontiguousarray", "asfortranarray", "array", "require",
        "reshape", "ravel", "squeeze", "expand_dims", "transpose", "permute_dims", "swapaxes",
        "moveaxis", "rollaxis", "flip", "flipud", "fliplr", "rot90", "diagonal", "diag", "split",
        "array_split", "hsplit", "vsplit", "dsplit", "atleast_1d", "atleast_2d", "atleast_3d",
        "broadcast_to", "broadcast_arrays", "real", "imag", "nan_to_num", "nditer", "frombuffer",
    }
)  # fmt: skip
# NumPy's functions that write to an argument.
_WRITING = frozenset({"put", "copyto", "place", "putmask", "fill_diagonal", "at", "shuffle"})


class Uses:
    """Sorts the names of a file by what may happen to what they hold."""

    def __init__(self, around: Surroundings, result: Outline) -> None:
        self.result = result
        self.parents = around.parents
        self.libraries = around.libraries
        self.loops: list[tuple[str, set[str]]] = []
        """Names, and the names under which their entries or parts are bound."""
        self.bound: dict[ast.AST, set[str]] = {}

    def note(self, node: ast.expr, scopes: tuple[ast.AST, ...]) -> None:
        name = identifier(node)
        if name is not None:
            self._use(node, name, scopes)

    def note_assign(self, node: ast.Assign) -> None:
        if len(node.targets) > 1 and not isinstance(node.value, ast.Constant):
            # Every target is another name of the same object.
            self.result.leaky.update(*map(_bound_by, node.targets))

    def note_walrus(self, node: ast.NamedExpr) -> None:
        if not self._only_reads(node, self.parents[node]):
            self.result.leaky.add(node.target.id)

    def follow_parts(self) -> None:
        """What changes under the name of a part changes the whole, and what that is part of."""
        result, before = self.result, -1
        while before != len(result.nested) + len(result.viewed):
            before = len(result.nested) + len(result.viewed)
            changed = result.leaky | result.mutated | result.nested | result.viewed
            for name, targets in self.loops:
                if targets & changed:
                    result.nested.add(name)
                    result.viewed.add(name)

    def _use(self, node: ast.expr, name: str, scopes: tuple[ast.AST, ...]) -> None:
        """Sort one occurrence of ``name``, or of an item of it, into the sets."""
        parent = self.parents[node]
        item = isinstance(node, ast.Subscript)
        if not isinstance(getattr(node, "ctx", None), ast.Load):
            if item or isinstance(parent, ast.AugAssign):
                self._changed(node, name, scopes)
            return
        whole = node
        while (outer := self._passed_on_by(node, node is not whole)) is not None:
            node, item, parent = outer, True, self.parents[outer]
            if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                self._handed_out(name, item)
                return
        if isinstance(parent, ast.Attribute):
            self._use_of_attribute(parent, name, item, scopes)
        elif isinstance(parent, (ast.For, ast.AsyncFor, ast.comprehension)):
            if parent.iter is node:
                self.loops.append((name, _targets(parent.target)))
        elif isinstance(parent, ast.BinOp):
            # A sum of lists shares what is in them.
            self.result.nested.add(name)
        elif item and isinstance(parent, ast.Assign):
            self.result.nested.add(name)
            self.loops.append((name, set().union(*map(_bound_by, parent.targets))))
        elif not self._only_reads(node, parent):
            self._handed_out(name, item)

    def _handed_out(self, name: str, item: bool) -> None:
        """The name, or an item of it, goes where it may be changed."""
        if item:
            self.result.nested.add(name)
            self.result.viewed.add(name)
        else:
            self.result.leaky.add(name)

    def _passed_on_by(self, node: ast.expr, part: bool) -> ast.expr | None:
        """The ``enumerate(node)``, ``np.reshape(node, ...)`` or the like around a node."""
        parent = self.parents[node]
        if part and isinstance(parent, ast.Subscript) and parent.value is node:
            return parent
        call = self.parents[parent] if isinstance(parent, ast.keyword) else parent
        if not isinstance(call, ast.Call) or call.func is node or not self._harmless(call):
            return None
        function = call.func
        if isinstance(function, ast.Name):
            return call if function.id in _PASSING else None
        assert isinstance(function, ast.Attribute)
        numpy = self.libraries.get(root(function)) == "numpy"
        return call if numpy and function.attr in _VIEWING else None

    def _changed(self, node: ast.expr, name: str, scopes: tuple[ast.AST, ...]) -> None:
        depth = 0
        while isinstance(node, ast.Subscript):
            node, depth = node.value, depth + 1
        if depth > 1:
            self.result.nested.add(name)
        self.result.mutated.add(name)
        if isinstance(node, ast.Name) and not self._owns(scopes[-1], name):
            self.result.leaky.add(name)

    def _use_of_attribute(
        self, attribute: ast.Attribute, name: str, item: bool, scopes: tuple[ast.AST, ...]
    ) -> None:
        call = self.parents[attribute]
        called = isinstance(call, ast.Call) and call.func is attribute
        if isinstance(attribute.ctx, ast.Store) and attribute.attr == "shape":
            self.result.reshaped = True
        if attribute.attr == "resize":
            self.result.reshaped = True
        statement = called and isinstance(self.parents[call], ast.Expr)
        if called and (attribute.attr in _TAKING or (statement and attribute.attr in _CHANGING)):
            self.result.mutated.add(name)
            if not statement:
                self._handed_out(name, item=True)
            # The evaluator looks for the owners of an attribute, and so sees every change of it.
            seen = isinstance(attribute.value, ast.Attribute) or self._owns(scopes[-1], name)
            seen = seen and not self._is_comprehended(call)
            if item or not seen:
                self._handed_out(name, item)
        elif called and attribute.attr in _READING:
            if attribute.attr in ("get", "items", "values", "copy"):
                self.result.nested.add(name)
        elif not (attribute.attr in _PLAIN_ATTRIBUTES and isinstance(attribute.ctx, ast.Load)):
            self._handed_out(name, item)

    def _is_comprehended(self, node: ast.AST) -> bool:
        """Whether a comprehension may evaluate the expression any number of times."""
        while isinstance(node, (ast.expr, ast.keyword, ast.comprehension)):
            if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
                return True
            node = self.parents[node]
        return False

    def _only_reads(self, node: ast.expr, parent: ast.AST) -> bool:
        if isinstance(parent, ast.keyword):
            call = self.parents[parent]
            return parent.arg != "out" and isinstance(call, ast.Call) and self._harmless(call)
        if isinstance(parent, ast.Call):
            return node is not parent.func and self._harmless(parent)
        if isinstance(parent, ast.Tuple):
            # ``v[rows, 0]``
            outer = self.parents[parent]
            return isinstance(outer, ast.Subscript) and outer.slice is parent
        if isinstance(parent, (ast.If, ast.While, ast.IfExp)):
            return parent.test is node
        return isinstance(
            parent,
            (
                ast.Subscript, ast.Slice, ast.UnaryOp, ast.Compare, ast.Expr, ast.Assert,
                ast.FormattedValue,
            ),
        )  # fmt: skip

    def _harmless(self, call: ast.Call) -> bool:
        """Whether a function only looks at its arguments."""
        function = call.func
        if isinstance(function, ast.Attribute) and function.attr in _WRITING:
            return False
        if any(word.arg in ("out", "key", None) for word in call.keywords):
            return False
        if isinstance(function, ast.Name) and function.id in _HARMLESS:
            return True
        return isinstance(function, ast.Attribute) and root(function) in self.libraries

    def _owns(self, scope: ast.AST, name: str) -> bool:
        """Whether ``name`` is a local of the scope, so that its uses there come in order."""
        if isinstance(scope, ast.Module):
            return True
        if scope not in self.bound:
            names: set[str] = set()
            if isinstance(scope, _DEFINITIONS):
                names |= self.result.names_bound_by(scope)
            if isinstance(scope, _FUNCTIONS):
                names |= {arg.arg for arg in walk(scope.args) if isinstance(arg, ast.arg)}
            if isinstance(scope, ast.ClassDef):
                names |= bound_names(scope.body)
            self.bound[scope] = names
        return name in self.bound[scope]


def _bound_by(target: ast.expr) -> set[str]:
    """The names and attributes that a target binds, or changes an item of."""
    if isinstance(target, (ast.Tuple, ast.List)):
        return set().union(*map(_bound_by, target.elts))
    name = identifier(target.value if isinstance(target, ast.Starred) else target)
    return set() if name is None else {name}


def _targets(node: ast.expr) -> set[str]:
    return {child.id for child in walk(node) if isinstance(child, ast.Name)}
