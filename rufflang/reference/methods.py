"""Member calls `receiver.name(arguments)`: what `name` means for each kind of receiver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rufflang.reference.calls import call, call_method, call_native
from rufflang.reference.channels import ChannelValue
from rufflang.reference.crossing import message_of
from rufflang.reference.errors import RuffError
from rufflang.reference.iterator_methods import ITERATOR_METHODS, call_iterator_method
from rufflang.reference.values import (
    ArrayValue,
    DictValue,
    NativeFunction,
    StructValue,
    Value,
    is_function,
    share,
)

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine

# Built-ins that may be written as methods: `x.name(a)` is exactly `name(x, a)`.
_BUILTIN_METHODS: dict[type, frozenset[str]] = {
    str: frozenset((
        "len", "upper", "lower", "to_upper", "to_lower", "capitalize", "trim", "trim_start", "trim_end",
        "char_at", "substring", "replace", "replace_str", "starts_with", "ends_with", "contains", "index_of",
        "is_empty", "count_chars", "split",
    )),
    ArrayValue: frozenset((
        "len", "is_empty", "contains", "reduce", "skip", "zip", "enumerate", "flatten", "chunk",
    )),
    DictValue: frozenset(("len", "has_key")),
}


def call_member(machine: Machine, receiver: Value, name: str, arguments: list[Value]) -> Value:
    """Calls member `name`; `receiver` may be unmarked, it is shared here if it is kept."""
    if isinstance(receiver, StructValue):
        method = receiver.method(name)
        if method is not None:
            return call_method(machine, method, share(receiver), arguments)
        if name in receiver.fields:
            return call(machine, receiver.fields[name], arguments)
    if isinstance(receiver, DictValue) and is_function(receiver.entries.get(name)):
        return call(machine, receiver.entries[name], arguments)
    if isinstance(receiver, ChannelValue):
        return _call_channel_method(machine, receiver, name, arguments)
    if name in _BUILTIN_METHODS.get(type(receiver), ()):
        return _call_builtin(machine, receiver, name, arguments)
    if name == "all" and receiver is machine.prelude["Promise"]:
        return call(machine, machine.prelude["promise_all"], arguments)
    if receiver is None:
        raise RuffError(f"Cannot access field or method '{name}' on non-struct value", (receiver,))
    if name in ITERATOR_METHODS:
        return call_iterator_method(machine, receiver, name, arguments)
    raise RuffError(f"Unknown method: {name}", (receiver,))


def _call_builtin(machine: Machine, receiver: Value, name: str, arguments: list[Value]) -> Value:
    function = machine.prelude[name]
    assert isinstance(function, NativeFunction)
    if not function.only_looks:
        share(receiver)
    return call_native(machine, function, [receiver, *arguments])


def _call_channel_method(
    machine: Machine, channel: ChannelValue, name: str, arguments: list[Value]
) -> Value:
    if name not in ("send", "receive"):
        raise RuffError(f"Channel has no method '{name}'")
    expected = 1 if name == "send" else 0
    if len(arguments) != expected:
        raise RuffError(f"Channel.{name} expects {expected} arguments, got {len(arguments)}")
    if name == "receive":
        return machine.scheduler.receive(channel)
    channel.send(message_of(arguments[0]) if channel.has_crossed else share(arguments[0]))
    return True
