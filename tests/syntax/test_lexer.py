"""Tokens, and every lexical error with its place."""

from __future__ import annotations

import pytest

from rufflang.syntax import Source, lex
from rufflang.syntax.tokens import describe
from tests.syntax.support import complaints, kinds


def lexical(text: str) -> list[tuple[str, str, int, int]]:
    return [
        (each.code, each.message, each.span.line, each.span.column)
        for each in lex(Source("test.ruff", text))[1]
        if each.span is not None
    ]


def described(text: str) -> list[str]:
    return [describe(token) for token in lex(Source("test.ruff", text))[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a?.b??c?d", ["IDENTIFIER", "?.", "IDENTIFIER", "??", "IDENTIFIER", "?", "IDENTIFIER"]),
        ("..:=::==", [".", ".", ":=", "::", "=="]),
        ("...x|>y||z&&|&", ["...", "IDENTIFIER", "|>", "IDENTIFIER", "||", "IDENTIFIER", "&&", "|", "&"]),
        ("Option<int>=1", ["IDENTIFIER", "<", "int", ">=", "INT"]),
        ("Array<Array<int>>", ["IDENTIFIER", "<", "IDENTIFIER", "<", "int", ">", ">"]),
        ("-><=>=!=+=-=*=/=%=", ["->", "<=", ">=", "!=", "+=", "-=", "*=", "/=", "%="]),
    ],
)
def test_the_longest_operator_wins(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize("text", ["# x", "// x", "/// x", "/* x\n y */", "/**/", "/* /* */", "/***/"])
def test_comments_are_skipped(text: str) -> None:
    assert kinds(f"a {text}\nb") == ["IDENTIFIER", "IDENTIFIER"]


def test_a_comment_opener_in_a_string_is_text() -> None:
    assert described('"# // /*"') == ['String("# // /*")', "Eof"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_each_sort_of_line_end_counts_as_one(line_end: str) -> None:
    assert lexical(f"a{line_end}{line_end}\t@") == [("RUFLEX001", "Invalid character: '@'", 3, 2)]


def test_columns_count_characters_not_bytes() -> None:
    assert lexical('"héé𝄞" @') == [("RUFLEX001", "Invalid character: '@'", 1, 8)]


def test_identifiers_continue_but_do_not_start_with_other_letters() -> None:
    assert lexical("té1_ := 1") == []
    assert lexical("été") == [("RUFLEX001", "Invalid character: 'é'", 1, 1)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("007", ["Int(7)", "Eof"]),
        ("1.50", ["Float(1.5)", "Eof"]),
        ("5.", ["Int(5)", "Punctuation('.')", "Eof"]),
        (".5", ["Punctuation('.')", "Int(5)", "Eof"]),
        ("1.x", ["Int(1)", "Punctuation('.')", 'Identifier("x")', "Eof"]),
        ("9223372036854775807", ["Int(9223372036854775807)", "Eof"]),
        ("true null += }", ["Bool(true)", 'Keyword("null")', 'Operator("+=")', "Punctuation('}')", "Eof"]),
        ('"a${b}"', ["InterpolatedString([..])", "Eof"]),
    ],
)
def test_tokens_are_described_as_messages_show_them(text: str, expected: list[str]) -> None:
    assert lexical(text) == []
    assert described(text) == expected


def test_all_escapes() -> None:
    tokens, errors = lex(Source("test.ruff", r'"\n\t\r\\\"\$ $ ${"' + '"}"'))
    assert not errors
    assert tokens[0].value[0] == '\n\t\r\\"$ $ '


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x @", [("RUFLEX001", "Invalid character: '@'", 1, 3)]),
        (
            "'a'",
            [("RUFLEX001", "Invalid character: '''", 1, 1), ("RUFLEX001", "Invalid character: '''", 1, 3)],
        ),
        ("\ufeffx", [("RUFLEX001", "Invalid character: '\ufeff'", 1, 1)]),
        ("a\n \0", [("RUFLEX002", "Null byte is not allowed in source", 2, 2)]),
        ('"\0" # \0', [("RUFLEX002", "Null byte is not allowed in source", 1, column) for column in (2, 7)]),
        ('x := "abc\ny', [("RUFLEX003", "Unterminated string literal", 1, 6)]),
        ('x := "abc', [("RUFLEX003", "Unterminated string literal", 1, 6)]),
        ('x := "abc\\', [("RUFLEX003", "Unterminated string literal", 1, 6)]),
        ('x := "a${b} c\n', [("RUFLEX003", "Unterminated string literal", 1, 6)]),
        ('x := "a${b\n', [("RUFLEX003", "Unterminated interpolated string expression", 1, 6)]),
        ('x := "a${f("b")"\n', [("RUFLEX003", "Unterminated interpolated string expression", 1, 6)]),
        ("a\n  /* b\n", [("RUFLEX004", "Unterminated block comment", 2, 3)]),
        ('print("\\q")', [("RUFLEX005", "Invalid escape sequence: \\\\q", 1, 9)]),
        ("9223372036854775808", [("RUFLEX006", "Numeric literal overflow: 9223372036854775808", 1, 1)]),
        ("1e5", [("RUFLEX007", "Malformed numeric literal: 1e5", 1, 1)]),
        ("0x1F", [("RUFLEX007", "Malformed numeric literal: 0x1F", 1, 1)]),
        ("1_000", [("RUFLEX007", "Malformed numeric literal: 1_000", 1, 1)]),
        ("1.5f.g", [("RUFLEX007", "Malformed numeric literal: 1.5f", 1, 1)]),
    ],
)
def test_each_lexical_error_is_reported_at_its_place(text: str, expected: list[object]) -> None:
    assert lexical(text) == expected


