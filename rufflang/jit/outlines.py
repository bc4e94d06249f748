"""What nothing changes in the code of functions: asked for once code has to be made, or made anew."""

from __future__ import annotations

from rufflang.foreign import string_at
from rufflang.interpreter.native_layout import OPCODE_BYTES, OPCODE_SYMBOL

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.interpreter.library import Library
    from rufflang.jit.memory import Memory


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


class Outlines:
    """Those of one VM's chunks, which are remembered."""

    def __init__(self, library: Library, memory: Memory) -> None:
        self._opcodes = string_at(library.address(OPCODE_SYMBOL), OPCODE_BYTES * memory.constant("OPCODES"))
        self._loop = memory.constant("LOOP")
        self._known: dict[int, Outline] = {}

    def of(self, proto: int, code: bytes) -> Outline:
        """The outline of a chunk's code."""
        found = self._known.get(proto)
        if found is None:
            found = self._known[proto] = Outline(code, self._opcodes, self._loop)
        return found
