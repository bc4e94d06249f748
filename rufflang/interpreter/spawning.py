"""`spawn` as an opcode: a snapshot of what the block can see, and a request to the host.

The host starts a thread and a VM, which loads the same units and runs the block's closure there
(`embedding.run_block`).
"""

from __future__ import annotations

from rufflang.interpreter.table import opcode
from rufflang.lowpy import function, is_null, literal, word
from rufflang.runtime.builtins.output import flush_output
from rufflang.runtime.errors import raise_literal
from rufflang.runtime.host_calls import call_host
from rufflang.runtime.transfer_block import free_block
from rufflang.runtime.transfer_messages import pack_snapshot
from rufflang.runtime.values import ERROR, Value
from rufflang.runtime.vm import VM


@opcode("SPAWN")
@function
def spawn(vm: VM, closure: Value) -> Value:
    """Starts the block.  What was printed before is shown before anything that the block prints."""
    block = pack_snapshot(vm, closure)
    if is_null(block):
        return Value(ERROR, 0)
    flush_output(vm)
    if call_host(vm, vm.host_spawn, word(block), 0, 0).tag != 0:
        free_block(block)
        return raise_literal(vm, literal("Cannot start a spawned block: the system has no room for another thread"))
    return closure
