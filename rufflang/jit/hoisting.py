"""What accesses to arrays in a loop need not do in every round.

A container in a register changes only where it is written through that register.  So what instructions that are
part of every round find in an array or text that the loop does not write is the same in each, and it can be found
before the first one, which is sure to take place.  Where the index counts up to a known end, all indices can
be compared with the length at once.  If anything is not as expected, the interpreter takes the loop over.  Where
only the index differs, at least the length and the place of the elements are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from rufflang.bytecode.flow import Instruction, registers_in, signed
from rufflang.jit.lookalikes import ACCESSES, Lookalikes
from rufflang.jit.request import register_name
from rufflang.jit.words import known_tag
from rufflang.lowpy.emitter import Environment
from rufflang.lowpy.function import as_low
from rufflang.lowpy.types import struct_type
from rufflang.lowpy.values import Aggregate, SsaValue, Word, words_of
from rufflang.records import Record
from rufflang.runtime.arrays import as_array
from rufflang.runtime.objects import ArrayObject, StringObject
from rufflang.runtime.strings import as_string
from rufflang.runtime.values import ARRAY, STRING

if TYPE_CHECKING:
    from rufflang.jit.loops import Loops


_FIELDS = {
    ARRAY: [struct_type(ArrayObject).fields[name] for name in ("flags", "length", "data")],
    STRING: [struct_type(StringObject).fields[name] for name in ("flags", "char_count", "data")],
}
"""What an access needs of a container, by its tag."""
_OBJECT = {ARRAY: as_low(as_array), STRING: as_low(as_string)}


class _Header(Record):
    """What is known of the container in a register: its payload's name, and its fields by their offsets."""

    payload: str
    fields: dict[int, Word]
    loop: int
    """Where the outermost loop begins in which it is the same."""


