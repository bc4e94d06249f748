"""Virtual containers that go round in loops (`virtuals`).

One that enters a loop stays virtual in there, with words of its own for its parts if it changes.  Where a round ends
with something else in its register, or it is made in a round, the assumption is dropped, and it is made before the
loop.  Where a real one enters, and each round ends with a virtual one whose parts are of known kinds, it is
taken apart.  If what enters is of another shape after all, the loop is left; in code that is made once more because
that happened often, it stays real.
"""

from __future__ import annotations

from rufflang.bytecode.flow import registers_in
from rufflang.jit.loop_heads import Changing, LoopHead
from rufflang.jit.request import register_name
from rufflang.jit.unmade import VirtualWord, virtual_of
from rufflang.jit.virtuals import fits, is_without_marks
from rufflang.jit.words import LoopPlace, MarkedWord, known_tag, value
from rufflang.lowpy.values import Aggregate, SsaValue
from rufflang.runtime.values import FLOAT

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.jit.loops import Loops

_WRITING = {"SET_FIELD": "a", "SET_INDEX": "a", "OWN_FIELD": "b", "OWN_INDEX": "b"}


class VirtualRounds:
    """What `Loops` does about virtual instances."""

    def __init__(self, loops: Loops) -> None:
        self.loops = loops
        self.translator = loops.translator
        self.emitter = loops.emitter
        self.dropped = loops.dropped

    def written(self, first: int, end: int) -> int:
        """Registers in which an instruction puts another virtual instance instead of writing a real one."""
        environment, written = self.translator.environment, 0
        for pc, item in self.translator.flow.instructions.items():
            number = getattr(item, _WRITING[item.name]) if first <= pc < end and item.name in _WRITING else None
            if number is not None and virtual_of(environment.get(register_name(number))) is not None:
                written |= 1 << number
        return written

    def open(self, start: int, live: int) -> None:
        """Makes, before a loop, what cannot stay virtual in it, and takes apart what need not be real."""
        environment, virtuals = self.translator.environment, self.emitter.virtuals
        self.translator.operations.options.make(live)
        for number in registers_in(live):
            name, place = register_name(number), self._place(start, number)
            current = environment.get(name)
            virtual = virtual_of(current)
            stays_real = place in self.dropped.virtual or self.loops.is_entered_inside(start)
            if virtual is not None and (stays_real or virtuals.made(virtual) is not None):
                virtuals.settle(virtual, environment)
            elif virtual is None and current is not None and place in self.dropped.real and not stays_real:
                self._take_apart(start, number, self.dropped.real[place])

    def enter(self, start: int, unchanged: int) -> None:
        """Notes which virtual instances come into a loop in registers that it does not change."""
        environment, virtuals = self.translator.environment, self.emitter.virtuals
        virtuals.loops.add((self.loops.path, start))
        if self.loops.is_entered_inside(start):
            virtuals.forget()
        for number in registers_in(unchanged):
            name, places = register_name(number), frozenset((self._place(start, number),))
            virtual = virtual_of(environment.get(name))
            if virtual is not None:
                environment[name] = virtuals.again(virtual, places, is_shared=virtual.is_shared)

    def _place(self, start: int, number: int) -> LoopPlace:
        return self.loops.path, start, number

    def _take_apart(self, start: int, number: int, wanted: VirtualWord) -> None:
        """Has a register hold a virtual instance with the fields of the real one that is there."""
        operations = self.translator.operations
        current = operations.known(number)
        if known_tag(current) == wanted.form.tag:
            operations.set_register(number, wanted.form.taken_apart(operations, current, wanted.parts, start))

    def begin(self, head: LoopHead, start: int, number: int, virtual: VirtualWord) -> Aggregate:
        """What is in a register in a round."""
        places = virtual.places | {self._place(start, number)}
        begun = head.virtual[number] = self._changing(head, number, virtual, (), places)
        return self.emitter.virtuals.value(begun)

    def _changing(
        self, head: LoopHead, number: int, virtual: VirtualWord, slots: tuple[int, ...], places: frozenset[LoopPlace]
    ) -> VirtualWord:
        parts = []
        for slot, part in enumerate(virtual.parts):
            inner, path = virtual_of(part), (*slots, slot)
            if inner is not None:
                changing = self._changing(head, number, inner, path, places)
                parts.append(self.emitter.virtuals.value(changing))
            else:
                parts.append(self._changing_part(head, number, part, path))
        return self.emitter.virtuals.container(virtual.form, parts, places)

    def _changing_part(self, head: LoopHead, number: int, part: Aggregate, slots: tuple[int, ...]) -> Aggregate:
        emitter, tag = self.emitter, known_tag(part)
        if tag == FLOAT:
            double = emitter.double_of(part)
            return emitter.from_double(head.add(number, "double", emitter.fresh(), double, slots))
        payload = head.add(number, "payload", emitter.fresh(), part.words[1], slots)
        if isinstance(part.words[1], MarkedWord):
            payload = MarkedWord(payload.type, payload.text)
        return value(head.add(number, "tag", emitter.fresh(), part.words[0], slots) if tag is None else tag, payload)

    # ------------------------------------------------------------------ backward jumps

    def end(self, head: LoopHead, start: int) -> None:
        """Sees to it that a round ends with what the next one is to begin with."""
        environment = self.translator.environment = dict(self.translator.environment)
        for number, wanted in head.virtual.items():
            if not fits(virtual_of(environment[register_name(number)]), wanted):
                self._drop(self.dropped.virtual, self._place(start, number))
        for number in {item.number for item in head.changing} - head.virtual.keys():
            self.translator.operations.options.make(1 << number)
            current = environment[register_name(number)]
            virtual = virtual_of(current)
            if virtual is None:
                continue
            place = self._place(start, number)
            is_new = place not in self.dropped.virtual | self.dropped.real.keys()
            is_new = is_new and self.translator.root.request.takes_apart
            if is_new and head.assumed.get(number) == virtual.form.tag and _has_known_kinds(virtual):
                self.dropped.real[place] = virtual
                self.translator.root.again = True
            environment[register_name(number)] = self.emitter.virtuals.real(virtual)

    def _drop(self, assumptions: set[LoopPlace], place: LoopPlace) -> None:
        assumptions.add(place)
        self.translator.root.again = True

    def part(self, head: LoopHead, item: Changing, current: SsaValue) -> Aggregate | None:
        """What a changing word is a part of, in the next round; None where that is dropped."""
        wanted = head.virtual.get(item.number)
        if wanted is not None and not fits(virtual_of(current), wanted):
            return None
        for slot in item.slots:
            virtual = virtual_of(current)
            assert virtual is not None
            current = virtual.parts[slot]
        assert isinstance(current, Aggregate)
        return current


def _has_known_kinds(virtual: VirtualWord) -> bool:
    """Whether all that it holds has a known kind of which there are no marks."""
    return all(is_without_marks(part) for part in virtual.parts)
