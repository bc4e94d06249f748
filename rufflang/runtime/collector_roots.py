"""Where marking starts: the native stack, the value stack, loaded chunks, and the VM's own fields."""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, function, i64, is_null, offset, size_of, stack_address, u8, u64, word
from rufflang.runtime.collector_marking import drain, mark_cell, mark_value, mark_values, mark_words
from rufflang.runtime.heap_layout import Heap
from rufflang.runtime.heap_system import (
    IS_LINUX,
    system_pthread_attr_destroy,
    system_pthread_attr_getstack,
    system_pthread_get_stackaddr,
    system_pthread_getattr,
    system_pthread_self,
)
from rufflang.runtime.objects import Proto
from rufflang.runtime.vm import VM, Builtin

WORD_SHIFT = 3


@function(cold=True)
def thread_stack_top(heap: Heap) -> Ptr[u8]:
    """The highest address of the calling thread's stack."""
    if not IS_LINUX:
        return system_pthread_get_stackaddr(system_pthread_self())
    attributes = cast(Ptr[u8], heap.scratch)
    lowest = cast(Ptr[i64], offset(attributes, 96))
    size = cast(Ptr[i64], offset(attributes, 104))
    if system_pthread_getattr(system_pthread_self(), attributes) != 0:
        return cast(Ptr[u8], 0)
    system_pthread_attr_getstack(attributes, lowest, size)
    system_pthread_attr_destroy(attributes)
    return offset(cast(Ptr[u8], lowest[0]), size[0])


@function
def mark_native_stack(vm: VM, heap: Heap) -> None:
    """Marks conservatively from the current frame upwards to the VM's native stack base.

    Without a base, or called from above it, the whole of the thread's stack is searched.
    """
    bottom = stack_address()
    top = vm.native_stack_base
    if u64(word(bottom)) >= u64(word(top)):
        top = thread_stack_top(heap)
    mark_words(heap, cast(Ptr[i64], bottom), (word(top) - word(bottom)) >> WORD_SHIFT)
    drain(heap)


@function
def mark_value_stack(vm: VM, heap: Heap) -> None:
    """Marks conservatively what the frames of interpreted code hold."""
    count = (word(vm.stack_top) - word(vm.stack_base)) >> WORD_SHIFT
    mark_words(heap, cast(Ptr[i64], vm.stack_base), count)
    drain(heap)


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
    mark_words(heap, cast(Ptr[i64], vm), size_of(VM) >> WORD_SHIFT)
    drain(heap)
    _mark_protos(vm, heap)
    _mark_builtins(vm, heap)
