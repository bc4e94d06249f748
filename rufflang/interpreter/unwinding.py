"""Errors on their way: completing the error object, and finding its handler.

A runtime function that fails leaves only a message.  The first frame that sees the
error in flight adds where it happened and the call stack (`locate`); then frames are
popped until one has a handler for the instruction it was executing.
"""

from __future__ import annotations

from rufflang.bytecode.positions import HIDDEN, LINE_SHIFT
from rufflang.interpreter.call_depth import is_call
from rufflang.interpreter.calling import Step
from rufflang.lowpy import Ptr, cast, element, function, i64, is_null, null, u64, word
from rufflang.runtime.arrays import array_words, new_array, new_packed
from rufflang.runtime.errors import take_error
from rufflang.runtime.frames import caller_registers, entered_natively, frame_proto, return_address
from rufflang.runtime.objects import ArrayObject, Proto, StructObject
from rufflang.runtime.profile import is_profiled, note_failed
from rufflang.runtime.safepoints import FATAL_EXIT, FATAL_INTERRUPT
from rufflang.runtime.structs import new_instance
from rufflang.runtime.structs_layout import field_value, set_field_value
from rufflang.runtime.throwing import position_of_line
from rufflang.runtime.values import ARRAY, INT, STRING, STRUCT, UNBOUND, Value
from rufflang.runtime.vm import VM

# Fields of the built-in struct `Error`.
MESSAGE_FIELD = 0
STACK_FIELD = 1
LINE_FIELD = 2
CAUSE_FIELD = 3


@function
def instruction_index(proto: Proto, code: Ptr[u64]) -> i64:
    """The word number of an instruction in its chunk."""
    return (word(code) - word(proto.code)) >> 3


@function
def call_stack(vm: VM, registers: Ptr[Value]) -> ArrayObject:
    """Names of the active functions, outermost first."""
    count = 0
    frame = registers
    while not is_null(frame):
        proto = frame_proto(frame)
        if is_call(proto):
            count += 1
        frame = caller_registers(frame)
    if count == 0:
        return new_array(vm, 0)
    names = new_packed(vm, STRING, count)
    frame = registers
    while not is_null(frame):
        proto = frame_proto(frame)
        if is_call(proto):
            count -= 1
            array_words(names)[count] = word(proto.name)
        frame = caller_registers(frame)
    return names


@function
def note_position(vm: VM, registers: Ptr[Value], code: Ptr[u64]) -> None:
    """Notes in the VM the place (see `bytecode.positions`) of the innermost instruction that the user wrote."""
    frame = registers
    address = code
    while not is_null(frame):
        proto = frame_proto(frame)
        if proto.hidden != HIDDEN:
            if not is_null(address):
                vm.error_position = i64(proto.positions[instruction_index(proto, address)])
                vm.error_proto = proto
            return
        address = return_address(frame)
        frame = caller_registers(frame)
        if not is_null(address):
            address = element(address, -1)


@function
def complete_position(vm: VM, registers: Ptr[Value], code: Ptr[u64]) -> None:
    """Adds the place of an error raised in a hidden frame that compiled code had called."""
    error = cast(StructObject, vm.error.payload)
    line = field_value(error, LINE_FIELD)
    if vm.error_line.tag != INT and line.tag == INT and line.payload == 0:
        note_position(vm, registers, code)
        set_field_value(error, LINE_FIELD, Value(INT, vm.error_position >> LINE_SHIFT))


@function(cold=True, export="ruff_locate_error")
def locate(vm: VM, registers: Ptr[Value], code: Ptr[u64]) -> None:
    """Completes the error in flight, raised by this instruction, unless that was done before."""
    if vm.error_is_fatal == FATAL_INTERRUPT or vm.error_is_fatal == FATAL_EXIT:
        return
    if vm.error.tag != UNBOUND:
        if vm.error_position == 0:
            complete_position(vm, registers, code)
        return
    note_position(vm, registers, code)
    error = new_instance(vm, vm.error_definition)
    vm.error = Value(STRUCT, word(error))
    set_field_value(error, MESSAGE_FIELD, Value(STRING, word(vm.error_message)))
    given = vm.error_stack
    stack = given if given.tag == ARRAY else Value(ARRAY, word(call_stack(vm, registers)))
    set_field_value(error, STACK_FIELD, stack)
    line = Value(INT, vm.error_position >> LINE_SHIFT)
    if vm.error_line.tag == INT and vm.error_line.payload != line.payload:
        line = vm.error_line
        vm.error_position = position_of_line(line.payload)
    set_field_value(error, LINE_FIELD, line)
    set_field_value(error, CAUSE_FIELD, vm.error_cause)


@function
def find_handler(proto: Proto, index: i64) -> i64:
    """Position in the handler table of the innermost handler around an instruction, or -1."""
    for number in range(proto.handler_count):
        if proto.handlers[number * 4] <= index and index < proto.handlers[number * 4 + 1]:
            return number * 4
    return -1


@function(cold=True)
def unwind(vm: VM, registers: Ptr[Value], code: Ptr[u64]) -> Step:
    """Where to go on after the instruction at `code` failed; null when native code called."""
    if is_profiled(vm):
        note_failed(vm, registers, code)
    locate(vm, registers, code)
    frame = registers
    address = code
    while True:
        proto = frame_proto(frame)
        found = find_handler(proto, instruction_index(proto, address))
        if found >= 0 and vm.error_is_fatal == 0:
            vm.frame = frame
            frame[proto.handlers[found + 3]] = take_error(vm)
            return Step(element(proto.code, proto.handlers[found + 2]), frame, proto.constants)
        if entered_natively(frame):
            return Step(null(Ptr[u64]), frame, null(Ptr[Value]))
        vm.depth -= 1
        address = element(return_address(frame), -1)
        frame = caller_registers(frame)
