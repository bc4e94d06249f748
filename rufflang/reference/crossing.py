"""Which channels another thread comes to know: those that it can reach from what it is given.

What it reaches is what a block mentions, what the functions and methods among that mention, and so on, and whatever is
inside of the values found.  A function that arrives in a message uses the global variables where it arrives.
"""

from __future__ import annotations

from collections.abc import Iterator

from rufflang.records import Record, field_names
from rufflang.reference.channels import ChannelValue
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


def cross_with_block(block: ast.Block, scope: Scope) -> None:
    """Another thread will know the channels that a block can reach; raises if something in one cannot cross."""
    reached = _Reached(with_globals=True)
    reached.add_names(block, scope)
    _cross(reached)


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
        self._seen: dict[int, object] = {}
        self._pending: list[Value] = []

    def add(self, value: Value) -> None:
        """A value that can be reached."""
        if id(value) not in self._seen:
            self._seen[id(value)] = value
            self._pending.append(value)

    def add_names(self, node: object, scope: Scope) -> None:
        """The variables that a piece of the tree mentions."""
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
    names: set[str] = set()
    pending = [node]
    while pending:
        part = pending.pop()
        if isinstance(part, tuple):
            pending.extend(part)
        elif isinstance(part, Record):
            if isinstance(part, (ast.Name, ast.StructLiteral)):
                names.add(part.name)
            pending.extend(getattr(part, field) for field in field_names(part))
    return names
