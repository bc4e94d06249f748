"""The C functions that compiled code uses to get out of itself.

Compiled code keeps registers in machine registers.  To leave, it writes the live ones back
into the frame, which has the interpreter's own layout, and into the VM where and why it leaves, and calls one of these.
"""

from __future__ import annotations

from rufflang.interpreter.call_depth import look_ahead, may_call, raise_depth, stacks_have_room
from rufflang.interpreter.calling import (
    call_builtin,
    raise_function_arity,
    raise_not_callable,
    run_window,
    take_apart,
)
from rufflang.interpreter.departures import (
    DEPARTURE_INDEX,
    DEPARTURE_PLACE,
    DEPARTURE_PLACES,
    DEPARTURE_REASON,
    FOR_NO_FAULT,
    NOTED,
    OTHER_KIND,
)
from rufflang.interpreter.feedback import record_kind, record_parameters
from rufflang.interpreter.members import find_member, member_is_method
from rufflang.interpreter.sharing_arguments import share_arguments
from rufflang.interpreter.unwinding import locate
from rufflang.lowpy import (
    Ptr,
    call_pointer,
    cast,
    element,
    function,
    i64,
    is_null,
    stack_address,
    u64,
    word,
)
from rufflang.runtime.errors import take_error
from rufflang.runtime.frame_checks import RAISING, SIDE_EXIT, check_callers, check_frame, checks_itself
from rufflang.runtime.frames import frame_proto
from rufflang.runtime.host_calls import call_host
from rufflang.runtime.objects import FunctionObject, Proto, StringObject
from rufflang.runtime.profile import is_profiled, note_exit, sample_compiled
from rufflang.runtime.values import ERROR, EXIT, FUNCTION, INT, NATIVE, Value
from rufflang.runtime.vm import NO_REASON, STOP_SAMPLE, VM

EXIT_LIMIT = 20
RECOMPILE = -2

# Why compiled code was left: something tested before an instruction, the kinds of arguments, or of what a
# generator kept.
ASSUMPTION_FAILED = -1
ARGUMENTS_DIFFER = -2
GENERATOR_DIFFERS = -3


@function
def count_exit(vm: VM, proto: Proto, depth: i64, index: i64, reason: i64) -> None:
    """Counts a failed speculation at an instruction; after some, asks for code with wider types.

    `depth` is that of the frame, `reason` is one of those above, or the kind of the instruction's unexpected result.
    """
    if is_profiled(vm):
        note_exit(vm, proto, index, reason)
    vm.depth = depth
    proto.exit_count += 1
    if proto.exit_count == EXIT_LIMIT and not is_null(vm.jit_request):
        call_host(vm, vm.jit_request, proto.number, RECOMPILE, 0)


@function
def go_on_interpreting(vm: VM, registers: Ptr[Value], depth: i64, index: i64) -> Value:
    """Runs the rest of a frame from code word `index` in the interpreter."""
    proto = frame_proto(registers)
    vm.depth = depth
    vm.frame = registers
    if word(stack_address()) < word(vm.native_stack_limit):
        return raise_depth(vm, proto)
    code = element(proto.code, index)
    if checks_itself(vm):
        check_frame(vm, registers, code, SIDE_EXIT)
    result: Value = call_pointer(Value, vm.interpret, vm, registers, code)
    return result


@function(inline=True)
def _note_failure(proto: Proto, place: i64, bits: u64) -> None:
    """Sets bits in the cache word at `place` of a frame's code, so that the same is not expected again."""
    proto.code[place] = proto.code[place] | bits


@function
def _account(vm: VM, proto: Proto, depth: i64, is_counted: bool) -> i64:
    """Notes why a frame is being left, and counts it; gives the code word at which the interpreter goes on.

    For what `VM.departure` and its detail say see `departures`.
    """
    index = vm.departure >> DEPARTURE_INDEX
    reason = vm.departure & DEPARTURE_REASON
    if reason == FOR_NO_FAULT:
        return index
    at = index
    cause = ASSUMPTION_FAILED
    if reason == OTHER_KIND:
        at = index - 1
        cause = vm.departure_detail
        record_kind(element(proto.code, at), Value(cause, 0))
    elif reason == NOTED:
        _note_failure(proto, vm.departure >> DEPARTURE_PLACE & DEPARTURE_PLACES, u64(vm.departure_detail))
    if is_counted:
        count_exit(vm, proto, depth, at, cause)
    elif is_profiled(vm):
        note_exit(vm, proto, at, cause)
    return index


@function(cold=True, export="ruff_exit")
def exit_function(vm: VM, registers: Ptr[Value], depth: i64) -> Value:
    """A compiled function is left as `VM.departure` says: runs the rest of the frame."""
    return go_on_interpreting(vm, registers, depth, _account(vm, frame_proto(registers), depth, True))


@function(cold=True, export="ruff_exit_inlined")
def exit_inlined(vm: VM, registers: Ptr[Value], depth: i64) -> Value:
    """As `ruff_exit` in a function that was inlined: the code that it is part of counts the exit."""
    return go_on_interpreting(vm, registers, depth, _account(vm, frame_proto(registers), depth, False))


