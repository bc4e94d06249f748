"""Calls: entering functions from bytecode, and calling Ruff values from native code.

A call either pushes a frame, so that the interpreter goes on inside the callee
(`enter`), or runs native code to its end and goes on after the instruction.  `Step`
tells the handler which.
"""

from __future__ import annotations

from rufflang.interpreter.call_depth import may_call, raise_depth
from rufflang.interpreter.feedback import record_kind, record_parameters
from rufflang.interpreter.sharing_arguments import share_arguments
from rufflang.lowpy import (
    Ptr,
    Raised,
    Record,
    call_pointer,
    cast,
    copy_memory,
    element,
    function,
    i64,
    is_null,
    literal,
    literal_size,
    null,
    stack_address,
    u64,
    unlikely,
    word,
)
from rufflang.runtime.builtins.parts import Parts, rest_of, taken_of
from rufflang.runtime.collector_roots import forget_dead_frames
from rufflang.runtime.errors import raise_message, raise_text
from rufflang.runtime.frame_checks import ENTERING_FUNCTION, check_frame, check_result, checks_itself
from rufflang.runtime.frames import frames_end, set_header, set_native_header
from rufflang.runtime.host_calls import call_host, call_host_for_object
from rufflang.runtime.objects import FunctionObject, Proto, StringObject
from rufflang.runtime.safepoints import stop_requested
from rufflang.runtime.text_builder import (
    builder_append,
    builder_append_int,
    builder_append_string,
    builder_finish,
    builder_new,
)
from rufflang.runtime.values import ERROR, FUNCTION, NATIVE, UNBOUND, Value
from rufflang.runtime.vm import VM, Builtin

NOT_CALLABLE = (
    "Cannot call non-function; the value being called is not callable. "
    "Pass a function, closure, or imported callable value instead."
)
SAMPLES = 15  # calls before the one that meets the threshold in which the kinds of arguments are noted
SAMPLING_PERIOD = 61  # after it, one in so many; a prime, so that no rhythm of the program's hides a kind
DENIAL = 4  # operation of `VM.host_text`: the message for a denied builtin


class Step(Record):
    """Where the interpreter goes on.  A null `code` means: an error is in flight."""

    raised = (0, 0, 0)

    code: Ptr[u64]
    registers: Ptr[Value]
    constants: Ptr[Value]


@function(inline=True)
def failed_step() -> Step:
    return Step(null(Ptr[u64]), null(Ptr[Value]), null(Ptr[Value]))


@function(cold=True)
def raise_not_callable(vm: VM) -> Raised:
    return raise_text(vm, literal(NOT_CALLABLE), literal_size(NOT_CALLABLE))


@function(cold=True)
def raise_arity(vm: VM, name: StringObject, minimum: i64, maximum: i64, given: i64, singular: bool) -> Raised:
    """`<name> expects <n> arguments, got <m>`; a maximum of -1 means "at least"."""
    text = builder_new(vm)
    builder_append_string(vm, text, name)
    builder_append(vm, text, literal(" expects "), literal_size(" expects "))
    if maximum < 0:
        builder_append(vm, text, literal("at least "), literal_size("at least "))
    builder_append_int(vm, text, minimum)
    if maximum > minimum:
        builder_append(vm, text, literal(" to "), literal_size(" to "))
        builder_append_int(vm, text, maximum)
    builder_append(vm, text, literal(" argument"), literal_size(" argument"))
    if not (singular and minimum == 1 and maximum == 1):
        builder_append(vm, text, literal("s"), 1)
    builder_append(vm, text, literal(", got "), literal_size(", got "))
    builder_append_int(vm, text, given)
    return raise_message(vm, builder_finish(vm, text))


@function(cold=True)
def raise_function_arity(vm: VM, proto: Proto, given: i64) -> Raised:
    """Wrong argument count for a Ruff function; counts exclude the receiver."""
    expected = proto.parameter_count - proto.has_receiver
    return raise_arity(vm, proto.name, expected, expected, given - proto.has_receiver, False)


@function(cold=True)
def count_reached(vm: VM, proto: Proto, arguments: Ptr[Value]) -> None:
    """Counts a call, notes the kinds of its arguments, and asks for code when the threshold is met.

    That is done in the last calls before the threshold and, as code is not made at once, in some after it: one call
    says little about a function that takes arguments of several kinds.
    """
    proto.call_count += 1
    record_parameters(proto, arguments)
    if proto.is_hot == 0 and proto.call_count < vm.call_threshold:
        return
    proto.call_count = vm.sampling_threshold - SAMPLING_PERIOD
    if proto.is_hot == 0 and not is_null(vm.jit_request):
        proto.is_hot = 1
        call_host(vm, vm.jit_request, proto.number, -1, 0)


