"""Makes the threaded interpreter: one handler per opcode, from the opcode table.

A handler takes the interpreter's whole state in registers, decodes its instruction,
replays the opcode's meaning, and ends in a guaranteed tail call of the next handler.
The calling convention `preserve_none` lets all of that stay in machine registers.  What is rare
is mostly left to a second handler (`frameless`).
"""

from __future__ import annotations

from rufflang.bytecode.opcodes import OPCODES, WRITTEN_KINDS, Opcode
from rufflang.interpreter.feedback import record_kind
from rufflang.interpreter.frameless import FramelessEmitter
from rufflang.interpreter.loops import Iteration, RangeBounds
from rufflang.interpreter.operands import (
    ITEM_PLACE,
    POSITION_PLACE,
    RESULT_PLACE,
    Instruction,
    arguments_for,
)
from rufflang.interpreter.table import comparison_of, meaning_of
from rufflang.lowpy.emitter import Edge, Emitter
from rufflang.lowpy.function import LowFunction, as_low
from rufflang.lowpy.module import ModuleText
from rufflang.lowpy.types import BOOL, I64, U64, Pointer, Record, Struct, Type, record_type, struct_type
from rufflang.lowpy.values import Aggregate, SsaValue, Word, constant_word
from rufflang.runtime.values import ERROR, INT, UNBOUND, Value
from rufflang.runtime.vm import VM

_STATE = "ptr %vm, ptr %regs, ptr %pc, ptr %consts, ptr %dispatch, i64 %insn"
_RESULT = "{i64, i64}"
_DISPATCH = struct_type(VM).fields["dispatch"].offset


def emit_interpreter(module: ModuleText, unwind: LowFunction, truthy: LowFunction, sample: LowFunction) -> None:
    """Writes all handlers, the dispatch tables, and the C function `ruff_interpret`.

    With the table `ruff_sampling_dispatch` each instruction is first shown to `sample`.
    """
    for item in OPCODES:
        _write_handler(module, item, truthy)
    _ErrorHandler(Emitter(module)).write(unwind)
    _SampleHandler(Emitter(module)).write(sample)
    _add_table(module, "ruff_dispatch", [item.name for item in OPCODES])
    _add_table(module, "ruff_sampling_dispatch", ["sample" for _ in OPCODES])
    module.add_function(_ENTRY)


def _write_handler(module: ModuleText, opcode: Opcode, truthy: LowFunction) -> None:
    """An opcode's handler: one without a frame if that can ever go on, and the complete one if that is needed."""
    complete = f"{opcode.name}.completely"
    emitter = FramelessEmitter(module, lambda name: _tail_call(name, f'@"op.{complete}"', _STATE))
    usual = _Handler(emitter, opcode, truthy)
    usual.write(opcode.name)
    is_of_use = usual.goes_on or not emitter.has_left
    if is_of_use:
        emitter.finish()
    if emitter.has_left:
        whole = _Handler(Emitter(module), opcode, truthy)
        whole.write(complete if is_of_use else opcode.name)
        whole.emitter.finish()


def _add_table(module: ModuleText, symbol: str, names: list[str]) -> None:
    table = ", ".join(f'ptr @"op.{name}"' for name in names)
    module.add_constant(symbol, f"[{len(names)} x ptr]", f"[{table}]")


_ENTRY = f"""define {_RESULT} @ruff_interpret(ptr %vm, ptr %regs, ptr %pc) nounwind {{
  %proto = call ptr @"frames.frame_proto"(ptr %regs)
  %constsaddr = getelementptr i8, ptr %proto, i64 8
  %consts = load ptr, ptr %constsaddr
  %insn = load i64, ptr %pc
  %number = and i64 %insn, 65535
  %ownaddr = getelementptr i8, ptr %vm, i64 {_DISPATCH}
  %own = load ptr, ptr %ownaddr
  %usual = icmp eq ptr %own, null
  %dispatch = select i1 %usual, ptr @ruff_dispatch, ptr %own
  %slot = getelementptr ptr, ptr %dispatch, i64 %number
  %handler = load ptr, ptr %slot
  %result = call preserve_nonecc {_RESULT} %handler({_STATE})
  ret {_RESULT} %result
}}"""


def _tail_call(result: str, target: str, state: str) -> tuple[str, str]:
    """The two lines that end a handler."""
    return f"{result} = musttail call preserve_nonecc {_RESULT} {target}({state})", f"ret {_RESULT} {result}"


def _struct(kind: type[Struct]) -> Type:
    return struct_type(kind)


def _record(kind: type[Record]) -> Type:
    return record_type(kind)


