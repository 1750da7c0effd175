"""The evaluator's layer for control flow: where paths part and meet, and what may be cut short."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Sequence
from itertools import count

from tflint_slice.infer import api
from tflint_slice.infer.binding import Binding
from tflint_slice.infer.narrowing import asked
from tflint_slice.infer.scopes import (
    Environment,
    bound_names,
    forget_all,
    forget_changes,
    join_environments,
    widen_changes,
)
from tflint_slice.infer.values import NONE, UNKNOWN
from tflint_slice.model import Kind

# How the head of a loop takes in what the turn before left behind: exactly at first, then with
# moving bounds given up, then with every name given up that still moves, then with all names.
_GENERALISE: tuple[Callable[[Environment, Environment], Environment], ...] = (
    lambda head, following: following,
    widen_changes,
    widen_changes,
    forget_changes,
    forget_changes,
    forget_all,
)


def _handler(kind: type[ast.stmt]) -> str:
    """The name of the method for statements of a kind; ``async`` and ``except*`` change nothing."""
    return f"_on_{kind.__name__.lower().removeprefix('async').removesuffix('star')}"


_HANDLERS = {kind: _handler(kind) for kind in ast.stmt.__subclasses__()}


class Flow(Binding):
    """Runs statements along every path. Simple statements are left to who inherits this."""

    def block(self, statements: Sequence[ast.stmt]) -> None:
        for statement in statements:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        handler = getattr(self, _HANDLERS[node.__class__], None)
        if handler is not None:
            handler(node)

    # --- branches and loops -----------------------------------------------------------------------

    def _on_if(self, node: ast.If) -> None:
        self.evaluate(node.test)
        for name, value in asked(node.test, self.known_value):
            self.bind_name(name, value)
        self._branches([node.body, node.orelse], node.test)

    def _branches(self, bodies: Sequence[Sequence[ast.stmt]], test: ast.expr) -> None:
        before, after = self.scope.env, list[Environment]()
        for body, truth in zip(bodies, (True, False), strict=True):
            self.scope.env = dict(before)
            self.assume(test, truth)
            self.block(body)
            if not self.leaves(body):
                after.append(self.scope.env)
        self.scope.env = self._join(after) if after else dict(before)

    def _join(self, environments: list[Environment]) -> Environment:
        """Where paths meet. A name that is bound on some of them only may mean an outer one."""
        result = join_environments(environments)
        for name in result.keys() - set(environments[0]).intersection(*environments[1:]):
            if self.scope.is_class or hasattr(builtins, name):
                result[name] = UNKNOWN
        return result

    def _on_match(self, node: ast.Match) -> None:
        self.evaluate(node.subject)
        before, after = self.scope.env, [dict(self.scope.env)]
        for case in node.cases:
            self.scope.env = dict(before)
            for name in bound_names([ast.Match(node.subject, [case])]):
                self.bind_name(name, UNKNOWN)
            if case.guard is not None:
                self.evaluate(case.guard)
            self.block(case.body)
            after.append(self.scope.env)
        self.scope.env = self._join(after)

    def _on_for(self, node: ast.For | ast.AsyncFor) -> None:
        element = api.iterate(self.evaluate(node.iter))

        def turn() -> None:
            self.bind_target(node.target, element)
            self.block(node.body)

        self._loop(node, turn)

    def _on_while(self, node: ast.While) -> None:
        def turn() -> None:
            self.evaluate(node.test)
            self.assume(node.test, True)
            self.block(node.body)

        # The test that ends the loop may bind names as well.
        self._loop(node, turn, lambda: self.evaluate(node.test))

    def _loop(
        self,
        node: ast.For | ast.AsyncFor | ast.While,
        turn: Callable[[], None],
        leave: Callable[[], object] = lambda: None,
    ) -> None:
        scope = self.scope
        scope.loops += 1
        outer_exits, scope.exits = scope.exits, []
        outer_turned = scope.turned
        scope.turned |= self.outline.names_bound_by(node)
        head = dict(scope.env)
        for number in count():
            scope.env, scope.exits = dict(head), []
            turn()
            ends = [scope.env, *(env for name, env in scope.exits if name == "continue")]
            following = self._join([head, *ends])
            if following == head:
                break
            # The last turn goes over a head that nothing can change any more.
            head = _GENERALISE[min(number, len(_GENERALISE) - 1)](head, following)
        breaks = [env for name, env in scope.exits if name == "break"]
        scope.exits = outer_exits
        scope.turned = outer_turned
        scope.loops -= 1
        scope.env = dict(head)
        leave()
        self.block(node.orelse)
        scope.env = self._join([scope.env, *breaks])

    def _on_break(self, node: ast.Break) -> None:
        self.scope.exits.append(("break", dict(self.scope.env)))

    def _on_continue(self, node: ast.Continue) -> None:
        self.scope.exits.append(("continue", dict(self.scope.env)))

    def _on_with(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            self.evaluate(item.context_expr)
            if item.optional_vars is not None:
                # ``__enter__`` may return anything.
                self.bind_target(item.optional_vars, UNKNOWN)
        before = dict(self.scope.env)
        self.block(node.body)
        if not all(map(self._lets_pass, node.items)):
            self.scope.env = self._broken_off(before, node.body)

    def _lets_pass(self, item: ast.withitem) -> bool:
        """Whether a context manager is known not to swallow exceptions."""
        call = item.context_expr
        function = call.func if isinstance(call, ast.Call) else call
        if isinstance(function, ast.Attribute) and function.attr in ("scope", "as_default"):
            # Of TensorFlow, if not of a class of the project.
            owner = self.values[function.value]
            return owner.kind is not Kind.INSTANCE or owner.name not in self.known.classes
        name = self.values[function].name or ""
        return name == "builtins.open" or name.startswith("tensorflow.")

    def _broken_off(self, before: Environment, body: Sequence[ast.stmt]) -> Environment:
        """The environment after statements of which the last ones may not have run."""
        result = self._join([before, self.scope.env])
        once: set[str] = set()
        for statement in body:
            names = self.outline.names_bound_by(statement)
            for name in names:
                if name in once or hasattr(statement, "body"):
                    # It may have held something else on the way.
                    result[name] = UNKNOWN
            once |= names
        return result

    def _on_try(self, node: ast.Try) -> None:
        before = dict(self.scope.env)
        self.block(node.body)
        broken = self._broken_off(before, node.body)
        for name in {n for part in node.body for n in self.outline.names_bound_by(part)}:
            if broken.get(name, UNKNOWN).kind is not Kind.FUNCTION:
                broken[name] = UNKNOWN
        self.block(node.orelse)
        after = [self.scope.env]
        for handler in node.handlers:
            self.scope.env = dict(broken)
            if handler.type is not None:
                self.evaluate(handler.type)
            if handler.name:
                self.bind_name(handler.name, UNKNOWN)
            self.block(handler.body)
            if not self.leaves(handler.body):
                after.append(self._with_module_names(self.scope.env, after[0]))
        self.scope.env = self._join(after)
        after_all = self.scope.env
        if node.finalbody:
            self.block(node.finalbody)
            passed = self.scope.env
            # It runs after a failure as well; what is recorded has to hold for both.
            self.scope.env = self._join([after_all, broken])
            self.block(node.finalbody)
            self.scope.env = passed

    def _with_module_names(self, handler: Environment, body: Environment) -> Environment:
        """``tf`` still means tensorflow where ``except ImportError`` binds it to None."""
        result = dict(handler)
        for name, value in body.items():
            if value.kind is Kind.FUNCTION and result.get(name, NONE).kind is Kind.NONE:
                result[name] = value
        return result

    def leaves(self, body: Sequence[ast.stmt]) -> bool:
        """Whether control cannot pass beyond the last statement."""
        last = body[-1] if body else None
        if isinstance(last, ast.If):
            return self.leaves(last.body) and self.leaves(last.orelse)
        if isinstance(last, (ast.With, ast.AsyncWith)):
            return self.leaves(last.body) and all(map(self._lets_pass, last.items))
        return isinstance(last, (ast.Return, ast.Raise, ast.Break, ast.Continue))
