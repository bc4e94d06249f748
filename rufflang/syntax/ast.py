"""The abstract syntax tree: what the parser promises to everything above it.

Every later layer (bytecode compiler, reference evaluator, formatter, linter)
reads these nodes and nothing else of the source text.  Nodes are plain, frozen
dataclasses with slots; each carries the `Span` it was parsed from.  The tree is
as written: no desugaring happens here except where a note below says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from rufflang.syntax.spans import Span

# --------------------------------------------------------------------------- types


@dataclass(frozen=True, slots=True)
class TypeExpression:
    """An annotation: `name`, its `<…>` arguments, and its `?`/`[]` suffixes in order."""

    span: Span
    name: str
    arguments: tuple[TypeExpression, ...] = ()
    suffixes: tuple[str, ...] = ()


# ------------------------------------------------------------------------- patterns


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A name to bind; `_` is a `DiscardPattern` instead."""

    span: Span
    name: str


@dataclass(frozen=True, slots=True)
class DiscardPattern:
    span: Span


@dataclass(frozen=True, slots=True)
class ArrayPattern:
    span: Span
    elements: tuple[Pattern, ...]
    rest: str | None


@dataclass(frozen=True, slots=True)
class DictPattern:
    span: Span
    keys: tuple[str, ...]
    rest: str | None


Pattern = NamePattern | DiscardPattern | ArrayPattern | DictPattern


@dataclass(frozen=True, slots=True)
class WildcardCase:
    """`case _`."""

    span: Span


@dataclass(frozen=True, slots=True)
class LiteralCase:
    """`case 1`, `case -2.5`, `case "red"`, `case true`, `case null`; sign already applied."""

    span: Span
    value: int | float | str | bool | None


@dataclass(frozen=True, slots=True)
class NameCase:
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


@dataclass(frozen=True, slots=True)
class IntLiteral:
    span: Span
    value: int


@dataclass(frozen=True, slots=True)
class FloatLiteral:
    span: Span
    value: float


@dataclass(frozen=True, slots=True)
class StringLiteral:
    span: Span
    value: str


@dataclass(frozen=True, slots=True)
class BoolLiteral:
    span: Span
    value: bool


@dataclass(frozen=True, slots=True)
class NullLiteral:
    span: Span


