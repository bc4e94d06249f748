"""Every intrinsic, run as machine code."""

from __future__ import annotations

import ctypes
import math
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from rufflang.lowpy import add_overflow, intrinsics, size_of
from rufflang.lowpy.intrinsic_table import _CONSTANT, _SIMPLE, _SPECIAL
from tests.lowpy.low_source import Source

LEAST, MOST = -(2**63), 2**63 - 1


def test_every_declared_intrinsic_can_be_compiled() -> None:
    declared = {
        name for name, item in vars(intrinsics).items()
        if callable(item) and getattr(item, "__module__", "") == intrinsics.__name__ and not name.startswith("_")
    }  # fmt: skip
    assert declared == {*_SIMPLE, *_SPECIAL, *(item.__name__ for item, _, _ in _CONSTANT)}


def test_an_intrinsic_called_in_python_says_that_it_needs_compiled_code() -> None:
    with pytest.raises(TypeError, match="add_overflow exists only in compiled code"):
        add_overflow(1, 2)
    with pytest.raises(TypeError, match="size_of exists only in compiled code"):
        size_of(int)


@pytest.mark.parametrize(("name", "exact"), [
    ("add", lambda a, b: a + b), ("sub", lambda a, b: a - b), ("mul", lambda a, b: a * b),
])  # fmt: skip
def test_overflow_is_reported_beside_the_wrapped_result(tmp_path: Path, name: str, exact: object) -> None:
    assert callable(exact)
    source = Source(
        tmp_path,
        f"""
        @function
        def wrapped(a: i64, b: i64) -> i64:
            result, overflowed = {name}_overflow(a, b)
            return result

        @function
        def overflowed(a: i64, b: i64) -> bool:
            result, over = {name}_overflow(a, b)
            return over

        @function
        def folded() -> bool:
            result, over = {name}_overflow(-9223372036854775808, 2)
            other, fine = {name}_overflow(3, 4)
            return over and not fine and result != other
    """,
    )
    for a in (0, 1, -1, 5, LEAST, MOST):
        for b in (0, 1, -1, 2, LEAST, MOST):
            value = exact(a, b)
            assert source.run("wrapped", a, b) == (value - LEAST) % 2**64 + LEAST
            assert source.run("overflowed", a, b) == (not LEAST <= value <= MOST)
    assert source.run("folded") == (name != "add")
    assert "with.overflow" not in source.llvm("folded")


def test_signed_division_truncates(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def quotient(a: i64, b: i64) -> i64:
            return divide_truncated(a, b)

        @function
        def remainder(a: i64, b: i64) -> i64:
            return remainder_truncated(a, b)
    """,
    )
    for a in (7, -7, 0, MOST, LEAST):
        for b in (2, -2, 3, 1):
            quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
            assert source.run("quotient", a, b) == quotient
            assert source.run("remainder", a, b) == a - b * quotient


def test_multiply_high_gives_the_upper_half(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(a: u64, b: u64) -> u64:
            return multiply_high(a, b)
    """,
    )
    for a, b in ((2**64 - 1, 2**64 - 1), (3, 5), (2**63, 6)):
        assert source.run("f", a, b) == a * b >> 64


def test_bits_and_floats_are_reinterpreted(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def bits(x: f64) -> i64:
            return bits_of(x)

        @function
        def number(n: i64) -> f64:
            return float_from_bits(n)

        @function
        def there_and_back(x: f64) -> f64:
            return float_from_bits(bits_of(x))
    """,
    )
    for x in (0.0, -0.0, 1.5, -math.inf, 5e-324):
        (bits,) = struct.unpack("<q", struct.pack("<d", x))
        assert source.run("bits", x) == bits
        assert struct.pack("<d", source.run("number", bits)) == struct.pack("<d", x)
    assert source.llvm("there_and_back").splitlines()[-1] == "ret double %p.x"


def test_rounding_and_roots(tmp_path: Path) -> None:
    names = ("square_root", "floor", "ceiling", "absolute", "truncate")
    source = Source(tmp_path, "".join(
        f"\n@function\ndef low_{name}(x: f64) -> f64:\n    return {name}(x)\n" for name in names
    ) + "\n@function\ndef low_remainder(a: f64, b: f64) -> f64:\n    return float_remainder(a, b)\n")  # fmt: skip
    for x in (2.5, -2.5, 0.0, 1e300):
        assert source.run("low_floor", x) == math.floor(x)
        assert source.run("low_ceiling", x) == math.ceil(x)
        assert source.run("low_truncate", x) == math.trunc(x)
        assert source.run("low_absolute", x) == abs(x)
        assert source.run("low_remainder", x, 0.7) == math.fmod(x, 0.7)
    assert source.run("low_square_root", 2.0) == math.sqrt(2.0)
    assert math.isnan(source.run("low_square_root", -1.0))


def test_bits_are_counted_also_in_zero(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def leading(n: u64) -> u64:
            return count_leading_zeros(n)

        @function
        def trailing(n: u64) -> u64:
            return count_trailing_zeros(n)

        @function
        def ones(n: u64) -> u64:
            return population_count(n)
    """,
    )
    for n in (0, 1, 12, 2**63, 2**64 - 1):
        assert source.run("leading", n) == 64 - n.bit_length()
        assert source.run("trailing", n) == ((n & -n).bit_length() - 1 if n else 64)
        assert source.run("ones", n) == n.bit_count()


