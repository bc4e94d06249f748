"""A chunk's code as it runs: decoded instructions, blocks, what registers they touch, which are still wanted.

The compiler asks this about the code it has just made (`last_uses`), the JIT about what it translates.
"""

from __future__ import annotations

from rufflang.bytecode.chunk import Chunk, Handler, LiteralConstant, NamesConstant, StructConstant
from rufflang.bytecode.opcodes import KEEPING_KIND, OPCODES, PART_KIND, READ_KINDS, WRITTEN_KINDS, Opcode
from rufflang.records import Record, field

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_ENDS = {"RETURN", "RETURN_NULL", "THROW", "RAISE", "JUMP", "LOOP", "GENERATOR", "ASYNC"}


class Instruction(Record):
    """One decoded instruction; a, b, c are raw 16-bit fields, `wide` the signed 32-bit one."""

    pc: int
    opcode: Opcode
    a: int
    b: int
    c: int
    wide: int

    @property
    def name(self) -> str:
        return self.opcode.name

    @property
    def next(self) -> int:
        """Where the following instruction starts."""
        return self.pc + 1 + self.opcode.cache_words

    @property
    def target(self) -> int | None:
        """Where it may jump to."""
        if "J" in self.opcode.fields:
            return self.pc + self.wide
        if "j" in self.opcode.fields:
            return self.pc + signed(self.c, 16)
        return None

    @property
    def falls_through(self) -> bool:
        return self.opcode.name not in _ENDS


def signed(value: int, bits: int) -> int:
    """A two's complement field as a Python number."""
    return value - (1 << bits) if value >> (bits - 1) else value


def decode(words: Sequence[int]) -> dict[int, Instruction]:
    """All instructions by position."""
    instructions: dict[int, Instruction] = {}
    pc = 0
    while pc < len(words):
        word = words[pc]
        opcode = OPCODES[word & 0xFFFF]
        wide = signed(word >> 32 & 0xFFFFFFFF, 32)
        instructions[pc] = Instruction(
            pc, opcode, word >> 16 & 0xFFFF, word >> 32 & 0xFFFF, word >> 48 & 0xFFFF, wide
        )
        pc += 1 + opcode.cache_words
    return instructions


class Effects(Record, frozen=False):
    """Registers an instruction reads and writes, as bit sets, and what it writes there, as far as that is told."""

    reads: int = 0
    writes: int = 0
    container: int | None = None
    """The register with a container of which it may write a part."""
    keeps: bool = False
    """Whether what it writes to is what was there, or a copy of it."""


def _bits(first: int, count: int) -> int:
    return ((1 << count) - 1) << first


def effects_of(item: Instruction, chunk: Chunk) -> Effects:
    """What an instruction does to registers."""
    effects = Effects()
    for kind, number in zip(item.opcode.fields, (item.a, item.b, item.c), strict=False):
        if kind in READ_KINDS:
            effects.reads |= 1 << number
        if kind in WRITTEN_KINDS:
            effects.writes |= 1 << number
        if kind == PART_KIND:
            effects.container = number
        if kind == KEEPING_KIND:
            effects.keeps = True
    special = _SPECIAL.get(item.name)
    if special is not None:
        special(item, chunk, effects)
    return effects


def _window(item: Instruction, chunk: Chunk, effects: Effects) -> None:
    effects.reads |= _bits(item.a + 2, item.b)


def _method_window(item: Instruction, chunk: Chunk, effects: Effects) -> None:
    effects.reads = _bits(item.a + 2, item.c + 1)


def _builtin_window(item: Instruction, chunk: Chunk, effects: Effects) -> None:
    effects.reads = _bits(item.a, item.c)


def _parts_window(item: Instruction, chunk: Chunk, effects: Effects) -> None:
    effects.reads, effects.writes = _bits(item.a, item.c), 3 << item.a


def _run_of_b(item: Instruction, chunk: Chunk, effects: Effects) -> None:
    effects.reads = _bits(item.b, item.c)


def _append_run(item: Instruction, chunk: Chunk, effects: Effects) -> None:
    effects.reads = 1 << item.a | _bits(item.b, item.c)


def _payload_run(item: Instruction, chunk: Chunk, effects: Effects) -> None:
    effects.reads = _bits(item.a, item.c)


