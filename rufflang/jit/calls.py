"""Calls from compiled code.

A call whose callee the interpreter has always found to be the same compiled function goes
straight to that function's typed entry, with arguments in machine registers; the only
check left is that the callee still is that function.  Everything else gets its arguments
written into the frame's call window and is called through the runtime.
"""

from __future__ import annotations

from rufflang.bytecode.chunk import GENERATOR, Chunk
from rufflang.bytecode.flow import Instruction
from rufflang.interpreter.control import SEVERAL
from rufflang.jit.builtins import BuiltinCalls, share_argument
from rufflang.jit.call_depth import CallDepth
from rufflang.jit.code import has_never_returned
from rufflang.jit.emitter import OWN_CLOSURE
from rufflang.jit.entering import argument_words
from rufflang.jit.hot import MOST_DISTINCT, DirectTarget
from rufflang.jit.inlining import Inlining
from rufflang.jit.request import DIRECT_CONVENTION, CompileRequest, worth_a_guard
from rufflang.jit.shapes import Method, methods_called
from rufflang.jit.unmade import definition_of
from rufflang.jit.words import VALUE, FunctionWord, known_tag, value
from rufflang.lowpy.emitter import Edge
from rufflang.lowpy.types import BOOL, I64, U8, Pointer, struct_type
from rufflang.lowpy.values import Aggregate, Word
from rufflang.records import Record
from rufflang.runtime.objects import (
    FunctionObject,
    Proto,
    StringObject,
    StructDefinition,
    ValuesObject,
)
from rufflang.runtime.values import FUNCTION, STRUCT

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rufflang.jit.operations import Operations

_FUNCTION = struct_type(FunctionObject)
_PROTO = struct_type(Proto)
_ITEMS_OFFSET = struct_type(ValuesObject).fields["items"].offset


class Called(Record):
    """A function that a call has been found to reach: its closure, its chunk, and what is done instead of a call.

    That is nothing, its code, or the making of a generator or task that will run the code given.
    """

    target: DirectTarget
    closure: Word
    proto: Word
    instead: CompileRequest | Chunk | None


