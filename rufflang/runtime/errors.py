"""Raising: how runtime functions put an error in flight.

A function that fails calls one of these and returns the result (`return raise_text(…)`).
Only the message is recorded here; where the error happened and the call stack are added by
the first frame that sees it (`rufflang.interpreter.unwinding`).
"""

from __future__ import annotations

from rufflang.lowpy import Raised, function
from rufflang.runtime.objects import StringObject
from rufflang.runtime.values import Value
from rufflang.runtime.vm import VM


@function(cold=True)
def raise_message(vm: VM, message: StringObject) -> Raised:
    """Puts an ordinary, catchable error with this message in flight."""
    vm.error_message = message
    vm.error = Value(0, 0)
    vm.error_cause = Value(0, 0)
    vm.error_is_fatal = 0
    vm.error_position = 0
    return Raised()