@function(cold=True, export="ruff_leave")
def leave_loop(vm: VM, registers: Ptr[Value], depth: i64) -> Value:
    """A compiled loop gives control back as `VM.departure` says."""
    proto = frame_proto(registers)
    index = _account(vm, proto, depth, True)
    vm.depth = depth
    return Value(EXIT, word(element(proto.code, index)))


@function(cold=True, export="ruff_exit_entry")
def exit_at_entry(vm: VM, registers: Ptr[Value], depth: i64) -> Value:
    """The arguments are of other kinds than the code was compiled for."""
    proto = frame_proto(registers)
    record_parameters(proto, registers)
    count_exit(vm, proto, depth, 0, ARGUMENTS_DIFFER)
    return go_on_interpreting(vm, registers, depth, 0)


@function
def locate_index(vm: VM, registers: Ptr[Value], depth: i64, index: i64) -> i64:
    """Completes the error raised by the instruction at `index`; gives that instruction's address."""
    vm.depth = depth
    vm.frame = registers
    code = element(frame_proto(registers).code, index)
    if checks_itself(vm):
        check_callers(vm, registers, RAISING)
    locate(vm, registers, code)
    return word(code)


@function(cold=True, export="ruff_exit_raising")
def raise_in_code(vm: VM, registers: Ptr[Value], depth: i64) -> Value:
    """An error leaves compiled code at the instruction that `VM.departure` says: ERROR, with that one's address."""
    return Value(ERROR, locate_index(vm, registers, depth, vm.departure >> DEPARTURE_INDEX))


@function(cold=True, export="ruff_catch")
def catch_error(vm: VM, registers: Ptr[Value], depth: i64, index: i64) -> Value:
    """The error raised at `index` as a value for the frame's handler; ERROR when it cannot be caught."""
    locate_index(vm, registers, depth, index)
    if vm.error_is_fatal != 0:
        return Value(ERROR, 0)
    return take_error(vm)


@function(cold=True, export="ruff_may_call")
def may_call_directly(vm: VM, registers: Ptr[Value], depth: i64, proto: Proto) -> Value:
    """Decides about a direct call at the depth `VM.call_limit`; ERROR when it is refused."""
    vm.depth = depth
    vm.frame = registers
    return Value(INT if may_call(vm, proto) else ERROR, 0)


@function(cold=True, export="ruff_look_ahead")
def has_room_for_calls(vm: VM, registers: Ptr[Value], depth: i64, further: i64) -> Value:
    """Whether code may make a call, and others within it so many levels further, without asking; else ERROR.

    No error is in flight then: the interpreter, which is to go on, finds out what is the matter.
    """
    vm.depth = depth
    vm.frame = registers
    if (vm.interrupt & ~NO_REASON) == 0:
        if is_profiled(vm) and vm.interrupt != 0:
            sample_compiled(vm)
        if stacks_have_room(vm) and look_ahead(vm, further) and depth + further < vm.call_limit:
            return Value(INT, 0)
    return Value(ERROR, 0)


@function(cold=True, export="ruff_answer")
def answer_sample(vm: VM) -> Value:
    """A compiled loop finds `VM.interrupt` set: takes a sample; ERROR when there is something else to be done."""
    if (vm.interrupt & STOP_SAMPLE) != 0:
        sample_compiled(vm)
    return Value(INT if (vm.interrupt & ~NO_REASON) == 0 else ERROR, 0)


@function(export="ruff_call_window")
def call_window(vm: VM, registers: Ptr[Value], window: Ptr[Value], count: i64, held: i64) -> Value:
    """Calls `window[0]` with the arguments in the window; `vm.frame` and `vm.depth` are set."""
    callee = window[0]
    if callee.tag == NATIVE:
        return call_builtin(vm, element(window, 2), callee.payload, count, held)
    if callee.tag != FUNCTION:
        return raise_not_callable(vm)
    proto = cast(FunctionObject, callee.payload).proto
    if proto.parameter_count != count:
        return raise_function_arity(vm, proto, count)
    kept = held & ~proto.lent
    if kept != 0:
        share_arguments(element(window, 2), kept)
    return run_window(vm, registers, window, proto)


@function(export="ruff_call_method_window")
def call_method_window(
    vm: VM, registers: Ptr[Value], window: Ptr[Value], name: StringObject, count: i64, held: i64
) -> Value:
    """A member call: receiver in `window[2]`, arguments after it."""
    found = find_member(vm, window[2], name)
    if found.tag == ERROR:
        return found
    window[0] = found
    if member_is_method(vm, window[2], name, found):
        return call_window(vm, registers, window, count + 1, held)
    for index in range(count):
        window[2 + index] = window[3 + index]
    return call_window(vm, registers, window, count, held >> 1)


@function(export="ruff_take_apart")
def take_apart_from_code(vm: VM, arguments: Ptr[Value], number: i64, count: i64, held: i64) -> Value:
    """`take_apart` for compiled code; the interpreter has it in its handler."""
    return take_apart(vm, arguments, number, count, held)
