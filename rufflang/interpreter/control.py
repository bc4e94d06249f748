"""Jumps, loops, calls and returns as opcodes."""

from __future__ import annotations

from rufflang.interpreter.calling import (
    Step,
    call,
    call_builtin,
    call_function,
    call_other,
    failed_step,
    put_callee,
    raise_function_arity,
    take_apart,
)
from rufflang.interpreter.feedback import record_asking_method, record_kind
from rufflang.interpreter.members import find_member, is_callable, member_is_method, raise_pipe
from rufflang.interpreter.shape_cache import known_method, learn_method
from rufflang.interpreter.table import opcode
from rufflang.interpreter.unwinding import unwind
from rufflang.lowpy import (
    Ptr,
    call_pointer,
    cast,
    element,
    field_address,
    function,
    i64,
    is_null,
    likely,
    null,
    u32,
    u64,
    unlikely,
    volatile_load,
    word,
)
from rufflang.runtime.errors import raise_message
from rufflang.runtime.frame_checks import ENTERING_LOOP, LEAVING_LOOP, check_frame, checks_itself
from rufflang.runtime.frames import caller_registers, entered_natively, frame_proto, return_address
from rufflang.runtime.host_calls import call_host
from rufflang.runtime.iterators import next_option
from rufflang.runtime.objects import FunctionObject, StringObject, StructObject
from rufflang.runtime.safepoints import loop_must_stop, stop_requested
from rufflang.runtime.structs_layout import shape_of
from rufflang.runtime.truth import truthy
from rufflang.runtime.values import ERROR, EXIT, FUNCTION, GENERATOR, NULL, STRUCT, Value
from rufflang.runtime.vm import VM

# The cache word of a LOOP: the rounds in the lower half, the number of the loop among those of its chunk, from 1,
# and whether code was asked for.
LOOP_NUMBER = 0x7FFFFFFF << 32
LOOP_ASKED = 1 << 63

ROUNDS_BETWEEN = 1000
"""After so many rounds a hot loop looks whether there is code for it; who installs that makes it look at once."""


@opcode("JUMP")
@function
def jump(vm: VM) -> bool:
    return True


@opcode("JUMP_IF")
@function
def jump_if(vm: VM, condition: Value) -> bool:
    return truthy(condition)


@opcode("JUMP_IF_NOT")
@function
def jump_if_not(vm: VM, condition: Value) -> bool:
    return not truthy(condition)


@opcode("JUMP_IF_NULL")
@function
def jump_if_null(vm: VM, value: Value) -> bool:
    return value.tag == NULL


@opcode("JUMP_IF_NOT_NULL")
@function
def jump_if_not_null(vm: VM, value: Value) -> bool:
    return value.tag != NULL


@function
def leave(vm: VM, result: Value) -> Step:
    """Ends this activation of the interpreter with a result (or ERROR)."""
    vm.leaving = result
    return Step(null(Ptr[u64]), vm.stack_base, null(Ptr[Value]))


@opcode("LOOP")
@function
def loop(
    vm: VM, registers: Ptr[Value], constants: Ptr[Value], code: Ptr[u64], target: Ptr[u64], cache: Ptr[u64]
) -> Step:
    if unlikely(volatile_load(cast(Ptr[i64], field_address(vm, "interrupt"))) != 0):
        if loop_must_stop(vm):
            return failed_step()
    count = cache[0] + 1
    cache[0] = count
    if unlikely(i64(u32(count)) >= vm.loop_threshold):
        return hot_loop(vm, registers, constants, code, target, cache)
    return Step(target, registers, constants)


@function(cold=True)
def hot_loop(
    vm: VM, registers: Ptr[Value], constants: Ptr[Value], code: Ptr[u64], target: Ptr[u64], cache: Ptr[u64]
) -> Step:
    """Asks for a compiled loop once, or runs the one there is."""
    proto = frame_proto(registers)
    if (cache[0] & u64(LOOP_ASKED)) == 0 and not is_null(vm.jit_request):
        cache[0] = cache[0] | u64(LOOP_ASKED)
        call_host(vm, vm.jit_request, proto.number, (word(code) - word(proto.code)) >> 3, word(registers))
    number = i64((cache[0] & u64(LOOP_NUMBER)) >> 32)
    if number == 0 or is_null(proto.loop_entries[number - 1]):
        # Looks again after some rounds: until there is code, most of them should cost nothing.
        again = vm.loop_threshold - ROUNDS_BETWEEN if vm.loop_threshold > ROUNDS_BETWEEN else i64(0)
        cache[0] = (cache[0] >> 32 << 32) | u64(again)
        return Step(target, registers, constants)
    # The rounds of loops that are left again and again must not run over into its number.
    cache[0] = (cache[0] >> 32 << 32) | u64(vm.loop_threshold)
    if checks_itself(vm):
        check_frame(vm, registers, target, ENTERING_LOOP)
    depth = vm.depth
    result: Value = call_pointer(Value, proto.loop_entries[number - 1], vm, registers)
    vm.frame = registers
    vm.depth = depth  # a call that went on interpreted may have left its own
    if result.tag == EXIT:
        if checks_itself(vm):
            check_frame(vm, registers, cast(Ptr[u64], result.payload), LEAVING_LOOP)
        return Step(cast(Ptr[u64], result.payload), registers, constants)
    if result.tag == ERROR:
        step = unwind(vm, registers, cast(Ptr[u64], result.payload))
        return leave(vm, Value(ERROR, 0)) if is_null(step.code) else step
    return return_value(vm, registers, result)