class _HandlerBase:
    """Shared by ordinary handlers and the error handler: state, and leaving for the next one."""

    def __init__(self, emitter: Emitter) -> None:
        self.emitter = emitter
        value = _record(Value)
        self.value_type = value
        self.vm = Word(_struct(VM), "%vm")
        self.registers = Word(Pointer(value), "%regs")
        self.code = Word(Pointer(U64), "%pc")
        self.constants = Word(Pointer(value), "%consts")
        self.goes_on = False
        """Whether there is a way to the next instruction."""

    def begin(self, name: str) -> None:
        """Opens the handler.

        `noimplicitfloat` keeps LLVM from copying values in one piece of 16 bytes: to read one so that was just
        written in two, the processor has to wait until both have left its store buffer.
        """
        self.emitter.begin(f'define preserve_nonecc {_RESULT} @"op.{name}"({_STATE}) noimplicitfloat nounwind')

    def tail_call(self, target: str, code: Word, registers: Word, constants: Word, instruction: str) -> None:
        """Ends the handler."""
        emitter = self.emitter
        state = (
            f"ptr %vm, ptr {registers.text}, ptr {code.text}, ptr {constants.text}, ptr %dispatch, i64 {instruction}"
        )
        for line in _tail_call(emitter.fresh("r"), target, state):
            emitter.line(line)
        emitter.block = None

    def dispatch(self, code: Word, registers: Word | None = None, constants: Word | None = None) -> None:
        """Goes on with the instruction at `code`."""
        emitter = self.emitter
        self.goes_on |= emitter.block is not None
        instruction = emitter.define(I64, f"load i64, ptr {code.text}")
        number = emitter.define(I64, f"and i64 {instruction.text}, 65535")
        slot = emitter.define(self.code.type, f"getelementptr ptr, ptr %dispatch, i64 {number.text}")
        handler = emitter.define(self.code.type, f"load ptr, ptr {slot.text}")
        self.tail_call(
            handler.text, code, registers or self.registers, constants or self.constants, instruction.text
        )

    def go_on_at_step(self, step: Aggregate) -> None:
        """Follows a `Step`; a null code means failure or leaving."""
        emitter = self.emitter
        code, registers, constants = step.words
        missing = emitter.define(BOOL, f"icmp eq ptr {code.text}, null")
        stop, proceed = emitter.new_label("stop"), emitter.new_label("go")
        emitter.branch(missing, stop, proceed)
        emitter.start(proceed)
        self.dispatch(code, registers, constants)
        emitter.start(stop)
        left = emitter.define(BOOL, f"icmp ne ptr {registers.text}, null")
        leave, failed = emitter.new_label("left"), emitter.new_label("failed")
        emitter.branch(left, leave, failed)
        emitter.start(leave)
        field = struct_type(VM).fields["leaving"]
        emitter.return_value(emitter.load(self.value_type, self.vm, field.offset))
        emitter.start(failed)
        self.fail()

    def fail(self) -> None:
        """Ends the handler by unwinding from this instruction."""
        self.tail_call('@"op.error"', self.code, self.registers, self.constants, "%insn")


class _ErrorHandler(_HandlerBase):
    """Where handlers go with an error in flight: not an opcode, never in the dispatch table."""

    def write(self, unwind: LowFunction) -> None:
        self.begin("error")
        step = self.emitter.call(unwind, [self.vm, self.registers, self.code])
        assert isinstance(step, Aggregate)
        code = step.words[0]
        missing = self.emitter.define(BOOL, f"icmp eq ptr {code.text}, null")
        stop, proceed = self.emitter.new_label("stop"), self.emitter.new_label("go")
        self.emitter.branch(missing, stop, proceed)
        self.emitter.start(proceed)
        self.dispatch(*step.words)
        self.emitter.start(stop)
        self.emitter.return_value(self.emitter.raised_value(record_type(Value)))
        self.emitter.finish()


class _SampleHandler(_HandlerBase):
    """What a profiler puts in the place of all handlers: it goes on with the real one."""

    def write(self, sample: LowFunction) -> None:
        self.begin("sample")
        self.emitter.call(sample, [self.vm, self.registers, self.code])
        number = self.emitter.define(I64, "and i64 %insn, 65535")
        slot = self.emitter.define(self.code.type, f"getelementptr ptr, ptr @ruff_dispatch, i64 {number.text}")
        handler = self.emitter.define(self.code.type, f"load ptr, ptr {slot.text}")
        self.tail_call(handler.text, self.code, self.registers, self.constants, "%insn")
        self.emitter.finish()


