"""Whether some file of a project makes something else of what facts and new code rest on.

``tf.Variable = Mine`` counts wherever it stands, for it holds in every file. So do switches such
as ``enable_numpy_behavior``, which gives tensors NumPy's dtypes. What ``mock.patch`` replaces comes
back.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

from tflint_slice.infer.project import sources
from tflint_slice.infer.reliance import ANYTHING, asked, remembered, seen
from tflint_slice.infer.replacing import first_word
from tflint_slice.syntax.nodes import walk
from tflint_slice.timing import Stage, timed

_NAMES: Final = (
    rb"Variable|constant|convert_to_tensor|fill|zeros(?:_like)?|ones(?:_like)?|full(?:_like)?|array"
    rb"|asarray|arange|range|reshape|concat|stack|unstack|cast|where|one_hot|numpy"
    rb"|assign(?:_add|_sub)?|(?:batch_|tensor_)?scatter_\w+|[gs]et_(?:value|weights)"
    rb"|__[gs]etitem__|add_(?:weight|variable)|get_variable"
)
# One pattern for both takes five times as long.
_BINDING: Final = re.compile(rb"\.(?:%b)[ \t]*=(?!=)" % _NAMES)
_SETTING: Final = re.compile(rb"setattr\(\s*[\w.]+\s*,\s*[\"'](?:%b)[\"']" % _NAMES)
SWITCHING: Final = (
    # Gives `1 + 1.5` a dtype; makes of `tf.Variable` something else; makes reading a NaN an error.
    r"enable_numpy_behavior|variable_creator_scope|enable_check_numerics"
    # Makes an overflow in NumPy an error, or a call.
    r"|\b(?:seterr|errstate)\([^)]*\b(?:raise|call)\b"
)
"""What makes TensorFlow or NumPy do otherwise in a whole process."""
_SWITCHING: Final = re.compile(SWITCHING.encode())
_NAME: Final = re.compile(_NAMES.decode())
_USUAL: Final = frozenset({"tf", "np"})
"""What libraries are called, also where a module of the project hands them on."""

QUESTION: Final = "libraries"


@timed(Stage.OTHERS)
@remembered(64)
def replaces_libraries(root: Path) -> bool:
    """Whether a file below ``root`` binds a name of TensorFlow, Keras or NumPy that matters."""
    for path, held in sources(root):
        if held is None:
            asked(*ANYTHING)
            return True
        if may_replace(held) and _replaces(path, held):
            seen(path, present=True)
            return True
    asked(QUESTION)
    return False


def may_replace(held: bytes) -> bool:
    """Whether a file that holds these bytes may do so."""
    return any(pattern.search(held) for pattern in (_BINDING, _SETTING, _SWITCHING))


def _replaces(path: str, held: bytes) -> bool:
    from tflint_slice.files.reading import UnreadableError, decode
    from tflint_slice.syntax.source import parse_tree

    if _SWITCHING.search(held):
        return True
    try:
        tree = parse_tree(decode(held).text, path)
    except (UnreadableError, SyntaxError):
        return False
    foreign = _USUAL | names_of_libraries(tree)
    return any(first_word(owner) in foreign for node in walk(tree) for owner in _changed(node))


def names_of_libraries(tree: ast.Module) -> frozenset[str]:
    """The names under which a file imports libraries, and what it imports from them."""
    return frozenset(name for node in walk(tree) for name in _libraries(node))


def _libraries(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [
            alias.asname or alias.name.partition(".")[0]
            for alias in node.names
            if _is_library(alias.name)
        ]
    if isinstance(node, ast.ImportFrom) and not node.level and _is_library(node.module or ""):
        return [alias.asname or alias.name for alias in node.names]
    return []


def _is_library(module: str) -> bool:
    return module.partition(".")[0] in _ROOTS


_ROOTS: Final = ("tensorflow", "keras", "tf_keras", "numpy")


def _changed(node: ast.AST) -> list[ast.expr]:
    """What a node binds an attribute of that matters."""
    if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
        return [node.value] if _NAME.fullmatch(node.attr) else []
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) > 1:
        owner, name = node.args[:2]
        text = name.value if isinstance(name, ast.Constant) else None
        setting = node.func.id == "setattr"
        return [owner] if setting and isinstance(text, str) and _NAME.fullmatch(text) else []
    return []