@opcode("RETURN")
@function
def return_value(vm: VM, registers: Ptr[Value], value: Value) -> Step:
    if entered_natively(registers):
        return leave(vm, value)
    after = return_address(registers)
    record_kind(element(after, -1), value)
    registers[-2] = value
    vm.depth -= 1
    caller = caller_registers(registers)
    vm.frame = caller
    return Step(after, caller, frame_proto(caller).constants)


@opcode("RETURN_NULL")
@function
def return_null(vm: VM, registers: Ptr[Value]) -> Step:
    return return_value(vm, registers, Value(NULL, 0))


@opcode("CALL")
@function
def call_opcode(
    vm: VM,
    registers: Ptr[Value],
    window: Ptr[Value],
    count: i64,
    held: i64,
    after: Ptr[u64],
    constants: Ptr[Value],
    cache: Ptr[u64],
) -> Step:
    if window[0].tag == FUNCTION:
        proto = cast(FunctionObject, window[0].payload).proto
        if i64(cache[0] >> 32) != proto.number:
            note_callee(cache, proto.number)
        if proto.parameter_count == count:
            return call_function(vm, registers, window, proto, held, after, constants)
    return call_other(vm, registers, window, count, held, after, constants)


SEVERAL = 0xFFFFFFFF


@function
def note_callee(cache: Ptr[u64], number: i64) -> None:
    """Remembers the called chunk in bits 32-63; all ones once there were several."""
    known = cache[0] >> 32
    kept = cache[0] & u64(0xFFFFFFFF)
    cache[0] = kept | ((u64(number) if known == 0 else u64(SEVERAL)) << 32)


@opcode("CALL_METHOD")
@function
def call_method(
    vm: VM,
    registers: Ptr[Value],
    window: Ptr[Value],
    name: StringObject,
    count: i64,
    after: Ptr[u64],
    constants: Ptr[Value],
    cache: Ptr[u64],
) -> Step:
    receiver = window[2]
    held = i64(cache[0] & u64(0xFFFF))
    if receiver.tag == STRUCT:
        instance = cast(StructObject, receiver.payload)
        method = known_method(vm, cache, shape_of(instance))
        if likely(not is_null(method)):
            put_callee(window, Value(FUNCTION, word(method)))
            proto = method.proto
            if unlikely(proto.parameter_count != count + 1):
                return raise_function_arity(vm, proto, count + 1)
            return call_function(vm, registers, window, proto, held, after, constants)
    return call_method_other(vm, registers, window, name, count, held, after, constants, cache)


@function
def call_method_other(
    vm: VM,
    registers: Ptr[Value],
    window: Ptr[Value],
    name: StringObject,
    count: i64,
    held: i64,
    after: Ptr[u64],
    constants: Ptr[Value],
    cache: Ptr[u64],
) -> Step:
    """A member call that the inline cache does not know (`language` 5.8)."""
    if window[2].tag == GENERATOR and count == 0 and name == vm.next_name:
        return _ask(vm, registers, window, after, constants, cache)
    if window[2].tag == STRUCT:
        instance = cast(StructObject, window[2].payload)
        learn_method(vm, cache, instance, name)
    found = find_member(vm, window[2], name)
    if found.tag == ERROR:
        return failed_step()
    window[0] = found
    if member_is_method(vm, window[2], name, found):
        if found.tag == FUNCTION and cast(FunctionObject, found.payload).proto.parameter_count != count + 1:
            return raise_function_arity(vm, cast(FunctionObject, found.payload).proto, count + 1)
        return call(vm, registers, window, count + 1, held, after, constants)
    for index in range(count):
        window[2 + index] = window[3 + index]
    return call(vm, registers, window, count, held >> 1, after, constants)


@function
def _ask(
    vm: VM, registers: Ptr[Value], window: Ptr[Value], after: Ptr[u64], constants: Ptr[Value], cache: Ptr[u64]
) -> Step:
    """`next()` of a generator, which is not looked up by its name."""
    record_asking_method(cache)
    if unlikely(vm.interrupt != 0) and stop_requested(vm):
        return failed_step()
    option = next_option(vm, window[2])
    if option.tag == ERROR:
        return failed_step()
    record_kind(element(after, -1), option)
    window[0] = option
    return Step(after, registers, constants)


@opcode("CALL_BUILTIN")
@function
def call_builtin_opcode(
    vm: VM, arguments: Ptr[Value], number: i64, count: i64, cache: Ptr[u64]
) -> Value:
    result = call_builtin(vm, arguments, number, count, i64(cache[0] & u64(0xFFFF)))
    record_kind(cache, result)
    return result


@opcode("TAKE_APART")
@function
def take_apart_opcode(vm: VM, arguments: Ptr[Value], number: i64, count: i64, cache: Ptr[u64]) -> Value:
    rest = take_apart(vm, arguments, number, count, i64(cache[0] & u64(0xFFFF)))
    if rest.tag != ERROR:
        record_kind(cache, arguments[1])
    return rest


@opcode("CHECK_PIPE")
@function
def check_pipe(vm: VM, callee: Value) -> Value:
    if not is_callable(callee):
        return raise_pipe(vm)
    return callee


@opcode("RAISE")
@function
def raise_constant(vm: VM, message: StringObject) -> Value:
    return raise_message(vm, message)
