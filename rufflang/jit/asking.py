"""Generators asked for their next item by a `for` loop, or by `next`, in compiled code.

Where the interpreter has met generators only, one is expected.  If its body is compiled, that is called right here, on
top of the frame, as the runtime would do it (`interpreter.generators`); otherwise the runtime is asked to do
it, and always under a fuel limit, where each item is paid for.  The option that `next` gives is not made before it is
needed (`options`).
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction
from rufflang.interpreter.feedback import METHOD_NOT_ONLY_ASKED, NOT_ONLY_ASKED
from rufflang.jit.code import only_asks
from rufflang.jit.words import VALUE, known_tag, value
from rufflang.lowpy.emitter import Edge
from rufflang.lowpy.function import as_low
from rufflang.lowpy.types import BOOL, I64, U8, Pointer, struct_type
from rufflang.lowpy.values import Aggregate, Word, constant_word
from rufflang.runtime.iterators import next_item
from rufflang.runtime.objects import SUSPENDED, FunctionObject, GeneratorObject, Proto
from rufflang.runtime.values import GENERATOR

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.jit.operations import Operations

_GENERATOR = struct_type(GeneratorObject)
_FUNCTION = struct_type(FunctionObject)


class Asking:
    """Calls of generators' bodies, for an `Operations`."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter

    def is_expected(self, item: Instruction, number: int) -> bool:
        """Whether an instruction is expected to ask a generator, which is in a register."""
        if not only_asks(item, self.translator.request.words):
            return False
        return known_tag(self.operations.register(number)) in (GENERATOR, None)

    def next_item(self, item: Instruction) -> Aggregate:
        """What the generator of a loop gives: an item, or UNBOUND or ERROR."""
        return self._given(item, self.operations.register(item.a), NOT_ONLY_ASKED)

    def call_next(self, item: Instruction) -> None:
        """CALL_METHOD of `next`."""
        given = self._given(item, self.operations.register(item.a + 2), METHOD_NOT_ONLY_ASKED)
        self.translator.check_error(item, given)
        self.operations.set_register(item.a, self.emitter.virtuals.option(given))

    def _given(self, item: Instruction, iterable: Aggregate, otherwise: int) -> Aggregate:
        """What a generator gives; where it is none, leaves and notes the bits `otherwise`."""
        emitter, translator = self.emitter, self.translator
        self.operations.calls.depth.allow_calls(item.pc)
        if known_tag(iterable) is None:
            is_generator = emitter.compare("eq", iterable.words[0], emitter.number(GENERATOR))
            emitter.guard(is_generator, lambda: translator.leave_noting(item.pc, item.pc + 1, otherwise))
        edges: list[Edge] = []
        if not translator.request.counts_work:
            other = emitter.new_label("other")
            edges.append(self._ask(iterable.words[1], other))
            emitter.start(other)
        resumed = emitter.call(as_low(next_item), [emitter.vm, value(GENERATOR, iterable.words[1])])
        edges.append(Edge(emitter.leave(), {}, resumed))
        _, given = emitter.land(edges, "given")
        assert isinstance(given, Aggregate)
        return given

    def _ask(self, payload: Word, other: str) -> Edge:
        """The way on which a suspended generator with a compiled body is asked; if it is none, goes to a label."""
        emitter, operations = self.emitter, self.operations
        generator = emitter.define(_GENERATOR, f"inttoptr i64 {payload.text} to ptr")
        state = operations.load_field(generator, GeneratorObject, "flags", U8, constant=False)
        emitter.continue_if(emitter.compare("eq", state, constant_word(U8, SUSPENDED)), other)
        closure = operations.load_field(generator, GeneratorObject, "function", _FUNCTION, constant=False)
        proto = operations.load_field(closure, FunctionObject, "proto", struct_type(Proto))
        body = operations.proto_field(proto, "resume_entry", Pointer(U8), constant=False)
        emitter.continue_if(emitter.define(BOOL, f"icmp ne ptr {body.text}, null"), other)
        emitter.write_headers()
        above = self.translator.chunk.register_count
        emitter.write_header(emitter.registers, above, closure)
        depth = emitter.arithmetic(I64, "add", emitter.depth, emitter.number(1))
        words: list[Word] = [emitter.vm, emitter.register_place(above + 2), generator, depth, closure]
        given = emitter.call_symbol(body.text, VALUE, words)
        return Edge(emitter.leave(), {}, given)
