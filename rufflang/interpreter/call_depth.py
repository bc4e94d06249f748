"""How deep calls may go: at which depth one has to ask, and what it is told.

`VM.call_limit` counts all frames and is only where to look again: at a request to stop, at the room on
the stacks, and at how many of the frames are user functions.
"""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    Raised,
    function,
    i64,
    is_null,
    literal,
    literal_size,
    stack_address,
    word,
)
from rufflang.runtime.errors import raise_message
from rufflang.runtime.frames import caller_registers, frame_proto, frames_end
from rufflang.runtime.objects import Proto
from rufflang.runtime.profile import is_profiled, sample_compiled
from rufflang.runtime.safepoints import call_must_stop
from rufflang.runtime.stopping import NO_CALLS
from rufflang.runtime.text_builder import (
    builder_append,
    builder_append_int,
    builder_append_string,
    builder_finish,
    builder_new,
)
from rufflang.runtime.values import Value
from rufflang.runtime.vm import VM

LOOK_AGAIN = 4096  # calls after which `may_call` is asked again at the latest
DEPTH_MESSAGE = "Maximum VM call stack depth of "


@function(cold=True)
def raise_depth(vm: VM, proto: Proto) -> Raised:
    """The call depth limit is reached while calling this function."""
    text = builder_new(vm)
    builder_append(vm, text, literal(DEPTH_MESSAGE), literal_size(DEPTH_MESSAGE))
    builder_append_int(vm, text, vm.depth_limit)
    builder_append(vm, text, literal(" exceeded while calling "), literal_size(" exceeded while calling "))
    builder_append_string(vm, text, proto.name)
    return raise_message(vm, builder_finish(vm, text))


@function(inline=True)
def is_call(proto: Proto) -> bool:
    """Whether running this counts as a call: top levels, which have no name, and hidden functions do not."""
    return proto.hidden == 0 and proto.name.byte_count > 0


@function
def active_calls(vm: VM) -> i64:
    """User functions that are running in this task: what the depth limit counts.

    A task that has never waited runs on top of those of whoever started it.
    """
    count = calls_from(vm.frame)
    task = vm.task
    while not is_null(task) and not is_null(task.starter):
        count += calls_from(task.starting_frame)
        task = task.starting_task
    return count


@function
def calls_from(frame: Ptr[Value]) -> i64:
    """User functions among a frame and its callers."""
    count = 0
    while not is_null(frame):
        if is_call(frame_proto(frame)):
            count += 1
        frame = caller_registers(frame)
    return count


@function
def stacks_have_room(vm: VM) -> bool:
    """Whether a quarter of each stack is left: enough for the calls up to the next look at it."""
    native_left = word(stack_address()) - word(vm.native_stack_limit)
    native_size = word(vm.native_stack_base) - word(vm.native_stack_limit)
    values_left = word(vm.stack_limit) - word(frames_end(vm))
    values_size = word(vm.stack_limit) - word(vm.stack_base)
    return native_left > native_size >> 2 and values_left > values_size >> 2


@function(cold=True)
def may_call(vm: VM, proto: Proto) -> bool:
    """Decides about a call at the depth `VM.call_limit`; if it is refused, an error is in flight.

    `call_limit` counts all frames and is only where to look again: at a request to stop, at
    the room on the stacks, and at how many of the frames are user functions.
    """
    if vm.interrupt != 0:
        if call_must_stop(vm):
            return False
        if is_profiled(vm) and not (is_null(proto.entry) and is_null(proto.resume_entry)):
            sample_compiled(vm)
    if not stacks_have_room(vm):
        raise_depth(vm, proto)
        return False
    if not look_ahead(vm, 0):
        if is_call(proto):
            raise_depth(vm, proto)
        # A frame that does not count may be made, but the next call has to ask again.
        return not is_call(proto)
    return True


@function
def look_ahead(vm: VM, further: i64) -> bool:
    """Finds out how deep calls may go before somebody has to look again; False if none may be made here.

    The frames are not counted before it must be known whether so many calls further may be made.
    """
    if vm.depth < vm.depth_limit:
        vm.count_limit = vm.depth_limit
    elif vm.depth + further >= vm.count_limit:
        room = vm.depth_limit - active_calls(vm)
        if room <= 0:
            return False
        vm.count_limit = vm.depth + room
    again = vm.depth + LOOK_AGAIN
    if vm.interrupt != 0:
        again = NO_CALLS
    vm.call_limit = again if again < vm.count_limit else vm.count_limit
    return True
