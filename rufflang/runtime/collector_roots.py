"""Where marking starts: the native stack, the value stack, loaded chunks, and the VM's own fields."""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    cast,
    element,
    field_address,
    fill_memory,
    function,
    i64,
    is_null,
    null,
    offset,
    stack_address,
    u8,
    u64,
    word,
)
from rufflang.runtime.collector_marking import drain, mark_value, mark_words
from rufflang.runtime.collector_stack import mark_cell, mark_values
from rufflang.runtime.frames import HEADER_VALUES, called_by_compiled_code, caller_registers, frames_end
from rufflang.runtime.heap_layout import CHARACTERS, KEPT_WORDS, POSITION_TABLES, WORD_CREDIT, Heap
from rufflang.runtime.heap_system import (
    IS_LINUX,
    system_pthread_attr_destroy,
    system_pthread_attr_getstack,
    system_pthread_get_stackaddr,
    system_pthread_get_stacksize,
    system_pthread_getattr,
    system_pthread_self,
)
from rufflang.runtime.objects import BufferObject, Proto, StringObject, TaskObject
from rufflang.runtime.vm import VM, Builtin

WORD_SHIFT = 3
DEAD_BYTES = 256
UNTOUCHED_BYTES = 16  # a return address may be there while they are cleared


@function(cold=True)
def find_stack_bounds(heap: Heap) -> None:
    """Notes where the calling thread's native stack is."""
    thread = system_pthread_self()
    if not IS_LINUX:
        heap.stack_high = word(system_pthread_get_stackaddr(thread))
        heap.stack_low = heap.stack_high - system_pthread_get_stacksize(thread)
        return
    attributes = cast(Ptr[u8], heap.scratch)
    if system_pthread_getattr(thread, attributes) == 0:
        low = cast(Ptr[i64], field_address(heap, "stack_low"))
        size = cast(Ptr[i64], field_address(heap, "stack_high"))
        system_pthread_attr_getstack(attributes, low, size)
        system_pthread_attr_destroy(attributes)
        heap.stack_high = heap.stack_low + size[0]


@function(inline=True)
def _on_known_stack(heap: Heap, address: Ptr[u8]) -> bool:
    return u64(word(address) - heap.stack_low) < u64(heap.stack_high - heap.stack_low)


@function
def mark_native_stack(vm: VM, heap: Heap) -> None:
    """Marks conservatively from the current frame up to the end of the thread's stack.

    The whole stack is searched, so that it does not matter from where the VM is called.  While a
    task runs, the other stack is searched from where it was left.
    """
    bottom = stack_address()
    if _on_task_stack(vm, bottom):
        _mark_task_stack(vm, heap, bottom)
        _mark_stack(heap, vm.thread_stack, heap.stack_high)
        return
    if not _on_known_stack(heap, bottom):
        find_stack_bounds(heap)
    end = heap.stack_high if _on_known_stack(heap, bottom) else word(vm.native_stack_base)
    _mark_stack(heap, bottom, end)
    if not is_null(vm.task_stack):
        _mark_task_stack(vm, heap, vm.task_stack)


@function
def _mark_task_stack(vm: VM, heap: Heap, start: Ptr[u8]) -> None:
    """Marks the part of the running task, and those of the tasks that are just starting it; nothing lies between."""
    task = vm.task
    while not is_null(task):
        _mark_stack(heap, start, word(task.native_base))
        start = task.starter
        task = null(TaskObject) if is_null(start) else task.starting_task


@function
def _mark_stack(heap: Heap, start: Ptr[u8], end: i64) -> None:
    mark_words(heap, cast(Ptr[i64], start), (end - word(start)) >> WORD_SHIFT)
    drain(heap)


