"""The chunks of all units in a VM by their numbers, for whoever looks into it: the JIT, profiles, error reports."""

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

    def __len__(self) -> int:
        return self._loader.chunk_count

    def __getitem__(self, number: int) -> LoadedChunk:
        unit = self._unit_of(number)
        chunks = self._prepared.get(unit.first)
        if chunks is None:
            chunks = self._prepared[unit.first] = self._prepare(unit)
        return chunks[number - unit.first]

    def _prepare(self, unit: LoadedUnit) -> list[LoadedChunk]:
        from rufflang.host.packing import prepare
        from rufflang.interpreter.loaded_chunk import LoadedChunk

        return [
            LoadedChunk(item.chunk, self.address_of(number), number, item.code)
            for number, item in enumerate(prepare(unit.compiled.unit), start=unit.first)
        ]

    def address_of(self, number: int) -> int:
        """Where the VM has a chunk."""
        address: int = self.functions.ruff_proto_address(self._loader.vm, number)
        return address

    def identity_of(self, number: int) -> tuple[str, int]:
        """The digest of the unit that a chunk belongs to, and its number there."""
        unit = self._unit_of(number)
        return unit.compiled.digest, number - unit.first

    def stored_units(self, known: int) -> list[tuple[str, bytes]]:
        """The digest and the stored form of every loaded unit but the first `known`, in order."""
        return [(unit.compiled.digest, unit.compiled.stored) for unit in self._loader.units[known:]]

    def source_of(self, number: int) -> Source | None:
        """The file that a chunk is part of, if there is such a chunk."""
        return self._unit_of(number).source if number >= 0 and self._loader.units else None

    def _unit_of(self, number: int) -> LoadedUnit:
        for unit in reversed(self._loader.units):
            if number >= unit.first:
                return unit
        raise IndexError(number)
