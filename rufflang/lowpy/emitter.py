"""Replays typed trees as LLVM text, in SSA form, folding whatever is already known.

One walk does three things at once: it numbers values (phi nodes are made where
structured control flow joins), splits records into words, and evaluates what is
constant, leaving out every branch that a constant decides.  The runtime's functions,
the interpreter's handlers and the JIT's code all come out of this class; the latter two
call `inline` with operands they know something about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from rufflang.lowpy import ir
from rufflang.lowpy.emitter_folding import fold_arithmetic, fold_compare, fold_convert
from rufflang.lowpy.function import LowFunction, LowpyError
from rufflang.lowpy.module import ModuleText
from rufflang.lowpy.types import (
    BOOL,
    F64,
    RAISED,
    VOID,
    RecordType,
    Scalar,
    TupleType,
    Type,
    is_pointer,
    llvm_type,
)
from rufflang.lowpy.values import Aggregate, SsaValue, Word, constant_word, same, words_of

Environment = dict[str, SsaValue]
_ATTRIBUTES = {True: " cold noinline nounwind", False: " nounwind"}


@dataclass(slots=True)
class Edge:
    """A jump waiting for its target: the block it leaves and the variables there."""

    block: str
    environment: Environment
    value: SsaValue | None = None


@dataclass(slots=True)
class Activation:
    """One function being replayed: its variables and the edges that leave it."""

    function: LowFunction
    environment: Environment
    returns: list[Edge] = field(default_factory=list)
    raises: list[Edge] = field(default_factory=list)
    breaks: list[list[Edge]] = field(default_factory=list)
    continues: list[list[Edge]] = field(default_factory=list)


class Emitter:
    """Writes one LLVM function at a time into a `ModuleText`.

    `block` is the label that new instructions go to, or None where control cannot come.
    """

    def __init__(self, module: ModuleText) -> None:
        self.module = module
        self.lines: list[str] = []
        self.block: str | None = None
        self._counter = 0
        self._inline_depth = 0
        self._open_jumps: dict[str, int] = {}

    # ------------------------------------------------------------- blocks and values

    def fresh(self, prefix: str = "v") -> str:
        """A new local name."""
        self._counter += 1
        return f"%{prefix}{self._counter}"

    def new_label(self, hint: str = "b") -> str:
        self._counter += 1
        return f"{hint}{self._counter}"

    def start(self, label: str) -> None:
        """Opens a block."""
        self.lines.append(f"{label}:")
        self.block = label

    def line(self, text: str) -> None:
        self.lines.append("  " + text)

    def define(self, kind: Type, text: str) -> Word:
        """A new SSA value computed by the instruction `text`."""
        name = self.fresh()
        self.lines.append(f"  {name} = {text}")
        return Word(kind, name)

    def jump(self, label: str) -> None:
        """Ends the block with a jump."""
        self.line(f"br label %{label}")
        self.block = None

    def branch(self, condition: Word, then: str, otherwise: str) -> None:
        """Ends the block with a two-way branch."""
        self.line(f"br i1 {condition.text}, label %{then}, label %{otherwise}")
        self.block = None

    def leave(self) -> str:
        """The current block's label, marking the position unreachable: a jump will be added by `land`."""
        assert self.block is not None
        label, self.block = self.block, None
        marker = f"  ; jump from {label}"
        self.lines.append(marker)
        self._open_jumps[label] = len(self.lines) - 1
        return label

    def land(self, edges: Sequence[Edge], hint: str = "join") -> tuple[Environment, SsaValue | None]:
        """Joins the edges in a new block; returns the merged variables and value.

        Without edges the position stays unreachable and everything is empty.
        """
        if not edges:
            self.block = None
            return {}, None
        if len(edges) == 1:
            edge = edges[0]
            position = self._open_jumps[edge.block]
            if position == len(self.lines) - 1:
                self.lines.pop()
                del self._open_jumps[edge.block]
                self.block = edge.block
                return dict(edge.environment), edge.value
        label = self.new_label(hint)
        for edge in edges:
            self._patch(edge.block, label)
        self.start(label)
        first = edges[0]
        merged: Environment = {}
        for name, value in first.environment.items():
            others = [edge.environment.get(name) for edge in edges]
            if all(item is value for item in others):
                merged[name] = value
            elif all(item is not None for item in others):
                merged[name] = self.phi([(edge.environment[name], edge.block) for edge in edges])
        result = None
        if first.value is not None:
            result = self.phi([(edge.value, edge.block) for edge in edges if edge.value is not None])
        return merged, result

    def _patch(self, block: str, label: str) -> None:
        position = self._open_jumps.pop(block)
        self.lines[position] = f"  br label %{label}"

    def phi(self, items: list[tuple[SsaValue, str]]) -> SsaValue:
        """The value that came from whichever block was left; no instruction where all are the same."""
        first = items[0][0]
        if all(same(first, item) for item, _ in items[1:]):
            return first
        if isinstance(first, Aggregate):
            words = []
            for index in range(len(first.words)):
                part = self.phi([(words_of(item)[index], block) for item, block in items])
                assert isinstance(part, Word)
                words.append(part)
            return Aggregate(first.type, tuple(words))
        sources = ", ".join(f"[ {words_of(item)[0].text}, %{block} ]" for item, block in items)
        return self.define(first.type, f"phi {llvm_type(first.type)} {sources}")

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
        header = f"define {llvm_type(result)} @\"{function.symbol}\"({', '.join(parameters)})"
        self.begin(header + _ATTRIBUTES[function.cold])
        activation = self._replay(function, environment)
        for edge in activation.returns:
            self._reopen(edge.block)
            self.return_value(edge.value)
        for edge in activation.raises:
            self._reopen(edge.block)
            assert isinstance(result, RecordType)
            self.return_value(self.raised_value(result))
        self.finish()

    def begin(self, header: str) -> None:
        """Opens a function; `header` is the `define` line without its brace."""
        self.lines = [header + " {"]
        self._counter = 0
        self._open_jumps.clear()
        self.start("entry")

    def finish(self) -> None:
        """Closes the function and hands its text to the module."""
        if self.block is not None:
            self.line("unreachable")
        self.lines.append("}")
        self.module.add_function("\n".join(self.lines))
        self.lines = []
        self.block = None

    def parameter(self, text: str, kind: Type) -> SsaValue:
        """A parameter as a value; records arrive as one parameter a word."""
        if isinstance(kind, RecordType):
            words = (Word(item, f"{text}.{name}") for name, item in kind.fields.items())
            return Aggregate(kind, tuple(words))
        return Word(kind, text)

    def raised_value(self, kind: RecordType) -> Aggregate:
        """What a record-returning function returns while an error is in flight."""
        raised = kind.python_class.raised
        assert raised is not None
        words = []
        for item, value in zip(kind.fields.values(), raised, strict=True):
            words.append(Word(item, "null") if is_pointer(item) else constant_word(item, value))
        return Aggregate(kind, tuple(words))

    def _reopen(self, block: str) -> None:
        """Continues at an edge's end in a block of its own."""
        label = self.new_label("exit")
        self._patch(block, label)
        self.start(label)

    def return_value(self, value: SsaValue | None) -> None:
        """Ends the block by returning."""
        if value is None:
            self.line("ret void")
        elif isinstance(value, Word):
            self.line(f"ret {llvm_type(value.type)} {value.text}")
        else:
            kind, current = llvm_type(value.type), "poison"
            for index, item in enumerate(value.words):
                text = f"insertvalue {kind} {current}, {llvm_type(item.type)} {item.text}, {index}"
                current = self.define(value.type, text).text
            self.line(f"ret {kind} {current}")
        self.block = None

    # ------------------------------------------------------------------------ inlining

    def inline(self, function: LowFunction, arguments: Sequence[SsaValue]) -> tuple[SsaValue | None, list[Edge]]:
        """Replays a function here; returns its result and the edges on which it raised.

        Afterwards `block` is None when the function cannot return normally.
        """
        returns, raises = self.inline_paths(function, arguments)
        _, value = self.land(returns)
        return value, raises

    def inline_paths(self, function: LowFunction, arguments: Sequence[SsaValue]) -> tuple[list[Edge], list[Edge]]:
        """Replays a function here; returns the edges on which it returned, values and all, and raised."""
        environment = dict(zip(function.signature.names, arguments, strict=True))
        if self._inline_depth > 40:
            raise LowpyError(f"{function.name}: inlined functions are recursive")
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
        self.start(header)
        environment = dict(before)
        pending: list[tuple[int, str, int]] = []
        for name in sorted(statement.assigned & before.keys()):
            environment[name] = self._loop_phi(name, before[name], pending)
        activation.environment = environment
        condition = self.word(statement.condition, activation)
        activation.breaks.append([])
        activation.continues.append([])
        exits: list[Edge] = []
        if condition.constant is None:
            body, leave = self.new_label("body"), self.new_label("leave")
            self.branch(condition, body, leave)
            self.start(leave)
            exits.append(Edge(self.leave(), dict(activation.environment)))
            self.start(body)
        elif not condition.constant:
            exits.append(Edge(self.leave(), dict(activation.environment)))
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
            self._unassigned(node.name, activation)
        return value

    def _unassigned(self, name: str, activation: Activation) -> NoReturn:
        code = activation.function.python.__code__
        raise LowpyError(
            f"{code.co_filename}:{code.co_firstlineno}: in {activation.function.name}: "
            f"{name} may be read before it is assigned"
        )

    def _arithmetic(self, node: ir.Arithmetic, activation: Activation) -> SsaValue:
        left, right = self.word(node.left, activation), self.word(node.right, activation)
        return self.arithmetic(node.type, node.op, left, right)

    def arithmetic(self, kind: Type, op: str, left: Word, right: Word) -> Word:
        """`left op right`, folded when possible."""
        folded = fold_arithmetic(kind, op, left, right)
        return folded or self.define(kind, f"{op} {llvm_type(kind)} {left.text}, {right.text}")

    def _compare(self, node: ir.Compare, activation: Activation) -> SsaValue:
        left, right = self.word(node.left, activation), self.word(node.right, activation)
        return self.compare(node.op, left, right)

    def compare(self, op: str, left: Word, right: Word) -> Word:
        """`left op right` as a bool, folded when possible."""
        folded = fold_compare(op, left, right)
        if folded is not None:
            return constant_word(BOOL, folded)
        name = "fcmp" if left.type == F64 else "icmp"
        return self.define(BOOL, f"{name} {op} {llvm_type(left.type)} {left.text}, {right.text}")

    def _not(self, node: ir.Not, activation: Activation) -> SsaValue:
        return self.negation(self.word(node.operand, activation))

    def negation(self, operand: Word) -> Word:
        """Logical not."""
        if operand.constant is not None:
            return constant_word(BOOL, not operand.constant)
        return self.define(BOOL, f"xor i1 {operand.text}, true")

    def _logical(self, node: ir.Logical, activation: Activation) -> SsaValue:
        left = self.word(node.left, activation)
        deciding = node.op == "or"
        if left.constant is not None:
            return left if bool(left.constant) == deciding else self.word(node.right, activation)
        right_label, joined = self.new_label("rhs"), self.new_label("both")
        first = self.block
        self.branch(left, *((joined, right_label) if deciding else (right_label, joined)))
        self.start(right_label)
        right = self.word(node.right, activation)
        if self.block is None:
            self.start(joined)
            return constant_word(BOOL, deciding)
        second = self.block
        self.jump(joined)
        self.start(joined)
        shortcut = "true" if deciding else "false"
        return self.define(BOOL, f"phi i1 [ {shortcut}, %{first} ], [ {right.text}, %{second} ]")

    def _conditional(self, node: ir.Conditional, activation: Activation) -> SsaValue:
        condition = self.word(node.condition, activation)
        if condition.constant is not None:
            return self.expression(node.then if condition.constant else node.otherwise, activation)
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

    def convert(self, kind: Type, operand: Word) -> Word:
        """A number as another number type (`docs/lowpy.md`, Expressions)."""
        source = operand.type
        assert isinstance(kind, Scalar) and isinstance(source, Scalar)
        folded = fold_convert(kind, operand)
        if folded is not None:
            return folded
        before, after = source.llvm, kind.llvm
        if kind == BOOL:
            zero = constant_word(source, 0)
            return self.compare("une" if source == F64 else "ne", operand, zero)
        if kind == F64:
            name = "sitofp" if source.signed and source.bits > 1 else "uitofp"
            return self.define(kind, f"{name} {before} {operand.text} to double")
        if source == F64:
            name = f"llvm.fpto{'s' if kind.signed else 'u'}i.sat.{after}.f64"
            self.module.declare(name, f"declare {after} @{name}(double)")
            return self.define(kind, f"call {after} @{name}(double {operand.text})")
        if source.bits == kind.bits:
            return Word(kind, operand.text, None, operand.origin)
        if source.bits > kind.bits:
            return self.define(kind, f"trunc {before} {operand.text} to {after}")
        return self.define(kind, f"{'sext' if source.signed else 'zext'} {before} {operand.text} to {after}")

    # -------------------------------------------------------------------------- memory

    def address(self, base: Word, byte_offset: int) -> Word:
        """`base` moved by a known number of bytes."""
        if byte_offset == 0:
            return base
        return self.define(base.type, f"getelementptr inbounds i8, ptr {base.text}, i64 {byte_offset}")

    def element_address(self, base: Word, index: Word, stride: int) -> Word:
        """`base` moved by `index` elements of `stride` bytes."""
        if index.constant is not None:
            return self.address(base, int(index.constant) * stride)
        assert isinstance(index.type, Scalar)
        wide = self.convert(Scalar("i64", 64, "i64", True), index) if index.type.bits < 64 else index
        return self.define(base.type, f"getelementptr inbounds [{stride} x i8], ptr {base.text}, i64 {wide.text}")

    def load(self, kind: Type, base: Word, byte_offset: int) -> SsaValue:
        """The value of a type at base + offset."""
        if isinstance(kind, RecordType):
            words = []
            for index, item in enumerate(kind.fields.values()):
                part = self.load(item, base, byte_offset + 8 * index)
                assert isinstance(part, Word)
                words.append(part)
            return Aggregate(kind, tuple(words))
        address = self.address(base, byte_offset)
        if kind == BOOL:
            byte = self.define(kind, f"load i8, ptr {address.text}")
            return self.define(BOOL, f"trunc i8 {byte.text} to i1")
        return self.define(kind, f"load {llvm_type(kind)}, ptr {address.text}")

    def store(self, base: Word, byte_offset: int, value: SsaValue) -> None:
        """Stores a value at base + offset."""
        if isinstance(value, Aggregate):
            for index, item in enumerate(value.words):
                self.store(base, byte_offset + 8 * index, item)
            return
        address = self.address(base, byte_offset)
        if value.type == BOOL:
            wide = self.define(BOOL, f"zext i1 {value.text} to i8")
            self.line(f"store i8 {wide.text}, ptr {address.text}")
        else:
            self.line(f"store {llvm_type(value.type)} {value.text}, ptr {address.text}")

    def _load(self, node: ir.Load, activation: Activation) -> SsaValue:
        return self.load(node.type, self.word(node.base, activation), node.offset)

    def _load_element(self, node: ir.LoadElement, activation: Activation) -> SsaValue:
        base = self.word(node.base, activation)
        index = self.word(node.index, activation)
        return self.load_element(node, base, index)

    def load_element(self, node: ir.LoadElement, base: Word, index: Word) -> SsaValue:
        """`base[index]`."""
        return self.load(node.type, self.element_address(base, index, node.type.size), 0)

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
        if node.function.inline:
            value, raises = self.inline(node.function, arguments)
            activation.raises.extend(raises)
            return undefined(node.type) if value is None else value
        return self.call(node.function, arguments)

    def call(self, function: LowFunction, arguments: Sequence[SsaValue]) -> SsaValue:
        """A call that stays a call."""
        self.module.use(function)
        words = [item for argument in arguments for item in words_of(argument)]
        return self.call_symbol(f'@"{function.symbol}"', function.signature.result, words)

    def call_symbol(self, target: str, result: Type, words: Sequence[Word], convention: str = "") -> SsaValue:
        """Calls `target` (an LLVM operand) with the given words."""
        texts = ", ".join(f"{llvm_type(item.type)} {item.text}" for item in words)
        kind = llvm_type(result)
        text = f"call {convention}{kind} {target}({texts})"
        if kind == "void":
            self.line(text)
            return undefined(result)
        value = self.define(result, text)
        return self.split(value) if isinstance(result, RecordType | TupleType) else value

    def split(self, value: Word) -> Aggregate:
        """The words of an LLVM aggregate."""
        kind = value.type
        assert isinstance(kind, RecordType | TupleType)
        items = kind.fields.values() if isinstance(kind, RecordType) else kind.items
        words = (
            self.define(item, f"extractvalue {llvm_type(kind)} {value.text}, {index}")
            for index, item in enumerate(items)
        )
        return Aggregate(kind, tuple(words))

    def _intrinsic(self, node: ir.Intrinsic, activation: Activation) -> SsaValue:
        from rufflang.lowpy.emitter_intrinsics import emit_intrinsic

        arguments = [self.word(item, activation) if not isinstance(item.type, RecordType)
                     else self.expression(item, activation) for item in node.arguments]  # fmt: skip
        return undefined(node.type) if self.block is None else emit_intrinsic(self, node, arguments)


def undefined(kind: Type) -> SsaValue:
    """A placeholder at a place that is never reached, or the result of a void call."""
    if isinstance(kind, RecordType):
        return Aggregate(kind, tuple(Word(item, "poison") for item in kind.fields.values()))
    if isinstance(kind, TupleType):
        return Aggregate(kind, tuple(Word(item, "poison") for item in kind.items))
    return Word(kind, "null" if is_pointer(kind) else "poison")


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
