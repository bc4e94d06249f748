"""Making and freeing a VM: memory, stacks, heap, and the objects that always exist."""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, function, i32, i64, is_null, null, offset, size_of, u8, word
from rufflang.runtime.collector_pace import set_threshold
from rufflang.runtime.collector_roots import find_stack_bounds
from rufflang.runtime.dicts import new_dict
from rufflang.runtime.functions_numbers import free_numbers
from rufflang.runtime.heap import allocate
from rufflang.runtime.heap_layout import PAGE_SHIFT, WORD_CREDIT, Heap, heap_of, set_up_classes
from rufflang.runtime.heap_pages import map_memory, release_range, reserve_range
from rufflang.runtime.heap_system import (
    LIMIT_ADDRESS_SPACE,
    READ_WRITE,
    SYSCONF_PAGE_SIZE,
    SYSCONF_PHYSICAL_PAGES,
    map_failed,
    system_calloc,
    system_free,
    system_getrlimit,
    system_munmap,
    system_sysconf,
)
from rufflang.runtime.objects import NONE_VARIANT, BoxObject, Proto
from rufflang.runtime.profile import free_profile
from rufflang.runtime.strings import set_up_strings
from rufflang.runtime.structs_numbers import free_descriptions
from rufflang.runtime.task_stacks import free_task_stacks
from rufflang.runtime.values import OPTION, Value, null_value
from rufflang.runtime.vm import VM


@function
def _default_memory_limit() -> i64:
    """Three quarters of the machine's memory."""
    memory = system_sysconf(i32(SYSCONF_PHYSICAL_PAGES)) * system_sysconf(i32(SYSCONF_PAGE_SIZE))
    return (memory >> 2) * 3


@function
def _new_heap(most_reserve: i64, memory_limit: i64, stress: i64) -> Heap:
    """An empty heap, or null."""
    heap = cast(Heap, system_calloc(1, size_of(Heap)))
    if is_null(heap):
        return heap
    if not reserve_range(heap, most_reserve):
        system_free(cast(Ptr[u8], heap))
        return null(Heap)
    set_up_classes(heap)
    heap.colour = 1
    heap.word_credit = WORD_CREDIT
    heap.memory_limit = memory_limit if memory_limit > 0 else _default_memory_limit()
    # The program should meet its limit before the address space ends.
    most = (heap.reserved_pages << PAGE_SHIFT >> 2) * 3
    if heap.memory_limit > most:
        heap.memory_limit = most
    heap.stress = stress
    heap.stress_left = stress
    set_threshold(heap)
    return heap


@function(export="ruff_address_space_limit")
def address_space_limit() -> i64:
    """How many bytes of address space the process may have; negative if that is not limited."""
    limits = cast(Ptr[i64], system_calloc(2, 8))
    limit = i64(-1)
    if not is_null(limits) and system_getrlimit(i32(LIMIT_ADDRESS_SPACE), limits) == 0:
        limit = limits[0]
    system_free(cast(Ptr[u8], limits))
    return limit


@function(export="vm_new")
def vm_new(stack_bytes: i64, most_reserve: i64, memory_limit: i64, stress: i64) -> VM:
    """A new VM, or null when the system has no memory for it.

    `stack_bytes` is the size of the value stack; `most_reserve` limits the address space of the heap;
    `memory_limit` in bytes, 0 for three quarters of the machine's memory; `stress` n collects at every
    n-th allocation, 0 does not.
    """
    # Mapped, since most of it is a table that is hardly used.
    room = map_memory(size_of(VM), READ_WRITE)
    if map_failed(room):
        return null(VM)
    stack = map_memory(stack_bytes, READ_WRITE)
    if map_failed(stack):
        system_munmap(room, size_of(VM))
        return null(VM)
    heap = _new_heap(most_reserve, memory_limit, stress)
    if is_null(heap):
        system_munmap(stack, stack_bytes)
        system_munmap(room, size_of(VM))
        return null(VM)
    vm = cast(VM, room)
    vm.heap = cast(Ptr[u8], heap)
    heap.definitions = vm.definitions
    vm.stack_base = cast(Ptr[Value], stack)
    vm.stack_limit = cast(Ptr[Value], offset(stack, stack_bytes))
    find_stack_bounds(heap)
    vm.native_stack_base = cast(Ptr[u8], heap.stack_high)
    set_up_strings(vm)
    vm.interned = new_dict(vm, 256)
    vm.none = cast(BoxObject, allocate(vm, size_of(BoxObject), OPTION))
    vm.none.aux = NONE_VARIANT
    vm.none.value = null_value()
    return vm


@function
def _free_proto(proto: Proto) -> None:
    system_free(cast(Ptr[u8], proto.code))
    system_free(cast(Ptr[u8], proto.constants))
    system_free(cast(Ptr[u8], proto.handlers))
    system_free(cast(Ptr[u8], proto.positions))
    system_free(cast(Ptr[u8], proto.captures))
    system_free(cast(Ptr[u8], proto.parameter_feedback))
    system_free(cast(Ptr[u8], proto.loop_entries))
    system_free(cast(Ptr[u8], proto.resume_feedback))
    if not is_null(proto.liveness):
        for index in range(proto.code_length):
            system_free(cast(Ptr[u8], proto.liveness[index]))
        system_free(cast(Ptr[u8], proto.liveness))
    system_free(cast(Ptr[u8], proto))


@function
def _free_tables(vm: VM) -> None:
    for number in range(vm.proto_count):
        _free_proto(vm.protos[number])
    system_free(cast(Ptr[u8], vm.protos))
    free_numbers(vm)
    free_descriptions(vm)
    for number in range(vm.builtin_count):
        system_free(cast(Ptr[u8], vm.builtins[number]))
    system_free(cast(Ptr[u8], vm.builtins))
    system_free(vm.output)


@function(export="vm_free")
def vm_free(vm: VM) -> None:
    """Returns everything that a VM holds to the system; nothing may use its chunks any more."""
    heap = heap_of(vm)
    _free_tables(vm)
    free_task_stacks(vm)
    free_profile(vm)
    release_range(heap)
    system_free(cast(Ptr[u8], heap.mark_stack))
    system_free(vm.heap)
    system_munmap(cast(Ptr[u8], vm.stack_base), word(vm.stack_limit) - word(vm.stack_base))
    system_munmap(cast(Ptr[u8], vm), size_of(VM))
