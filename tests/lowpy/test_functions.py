"""Calls, inlining, error edges, external and exported functions."""

from __future__ import annotations

from pathlib import Path

import pytest

from rufflang.lowpy.build import emit_functions
from rufflang.lowpy.function import LowpyError
from rufflang.lowpy.module import ModuleText
from tests.lowpy.low_source import Source, lines

VALUE = """
    class Value(Record):
        raised: ClassVar[tuple[int, ...] | None] = (15, 0)
        tag: i64
        payload: i64

    class Machine(Struct):
        errors: i64

    @function
    def fail(vm: Machine) -> Raised:
        vm.errors += 1
        return Raised()
"""


def test_a_plain_function_stays_a_call_and_an_inline_one_does_not(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def doubled(n: i64) -> i64:
            return n + n

        @function(inline=True)
        def tripled(n: i64) -> i64:
            return n * 3

        @function
        def f(n: i64) -> i64:
            return doubled(tripled(n))
    """,
    )
    symbol = source.function("doubled").symbol
    assert source.llvm() == lines(f"""
        entry:
        %v1 = mul i64 %p.n, 3
        %v2 = call i64 @"{symbol}"(i64 %v1)
        br label %exit3
        exit3:
        ret i64 %v2
    """)
    assert source.run("f", 7) == 42


def test_inlined_variables_do_not_mix_with_those_of_the_caller(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function(inline=True)
        def inner(a: i64) -> i64:
            total = a * 10
            for i in range(3):
                total += i
                if total > 1000:
                    break
            return total

        @function
        def f(a: i64) -> i64:
            total = 0
            for i in range(4):
                total += inner(a + i)
            return total
    """,
    )
    assert source.run("f", 1) == sum((1 + i) * 10 + 3 for i in range(4))


def test_an_inlined_function_may_return_in_the_middle_of_a_loop(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function(inline=True)
        def first_above(p: Ptr[i64], n: i64, limit: i64) -> i64:
            for i in range(n):
                if p[i] > limit:
                    return i
            return -1

        @function
        def f(p: Ptr[i64], n: i64) -> i64:
            return first_above(p, n, 5) * 100 + first_above(p, n, 50)
    """,
    )
    import ctypes

    numbers = (ctypes.c_int64 * 4)(1, 2, 9, 3)
    assert source.run("f", ctypes.addressof(numbers), 4) == 199


def test_functions_may_be_mutually_recursive(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def even(n: i64) -> bool:
            return True if n == 0 else odd(n - 1)

        @function
        def odd(n: i64) -> bool:
            return False if n == 0 else even(n - 1)
    """,
    )
    assert [source.run("even", n) for n in range(4)] == [True, False, True, False]


