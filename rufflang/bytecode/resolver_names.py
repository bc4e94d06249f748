"""Scopes as the resolver walks through them: binding names and looking them up."""

from __future__ import annotations

from rufflang.bytecode.growing import LoopUse
from rufflang.bytecode.opcodes import CONST, LET, MUTABLE
from rufflang.bytecode.scopes import (
    MAYBE,
    SURE,
    UNBOUND,
    Candidate,
    Declaration,
    FunctionInfo,
    Lookup,
    Resolution,
    Scope,
    Variable,
)
from rufflang.syntax import ast

KINDS = {"mut": MUTABLE, "let": LET, "const": CONST}


class NameResolver:
    """The scopes at one point of the walk, and the rules by which names find variables.

    `open_globals` means that the global scope may hold names this file does not bind itself
    (an interactive session, an import of nobody knows what): then every global name is only maybe bound.
    """

    def __init__(self, resolution: Resolution, open_globals: bool) -> None:
        self.resolution = resolution
        self.function = resolution.main
        self.scope = resolution.main.scope
        self.position = 0
        self._open_globals = open_globals
        self._global_scope = resolution.main.scope
        self._kept_nodes: set[int] = set()
        self._loop_writes: list[set[Variable]] = []
        self._loop_uses: list[LoopUse] = []

    # ------------------------------------------------------------------- binding

    def declare(self, name: str, kind: int, checked: bool) -> Declaration:
        """Binds `name` in the current scope."""
        variable = self._own_variable(name)
        declaration = Declaration(variable, kind, variable.state, checked)
        variable.kind = kind
        if kind != MUTABLE:
            variable.only_mutable = False
        self.set_state(variable, SURE)
        self._note_write(variable)
        return declaration

    def assign(self, name: str) -> Lookup:
        """Assigns `name` by the rule of `x := e`; it may create a variable in the current scope."""
        lookup = self.look_up(name)
        if not lookup.closed:
            variable = lookup.create = self._own_variable(name)
            others = any(candidate.variable is not variable for candidate in lookup.candidates)
            if variable.state == UNBOUND:
                variable.kind = MUTABLE
            elif variable.kind != MUTABLE:
                variable.ambiguous = True
            if others:
                variable.tested = True
            self.set_state(variable, MAYBE if others else SURE)
            self._note_write(variable)
        self.write(lookup)
        return lookup

    def new_parameter(self, function: FunctionInfo, name: str) -> Variable:
        """A variable of `function` that is bound from the start."""
        variable = function.scope.variables[name] = Variable(name, function.scope)
        variable.is_parameter = True
        self.set_state(variable, SURE)
        return variable

    def write(self, lookup: Lookup) -> None:
        """Notes that whatever `lookup` finds is changed here."""
        for candidate in lookup.candidates:
            self._note_write(candidate.variable)

    def _note_write(self, variable: Variable) -> None:
        variable.writes += 1
        if variable.scope.function is not self.function:
            variable.written_elsewhere = True
        for writes in self._loop_writes:
            writes.add(variable)

    def _own_variable(self, name: str) -> Variable:
        variable = self.scope.variables.get(name)
        if variable is None and self.scope.imports:
            return self._imported(self.scope, name)
        if variable is None:
            variable = self.scope.variables[name] = Variable(name, self.scope)
            if self._open_globals and self.scope is self._global_scope:
                self._open_up(variable)
        return variable

    def _imported(self, scope: Scope, name: str) -> Variable:
        """A variable that the imports in `scope` may have bound: nobody knows before they run."""
        variable = scope.variables[name] = Variable(name, scope)
        variable.state = MAYBE
        variable.tested = True
        for bindings in scope.imports:
            bindings.append(Declaration(variable, MUTABLE, MAYBE, False))
            variable.writes += 1
        return variable

    def _open_up(self, variable: Variable) -> None:
        variable.is_global = True
        variable.only_mutable = False
        variable.written_elsewhere = True
        variable.state = MAYBE

    def set_state(self, variable: Variable, state: int) -> None:
        """Changes whether `variable` is bound, from here on."""
        if (state == SURE) != (variable.state == SURE):
            self.position += 1
            variable.sure_changes.append(self.position)
        variable.state = state

    # ------------------------------------------------------------------- look-up

    def read(self, node: ast.Name | ast.StructLiteral) -> Lookup:
        """Resolves a mention of a name and files the result under `node`."""
        lookup = self.look_up(node.name)
        self.resolution.lookups[id(node)] = lookup
        if id(node) in self._kept_nodes:
            for candidate in lookup.candidates:
                candidate.variable.kept = True
        return lookup

    def keep(self, node: ast.Expression) -> None:
        """Notes that the value of `node` will be stored; to be called before `node` is visited."""
        while type(node) is ast.Parenthesised:
            node = node.inner
        if type(node) is ast.Name:
            self._kept_nodes.add(id(node))
        elif type(node) is ast.Logical and node.op == "??":
            self.keep(node.left)
            self.keep(node.right)

    def look_up(self, name: str) -> Lookup:
        """What `name` may mean in the current scope, where it is mentioned."""
        lookup = self._found(name)
        for use in self._loop_uses:
            for candidate in lookup.candidates:
                use.mention(candidate.variable)
        return lookup

    def _found(self, name: str) -> Lookup:
        lookup = Lookup(name, [], False)
        function: FunctionInfo | None = self.function
        scope: Scope | None = self.scope
        position = -1
        while function is not None:
            if self._search_function(lookup, function, scope, position):
                lookup.closed = True
                return lookup
            if function.receiver is not None:
                self._add_receiver(lookup, function.receiver)
            position, scope, function = function.position, function.defining_scope, function.parent
        if self._open_globals and name not in self._global_scope.variables:
            variable = self._global_scope.variables[name] = Variable(name, self._global_scope)
            self._open_up(variable)
            lookup.candidates.append(Candidate(variable, True, None))
        return lookup

    def _search_function(
        self, lookup: Lookup, function: FunctionInfo, scope: Scope | None, position: int
    ) -> bool:
        """Adds the candidates of one function's scopes; whether one of them is surely bound."""
        while scope is not None:
            variable = scope.variables.get(lookup.name)
            if variable is None and scope.imports:
                variable = self._imported(scope, lookup.name)
            if variable is not None:
                if function is self.function:
                    if self._add_own(lookup, variable):
                        return True
                elif self._add_outer(lookup, variable, position):
                    return True
            scope = scope.parent
        return False

    def _add_own(self, lookup: Lookup, variable: Variable) -> bool:
        if variable.state == UNBOUND:
            return False
        sure = variable.state == SURE
        if not sure:
            variable.tested = True
        lookup.candidates.append(Candidate(variable, not sure, variable.kind))
        return sure

    def _add_outer(self, lookup: Lookup, variable: Variable, position: int) -> bool:
        if variable.scope is self._global_scope:
            variable.is_global = True
            sure = variable.hoisted
        else:
            self._capture(variable)
            sure = variable.is_sure_at(position)
        if not sure:
            variable.tested = True
        lookup.candidates.append(Candidate(variable, not sure, None))
        return sure

    def _add_receiver(self, lookup: Lookup, receiver: Variable) -> None:
        if receiver.scope.function is not self.function:
            self._capture(receiver)
        lookup.candidates.append(Candidate(receiver, True, MUTABLE, is_field=True))

    def _capture(self, variable: Variable) -> None:
        variable.captured = True
        function: FunctionInfo | None = self.function
        while function is not None and function is not variable.scope.function:
            function.captures.setdefault(variable, len(function.captures))
            function = function.parent
