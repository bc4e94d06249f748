"""Calls of small functions, replaced by the functions' code.

An inlined function is translated like any other, by a translator of its own that writes into
its caller's text.  Its arguments are the caller's SSA values with all that is known of them,
its result is a value of the caller's, and there is no frame: the header that a frame begins
with is written only where somebody may look at it.

Where an assumption fails in inlined code, the interpreter finishes the function in its own
frame, just as if it had been called; then the caller, whose code relied on what the function
normally gives, leaves with that result behind the call.  An error that the function does not
catch is the call's.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction, decode
from rufflang.jit.emitter import Header, JitEmitter
from rufflang.jit.hot import DEEPEST_INLINED, LARGEST_INLINED, DirectTarget
from rufflang.jit.quickness import may_be_repeated
from rufflang.jit.request import CompileRequest, register_name
from rufflang.jit.translator import Translator
from rufflang.lowpy.emitter import Edge
from rufflang.lowpy.types import I64
from rufflang.lowpy.values import Aggregate, Word

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.jit.operations import Operations

LONGEST_TEXT = 4000
"""Lines of LLVM text that a caller may have already."""


class Inlining:
    """Decides which calls of an `Operations` are inlined, and does it."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter

    def find(self, target: DirectTarget) -> CompileRequest | None:
        """What is to be translated instead of a call, if that pays."""
        translator, request = self.translator, self.translator.request
        if request.is_quick or len(translator.path) >= DEEPEST_INLINED or len(self.emitter.lines) > LONGEST_TEXT:
            return None
        inlined = request.questions.request_inlined(target.number, LARGEST_INLINED)
        repeated = translator.callers.count(target.number)
        if inlined is None or not may_be_repeated(repeated, decode(inlined.words).values()):
            return None
        return inlined

    def inline(
        self, item: Instruction, request: CompileRequest, closure: Word, arguments: list[Aggregate]
    ) -> Edge | None:
        """The function's code; gives the edge on which it returns normally, if there is any."""
        if request.number in self.translator.callers:
            # In the end there are calls, each of which needs the headers; those written here are there for all of them.
            self.emitter.write_headers()
        inner = InlinedTranslator(self.translator, item, request)
        inner.wanted_parts = self.operations.parts.wanted_of(item)
        inner.insert(closure, arguments)
        inner.root.request.parts.add(request.chunk.name)
        outer, emitter = self.translator, self.emitter
        emitter.land(inner.raises, "inner_raised")
        if emitter.block is not None:
            outer.raised(item)
        _, result = emitter.land(inner.left_by, "inner_left")
        if emitter.block is not None:
            assert isinstance(result, Aggregate)
            outer.leave_behind(item, result)
        self.operations.parts.agree(item, inner.returns)
        _, result = emitter.land(inner.returns, "inner_returned")
        return None if emitter.block is None else Edge(emitter.leave(), {}, result)


class InlinedTranslator(Translator):
    """Translates a function as part of another's code; `returns`, `left_by` and `raises` are the edges out of it."""

    def __init__(self, outer: Translator, call: Instruction, request: CompileRequest) -> None:
        super().__init__(request, outer.module)
        self.outer = outer
        self.root = outer.root
        self.call = call
        self.emitter: JitEmitter = outer.emitter
        self.path = (*outer.path, call.pc)
        self.callers = (*outer.callers, request.number)
        self.dropped = outer.dropped
        self.returns: list[Edge] = []
        self.left_by: list[Edge] = []
        self.raises: list[Edge] = []

    def insert(self, closure: Word, arguments: list[Aggregate]) -> None:
        """Writes the code, for a call of that closure with these arguments."""
        emitter = self.emitter
        before = emitter.registers, emitter.depth, emitter.closure, emitter.headers
        emitter.headers = (*emitter.headers, Header(emitter.registers, self.call.a, closure))
        emitter.registers = emitter.register_place(self.call.a + 2)
        emitter.depth = emitter.arithmetic(I64, "add", emitter.depth, emitter.number(1))
        emitter.closure = closure
        self.begin_attempt({register_name(index): item for index, item in enumerate(arguments)})
        self.follow(self.flow.first)
        self.walk(self.flow.first, self.flow.end)
        self.land_exits()
        emitter.registers, emitter.depth, emitter.closure, emitter.headers = before

    # ------------------------------------------------------------- leaving the code

    def give_back(self, result: Aggregate) -> None:
        prepared = self.emitter.prepared(result)
        self.returns.append(Edge(self.emitter.leave(), {}, prepared))

    @property
    def leaving(self) -> str:
        return "ruff_exit_inlined"

    def left(self, result: Aggregate) -> None:
        self.left_by.append(Edge(self.emitter.leave(), {}, result))

    def fail(self, address: Word) -> None:
        self.raises.append(Edge(self.emitter.leave(), {}))