def test_inlined_functions_may_not_be_recursive(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function(inline=True)
        def around(n: i64) -> i64:
            return around(n - 1) + around(n - 2)

        @function
        def f(n: i64) -> i64:
            return around(n)
    """,
    )
    with pytest.raises(LowpyError, match=r":5: around: inlined functions are recursive"):
        source.llvm()


def test_the_error_edge_of_a_compiled_function_returns_the_raised_record(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        VALUE
        + """
    @function
    def halved(vm: Machine, n: i64) -> Value:
        if n & 1 == 1:
            return fail(vm)
        return Value(2, n >> 1)

    @function
    def f(vm: Machine, n: i64) -> Value:
        half = halved(vm, n)
        if half.tag == 15:
            return half
        return halved(vm, half.payload)
    """,
    )
    import ctypes

    errors = ctypes.c_int64(0)
    vm = ctypes.addressof(errors)
    assert source.run("f", vm, 12) == (2, 3)
    assert errors.value == 0
    assert source.run("f", vm, 6) == (15, 0)
    assert source.run("f", vm, 3) == (15, 0)
    assert errors.value == 2


def test_an_error_in_an_inlined_function_leaves_the_caller_too(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        VALUE
        + """
    @function(inline=True)
    def halved(vm: Machine, n: i64) -> Value:
        if n & 1 == 1:
            return fail(vm)
        return Value(2, n >> 1)

    @function
    def f(vm: Machine, n: i64) -> Value:
        total = 0
        for i in range(3):
            half = halved(vm, n)
            total += 1
            n = half.payload
        return Value(2, total * 1000 + n)
    """,
    )
    import ctypes

    errors = ctypes.c_int64(0)
    vm = ctypes.addressof(errors)
    assert source.run("f", vm, 16) == (2, 3002)
    assert source.run("f", vm, 12) == (15, 0)
    assert errors.value == 1


def test_a_function_that_raises_passes_another_ones_error_on(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        VALUE
        + """
    @function
    def fail_twice(vm: Machine) -> Raised:
        vm.errors += 10
        return fail(vm)

    @function
    def f(vm: Machine) -> Value:
        return fail_twice(vm)
    """,
    )
    import ctypes

    errors = ctypes.c_int64(0)
    assert source.run("f", ctypes.addressof(errors)) == (15, 0)
    assert errors.value == 11


def test_inlining_what_may_raise_needs_an_error_edge(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        VALUE
        + """
    @function(inline=True)
    def halved(vm: Machine, n: i64) -> Value:
        if n & 1 == 1:
            return fail(vm)
        return Value(2, n >> 1)

    @function
    def f(vm: Machine, n: i64) -> i64:
        return halved(vm, n).payload
    """,
    )
    with pytest.raises(LowpyError, match="f inlines a function that may raise, and i64 has no error edge"):
        source.llvm()


def test_c_functions_are_declared_and_called(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @external("memcmp")
        def compare_memory(a: Ptr[u8], b: Ptr[u8], n: u64) -> i32: ...

        @function
        def f() -> bool:
            return compare_memory(literal("same"), literal("sane"), 2) == 0
    """,
    )
    assert 'declare i32 @"memcmp"(ptr, ptr, i64) nounwind' in source.emit_everything()
    assert source.run("f") is True


def test_symbols_are_module_and_name_unless_exported(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def plain(n: i64) -> i64:
            return n

        @function(export="public_name")
        def shared(n: i64) -> i64:
            return n
    """,
    )
    assert source.function("plain").symbol == f"{source.module.__name__}.plain"
    assert source.function("shared").symbol == "public_name"
    assert '@"public_name"(i64 %p.n)' in source.emit_everything()


_TWO_OF_ONE_SYMBOL = """
        @function(export="twice")
        def one(n: i64) -> i64:
            return n

        @function(export="twice")
        def other(n: i64) -> i64:
            return n
"""


def test_two_functions_of_one_symbol_are_refused(tmp_path: Path) -> None:
    caller = """
        @function
        def f(n: i64) -> i64:
            return one(n) + other(n)
    """
    source = Source(tmp_path, _TWO_OF_ONE_SYMBOL + caller)
    with pytest.raises(LowpyError, match="defines twice as well"):
        source.llvm()


def test_two_functions_of_one_symbol_are_refused_also_if_nothing_calls_them(tmp_path: Path) -> None:
    source = Source(tmp_path, _TWO_OF_ONE_SYMBOL)
    with pytest.raises(LowpyError, match="defines twice as well"):
        emit_functions(ModuleText("test"), [source.function("one"), source.function("other")])


def test_cold_functions_are_marked(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function(cold=True)
        def f(n: i64) -> i64:
            return n
    """,
    )
    assert "cold noinline nounwind {" in source.emit_everything()


def test_functions_that_need_no_intrinsics_run_as_python(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(n: i64) -> i64:
            total = 0
            for i in range(n):
                total += i
            return total
    """,
    )
    assert source.function("f")(10) == 45 == source.run("f", 10)


def test_a_function_in_assembly_is_called_like_a_c_function(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @assembly(
            "added_in_assembly",
            x86_64="leaq (%rdi,%rsi), %rax\\n retq",
            aarch64="add x0, x0, x1\\n ret",
        )
        def added(a: i64, b: i64) -> i64: ...

        @function
        def f(n: i64) -> i64:
            return added(n, 5) + added(n, n)
    """,
    )
    assert source.run("f", 7) == 26


def test_a_function_in_assembly_is_defined_where_it_is_used_and_only_there(tmp_path: Path) -> None:
    text = """
        @assembly("unused_assembly", x86_64="retq", aarch64="ret")
        def unused() -> None: ...

        @function
        def f(n: i64) -> i64:
            return n
    """
    assert not any("module asm" in line for line in Source(tmp_path, text).llvm())
