"""Assignment to names and to places: a variable followed by `.name` and `[index]` steps."""

from __future__ import annotations

from rufflang.bytecode.compiler_calls import CallCompiler
from rufflang.bytecode.compiler_conditions import unwrapped
from rufflang.bytecode.compiler_expressions import BATCH
from rufflang.bytecode.growing import appended
from rufflang.bytecode.opcodes import MUTABLE
from rufflang.bytecode.scopes import Binding, Lookup
from rufflang.records import Record
from rufflang.syntax import ast
from rufflang.syntax.spans import Span


class Step(Record):
    """One step of a place: `operand` is an index register, or the constant of a field name."""

    is_field: bool
    operand: int


class PlaceCompiler(CallCompiler):
    """Compiles `Assign` statements, and everything else that binds one value to one name."""

    def assign(self, node: ast.Assign) -> None:
        """`target op value`."""
        if not isinstance(node.target, ast.Name):
            self.assign_place(node, node.target)
            return
        binding = self.resolution.bindings[id(node)][0]
        if self._appends_in_place(binding, node):
            self._append(binding.candidates[0].variable.register, node)  # type: ignore[union-attr]
        elif node.op == ":=":
            self.bind_value(binding, node.value, node.span)
        else:
            self._assign_compound(binding, node.target, node)

    def _appends_in_place(self, binding: Binding, node: ast.Assign) -> bool:
        """Whether the assignment may append piece by piece to a variable that grows."""
        if not isinstance(binding, Lookup) or binding.only_variable not in self.growing:
            return False
        operands = appended(node)
        is_sure = self._closed(binding).closed and binding.candidates[0].kind == MUTABLE
        # An error in a later operand must find the variable as it was, if anybody sees it then.
        return is_sure and bool(operands) and (len(operands) == 1 or self.try_depth == 0)

    def _append(self, register: int, node: ast.Assign) -> None:
        for adding, operand in appended(node):
            top = self.top
            inner = unwrapped(operand)
            if isinstance(inner, ast.InterpolatedString) and len(inner.parts) <= BATCH:
                first, count = self.parts(inner, self.temporary())
                self.emit(adding.span, "APPEND_TEXTS", register, first, count)
            else:
                self.emit(adding.span, "APPEND", register, self.operand(operand))
            self.top = top

    def bind_value(self, binding: Binding, value: ast.Expression, span: Span) -> None:
        """Evaluates `value` and binds or assigns it, without a detour where possible."""
        binding = self._narrowed(binding, value)
        if isinstance(binding, Lookup) and binding.closed and binding.only_variable is not None:
            self.moves = self.moves_on_assignment(binding.only_variable, value)
        if isinstance(binding, Lookup) and not self.moves:
            self.moves, self.only_argument = self.consumed_argument(binding, value)
        register = self.direct_register(binding)
        if register is not None:
            self.into(value, register, True)
        else:
            register = self.temporary()
            self.into(value, register, True)
            self.bind(binding, register, span)
        self.moves = set()
        self.only_argument = None

    def _narrowed(self, binding: Binding, value: ast.Expression) -> Binding:
        """A binding that need not be looked for, because computing `value` reads the same variable.

        After `x := push(x, 1)` has read `x`, which is no built-in, `x` is surely bound.
        """
        if not isinstance(binding, Lookup) or binding.closed or binding.only_variable is None:
            return binding
        operands = value.arguments if isinstance(value, ast.Call) else ()
        if isinstance(value, ast.Binary):
            operands = (value.left, value.right)
        if any(isinstance(operand, ast.Name) and operand.name == binding.name for operand in operands):
            return self._closed(binding)
        return binding

    def _closed(self, lookup: Lookup) -> Lookup:
        if lookup.only_variable is None or lookup.name in self.context.builtins:
            return lookup
        return Lookup(lookup.name, lookup.candidates, True)

    def _assign_compound(self, binding: Binding, target: ast.Name, node: ast.Assign) -> None:
        span = node.span
        if isinstance(binding, Lookup) and not binding.closed:
            binding = self._closed(binding)
        pin = self.must_pin(target, node.value)
        old = self.stored_operand(target) if pin else self.operand(target)
        register = self.direct_register(binding)
        if register is not None:
            self._operate(node, register, old)
            return
        register = self.temporary()
        self._operate(node, register, old)
        self.bind(binding, register, span)

    def _operate(self, node: ast.Assign, destination: int, old: int) -> None:
        """The new value of a compound assignment."""
        self.apply(node.span, node.op.removesuffix("="), destination, old, (node.target, node.value))

    # ------------------------------------------------------------------- places

    def assign_place(self, node: ast.Assign, target: ast.Member | ast.Index) -> None:
        """`target op value`, where the target is no plain name."""
        span = node.span
        if node.op == ":=":
            value = self.stored_operand(node.value)
            root, steps = self.steps(target)
        else:
            root, steps = self.steps(target)
            value = -1 if root is None else self._compound_value(node, root, steps)
        if root is None:
            self.raise_error(span, "Invalid assignment target")
        else:
            self._write_place(span, root, steps, value)

    def _compound_value(self, node: ast.Assign, root: ast.Name, steps: list[Step]) -> int:
        """A register with the new value of a place, made of the old one."""
        old = self.read_place(node.span, root, steps)
        if self.must_pin(root, node.value):
            self.emit(node.span, "SHARE", old)
        value = self.temporary()
        self._operate(node, value, old)
        return value

    def steps(self, target: ast.Member | ast.Index) -> tuple[ast.Name | None, list[Step]]:
        """Evaluates the index expressions of a place from left to right."""
        nodes: list[ast.Member | ast.Index] = []
        root: ast.Expression = target
        while isinstance(root, ast.Index) or (isinstance(root, ast.Member) and not root.optional):
            nodes.append(root)
            root = root.base
        steps: list[Step] = []
        for node in reversed(nodes):
            if isinstance(node, ast.Index):
                steps.append(Step(False, self.operand(node.index)))
            else:
                steps.append(Step(True, self.constant(node.name, node.span)))
        return root if isinstance(root, ast.Name) else None, steps

    def read_place(self, span: Span, root: ast.Name, steps: list[Step]) -> int:
        """A register with the value of a place."""
        base = self.operand(root)
        for step in steps:
            destination = self.temporary()
            opcode = "GET_FIELD" if step.is_field else "GET_INDEX"
            self.emit(span, opcode, destination, base, step.operand)
            base = destination
        return base

    def _write_place(self, span: Span, root: ast.Name, steps: list[Step], value: int) -> None:
        base = self.own_parent(span, root, steps)
        self.write_step(span, steps[-1], base, value)

    def own_parent(self, span: Span, root: ast.Name, steps: list[Step]) -> int:
        """A register with the container that the last step of a place leads into, made writable."""
        base = self.own(self.resolution.lookups[id(root)], span)
        for step in steps[:-1]:
            destination = self.temporary()
            self.own_step(span, step, destination, base)
            base = destination
        return base

    def own_step(self, span: Span, step: Step, destination: int, base: int) -> None:
        """Makes the container writable that a step leads to."""
        self.emit(span, "OWN_FIELD" if step.is_field else "OWN_INDEX", destination, base, step.operand)

    def write_step(self, span: Span, step: Step, base: int, value: int) -> None:
        """Puts a value where the last step of a place leads to."""
        self.emit(span, "SET_FIELD" if step.is_field else "SET_INDEX", base, step.operand, value)
