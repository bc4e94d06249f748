"""Which channels another thread comes to know: those that it can reach from what it is given.

What it reaches is what a block mentions, what the functions and methods among that mention, and so on, and whatever is
inside of the values found.  A function that arrives in a message uses the global variables where it arrives: if a block
may receive any, it reaches what the functions of the program mention, unless something among that cannot cross.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

from rufflang.records import Record, field_names
from rufflang.reference.channels import ChannelValue
from rufflang.reference.errors import RuffError
from rufflang.reference.scopes import Scope
from rufflang.reference.snapshots import Message
from rufflang.reference.values import (
    ArrayValue,
    CollectionValue,
    DictValue,
    FunctionValue,
    ResultValue,
    StructDefinition,
    StructValue,
    TaggedValue,
    Value,
)
from rufflang.syntax import ast

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine

_Node = TypeVar("_Node", bound=Record)


def cross_with_block(machine: Machine, block: ast.Block, scope: Scope) -> None:
    """Another thread will know the channels that a block can reach; raises if something in one cannot cross."""
    try:
        _cross(_reached_by_block(block, scope, machine))
    except RuffError:
        _cross(_reached_by_block(block, scope, None))


def _reached_by_block(block: ast.Block, scope: Scope, machine: Machine | None) -> _Reached:
    """What a block reaches; without a machine, as if it received no functions."""
    reached = _Reached(with_globals=True)
    reached.add_names(block, scope)
    if machine is not None and reached.receives():
        for source, program in machine.programs.items():
            if source in machine.global_scopes:
                for function in _nodes_in(program, ast.Function):
                    reached.add_names(function.body, machine.global_scopes[source])
    return reached


def message_of(value: Value) -> Message:
    """A copy of a value for other threads, which will know the channels in it; raises if something cannot cross."""
    reached = _Reached(with_globals=False)
    reached.add(value)
    message = Message.of(value).demand()
    _cross(reached)
    return message


def _cross(reached: _Reached) -> None:
    """Makes channels known to other threads, with those inside them; all or none."""
    crossing: list[tuple[ChannelValue, list[Message]]] = []
    for channel in reached.channels():
        contents = channel.kept()
        for value in contents:
            reached.add(value)
        crossing.append((channel, [Message.of(value).demand() for value in contents]))
    for channel, messages in crossing:
        channel.cross(messages)


class _Reached:
    """What was found so far."""

    def __init__(self, with_globals: bool) -> None:
        self._with_globals = with_globals
        self._seen: dict[int, Value] = {}
        self._pending: list[Value] = []
        self._receives = False

    def receives(self) -> bool:
        """Whether code that can be reached takes something out of channels."""
        list(self.channels())
        self._pending = list(self._seen.values())
        return self._receives

    def add(self, value: Value) -> None:
        """A value that can be reached."""
        if id(value) not in self._seen:
            self._seen[id(value)] = value
            self._pending.append(value)

    def add_names(self, node: object, scope: Scope) -> None:
        """The variables that a piece of the tree mentions."""
        self._receives |= any(call.name == "receive" for call in _nodes_in(node, ast.MethodCall))
        for name in _names_in(node):
            binding, owner = scope.find(name), scope
            while binding is not None and name not in owner.bindings:
                assert owner.parent is not None
                owner = owner.parent
            if binding is not None and (self._with_globals or owner.parent is not None):
                self.add(binding.value)

    def channels(self) -> Iterator[ChannelValue]:
        """The channels that are not known to other threads, also those reached through what is added meanwhile."""
        while self._pending:
            value = self._pending.pop(0)
            if isinstance(value, ChannelValue):
                if not value.has_crossed:
                    yield value
            elif isinstance(value, FunctionValue):
                self.add_names(value.node.body, value.scope)
            elif isinstance(value, StructDefinition):
                self.add_names(value.declaration, value.scope)
            else:
                for part in _parts(value):
                    self.add(part)


def _parts(value: Value) -> Iterator[Value]:
    if isinstance(value, (ArrayValue, CollectionValue)):
        yield from value.items
    elif isinstance(value, DictValue):
        yield from value.entries.values()
    elif isinstance(value, StructValue):
        yield from value.fields.values()
        yield value.definition
    elif isinstance(value, (TaggedValue, ResultValue)):
        yield from value.payload


def _names_in(node: object) -> set[str]:
    literals = {literal.name for literal in _nodes_in(node, ast.StructLiteral)}
    return {named.name for named in _nodes_in(node, ast.Name)} | literals


def _nodes_in(node: object, kind: type[_Node]) -> Iterator[_Node]:
    """All nodes of a kind in a piece of the tree."""
    pending = [node]
    while pending:
        part = pending.pop()
        if isinstance(part, tuple):
            pending.extend(part)
        elif isinstance(part, Record):
            if isinstance(part, kind):
                yield part
            pending.extend(getattr(part, field) for field in field_names(part))
