"""Options that are matched without having been made.

What `next` of a generator gives is an item, or none.  As long as that is only told apart and taken out again, there
is no option around it: the register holds an `OptionWord`, and these opcodes look into that.  Whatever else reads the
register gets a real option (`Operations.known`), as does a loop that it enters, and a place to which several ways lead
with different ones.  No option is made twice on one way: what it holds would have two holders and no mark.  So there is
one register that holds it, which holds the real one from then on.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction, registers_in
from rufflang.jit.request import register_name
from rufflang.jit.unmade import OptionWord, option_of
from rufflang.jit.words import value
from rufflang.lowpy.types import BOOL, I64
from rufflang.lowpy.values import Aggregate, Word, constant_word
from rufflang.runtime.objects import NONE_VARIANT, SOME_VARIANT
from rufflang.runtime.values import NULL, UNBOUND

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.jit.operations import Operations


class Options:
    """JUMP_IF_NOT_VARIANT, JUMP_IF_NO_PAYLOAD, PAYLOAD, JUMP_IF_UNWRAPPED; and MOVE of such options."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter

    def unmade(self, number: int) -> OptionWord | None:
        """The option in a register that has not been made; None where it holds anything else."""
        return option_of(self.translator.environment.get(register_name(number)))

    def make(self, numbers: int) -> None:
        """Has registers hold real options from here on."""
        for number in registers_in(numbers):
            if self.unmade(number) is not None:
                self.operations.known(number)

    def _is_none(self, option: OptionWord) -> Word:
        return self.emitter.compare("eq", option.item.words[0], self.emitter.number(UNBOUND))

    def jump_if_not_variant(self, item: Instruction) -> None:
        option = self.unmade(item.a)
        if option is None:
            self.operations.replay(item)
        elif item.b in (SOME_VARIANT, NONE_VARIANT):
            is_none = self._is_none(option)
            self.operations.branch(item, is_none if item.b == SOME_VARIANT else self.emitter.negation(is_none))
        else:
            self.operations.branch(item, constant_word(BOOL, True))

    def jump_if_no_payload(self, item: Instruction) -> None:
        option = self.unmade(item.a)
        if option is None:
            self.operations.replay(item)
        else:
            self.operations.branch(item, self._is_none(option) if item.b == 0 else constant_word(BOOL, True))

    def payload(self, item: Instruction) -> None:
        option = self.unmade(item.b)
        if option is None:
            self.operations.replay(item)
            return
        found = self._payload(option) if item.c == 0 else value(NULL, self.emitter.number(0))
        self.operations.set_register(item.a, self.translator.guard_kind(item, item.a, found))

    def _payload(self, option: OptionWord) -> Aggregate:
        """The item; null where there is none."""
        tag, payload = option.item.words
        is_none = self._is_none(option)
        if is_none.constant is not None:
            return value(NULL, self.emitter.number(0)) if is_none.constant else option.item
        return value(self.emitter.define(I64, f"select i1 {is_none.text}, i64 {NULL}, i64 {tag.text}"), payload)

    def unwrap(self, item: Instruction) -> None:
        option = self.unmade(item.b)
        if option is None:
            self.operations.replay(item)
        else:
            self.unwrapped(item, option.item)

    def unwrapped(self, item: Instruction, payload: Aggregate) -> None:
        """Ends the block behind a `?` whose operand holds a payload, or none where that is UNBOUND."""
        translator, emitter = self.translator, self.emitter
        missing = emitter.compare("eq", payload.words[0], emitter.number(UNBOUND))
        before = dict(translator.environment)
        without, present = emitter.new_label("none"), emitter.new_label("payload")
        emitter.branch(missing, without, present)
        emitter.start(present)
        self.operations.set_register(item.a, payload)
        assert item.target is not None
        translator.follow(item.target)
        translator.environment = before
        emitter.start(without)
        translator.follow(item.next)

    def move(self, item: Instruction) -> bool:
        """Moves an option out of a register that is not read again; False where there is no such thing."""
        if self.unmade(item.b) is None or self.translator.flow.live_at(item.next) >> item.b & 1:
            return False
        environment = self.translator.environment
        environment[register_name(item.a)] = environment.pop(register_name(item.b))
        return True
