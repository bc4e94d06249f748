"""Asking a running program to stop, from wherever the reason is found.

Loops look at `VM.interrupt`; calls compare their depth with `VM.call_limit`, which a request
lowers so far that the next call cannot miss it.  `safepoints` answers requests.
"""

from __future__ import annotations

from rufflang.lowpy import function, i64
from rufflang.runtime.vm import VM

NO_CALLS = -(1 << 62)


@function
def ask_to_stop(vm: VM, reason: i64) -> None:
    """Makes the program stop at its next safepoint; `reason` is one of the STOP bits."""
    vm.interrupt = vm.interrupt | reason
    vm.call_limit = NO_CALLS
