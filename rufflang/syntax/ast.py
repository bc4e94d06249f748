"""The abstract syntax tree: what the parser promises to everything above it.

Every later layer (bytecode compiler, reference evaluator, formatter, linter)
reads these nodes and nothing else of the source text.  Nodes are plain records;
each carries the `Span` it was parsed from.  The tree is
as written: no desugaring happens here except where a note below says so.
"""

from __future__ import annotations

from rufflang.records import Record
from rufflang.syntax.spans import Span

# --------------------------------------------------------------------------- types


class TypeExpression(Record):
    """An annotation: `name`, its `<…>` arguments, and its `?`/`[]` suffixes in order."""

    span: Span
    name: str
    arguments: tuple[TypeExpression, ...] = ()
    suffixes: tuple[str, ...] = ()


# ------------------------------------------------------------------------- patterns


class NamePattern(Record):
    """A name to bind; `_` is a `DiscardPattern` instead."""

    span: Span
    name: str


class DiscardPattern(Record):
    span: Span


class ArrayPattern(Record):
    span: Span
    elements: tuple[Pattern, ...]
    rest: str | None


class DictPattern(Record):
    span: Span
    keys: tuple[str, ...]
    rest: str | None


Pattern = NamePattern | DiscardPattern | ArrayPattern | DictPattern


class WildcardCase(Record):
    """`case _`."""

    span: Span


class LiteralCase(Record):
    """`case 1`, `case -2.5`, `case "red"`, `case true`, `case null`; sign already applied."""

    span: Span
    value: int | float | str | bool | None


class NameCase(Record):
    """`case Ok(x)`, `case green`, `case Shape::Rect(w, h)`.

    `enum` is None for an unprefixed name.  `bindings` is None when no parenthesis
    was written; inside it, None stands for `_`.
    """

    span: Span
    enum: str | None
    name: str
    bindings: tuple[str | None, ...] | None


CasePattern = WildcardCase | LiteralCase | NameCase

# ---------------------------------------------------------------------- expressions


class IntLiteral(Record):
    span: Span
    value: int


class FloatLiteral(Record):
    span: Span
    value: float


class StringLiteral(Record):
    span: Span
    value: str


class BoolLiteral(Record):
    span: Span
    value: bool


class NullLiteral(Record):
    span: Span


class InterpolatedString(Record):
    """Text segments (str) and expressions, in order; empty segments are left out."""

    span: Span
    parts: tuple[str | Expression, ...]


class Name(Record):
    """A variable reference; `self` is an ordinary name here."""

    span: Span
    name: str


class Spread(Record):
    """`...value`; occurs only inside array and dict literals."""

    span: Span
    value: Expression


class ArrayLiteral(Record):
    span: Span
    elements: tuple[Expression | Spread, ...]


class DictEntry(Record):
    span: Span
    key: Expression
    value: Expression


class DictLiteral(Record):
    span: Span
    entries: tuple[DictEntry | Spread, ...]


class FieldInit(Record):
    span: Span
    name: str
    value: Expression


class StructLiteral(Record):
    span: Span
    name: str
    fields: tuple[FieldInit, ...]


class Unary(Record):
    """`op` is `-` or `!`."""

    span: Span
    op: str
    operand: Expression


class Binary(Record):
    """`op` is one of `+ - * / % < <= > >= == !=`. `op_span` is the operator's own place."""

    span: Span
    op: str
    left: Expression
    right: Expression
    op_span: Span


class Logical(Record):
    """`op` is `&&`, `||` or `??`: the operators that may skip their right side."""

    span: Span
    op: str
    left: Expression
    right: Expression


class Pipe(Record):
    """`left |> right`; a right side that is an unparenthesised `Call` gets `left` as first argument."""

    span: Span
    left: Expression
    right: Expression


class Parenthesised(Record):
    """`(inner)`, kept because a parenthesised expression is never a name, call or place."""

    span: Span
    inner: Expression


class Call(Record):
    span: Span
    callee: Expression
    arguments: tuple[Expression, ...]


class MethodCall(Record):
    """`receiver.name(arguments)`, or `receiver?.name(arguments)` when `optional`."""

    span: Span
    receiver: Expression
    name: str
    name_span: Span
    arguments: tuple[Expression, ...]
    optional: bool


class Index(Record):
    span: Span
    base: Expression
    index: Expression


class Member(Record):
    """`base.name`, or `base?.name` when `optional`."""

    span: Span
    base: Expression
    name: str
    name_span: Span
    optional: bool


class TryOperator(Record):
    """`operand?`."""

    span: Span
    operand: Expression


class ResultLiteral(Record):
    """`Ok(v)`, `Err(v)`, `Some(v)`, `None`; also written `Result::Ok(v)` and so on.

    `variant` is `Ok`, `Err`, `Some` or `None`; `value` is None only for `None`.
    """

    span: Span
    variant: str
    value: Expression | None


