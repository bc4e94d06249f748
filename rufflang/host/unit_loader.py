"""Puts a compiled unit into a VM: chunks, constants, globals, tables.

Global operands are rewritten on the way: in the VM an instruction reaches a global through
its own chunk's constants, where each chunk lists the cells it uses.
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass, field

from rufflang.bytecode.chunk import (
    Chunk,
    Constant,
    EnumConstant,
    LiteralConstant,
    NamesConstant,
    StructConstant,
    Unit,
)
from rufflang.bytecode.opcodes import BY_NAME, OPCODES
from rufflang.host.native import NativeFunctions
from rufflang.interpreter.loaded_chunk import LoadedChunk

_NULL, _BOOL, _INT, _FLOAT = 1, 2, 3, 4
_GLOBAL_FIELDS = {item.number: item.fields.index("g") for item in OPCODES if "g" in item.fields}
_CACHE_WORDS = [item.cache_words for item in OPCODES]
_LOOP = BY_NAME["LOOP"].number


@dataclass(slots=True)
class LoadedUnit:
    main: LoadedChunk
    chunks: list[LoadedChunk] = field(default_factory=list)


class UnitLoader:
    """Loads units into one VM; numbers chunks in the order of loading."""

    def __init__(self, functions: NativeFunctions, vm: int) -> None:
        self.functions = functions
        self.vm = vm
        self.chunks: list[LoadedChunk] = []

    def load(self, unit: Unit, *, hidden: bool = False) -> LoadedUnit:
        """Loads every chunk of a unit; `hidden` ones stay out of call stacks."""
        loaded: list[LoadedChunk] = []
        main = self._load_chunk(unit.main, unit, hidden, loaded, None)
        return LoadedUnit(main, loaded)

    def _load_chunk(
        self, chunk: Chunk, unit: Unit, hidden: bool, loaded: list[LoadedChunk], owner: LoadedChunk | None
    ) -> LoadedChunk:
        functions, vm = self.functions, self.vm
        code = array("Q", chunk.code)
        base = len(chunk.constants)
        used, loops = _rewrite_globals(code, base, list(range(len(unit.global_names))) if owner is None else [])
        address = functions.ruff_new_proto(vm, code.tobytes(), len(code), base + len(used))
        entry = LoadedChunk(chunk, address, len(self.chunks), code, loops)
        self.chunks.append(entry)
        loaded.append(entry)
        is_default = "." in chunk.name and not chunk.has_receiver
        self._describe(chunk, address, hidden or is_default)
        self._tables(chunk, address, len(loops))
        root = owner or entry
        for position, number in enumerate(used):
            if owner is None:
                name = unit.global_names[number].encode()
                functions.ruff_set_constant_cell(vm, address, base + position, name, len(name))
            else:
                root_base = len(root.chunk.constants)
                functions.ruff_copy_constant(address, base + position, root.address, root_base + number)
        for index, constant in enumerate(chunk.constants):
            if isinstance(constant, Chunk):
                child = self._load_chunk(constant, unit, hidden, loaded, root)
                functions.ruff_set_constant(address, index, _INT, child.address)
            else:
                self._constant(address, index, constant)
        return entry

    def _describe(self, chunk: Chunk, address: int, hidden: bool) -> None:
        name = chunk.name.encode()
        declared = (chunk.declared_name or "").encode()
        lent = chunk.lent if chunk.lent < 1 << 63 else chunk.lent - (1 << 64)
        self.functions.ruff_describe_proto(
            self.vm, address, chunk.register_count, chunk.parameter_count, int(chunk.has_receiver), lent,
            int(hidden), name, len(name), declared, -1 if chunk.declared_name is None else len(declared),
        )  # fmt: skip

    def _tables(self, chunk: Chunk, address: int, loop_count: int) -> None:
        handlers = array("q")
        for handler in chunk.handlers:
            handlers.extend((handler.start, handler.end, handler.target, handler.register))
        positions = array("q", (span.line << 32 | span.column for span in chunk.spans))
        captures = array("q", chunk.captures)
        self.functions.ruff_set_tables(
            address, handlers.tobytes(), len(chunk.handlers), positions.tobytes(), captures.tobytes(),
            len(chunk.captures), loop_count,
        )  # fmt: skip

    def _constant(self, address: int, index: int, constant: Constant) -> None:
        functions, vm = self.functions, self.vm
        if constant is None:
            functions.ruff_set_constant(address, index, _NULL, 0)
        elif isinstance(constant, bool):
            functions.ruff_set_constant(address, index, _BOOL, int(constant))
        elif isinstance(constant, int):
            functions.ruff_set_constant(address, index, _INT, constant)
        elif isinstance(constant, float):
            bits = struct.unpack("<q", struct.pack("<d", constant))[0]
            functions.ruff_set_constant(address, index, _FLOAT, bits)
        elif isinstance(constant, str):
            text = constant.encode()
            functions.ruff_set_constant_text(vm, address, index, text, len(text))
        else:
            self._list_constant(address, index, _descriptor(constant))

    def _list_constant(self, address: int, index: int, items: list[int | str]) -> None:
        functions, vm = self.functions, self.vm
        functions.ruff_set_constant_list(vm, address, index, len(items))
        for position, item in enumerate(items):
            if isinstance(item, int):
                functions.ruff_set_item(vm, address, index, position, item)
            else:
                text = item.encode()
                functions.ruff_set_item_text(vm, address, index, position, text, len(text))


def _descriptor(constant: object) -> list[int | str]:
    """A descriptor constant as the list of ints and texts that `interpreter.definitions` reads."""
    if isinstance(constant, NamesConstant):
        return [len(constant.names), int(constant.rest), *constant.names]
    if isinstance(constant, StructConstant):
        slots = [constant.fields.index(name) for name in constant.defaults]
        return [
            constant.name, len(constant.fields), len(constant.methods), len(slots),
            *constant.fields, *constant.methods, *slots,
        ]  # fmt: skip
    if isinstance(constant, EnumConstant):
        return [constant.name]
    assert isinstance(constant, LiteralConstant)
    return [constant.name, len(constant.fields), *constant.fields]


def _rewrite_globals(code: array[int], base: int, used: list[int]) -> tuple[list[int], list[int]]:
    """Points global operands at constants from `base` on; the globals used, and where the loops are."""
    places = {number: position for position, number in enumerate(used)}
    loops: list[int] = []
    pc = 0
    while pc < len(code):
        word = code[pc]
        number = word & 0xFFFF
        index = _GLOBAL_FIELDS.get(number)
        if index is not None:
            shift = 16 + 16 * index
            cell = word >> shift & 0xFFFF
            if cell not in places:
                places[cell] = len(used)
                used.append(cell)
            code[pc] = word & ~(0xFFFF << shift) | (base + places[cell]) << shift
        elif number == _LOOP:
            loops.append(pc)
            code[pc + 1] = len(loops) << 32
        pc += 1 + _CACHE_WORDS[number]
    return used, loops