def test_pointers_words_and_null(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        class Thing(Struct):
            n: i64

        @function
        def nothing() -> Thing:
            return null(Thing)

        @function
        def missing(thing: Thing) -> bool:
            return is_null(thing)

        @function
        def certainly() -> bool:
            return is_null(null(Ptr[u8])) and word(null(Thing)) == 0

        @function
        def read(address: i64) -> i64:
            return cast(Thing, address).n

        @function
        def same_word(address: i64) -> i64:
            return word(cast(Ptr[u8], cast(Thing, address)))
    """,
    )
    cell = ctypes.c_int64(42)
    address = ctypes.addressof(cell)
    assert source.run("nothing") == 0
    assert (source.run("missing", 0), source.run("missing", address)) == (True, False)
    assert source.llvm("certainly").splitlines()[-1] == "ret i1 true"
    assert source.run("read", address) == 42
    assert source.run("same_word", address) == address


def test_element_offset_and_field_address_move_pointers(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        class Pair(Record):
            a: i64
            b: f64

        class Thing(Struct):
            small: u8
            pair: Pair

        @function
        def by_element(p: Ptr[i32], i: i64) -> i64:
            return word(element(p, i)) - word(p)

        @function
        def by_record(p: Ptr[Pair], i: i64) -> i64:
            return word(element(p, i)) - word(p)

        @function
        def by_struct(p: Ptr[Thing], i: i64) -> i64:
            return word(element(p, i)) - word(p)

        @function
        def by_bytes(p: Ptr[i64], n: i64) -> i64:
            return word(offset(p, n)) - word(p)

        @function
        def to_field(thing: Thing) -> i64:
            return word(field_address(thing, "pair")) - word(thing)
    """,
    )
    assert [source.run("by_element", 4096, n) for n in (3, -1)] == [12, -4]
    assert source.run("by_record", 4096, 3) == 48
    assert source.run("by_struct", 4096, 3) == 24
    assert source.run("by_bytes", 4096, -7) == -7
    assert source.run("to_field", 4096) == 8


def test_sizes_and_offsets_are_constants(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        class Pair(Record):
            a: i64
            b: i64

        class Thing(Struct):
            small: u8
            word: i32
            pair: Pair

        TEXT = "grün"

        @function
        def f() -> i64:
            return size_of(Thing) * 10000 + offset_of(Thing, "pair") * 100 + offset_of(Thing, "word")

        @function
        def g() -> i64:
            return size_of(u16) * 1000 + size_of(Pair) * 10 + literal_size(TEXT)
    """,
    )
    assert source.llvm("f").splitlines()[-1] == "ret i64 240804"
    assert source.run("g") == 2165


def test_literals_are_constant_bytes_with_a_nul_after_them(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        r"""
        TEXT = "Grüße\n\"\\\x01"

        def made() -> str:
            return TEXT + "!"

        @function
        def f() -> Ptr[u8]:
            return literal(TEXT)

        @function
        def g() -> Ptr[u8]:
            return literal(made)

        @function
        def size() -> i64:
            return literal_size(made)

        @function
        def same() -> bool:
            return literal("twice") == literal("twice")
    """,
    )
    assert ctypes.string_at(source.run("f")) == 'Grüße\n"\\\x01'.encode()
    assert ctypes.string_at(source.run("g")) == 'Grüße\n"\\\x01!'.encode()
    assert source.run("size") == len('Grüße\n"\\\x01!'.encode())
    assert source.run("same") is True
    assert source.emit_everything().count('c"twice') == 1


def test_memory_is_copied_moved_and_filled(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def copy(to: Ptr[u8], source: Ptr[u8], n: i64) -> None:
            copy_memory(to, source, n)

        @function
        def move(to: Ptr[u8], source: Ptr[u8], n: i64) -> None:
            move_memory(to, source, n)

        @function
        def fill(to: Ptr[u8], byte: u8, n: i64) -> None:
            fill_memory(to, byte, n)
    """,
    )
    data = ctypes.create_string_buffer(b"abcdefgh")
    start = ctypes.addressof(data)
    source.run("copy", start, start + 4, 2)
    assert data.value == b"efcdefgh"
    source.run("move", start + 1, start, 6)
    assert data.value == b"eefcdefh"
    source.run("fill", start + 2, ord("x"), 3)
    assert data.value == b"eexxxefh"


