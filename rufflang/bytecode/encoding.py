"""Instruction words and the assembler that strings them together.

The compiler says *what* to emit, by opcode name; this file knows how an instruction is
laid out (see `opcodes`), where jumps go once their labels are placed, and which operand
is too large for its field.  Nothing here knows about Ruff's syntax.
"""

from __future__ import annotations

from collections.abc import Collection

from rufflang.bytecode.chunk import Chunk, Constant, Handler, LiteralConstant, NamesConstant
from rufflang.bytecode.errors import CompileError
from rufflang.bytecode.opcodes import OPCODES
from rufflang.records import Record, field
from rufflang.syntax.spans import Span

FIELD_LIMIT = 1 << 16
_FIELD_MASK = FIELD_LIMIT - 1
_WIDE_MASK = (1 << 32) - 1
_WIDE_KINDS = frozenset("KIJ")
_SIGNED_KINDS = frozenset("ijIJ")

TOO_LARGE = "function too large"


def fits_short(value: int) -> bool:
    """Whether `value` can be a signed 16-bit operand."""
    return -0x8000 <= value < 0x8000


def fits_wide(value: int) -> bool:
    """Whether `value` can be a signed 32-bit operand."""
    return -0x8000_0000 <= value < 0x8000_0000


def pack(number: int, a: int = 0, b: int = 0, c: int = 0) -> int:
    """The word of opcode `number` with three fields of 16 bits; signed ones are wrapped."""
    return number | (a & _FIELD_MASK) << 16 | (b & _FIELD_MASK) << 32 | (c & _FIELD_MASK) << 48


def pack_wide(number: int, a: int, value: int) -> int:
    """The word of opcode `number` with field A and one 32-bit field."""
    return number | (a & _FIELD_MASK) << 16 | (value & _WIDE_MASK) << 32


class Instruction(Record):
    """An unpacked word: opcode number and the operands by position, signed ones as signed ints.

    Instructions with a 32-bit field have it in `b`, and `c` is zero.
    """

    number: int
    a: int
    b: int
    c: int


def unpack(word: int) -> Instruction:
    """The parts of an instruction's first word."""
    opcode = OPCODES[word & _FIELD_MASK]
    kinds = opcode.fields
    a = _signed(word >> 16 & _FIELD_MASK, 16, kinds[0])
    if kinds[1] in _WIDE_KINDS:
        return Instruction(opcode.number, a, _signed(word >> 32 & _WIDE_MASK, 32, kinds[1]), 0)
    b = _signed(word >> 32 & _FIELD_MASK, 16, kinds[1])
    return Instruction(opcode.number, a, b, _signed(word >> 48 & _FIELD_MASK, 16, kinds[2]))


def _signed(value: int, bits: int, kind: str) -> int:
    return value - (1 << bits) if kind in _SIGNED_KINDS and value >> bits - 1 else value


class JumpTooFar(Exception):
    """A 16-bit jump distance does not suffice; the function must be assembled with `wide`."""


class Label(Record, frozen=False):
    """A place in the code; instructions that jump to it before it is placed wait in `waiting`."""

    position: int = -1
    waiting: list[int] = field(factory=list)


class _Form(Record):
    number: int
    fields: str
    words: int
    wide: bool
    short_jump: bool
    has_immediate: bool


_FORMS: dict[str, _Form] = {
    opcode.name: _Form(
        opcode.number, opcode.fields, 1 + opcode.cache_words,
        opcode.fields[1] in _WIDE_KINDS, opcode.fields.endswith("j"),
        "i" in opcode.fields,
    )
    for opcode in OPCODES
}
_LENGTHS = tuple(1 + opcode.cache_words for opcode in OPCODES)
_JUMP_NUMBER = _FORMS["JUMP"].number


def instruction_length(word: int) -> int:
    """How many words the instruction that starts with `word` takes, cache words included."""
    return _LENGTHS[word & _FIELD_MASK]