@function(inline=True)
def enter(vm: VM, registers: Ptr[Value], window: Ptr[Value], proto: Proto, after: Ptr[u64]) -> Step:
    """Pushes the frame of an interpreted call whose arguments stand in `window[2]` and on.

    What is rare is asked for before anything is written, so that handlers need no frame (see `generator`).
    """
    callee = element(window, 2)
    if unlikely(vm.depth >= vm.call_limit):
        if not may_call(vm, proto):
            return failed_step()
    if unlikely(word(element(callee, proto.register_count)) > word(vm.stack_limit)):
        return raise_depth(vm, proto)
    if unlikely(proto.call_count >= vm.sampling_threshold - 1):
        count_reached(vm, proto, callee)
    else:
        proto.call_count += 1
    vm.depth += 1
    set_header(callee, registers, after)
    vm.frame = callee
    return Step(proto.code, callee, proto.constants)


@function(cold=True)
def report_entry(vm: VM, proto: Proto, callee: Ptr[Value]) -> None:
    """A compiled function is about to be called: says so, or checks that all is in order."""
    if not is_null(vm.jit_entered):
        call_host(vm, vm.jit_entered, proto.number, 0, 0)
    if checks_itself(vm):
        check_frame(vm, callee, proto.code, ENTERING_FUNCTION)


@function(cold=True)
def run_watched(vm: VM, proto: Proto, callee: Ptr[Value]) -> Value:
    """Runs a compiled function that is watched: what it gives is checked too."""
    report_entry(vm, proto, callee)
    result: Value = call_pointer(Value, proto.entry, vm, callee)
    if checks_itself(vm) and result.tag != ERROR:
        check_result(vm, callee, result)
    return result


@function
def call_compiled(vm: VM, registers: Ptr[Value], window: Ptr[Value], proto: Proto, after: Ptr[u64]) -> Value:
    """Runs a compiled function on the arguments in its window."""
    callee = element(window, 2)
    if unlikely(vm.depth >= vm.call_limit):
        if not may_call(vm, proto):
            return Value(ERROR, 0)
    if unlikely(word(element(callee, proto.register_count)) > word(vm.stack_limit)):
        return raise_depth(vm, proto)
    if unlikely(word(stack_address()) < word(vm.native_stack_limit)):
        return raise_depth(vm, proto)
    depth = vm.depth
    vm.depth = depth + 1
    set_native_header(callee, registers, after)
    vm.frame = callee
    if unlikely(vm.watches_entries != 0):
        result = run_watched(vm, proto, callee)
    else:
        result = call_pointer(Value, proto.entry, vm, callee)
    forget_dead_frames()
    vm.frame = registers
    vm.depth = depth
    return result


@function(inline=True)
def put_callee(window: Ptr[Value], callee: Value) -> None:
    """Puts what is called into its place in the window, which nobody has read yet."""
    window[0] = callee


@function(inline=True)
def call_function(
    vm: VM, registers: Ptr[Value], window: Ptr[Value], proto: Proto, held: i64, after: Ptr[u64], constants: Ptr[Value]
) -> Step:
    """Calls a Ruff function whose argument count has been checked."""
    kept = held & ~proto.lent
    if unlikely(kept != 0):
        share_arguments(element(window, 2), kept)
    if is_null(proto.entry):
        return enter(vm, registers, window, proto, after)
    result = call_compiled(vm, registers, window, proto, after)
    if unlikely(result.tag == ERROR):
        return failed_step()
    record_kind(element(after, -1), result)
    window[0] = result
    return Step(after, registers, constants)


@function(inline=True)
def call(
    vm: VM, registers: Ptr[Value], window: Ptr[Value], count: i64, held: i64, after: Ptr[u64], constants: Ptr[Value]
) -> Step:
    """Calls the value in `window[0]` with the arguments from `window[2]` on."""
    if window[0].tag == FUNCTION:
        proto = cast(FunctionObject, window[0].payload).proto
        if proto.parameter_count == count:
            return call_function(vm, registers, window, proto, held, after, constants)
    return call_other(vm, registers, window, count, held, after, constants)


@function(cold=True)
def call_other(
    vm: VM, registers: Ptr[Value], window: Ptr[Value], count: i64, held: i64, after: Ptr[u64], constants: Ptr[Value]
) -> Step:
    """Calls a builtin, or explains why this cannot be called."""
    callee = window[0]
    if callee.tag == NATIVE:
        result = call_builtin(vm, element(window, 2), callee.payload, count, held)
        if result.tag == ERROR:
            return failed_step()
        record_kind(element(after, -1), result)
        window[0] = result
        return Step(after, registers, constants)
    if callee.tag == FUNCTION:
        return raise_function_arity(vm, cast(FunctionObject, callee.payload).proto, count)
    return raise_not_callable(vm)