def test_volatile_loads_are_repeated(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(p: Ptr[i64]) -> i64:
            return volatile_load(p) + volatile_load(p)

        @function
        def flag(p: Ptr[bool]) -> bool:
            return volatile_load(p)
    """,
    )
    assert source.llvm().count("load volatile i64") == 2
    cell = ctypes.c_int64(21)
    assert source.run("f", ctypes.addressof(cell)) == 42
    assert source.run("flag", ctypes.addressof(ctypes.c_bool(True))) is True


def test_a_prefetch_reads_nothing(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f() -> i64:
            prefetch(cast(Ptr[u8], 1))
            return 7
    """,
    )
    assert "call void @llvm.prefetch.p0(" in source.llvm("f")
    assert source.run("f") == 7


def test_select_evaluates_both_sides_without_a_branch(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(c: bool, a: i64, b: i64) -> i64:
            return select(c, a + 1, b)

        @function
        def g(c: bool, a: f64) -> f64:
            return select(c, 0.0, a)

        @function
        def h(a: i64, b: i64) -> i64:
            return select(size_of(i64) == 8, a, b)
    """,
    )
    assert "br i1" not in source.llvm()
    assert (source.run("f", True, 1, 5), source.run("f", False, 1, 5)) == (2, 5)
    assert (source.run("g", True, 2.5), source.run("g", False, 2.5)) == (0.0, 2.5)
    assert source.llvm("h").splitlines()[-1] == "ret i64 %p.a"


def test_branch_hints_keep_the_condition(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(n: i64) -> i64:
            if likely(n > 0):
                return 1
            return 3 if unlikely(n == -1) else 2
    """,
    )
    assert "call i1 @llvm.expect.i1(i1 %v1, i1 true)" in source.llvm()
    assert [source.run("f", n) for n in (5, -1, 0)] == [1, 3, 2]


def test_functions_are_called_through_their_address(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        class Pair(Record):
            a: i64
            b: i64

        @function
        def swapped(pair: Pair, n: i64) -> Pair:
            return Pair(pair.b + n, pair.a)

        @function
        def address() -> Ptr[u8]:
            return address_of_function(swapped)

        @function
        def f(p: Ptr[u8], pair: Pair) -> Pair:
            result: Pair = call_pointer(Pair, p, pair, i64(10))
            return result

        @function
        def nothing(p: Ptr[u8], n: i64) -> None:
            call_pointer(None, p, n)
    """,
    )
    assert source.run("f", source.run("address"), (1, 2)) == (12, 1)
    seen: list[int] = []
    callback = ctypes.CFUNCTYPE(None, ctypes.c_int64)(seen.append)
    source.run("nothing", ctypes.cast(callback, ctypes.c_void_p).value, 7)
    assert seen == [7]


def test_the_stack_address_grows_down_with_calls(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def deeper(n: i64) -> i64:
            spill_registers()
            if n == 0:
                return word(stack_address())
            return deeper(n - 1) + 0 * n

        @function
        def f() -> i64:
            return word(stack_address()) - deeper(3)
    """,
    )
    assert source.run("f") > 0


def test_trap_ends_the_process(tmp_path: Path) -> None:
    project = Path(__file__).parents[2]
    (tmp_path / "stops.py").write_text(
        "from rufflang.lowpy import function, trap\n"
        "from rufflang.lowpy.library import load_functions\n"
        "import ctypes\n"
        "@function\ndef stop() -> None:\n    trap()\n"
        "ctypes.CFUNCTYPE(None)(load_functions([stop]).address(stop.symbol))()\n"
    )
    code = f"import sys; sys.path[:0] = [{str(project)!r}, {str(tmp_path)!r}]; import stops"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60)
    assert finished.returncode < 0
