"""Arrays that follow each other in a loop, looked into at the same index: most likely they are alike.

An access checks how an array is stored, and whether the index is inside.  On the way down a column of a matrix
each round has another array to check, but the index is the same.  So the first array that passes is remembered, by
a word that has its kind and its length: whatever has the same word would pass as well, and the one comparison
takes the place of both.  After the first array that differs no word is remembered, so
that arrays of many lengths do not lead to branches that the processor cannot foresee.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction, registers_in
from rufflang.jit.request import register_name
from rufflang.lowpy.emitter import Environment
from rufflang.lowpy.types import I64, struct_type
from rufflang.lowpy.values import Word
from rufflang.records import Record
from rufflang.runtime.objects import ArrayObject

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rufflang.jit.hoisting import Hoisting

ACCESSES = {"GET_INDEX": ("b", "c"), "SET_INDEX": ("a", "b")}
"""The fields of an instruction with the container and the index."""

_FIELDS = struct_type(ArrayObject).fields
_WORD_OFFSET = _FIELDS["flags"].offset
"""From here on eight bytes have the kind of array, that of cell, `aux`, and the lower bytes of the length."""
_LENGTH_SHIFT = (_FIELDS["length"].offset - _WORD_OFFSET) * 8
_NOTHING_YET, _NOTHING_MORE = -1, -2
"""Kept in place of a word; no kind of array has these bits."""
_READING = {"GET_INDEX", "GET_FIELD", "OWN_INDEX", "OWN_FIELD", "FOR_NEXT"}
"""What finds an array that was there before.

To read the word of one whose header has just been written, the processor would wait until all pieces have left its
store buffer.
"""


class _Memory(Record):
    """What an access remembers."""

    word: Word
    """The address of the word."""
    loop: int
    """Where the outermost loop begins in which the index is the same."""


class Lookalikes:
    """The accesses in the loops that are open which remember an array."""

    def __init__(self, hoisting: Hoisting) -> None:
        self.translator = hoisting.translator
        self.emitter = hoisting.translator.emitter
        self.memories: dict[int, _Memory] = {}
        """By the instruction."""

    def open(self, first: int, end: int, written: int, environment: Environment) -> None:
        """Finds accesses in a loop whose index stays the same while the array changes, in front of its head.

        An access that remembers already is in a loop around this one, and its index is the same in both.
        """
        self.close(first)
        flow, found_by = self.translator.flow, dict[int, str]()
        for pc, item in flow.instructions.items():
            if not first <= pc < end:
                continue
            if item.name in ACCESSES and pc not in self.memories:
                array, index = (getattr(item, field) for field in ACCESSES[item.name])
                is_unchanged = not written >> index & 1 and register_name(index) in environment
                if is_unchanged and found_by.get(array) in _READING:
                    self._begin(pc, first)
            for number in registers_in(flow.effects[pc].writes):
                found_by[number] = item.name

    def _begin(self, pc: int, first: int) -> None:
        word = self.emitter.variable(I64, str(_NOTHING_YET))
        self.emitter.line(f"store i64 {_NOTHING_YET}, ptr {word.text}")
        self.memories[pc] = _Memory(word, first)

    def close(self, first: int) -> None:
        """Forgets about a loop."""
        self.memories = {pc: memory for pc, memory in self.memories.items() if memory.loop != first}

    def check(self, item: Instruction, array: Word, index: Word, check: Callable[[], None]) -> None:
        """Has what `check` writes be done unless the array, an ArrayObject, is like one for which it was."""
        memory = self.memories.get(item.pc)
        if memory is None:
            check()
            return
        emitter = self.emitter
        place = emitter.address(array, _WORD_OFFSET)
        word = emitter.define(I64, f"load i64, ptr {place.text}, align 1")
        remembered = emitter.define(I64, f"load i64, ptr {memory.word.text}")
        other, alike = emitter.new_label("other"), emitter.new_label("alike")
        emitter.branch(emitter.likely(emitter.compare("eq", word, remembered)), alike, other)
        emitter.start(other)
        check()
        self._remember(memory, word, remembered, index)
        emitter.jump(alike)
        emitter.start(alike)

    def _remember(self, memory: _Memory, word: Word, remembered: Word, index: Word) -> None:
        """Replaces the word, if any, after another array has passed."""
        emitter = self.emitter
        # Of a longer array the word has only a part of the length.
        length = emitter.define(I64, f"lshr i64 {word.text}, {_LENGTH_SHIFT}")
        is_first = emitter.compare("eq", remembered, emitter.number(_NOTHING_YET))
        is_inside = emitter.compare("ult", index, length)
        kept = emitter.define(is_first.type, f"and i1 {is_first.text}, {is_inside.text}")
        following = emitter.define(I64, f"select i1 {kept.text}, i64 {word.text}, i64 {_NOTHING_MORE}")
        emitter.line(f"store i64 {following.text}, ptr {memory.word.text}")
