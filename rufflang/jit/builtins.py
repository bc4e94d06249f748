"""Calls of builtins from compiled code.

A small builtin is replayed like an opcode, its argument vector standing for the registers
themselves; others are called with the vector in the frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rufflang.jit.code import Instruction
from rufflang.jit.emitter import ArgumentVector, known_tag
from rufflang.lowpy import ir
from rufflang.lowpy.function import LowFunction
from rufflang.lowpy.values import Aggregate
from rufflang.runtime.builtins.registry import ANY_NUMBER, Entry
from rufflang.runtime.values import ARRAY, STACK

if TYPE_CHECKING:
    from rufflang.jit.operations import Operations

INLINE_BUDGET = 60


class BuiltinCalls:
    """CALL_BUILTIN."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter

    def call(self, item: Instruction) -> None:
        arguments = [self.operations.register(item.a + index) for index in range(item.c)]
        held = self.translator.request.words[item.pc + 1] & 0xFFFF
        entry = self.translator.request.questions.builtin(item.b)
        result = None
        if entry is not None and self._can_replay(entry, arguments, held):
            result = self._replayed(item, entry.code, arguments)
            if self.emitter.block is None:
                return
        if result is None:
            result = self._called(item, held)
        result = self.translator.guard_kind(item, item.a, result)
        self.translator.check_error(item, result)
        self.operations.set_register(item.a, result)

    @staticmethod
    def _can_replay(entry: Entry, arguments: list[Aggregate], held: int) -> bool:
        code = entry.code
        # What the caller of a builtin checks, the number of arguments and permissions, is not in its code.
        if not isinstance(code, LowFunction) or entry.capability is not None:
            return False
        if entry.arity != "own" and not _takes(entry, len(arguments)):
            return False
        for index, argument in enumerate(arguments):
            tag = known_tag(argument)
            if held >> index & 1 and (tag is None or ARRAY <= tag <= STACK) and not _only_looks(code):
                return False
        return is_replayable(code)

    def _replayed(self, item: Instruction, code: LowFunction, arguments: list[Aggregate]) -> Aggregate | None:
        emitter = self.emitter
        vector = ArgumentVector(arguments)
        result, raises = emitter.inline(code, [emitter.vm, vector, emitter.number(len(arguments))])
        self.translator.landed_raises(item, raises)
        assert result is None or isinstance(result, Aggregate)
        return result

    def _called(self, item: Instruction, held: int) -> Aggregate:
        emitter = self.emitter
        self.translator.spill(((1 << item.c) - 1) << item.a)
        emitter.publish()
        window = emitter.register_place(item.a)
        numbers = [emitter.number(item.b), emitter.number(item.c), emitter.number(held)]
        return emitter.call_runtime("calling.call_builtin", [emitter.vm, window, *numbers])


def _takes(entry: Entry, count: int) -> bool:
    return entry.minimum <= count and (count <= entry.maximum or entry.maximum == ANY_NUMBER)


def _only_looks(code: LowFunction) -> bool:
    return code.name in ("builtin_len",)


_replayable: dict[str, bool] = {}


def is_replayable(code: LowFunction) -> bool:
    """Whether a builtin is small and uses its arguments only as `arguments[0]` and the like."""
    known = _replayable.get(code.symbol)
    if known is None:
        counter = _Counter()
        counter.statements(code.body)
        known = _replayable[code.symbol] = counter.fits and counter.size <= INLINE_BUDGET
    return known


class _Counter:
    """Counts a function's nodes and checks how it uses its argument vector."""

    def __init__(self) -> None:
        self.size = 0
        self.fits = True

    def statements(self, statements: tuple[ir.Statement, ...]) -> None:
        for statement in statements:
            self._part(statement)

    def _part(self, part: object) -> None:
        if isinstance(part, tuple):
            for item in part:
                self._part(item)
        elif isinstance(part, ir.While):
            self.fits = False
        elif isinstance(part, ir.LoadElement) and isinstance(part.base, ir.Local) and part.base.name == "arguments":
            self.fits = self.fits and isinstance(part.index, ir.Constant)
            self.size += 1
        elif isinstance(part, ir.Local):
            self.fits = self.fits and part.name != "arguments"
        elif isinstance(part, ir.CallFunction) and part.function.inline:
            self.size += 5
            self._part(part.arguments)
        elif hasattr(part, "__dataclass_fields__"):
            self.size += 1
            for name in part.__dataclass_fields__:
                self._part(getattr(part, name))

