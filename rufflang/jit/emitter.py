"""The emitter as the JIT uses it: values keep doubles as doubles, and runtime calls find the frame."""

from __future__ import annotations

from rufflang.jit.aliasing import access_mark
from rufflang.jit.meanwhile import Meanwhile
from rufflang.jit.texts import STRINGS_EQUAL, narrowed_equality
from rufflang.jit.unmade import UnmadeWord, unmade_of
from rufflang.jit.virtuals import Virtuals
from rufflang.jit.words import (
    REGISTERS_TYPE,
    SHARED_OFFSET,
    VALUE,
    ArgumentVector,
    CharacterWord,
    NotReplayable,
    NumberTag,
    OwnedWord,
    agreed,
    is_number,
    known_tag,
    number_tag,
    value,
)
from rufflang.lowpy import ir
from rufflang.lowpy.emitter import Edge, Emitter, Environment
from rufflang.lowpy.emitter_folding import fold_compare
from rufflang.lowpy.function import LowFunction, as_low
from rufflang.lowpy.module import ModuleText
from rufflang.lowpy.types import BOOL, F64, I64, U8, Pointer, StructType, Type, llvm_type, struct_type
from rufflang.lowpy.values import Aggregate, SsaValue, Word, constant_word, same, words_of
from rufflang.records import Record
from rufflang.runtime.frames import COMPILED_CALL, NATIVE_ENTRY, frame_function, frame_proto
from rufflang.runtime.objects import ArrayObject, FunctionObject, Object, Proto
from rufflang.runtime.values import ARRAY, FLOAT, INT, NULL
from rufflang.runtime.vm import VM

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

VM_TYPE = struct_type(VM)
_ARRAY = struct_type(ArrayObject)
_DATA_OFFSET = _ARRAY.fields["data"].offset
_OBJECT = struct_type(Object)

OWN_CLOSURE = Word(struct_type(FunctionObject), "%closure")
"""The closure that a compiled function belongs to."""

LARGEST_REPLAYED = 120
DEEPEST_REPLAY = 8
"""Nodes of a function that is worth trying to replay as part of a builtin, and how deep such functions may nest."""


FRAME_FUNCTION, FRAME_PROTO = as_low(frame_function), as_low(frame_proto)
_PROTO_OFFSET = struct_type(FunctionObject).fields["proto"].offset

class Header:
    """What the header of an inlined call's frame says; each such call has its own.

    It is the caller's registers, which of them the call window begins at, and the closure.
    """

    __slots__ = ("caller", "closure", "register")

    def __init__(self, caller: Word, register: int, closure: Word) -> None:
        self.caller = caller
        self.register = register
        self.closure = closure


class Quiet(Record):
    """Among what is established: since the head of a loop nothing has happened that may take long."""

    head: str


