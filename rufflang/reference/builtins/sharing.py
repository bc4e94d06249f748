"""Channels and the store that all threads of a program share (`stdlib.md` section 33)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rufflang.reference.builtins.registry import builtin
from rufflang.reference.channels import ChannelValue
from rufflang.reference.crossing import message_of
from rufflang.reference.errors import RuffError
from rufflang.reference.operators import binary
from rufflang.reference.values import Value

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine

_ONE_KEY = "{name} requires one key argument"


@builtin("channel", 0, arity_message="channel() expects 0 arguments, got {got}")
def channel(machine: Machine, arguments: list[Any]) -> Value:
    """A new channel."""
    return ChannelValue(machine.threads)


def _key(name: str, key: Value) -> str:
    if not isinstance(key, str):
        raise RuffError(f"{name} key must be a string")
    return key


@builtin("shared_set", 2, arity_message="shared_set requires (key, value) arguments")
def shared_set(machine: Machine, arguments: list[Any]) -> Value:
    """Puts a copy of a value into the shared store."""
    key = _key("shared_set", arguments[0])
    value = message_of(arguments[1])
    with machine.threads.changed:
        machine.threads.store[key] = value
    return True


@builtin("shared_get", 1, arity_message=_ONE_KEY)
def shared_get(machine: Machine, arguments: list[Any]) -> Value:
    """A copy of a value in the shared store."""
    key = _key("shared_get", arguments[0])
    with machine.threads.changed:
        value = machine.threads.store.get(key)
    if value is None:
        raise RuffError(f"shared_get key '{key}' not found")
    return value.received_by(machine)


@builtin("shared_has", 1, arity_message=_ONE_KEY)
def shared_has(machine: Machine, arguments: list[Any]) -> Value:
    """Whether the shared store has a key."""
    return _key("shared_has", arguments[0]) in machine.threads.store


@builtin("shared_delete", 1, arity_message=_ONE_KEY)
def shared_delete(machine: Machine, arguments: list[Any]) -> Value:
    """Removes a key from the shared store; whether it was there."""
    key = _key("shared_delete", arguments[0])
    with machine.threads.changed:
        return machine.threads.store.pop(key, None) is not None


@builtin("shared_add_int", 2, arity_message="shared_add_int requires (key, delta) arguments")
def shared_add_int(machine: Machine, arguments: list[Any]) -> Value:
    """Adds to an int in the shared store, in one step; the new int."""
    key, delta = _key("shared_add_int", arguments[0]), arguments[1]
    if type(delta) is not int:
        raise RuffError("shared_add_int delta must be an int")
    with machine.threads.changed:
        message = machine.threads.store.get(key)
        if message is None:
            raise RuffError(f"shared_add_int key '{key}' not found")
        value = message.received_by(machine)
        if type(value) is not int:
            raise RuffError(f"shared_add_int requires key '{key}' to reference an int")
        total = binary("+", value, delta)
        machine.threads.store[key] = message_of(total)
    return total
