"""What LLVM text hot code becomes."""

from __future__ import annotations

import re
import textwrap

import pytest

from rufflang.jit.compiler import translate
from rufflang.jit.request import MAXIMUM_WORDS, CannotCompile, CompileRequest, GlobalState, Questions, single_kind
from rufflang.runtime.values import FLOAT, INT, NULL, STRING
from tests.jit.hot_programs import Compiled, chunks_of, loop_of, run_here

HEADS = 2
"""A loop that calls nothing has a head for strips of rounds, and one for the rounds of a strip."""
ROUNDS_PHIS = 1
"""At the latter rounds are counted."""


def emitted(compiled: Compiled, name: str) -> str:
    """The text of a function's last compilation."""
    assert compiled.outcome.error is None
    return compiled.of(name)[-1].emitted


def direct_code(text: str) -> str:
    """The body of the typed entry."""
    return text.split('.direct"(', 1)[1].split("\n}", 1)[0]


class KnowsNothing:
    """An oracle that has seen nothing but one chunk."""

    counts_work = False

    def global_state(self, number: int, constant: int) -> GlobalState:
        return GlobalState(NULL)

    def inner_chunk(self, number: int, constant: int) -> int:
        raise AssertionError("there is no other code")

    def direct_target(self, number: int) -> None:
        return None

    def builtin(self, number: int) -> None:
        return None

    def chunk(self, number: int) -> None:
        return None

    def code(self, number: int) -> bytes:
        raise AssertionError("there is no other code")

    def lines(self, number: int) -> None:
        return None


def optimised_code(compiled: Compiled, name: str) -> str:
    """The body of the typed entry of a function's last compilation, after LLVM's optimisation."""
    return compiled.of(name)[-1].optimised.split(".direct(", 1)[1].split("\n}", 1)[0]


def request_for(text: str, kinds: list[int], name: str = "f") -> CompileRequest:
    """A request as if these kinds of arguments had been seen, and nothing else noted."""
    chunk = chunks_of(text)[name]
    questions = Questions(KnowsNothing(), 7)
    return CompileRequest(chunk, 7, list(chunk.code), [1 << kind for kind in kinds], questions)


def test_a_function_of_floats_computes_with_doubles_only() -> None:
    text = translate(request_for("func f(a, b) { return a * b - a }", [FLOAT, FLOAT])).render()
    body = direct_code(text)
    assert (
        body.splitlines()[1:]
        == textwrap.dedent("""\
        entry:
          %a0 = bitcast double %d0 to i64
          %a1 = bitcast double %d1 to i64
          %v1 = fmul double %d0, %d1
          %v2 = bitcast double %v1 to i64
          %v3 = fsub double %v1, %d0
          %v4 = bitcast double %v3 to i64
          %v5 = insertvalue {i64, i64} poison, i64 4, 0
          %v6 = insertvalue {i64, i64} %v5, i64 %v4, 1
          ret {i64, i64} %v6""").splitlines()
    )


def test_a_comparison_of_ints_is_one_comparison() -> None:
    body = direct_code(translate(request_for("func f(a, b) { return a < b }", [INT, INT])).render())
    assert body.count("icmp") == 1
    assert "icmp slt i64 %a0, %a1" in body
    assert "call" not in body


def test_an_int_loop_checks_no_tags() -> None:
    compiled = run_here("""
        func total(n) {
            mut s := 0
            mut i := 0
            while i < n {
                s += i * 2
                i += 1
            }
            return s
        }
        print(total(10), total(20))
    """, jit_threshold=1)  # fmt: skip
    loop = loop_of(emitted(compiled, "total"))
    assert sum("phi i64" in line for line in loop) == 2 * HEADS + ROUNDS_PHIS
    # What is compared: i < n, overflow flags, the number of rounds with 0; tags would be compared with 3, 4, ….
    equalities = [line for line in loop if "icmp eq i64" in line]
    assert [line.split(", ")[1] for line in equalities] == ["0"]
    calls = [line for line in loop if "call" in line and "overflow.i64" not in line and "expect" not in line]
    assert calls == []
    assert not any(line.startswith("store") for line in loop)


def test_a_float_loop_keeps_doubles_in_its_phis() -> None:
    compiled = run_here("""
        func area(n) {
            mut s := 0.5
            mut i := 0
            while i < n {
                s = s * 1.5 + 0.25
                i += 1
            }
            return s
        }
        print(area(3), area(4))
    """, jit_threshold=1)  # fmt: skip
    loop = loop_of(emitted(compiled, "area"))
    assert sum("phi double" in line for line in loop) == HEADS
    assert sum("phi i64" in line for line in loop) == HEADS + ROUNDS_PHIS
    assert not any("bitcast i64" in line for line in loop)


