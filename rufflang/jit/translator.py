"""Translates a chunk's bytecode to LLVM text.

The walk goes once over the blocks in code order, with an environment that says for each
register which SSA value it holds; known tags need no storage at all.  Types follow from
replaying the opcodes' own meanings, so there is no table of type rules.  What `loops` assumes at
the head of a loop may turn out wrong at its end; then the walk starts again.
"""

from __future__ import annotations

from rufflang.bytecode.chunk import Handler
from rufflang.bytecode.flow import Block, Flow, Instruction, registers_in
from rufflang.interpreter.departures import (
    DEPARTURE_INDEX,
    DEPARTURE_PLACE,
    FAILED,
    FOR_NO_FAULT,
    NOTED,
    OTHER_KIND,
)
from rufflang.jit.emitter import VM_TYPE, JitEmitter
from rufflang.jit.entering import RESULT, enter_frame, frame_signature, write_frame_entry
from rufflang.jit.exits import Exits, Store
from rufflang.jit.loops import Dropped, Loops
from rufflang.jit.narrowing import Test, of_kind, of_kinds_seen
from rufflang.jit.ownership import Ownership
from rufflang.jit.places import PlaceNotes
from rufflang.jit.request import (
    DIRECT_CONVENTION,
    MAXIMUM_WORDS,
    CannotCompile,
    CompileRequest,
    register_name,
)
from rufflang.jit.unmade import parts_of
from rufflang.jit.words import VALUE, known_tag, value
from rufflang.lowpy.emitter import Edge, Environment
from rufflang.lowpy.module import ModuleText
from rufflang.lowpy.types import F64, I64
from rufflang.lowpy.values import Aggregate, Word, words_of
from rufflang.runtime.values import ERROR, FLOAT, INT, PIECES, STRUCT