@dataclass(frozen=True, slots=True)
class InterpolatedString:
    """Text segments (str) and expressions, in order; empty segments are left out."""

    span: Span
    parts: tuple[str | Expression, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A variable reference; `self` is an ordinary name here."""

    span: Span
    name: str


@dataclass(frozen=True, slots=True)
class Spread:
    """`...value`; occurs only inside array and dict literals."""

    span: Span
    value: Expression


@dataclass(frozen=True, slots=True)
class ArrayLiteral:
    span: Span
    elements: tuple[Expression | Spread, ...]


@dataclass(frozen=True, slots=True)
class DictEntry:
    span: Span
    key: Expression
    value: Expression


@dataclass(frozen=True, slots=True)
class DictLiteral:
    span: Span
    entries: tuple[DictEntry | Spread, ...]


@dataclass(frozen=True, slots=True)
class FieldInit:
    span: Span
    name: str
    value: Expression


@dataclass(frozen=True, slots=True)
class StructLiteral:
    span: Span
    name: str
    fields: tuple[FieldInit, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """`op` is `-` or `!`."""

    span: Span
    op: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """`op` is one of `+ - * / % < <= > >= == !=`. `op_span` is the operator's own place."""

    span: Span
    op: str
    left: Expression
    right: Expression
    op_span: Span


@dataclass(frozen=True, slots=True)
class Logical:
    """`op` is `&&`, `||` or `??`: the operators that may skip their right side."""

    span: Span
    op: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Pipe:
    """`left |> right`; a right side that is an unparenthesised `Call` gets `left` as first argument."""

    span: Span
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Parenthesised:
    """`(inner)`, kept because a parenthesised expression is never a name, call or place."""

    span: Span
    inner: Expression


@dataclass(frozen=True, slots=True)
class Call:
    span: Span
    callee: Expression
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class MethodCall:
    """`receiver.name(arguments)`, or `receiver?.name(arguments)` when `optional`."""

    span: Span
    receiver: Expression
    name: str
    name_span: Span
    arguments: tuple[Expression, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class Index:
    span: Span
    base: Expression
    index: Expression


@dataclass(frozen=True, slots=True)
class Member:
    """`base.name`, or `base?.name` when `optional`."""

    span: Span
    base: Expression
    name: str
    name_span: Span
    optional: bool


@dataclass(frozen=True, slots=True)
class TryOperator:
    """`operand?`."""

    span: Span
    operand: Expression


@dataclass(frozen=True, slots=True)
class ResultLiteral:
    """`Ok(v)`, `Err(v)`, `Some(v)`, `None`; also written `Result::Ok(v)` and so on.

    `variant` is `Ok`, `Err`, `Some` or `None`; `value` is None only for `None`.
    """

    span: Span
    variant: str
    value: Expression | None


@dataclass(frozen=True, slots=True)
class Tagged:
    """`Enum::Variant(arguments)`; a tag without parentheses has no arguments.

    The prefixes `Result` and `Option` with the right number of arguments become
    `ResultLiteral`; with a wrong number they stay `Tagged` and the static checks
    report them.
    """

    span: Span
    enum: str
    variant: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Throw:
    """`throw(…)`; the static checks demand exactly one argument."""

    span: Span
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Await:
    span: Span
    operand: Expression


@dataclass(frozen=True, slots=True)
class Yield:
    span: Span
    value: Expression | None


@dataclass(frozen=True, slots=True)
class Parameter:
    span: Span
    name: str
    annotation: TypeExpression | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A function's text, shared by declarations, methods and expressions; `name` None is a lambda."""

    span: Span
    name: str | None
    parameters: tuple[Parameter, ...]
    return_type: TypeExpression | None
    body: Block
    is_async: bool = False
    is_generator: bool = False


@dataclass(frozen=True, slots=True)
class SpawnExpression:
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


@dataclass(frozen=True, slots=True)
class Block:
    span: Span
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Declare:
    """`let`, `mut` or `const` (`kind`) with its pattern; `const` always has a `NamePattern`."""

    span: Span
    kind: str
    pattern: Pattern
    annotation: TypeExpression | None
    value: Expression


@dataclass(frozen=True, slots=True)
class Destructure:
    """`[a, b] := value` or `{a} := value` without a keyword."""

    span: Span
    pattern: ArrayPattern | DictPattern
    value: Expression


@dataclass(frozen=True, slots=True)
class Assign:
    """`target op value`; `op` is `:=` (also for `=`) or one of `+= -= *= /= %=`.

    `target` is a `Name`, `Member` (not optional) or `Index`.
    """

    span: Span
    target: Name | Member | Index
    op: str
    value: Expression


@dataclass(frozen=True, slots=True)
class ExpressionStatement:
    span: Span
    value: Expression


@dataclass(frozen=True, slots=True)
class FunctionDeclaration:
    span: Span
    function: Function


@dataclass(frozen=True, slots=True)
class StructField:
    span: Span
    name: str
    annotation: TypeExpression | None
    default: Expression | None


@dataclass(frozen=True, slots=True)
class StructDeclaration:
    span: Span
    name: str
    fields: tuple[StructField, ...]
    methods: tuple[Function, ...]


@dataclass(frozen=True, slots=True)
class EnumDeclaration:
    span: Span
    name: str
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """`import module` (`names` None) or `from a.b import names`; `module` is the dotted text."""

    span: Span
    module: str
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Export:
    span: Span
    statement: Statement


@dataclass(frozen=True, slots=True)
class If:
    """`otherwise` is an `If` for `else if`, a `Block` for `else`, None when absent."""

    span: Span
    condition: Expression
    then: Block
    otherwise: Block | If | None


@dataclass(frozen=True, slots=True)
class While:
    """`while` and `loop while`; a bare `loop` has condition None."""

    span: Span
    condition: Expression | None
    body: Block


@dataclass(frozen=True, slots=True)
class For:
    span: Span
    pattern: Pattern
    iterable: Expression
    body: Block


@dataclass(frozen=True, slots=True)
class CaseArm:
    span: Span
    pattern: CasePattern
    guard: Expression | None
    body: Block


@dataclass(frozen=True, slots=True)
class Match:
    """Arms in source order; `default` is the last `default` arm, wherever it stood.

    An arm written as a single statement is a block of that one statement.
    """

    span: Span
    subject: Expression
    arms: tuple[CaseArm, ...]
    default: Block | None


@dataclass(frozen=True, slots=True)
class Try:
    span: Span
    body: Block
    error_name: str | None
    handler: Block


@dataclass(frozen=True, slots=True)
class Return:
    span: Span
    value: Expression | None


@dataclass(frozen=True, slots=True)
class Break:
    span: Span


@dataclass(frozen=True, slots=True)
class Continue:
    span: Span


@dataclass(frozen=True, slots=True)
class Test:
    span: Span
    name: str
    body: Block


@dataclass(frozen=True, slots=True)
class TestGroup:
    span: Span
    name: str
    body: Block


@dataclass(frozen=True, slots=True)
class TestSetup:
    span: Span
    body: Block


@dataclass(frozen=True, slots=True)
class TestTeardown:
    span: Span
    body: Block


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
)


@dataclass(frozen=True, slots=True)
class Program:
    """A whole file."""

    span: Span
    statements: tuple[Statement, ...]
