"""Call frames: windows on the value stack.

A frame's registers start at `registers[0]`.  The two values before them are its header:
`registers[-2]` is the callee (a FUNCTION; its slot receives the result), and
`registers[-1]` holds the caller's registers in its tag word and the return address in
its payload word.  Three low bits of the former say whether native code entered the frame
(returning from it leaves the interpreter), whether its return address is then known, and whether
the caller's registers hold nothing of use until the frame is left.
A frame entered directly by compiled code has only the closure and the first word written.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, element, function, i64, is_null, null, u64, word
from rufflang.runtime.objects import FunctionObject, Proto
from rufflang.runtime.values import Value
from rufflang.runtime.vm import VM


@function(inline=True)
def frame_proto(registers: Ptr[Value]) -> Proto:
    """The code that a frame runs."""
    return cast(FunctionObject, registers[-2].payload).proto


@function(inline=True)
def frame_function(registers: Ptr[Value]) -> FunctionObject:
    """The closure that a frame runs."""
    return cast(FunctionObject, registers[-2].payload)


HEADER_VALUES = 2
NATIVE_ENTRY = 1  # flags in the low bits of the caller's registers
KNOWN_CALL_SITE = 2
COMPILED_CALL = 4  # what called is compiled code, which has what it needs of its registers elsewhere


@function(inline=True)
def caller_registers(registers: Ptr[Value]) -> Ptr[Value]:
    """The frame that called, or was running when native code called; null at the bottom."""
    return cast(Ptr[Value], registers[-1].tag & ~(NATIVE_ENTRY | KNOWN_CALL_SITE | COMPILED_CALL))


@function(inline=True)
def entered_natively(registers: Ptr[Value]) -> bool:
    """Whether returning from this frame leaves the interpreter."""
    return (registers[-1].tag & NATIVE_ENTRY) != 0


@function(inline=True)
def called_by_compiled_code(registers: Ptr[Value]) -> bool:
    """Whether what is in the caller's registers, up to this frame's header, is out of use."""
    return (registers[-1].tag & COMPILED_CALL) != 0


@function(inline=True)
def return_address(registers: Ptr[Value]) -> Ptr[u64]:
    """The instruction after the call that made this frame; null where that is not known."""
    if (registers[-1].tag & (NATIVE_ENTRY | KNOWN_CALL_SITE)) == NATIVE_ENTRY:
        return null(Ptr[u64])
    return cast(Ptr[u64], registers[-1].payload)


@function(inline=True)
def set_header(registers: Ptr[Value], caller: Ptr[Value], return_to: Ptr[u64]) -> None:
    """The header of a frame that returns to bytecode."""
    registers[-1] = Value(word(caller), word(return_to))


@function(inline=True)
def set_native_header(registers: Ptr[Value], caller: Ptr[Value], call_site: Ptr[u64]) -> None:
    """The header of a frame that returns to native code; `call_site` may be null."""
    flags: i64 = NATIVE_ENTRY if is_null(call_site) else NATIVE_ENTRY | KNOWN_CALL_SITE
    registers[-1] = Value(word(caller) | flags, word(call_site))


@function
def frames_end(vm: VM) -> Ptr[Value]:
    """First value above the frame that is running."""
    if is_null(vm.frame):
        return vm.stack_base
    return element(vm.frame, frame_proto(vm.frame).register_count)