class Tagged(Record):
    """`Enum::Variant(arguments)`; a tag without parentheses has no arguments.

    The prefixes `Result` and `Option` with the right number of arguments become
    `ResultLiteral`; with a wrong number they stay `Tagged` and the static checks
    report them.
    """

    span: Span
    enum: str
    variant: str
    arguments: tuple[Expression, ...]


class Throw(Record):
    """`throw(…)`; the static checks demand exactly one argument."""

    span: Span
    arguments: tuple[Expression, ...]


class Await(Record):
    span: Span
    operand: Expression


class Yield(Record):
    span: Span
    value: Expression | None


class Parameter(Record):
    span: Span
    name: str
    annotation: TypeExpression | None = None


class Function(Record):
    """A function's text, shared by declarations, methods and expressions; `name` None is a lambda."""

    span: Span
    name: str | None
    parameters: tuple[Parameter, ...]
    return_type: TypeExpression | None
    body: Block
    is_async: bool = False
    is_generator: bool = False


class SpawnExpression(Record):
    span: Span
    body: Block


Expression = (
    IntLiteral
    | FloatLiteral
    | StringLiteral
    | BoolLiteral
    | NullLiteral
    | InterpolatedString
    | Name
    | ArrayLiteral
    | DictLiteral
    | StructLiteral
    | Unary
    | Binary
    | Logical
    | Pipe
    | Parenthesised
    | Call
    | MethodCall
    | Index
    | Member
    | TryOperator
    | ResultLiteral
    | Tagged
    | Throw
    | Await
    | Yield
    | Function
    | SpawnExpression
)

# ----------------------------------------------------------------------- statements


class Block(Record):
    span: Span
    statements: tuple[Statement, ...]


class Declare(Record):
    """`let`, `mut` or `const` (`kind`) with its pattern; `const` always has a `NamePattern`."""

    span: Span
    kind: str
    pattern: Pattern
    annotation: TypeExpression | None
    value: Expression


class Destructure(Record):
    """`[a, b] := value` or `{a} := value` without a keyword."""

    span: Span
    pattern: ArrayPattern | DictPattern
    value: Expression


class Assign(Record):
    """`target op value`; `op` is `:=` (also for `=`) or one of `+= -= *= /= %=`.

    `target` is a `Name`, `Member` (not optional) or `Index`.
    """

    span: Span
    target: Name | Member | Index
    op: str
    value: Expression


class ExpressionStatement(Record):
    span: Span
    value: Expression


class FunctionDeclaration(Record):
    span: Span
    function: Function


class StructField(Record):
    span: Span
    name: str
    annotation: TypeExpression | None
    default: Expression | None


class StructDeclaration(Record):
    span: Span
    name: str
    fields: tuple[StructField, ...]
    methods: tuple[Function, ...]


class EnumDeclaration(Record):
    span: Span
    name: str
    variants: tuple[str, ...]


class Import(Record):
    """`import module` (`names` None) or `from a.b import names`; `module` is the dotted text."""

    span: Span
    module: str
    names: tuple[str, ...] | None


class Export(Record):
    span: Span
    statement: Statement


class If(Record):
    """`otherwise` is an `If` for `else if`, a `Block` for `else`, None when absent."""

    span: Span
    condition: Expression
    then: Block
    otherwise: Block | If | None


class While(Record):
    """`while` and `loop while`; a bare `loop` has condition None."""

    span: Span
    condition: Expression | None
    body: Block


class For(Record):
    span: Span
    pattern: Pattern
    iterable: Expression
    body: Block


class CaseArm(Record):
    span: Span
    pattern: CasePattern
    guard: Expression | None
    body: Block


class Match(Record):
    """Arms in source order; `default` is the last `default` arm, wherever it stood.

    An arm written as a single statement is a block of that one statement.
    """

    span: Span
    subject: Expression
    arms: tuple[CaseArm, ...]
    default: Block | None


class Try(Record):
    span: Span
    body: Block
    error_name: str | None
    handler: Block


class Return(Record):
    span: Span
    value: Expression | None


class Break(Record):
    span: Span


class Continue(Record):
    span: Span


class Test(Record):
    span: Span
    name: str
    body: Block


class TestGroup(Record):
    span: Span
    name: str
    body: Block


class TestSetup(Record):
    span: Span
    body: Block


class TestTeardown(Record):
    span: Span
    body: Block


class TestCase(Record):
    """One test with everything that surrounds it, in the order of execution, all in one scope.

    The parser never makes one: `rufflang.syntax.test_suite` does, as the last statement of the program
    that runs the test.
    """

    span: Span
    name: str
    setups: tuple[Block, ...]
    body: Block
    teardowns: tuple[Block, ...]


Statement = (
    Declare
    | Destructure
    | Assign
    | ExpressionStatement
    | FunctionDeclaration
    | StructDeclaration
    | EnumDeclaration
    | Import
    | Export
    | If
    | While
    | For
    | Match
    | Try
    | Return
    | Break
    | Continue
    | Test
    | TestGroup
    | TestSetup
    | TestTeardown
    | TestCase
)


class Program(Record):
    """A whole file."""

    span: Span
    statements: tuple[Statement, ...]
