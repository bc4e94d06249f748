"""Parsing expressions: operators by precedence, postfix chains, names and functions.

Chains of left-associative operators and postfix operators are loops, however long;
only what nests recurses, and that is limited.
"""

from __future__ import annotations

from collections.abc import Callable

from rufflang.syntax.ast import (
    Await,
    Binary,
    Call,
    Expression,
    Function,
    Index,
    Logical,
    Member,
    MethodCall,
    Name,
    Parameter,
    Parenthesised,
    Pipe,
    ResultLiteral,
    SpawnExpression,
    Tagged,
    Throw,
    TryOperator,
    Unary,
    Yield,
)
from rufflang.syntax.parser.literals import LiteralParser
from rufflang.syntax.spans import Span
from rufflang.syntax.tokens import END, FLOAT, IDENTIFIER, INT, INTERPOLATED, KEYWORDS, STRING, Token

PRECEDENCE = {
    "|>": 1,
    "??": 2,
    "||": 3,
    "&&": 4,
    "==": 5, "!=": 5,
    "<": 6, "<=": 6, ">": 6, ">=": 6,
    "+": 7, "-": 7,
    "*": 8, "/": 8, "%": 8,
}  # fmt: skip
LOGICAL_OPERATORS = frozenset(["&&", "||", "??"])
PREFIX_OPERATORS = frozenset(["!", "-", "await"])
POSTFIX_OPERATORS = frozenset(["(", "[", ".", "?.", "?"])

# What may follow `return` and `yield` on their line without being their operand.
OPERAND_ENDS = frozenset([";", "}", ")", "]", ",", END])

CONSTRUCTORS = frozenset(["Ok", "Err", "Some"])
# The variants of the built-in results and options that `Result::` and `Option::` reach, with their arity.
BUILT_IN_TAGS = {("Result", "Ok"): 1, ("Result", "Err"): 1, ("Option", "Some"): 1, ("Option", "None"): 0}


