"""Bodies of generators: code that computes the next item.

It is entered behind the `YIELD` where the generator was left, takes the registers that are wanted there out of the
generator, and puts those that will be wanted later back when it hands an item out; there is no frame
to copy.  How it is called, and what it gives, is told in `interpreter.generators`.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Block, Instruction, registers_in
from rufflang.jit.code import calls_between, only_asks, resume_points
from rufflang.jit.entering import RESULT
from rufflang.jit.exits import Store
from rufflang.jit.loop_heads import LoopHead
from rufflang.jit.loops import Loops
from rufflang.jit.request import register_name, single_kind
from rufflang.jit.translator import Translator
from rufflang.jit.words import VALUE, value
from rufflang.lowpy.emitter import Edge, Environment
from rufflang.lowpy.types import I64, U8, struct_type
from rufflang.lowpy.values import Aggregate, SsaValue, Word, constant_word, words_of
from rufflang.records import Record
from rufflang.runtime.objects import EXHAUSTED, RUNNING, SUSPENDED, GeneratorObject
from rufflang.runtime.values import ERROR, GENERATOR, UNBOUND

_GENERATOR = struct_type(GeneratorObject)
_FIELDS = _GENERATOR.fields
_OWN = Word(_GENERATOR, "%generator")
"""The generator that the body belongs to."""


class Kept(Record):
    """Among what is established: the generator holds in a register the value whose words have these names."""

    register: int
    tag: str
    payload: str


class GeneratorTranslator(Translator):
    """Translates the body of a generator.  What the generator holds already (`Kept`) is not put back."""

    def begin_attempt(self, environment: Environment) -> None:
        super().begin_attempt(environment)
        self.loops = GeneratorLoops(self)

    def begin(self) -> None:
        """Goes on where the generator was suspended."""
        emitter = self.emitter
        emitter.begin(
            f'define {RESULT} @"{self.request.symbol}"'
            "(ptr %vm, ptr %regs, ptr %generator, i64 %depth, ptr %closure) nounwind"
        )
        self._become(RUNNING)
        index = emitter.load(I64, _OWN, _FIELDS["index"].offset)
        assert isinstance(index, Word)
        points = [(pc, emitter.new_label(f"resume{pc}_")) for pc in resume_points(self.flow)]
        failed = emitter.new_label("failed")
        emitter.switch(index, points, failed)
        for pc, label in points:
            emitter.start(label)
            self._take_registers(pc, failed)
            if calls_between(self.flow, self.request.words, self.flow.first, self.flow.end):
                # Whoever asks for this item may be deeper in calls than whoever asked for the last one.
                self.operations.calls.depth.allow_calls(pc)
            self.follow(pc)
        emitter.start(failed)
        arguments = [emitter.vm, emitter.registers, _OWN, emitter.depth]
        emitter.return_value(emitter.call_runtime("ruff_resume_failed", arguments))

    @property
    def holder(self) -> int:
        """The register that holds the generator itself."""
        return self.flow.instructions[0].a

    def _take_registers(self, pc: int, failed: str) -> None:
        """Takes the registers wanted at `pc` out of the generator, checking that they are of the kinds seen so far."""
        emitter = self.emitter
        payload = emitter.define(I64, f"ptrtoint ptr {_OWN.text} to i64")
        self.environment = {register_name(self.holder): value(GENERATOR, payload)}
        for number in registers_in(self.flow.all_blocks[pc].live_in & ~(1 << self.holder)):
            loaded = self._load(number)
            kind = single_kind(self.request.parameter_kinds[number])
            if kind is not None:
                emitter.continue_if(emitter.compare("eq", loaded.words[0], emitter.number(kind)), failed)
                loaded = value(kind, loaded.words[1])
            self.environment[register_name(number)] = loaded
            self.keep(number, loaded)

    def _load(self, number: int) -> Aggregate:
        """A register as the generator holds it."""
        loaded = self.emitter.load(VALUE, _OWN, _FIELDS["registers"].offset + 16 * number)
        assert isinstance(loaded, Aggregate)
        return loaded

    def put_back(self, number: int) -> None:
        """Has the generator hold a register as it is."""
        current = self.operations.register(number)
        if not self.is_kept(number):
            self.emitter.store(_OWN, _FIELDS["registers"].offset + 16 * number, current)
            self.forget(1 << number)
            self.keep(number, current)

    def forget(self, numbers: int) -> None:
        """Does no longer rely on what the generator holds in some registers."""
        emitter = self.emitter
        emitter.established = frozenset(
            fact for fact in emitter.established if not (isinstance(fact, Kept) and numbers >> fact.register & 1)
        )

    def keep(self, number: int, item: SsaValue) -> None:
        """Notes that the generator holds a value in a register."""
        tag, payload = words_of(item)
        self.emitter.established |= {Kept(number, tag.text, payload.text)}

    def is_kept(self, number: int, edge: Edge | None = None, environment: Environment | None = None) -> bool:
        """Whether the generator holds a register as it is here, or on an edge, or in an environment."""
        if environment is None:
            environment = self.environment if edge is None else edge.environment
        established = self.emitter.established if edge is None else self.emitter.established_on(edge)
        item = environment.get(register_name(number))
        return item is not None and Kept(number, *(word.text for word in words_of(item))) in established

    def arrive(self, pc: int) -> None:
        edges = self.edges.get(pc, [])
        live = registers_in(self.flow.all_blocks[pc].live_in)
        kept = [number for number in live if all(self.is_kept(number, edge) for edge in edges)]
        super().arrive(pc)
        for number in kept if edges else ():
            self.keep(number, self.environment[register_name(number)])

    def follow(self, pc: int) -> None:
        if pc <= self.position and self.loops.tests.get(pc, pc) not in self.loops.heads:
            # The generator goes on inside a loop whose head nothing else leads to.
            self.side_exit(pc)
            return
        super().follow(pc)

    # ------------------------------------------------------------- leaving the code

    def hand_out(self, item: Instruction) -> None:
        emitter, operations = self.emitter, self.operations
        result = operations.register(item.a)
        for number in registers_in(self.flow.all_blocks[item.next].live_in & ~(1 << self.holder)):
            self.put_back(number)
        emitter.store(_OWN, _FIELDS["index"].offset, emitter.number(item.next))
        self._become(SUSPENDED)
        emitter.return_value(result)

    def spill(self, wanted: int) -> None:
        self.operations.options.make(wanted)
        before, self.environment = self.environment, self._with_kept(wanted, self.environment)
        super().spill(wanted)
        self.environment = before

    def stores(self, wanted: int, environment: Environment) -> list[Store]:
        return super().stores(wanted, self._with_kept(wanted, environment))

    def _with_kept(self, wanted: int, environment: Environment) -> Environment:
        """Takes what the generator holds from there, so that nobody else has to hold it until here."""
        kept = [number for number in registers_in(wanted) if self.is_kept(number, environment=environment)]
        return {**environment, **{register_name(number): self._load(number) for number in kept}}

    def give_back(self, result: Aggregate) -> None:
        self._finish(UNBOUND)

    def fail(self, address: Word) -> None:
        self._finish(ERROR)

    def left(self, result: Aggregate) -> None:
        self.emitter.return_value(self.emitter.call_runtime("ruff_interpreted", [_OWN, *result.words]))

    def _finish(self, tag: int) -> None:
        """Ends the block: there are no more items."""
        emitter = self.emitter
        emitter.store(_OWN, _FIELDS["register_count"].offset, emitter.number(0))
        self._become(EXHAUSTED)
        emitter.return_value(value(tag, emitter.number(0)))

    def _become(self, state: int) -> None:
        self.emitter.store(_OWN, _FIELDS["flags"].offset, constant_word(U8, state))


class GeneratorLoops(Loops):
    """Loops that a generator may be left in, and entered again."""

    def __init__(self, translator: GeneratorTranslator) -> None:
        super().__init__(translator)
        self.translator: GeneratorTranslator = translator
        self._kept: dict[int, list[int]] = {}

    def find_tests(self) -> dict[int, int]:
        return {}

    def written(self, start: int, block: Block) -> list[int]:
        return []

    def is_entered_inside(self, start: int) -> bool:
        return self.flow.yields_between(self.starts[start], self.end_of(start))

    def changed(self, start: int, block: Block) -> int:
        if self.is_entered_inside(start):
            # Going on inside the loop, the generator's registers are taken out of it anew.
            return block.live_in
        return super().changed(start, block)

    def open(self, start: int, block: Block, otherwise: LoopHead | None) -> None:
        """Begins the head; what the generator holds then, it is assumed to hold in each round.

        What a loop that hands items out never changes is given to the generator before.
        """
        translator = self.translator
        first, end = self.starts[start], self.end_of(start)
        written, live = self._written_between(first, end), block.live_in & ~(1 << translator.holder)
        if self.flow.yields_between(first, end):
            for number in registers_in(live & ~written):
                translator.put_back(number)
        kept = [number for number in registers_in(live) if translator.is_kept(number)]
        super().open(start, block, otherwise)
        translator.forget(written)
        self._kept[start] = [number for number in kept if (self.path, start, number) not in self.dropped.kept]
        for number in self._kept[start]:
            translator.keep(number, translator.environment[register_name(number)])

    def _written_between(self, first: int, end: int) -> int:
        """Registers that the code may change; the position of a loop over a generator stays what it is."""
        written = self.flow.written_between(first, end, {"FOR_NEXT"})
        for pc, item in self.flow.instructions.items():
            if first <= pc < end and item.name == "FOR_NEXT":
                asks = only_asks(item, self.translator.request.words)
                written |= self.flow.effects[pc].writes & ~(2 << item.a if asks else 0)
        return written

    def jump_back(self, start: int) -> None:
        translator = self.translator
        for number in self._kept.get(start, []):
            if not translator.is_kept(number):
                self.dropped.kept.add((self.path, start, number))
                translator.again = True
        super().jump_back(start)
