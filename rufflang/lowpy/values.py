"""What the emitter computes with: SSA values, known constants, and records of both."""

from __future__ import annotations

import struct

from rufflang.lowpy.types import RecordType, Scalar, TupleType, Type
from rufflang.records import Record

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias


class Word:
    """One LLVM value: its type, its operand text, and its Python value when it is known."""

    __slots__ = ("constant", "origin", "text", "type")

    def __init__(
        self, kind: Type, text: str, constant: int | float | bool | None = None, origin: Word | None = None
    ) -> None:
        self.type = kind
        self.text = text
        self.constant = constant
        self.origin = origin
        """For a reinterpreted double or pointer, the value it was made from."""

    def __repr__(self) -> str:
        return f"<{self.type} {self.text}>"


class Aggregate(Record):
    """A record (or the several results of an intrinsic) as its separate words."""

    type: RecordType | TupleType
    words: tuple[Word, ...]


SsaValue: TypeAlias = Word | Aggregate


def constant_word(kind: Type, value: int | float | bool) -> Word:
    """A known value; integers are wrapped to their width."""
    assert isinstance(kind, Scalar)
    if kind.llvm == "double":
        number = float(value)
        return Word(kind, "0x" + struct.pack(">d", number).hex().upper(), number)
    if kind.bits == 1:
        return Word(kind, "true" if value else "false", bool(value))
    wrapped = wrap(kind, int(value))
    return Word(kind, str(wrapped), wrapped)


def wrap(kind: Scalar, value: int) -> int:
    """`value` reduced to the range of an integer type."""
    value &= (1 << kind.bits) - 1
    if kind.signed and value >> (kind.bits - 1):
        value -= 1 << kind.bits
    return value


def words_of(value: SsaValue) -> tuple[Word, ...]:
    """The separate words of a value."""
    return value.words if isinstance(value, Aggregate) else (value,)


def same(first: SsaValue, second: SsaValue) -> bool:
    """Whether two values are certainly the same at run time."""
    if isinstance(first, Aggregate):
        return isinstance(second, Aggregate) and all(map(_same_word, first.words, second.words))
    return isinstance(second, Word) and _same_word(first, second)


def _same_word(first: Word, second: Word) -> bool:
    return first is second or (first.text == second.text and first.type == second.type)
