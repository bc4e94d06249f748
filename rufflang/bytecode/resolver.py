"""Which variable does each name mean?  The resolver answers before any code is emitted.

It walks the file once, statement by statement, function bodies last, and returns a
`Resolution`.  What the compiler needs to know about a variable in advance (does a closure
capture it, must it be a global, is its value ever kept) is known when the walk is over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property

from rufflang.bytecode.growing import LoopUse, appended, is_text
from rufflang.bytecode.opcodes import MUTABLE
from rufflang.bytecode.resolver_expressions import ExpressionResolver
from rufflang.bytecode.resolver_names import KINDS
from rufflang.bytecode.scopes import (
    MAYBE,
    SURE,
    UNBOUND,
    Binding,
    CodeNode,
    Declaration,
    FunctionInfo,
    Lookup,
    Resolution,
    Scope,
    Variable,
)
from rufflang.source import Source
from rufflang.syntax import ast
from rufflang.syntax.exports import bare, executed_statements, exported_names, pattern_names

# Type checkers take this for true; importing `typing` to say so would slow down every first run.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HOISTED = (ast.FunctionDeclaration, ast.StructDeclaration, ast.EnumDeclaration)
_NUMBERED_NAME = re.compile(r"\b(\w+)_([1-9]\d*)\b")

ExportsOf = Callable[[str], tuple[str, ...] | None]
_States = dict[Variable, tuple[int, int]]


def resolve(
    program: ast.Program, source: Source, repl: bool, exports_of: ExportsOf = lambda _name: None
) -> Resolution:
    """Resolves every name of a file.

    `exports_of` tells what a module exports, or None where that is not known.
    """
    resolution = Resolution(FunctionInfo(None, None, 0))
    for name, number in sorted(set(_NUMBERED_NAME.findall(source.text)), key=lambda found: int(found[1])):
        resolution.numbered_names.setdefault(name, []).append(int(number))
    resolution.operators_call = repl
    Resolver(resolution, source, repl, exports_of).program(program)
    return resolution


class Resolver(ExpressionResolver):
    """Walks the statements; `program` is the entry."""

    def __init__(self, resolution: Resolution, source: Source, repl: bool, exports_of: ExportsOf) -> None:
        super().__init__(resolution, repl)
        self._source = source
        self._exports_of = exports_of

    def program(self, program: ast.Program) -> None:
        """Resolves a whole file."""
        rest = []
        for name in exported_names(program):
            self._own_variable(name).is_global = True
            self._expect_foreign_structs()
        for statement in executed_statements(program):
            if isinstance(statement, HOISTED):
                self._statement(statement)
                self.resolution.bindings[id(statement)][0].variable.hoisted = True  # type: ignore[union-attr]
            else:
                rest.append(statement)
        for statement in rest:
            self._statement(statement)
        while self.postponed:
            self._function(*self.postponed.pop(0))

    def _function(self, function: FunctionInfo, node: CodeNode) -> None:
        self.function, self.scope = function, function.scope
        self._loop_writes = []
        self._loop_uses = []
        if isinstance(node, ast.StructField):
            if node.default is not None:
                self.visit_kept(node.default)
            return
        if isinstance(node, ast.Function):
            for parameter in node.parameters:
                self.new_parameter(function, parameter.name)
        self._statements(node.body.statements)

    # ------------------------------------------------------------------- statements

    def _statements(self, statements: Iterable[ast.Statement]) -> None:
        for statement in statements:
            self._statement(bare(statement))

    def _statement(self, node: ast.Statement) -> None:
        _STATEMENTS[type(node)](self, node)

    def _block(self, block: ast.Block, names: Iterable[str] = (), owner: object = None) -> None:
        """Walks a block in a scope of its own in which `names` are bound from the start."""
        outer = self.scope
        self.scope = self.resolution.scopes[id(block)] = Scope(self.function, outer)
        if owner is not None:
            self.resolution.bindings[id(owner)] = [self.declare(name, MUTABLE, False) for name in names]
        self._statements(block.statements)
        self.scope = outer

    def _expect_foreign_structs(self) -> None:
        self.resolution.operators_call = self.resolution.foreign_structs = True

    def _declare(self, node: ast.Declare) -> None:
        if isinstance(node.pattern, ast.NamePattern):
            self.keep(node.value)
        self.visit(node.value)
        kind = KINDS[node.kind]
        declarations = [self.declare(name, kind, True) for name in pattern_names(node.pattern)]
        self.resolution.bindings[id(node)] = [*declarations]
        if isinstance(node.pattern, ast.NamePattern) and is_text(node.value):
            declarations[0].variable.is_text = True

    def _destructure(self, node: ast.Destructure) -> None:
        self.visit(node.value)
        self.resolution.bindings[id(node)] = [self.assign(name) for name in pattern_names(node.pattern)]

    def _assign(self, node: ast.Assign) -> None:
        if node.op == ":=":
            self.keep(node.value)
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            if node.op != ":=":
                self.read(node.target)
            lookup = self.assign(node.target.name)
            self.resolution.bindings[id(node)] = [lookup]
            self._note_text(node, lookup)
            return
        self.visit(node.target)
        root: ast.Expression = node.target
        while isinstance(root, (ast.Index, ast.Member)):
            root = root.base
        if isinstance(root, ast.Name):
            lookup = self.resolution.lookups[id(root)]
            self.write(lookup)
            for candidate in lookup.candidates:
                candidate.variable.kept = True

    def _note_text(self, node: ast.Assign, lookup: Lookup) -> None:
        variable = lookup.only_variable or lookup.create
        if variable is None:
            return
        if node.op == ":=" and is_text(node.value):
            variable.is_text = True
        operands = appended(node)
        if operands:
            with_text = any(is_text(operand) for _, operand in operands)
            for use in self._loop_uses:
                use.append(variable, with_text=with_text)

    def _expression(self, node: ast.ExpressionStatement) -> None:
        self.visit(node.value)

    def _declare_function(self, node: ast.FunctionDeclaration) -> None:
        self._define(node, str(node.function.name))
        self.postpone(node.function)

    def _declare_struct(self, node: ast.StructDeclaration) -> None:
        self._define(node, node.name)
        for method in node.methods:
            self.resolution.method_names.add(str(method.name))
            if str(method.name).startswith("op_"):
                self.resolution.operators_call = True
            self.postpone(method, is_method=True)
        for field in node.fields:
            if field.default is not None:
                self.postpone(field)

    def _declare_enum(self, node: ast.EnumDeclaration) -> None:
        self._define(node, node.name)

    def _define(self, node: ast.Statement, name: str) -> None:
        self.resolution.bindings[id(node)] = [self.declare(name, MUTABLE, False)]

    # ------------------------------------------------------------------- control flow

    def _if(self, node: ast.If) -> None:
        branch: ast.If | ast.Block | None = node
        while isinstance(branch, ast.If):
            self.visit(branch.condition)
            self._block(branch.then)
            branch = branch.otherwise
        if branch is not None:
            self._block(branch)

    def _while(self, node: ast.While) -> None:
        self._loop_uses.append(LoopUse())
        if node.condition is not None:
            self.visit(node.condition)
        self._block(node.body)
        self._end_loop(node)

    def _end_loop(self, node: ast.While | ast.For) -> None:
        self.resolution.growing[id(node)] = self._loop_uses.pop().growing(self.scope)

    def _for(self, node: ast.For) -> None:
        self.visit(node.iterable)
        writes: set[Variable] = set()
        self._loop_writes.append(writes)
        self._loop_uses.append(LoopUse())
        self._block(node.body, pattern_names(node.pattern), node)
        self._end_loop(node)
        self._loop_writes.pop()
        self.resolution.loop_writes[id(node)] = writes

    def _try(self, node: ast.Try) -> None:
        self._block(node.body)
        self._block(node.handler, [] if node.error_name is None else [node.error_name], node)

    def _test_case(self, node: ast.TestCase) -> None:
        outer = self.scope
        self.scope = self.resolution.scopes[id(node)] = Scope(self.function, outer)
        for part in (*node.setups, node.body, *node.teardowns):
            # `return` or an error may end each part anywhere.
            before = self._states()
            self._statements(part.statements)
            self._restore(self._join([before, self._states()]))
        self.scope = outer

    def _return(self, node: ast.Return) -> None:
        if node.value is not None:
            self.visit_kept(node.value)

    def _jump(self, node: ast.Break | ast.Continue) -> None:
        """Where these go is the compiler's business."""

    def _ignore(self, node: ast.Statement) -> None:
        """Test blocks are no part of a program: a test is run as a `TestCase`."""

    # ------------------------------------------------------------------- imports

    def _import(self, node: ast.Import) -> None:
        self._expect_foreign_structs()
        if node.names is not None:
            bindings: list[Binding] = [self.declare(name, MUTABLE, False) for name in node.names]
            self.resolution.bindings[id(node)] = bindings
        elif self.scope is self._global_scope:
            self._import_globals(node.module)
        else:
            self._import_locally(node)

    def _import_globals(self, module: str) -> None:
        """`import m` at the top level: its exports become globals.

        Only names that the file mentions matter.  Where the exports are not known, any global may be one.
        """
        exports = self.resolution.assumptions[module] = self._exports_of(module)
        if exports is None:
            for variable in self._global_scope.variables.values():
                variable.is_global = variable.written_elsewhere = True
                variable.only_mutable = False
                variable.writes += 1
            self._open_globals = True
        for name in (*(exports or ()), module):
            if name == module or name in self._mentioned:
                self.declare(name, MUTABLE, False).variable.is_global = True

    @cached_property
    def _mentioned(self) -> frozenset[str]:
        """Every word of the file, names among them."""
        return frozenset(re.findall(r"\w+", self._source.text))

    def _import_locally(self, node: ast.Import) -> None:
        """`import m` in a function or block: any name mentioned from here on may be bound by it."""
        variables = list(self.scope.variables.values())
        bindings: list[Binding] = [self.declare(node.module, MUTABLE, False)]
        for variable in variables:
            bindings.append(Declaration(variable, MUTABLE, variable.state, False))
            if variable.kind != MUTABLE:
                variable.ambiguous = True
            if variable.state == UNBOUND:
                variable.tested = True
                self.set_state(variable, MAYBE)
            self._note_write(variable)
        self.resolution.bindings[id(node)] = bindings
        self.scope.imports.append(bindings)

    # ------------------------------------------------------------------- match

    def _match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        before = self._states()
        ends: list[_States] = []
        for arm in node.arms:
            self._restore(before)
            self.resolution.bindings[id(arm)] = list(self._case_bindings(arm.pattern))
            if arm.guard is not None:
                self.visit(arm.guard)
                before = self._join([before, self._states()])
            self._statements(arm.body.statements)
            ends.append(self._states())
        self._restore(before)
        if node.default is not None:
            self._statements(node.default.statements)
        ends.append(self._states())
        self._restore(self._join(ends))

    def _case_bindings(self, pattern: ast.CasePattern) -> Iterable[Binding]:
        """The variables an arm binds, in the order of `case_names`."""
        for name, is_sure in case_names(pattern, self.resolution.numbered_names):
            declaration = self.declare(name, MUTABLE, False)
            if not is_sure and declaration.previous != SURE:
                declaration.variable.tested = True
                self.set_state(declaration.variable, MAYBE)
            yield declaration

    def _states(self) -> _States:
        return {variable: (variable.state, variable.kind) for variable in self.scope.variables.values()}

    def _restore(self, states: _States) -> None:
        for variable in self.scope.variables.values():
            state, kind = states.get(variable, (UNBOUND, MUTABLE))
            self.set_state(variable, state)
            variable.kind = kind

    def _join(self, alternatives: list[_States]) -> _States:
        joined: _States = {}
        for variable in self.scope.variables.values():
            states = [states.get(variable, (UNBOUND, MUTABLE)) for states in alternatives]
            kinds = {kind for state, kind in states if state != UNBOUND}
            if len(kinds) > 1:
                variable.ambiguous = True
            if all(state == SURE for state, _ in states):
                state = SURE
            else:
                state = MAYBE if kinds else UNBOUND
                variable.tested = variable.tested or state == MAYBE
            joined[variable] = state, kinds.pop() if kinds else MUTABLE
        return joined


