"""Arrays that a function returns only for its caller to take them apart: `[quotient, rest] := divided(a, b)`.

Where such a call is inlined, what the function puts into the array goes straight to the caller's variables.  The array
would be made by the instruction before the return, and taken apart by the one behind the call.  Nothing in between
can leave, so nobody ever needs it.  Where one of the returns gives something else, that is dropped, and the translation
starts again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rufflang.bytecode.flow import Instruction
from rufflang.jit.words import PartsWord, parts_of, value
from rufflang.lowpy.emitter import Edge
from rufflang.runtime.values import ARRAY

if TYPE_CHECKING:
    from rufflang.jit.operations import Operations


class ReturnedParts:
    """NEW_ARRAY and DESTRUCTURE_ARRAY, where they are the two ends of that."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter

    def wanted_of(self, call: Instruction) -> int | None:
        """Into how many parts the result of a call is taken at once, for nobody else to see it."""
        translator, flow = self.translator, self.translator.flow
        following = flow.instructions.get(call.next)
        if following is None or following.pc in flow.all_blocks or (translator.path, call.pc) in translator.dropped.parts:
            return None
        if following.name == "RETURN" and following.a == call.a:
            return translator.wanted_parts
        if following.name != "DESTRUCTURE_ARRAY" or following.b != call.a or following.c & 1:
            return None
        is_seen = flow.live_at(following.next) >> call.a & 1 or call.a in self._registers(following)
        return None if is_seen else following.c >> 1

    def make(self, item: Instruction) -> bool:
        """Translates NEW_ARRAY if its array is returned at once, and taken apart."""
        if not self.are_returned(item):
            return False
        parts = tuple(self.operations.register(number) for number in range(item.b, item.b + item.c))
        self.operations.set_register(item.a, value(ARRAY, PartsWord(self.emitter.fresh("parts"), parts)))
        return True

    def are_returned(self, item: Instruction) -> bool:
        """Whether the elements of NEW_ARRAY go to the caller, who wants that many."""
        flow, wanted = self.translator.flow, self.translator.wanted_parts
        following = flow.instructions.get(item.next)
        if wanted is None or item.c != wanted or following is None or following.pc in flow.all_blocks:
            return False
        return following.name == "RETURN" and following.a == item.a

    def take_apart(self, item: Instruction) -> bool:
        """Translates DESTRUCTURE_ARRAY if the parts are there."""
        parts = parts_of(self.operations.known(item.b))
        if parts is None:
            return False
        self.operations.forget(1 << item.b)
        for number, part in zip(self._registers(item), parts.parts, strict=True):
            self.operations.set_register(number, part)
        return True

    def agree(self, call: Instruction, edges: list[Edge]) -> bool:
        """Whether a call gives parts; if only some of the edges on which it returns do, that is dropped."""
        are_parts = [edge.value is not None and parts_of(edge.value) is not None for edge in edges]
        if any(are_parts) and not all(are_parts):
            self.translator.dropped.parts.add((self.translator.path, call.pc))
            self.translator.root.again = True
            for edge in edges:
                edge.value = value(ARRAY, self.emitter.number(0))
            return False
        return any(are_parts)

    @staticmethod
    def _registers(item: Instruction) -> range:
        return range(item.a, item.a + (item.c >> 1))
