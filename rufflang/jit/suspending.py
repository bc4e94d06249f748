"""Opcodes that leave a function in the middle: making generators, handing out their items, starting tasks.

The body of a generator is compiled on its own (`generator_body`); that of an async function is interpreted,
except its loops.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction, decode
from rufflang.interpreter.generators import START
from rufflang.jit.words import value
from rufflang.lowpy.function import as_low
from rufflang.lowpy.types import I64, U32, struct_type
from rufflang.lowpy.values import Aggregate, Word, constant_word
from rufflang.runtime.heap import allocate
from rufflang.runtime.objects import GeneratorObject
from rufflang.runtime.values import GENERATOR

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.bytecode.chunk import Chunk
    from rufflang.jit.operations import Operations

_GENERATOR = struct_type(GeneratorObject)


class Suspending:
    """Translates these opcodes for an `Operations`."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter

    def make_generator(self, item: Instruction) -> None:
        """Puts the arguments away and returns the generator: for callers that do not do so themselves."""
        emitter = self.emitter
        self._spill_arguments()
        emitter.publish()
        arguments = [emitter.vm, emitter.registers, emitter.number(item.a), emitter.number(item.next)]
        emitter.return_value(emitter.call_runtime("ruff_new_generator", arguments))

    def new_generator(self, chunk: Chunk, closure: Word, arguments: list[Aggregate]) -> Aggregate:
        """What a call of a generator function gives, made by the caller as `ruff_new_generator` would."""
        emitter = self.emitter
        size = emitter.number(_GENERATOR.byte_size + 16 * chunk.register_count)
        cell, _ = emitter.inline(as_low(allocate), [emitter.vm, size, emitter.number(GENERATOR)])
        assert isinstance(cell, Word)
        generator = Word(_GENERATOR, cell.text)
        result = value(GENERATOR, emitter.define(I64, f"ptrtoint ptr {cell.text} to i64"))
        fields = {
            "aux": constant_word(U32, chunk.parameter_count - chunk.has_receiver), "function": closure,
            "index": emitter.number(START), "register_count": emitter.number(chunk.register_count),
        }  # fmt: skip
        for name, word in fields.items():
            emitter.store(generator, _GENERATOR.fields[name].offset, word)
        holder = decode(chunk.code)[0].a
        for number, item in [*enumerate(arguments), (holder, result)]:
            emitter.store(generator, _GENERATOR.fields["registers"].offset + 16 * number, item)
        return result

    def start_task(self, item: Instruction) -> None:
        """Runs the body as a task and returns its promise: for callers that do not do so themselves."""
        emitter = self.emitter
        self._spill_arguments()
        arguments = [emitter.vm, emitter.registers, emitter.depth, emitter.number(item.next)]
        emitter.return_value(emitter.call_runtime("ruff_call_async", arguments))

    def call_async(self, frame: Word, depth: Word, arguments: list[Aggregate]) -> Aggregate:
        """What a call of an async function gives, in a frame that has its header: a return less to be mispredicted."""
        emitter = self.emitter
        for number, argument in enumerate(arguments):
            emitter.store(frame, 16 * number, argument)
        return emitter.call_runtime("ruff_call_async", [emitter.vm, frame, depth, emitter.number(START)])

    def _spill_arguments(self) -> None:
        self.translator.spill((1 << self.operations.chunk.parameter_count) - 1)

    def hand_out(self, item: Instruction) -> None:
        """Hands an item out."""
        self.translator.hand_out(item)
