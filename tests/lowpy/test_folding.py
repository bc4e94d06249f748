"""What is known while compiling leaves no code behind: constants, decided branches, phis."""

from __future__ import annotations

from pathlib import Path

import pytest

from rufflang.lowpy.emitter import Emitter
from rufflang.lowpy.emitter_folding import fold_compare
from rufflang.lowpy.module import ModuleText
from rufflang.lowpy.types import I64, RecordType
from rufflang.lowpy.values import Aggregate, Word, constant_word
from tests.lowpy.low_source import Source, lines

VALUE = """
    INT = 2
    FLOAT = 3

    class Value(Record):
        raised: ClassVar[tuple[int, ...] | None] = (15, 0)
        tag: i64
        payload: i64

    @function
    def slow(a: Value, b: Value) -> Raised:
        return Raised()

    @function(inline=True)
    def add(a: Value, b: Value) -> Value:
        if a.tag == INT and b.tag == INT:
            total, overflowed = add_overflow(a.payload, b.payload)
            if overflowed:
                return slow(a, b)
            return Value(INT, total)
        if a.tag == FLOAT and b.tag == FLOAT:
            return Value(FLOAT, bits_of(float_from_bits(a.payload) + float_from_bits(b.payload)))
        return slow(a, b)
"""


def inlined(source: Source, name: str, *arguments: Aggregate) -> tuple[str, object, int]:
    """The lines that inlining adds, the result, and the number of error edges."""
    emitter = Emitter(ModuleText("test"))
    emitter.begin("define void @test()")
    result, raises = emitter.inline(source.function(name), arguments)
    return "\n".join(line.strip() for line in emitter.lines[2:]), result, len(raises)


def value(source: Source, tag: int | None, payload: str) -> Aggregate:
    kind = source.function("add").signature.result
    assert isinstance(kind, RecordType)
    tag_word = Word(I64, f"%tag_of_{payload}") if tag is None else constant_word(I64, tag)
    return Aggregate(kind, (tag_word, Word(I64, f"%{payload}")))


def test_known_tags_leave_only_the_case_that_applies(tmp_path: Path) -> None:
    source = Source(tmp_path, VALUE)
    text, result, raises = inlined(source, "add", value(source, 3, "a"), value(source, 3, "b"))
    assert text == lines("""
        %v1 = bitcast i64 %a to double
        %v2 = bitcast i64 %b to double
        %v3 = fadd double %v1, %v2
        %v4 = bitcast double %v3 to i64
    """)
    assert isinstance(result, Aggregate)
    assert (result.words[0].constant, result.words[1].text, raises) == (3, "%v4", 0)


def test_the_error_edge_keeps_the_tag_of_the_normal_result_known(tmp_path: Path) -> None:
    source = Source(tmp_path, VALUE)
    text, result, raises = inlined(source, "add", value(source, 2, "a"), value(source, 2, "b"))
    assert "phi" not in text and "icmp" not in text
    assert isinstance(result, Aggregate)
    assert (result.words[0].constant, raises) == (2, 1)


def test_impossible_operands_leave_only_the_error_edge(tmp_path: Path) -> None:
    source = Source(tmp_path, VALUE)
    text, result, raises = inlined(source, "add", value(source, 2, "a"), value(source, 3, "b"))
    assert result is None and raises == 1
    assert "add" not in text.replace("add_", "")


def test_unknown_tags_are_tested_at_run_time(tmp_path: Path) -> None:
    source = Source(tmp_path, VALUE)
    text, result, raises = inlined(source, "add", value(source, None, "a"), value(source, 2, "b"))
    assert "icmp eq i64 %tag_of_a, 2" in text
    assert "fadd" not in text and "phi" not in text
    assert isinstance(result, Aggregate)
    assert (result.words[0].constant, raises) == (2, 2)


def test_constant_conditions_decide_branches(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        WIDE = True

        @function
        def f(n: i64) -> i64:
            if WIDE and size_of(i64) == 8:
                result = n
            else:
                result = n * 1000
            return result if not WIDE or n == n else -n
    """,
    )
    assert source.llvm() == lines("""
        entry:
        br label %exit1
        exit1:
        ret i64 %p.n
    """)


def test_a_constant_on_either_side_of_and_or_needs_no_branch(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        ON = True

        @function
        def f(c: bool) -> bool:
            return (ON and c) or (not ON and c) or (c and not ON)
    """,
    )
    assert source.llvm() == lines("""
        entry:
        br label %exit5
        exit5:
        ret i1 %p.c
    """)


