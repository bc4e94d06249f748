"""Built-ins whose features the evaluator does not have yet: they exist, and say so when called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rufflang.reference.builtins.registry import builtin
from rufflang.reference.errors import RuffError
from rufflang.reference.values import Value

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine


def _unsupported(name: str) -> None:
    def refuse(machine: Machine, arguments: list[Any]) -> Value:
        raise RuffError(f"{name} is not supported yet")

    refuse.__doc__ = "Not available in this engine yet."
    builtin(name, 0, None)(refuse)


for _name in (
    "channel", "promise_all", "await_all", "spawn_task",
    "async_sleep", "async_timeout", "cancel_task",
):
    _unsupported(_name)
