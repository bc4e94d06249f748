"""Reading and writing variables, wherever they live, once the resolver has said which they are."""

from __future__ import annotations

from collections.abc import Callable

from rufflang.bytecode.compiler_base import CompilerBase
from rufflang.bytecode.encoding import Label
from rufflang.bytecode.opcodes import CONST, FIXED, LET, MUTABLE
from rufflang.bytecode.scopes import SURE, UNBOUND, Binding, Candidate, Lookup, Scope, Variable
from rufflang.syntax import ast
from rufflang.syntax.spans import Span

_KIND_NAMES = {LET: "immutable let", CONST: "const"}


class NameCompiler(CompilerBase):
    """Turns lookups and bindings into instructions."""

    def location(self, variable: Variable) -> int:
        """The register that holds the variable, or its cell."""
        if variable.scope.function is self.function:
            return variable.register
        return self.capture_registers[variable]

    def global_index(self, variable: Variable) -> int:
        """The number of the variable's global cell."""
        if variable.global_index < 0:
            variable.global_index = self.context.global_index(variable.name)
        return variable.global_index

    def enter_scope(self, span: Span, scope: Scope, settled: Variable | None = None) -> None:
        """Gives each variable of `scope` a register and its initial state.

        Parameters and the `settled` variable have theirs already, with a value in it.
        """
        for variable in scope.variables.values():
            if variable.is_global or variable.is_parameter or variable is settled:
                continue
            variable.register = self.temporary()
            if variable.is_cell:
                self.emit(span, "NEW_CELL", variable.register)
            elif variable.tested:
                self.emit(span, "LOAD_UNBOUND", variable.register)
        self.locals_top = self.top

    def leave_scope(self, top: int, locals_top: int) -> None:
        """Gives the registers of a scope back."""
        self.top, self.locals_top = top, locals_top

    # ------------------------------------------------------------------- the chain

    def for_each_candidate(
        self, lookup: Lookup, span: Span, hit: Callable[[Candidate, bool], None],
        miss: Callable[[], None] | None,
    ) -> None:
        """Emits the tests that find the variable `lookup` means.

        `hit(candidate, known)` emits what to do with a candidate; `known` is false if it
        may be unbound, which can happen to the last one only, and only without `miss`.
        """
        end = Label()
        tested: list[tuple[Label, Candidate]] = []
        last = lookup.candidates[-1] if lookup.candidates else None
        for candidate in lookup.candidates:
            if candidate.is_field:
                missing = Label()
                name = self.constant(lookup.name, span)
                self.jump(span, "JUMP_IF_NO_FIELD", missing, self.receiver(span, candidate), name)
                hit(candidate, True)
                self.jump(span, "JUMP", end)
                self.place(missing)
            elif candidate.test and (candidate is not last or miss is not None):
                found = Label()
                self._jump_if_bound(span, candidate.variable, found)
                tested.append((found, candidate))
            else:
                hit(candidate, not candidate.test)
                break
        else:
            if miss is not None:
                miss()
        for found, candidate in tested:
            self.jump(span, "JUMP", end)
            self.place(found)
            hit(candidate, True)
        self.place(end)

    def _jump_if_bound(self, span: Span, variable: Variable, label: Label) -> None:
        if variable.is_global:
            self.jump(span, "JUMP_IF_GLOBAL_BOUND", label, self.global_index(variable))
        else:
            self.jump(span, "JUMP_IF_BOUND", label, self.location(variable))

    def receiver(self, span: Span, candidate: Candidate) -> int:
        """A register with the hidden receiver of a method without `self`."""
        variable = candidate.variable
        if not variable.is_cell:
            return self.location(variable)
        register = self.temporary()
        self.emit(span, "GET_CELL", register, self.location(variable), self.constant("self", span))
        return register

    # ------------------------------------------------------------------- reading

    def sure_register(self, lookup: Lookup) -> int | None:
        """The register of the variable, if the name surely means a register variable."""
        variable = lookup.only_variable
        if variable is None or not lookup.closed or not variable.is_register:
            return None
        return variable.register

    def read(self, node: ast.Name, destination: int, store: bool) -> None:
        """Puts the value of a name into `destination`."""
        self.read_lookup(self.resolution.lookups[id(node)], node.span, destination, store)

    def read_lookup(self, lookup: Lookup, span: Span, destination: int, store: bool) -> None:
        """Puts the value that `lookup` finds into `destination`."""

        def hit(candidate: Candidate, known: bool) -> None:
            self._load(candidate, lookup.name, span, destination, store, known)

        def miss() -> None:
            self._load_prelude(lookup.name, span, destination)

        last = lookup.candidates[-1] if lookup.candidates else None
        raises = last is not None and not last.is_field and lookup.name not in self.context.builtins
        self.for_each_candidate(lookup, span, hit, None if raises else miss)

    def _load(
        self, candidate: Candidate, name: str, span: Span, destination: int, store: bool, known: bool
    ) -> None:
        variable = candidate.variable
        if candidate.is_field:
            receiver = self.receiver(span, candidate)
            self.emit(span, "GET_FIELD", destination, receiver, self.constant(name, span))
        elif variable.is_global:
            self.emit(span, "GET_GLOBAL", destination, self.global_index(variable))
        elif variable.is_cell:
            self.emit(span, "GET_CELL", destination, self.location(variable), self.constant(name, span))
        else:
            self._load_register(variable, span, destination, store, known)
            return
        if store and variable not in self.moves:
            self.emit(span, "SHARE", destination)

    def _load_register(
        self, variable: Variable, span: Span, destination: int, store: bool, known: bool
    ) -> None:
        if not known:
            self.emit(span, "CHECK_BOUND", variable.register, self.constant(variable.name, span))
        if store and variable in self.moves:
            self.not_lent.add(variable)
        if store and variable not in self.moves and destination != variable.register:
            if self.is_movable(variable):
                self.last_uses.copies[self.assembler.position] = variable
            self.emit(span, "COPY", destination, variable.register)
        else:
            self.move(span, destination, variable.register)

    def _load_prelude(self, name: str, span: Span, destination: int) -> None:
        builtins = self.context.builtins
        if name in builtins.numbers:
            self.emit(span, "LOAD_BUILTIN", destination, builtins.numbers[name])
        elif name in builtins.constants:
            self.load_constant(span, builtins.constants[name], destination)
        else:
            # Raises, unless a host has given the module a global of that name.
            self.emit(span, "GET_GLOBAL", destination, self.context.global_index(name))

    def find(self, lookup: Lookup, span: Span, destination: int) -> None:
        """Like reading, but a name without a value gives the unbound mark instead of an error."""

        def hit(candidate: Candidate, known: bool) -> None:
            if candidate.variable.is_global and not candidate.is_field:
                self.emit(span, "FIND_GLOBAL", destination, self.global_index(candidate.variable))
            else:
                self._load(candidate, lookup.name, span, destination, False, True)

        self.for_each_candidate(lookup, span, hit, lambda: self.emit(span, "LOAD_UNBOUND", destination))

    # ------------------------------------------------------------------- assigning

    def direct_register(self, binding: Binding) -> int | None:
        """The register to compute a value into, if that is all it takes to bind or assign it."""
        if isinstance(binding, Lookup):
            variable = binding.create if not binding.candidates else binding.only_variable
            if variable is None or not variable.is_register:
                return None
            if binding.candidates and binding.candidates[0].kind != MUTABLE:
                return None
            return variable.register if binding.closed or variable is binding.create else None
        if not binding.variable.is_register or (binding.checked and binding.previous != UNBOUND):
            return None
        return binding.variable.register

    def bind(self, binding: Binding, value: int, span: Span) -> None:
        """Gives the variable that `binding` means the value in register `value`."""
        if isinstance(binding, Lookup):
            self._assign(binding, value, span)
            return
        variable = binding.variable
        if variable.is_global:
            opcode = "DECLARE_GLOBAL" if binding.checked else "DEFINE_GLOBAL"
            is_fixed = variable.hoisted and variable.writes == 1 and not self.context.repl
            kind = FIXED if is_fixed else binding.kind
            self.emit(span, opcode, value, self.global_index(variable), kind)
            return
        if binding.checked and binding.previous == SURE:
            self.raise_error(span, f"Duplicate declaration in the same scope: {variable.name}")
        elif binding.checked and binding.previous != UNBOUND:
            self.emit(span, "CHECK_UNBOUND", variable.register, self.constant(variable.name, span))
        self._initialise(variable, binding.kind, value, span)

    def _initialise(self, variable: Variable, kind: int, value: int, span: Span) -> None:
        if variable.is_cell:
            self.emit(span, "BIND_CELL", variable.register, value, kind)
        else:
            self.move(span, variable.register, value)

    def _assign(self, lookup: Lookup, value: int, span: Span) -> None:
        create = lookup.create
        if create is not None and all(candidate.variable is create for candidate in lookup.candidates):
            if create.is_global:
                self.emit(span, "ASSIGN_GLOBAL", value, self.global_index(create))
                return
            if create.only_mutable:
                self._initialise(create, MUTABLE, value, span)
                return

        def hit(candidate: Candidate, known: bool) -> None:
            self._assign_candidate(candidate, lookup.name, value, span)

        def miss() -> None:
            if create is not None and create.is_global:
                self.emit(span, "ASSIGN_GLOBAL", value, self.global_index(create))
            elif create is not None:
                self._initialise(create, MUTABLE, value, span)

        self.for_each_candidate(lookup, span, hit, None if lookup.closed else miss)

    def _assign_candidate(self, candidate: Candidate, name: str, value: int, span: Span) -> None:
        variable = candidate.variable
        if candidate.is_field:
            receiver = self.own_receiver(candidate, span)
            self.emit(span, "SET_FIELD", receiver, self.constant(name, span), value)
        elif variable.is_global:
            self.emit(span, "ASSIGN_GLOBAL", value, self.global_index(variable))
        elif variable.is_cell:
            self.emit(span, "ASSIGN_CELL", self.location(variable), value, self.constant(name, span))
        elif candidate.kind in _KIND_NAMES:
            self.raise_error(span, f"Cannot reassign {_KIND_NAMES[candidate.kind]} binding: {name}")
        else:
            self.move(span, variable.register, value)

    # ------------------------------------------------------------------- roots of places

    def own_receiver(self, candidate: Candidate, span: Span) -> int:
        """The hidden receiver, made writable."""
        variable = candidate.variable
        if variable.is_cell:
            register = self.temporary()
            self.emit(span, "OWN_CELL", register, self.location(variable), self.constant("self", span))
            return register
        self.not_lent.add(variable)
        self.emit(span, "OWN", variable.register)
        return variable.register

    def own(self, lookup: Lookup, span: Span) -> int:
        """A register with the container in the variable that `lookup` finds, made writable."""
        register = self.sure_register(lookup)
        candidate = lookup.candidates[0] if lookup.candidates else None
        if register is not None and candidate is not None and candidate.kind == MUTABLE:
            self._own_register(candidate.variable, span)
            return register
        destination = self.temporary()

        def hit(candidate: Candidate, known: bool) -> None:
            self._own_candidate(candidate, lookup.name, span, destination, known)

        def miss() -> None:
            self._load_prelude(lookup.name, span, destination)

        last = lookup.candidates[-1] if lookup.candidates else None
        raises = last is not None and not last.is_field and lookup.name not in self.context.builtins
        self.for_each_candidate(lookup, span, hit, None if raises else miss)
        return destination

    def _own_register(self, variable: Variable, span: Span) -> None:
        self.not_lent.add(variable)
        self.emit(span, "OWN", variable.register)

    def _own_candidate(
        self, candidate: Candidate, name: str, span: Span, destination: int, known: bool
    ) -> None:
        variable = candidate.variable
        if candidate.is_field:
            receiver = self.own_receiver(candidate, span)
            self.emit(span, "OWN_FIELD", destination, receiver, self.constant(name, span))
        elif variable.is_global:
            self.emit(span, "OWN_GLOBAL", destination, self.global_index(variable))
        elif variable.is_cell:
            self.emit(span, "OWN_CELL", destination, self.location(variable), self.constant(name, span))
        else:
            if not known:
                self.emit(span, "CHECK_BOUND", variable.register, self.constant(name, span))
            if candidate.kind in _KIND_NAMES:
                self.raise_error(span, f"Cannot mutate {_KIND_NAMES[candidate.kind]} binding: {name}")
            else:
                self._own_register(variable, span)
                self.move(span, destination, variable.register)
