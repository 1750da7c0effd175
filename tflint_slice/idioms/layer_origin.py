"""Whether an expression is a layer or model of Keras, as far as the file shows it.

Inference knows the objects of some classes of Keras. Other names are followed to what they are
bound to: each binding has to be a layer, and there has to be one.
"""

from __future__ import annotations

import ast
import re

from tflint_slice.idioms.code import Code, is_literal, is_path
from tflint_slice.idioms.tensor_origin import Origins
from tflint_slice.infer import layers
from tflint_slice.model import Kind

_KERAS = r"(?:tensorflow\.keras|keras|tf_keras)\."
_LAYER = re.compile(rf"{_KERAS}(?:layers\.(?!Input$)[A-Z]\w*|(?:models\.)?(?:Model|Sequential))")
# Functions that give a model.
_LOADED = re.compile(
    rf"{_KERAS}(?:models\.(?:load_model|clone_model)|saving\.load_model"
    r"|applications\.(?:\w+\.)?[A-Z]\w*)"
)
_CALLBACK = re.compile(rf"{_KERAS}callbacks\.\w+")
_LISTS = frozenset({"weights", "trainable_weights", "variables", "trainable_variables"})
_OWN = ("weights", "get_weights", "set_weights")


def is_same_twice(node: ast.expr) -> bool:
    """Whether the expression names one layer, and the same one each time that it is evaluated."""
    if isinstance(node, ast.Call):
        words = [word.value for word in node.keywords]
        return (
            isinstance(node.func, ast.Attribute)
            and node.func.attr == "get_layer"
            and is_same_twice(node.func.value)
            and all(is_literal(arg) or is_path(arg) for arg in [*node.args, *words])
        )
    if isinstance(node, ast.Attribute):
        return is_same_twice(node.value)
    if isinstance(node, ast.Subscript):
        return is_same_twice(node.value) and (is_literal(node.slice) or is_path(node.slice))
    return isinstance(node, ast.Name)


def weight_kind(code: Code, node: ast.expr) -> Kind | None:
    """What kind of variable ``layer.weights[0]`` is, if it surely is a weight of a layer."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Attribute):
        return None
    if node.value.attr not in _LISTS or isinstance(node.slice, ast.Slice):
        return None
    origins = LayerOrigins(code)
    return origins.kind(node.value.value) if origins.is_layer(node.value.value) else None


class LayerOrigins:
    """Answers about the expressions of one file."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.origins = Origins(code)
        self._followed: set[ast.AST] = set()

    def is_layer(self, node: ast.expr) -> bool:
        """Whether ``node`` surely gives a layer or model whose weights are those of Keras."""
        value = self.code.value(node)
        if value.kind is Kind.INSTANCE:
            made = _LAYER.fullmatch(value.name or "") is not None
            return not value.optional and (made or self._is_derived(value.name, _LAYER))
        if value.kind is not Kind.UNKNOWN:
            return False
        if isinstance(node, ast.Call):
            return self._gives_layer(node)
        if isinstance(node, ast.Subscript):
            # ``model.layers[1]``
            return not isinstance(node.slice, ast.Slice) and self._are_layers(node.value)
        if isinstance(node, ast.Attribute) and self._is_model_of_callback(node):
            return True
        if isinstance(node, (ast.Name, ast.Attribute)):
            bindings = list(self.origins.bindings(node))
            return bool(bindings) and all(map(self._binds_layer, bindings))
        return False

    def kind(self, layer: ast.expr) -> Kind:
        """The kind of the weights of a layer, as inference has it."""
        made = self.creation(layer)
        name = None if made is None else self.code.called(made)
        old = name is not None and "tf_keras" in self.code.source.text
        return layers.weight_kind(name, Kind.KERAS2_WEIGHT if old else Kind.KERAS3_VARIABLE)

    def creation(self, node: ast.expr) -> ast.Call | None:
        """The one call of a layer's class that the expression comes from, if there is one."""
        if isinstance(node, ast.Call):
            return node
        if not isinstance(node, (ast.Name, ast.Attribute)):
            return None
        bindings = list(self.origins.bindings(node))
        parent = self.code.parents[bindings[0]] if len(bindings) == 1 else None
        if isinstance(parent, (ast.Assign, ast.AnnAssign)) and isinstance(parent.value, ast.Call):
            return parent.value
        return None

    def _gives_layer(self, node: ast.Call) -> bool:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "get_layer":
            return self.is_layer(node.func.value)
        name = self.code.called(node) or ""
        return bool(_LAYER.fullmatch(name) or _LOADED.fullmatch(name))

    def _are_layers(self, node: ast.expr) -> bool:
        """``model.layers``, and a part of it."""
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            return self._are_layers(node.value)
        return (
            isinstance(node, ast.Attribute)
            and node.attr == "layers"
            and self.is_layer(node.value)
            and not self._is_stored(node)
        )

    def _is_stored(self, node: ast.Attribute) -> bool:
        return any(True for _ in self.origins.bindings(node))

    def _is_model_of_callback(self, node: ast.Attribute) -> bool:
        """``self.model`` in a callback, which Keras sets."""
        owner = self.code.value(node.value)
        return (
            node.attr == "model"
            and owner.kind is Kind.INSTANCE
            and self._is_derived(owner.name, _CALLBACK)
            and not self._is_stored(node)
        )

    def _is_derived(self, key: str | None, base: re.Pattern[str]) -> bool:
        """Whether a class of the file derives from Keras's, and leaves its weights to it."""
        classes = self.code.facts.classes
        if key is None or key not in classes.classes:
            return False
        family = classes.family(key)
        if any(
            classes.defines(key, name) or name in own.attributes for name in _OWN for own in family
        ):
            return False
        return any(base.fullmatch(name) for own in family for name in own.bases)

    def _binds_layer(self, binding: ast.AST) -> bool:
        if isinstance(binding, ast.arg):
            note = binding.annotation
            name = None if note is None else self.code.facts.qualified_name(note)
            return name is not None and _LAYER.fullmatch(name) is not None
        if binding in self._followed:
            return False
        self._followed.add(binding)
        try:
            parent = self.code.parents[binding]
            if isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
                return parent.value is not None and self.is_layer(parent.value)
            if isinstance(parent, ast.For) and parent.target is binding:
                return self._are_layers(parent.iter)
            return False
        finally:
            self._followed.discard(binding)
