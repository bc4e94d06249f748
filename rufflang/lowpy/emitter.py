"""Replays typed trees as LLVM text, in SSA form, folding whatever is already known.

One walk does three things at once: it numbers values (phi nodes are made where
structured control flow joins), splits records into words, and evaluates what is
constant, leaving out every branch that a constant decides.  The runtime's functions,
the interpreter's handlers and the JIT's code all come out of this class; the latter two
call `inline` with operands they know something about.
"""

from __future__ import annotations

from rufflang.lowpy import ir
from rufflang.lowpy.emitter_blocks import Edge, Environment, undefined
from rufflang.lowpy.emitter_values import ValueEmitter
from rufflang.lowpy.function import LowFunction, LowpyError
from rufflang.lowpy.types import BOOL, RAISED, VOID, RecordType, llvm_type
from rufflang.lowpy.values import Aggregate, SsaValue, Word, constant_word, words_of
from rufflang.records import Record, field

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = ["Activation", "Edge", "Emitter", "Environment", "undefined"]

_ATTRIBUTES = {True: " cold noinline nounwind", False: " nounwind"}


class Activation(Record, frozen=False):
    """One function being replayed: its variables and the edges that leave it."""

    function: LowFunction
    environment: Environment
    returns: list[Edge] = field(factory=list)
    raises: list[Edge] = field(factory=list)
    breaks: list[list[Edge]] = field(factory=list)
    continues: list[list[Edge]] = field(factory=list)


