"""The ways out of compiled code, back to the interpreter: what they write into the frame is written once for many.

Each guard has a way out of its own, which writes all live registers into the frame.  But from one guard to the next
few registers change.  So what a way out stores is put in order, what has been the same for longest at the end,
and ways that end with the same stores share these: they are a tree of blocks, which leads to the one call that hands
over to the interpreter.  It learns from the VM which way was taken (`interpreter.departures`).

A value that is stored on several ways is known on each of them, so its definition is on every way to the shared block.
"""

from __future__ import annotations

from rufflang.lowpy.emitter import Edge
from rufflang.lowpy.values import Word
from rufflang.records import Record

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from rufflang.jit.emitter import JitEmitter


class Store(Record):
    """A word that is still to be stored at base + offset."""

    base: Word
    offset: int
    word: Word

    @property
    def key(self) -> tuple[str, int, str]:
        """What tells it from others."""
        return self.base.text, self.offset, self.word.text


class _Shared:
    """A store that several ways may have in common, and which is the next one on them; the last has none."""

    __slots__ = ("following", "store", "ways")

    def __init__(self, store: Store, following: _Shared | None) -> None:
        self.store = store
        self.following = following
        self.ways: list[Edge] = []
        """The ends of blocks that go on with it."""


class Exits:
    """The ways out of one function, or of an inlined call of one."""

    def __init__(self, emitter: JitEmitter) -> None:
        self._emitter = emitter
        self._ways: list[Edge] = []
        """The ends of blocks that have stored everything."""
        self._shared: dict[tuple[_Shared | None, tuple[str, int, str]], _Shared] = {}
        """By what follows and by what is stored; whatever follows comes before."""
        self._ages: dict[tuple[str, int, str], int] = {}
        """In which order stores were first met."""

    def add(self, stores: Sequence[Store]) -> None:
        """Ends the block with a way out, on which these words are still to be stored, in any order."""
        by_key = {store.key: store for store in stores}
        ages = self._ages
        for key in by_key:
            ages.setdefault(key, len(ages))
        last: _Shared | None = None
        for key in sorted(by_key, key=ages.__getitem__):
            shared = self._shared.get((last, key))
            if shared is None:
                shared = self._shared[last, key] = _Shared(by_key[key], last)
            last = shared
        # Otherwise LLVM would make one condition of several that lead to the same place, in the midst of hot code.
        self._emitter.line('call void asm sideeffect "", ""()')
        self._ways_to(last).append(Edge(self._emitter.leave(), {}))

    def land(self) -> bool:
        """Writes what the ways share, and goes on at the end of all of them; False if there are none."""
        emitter = self._emitter
        # What follows a store was there before it, and often is nothing that others lead to: one block has both.
        for shared in reversed(self._shared.values()):
            if self._land(shared.ways):
                emitter.store(shared.store.base, shared.store.offset, shared.store.word)
                self._ways_to(shared.following).append(Edge(emitter.leave(), {}))
        return self._land(self._ways)

    def _ways_to(self, shared: _Shared | None) -> list[Edge]:
        return self._ways if shared is None else shared.ways

    def _land(self, ways: Sequence[Edge]) -> bool:
        """Goes on where these ways end; False if there are none, as far as they have not been taken back."""
        self._emitter.land([way for way in ways if self._emitter.is_open(way)], "leaving")
        return self._emitter.block is not None
