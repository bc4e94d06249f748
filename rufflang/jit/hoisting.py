"""What accesses to arrays in a loop need not do in every round.

A container in a register changes only where it is written through that register.  So what instructions that are
part of every round find in an array or text that the loop does not write is the same in each, and it can be found
before the first one, which is sure to take place.  Where the index counts up to a known end, all indices can
be compared with the length at once.  If anything is not as expected, the interpreter takes the loop over.  Where
only the index differs, at least the length and the place of the elements are the same.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction, registers_in, signed
from rufflang.jit.lookalikes import ACCESSES, Lookalikes
from rufflang.jit.request import register_name
from rufflang.jit.rows import Rows
from rufflang.jit.unmade import virtual_of
from rufflang.jit.words import known_tag, value
from rufflang.lowpy.emitter import Environment
from rufflang.lowpy.function import as_low
from rufflang.lowpy.types import I64, struct_type
from rufflang.lowpy.values import Aggregate, SsaValue, Word, words_of
from rufflang.records import Record, field
from rufflang.runtime.arrays import as_array
from rufflang.runtime.objects import ArrayObject, StringObject
from rufflang.runtime.strings import as_string
from rufflang.runtime.values import ARRAY, INT, STRING

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rufflang.jit.loops import Loops
    from rufflang.jit.meanwhile import Meanwhile
    from rufflang.jit.rows import Body


_FIELDS = {
    ARRAY: [struct_type(ArrayObject).fields[name] for name in ("flags", "length", "data")],
    STRING: [struct_type(StringObject).fields[name] for name in ("flags", "char_count", "data")],
}
"""What an access needs of a container, by its tag."""
_ARITHMETIC = {"ADD": "add", "ADD_IMM": "add", "SUB": "sub", "SUB_IMM": "sub", "MUL": "mul"}
_OBJECT = {ARRAY: as_low(as_array), STRING: as_low(as_string)}


class _Header(Record):
    """What is known of the container in a register: its payload's name, and its fields by their offsets."""

    payload: str
    fields: dict[int, Word]
    loop: int
    """Where the outermost loop begins in which it is the same."""