class Emitter(ValueEmitter):
    """Replays lowpy functions; see `BlockEmitter` for the position that it writes at."""

    _inline_depth = 0

    # ---------------------------------------------------------------------- functions

    def function(self, function: LowFunction) -> None:
        """Writes a lowpy function as an LLVM function of the C calling convention."""
        signature = function.signature
        environment: Environment = {}
        parameters: list[str] = []
        for name, kind in zip(signature.names, signature.parameters, strict=True):
            value = self.parameter(f"%p.{name}", kind)
            environment[name] = value
            parameters.extend(f"{llvm_type(item.type)} {item.text}" for item in words_of(value))
        result = VOID if signature.result is RAISED else signature.result
        header = f'define {llvm_type(result)} @"{function.symbol}"({", ".join(parameters)})'
        self.begin(header + _ATTRIBUTES[function.cold])
        activation = self._replay(function, environment)
        for edge in activation.returns:
            self.reopen(edge.block)
            self.return_value(edge.value)
        for edge in activation.raises:
            if not isinstance(result, RecordType) or result.python_class.raised is None:
                rule = f"{function.name} inlines a function that may raise, and {result} has no error edge"
                raise LowpyError(f"{function.place}: {rule}")
            self.reopen(edge.block)
            self.return_value(self.raised_value(result))
        self.finish()

    # ------------------------------------------------------------------------ inlining

    def abandon_inlining(self) -> None:
        """Must be called before going on after an exception that came out of `inline`."""
        self._inline_depth = 0

    def inline(
        self, function: LowFunction, arguments: Sequence[SsaValue]
    ) -> tuple[SsaValue | None, list[Edge]]:
        """Replays a function here; returns its result and the edges on which it raised.

        Afterwards `block` is None when the function cannot return normally.
        """
        returns, raises = self.inline_paths(function, arguments)
        _, value = self.land(returns)
        return value, raises

    def inline_paths(
        self, function: LowFunction, arguments: Sequence[SsaValue]
    ) -> tuple[list[Edge], list[Edge]]:
        """Replays a function here; returns the edges on which it returned, values and all, and raised."""
        environment = dict(zip(function.signature.names, arguments, strict=True))
        if self._inline_depth > 40:
            raise LowpyError(f"{function.place}: {function.name}: inlined functions are recursive")
        self._inline_depth += 1
        activation = self._replay(function, environment)
        self._inline_depth -= 1
        returns = [Edge(edge.block, {}, edge.value) for edge in activation.returns]
        return returns, [Edge(edge.block, {}) for edge in activation.raises]

    def _replay(self, function: LowFunction, environment: Environment) -> Activation:
        activation = Activation(function, environment)
        self._statements(function.body, activation)
        if self.block is not None:
            activation.returns.append(Edge(self.leave(), {}))
        return activation

    # ---------------------------------------------------------------------- statements

    def _statements(self, statements: Sequence[ir.Statement], activation: Activation) -> None:
        for statement in statements:
            if self.block is None:
                return
            _STATEMENTS[type(statement)](self, statement, activation)

    def _assign(self, statement: ir.Assign, activation: Activation) -> None:
        value = self.expression(statement.value, activation)
        if self.block is not None:
            activation.environment[statement.name] = value

    def _assign_tuple(self, statement: ir.AssignTuple, activation: Activation) -> None:
        value = self.expression(statement.value, activation)
        activation.environment.update(zip(statement.names, words_of(value), strict=True))

    def _store(self, statement: ir.Store, activation: Activation) -> None:
        base = self.word(statement.base, activation)
        value = self.expression(statement.value, activation)
        if self.block is not None:
            self.store(base, statement.offset, value)

    def _store_element(self, statement: ir.StoreElement, activation: Activation) -> None:
        base = self.word(statement.base, activation)
        index = self.word(statement.index, activation)
        value = self.expression(statement.value, activation)
        if self.block is not None:
            self.store(self.element_address(base, index, value.type.size), 0, value)

    def _if(self, statement: ir.If, activation: Activation) -> None:
        condition = self.word(statement.condition, activation)
        if self.block is None:
            return
        if condition.constant is not None:
            self._statements(statement.then if condition.constant else statement.otherwise, activation)
            return
        before = activation.environment
        then, otherwise, edges = self.new_label("then"), self.new_label("else"), []
        self.branch(condition, then, otherwise)
        for label, side in ((then, statement.then), (otherwise, statement.otherwise)):
            activation.environment = dict(before)
            self.start(label)
            self._statements(side, activation)
            if self.block is not None:
                edges.append(Edge(self.leave(), activation.environment))
        activation.environment, _ = self.land(edges)

    def _while(self, statement: ir.While, activation: Activation) -> None:
        header = self.new_label("loop")
        assert self.block is not None
        before, entry = activation.environment, self.block
        self.jump(header)
        self.start_loop(header)
        environment = dict(before)
        pending: list[tuple[int, str, int]] = []
        for name in sorted(statement.assigned & before.keys()):
            environment[name] = self._loop_phi(name, before[name], pending)
        activation.environment = environment
        condition = self.word(statement.condition, activation)
        activation.breaks.append([])
        activation.continues.append([])
        exits = self._loop_exits(condition, activation)
        self._statements(statement.body, activation)
        back = activation.continues.pop()
        if self.block is not None:
            back.append(Edge(self.leave(), activation.environment))
        for position, name, index in pending:
            sources = [f"[ {words_of(before[name])[index].text}, %{entry} ]"]
            sources += [f"[ {words_of(edge.environment[name])[index].text}, %{edge.block} ]" for edge in back]
            self.lines[position] += ", ".join(sources)
        for edge in back:
            self._patch(edge.block, header)
        activation.environment, _ = self.land(exits + activation.breaks.pop())

    def _loop_exits(self, condition: Word, activation: Activation) -> list[Edge]:
        """Where the condition ends the loop; afterwards the position is in the body, if that can run."""
        if self.block is None or condition.constant:
            return []
        if condition.constant is not None:
            return [Edge(self.leave(), dict(activation.environment))]
        body, leave = self.new_label("body"), self.new_label("leave")
        self.branch(condition, body, leave)
        self.start(leave)
        edge = Edge(self.leave(), dict(activation.environment))
        self.start(body)
        return [edge]

    def _loop_phi(self, name: str, value: SsaValue, pending: list[tuple[int, str, int]]) -> SsaValue:
        words = []
        for index, item in enumerate(words_of(value)):
            words.append(self.define(item.type, f"phi {llvm_type(item.type)} "))
            pending.append((len(self.lines) - 1, name, index))
        return Aggregate(value.type, tuple(words)) if isinstance(value, Aggregate) else words[0]

    def _break(self, statement: ir.Break, activation: Activation) -> None:
        activation.breaks[-1].append(Edge(self.leave(), dict(activation.environment)))

    def _continue(self, statement: ir.Continue, activation: Activation) -> None:
        activation.continues[-1].append(Edge(self.leave(), dict(activation.environment)))

    def _return(self, statement: ir.Return, activation: Activation) -> None:
        value = None if statement.value is None else self.expression(statement.value, activation)
        if self.block is not None:
            activation.returns.append(Edge(self.leave(), {}, value))

    def _raise(self, statement: ir.Raise, activation: Activation) -> None:
        self.expression(statement.value, activation)
        if self.block is not None:
            activation.raises.append(Edge(self.leave(), {}))

    def _evaluate(self, statement: ir.Evaluate, activation: Activation) -> None:
        self.expression(statement.value, activation)

    # --------------------------------------------------------------------- expressions

    def expression(self, node: ir.Expression, activation: Activation) -> SsaValue:
        """The value of an expression; anything (undefined) where `block` became None."""
        if self.block is None:
            return undefined(node.type)
        value: SsaValue = _EXPRESSIONS[type(node)](self, node, activation)
        return value

    def word(self, node: ir.Expression, activation: Activation) -> Word:
        value = self.expression(node, activation)
        assert isinstance(value, Word), node
        return value

    def _constant(self, node: ir.Constant, activation: Activation) -> SsaValue:
        return constant_word(node.type, node.value)

    def _local(self, node: ir.Local, activation: Activation) -> SsaValue:
        value = activation.environment.get(node.name)
        if value is None:
            function = activation.function
            place = f"{function.file}:{node.line}: in {function.name}"
            raise LowpyError(f"{place}: {node.name} may be read before it is assigned")
        return value

    def _arithmetic(self, node: ir.Arithmetic, activation: Activation) -> SsaValue:
        left, right = self.word(node.left, activation), self.word(node.right, activation)
        return self.arithmetic(node.type, node.op, left, right)

    def _compare(self, node: ir.Compare, activation: Activation) -> SsaValue:
        left, right = self.word(node.left, activation), self.word(node.right, activation)
        return self.compare(node.op, left, right)

    def _not(self, node: ir.Not, activation: Activation) -> SsaValue:
        return self.negation(self.word(node.operand, activation))

    def _logical(self, node: ir.Logical, activation: Activation) -> SsaValue:
        left = self.word(node.left, activation)
        deciding = node.op == "or"
        if left.constant is not None:
            return left if bool(left.constant) == deciding else self.word(node.right, activation)
        if self.block is None:
            return left
        right_label, joined = self.new_label("rhs"), self.new_label("both")
        first = self.block
        self.branch(left, *((joined, right_label) if deciding else (right_label, joined)))
        self.start(right_label)
        written = len(self.lines)
        right = self.word(node.right, activation)
        if self.block is None:
            self.start(joined)
            return constant_word(BOOL, deciding)
        if right.constant is not None and len(self.lines) == written:
            # The right side needs no code: neither does the branch to it.
            del self.lines[-2:]
            self.block = first
            return right if bool(right.constant) == deciding else left
        second = self.block
        self.jump(joined)
        self.start(joined)
        shortcut = "true" if deciding else "false"
        return self.define(BOOL, f"phi i1 [ {shortcut}, %{first} ], [ {right.text}, %{second} ]")

    def _conditional(self, node: ir.Conditional, activation: Activation) -> SsaValue:
        condition = self.word(node.condition, activation)
        if condition.constant is not None:
            return self.expression(node.then if condition.constant else node.otherwise, activation)
        if self.block is None:
            return undefined(node.type)
        then, otherwise, edges = self.new_label("then"), self.new_label("else"), []
        self.branch(condition, then, otherwise)
        for label, side in ((then, node.then), (otherwise, node.otherwise)):
            self.start(label)
            value = self.expression(side, activation)
            if self.block is not None:
                edges.append(Edge(self.leave(), {}, value))
        _, result = self.land(edges)
        return undefined(node.type) if result is None else result

    def _convert(self, node: ir.Convert, activation: Activation) -> SsaValue:
        return self.convert(node.type, self.word(node.operand, activation))

    # -------------------------------------------------------------------------- memory

    def _load(self, node: ir.Load, activation: Activation) -> SsaValue:
        return self.load(node.type, self.word(node.base, activation), node.offset)

    def _load_element(self, node: ir.LoadElement, activation: Activation) -> SsaValue:
        base = self.word(node.base, activation)
        index = self.word(node.index, activation)
        return self.load_element(node, base, index)

    def _field_address(self, node: ir.FieldAddress, activation: Activation) -> SsaValue:
        address = self.address(self.word(node.base, activation), node.offset)
        return Word(node.type, address.text)

    def _element_address(self, node: ir.ElementAddress, activation: Activation) -> SsaValue:
        base = self.word(node.base, activation)
        return self.element_address(base, self.word(node.index, activation), node.stride)

    def _make_record(self, node: ir.MakeRecord, activation: Activation) -> SsaValue:
        assert isinstance(node.type, RecordType)
        return Aggregate(node.type, tuple(self.word(item, activation) for item in node.items))

    def _record_field(self, node: ir.RecordField, activation: Activation) -> SsaValue:
        return words_of(self.expression(node.base, activation))[node.index]

    # --------------------------------------------------------------------------- calls

    def _call(self, node: ir.CallFunction, activation: Activation) -> SsaValue:
        arguments = [self.expression(item, activation) for item in node.arguments]
        if self.block is None:
            return undefined(node.type)
        if node.function.inline or self.inlines(node.function, arguments):
            value, raises = self.inline(node.function, arguments)
            activation.raises.extend(raises)
            return undefined(node.type) if value is None else value
        return self.call(node.function, arguments)

    def inlines(self, function: LowFunction, arguments: Sequence[SsaValue]) -> bool:
        """Whether a function that is not always inlined should be inlined with these arguments."""
        return False

    def call(self, function: LowFunction, arguments: Sequence[SsaValue]) -> SsaValue:
        """A call that stays a call."""
        self.module.use(function)
        words = [item for argument in arguments for item in words_of(argument)]
        return self.call_symbol(f'@"{function.symbol}"', function.signature.result, words)

    def _intrinsic(self, node: ir.Intrinsic, activation: Activation) -> SsaValue:
        from rufflang.lowpy.emitter_intrinsics import emit_intrinsic

        arguments = [self.word(item, activation) if not isinstance(item.type, RecordType)
                     else self.expression(item, activation) for item in node.arguments]  # fmt: skip
        return undefined(node.type) if self.block is None else emit_intrinsic(self, node, arguments)


