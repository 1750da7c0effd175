"""New code out of pieces of the user's own, with their layout, comments and parentheses.

This is the one place that asks for libcst: ``ast`` says where things are and what they mean, but
only a concrete tree can take an argument out of a call and leave the rest as it was typed.
"""

from __future__ import annotations

import libcst as cst
from libcst.helpers import parse_template_expression


def expression(template: str, **pieces: str) -> str:
    """Fill the ``{names}`` of ``template`` with expressions, each in parentheses if it needs them.

    ``v``, ``slot`` and ``term`` stand beside operators and dots, where only an atom may stand;
    all other pieces stand between commas.
    """
    nodes = {
        name: _atom(text) if name in _TIGHT else _argument(text) for name, text in pieces.items()
    }
    return _code(parse_template_expression(template, cst.PartialParserConfig(), **nodes))


def binds_tighter(text: str) -> bool:
    """Whether an expression needs no parentheses beside ``+`` and ``-``: a product, say."""
    node = _parse(text)
    factors = (cst.Multiply, cst.Divide, cst.FloorDivide, cst.Modulo, cst.MatrixMultiply, cst.Power)
    return isinstance(node, cst.BinaryOperation) and isinstance(node.operator, factors)


def retarget(call: str, function: str, dropped: str) -> str:
    """``call`` with another function and without its parameter ``dropped``, the first one.

    The parameter is taken out by keyword, or else as the first argument.
    """
    node = _parse(call)
    assert isinstance(node, cst.Call)
    words = [arg.keyword.value if arg.keyword else None for arg in node.args]
    position = words.index(dropped) if dropped in words else 0
    kept = [arg for number, arg in enumerate(node.args) if number != position]
    if position == len(node.args) - 1 and kept:
        # The last argument carries how the call ends: a trailing comma, or none.
        kept[-1] = kept[-1].with_changes(
            comma=node.args[-1].comma, whitespace_after_arg=node.args[-1].whitespace_after_arg
        )
    return _code(node.with_changes(func=_atom(function), args=kept))


def with_first(call: str, function: str, first: str) -> str:
    """``call`` with another function and one more argument, in front of the others."""
    node = _parse(call)
    assert isinstance(node, cst.Call)
    before = node.whitespace_before_args
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    if isinstance(before, cst.ParenthesizedWhitespace) and "#" not in _code(before):
        # Each argument has a line for itself.
        comma = cst.Comma(whitespace_after=before)
    added = cst.Arg(_argument(first), comma=comma)
    return _code(node.with_changes(func=_atom(function), args=[added, *node.args]))


def _parse(text: str) -> cst.BaseExpression:
    """Parse an expression that may run over lines."""
    if "\n" in text or "\r" in text:
        node = cst.parse_expression(f"({text})")
        # The parentheses make the lines one; they stay only where nothing else does that.
        bracketed = isinstance(node, _ATOMS) and not isinstance(node, (cst.Name, cst.Attribute))
        return node.with_changes(lpar=(), rpar=()) if bracketed else node
    return cst.parse_expression(text)


_TIGHT = frozenset({"v", "slot", "term"})
_ATOMS = (
    cst.Name,
    cst.Attribute,
    cst.Subscript,
    cst.Call,
    cst.List,
    cst.Dict,
    cst.SimpleString,
    cst.Float,
    cst.Integer,
    cst.ListComp,
)
_LOOSE = (cst.Tuple, cst.GeneratorExp, cst.NamedExpr, cst.Yield, cst.Lambda)


def _atom(text: str) -> cst.BaseExpression:
    node = _parse(text)
    return node if isinstance(node, _ATOMS) or node.lpar else _parenthesised(node)


def _argument(text: str) -> cst.BaseExpression:
    node = _parse(text)
    return _parenthesised(node) if isinstance(node, _LOOSE) and not node.lpar else node


def _parenthesised(node: cst.BaseExpression) -> cst.BaseExpression:
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)