def test_all_errors_of_a_text_are_reported_in_order() -> None:
    assert complaints('a := 12px\nb := "bad \\q"\nc := @\n') == [
        ("Malformed numeric literal: 12px", 1, 6),
        ("Invalid escape sequence: \\\\q", 2, 12),
        ("Invalid character: '@'", 3, 6),
    ]


def test_errors_in_an_interpolation_have_their_own_place() -> None:
    assert lexical('"a ${1x}\\q ${\n @}"') == [
        ("RUFLEX007", "Malformed numeric literal: 1x", 1, 6),
        ("RUFLEX005", "Invalid escape sequence: \\\\q", 1, 10),
        ("RUFLEX001", "Invalid character: '@'", 2, 2),
    ]


@pytest.mark.parametrize(
    ("inside", "beyond", "message"),
    [
        ("a" * 256, "a" * 257, "Identifier exceeds max length of 256 characters"),
        (
            '"' + "a" * 8192 + '"',
            '"' + "a" * 8193 + '"',
            "String literal exceeds max length of 8192 characters",
        ),
        (
            '"' + "a" * 8192 + "${1}" + "b" * 8192 + '"',
            '"${1}' + "\\n" * 8193 + '"',
            "String literal exceeds max length of 8192 characters",
        ),
        ("1." + "0" * 510, "1." + "0" * 511, "Numeric literal exceeds max length of 512 characters"),
        ("0" * 512, "0" * 513 + "x", "Numeric literal exceeds max length of 512 characters"),
        ("9" * 308 + ".0", "9" * 309 + ".0", f"Numeric literal overflow: {'9' * 309}.0"),
    ],
)
def test_length_limits_hold_exactly(inside: str, beyond: str, message: str) -> None:
    assert complaints(f" {inside}") == []
    assert complaints(f" {beyond}") == [(message, 1, 2)]


def test_tokens_in_an_interpolation_have_places_in_the_file() -> None:
    tokens, _ = lex(Source("test.ruff", 'x "a${\n  b}" y'))
    inner = tokens[1].value[1]
    assert [(token.kind, token.line, token.column) for token in inner] == [
        ("IDENTIFIER", 2, 3),
        ("END", 2, 4),
    ]
    assert (tokens[2].line, tokens[2].column, tokens[2].first_on_line) == (2, 7, False)


def test_braces_quotes_and_comments_nest_in_an_interpolation() -> None:
    assert kinds('"${d["}"]} ${ {"a": "${1}"} } ${2 /* } */ }" x') == ["INTERPOLATED", "IDENTIFIER"]
