"""Jumps backwards: where compiled code looks whether the program is to stop.

`VM.interrupt` is not 0 when there is a reason, and the interpreter, which goes on then, deals with it.
A loop looks at it in every round, or, where a round has called nothing in the runtime and passed through no other
loop, once in a strip of rounds (`loop_heads.py`).  Which of these it is shows at the jump back and, where
the test of the loop comes behind that, once more after the test.

Under a fuel limit each round pays, and in a profiled run each may be sampled.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction
from rufflang.interpreter.control import LOOP_NUMBER
from rufflang.interpreter.departures import FOR_NO_FAULT
from rufflang.interpreter.loops import Iteration
from rufflang.jit.emitter import VM_TYPE
from rufflang.jit.loop_heads import STRIP_ROUNDS, Limit, LoopHead
from rufflang.jit.request import register_name
from rufflang.lowpy.types import I64, U8, Pointer, record_type, struct_type
from rufflang.lowpy.values import Aggregate, Word, words_of
from rufflang.records import Record
from rufflang.runtime.objects import FunctionObject, Proto
from rufflang.runtime.values import INT
from rufflang.runtime.vm import STOP_FUEL

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.jit.translator import Translator

_ENTRIES = Pointer(Pointer(U8))


class Looked(Record):
    """Among what is established: after the present round of a loop there has been a look."""

    head: str


class Polling:
    """Writes the safepoints for one attempt at a translation."""

    def __init__(self, translator: Translator) -> None:
        self.translator = translator
        self.emitter = translator.emitter

    def jump_back(self, item: Instruction) -> None:
        """LOOP: looks for reasons to stop, unless that can wait, then goes on in the next round."""
        emitter, translator = self.emitter, self.translator
        assert item.target is not None
        head = translator.loops.head_of(item.target)
        in_each_round = translator.request.counts_work or translator.places.are_wanted
        if head is None or in_each_round or not emitter.is_quiet(head.inner.label):
            self.look(item.pc)
            if head is not None:
                emitter.end_quiet(head.inner.label)
                emitter.established |= {Looked(head.inner.label)}
        translator.follow(item.target)

    def test_in_strip(self, head: LoopHead, limit: Limit, test: Instruction) -> None:
        """Goes on with the next round of a strip; where the strip is over, there is more to test, and then a look."""
        emitter, translator = self.emitter, self.translator
        counter = words_of(translator.environment[register_name(limit.counter)])[1]
        over, more = emitter.new_label("over"), emitter.new_label("more")
        following = emitter.define(I64, f"add nsw i64 {counter.text}, 1")
        emitter.branch(emitter.unlikely(emitter.compare("eq", counter, limit.end)), over, more)
        emitter.start(more)
        step = Aggregate(record_type(Iteration), (emitter.number(INT), counter, following))
        translator.operations.iterating.take_item(test, step)
        emitter.start(over)
        emitter.end_quiet(head.inner.label)

    def begin_round(self, head: LoopHead, start: int) -> None:
        """Ends the block with the next round of a loop, whose test is passed, after a look if it is time for one."""
        if Looked(head.inner.label) in self.emitter.established:
            self.translator.loops.go_to(head, head.outer, start)
        elif not self.emitter.is_quiet(head.inner.label):
            self._begin_strip(head, start)
        elif head.strips.limit is not None:
            self.translator.loops.go_to(head, head.inner, start)
        else:
            self._count(head, start)

    def _count(self, head: LoopHead, start: int) -> None:
        """Ends the block with the next round, before which there is a look if enough have passed."""
        emitter, loops = self.emitter, self.translator.loops
        left = emitter.arithmetic(I64, "sub", head.strips.left, emitter.number(1))
        over, more = emitter.new_label("over"), emitter.new_label("more")
        before = emitter.block
        emitter.branch(emitter.unlikely(emitter.compare("eq", left, emitter.number(0))), over, more)
        emitter.start(over)
        if head.strips.are_loops:
            self._begin_strip(head, start)
            emitter.start(more)
            loops.go_to(head, head.inner, start, left)
            return
        self.look(start)
        looked = emitter.block
        emitter.jump(more)
        emitter.start(more)
        assert before is not None and looked is not None
        counted = emitter.phi([(left, before), (emitter.number(STRIP_ROUNDS), looked)])
        assert isinstance(counted, Word)
        loops.go_to(head, head.outer, start, counted)

    def _begin_strip(self, head: LoopHead, start: int) -> None:
        self.look(start)
        self.translator.loops.go_to(head, head.outer, start)

    def look(self, pc: int) -> None:
        """Leaves for the interpreter, which goes on at `pc`, if there is a reason to."""
        emitter, translator = self.emitter, self.translator
        place = emitter.address(emitter.vm, VM_TYPE.fields["interrupt"].offset)
        request = emitter.define(I64, f"load volatile i64, ptr {place.text}")
        nothing = STOP_FUEL if translator.request.counts_work else 0
        stop, go = emitter.new_label("stop"), emitter.new_label("go")
        asked = emitter.new_label("asked") if translator.places.are_wanted else stop
        emitter.branch(emitter.unlikely(emitter.compare("ne", request, emitter.number(nothing))), asked, go)
        if asked != stop:
            emitter.start(asked)
            translator.places.answer_request(stop, go)
        emitter.start(stop)
        translator.leave(FOR_NO_FAULT, pc, translator.environment)
        emitter.start(go)
        if translator.request.counts_work:
            self._pay(stop)
        if translator.is_loop and translator.root.request.is_quick:
            self._look_for_better_code(stop)

    def _look_for_better_code(self, stop: str) -> None:
        """Leaves a loop when the code in its place is no longer this; functions come to better code by their calls."""
        emitter, request = self.emitter, self.translator.root.request
        operations = self.translator.operations
        proto = operations.load_field(emitter.closure, FunctionObject, "proto", struct_type(Proto))
        entries = operations.proto_field(proto, "loop_entries", _ENTRIES)
        place = emitter.address(entries, 8 * (self._loop_number() - 1))
        current = emitter.define(I64, f"load volatile i64, ptr {place.text}")
        own = emitter.define(I64, f'ptrtoint ptr @"{request.symbol}" to i64')
        same = emitter.new_label("same")
        emitter.branch(emitter.unlikely(emitter.compare("ne", current, own)), stop, same)
        emitter.start(same)

    def _loop_number(self) -> int:
        """The number of the loop that is compiled, among those of its chunk, from 1."""
        request = self.translator.root.request
        assert request.loop_end is not None
        return (request.words[request.loop_end - 1] & LOOP_NUMBER) >> 32

    def _pay(self, stop: str) -> None:
        """Takes a unit of fuel; when there is none, leaves without, since the interpreter will ask for it."""
        emitter = self.emitter
        offset = VM_TYPE.fields["fuel"].offset
        fuel = emitter.load(I64, emitter.vm, offset)
        assert isinstance(fuel, Word)
        paid = emitter.new_label("paid")
        emitter.branch(emitter.unlikely(emitter.compare("slt", fuel, emitter.number(1))), stop, paid)
        emitter.start(paid)
        emitter.store(emitter.vm, offset, emitter.arithmetic(I64, "sub", fuel, emitter.number(1)))
