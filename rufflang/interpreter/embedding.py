"""The C functions by which a host runs programs and learns how they ended."""

from __future__ import annotations

from rufflang.interpreter.calling import SAMPLES, call_value
from rufflang.interpreter.definitions import new_function
from rufflang.interpreter.generators import resume
from rufflang.lowpy import Ptr, address_of_function, cast, function, i64, is_null, null, u8, word
from rufflang.runtime.arrays import array_get
from rufflang.runtime.builtins.clock import monotonic_time
from rufflang.runtime.collector_roots import find_stack_bounds
from rufflang.runtime.error_subjects import describe_subject
from rufflang.runtime.errors import raise_text
from rufflang.runtime.exchange import exchange_of
from rufflang.runtime.exchange_waiting import join_exchange, wake_all
from rufflang.runtime.heap_layout import heap_of
from rufflang.runtime.heap_system import system_calloc
from rufflang.runtime.objects import ArrayObject, CellObject, Proto, StringObject, StructObject
from rufflang.runtime.safepoints import stop_at_once
from rufflang.runtime.stopping import ask_to_stop, forget_requests, is_asked_to_stop
from rufflang.runtime.structs_layout import field_value
from rufflang.runtime.tasks import forget_tasks, run_tasks
from rufflang.runtime.transfer_block import free_block
from rufflang.runtime.transfer_unpacking import unpack
from rufflang.runtime.values import ARRAY, ERROR, FUNCTION, STRING, STRUCT, UNBOUND, Value
from rufflang.runtime.vm import STOP_CUT_OFF, STOP_FUEL, VM

# What runtime functions and callbacks of the host may use of the native stack after the last check.
STACK_RESERVE = 1 << 20


@function(export="ruff_configure")
def configure(vm: VM, depth_limit: i64, call_threshold: i64, loop_threshold: i64) -> None:
    """Limits and thresholds; has to be called on the thread that will run the program."""
    vm.depth_limit = depth_limit
    vm.call_limit = 0
    vm.call_threshold = call_threshold
    vm.sampling_threshold = call_threshold - SAMPLES if call_threshold > SAMPLES else i64(1)
    vm.loop_threshold = loop_threshold
    heap = heap_of(vm)
    find_stack_bounds(heap)
    vm.native_stack_base = cast(Ptr[u8], heap.stack_high)
    vm.native_stack_limit = cast(Ptr[u8], heap.stack_low + STACK_RESERVE)
    if vm.started_at == 0:
        vm.started_at = monotonic_time(vm)


@function(export="ruff_configure_tasks")
def configure_tasks(vm: VM, wait_limit: i64) -> None:
    """How many milliseconds the program may spend waiting for promises."""
    vm.wait_limit = wait_limit
    vm.batch_limit = 256


@function(export="ruff_set_callbacks")
def set_callbacks(
    vm: VM, write: Ptr[u8], call: Ptr[u8], text: Ptr[u8], jit_request: Ptr[u8], jit_entered: Ptr[u8], interpret: Ptr[u8]
) -> None:
    """C functions into the host and the JIT; null where there is none."""
    vm.host_write = write
    vm.host_call = call
    vm.host_text = text
    vm.jit_request = jit_request
    vm.jit_entered = jit_entered
    vm.watches_entries = i64(not is_null(jit_entered))
    vm.interpret = interpret
    vm.call_value = address_of_function(call_value)
    vm.resume = address_of_function(resume)


@function(export="ruff_join_program")
def join_program(vm: VM, identity: i64, spawn: Ptr[u8], parent: VM) -> None:
    """Gives the VM its number among those of the program, and the C function that starts a spawned block.

    `parent` is the VM that spawned the block which this one is for, null for the main program.
    """
    vm.identity = identity
    vm.host_spawn = spawn
    if not is_null(parent):
        vm.exchange = cast(Ptr[u8], exchange_of(parent))
        join_exchange(exchange_of(parent))
        vm.started_at = parent.started_at


@function(export="ruff_set_import_callback")
def set_import_callback(vm: VM, load: Ptr[u8]) -> None:
    """The C function (vm, operation, subject, failed) that `importing.import_module` calls."""
    vm.host_import = load


@function(export="ruff_write_at_once")
def write_at_once(vm: VM) -> None:
    """Lets every print reach the host at once, for output that somebody watches."""
    vm.output = system_calloc(1, 8)
    vm.output_capacity = 0


@function(export="ruff_run")
def run(vm: VM, proto: Proto) -> i64:
    """Runs a chunk without parameters as the bottom of the stack; the tag of its result."""
    return run_closure(vm, Value(FUNCTION, word(new_function(vm, proto))))


@function(export="ruff_run_block")
def run_block(vm: VM, block: Ptr[i64]) -> i64:
    """Runs a spawned block, which arrives as a snapshot; the tag of its result."""
    closure = unpack(vm, block)
    free_block(block)
    if closure.tag == ERROR:
        return closure.tag
    return run_closure(vm, closure)