def _array_pattern(item: Instruction, chunk: Chunk, effects: Effects) -> None:
    effects.writes = _bits(item.a, (item.c >> 1) + (item.c & 1))


def _dict_pattern(item: Instruction, chunk: Chunk, effects: Effects) -> None:
    names = chunk.constants[item.c]
    assert isinstance(names, NamesConstant)
    effects.writes = _bits(item.a, len(names.names) + names.rest)


def _struct_closures(item: Instruction, chunk: Chunk, effects: Effects) -> None:
    constant = chunk.constants[item.b]
    assert isinstance(constant, StructConstant)
    effects.reads = _bits(item.c, len(constant.methods) + len(constant.defaults))


def _struct_values(item: Instruction, chunk: Chunk, effects: Effects) -> None:
    constant = chunk.constants[item.b]
    assert isinstance(constant, LiteralConstant)
    effects.reads = 1 << item.a | _bits(item.c, len(constant.fields))


def _captures(item: Instruction, chunk: Chunk, effects: Effects) -> None:
    inner = chunk.constants[item.wide & 0xFFFFFFFF]
    assert isinstance(inner, Chunk)
    for register in inner.captures:
        effects.reads |= 1 << register


def _for_prepare(item: Instruction, chunk: Chunk, effects: Effects) -> None:
    effects.reads, effects.writes = 1 << item.a, 2 << item.a


def _for_next(item: Instruction, chunk: Chunk, effects: Effects) -> None:
    effects.reads, effects.writes, effects.container = 3 << item.a, 6 << item.a, item.a


def _range_prepare(item: Instruction, chunk: Chunk, effects: Effects) -> None:
    effects.reads, effects.writes = _bits(item.a, item.b), 7 << item.a


def _range_next(item: Instruction, chunk: Chunk, effects: Effects) -> None:
    effects.reads, effects.writes = 7 << item.a, 9 << item.a


def _frame(item: Instruction, chunk: Chunk, effects: Effects) -> None:
    effects.reads |= _bits(0, chunk.parameter_count)


_SPECIAL = {
    "CALL": _window, "CALL_METHOD": _method_window, "CALL_BUILTIN": _builtin_window, "TAKE_APART": _parts_window,
    "NEW_ARRAY": _run_of_b, "BUILD_STRING": _run_of_b, "APPEND_TEXTS": _append_run, "MAKE_TAGGED": _payload_run,
    "DESTRUCTURE_ARRAY": _array_pattern, "DESTRUCTURE_DICT": _dict_pattern, "MAKE_STRUCT": _struct_closures,
    "NEW_STRUCT": _struct_values, "MAKE_FUNCTION": _captures, "FOR_PREPARE": _for_prepare, "FOR_NEXT": _for_next,
    "RANGE_PREPARE": _range_prepare, "RANGE_NEXT": _range_next, "GENERATOR": _frame, "ASYNC": _frame,
}  # fmt: skip


class Block(Record, frozen=False):
    """A run of instructions entered only at its start and left only at its end."""

    start: int
    instructions: list[Instruction] = field(factory=list)
    successors: list[int] = field(factory=list)
    handler: Handler | None = None
    live_in: int = 0

    @property
    def last(self) -> Instruction:
        return self.instructions[-1]


