"""Which containers certainly have one holder, so that writing them needs no look at their mark.

A register's payload is an `OwnedWord` where the container's `shared` mark is known to be unset.  That holds until
an instruction reads the register in a way that may give the container another holder.  Which
instructions do not is listed here; everything else counts as if it did.

A virtual container that is made by such an instruction gets its other holder unseen, so nothing may call it owned then
(`Virtuals.settle`).  That is checked if `RUFFLANG_JIT_CHECK` is set.
"""

from __future__ import annotations

import os

from rufflang.bytecode.flow import Instruction, registers_in
from rufflang.jit.request import CompilerFault, register_name
from rufflang.jit.unmade import VirtualWord, virtual_of
from rufflang.jit.words import OwnedWord, known_tag, value
from rufflang.lowpy.values import Aggregate, SsaValue, Word, words_of
from rufflang.runtime.values import ARRAY, DICT, STRUCT

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from rufflang.jit.translator import Translator

CLONED = (ARRAY, DICT, STRUCT)
"""Kinds of values that OWN clones."""

# Instructions that only look into, or write into, the container in one field.
_BASE_FIELD = {
    "GET_INDEX": "b", "OWN_INDEX": "b", "GET_FIELD": "b", "OWN_FIELD": "b", "SET_INDEX": "a", "SET_FIELD": "a",
    "OWN": "a", "MOVE": "b",
}  # fmt: skip
_BUILTINS = ("CALL_BUILTIN", "TAKE_APART")
_REPLAYED = ("push", "pop", "remove_at")
"""Builtins that are replayed where their array has one holder, and give it back then."""


class Ownership:
    """What a translation knows about the holders of containers."""

    def __init__(self, translator: Translator) -> None:
        self.translator = translator
        self._is_checked = "RUFFLANG_JIT_CHECK" in os.environ

    def is_owned(self, number: int) -> bool:
        """Whether the container in a register has one holder."""
        current = self.translator.environment.get(register_name(number))
        return current is not None and isinstance(words_of(current)[1], OwnedWord)

    def before(self, item: Instruction) -> None:
        """Forgets about the containers to which an instruction may give another holder."""
        environment = self.translator.environment
        for number in registers_in(self.translator.flow.effects[item.pc].reads):
            if self.is_owned(number) and not self.keeps(item, number):
                text = words_of(environment[register_name(number)])[1].text
                for name, current in environment.items():
                    if words_of(current)[1].text == text:
                        environment[name] = forgotten(current)

    def given_by(self, item: Instruction) -> Sequence[VirtualWord]:
        """The virtual containers to which an instruction may give another holder, for `check`."""
        if not self._is_checked:
            return ()
        environment, reads = self.translator.environment, self.translator.flow.effects[item.pc].reads
        numbers = [number for number in registers_in(reads) if not self.keeps(item, number)]
        found = [virtual_of(environment.get(register_name(number))) for number in numbers]
        return [virtual for virtual in found if virtual is not None]

    def check(self, item: Instruction, given: Sequence[VirtualWord]) -> None:
        """Raises CompilerFault if something counts as owned behind an instruction that gave it away."""
        virtuals, environment = self.translator.emitter.virtuals, self.translator.environment
        made = {real.words[1].text for virtual in given if (real := virtuals.made(virtual)) is not None}
        for name, current in environment.items() if made else ():
            payload = words_of(current)[1]
            if isinstance(payload, OwnedWord) and payload.text in made:
                raise CompilerFault(f"{name} counts as owned behind {item.name} at {item.pc}, which gave it away")

    def keeps(self, item: Instruction, number: int) -> bool:
        """Whether an instruction that reads a register gives the container there no further holder."""
        if item.name in _BUILTINS:
            return self._builtin_keeps(item, number - item.a)
        if item.name == "NEW_ARRAY":
            return self.translator.operations.parts.are_returned(item)
        field = _BASE_FIELD.get(item.name)
        if field is None or getattr(item, field) != number:
            return False
        others = {"a", "b", "c"} - {field}
        stored = {"SET_INDEX": "c", "SET_FIELD": "c"}.get(item.name)
        return stored not in others or getattr(item, stored) != number

    def _builtin_keeps(self, item: Instruction, position: int) -> bool:
        request = self.translator.request
        entry = request.questions.builtin(item.b)
        held = request.words[item.pc + 1] >> position & 1
        return entry is not None and (not held or bool(entry.lent >> position & 1))

    def written_in(self, start: int, end: int, inner: list[tuple[int, int]]) -> list[int]:
        """Registers whose arrays, or rows in them, a loop writes, outside inner ones, and gives no other holder."""
        code = [item for pc, item in self.translator.flow.instructions.items() if start <= pc < end]
        own = [item for item in code if not any(first <= item.pc < last for first, last in inner)]
        stores = [item for item in own if item.name in ("SET_INDEX", "OWN_INDEX")]
        written = {item.a if item.name == "SET_INDEX" else item.b for item in stores}
        written &= {item.a for item in own if item.name == "OWN"}
        written |= self._pushed(own)
        return sorted(number for number in written if self._stays_owned(number, code))

    def _pushed(self, code: list[Instruction]) -> set[int]:
        """Registers that give their array to `push` or the like, which gives it back."""
        moved: dict[int, int] = {}
        pushed: set[int] = set()
        for item in code:
            if item.name == "MOVE":
                moved[item.a] = item.b
            elif item.a in moved and self.gives_array(item, _REPLAYED):
                pushed.add(moved[item.a])
        return pushed

    def gives_array(self, item: Instruction, names: Collection[str]) -> bool:
        """Whether an instruction calls one of these builtins, with an array that nobody else holds for that."""
        request = self.translator.request
        if item.name not in _BUILTINS or request.words[item.pc + 1] & 1:
            return False
        entry = request.questions.builtin(item.b)
        return entry is not None and entry.name in names

    def _stays_owned(self, number: int, code: list[Instruction]) -> bool:
        effects = self.translator.flow.effects
        names = {number}
        while True:
            more = {item.a for item in code if item.name == "MOVE" and item.b in names} - names
            if not more:
                break
            names |= more
        return all(
            self.keeps(item, alias) for item in code for alias in names if effects[item.pc].reads >> alias & 1
        )


def owned(current: Aggregate) -> Aggregate:
    """The value, with a container known to have one holder."""
    tag = known_tag(current)
    if tag not in CLONED:
        return current
    payload = current.words[1]
    return value(tag, OwnedWord(payload.type, payload.text, None, payload.origin))


def forgotten(current: SsaValue) -> SsaValue:
    """The value, with a container that may have several holders."""
    if not isinstance(current, Aggregate) or not isinstance(current.words[1], OwnedWord):
        return current
    payload = current.words[1]
    return value(current.words[0], Word(payload.type, payload.text, None, payload.origin))
