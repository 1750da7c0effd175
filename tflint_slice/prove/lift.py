"""Turns the statements of a site into functions over the same inputs, one for each side.

The original ``self.table[k].assign(tf.tensor_scatter_nd_update(self.table[k], rows, next(it)))``
becomes ``self_table_k.assign(tf.tensor_scatter_nd_update(self_table_k, rows, next_call()))`` with
the parameters ``self_table_k`` and ``rows`` and the hole ``next_call``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from tflint_slice.model import Kind, Operand, Site
from tflint_slice.prove import pure
from tflint_slice.prove.expressions import Expressions
from tflint_slice.prove.inputs import Hole, Input, Inputs
from tflint_slice.prove.places import Places, Unliftable
from tflint_slice.prove.statements import LAST, RETURNED, Side, Statements


@dataclass(frozen=True)
class Lifted:
    """A site, ready to be run. The first of ``inputs`` is the target.

    ``outputs`` are what to compare besides the target: a label, and the names that hold it in the
    original and in the fixed function. ``failing`` is what the code says today, if it always
    raises; ``original`` then is a reference in NumPy's terms.
    """

    original: Side
    fixed: Side
    failing: Side | None
    inputs: tuple[Input, ...]
    holes: tuple[Hole, ...]
    outputs: tuple[tuple[str, str, str], ...]
    modules: tuple[tuple[str, str], ...]

    @property
    def by_reference(self) -> bool:
        return self.failing is not None

    @property
    def target(self) -> Input:
        return self.inputs[0]

    @property
    def branches(self) -> bool:
        """Whether ``tf.function`` has control flow to convert."""
        return self.original.branches or self.fixed.branches

    def source(self, side: Side, name: str) -> str:
        """The text of one of the functions, which answers with a list of its outputs."""
        parameters = [item.name for item in self.inputs]
        held = [fixed if side is self.fixed else first for _, first, fixed in self.outputs]
        held = [] if side is self.failing else held
        lines = [f"def {name}({', '.join(parameters)}):"]
        unset = sorted(side.unsure.intersection(held).difference(parameters))
        lines += [f"    {output} = None" for output in unset]
        for statement in side.statements:
            lines += [f"    {line}" for line in statement.splitlines()]
        lines.append(f"    return [{', '.join(held)}]")
        return "\n".join(lines) + "\n"


def lift(site: Site) -> Lifted:
    """Lift both sides of ``site``; raises ``Unliftable`` with the reason where that cannot be."""
    target = ast.unparse(ast.parse(f"({site.target})", mode="eval"))
    facts = {_normal(text): operand for text, operand in site.facts}
    trees = [_parse(site.before), _parse(site.after)]
    reference = site.reference
    if reference is None and _stores_items(trees[0], target, facts):
        reference = site.before
    is_same = ast.dump(trees[0]) == ast.dump(trees[1])
    around = [_around(tree, target) for tree in trees]
    alike = reference is not None and around[0] == around[1]
    if reference is not None:
        fix = _value_only(trees[1], target) if alike else trees[1]
        trees = [_parse(reference), trees[0], fix]
    taken = {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}
    taken |= {name for name, _ in site.modules} | {RETURNED, LAST}
    inputs = Inputs(facts, target, taken)
    alone = {text for tree in trees for text in _standing_alone(tree)}
    shared = set.intersection(*(_calls(tree) for tree in trees))
    sides = []
    for number, tree in enumerate(trees):
        places = Places(facts, target, dict(site.modules), alone)
        plain = number == 0 and reference is not None
        expressions = Expressions(inputs, places, shared, plain=plain)
        sides.append(Statements(expressions).side(tree.body))
    original, *failing, fixed = sides
    parameters = tuple(inputs.inputs.values())
    kept = {item.name for item in parameters} & (original.stored | fixed.stored)
    if failing and not alike and parameters[0].fact.kind is Kind.TENSOR and failing[0].writes:
        # A tensor cannot be changed: what the reference leaves in its array is due in the name.
        kept.add(parameters[0].name)
    if reference is None and RETURNED in original.stored ^ fixed.stored:
        raise Unliftable("one side returns and the other does not")
    both = sorted((kept | (original.stored & fixed.stored)) - {LAST, *site.dead})
    outputs = [(name, name, name) for name in both]
    today = failing[0] if failing else original
    if failing and is_same and today.last == LAST and not today.writes:
        # A value that nobody keeps is right, and comes to nothing.
        raise Unliftable("the fix changes nothing")
    if not alike:
        # What the fix no longer binds is lost to the code behind it.
        own = {parameters[0].name} if failing else set[str]()
        lost = sorted(today.stored - fixed.stored - kept - own - {LAST, RETURNED, *site.dead})
        held = parameters[0].name if failing else ""
        outputs += [(name, held or name, "None") for name in lost]
    by_value = failing and _is_compared_by_value(today, fixed, parameters[0].name)
    if by_value and fixed.last and fixed.last not in both:
        # What the mended expression computes is what the reference leaves in its array.
        held = LAST if original.last == LAST else parameters[0].name
        outputs.append((LAST, held, fixed.last))
    return Lifted(
        original,
        fixed,
        failing[0] if failing else None,
        parameters,
        tuple(inputs.holes.values()),
        tuple(outputs),
        site.modules,
    )


# --- looking at the original texts ----------------------------------------------------------------


def _parse(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise Unliftable(f"not Python: {error.msg}") from error


def _normal(text: str) -> str:
    try:
        return ast.unparse(ast.parse(text, mode="eval"))
    except SyntaxError:
        return text


def _stores_items(tree: ast.AST, target: str, facts: dict[str, Operand]) -> bool:
    """Whether items of a variable are assigned to, which always raises."""
    kind = facts[target].kind if target in facts else Kind.VARIABLE
    return kind.is_variable and any(
        isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Store)
        and ast.unparse(node.value) == target
        for node in ast.walk(tree)
    )


def _is_compared_by_value(today: Side, fixed: Side, target: str) -> bool:
    """Whether a fix of code that does not do what it says is about a value, not about the target.

    The value of a bare expression is lost: there the fix may be to write the target instead.
    """
    if today.last == LAST:
        return not today.writes and not fixed.writes and fixed.last in (LAST, target)
    return not today.writes


def _scatters(tree: ast.AST, target: str) -> list[ast.Call]:
    """The functional scatters of the target."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2].startswith("tensor_scatter_nd_")
        and target in map(ast.unparse, [*node.args[:1], *(word.value for word in node.keywords)])
    ]


def _around(tree: ast.AST, target: str) -> str:
    """The statements without the one functional scatter of the target in them."""
    scatters = _scatters(tree, target)
    text = ast.unparse(tree)
    return text.replace(ast.unparse(scatters[0]), "") if len(scatters) == 1 else text


def _value_only(tree: ast.Module, target: str) -> ast.Module:
    """The functional scatter of the target alone, if the statement only uses its value.

    The reference says what the scatter gives, not what the rest of the statement makes of it.
    """
    scatters = _scatters(tree, target)
    writes = any(
        isinstance(node, ast.Attribute) and node.attr in pure.WRITING_METHODS
        for node in ast.walk(tree)
    )
    if len(scatters) != 1 or writes:
        return tree
    return ast.Module([ast.Expr(scatters[0])], [])


def _standing_alone(tree: ast.AST) -> Iterable[str]:
    """Names and dotted names that stand somewhere with nothing taken out of them."""
    inner = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Attribute, ast.Subscript))
    }
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)) and id(node) not in inner:
            yield ast.unparse(node)


def _calls(tree: ast.AST) -> set[str]:
    return {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Call)}
