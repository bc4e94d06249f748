"""The operations of lowpy that Python has no notation for.

They are declared here for mypy and for readers; `frontend` recognises the function
objects and `emitter` holds their LLVM form.  Calling one in plain Python is an error.
"""

from __future__ import annotations

from rufflang.lowpy.types import Ptr

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn, TypeVar

    T = TypeVar("T")


def _only_compiled(name: str) -> NoReturn:
    raise TypeError(f"lowpy intrinsic {name} exists only in compiled code")


def add_overflow(a: int, b: int) -> tuple[int, bool]:
    """a + b wrapped to 64 bits, and whether it overflowed."""
    _only_compiled("add_overflow")


def sub_overflow(a: int, b: int) -> tuple[int, bool]:
    """a - b wrapped to 64 bits, and whether it overflowed."""
    _only_compiled("sub_overflow")


def mul_overflow(a: int, b: int) -> tuple[int, bool]:
    """a * b wrapped to 64 bits, and whether it overflowed."""
    _only_compiled("mul_overflow")


def divide_truncated(a: int, b: int) -> int:
    """Signed quotient, truncated toward zero; b must not be 0, nor the quotient overflow."""
    _only_compiled("divide_truncated")


def remainder_truncated(a: int, b: int) -> int:
    """Signed remainder with the sign of a; same conditions as `divide_truncated`."""
    _only_compiled("remainder_truncated")


def multiply_high(a: int, b: int) -> int:
    """The high 64 bits of the product of two u64."""
    _only_compiled("multiply_high")


def bits_of(x: float) -> int:
    """The bits of a double as i64."""
    _only_compiled("bits_of")


def float_from_bits(x: int) -> float:
    """The double with these bits."""
    _only_compiled("float_from_bits")


def square_root(x: float) -> float:
    """IEEE square root."""
    _only_compiled("square_root")


def floor(x: float) -> float:
    """Largest integral double not above x."""
    _only_compiled("floor")


def ceiling(x: float) -> float:
    """Smallest integral double not below x."""
    _only_compiled("ceiling")


def truncate(x: float) -> float:
    """x without its fraction."""
    _only_compiled("truncate")


def absolute(x: float) -> float:
    """|x|."""
    _only_compiled("absolute")


def float_remainder(a: float, b: float) -> float:
    """C fmod."""
    _only_compiled("float_remainder")


def count_leading_zeros(x: int) -> int:
    """Of a u64; 64 for zero."""
    _only_compiled("count_leading_zeros")


def count_trailing_zeros(x: int) -> int:
    """Of a u64; 64 for zero."""
    _only_compiled("count_trailing_zeros")


def population_count(x: int) -> int:
    """Number of one bits of a u64."""
    _only_compiled("population_count")


def cast(target: type[T], value: Any) -> T:
    """A pointer, or an i64 word holding one, as another pointer type."""
    _only_compiled("cast")


def word(pointer: Any) -> int:
    """A pointer as i64."""
    _only_compiled("word")


def null(target: type[T]) -> T:
    """The null pointer of a type."""
    _only_compiled("null")


def is_null(pointer: Any) -> bool:
    """Whether a pointer is null."""
    _only_compiled("is_null")


def element(pointer: Ptr[T], index: int) -> Ptr[T]:
    """Address of `pointer[index]`."""
    _only_compiled("element")


def offset(pointer: Any, count: int) -> Ptr[int]:
    """The address `count` bytes further, as Ptr[u8]."""
    _only_compiled("offset")


def field_address(pointer: Any, name: str) -> Any:
    """Address of a structure's field."""
    _only_compiled("field_address")


def size_of(target: Any) -> int:
    """Bytes of a structure (its head, without the variable part), scalar or record."""
    _only_compiled("size_of")


def offset_of(target: Any, name: str) -> int:
    """Byte offset of a structure's field."""
    _only_compiled("offset_of")


def literal(text: str | Callable[[], str]) -> Ptr[int]:
    """Address of constant UTF-8 bytes, NUL-terminated; a function makes the text when code is made."""
    _only_compiled("literal")


def literal_size(text: str | Callable[[], str]) -> int:
    """Number of UTF-8 bytes of a text constant."""
    _only_compiled("literal_size")


def copy_memory(to: Any, source: Any, size: int) -> None:
    """Copies `size` bytes between places that do not overlap."""
    _only_compiled("copy_memory")


def move_memory(to: Any, source: Any, size: int) -> None:
    """Copies `size` bytes; the places may overlap."""
    _only_compiled("move_memory")


def fill_memory(to: Any, byte: int, size: int) -> None:
    """Sets `size` bytes (a u8 value each)."""
    _only_compiled("fill_memory")


def volatile_load(pointer: Ptr[T]) -> T:
    """`pointer[0]`, read from memory each time."""
    _only_compiled("volatile_load")


def stack_address() -> Ptr[int]:
    """An address in the current native stack frame."""
    _only_compiled("stack_address")


def spill_registers() -> None:
    """Makes the function save every callee-saved register in its frame."""
    _only_compiled("spill_registers")


def address_of_function(target: Any) -> Ptr[int]:
    """Address of a lowpy or external function."""
    _only_compiled("address_of_function")


def call_pointer(result: Any, pointer: Any, *arguments: Any) -> Any:
    """Calls a C function through a pointer."""
    _only_compiled("call_pointer")


def prefetch(pointer: Any) -> None:
    """Says that memory will be read soon, so that the processor may fetch it already."""
    _only_compiled("prefetch")


def likely(condition: bool) -> bool:
    """The condition, expected true."""
    _only_compiled("likely")


def unlikely(condition: bool) -> bool:
    """The condition, expected false."""
    _only_compiled("unlikely")


def select(condition: bool, a: T, b: T) -> T:
    """a or b, both evaluated, without a branch."""
    _only_compiled("select")


def trap() -> None:
    """Ends the process."""
    _only_compiled("trap")