@function
def call_builtin(vm: VM, arguments: Ptr[Value], number: i64, count: i64, held: i64) -> Value:
    """Runs a builtin on arguments of which `held` tells who else holds them."""
    builtin = vm.builtins[number]
    if unlikely(not prepare_builtin(vm, builtin, arguments, count, held)):
        return Value(ERROR, 0)
    if unlikely(builtin.closure.tag != UNBOUND):
        return call_value(vm, builtin.closure, arguments, count)
    if unlikely(builtin.is_host != 0):
        return call_host(vm, vm.host_call, number, word(arguments), count)
    answer: Value = call_pointer(Value, builtin.code, vm, arguments, count)
    return answer


@function(inline=True)
def take_apart(vm: VM, arguments: Ptr[Value], number: i64, count: i64, held: i64) -> Value:
    """As `call_builtin`, for a builtin that gives parts: gives the first, and writes the second to `arguments[1]`.

    It is part of the handler, where values are copied in words (see `generator`): the parts were just written so.
    """
    builtin = vm.builtins[number]
    if unlikely(not prepare_builtin(vm, builtin, arguments, count, held)):
        return Value(ERROR, 0)
    parts: Parts = call_pointer(Parts, builtin.parts, vm, arguments, count)
    arguments[1] = taken_of(parts)
    return rest_of(parts)


@function(inline=True)
def prepare_builtin(vm: VM, builtin: Builtin, arguments: Ptr[Value], count: i64, held: i64) -> bool:
    """Checks that a builtin may be called with so many arguments, and marks those it may keep; False for an error."""
    if unlikely(vm.interrupt != 0) and stop_requested(vm):
        return False
    if unlikely(count < builtin.minimum or (count > builtin.maximum and builtin.maximum >= 0)):
        if builtin.is_denied != 0:
            raise_denied(vm, builtin)
            return False
        if builtin.arity_style != 2:
            raise_builtin_arity(vm, builtin, count)
            return False
    kept = held & ~builtin.lent
    if kept != 0:
        share_arguments(arguments, kept)
    return True


@function(cold=True)
def raise_denied(vm: VM, builtin: Builtin) -> Raised:
    """The capability policy refuses this builtin; the host, which knows the policy, words the message."""
    return raise_message(vm, cast(StringObject, call_host_for_object(vm, vm.host_text, DENIAL, word(builtin.name), 0)))


@function(cold=True)
def raise_builtin_arity(vm: VM, builtin: Builtin, count: i64) -> Raised:
    return raise_arity(vm, builtin.name, builtin.minimum, builtin.maximum, count, builtin.arity_style == 1)


@function
def run_window(vm: VM, registers: Ptr[Value], window: Ptr[Value], proto: Proto) -> Value:
    """Runs a Ruff function, compiled or interpreted, to its end on the arguments in its window."""
    if not is_null(proto.entry):
        return call_compiled(vm, registers, window, proto, null(Ptr[u64]))
    if word(stack_address()) < word(vm.native_stack_limit):
        return raise_depth(vm, proto)
    depth = vm.depth
    step = enter(vm, registers, window, proto, null(Ptr[u64]))
    if is_null(step.code):
        return Value(ERROR, 0)
    set_native_header(step.registers, registers, null(Ptr[u64]))
    result: Value = call_pointer(Value, vm.interpret, vm, step.registers, step.code)
    vm.depth = depth
    vm.frame = registers
    return result


@function(export="ruff_call_value")
def call_value(vm: VM, callee: Value, arguments: Ptr[Value], count: i64) -> Value:
    """Calls any value from native code, with arguments that others may still hold."""
    if callee.tag == NATIVE:
        return call_builtin(vm, arguments, callee.payload, count, -1)
    if callee.tag != FUNCTION:
        return raise_not_callable(vm)
    proto = cast(FunctionObject, callee.payload).proto
    if proto.parameter_count != count:
        return raise_function_arity(vm, proto, count)
    window = frames_end(vm)
    registers = vm.frame
    if word(element(window, count + 2)) > word(vm.stack_limit):
        return raise_depth(vm, proto)
    window[0] = callee
    copy_memory(element(window, 2), arguments, count * 16)
    share_arguments(element(window, 2), ~proto.lent & ((1 << count) - 1))
    return run_window(vm, registers, window, proto)


@function
def call_method_value(vm: VM, method: Value, receiver: Value, argument: Value, count: i64) -> Value:
    """Calls a struct's method with a receiver and `count` (0 or 1) arguments."""
    pair = vm.scratch
    pair[0] = receiver
    pair[1] = argument
    return call_value(vm, method, pair, count + 1)
