"""Async functions and `await` as opcodes.

An async function is entered like any other; its first instruction makes a task of the rest.
"""

from __future__ import annotations

from rufflang.interpreter.call_depth import raise_depth
from rufflang.interpreter.calling import Step, failed_step
from rufflang.interpreter.control import return_value
from rufflang.interpreter.feedback import record_kind
from rufflang.interpreter.table import opcode
from rufflang.interpreter.tiering import locate_index
from rufflang.lowpy import (
    Ptr,
    address_of_function,
    call_pointer,
    cast,
    copy_memory,
    element,
    function,
    i64,
    null,
    stack_address,
    u64,
    unlikely,
    word,
)
from rufflang.runtime.frames import caller_registers, frame_function, set_native_header
from rufflang.runtime.objects import FunctionObject, TaskObject
from rufflang.runtime.promises import promise_value
from rufflang.runtime.tasks import await_value, new_task, start
from rufflang.runtime.values import ERROR, FUNCTION, Value, null_value
from rufflang.runtime.vm import VM


@function(export="ruff_call_async")
def call_async(vm: VM, registers: Ptr[Value], depth: i64, index: i64) -> Value:
    """A call of an async function, whose frame is ready, from compiled code."""
    vm.depth = depth
    vm.frame = registers
    promise = start_async(vm, registers, index)
    if unlikely(promise.tag == ERROR):
        locate_index(vm, registers, depth, 0)
    return promise


@function
def start_async(vm: VM, registers: Ptr[Value], index: i64) -> Value:
    """Runs the rest of an async function, from code word `index`, as a task; its promise, or ERROR."""
    closure = frame_function(registers)
    if unlikely(word(stack_address()) < word(vm.native_stack_limit)):
        return raise_depth(vm, closure.proto)
    callee = Value(FUNCTION, word(closure))
    task = new_task(vm, address_of_function(_run_body), callee, null_value(), index)
    # This frame is the call, which the task itself counts.
    task.starting_frame = caller_registers(registers)
    if not start(vm, task):
        return Value(ERROR, 0)
    return promise_value(task.promise)


@function
def _run_body(vm: VM, task: TaskObject) -> Value:
    """What the task does: takes the arguments over from the frame of the call, and interprets the body."""
    arguments = task.frame
    proto = cast(FunctionObject, task.callee.payload).proto
    registers = element(vm.stack_base, 2)
    if unlikely(word(element(registers, proto.register_count)) > word(vm.stack_limit)):
        return raise_depth(vm, proto)
    registers[-2] = task.callee
    copy_memory(registers, arguments, proto.parameter_count * 16)
    set_native_header(registers, null(Ptr[Value]), null(Ptr[u64]))
    vm.frame = registers
    vm.depth += 1
    result: Value = call_pointer(Value, vm.interpret, vm, registers, element(proto.code, task.number))
    return result


@opcode("ASYNC")
@function
def async_opcode(vm: VM, registers: Ptr[Value], after: Ptr[u64]) -> Step:
    index = (word(after) - word(frame_function(registers).proto.code)) >> 3
    promise = start_async(vm, registers, index)
    if promise.tag == ERROR:
        return failed_step()
    return return_value(vm, registers, promise)


@opcode("AWAIT", without_feedback=await_value)
@function
def await_opcode(vm: VM, value: Value, cache: Ptr[u64]) -> Value:
    outcome = await_value(vm, value)
    if outcome.tag != ERROR:
        record_kind(cache, outcome)
    return outcome
