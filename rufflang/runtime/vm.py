"""The context pointer: all state of one running VM.

There is one `VM` per engine and no other mutable state in native code.  Every runtime
function that may allocate, raise or call takes it as its first parameter.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, Struct, i64, inline, u8, u64
from rufflang.runtime.objects import (
    BoxObject,
    ChannelObject,
    DictObject,
    Object,
    PromiseObject,
    Proto,
    StringObject,
    StructDefinition,
    TaskObject,
    ValuesObject,
)
from rufflang.runtime.values import Value

SIZE_CLASSES = 96  # at most

# Bits of `VM.interrupt`, looked at by every safepoint.
STOP_INTERRUPT = 1  # Ctrl-C
STOP_MEMORY = 2  # the memory limit is exceeded
STOP_DEADLINE = 4
STOP_OUTPUT = 8  # standard output cannot be written
STOP_CUT_OFF = 16  # something was left unfinished for the sake of stopping: nothing may go on with it
STOP_FUEL = 32  # no reason to stop: work is counted, so every safepoint has to be asked
STOP_SPENT = 64  # the fuel limit is exceeded
STOP_SAMPLE = 256  # no reason to stop: a profile wants a sample; its byte has no other bit, see `profile`
NO_REASON = STOP_FUEL | STOP_SAMPLE

SPARE_BUILDERS = 8
UNNUMBERED = (1 << 13) - 1  # in a shape: the number of all struct definitions that have found no other
OPERATOR_ROOM = 16  # operators that structs may overload, at most


class Builtin(Struct):
    """One builtin: `code` is a C function (vm, arguments, count) -> Value; `parts` gives `Parts`, and may be null."""

    code: Ptr[u8]
    parts: Ptr[u8]
    name: StringObject
    minimum: i64
    maximum: i64  # -1: no upper bound
    lent: i64  # bit per argument that the builtin neither keeps nor returns
    arity_style: i64  # 0 central form, 1 collection form (singular for 1), 2 left to the builtin
    closure: Value  # the prelude function of a builtin written in Ruff, else UNBOUND
    is_host: i64
    capability: i64  # what it needs, a place in `registry.CAPABILITIES`, or -1
    is_denied: i64


class VM(Struct):
    """See the module's text.  The heap's own fields are kept by `heap`."""

    interrupt: i64
    free_lists: Ptr[Object] = inline(SIZE_CLASSES)  # per size class, linked through the word after the header
    heap: Ptr[u8]  # `heap.Heap`

    stack_base: Ptr[Value]  # the value stack, which grows upwards
    stack_limit: Ptr[Value]
    native_stack_base: Ptr[u8]  # highest address to scan on the native stack
    native_stack_limit: Ptr[u8]  # calls below this address raise the depth error
    frame: Ptr[Value]  # registers of the frame that called into the runtime
    depth: i64  # user function calls active
    depth_limit: i64
    call_limit: i64  # depth at which a call has to ask `call_depth.may_call`
    fuel: i64  # units of work left, while STOP_FUEL is set
    count_limit: i64  # depth at which that has to count the user functions among the frames
    departure: i64  # where and why compiled code is being left, see `interpreter.departures`
    departure_detail: i64

    error_message: StringObject  # message of the error in flight
    error: Value  # its Error struct once built, else UNBOUND
    error_cause: Value
    error_subject: Value  # the dict, struct or other value that lacked something, else UNBOUND
    error_is_fatal: i64  # not catchable, see `safepoints`
    error_position: i64  # where it was raised, see `bytecode.positions`; 0 unknown
    error_stack: Value  # stack and line that a hand-made Error brings along, else UNBOUND
    error_line: Value
    error_proto: Proto  # the chunk in which that is; null unknown
    caught_position: i64  # `error_position` of the error caught last
    caught_proto: Proto
    error_fields: Ptr[StringObject] = inline(4)  # "message", "stack", "line", "cause"
    exit_code: i64

    builtins: Ptr[Builtin]
    builtin_count: i64
    protos: Ptr[Proto]  # every loaded chunk in order
    proto_count: i64
    proto_capacity: i64
    numbers: Ptr[u8]  # `functions_numbers.NumberTable`
    taken_definitions: i64  # all numbers of struct definitions up to this one are taken; see `structs_numbers`
    unnumbered_definitions: i64  # how many have found none
    last_description: Ptr[i64]
    error_definition: StructDefinition
    anonymous_definitions: DictObject  # "Name\0field\0field" -> definition, for undeclared struct literals
    interned: DictObject  # texts of constants, so that equal constants are one object
    type_names: Ptr[StringObject] = inline(32)  # by tag: what `type` answers, or null
    none: BoxObject
    empty_string: StringObject
    spare_builder_count: i64
    spare_builders: Ptr[StringObject] = inline(SPARE_BUILDERS)  # text builders for the next texts
    ascii_strings: Ptr[StringObject] = inline(128)
    roots: Ptr[Value] = inline(32)  # values a runtime function keeps for longer than a call

    output: Ptr[u8]  # pending standard output
    output_used: i64
    output_capacity: i64
    host_write: Ptr[u8]  # C callbacks into Python; see rufflang.host
    host_call: Ptr[u8]
    host_text: Ptr[u8]
    host_import: Ptr[u8]
    jit_request: Ptr[u8]
    jit_entered: Ptr[u8]  # set only while entries into compiled code are reported
    watches_entries: i64  # whether they are reported or checked
    host_liveness: Ptr[u8]  # set only while the VM checks itself, see `frame_checks`
    host_violation: Ptr[u8]
    call_threshold: i64
    sampling_threshold: i64  # from this call on the kinds of arguments are noted
    loop_threshold: i64
    started_at: i64
    call_value: Ptr[u8]  # C function (vm, callee, arguments, count) -> Value; set by the interpreter
    interpret: Ptr[u8]  # C function (vm, registers, code) -> Value; set by the interpreter
    resume: Ptr[u8]  # C function (vm, generator) -> Value; set by the interpreter
    leaving: Value  # result with which the interpreter is left
    scratch: Ptr[Value] = inline(4)  # arguments of a call on their way into its window
    random_seed: u64
    arguments: Value
    modules: Value  # an array of the namespaces of all modules that were loaded, which the host knows by address
    end_of_import: PromiseObject  # settled when the next import ends; null if nobody waits for that
    task: TaskObject  # the one that runs; null for the main task
    main_task: TaskObject
    first_ready: TaskObject  # in the order in which they became ready
    last_ready: TaskObject
    live_tasks: i64  # started and not finished, besides the main one
    timers: ValuesObject  # a heap of pairs: time, promise
    timer_count: i64
    timer_sequence: i64
    first_receiving: ChannelObject
    last_receiving: ChannelObject
    receiver_count: i64  # how often a task has begun to wait at a channel
    waited: i64  # nanoseconds spent with nothing to do
    wait_limit: i64  # milliseconds
    rounds: i64  # how often there was nothing to do
    batch_limit: i64  # how many calls of a batch function are in progress together
    thread_stack: Ptr[u8]  # while a task runs: where the thread's own stack goes on
    task_stack: Ptr[u8]  # while the host is called from a task: where that task's stack goes on
    task_native_base: Ptr[u8]  # the native stack of tasks: its end and its lowest address
    task_native_limit: Ptr[u8]
    task_values: Ptr[Value]  # the value stack of tasks
    task_values_limit: Ptr[Value]
    main_values: Ptr[Value]  # the value stack of the main task, and what its frames use of it
    main_values_end: Ptr[Value]
    operator_methods: Ptr[StringObject] = inline(OPERATOR_ROOM)  # op_add … by operator number
    operator_signs: Ptr[StringObject] = inline(OPERATOR_ROOM)
    method_tables: Ptr[DictObject] = inline(8)  # method name -> builtin number, see `native_tables.METHODS`
    next_name: StringObject  # "next", the one object with which all code names that method
    identity: i64  # number of this VM among those of the process
    first_moving: ChannelObject  # channels that are about to become shared, see `transfer_messages`
    last_moving: ChannelObject
    exchanged: DictObject  # origin -> struct definition, for those that crossed between VMs
    host_spawn: Ptr[u8]
    next_waiting: Ptr[u8]  # the next VM that waits for messages of others, see `exchange_waiting`
    is_waiting: i64
    is_released: i64
    wait_words: Ptr[i64] = inline(2)  # a time on its way to the system
    sent_seen: i64  # how many messages had been sent when this VM last looked for some
    profile: Ptr[u8]  # `profile.Profile`; null while there is none
    dispatch: Ptr[u8]  # the interpreter's dispatch table; null for the usual one
    position: i64  # in a profiled run, where the code is: an address, or ~(chunk number << 32 | index) if compiled
    exchange: Ptr[u8]  # `exchange.Exchange`: what the VMs of the program share; null until it is needed

    # Struct definitions by number, only those of which there are instances: these keep them alive, the table does not.
    # It is the last field, as the collector does not look at it, and as most of it is never touched.
    definitions: Ptr[StructDefinition] = inline(UNNUMBERED)
