"""Destructuring patterns, and the patterns of `match` arms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rufflang.bytecode.chunk import NamesConstant
from rufflang.bytecode.compiler_conditions import unwrapped
from rufflang.bytecode.compiler_expressions import is_call
from rufflang.bytecode.compiler_updates import UpdateCompiler
from rufflang.bytecode.encoding import Label
from rufflang.bytecode.last_uses import PAYLOAD, PIECE, Part
from rufflang.bytecode.prelude import UNPACKING_BUILTINS
from rufflang.bytecode.resolver import case_names, result_variant
from rufflang.bytecode.scopes import Binding, Lookup, Variable
from rufflang.records import Record
from rufflang.syntax import ast
from rufflang.syntax.exports import DISCARD
from rufflang.syntax.spans import Span

Marking = Callable[[Span, Binding, int], None]
"""Emits what must be done to a piece in a register before a variable is bound to it."""

_VARIANTS = {"Ok": 0, "Err": 1, "Some": 2, "None": 3}


class Subject(Record):
    """What a `match` looks at: the register it is in, and the expression it came from."""

    register: int
    value: ast.Expression


class PatternCompiler(UpdateCompiler):
    """Takes values apart and binds the pieces."""

    # ------------------------------------------------------------------- destructuring

    def destructure_statement(self, node: ast.Declare | ast.Destructure) -> None:
        """`let pattern := value`, `pattern := value`."""
        bindings = self.resolution.bindings[id(node)]
        pattern, value = node.pattern, node.value
        if isinstance(pattern, ast.NamePattern):
            self.bind_value(bindings[0], value, node.span)
        elif _pairs_up(pattern, value):
            self._bind_pairs(pattern, value, bindings, node.span)  # type: ignore[arg-type]
        elif _wants_parts(pattern) and self._is_unpacking(value):
            self._bind_parts(pattern, unwrapped(value), bindings, node.span)  # type: ignore[arg-type]
        else:
            self.moves = self._moves_on_destructuring(bindings, value)
            source = self.operand(value)
            self.moves = set()
            self._note_taken_apart(pattern, unwrapped(value))
            # What a call has given is gone: it alone holds its parts, or has marked them.
            mark = self.leave_unmarked if is_call(value) else self._share_unless_last(value, source)
            self.bind_pattern(pattern, source, bindings, node.span, mark)

    def _note_taken_apart(self, pattern: ast.Pattern, value: ast.Expression) -> None:
        if not isinstance(pattern, ast.ArrayPattern):
            return
        if isinstance(value, ast.MethodCall):
            self.context.taken_apart.add(value.name)
        elif isinstance(value, ast.Call) and isinstance(value.callee, ast.Name):
            self.context.taken_apart.add(value.callee.name)

    def bind_pattern(
        self, pattern: ast.Pattern, source: int, bindings: Sequence[Binding], span: Span, mark: Marking
    ) -> None:
        """Takes the value in `source` apart, then marks and binds the pieces."""
        pieces = list(self._take_apart(pattern, source, span))
        for binding, piece in zip(bindings, pieces, strict=True):
            mark(span, binding, piece)
            self.bind(binding, piece, span)

    def leave_unmarked(self, span: Span, binding: Binding, register: int) -> None:
        """The marking of a value that nobody else holds."""

    def share(self, span: Span, binding: Binding, register: int) -> None:
        """The marking of a value that somebody else holds."""
        self.emit(span, "SHARE", register)

    def _share_unless_last(self, value: ast.Expression, whole: int) -> Marking:
        """The marking of pieces of a value, if it is a variable's that may not be read again."""

        def mark(span: Span, binding: Binding, register: int) -> None:
            self.may_be_last(value, Part(self.assembler.position, whole, register, PIECE))
            self.emit(span, "SHARE", register)

        return mark

    def share_or_borrow(self, span: Span, binding: Binding, register: int) -> None:
        """The marking of a value whose other holder cannot change while the variable exists.

        If the variable neither keeps nor changes what is in it, no mark is needed.
        """
        variable = None if isinstance(binding, Lookup) else binding.variable
        if variable is not None and variable.is_register and not variable.kept:
            variable.borrowed = True
        else:
            self.emit(span, "SHARE", register)

    def _take_apart(self, pattern: ast.Pattern, source: int, span: Span) -> Iterator[int]:
        """Emits the code that takes a value apart; yields the registers of its named pieces."""
        if isinstance(pattern, ast.NamePattern):
            yield source
        elif isinstance(pattern, ast.ArrayPattern):
            yield from self._take_array_apart(pattern, source, span)
        elif isinstance(pattern, ast.DictPattern):
            yield from self._take_dict_apart(pattern, source, span)

    def _take_array_apart(self, pattern: ast.ArrayPattern, source: int, span: Span) -> Iterator[int]:
        has_rest = pattern.rest not in (None, DISCARD)
        registers = [self.temporary() for _ in range(len(pattern.elements) + has_rest)]
        first = registers[0] if registers else self.temporary()
        self.emit(span, "DESTRUCTURE_ARRAY", first, source, 2 * len(pattern.elements) + has_rest)
        for element, register in zip(pattern.elements, registers, strict=False):
            yield from self._take_apart(element, register, span)
        if has_rest:
            yield registers[-1]

    def _take_dict_apart(self, pattern: ast.DictPattern, source: int, span: Span) -> Iterator[int]:
        has_rest = pattern.rest not in (None, DISCARD)
        registers = [self.temporary() for _ in range(len(pattern.keys) + has_rest)]
        first = registers[0] if registers else self.temporary()
        names = self.constant(NamesConstant(pattern.keys, has_rest), span)
        self.emit(span, "DESTRUCTURE_DICT", first, source, names)
        for key, register in zip(pattern.keys, registers, strict=False):
            if key != DISCARD:
                yield register
        if has_rest:
            yield registers[-1]

    def _bind_pairs(
        self, pattern: ast.ArrayPattern, value: ast.ArrayLiteral, bindings: Sequence[Binding], span: Span
    ) -> None:
        """`[a, b] := [x, y]` without making the array."""
        registers = []
        for element in value.elements:
            registers.append(self.stored_operand(element))  # type: ignore[arg-type]
        named = [
            register for element, register in zip(pattern.elements, registers, strict=True)
            if isinstance(element, ast.NamePattern)
        ]
        for binding, register in zip(bindings, named, strict=True):
            self.bind(binding, register, span)

    def _bind_parts(
        self, pattern: ast.ArrayPattern, call: ast.Call, bindings: Sequence[Binding], span: Span
    ) -> None:
        """`[xs, last] := pop(xs)` without making the array."""
        name = self.builtin_name(call.callee)
        assert name is not None
        self.moves = self._moves_on_destructuring(bindings, call)
        first = self.parts_of_call(call, name)
        self.moves = set()
        pieces = [
            piece for position, element in enumerate(pattern.elements)
            for piece in self._take_apart(element, first + position, span)
        ]  # fmt: skip
        for binding, piece in zip(bindings, pieces, strict=True):
            self.bind(binding, piece, span)

    def _is_unpacking(self, value: ast.Expression) -> bool:
        value = unwrapped(value)
        return isinstance(value, ast.Call) and self.builtin_name(value.callee) in UNPACKING_BUILTINS

    def _moves_on_destructuring(self, bindings: Sequence[Binding], value: ast.Expression) -> set[Variable]:
        """`[xs, last] := pop(xs)` may take `xs` apart in place."""
        moves: set[Variable] = set()
        for binding in bindings:
            if isinstance(binding, Lookup) and binding.closed and binding.only_variable is not None:
                candidate = binding.candidates[0]
                if candidate.variable.only_mutable and self._is_unpacking(value):
                    moves |= self.moves_on_assignment(candidate.variable, value)
        return moves

    # ------------------------------------------------------------------- match

    def subject_of(self, node: ast.Match) -> Subject:
        """Evaluates what is matched; in a register of its own if an arm binds the variable that it is in."""
        inner = unwrapped(node.subject)
        bound = {
            name for arm in node.arms if isinstance(arm.pattern, ast.NameCase)
            for name, _ in case_names(arm.pattern, self.resolution.numbered_names)
        }  # fmt: skip
        if not isinstance(inner, ast.Name) or inner.name not in bound:
            return Subject(self.operand(node.subject), node.subject)
        register = self.temporary()
        self.into(node.subject, register)
        return Subject(register, node.subject)

    def match_pattern(self, arm: ast.CaseArm, matched: Subject, missed: Label) -> None:
        """Jumps to `missed` unless the arm's pattern matches; binds its names."""
        pattern, subject = arm.pattern, matched.register
        span = pattern.span
        if isinstance(pattern, ast.WildcardCase):
            return
        if isinstance(pattern, ast.LiteralCase):
            self.jump(span, "JUMP_IF_NOT_MATCH", missed, subject, self.constant(pattern.value, span))
        elif result_variant(pattern):
            self.jump(span, "JUMP_IF_NOT_VARIANT", missed, subject, _VARIANTS[pattern.name])
        elif pattern.enum is None:
            self.jump(span, "JUMP_IF_NOT_MATCH", missed, subject, self.constant(pattern.name, span))
        else:
            tag = self.constant(f"{pattern.enum}::{pattern.name}", span)
            self.jump(span, "JUMP_IF_NOT_TAG", missed, subject, tag)
        if isinstance(pattern, ast.NameCase):
            self._bind_payload(arm, pattern, matched)

    def _bind_payload(self, arm: ast.CaseArm, pattern: ast.NameCase, subject: Subject) -> None:
        bindings = self.resolution.bindings[id(arm)]
        if not bindings:
            return
        is_result = result_variant(pattern)
        done = Label()
        if not is_result:
            self.jump(pattern.span, "JUMP_IF_NO_PAYLOAD", done, subject.register, 0)
        if len(pattern.bindings or ()) == 1:
            self._bind_single(pattern, subject, bindings, done)
        else:
            self._bind_positions(pattern, subject, bindings)
        self.place(done)

    def _bind_single(
        self, pattern: ast.NameCase, subject: Subject, bindings: Sequence[Binding], done: Label
    ) -> None:
        """A single name `v` gets the first item, and `v_1`, `v_2`, … those that follow."""
        names = [name for name, _ in case_names(pattern, self.resolution.numbered_names)]
        for position, (name, binding) in enumerate(zip(names, bindings, strict=True)):
            item = 0 if position == 0 else int(name.rpartition("_")[2])
            if position:
                self.jump(pattern.span, "JUMP_IF_NO_PAYLOAD", done, subject.register, item)
            self._bind_item(pattern.span, subject, item, binding)

    def _bind_positions(self, pattern: ast.NameCase, subject: Subject, bindings: Sequence[Binding]) -> None:
        """Several names get the items in order, `null` where there is none."""
        remaining = iter(bindings)
        for position, name in enumerate(pattern.bindings or ()):
            if name is None:
                continue
            binding = next(remaining)
            if position == 0:
                self._bind_item(pattern.span, subject, 0, binding)
                continue
            absent, bound = Label(), Label()
            self.jump(pattern.span, "JUMP_IF_NO_PAYLOAD", absent, subject.register, position)
            self._bind_item(pattern.span, subject, position, binding)
            self.jump(pattern.span, "JUMP", bound)
            self.place(absent)
            register = self.temporary()
            self.emit(pattern.span, "LOAD_NULL", register)
            self.bind(binding, register, pattern.span)
            self.place(bound)

    def _bind_item(self, span: Span, subject: Subject, item: int, binding: Binding) -> None:
        register = self.direct_register(binding)
        target = self.temporary() if register is None else register
        self.emit(span, "PAYLOAD", target, subject.register, item)
        place = self.assembler.position
        self.share_or_borrow(span, binding, target)
        if self.assembler.position > place and target != subject.register:
            self.may_be_last(subject.value, Part(place, subject.register, target, (PAYLOAD, item)))
        if register is None:
            self.bind(binding, target, span)


def _wants_parts(pattern: ast.Pattern) -> bool:
    """Whether no more than the first two elements of an array are wanted."""
    if not isinstance(pattern, ast.ArrayPattern) or pattern.rest not in (None, DISCARD):
        return False
    return 1 <= len(pattern.elements) <= 2


def _pairs_up(pattern: ast.Pattern, value: ast.Expression) -> bool:
    """Whether each element of an array literal goes to one plain name."""
    if not isinstance(pattern, ast.ArrayPattern) or not isinstance(value, ast.ArrayLiteral):
        return False
    return (
        pattern.rest is None
        and len(pattern.elements) == len(value.elements)
        and all(isinstance(element, (ast.NamePattern, ast.DiscardPattern)) for element in pattern.elements)
        and not any(isinstance(element, ast.Spread) for element in value.elements)
    )