def test_a_register_that_changes_its_kind_in_a_loop_is_widened() -> None:
    compiled = run_here("""
        func grow(n) {
            mut s := 1
            for i in n { s = s * 1.5 }
            return s
        }
        print(grow(3), grow(4))
    """, jit_threshold=1)  # fmt: skip
    loop = loop_of(emitted(compiled, "grow"))
    assert any("icmp eq i64" in line for line in loop)


def test_a_recursive_function_calls_itself_directly() -> None:
    compiled = run_here("""
        func fib(n) {
            if n < 2 { return n }
            return fib(n - 1) + fib(n - 2)
        }
        print(fib(15))
    """)
    number = compiled.of("fib")[-1].request
    assert number is not None
    assert emitted(compiled, "fib").count(f'call preserve_nonecc {{i64, i64}} @"{number.symbol}.direct"') >= 1


def test_a_function_too_large_is_refused_with_the_reason() -> None:
    request = request_for("func f(n) { return n }", [INT])
    request.words = request.words + [0] * MAXIMUM_WORDS
    with pytest.raises(CannotCompile) as refusal:
        translate(request)
    assert str(refusal.value) == f"Function 'f' is too large to compile ({len(request.words)} words)"


def test_a_loop_of_a_function_too_large_is_refused_too() -> None:
    request = request_for("func f(n) { for i in n { print(i) } }", [INT])
    request.words = request.words + [0] * MAXIMUM_WORDS
    with pytest.raises(CannotCompile, match="Function 'f' is too large to compile"):
        translate(request)


def test_one_kind_is_worth_speculating_on_and_several_are_not() -> None:
    assert single_kind(1 << INT) == INT
    assert single_kind(1 << INT | 1 << FLOAT) is None
    assert single_kind(0) is None


def test_every_compiled_text_is_valid_and_belongs_to_its_function() -> None:
    compiled = run_here("""
        func half(i) { return i / 2 }
        func text(i) { return "n${i}" }
        mut total := 0
        for i in 2000 {
            total += len(text(i))
            half(i)
        }
        print(total)
    """)  # fmt: skip
    assert compiled.outcome.error is None
    assert {entry.chunk.name for entry in compiled.entries} >= {"half", "text", ""}
    for entry in compiled.entries:
        assert entry.refusal == ""
        assert entry.request is not None and f'@"{entry.request.symbol}"' in entry.emitted


def test_code_says_where_it_is_only_in_a_run_that_is_profiled() -> None:
    request = request_for("func f(a) {\n    b := a * 2\n    return b + a\n}", [INT])
    assert "store volatile" not in translate(request).render()
    request.lines = [2 if span.line == 2 else 3 for span in request.chunk.spans]
    stores = [line for line in translate(request).render().splitlines() if "store volatile" in line]
    places = [~int(line.split("i64 ")[1].split(",")[0]) for line in stores]
    assert [place >> 32 for place in places] == [7, 7]
    assert [request.lines[place & 0xFFFFFFFF] for place in places] == [2, 3]


def test_a_loop_on_one_line_says_so_once() -> None:
    request = request_for("func f(n) {\n    mut s := 0\n    for i in range(n) { s := s + i }\n    return s\n}", [INT])
    request.lines = [span.line for span in request.chunk.spans]
    text = direct_code(translate(request).render())
    loop = text[text.index("loop") :]
    assert text.count("store volatile") == 3
    assert loop[: loop.index("br label %loop")].count("store volatile") == 0


@pytest.mark.parametrize("kind", ["global", "captured"])
def test_an_element_of_an_array_in_a_cell_is_stored_without_a_call(kind: str) -> None:
    make = "mut cells := [0, 0, 0]\nfunc put(k, x) { cells[k] := x }"
    if kind == "captured":
        make = "func make() {\n" + make.replace("func put", "return func") + "\n}\nput := make()"
    compiled = run_here(make + "\nfunc fill(n) { for i in n { put(i % 3, i) } }\nfill(3000)")
    loop = "\n".join(loop_of(emitted(compiled, "fill")))
    assert "store i64" in loop
    assert "own_cell_content" not in loop
    assert "index_set" not in loop


def test_a_field_of_one_struct_is_a_load_behind_one_check_of_its_shape() -> None:
    compiled = run_here("""
        struct Point { x, y }
        func sum(point) { return point.x + point.y }
        point := Point { x: 1, y: 2 }
        for i in 200 { sum(point) }
    """)
    body = direct_code(emitted(compiled, "sum"))
    assert "fields.field_get_any" not in body
    optimised = optimised_code(compiled, "sum")
    assert optimised.count("load i16") == 1, "the second access knows the shape"