class JitEmitter(Emitter):
    """`vm`, `registers`, `depth`, `closure` are the compiled function's own."""

    def __init__(self, module: ModuleText) -> None:
        super().__init__(module)
        module.declare("!0", "!0 = !{}")
        self.vm = Word(VM_TYPE, "%vm")
        self.registers = Word(REGISTERS_TYPE, "%regs")
        self.depth = Word(I64, "%depth")
        self.closure = OWN_CLOSURE
        self.headers: tuple[Header, ...] = ()
        self.virtuals = Virtuals(self)
        self._late_bits: list[tuple[Word, Word]] | None = None
        self._known: dict[tuple[str, int], Word] = {}

    def compare(self, op: str, left: Word, right: Word) -> Word:
        if isinstance(left, NumberTag) and right.constant is not None:
            answers = {fold_compare(op, constant_word(left.type, kind), right) for kind in (INT, FLOAT)}
            if len(answers) == 1:
                return constant_word(BOOL, bool(answers.pop()))
        return super().compare(op, left, right)

    # ---------------------------------------------------------------- known fields

    def knowing(self, payload: Word, fields: Mapping[int, Word]) -> Meanwhile:
        """While it lasts, the fields at some offsets of the object that `payload` points to are known."""
        more = {(payload.text, offset): known for offset, known in fields.items()}
        return Meanwhile(self, "_known", {**self._known, **more})

    def load(self, kind: Type, base: Word, byte_offset: int) -> SsaValue:
        if base.origin is not None:
            known = self._known.get((base.origin.text, byte_offset))
            if known is not None:
                return known
            if byte_offset == SHARED_OFFSET and isinstance(base.origin, OwnedWord):
                return constant_word(U8, 0)
        loaded = super().load(kind, base, byte_offset)
        if base.type is _ARRAY and byte_offset == _DATA_OFFSET:
            assert isinstance(loaded, Word)
            loaded.origin = base
        return loaded

    def element_address(self, base: Word, index: Word, stride: int) -> Word:
        address = super().element_address(base, index, stride)
        return Word(address.type, address.text, None, base.origin) if _is_in_array(base) else address

    def readable(self, item: SsaValue) -> SsaValue:
        """A value whose header, if it is an array, may be read ahead of the tests that lead there.

        What LLVM knows of a place in memory it learns from results of calls, here of one that clears clear bits.
        """
        if known_tag(item) != ARRAY or words_of(item)[1].origin is not None or unmade_of(item) is not None:
            return item
        payload = words_of(item)[1]
        self.module.declare("llvm.ptrmask", "declare ptr @llvm.ptrmask.p0.i64(ptr, i64)")
        pointer = self.define(_ARRAY, f"inttoptr i64 {payload.text} to ptr")
        call = f"call align 8 dereferenceable({_ARRAY.byte_size}) ptr @llvm.ptrmask.p0.i64(ptr {pointer.text}, i64 -8)"
        return value(ARRAY, type(payload)(I64, payload.text, None, self.define(_ARRAY, call)))

    # ------------------------------------------------------------------ unmade values

    def real(self, item: SsaValue) -> SsaValue:
        """The value, which is made if it has not been."""
        unmade = unmade_of(item)
        return item if unmade is None else unmade.real(self)

    def store(self, base: Word, byte_offset: int, value: SsaValue) -> None:
        super().store(base, byte_offset, self.real(value))

    def return_value(self, value: SsaValue | None) -> None:
        super().return_value(None if value is None else self.real(value))

    # ------------------------------------------------------------------ doubles

    def double_of(self, item: Aggregate) -> Word:
        """The double in a value known to be a float."""
        payload = item.words[1]
        if payload.origin is not None and payload.origin.type == F64:
            return payload.origin
        return self.define(F64, f"bitcast i64 {payload.text} to double")

    def from_double(self, number: Word) -> Aggregate:
        """A float value made of a double."""
        bits = self.define(I64, f"bitcast double {number.text} to i64")
        bits.origin = number
        return value(FLOAT, bits)

    def prepared(self, item: SsaValue) -> SsaValue:
        """The value in the form in which it may cross into another block."""
        if known_tag(item) == FLOAT and words_of(item)[1].origin is None:
            assert isinstance(item, Aggregate)
            return value(FLOAT, Word(I64, item.words[1].text, None, self.double_of(item)))
        return item

    def land(self, edges: Sequence[Edge], hint: str = "join") -> tuple[Environment, SsaValue | None]:
        edges = self.virtuals.agree(edges) if len(edges) > 1 else edges
        outer, self._late_bits = self._late_bits, []
        result = super().land(edges, hint)
        for bits, number in self._late_bits:
            self.lines.append(f"  {bits.text} = bitcast double {number.text} to i64")
        self._late_bits = outer
        return result

    def phi(self, items: list[tuple[SsaValue, str]]) -> SsaValue:
        first = items[0][0]
        if self._late_bits is not None and all(_is_double(item) for item, _ in items):
            numbers: list[tuple[SsaValue, str]] = [(_origin(item), block) for item, block in items]
            number = super().phi(numbers)
            assert isinstance(number, Word)
            if number is numbers[0][0] and all(same(item, first) for item, _ in items):
                return first
            bits = Word(I64, self.fresh("bits"), None, number)
            self._late_bits.append((bits, number))
            return value(FLOAT, bits)
        if all(item is first for item, _ in items):
            return first
        if isinstance(first, Aggregate):
            # Also where all parts are the same: not all that is known of them need hold on each way.
            words: list[Word] = []
            for index in range(len(first.words)):
                words += words_of(self.phi([(words_of(item)[index], block) for item, block in items]))
            if first.type is VALUE and words[0].constant is None and all(is_number(item) for item, _ in items):
                words[0] = number_tag(words[0])
            return Aggregate(first.type, tuple(words))
        if isinstance(first, UnmadeWord):
            return first.joined([(item, block) for item, block in items if isinstance(item, Word)], self)
        characters = self._characters_phi(items)
        if characters is not None:
            return characters
        merged = super().phi(items)
        assert isinstance(merged, Word)
        return agreed(merged, [item for item, _ in items if isinstance(item, Word)])

    def _characters_phi(self, items: list[tuple[SsaValue, str]]) -> Word | None:
        """A phi of characters is a character."""
        if not all(isinstance(item, CharacterWord) for item, _ in items):
            return None
        payload = super().phi(items)
        code = super().phi([(item.code, block) for item, block in items if isinstance(item, CharacterWord)])
        assert isinstance(payload, Word) and isinstance(code, Word)
        return CharacterWord(payload, code)

    def load_element(self, node: ir.LoadElement, base: Word, index: Word) -> SsaValue:
        if isinstance(base, ArgumentVector):
            if index.constant is None:
                raise NotReplayable
            position = int(index.constant)
            return base.items[position] if position < len(base.items) else value(NULL, self.number(0))
        return super().load_element(node, base, index)

    # ----------------------------------------------------------------- runtime calls

    def inline(
        self, function: LowFunction, arguments: Sequence[SsaValue]
    ) -> tuple[SsaValue | None, list[Edge]]:
        # What a frame runs is known here, and the frame of an inlined function has no header to read it from.
        if function is FRAME_FUNCTION and arguments[0] is self.registers:
            return self.closure, []
        if function is FRAME_PROTO and arguments[0] is self.registers:
            return self.load_constant(struct_type(Proto), self.closure, _PROTO_OFFSET), []
        real = [self.real(argument) for argument in arguments]
        if function is STRINGS_EQUAL:
            function, real = narrowed_equality(real)
        return super().inline(function, real)

    def inlines(self, function: LowFunction, arguments: Sequence[SsaValue]) -> bool:
        if function.cold or function.is_external or not any(isinstance(item, ArgumentVector) for item in arguments):
            return False
        return function.size <= LARGEST_REPLAYED and self._inline_depth < DEEPEST_REPLAY

    def in_memory(self, vector: ArgumentVector) -> Word:
        """Writes the arguments of a builtin into the frame; gives their place."""
        for index, item in enumerate(vector.items):
            self.store(self.registers, 16 * (vector.place + index), item)
        return self.register_place(vector.place)

    def call(self, function: LowFunction, arguments: Sequence[SsaValue]) -> SsaValue:
        arguments = [self.in_memory(item) if isinstance(item, ArgumentVector) else item for item in arguments]
        if function.signature.parameters[:1] == (VM_TYPE,) and not function.is_external:
            self.publish()
        return super().call(function, arguments)

    def publish(self) -> None:
        """Tells the VM which frame is running, and how deep."""
        self.write_headers()
        self.store(self.vm, VM_TYPE.fields["frame"].offset, self.registers)
        self.store(self.vm, VM_TYPE.fields["depth"].offset, self.depth)

    def write_headers(self) -> None:
        """Makes proper frames of the inlined calls that lead here; until somebody looks, they need none."""
        for header in self.headers:
            if header not in self.established:
                self.write_header(header.caller, header.register, header.closure)
        self.established |= set(self.headers)

    def write_header(self, caller: Word, register: int, closure: Word) -> None:
        """Writes the header of the frame whose call window begins at a register of its caller's."""
        base = 16 * register
        self.store(caller, base + 8, closure)
        self.store(caller, base + 16, self.address(caller, NATIVE_ENTRY | COMPILED_CALL))

    def start_loop(self, label: str) -> None:
        super().start_loop(label)
        self._end_quiet()
        self.established |= {Quiet(label)}

    def is_quiet(self, label: str) -> bool:
        """Whether no way from the head of that loop has led through a call or another loop."""
        return Quiet(label) in self.established

    def end_quiet(self, label: str) -> None:
        """From here on, that loop is as if something had happened that may take long."""
        self.established -= {Quiet(label)}

    def _end_quiet(self) -> None:
        self.established = frozenset(item for item in self.established if not isinstance(item, Quiet))

    def call_symbol(self, target: str, result: Type, words: Sequence[Word], convention: str = "") -> SsaValue:
        if not target.startswith("@llvm.") or target.startswith("@llvm.mem"):
            self._end_quiet()
        real = [word.real(self).words[1] if isinstance(word, UnmadeWord) else word for word in words]
        return super().call_symbol(target, result, real, convention)

    def call_runtime(self, symbol: str, arguments: Sequence[Word]) -> Aggregate:
        """Calls an exported runtime function that gives a value."""
        kinds = ", ".join("ptr" if isinstance(item.type, Pointer | StructType) else "i64" for item in arguments)
        self.module.declare(symbol, f"declare {{i64, i64}} @{symbol}({kinds}) nounwind")
        self.module.imports.add(symbol)
        result = self.call_symbol(f"@{symbol}", VALUE, list(arguments))
        assert isinstance(result, Aggregate)
        return result

    def register_place(self, number: int) -> Word:
        """Address of a register in the frame."""
        return self.address(self.registers, 16 * number)

    def access_mark(self, base: Word, byte_offset: int) -> str:
        if base.type == REGISTERS_TYPE and _is_in_array(base):
            # Values in arrays are apart from those in struct instances and frames.
            part = "payload" if byte_offset & 8 else "tag"
            return f", !tbaa {self.module.memory('value', f'{part} of an element')}"
        return access_mark(self.module, base.type, byte_offset)

    def mark_of(self, container: Aggregate) -> Word:
        """The mark `shared` of a value that certainly is a container."""
        mark = self.load(U8, self.define(_OBJECT, f"inttoptr i64 {container.words[1].text} to ptr"), SHARED_OFFSET)
        assert isinstance(mark, Word)
        return mark

    def is_number(self, tag: Word) -> Word:
        """Whether a tag is that of an int or a float."""
        distance = self.arithmetic(I64, "sub", tag, self.number(INT))
        return self.compare("ule", distance, self.number(FLOAT - INT))

    def load_constant(self, kind: Type, base: Word, offset: int) -> Word:
        """Loads a word that never changes while its owner lives."""
        address = self.address(base, offset)
        return self.define(kind, f"load {llvm_type(kind)}, ptr {address.text}, !invariant.load !0")

    def number(self, constant: int) -> Word:
        return constant_word(I64, constant)

    def unlikely(self, condition: Word) -> Word:
        """The condition, with the hint that it is false."""
        return self._expected(condition, "false")

    def continue_if(self, condition: Word, otherwise: str) -> None:
        """Goes on in a new block when the condition holds, which is likely, else to a label."""
        if condition.constant:
            return
        fine = self.new_label("fine")
        self.branch(self.likely(condition), fine, otherwise)
        self.start(fine)

    def guard(self, condition: Word, leave: Callable[[], None]) -> None:
        """Goes on in a new block when the condition holds; else there is what `leave` writes, which ends its block."""
        if condition.constant:
            return
        other, fine = self.new_label("other"), self.new_label("fine")
        self.branch(self.likely(condition), fine, other)
        self.start(other)
        leave()
        self.start(fine)

    def likely(self, condition: Word) -> Word:
        """The condition, with the hint that it is true."""
        return self._expected(condition, "true")

    def _expected(self, condition: Word, truth: str) -> Word:
        if condition.constant is not None:
            return condition
        self.module.declare("llvm.expect.i1", "declare i1 @llvm.expect.i1(i1, i1)")
        return self.define(condition.type, f"call i1 @llvm.expect.i1(i1 {condition.text}, i1 {truth})")


def _is_in_array(pointer: Word) -> bool:
    """Whether a pointer is known to point to elements of an array."""
    return pointer.origin is not None and pointer.origin.type is _ARRAY


def _is_double(item: SsaValue) -> bool:
    if not isinstance(item, Aggregate) or item.type is not VALUE or item.words[0].constant != FLOAT:
        return False
    origin = item.words[1].origin
    return origin is not None and origin.type == F64


def _origin(item: SsaValue) -> Word:
    origin = words_of(item)[1].origin
    assert origin is not None
    return origin


