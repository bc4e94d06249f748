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
    from rufflang.source import Source


class CompiledUnit:
    """The words of a packed unit; `global_base` is where its cells begin among the top level's constants.

    `exports` says for each exported name in which constant of the top level its cell is;
    `assumptions` are the unit's own.
    """

    __slots__ = (
        "_stored", "_unit", "assumptions", "exports", "global_base", "global_names", "words",
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
        stored: bytes = b"",
    ) -> None:
        self.words = words
        self.global_base = global_base
        self.global_names = global_names
        self.exports = exports
        self.assumptions = assumptions
        self._stored = stored
        self._unit = unit

    @property
    def chunk_count(self) -> int:
        """How many chunks there are."""
        return int.from_bytes(self.words[:8], "little")

    @property
    def unit(self) -> Unit:
        """The compiler's own form; without spans if it was stored."""
        if self._unit is None:
            from rufflang.bytecode.storing import restored

            self._unit = restored(self._stored)
        return self._unit

    @property
    def stored(self) -> bytes:
        """The compiler's own form as it is stored."""
        if not self._stored:
            from rufflang.bytecode.storing import stored

            self._stored = stored(self.unit)
        return self._stored


class LoadedUnit:
    """A unit in a VM: the address of its top level, the number of its first chunk, the text it is made of."""

    __slots__ = ("address", "compiled", "first", "is_prelude", "source")

    def __init__(self, compiled: CompiledUnit, address: int, first: int, source: Source | None) -> None:
        self.source = source
        self.compiled = compiled
        self.address = address
        self.first = first
        self.is_prelude = False


class UnitLoader:
    """Loads units into one VM."""

    def __init__(self, functions: NativeFunctions, vm: int) -> None:
        self.functions = functions
        self.vm = vm
        self.units: list[LoadedUnit] = []
        self.program: LoadedUnit | None = None
        """The unit that is run, as opposed to what is loaded for it."""
        self.chunk_count = 0
        """Of all units together."""

    def load(self, compiled: CompiledUnit, source: Source | None) -> LoadedUnit:
        """Loads a unit; `source` is None if nobody is to see its text.  Must run on the VM's thread."""
        address = self.functions.ruff_load_unit(self.vm, compiled.words)
        loaded = LoadedUnit(compiled, address, self.chunk_count, source)
        self.chunk_count += compiled.chunk_count
        self.units.append(loaded)
        return loaded
