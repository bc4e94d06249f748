"""Generators: function bodies on fibers of their own, standing at a `yield` between two items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rufflang.reference.errors import RuffError
from rufflang.reference.fibers import Fiber, current_fiber, is_unwinding, new_fiber, switch_to
from rufflang.reference.scopes import Scope
from rufflang.reference.values import FunctionValue, Handle, Value

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine

Item = tuple[Value] | None


class GeneratorValue(Handle):
    """The handle that a call of a `func*` gives.

    Nothing on the fiber refers to the handle, so that dropping the last handle drops the fiber.
    """

    type_name = "generator"

    def __init__(self, function: FunctionValue, scope: Scope) -> None:
        self._parameter_count = len(function.node.parameters)
        self._body = _Body(function, scope)
        self._fiber: Fiber = None

    def display_text(self) -> str:
        exhausted = "exhausted " if self._body.finished else ""
        return f"<{exhausted}generator ({self._parameter_count} params)>"

    def advance(self, machine: Machine) -> Item:
        """Runs the body up to its next `yield`; None when it has ended, now or before."""
        body = self._body
        if body.finished:
            return None
        if body.asker is not None:
            raise RuffError("Generator is already running")
        if self._fiber is None:
            self._fiber = new_fiber(lambda: body.run(machine))
            self._fiber.generator_body = body
        names = machine.enter(body.function.name)
        body.asker = current_fiber()
        try:
            switch_to(self._fiber)
        finally:
            body.asker = None
            names.pop()
            if body.finished:
                self._fiber = None
        return body.take_item()


class _Body:
    """What a generator's fiber and whoever asks for items tell each other."""

    def __init__(self, function: FunctionValue, scope: Scope) -> None:
        self.function = function
        self.finished = False
        self.asker: Fiber = None
        self._scope = scope
        self._item: Item = None
        self._failure: BaseException | None = None

    def run(self, machine: Machine) -> Fiber:
        """The whole life of the fiber."""
        try:
            machine.run_body(self.function.node, self._scope)
        except BaseException as failure:
            if is_unwinding(failure):
                raise
            self._failure = failure
        self.finished = True
        return self.asker

    def deliver(self, value: Value) -> None:
        """On the fiber: hands `value` over and waits to be asked again."""
        self._item = (value,)
        switch_to(self.asker)

    def take_item(self) -> Item:
        """For whoever asked: what the body delivered, or the error that ended it."""
        item, failure = self._item, self._failure
        self._item = self._failure = None
        if failure is not None:
            raise failure
        return item


def yield_value(value: Value) -> None:
    """What a `yield` expression does; it stands in the body of the fiber that is running."""
    body: _Body = current_fiber().generator_body
    body.deliver(value)
