"""The limits of the language: what is exactly at one parses, what is one beyond is reported."""

from __future__ import annotations

import sys
import threading

import pytest

from rufflang.syntax import Source, check_program, parse
from tests.syntax.support import complaints, first_complaint


def expression_limit(context: str) -> str:
    return f"Maximum expression nesting depth of 256 exceeded while parsing {context}"


def block_limit(context: str) -> str:
    return f"Maximum block nesting depth of 128 exceeded while parsing {context}"


@pytest.mark.parametrize(
    ("opening", "closing", "at_limit", "context"),
    [
        ("(", ")", 255, "expression"),
        ("f(", ")", 255, "expression"),
        ("a[", "]", 255, "expression"),
        ("Ok(", ")", 255, "expression"),
        ("A::B(", ")", 255, "expression"),
        ('"${', '}"', 255, "expression"),
        ("!", "", 255, "unary expression"),
        ("- ", "", 255, "unary expression"),
        ("await ", "", 255, "unary expression"),
        ("[", "]", 255, "array literal"),
        ("{1: ", "}", 255, "dictionary literal"),
        ("{1: [", "]}", 127, "array literal"),
        ("[(", ")]", 127, "expression"),
    ],
)
def test_expressions_nest_256_levels(opening: str, closing: str, at_limit: int, context: str) -> None:
    assert complaints("x := " + opening * at_limit + "1" + closing * at_limit) == []
    beyond = at_limit + 1
    assert first_complaint("x := " + opening * beyond + "1" + closing * beyond)[0] == expression_limit(
        context
    )


def test_the_depth_complaint_stands_where_the_limit_is_passed() -> None:
    assert first_complaint("x := " + "(" * 256 + "1" + ")" * 256)[1:] == (1, 262)


def test_sequences_and_chains_do_not_nest() -> None:
    text = "\n".join(["x := [[1], (2)]"] * 300) + "\nx := " + "(a) + " * 300 + "b"
    assert complaints(text) == []


BLOCKS = [
    ("if a {", "}", "if block"),
    ("while a {", "}", "while body"),
    ("loop {", "}", "loop body"),
    ("for a in b {", "}", "for loop body"),
    ("match a { case b {", "}}", "match case block"),
    ("match a { default {", "}}", "match default block"),
    ("spawn {", "}", "spawn block"),
    ("func f() {", "}", "function body"),
    ("x := func() {", "}", "function expression body"),
    ('test "t" {', "}", "test body"),
    ("test_setup {", "}", "test_setup block"),
    ("test_teardown {", "}", "test_teardown block"),
    ('test_group "g" {', "}", "test_group body"),
]


@pytest.mark.parametrize(("opening", "closing", "context"), BLOCKS)
def test_blocks_nest_128_levels(opening: str, closing: str, context: str) -> None:
    assert complaints(opening * 128 + closing * 128) == []
    assert [message for message, _, _ in complaints(opening * 129 + closing * 129)] == [block_limit(context)]


def test_each_branch_nested_too_deeply_is_reported() -> None:
    text = "loop {" * 128 + "if a {} else {} try {} except {}" + "}" * 128
    assert [message for message, _, _ in complaints(text)] == [
        block_limit(context) for context in ("if block", "else block", "try block", "except block")
    ]


def test_the_contents_of_a_block_nested_too_deeply_are_skipped() -> None:
    text = "if a {" * 129 + " ) " + "}" * 129 + "\nx := )"
    assert [message for message, _, _ in complaints(text)] == [block_limit("if block"), "Expected expression"]


def test_function_bodies_count_expression_nesting_afresh() -> None:
    inner = "(" * 255 + "1" + ")" * 255
    assert complaints("x := " + "(" * 200 + "func() { y := " + inner + " }" + ")" * 200) == []


@pytest.mark.parametrize("levels", [4, 127])
def test_both_limits_together_do_not_exhaust_the_stack(levels: int) -> None:
    text = "x := " + ("(" * 255 + "func() { x := ") * levels + "1" + (" }" + ")" * 255) * levels
    limit = sys.getrecursionlimit()
    result = parse(Source("test.ruff", text))
    assert result.program is not None
    assert check_program(result.program) == []
    assert sys.getrecursionlimit() == limit


def test_deep_texts_parse_in_several_threads_at_once() -> None:
    text = "x := " + ("(" * 255 + "func() { x := ") * 40 + "1" + (" }" + ")" * 255) * 40
    results: list[object] = []
    threads = [
        threading.Thread(target=lambda: results.append(parse(Source("test.ruff", text)).program))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4 and None not in results


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("A { x: ", "}"), ("yield ", "")],
)
def test_what_the_language_does_not_limit_is_still_bounded(opening: str, closing: str) -> None:
    assert complaints("x := " + opening * 250 + "1" + closing * 250) == []
    found = first_complaint("x := " + opening * 5000 + "1" + closing * 5000)[0]
    assert found.startswith("Maximum expression nesting depth of 256 exceeded")


def test_collections_hold_4096_elements() -> None:
    assert complaints("x := [" + "1," * 4096 + "]") == []
    assert complaints("x := [" + "1," * 4097 + "] + )") == [
        ("Array literal exceeds maximum element count of 4096", 1, 7 + 2 * 4096),
        ("Expected expression", 1, 7 + 2 * 4097 + 5),
    ]
    assert complaints("x := {" + "1:1," * 4096 + "}") == []
    assert complaints("x := {" + "1:1," * 4097 + "}") == [
        ("Dictionary literal exceeds maximum item count of 4096", 1, 7 + 4 * 4096)
    ]


@pytest.mark.parametrize("char", ["a", "é", "\U0001f600"])
def test_sources_hold_exactly_1048576_bytes(char: str) -> None:
    size = len(char.encode())
    comment = "#" + char * ((1048576 - 4) // size)
    fill = " " * (1048576 - len(comment.encode()))
    assert complaints(comment + fill) == []
    message = "Source size 1048577 bytes exceeds maximum allowed 1048576 bytes"
    assert complaints(comment + fill + " ") == [(message, 1, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "x := " + "a + " * 20000 + "a",
        "x := a" + ".b" * 20000,
        "a" + "()" * 20000,
        "a" + " |> f(1)" * 20000,
        "a" + "?.b[1]" * 10000,
        "if a {}" + " else if a {}" * 10000,
        "export " * 20000 + "x",
    ],
    ids=["operators", "members", "calls", "pipes", "places", "branches", "exports"],
)
def test_long_chains_parse_and_pass_the_checks(text: str) -> None:
    result = parse(Source("test.ruff", text))
    assert result.program is not None
    assert check_program(result.program) == []
