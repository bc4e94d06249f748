"""Changing native stacks: the few instructions that no language but assembly can express.

Tasks run on a stack of their own beside the thread's (see `tasks`).  All three functions keep
the registers that a C function has to keep.
"""

# mypy: disable-error-code="empty-body"

from __future__ import annotations

from rufflang.lowpy import Ptr, assembly, i64, u8
from rufflang.runtime.values import Value

_PUSH_X86 = """
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
"""
_POP_X86 = """
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
"""
_PUSH_ARM = """
    sub sp, sp, #160
    stp x19, x20, [sp, #0]
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    stp x29, x30, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
"""
_POP_ARM = """
    ldp x19, x20, [sp, #0]
    ldp x21, x22, [sp, #16]
    ldp x23, x24, [sp, #32]
    ldp x25, x26, [sp, #48]
    ldp x27, x28, [sp, #64]
    ldp x29, x30, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    add sp, sp, #160
"""


@assembly(
    "ruff_switch_stack",
    x86_64=f"{_PUSH_X86} movq %rsp, (%rdi)\n movq %rsi, %rsp\n {_POP_X86} retq",
    aarch64=f"{_PUSH_ARM} mov x9, sp\n str x9, [x0]\n mov sp, x1\n {_POP_ARM} ret",
)
def switch_stack(saved: Ptr[Ptr[u8]], target: Ptr[u8]) -> None:
    """Notes where this stack is in `saved` and goes on where another stack was noted so."""
    ...


@assembly(
    "ruff_start_on_stack",
    x86_64=f"""{_PUSH_X86}
        movq %rsp, (%rdi)
        andq $-16, %rsi
        movq %rsi, %rsp
        movq %rcx, %rdi
        movq %r8, %rsi
        xorl %ebp, %ebp
        callq *%rdx
        ud2""",
    aarch64=f"""{_PUSH_ARM}
        mov x9, sp
        str x9, [x0]
        and x1, x1, #-16
        mov sp, x1
        mov x0, x3
        mov x1, x4
        mov x29, #0
        blr x2
        brk #1""",
)
def start_on_stack(saved: Ptr[Ptr[u8]], stack: Ptr[u8], code: Ptr[u8], first: Ptr[u8], second: Ptr[u8]) -> None:
    """Notes where this stack is in `saved` and calls `code(first, second)` on the stack that ends at `stack`.

    That call never returns, but this one does, when somebody goes on here.
    """
    ...


@assembly(
    "ruff_call_on_stack",
    x86_64="""
        pushq %rbp
        movq %rsp, %rbp
        andq $-16, %rdi
        movq %rdi, %rsp
        movq %rsi, %rax
        movq %rdx, %rdi
        movq %rcx, %rsi
        movq %r8, %rdx
        movq %r9, %rcx
        callq *%rax
        movq %rbp, %rsp
        popq %rbp
        retq""",
    aarch64="""
        stp x29, x30, [sp, #-16]!
        mov x29, sp
        and x0, x0, #-16
        mov sp, x0
        mov x9, x1
        mov x0, x2
        mov x1, x3
        mov x2, x4
        mov x3, x5
        blr x9
        mov sp, x29
        ldp x29, x30, [sp], #16
        ret""",
)
def call_on_stack(stack: Ptr[u8], code: Ptr[u8], first: i64, second: i64, third: i64, fourth: i64) -> Value:
    """The result of `code(first, …)`, called on the stack that is in use down to `stack`."""
    ...
