"""How diagnostics are shown to people and to programs."""

from __future__ import annotations

import json

from rufflang.syntax import Diagnostic, Source, check_program, parse, render, to_json_object


def shown(text: str, excerpt: bool = True) -> str:
    source = Source("demo.ruff", text)
    result = parse(source)
    found = result.diagnostics
    if result.program is not None:
        found = check_program(result.program)
    return "\n".join(render(each, source, excerpt) for each in found)


def test_a_lexical_error_with_its_excerpt() -> None:
    assert shown('x := 1\ny := "bad \\q"\n').splitlines() == [
        "[RUFLEX005] [lexer] error: Invalid escape sequence: \\\\q",
        "  --> demo.ruff:2:12",
        "   |",
        ' 2 | y := "bad \\q"',
        "   |            ^",
        "   |",
        "  = help: Fix the lexical error in source and run again.",
    ]


def test_the_caret_line_covers_the_span_and_keeps_tabs() -> None:
    assert shown("\n" * 9 + "\tif a { break } ").splitlines()[2:] == [
        "    |",
        " 10 | \tif a { break }",
        "    | \t       ^^^^^",
        "    |",
    ]


def test_the_carets_stand_under_what_a_terminal_shows_wide_or_without_width() -> None:
    wide = shown('"日本" 👍', excerpt=True).splitlines()
    assert wide[3:5] == [' 1 | "日本" 👍', "   |        ^^"]
    marked = shown('"e\u0301" @').splitlines()
    assert marked[4] == "   |     ^"


def test_without_excerpt_there_are_message_place_and_help() -> None:
    assert shown("print((1 + 2)\n", excerpt=False) == (
        "[RUFPARSE001] [parser] error: Expected ')' to close function call arguments but found Eof\n"
        "  --> demo.ruff:2:1\n"
        "  = help: Fix the parse error and rerun Ruff."
    )


def test_an_empty_line_is_not_worth_an_excerpt() -> None:
    assert shown("print((1 + 2)\n") == shown("print((1 + 2)\n", excerpt=False)


def test_static_errors_have_no_help() -> None:
    assert shown("break", excerpt=False) == (
        "[RUFVM001] [vm] error: Compilation error: break can only be used inside a loop\n  --> demo.ruff:1:1"
    )


def test_the_excerpt_of_an_endless_line_is_cut_around_the_place() -> None:
    lines = shown("x" + " " * 5000 + "y := @ " + " " * 5000 + "z").splitlines()
    assert max(len(line) for line in lines) < 200
    assert lines[3][lines[4].index("^")] == "@"


def test_what_cannot_be_written_or_would_disturb_a_terminal_is_replaced() -> None:
    text = shown('"\ud800" \ud801 "\x1b[31m"')
    assert text.encode("utf-8")
    assert "Invalid character: '\\ud801'" in text
    assert "\x1b" not in text


def test_a_diagnostic_without_place_has_only_its_message() -> None:
    diagnostic = Diagnostic("RUFCLI001", "cli", "no", None, None)
    assert render(diagnostic, Source("a", "b")) == "[RUFCLI001] [cli] error: no"
    assert to_json_object(diagnostic, None) == {
        "code": "RUFCLI001",
        "severity": "error",
        "subsystem": "cli",
        "message": "no",
        "help": None,
        "file": None,
        "line": 0,
        "column": 0,
    }


def test_the_machine_readable_form_carries_everything() -> None:
    source = Source("demo.ruff", "a := b := 1")
    (diagnostic,) = parse(source).diagnostics
    assert json.loads(json.dumps(to_json_object(diagnostic, source))) == {
        "code": "RUFPARSE001",
        "severity": "error",
        "subsystem": "parser",
        "message": "Chained assignment is not supported; split the assignment into separate statements",
        "help": "Fix the parse error and rerun Ruff.",
        "file": "demo.ruff",
        "line": 1,
        "column": 8,
    }
