"""Tasks: threads of control inside one VM, of which one runs at a time.

The main task runs on the thread's own stacks.  All others share a second pair of stacks, native
and values: each uses the part it was started on, and while it waits that part is copied into the
heap, to be put back at the very same addresses when it goes on.  So a task may wait anywhere,
also inside a callback of native code, and one that waits costs no more than the words it used.

A task starts at once, further down on the stack of whoever started it (`start`), and its
starter goes on when it first waits or ends; until then the calls active there count here too.
After that it is made to go on (`_resume`) by `run_tasks`, which always runs on the thread's own
stack, inside the main task's waiting.
"""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    address_of_function,
    call_pointer,
    cast,
    field_address,
    function,
    i64,
    is_null,
    literal,
    null,
    offset,
    size_of,
    stack_address,
    trap,
    u8,
    word,
)
from rufflang.runtime.channels_shared import notice_messages
from rufflang.runtime.errors import raise_literal, raise_out_of_memory, take_error
from rufflang.runtime.frame_checks import ENTERING_TASK, LEAVING_TASK, check_task
from rufflang.runtime.frames import frames_end
from rufflang.runtime.heap import allocate
from rufflang.runtime.import_ends import abandon_imports
from rufflang.runtime.marking import share
from rufflang.runtime.native_stacks import start_on_stack, switch_stack
from rufflang.runtime.objects import (
    CANCELLED,
    FAILED,
    FINISHED,
    READY,
    REJECTED,
    RESOLVED,
    WAITING,
    WAKE,
    ChannelObject,
    PromiseObject,
    SavedStack,
    TaskObject,
)
from rufflang.runtime.promises import add_reaction, is_pending, new_promise, outcome, settle
from rufflang.runtime.safepoints import stop_requested
from rufflang.runtime.task_stacks import (
    GAP,
    SLACK,
    make_room_to_save,
    map_task_stacks,
    restore_task,
    return_to_stacks,
    save_task,
    stacks_in_use,
    use_stacks_of,
)
from rufflang.runtime.timers import fire_timers
from rufflang.runtime.values import ERROR, PROMISE, TASK, Value
from rufflang.runtime.vm import VM
from rufflang.runtime.waiting import idle


@function
def main_task(vm: VM) -> TaskObject:
    """The task that runs on the thread's own stacks."""
    if is_null(vm.main_task):
        vm.main_task = cast(TaskObject, allocate(vm, size_of(TaskObject), TASK))
        vm.main_task.aux = 1
    return vm.main_task


@function
def new_task(vm: VM, entry: Ptr[u8], callee: Value, argument: Value, number: i64) -> TaskObject:
    """A task that will do what the C function `entry(vm, task)` does; its promise is that of an async function."""
    share(callee)
    share(argument)
    task = cast(TaskObject, allocate(vm, size_of(TaskObject), TASK))
    task.entry = entry
    task.callee = callee
    task.argument = argument
    task.number = number
    task.importing = running_task(vm).importing
    promise = new_promise(vm)
    promise.aux = 1
    promise.task = task
    task.promise = promise
    return task


# ------------------------------------------------------------------------------- starting


@function
def start(vm: VM, task: TaskObject) -> bool:
    """Runs a new task until it ends or has to wait; False when an error is in flight that it did not cause.

    That is an error that ends the program, or there was no memory for stacks.
    """
    if not is_null(vm.task_stack):
        raise_literal(vm, literal("A function called by the host cannot start tasks"))
        return False
    if is_null(vm.task_native_base) and not map_task_stacks(vm):
        raise_out_of_memory(vm)
        return False
    outer = vm.task
    stacks = stacks_in_use(vm)
    task.values_base = frames_end(vm)
    task.native_base = offset(stack_address(), -GAP)
    if is_null(outer):
        vm.main_values = stacks.values
        vm.main_values_end = task.values_base
        task.values_base = vm.task_values
        task.native_base = vm.task_native_base
    task.frame = stacks.frame
    task.starting_task = outer
    if is_null(task.starting_frame):
        task.starting_frame = stacks.frame
    task.inherited_depth = stacks.depth
    use_stacks_of(vm, task)
    vm.frame = null(Ptr[Value])
    vm.live_tasks += 1
    place = cast(Ptr[Ptr[u8]], field_address(task, "starter"))
    code = address_of_function(_enter)
    start_on_stack(place, task.native_base, code, cast(Ptr[u8], vm), cast(Ptr[u8], task))
    if is_null(outer):
        vm.thread_stack = null(Ptr[u8])
    vm.task = outer
    return_to_stacks(vm, stacks)
    if i64(task.flags) == WAITING:
        save_task(task)
    return i64(task.flags) != FAILED


@function
def _enter(vm: VM, task: TaskObject) -> None:
    """The bottom of a task's native stack."""
    if is_null(vm.thread_stack):
        vm.thread_stack = task.starter
    result: Value = call_pointer(Value, task.entry, vm, task)
    _finish(vm, task, result)
    target = task.starter
    if is_null(target):
        target = vm.thread_stack
    task.starter = null(Ptr[u8])
    switch_stack(cast(Ptr[Ptr[u8]], field_address(task, "stack")), target)
    trap()


