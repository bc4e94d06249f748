"""The types of expressions, and what can be wrong inside them.

`type_of` looks at each expression once: it reports what it finds and gives the type.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Container
from typing import Any

from rufflang.checker import findings
from rufflang.checker.bindings import Binding, FileNames, Scope
from rufflang.checker.findings import Finding
from rufflang.checker.signatures import Signature, signature_of
from rufflang.checker.types import (
    ANY,
    BOOL,
    FLOAT,
    INT,
    NUMBERS,
    STRING,
    Array,
    Dict,
    Option,
    Result,
    Type,
    fits,
    limited,
    merged,
)
from rufflang.syntax import ast
from rufflang.syntax.spans import Span

EQUALITIES = ("==", "!=")
COMPARISONS = ("<", "<=", ">", ">=", *EQUALITIES)


class ExpressionChecker(ABC):
    """Infers types; `findings` collects what is wrong."""

    def __init__(self, names: FileNames, builtins: Container[str]) -> None:
        self.names = names
        self.builtins = builtins
        self.findings: list[Finding] = []

    def type_of(self, node: ast.Expression, scope: Scope) -> Type:
        """The type of an expression, `ANY` when it is not known."""
        infer = _EXPRESSIONS.get(type(node))
        return ANY if infer is None else limited(infer(self, node, scope))

    @abstractmethod
    def check_function(self, node: ast.Function, scope: Scope) -> None:
        """Checks the body of a function, now or later."""

    @abstractmethod
    def check_block(self, block: ast.Block, scope: Scope) -> None:
        """Checks a block in a scope of its own."""

    def report(self, finding: Finding) -> None:
        self.findings.append(finding)

    # ------------------------------------------------------------------- literals

    def interpolated(self, node: ast.InterpolatedString, scope: Scope) -> Type:
        for part in node.parts:
            if not isinstance(part, str):
                self.type_of(part, scope)
        return STRING

    def array(self, node: ast.ArrayLiteral, scope: Scope) -> Type:
        elements = []
        for element in node.elements:
            if not isinstance(element, ast.Spread):
                elements.append(self.type_of(element, scope))
                continue
            spread = self.type_of(element.value, scope)
            elements.append(spread.element if isinstance(spread, Array) else ANY)
            if spread != ANY and not isinstance(spread, Array):
                self.report(findings.wrong_spread(element.span, "Array", spread))
        return Array(_all_merged(elements))

    def dictionary(self, node: ast.DictLiteral, scope: Scope) -> Type:
        keys, values = [], []
        for entry in node.entries:
            if isinstance(entry, ast.DictEntry):
                keys.append(self.type_of(entry.key, scope))
                values.append(self.type_of(entry.value, scope))
                continue
            spread = self.type_of(entry.value, scope)
            keys.append(spread.key if isinstance(spread, Dict) else ANY)
            values.append(spread.value if isinstance(spread, Dict) else ANY)
            if spread != ANY and not isinstance(spread, Dict):
                self.report(findings.wrong_spread(entry.span, "Dict", spread))
        return Dict(_all_merged(keys), _all_merged(values))

    def result(self, node: ast.ResultLiteral, scope: Scope) -> Type:
        inner = ANY if node.value is None else self.type_of(node.value, scope)
        if node.variant in ("Some", "None"):
            return Option(inner)
        return Result(inner, ANY) if node.variant == "Ok" else Result(ANY, inner)

    def function(self, node: ast.Function, scope: Scope) -> Type:
        self.check_function(node, scope)
        return signature_of(node).type

    # ------------------------------------------------------------------- operators

    def unary(self, node: ast.Unary, scope: Scope) -> Type:
        operand = self.type_of(node.operand, scope)
        is_defined = operand == BOOL if node.op == "!" else operand in NUMBERS
        return operand if is_defined else ANY

    def binary(self, node: ast.Binary, scope: Scope) -> Type:
        left, right = self.type_of(node.left, scope), self.type_of(node.right, scope)
        if node.op in COMPARISONS:
            return self.comparison(node, left, right)
        return self.arithmetic(node.span, node.op, left, right)

    def comparison(self, node: ast.Binary, left: Type, right: Type) -> Type:
        """The type of a comparison of two known sides; that of an overloaded one is unknown."""
        is_equality = node.op in EQUALITIES
        if ANY in (left, right):
            return BOOL if is_equality else ANY
        comparable = fits(left, right) or fits(right, left)
        if not is_equality:
            comparable = (left in NUMBERS and right in NUMBERS) or left == right == STRING
        if not comparable:
            self.report(findings.wrong_comparison(node.span, node.op, left, right))
        return BOOL

    def arithmetic(self, span: Span, op: str, left: Type, right: Type) -> Type:
        """The type of a sum, product and so on."""
        if ANY in (left, right):
            return ANY
        if left in NUMBERS and right in NUMBERS:
            return merged(left, right)
        if op == "+" and left == right == STRING:
            return STRING
        self.report(findings.wrong_operands(span, op, left, right))
        return ANY

    def logical(self, node: ast.Logical, scope: Scope) -> Type:
        left = self.type_of(node.left, scope)
        self.type_of(node.right, scope)
        # A left side of known type is not null, so that it is what `??` gives.
        return left if node.op == "??" else BOOL

    def try_operator(self, node: ast.TryOperator, scope: Scope) -> Type:
        operand = self.type_of(node.operand, scope)
        if isinstance(operand, Result):
            return operand.ok
        if isinstance(operand, Option):
            return operand.inner
        if operand != ANY:
            self.report(findings.wrong_try(node.span))
        return ANY

    def awaited(self, node: ast.Await, scope: Scope) -> Type:
        return self.type_of(node.operand, scope)

    def parenthesised(self, node: ast.Parenthesised, scope: Scope) -> Type:
        return self.type_of(node.inner, scope)

    # ------------------------------------------------------------------- names and steps

    def name(self, node: ast.Name, scope: Scope) -> Type:
        binding = scope.find(node.name)
        return ANY if binding is None else binding.type

    def index(self, node: ast.Index, scope: Scope) -> Type:
        base, index = self.type_of(node.base, scope), self.type_of(node.index, scope)
        if base == STRING:
            if index not in (INT, ANY):
                self.report(findings.wrong_string_index(node.index.span))
            return STRING
        if isinstance(base, Array):
            return base.element
        return base.value if isinstance(base, Dict) else ANY

    def member(self, node: ast.Member, scope: Scope) -> Type:
        self.type_of(node.base, scope)
        return ANY

    # ------------------------------------------------------------------- calls

    def call(self, node: ast.Call, scope: Scope) -> Type:
        return self.call_of(node.callee, node.arguments, scope, node.span, None)

    def pipe(self, node: ast.Pipe, scope: Scope) -> Type:
        piped = self.type_of(node.left, scope)
        if isinstance(node.right, ast.Call):
            return self.call_of(node.right.callee, node.right.arguments, scope, node.right.span, piped)
        if isinstance(node.right, ast.MethodCall):
            self.type_of(node.right, scope)
            return ANY
        return self.call_of(node.right, (), scope, node.right.span, piped)

    def call_of(
        self, callee: ast.Expression, written: tuple[ast.Expression, ...], scope: Scope, span: Span,
        piped: Type | None,
    ) -> Type:
        """A call of an expression with the arguments as written, behind a piped one if there is one."""
        binding = self._callee(callee, scope)
        arguments = [] if piped is None else [piped]
        arguments += [self.type_of(argument, scope) for argument in written]
        if binding is None or binding.signature is None or not isinstance(callee, ast.Name):
            return ANY
        places = ([span] if piped is not None else []) + [argument.span for argument in written]
        return self.check_call(callee.name, binding.signature, arguments, places, span)

    def _callee(self, callee: ast.Expression, scope: Scope) -> Binding | None:
        if not isinstance(callee, ast.Name):
            self.type_of(callee, scope)
            return None
        binding = scope.find(callee.name)
        if binding is None and self._is_undefined(callee.name):
            self.report(findings.undefined_function(callee.span, callee.name))
        return binding

    def _is_undefined(self, name: str) -> bool:
        """Whether nothing that could be known to run binds `name`."""
        # With `case Tag::Name(v)`, further items of the payload are called `v_1`, `v_2`, …
        base, _, number = name.rpartition("_")
        name = base if number.isdigit() and base in self.names.bound else name
        return not (name in self.names.bound or self.names.has_unknown_imports or name in self.builtins)

    def check_call(
        self, name: str, signature: Signature, arguments: list[Type], places: list[Span], span: Span
    ) -> Type:
        """A call of a function whose signature is known; gives the type of its result."""
        most = len(signature.parameters)
        if not signature.least <= len(arguments) <= most:
            self.report(findings.wrong_count(span, name, signature.least, most, len(arguments)))
        pairs = zip(signature.parameters, arguments, places, strict=False)
        for number, (expected, actual, place) in enumerate(pairs, start=1):
            if not fits(expected, actual):
                self.report(findings.wrong_argument(place, name, number, expected, actual))
        return signature.result

    def method_call(self, node: ast.MethodCall, scope: Scope) -> Type:
        self.type_of(node.receiver, scope)
        arguments = [self.type_of(argument, scope) for argument in node.arguments]
        binding = scope.find(node.receiver.name) if isinstance(node.receiver, ast.Name) else None
        signature = None if binding is None or binding.exports is None else binding.exports.get(node.name)
        if signature is None:
            return ANY
        places = [argument.span for argument in node.arguments]
        return self.check_call(node.name, signature, arguments, places, node.span)

    # ------------------------------------------------------------------- parts of unknown type

    def struct_literal(self, node: ast.StructLiteral, scope: Scope) -> Type:
        for field in node.fields:
            self.type_of(field.value, scope)
        return ANY

    def with_arguments(self, node: ast.Tagged | ast.Throw, scope: Scope) -> Type:
        for argument in node.arguments:
            self.type_of(argument, scope)
        return ANY

    def yielded(self, node: ast.Yield, scope: Scope) -> Type:
        if node.value is not None:
            self.type_of(node.value, scope)
        return ANY

    def spawned(self, node: ast.SpawnExpression, scope: Scope) -> Type:
        self.check_block(node.body, scope)
        return ANY


def _all_merged(types: list[Type]) -> Type:
    """The type of the elements of a literal; `ANY` for an empty one."""
    if not types:
        return ANY
    result = types[0]
    for each in types[1:]:
        result = merged(result, each)
    return result


def _constant(found: Type) -> Callable[[ExpressionChecker, Any, Scope], Type]:
    return lambda checker, node, scope: found


_EXPRESSIONS: dict[type, Callable[[ExpressionChecker, Any, Scope], Type]] = {
    ast.IntLiteral: _constant(INT),
    ast.FloatLiteral: _constant(FLOAT),
    ast.StringLiteral: _constant(STRING),
    ast.BoolLiteral: _constant(BOOL),
    ast.InterpolatedString: ExpressionChecker.interpolated,
    ast.Name: ExpressionChecker.name,
    ast.ArrayLiteral: ExpressionChecker.array,
    ast.DictLiteral: ExpressionChecker.dictionary,
    ast.StructLiteral: ExpressionChecker.struct_literal,
    ast.Unary: ExpressionChecker.unary,
    ast.Binary: ExpressionChecker.binary,
    ast.Logical: ExpressionChecker.logical,
    ast.Pipe: ExpressionChecker.pipe,
    ast.Parenthesised: ExpressionChecker.parenthesised,
    ast.Call: ExpressionChecker.call,
    ast.MethodCall: ExpressionChecker.method_call,
    ast.Index: ExpressionChecker.index,
    ast.Member: ExpressionChecker.member,
    ast.TryOperator: ExpressionChecker.try_operator,
    ast.ResultLiteral: ExpressionChecker.result,
    ast.Tagged: ExpressionChecker.with_arguments,
    ast.Throw: ExpressionChecker.with_arguments,
    ast.Await: ExpressionChecker.awaited,
    ast.Yield: ExpressionChecker.yielded,
    ast.Function: ExpressionChecker.function,
    ast.SpawnExpression: ExpressionChecker.spawned,
}
"""How each expression gets its type; those left out are of unknown type and have no parts."""
