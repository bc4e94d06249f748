"""The chunks of all units in a VM in order, for whoever looks into it: the JIT, profiles, error reports."""

from __future__ import annotations

from rufflang.host.compiled_unit import LoadedUnit, UnitLoader

# Type checkers take this for true; importing these would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.interpreter.loaded_chunk import LoadedChunk
    from rufflang.source import Source


class LoadedChunks:
    """Those of the units that a loader has loaded, and will."""

    def __init__(self, loader: UnitLoader) -> None:
        self.functions = loader.functions
        self._loader = loader
        self._prepared: dict[int, list[LoadedChunk]] = {}
        self._addresses: dict[int, int] = {}

    def __len__(self) -> int:
        return self._loader.chunk_count

    def __getitem__(self, index: int) -> LoadedChunk:
        unit = self._unit_of(index)
        chunks = self._prepared.get(unit.first)
        if chunks is None:
            chunks = self._prepared[unit.first] = self._prepare(unit)
        return chunks[index - unit.first]

    def _prepare(self, unit: LoadedUnit) -> list[LoadedChunk]:
        from rufflang.host.packing import prepare
        from rufflang.interpreter.loaded_chunk import LoadedChunk

        return [LoadedChunk(item.chunk, item.code) for item in prepare(unit.compiled.unit)]

    def index_of(self, number: int) -> int:
        """The index of the chunk that the VM has given a number; -1 if there is none."""
        index: int = self.functions.ruff_proto_index(self._loader.vm, number)
        return index

    def address_of(self, number: int) -> int:
        """Where the VM has the chunk with a number; 0 if there is none."""
        address = self._addresses.get(number)
        if address is None:
            address = self.functions.ruff_proto_address(self._loader.vm, number) or 0
            if address:
                self._addresses[number] = address
        return address

    def stored_units(self, known: int) -> list[tuple[list[int], bytes]]:
        """Of every loaded unit but the first `known`, in order, the numbers of its chunks and its stored form."""
        return [(self._numbers_of(unit), unit.compiled.stored) for unit in self._loader.units[known:]]

    def _numbers_of(self, unit: LoadedUnit) -> list[int]:
        functions, vm = self.functions, self._loader.vm
        return [functions.ruff_proto_number(vm, unit.first + place) for place in range(unit.compiled.chunk_count)]

    def source_of(self, index: int) -> Source | None:
        """The file that a chunk is part of, if there is such a chunk."""
        return self._unit_of(index).source if index >= 0 and self._loader.units else None

    def _unit_of(self, index: int) -> LoadedUnit:
        for unit in reversed(self._loader.units):
            if index >= unit.first:
                return unit
        raise IndexError(index)
