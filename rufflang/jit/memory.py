"""Reads and writes the VM's native structures, at the places that the compiled runtime tells."""

from __future__ import annotations

from rufflang.foreign import Int32, Word64, string_at
from rufflang.interpreter.native_layout import CONSTANTS, PLACES, SYMBOL

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.interpreter.library import Library
    from rufflang.jit.hot import StructFacts

_VALUE_SIZE = 16
_COUNT_OF_HOT_LOOPS = 0x7FFFFFFF
_ATTEMPTS = 3


def read_word(address: int) -> int:
    """The u64 at an address."""
    return Word64.from_address(address).value


def write_word(address: int, value: int) -> None:
    """Stores a u64."""
    Word64.from_address(address).value = value


def _words32(address: int, count: int) -> list[int]:
    """So many u32 from an address on.  An array type of `ctypes` for each number of them would stay."""
    return memoryview(string_at(address, 4 * count)).cast("I").tolist()


class Memory:
    """One VM's memory; fields are named like "Proto.entry", see `native_layout`."""

    __slots__ = ("_definitions", "_described", "_places", "loop_number", "vm")

    def __init__(self, library: Library, vm: int) -> None:
        names = PLACES + CONSTANTS
        numbers = memoryview(string_at(library.address(SYMBOL), 8 * len(names))).cast("q")
        self._places = dict(zip(names, numbers, strict=True))
        self.loop_number = self._places["LOOP_NUMBER"]
        """The bits of a loop's cache word that say which one it is; see `interpreter.control`."""
        self.vm = vm
        self._definitions: dict[int, StructFacts] = {}
        self._described = 0

    def constant(self, name: str) -> int:
        """A number of `native_layout.CONSTANTS`."""
        return self._places[name]

    def field(self, base: int, name: str) -> int:
        """A word-sized field of a structure."""
        return read_word(base + self._places[name])

    def set_field(self, base: int, name: str, value: int) -> None:
        """Changes a word-sized field of a structure."""
        write_word(base + self._places[name], value)

    def code(self, proto: int) -> bytes:
        """A chunk's code as it stands now, cache words included."""
        return string_at(self.field(proto, "Proto.code"), 8 * self.field(proto, "Proto.code_length"))

    def identity(self, proto: int) -> bytes:
        """What tells a chunk from all others, in whatever program; see `host.packing`."""
        return string_at(proto + self._places["Proto.identity"], 8 * self._places["IDENTITY_WORDS"])

    def expire_count(self, proto: int, jump: int) -> None:
        """Lets a loop look for its code in the next round, given where its jump back is.

        It may be counting rounds right now, and overwrite this; then it looks when it would have looked anyhow.
        """
        count = Int32.from_address(self.field(proto, "Proto.code") + 8 * (jump + 1))
        for _ in range(_ATTEMPTS):
            count.value = _COUNT_OF_HOT_LOOPS

    def lines(self, proto: int) -> list[int]:
        """The source line of each word of a chunk's code."""
        from rufflang.bytecode.positions import LINE_SHIFT

        count = self.field(proto, "Proto.code_length")
        positions = string_at(self.field(proto, "Proto.positions"), 8 * count)
        return [position >> LINE_SHIFT for position in memoryview(positions).cast("Q")]

    def parameter_kinds(self, proto: int) -> list[int]:
        """The kinds of arguments seen, a bit set for each parameter.

        Nothing is said of a function that only puts its arguments away: code for that is the same for all kinds.
        """
        count = self.field(proto, "Proto.parameter_count")
        if self.field(proto, "Proto.kind") != self._places["PLAIN"]:
            return [0] * count
        return _words32(self.field(proto, "Proto.parameter_feedback"), count)

    def is_generator(self, proto: int) -> bool:
        """Whether calling the function gives a generator."""
        return bool(self.field(proto, "Proto.kind") == self._places["GENERATOR"])

    def resume_kinds(self, proto: int) -> list[int]:
        """The kinds of values that registers of a generator had when it went on, a bit set for each."""
        count = self.field(proto, "Proto.register_count")
        return _words32(self.field(proto, "Proto.resume_feedback"), count)

    def global_state(self, proto: int, constant: int) -> tuple[int, int | None]:
        """What is in the global cell that is a constant of the chunk.

        Gives the value's tag and, for a function that is there for ever, the number of its chunk.
        """
        places = self._places
        cell = read_word(self.field(proto, "Proto.constants") + _VALUE_SIZE * constant + 8)
        tag = read_word(cell + places["CellObject.value"])
        (kind,) = _words32(cell + places["CellObject.aux"], 1)
        if tag != places["FUNCTION"] or kind != places["FIXED"]:
            return tag, None
        closure = read_word(cell + places["CellObject.value"] + 8)
        return tag, self.field(self.field(closure, "FunctionObject.proto"), "Proto.number")

    def definitions(self) -> dict[int, StructFacts]:
        """What is known of struct definitions, by their numbers; see `structs_numbers`."""
        known, place = self._definitions, self.field(self.vm, "VM.last_description")
        first, words = place, self._places["DESCRIPTION_WORDS"]
        while place != self._described:
            before, number, size, count = memoryview(string_at(place, 8 * words)).cast("Q").tolist()
            start = place + 8 * words
            methods = memoryview(string_at(start + size, 8 * count)).cast("Q").tolist()
            known[number] = string_at(start, size), tuple(methods)
            place = before
        self._described = first
        return known

    def inner_chunk(self, proto: int, constant: int) -> int:
        """The number of the chunk that is a constant of this one."""
        inner = read_word(self.field(proto, "Proto.constants") + _VALUE_SIZE * constant + 8)
        return self.field(inner, "Proto.number")
