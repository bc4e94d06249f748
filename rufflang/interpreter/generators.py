"""Generators: frames that are left in the middle and entered again.

Calling a generator function enters it like any other; its first instruction puts the frame
away in a heap object and returns that.  To compute an item the frame is laid on top of the
value stack of whoever asks, where it runs like a call made from native code, until the next
`YIELD` puts it away again.
"""

from __future__ import annotations

from rufflang.interpreter.calling import Step, may_call, raise_depth
from rufflang.interpreter.control import leave, return_value
from rufflang.interpreter.table import opcode
from rufflang.lowpy import (
    Ptr,
    Raised,
    call_pointer,
    cast,
    copy_memory,
    element,
    fill_memory,
    function,
    i64,
    literal,
    null,
    size_of,
    stack_address,
    u8,
    u32,
    u64,
    unlikely,
    word,
)
from rufflang.runtime.errors import raise_literal
from rufflang.runtime.frames import frame_function, frames_end, set_native_header
from rufflang.runtime.heap import allocate
from rufflang.runtime.objects import EXHAUSTED, RUNNING, SUSPENDED, GeneratorObject
from rufflang.runtime.values import ERROR, FUNCTION, GENERATOR, UNBOUND, Value
from rufflang.runtime.vm import VM


@function(export="ruff_new_generator")
def new_generator(vm: VM, registers: Ptr[Value], holder: i64, index: i64) -> Value:
    """A generator that keeps the arguments in a frame and starts at code word `index`.

    Register `holder` of the frame will hold the generator itself.
    """
    closure = frame_function(registers)
    proto = closure.proto
    size = size_of(GeneratorObject) + proto.register_count * 16
    generator = cast(GeneratorObject, allocate(vm, size, GENERATOR))
    generator.aux = u32(proto.parameter_count - proto.has_receiver)
    generator.function = closure
    generator.code = element(proto.code, index)
    generator.register_count = proto.register_count
    copy_memory(generator.registers, registers, proto.parameter_count * 16)
    result = Value(GENERATOR, word(generator))
    generator.registers[holder] = result
    return result


@opcode("GENERATOR")
@function
def generator_opcode(vm: VM, registers: Ptr[Value], out: Ptr[Value], after: Ptr[u64]) -> Step:
    proto = frame_function(registers).proto
    holder = (word(out) - word(registers)) >> 4
    index = (word(after) - word(proto.code)) >> 3
    return return_value(vm, registers, new_generator(vm, registers, holder, index))


@opcode("YIELD")
@function
def yield_opcode(vm: VM, registers: Ptr[Value], item: Value, holder: Value, after: Ptr[u64]) -> Step:
    generator = cast(GeneratorObject, holder.payload)
    generator.code = after
    generator.flags = u8(SUSPENDED)
    copy_memory(generator.registers, registers, generator.register_count * 16)
    return leave(vm, item)


@function(cold=True)
def raise_running(vm: VM) -> Raised:
    return raise_literal(vm, literal("Generator is already running"))


@function(export="ruff_resume")
def resume(vm: VM, generator: GeneratorObject) -> Value:
    """The next item of a generator; UNBOUND when it has finished."""
    state = i64(generator.flags)
    if unlikely(state == EXHAUSTED):
        return Value(UNBOUND, 0)
    if unlikely(state == RUNNING):
        return raise_running(vm)
    proto = generator.function.proto
    window = frames_end(vm)
    registers = element(window, 2)
    depth = vm.depth
    if unlikely(depth >= vm.call_limit):
        if not may_call(vm, proto):
            return Value(ERROR, 0)
    if unlikely(word(element(registers, generator.register_count)) > word(vm.stack_limit)):
        return raise_depth(vm, proto)
    if unlikely(word(stack_address()) < word(vm.native_stack_limit)):
        return raise_depth(vm, proto)
    return _run(vm, generator, registers, depth)


@function
def _run(vm: VM, generator: GeneratorObject, registers: Ptr[Value], depth: i64) -> Value:
    """Lays the frame onto the stack and lets it run until it yields or ends."""
    caller = vm.frame
    registers[-2] = Value(FUNCTION, word(generator.function))
    copy_memory(registers, generator.registers, generator.register_count * 16)
    set_native_header(registers, caller, null(Ptr[u64]))
    generator.flags = u8(RUNNING)
    vm.depth = depth + 1
    vm.frame = registers
    item: Value = call_pointer(Value, vm.interpret, vm, registers, generator.code)
    vm.depth = depth
    vm.frame = caller
    if i64(generator.flags) == SUSPENDED:
        return item
    generator.flags = u8(EXHAUSTED)
    fill_memory(generator.registers, 0, generator.register_count * 16)
    return item if item.tag == ERROR else Value(UNBOUND, 0)
