"""The rows of an array of arrays that a loop writes through a few of them: `grid[i][j] := grid[i - 1][j] + 1`.

To write an element of a row, the array is made sure to have one holder, then the row.  Where both have one already, and
which rows are written is the same in every round, nothing of that changes anything: in all rounds the array holds the
same rows, and storing an element changes no row's length, kind or place.  So rows can be found before the loop
(`hoisting`), whether they are read or written.  A store that would change how a row is stored is not among what is
compiled for such a loop: then the translation starts again without this.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction, registers_in
from rufflang.interpreter.feedback import KINDS_SHIFT
from rufflang.jit.request import register_name, single_kind
from rufflang.jit.shapes import clones_are_rare
from rufflang.jit.words import known_tag
from rufflang.runtime.values import ARRAY

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from rufflang.jit.hoisting import Hoisting

    Body = Sequence[tuple[Instruction, bool]]
    """The instructions of a loop, and whether each is part of every round."""


class Rows:
    """Which arrays keep their rows in the loops that are open."""

    def __init__(self, hoisting: Hoisting) -> None:
        self.translator = hoisting.translator
        self.stores: dict[int, int] = {}
        """The stores into rows that rely on this, with where the loop begins."""

    def open(self, start: int, body: Body, same: set[int]) -> set[int]:
        """Registers with arrays that keep their rows in a loop; `same` tells whose index is the same in every round."""
        translator = self.translator
        if (translator.path, start) in translator.dropped.rows:
            return set()
        certain = {item.pc for item, is_certain in body if is_certain}
        places = [item for item, _ in body if item.name == "OWN_INDEX"]
        found = set[int]()
        for number in {item.b for item in places}:
            own = [item for item in places if item.b == number]
            if not self._has_one_holder(number) or not all(item.pc in certain & same for item in own):
                continue
            stores = self._stores(number, body) if all(map(self._is_expected, own)) else None
            if stores is not None:
                found.add(number)
                self.stores.update(dict.fromkeys(stores, start))
        return found

    def close(self, start: int) -> None:
        """Forgets about a loop."""
        self.stores = {pc: loop for pc, loop in self.stores.items() if loop != start}

    def give_up(self, item: Instruction) -> None:
        """A store may change how a row is stored after all."""
        start = self.stores.get(item.pc)
        if start is not None:
            self.translator.dropped.rows.add((self.translator.path, start))
            self.translator.root.again = True

    def _has_one_holder(self, number: int) -> bool:
        current = self.translator.environment.get(register_name(number))
        return current is not None and known_tag(current) == ARRAY and self.translator.ownership.is_owned(number)

    def _is_expected(self, place: Instruction) -> bool:
        """Whether a place has only been an array, with one holder mostly."""
        word = self.translator.request.words[place.pc + 1]
        return single_kind(word >> KINDS_SHIFT & 0xFFFF) == ARRAY and clones_are_rare(word)

    def _stores(self, number: int, body: Body) -> list[int] | None:
        """The stores into rows of an array; None if something may be done that changes its rows or their holders."""
        translator, stores = self.translator, list[int]()
        effects, rows = translator.flow.effects, set[int]()
        for item, is_certain in body:
            if effects[item.pc].writes >> number & 1 and not (item.name == "OWN" and item.a == number):
                return None
            for read in registers_in(effects[item.pc].reads):
                if (read == number or read in rows) and not self._looks_into(item, read, number):
                    return None
                if read in rows and item.name == "SET_INDEX":
                    stores.append(item.pc)
            if is_certain:
                rows -= set(registers_in(effects[item.pc].writes))
            if item.name in ("OWN_INDEX", "GET_INDEX") and item.b == number:
                rows.add(item.a)
        return stores

    def _looks_into(self, item: Instruction, read: int, number: int) -> bool:
        """Whether an instruction gives no other holder to what it reads, and leaves the elements of the array alone."""
        if item.name == "MOVE" or (read == number and item.name not in ("OWN", "OWN_INDEX", "GET_INDEX")):
            return False
        return self.translator.ownership.keeps(item, read)
