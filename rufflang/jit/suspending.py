"""Opcodes that leave a function in the middle: making generators, handing out their items, starting tasks.

The body of a generator is compiled on its own (`Translator`), with an entry behind each `YIELD`;
that of an async function is interpreted, except its loops.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rufflang.bytecode.flow import Instruction, registers_in
from rufflang.jit.emitter import GENERATOR_FIELDS
from rufflang.lowpy.types import U8, U64, Pointer
from rufflang.lowpy.values import constant_word
from rufflang.runtime.objects import SUSPENDED

if TYPE_CHECKING:
    from rufflang.jit.operations import Operations


class Suspending:
    """Translates these opcodes for an `Operations`."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter

    def make_generator(self, item: Instruction) -> None:
        """Puts the arguments away and returns the generator."""
        emitter = self.emitter
        self._publish_arguments()
        arguments = [emitter.vm, emitter.registers, emitter.number(item.a), emitter.number(item.next)]
        emitter.return_value(emitter.call_runtime("ruff_new_generator", arguments))

    def start_task(self, item: Instruction) -> None:
        """Runs the body as a task and returns its promise."""
        emitter = self.emitter
        self._publish_arguments()
        arguments = [emitter.vm, emitter.registers, emitter.number(item.next)]
        result = emitter.call_runtime("ruff_start_async", arguments)
        self.translator.check_error(item, result)
        emitter.return_value(result)

    def _publish_arguments(self) -> None:
        self.translator.spill((1 << self.operations.chunk.parameter_count) - 1)
        self.emitter.publish()

    def hand_out(self, item: Instruction) -> None:
        """Hands an item out and keeps the registers wanted later in the generator.

        In a loop that was compiled on its own the interpreter does that, and comes back with the next round.
        """
        translator, emitter, operations = self.translator, self.emitter, self.operations
        if not translator.request.resumes:
            translator.leave("ruff_leave", item.pc, translator.environment)
            return
        result = operations.register(item.a)
        for number in registers_in(translator.flow.all_blocks[item.next].live_in):
            place = GENERATOR_FIELDS["registers"].offset + 16 * number
            emitter.store(emitter.generator, place, operations.register(number))
        code = operations.proto_field(operations.own_proto(), "code", Pointer(U64))
        emitter.store(emitter.generator, GENERATOR_FIELDS["code"].offset, emitter.address(code, 8 * item.next))
        emitter.store(emitter.generator, GENERATOR_FIELDS["flags"].offset, constant_word(U8, SUSPENDED))
        emitter.return_value(result)