class _Handler(_HandlerBase):
    """One opcode's handler."""

    def __init__(self, emitter: Emitter, opcode: Opcode, truthy: LowFunction) -> None:
        super().__init__(emitter)
        self.opcode = opcode
        self.truthy = truthy
        self.instruction = Instruction(self.emitter, opcode, self.registers, self.constants, self.code)

    def write(self, symbol: str) -> None:
        self.begin(symbol)
        name = self.opcode.name
        meaning, polarity = comparison_of(name)
        if meaning is not None:
            self._comparison_jump(meaning_of(meaning), polarity)
        else:
            self._plain(meaning_of(name))

    def _evaluate(self, meaning: LowFunction) -> tuple[SsaValue | None, list[Edge]]:
        return self.emitter.inline(meaning, [self.vm, *arguments_for(meaning, self.instruction)])

    def _plain(self, meaning: LowFunction) -> None:
        result, raises = self._evaluate(meaning)
        kind = meaning.signature.result
        if self.emitter.block is not None:
            if kind == BOOL:
                assert isinstance(result, Word)
                self._jump(result)
            elif isinstance(result, Aggregate) and result.type is record_type(Value):
                self._value(result)
            elif kind is record_type(Iteration):
                assert isinstance(result, Aggregate)
                self._iteration(result)
            elif kind is record_type(RangeBounds):
                assert isinstance(result, Aggregate)
                self._bounds(result)
            elif isinstance(result, Aggregate):
                self.go_on_at_step(result)
            else:
                self.dispatch(self.instruction.next())
        self._raised(raises)

    def _raised(self, raises: list[Edge]) -> None:
        if raises:
            self.emitter.land(raises, "raised")
            self.fail()

    def _check(self, result: Aggregate) -> None:
        """Leaves by the error path when the result says so."""
        tag = result.words[0]
        if tag.constant is not None:
            return
        failed, fine = self.emitter.new_label("failed"), self.emitter.new_label("fine")
        bad = self.emitter.compare("eq", tag, constant_word(I64, ERROR))
        self.emitter.branch(bad, failed, fine)
        self.emitter.start(failed)
        self.fail()
        self.emitter.start(fine)

    def _value(self, result: Aggregate) -> None:
        self._check(result)
        name = self.opcode.name
        if name == "JUMP_IF_UNWRAPPED":
            self._unwrapped(result)
            return
        if self.opcode.fields[0] in WRITTEN_KINDS:
            self._set(RESULT_PLACE.get(name, 0), result)
        self.dispatch(self.instruction.next())

    def _set(self, distance: int, value: SsaValue) -> None:
        """Writes the register `distance` after A."""
        place = self.emitter.address(self.instruction.register_address(0), 16 * distance)
        self.emitter.store(place, 0, value)

    def _set_int(self, distance: int, number: Word) -> None:
        self._set(distance, Aggregate(record_type(Value), (constant_word(I64, INT), number)))

    def _split(self, condition: Word, names: tuple[str, str]) -> tuple[str, str]:
        first, second = self.emitter.new_label(names[0]), self.emitter.new_label(names[1])
        self.emitter.branch(condition, first, second)
        return first, second

    def _unwrapped(self, result: Aggregate) -> None:
        missing = self.emitter.compare("eq", result.words[0], constant_word(I64, UNBOUND))
        without, present = self._split(missing, ("none", "payload"))
        self.emitter.start(without)
        self.dispatch(self.instruction.next())
        self.emitter.start(present)
        self._set(0, result)
        self.dispatch(self.instruction.jump_target())

    def _iteration(self, step: Aggregate) -> None:
        """An item goes into its register, or the loop is left."""
        tag, payload, position = step.words
        self._check(step)
        missing = self.emitter.compare("eq", tag, constant_word(I64, UNBOUND))
        without, present = self._split(missing, ("none", "item"))
        self.emitter.start(without)
        self.dispatch(self.instruction.jump_target())
        self.emitter.start(present)
        name = self.opcode.name
        item = Aggregate(record_type(Value), (tag, payload))
        self._set_int(POSITION_PLACE[name], position)
        self._set(ITEM_PLACE[name], item)
        if self.opcode.cache_words:
            self.emitter.inline(as_low(record_kind), [self.instruction.cache(), item])
        self.dispatch(self.instruction.next())

    def _bounds(self, bounds: Aggregate) -> None:
        for distance, number in enumerate(bounds.words):
            self._set_int(distance, number)
        self.dispatch(self.instruction.next())

    def _jump(self, condition: Word) -> None:
        if condition.constant is not None:
            self.dispatch(self.instruction.jump_target() if condition.constant else self.instruction.next())
            return
        taken, straight = self.emitter.new_label("taken"), self.emitter.new_label("straight")
        self.emitter.branch(condition, taken, straight)
        self.emitter.start(taken)
        self.dispatch(self.instruction.jump_target())
        self.emitter.start(straight)
        self.dispatch(self.instruction.next())

    def _comparison_jump(self, meaning: LowFunction, polarity: bool) -> None:
        result, raises = self._evaluate(meaning)
        if self.emitter.block is not None:
            assert isinstance(result, Aggregate)
            self._check(result)
            condition, _ = self.emitter.inline(self.truthy, [result])
            assert isinstance(condition, Word)
            self._jump(condition if polarity else self.emitter.negation(condition))
        self._raised(raises)
