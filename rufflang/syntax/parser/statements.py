"""Parsing statements, and going on after errors: the top layer of the parser."""

from __future__ import annotations

from collections.abc import Callable

from rufflang.syntax.ast import (
    ArrayPattern,
    Assign,
    Block,
    Break,
    CaseArm,
    Continue,
    Declare,
    Destructure,
    DictPattern,
    Expression,
    ExpressionStatement,
    For,
    If,
    Index,
    Match,
    Member,
    Name,
    NamePattern,
    Pattern,
    Return,
    Statement,
    Test,
    TestGroup,
    TestSetup,
    TestTeardown,
    Try,
    While,
)
from rufflang.syntax.parser.cursor import MAXIMUM_BLOCK_DEPTH, Unparsable
from rufflang.syntax.parser.declarations import DeclarationParser
from rufflang.syntax.tokens import END, IDENTIFIER, STRING, Token

PLAIN_ASSIGNMENTS = frozenset([":=", "="])
ASSIGNMENTS = PLAIN_ASSIGNMENTS | {"+=", "-=", "*=", "/=", "%="}


class StatementParser(DeclarationParser):
    """Adds the rest of the grammar of section 2.2."""

    def statement_list(self) -> tuple[Statement, ...]:
        """Statements up to a `}` or the end, recovering from errors between them."""
        statements: list[Statement] = []
        block_depth = self.block_depth
        while True:
            kind = self.token.kind
            if kind == ";":
                self.advance()
                continue
            if kind == "}" or kind == END:
                return tuple(statements)
            start = self.index
            try:
                statements.append(self.statement())
            except Unparsable:
                self.expression_depth = self.other_depth = 0
                self.block_depth = block_depth
                self.in_header = False
                self.recover(start)

    def top_level(self) -> tuple[Statement, ...]:
        """All statements of a file; a `}` among them is complained about and skipped."""
        statements = self.statement_list()
        while self.token.kind != END:
            self.report("Invalid statement")
            self.advance()
            statements += self.statement_list()
        return statements

    def statement(self) -> Statement:
        """Any statement."""
        kind = self.token.kind
        parse = STATEMENTS.get(kind)
        if parse is not None:
            return parse(self)
        if kind in ("[", "{") and self.destructuring_follows():
            return self.destructure_statement()
        if kind in INVALID_STARTS:
            self.fail("Invalid statement")
        return self.assignment_or_expression()

    def block(self, body: str) -> Block:
        """`{ … }`, named `body` in messages; its statements count expression nesting afresh."""
        opener = self.token
        if opener.kind != "{":
            self.fail_found(f"'{{' to start {body}")
        state = self.expression_depth, self.other_depth, self.in_header
        self.expression_depth, self.other_depth, self.in_header = 0, 0, False
        self.block_depth += 1
        statements: tuple[Statement, ...] = ()
        if self.block_depth > MAXIMUM_BLOCK_DEPTH:
            self.report_block_depth(body)
            self.jump_to_close(opener)
        else:
            self.advance()
            statements = self.statement_list()
        self.expect("}", f"to close {body}")
        self.block_depth -= 1
        self.expression_depth, self.other_depth, self.in_header = state
        return Block(self.since(opener), statements)

    def report_block_depth(self, body: str) -> None:
        """Complains about blocks nested too deeply."""
        limit = MAXIMUM_BLOCK_DEPTH
        self.report(f"Maximum block nesting depth of {limit} exceeded while parsing {body}")

    # ------------------------------------------------- bindings, assignments, expressions

    def let_statement(self) -> Statement:
        """`let` or `mut`."""
        first = self.advance()
        pattern = self.optional_pattern()
        if pattern is None:
            self.fail("Invalid statement")
        return self.declaration_rest(first, pattern, "let")

    def const_statement(self) -> Statement:
        first = self.advance()
        name = self.token
        text = self.expect_name("Expected constant name after 'const'")
        return self.declaration_rest(first, NamePattern(name.span, text), "const")

    def declaration_rest(self, first: Token, pattern: Pattern, what: str) -> Statement:
        """A declaration from behind its pattern."""
        annotation = self.optional_annotation()
        if self.token.kind not in PLAIN_ASSIGNMENTS:
            self.fail_found(f"assignment operator (':=' or '=') in {what} declaration")
        value = self.assigned_value()
        return Declare(self.since(first), first.kind, pattern, annotation, value)

    def assigned_value(self) -> Expression:
        """An assignment operator and what stands right of it."""
        self.advance()
        value = self.expression()
        if self.token.kind in ASSIGNMENTS:
            self.fail("Chained assignment is not supported; split the assignment into separate statements")
        return value

    def destructuring_follows(self) -> bool:
        """Whether the bracket at hand is closed right before an assignment operator."""
        closer = self.token.partner
        return closer > 0 and self.tokens[closer + 1].kind in PLAIN_ASSIGNMENTS

    def destructure_statement(self) -> Statement:
        """`[a, b] := value`, `{a} := value`."""
        first = self.token
        pattern: ArrayPattern | DictPattern
        pattern = self.array_pattern() if first.kind == "[" else self.dict_pattern()
        value = self.assigned_value()
        return Destructure(self.since(first), pattern, value)

    def assignment_or_expression(self) -> Statement:
        """A statement that starts with an expression."""
        first = self.token
        value = self.expression()
        operator = self.token.kind
        if operator not in ASSIGNMENTS:
            return ExpressionStatement(self.since(first), value)
        if not isinstance(value, (Name, Member, Index)) or (isinstance(value, Member) and value.optional):
            self.fail("Invalid assignment target")
        assigned = self.assigned_value()
        return Assign(self.since(first), value, ":=" if operator == "=" else operator, assigned)

    def spawn_statement(self) -> Statement:
        value = self.spawn_expression()
        return ExpressionStatement(value.span, value)

    # -------------------------------------------------------------- branches and loops

    def if_statement(self) -> Statement:
        """`if … else if … else`; the chain is parsed in a loop, then nested from its end."""
        branches: list[tuple[Token, Expression, Block]] = []
        otherwise: Block | If | None = None
        while True:
            first = self.advance()
            condition = self.header_expression()
            branches.append((first, condition, self.block("if block")))
            if not self.accept("else"):
                break
            if self.token.kind != "if":
                otherwise = self.block("else block")
                break
        while True:
            first, condition, then = branches.pop()
            statement = If(self.since(first), condition, then, otherwise)
            if not branches:
                return statement
            otherwise = statement

    def while_statement(self) -> Statement:
        first = self.advance()
        condition = self.header_expression()
        body = self.block("while body")
        return While(self.since(first), condition, body)

    def loop_statement(self) -> Statement:
        first = self.advance()
        condition = self.header_expression() if self.accept("while") else None
        body = self.block("loop body")
        return While(self.since(first), condition, body)

    def for_statement(self) -> Statement:
        first = self.advance()
        pattern = self.optional_pattern()
        if pattern is None:
            self.fail_after("Expected loop variable name after 'for'")
        if self.token.kind != "in":
            self.fail_found("'in' in for loop")
        self.advance()
        iterable = self.header_expression()
        body = self.block("for loop body")
        return For(self.since(first), pattern, iterable, body)

    def match_statement(self) -> Statement:
        """`match subject { arms }`."""
        first = self.advance()
        subject = self.header_expression()
        self.expect("{", "to start match body")
        arms: list[CaseArm] = []
        default: Block | None = None
        while True:
            if self.token.kind == "case":
                arms.append(self.case_arm())
            elif self.accept("default"):
                default = self.arm_body("match default block")
            else:
                break
        self.expect("}", "to close match body")
        return Match(self.since(first), subject, tuple(arms), default)

    def case_arm(self) -> CaseArm:
        """`case pattern if guard: body`."""
        first = self.advance()
        pattern = self.case_pattern()
        guard = self.header_expression() if self.accept("if") else None
        body = self.arm_body("match case block")
        return CaseArm(self.since(first), pattern, guard, body)

    def arm_body(self, body: str) -> Block:
        """A block, or after `:` a single statement, which counts as a block of its own."""
        if not self.accept(":") or self.token.kind == "{":
            return self.block(body)
        self.block_depth += 1
        if self.block_depth > MAXIMUM_BLOCK_DEPTH:
            self.report_block_depth(body)
            raise Unparsable
        statement = self.statement()
        self.block_depth -= 1
        return Block(statement.span, (statement,))

    def try_statement(self) -> Statement:
        """`try { … } except name { … }`."""
        first = self.advance()
        body = self.block("try block")
        if self.token.kind != "except":
            self.fail_found("'except' after try block")
        self.advance()
        name: str | None = self.advance().value if self.token.kind == IDENTIFIER else None
        handler = self.block("except block")
        return Try(self.since(first), body, name, handler)

    def return_statement(self) -> Statement:
        first = self.advance()
        value = None if self.operand_absent() else self.expression()
        return Return(self.since(first), value)

    def break_statement(self) -> Statement:
        return Break(self.advance().span)

    def continue_statement(self) -> Statement:
        return Continue(self.advance().span)

    # --------------------------------------------------------------------- test blocks

    def test_statement(self) -> Statement:
        first = self.advance()
        name = self.test_name("Expected test name string after 'test'")
        body = self.block("test body")
        return Test(self.since(first), name, body)

    def test_group_statement(self) -> Statement:
        first = self.advance()
        name = self.test_name("Expected group name string after 'test_group'")
        body = self.block("test_group body")
        return TestGroup(self.since(first), name, body)

    def test_name(self, message: str) -> str:
        """A string without interpolation."""
        if self.token.kind != STRING:
            self.fail_after(message)
        name: str = self.advance().value
        return name

    def test_setup_statement(self) -> Statement:
        first = self.advance()
        body = self.block("test_setup block")
        return TestSetup(self.since(first), body)

    def test_teardown_statement(self) -> Statement:
        first = self.advance()
        body = self.block("test_teardown block")
        return TestTeardown(self.since(first), body)