def test_a_write_of_one_field_leaves_what_is_known_of_others() -> None:
    compiled = run_here("""
        struct Point { x, y }
        func move(point, other) {
            before := point.x
            other.y := 5
            return before + point.x
        }
        func call(n) { return move(Point { x: n, y: 0 }, Point { x: 0, y: 0 }) }
        for i in 200 { call(i) }
    """)
    loads = [line for line in optimised_code(compiled, "move").splitlines() if "= load i64" in line and "!tbaa" in line]
    assert len(loads) == 1, "the payload of x, once"


def test_a_number_written_over_a_number_leaves_the_tag_alone() -> None:
    compiled = run_here("""
        struct Point { x, y }
        func move(point) {
            point.x := point.x + 1
            return point
        }
        point := Point { x: 1, y: 2 }
        for i in 200 { point := move(point) }
    """)
    assert "store i8 3" in emitted(compiled, "move")
    assert "store i8 3" not in optimised_code(compiled, "move")


def test_a_method_is_found_by_the_number_of_its_struct_without_waiting_for_the_instance() -> None:
    compiled = run_here("""
        struct Point {
            x, y
            func moved(self, by) { return Point { x: self.x + by, y: self.y } }
        }
        func walk(point, n) {
            for i in range(n) { point := point.moved(i) }
            return point.x
        }
        for i in 200 { walk(Point { x: 1, y: 2 }, 3) }
    """)
    loop = loop_of(emitted(compiled, "walk"))
    assert not any("load i16" in line for line in loop), "nothing reads the shape of an instance"


def test_a_field_of_several_structs_is_found_by_a_switch() -> None:
    compiled = run_here("""
        struct A { x }
        struct B { y, x }
        struct C { z, y, x }
        func read(item) { return item.x }
        items := [A { x: 1 }, B { y: 2, x: 2 }, C { z: 3, y: 3, x: 3 }]
        for i in 200 { read(items[i % 3]) }
    """)
    body = direct_code(emitted(compiled, "read"))
    (switch,) = [line for line in body.splitlines() if "switch i16" in line]
    assert switch.count("label") == 4


def test_a_method_of_several_structs_is_found_by_a_switch() -> None:
    compiled = run_here("""
        struct A { x  func get(self, n) { return self.x + n } }
        struct B { y, x  func get(self, n) { return self.x - n } }
        func read(item) { return item.get(1) }
        items := [A { x: 1 }, B { y: 2, x: 2 }]
        for i in 400 { read(items[i % 2]) }
    """)
    body = direct_code(emitted(compiled, "read"))
    (switch,) = [line for line in body.splitlines() if "switch i16" in line]
    assert switch.count("label") == 3
    assert body.count("ruff_call_method_window") == 1, "for other shapes"


def test_a_struct_literal_takes_its_cell_from_the_free_list() -> None:
    compiled = run_here("""
        struct Point { x, y }
        func make(n) { return Point { x: n, y: 0.5 } }
        for i in 200 { make(i) }
    """)
    optimised = optimised_code(compiled, "make")
    assert "heap.allocate_slowly_unzeroed" in optimised
    assert "definitions.new_struct" not in optimised


def test_a_struct_literal_writes_shape_and_tags_at_once_and_keeps_the_definition_alive_until_then() -> None:
    compiled = run_here("""
        struct Point { x, y }
        func make() { return Point { x: 1, y: true } }
        for i in 200 { make() }
    """)
    optimised = optimised_code(compiled, "make")
    in_vm = set(re.findall(r"(%\w+) = getelementptr .*ptr %vm,", optimised))
    stored_to = re.findall(r"store i64 -?\d+, ptr (%\w+)", optimised)
    assert len([place for place in stored_to if place not in in_vm]) == 3, "the header and two payloads"
    assert re.search(r'store i64 \d+,.*asm sideeffect "", "r"\(ptr', optimised, re.DOTALL)


def test_floats_that_are_the_same_on_all_ways_can_be_joined() -> None:
    compiled = run_here("""
        func f(n) {
            mut x := 1.0
            if n % 2 == 0 { x := 2.5 } else { x := 2.5 }
            return [x, n]
        }
        for i in 300 { f(i) }
    """)
    assert optimised_code(compiled, "f")


def test_a_comparison_with_null_looks_at_the_tag() -> None:
    body = direct_code(translate(request_for("func f(a, b) { return a == null }", [NULL, INT])).render())
    assert "comparison.equal" not in body


def test_a_short_constant_is_compared_as_a_number() -> None:
    body = direct_code(translate(request_for('func f(a) { return a == "red" }', [STRING])).render())
    assert str(int.from_bytes(b"\0\0\0\0\0red", "little")) in body
    assert "string_equal" not in body and "memcmp" not in body
