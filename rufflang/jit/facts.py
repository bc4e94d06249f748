"""What a translation may know of a VM besides what is in its request.

The VM may be in this process (`JitEngine`) or in the one that asked for code (`DistantVm`).
"""

from __future__ import annotations

from rufflang.bytecode.chunk import Chunk, all_chunks
from rufflang.bytecode.storing import restored
from rufflang.jit.hot import DirectTarget

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from rufflang.jit.hot import Description, StructFacts, Target
else:
    Protocol = object


class Facts(Protocol):
    """One VM as it is now."""

    @property
    def counts_work(self) -> bool:
        """Whether its code pays for what it does with fuel."""
        ...

    def chunk(self, number: int, /) -> Chunk | None:
        """A chunk by its number; None if it is not loaded."""
        ...

    def identity(self, number: int, /) -> bytes | None:
        """What tells the chunk of that number from all others, in whatever program; None if it is not loaded."""
        ...

    def is_refused(self, number: int, /) -> bool:
        """Whether a function cannot be compiled."""
        ...

    def direct_target(self, number: int, /) -> DirectTarget | None:
        """How a function that is compiled is called."""
        ...

    def global_state(self, number: int, constant: int, /) -> tuple[int, int | None]:
        """What is in the global cell that is a constant of chunk `number`; see `Memory.global_state`."""
        ...

    def inner_chunk(self, number: int, constant: int, /) -> int:
        """The number of a chunk that is a constant of another."""
        ...

    def code(self, number: int, /) -> bytes | None:
        """A chunk's code as it is now, cache words included; None if that is not known."""
        ...

    def lines(self, number: int, /) -> list[int] | None:
        """The source line of each word of a chunk's code, if the program is profiled."""
        ...

    def definition(self, number: int, /) -> StructFacts | None:
        """What a struct looks like, by its number, if that is known."""
        ...


class DistantVm:
    """A VM of another process, as that process has described it."""

    def __init__(self) -> None:
        self.counts_work = False
        self._chunks: dict[int, Chunk] = {}
        self._numbers: dict[int, int] = {}
        self._codes: dict[int, bytes] = {}
        self._identities: dict[int, bytes] = {}
        self._direct: dict[int, DirectTarget] = {}
        self._own: set[tuple[int, Target]] = set()
        self._refused: set[int] = set()
        self._definitions: dict[int, StructFacts] = {}
        self._globals: dict[tuple[int, int], tuple[int, int | None]] = {}

    def learn(self, description: Description) -> None:
        """Takes over what is said together with requests."""
        self.counts_work, units, refused, direct, states, codes, self._definitions = description
        self._globals.update(states)
        self._codes.update(codes)
        for names, unit in units:
            for chunk, (number, identity) in zip(all_chunks(restored(unit).main), names, strict=True):
                self._chunks[number], self._numbers[id(chunk)], self._identities[number] = chunk, number, identity
        self._refused.update(refused)
        for number, target in direct.items():
            # What was made here may have been replaced by now, before the VM heard of it.
            if (number, target) not in self._own:
                self._direct[number] = DirectTarget(number, *target)

    def chunk(self, number: int) -> Chunk | None:
        return self._chunks.get(number)

    def identity(self, number: int) -> bytes | None:
        return self._identities.get(number)

    def is_refused(self, number: int) -> bool:
        return number in self._refused

    def refuse(self, number: int) -> None:
        """Notes that a function cannot be compiled."""
        self._refused.add(number)

    def direct_target(self, number: int) -> DirectTarget | None:
        return self._direct.get(number)

    def set_direct_target(self, target: DirectTarget) -> None:
        """Notes how a function is called that was compiled here."""
        self._direct[target.number] = target
        self._own.add((target.number, target.facts))

    def global_state(self, number: int, constant: int) -> tuple[int, int | None]:
        return self._globals[number, constant]

    def inner_chunk(self, number: int, constant: int) -> int:
        return self._numbers[id(self._chunks[number].constants[constant])]

    def code(self, number: int) -> bytes | None:
        return self._codes.get(number)

    def lines(self, number: int) -> list[int] | None:
        return None

    def definition(self, number: int) -> StructFacts | None:
        return self._definitions.get(number)