class Flow:
    """Blocks, liveness and loops of the code in [first, end) of a chunk."""

    def __init__(self, chunk: Chunk, words: Sequence[int], first: int = 0, end: int | None = None) -> None:
        self.chunk = chunk
        self.instructions = decode(words)
        self.first = first
        self.end = len(words) if end is None else end
        self.effects = {pc: effects_of(item, chunk) for pc, item in self.instructions.items()}
        self.all_blocks = self._blocks()
        self._liveness()
        self.blocks = {pc: block for pc, block in self.all_blocks.items() if first <= pc < self.end}
        self.loop_ends = self._loops()

    def handler_at(self, pc: int) -> Handler | None:
        """The innermost handler around an instruction."""
        return next((item for item in self.chunk.handlers if item.start <= pc < item.end), None)

    def _blocks(self) -> dict[int, Block]:
        leaders = {0, self.first, self.end}
        for handler in self.chunk.handlers:
            leaders |= {handler.start, handler.end, handler.target}
        for item in self.instructions.values():
            if item.target is not None:
                leaders |= {item.target, item.next}
            elif not item.falls_through or item.name == "YIELD":
                leaders.add(item.next)
        blocks: dict[int, Block] = {}
        current = Block(0)
        for pc, item in self.instructions.items():
            if pc in leaders:
                current = blocks[pc] = Block(pc, handler=self.handler_at(pc))
            current.instructions.append(item)
        for block in blocks.values():
            last = block.last
            block.successors = [pc for pc in (last.target, last.next if last.falls_through else None) if pc is not None]
        return blocks

    def _liveness(self) -> None:
        changed = True
        while changed:
            changed = False
            for block in reversed(self.all_blocks.values()):
                live = self.live_before(block, 0)
                if live != block.live_in:
                    block.live_in, changed = live, True

    def live_out(self, block: Block) -> int:
        """Registers wanted after a block."""
        live = 0
        for pc in block.successors:
            if pc in self.all_blocks:
                live |= self.all_blocks[pc].live_in
        return live

    def handler_live(self, handler: Handler | None) -> int:
        """Registers that the handler wants, besides the error."""
        if handler is None:
            return 0
        return self.all_blocks[handler.target].live_in & ~(1 << handler.register)

    def live_before(self, block: Block, index: int) -> int:
        """Registers wanted before the instruction number `index` of a block."""
        live = self.live_out(block)
        caught = self.handler_live(block.handler)
        for item in reversed(block.instructions[index:]):
            live = self._before(item, live) | caught
        return live

    def live_after(self, block: Block) -> dict[int, int]:
        """Registers wanted after each instruction of a block."""
        caught = self.handler_live(block.handler)
        live = self.live_out(block) | caught
        after: dict[int, int] = {}
        for item in reversed(block.instructions):
            after[item.pc] = live
            live = self._before(item, live) | caught
        return after

    def _before(self, item: Instruction, live: int) -> int:
        """Registers wanted before an instruction by it and by what comes after it."""
        effects = self.effects[item.pc]
        return live & ~effects.writes | effects.reads

    def live_at(self, pc: int) -> int:
        """Registers wanted before any instruction."""
        block = self.all_blocks.get(pc)
        if block is not None:
            return block.live_in
        block = self.all_blocks[max(start for start in self.all_blocks if start <= pc)]
        index = next(i for i, item in enumerate(block.instructions) if item.pc == pc)
        return self.live_before(block, index)

    def _loops(self) -> dict[int, int]:
        """Loop headers with the end of their loop: the last backward jump to them."""
        loops: dict[int, int] = {}
        for item in self.instructions.values():
            if item.target is not None and item.target <= item.pc and self.first <= item.pc < self.end:
                loops[item.target] = max(loops.get(item.target, 0), item.next)
        return loops

    def yields_between(self, start: int, end: int) -> bool:
        """Whether code in [start, end) suspends a generator."""
        return any(item.name == "YIELD" for pc, item in self.instructions.items() if start <= pc < end)

    def written_between(self, start: int, end: int, but: Collection[str] = ()) -> int:
        """Registers that code in [start, end) may write, leaving out instructions of some names."""
        written = 0
        for pc, item in self.instructions.items():
            if start <= pc < end and item.name not in but:
                written |= self.effects[pc].writes
                if item.name in ("CALL", "CALL_METHOD"):
                    written |= 1 << item.a
        for handler in self.chunk.handlers:
            if start <= handler.target < end:
                written |= 1 << handler.register
        return written

    def unit_steps(self) -> list[int]:
        """Registers with the step of a loop over a range around or at `first`, where that step is always 1."""
        steps: list[int] = []
        for head, item in self.instructions.items():
            if item.name != "RANGE_NEXT" or item.target is None or not head <= self.first < item.target:
                continue
            before = [other for pc, other in self.instructions.items() if pc < head]
            if before[-1].name == "RANGE_PREPARE" and before[-1].a == item.a and before[-1].b < 3:
                steps.append(item.a + 2)
        return steps


def registers_in(bits: int) -> list[int]:
    """The members of a bit set, ascending."""
    members = []
    while bits:
        lowest = bits & -bits
        members.append(lowest.bit_length() - 1)
        bits ^= lowest
    return members
