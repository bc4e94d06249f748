"""Compiled units as blocks of 64-bit words, the form in which the VM loads them.

The layout, in words; a text is its size in bytes and then its UTF-8, padded to whole words:

    count of chunks, then for each: length of its code, number of its constants
    where the top level's global cells begin among its constants, their count, their names
    for each chunk, the top level first:
        code, positions (one for each word of code)
        count of handlers, four words each; count of captures, a word each
        where its global cells begin among its constants, their count, which ones
        registers, parameters, has a receiver, lent, hidden, count of loops, kind
        name; whether it has a declared name, that name
        count of its own constants, each with its kind

Global operands are rewritten on the way: in the VM an instruction reaches a global through
its own chunk's constants, where each chunk lists the cells it uses after its own constants.
"""

from __future__ import annotations

from array import array

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
from rufflang.bytecode.positions import HIDDEN, UNNAMED, pack_position
from rufflang.host.compiled_unit import CompiledUnit

_NULL, _BOOL, _INT, _FLOAT = 1, 2, 3, 4
_TEXT, _CHUNK, _LIST = 16, 17, 18
_SIXTY_FOUR_BITS = (1 << 64) - 1
_GLOBAL_FIELDS = {item.number: item.fields.index("g") for item in OPCODES if "g" in item.fields}
_CACHE_WORDS = [item.cache_words for item in OPCODES]
_LOOP = BY_NAME["LOOP"].number


class PreparedChunk:
    """A chunk ready for the VM: its code with global operands rewritten, the globals it uses, its loops."""

    __slots__ = ("chunk", "code", "globals", "is_main", "loops")

    def __init__(self, chunk: Chunk, global_count: int, *, is_main: bool) -> None:
        self.chunk = chunk
        self.is_main = is_main
        self.code = array("Q", chunk.code)
        self.globals, self.loops = _rewrite(
            self.code, len(chunk.constants), list(range(global_count)) if is_main else []
        )


def prepare(unit: Unit) -> list[PreparedChunk]:
    """Every chunk of a unit in the order of their numbers: outer ones before those inside them."""
    prepared: list[PreparedChunk] = []
    pending = [unit.main]
    while pending:
        chunk = pending.pop()
        prepared.append(PreparedChunk(chunk, len(unit.global_names), is_main=not prepared))
        pending.extend(item for item in reversed(chunk.constants) if isinstance(item, Chunk))
    return prepared


def packed_unit(unit: Unit, *, hidden: bool = False) -> CompiledUnit:
    """What the compiler made, in the form that a VM loads; `hidden` functions stay out of call stacks."""
    words = pack(unit, hidden=hidden)
    base = len(unit.main.constants)
    exports = {name: base + unit.global_names.index(name) for name in unit.exports}
    return CompiledUnit(words, base, tuple(unit.global_names), exports, unit.assumptions, unit=unit)


def pack(unit: Unit, *, hidden: bool = False) -> bytes:
    """The unit as words; `hidden` chunks stay out of call stacks."""
    return _Packer(prepare(unit)).pack(unit, hidden)


class _Packer:
    def __init__(self, prepared: list[PreparedChunk]) -> None:
        self.prepared = prepared
        self.numbers = {id(item.chunk): number for number, item in enumerate(prepared)}
        self.words = array("q")

    def pack(self, unit: Unit, hidden: bool) -> bytes:
        self.words.append(len(self.prepared))
        for item in self.prepared:
            self.words.extend((len(item.code), len(item.chunk.constants) + len(item.globals)))
        self.words.extend((len(unit.main.constants), len(unit.global_names)))
        for name in unit.global_names:
            self.text(name)
        for item in self.prepared:
            self.code(item)
            self.description(item, hidden)
            self.words.append(len(item.chunk.constants))
            for constant in item.chunk.constants:
                self.constant(constant)
        return self.words.tobytes()

    def text(self, text: str) -> None:
        data = text.encode("utf-8", "surrogatepass")
        self.words.append(len(data))
        self.words.frombytes(data + bytes(-len(data) % 8))

    def code(self, item: PreparedChunk) -> None:
        chunk, words = item.chunk, self.words
        words.frombytes(item.code.tobytes())
        words.extend(pack_position(span) for span in chunk.spans)
        words.append(len(chunk.handlers))
        for handler in chunk.handlers:
            words.extend((handler.start, handler.end, handler.target, handler.register))
        words.append(len(chunk.captures))
        words.extend(chunk.captures)
        used = [] if item.is_main else item.globals
        words.extend((len(chunk.constants), len(used)))
        main = self.prepared[0]
        base = len(main.chunk.constants)
        words.extend(base + number for number in used)

    def description(self, item: PreparedChunk, hidden: bool) -> None:
        chunk = item.chunk
        lent = chunk.lent & _SIXTY_FOUR_BITS
        lent = lent if lent < 1 << 63 else lent - (1 << 64)
        # The expression of a field's default runs as a function that nobody wrote.
        is_default = "." in chunk.name and not chunk.has_receiver
        self.words.extend((chunk.register_count, chunk.parameter_count, int(chunk.has_receiver), lent))
        concealment = HIDDEN if hidden else UNNAMED if is_default else 0
        self.words.extend((concealment, len(item.loops), chunk.kind))
        self.text(chunk.name)
        self.words.append(int(chunk.declared_name is not None))
        if chunk.declared_name is not None:
            self.text(chunk.declared_name)

    def constant(self, constant: Constant) -> None:
        words = self.words
        if isinstance(constant, str):
            words.append(_TEXT)
            self.text(constant)
        elif isinstance(constant, Chunk):
            words.extend((_CHUNK, self.numbers[id(constant)]))
        elif constant is None:
            words.extend((_NULL, 0))
        elif isinstance(constant, bool):
            words.extend((_BOOL, int(constant)))
        elif isinstance(constant, int):
            words.extend((_INT, constant))
        elif isinstance(constant, float):
            words.append(_FLOAT)
            words.frombytes(array("d", (constant,)).tobytes())
        else:
            self.descriptor(_descriptor(constant))

    def descriptor(self, items: list[int | str]) -> None:
        self.words.extend((_LIST, len(items)))
        for item in items:
            if isinstance(item, int):
                self.words.extend((_INT, item))
            else:
                self.words.append(_TEXT)
                self.text(item)


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


def _rewrite(code: array[int], base: int, used: list[int]) -> tuple[list[int], list[int]]:
    """Points global operands at constants from `base` on, numbers the loops in their cache words.

    Returns the globals used, after those that `used` has already, and where the loops are.
    """
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
