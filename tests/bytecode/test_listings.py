"""What small programs compile to."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest

from rufflang.bytecode.chunk import Chunk
from rufflang.bytecode.disassembler import disassemble
from rufflang.bytecode.prelude import UNPACKING_BUILTINS
from rufflang.runtime.builtins.registry import native_builtins
from tests.bytecode.model import BUILTINS, compile_text


def listing(text: str, chunk: str = "<top level>", repl: bool = False) -> list[str]:
    """The instructions of one chunk, without positions, lines and surplus blanks."""
    lines = disassemble(compile_text(dedent(text), repl), BUILTINS).splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith(f"{chunk}:"))
    result = []
    for line in lines[start + 1 :]:
        if not line.startswith("  "):
            break
        result.append(re.sub(r" {2,}", " ", re.sub(r"^ +\d+ +\d+ +", "", line)).strip())
    return result


def expected(text: str) -> list[str]:
    return [line.strip() for line in dedent(text).strip().splitlines()]


def test_a_listing_shows_positions_lines_and_resolved_operands() -> None:
    unit = compile_text('func twice(x) { return x + x }\nprint(twice(2), "a")\n')
    assert disassemble(unit, BUILTINS) == (
        "<top level>: 0 parameters, 4 registers\n"
        "     0    1  MAKE_FUNCTION           r0, <twice>\n"
        "     1    2  MOVE                    r1, r0\n"
        "     2    2  LOAD_INT                r3, 2\n"
        "     3    2  CALL                    r1, 1, 0\n"
        "     5    2  LOAD_CONST              r2, 'a'\n"
        "     6    2  CALL_BUILTIN            r1, builtin print, 2, held 0\n"
        "     8    1  RETURN_NULL\n"
        "twice: 1 parameters, 2 registers, lent 1\n"
        "     0    1  ADD                     r1, r0, r0\n"
        "     1    1  RETURN                  r1\n"
        "     2    1  RETURN_NULL\n"
    )


def test_a_top_level_loop_runs_in_registers() -> None:
    assert listing("total := 0\ni := 0\nwhile i < 10 { total += i\n i += 1 }") == expected("""
        LOAD_INT r0, 0
        LOAD_INT r1, 0
        JUMP_IF_NOT_LT_IMM r1, 10, ->7
        ADD r0, r0, r1
        ADD_IMM r1, r1, 1
        LOOP ->2
        RETURN_NULL
    """)


def test_a_loop_over_a_range_makes_no_array() -> None:
    assert listing("for i in range(2, 5) { print(i) }") == expected("""
        LOAD_INT r0, 2
        LOAD_INT r1, 5
        RANGE_PREPARE r0, 2
        RANGE_NEXT r0, ->9
        MOVE r4, r3
        CALL_BUILTIN r4, builtin print, 1, held 1
        LOOP ->3
        RETURN_NULL
    """)


def test_a_loop_item_that_is_only_looked_at_is_not_marked() -> None:
    assert "SHARE" not in " ".join(listing("for x in [1] { print(x) }"))
    assert "SHARE r3" in listing("y := 0\nfor x in [1] { y := x }")


def test_a_variable_that_functions_mention_is_a_global() -> None:
    code = listing("n := 1\nfunc f() { return n }\nm := n")
    assert "ASSIGN_GLOBAL r2, global n" in code
    assert not any("global m" in line for line in code)


def test_an_exported_variable_is_a_global() -> None:
    assert "ASSIGN_GLOBAL r0, global n" in listing("export n := 1")


def test_interactive_input_keeps_every_name_global_and_returns_its_value() -> None:
    assert listing("x := 1\nx + 1", repl=True) == expected("""
        LOAD_INT r0, 1
        ASSIGN_GLOBAL r0, global x
        GET_GLOBAL r1, global x
        SHARE r1
        ADD_IMM r0, r1, 1
        RETURN r0
        """)


def test_a_captured_loop_variable_has_a_cell_for_each_iteration() -> None:
    code = listing("for i in range(3) { f := func() { return i } }")
    start = code.index("RANGE_NEXT r0, ->8")
    assert code[start + 1] == "NEW_CELL r4"
    assert code[start + 2] == "BIND_CELL r4, r3, 0"
    assert code[start + 4] == "LOOP ->2"


def test_a_captured_parameter_is_boxed() -> None:
    code = listing("func f(p) { return func() { return p } }", "f")
    assert code[0] == "BOX r0"


def test_assigning_to_a_name_that_the_file_never_binds_makes_a_local() -> None:
    assert listing("func f() { x := 1\n return x }", "f") == expected("""
        LOAD_INT r0, 1
        RETURN r0
        RETURN_NULL
    """)


def test_assigning_to_a_name_that_may_be_global_asks_first() -> None:
    assert listing("func f() { x := 1 }\nx := 2", "f") == expected("""
        LOAD_UNBOUND r0
        LOAD_INT r1, 1
        JUMP_IF_GLOBAL_BOUND global x, ->5
        MOVE r0, r1
        JUMP ->6
        ASSIGN_GLOBAL r1, global x
        RETURN_NULL
    """)


def test_a_prelude_name_that_the_file_binds_is_looked_up() -> None:
    code = listing("func f() { return len }\nlen := 1", "f")
    assert code[0].startswith("JUMP_IF_GLOBAL_BOUND global len")
    assert "LOAD_BUILTIN r0, builtin len" in code


def test_a_field_is_tried_first_in_a_method_without_self() -> None:
    code = listing("struct S { n\n func m(k) { return n + k } }", "S.m")
    assert code[0].startswith("JUMP_IF_NO_FIELD r0, 'n'")
    assert "GET_FIELD r3, r0, 'n'" in code


def test_an_argument_is_moved_at_its_last_use() -> None:
    code = listing("xs := []\nxs := push(xs, 1)")
    assert "CALL_BUILTIN r1, builtin push, 2, held 0" in code
    code = listing("xs := []\nys := push(xs, 1)")
    assert "CALL_BUILTIN r2, builtin push, 2, held 0" in code
    code = listing("xs := []\nys := push(xs, 1)\nprint(xs)")
    assert "CALL_BUILTIN r2, builtin push, 2, held 1" in code


def test_a_variable_is_moved_at_its_last_use() -> None:
    assert "MOVE r1, r0" in listing("xs := [1]\nys := xs")
    code = listing("xs := [1]\nys := xs\nzs := xs")
    assert code.index("COPY r1, r0") < code.index("MOVE r2, r0")
    assert "COPY r1, r0" in listing("xs := [1]\nloop { ys := xs }")
    assert "COPY r1, r0" in listing("xs := [1]\ntry { ys := xs } except { print(xs) }")
    assert "COPY r4, r0" in listing("xs := [1]\nfor x in xs { ys := xs\nbreak }")


def test_an_element_is_taken_out_at_its_last_use() -> None:
    text = "func f(g) { mut xs := 0\nloop { r := g()\nxs := r[0]\nprint(r[1])\nMORE } }"
    assert any("SHARE_PART r2, r1" in line for line in listing(text.replace("MORE", ""), "f"))
    for more in ("print(r)", "print(r[0])", "ys := r", "print(r[xs])", "for x in r { print(x) }"):
        assert not any("SHARE_PART" in line for line in listing(text.replace("MORE", more), "f"))


def test_what_a_call_has_given_is_taken_apart() -> None:
    assert "SHARE_PART r2, r1" in listing("func f(g) { xs := g()[0]\nreturn xs }", "f")
    assert "SHARE_PART r2, r1" in listing("func f(g) { xs := g().items\nreturn xs }", "f")


def test_pieces_are_unmarked_if_the_whole_is_not_read_again() -> None:
    text = "func f(g) { pair := g()\n[xs, n] := pair\nxs[0] := n\nMORE\nreturn xs }"
    assert any("SHARE_PART r1, r" in line for line in listing(text.replace("MORE", ""), "f"))
    for more in ("print(pair)", "print(pair[0])", "print(pair[1])"):
        assert not any("SHARE_PART" in line for line in listing(text.replace("MORE", more), "f"))


def test_an_element_is_taken_out_if_another_takes_its_place() -> None:
    text = "func f(rows, n) { rows[n] := g(rows[n])\nMORE\nreturn rows }\nfunc g(row) { return row }"
    assert any("SHARE_PART r0" in line for line in listing(text.replace("MORE", ""), "f"))
    text = "func f(rows, n) { row := rows[n]\nMORE\nrow[0] := 1\nrows[n] := row\nreturn rows }"
    assert any("SHARE_PART r0, r2" in line for line in listing(text.replace("MORE", ""), "f"))
    for more in ("print(rows)", "n := n - 1", "print(rows[n])", "if row[1] { return rows }", "print(rows[0])"):
        assert not any("SHARE_PART" in line for line in listing(text.replace("MORE", more), "f"))


def test_an_argument_is_not_moved_out_of_a_try() -> None:
    text = "func g(a) { return a }\nfunc f(xs) { try { xs := g(xs) } except { } }"
    assert "CALL r1, 1, 1" in listing(text, "f")
    assert "CALL r1, 1, 0" in listing("func g(a) { return a }\nfunc f(xs) { xs := g(xs) }", "f")


def test_popping_moves_the_variable_it_assigns() -> None:
    code = listing("xs := [1]\n[xs, x] := pop(xs)")
    assert any("builtin pop, 1, held 0" in line for line in code)


@pytest.mark.parametrize(("body", "lent"), [
    ("return x.n", 1), ("x.n := 1", 0), ("return x", 0), ("y := x", 1), ("return func() { return x }", 0),
    ("return [x]", 0), ("return push(x, 1)", 0), ("return len(x)", 1), ("return f(x)", 1), ("x := [1]", 1),
    ("return other(x)", 0), ("for y in x { return y }", 1), ("return [x, x]", 1),
])
def test_a_parameter_is_lent_unless_it_is_changed_or_given_away(body: str, lent: int) -> None:
    unit = compile_text(f"func other(x) {{ }}\nfunc f(x) {{ {body} }}\nf(1)")
    chunks = [constant for constant in unit.main.constants if isinstance(constant, Chunk)]
    assert [chunk.lent for chunk in chunks if chunk.name == "f"] == [lent]


def test_conditions_jump_without_making_bools() -> None:
    assert listing("a := 1\nb := 2\nif a == 1 && !(b != a) || false { print(a) }") == expected("""
        LOAD_INT r0, 1
        LOAD_INT r1, 2
        JUMP_IF_NOT_EQ_IMM r0, 1, ->4
        JUMP_IF_NOT_NE r1, r0, ->5
        JUMP ->8
        MOVE r2, r0
        CALL_BUILTIN r2, builtin print, 1, held 1
        RETURN_NULL
    """)


def test_a_swap_makes_no_array() -> None:
    assert listing("a := 1\nb := 2\n[a, b] := [b, a]")[2:] == expected("""
        MOVE r2, r1
        MOVE r3, r0
        MOVE r0, r2
        MOVE r1, r3
        RETURN_NULL
    """)


def test_handlers_of_nested_tries_come_innermost_first() -> None:
    unit = compile_text("try { try { print(1) } except a { print(a) } } except b { print(b) }")
    inner, outer = unit.main.handlers
    assert outer.start <= inner.start < inner.end <= inner.target < outer.end <= outer.target


def test_spans_point_at_the_expression_that_is_executed() -> None:
    unit = compile_text("x := 1\ny := x + len([x])\n")
    positions = {(span.line, span.column) for span in unit.main.spans}
    assert {(1, 6), (2, 6), (2, 10), (2, 14)} <= positions


def test_a_program_counts_its_statements() -> None:
    assert compile_text("x := 1\nif x { y := 2 }").statement_count == 2


def test_an_argument_that_stays_held_leaves_nothing_behind() -> None:
    text = "func depth(node) { return depth(node.next) + 1 }"
    assert listing(text, "depth") == expected("""
        GET_GLOBAL r2, global depth
        GET_FIELD r4, r0, 'next'
        CALL r2, 1, 1
        ADD_IMM r1, r2, 1
        RETURN r1
        RETURN_NULL
    """)


def test_what_is_taken_out_of_a_container_is_bound_without_an_array_of_both_parts() -> None:
    code = listing("mut xs := [1]\n[xs, x] := pop(xs)")
    assert code[2:6] == ["MOVE r2, r0", "TAKE_APART r2, builtin pop, 1, held 0", "MOVE r0, r2", "MOVE r1, r3"]
    assert "TAKE_APART r1, builtin pop, 1, held 0" in listing("mut xs := [1]\n[xs] := pop(xs)")
    assert "TAKE_APART r3, builtin pop, 1, held 1" in listing("xs := [1]\n[rest, x] := pop(xs)\nprint(xs)")


def test_more_pieces_than_the_parts_are_found_in_an_array() -> None:
    for pattern in ("[a, b, c]", "[a, ...b]"):
        code = listing(f"{pattern} := pop([1])")
        assert any(line.startswith("DESTRUCTURE_ARRAY") for line in code)


def test_the_compiler_and_the_library_agree_on_which_builtins_give_parts() -> None:
    assert {entry.name for entry in native_builtins() if entry.parts is not None} == UNPACKING_BUILTINS


def test_one_of_two_parts_is_found_by_its_index_without_an_array_of_both() -> None:
    code = listing("mut xs := [1]\nxs := pop(xs)[0]")
    assert code[2:5] == ["MOVE r1, r0", "TAKE_APART r1, builtin pop, 1, held 0", "MOVE r0, r1"]
    assert not any(line.startswith("TAKE_APART") for line in listing("print(pop([1])[2], remove([1], 1)[0])"))
