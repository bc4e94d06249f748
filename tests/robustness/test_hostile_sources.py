"""Sources that nobody would write: noise, nesting up to the limits, chains and literals of any length."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.robustness.programs import first_error, output, run

LONG = 50_000


@pytest.mark.parametrize("seed", range(6))
def test_arbitrary_bytes_are_refused_with_a_diagnostic(tmp_path: Path, seed: int) -> None:
    noise = random.Random(seed).randbytes(4000)
    result = run(tmp_path, noise)
    assert result.exit_code in (3, 5)
    assert "error: " in result.stderr


@pytest.mark.parametrize("seed", range(6))
def test_arbitrary_characters_of_the_language_are_refused_or_run(tmp_path: Path, seed: int) -> None:
    words = "func { } ( ) [ ] := + - * / % == ?. ?? |> ... => \" ' ${ x 1 1.5 if else while for in try except "
    words += "match case throw return struct enum \n \n ; , . : null true Ok Err Some None # /* */ \\"
    generator = random.Random(seed)
    text = " ".join(generator.choice(words.split(" ")) for _ in range(3000))
    run(tmp_path, text)


def test_null_bytes_and_half_a_character_are_refused(tmp_path: Path) -> None:
    assert run(tmp_path, b'print("a\0b")').exit_code == 3
    assert run(tmp_path, b'print("\xe2\x82")').exit_code == 5


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("x := " + "(" * 255 + "1" + ")" * 255 + "\nprint(x)", "1"),
        ("x := " + "-" * 254 + "1\nprint(x)", "1"),
        ("x := " + "[" * 254 + "1" + "]" * 254 + "\nprint(x == x, len(to_string(x)))", "true 509"),
        ("x := 0\n" + "if true {\n" * 127 + "x := 1\n" + "}\n" * 127 + "print(x)", "1"),
        ("f := " + "func(a) { return " * 120 + "1" + " }" * 120 + "\nprint(is_function(f(1)))", "true"),
    ],
    ids=["parentheses", "signs", "arrays", "blocks", "functions"],
)
def test_programs_nested_up_to_the_limits_run(tmp_path: Path, text: str, printed: str) -> None:
    assert output(tmp_path, text) == [printed]


@pytest.mark.parametrize(
    "text",
    [
        "x := " + "(" * 100_000,
        "x := " + "[" * 100_000,
        "{" * 100_000,
        "if true {" * 100_000,
        "x := " + "!" * 100_000 + "true",
        'x := "' + "${(" * 20_000,
        "func() { return " * 50_000,
    ],
    ids=["parentheses", "arrays", "blocks", "ifs", "signs", "interpolations", "functions"],
)
def test_nesting_beyond_the_limits_is_a_diagnostic(tmp_path: Path, text: str) -> None:
    assert run(tmp_path, text).exit_code == 3


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("print(" + " + ".join(["1"] * LONG) + ")", str(LONG)),
        ("print(len(" + " + ".join(['"a"'] * LONG) + "))", str(LONG)),
        ("print(" + " && ".join(["true"] * LONG) + ")", "true"),
        ("print(null" + " ?? null" * LONG + ")", "null"),
        ("print(1" + " |> to_string" * LONG + ")", "1"),
        ("func f(x) { return f }\nprint(is_function(f" + "(1)" * LONG + "))", "true"),
        ('s := "a"\nprint(s' + "[0]" * LONG + ")", "a"),
        ("x := 7\nif x == 0 { }" + "".join(f" else if x == {i + 8} {{ }}" for i in range(5000))
         + ' else { print("none") }', "none"),
    ],
    ids=["sums", "strings", "ands", "coalescing", "pipes", "calls", "indices", "else-ifs"],
)  # fmt: skip
def test_chains_of_any_length_run(tmp_path: Path, text: str, printed: str) -> None:
    assert output(tmp_path, text) == [printed]


def test_a_chain_of_members_fails_where_the_first_is_missing(tmp_path: Path) -> None:
    result = run(tmp_path, "struct P { n: any }\np := P { n: null }\nx := p" + ".n" * LONG)
    assert "Cannot access field or method 'n'" in first_error(result)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("print(len([" + ",".join(["1"] * 4096) + "]))", "4096"),
        ("print(len({" + ",".join(f'"k{i}": {i}' for i in range(4096)) + "}))", "4096"),
        ('print(len("' + "x" * 8192 + '"))', "8192"),
        ('x := "' + "${1}" * 20_000 + '"\nprint(len(x))', "20000"),
        ("print(len(format(" + ",".join(['"{}"'] + ["1"] * 60_000) + ")))", "2"),
        ("\n".join(f"x{i} := {i}" for i in range(30_000)) + "\nprint(x29999)", "29999"),
        ("func f() {\n" + "\n".join(f"x{i} := {i}" for i in range(30_000)) + "\nreturn x29999 }\nprint(f())",
         "29999"),
        ("\n".join(f"func f{i}() {{ return {i} }}" for i in range(10_000)) + "\nprint(f9999())", "9999"),
        (f"func f({', '.join(f'a{i}' for i in range(5000))}) {{ a4999[0] := 2\nreturn a4999 }}\n"
         f"x := [1]\nprint(f({', '.join(['x'] * 5000)}), x)", "[2] [1]"),
        ("x := 1\nwhile x < 2 {\n" + "x := x + 0\n" * 30_000 + "x := 5 }\nprint(x)", "5"),
    ],
    ids=["array", "dict", "string", "interpolation", "arguments", "globals", "locals", "functions",
         "parameters", "loop-body"],
)  # fmt: skip
def test_very_large_literals_and_bodies_run(tmp_path: Path, text: str, printed: str) -> None:
    assert output(tmp_path, text) == [printed]


def test_a_function_with_more_registers_than_instructions_can_name_is_refused(tmp_path: Path) -> None:
    result = run(tmp_path, "print(" + ",".join(["1"] * 100_000) + ")")
    assert result.exit_code == 4
    assert first_error(result) == "[RUFVM001] [vm] error: Compilation error: function too large"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x := [" + ",".join(["1"] * 4097) + "]", "Array literal exceeds maximum element count of 4096"),
        ("x := " + "9" * 512, "Numeric literal overflow"),
        ("x := " + "9" * 513, "Numeric literal exceeds max length of 512 characters"),
        ("x := 1" + "0" * 400 + ".5", "Numeric literal overflow"),
        ('x := "' + "x" * 8193 + '"', "String literal exceeds max length of 8192 characters"),
        ("x" * 257 + " := 1", "Identifier exceeds max length of 256 characters"),
    ],
    ids=["array", "digits", "too-many-digits", "float", "string", "name"],
)
def test_literals_beyond_their_limits_are_diagnostics(tmp_path: Path, text: str, message: str) -> None:
    result = run(tmp_path, text)
    assert result.exit_code == 3
    assert message in first_error(result)
