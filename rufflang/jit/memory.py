"""Reads and writes the VM's native structures, at the places that the compiled runtime tells."""

from __future__ import annotations

from rufflang.interpreter.foreign import Int64, Number, Word64, string_at
from rufflang.interpreter.native_layout import CONSTANTS, OPCODE_BYTES, OPCODE_SYMBOL, PLACES, SYMBOL

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.interpreter.library import Library

_VALUE_SIZE = 16
_COUNT_OF_HOT_LOOPS = 0x7FFFFFFF
_ATTEMPTS = 3


class Word32(Number):
    _type_ = "I"


def read_word(address: int) -> int:
    """The u64 at an address."""
    return Word64.from_address(address).value


def write_word(address: int, value: int) -> None:
    """Stores a u64."""
    Word64.from_address(address).value = value


class Outline:
    """What nothing changes in code: `cells` and `inner` are the constants that are globals and functions.

    `loops` is where the jumps back are, and `length` how many instructions there are.
    """

    __slots__ = ("_high", "_short", "cells", "inner", "length", "loops")

    def __init__(self, code: bytes, opcodes: bytes, loop: int) -> None:
        words = memoryview(code).cast("Q")
        cells: set[int] = set()
        inner: set[int] = set()
        self.loops: list[int] = []
        self._high: list[int] = []
        self._short: list[int] = []
        place = self.length = 0
        count = len(words)
        while place < count:
            word = words[place]
            start = OPCODE_BYTES * (word & 0xFFFF)
            cache_words, cell, chunk, high, short = opcodes[start : start + OPCODE_BYTES]
            if cell:
                cells.add(word >> cell & 0xFFFF)
            if chunk:
                inner.add(word >> chunk)
            if word & 0xFFFF == loop:
                self.loops.append(place)
            if high or short:
                self._high += [place + 1 + index for index in range(cache_words) if high >> index & 1]
                self._short += [place + 1 + index for index in range(cache_words) if short >> index & 1]
            place += 1 + cache_words
            self.length += 1
        self.cells, self.inner = sorted(cells), sorted(inner)

    def callees(self, code: bytes) -> set[int]:
        """The numbers of functions that calls have reached, and perhaps some others."""
        words = memoryview(code).cast("Q")
        return {words[place] >> 32 for place in self._high} | {words[place] >> 16 & 0xFFFFFF for place in self._short}


class Memory:
    """One VM's memory; fields are named like "Proto.entry", see `native_layout`."""

    __slots__ = ("_opcodes", "_outlines", "_places", "loop_number", "vm")

    def __init__(self, library: Library, vm: int) -> None:
        names = PLACES + CONSTANTS
        numbers = (Int64 * len(names)).from_address(library.address(SYMBOL))
        self._places = dict(zip(names, numbers, strict=True))
        self._opcodes = string_at(library.address(OPCODE_SYMBOL), OPCODE_BYTES * self._places["OPCODES"])
        self._outlines: dict[int, Outline] = {}
        self.loop_number = self._places["LOOP_NUMBER"]
        """The bits of a loop's cache word that say which one it is; see `interpreter.control`."""
        self.vm = vm

    def field(self, base: int, name: str) -> int:
        """A word-sized field of a structure."""
        return read_word(base + self._places[name])

    def set_field(self, base: int, name: str, value: int) -> None:
        """Changes a word-sized field of a structure."""
        write_word(base + self._places[name], value)

    def code(self, proto: int) -> bytes:
        """A chunk's code as it stands now, cache words included."""
        return string_at(self.field(proto, "Proto.code"), 8 * self.field(proto, "Proto.code_length"))

    def expire_count(self, proto: int, jump: int) -> None:
        """Lets a loop look for its code in the next round, given where its jump back is.

        It may be counting rounds right now, and overwrite this; then it looks when it would have looked anyhow.
        """
        count = Word32.from_address(self.field(proto, "Proto.code") + 8 * (jump + 1))
        for _ in range(_ATTEMPTS):
            count.value = _COUNT_OF_HOT_LOOPS

    def lines(self, proto: int) -> list[int]:
        """The source line of each word of a chunk's code."""
        from rufflang.bytecode.positions import LINE_SHIFT

        count = self.field(proto, "Proto.code_length")
        positions = (Word64 * count).from_address(self.field(proto, "Proto.positions"))
        return [position >> LINE_SHIFT for position in positions]

    def outline(self, proto: int, code: bytes) -> Outline:
        """The outline of a chunk's code, which is remembered."""
        found = self._outlines.get(proto)
        if found is None:
            found = self._outlines[proto] = Outline(code, self._opcodes, self._places["LOOP"])
        return found

    def parameter_kinds(self, proto: int) -> list[int]:
        """The kinds of arguments seen, a bit set for each parameter.

        Nothing is said of a function that only puts its arguments away: code for that is the same for all kinds.
        """
        count = self.field(proto, "Proto.parameter_count")
        if self.field(proto, "Proto.kind") != self._places["PLAIN"]:
            return [0] * count
        return list((Word32 * count).from_address(self.field(proto, "Proto.parameter_feedback")))

    def is_generator(self, proto: int) -> bool:
        """Whether calling the function gives a generator."""
        return bool(self.field(proto, "Proto.kind") == self._places["GENERATOR"])

    def resume_kinds(self, proto: int) -> list[int]:
        """The kinds of values that registers of a generator had when it went on, a bit set for each."""
        count = self.field(proto, "Proto.register_count")
        return list((Word32 * count).from_address(self.field(proto, "Proto.resume_feedback")))

    def global_state(self, proto: int, constant: int) -> tuple[int, int | None]:
        """What is in the global cell that is a constant of the chunk.

        Gives the value's tag and, for a function that is there for ever, the number of its chunk.
        """
        places = self._places
        cell = read_word(self.field(proto, "Proto.constants") + _VALUE_SIZE * constant + 8)
        tag = read_word(cell + places["CellObject.value"])
        kind = Word32.from_address(cell + places["CellObject.aux"]).value
        if tag != places["FUNCTION"] or kind != places["FIXED"]:
            return tag, None
        closure = read_word(cell + places["CellObject.value"] + 8)
        return tag, self.field(self.field(closure, "FunctionObject.proto"), "Proto.number")

    def definitions(self) -> tuple[int, int]:
        """How many structs are defined so far, and a digest of them."""
        count = self.field(self.vm, "VM.definition_count")
        return count, self.definition_digest(count)

    def definition_digest(self, count: int) -> int:
        """A digest of the first struct definitions, 0 where it is not known; see `structs.enter_definition`."""
        if not 0 < count <= self.field(self.vm, "VM.definition_count") or count >= self._places["DEFINITION_ROOM"]:
            return 0
        return read_word(self.vm + self._places["VM.definition_digests"] + 8 * count)

    def inner_chunk(self, proto: int, constant: int) -> int:
        """The number of the chunk that is a constant of this one."""
        inner = read_word(self.field(proto, "Proto.constants") + _VALUE_SIZE * constant + 8)
        return self.field(inner, "Proto.number")
