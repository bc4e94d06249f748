"""Loops: what is assumed at their heads, and in how many forms their bodies are translated.

At the head of a loop each register changed in it is assumed to keep the kind that it enters with, and a container
the one holder that it enters with.  Where the walk finds otherwise, the assumption is dropped, and the
translation starts again.

A loop is entered through its test: where its first block only decides whether there is another round, that
block is translated before the loop and again at its end, and the loop's head is the body behind it.  What is done
first in a round is then done whenever the loop is entered, so that LLVM may do it once, before.

A loop that writes elements of an array is translated twice.  The first form may find the array's mark set, and clones
it or, where clones have been rare, leaves.  The second has no such test: it is entered, before any
round, when no array that is written has the mark.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Block, Flow, registers_in
from rufflang.jit.code import calls_between, may_call
from rufflang.jit.hoisting import Hoisting
from rufflang.jit.loop_heads import STRIP_ROUNDS, Beginning, Limit, LoopHead, Strips
from rufflang.jit.ownership import forgotten, owned
from rufflang.jit.request import register_name
from rufflang.jit.room import Room
from rufflang.jit.unmade import VirtualWord, virtual_of
from rufflang.jit.virtual_rounds import VirtualRounds
from rufflang.jit.words import LoopPlace, OwnedWord, is_number, known_tag, number_tag, value
from rufflang.lowpy.emitter import Environment
from rufflang.lowpy.types import I64, U8
from rufflang.lowpy.values import Aggregate, Word, words_of
from rufflang.runtime.values import ARRAY, FLOAT, INT

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from rufflang.jit.translator import Translator

LONGEST_TEST = 8
"""Instructions of a loop's first block that may be translated twice."""
LONGEST_TWICE = 120
"""Code words of a loop that may be translated in two forms."""
LONGEST_IN_STRIPS = 12
"""Instructions of a loop that is written as strips of rounds: in longer ones counting is not felt."""

_WAITING = {"YIELD", "AWAIT"}
_LEAVING = {"RETURN", "RETURN_NULL"}


class Dropped:
    """Assumptions that turned out wrong; they outlive an attempt."""

    def __init__(self) -> None:
        self.kinds: set[LoopPlace] = set()
        self.numbers: set[LoopPlace] = set()
        """Where what enters as an int or float does not even stay one of them."""
        self.holders: set[LoopPlace] = set()
        self.kept: set[LoopPlace] = set()
        self.parts: set[tuple[tuple[int, ...], int]] = set()
        """Calls, each with those that were inlined to get there, that do not always give what is taken apart."""
        self.rows: set[tuple[tuple[int, ...], int]] = set()
        """Loops in which a row may change how it is stored."""
        self.virtual: set[LoopPlace] = set()
        """Where a virtual container cannot stay one."""
        self.real: dict[LoopPlace, VirtualWord] = {}
        """Where a container need not be a real one: after a round it is virtual, and like that."""


