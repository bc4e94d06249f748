"""Builtins that take an element out of a container, where both parts of what they give are wanted (TAKE_APART).

`[xs, x] := pop(xs)` is how programs use an array as a stack.  Where the array has one holder, and keeps its
elements as those that were taken out so far suggest, the builtin's code is replayed knowing that, which leaves a few
loads and stores.  For everything else the builtin is called.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction
from rufflang.interpreter.feedback import KINDS_SHIFT
from rufflang.jit.builtins import Paths, may_replay, replayed
from rufflang.jit.making import FLAGS_OFFSET, storage_for
from rufflang.jit.ownership import owned
from rufflang.jit.request import single_kind
from rufflang.jit.words import VALUE, ArgumentVector, OwnedWord, known_tag
from rufflang.lowpy.emitter import Edge
from rufflang.lowpy.function import LowFunction
from rufflang.lowpy.types import U8, record_type
from rufflang.lowpy.values import Aggregate, constant_word
from rufflang.runtime.builtins.parts import Parts
from rufflang.runtime.values import ARRAY, QUEUE, STACK

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.jit.operations import Operations

_PARTS = record_type(Parts)
_SEQUENCES = (ARRAY, QUEUE, STACK)


class TakingApart:
    """TAKE_APART."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter

    def take_apart(self, item: Instruction) -> None:
        """Puts both parts into their registers."""
        arguments = [self.operations.register(item.a + index) for index in range(item.c)]
        entry = self.translator.request.questions.builtin(item.b)
        result = None
        if entry is not None and may_replay(entry, entry.parts, len(arguments)) and self._is_given(item, arguments):
            result = self._replayed(item, entry.parts, arguments)
        if self.emitter.block is None:
            return
        if result is None:
            result = self._checked(item, self._called(item), None)
        self._set_parts(item, result)

    def _is_given(self, item: Instruction, arguments: list[Aggregate]) -> bool:
        """Whether the builtin gets a sequence that its caller does not hold on to."""
        is_held = self.translator.request.words[item.pc + 1] & 1
        return bool(arguments) and known_tag(arguments[0]) in _SEQUENCES and not is_held

    def _set_parts(self, item: Instruction, parts: Aggregate) -> None:
        """Puts parts into their registers; the second as the kind that the interpreter has seen, if that is one."""
        taken, seen = _taken(parts), self._seen(item)
        self.operations.set_register(item.a, _rest(parts))
        self.operations.set_register(item.a + 1, taken)
        if seen is not None and known_tag(taken) is None:
            self.operations.set_register(item.a + 1, self.translator.narrow(item, item.a + 1, taken, seen))

    def _seen(self, item: Instruction) -> int | None:
        return single_kind(self.translator.request.words[item.pc + 1] >> KINDS_SHIFT & 0xFFFF)

    # ---------------------------------------------------------------------- replaying

    def _replayed(self, item: Instruction, code: LowFunction, arguments: list[Aggregate]) -> Aggregate | None:
        """The parts; None where the code comes out too long or needs its arguments in memory."""
        emitter, translator = self.emitter, self.translator
        environment, other = dict(translator.environment), emitter.new_label("other")
        paths = replayed(emitter, lambda: self._paths(item, code, arguments, other))
        if paths is None:
            return None
        returns, raises = paths
        known = [edge for edge in returns if _rest_tag(edge) is not None]
        unknown = [edge for edge in returns if _rest_tag(edge) is None]
        if emitter.is_used(other):
            emitter.start(other)
            called = self._called(item)
            unknown.append(Edge(emitter.leave(), {}, called))
        _, result = emitter.land(unknown, "elsewhere")
        if isinstance(result, Aggregate):
            checked = self._checked(item, result, arguments[0])
            known.append(Edge(emitter.leave(), {}, checked))
        translator.environment = environment
        _, result = emitter.land(known, "parts")
        translator.landed_raises(item, raises)
        assert result is None or isinstance(result, Aggregate)
        return result

    def _paths(self, item: Instruction, code: LowFunction, arguments: list[Aggregate], other: str) -> Paths:
        """The ways out of the code, with parts and with an error; goes to `other` with a container unlike expected."""
        emitter, container, seen = self.emitter, arguments[0], self._seen(item)
        if not isinstance(container.words[1], OwnedWord):
            mark = emitter.mark_of(container)
            emitter.continue_if(emitter.compare("eq", mark, constant_word(U8, 0)), other)
        vector = ArgumentVector([owned(container), *arguments[1:]], item.a)
        operands = [emitter.vm, vector, emitter.number(len(arguments))]
        if seen is None:
            return emitter.inline_paths(code, operands)
        storage = constant_word(U8, storage_for(seen))
        stored = self.operations.arrays.field(container, "flags")
        emitter.continue_if(emitter.compare("eq", stored, storage), other)
        with emitter.knowing(container.words[1], {FLAGS_OFFSET: storage}):
            return emitter.inline_paths(code, operands)

    # ------------------------------------------------------------------------ calling

    def _called(self, item: Instruction) -> Aggregate:
        """What the builtin gives, or ERROR in place of the first part."""
        emitter = self.emitter
        self.translator.spill(((1 << item.c) - 1) << item.a)
        emitter.publish()
        held = self.translator.request.words[item.pc + 1] & 0xFFFF
        numbers = [emitter.number(item.b), emitter.number(item.c), emitter.number(held)]
        rest = emitter.call_runtime("ruff_take_apart", [emitter.vm, emitter.register_place(item.a), *numbers])
        taken = emitter.load(VALUE, emitter.registers, 16 * (item.a + 1))
        assert isinstance(taken, Aggregate)
        return Aggregate(_PARTS, rest.words + taken.words)

    def _checked(self, item: Instruction, parts: Aggregate, container: Aggregate | None) -> Aggregate:
        """Parts that are no error, of the kinds expected; the first is the container if that is owned."""
        emitter, translator = self.emitter, self.translator
        translator.check_error(item, _rest(parts))
        self._set_parts(item, parts)
        taken = self.operations.register(item.a + 1)
        if container is None:
            return Aggregate(_PARTS, parts.words[:2] + taken.words)
        for wanted, found in zip(container.words, parts.words, strict=False):
            if wanted.constant is not None or isinstance(wanted, OwnedWord):
                emitter.guard(emitter.compare("eq", found, wanted), lambda: translator.side_exit(item.next))
        is_same = isinstance(container.words[1], OwnedWord)
        rest = container.words if is_same else (container.words[0], parts.words[1])
        return Aggregate(_PARTS, rest + taken.words)


def _rest(parts: Aggregate) -> Aggregate:
    return Aggregate(VALUE, parts.words[:2])


def _taken(parts: Aggregate) -> Aggregate:
    return Aggregate(VALUE, parts.words[2:])


def _rest_tag(edge: Edge) -> int | None:
    assert isinstance(edge.value, Aggregate)
    return known_tag(edge.value)