@function(inline=True)
def forget_dead_frames() -> None:
    """Clears what the function that was just called has left on the native stack.

    The next one may leave some words of its frame unwritten; what stands there would stay alive as long as it runs.
    Frames deeper down matter less: what they hold is mostly part of what those above them hold.
    """
    fill_memory(offset(stack_address(), -DEAD_BYTES - UNTOUCHED_BYTES), 0, DEAD_BYTES)


@function(inline=True)
def _on_task_stack(vm: VM, address: Ptr[u8]) -> bool:
    size = word(vm.task_values_limit) - word(vm.task_values)
    return u64(word(vm.task_native_base) - word(address)) < u64(size)


@function
def mark_value_stack(vm: VM, heap: Heap) -> None:
    """Marks conservatively what the frames of interpreted code hold."""
    if is_null(vm.task):
        _mark_frames(vm, heap)
        return
    _mark_stack(heap, cast(Ptr[u8], vm.main_values), word(vm.main_values_end))
    _mark_stack(heap, cast(Ptr[u8], vm.task_values), word(frames_end(vm)))


@function
def _mark_frames(vm: VM, heap: Heap) -> None:
    """Marks what the frames of the only stack hold, from the top, but not where compiled code has it elsewhere.

    There, values that were of use to the interpreter long ago may stand, for as long as that code runs.
    """
    end = frames_end(vm)
    registers = vm.frame
    while not is_null(registers):
        caller = caller_registers(registers)
        if called_by_compiled_code(registers):
            _mark_stack(heap, cast(Ptr[u8], element(registers, -HEADER_VALUES)), word(end))
            end = caller
        registers = caller
    _mark_stack(heap, cast(Ptr[u8], vm.stack_base), word(end))


@function
def _mark_proto(heap: Heap, proto: Proto) -> None:
    mark_cell(heap, proto.name)
    mark_cell(heap, proto.declared_name)
    mark_cell(heap, proto.arity_name)
    mark_values(heap, proto.constants, proto.constant_count)


@function
def _mark_protos(vm: VM, heap: Heap) -> None:
    for number in range(vm.proto_count):
        proto = vm.protos[number]
        if not is_null(proto):
            _mark_proto(heap, proto)
    drain(heap)


@function
def _mark_builtins(vm: VM, heap: Heap) -> None:
    for number in range(vm.builtin_count):
        _mark_builtin(heap, vm.builtins[number])
    drain(heap)


@function
def _mark_builtin(heap: Heap, builtin: Builtin) -> None:
    if not is_null(builtin):
        mark_cell(heap, builtin.name)
        mark_value(heap, builtin.closure)


@function
def mark_vm(vm: VM, heap: Heap) -> None:
    """Marks what the VM's own fields (word by word), chunks and builtins hold."""
    mark_words(heap, cast(Ptr[i64], vm), (word(vm.definitions) - word(vm)) >> WORD_SHIFT)
    drain(heap)
    _mark_protos(vm, heap)
    _mark_builtins(vm, heap)


@function
def mark_position_tables(heap: Heap) -> None:
    """After everything else: the tables of texts that are in use; the others are forgotten.

    To forget all of them would make a loop over a long text quadratic: it may collect again and again.
    """
    for slot in range(POSITION_TABLES):
        text = heap.position_texts[slot]
        if not is_null(text) and text.mark == heap.colour:
            mark_cell(heap, heap.position_tables[slot])
        else:
            heap.position_texts[slot] = null(StringObject)
            heap.position_tables[slot] = null(BufferObject)
        heap.found_texts[slot] = null(StringObject)
    drain(heap)


@function
def forget_characters(heap: Heap) -> None:
    """Lets go of the strings of one character that are kept for the next who asks: none of them has code point 0."""
    for slot in range(CHARACTERS):
        heap.character_codes[slot] = 0


@function
def forget_words(heap: Heap) -> None:
    """Lets go of the short texts that are kept for whoever makes them again."""
    heap.word_credit = WORD_CREDIT
    fill_memory(heap.kept_words, 0, KEPT_WORDS * 2 << WORD_SHIFT)