_STATEMENTS: dict[type, Any] = {
    ir.Assign: Emitter._assign, ir.AssignTuple: Emitter._assign_tuple, ir.Store: Emitter._store,
    ir.StoreElement: Emitter._store_element, ir.If: Emitter._if, ir.While: Emitter._while,
    ir.Break: Emitter._break, ir.Continue: Emitter._continue, ir.Return: Emitter._return,
    ir.Raise: Emitter._raise, ir.Evaluate: Emitter._evaluate,
}  # fmt: skip
_EXPRESSIONS: dict[type, Any] = {
    ir.Constant: Emitter._constant, ir.Local: Emitter._local, ir.Arithmetic: Emitter._arithmetic,
    ir.Compare: Emitter._compare, ir.Not: Emitter._not, ir.Logical: Emitter._logical,
    ir.Conditional: Emitter._conditional, ir.Convert: Emitter._convert, ir.Load: Emitter._load,
    ir.LoadElement: Emitter._load_element, ir.FieldAddress: Emitter._field_address,
    ir.ElementAddress: Emitter._element_address, ir.MakeRecord: Emitter._make_record,
    ir.RecordField: Emitter._record_field, ir.CallFunction: Emitter._call, ir.Intrinsic: Emitter._intrinsic,
}  # fmt: skip