class Assembler:
    """Builds the code, constants and spans of one chunk.

    With `wide`, a jump whose opcode has only a 16-bit distance hops to a long JUMP
    instead of to its label, so that no distance can be too far.
    """

    def __init__(self, chunk: Chunk, wide: bool) -> None:
        self.chunk = chunk
        self._wide = wide
        self._code = chunk.code
        self._spans = chunk.spans
        self._constant_indices: dict[object, int] = {}

    @property
    def position(self) -> int:
        """Where the next instruction will start."""
        return len(self._code)

    def emit(self, span: Span, name: str, a: int = 0, b: int = 0, c: int = 0) -> None:
        """Appends an instruction with up to three 16-bit operands."""
        form = _FORMS[name]
        if (a | b | c) >> 16 or form.has_immediate:
            self._check_operands(form, (a, b, c), span)
        self._append(form, pack(form.number, a, b, c), span)

    def emit_wide(self, span: Span, name: str, a: int, value: int) -> None:
        """Appends an instruction whose second operand has 32 bits."""
        form = _FORMS[name]
        if a >> 16 or not fits_wide(value):
            raise CompileError(TOO_LARGE, span)
        self._append(form, pack_wide(form.number, a, value), span)

    def jump(self, span: Span, name: str, label: Label, a: int = 0, b: int = 0) -> None:
        """Appends a jump (conditional or not) to `label`."""
        form = _FORMS[name]
        if form.short_jump and self._wide:
            self.emit(span, name, a, b, 2)
            self.emit_wide(span, "JUMP", 0, 2)
            form, a, b = _FORMS["JUMP"], 0, 0
        if (a | b) >> 16 or form.has_immediate:
            self._check_operands(form, (a, b, 0), span)
        start = len(self._code)
        self._append(form, pack(form.number, a, 0 if form.wide else b), span)
        if label.position < 0:
            label.waiting.append(start)
        else:
            self._set_distance(start, label.position)

    def place(self, label: Label) -> None:
        """Makes `label` stand for the next instruction."""
        label.position = len(self._code)
        for start in label.waiting:
            self._set_distance(start, label.position)
        label.waiting.clear()

    def set_cache_word(self, value: int) -> None:
        """Sets the first cache word of the instruction emitted last to `value`."""
        start = self._last_start
        self._code[start + 1] = value

    def constant(self, value: Constant, span: Span) -> int:
        """The index of `value` among the chunk's constants; equal simple constants share one."""
        key = _constant_key(value)
        index = self._constant_indices.get(key)
        if index is None:
            index = self._constant_indices[key] = len(self.chunk.constants)
            self.chunk.constants.append(value)
        return index

    def _append(self, form: _Form, word: int, span: Span) -> None:
        self._last_start = len(self._code)
        self._code.append(word)
        self._spans.append(span)
        for _ in range(form.words - 1):
            self._code.append(0)
            self._spans.append(span)

    def _set_distance(self, start: int, target: int) -> None:
        self._code[start] = _with_distance(self._code[start], target - start)

    def _check_operands(self, form: _Form, operands: tuple[int, int, int], span: Span) -> None:
        for kind, value in zip(form.fields, operands, strict=False):
            if kind in _SIGNED_KINDS:
                if not fits_short(value):
                    raise CompileError(TOO_LARGE, span)
            elif not 0 <= value < FIELD_LIMIT:
                raise CompileError(TOO_LARGE, span)


def _with_distance(word: int, distance: int) -> int:
    """The word of a jump that goes so far."""
    if OPCODES[word & _FIELD_MASK].fields[1] == "J":
        return word & _WIDE_MASK | (distance & _WIDE_MASK) << 32
    if fits_short(distance):
        return word & ((1 << 48) - 1) | (distance & _FIELD_MASK) << 48
    raise JumpTooFar


def leave_out(chunk: Chunk, places: Collection[int]) -> None:
    """Takes instructions of one word each out of complete code; what went on there goes on behind them."""
    if not places:
        return
    code, moved, kept = chunk.code, [0], []
    for pc in range(len(code)):
        moved.append(moved[pc] + (pc not in places))
        if pc not in places:
            kept.append(pc)
    pc = 0
    while pc < len(code):
        distance = _jump_distance(code[pc])
        if distance is not None:
            code[pc] = _with_distance(code[pc], moved[pc + distance] - moved[pc])
        pc += instruction_length(code[pc])
    chunk.code[:] = [code[pc] for pc in kept]
    chunk.spans[:] = [chunk.spans[pc] for pc in kept]
    chunk.handlers[:] = [
        Handler(moved[item.start], moved[item.end], moved[item.target], item.register) for item in chunk.handlers
    ]


def _jump_distance(word: int) -> int | None:
    """How far an instruction jumps, if it is one that may."""
    item, fields = unpack(word), OPCODES[word & _FIELD_MASK].fields
    if "J" in fields:
        return item.b
    return item.c if "j" in fields else None


def _constant_key(value: Constant) -> object:
    if isinstance(value, float):
        return float, value.hex()
    if isinstance(value, (str, int, NamesConstant, LiteralConstant)) or value is None:
        return type(value), value
    return id(value)
