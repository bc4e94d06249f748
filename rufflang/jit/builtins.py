"""Calls of builtins from compiled code.

A small builtin is replayed like an opcode, its argument vector standing for the registers
themselves; others are called with the vector in the frame.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction
from rufflang.jit.emitter import LARGEST_REPLAYED, JitEmitter
from rufflang.jit.ownership import owned
from rufflang.jit.unmade import virtual_of
from rufflang.jit.words import ArgumentVector, NotReplayable, known_tag
from rufflang.lowpy.emitter import Edge
from rufflang.lowpy.function import LowFunction, as_low
from rufflang.lowpy.types import U8
from rufflang.lowpy.values import Aggregate, constant_word
from rufflang.runtime.builtins.registry import ANY_NUMBER, Entry
from rufflang.runtime.sharing import share
from rufflang.runtime.values import ARRAY, MARKED_TAGS

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rufflang.jit.operations import Operations

Paths = tuple[list[Edge], list[Edge]]
"""The ways out of a builtin's code: with its result, and with an error."""

_LONGEST_REPLAY = 200
"""Lines of LLVM text that may come of a builtin's code."""


class BuiltinCalls:
    """CALL_BUILTIN."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter
        self._too_long: set[tuple[object, ...]] = set()

    def call(self, item: Instruction) -> None:
        if self.operations.virtual_arrays.length(item):
            return
        arguments = [self.operations.register(item.a + index) for index in range(item.c)]
        held = self.translator.request.words[item.pc + 1] & 0xFFFF
        entry = self.translator.request.questions.builtin(item.b)
        result = None
        if entry is not None and may_replay(entry, entry.code, len(arguments)):
            result = self._replayed(item, entry, arguments, held)
            if result is None and self.emitter.block is not None and _is_given_array(arguments, held):
                result = self._replayed_unless_shared(item, entry, arguments, held)
            if self.emitter.block is None:
                return
        if result is None:
            result = self._called(item, held)
        result = self.translator.guard_kind(item, item.a, result)
        self.translator.check_error(item, result)
        self.operations.set_register(item.a, result)

    def _replayed(
        self, item: Instruction, entry: Entry, arguments: list[Aggregate], held: int
    ) -> Aggregate | None:
        """The builtin's result, or None where its code comes out too long or needs its arguments in memory."""
        paths = self._paths(item, entry, arguments, held)
        if paths is None:
            return None
        _, result = self.emitter.land(paths[0])
        self.translator.landed_raises(item, paths[1])
        assert result is None or isinstance(result, Aggregate)
        return result

    def _replayed_unless_shared(
        self, item: Instruction, entry: Entry, arguments: list[Aggregate], held: int
    ) -> Aggregate | None:
        """As `_replayed`, for an array that turns out to have one holder; otherwise the builtin is called."""
        emitter = self.emitter
        before, environment = emitter.position(), dict(self.translator.environment)
        single, several = emitter.new_label("single"), emitter.new_label("several")
        mark = emitter.mark_of(arguments[0])
        emitter.branch(emitter.compare("eq", mark, constant_word(U8, 0)), single, several)
        emitter.start(single)
        paths = self._paths(item, entry, [owned(arguments[0]), *arguments[1:]], held)
        if paths is None:
            emitter.go_back(before)
            return None
        emitter.start(several)
        called = self._called(item, held)
        _, result = emitter.land([*paths[0], Edge(emitter.leave(), {}, called)], "either")
        self.translator.environment = environment
        self.translator.landed_raises(item, paths[1])
        assert isinstance(result, Aggregate)
        return result

    def _paths(
        self, item: Instruction, entry: Entry, arguments: list[Aggregate], held: int
    ) -> Paths | None:
        """The ways out of the builtin's code, with its result and with an error; None as for `_replayed`."""
        emitter = self.emitter
        kinds = ((known_tag(argument), *map(type, argument.words)) for argument in arguments)
        case = (entry.name, held, *kinds)
        if case in self._too_long:
            return None

        def inlined() -> Paths:
            for index, argument in enumerate(arguments):
                if held >> index & 1 and not entry.lent >> index & 1:
                    share_argument(emitter, argument)
            vector = ArgumentVector(arguments, item.a)
            return emitter.inline_paths(entry.code, [emitter.vm, vector, emitter.number(len(arguments))])

        paths = replayed(emitter, inlined)
        if paths is None:
            self._too_long.add(case)
        return paths

    def _called(self, item: Instruction, held: int) -> Aggregate:
        emitter = self.emitter
        self.translator.spill(((1 << item.c) - 1) << item.a)
        emitter.publish()
        window = emitter.register_place(item.a)
        numbers = [emitter.number(item.b), emitter.number(item.c), emitter.number(held)]
        return emitter.call_runtime("calling.call_builtin", [emitter.vm, window, *numbers])


def _is_given_array(arguments: list[Aggregate], held: int) -> bool:
    """Whether the builtin gets an array that its caller does not hold on to."""
    return bool(arguments) and known_tag(arguments[0]) == ARRAY and not held & 1


def replayed(emitter: JitEmitter, inline: Callable[[], Paths]) -> Paths | None:
    """The ways out of what `inline` emits; None, and nothing is emitted, where that is too long or cannot be."""
    before = emitter.position()
    try:
        paths = inline()
        fits = len(emitter.lines) - before.line <= _LONGEST_REPLAY
    except NotReplayable:
        emitter.abandon_inlining()
        fits = False
    if fits:
        return paths
    emitter.go_back(before)
    return None


def may_replay(entry: Entry, code: object, count: int) -> bool:
    """Whether a builtin's code may stand in for a call with so many arguments, and is not hopelessly long."""
    # What the caller of a builtin checks, the number of arguments and permissions, is not in its code.
    if not isinstance(code, LowFunction) or entry.capability is not None:
        return False
    if entry.arity != "own" and not _takes(entry, count):
        return False
    return code.size <= LARGEST_REPLAYED


def _takes(entry: Entry, count: int) -> bool:
    return entry.minimum <= count and (count <= entry.maximum or entry.maximum == ANY_NUMBER)


def share_argument(emitter: JitEmitter, argument: Aggregate) -> Aggregate:
    """The argument; what bears marks, and its caller holds on to, is marked."""
    virtual, tag = virtual_of(argument), known_tag(argument)
    if virtual is not None:
        return emitter.virtuals.again(virtual, is_shared=True)
    if tag is None or MARKED_TAGS >> tag & 1:
        emitter.inline(as_low(share), [argument])
    return argument
