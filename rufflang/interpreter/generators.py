"""Generators: frames that are left in the middle and entered again.

Calling a generator function enters it like any other; its first instruction puts the frame
away in a heap object and returns that.  To compute an item the frame is laid on top of the
value stack of whoever asks, where it runs like a call made from native code, until the next
`YIELD` puts it away again.

Compiled code (`Proto.resume_entry`) takes what it needs from the generator itself and leaves it there.  It is
called like `(vm, registers, generator, depth, closure)`, with the closure and the caller in the header before
`registers`, and gives the item, UNBOUND when the body is over, or ERROR.
"""

from __future__ import annotations

from rufflang.interpreter.call_depth import may_call, raise_depth
from rufflang.interpreter.calling import Step
from rufflang.interpreter.control import leave, return_value
from rufflang.interpreter.feedback import record_registers
from rufflang.interpreter.table import opcode
from rufflang.interpreter.tiering import GENERATOR_DIFFERS, count_exit
from rufflang.lowpy import (
    Ptr,
    Raised,
    call_pointer,
    cast,
    copy_memory,
    element,
    function,
    i64,
    is_null,
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
from rufflang.runtime.frame_checks import ENTERING_GENERATOR, LEAVING_GENERATOR, check_generator, checks_itself
from rufflang.runtime.frames import frame_function, frames_end, set_native_header
from rufflang.runtime.heap import allocate
from rufflang.runtime.host_calls import call_host
from rufflang.runtime.objects import EXHAUSTED, RUNNING, SUSPENDED, GeneratorObject, Proto
from rufflang.runtime.values import ERROR, FUNCTION, GENERATOR, UNBOUND, Value
from rufflang.runtime.vm import VM

START = 1  # code word behind GENERATOR, with which every generator function begins
RESUME = -3  # asks for code that computes the items of a generator; see `rufflang.jit.hot`


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
    generator.index = index
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
    generator.index = (word(after) - word(frame_function(registers).proto.code)) >> 3
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
    if unlikely(checks_itself(vm)):
        return _run_checked(vm, generator, registers, depth)
    return _run(vm, generator, registers, depth)


@function(cold=True)
def _run_checked(vm: VM, generator: GeneratorObject, registers: Ptr[Value], depth: i64) -> Value:
    """Lets the frame run; what it keeps has to be well formed before and after that."""
    check_generator(vm, generator, ENTERING_GENERATOR)
    item = _run(vm, generator, registers, depth)
    if i64(generator.flags) == SUSPENDED:
        check_generator(vm, generator, LEAVING_GENERATOR)
    return item


@function
def _run(vm: VM, generator: GeneratorObject, registers: Ptr[Value], depth: i64) -> Value:
    """Lets the frame run, on top of the stack, until it yields or ends."""
    caller = vm.frame
    proto = generator.function.proto
    registers[-2] = Value(FUNCTION, word(generator.function))
    set_native_header(registers, caller, null(Ptr[u64]))
    vm.depth = depth + 1
    vm.frame = registers
    if is_null(proto.resume_entry):
        item = _interpret(vm, generator, proto, registers)
    else:
        item = call_pointer(Value, proto.resume_entry, vm, registers, generator, depth + 1, generator.function)
    vm.depth = depth
    vm.frame = caller
    return item


@function
def _interpret(vm: VM, generator: GeneratorObject, proto: Proto, registers: Ptr[Value]) -> Value:
    """Lays the frame onto the stack and interprets it; asks for compiled code when that has happened often."""
    generator.flags = u8(RUNNING)
    copy_memory(registers, generator.registers, generator.register_count * 16)
    proto.resume_count += 1
    if not is_null(vm.jit_request) and proto.resume_count <= vm.call_threshold:
        record_registers(proto, registers, _registers_in_use(generator, proto))
        if proto.resume_count == vm.call_threshold:
            call_host(vm, vm.jit_request, proto.number, RESUME, 0)
    return _go_on(vm, generator, proto, registers)


@function
def _go_on(vm: VM, generator: GeneratorObject, proto: Proto, registers: Ptr[Value]) -> Value:
    """The next item, by the interpreter, which finds the frame on the stack."""
    item: Value = call_pointer(Value, vm.interpret, vm, registers, element(proto.code, generator.index))
    return interpreted(generator, item.tag, item.payload)


@function(export="ruff_interpreted")
def interpreted(generator: GeneratorObject, tag: i64, payload: i64) -> Value:
    """What the interpreter gave where it left the body: an item or, when that is over, UNBOUND or ERROR."""
    if i64(generator.flags) == SUSPENDED:
        return Value(tag, payload)
    generator.flags = u8(EXHAUSTED)
    generator.register_count = 0
    return Value(tag if tag == ERROR else i64(UNBOUND), 0)


@function
def _registers_in_use(generator: GeneratorObject, proto: Proto) -> i64:
    """How many registers mean something: before the body has begun, those of the parameters."""
    return proto.parameter_count if generator.index == START else proto.register_count


@function(cold=True, export="ruff_resume_failed")
def resume_failed(vm: VM, registers: Ptr[Value], generator: GeneratorObject, depth: i64) -> Value:
    """Compiled code found values of other kinds in the generator than it was made for."""
    proto = generator.function.proto
    vm.depth = depth
    vm.frame = registers
    copy_memory(registers, generator.registers, generator.register_count * 16)
    record_registers(proto, registers, _registers_in_use(generator, proto))
    count_exit(vm, proto, vm.depth, generator.index, GENERATOR_DIFFERS)
    return _go_on(vm, generator, proto, registers)
