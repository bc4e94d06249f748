"""Updates of containers inside others: `groups[key] := push(groups[key], item)`, `w.team[i] := w.team[i].add(x)`.

A built-in that could write its argument in place finds it held by the container around it, and so would have to copy
it.  Where an assignment gives the result back to the very place that the argument came from, nobody can tell
whether that was written in place: so the place is made writable first, and its value is handed over.

A function of the program may do anything meanwhile, but it cannot see the variables of its caller.  So it is given
what is in the place as if nobody held that, unless a handler of the caller might look there.
"""

from __future__ import annotations

from rufflang.bytecode.chunk import PLAIN
from rufflang.bytecode.compiler_holding import parts_of
from rufflang.bytecode.compiler_places import PlaceCompiler
from rufflang.bytecode.opcodes import MUTABLE
from rufflang.bytecode.prelude import IN_PLACE_BUILTINS
from rufflang.bytecode.scopes import Variable
from rufflang.syntax import ast
from rufflang.syntax.spans import Span

_CONSTANTS = (ast.IntLiteral, ast.StringLiteral, ast.BoolLiteral)


class UpdateCompiler(PlaceCompiler):
    """Compiles assignments whose value is what a function makes of the old one."""

    _replaced: ast.Expression | None = None
    """What is read from the place that is being assigned."""

    def assign_place(self, node: ast.Assign, target: ast.Member | ast.Index) -> None:
        """`target op value`."""
        name, position = self._update_of(node, target)
        if name is None:
            self._replaced = self._replaced_by(node, target)
            super().assign_place(node, target)
            self._replaced = None
        else:
            assert isinstance(node.value, ast.Call)
            self._update(node.value, name, position, node.span, target)

    def _replaced_by(self, node: ast.Assign, target: ast.Member | ast.Index) -> ast.Expression | None:
        """The only mention of the place in its own new value; None where it has to stay what it is meanwhile."""
        if node.op != ":=" or _is_simple(target):
            return None
        if self.try_depth > 0 or self.return_target is not None or self.chunk.kind != PLAIN:
            return None
        variable = self._own_root(target)
        if variable is None or not self.is_movable(variable) or not self.occurs_once(variable, node.value):
            return None
        same = (inner for inner in parts_of(node.value) if _is_same(inner, target))
        return None if self.runs_code((target,)) else next(same, None)

    def lent_part(self, node: ast.Index | ast.Member, destination: int) -> None:
        """A part to be an argument: nobody holds it any more if its place is to get another value."""
        if node is not self._replaced:
            super().lent_part(node, destination)
            return
        top = self.top
        root, steps = self.steps(node)
        assert root is not None
        # It is looked for first as it would be otherwise, for the sake of the errors.
        self.read_place(node.span, root, steps)
        base, last = self.own_parent(node.span, root, steps), steps[-1]
        self.last_uses.taken.add(self.assembler.position)
        self.emit(node.span, "GET_FIELD" if last.is_field else "GET_INDEX", destination, base, last.operand)
        self.top = top

    def _update_of(self, node: ast.Assign, target: ast.Member | ast.Index) -> tuple[str | None, int]:
        """The built-in that makes the new value of the old one, and which of its arguments that is."""
        call = node.value
        if node.op != ":=" or not isinstance(call, ast.Call) or self._own_root(target) is None:
            return None, 0
        name = self.builtin_name(call.callee)
        places = [index for index, argument in enumerate(call.arguments) if _is_same(argument, target)]
        if name not in IN_PLACE_BUILTINS or len(places) != 1 or self.runs_code((target, *call.arguments)):
            return None, 0
        return name, places[0]

    def _own_root(self, target: ast.Expression) -> Variable | None:
        """The variable that the place is inside of, if that is sure to be mutable."""
        while isinstance(target, (ast.Index, ast.Member)):
            target = target.base
        if not isinstance(target, ast.Name):
            return None
        lookup = self.resolution.lookups[id(target)]
        variable = lookup.only_variable
        is_mutable = variable is not None and (lookup.candidates[0].kind == MUTABLE or variable.only_mutable)
        return variable if is_mutable else None

    def _update(
        self, call: ast.Call, name: str, position: int, span: Span, target: ast.Member | ast.Index
    ) -> None:
        root, steps = self.steps(target)
        assert root is not None
        variable = self.resolution.lookups[id(root)].only_variable
        assert variable is not None
        # The old value is looked for first, as an argument would be, for the sake of the errors.
        top = self.top
        self.read_place(call.arguments[position].span, root, steps)
        self.top = top
        first, held = self.temporary(), 0
        for index, argument in enumerate(call.arguments):
            register = first if index == 0 else self.temporary()
            if index == position:
                continue
            if self.occurs(variable, argument):
                # It may be what is about to be written in place, or around that.
                self.into(argument, register, True)
            else:
                held |= self.argument(argument, register, index, lambda: False, consumes=False)
        self.reserve(first + 1)
        base = self.own_parent(span, root, steps)
        self.own_step(span, steps[-1], first + position, base)
        self.emit(call.span, "CALL_BUILTIN", first, self.context.builtins.numbers[name], len(call.arguments))
        self.assembler.set_cache_word(held)
        self.write_step(span, steps[-1], base, first)


def _is_simple(target: ast.Member | ast.Index) -> bool:
    """Whether a place is one that `last_uses` knows again when it gets another value."""
    is_computed = isinstance(target, ast.Index) and isinstance(target.index, ast.Binary)
    return isinstance(target.base, ast.Name) and not is_computed


def _is_same(one: ast.Expression, other: ast.Expression) -> bool:
    """Whether two expressions are written alike, made of nothing but names, constants, steps and texts of these."""
    if isinstance(one, ast.Index) and isinstance(other, ast.Index):
        return _is_same(one.base, other.base) and _is_same(one.index, other.index)
    if isinstance(one, ast.Member) and isinstance(other, ast.Member):
        return one.name == other.name and not one.optional and not other.optional and _is_same(one.base, other.base)
    if isinstance(one, ast.Name) and isinstance(other, ast.Name):
        return one.name == other.name
    if isinstance(one, ast.Binary) and isinstance(other, ast.Binary):
        return one.op == other.op and _is_same(one.left, other.left) and _is_same(one.right, other.right)
    if isinstance(one, ast.InterpolatedString) and isinstance(other, ast.InterpolatedString):
        return len(one.parts) == len(other.parts) and all(map(_are_same_parts, one.parts, other.parts))
    return isinstance(one, _CONSTANTS) and type(one) is type(other) and one.value == other.value


def _are_same_parts(one: str | ast.Expression, other: str | ast.Expression) -> bool:
    """`_is_same` for parts of interpolated strings."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return _is_same(one, other)
