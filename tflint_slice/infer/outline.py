"""What has to be known of a file's names before it is evaluated, gathered in one walk.

The evaluator follows one name at a time. Lists, dicts and ndarrays can change under another name,
in another function, or in code that is not in view; so of each name (or attribute) it is first
asked whether all its uses are of kinds that cannot let that happen.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from tflint_slice.infer.replacing import (
    SPECIAL,
    first_word,
    last_word,
    makes_class,
    mangled,
    sets_attribute,
    texts_in,
)
from tflint_slice.infer.scopes import bound_names
from tflint_slice.syntax.nodes import children, walk

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_NOTED = frozenset(
    {
        ast.Name, ast.Attribute, ast.Subscript, ast.keyword, ast.Global, ast.Nonlocal, ast.Yield,
        ast.YieldFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign,
        ast.NamedExpr, ast.Call,
    }
)  # fmt: skip
_REFLECTING = frozenset(
    {
        *((ast.Name, name) for name in ("setattr", "vars", "delattr")),
        *((ast.Attribute, name) for name in ("__dict__", "__setattr__")),
    }
)

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
_LIBRARIES = ("tensorflow", "numpy", "tf_keras", "keras")
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


@dataclass
class Outline:
    """Facts about names, all of them by identifier: ``x`` stands for ``self.x`` as well.

    ``foreign``: names of a scope that inner scopes rebind by ``global`` or ``nonlocal``.
    ``generators``: functions that yield. ``dynamic``: classes whose attributes may be bound under
    names that the text does not show; ``all_dynamic`` says that of every class.
    ``replaced``: what is bound from a string, as by ``mock.patch("module.name")``, or as a name
    of a library. ``stored``: attributes that statements bind.
    ``leaky``: what may be changed by code that does not name it. ``mutated``: what is changed in
    place. ``nested``: containers whose own containers may be changed. ``viewed``: what may be
    changed through a part of it, as an ndarray is through a view. ``reshaped`` says that some
    ndarray gets another shape in place.
    """

    foreign: dict[ast.AST, set[str]] = field(default_factory=dict)
    generators: set[ast.AST] = field(default_factory=set)
    dynamic: set[ast.AST] = field(default_factory=set)
    all_dynamic: bool = False
    replaced: set[str] = field(default_factory=set)
    stored: set[str] = field(default_factory=set)
    leaky: set[str] = field(default_factory=set)
    mutated: set[str] = field(default_factory=set)
    nested: set[str] = field(default_factory=set)
    viewed: set[str] = field(default_factory=set)
    reshaped: bool = False
    words: set[str] = field(default_factory=set)
    """The attributes and keywords that occur anywhere."""

    bound: dict[ast.AST, frozenset[str]] = field(default_factory=dict)
    plain: dict[ast.AST, bool] = field(default_factory=dict)
    """What was asked of functions already: see ``inlining.is_plain``."""

    bindings_within: bool = False
    """Whether any expression binds a name on its way."""

    def binds_within(self, node: ast.expr) -> bool:
        """Whether an expression binds a name itself, or a part of it does."""
        return self.bindings_within and any(isinstance(part, ast.NamedExpr) for part in walk(node))

    def names_bound_by(self, node: ast.AST) -> frozenset[str]:
        """The names that a statement, or the body of a function, binds in its scope."""
        names = self.bound.get(node)
        if names is None:
            own = node.body if isinstance(node, _DEFINITIONS) else [node]
            names = self.bound[node] = frozenset(bound_names(own))  # type: ignore[arg-type]
        return names

    def foreign_names(self, scope: ast.AST) -> frozenset[str]:
        return frozenset(self.foreign.get(scope, ()))


def outline(tree: ast.Module) -> Outline:
    return _Walk(tree).result


class _Walk:
    """One walk over a tree with the ancestors of each node at hand."""

    def __init__(self, tree: ast.Module) -> None:
        self.result = Outline()
        self.parents: dict[ast.AST, ast.AST] = {}
        self.libraries: dict[str, str] = {}
        self.loops: list[tuple[str, set[str]]] = []
        """Names, and the names under which their entries or parts are bound."""
        self.classes: dict[str, list[ast.ClassDef]] = {}
        self.patchers = {"patch"}
        """The names that ``mock.patch`` goes by."""
        self.bound: dict[ast.AST, set[str]] = {}
        stack: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(tree, (tree,))]
        nodes: list[tuple[ast.AST, tuple[ast.AST, ...]]] = []
        while stack:
            node, scopes = stack.pop()
            for child in children(node):
                self.parents[child] = node
                kind = child.__class__
                if kind is not ast.Constant:
                    stack.append((child, (*scopes, child) if kind in _SCOPES else scopes))
                    if kind in _NOTED:
                        nodes.append((child, scopes))
            if isinstance(node, ast.Import):
                self._library(node)
            elif isinstance(node, ast.ClassDef):
                self.classes.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.alias) and node.name == "patch" and node.asname:
                self.patchers.add(node.asname)
        for node, scopes in nodes:
            if isinstance(node, ast.Attribute):
                self.result.words.add(node.attr)
            self._note(node, scopes)
        self._follow_parts()

    def _follow_parts(self) -> None:
        """What changes under the name of a part changes the whole, and what that is part of."""
        result, before = self.result, -1
        while before != len(result.nested) + len(result.viewed):
            before = len(result.nested) + len(result.viewed)
            changed = result.leaky | result.mutated | result.nested | result.viewed
            for name, targets in self.loops:
                if targets & changed:
                    result.nested.add(name)
                    result.viewed.add(name)

    def _library(self, node: ast.Import) -> None:
        for alias in node.names:
            root = alias.name.split(".")[0]
            if root in _LIBRARIES:
                self.libraries[alias.asname or root] = root

    def _note(self, node: ast.AST, scopes: tuple[ast.AST, ...]) -> None:
        result = self.result
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            if _word(node) in _REFLECTING:
                self._note_reflection(node, scopes)
            if isinstance(node, ast.Attribute):
                self._note_attribute(node, scopes)
            elif isinstance(scopes[-1], ast.ClassDef):
                self._note_in_class(node, scopes[-1])
            name = identifier(node)
            if name is not None:
                self._use(node, name, scopes)
        elif isinstance(node, ast.keyword):
            if node.arg:
                result.words.add(node.arg)
        elif isinstance(node, ast.Global):
            result.foreign.setdefault(scopes[0], set()).update(node.names)
        elif isinstance(node, ast.Nonlocal):
            for scope in scopes[1:]:
                result.foreign.setdefault(scope, set()).update(node.names)
        elif isinstance(node, (ast.Yield, ast.YieldFrom)):
            result.generators.add(scopes[-1])
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if node.name in SPECIAL:
                result.dynamic.add(scopes[-1])
        elif isinstance(node, ast.ClassDef):
            if node.keywords:
                result.dynamic.add(node)
            self._note_class(node, scopes)
        elif isinstance(node, ast.Assign):
            if len(node.targets) > 1 and not isinstance(node.value, ast.Constant):
                # Every target is another name of the same object.
                self.result.leaky.update(*map(_bound_by, node.targets))
        elif isinstance(node, ast.NamedExpr):
            result.bindings_within = True
            if not self._only_reads(node, self.parents[node]):
                self.result.leaky.add(node.target.id)
        elif isinstance(node, ast.Call):
            self._note_call(node)

    def _note_class(self, node: ast.ClassDef, scopes: tuple[ast.AST, ...]) -> None:
        """``def make(base): class Made(base): ...`` may bind what any other class does."""
        functions = [scope for scope in scopes if isinstance(scope, _DEFINITIONS)]
        given = {
            arg.arg for each in functions for arg in walk(each.args) if isinstance(arg, ast.arg)
        }
        if given.isdisjoint(map(first_word, node.bases)):
            return
        others = (each for classes in self.classes.values() for each in classes if each is not node)
        self.result.replaced.update(_attributes(node) & set().union(*map(_attributes, others)))

    def _note_call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id == "getattr":
            self.result.leaky.update(map(_text, node.args[1:2]))
            for each in self.classes.get(_root(node.args[0]) if node.args else "", ()):
                self.result.dynamic.add(each)
        self._note_replacement(node)

    def _note_reflection(self, node: ast.expr, scopes: tuple[ast.AST, ...]) -> None:
        classes = [scope for scope in scopes if isinstance(scope, ast.ClassDef)]
        self.result.dynamic.update(classes)
        if not classes or not self._about_self(node):
            self.result.all_dynamic = True

    def _note_replacement(self, call: ast.Call) -> None:
        """``mock.patch("module.name")``, ``monkeypatch.setattr(thing, "name", x)`` and the like."""
        result, setting = self.result, sets_attribute(last_word(call.func))
        if makes_class(call):
            result.all_dynamic = True
        parts = (part for part in walk(call.func) if isinstance(part, (ast.Name, ast.Attribute)))
        if not setting and self.patchers.isdisjoint(map(last_word, parts)):
            return
        texts = texts_in(call)
        for name in texts:
            result.replaced.update((name, *mangled(name)))
        if setting and not texts and isinstance(call.func, ast.Attribute):
            result.all_dynamic = True

    def _note_attribute(self, node: ast.Attribute, scopes: tuple[ast.AST, ...]) -> None:
        result = self.result
        if not isinstance(node.ctx, ast.Load):
            result.stored.add(node.attr)
            result.replaced.update(mangled(node.attr))
            if _root(node) in self.libraries:
                result.replaced.add(node.attr)
            if node.attr in SPECIAL or node.attr == "__class__":
                result.all_dynamic = True
        elif node.attr in ("__set__", "__func__"):
            result.all_dynamic = True
        else:
            for each in self._classes_meant(node.value):
                if node.attr in own_methods(each) and not self._called_on_self(node, scopes):
                    # The method may be called on an object that is no instance of the class.
                    result.dynamic.add(each)

    def _note_in_class(self, node: ast.expr, owner: ast.ClassDef) -> None:
        """The name of a method in the body of its class, where it is a mere function."""
        if not isinstance(node, ast.Name):
            return
        parent = self.parents[node]
        is_getter = isinstance(parent, ast.Call) and last_word(parent.func) == "property"
        if node.id in SPECIAL or (
            isinstance(node.ctx, ast.Load) and node.id in own_methods(owner) and not is_getter
        ):
            self.result.dynamic.add(owner)

    def _classes_meant(self, node: ast.expr) -> list[ast.ClassDef]:
        """The classes that ``Name``, ``type(x)`` or ``x.__class__`` may be."""
        if isinstance(node, ast.Name):
            return self.classes.get(node.id, [])
        asked = isinstance(node, ast.Call) and last_word(node.func) == "type"
        if asked or (isinstance(node, ast.Attribute) and node.attr == "__class__"):
            return [each for classes in self.classes.values() for each in classes]
        return []

    def _called_on_self(self, node: ast.Attribute, scopes: tuple[ast.AST, ...]) -> bool:
        """``Base.method(self, ...)`` in a class derived from ``Base``."""
        call = self.parents[node]
        if not (isinstance(call, ast.Call) and call.func is node and call.args):
            return False
        names = {
            last_word(base)
            for scope in scopes
            if isinstance(scope, ast.ClassDef)
            for base in (ast.Name(scope.name), *scope.bases)
        }
        known = not isinstance(node.value, ast.Name) or node.value.id in names
        return _is_self(call.args[0]) and known

    def _about_self(self, node: ast.expr) -> bool:
        """``setattr(self, ...)``, ``self.__dict__``, ``super().__setattr__``."""
        if isinstance(node, ast.Attribute):
            return isinstance(node.value, ast.Call) or _is_self(node.value)
        call = self.parents[node]
        return isinstance(call, ast.Call) and bool(call.args) and _is_self(call.args[0])

    # --- uses of names ----------------------------------------------------------------------------

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
        numpy = self.libraries.get(_root(function)) == "numpy"
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
        return isinstance(function, ast.Attribute) and _root(function) in self.libraries

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


def _word(node: ast.Name | ast.Attribute | ast.Subscript) -> tuple[type[ast.expr], str]:
    if isinstance(node, ast.Name):
        return ast.Name, node.id
    return ast.Attribute, node.attr if isinstance(node, ast.Attribute) else ""


def identifier(node: ast.expr) -> str | None:
    """``x`` of ``x``, ``self.x``, ``x[0]`` and ``self.x[0][1]``."""
    while isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else None


def _bound_by(target: ast.expr) -> set[str]:
    """The names and attributes that a target binds, or changes an item of."""
    if isinstance(target, (ast.Tuple, ast.List)):
        return set().union(*map(_bound_by, target.elts))
    name = identifier(target.value if isinstance(target, ast.Starred) else target)
    return set() if name is None else {name}


def _root(node: ast.expr) -> str:
    """``np`` of ``np.random.choice``, or nothing."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _attributes(node: ast.ClassDef) -> set[str]:
    """What the objects of a class have, but for special methods."""
    stored = (each for each in walk(node) if isinstance(each, ast.Attribute))
    names = {
        each.attr for each in stored if not isinstance(each.ctx, ast.Load) and _is_self(each.value)
    }
    return names | {name for name in bound_names(node.body) if not name.startswith("__")}


def own_methods(node: ast.ClassDef) -> set[str]:
    """The methods that are given the object that they are called on."""
    return {
        each.name
        for each in node.body
        if isinstance(each, _DEFINITIONS)
        and not any(
            last_word(name) in ("staticmethod", "classmethod") for name in each.decorator_list
        )
    }


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _targets(node: ast.expr) -> set[str]:
    return {child.id for child in walk(node) if isinstance(child, ast.Name)}


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"
