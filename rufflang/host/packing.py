"""Compiled units as blocks of 64-bit words, the form in which the VM loads them.

The layout, in words; a text is its size in bytes and then its UTF-8, padded to whole words:

    count of chunks, then for each: length of its code, number of its constants
    where the top level's global cells begin among its constants, their count, their names
    for each chunk, the top level first:
        its identity, two words
        where its global cells begin among its constants, their count, which ones
        positions (one for each word of code)
        code
        count of handlers, four words each; count of captures, a word each
        registers, parameters, has a receiver, lent, hidden, count of loops, kind
        name; whether it has a declared name, that name
        count of its own constants, each with its kind

Global operands are rewritten on the way: in the VM an instruction reaches a global through
its own chunk's constants, where each chunk lists the cells it uses after its own constants.

The identity of a chunk is a digest of all that follows its positions, in which functions inside it count only for
what they capture, and of whether its results are taken apart. So it does not depend on the rest of the unit, nor on
where in the file the function stands: machine code of a function goes with its identity (`jit.code_cache`). Of chunks
that are alike, each further one counts those before it as well.
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
from rufflang.interpreter.content_digest import DIGEST_WORDS, content_digest

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
        self.inner_places: list[int] = []
        """Where the numbers of functions inside the chunk stand that is being packed."""
        self.alike: dict[bytes, int] = {}
        """How many chunks there are with the same content."""

    def pack(self, unit: Unit, hidden: bool) -> bytes:
        self.words.append(len(self.prepared))
        for item in self.prepared:
            self.words.extend((len(item.code), len(item.chunk.constants) + len(item.globals)))
        self.words.extend((len(unit.main.constants), len(unit.global_names)))
        for name in unit.global_names:
            self.text(name)
        for item in self.prepared:
            place = len(self.words)
            self.words.extend([0] * DIGEST_WORDS)
            self.surroundings(item, unit)
            start = len(self.words)
            self.code(item)
            self.description(item, hidden)
            self.words.append(len(item.chunk.constants))
            for constant in item.chunk.constants:
                self.constant(constant)
            self.words[place : place + DIGEST_WORDS] = self.identity(item.chunk, self.words[start:])
        return self.words.tobytes()

    def identity(self, chunk: Chunk, own: array[int]) -> array[int]:
        """A digest of a chunk, given the words that are about nothing else but the numbers of chunks inside it."""
        inner = [constant.captures for constant in chunk.constants if isinstance(constant, Chunk)]
        others = repr((inner, chunk.is_taken_apart)).encode()
        for place in self.inner_places:
            own[place - len(self.words) + len(own)] = 0
        self.inner_places.clear()
        plain = content_digest(len(chunk.code).to_bytes(8, "little") + own.tobytes() + others)
        alike = self.alike[plain] = self.alike.get(plain, 0) + 1
        return array("q", plain if alike == 1 else content_digest(plain + alike.to_bytes(8, "little")))

    def text(self, text: str) -> None:
        data = text.encode("utf-8", "surrogatepass")
        self.words.append(len(data))
        self.words.frombytes(data + bytes(-len(data) % 8))

    def surroundings(self, item: PreparedChunk, unit: Unit) -> None:
        """What of a chunk is about the rest of the unit and its text."""
        used = [] if item.is_main else item.globals
        self.words.extend((len(item.chunk.constants), len(used)))
        base = len(unit.main.constants)
        self.words.extend(base + number for number in used)
        self.words.extend(pack_position(span) for span in item.chunk.spans)

    def code(self, item: PreparedChunk) -> None:
        chunk, words = item.chunk, self.words
        words.frombytes(item.code.tobytes())
        words.append(len(chunk.handlers))
        for handler in chunk.handlers:
            words.extend((handler.start, handler.end, handler.target, handler.register))
        words.append(len(chunk.captures))
        words.extend(chunk.captures)

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
            self.inner_places.append(len(words) - 1)
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