@function
def run_closure(vm: VM, closure: Value) -> i64:
    """Runs a closure without parameters as the bottom of the stack; the tag of its result."""
    vm.leaving = Value(UNBOUND, 0)
    vm.error_is_fatal = 0
    vm.depth = -1  # the top level is no call
    vm.frame = null(Ptr[Value])
    forget_tasks(vm)
    result = call_value(vm, closure, vm.scratch, 0)
    if result.tag != ERROR and not run_tasks(vm, True):
        result = Value(ERROR, 0)
    if (vm.interrupt & STOP_CUT_OFF) != 0 and vm.error_is_fatal == 0:
        stop_at_once(vm)
        result = Value(ERROR, 0)
    forget_requests(vm)
    vm.leaving = result
    return result.tag


@function(export="ruff_run_prelude")
def run_prelude(vm: VM, proto: Proto) -> i64:
    """Runs a top level that only defines things, also while a program is running; the tag of its result."""
    closure = new_function(vm, proto)
    limit = vm.native_stack_limit
    vm.native_stack_limit = null(Ptr[u8])  # a task's is that of another stack than this, the thread's
    result = call_value(vm, Value(FUNCTION, word(closure)), vm.scratch, 0)
    vm.native_stack_limit = limit
    return result.tag


@function(export="ruff_raise")
def raise_from_host(vm: VM, message: Ptr[u8], size: i64) -> None:
    """Puts an ordinary error in flight; the callback that does so has to return null then."""
    raise_text(vm, message, size)


@function(export="ruff_set_fuel")
def set_fuel(vm: VM, units: i64) -> None:
    """Lets the next run do so much work."""
    vm.fuel = units
    ask_to_stop(vm, STOP_FUEL)


@function(export="ruff_request_stop")
def request_stop(vm: VM, reason: i64) -> None:
    """Makes the program stop at its next safepoint; may be called from any thread."""
    ask_to_stop(vm, reason)
    if not is_null(vm.exchange):
        wake_all(exchange_of(vm))


@function(export="ruff_is_asked_to_stop")
def is_to_stop(vm: VM) -> i64:
    """Whether what the host does for the program should be broken off."""
    return i64(is_asked_to_stop(vm))


@function(export="ruff_set_global")
def set_global(proto: Proto, index: i64, tag: i64, payload: i64) -> None:
    """Gives the global cell in a constant a value."""
    cast(CellObject, proto.constants[index].payload).value = Value(tag, payload)


@function(export="ruff_global_value")
def global_value(proto: Proto, index: i64) -> Value:
    """The value of the global cell in a constant."""
    return cast(CellObject, proto.constants[index].payload).value


@function(export="ruff_string_data")
def string_data(text: StringObject) -> Ptr[u8]:
    return text.data


@function(export="ruff_string_size")
def string_size(text: StringObject) -> i64:
    return text.byte_count


@function(export="ruff_error_message")
def error_message(vm: VM) -> StringObject:
    """The message of the error in flight."""
    return vm.error_message


@function(export="ruff_error_position")
def error_position(vm: VM) -> i64:
    """Where the error in flight was raised (see `bytecode.positions`), 0 when unknown."""
    return vm.error_position


@function(export="ruff_error_chunk")
def error_chunk(vm: VM) -> i64:
    """The index of the chunk in which that is, -1 when unknown."""
    return i64(-1) if is_null(vm.error_proto) else vm.error_proto.index


@function(export="ruff_error_kind")
def error_kind(vm: VM) -> i64:
    """0 for an ordinary error; see `safepoints`."""
    return vm.error_is_fatal


@function(export="ruff_error_subject")
def error_subject(vm: VM) -> StringObject:
    """What is known of the value that lacked something: its type's name and what it has, between NUL bytes."""
    return describe_subject(vm, vm.error_subject)


@function(export="ruff_exit_code")
def exit_code(vm: VM) -> i64:
    return vm.exit_code


@function(export="ruff_error_stack_size")
def error_stack_size(vm: VM) -> i64:
    """Number of names in the error's call stack."""
    if vm.error.tag != STRUCT:
        return 0
    stack = field_value(cast(StructObject, vm.error.payload), 1)
    return cast(ArrayObject, stack.payload).length if stack.tag == ARRAY else i64(0)


@function(export="ruff_error_stack_name")
def error_stack_name(vm: VM, index: i64) -> StringObject:
    """One name of the call stack, outermost first; null for an item that is no string."""
    stack = cast(ArrayObject, field_value(cast(StructObject, vm.error.payload), 1).payload)
    name = array_get(stack, index)
    return cast(StringObject, name.payload) if name.tag == STRING else null(StringObject)


@function(export="ruff_memory_limit")
def memory_limit(vm: VM) -> i64:
    """The most bytes that a program may use."""
    return heap_of(vm).memory_limit
