"""The VM checks itself where one way of running hands over to another.

Where compiled code is entered or left, and where a generator or task is suspended or goes on, the
frame has to be well formed: every register that is still wanted holds a proper value, frame
headers lead from each frame to its caller, `VM.depth` is their number.  A mistake made in
compiled code is found here, at the next such place, rather than long after as a crash.

All of this happens only if `VM.host_liveness` is set (`RUFFLANG_JIT_CHECK`).  That function of the host
says which registers are wanted at an instruction; `VM.host_violation` reports what is wrong and
does not return.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, element, function, i64, is_null, u8, u64, word
from rufflang.runtime.frames import caller_registers, frame_proto, return_address
from rufflang.runtime.heap_system import system_calloc
from rufflang.runtime.host_calls import call_host
from rufflang.runtime.objects import FunctionObject, GeneratorObject, Proto
from rufflang.runtime.value_checks import cell_problem, value_problem
from rufflang.runtime.values import FUNCTION, Value
from rufflang.runtime.vm import VM

# Where the check takes place; `host.self_checks` words these.
ENTERING_FUNCTION = 0
LEAVING_FUNCTION = 1
ENTERING_LOOP = 2
LEAVING_LOOP = 3
SIDE_EXIT = 4
RAISING = 5
LEAVING_GENERATOR = 6
ENTERING_GENERATOR = 7
LEAVING_TASK = 8
ENTERING_TASK = 9

# What is wrong with a frame; the numbers below are those of `value_checks`.
BAD_CLOSURE = 20
UNKNOWN_CODE = 21
BAD_CALLER = 22
WRONG_DEPTH = 23
WRONG_FRAME = 24
OUTSIDE_CODE = 25

LONGEST_CHAIN = 16  # frames that are looked at; where there are more, their number is not compared
NO_REGISTER = -1


@function(inline=True)
def checks_itself(vm: VM) -> bool:
    """Whether the VM is to check itself."""
    return not is_null(vm.host_liveness)


@function(cold=True)
def _violation(vm: VM, event: i64, proto: Proto, index: i64, problem: i64, register: i64, value: Value) -> None:
    """Tells the host, which ends the process."""
    details = cast(Ptr[i64], system_calloc(5, 8))
    details[0] = event
    details[1] = problem
    details[2] = register
    details[3] = value.tag
    details[4] = value.payload
    number = i64(-1) if is_null(proto) else proto.index
    call_host(vm, vm.host_violation, number, index, word(details))


@function
def _wanted(vm: VM, proto: Proto, index: i64) -> Ptr[u64]:
    """A bit for each register that is wanted before code word `index`; asked once for each."""
    if is_null(proto.liveness):
        proto.liveness = cast(Ptr[Ptr[u64]], system_calloc(proto.code_length + 1, 8))
    words = proto.liveness[index]
    if is_null(words):
        words = cast(Ptr[u64], system_calloc((proto.register_count >> 6) + 1, 8))
        call_host(vm, vm.host_liveness, proto.index, index, word(words))
        proto.liveness[index] = words
    return words


@function
def _check_registers(
    vm: VM, event: i64, proto: Proto, registers: Ptr[Value], code: Ptr[u64], excepted: i64
) -> None:
    """The registers wanted at `code`, but for one that is about to be written."""
    index = (word(code) - word(proto.code)) >> 3
    if index < 0 or index >= proto.code_length:
        _violation(vm, event, proto, index, OUTSIDE_CODE, NO_REGISTER, Value(0, 0))
        return
    wanted = _wanted(vm, proto, index)
    for number in range(proto.register_count):
        if (wanted[number >> 6] >> u64(number & 63)) & u64(1) != 0 and number != excepted:
            problem = value_problem(vm, registers[number])
            if problem != 0:
                _violation(vm, event, proto, index, problem, number, registers[number])


@function
def _header_problem(vm: VM, frame: Ptr[Value]) -> i64:
    """What is wrong with the header of a frame."""
    if word(frame) <= word(vm.stack_base) or word(frame) >= word(vm.stack_limit):
        return BAD_CALLER
    if cell_problem(vm, frame[-2].payload, FUNCTION) != 0:
        return BAD_CLOSURE
    proto = cast(FunctionObject, frame[-2].payload).proto
    if u64(proto.index) >= u64(vm.proto_count) or word(vm.protos[proto.index]) != word(proto):
        return UNKNOWN_CODE
    return BAD_CALLER if word(caller_registers(frame)) >= word(frame) else i64(0)


@function
def _is_depth(vm: VM, count: i64) -> bool:
    """Whether `VM.depth` is right for so many frames."""
    if is_null(vm.task):
        return vm.depth == count - 1  # the top level is no call
    # Native code that was left while its starter was active goes on with a depth that counts that too.
    return vm.depth == count + vm.task.inherited_depth or (is_null(vm.task.starter) and vm.depth == count)


@function
def check_callers(vm: VM, registers: Ptr[Value], event: i64) -> None:
    """The headers of this frame and of those that called it, their number, and what interpreted callers hold."""
    frame = registers
    count = 0
    while not is_null(frame) and count < LONGEST_CHAIN:
        problem = _header_problem(vm, frame)
        if problem != 0:
            _violation(vm, event, cast(Proto, 0), 0, problem, NO_REGISTER, frame[-2])
        caller = caller_registers(frame)
        after = return_address(frame)
        # Where the return address is known, the caller is being interpreted: its registers are in memory.
        if not is_null(caller) and not is_null(after):
            result = ((word(frame) - word(caller)) >> 4) - 2
            _check_registers(vm, event, frame_proto(caller), caller, after, result)
        count += 1
        frame = caller
    if count > 0 and is_null(frame) and not _is_depth(vm, count):
        _violation(vm, event, frame_proto(registers), 0, WRONG_DEPTH, NO_REGISTER, Value(vm.depth, count))


@function(cold=True)
def check_frame(vm: VM, registers: Ptr[Value], code: Ptr[u64], event: i64) -> None:
    """The frame that runs, about to go on at `code`, and its callers."""
    if word(vm.frame) != word(registers):
        _violation(vm, event, frame_proto(registers), 0, WRONG_FRAME, NO_REGISTER, Value(0, word(vm.frame)))
    check_callers(vm, registers, event)
    _check_registers(vm, event, frame_proto(registers), registers, code, NO_REGISTER)


@function(cold=True)
def check_generator(vm: VM, generator: GeneratorObject, event: i64) -> None:
    """What a suspended generator keeps, and the frames of whoever asks it for an item."""
    check_callers(vm, vm.frame, event)
    proto = generator.function.proto
    _check_registers(vm, event, proto, generator.registers, element(proto.code, generator.index), NO_REGISTER)


@function(cold=True)
def check_task(vm: VM, event: i64) -> None:
    """All frames of the task that is about to be left, or to go on, in the middle of an instruction."""
    if checks_itself(vm) and not is_null(vm.frame):
        check_callers(vm, vm.frame, event)


@function(cold=True)
def check_result(vm: VM, registers: Ptr[Value], result: Value) -> None:
    """What a compiled function that was called with these registers has returned."""
    problem = value_problem(vm, result)
    if problem != 0:
        _violation(vm, LEAVING_FUNCTION, frame_proto(registers), 0, problem, NO_REGISTER, result)


@function(export="ruff_check_itself")
def set_checks(vm: VM, liveness: Ptr[u8], violation: Ptr[u8]) -> None:
    """Makes the VM check itself, with these C functions of the host."""
    vm.host_liveness = liveness
    vm.host_violation = violation
    vm.watches_entries = 1
