"""Steps of loops over ints, arrays, dicts and whatever else can be iterated."""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction
from rufflang.interpreter.loops import Iteration
from rufflang.interpreter.operands import ITEM_PLACE, POSITION_PLACE
from rufflang.jit.asking import Asking
from rufflang.jit.words import value
from rufflang.lowpy.emitter import Edge
from rufflang.lowpy.function import LowFunction
from rufflang.lowpy.types import record_type
from rufflang.lowpy.values import Aggregate
from rufflang.runtime.values import INT, UNBOUND

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.jit.operations import Operations

_STEP = record_type(Iteration)


class Iterating:
    """Opcodes whose meaning gives an `Iteration`."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter
        self.asking = Asking(operations)

    def iterate(self, item: Instruction, meaning: LowFunction) -> None:
        """One step of a loop; the paths with and without an item are kept apart, and so is what they know."""
        emitter, translator = self.emitter, self.translator
        if item.name == "FOR_NEXT" and self.asking.is_expected(item, item.a):
            given = self.asking.next_item(item)
            # The position of a loop over a generator stays what it is.
            self._go_on(item, Aggregate(_STEP, (*given.words, self.operations.register(item.a + 1).words[1])))
            return
        returns, raises = emitter.inline_paths(meaning, self.operations.arguments(item, meaning))
        translator.landed_raises(item, raises)
        assert item.target is not None
        ended = [edge for edge in returns if _step_tag(edge) == UNBOUND]
        before = dict(translator.environment)
        if ended:
            emitter.land([Edge(edge.block, {}) for edge in ended], "ended")
            translator.follow(item.target)
            translator.environment = before
        _, step = emitter.land([edge for edge in returns if _step_tag(edge) != UNBOUND], "step")
        if emitter.block is not None:
            assert isinstance(step, Aggregate)
            self._go_on(item, step)

    def _go_on(self, item: Instruction, step: Aggregate) -> None:
        """Leaves the loop or goes on in it, with what one step of it has given."""
        self.translator.check_error(item, step)
        if step.words[0].constant is None:
            self._stop_without_item(item, step)
        self.take_item(item, step)

    def _stop_without_item(self, item: Instruction, step: Aggregate) -> None:
        emitter, translator = self.emitter, self.translator
        missing = emitter.compare("eq", step.words[0], emitter.number(UNBOUND))
        none, some = emitter.new_label("none"), emitter.new_label("item")
        emitter.branch(missing, none, some)
        before = dict(translator.environment)
        emitter.start(none)
        assert item.target is not None
        translator.follow(item.target)
        translator.environment = before
        emitter.start(some)

    def take_item(self, item: Instruction, step: Aggregate) -> None:
        """Goes on with the item of a loop's round."""
        tag, payload, position = step.words
        self.operations.set_register(item.a + POSITION_PLACE[item.name], value(INT, position))
        element = value(tag, payload)
        place = item.a + ITEM_PLACE[item.name]
        if item.opcode.cache_words:
            element = self.translator.guard_kind(item, place, element)
        self.operations.set_register(place, element)
        self.translator.follow(item.next)


def _step_tag(edge: Edge) -> int | None:
    """The tag of the item that a path of an iteration gives, when it is known."""
    assert isinstance(edge.value, Aggregate)
    tag = edge.value.words[0].constant
    return None if tag is None else int(tag)
