"""Values as the JIT knows them: SSA words, some with more known of them than their bits.

What is more known of a word is kept by its class, and lost where it is joined with another of which it is not.
"""

from __future__ import annotations

from rufflang.lowpy.types import I64, Pointer, record_type, struct_type
from rufflang.lowpy.values import Aggregate, SsaValue, Word, constant_word, words_of
from rufflang.records import Record
from rufflang.runtime.objects import Object
from rufflang.runtime.values import FLOAT, INT, Value

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

VALUE = record_type(Value)
_OBJECT = struct_type(Object)
SHARED_OFFSET = _OBJECT.fields["shared"].offset
"""Where the header of a cell has the mark."""
LoopPlace = tuple[tuple[int, ...], int, int]
"""A register at a loop's head: the calls that were inlined to get there, the head, the register."""
REGISTERS_TYPE = Pointer(VALUE)


def value(tag: Word | int, payload: Word) -> Aggregate:
    """A Ruff value from its words."""
    return Aggregate(VALUE, (constant_word(I64, tag) if isinstance(tag, int) else tag, payload))


def known_tag(item: SsaValue) -> int | None:
    """The tag of a value, when it is known."""
    tag = words_of(item)[0].constant
    return None if tag is None else int(tag)


class NumberTag(Word):
    """The tag of a value that is an int or a float."""

    __slots__ = ()


def number_tag(tag: Word) -> NumberTag:
    """The tag of a value of which that has been found out."""
    return NumberTag(tag.type, tag.text)


def is_number(item: SsaValue) -> bool:
    """Whether a value certainly is an int or a float."""
    tag = words_of(item)[0]
    return isinstance(tag, NumberTag) or tag.constant in (INT, FLOAT)


class NotReplayable(Exception):
    """A builtin uses its arguments in a way that needs them in memory."""


class ArgumentVector(Word):
    """The `arguments` of a builtin being replayed: element i is a known value.

    They are not in memory.  Where a function is called with them, which is rare and slow, they are
    written into the frame at the register `place`.
    """

    __slots__ = ("items", "place")

    def __init__(self, items: list[Aggregate], place: int) -> None:
        super().__init__(REGISTERS_TYPE, "")
        self.items = items
        self.place = place

    @property
    def text(self) -> str:
        raise NotReplayable

    @text.setter
    def text(self, text: str) -> None:
        """There is nothing to refer to."""


class FunctionWord(Word):
    """The payload of a function value that is known: its closure's address, and its chunk's number."""

    __slots__ = ("number",)

    def __init__(self, closure: Word, payload: Word, number: int) -> None:
        super().__init__(I64, payload.text, None, closure)
        self.number = number


class CharacterWord(Word):
    """The payload of a string known to be one character, and its code point."""

    __slots__ = ("code",)

    def __init__(self, payload: Word, code: Word) -> None:
        super().__init__(I64, payload.text)
        self.code = code


class TextWord(Word):
    """The payload of a string constant, and its bytes."""

    __slots__ = ("content",)

    def __init__(self, payload: Word, content: bytes) -> None:
        super().__init__(I64, payload.text)
        self.content = content


class Definition(Record):
    """The definition of a struct: its shape, its address, which keeps it alive while it is needed, its fields."""

    shape: int
    address: Word
    names: tuple[str, ...]


class MarkedWord(Word):
    """The payload of something that bears the mark `shared`, which is never taken away."""

    __slots__ = ()


class OwnedWord(Word):
    """The payload of a container that certainly has one holder; see `ownership`."""

    __slots__ = ()


_AGREED = (OwnedWord, MarkedWord, NumberTag)
"""What is known of a word only if it is known of it on all ways."""


def agreed(merged: Word, items: Sequence[Word]) -> Word:
    """A word that comes out of several, with what is known of all of them."""
    origin = merged.origin if all(item.origin is merged.origin for item in items) else None
    classes = {type(item) for item in items}
    is_kept = origin is merged.origin and classes.isdisjoint(_AGREED)
    if merged.type != I64 or (is_kept and not isinstance(merged, CharacterWord)):
        return merged
    kind = next((kind for kind in _AGREED if classes == {kind}), Word)
    return kind(merged.type, merged.text, merged.constant, origin)
