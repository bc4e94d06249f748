"""A compiled file in the form that a VM loads, and everything that is asked about it later.

It comes from the compiler or from the store of earlier runs; then its chunks, which only
the JIT wants, are restored when they are asked for.
"""

from __future__ import annotations

from rufflang.host.native import NativeFunctions

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.bytecode.chunk import Assumptions, Unit
    from rufflang.interpreter.loaded_chunk import LoadedChunk
    from rufflang.syntax.source import Source


class CompiledUnit:
    """The words of a packed unit; `global_base` is where its cells begin among the top level's constants.

    `exports` says for each exported name in which constant of the top level its cell is;
    `assumptions` are the unit's own.
    """

    __slots__ = (
        "_digest", "_pickled", "_unit", "assumptions", "exports", "global_base", "global_names", "words",
    )  # fmt: skip

    def __init__(
        self,
        words: bytes,
        global_base: int,
        global_names: tuple[str, ...],
        exports: dict[str, int],
        assumptions: Assumptions,
        *,
        unit: Unit | None = None,
        pickled: bytes = b"",
        digest: str = "",
    ) -> None:
        self.words = words
        self.global_base = global_base
        self.global_names = global_names
        self.exports = exports
        self.assumptions = assumptions
        self._pickled = pickled
        self._unit = unit
        self._digest = digest

    @classmethod
    def of(cls, unit: Unit, *, hidden: bool = False) -> CompiledUnit:
        """What the compiler made, packed; `hidden` functions stay out of call stacks."""
        from rufflang.host.packing import pack

        words = pack(unit, hidden=hidden)
        base = len(unit.main.constants)
        exports = {name: base + unit.global_names.index(name) for name in unit.exports}
        return cls(words, base, tuple(unit.global_names), exports, unit.assumptions, unit=unit)

    @property
    def chunk_count(self) -> int:
        """How many chunks there are."""
        return int.from_bytes(self.words[:8], "little")

    @property
    def digest(self) -> str:
        """A name for this unit that it has in every process."""
        if not self._digest:
            self._digest = _digest(self.words)
        return self._digest

    @property
    def unit(self) -> Unit:
        """The compiler's own form; without spans if it was stored."""
        if self._unit is None:
            from pickle import loads

            self._unit = loads(self._pickled)
        assert self._unit is not None
        return self._unit

    @property
    def pickled(self) -> bytes:
        """The compiler's own form as it is stored."""
        if not self._pickled:
            from pickle import HIGHEST_PROTOCOL, dumps

            from rufflang.bytecode.chunk import without_spans

            self._pickled = dumps(without_spans(self.unit), HIGHEST_PROTOCOL)
        return self._pickled


class LoadedUnit:
    """A unit in a VM: the address of its top level, the number of its first chunk, the text it is made of."""

    __slots__ = ("_chunks", "address", "compiled", "first", "functions", "is_prelude", "source", "vm")

    def __init__(
        self, functions: NativeFunctions, vm: int, compiled: CompiledUnit, address: int, first: int,
        source: Source | None,
    ) -> None:
        self.source = source
        self.functions = functions
        self.vm = vm
        self.compiled = compiled
        self.address = address
        self.first = first
        self.is_prelude = False
        self._chunks: list[LoadedChunk] | None = None

    @property
    def chunks(self) -> list[LoadedChunk]:
        """What is known of every chunk, in the order of their numbers."""
        if self._chunks is None:
            from rufflang.host.packing import prepare
            from rufflang.interpreter.loaded_chunk import LoadedChunk

            address = self.functions.ruff_proto_address
            self._chunks = [
                LoadedChunk(item.chunk, address(self.vm, number), number, item.code)
                for number, item in enumerate(prepare(self.compiled.unit), start=self.first)
            ]
        return self._chunks


class UnitLoader:
    """Loads units into one VM; chunk n of all that were loaded is `loader[n]`."""

    def __init__(self, functions: NativeFunctions, vm: int) -> None:
        self.functions = functions
        self.vm = vm
        self.units: list[LoadedUnit] = []
        self.program: LoadedUnit | None = None
        """The unit that is run, as opposed to what is loaded for it."""
        self._count = 0

    def load(self, compiled: CompiledUnit, source: Source | None) -> LoadedUnit:
        """Loads a unit; `source` is None if nobody is to see its text.  Must run on the VM's thread."""
        address = self.functions.ruff_load_unit(self.vm, compiled.words)
        loaded = LoadedUnit(self.functions, self.vm, compiled, address, self._count, source)
        self._count += compiled.chunk_count
        self.units.append(loaded)
        return loaded

    def source_of(self, number: int) -> Source | None:
        """The file that chunk `number` is part of, if there is such a chunk."""
        for unit in reversed(self.units):
            if unit.first <= number:
                return unit.source
        return None

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> LoadedChunk:
        unit = self._unit_of(number)
        return unit.chunks[number - unit.first]

    @property
    def program_digest(self) -> str:
        """A name for the program that has it in every process."""
        return (self.program or self.units[-1]).compiled.digest

    def address_of(self, number: int) -> int:
        """Where the VM has a chunk."""
        address: int = self.functions.ruff_proto_address(self.vm, number)
        return address

    def identity_of(self, number: int) -> tuple[str, int]:
        """The digest of the unit that a chunk belongs to, and its number there."""
        unit = self._unit_of(number)
        return unit.compiled.digest, number - unit.first

    def stored_units(self, known: int) -> list[tuple[str, bytes]]:
        """The digest and the stored form of every loaded unit but the first `known`, in order."""
        return [(unit.compiled.digest, unit.compiled.pickled) for unit in self.units[known:]]

    def _unit_of(self, number: int) -> LoadedUnit:
        for unit in reversed(self.units):
            if number >= unit.first:
                return unit
        raise IndexError(number)


def _digest(data: bytes) -> str:
    try:
        # What `hashlib` would come to, without loading the other libraries that it knows.
        from _blake2 import blake2b
    except ImportError:
        from hashlib import blake2b
    return blake2b(data, digest_size=16).hexdigest()