@pytest.mark.parametrize("expression", [
    "n + 0", "n - 0", "0 + n", "n | 0", "0 | n", "n ^ 0", "n << 0", "n >> 0", "n * 1",
])  # fmt: skip
def test_neutral_operands_vanish(tmp_path: Path, expression: str) -> None:
    source = Source(tmp_path, f"@function\ndef f(n: i64) -> i64:\n    return {expression}\n")
    assert source.llvm().splitlines()[-1] == "ret i64 %p.n"


@pytest.mark.parametrize("expression", ["n * 0", "0 & n", "n & 0", "0 * n"])
def test_annihilating_operands_give_zero(tmp_path: Path, expression: str) -> None:
    source = Source(tmp_path, f"@function\ndef f(n: i64) -> i64:\n    return {expression}\n")
    assert source.llvm().splitlines()[-1] == "ret i64 0"


@pytest.mark.parametrize(("kind", "expression", "result"), [
    ("u8", "a + 10", 4), ("i8", "b - 100", 56), ("u8", "a >> 1", 125), ("i8", "b >> 1", -50),
    ("u8", "a << 1", 244), ("i8", "-b", 100), ("u8", "~a", 5), ("i8", "b ^ 1", -99), ("u8", "a * 3", 238),
])  # fmt: skip
def test_folded_arithmetic_wraps_as_machine_arithmetic_does(
    tmp_path: Path, kind: str, expression: str, result: int
) -> None:
    name, start = ("a", 250) if kind == "u8" else ("b", -100)
    source = Source(
        tmp_path,
        f"""
        @function
        def f() -> {kind}:
            {name}: {kind} = {start}
            return {expression}
    """,
    )
    assert source.llvm().splitlines()[-1] == f"ret i8 {result}"
    assert source.run("f") == result


@pytest.mark.parametrize(("kind", "condition", "expected"), [
    ("u8", "a > 100", True), ("i8", "a > 100", False), ("u64", "a > 5", True), ("i64", "a > 5", False),
    ("u8", "a == 255", True), ("i8", "a == -1", True),
])  # fmt: skip
def test_folded_comparisons_follow_the_sign_of_the_type(
    tmp_path: Path, kind: str, condition: str, expected: bool
) -> None:
    source = Source(
        tmp_path,
        f"""
        @function
        def f() -> bool:
            a: {kind} = -1
            return {condition}
    """,
    )
    assert source.llvm().splitlines()[-1] == f"ret i1 {str(expected).lower()}"


@pytest.mark.parametrize(("conversion", "expected"), [
    ("i64(a)", "ret i64 200"), ("i8(a)", "ret i8 -56"), ("u16(i8(a))", "ret i16 65480"),
    ("bool(a)", "ret i1 true"), ("i64(f64(a) * 0 + 1e300)", None),
])  # fmt: skip
def test_conversions_of_known_numbers_are_folded(tmp_path: Path, conversion: str, expected: str | None) -> None:
    kind = conversion.partition("(")[0]
    source = Source(
        tmp_path,
        f"""
        @function
        def f() -> {kind}:
            a: u8 = 200
            return {conversion}
    """,
    )
    last = source.llvm().splitlines()[-1]
    if expected is None:
        # Arithmetic on floats is left to LLVM, which knows their rules.
        assert last.startswith("ret i64 %v")
    else:
        assert last == expected


def test_an_equal_value_from_every_branch_needs_no_phi(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        class Pair(Record):
            a: i64
            b: i64

        @function
        def f(c: bool, n: i64) -> Pair:
            if c:
                result = Pair(1, n)
            else:
                result = Pair(1, n + 1)
            return result
    """,
    )
    text = source.llvm()
    assert text.count("phi") == 1
    assert "insertvalue {i64, i64} poison, i64 1, 0" in text


def test_a_loop_inside_a_decided_branch_disappears(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        CHECKS = False

        @function
        def f(n: i64) -> i64:
            if CHECKS:
                for i in range(n):
                    n += i
            return n
    """,
    )
    assert "loop" not in source.llvm()


def test_what_is_known_before_a_loop_stays_known_in_it_unless_the_loop_changes_it(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(n: i64) -> i64:
            mode = 2
            total = 0
            while total < n:
                if mode == 2:
                    total += 3
                else:
                    total -= 1
            return total
    """,
    )
    assert source.llvm().count("phi") == 1
    assert "sub" not in source.llvm()
    assert source.run("f", 10) == 12


@pytest.mark.parametrize(
    ("op", "left", "right", "answer"),
    [("ult", -1, 2, False), ("uge", -1, 2, True), ("ule", 2, -1, True), ("slt", -1, 2, True), ("ult", 1, 2, True)],
)
def test_known_ints_are_compared_as_the_comparison_says(op: str, left: int, right: int, answer: bool) -> None:
    assert fold_compare(op, constant_word(I64, left), constant_word(I64, right)) is answer