class Translator:
    """One attempt after the other at one function or loop."""

    def __init__(self, request: CompileRequest, module: ModuleText) -> None:
        if len(request.words) > MAXIMUM_WORDS:
            raise CannotCompile(f"Function '{request.chunk.name}' is too large to compile ({len(request.words)} words)")
        self.request = request
        self.chunk = request.chunk
        self.module = module
        self.dropped = Dropped()
        self.root = self
        self.callers: tuple[int, ...] = (request.number,)
        self.again = False
        self.flow = Flow(request.chunk, request.words, request.loop or 0, request.loop_end)
        self.emitter = JitEmitter(module)
        self.begin_attempt({})

    path: tuple[int, ...] = ()
    """The places of the calls that were inlined to get to this code."""
    wanted_parts: int | None = None
    """Into how many parts what is returned is taken at once; see `destructuring`."""

    @property
    def is_loop(self) -> bool:
        return self.request.loop is not None

    def translate(self) -> None:
        """Adds the finished code to the module."""
        while True:
            self.emitter = JitEmitter(self.module)
            self.again = False
            self.request.parts.clear()
            self.wanted_parts = (self.request.is_function and self.request.direct.pieces) or None
            self.begin_attempt({})
            self.begin()
            self.walk(self.flow.first, self.flow.end)
            self.dropped.virtual |= self.emitter.virtuals.needed
            if not self.again and not self.emitter.virtuals.needed:
                break
        self.land_exits()
        self.emitter.finish()
        if self.request.is_function:
            write_frame_entry(self.request, self.module)

    def begin_attempt(self, environment: Environment) -> None:
        """Forgets all but what an earlier attempt has shown to be wrong."""
        from rufflang.jit.operations import Operations

        self.environment = environment
        self.edges: dict[int, list[Edge]] = {}
        self.position = -1
        self.exits, self.errors = Exits(self.emitter), Exits(self.emitter)
        self.ownership = Ownership(self)
        self.loops = Loops(self)
        self.places = PlaceNotes(self)
        self.operations = Operations(self)

    # ------------------------------------------------------------------- entering

    def begin(self) -> None:
        emitter = self.emitter
        if self.is_loop:
            emitter.begin(frame_signature(self.request))
            enter_frame(emitter)
        else:
            texts = ["ptr %vm", "ptr %regs", "i64 %depth", "ptr %closure"]
            for index, kind in enumerate(self.request.direct.parameters):
                texts.extend(self._parameter(index, kind))
            name = f'@"{self.request.symbol}.direct"'
            emitter.begin(f"define dso_local {DIRECT_CONVENTION}{RESULT} {name}({', '.join(texts)}) nounwind")
            self._float_bits()
        if self.is_loop:
            self._load_frame()
        self.follow(self.flow.first)

    def _parameter(self, index: int, kind: int | None) -> list[str]:
        """The LLVM parameters of one Ruff parameter; binds its register."""
        name = register_name(index)
        if kind is None:
            tag, payload = Word(I64, f"%t{index}"), Word(I64, f"%a{index}")
            self.environment[name] = value(tag, payload)
            return [f"i64 {tag.text}", f"i64 {payload.text}"]
        if kind == FLOAT:
            number = Word(F64, f"%d{index}")
            self.environment[name] = value(FLOAT, Word(I64, f"%a{index}", None, number))
            return [f"double {number.text}"]
        self.environment[name] = value(kind, Word(I64, f"%a{index}"))
        return [f"i64 %a{index}"]

    def _float_bits(self) -> None:
        """Gives the float parameters their other form, the payload word."""
        for index, kind in enumerate(self.request.direct.parameters):
            if kind == FLOAT:
                self.emitter.line(f"%a{index} = bitcast double %d{index} to i64")

    def _load_frame(self) -> None:
        """Takes a running frame's registers over, checking that they are of the kinds expected."""
        emitter = self.emitter
        wanted = self.flow.all_blocks[self.flow.first].live_in
        for number in registers_in(wanted):
            loaded = emitter.load(VALUE, emitter.registers, 16 * number)
            assert isinstance(loaded, Aggregate)
            kind = self.request.entering_kind(number)
            if kind is not None:
                self._guard_frame(loaded.words[0], kind)
                loaded = value(kind, loaded.words[1])
            self.environment[register_name(number)] = loaded
        for number in self.flow.unit_steps():
            self.environment[register_name(number)] = value(INT, emitter.number(1))

    def _guard_frame(self, tag: Word, kind: int) -> None:
        emitter = self.emitter
        is_expected = emitter.compare("eq", tag, emitter.number(kind))
        emitter.guard(is_expected, lambda: self.leave(FAILED, self.flow.first, {}))

    # --------------------------------------------------------------------- blocks

    def walk(self, start: int, end: int) -> None:
        """Translates the blocks of a part of the code."""
        behind = start
        for pc, block in self.flow.blocks.items():
            if not max(start, behind) <= pc < end:
                continue
            self.position = pc
            self.arrive(pc)
            if self.emitter.block is not None:
                self.places.begin_block(block.instructions[0], pc in self.loops.starts)
            if pc in self.loops.starts:
                self.loops.translate(pc, block)
                behind = self.loops.end_of(pc)
            else:
                self.instructions(block)

    def arrive(self, pc: int) -> None:
        """Begins the block at `pc` with what is known on all ways to it."""
        self.environment, _ = self.emitter.land(self.edges.pop(pc, []), f"pc{pc}_")

    def instructions(self, block: Block) -> None:
        """Translates a block's instructions at the position."""
        emitter = self.emitter
        for index, item in enumerate(block.instructions):
            if emitter.block is None:
                return
            self.ownership.before(item)
            self.places.note(item)
            given = self.ownership.given_by(item)
            self.operations.translate(item, block, index)
            self.ownership.check(item, given)
        if emitter.block is None:
            return
        if block.last.falls_through:
            self.follow(block.last.next)
        else:
            emitter.line("unreachable")
            emitter.block = None

    def follow(self, pc: int) -> None:
        """Ends the block by going on at `pc`, with the registers wanted there."""
        if not self.flow.first <= pc < self.flow.end:
            self.leave(FOR_NO_FAULT, pc, self.environment)
            return
        if pc in self.loops.heads:
            self.loops.jump_back(pc)
            return
        if self.loops.tests.get(pc) in self.loops.heads:
            self.loops.test_again(pc)
            return
        self.places.leave_for(pc)
        wanted = self.flow.all_blocks[pc].live_in
        environment = {
            register_name(number): self.emitter.prepared(self.environment[register_name(number)])
            for number in registers_in(wanted)
            if register_name(number) in self.environment
        }
        self.edges.setdefault(pc, []).append(Edge(self.emitter.leave(), environment))

    # ------------------------------------------------------------- leaving the code

    def spill(self, wanted: int) -> None:
        """Writes registers into the frame."""
        self.operations.options.make(wanted)
        for number in registers_in(wanted):
            item = self.environment.get(register_name(number))
            if item is not None:
                self.emitter.store(self.emitter.registers, 16 * number, item)

    def stores(self, wanted: int, environment: Environment) -> list[Store]:
        """What is to be written into the frame for registers, by code that hardly ever runs and reads no more."""
        stores, emitter = [], self.emitter
        with emitter.virtuals.aside():
            for number in registers_in(wanted):
                item = environment.get(register_name(number))
                if item is not None:
                    for place, word in enumerate(words_of(emitter.real(item))):
                        stores.append(Store(emitter.registers, 16 * number + 8 * place, word))
        return stores

    def leave(
        self, reason: int, pc: int, environment: Environment, place: int = 0, detail: Word | None = None
    ) -> None:
        """Gives control back to the interpreter at `pc`, with the registers it wants there.

        The reason, with its place and detail, is one of `departures`.
        """
        stores = self.stores(self.flow.live_at(pc), environment)
        if detail is not None:
            self.emitter.store(self.emitter.vm, VM_TYPE.fields["departure_detail"].offset, detail)
        self._depart(pc << DEPARTURE_INDEX | place << DEPARTURE_PLACE | reason, self.exits, stores)

    def _depart(self, departure: int, exits: Exits, stores: list[Store]) -> None:
        emitter = self.emitter
        emitter.store(emitter.vm, VM_TYPE.fields["departure"].offset, emitter.number(departure))
        exits.add(stores)

    def land_exits(self) -> None:
        """Writes what the ways out have in common, and the calls that they lead to."""
        emitter = self.emitter
        arguments = [emitter.vm, emitter.registers, emitter.depth]
        if self.exits.land():
            emitter.write_headers()
            self.left(emitter.call_runtime(self.leaving, arguments))
        if self.errors.land():
            emitter.write_headers()
            raised = emitter.call_runtime("ruff_exit_raising", arguments)
            self.fail(raised.words[1] if self.is_loop else emitter.number(0))

    @property
    def leaving(self) -> str:
        """The function of the runtime that takes over."""
        return "ruff_leave" if self.is_loop else "ruff_exit"

    def left(self, result: Aggregate) -> None:
        """Ends the block with what the interpreter has given."""
        self.emitter.return_value(result)

    def hand_out(self, item: Instruction) -> None:
        """YIELD in a loop that was compiled on its own: the interpreter does that, and comes back in the next round."""
        self.leave(FOR_NO_FAULT, item.pc, self.environment)

    def give_back(self, result: Aggregate) -> None:
        """Ends the block by returning to the caller."""
        pieces = parts_of(result)
        if pieces is not None:
            for index, piece in enumerate(pieces.parts):
                self.emitter.store(self.emitter.registers, 16 * index, piece)
            result = value(PIECES, self.emitter.number(0))
        self.emitter.return_value(result)

    def fail(self, address: Word) -> None:
        """Ends the block: the caller has to deal with the error in flight, raised at `address` in a loop."""
        self.emitter.return_value(value(ERROR, address))

    def side_exit(self, pc: int) -> None:
        """Goes on interpreting at `pc` because a speculation failed there."""
        self.leave(FAILED, pc, self.environment)

    def leave_behind(self, item: Instruction, result: Aggregate) -> None:
        """Goes on interpreting behind a call that has not given what the code relies on; its errors are raised."""
        self.check_error(item, result)
        environment = {**self.environment, register_name(item.a): result}
        self.leave(FAILED, item.next, environment)

    def leave_noting(self, pc: int, place: int, bits: int) -> None:
        """As `side_exit`; what the speculation was about is noted in the cache word at `place`."""
        self.leave(NOTED, pc, self.environment, place, self.emitter.number(bits))

    def guard_kind(self, item: Instruction, register: int, result: Aggregate) -> Aggregate:
        """Narrows a result to the kind that the interpreter has seen, with an exit otherwise."""
        kinds = self.request.words[item.next - 1] >> 16 & 0xFFFF
        test = None if known_tag(result) is not None else of_kinds_seen(self.emitter, result, kinds)
        return result if test is None else self._narrow(item, register, result, test)

    def narrow(self, item: Instruction, register: int, result: Aggregate, kind: int) -> Aggregate:
        """Narrows a result to a kind, with an exit otherwise."""
        return self._narrow(item, register, result, of_kind(self.emitter, result, kind))

    def _narrow(self, item: Instruction, register: int, result: Aggregate, test: Test) -> Aggregate:
        is_expected, narrowed = test
        self.emitter.guard(is_expected, lambda: self.unexpected(item, register, result))
        return narrowed

    def unexpected(self, item: Instruction, register: int, result: Aggregate) -> None:
        """A result of another kind than expected: an error, or an exit that notes the kind."""
        self.check_error(item, result)
        environment = {**self.environment, register_name(register): result}
        self.leave(OTHER_KIND, item.next, environment, detail=result.words[0])

    # ----------------------------------------------------------------------- errors

    def check_error(self, item: Instruction, result: Aggregate) -> None:
        """Leaves by the error path when a result says that an error is in flight."""
        tag, emitter = result.words[0], self.emitter
        is_error = emitter.compare("eq", tag, emitter.number(ERROR))
        if is_error.constant is not None:
            return
        failed, fine = emitter.new_label("failed"), emitter.new_label("fine")
        emitter.branch(emitter.unlikely(is_error), failed, fine)
        emitter.start(failed)
        self.raised(item)
        emitter.start(fine)

    def raised(self, item: Instruction) -> None:
        """Ends the block: the instruction has raised."""
        emitter = self.emitter
        handler = self.flow.handler_at(item.pc)
        if handler is not None and self.flow.first <= handler.target < self.flow.end:
            emitter.write_headers()
            arguments = [emitter.vm, emitter.registers, emitter.depth, emitter.number(item.pc)]
            self._caught(handler, emitter.call_runtime("ruff_catch", arguments))
            return
        stores: list[Store] = []
        if self.is_loop:
            for outer in self.chunk.handlers:
                if outer.start <= item.pc < outer.end:
                    stores += self.stores(self.flow.handler_live(outer), self.environment)
        self._depart(item.pc << DEPARTURE_INDEX, self.errors, stores)

    def _caught(self, handler: Handler, error: Aggregate) -> None:
        emitter = self.emitter
        fatal, caught = emitter.new_label("fatal"), emitter.new_label("caught")
        emitter.branch(emitter.compare("eq", error.words[0], emitter.number(ERROR)), fatal, caught)
        emitter.start(fatal)
        self.fail(emitter.number(0))
        emitter.start(caught)
        before = self.environment
        self.environment = {**before, register_name(handler.register): value(STRUCT, error.words[1])}
        self.follow(handler.target)
        self.environment = before

    def landed_raises(self, item: Instruction, raises: list[Edge]) -> None:
        """Joins the error edges of a replayed meaning into the error path."""
        if not raises:
            return
        emitter = self.emitter
        going_on = [] if emitter.block is None else [Edge(emitter.leave(), {})]
        emitter.land(raises, "raised")
        self.raised(item)
        emitter.land(going_on, "on")