STATEMENTS: dict[str, Callable[[StatementParser], Statement]] = {
    "let": StatementParser.let_statement,
    "mut": StatementParser.let_statement,
    "const": StatementParser.const_statement,
    "func": StatementParser.function_declaration,
    "async": StatementParser.function_declaration,
    "struct": StatementParser.struct_declaration,
    "enum": StatementParser.enum_declaration,
    "import": StatementParser.import_statement,
    "from": StatementParser.from_import_statement,
    "export": StatementParser.export_statement,
    "if": StatementParser.if_statement,
    "while": StatementParser.while_statement,
    "loop": StatementParser.loop_statement,
    "for": StatementParser.for_statement,
    "match": StatementParser.match_statement,
    "try": StatementParser.try_statement,
    "return": StatementParser.return_statement,
    "break": StatementParser.break_statement,
    "continue": StatementParser.continue_statement,
    "spawn": StatementParser.spawn_statement,
    "test": StatementParser.test_statement,
    "test_group": StatementParser.test_group_statement,
    "test_setup": StatementParser.test_setup_statement,
    "test_teardown": StatementParser.test_teardown_statement,
}

# Words that belong to some statement but start none, and those without any use; and a stray closing brace.
INVALID_STARTS = frozenset(
    ["else", "case", "default", "except", "in", "impl", "int", "float", "string", "bool", "}"]
)
