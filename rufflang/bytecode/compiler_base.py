"""What every part of the compiler stands on: one chunk being built, its registers, its constants.

The compiler of one function is a class put together in layers, one file for each theme:

    base -> names -> conditions -> holding -> operators -> expressions -> calls -> places -> updates
         -> patterns -> functions -> control -> imports -> tests -> compiler

Registers are a stack.  A scope reserves one for each of its variables when it is
entered; above them expressions take and give back temporaries.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from rufflang.bytecode.chunk import Chunk, Constant
from rufflang.bytecode.encoding import Assembler, Label, fits_wide
from rufflang.bytecode.last_uses import LastUses
from rufflang.bytecode.prelude import BuiltinTable
from rufflang.bytecode.scopes import FunctionInfo, Resolution, Variable
from rufflang.records import Record, field
from rufflang.syntax import ast
from rufflang.syntax.spans import Span

# Type checkers take this for true; importing `typing` to say so would slow down every first run.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar

ARGUMENT_OFFSET = 2
"""From the callee's register to the first argument's: the frame header lies between."""

HELD_BITS = 16


class FileContext(Record, frozen=False):
    """What the functions of one file share while they are compiled."""

    resolution: Resolution
    builtins: BuiltinTable
    repl: bool
    global_names: list[str] = field(factory=list)
    taken_apart: set[str] = field(factory=set)
    """Names of functions and methods of which some call is taken apart at once, as an array."""
    _global_indices: dict[str, int] = field(factory=dict)

    def global_index(self, name: str) -> int:
        """The number of the global cell called `name`."""
        index = self._global_indices.get(name)
        if index is None:
            index = self._global_indices[name] = len(self.global_names)
            self.global_names.append(name)
        return index


class Loop(Record, frozen=False):
    """Where `continue` and `break` of a loop go."""

    again: Label
    exit: Label


class CompilerBase(ABC):
    """State of one function's compilation and the primitives for emitting code.

    `moves` are variables whose value is dead after the expression being compiled, so
    that their only mention in it may hand the value over instead of sharing it; with
    `only_argument` there are other mentions too, and it is the one that hands the value over.
    `return_target` is where `return` goes if it does not leave the function.
    `lent_to_loops` are variables over whose value a `for` around is running unmarked.
    `growing` are variables to which the loops around do nothing but append.
    `generator` is the register that holds the generator whose body this is.
    """

    expressions: ClassVar[dict[type, Callable[[Any, Any, int, bool], None]]]
    """For each expression node the method that puts its value into a register."""

    def __init__(self, context: FileContext, function: FunctionInfo, chunk: Chunk, wide: bool) -> None:
        self.context = context
        self.resolution = context.resolution
        self.function = function
        self.chunk = chunk
        self.assembler = Assembler(chunk, wide)
        self.emit = self.assembler.emit
        self.emit_wide = self.assembler.emit_wide
        self.jump = self.assembler.jump
        self.place = self.assembler.place
        self.top = 0
        self.locals_top = 0
        self.moves: set[Variable] = set()
        self.only_argument: ast.Expression | None = None
        self.not_lent: set[Variable] = set()
        self.try_depth = 0
        self.loops: list[Loop] = []
        self.return_target: Label | None = None
        self.lent_to_loops: list[Variable] = []
        self.growing: list[Variable] = []
        self.capture_registers: dict[Variable, int] = {}
        self.generator = -1
        self.last_uses = LastUses()

    # ------------------------------------------------------------------- registers

    def temporary(self) -> int:
        """Takes the next free register."""
        register = self.top
        self.top = register + 1
        if self.top > self.chunk.register_count:
            self.chunk.register_count = self.top
        return register

    def scratch(self, destination: int) -> int:
        """A register that may be written before all operands are read.

        That is `destination` itself unless it is a variable, which the operands may mention.
        """
        return destination if destination >= self.locals_top else self.temporary()

    def window(self, destination: int) -> int:
        """The first register of a row of fresh registers; `destination` itself if it is on top."""
        if destination == self.top - 1 and destination >= self.locals_top:
            return destination
        return self.temporary()

    def move(self, span: Span, destination: int, source: int) -> None:
        """Moves a value that `source` does not need any more."""
        if destination != source:
            self.emit(span, "MOVE", destination, source)

    def is_movable(self, variable: Variable) -> bool:
        """Whether the variable's register may give its value away at the last use."""
        own = variable.scope.function is self.function
        return own and variable.is_register and not variable.borrowed and variable not in self.lent_to_loops

    # ------------------------------------------------------------------- constants

    def constant(self, value: Constant, span: Span) -> int:
        """The index of a constant."""
        return self.assembler.constant(value, span)

    def load_constant(self, span: Span, value: Constant, destination: int) -> None:
        """Loads a value known at compile time in the shortest way."""
        if value is None:
            self.emit(span, "LOAD_NULL", destination)
        elif value is True:
            self.emit(span, "LOAD_TRUE", destination)
        elif value is False:
            self.emit(span, "LOAD_FALSE", destination)
        elif isinstance(value, int) and fits_wide(value):
            self.emit_wide(span, "LOAD_INT", destination, value)
        else:
            self.emit_wide(span, "LOAD_CONST", destination, self.constant(value, span))

    def raise_error(self, span: Span, message: str) -> None:
        """Emits code that raises an error known at compile time."""
        self.emit_wide(span, "RAISE", 0, self.constant(message, span))

    # ------------------------------------------------------------------- expressions

    def into(self, node: ast.Expression, destination: int, store: bool = False) -> None:
        """Emits code that puts the value of `node` into `destination`.

        With `store` the value may be kept there for good: what somebody else also holds
        is marked shared.  Otherwise it is only looked at before anybody can change it.
        """
        top = self.top
        self.expressions[type(node)](self, node, destination, store)
        self.top = top

    @abstractmethod
    def operand(self, node: ast.Expression) -> int:
        """A register that holds the value of `node`, to be looked at only."""

    @abstractmethod
    def must_pin(self, left: ast.Expression, right: ast.Expression) -> bool:
        """Whether evaluating `right`, or an operator on both, could change what `left` merely borrows."""

    @abstractmethod
    def closure(self, node: ast.Function, destination: int, name: str, is_method: bool = False) -> None:
        """Emits code that makes the function value of `node`."""
