"""TFS106: a name or attribute that holds a variable is bound to a tensor computed from it.

The variable keeps its old content, and the name no longer means it. Attributes are found by any
arithmetic on them, names by a scatter alone: a name is often bound to a tensor on purpose.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import replace

from tflint_slice.idioms.bindings import (
    Binding,
    attributes,
    creation,
    is_left_alone,
    is_lost,
    is_made_here,
    is_reshaped,
    terms,
)
from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, same
from tflint_slice.idioms.graphs import builds_graphs
from tflint_slice.idioms.scatter_calls import ScatterCall, scatter_call
from tflint_slice.idioms.scatter_results import against_mending, hindrance, in_place, method_of
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.infer.rebinding import is_arithmetic_of, rebinds_silently
from tflint_slice.model import Edit, Effect, Kind, Misuse, Reason, Rule, Span
from tflint_slice.syntax.nodes import nodes_of

RULE = Rule("TFS106", "variable-rebound", "a name of a variable bound to a tensor made from it")
RULES = (RULE,)
_BIND = "{{v}} = tf.tensor_scatter_nd_{}({{v}}, {{rows}}, {{updates}})".format
_NO_SUMS = ("bool", "string")
SPELLINGS = {
    RULE.code: (
        Spelling("update", _BIND("update"), Breadth.VALUES, "list"),
        Spelling("add", _BIND("add"), Breadth.VALUES, "list", lacks=_NO_SUMS),
        Spelling(
            "name",
            "w = tf.Variable({v})\nw = tf.tensor_scatter_nd_update(w, [[2]], [2.0])\n{v}.assign(w)",
        ),
        Spelling("sum", "{v} = {v} + 2.0", Breadth.FULL),
        Spelling("product", "{v} = 2.0 * {v}", Breadth.FULL),
        Spelling("mean", "{v} = 0.75 * {v} + 0.25 * tf.ones([5])", Breadth.FULL),
        Spelling("floor-divide", "{v} //= 2.0", Breadth.FULL),
        Spelling("modulo", "{v} %= 2.0", Breadth.FULL),
        Spelling("augmented", "{v} += 2.0", Breadth.FULL),
    )
}

# What rules of their own find in an ``assign``.
_DENSE_UPDATES = frozenset(
    {"scatter_nd", "one_hot", "pad", "to_dense", "where", "concat", "IndexedSlices"}
)
_FLOATS = frozenset({"float32", "float64"})
_SIGN = re.compile(r"[ \t]*(?:\+|-|\*\*?|//?|%)?=[ \t]*(?:\\\r?\n[ \t]*)?")
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
}


def find(code: Code) -> Iterator[Candidate]:
    nodes = nodes_of(code.source.tree)
    found = [
        *(_assignment(code, each, each.targets[0]) for each in nodes.of(ast.Assign)),
        *(_augmented(code, each) for each in nodes.of(ast.AugAssign)),
    ]
    for candidate in found:
        if candidate is not None and not builds_graphs(code):
            yield candidate


def _assignment(code: Code, node: ast.Assign, target: ast.expr) -> Candidate | None:
    if len(node.targets) > 1:
        return None
    call = scatter_call(code, node.value)
    if call is not None and call.tensor is not None and same(call.tensor, target):
        if not code.value(call.tensor).kind.is_variable:
            return None
        if isinstance(target, ast.Attribute) and is_lost(code, node, target):
            return _scatter(code, node, call, against_mending(code, call))
        if isinstance(target, ast.Name) and is_made_here(code, node, target):
            refusal = None if is_left_alone(code, node, target) else Reason.NO_REWRITE
            return _scatter(code, node, call, against_mending(code, call) or refusal)
        return None
    if not isinstance(target, ast.Attribute) or not is_arithmetic_of(target, node.value):
        return None
    loads = [child for child in attributes(node.value) if same(child, target)]
    if not all(code.value(load).kind.is_variable for load in loads):
        return None
    if not is_lost(code, node, target) or is_reshaped(code, target, node.value):
        return None
    return _arithmetic(code, node, target, node.value, loads[0])


def _augmented(code: Code, node: ast.AugAssign) -> Candidate | None:
    target = node.target
    if not isinstance(target, ast.Attribute):
        return None
    if not rebinds_silently(node.op, code.value(target).kind) or not is_lost(code, node, target):
        return None
    if is_reshaped(code, target, node.value):
        return None
    load = ast.copy_location(ast.Attribute(target.value, target.attr, ast.Load()), target)
    value = ast.copy_location(ast.BinOp(load, node.op, node.value), node)
    return _arithmetic(code, node, target, value, target)


# --- what to write instead -----------------------------------------------------------------------


def _scatter(code: Code, node: ast.Assign, call: ScatterCall, refusal: Reason | None) -> Candidate:
    assert call.tensor is not None
    kind = code.value(call.tensor).kind
    edits: tuple[Edit, ...] = ()
    correction = f"Use `{method_of(call)}` in place"
    if kind is Kind.SOME_VARIABLE:
        refusal = refusal or Reason.VARIABLE_CLASS
    if refusal is None and kind is Kind.KERAS3_VARIABLE:
        edits, correction = _assigned(code, node, node.targets[0]), "Assign the result"
        refusal = None if edits else Reason.NO_REWRITE
    elif refusal is None:
        edits = (Edit(code.source.span(node), in_place(code, call)),)
    reference = f"{ast.unparse(call.tensor)}[...] = {ast.unparse(node.value)}"
    variable = code.operand(call.tensor)
    found = Misuse(variable, Effect.REBINDS, code.source.span(node), edits, reference, correction)
    return _candidate(node, found, hindrance(variable), refusal)


def _arithmetic(
    code: Code, node: Binding, target: ast.Attribute, value: ast.expr, load: ast.Attribute
) -> Candidate:
    edits = _assigned(code, node, target)
    made = creation(code, target)
    divides = any(isinstance(part, ast.Div) for part in ast.walk(value))
    refusal = None if edits else Reason.NO_REWRITE
    if divides and "float" not in (made.dtype or "float"):
        refusal = Reason.DTYPE_CAST
    elif any(_is_dense_update(code, part) for part in ast.walk(value)):
        refusal = Reason.NO_REWRITE
    # After the fix it is always of the shape and dtype that it was made with.
    variable = replace(code.operand(load), dtype=made.dtype, shape=made.shape)
    found = Misuse(
        variable,
        Effect.REBINDS,
        code.source.span(node),
        edits,
        _reference(code, target, value),
        "Assign the result",
    )
    return _candidate(node, found, Reason.CHANGES_MEANING, refusal)


def _candidate(
    node: Binding, found: Misuse, hindrance: Reason, refusal: Reason | None
) -> Candidate:
    name = " ".join(found.target.text.split())
    return Candidate(
        RULE,
        node,
        found,
        f"`{name}` is bound to a tensor, and no longer means its variable",
        hindrance=hindrance,
        refusal=refusal,
    )


def _computes_alike(code: Code, target: ast.Attribute, value: ast.expr) -> bool:
    """Whether TensorFlow computes what the code does.

    NumPy has other rules for dtypes where unknown terms meet, and Keras has for its variables.
    """
    variable = creation(code, target)
    for part in ast.walk(value):
        if not isinstance(part, ast.BinOp):
            continue
        given = [code.value(term) for term in terms(part) if not same(term, target)]
        if sum(term.kind is Kind.UNKNOWN for term in given) > 1:
            return False
        if variable.kind is Kind.KERAS3_VARIABLE and not all(
            term.kind in (Kind.INT, Kind.FLOAT) or (term.is_array and term.dtype == variable.dtype)
            for term in given
        ):
            return False
    return variable.kind is not Kind.KERAS3_VARIABLE or variable.dtype in _FLOATS


def _is_dense_update(code: Code, node: ast.AST) -> bool:
    name = code.called(node)
    return name is not None and name.rpartition(".")[2] in _DENSE_UPDATES


def _assigned(code: Code, node: Binding, target: ast.expr) -> tuple[Edit, ...]:
    """``target = value`` and ``target op= value`` as ``target.assign(...)``."""
    if any(
        isinstance(part, (ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await))
        for part in ast.walk(node.value)
    ):
        return ()
    source = code.source
    text, whole = source.text, source.span(node)
    start = source.span(target).end
    sign = _SIGN.match(text, start)
    if sign is None or "\n" in source.segment(target) or "\f" in source.segment(node):
        return ()
    value, inner = text[sign.end() : whole.end], source.span(node.value)
    enclosed = sign.end() < inner.start and inner.end < whole.end
    if isinstance(node, ast.Assign):
        content = value if enclosed else f"({value})"
    else:
        atom = isinstance(node.value, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
        bare = enclosed or atom or isinstance(node.value, ast.Constant)
        operand = value if bare else f"({value})"
        content = f"({source.segment(target)} {_OPERATORS[type(node.op)]} {operand})"
    return (Edit(Span(start, whole.end), f".assign{content}"),)


def _reference(code: Code, target: ast.Attribute, value: ast.expr) -> str | None:
    """What the variable is to hold, computed as TensorFlow does: NumPy divides differently.

    It has to be of the variable's shape, which NumPy would otherwise broadcast it to.
    """
    imported = [name for name, known in code.facts.modules.items() if known.name == "tensorflow"]
    tensorflow = imported[0] if imported else None
    if tensorflow is None or not _computes_alike(code, target, value):
        return None

    class Converted(ast.NodeTransformer):
        def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
            if same(node, target):
                return ast.parse(
                    f"{tensorflow}.convert_to_tensor({ast.unparse(node)})", mode="eval"
                ).body
            self.generic_visit(node)
            return node

    name = ast.unparse(target)
    computed = ast.unparse(Converted().visit(copy.deepcopy(value)))
    return f"{name}[...] = {tensorflow}.ensure_shape({computed}, {name}.shape)"