@function
def _finish(vm: VM, task: TaskObject, result: Value) -> None:
    """Settles the promise of a task that has come to its end.

    That of a cancelled one is settled, but what ends the program, such as `exit`, ends it there too.
    """
    task.saved = null(SavedStack)
    if i64(task.flags) == CANCELLED:
        if result.tag == ERROR and vm.error_is_fatal != 0:
            task.flags = u8(FAILED)
        return
    vm.live_tasks -= 1
    if result.tag != ERROR:
        task.flags = u8(FINISHED)
        settle(vm, task.promise, RESOLVED, result)
        return
    if vm.error_is_fatal != 0:
        task.flags = u8(FAILED)
        return
    task.flags = u8(FINISHED)
    task.promise.position = vm.error_position
    task.promise.proto = vm.error_proto
    settle(vm, task.promise, REJECTED, take_error(vm))


# -------------------------------------------------------------------------------- waiting


@function
def _suspend(vm: VM) -> None:
    """Leaves the running task, which is not the main one; returns when it goes on."""
    task = vm.task
    check_task(vm, LEAVING_TASK)
    task.values_end = frames_end(vm)
    task.frame = vm.frame
    task.depth = vm.depth
    if i64(task.flags) == WAITING:
        native = word(task.native_base) - word(stack_address()) + SLACK
        make_room_to_save(vm, task, native + word(task.values_end) - word(task.values_base))
    target = task.starter
    if is_null(target):
        target = vm.thread_stack
    else:
        task.depth -= task.inherited_depth
    task.starter = null(Ptr[u8])
    switch_stack(cast(Ptr[Ptr[u8]], field_address(task, "stack")), target)
    check_task(vm, ENTERING_TASK)


@function
def _resume(vm: VM, task: TaskObject) -> bool:
    """Lets a task go on until it ends or waits again; False when an error is in flight that ends the program."""
    stacks = stacks_in_use(vm)
    vm.main_values = stacks.values
    vm.main_values_end = frames_end(vm)
    restore_task(task)
    use_stacks_of(vm, task)
    vm.frame = task.frame
    vm.depth = task.depth
    switch_stack(cast(Ptr[Ptr[u8]], field_address(vm, "thread_stack")), task.stack)
    vm.thread_stack = null(Ptr[u8])
    vm.task = null(TaskObject)
    return_to_stacks(vm, stacks)
    if i64(task.flags) == WAITING:
        save_task(task)
    return i64(task.flags) != FAILED


@function
def _take_ready(vm: VM) -> TaskObject:
    """The task that has been ready for longest, or null."""
    task = vm.first_ready
    if not is_null(task):
        vm.first_ready = task.next
        if is_null(task.next):
            vm.last_ready = null(TaskObject)
        task.next = null(TaskObject)
    return task


@function
def run_tasks(vm: VM, to_the_end: bool) -> bool:
    """Runs tasks until the main task is ready or, `to_the_end`, all others have ended.

    False when an error is in flight that ends the program.
    """
    while True:
        fire_timers(vm)
        notice_messages(vm)
        if vm.interrupt != 0 and stop_requested(vm):
            return False
        task = _take_ready(vm)
        if is_null(task):
            if to_the_end and vm.live_tasks == 0:
                return True
            if not idle(vm):
                return False
        elif task.aux == 1:
            return True
        elif i64(task.flags) == READY and not _resume(vm, task):
            return False


@function
def wait(vm: VM) -> bool:
    """Lets others run until somebody makes this task ready; False when an error is in flight that ends the program.

    Whoever calls this has noted `running_task` where that will happen.
    """
    if not is_null(vm.task_stack):
        raise_literal(vm, literal("A function called by the host cannot wait"))
        return False
    if is_null(vm.task):
        main_task(vm).flags = u8(WAITING)
        check_task(vm, LEAVING_TASK)
        is_well = run_tasks(vm, False)
        check_task(vm, ENTERING_TASK)
        return is_well
    if i64(vm.task.flags) == READY:
        vm.task.flags = u8(WAITING)
    _suspend(vm)
    return True


@function
def running_task(vm: VM) -> TaskObject:
    """The task that is running."""
    return main_task(vm) if is_null(vm.task) else vm.task


@function
def wait_for(vm: VM, promise: PromiseObject) -> bool:
    """Waits until a promise is settled; False when an error is in flight that ends the program."""
    if not is_pending(promise):
        return True
    add_reaction(vm, promise, WAKE, running_task(vm), null(PromiseObject), 0)
    return wait(vm)


@function(export="ruff_await")
def await_value(vm: VM, value: Value) -> Value:
    """The meaning of `await`: the outcome of a promise; other values stand for themselves."""
    if value.tag != PROMISE:
        return value
    promise = cast(PromiseObject, value.payload)
    if not wait_for(vm, promise):
        return Value(ERROR, 0)
    return outcome(vm, promise)


@function
def cancel(vm: VM, task: TaskObject, reason: Value) -> bool:
    """Lets a task that has not ended never go on, its promise being rejected; False if it had ended."""
    state = i64(task.flags)
    if state != READY and state != WAITING:
        return False
    task.flags = u8(CANCELLED)
    vm.live_tasks -= 1
    task.promise.aux = 0
    settle(vm, task.promise, REJECTED, reason)
    abandon_imports(vm, task)
    return True


@function
def forget_tasks(vm: VM) -> None:
    """Abandons whatever tasks an earlier run has left behind."""
    vm.task = null(TaskObject)
    vm.first_ready = null(TaskObject)
    vm.last_ready = null(TaskObject)
    vm.thread_stack = null(Ptr[u8])
    vm.live_tasks = 0
    vm.end_of_import = null(PromiseObject)
    vm.timer_count = 0
    vm.first_receiving = null(ChannelObject)
    vm.last_receiving = null(ChannelObject)
    vm.waited = 0
    vm.rounds = 0