class Hoisting:
    """What has been found out about the accesses in the loops that are open."""

    def __init__(self, loops: Loops) -> None:
        self.loops = loops
        self.translator = loops.translator
        self.elements: dict[int, Aggregate] = {}
        """What instructions would find."""
        self.stored: set[int] = set()
        """Accesses to arrays that certainly are stored as expected."""
        self.inside: set[int] = set()
        """Accesses whose index certainly is inside."""
        self.headers: dict[int, _Header] = {}
        """What is known of containers that do not change, by the register."""
        self.lookalikes = Lookalikes(self)

    def open(self, start: int) -> None:
        """Looks at the instructions that are part of every round of a loop, in front of its head."""
        first, end = self.loops.starts[start], self.loops.end_of(start)
        flow = self.translator.flow
        environment = dict(self.translator.environment)
        written = flow.written_between(first, end)
        unchanged = {name: item for name, item in environment.items() if not written >> int(name[1:]) & 1}
        counted = self._counter(first)
        self.lookalikes.open(first, end, written, environment)
        test = flow.blocks[first].last
        if test.name == "FOR_NEXT":
            self._read_header(test.a, unchanged.get(register_name(test.a)), first)
        for item, is_certain in self._instructions(start):
            found = self._look_at(item, start, unchanged, counted) if is_certain else None
            for number in registers_in(flow.effects[item.pc].writes):
                unchanged.pop(register_name(number), None)
                counted.pop(number, None)
            if found is not None:
                unchanged[register_name(item.a)] = self.elements[item.pc] = found
            if is_certain and item.name in ("ADD_IMM", "SUB_IMM") and item.b in counted:
                distance = signed(item.c, 16)
                counted[item.a] = counted[item.b] + (distance if item.name == "ADD_IMM" else -distance)

    def close(self, start: int) -> None:
        """Forgets about a loop."""
        first, end = self.loops.starts[start], self.loops.end_of(start)
        self.lookalikes.close(first)
        self.headers = {number: header for number, header in self.headers.items() if header.loop != first}
        for pc in range(first, end):
            self.elements.pop(pc, None)
            self.stored.discard(pc)
            self.inside.discard(pc)

    def _instructions(self, start: int) -> Iterator[tuple[Instruction, bool]]:
        """The instructions of a loop's body in their order, and whether each is executed once in every round.

        Blocks are, unless a jump leads past them, they belong to a loop inside, or a round may be over before.
        """
        first, end, flow = self.loops.starts[start], self.loops.end_of(start), self.translator.flow
        inner = [(head, last) for head, last in flow.loop_ends.items() if first < head < end]
        farthest, goes_on = start, True
        for pc, block in flow.blocks.items():
            if not start <= pc < end:
                continue
            is_inner = any(head <= pc < last for head, last in inner)
            for item in block.instructions:
                yield item, goes_on and farthest <= pc and not is_inner
            if not all(first < following < end for following in block.successors) or not block.successors:
                goes_on = False
            farthest = max(farthest, *block.successors, pc)

    def _look_at(
        self, item: Instruction, start: int, unchanged: Environment, counted: dict[int, int]
    ) -> Aggregate | None:
        """Does before the first round what an instruction would do in every one; gives the element it would find."""
        array, index = self._operands(item, unchanged)
        if array is not None and item.name == "GET_INDEX":
            self._read_header(item.b, array, self.loops.starts[start])
            if index is not None:
                return self._find(item, array, index, start)
            self._check_storage(item, array, start)
        self._check_range(item, start, counted, unchanged)
        return None

    def _operands(self, item: Instruction, unchanged: Environment) -> tuple[Aggregate | None, Aggregate | None]:
        fields = ACCESSES.get(item.name)
        if fields is None:
            return None, None
        array, index = (unchanged.get(register_name(getattr(item, field))) for field in fields)
        assert not (isinstance(array, Word) or isinstance(index, Word))
        return array, index

    # ------------------------------------------------------------------------ headers

    def _read_header(self, number: int, container: SsaValue | None, first: int) -> None:
        """Reads what all accesses to the container in a register need of it."""
        tag = None if container is None else known_tag(container)
        if container is None or tag not in _FIELDS or number in self.headers:
            return
        emitter, payload = self.translator.emitter, words_of(container)[1]
        address, _ = emitter.inline(_OBJECT[tag], [container])
        assert isinstance(address, Word)
        loaded = {field.offset: emitter.load(field.stored, address, field.offset) for field in _FIELDS[tag]}
        words = {offset: word for offset, word in loaded.items() if isinstance(word, Word)}
        self.headers[number] = _Header(payload.text, words, first)

    def known(self, number: int, container: Aggregate) -> AbstractContextManager[None]:
        """While it lasts, the emitter knows what has been read of the container in a register."""
        header, payload = self.headers.get(number), container.words[1]
        is_same = header is not None and header.payload == payload.text
        return self.translator.emitter.knowing(payload, header.fields if header is not None and is_same else {})

    # ----------------------------------------------------------------------- elements

    def _find(self, item: Instruction, array: Aggregate, index: Aggregate, start: int) -> Aggregate | None:
        """Takes an element that is the same in every round, if it is known what it will be."""
        translator, operations = self.translator, self.translator.operations
        look = operations.texts.early if known_tag(array) == STRING else operations.arrays.early
        with self.known(item.b, array):
            return look(item, array, index, lambda: translator.side_exit(start))

    def _check_storage(self, item: Instruction, array: Aggregate, start: int) -> None:
        translator = self.translator
        if translator.operations.arrays.stored_early(item, array, lambda: translator.side_exit(start)):
            self.stored.add(item.pc)

    # ------------------------------------------------------------------------- ranges

    def _counter(self, first: int) -> dict[int, int]:
        """The register that counts the loop's rounds, by ones, with the distance 0."""
        test = self.loops.flow.blocks[first].last
        step = self.translator.environment.get(register_name(test.a + 2))
        if test.name != "RANGE_NEXT" or not isinstance(step, Aggregate) or step.words[1].constant != 1:
            return {}
        return {test.a + 3: 0}

    def _check_range(self, item: Instruction, start: int, counted: dict[int, int], unchanged: Environment) -> None:
        """Compares all indices of an access with the length, which does not change unless the register does."""
        fields = ACCESSES.get(item.name)
        if fields is None or getattr(item, fields[1]) not in counted:
            return
        array = unchanged.get(register_name(getattr(item, fields[0])))
        if array is None:
            array = self._owned(getattr(item, fields[0]), start)
        test = self.loops.flow.blocks[self.loops.starts[start]].last
        lowest, stop = (self.translator.environment.get(register_name(test.a + place)) for place in (3, 1))
        distance = counted[getattr(item, fields[1])]
        arrays = self.translator.operations.arrays
        if not isinstance(array, Aggregate) or not isinstance(lowest, Aggregate) or not isinstance(stop, Aggregate):
            return
        if arrays.inside_early(item, array, (lowest.words[1], stop.words[1], distance), start):
            self.inside.add(item.pc)

    def _owned(self, number: int, start: int) -> SsaValue | None:
        """The array in a register that the loop writes element by element, which does not change its length."""
        first, end = self.loops.starts[start], self.loops.end_of(start)
        if not self.translator.ownership.is_owned(number):
            return None
        if self.loops.flow.written_between(first, end, {"OWN"}) >> number & 1:
            return None
        return self.translator.environment[register_name(number)]
