"""Literals, operators, indexing: every expression that is neither a call nor a function."""

from __future__ import annotations

from collections.abc import Sequence

from rufflang.bytecode.chunk import LiteralConstant
from rufflang.bytecode.compiler_conditions import gives_bool, unwrapped
from rufflang.bytecode.compiler_holding import Holding
from rufflang.bytecode.compiler_operators import OperatorCompiler
from rufflang.bytecode.encoding import Label
from rufflang.bytecode.last_uses import INDEX, KEY, NAME, PAYLOAD, Part, PartKey, is_plain_name
from rufflang.syntax import ast

_MAKERS = {"Ok": "MAKE_OK", "Err": "MAKE_ERR", "Some": "MAKE_SOME"}
BATCH = 64
"""Longer array literals and interpolations are built piece by piece, to need few registers."""


class ExpressionCompiler(OperatorCompiler):
    """Methods named after expression nodes, for the `expressions` table."""

    def operand(self, node: ast.Expression) -> int:
        """A register that holds the value of `node`, to be looked at only."""
        node = unwrapped(node)
        if isinstance(node, ast.Name):
            register = self._settled_register(node)
            if register is not None:
                return register
        register = self.temporary()
        self.into(node, register)
        return register

    def _settled_register(self, node: ast.Name) -> int | None:
        """The register of a variable that may be used where it is, checked to be bound."""
        lookup = self.resolution.lookups[id(node)]
        register = self.sure_register(lookup)
        variable = lookup.only_variable
        if register is not None or variable is None or lookup.name in self.context.builtins:
            return register
        if not variable.is_register:
            return None
        self.emit(node.span, "CHECK_BOUND", variable.register, self.constant(node.name, node.span))
        return variable.register

    def pinned(self, node: ast.Expression, later: Sequence[ast.Expression]) -> int:
        """A register with the value of `node` that stays as it is while `later` is evaluated."""
        if later and self.runs_code(later) and self.holding(node) is Holding.EXPOSED:
            register = self.temporary()
            self.into(node, register, True)
            return register
        return self.operand(node)

    # ------------------------------------------------------------------- literals

    def literal(
        self, node: ast.IntLiteral | ast.FloatLiteral | ast.StringLiteral | ast.BoolLiteral,
        destination: int, store: bool,
    ) -> None:
        """A number, string or bool."""
        self.load_constant(node.span, node.value, destination)

    def null(self, node: ast.NullLiteral, destination: int, store: bool) -> None:
        """`null`."""
        self.emit(node.span, "LOAD_NULL", destination)

    def parenthesised(self, node: ast.Parenthesised, destination: int, store: bool) -> None:
        """`(inner)`."""
        self.into(node.inner, destination, store)

    def interpolated(self, node: ast.InterpolatedString, destination: int, store: bool) -> None:
        """`"text ${value}"`."""
        first, count = self.parts(node, self.window(destination))
        self.emit(node.span, "BUILD_STRING", destination, first, count)

    def parts(self, node: ast.InterpolatedString, first: int) -> tuple[int, int]:
        """Puts the parts of an interpolation into registers from `first` on; gives that one and how many there are."""
        count = 0
        runs_after = self.code_after(node.parts)
        for position, part in enumerate(node.parts):
            if count == BATCH:
                self.emit(node.span, "BUILD_STRING", first, first, count)
                self.top, count = first + 1, 1
            register = first if count == 0 else self.temporary()
            if isinstance(part, str):
                self.load_constant(node.span, part, register)
            else:
                pin = self.holding(part) is Holding.EXPOSED and runs_after(position)
                self.into(part, register, pin)
            count += 1
        return first, count

    def array(self, node: ast.ArrayLiteral, destination: int, store: bool) -> None:
        """`[…]`: in one go if it is short and has no spread, else the rest is pushed."""
        elements, start = node.elements, self.assembler.position
        count = 0
        while count < min(len(elements), BATCH) and not isinstance(elements[count], ast.Spread):
            count += 1
        target = destination if count == len(elements) else self.scratch(destination)
        top = self.top
        first = self.top
        self._into_all([(element, self.temporary()) for element in elements[:count]])  # type: ignore[misc]
        self.emit(node.span, "NEW_ARRAY", target, first if count else target, count)
        for element in elements[count:]:
            self.top = top
            if isinstance(element, ast.Spread):
                self.emit(node.span, "ARRAY_EXTEND", target, self.operand(element.value))
            else:
                value = self.temporary()
                self.into(element, value, True)
                self.emit(node.span, "ARRAY_PUSH", target, value)
        self.last_uses.literals.append((node, start, self.assembler.position))
        self.move(node.span, destination, target)

    def _into_all(self, nodes: Sequence[tuple[ast.Expression, int]]) -> None:
        """Puts values to be kept into registers: those of plain variables last.

        What the other expressions read from a variable then comes before its last use, and nobody can tell.
        """
        for node, register in sorted(nodes, key=lambda pair: self._is_plain(pair[0])):
            self.into(node, register, True)

    def _is_plain(self, node: ast.Expression) -> bool:
        """Whether an expression is a variable in a register of this function that is sure to be bound."""
        if not isinstance(node, ast.Name):
            return False
        lookup = self.resolution.lookups[id(node)]
        variable = lookup.only_variable
        return variable is not None and self.sure_register(lookup) is not None and self.is_movable(variable)

    def dictionary(self, node: ast.DictLiteral, destination: int, store: bool) -> None:
        """`{…}`."""
        target, start = self.scratch(destination), self.assembler.position
        new_keys = _leading_names(node)
        if new_keys == len(node.entries) <= BATCH and any(self._is_plain(entry.value) for entry in node.entries):
            self._record(node, target)
        else:
            self._entries(node, target, new_keys)
        self.last_uses.literals.append((node, start, self.assembler.position))
        self.move(node.span, destination, target)

    def _entries(self, node: ast.DictLiteral, target: int, new_keys: int) -> None:
        """The entries of a literal one by one; so many at the start have new keys."""
        begins_as_copy = bool(node.entries) and isinstance(node.entries[0], ast.Spread)
        self.emit(node.span, "NEW_DICT", target, 0 if begins_as_copy else len(node.entries))
        top = self.top
        for position, entry in enumerate(node.entries):
            self.top = top
            if isinstance(entry, ast.Spread):
                self.emit(node.span, "DICT_EXTEND", target, self.operand(entry.value))
            else:
                key = self.operand(entry.key)
                value = self.temporary()
                self.into(entry.value, value, True)
                self.emit(node.span, "DICT_ADD" if position < new_keys else "DICT_SET", target, key, value)

    def _record(self, node: ast.DictLiteral, target: int) -> None:
        """A literal that has nothing but names as keys, some of them for values of plain variables."""
        values = [(entry.value, self.temporary()) for entry in node.entries]
        self._into_all(values)
        self.emit(node.span, "NEW_DICT", target, len(node.entries))
        top = self.top
        for entry, (_, value) in zip(node.entries, values, strict=True):
            assert isinstance(entry, ast.DictEntry)
            self.emit(node.span, "DICT_ADD", target, self.operand(entry.key), value)
            self.top = top

    def struct_literal(self, node: ast.StructLiteral, destination: int, store: bool) -> None:
        """`Name { field: value }`; the last of several values for one field counts."""
        target, start = self.scratch(destination), self.assembler.position
        registers: dict[str, int] = {}
        first = self.top
        for field in node.fields:
            if field.name not in registers:
                registers[field.name] = self.temporary()
        values = [(field.value, registers[field.name]) for field in node.fields]
        if len(values) == len(registers):
            self._into_all(values)
        else:
            for value, register in values:
                self.into(value, register, True)
        lookup = self.resolution.lookups[id(node)]
        self.find(lookup, node.span, target)
        constant = self.constant(LiteralConstant(node.name, tuple(registers)), node.span)
        self.emit(node.span, "NEW_STRUCT", target, constant, first if registers else target)
        self.last_uses.literals.append((node, start, self.assembler.position))
        self.move(node.span, destination, target)

    def result(self, node: ast.ResultLiteral, destination: int, store: bool) -> None:
        """`Ok(v)`, `Err(v)`, `Some(v)`, `None`."""
        if node.value is None:
            self.emit(node.span, "LOAD_NONE", destination)
            return
        payload = self.stored_operand(node.value)
        self.emit(node.span, _MAKERS[node.variant], destination, payload)

    def stored_operand(self, node: ast.Expression) -> int:
        """A register with the value of `node`, fit to be kept by whoever takes it from there."""
        register = self.temporary()
        self.into(node, register, True)
        return register

    def tagged(self, node: ast.Tagged, destination: int, store: bool) -> None:
        """`Enum::Variant(…)`."""
        first = self.window(destination)
        for position, argument in enumerate(node.arguments):
            self.into(argument, first if position == 0 else self.temporary(), True)
        name = self.constant(f"{node.enum}::{node.variant}", node.span)
        self.emit(node.span, "MAKE_TAGGED", first, name, len(node.arguments))
        self.move(node.span, destination, first)

    # ------------------------------------------------------------------- operators

    def unary(self, node: ast.Unary, destination: int, store: bool) -> None:
        """`-x` and `!x`; a signed literal is a constant."""
        if node.op == "-" and isinstance(node.operand, (ast.IntLiteral, ast.FloatLiteral)):
            self.load_constant(node.span, -node.operand.value, destination)
            return
        self.emit(node.span, "NEG" if node.op == "-" else "NOT", destination, self.operand(node.operand))

    def binary(self, node: ast.Binary, destination: int, store: bool) -> None:
        """A chain of binary operators that leans to the left is compiled without recursion."""
        spine = [node]
        while isinstance(node.left, ast.Binary):
            node = node.left
            spine.append(node)
        left = self.left_operand(node)
        accumulator = destination if len(spine) == 1 else self.scratch(destination)
        top = self.top
        for level in reversed(spine):
            target = destination if level is spine[0] else accumulator
            self.apply(level.span, level.op, target, left, (level.left, level.right))
            left, self.top = target, top

    def logical(self, node: ast.Logical, destination: int, store: bool) -> None:
        """`&&`, `||`, `??`."""
        target = self.scratch(destination)
        end = Label()
        if node.op == "??":
            self.into(node.left, target, store)
            self.jump(node.span, "JUMP_IF_NOT_NULL", end, target)
            self.into(node.right, target, store)
        else:
            decided = Label()
            decisive = node.op == "||"
            self.jump_if(node.left, decided, decisive)
            if gives_bool(unwrapped(node.right)):
                self.into(node.right, target)
            else:
                top = self.top
                self.emit(node.span, "TRUTH", target, self.operand(node.right))
                self.top = top
            self.jump(node.span, "JUMP", end)
            self.place(decided)
            self.load_constant(node.span, decisive, target)
        self.place(end)
        self.move(node.span, destination, target)

    def try_operator(self, node: ast.TryOperator, destination: int, store: bool) -> None:
        """`operand?`: an error or None leaves the function."""
        operand = self.operand(node.operand)
        unwrapped_label = Label()
        self.jump(node.span, "JUMP_IF_UNWRAPPED", unwrapped_label, destination, operand)
        if self.return_target is not None:
            self.jump(node.span, "JUMP", self.return_target)
        else:
            if self.holding(node.operand) is not Holding.NOBODY:
                self.emit(node.span, "SHARE", operand)
            self.emit(node.span, "RETURN", operand)
        self.place(unwrapped_label)
        if store:
            if destination != operand:
                self.may_be_last(node.operand, Part(self.assembler.position, operand, destination, (PAYLOAD, 0)))
            self.emit(node.span, "SHARE", destination)

    def throw(self, node: ast.Throw, destination: int, store: bool) -> None:
        """`throw(e)`."""
        self.emit(node.span, "THROW", self.stored_operand(node.arguments[0]))

    # ------------------------------------------------------------------- steps

    def index(self, node: ast.Index, destination: int, store: bool) -> None:
        """`base[index]`."""
        self._read_part(node, destination, store)
        if store:
            self.emit(node.span, "SHARE", destination)

    def member(self, node: ast.Member, destination: int, store: bool) -> None:
        """`base.name`, `base?.name`."""
        self._read_part(node, destination, store)
        if store:
            self.emit(node.span, "SHARE", destination)

    def lent_part(self, node: ast.Index | ast.Member, destination: int) -> None:
        """A part to be an argument that somebody holds, unless it turns out to be read for the last time."""
        top = self.top
        if self._read_part(node, destination, has_room=True):
            self.emit(node.span, "MOVE", destination, destination)
        self.top = top

    def _read_part(self, node: ast.Index | ast.Member, destination: int, has_room: bool) -> bool:
        """Reads a part of a value; whether that is noted as what may be its last use.

        It is only where the next instruction `has_room` for SHARE_PART.
        """
        if isinstance(node, ast.Index):
            base = self.pinned(node.base, [node.index])
            opcode, key = "GET_INDEX", self.operand(node.index)
        else:
            base = self.operand(node.base)
            opcode, key = "GET_FIELD_OPTIONAL" if node.optional else "GET_FIELD", self.constant(node.name, node.span)
        self.emit(node.span, opcode, destination, base, key)
        part_key = self._written_key(node, base, destination, key) if has_room and destination != base else None
        if part_key is None:
            return False
        return self.may_be_last(node.base, Part(self.assembler.position, base, destination, part_key))

    def may_be_last(self, node: ast.Expression, part: Part) -> bool:
        """Notes a part of the value of `node`, if that is a variable's or what a call has given."""
        node = unwrapped(node)
        variable = self.resolution.lookups[id(node)].only_variable if isinstance(node, ast.Name) else None
        is_own = variable is not None and part.whole == variable.register and self.is_movable(variable)
        if is_own or is_call(node):
            self.last_uses.parts[part] = variable
            return True
        return False

    def _written_key(
        self, node: ast.Index | ast.Member, base: int, destination: int, operand: int
    ) -> PartKey | None:
        """Which part of its base an expression is, in terms of `last_uses`; None if that does not know it again."""
        if isinstance(node, ast.Member):
            return None if node.optional else (NAME, operand)
        index = unwrapped(node.index)
        if isinstance(index, ast.IntLiteral):
            return (INDEX, index.value) if index.value >= 0 else None
        if isinstance(index, ast.StringLiteral):
            return (NAME, self.constant(index.value, node.span)) if is_plain_name(index.value) else None
        variable = self.resolution.lookups[id(index)].only_variable if isinstance(index, ast.Name) else None
        if variable is None or operand != variable.register or operand in (destination, base):
            return None
        return (KEY, operand) if self.is_movable(variable) else None


def is_call(node: ast.Expression) -> bool:
    """Whether an expression gives what a call has given, which is nobody else's but marked."""
    return isinstance(unwrapped(node), (ast.Call, ast.MethodCall))


def _leading_names(node: ast.DictLiteral) -> int:
    """How many entries at the start have keys that are written there, all different, and no texts of ints."""
    seen: set[str] = set()
    for entry in node.entries:
        key = None if isinstance(entry, ast.Spread) else unwrapped(entry.key)
        if not isinstance(key, ast.StringLiteral) or key.value in seen or not is_plain_name(key.value):
            break
        seen.add(key.value)
    return len(seen)