class Calls:
    """CALL, CALL_METHOD and CALL_BUILTIN."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter
        self.builtins = BuiltinCalls(operations)
        self.inlining = Inlining(operations)
        self.depth = CallDepth(operations.translator)

    def call_builtin(self, item: Instruction) -> None:
        self.builtins.call(item)

    # ------------------------------------------------------------------------- plain

    def call(self, item: Instruction) -> None:
        callee = self.operations.register(item.a)
        arguments = [self.operations.known(item.a + 2 + index) for index in range(item.b)]
        payload = callee.words[1]
        known = payload if isinstance(payload, FunctionWord) else None
        number = known.number if known is not None else self.translator.request.words[item.pc + 1] >> 32
        target = _any_target(arguments) if number == SEVERAL else self._target(number, arguments)
        if target is None or known_tag(callee) not in (FUNCTION, None):
            self._done(item, self._through_window(item))
            return
        self.depth.allow_calls(item.pc)
        instead = self._instead(target)
        if not isinstance(instead, CompileRequest):
            arguments = [self.operations.register(item.a + 2 + index) for index in range(item.b)]
        slow = self.emitter.new_label("window")
        if known_tag(callee) is None:
            self.emitter.continue_if(self.emitter.compare("eq", callee.words[0], self.emitter.number(FUNCTION)), slow)
        closure = known.origin if known is not None else None
        if closure is None:
            closure = self.emitter.define(_FUNCTION, f"inttoptr i64 {payload.text} to ptr")
        if target.number == SEVERAL:
            proto = self._check_signature(closure, target, item.c, slow)
        else:
            proto = self._check_callee(closure, target, slow, instead, is_known=known is not None)
        called = Called(target, closure, proto, instead)
        edge = self._direct(item, called, arguments, item.c, slow)
        self._join_with_window(item, [edge], slow, lambda: self._through_window(item))

    def _join_with_window(
        self, item: Instruction, direct: list[Edge | None], slow: str, through_window: Callable[[], Aggregate]
    ) -> None:
        """Takes the result of the direct calls or, if anything can lead there, of the slow one."""
        emitter = self.emitter
        edges = [edge for edge in direct if edge is not None]
        gives_parts = self.operations.parts.agree(item, edges)
        if emitter.is_used(slow):
            emitter.start(slow)
            with emitter.virtuals.aside():
                result = through_window()
            if gives_parts:
                edges.extend(self.operations.parts.taken_from(item, result))
            else:
                edges.append(self._like_others(item, result, edges))
        _, merged = emitter.land(edges, "called")
        if emitter.block is not None:
            assert isinstance(merged, Aggregate)
            self._done(item, merged)

    def _like_others(self, item: Instruction, result: Aggregate, edges: list[Edge]) -> Edge:
        """The way on which the slow call gives what the direct ones do; it leaves where that is of another kind."""
        usual = {known_tag(edge.value) for edge in edges if edge.value is not None}
        kind = usual.pop() if len(usual) == 1 else None
        if kind is not None and known_tag(result) is None:
            result = self.translator.narrow(item, item.a, result, kind)
        return Edge(self.emitter.leave(), {}, result)

    def _target(self, number: int, arguments: list[Aggregate]) -> DirectTarget | None:
        """The function to call directly, if the arguments may be of the kinds it wants."""
        request = self.translator.request
        if number in (0, SEVERAL):
            return None
        kinds = tuple(worth_a_guard(known_tag(argument)) for argument in arguments)
        whole = self.translator.root.request
        if number == whole.number and whole.is_function:
            target: DirectTarget | None = whole.direct
        else:
            target = request.questions.direct_target(number, kinds)
        if target is None or len(target.parameters) != len(arguments):
            return None
        for kind, argument in zip(target.parameters, arguments, strict=True):
            if kind is not None and known_tag(argument) not in (kind, None):
                return None
        return target

    def _instead(self, target: DirectTarget) -> CompileRequest | Chunk | None:
        """What is to be done instead of a call; see `Called`."""
        if target.number == SEVERAL:
            return None
        return self.translator.request.questions.suspending(target.number) or self.inlining.find(target)

    def _is_itself(self, number: int) -> bool:
        """Whether that is the function whose code is being made, and that code calls itself rather than what comes."""
        whole = self.translator.root.request
        return number == whole.number and whole.is_function and not (whole.is_quick or whole.is_early)

    def _check_callee(
        self,
        closure: Word,
        target: DirectTarget,
        slow: str,
        instead: CompileRequest | Chunk | None,
        *,
        is_known: bool = False,
    ) -> Word:
        """Makes sure that a closure runs the target's code and, if it is to be called, that it can be."""
        operations, emitter = self.operations, self.emitter
        is_itself = self._is_itself(target.number)
        if is_itself and not is_known:
            same = emitter.define(BOOL, f"icmp eq ptr {closure.text}, {OWN_CLOSURE.text}")
            self.emitter.continue_if(same, slow)
        proto = operations.load_field(OWN_CLOSURE if is_itself else closure, FunctionObject, "proto", _PROTO)
        if is_itself:
            return proto
        if not is_known:
            number = operations.proto_field(proto, "number", I64)
            self.emitter.continue_if(emitter.compare("eq", number, emitter.number(target.number)), slow)
        if instead is not None:
            return proto
        signature = operations.proto_field(proto, "direct_signature", I64, constant=False)
        self.emitter.continue_if(emitter.compare("eq", signature, emitter.number(target.signature)), slow)
        return proto

    def _check_signature(self, closure: Word, target: DirectTarget, held: int, slow: str) -> Word:
        """Makes sure that a closure's code takes such arguments, and looks at most at those that are held."""
        operations, emitter = self.operations, self.emitter
        proto = operations.load_field(closure, FunctionObject, "proto", _PROTO)
        signature = operations.proto_field(proto, "direct_signature", I64, constant=False)
        self.emitter.continue_if(emitter.compare("eq", signature, emitter.number(target.signature)), slow)
        if held:
            lent = operations.proto_field(proto, "lent", I64)
            looked_at = emitter.arithmetic(I64, "and", lent, emitter.number(held))
            self.emitter.continue_if(emitter.compare("eq", looked_at, emitter.number(held)), slow)
        return proto

    def _direct(
        self,
        item: Instruction,
        called: Called,
        arguments: list[Aggregate],
        held: int,
        slow: str,
    ) -> Edge | None:
        """The direct call, or what is done instead; leaves for `slow` where an argument is of another kind.

        Gives None if the callee never returns normally.
        """
        emitter, target = self.emitter, called.target
        for index, (kind, argument) in enumerate(zip(target.parameters, arguments, strict=True)):
            if kind is not None and known_tag(argument) is None:
                self.emitter.continue_if(emitter.compare("eq", argument.words[0], emitter.number(kind)), slow)
                arguments[index] = value(kind, argument.words[1])
        for index, argument in enumerate(arguments):
            if held >> index & 1 and not target.lent >> index & 1:
                arguments[index] = share_argument(emitter, argument)
        self.depth.pay(item, called.proto)
        if isinstance(called.instead, CompileRequest):
            return self.inlining.inline(item, called.instead, called.closure, arguments)
        if called.instead is not None and called.instead.kind == GENERATOR:
            made = self.operations.suspending.new_generator(called.instead, called.closure, arguments)
            return Edge(emitter.leave(), {}, made)
        window = self._push_header(item, called.closure)
        depth = emitter.arithmetic(I64, "add", emitter.depth, emitter.number(1))
        if called.instead is not None:
            promise = self.operations.suspending.call_async(window, depth, arguments)
            return Edge(emitter.leave(), {}, promise)
        words = [emitter.vm, window, depth, called.closure]
        for kind, argument in zip(target.parameters, arguments, strict=True):
            words.extend(argument_words(self.emitter, argument, kind))
        if self._is_itself(target.number):
            entry = f'@"{self.translator.root.request.symbol}.direct"'
        else:
            entry = self.operations.proto_field(called.proto, "direct_entry", Pointer(U8), constant=False).text
        result = emitter.call_symbol(entry, VALUE, words, DIRECT_CONVENTION)
        assert isinstance(result, Aggregate)
        if target.pieces:
            result = self.operations.parts.returned(item, target.pieces, window, result)
        return Edge(emitter.leave(), {}, result)

    def _push_header(self, item: Instruction, closure: Word) -> Word:
        """Writes the callee's frame header; gives the callee's registers."""
        emitter = self.emitter
        emitter.write_headers()
        emitter.write_header(emitter.registers, item.a, closure)
        return emitter.register_place(item.a + 2)

    def _through_window(self, item: Instruction) -> Aggregate:
        """Calls through the runtime, with the arguments in the frame."""
        emitter = self.emitter
        self.translator.spill(1 << item.a | ((1 << item.b) - 1) << (item.a + 2))
        emitter.publish()
        arguments = [
            emitter.vm, emitter.registers, emitter.register_place(item.a), emitter.number(item.b),
            emitter.number(item.c),
        ]  # fmt: skip
        return emitter.call_runtime("ruff_call_window", arguments)

    def _done(self, item: Instruction, result: Aggregate) -> None:
        """Takes a call's result: errors, the kind seen before, the register."""
        request = self.translator.request
        if result.words[0].constant is None and request.trusts_absence and has_never_returned(item, request.words):
            self.translator.unexpected(item, item.a, result)
            return
        result = self.translator.guard_kind(item, item.a, result)
        self.translator.check_error(item, result)
        self.operations.set_register(item.a, result)

    # ----------------------------------------------------------------------- methods

    def call_method(self, item: Instruction) -> None:
        """Goes to the method of each shape seen so far, as far as these can be called directly."""
        if self.operations.iterating.asking.is_expected(item, item.a + 2):
            self.operations.iterating.asking.call_next(item)
            return
        words = self.translator.request.words
        held = words[item.pc + 1] & 0xFFFF
        called = methods_called(words, item.pc + 1)
        receiver = self.operations.known(item.a + 2)
        arguments = [self.operations.known(item.a + 2 + index) for index in range(item.c + 1)]
        targets = {method: self._target(method.number, arguments) for method in called.methods.values()}
        direct = {shape: method for shape, method in called.methods.items() if targets[method] is not None}
        definition = definition_of(receiver)
        is_other = definition is not None and definition.shape not in direct
        if not direct or is_other or known_tag(receiver) not in (STRUCT, None):
            self._done(item, self._method_through_window(item, held))
            return
        emitter, fields = self.emitter, self.operations.fields
        self.depth.allow_calls(item.pc)
        slow = emitter.new_label("window")
        edges: list[Edge | None] = []
        instead_of = {shape: self._instead(target) for shape, method in direct.items() if (target := targets[method])}
        if not all(isinstance(instead, CompileRequest) for instead in instead_of.values()):
            arguments = [self.operations.register(item.a + 2 + index) for index in range(item.c + 1)]
            receiver = arguments[0]
        leaves = called.is_single and definition_of(receiver) is None
        for method in fields.by_shape(receiver, direct, fields.exit(item) if leaves else slow):
            target, instead = targets[method], instead_of[method.shape]
            assert target is not None
            closure = self._method_closure(receiver, method)
            proto = self._check_callee(closure, target, slow, instead, is_known=True)
            reached = Called(target, closure, proto, instead)
            edges.append(self._direct(item, reached, list(arguments), held, slow))
        self._join_with_window(item, edges, slow, lambda: self._method_through_window(item, held))

    def no_operator(self, item: Instruction) -> None:
        """JUMP_IF_NO_OPERATOR: goes straight on to the call behind it for the shapes that this has seen."""
        operations, emitter, translator = self.operations, self.emitter, self.translator
        operand = operations.known(item.a)
        assert item.target is not None
        if known_tag(operand) not in (STRUCT, None):
            translator.follow(item.target)
            return
        call = next(
            other for pc, other in translator.flow.instructions.items() if pc > item.pc and other.name == "CALL_METHOD"
        )
        called = methods_called(translator.request.words, call.pc + 1)
        methods = called.methods
        if not methods:
            operations.replay(item)
            return
        definition = definition_of(operand)
        if definition is not None and definition.shape in methods:
            translator.follow(item.next)
            return
        operand = operations.register(item.a)
        if called.is_single and known_tag(operand) == STRUCT:
            # An instance without the operator is an error, or one that this has not seen yet.
            for _ in operations.fields.by_shape(operand, methods, operations.fields.exit(item)):
                translator.follow(item.next)
            return
        other, straight = emitter.new_label("other"), emitter.new_label("straight")
        for _ in operations.fields.by_shape(operand, dict.fromkeys(methods, True), other):
            emitter.jump(straight)
        before = dict(translator.environment)
        emitter.start(other)
        operations.replay(item)
        translator.environment = before
        emitter.start(straight)
        translator.follow(item.next)

    def _method_closure(self, receiver: Aggregate, method: Method) -> Word:
        """The method of a receiver that has been found to have the method's shape."""
        emitter, operations = self.emitter, self.operations
        known = definition_of(receiver)
        definition = operations.fields.definition(method.shape) if known is None else known.address
        methods = operations.load_field(definition, StructDefinition, "methods", struct_type(ValuesObject))
        return emitter.load_constant(_FUNCTION, methods, _ITEMS_OFFSET + 16 * method.slot + 8)

    def _method_through_window(self, item: Instruction, held: int) -> Aggregate:
        emitter = self.emitter
        self.translator.spill(((1 << (item.c + 1)) - 1) << (item.a + 2))
        name = self.operations.constant_object(item.b, struct_type(StringObject))
        emitter.publish()
        arguments = [
            emitter.vm, emitter.registers, emitter.register_place(item.a), name, emitter.number(item.c),
            emitter.number(held),
        ]  # fmt: skip
        return emitter.call_runtime("ruff_call_method_window", arguments)


def _any_target(arguments: list[Aggregate]) -> DirectTarget | None:
    """Whichever function it is that takes arguments of the kinds known here."""
    if len(arguments) > MOST_DISTINCT:
        return None
    kinds = tuple(worth_a_guard(known_tag(argument)) for argument in arguments)
    return DirectTarget(SEVERAL, kinds, -1, "")
