"""How each opcode is translated.

Most are replayed: the opcode's meaning is inlined with the operands' known tags, which folds
it to the one case that applies.  Opcodes that look at runs of registers get them written
into the frame first.  Calls are in `calls`.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Block, Instruction, registers_in, signed
from rufflang.bytecode.opcodes import WRITTEN_KINDS
from rufflang.interpreter.loops import Iteration, RangeBounds
from rufflang.interpreter.operands import RESULT_PLACE, STATE_REGISTERS
from rufflang.interpreter.table import comparison_of, meaning_of, meaning_without_feedback
from rufflang.jit.arrays import ArrayAccess
from rufflang.jit.calls import Calls
from rufflang.jit.code import notes_of
from rufflang.jit.counting import Counting
from rufflang.jit.destructuring import Destructuring
from rufflang.jit.evaluating import evaluate
from rufflang.jit.fields import Fields
from rufflang.jit.instances import Instances
from rufflang.jit.iterating import Iterating
from rufflang.jit.options import Options
from rufflang.jit.parts import TakingApart
from rufflang.jit.polling import Polling
from rufflang.jit.request import register_name
from rufflang.jit.suspending import Suspending
from rufflang.jit.texts import Texts, as_code_points, constant_text
from rufflang.jit.unmade import VirtualWord, option_of, virtual_of
from rufflang.jit.variables import Variables
from rufflang.jit.virtual_arrays import VirtualArrays
from rufflang.jit.words import VALUE, value
from rufflang.lowpy.function import LowFunction, as_low
from rufflang.lowpy.types import BOOL, F64, I64, U64, Pointer, Struct, StructType, Type, record_type, struct_type
from rufflang.lowpy.values import Aggregate, SsaValue, Word, constant_word
from rufflang.runtime.objects import FunctionObject, Proto
from rufflang.runtime.truth import truthy
from rufflang.runtime.values import BOOL as BOOL_TAG
from rufflang.runtime.values import INT, NULL, STRING

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rufflang.jit.translator import Translator

_CONSTANT_TAGS = {type(None): NULL, bool: BOOL_TAG, int: INT}
# Opcodes whose result is worth a guard, because the interpreter noted its kind.
_GUARDED = {"GET_INDEX", "GET_FIELD_OPTIONAL", "GET_CELL", "AWAIT", "PAYLOAD"}
_COMPARING = {"EQ", "NE", "LT", "LE", "GT", "GE", "JUMP_IF_NOT_MATCH"}
_ADDING = {"ADD", "APPEND"}


class Operations:
    """Translates single instructions for a `Translator`."""

    def __init__(self, translator: Translator) -> None:
        self.translator = translator
        self.emitter = translator.emitter
        self.chunk = translator.chunk
        self.calls = Calls(self)
        self.counting = Counting(self)
        self.began_in = self.emitter.block
        """The block in which the translation of the present instruction began."""
        self.fields = Fields(self)
        self.texts = Texts(self)
        self.parts = Destructuring(self)
        self.arrays, self.virtual_arrays = ArrayAccess(self), VirtualArrays(self)
        self.iterating = Iterating(self)
        suspending, variables, instances = Suspending(self), Variables(self), Instances(self)
        self.suspending = suspending
        self.polling = Polling(self.translator)
        options = self.options = Options(self)
        self._special: dict[str, Callable[[Instruction], None]] = {
            "JUMP": self._jump, "LOOP": self.polling.jump_back,
            "RETURN": self._return, "RETURN_NULL": self._return_null,
            "GET_GLOBAL": variables.get_global, "MAKE_FUNCTION": variables.make_function,
            "OWN_GLOBAL": variables.own_global, "OWN_CELL": variables.own_cell,
            "CALL": self.calls.call, "CALL_METHOD": self.calls.call_method,
            "JUMP_IF_NO_OPERATOR": self.calls.no_operator,
            "CALL_BUILTIN": self.calls.call_builtin, "TAKE_APART": TakingApart(self).take_apart,
            "GET_FIELD": self.fields.get, "SET_FIELD": self.fields.set,
            "OWN": self.fields.own, "OWN_INDEX": self.fields.own_index, "OWN_FIELD": self.fields.own_field,
            "NEW_STRUCT": instances.new, "MOVE": instances.move, "COPY": instances.copy, "SHARE": instances.share,
            "SHARE_PART": instances.share_part, "GET_INDEX": self._get_index, "SET_INDEX": self._set_index,
            "NEW_ARRAY": self._new_array, "DESTRUCTURE_ARRAY": self.parts.take_apart, "FOR_NEXT": self.arrays.next,
            "GENERATOR": suspending.make_generator, "YIELD": suspending.hand_out, "ASYNC": suspending.start_task,
            "JUMP_IF_NOT_VARIANT": options.jump_if_not_variant, "JUMP_IF_NO_PAYLOAD": options.jump_if_no_payload,
            "PAYLOAD": options.payload, "JUMP_IF_UNWRAPPED": options.unwrap,
        }  # fmt: skip

    def translate(self, item: Instruction, block: Block, index: int) -> None:
        """Translates one instruction at the emitter's position."""
        request = self.translator.request
        if request.trusts_absence and notes_of(item, request.words) == 0:
            self.translator.side_exit(item.pc)
            return
        self.began_in = self.emitter.block
        special = self._special.get(item.name)
        if special is not None:
            special(item)
            return
        meaning, polarity = comparison_of(item.name)
        if meaning is not None:
            self._comparison_jump(item, meaning_of(meaning), polarity)
            return
        self.replay(item)

    # ---------------------------------------------------------------------- registers

    def register(self, number: int) -> Aggregate:
        """The value of a register; from here on that is no virtual container."""
        current = self.known(number)
        virtual = virtual_of(current)
        if virtual is not None:
            current = self.emitter.virtuals.real(virtual)
            self.set_register(number, current)
        return current

    def known(self, number: int) -> Aggregate:
        """The value of a register, perhaps a virtual container."""
        name = register_name(number)
        known = self.translator.environment.get(name)
        if known is None:
            loaded = self.emitter.load(VALUE, self.emitter.registers, 16 * number)
            assert isinstance(loaded, Aggregate)
            self.translator.environment[name] = known = loaded
        assert isinstance(known, Aggregate)
        if option_of(known) is not None:
            self.translator.environment[name] = known = self.emitter.real(known)
            assert isinstance(known, Aggregate)
        return known

    def unmade(self, number: int) -> Aggregate:
        """The value of a register, perhaps a virtual container, but none that has been made."""
        return self.known(number) if self.virtual(number) is not None else self.register(number)

    def virtual(self, number: int) -> VirtualWord | None:
        """The virtual container in a register; None where it holds anything else, also one that has been made."""
        virtual = virtual_of(self.translator.environment.get(register_name(number)))
        return None if virtual is None or self.emitter.virtuals.made(virtual) is not None else virtual

    def set_register(self, number: int, item: Aggregate) -> None:
        self.translator.environment[register_name(number)] = item

    def forget(self, numbers: int) -> None:
        """These registers were written in the frame by somebody else."""
        for number in registers_in(numbers):
            self.translator.environment.pop(register_name(number), None)

    # ---------------------------------------------------------------------- operands

    def constants(self) -> Word:
        """The chunk's constants, found through the frame's closure."""
        return self.proto_field(self.own_proto(), "constants", Pointer(VALUE))

    def own_proto(self) -> Word:
        """The running chunk in the VM."""
        return self.load_field(self.emitter.closure, FunctionObject, "proto", struct_type(Proto))

    def proto_field(self, proto: Word, name: str, kind: Type, *, constant: bool = True) -> Word:
        return self.load_field(proto, Proto, name, kind, constant=constant)

    def load_field(self, base: Word, owner: type[Struct], name: str, kind: Type, *, constant: bool = True) -> Word:
        """A field of a native structure; most never change."""
        offset = struct_type(owner).fields[name].offset
        if constant:
            return self.emitter.load_constant(kind, base, offset)
        loaded = self.emitter.load(kind, base, offset)
        assert isinstance(loaded, Word)
        return loaded

    def constant(self, index: int) -> Aggregate:
        """A constant: itself where it is a number, else loaded from the chunk's table."""
        constants = self.chunk.constants
        known = constants[index] if index < len(constants) else ...
        emitter = self.emitter
        if isinstance(known, float):
            return emitter.from_double(constant_word(F64, known))
        tag = _CONSTANT_TAGS.get(type(known))
        if tag is not None:
            return value(tag, emitter.number(int(known or 0)))  # type: ignore[arg-type]
        payload = emitter.load_constant(I64, self.constants(), 16 * index + 8)
        if isinstance(known, str):
            return value(STRING, constant_text(payload, known))
        return value(emitter.load_constant(I64, self.constants(), 16 * index), payload)

    def constant_object(self, index: int, kind: Type) -> Word:
        """The heap object of a constant."""
        return self.emitter.load_constant(kind, self.constants(), 16 * index + 8)

    # ---------------------------------------------------------------------- replaying

    def replay(self, item: Instruction) -> None:
        """Translates an instruction by what its opcode means."""
        meaning = meaning_without_feedback(item.name)
        if meaning.signature.result is record_type(Iteration):
            self.iterating.iterate(item, meaning)
            return
        effects = self.translator.flow.effects[item.pc]
        uses_memory = any(isinstance(kind, Pointer) for kind in meaning.signature.parameters)
        if uses_memory:
            self.translator.spill(effects.reads | effects.writes)
        arguments = self.arguments(item, meaning)
        if item.name in _ADDING:
            self.texts.expect_text(item, arguments)
        elif item.name in _COMPARING:
            arguments = as_code_points(arguments)
        result, raises = evaluate(self.emitter, meaning, arguments)
        self.translator.landed_raises(item, raises)
        if self.emitter.block is None:
            return
        if uses_memory:
            self.forget(effects.writes)
        self._finish(item, meaning, result)

    def arguments(self, item: Instruction, meaning: LowFunction) -> list[SsaValue]:
        emitter = self.emitter
        values: list[SsaValue] = [emitter.vm]
        signature = meaning.signature
        state = STATE_REGISTERS.get(item.name, 0)
        values.extend(self._state_register(item, distance) for distance in range(state))
        fields = [index for index, kind in enumerate(item.opcode.fields) if kind not in "w-jJ"]
        if state:
            fields = [index for index in fields if index != 0]
        for name, kind in list(zip(signature.names, signature.parameters, strict=True))[1 + state :]:
            if name == "registers":
                values.append(emitter.registers)
            elif name == "out":
                values.append(emitter.register_place(item.a))
            elif name == "cache":
                values.append(self._cache(item))
            else:
                values.append(self._field(item, fields.pop(0), kind))
        return values

    def _state_register(self, item: Instruction, distance: int) -> Aggregate:
        if item.name == "RANGE_PREPARE" and distance >= item.b:
            return value(NULL, self.emitter.number(0))
        return self.register(item.a + distance)

    def _cache(self, item: Instruction) -> Word:
        """The instruction's cache words in the VM."""
        code = self.proto_field(self.own_proto(), "code", Pointer(U64))
        return self.emitter.address(code, 8 * (item.pc + 1))

    def _field(self, item: Instruction, index: int, wanted: Type) -> SsaValue:
        emitter = self.emitter
        kind = item.opcode.fields[index]
        number = (item.a, item.b, item.c)[index]
        if kind in "iI":
            immediate = emitter.number(item.wide if kind == "I" else signed(number, 16))
            return value(INT, immediate) if wanted is VALUE else immediate
        if kind in "nb":
            return emitter.number(number)
        if kind in "kKg":
            constant = item.wide & 0xFFFFFFFF if kind == "K" else number
            if isinstance(wanted, StructType):
                return self.constant_object(constant, wanted)
            return self.constant(constant)
        if isinstance(wanted, Pointer):
            return emitter.register_place(number)
        operand = self.register(number)
        if isinstance(wanted, StructType):
            return emitter.define(wanted, f"inttoptr i64 {operand.words[1].text} to ptr")
        return operand

    # ------------------------------------------------------------------------ results

    def _finish(self, item: Instruction, meaning: LowFunction, result: SsaValue | None) -> None:
        kind = meaning.signature.result
        if kind == BOOL:
            assert isinstance(result, Word)
            self.branch(item, result)
        elif kind is record_type(RangeBounds):
            assert isinstance(result, Aggregate)
            for distance, number in enumerate(result.words):
                self.set_register(item.a + distance, value(INT, number))
        elif kind is VALUE:
            assert isinstance(result, Aggregate)
            self._value(item, result)

    def _value(self, item: Instruction, result: Aggregate) -> None:
        translator = self.translator
        if item.name in _GUARDED:
            result = translator.guard_kind(item, item.a, result)
        translator.check_error(item, result)
        if item.name == "FOR_PREPARE":
            # Where a loop begins is a number, whatever it goes over.
            result = value(INT, result.words[1])
        if item.name == "JUMP_IF_UNWRAPPED":
            self.options.unwrapped(item, result)
        elif item.opcode.fields[0] in WRITTEN_KINDS:
            self.set_register(item.a + RESULT_PLACE.get(item.name, 0), result)

    # -------------------------------------------------------------------------- jumps

    def branch(self, item: Instruction, condition: Word) -> None:
        """Ends the block: jumps when the condition holds, else goes straight on."""
        translator, emitter = self.translator, self.emitter
        assert item.target is not None
        if condition.constant is not None:
            translator.follow(item.target if condition.constant else item.next)
            return
        if self.counting.count(item, condition):
            return
        taken, straight = emitter.new_label("taken"), emitter.new_label("straight")
        emitter.branch(condition, taken, straight)
        before = dict(translator.environment)
        emitter.start(taken)
        translator.follow(item.target)
        translator.environment = before
        emitter.start(straight)
        translator.follow(item.next)

    def _comparison_jump(self, item: Instruction, meaning: LowFunction, polarity: bool) -> None:
        arguments = as_code_points(self.arguments(item, meaning))
        result, raises = evaluate(self.emitter, meaning, arguments)
        self.translator.landed_raises(item, raises)
        if self.emitter.block is None:
            return
        assert isinstance(result, Aggregate)
        self.translator.check_error(item, result)
        condition, _ = self.emitter.inline(as_low(truthy), [result])
        assert isinstance(condition, Word)
        self.branch(item, condition if polarity else self.emitter.negation(condition))

    def _get_index(self, item: Instruction) -> None:
        found = self.translator.loops.hoisting.elements.get(item.pc)
        if found is not None:
            self.set_register(item.a, found)
        elif not self.virtual_arrays.get(item) and not self.texts.character(item):
            self.arrays.get(item)

    def _set_index(self, item: Instruction) -> None:
        if not self.virtual_arrays.set(item):
            self.arrays.set(item)

    def _new_array(self, item: Instruction) -> None:
        if not self.parts.make(item) and not self.virtual_arrays.new(item):
            self.arrays.make(item)

    def _jump(self, item: Instruction) -> None:
        assert item.target is not None
        self.translator.follow(item.target)

    def _return(self, item: Instruction) -> None:
        self.translator.give_back(self.known(item.a))

    def _return_null(self, item: Instruction) -> None:
        self.translator.give_back(value(NULL, self.emitter.number(0)))