class Loops:
    """The loops of one attempt at a translation."""

    def __init__(self, translator: Translator) -> None:
        self.translator = translator
        self.emitter = translator.emitter
        self.flow = translator.flow
        self.dropped = translator.dropped
        self.path = translator.path
        self.tests = self.find_tests()
        self.starts = {self.tests.get(head, head): head for head in self.flow.loop_ends}
        """The first block of each loop's body, with the one that backward jumps name."""
        self.heads: dict[int, LoopHead] = {}
        """The loops that the position is in."""
        self.hoisting = Hoisting(self)
        self.room = Room(self)
        self.virtual = VirtualRounds(self)

    def find_tests(self) -> dict[int, int]:
        """Loops that are entered through their test, with the block behind it."""
        return _tests(self.flow, self.translator.request.words)

    def end_of(self, start: int) -> int:
        """Where a loop is over, given the first block of its body."""
        return self.flow.loop_ends[self.starts[start]]

    # ---------------------------------------------------------------------- walking

    def translate(self, start: int, block: Block) -> None:
        """Translates a loop, at whose first block the position is."""
        emitter, translator = self.emitter, self.translator
        written = [] if emitter.block is None else self.written(start, block)
        if emitter.block is not None:
            if calls_between(self.flow, translator.request.words, self.starts[start], self.end_of(start)):
                translator.operations.calls.depth.allow_calls(start)
            self.open(start, block, None)
        if written:
            environment = dict(translator.environment)
            several, single = emitter.new_label("several"), emitter.new_label("single")
            self._branch_on_marks(written, several, single)
            emitter.start(several)
            self._body(start, block)
            emitter.start(single)
            translator.environment = environment
            translator.places.begin_again(start)
            for number in written:
                current = environment[register_name(number)]
                assert isinstance(current, Aggregate)
                environment[register_name(number)] = owned(current)
            self.open(start, block, self.heads[start])
        self._body(start, block)
        self._complete(self.heads.pop(start, None))
        self.emitter.virtuals.loops.discard((self.path, start))
        self.hoisting.close(start)

    def _complete(self, head: LoopHead | None) -> None:
        while head is not None:
            head.complete(self.emitter.lines)
            head = head.otherwise

    def _body(self, start: int, block: Block) -> None:
        self.translator.position = start
        self.translator.instructions(block)
        self.translator.walk(block.last.next, self.end_of(start))

    def written(self, start: int, block: Block) -> list[int]:
        """Registers with arrays for whose sake the loop is worth two forms."""
        first, end = self.starts[start], self.end_of(start)
        if end - first > LONGEST_TWICE:
            return []
        ownership, environment = self.translator.ownership, self.translator.environment
        inner = [(head, last) for head, last in self.flow.loop_ends.items() if first < head < end]
        numbers = [
            number for number in ownership.written_in(first, end, inner)
            if block.live_in >> number & 1 and not ownership.is_owned(number)
        ]  # fmt: skip
        found = {number: environment.get(register_name(number)) for number in numbers}
        return [
            number for number, current in found.items()
            if current is not None and (self.path, start, number) not in self.dropped.kinds
            and known_tag(current) == ARRAY and virtual_of(current) is None
        ]  # fmt: skip

    def _branch_on_marks(self, written: list[int], several: str, single: str) -> None:
        emitter = self.emitter
        marks: Word | None = None
        for number in written:
            written_to = self.translator.environment[register_name(number)]
            assert isinstance(written_to, Aggregate)
            mark = emitter.mark_of(written_to)
            marks = mark if marks is None else emitter.arithmetic(U8, "or", marks, mark)
        assert marks is not None
        emitter.branch(emitter.compare("ne", marks, Word(U8, "0", 0)), several, single)

    # ------------------------------------------------------------------------ heads

    def open(self, start: int, block: Block, otherwise: LoopHead | None) -> None:
        """Begins the head of a loop, with a value of its own for each register that changes in it."""
        emitter = self.emitter
        environment = {name: emitter.prepared(item) for name, item in self.translator.environment.items()}
        self.translator.environment = environment
        self.virtual.open(start, block.live_in)
        if otherwise is None and self.starts[start] != start:
            self.room.make(start)
        self._hold(start, block, environment, otherwise)
        changed = self.changed(start, block)
        self.virtual.enter(start, block.live_in & ~changed)
        for number in registers_in(block.live_in & ~changed):
            name = register_name(number)
            if name in environment:
                environment[name] = emitter.readable(environment[name])
        if self.starts[start] != start:
            self.hoisting.open(start)
        head = self._head(start, otherwise)
        counter = head.strips.counter
        if counter is not None:
            changed &= ~(1 << counter + 3)
        for number in registers_in(changed):
            name = register_name(number)
            current = environment.get(name)
            if current is None:
                continue
            tag = known_tag(current)
            virtual = virtual_of(current)
            if virtual is not None:
                environment[name] = self.virtual.begin(head, start, number, virtual)
                continue
            if tag is None or (self.path, start, number) in self.dropped.kinds:
                parts = [head.add(number, part, emitter.fresh(), word)
                         for part, word in zip(("tag", "payload"), words_of(current), strict=True)]  # fmt: skip
                if is_number(current) and (self.path, start, number) not in self.dropped.numbers:
                    head.numbers.add(number)
                    parts[0] = number_tag(parts[0])
                environment[name] = value(parts[0], parts[1])
                continue
            head.assumed[number] = tag
            if tag == FLOAT:
                assert isinstance(current, Aggregate)
                number_word = head.add(number, "double", emitter.fresh(), emitter.double_of(current))
                environment[name] = emitter.from_double(number_word)
            else:
                later = value(tag, head.add(number, "payload", emitter.fresh(), words_of(current)[1]))
                environment[name] = owned(later) if isinstance(words_of(current)[1], OwnedWord) else later
        if counter is not None:
            self._take_item(counter, environment)
        self.translator.environment = environment
        head.owned = [number for number in registers_in(block.live_in) if self.translator.ownership.is_owned(number)]
        head.lasting = {
            number: words_of(environment[register_name(number)])[1].text
            for number in head.owned if not changed >> number & 1
        }  # fmt: skip
        self.heads[start] = head

    def _head(self, start: int, otherwise: LoopHead | None) -> LoopHead:
        """Opens the head's block."""
        emitter = self.emitter
        entry, outer, label = emitter.block, emitter.new_label(f"loop{start}_"), emitter.new_label(f"round{start}_")
        assert entry is not None
        emitter.jump(outer)
        emitter.start(outer)
        emitter.jump(label)
        emitter.start_loop(label)
        inner_line = len(emitter.lines) - 1
        beginnings = Beginning(outer, inner_line - 2), Beginning(label, inner_line)
        return LoopHead(entry, *beginnings, self._strips(start), otherwise=otherwise)

    def _strips(self, start: int) -> Strips:
        """How a loop whose head is being opened will know when to look whether to stop."""
        left = Word(I64, self.emitter.fresh("left"))
        if not self._has_strips(start):
            return Strips(left, False)
        counter = self._counter(start)
        return Strips(left, True, counter, None if counter is None else self._limit(counter))

    def _has_strips(self, start: int) -> bool:
        """Whether a loop is so short that it is felt when rounds are counted, and likely to have many rounds."""
        first, end = self.starts[start], self.end_of(start)
        code = [item for pc, item in self.flow.instructions.items() if first <= pc < end]
        if len(code) > LONGEST_IN_STRIPS or any(item.name in _LEAVING for item in code):
            return False
        return not calls_between(self.flow, self.translator.request.words, first, end)

    def _counter(self, start: int) -> int | None:
        """The register with what follows the item of this round, if a range counts the rounds by ones."""
        test = self.flow.blocks[self.starts[start]].instructions[0]
        if test.name != "RANGE_NEXT" or self.starts[start] == start:
            return None
        known = [self.translator.environment.get(register_name(test.a + place)) for place in range(3)]
        step = known[2]
        return test.a if None not in known and step is not None and words_of(step)[1].constant == 1 else None

    def _limit(self, counter: int) -> Limit | None:
        """What ends strips of a range with a known end: LLVM then knows how many rounds there are."""
        stop = words_of(self.translator.environment[register_name(counter + 1)])[1]
        if stop.constant is None:
            return None
        self.emitter.module.declare("llvm.umin.i64", "declare i64 @llvm.umin.i64(i64, i64)")
        return Limit(counter, stop, Word(I64, self.emitter.fresh("end")))

    def _take_item(self, counter: int, environment: Environment) -> None:
        """Has the item of a round follow from the counter, and tells LLVM what it does not see in a loop of strips."""
        emitter, name = self.emitter, register_name(counter + 3)
        first = environment.get(name)
        if first is None:
            return
        following = words_of(environment[register_name(counter)])[1]
        item = emitter.define(I64, f"add nsw i64 {following.text}, -1")
        environment[name] = value(INT, item)
        if words_of(first)[1].constant is not None:
            emitter.module.declare("llvm.assume", "declare void @llvm.assume(i1)")
            emitter.line(f"call void @llvm.assume(i1 {emitter.compare('sge', item, words_of(first)[1]).text})")

    def head_of(self, target: int) -> LoopHead | None:
        """The loop, among those the position is in, that a backward jump to `target` goes on with."""
        return self.heads.get(self.tests.get(target, target))

    def _hold(self, start: int, block: Block, environment: Environment, otherwise: LoopHead | None) -> None:
        """Drops what is known about holders where a round may end that."""
        for number in registers_in(block.live_in) if otherwise is None else ():
            name = register_name(number)
            if name in environment and {(self.path, start, number)} & (self.dropped.holders | self.dropped.kinds):
                environment[name] = forgotten(environment[name])

    def is_entered_inside(self, start: int) -> bool:
        """Whether there are ways into a loop that do not lead past its head."""
        return False

    def changed(self, start: int, block: Block) -> int:
        """Registers that have a value of their own in each round."""
        first, end = self.starts[start], self.end_of(start)
        changed = self.flow.written_between(first, end) & block.live_in
        really = self.flow.written_between(first, end, {"OWN"})
        changed |= self.virtual.written(first, end) & block.live_in
        for number in registers_in(changed & ~really):
            # OWN changes nothing where there is a single holder.
            if self.translator.ownership.is_owned(number):
                changed &= ~(1 << number)
        return changed

    # ------------------------------------------------------------------ backward jumps

    def jump_back(self, start: int) -> None:
        """Ends the block with a jump to the head of a loop."""
        self.translator.places.jump_back(start)
        head = self.heads[start]
        self.virtual.end(head, start)
        is_owned = self.translator.ownership.is_owned
        if head.otherwise is not None and not all(map(is_owned, head.owned)):
            head = head.otherwise
        for number in head.owned:
            current = words_of(self.translator.environment[register_name(number)])[1].text
            if not is_owned(number) or head.lasting.get(number, current) != current:
                self.dropped.holders.add((self.path, start, number))
                self.translator.root.again = True
        if head is self.heads[start]:
            self.translator.operations.polling.begin_round(head, start)
        else:
            self.go_to(head, head.outer, start)

    def go_to(self, head: LoopHead, beginning: Beginning, start: int, left: Word | None = None) -> None:
        """Ends the block with a jump to one of the places where rounds of a loop begin."""
        emitter, environment = self.emitter, self.translator.environment
        words: list[str] = []
        for item in head.changing:
            current = self.virtual.part(head, item, environment[register_name(item.number)])
            if current is None:
                words.append("0.0" if item.part == "double" else "0")
                continue
            assumed = None if item.slots else head.assumed.get(item.number)
            if assumed is not None and known_tag(current) != assumed:
                self.dropped.kinds.add((self.path, start, item.number))
                self.translator.root.again = True
                words.append("0.0" if item.part == "double" else "0")
                continue
            if not item.slots and item.number in head.numbers and not is_number(current):
                self.dropped.numbers.add((self.path, start, item.number))
                self.translator.root.again = True
            if item.part == "double":
                assert isinstance(current, Aggregate)
                words.append(emitter.double_of(current).text)
            else:
                words.append(words_of(current)[0 if item.part == "tag" else 1].text)
        assert emitter.block is not None
        words.append(str(STRIP_ROUNDS) if left is None else left.text)
        beginning.jumps.append((emitter.block, words))
        emitter.jump(beginning.label)

    def test_again(self, head: int) -> None:
        """Ends the block with a loop's test, which leads into the next round or out of the loop."""
        translator = self.translator
        before = translator.environment
        translator.environment = dict(before)
        loop = self.heads[self.tests[head]]
        if loop.strips.limit is not None and self.emitter.is_quiet(loop.inner.label):
            translator.operations.polling.test_in_strip(loop, loop.strips.limit, self.flow.blocks[head].last)
            translator.environment = dict(before)
        translator.instructions(self.flow.blocks[head])
        translator.environment = before


def _tests(flow: Flow, words: Sequence[int]) -> dict[int, int]:
    """Loops whose first block only decides whether there is another round, with the block behind it."""
    sources: dict[int, int] = {}
    for block in flow.all_blocks.values():
        for following in block.successors:
            sources[following] = sources.get(following, 0) + 1
    tests: dict[int, int] = {}
    for head, end in flow.loop_ends.items():
        block = flow.blocks[head]
        last = block.last
        if last.target is None or not last.falls_through or head <= last.target < end:
            continue
        items = block.instructions
        if len(items) > LONGEST_TEST or any(item.name in _WAITING or may_call(item, words) for item in items):
            continue
        body = last.next
        if body < end and body not in flow.loop_ends and sources.get(body) == 1 and body in flow.blocks:
            tests[head] = body
    return tests
