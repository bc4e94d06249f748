"""The two stacks that all tasks but the main one share, and what a waiting task keeps of them.

See `tasks` for how they are used.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, Record, cast, copy_memory, function, i64, is_null, null, offset, size_of, trap, u8, word
from rufflang.runtime.heap import allocate
from rufflang.runtime.heap_pages import map_memory
from rufflang.runtime.heap_system import READ_WRITE, map_failed, system_munmap
from rufflang.runtime.objects import SavedStack, TaskObject
from rufflang.runtime.stopping import look_at_calls_again
from rufflang.runtime.values import SAVED_STACK, Value
from rufflang.runtime.vm import VM

STACK_BYTES = 256 << 20
LEAST_STACK_BYTES = 4 << 20
NATIVE_RESERVE = 1 << 18
"""Bytes of the native stack that runtime functions may use after the last check."""
GAP = 1 << 14
"""Bytes between a starter's native stack and that of the task it starts.

There runs what saves that task, and perhaps a handler of signals.
"""
SLACK = 1 << 10
"""More native bytes than lie between measuring what is to be saved and the switch."""


class Stacks(Record):
    """Where the VM is on which stacks."""

    frame: Ptr[Value]
    depth: i64
    values: Ptr[Value]
    values_limit: Ptr[Value]
    native_base: Ptr[u8]
    native_limit: Ptr[u8]


@function
def stacks_in_use(vm: VM) -> Stacks:
    """Where the VM is now."""
    return Stacks(
        vm.frame, vm.depth, vm.stack_base, vm.stack_limit, vm.native_stack_base, vm.native_stack_limit
    )


@function
def return_to_stacks(vm: VM, stacks: Stacks) -> None:
    """Makes the VM be where it was."""
    vm.frame = stacks.frame
    vm.depth = stacks.depth
    vm.stack_base = stacks.values
    vm.stack_limit = stacks.values_limit
    vm.native_stack_base = stacks.native_base
    vm.native_stack_limit = stacks.native_limit
    look_at_calls_again(vm)


@function
def _map_stack(size: i64) -> Ptr[u8]:
    memory = map_memory(size, READ_WRITE)
    return null(Ptr[u8]) if map_failed(memory) else memory


@function(cold=True)
def map_task_stacks(vm: VM) -> bool:
    """Makes the stacks of tasks, smaller ones where there is little address space; False if there is none."""
    size = STACK_BYTES
    while size >= LEAST_STACK_BYTES:
        native = _map_stack(size)
        values = _map_stack(size)
        if not is_null(native) and not is_null(values):
            vm.task_native_base = offset(native, size)
            vm.task_native_limit = offset(native, NATIVE_RESERVE)
            vm.task_values = cast(Ptr[Value], values)
            vm.task_values_limit = cast(Ptr[Value], offset(values, size))
            return True
        if not is_null(native):
            system_munmap(native, size)
        if not is_null(values):
            system_munmap(values, size)
        size = size >> 1
    return False


@function
def free_task_stacks(vm: VM) -> None:
    """Gives the stacks of tasks back."""
    if is_null(vm.task_native_base):
        return
    size = word(vm.task_values_limit) - word(vm.task_values)
    system_munmap(offset(vm.task_native_base, -size), size)
    system_munmap(cast(Ptr[u8], vm.task_values), size)


@function
def make_room_to_save(vm: VM, task: TaskObject, size: i64) -> None:
    """Makes sure that a task's part of the stacks can be saved without allocating."""
    if is_null(task.saved) or task.saved.capacity < size:
        saved = cast(SavedStack, allocate(vm, size_of(SavedStack) + size, SAVED_STACK))
        saved.capacity = size
        task.saved = saved


@function
def save_task(task: TaskObject) -> None:
    """Copies the part of the stacks that a task has just left."""
    native = word(task.native_base) - word(task.stack)
    values = word(task.values_end) - word(task.values_base)
    if native + values > task.saved.capacity:
        trap()
    copy_memory(task.saved.words, task.stack, native)
    copy_memory(offset(task.saved.words, native), task.values_base, values)


@function
def restore_task(task: TaskObject) -> None:
    """Puts back what `save_task` has copied."""
    native = word(task.native_base) - word(task.stack)
    copy_memory(task.stack, task.saved.words, native)
    copy_memory(task.values_base, offset(task.saved.words, native), word(task.values_end) - word(task.values_base))


@function
def use_stacks_of(vm: VM, task: TaskObject) -> None:
    """Makes the stacks of a task those of the VM."""
    vm.task = task
    vm.stack_base = task.values_base
    vm.stack_limit = vm.task_values_limit
    vm.native_stack_base = vm.task_native_base
    vm.native_stack_limit = vm.task_native_limit
    look_at_calls_again(vm)