class ExpressionParser(LiteralParser):
    """Adds the grammar of section 2.4."""

    def expression(self) -> Expression:
        """An expression, one nesting level deeper."""
        self.enter_expression("expression")
        value = self.binary(1) if self.token.kind != "yield" else self.yield_expression()
        self.expression_depth -= 1
        return value

    def uncounted_expression(self) -> Expression:
        """An expression on the nesting level of what it stands in."""
        return self.binary(1) if self.token.kind != "yield" else self.yield_expression()

    def header_expression(self) -> Expression:
        """An expression before a block: `name { }` is not a struct literal in it."""
        self.in_header = True
        value = self.expression()
        self.in_header = False
        return value

    def inner_expression(self) -> Expression:
        """An expression inside brackets, where the restriction of headers is off."""
        in_header, self.in_header = self.in_header, False
        value = self.expression()
        self.in_header = in_header
        return value

    def operand_absent(self) -> bool:
        """Whether the `return` or `yield` just read has no operand (rule N2)."""
        return self.token.first_on_line or self.token.kind in OPERAND_ENDS

    def yield_expression(self) -> Expression:
        """`yield` with or without operand."""
        first = self.advance()
        value = None if self.operand_absent() else self.expression()
        return Yield(self.since(first), value)

    # ---------------------------------------------------------------------- operators

    def binary(self, lowest: int) -> Expression:
        """A chain of binary operators of precedence `lowest` or tighter."""
        left = self.unary()
        while True:
            operator = self.token
            precedence = PRECEDENCE.get(operator.kind, 0)
            if precedence < lowest:
                return left
            self.advance()
            right = self.binary(precedence + 1)
            span = self.since_span(left.span)
            if operator.kind in LOGICAL_OPERATORS:
                left = Logical(span, operator.kind, left, right)
            elif operator.kind == "|>":
                left = Pipe(span, left, right)
            else:
                left = Binary(span, operator.kind, left, right, operator.span)

    def unary(self) -> Expression:
        """An operand with its prefix and postfix operators."""
        first = self.token
        if first.kind in PREFIX_OPERATORS:
            self.advance()
            self.enter_expression("unary expression")
            operand = self.unary()
            self.expression_depth -= 1
            if first.kind == "await":
                return Await(self.since(first), operand)
            return Unary(self.since(first), first.kind, operand)
        start = PRIMARY.get(first.kind)
        if start is None:
            self.fail_after("Expected expression")
        value = start(self)
        while self.token.kind in POSTFIX_OPERATORS and not self.token.starts_anew:
            value = self.postfix(value, first)
        return value

    def postfix(self, value: Expression, first: Token) -> Expression:
        """One postfix operator on `value`, which starts at `first`."""
        kind = self.advance().kind
        if kind == "(":
            arguments = self.arguments("to close function call arguments")
            return Call(self.since(first), value, arguments)
        if kind == "[":
            index = self.inner_expression()
            self.expect("]", "to close index expression")
            return Index(self.since(first), value, index)
        if kind == "?":
            return TryOperator(self.since(first), value)
        return self.member(value, first, kind == "?.")

    def member(self, value: Expression, first: Token, optional: bool) -> Expression:
        """What follows `.` or `?.`: a member, or a method call."""
        name = self.token
        if name.kind != IDENTIFIER and name.kind not in KEYWORDS:
            self.fail_after("Expected member name after '.'")
        self.advance()
        text = name.value if name.kind == IDENTIFIER else name.kind
        if self.token.kind != "(" or self.token.starts_anew:
            return Member(self.since(first), value, text, name.span, optional)
        self.advance()
        arguments = self.arguments("to close method call arguments")
        return MethodCall(self.since(first), value, text, name.span, arguments, optional)

    def arguments(self, where: str) -> tuple[Expression, ...]:
        """Arguments up to and including the closing parenthesis; the opening one was just read."""
        in_header, self.in_header = self.in_header, False
        values: list[Expression] = []
        while self.token.kind not in (")", END):
            values.append(self.expression())
            if not self.accept(","):
                break
        self.expect(")", where)
        self.in_header = in_header
        return tuple(values)

    # ------------------------------------------------------------------------ primaries

    def parenthesised(self) -> Expression:
        """`(inner)`."""
        first = self.advance()
        inner = self.inner_expression()
        self.expect(")", "to close parenthesized expression")
        return Parenthesised(self.since(first), inner)

    def self_name(self) -> Expression:
        """`self`, a name like any other."""
        return Name(self.advance().span, "self")

    def named(self) -> Expression:
        """What starts with an identifier: a name, a tag, a struct literal, a result or option, `throw`."""
        token = self.advance()
        text: str = token.value
        following = self.token
        if following.kind == "::":
            return self.tagged(token)
        if text in CONSTRUCTORS:
            return self.constructor(token)
        if text == "None":
            return ResultLiteral(token.span, "None", None)
        if following.kind == "{" and self.struct_literal_follows():
            return self.struct_literal(token)
        if text == "throw" and following.kind == "(" and not following.starts_anew:
            self.advance()
            arguments = self.arguments("to close throw(...) arguments")
            return Throw(self.since(token), arguments)
        return Name(token.span, text)

    def constructor(self, token: Token) -> Expression:
        """`Ok(v)`, `Err(v)`, `Some(v)`; the name was just read."""
        variant: str = token.value
        if self.token.kind != "(":
            self.fail(f"Expected '(' after '{variant}'")
        self.advance()
        value = self.inner_expression()
        self.expect(")", f"to close {variant}(...)")
        return ResultLiteral(self.since(token), variant, value)

    def tagged(self, token: Token) -> Expression:
        """`Enum::Variant` with or without arguments; the enum's name was just read."""
        self.advance()
        enum: str = token.value
        variant = self.expect_name("Expected expression")
        arguments: tuple[Expression, ...] = ()
        if self.token.kind == "(" and not self.token.starts_anew:
            self.advance()
            arguments = self.arguments("to close tag expression arguments")
        span = self.since(token)
        if BUILT_IN_TAGS.get((enum, variant)) == len(arguments):
            return ResultLiteral(span, variant, arguments[0] if arguments else None)
        return Tagged(span, enum, variant, arguments)

    def spawn_expression(self) -> SpawnExpression:
        """`spawn { … }`."""
        first = self.advance()
        body = self.block("spawn block")
        return SpawnExpression(self.since(first), body)

    # ------------------------------------------------------------------------ functions

    def function_expression(self) -> Expression:
        """`func(a) { … }`, possibly `async` or `func*`."""
        first, is_async = self.function_start()
        is_generator = self.accept("*")
        self.expect("(", "after 'func' in function expression")
        return self.function_rest(first, None, is_async, is_generator)

    def function_start(self) -> tuple[Token, bool]:
        """`func` or `async func`: its first token, and whether it was `async`."""
        first = self.token
        is_async = self.accept("async")
        if self.token.kind != "func":
            self.fail("Expected 'func' after 'async'")
        self.advance()
        return first, is_async

    def function_rest(self, first: Token, name: str | None, is_async: bool, is_generator: bool) -> Function:
        """A function from behind the parenthesis that opens its parameters."""
        what = "function" if name is not None else "function expression"
        parameters = self.parameters(f"to close {what} parameter list")
        return_type = self.type_expression() if self.accept("->") else None
        body = self.block(f"{what} body")
        return Function(self.since(first), name, parameters, return_type, body, is_async, is_generator)

    def parameters(self, where: str) -> tuple[Parameter, ...]:
        """Parameters up to and including the closing parenthesis."""
        parameters: list[Parameter] = []
        while self.token.kind in (IDENTIFIER, "self"):
            first = self.advance()
            annotation = self.optional_annotation()
            span: Span = self.since(first)
            parameters.append(Parameter(span, first.value or "self", annotation))
            if not self.accept(","):
                break
        self.expect(")", where)
        return tuple(parameters)


PRIMARY: dict[str, Callable[[ExpressionParser], Expression]] = {
    IDENTIFIER: ExpressionParser.named,
    INT: ExpressionParser.int_literal,
    FLOAT: ExpressionParser.float_literal,
    STRING: ExpressionParser.string_literal,
    INTERPOLATED: ExpressionParser.interpolated_string,
    "true": ExpressionParser.bool_literal,
    "false": ExpressionParser.bool_literal,
    "null": ExpressionParser.null_literal,
    "self": ExpressionParser.self_name,
    "[": ExpressionParser.array_literal,
    "{": ExpressionParser.dict_literal,
    "(": ExpressionParser.parenthesised,
    "func": ExpressionParser.function_expression,
    "async": ExpressionParser.function_expression,
    "spawn": ExpressionParser.spawn_expression,
}
