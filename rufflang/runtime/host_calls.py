"""Calling the host: C functions that lead into Python.

Python wants to run on the stack of its thread.  A task has another one, so a call made in a
task changes to the thread's stack for as long as it takes.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, call_pointer, cast, function, i64, is_null, null, offset, stack_address, u8, word
from rufflang.runtime.native_stacks import call_on_stack
from rufflang.runtime.values import Value
from rufflang.runtime.vm import VM

RED_ZONE = 256  # bytes below a stack pointer that may be in use


@function
def call_host(vm: VM, code: Ptr[u8], first: i64, second: i64, third: i64) -> Value:
    """The result of `code(vm, first, second, third)`; its first word for functions that give one word."""
    if is_null(vm.thread_stack):
        result: Value = call_pointer(Value, code, vm, first, second, third)
        return result
    task_stack = vm.task_stack
    thread_stack = vm.thread_stack
    vm.task_stack = stack_address()
    vm.thread_stack = null(Ptr[u8])
    answer = call_on_stack(offset(thread_stack, -RED_ZONE), code, word(vm), first, second, third)
    vm.thread_stack = thread_stack
    vm.task_stack = task_stack
    return answer


@function
def call_host_for_object(vm: VM, code: Ptr[u8], first: i64, second: i64, third: i64) -> Ptr[u8]:
    """As `call_host`, for functions that give a pointer."""
    return cast(Ptr[u8], call_host(vm, code, first, second, third).tag)
