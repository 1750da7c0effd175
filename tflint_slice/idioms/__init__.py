"""The idioms: one module a family, each with its rules, found by walking this package.

A module takes part by having ``RULES`` (a tuple of ``Rule``) and ``find(code)``, which yields
candidates. Nothing else has to be edited to add one.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

from tflint_slice import noqa
from tflint_slice.model import Rule


def _families() -> tuple[ModuleType, ...]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = (importlib.import_module(f"{__name__}.{name}") for name in names)
    return tuple(module for module in modules if hasattr(module, "RULES"))


FAMILIES = _families()
RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in sorted(
        (noqa.RULE, *(rule for family in FAMILIES for rule in family.RULES)),
        key=lambda rule: rule.code,
    )
}
"""The one table of rules: those of the families, and the one about suppression comments."""