def result_variant(pattern: ast.CasePattern) -> bool:
    """Whether the pattern means a variant of the built-in results and options."""
    if not isinstance(pattern, ast.NameCase):
        return False
    home = {"Ok": "Result", "Err": "Result", "Some": "Option", "None": "Option"}.get(pattern.name)
    return home is not None and pattern.enum in (None, home)


def case_names(pattern: ast.CasePattern, numbered_names: dict[str, list[int]]) -> list[tuple[str, bool]]:
    """The names an arm may bind, in order, and whether a match surely binds them."""
    if not isinstance(pattern, ast.NameCase) or not pattern.bindings:
        return []
    if result_variant(pattern):
        return [(name, True) for name in pattern.bindings if name is not None and pattern.name != "None"]
    if pattern.enum is None:
        return []
    if len(pattern.bindings) > 1:
        return [(name, False) for name in pattern.bindings if name is not None]
    name = pattern.bindings[0]
    if name is None:
        return []
    return [(name, False)] + [(f"{name}_{number}", False) for number in numbered_names.get(name, ())]


_STATEMENTS: dict[type, Callable[[Resolver, Any], None]] = {
    ast.Declare: Resolver._declare,
    ast.Destructure: Resolver._destructure,
    ast.Assign: Resolver._assign,
    ast.ExpressionStatement: Resolver._expression,
    ast.FunctionDeclaration: Resolver._declare_function,
    ast.StructDeclaration: Resolver._declare_struct,
    ast.EnumDeclaration: Resolver._declare_enum,
    ast.Import: Resolver._import,
    ast.If: Resolver._if,
    ast.While: Resolver._while,
    ast.For: Resolver._for,
    ast.Match: Resolver._match,
    ast.Try: Resolver._try,
    ast.Return: Resolver._return,
    ast.Break: Resolver._jump,
    ast.Continue: Resolver._jump,
    ast.Test: Resolver._ignore,
    ast.TestGroup: Resolver._ignore,
    ast.TestSetup: Resolver._ignore,
    ast.TestTeardown: Resolver._ignore,
    ast.TestCase: Resolver._test_case,
}