class _Round(Record, frozen=False):
    """What is the same in every round at the place to which a walk through a loop's body has come."""

    unchanged: Environment
    """Values of registers."""
    counted: dict[int, Word] = field(factory=dict)
    """Registers that count the rounds by ones, with the distance from the loop's own counter."""
    rows: Environment = field(factory=dict)
    """Rows whose elements the loop may write, but nothing else of them."""

    def overwrite(self, numbers: int) -> None:
        """Something else is put into registers."""
        for number in registers_in(numbers):
            self.unchanged.pop(register_name(number), None)
            self.rows.pop(register_name(number), None)
            self.counted.pop(number, None)

    def number(self, register: int) -> Word | None:
        """The int in a register, if it is the same in every round."""
        item = self.unchanged.get(register_name(register))
        return words_of(item)[1] if item is not None and known_tag(item) == INT else None


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
        self.rows = Rows(self)

    def open(self, start: int) -> None:
        """Looks at the instructions that are part of every round of a loop, in front of its head."""
        first, end = self.loops.starts[start], self.loops.end_of(start)
        flow, environment = self.translator.flow, dict(self.translator.environment)
        written = flow.written_between(first, end)
        unchanged = {
            name: item for name, item in environment.items()
            if not written >> int(name[1:]) & 1 and virtual_of(item) is None
        }  # fmt: skip
        self.lookalikes.open(first, end, written, environment)
        body = list(self.instructions(start))
        fixed = self.rows.open(start, body, self._same_places(body, _Round(dict(unchanged))))
        test = flow.blocks[first].last
        if test.name == "FOR_NEXT":
            self._read_header(test.a, unchanged.get(register_name(test.a)), first)
        known = _Round(unchanged, self._counter(first))
        for item, is_certain in body:
            if not is_certain:
                known.overwrite(flow.effects[item.pc].writes)
            elif item.name in ("GET_INDEX", "OWN_INDEX") and item.b in fixed:
                row = self._find_row(item, start, known)
                known.overwrite(flow.effects[item.pc].writes)
                if row is not None:
                    known.rows[register_name(item.a)] = self.elements[item.pc] = row
            else:
                found = self._look_at(item, start, known)
                self._compute(item, known)
                if found is not None:
                    known.unchanged[register_name(item.a)] = self.elements[item.pc] = found

    def close(self, start: int) -> None:
        """Forgets about a loop."""
        first, end = self.loops.starts[start], self.loops.end_of(start)
        self.lookalikes.close(first)
        self.rows.close(start)
        self.headers = {number: header for number, header in self.headers.items() if header.loop != first}
        for pc in range(first, end):
            self.elements.pop(pc, None)
            self.stored.discard(pc)
            self.inside.discard(pc)

    def instructions(self, start: int) -> Iterator[tuple[Instruction, bool]]:
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

    def _look_at(self, item: Instruction, start: int, known: _Round) -> Aggregate | None:
        """Does before the first round what an access would do in every one; gives the element it would find."""
        fields = ACCESSES.get(item.name)
        if fields is None:
            return None
        number, index = getattr(item, fields[0]), known.unchanged.get(register_name(getattr(item, fields[1])))
        array, row = known.unchanged.get(register_name(number)), known.rows.get(register_name(number))
        if item.name == "GET_INDEX" or row is not None:
            self._read_header(number, array or row, self.loops.starts[start])
        if item.name == "GET_INDEX" and isinstance(array, Aggregate) and isinstance(index, Aggregate):
            return self._find(item, array, index, start)
        if isinstance(array, Aggregate) and item.name == "GET_INDEX":
            self._check_storage(item, array, start)
        elif isinstance(row, Aggregate):
            self._check_storage(item, row, start)
        self._check_range(item, array or row, start, known.counted)
        return None

    def _same_places(self, body: Body, known: _Round) -> set[int]:
        """Which places have an index that is the same in every round, and does not count from the end."""
        emitter, same = self.translator.emitter, set[int]()
        before = emitter.position()
        for item, is_certain in body:
            index = known.unchanged.get(register_name(item.c)) if is_certain and item.name == "OWN_INDEX" else None
            if index is not None and known_tag(index) == INT and (words_of(index)[1].constant or 0) >= 0:
                same.add(item.pc)
            if is_certain:
                self._compute(item, known)
            else:
                known.overwrite(self.translator.flow.effects[item.pc].writes)
        emitter.go_back(before)
        return same

    def _compute(self, item: Instruction, known: _Round) -> None:
        """Goes on behind an instruction that is part of every round, with the ints that it gives."""
        derived, distance = self._derived(item, known), self._distance(item, known)
        known.overwrite(self.translator.flow.effects[item.pc].writes)
        if derived is not None:
            known.unchanged[register_name(item.a)] = value(INT, derived)
        if distance is not None:
            known.counted[item.a] = distance

    def _derived(self, item: Instruction, known: _Round) -> Word | None:
        """An int that is the same in every round because what it is computed of is.

        If it is too large, the loop raises the error before anybody uses what has been found with another.
        """
        if item.name == "LOAD_INT":
            return self.translator.emitter.number(item.wide)
        first, second = known.number(item.b), self._second(item, known)
        if item.name == "MOVE":
            return first
        operation = _ARITHMETIC.get(item.name)
        if operation is None or first is None or second is None:
            return None
        return self.translator.emitter.arithmetic(I64, operation, first, second)

    def _distance(self, item: Instruction, known: _Round) -> Word | None:
        """How far something is from the loop's counter that counts the rounds as what it is computed of does.

        Here, too, the loop raises the error of what is too large for an int before it is used.
        """
        operation, first, second = _ARITHMETIC.get(item.name), known.counted.get(item.b), self._second(item, known)
        if item.name == "MOVE":
            return first
        if item.name == "ADD" and first is None:
            first, second = known.counted.get(item.c), known.number(item.b)
        if operation not in ("add", "sub") or first is None or second is None:
            return None
        return self.translator.emitter.arithmetic(I64, operation, first, second)

    def _second(self, item: Instruction, known: _Round) -> Word | None:
        """The second operand of an arithmetic instruction, if it is the same in every round."""
        if item.name in ("ADD_IMM", "SUB_IMM"):
            return self.translator.emitter.number(signed(item.c, 16))
        return known.number(item.c) if item.name in _ARITHMETIC else None

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

    def known(self, number: int, container: Aggregate) -> Meanwhile:
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

    def _find_row(self, item: Instruction, start: int, known: _Round) -> Aggregate | None:
        """Takes a row of an array that keeps its rows, for reading or writing, if it is the same one in every round."""
        translator, arrays = self.translator, self.translator.operations.arrays
        array, index = translator.environment[register_name(item.b)], known.unchanged.get(register_name(item.c))
        assert isinstance(array, Aggregate)
        self._read_header(item.b, array, self.loops.starts[start])
        if not isinstance(index, Aggregate) or known_tag(index) != INT:
            return None
        look = arrays.early if item.name == "GET_INDEX" else arrays.place_early
        with self.known(item.b, array):
            return look(item, array, index, lambda: translator.side_exit(start))

    def _check_storage(self, item: Instruction, array: Aggregate, start: int) -> None:
        translator = self.translator
        if translator.operations.arrays.stored_early(item, array, lambda: translator.side_exit(start)):
            self.stored.add(item.pc)

    # ------------------------------------------------------------------------- ranges

    def _counter(self, first: int) -> dict[int, Word]:
        """The register that counts the loop's rounds, by ones, with the distance 0."""
        test = self.loops.flow.blocks[first].last
        step = self.translator.environment.get(register_name(test.a + 2))
        if test.name != "RANGE_NEXT" or not isinstance(step, Aggregate) or step.words[1].constant != 1:
            return {}
        return {test.a + 3: self.translator.emitter.number(0)}

    def _check_range(
        self, item: Instruction, array: SsaValue | None, start: int, counted: dict[int, Word]
    ) -> None:
        """Compares all indices of an access with the length, which does not change unless the register does."""
        fields = ACCESSES[item.name]
        if getattr(item, fields[1]) not in counted:
            return
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
