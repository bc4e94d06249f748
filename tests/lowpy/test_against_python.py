"""Random lowpy functions give as machine code what they give as Python.

The meanings agree where no integer overflows: every value is kept small by a mask, and the
programs use only what both worlds have.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.lowpy.low_source import Source

VARIABLES = ("a", "b", "c", "d")
MASK = 0xFFFF
FUNCTIONS_AT_ONCE = 12


def expressions(depth: int) -> st.SearchStrategy[str]:
    """Integer expressions that stay within 64 bits."""
    leaf = st.sampled_from(VARIABLES) | st.integers(-40, 40).map(lambda n: f"({n})")
    if depth == 0:
        return leaf
    inner = expressions(depth - 1)
    return st.one_of(
        leaf,
        st.builds("(({} {} {}) & 65535)".format, inner, st.sampled_from("+-*&|^"), inner),
        st.builds("({} >> ({} & 7))".format, inner, inner),
        st.builds("({} if {} else {})".format, inner, conditions(depth - 1), inner),
        st.builds("(-{})".format, inner),
        st.builds("(~{})".format, inner),
        st.builds("i64({})".format, conditions(depth - 1)),
    )


def conditions(depth: int) -> st.SearchStrategy[str]:
    leaf = st.builds(
        "({} {} {})".format, st.sampled_from(VARIABLES), st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
        st.sampled_from(VARIABLES) | st.integers(-40, 40).map(str),
    )  # fmt: skip
    if depth == 0:
        return leaf
    inner = conditions(depth - 1)
    return st.one_of(
        leaf,
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
        st.builds("(not {})".format, inner),
        st.builds("({} < {})".format, expressions(depth - 1), expressions(depth - 1)),
    )


def indented(block: list[str]) -> list[str]:
    return ["    " + row for row in block]


def statements(depth: int, in_loop: bool) -> st.SearchStrategy[list[str]]:
    """One statement as its lines."""
    assignment = st.builds(lambda name, value: [f"{name} = {value}"], st.sampled_from(VARIABLES), expressions(2))
    augmented = st.builds(
        lambda name, value: [f"{name} += {value}", f"{name} &= 65535"], st.sampled_from(VARIABLES), expressions(1)
    )
    choices = [assignment, augmented]
    if in_loop:
        words = st.sampled_from(["break", "continue"])
        choices.append(st.builds(lambda c, word: [f"if {c}:", f"    {word}"], conditions(1), words))
    if depth > 0:
        choices += [
            st.builds(
                lambda c, then, other: [f"if {c}:", *indented(then), "else:", *indented(other)],
                conditions(2), blocks(depth - 1, in_loop), blocks(depth - 1, in_loop),
            ),
            st.builds(lambda c, value: [f"if {c}:", f"    return {value}"], conditions(1), expressions(1)),
            st.builds(
                lambda count, body: [f"for i{depth} in range({count} & 7):", f"    d = d ^ i{depth}", *indented(body)],
                st.sampled_from(VARIABLES), blocks(depth - 1, True),
            ),
            st.builds(
                lambda count, c, body: [f"t{depth} = {count}", f"while t{depth} > 0 and {c}:", f"    t{depth} -= 1",
                                        *indented(body)],
                st.integers(0, 6), conditions(1), blocks(depth - 1, True),
            ),
        ]  # fmt: skip
    return st.one_of(choices)


def blocks(depth: int, in_loop: bool) -> st.SearchStrategy[list[str]]:
    return st.lists(statements(depth, in_loop), min_size=1, max_size=3).map(
        lambda items: [row for rows in items for row in rows]
    )


def functions() -> st.SearchStrategy[list[list[str]]]:
    return st.lists(blocks(2, False), min_size=FUNCTIONS_AT_ONCE, max_size=FUNCTIONS_AT_ONCE)


@settings(
    max_examples=8, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(bodies=functions(), numbers=st.lists(st.integers(-100, 100), min_size=8, max_size=8))
def test_compiled_functions_agree_with_python(bodies: list[list[str]], numbers: list[int]) -> None:
    text = []
    for number, body in enumerate(bodies):
        # Calling the one before, sometimes inlined, mixes their variables if anything can.
        head = f"@function(inline={number % 2 == 1})\ndef f{number}(a: i64, b: i64, c: i64) -> i64:"
        call = f"c = (c + f{number - 1}(b, a, c)) & 65535" if number else "pass"
        text += [head, "    d = a & b", f"    {call}", *indented(body), "    return (a ^ b) + (c ^ d) * 3"]
        text += ["@function", f"def g{number}(a: i64, b: i64, c: i64) -> i64:", f"    return f{number}(a, b, c)"]
    with tempfile.TemporaryDirectory() as folder:
        source = Source(Path(folder), "\n".join(text) + "\n")
        for number in range(len(bodies)):
            for start in range(0, len(numbers) - 2, 3):
                arguments = numbers[start : start + 3]
                expected = source.function(f"g{number}")(*arguments)
                assert source.run(f"g{number}", *arguments) == expected, "\n".join(text)
