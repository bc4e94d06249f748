"""`rufflang jit`: what became of a program's hot code."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import Result, rufflang, write_program

HOT = """\
func area(w, h) { return w * h }
func once(x) { return x }
mut total := once(0)
for i in range(3000) { total += area(i, 2) }
print(total)
"""


def jit(folder: Path, program: str, *words: str) -> Result:
    write_program(folder, program)
    return rufflang("jit", "program.ruff", *words, folder=folder)


def section(report: str, start: str) -> str:
    """The part of a report about one function or loop."""
    sections = [part for part in report.split("=== ") if part.startswith(start)]
    assert len(sections) == 1, report
    return sections[0]


def test_the_program_runs_first_and_the_report_follows(tmp_path: Path) -> None:
    result = jit(tmp_path, HOT, "--show", "facts")
    assert (result.stderr, result.exit_code) == ("", 0)
    assert result.stdout.startswith("8997000\n=== ")
    assert result.stdout.endswith("Not hot, hence interpreted: once\n")


def test_a_hot_function_is_shown_with_its_kinds_and_its_direct_entry(tmp_path: Path) -> None:
    function = section(jit(tmp_path, HOT, "--show", "facts").stdout, "function area")
    lines = function.splitlines()
    assert lines[0] == "function area (line 1): compiled"
    assert lines[1] == "why: called 100 times"
    assert lines[2] == "parameter 0: seen int; compiled for int, lent"
    assert "direct(vm, registers, depth, closure, int 0, int 1), signature 0x" in lines[4]


def test_a_hot_loop_is_shown_with_the_kinds_of_the_registers_it_takes_over(tmp_path: Path) -> None:
    loop = section(jit(tmp_path, HOT, "--show", "facts").stdout, "loop at offset")
    assert "of <top level> (line 4): compiled\n" in loop
    assert "why: ran 1000 times\n" in loop
    assert "enters as function\n" in loop


def test_all_three_forms_of_the_code_are_shown(tmp_path: Path) -> None:
    function = section(jit(tmp_path, HOT).stdout, "function area")
    emitted, optimised, assembly = (part for part in function.split("\n--- ")[1:])
    assert emitted.startswith("LLVM as emitted")
    assert "call {i64, i1} @llvm.smul.with.overflow.i64(i64 %a0, i64 %a1)" in emitted
    assert optimised.startswith("LLVM optimised")
    assert "define " in optimised and "@llvm.smul.with.overflow.i64" in optimised
    assert assembly.startswith("assembly")
    assert ".direct:" in assembly


def test_one_part_of_one_function_can_be_asked_for(tmp_path: Path) -> None:
    report = jit(tmp_path, HOT, "--function", "area", "--show", "assembly").stdout
    assert "--- assembly" in report
    assert "LLVM" not in report and "loop at" not in report and "Not hot" not in report


def test_the_top_level_can_be_asked_for(tmp_path: Path) -> None:
    report = jit(tmp_path, HOT, "--function", "<top level>", "--show", "facts").stdout
    assert "loop at offset" in report and "function area" not in report


def test_without_hot_code_the_report_says_so(tmp_path: Path) -> None:
    result = jit(tmp_path, "print(1 + 1)\n")
    assert result.stdout == (
        "2\nNothing was compiled: no function was called 100 times and no loop ran 1000 times.\n"
    )


def test_a_function_that_was_not_hot_is_named_in_the_answer(tmp_path: Path) -> None:
    assert "once: nothing was compiled" in jit(tmp_path, HOT, "--function", "once").stdout


def test_lower_thresholds_make_more_code_hot(tmp_path: Path) -> None:
    report = jit(tmp_path, HOT, "--show", "facts", "--jit-threshold", "1", "--loop-threshold", "10").stdout
    assert "why: called 1 times" in section(report, "function once")
    assert "why: ran 10 times" in section(report, "loop at offset")


def test_what_is_refused_is_shown_with_the_reason(tmp_path: Path) -> None:
    body = "\n".join(f"    x := x + {number} * 3 - x" for number in range(2500))
    program = f"func long(x) {{\n{body}\n    return x\n}}\nfor i in range(150) {{ long(i) }}\n"
    function = section(jit(tmp_path, program, "--show", "facts").stdout, "function long")
    assert function.startswith("function long (line 1): refused\nwhy: called 100 times\nrefused because: ")
    assert "is too large to compile" in function


def test_failed_assumptions_lead_to_a_second_entry(tmp_path: Path) -> None:
    program = """\
func double(x) { return x + x }
for i in range(300) { double(i) }
for i in range(300) { double(0.5) }
print(double(1), double(0.5))
"""
    result = jit(tmp_path, program, "--show", "facts", "--function", "double")
    assert result.stdout.startswith("2 1\n")
    assert "why: again, because its assumptions failed 20 times" in result.stdout
    assert "parameter 0: seen int or float; compiled for any kind, lent" in result.stdout


def test_the_exit_code_and_the_error_are_the_programs_own(tmp_path: Path) -> None:
    program = "func f(x) { return 1 / x }\nfor i in range(200) { f(i + 1) }\nf(0)\n"
    result = jit(tmp_path, program, "--show", "facts")
    assert result.exit_code == 4
    assert result.stderr.startswith("[RUFVM001] [vm] Runtime Error: Division by zero\n")
    assert "function f (line 1): compiled" in result.stdout
    assert jit(tmp_path, "print(1)\nexit(7)\n").exit_code == 7


def test_the_program_gets_its_arguments(tmp_path: Path) -> None:
    assert jit(tmp_path, "print(args())", "--", "a", "-b").stdout.startswith("[a, -b]\n")


def test_a_function_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    result = jit(tmp_path, HOT, "--function", "absent")
    assert (result.stdout, result.exit_code) == ("", 2)
    assert "the program has no function named 'absent'" in result.stderr


def test_a_faulty_program_is_reported_as_check_reports_it(tmp_path: Path) -> None:
    result = jit(tmp_path, "break\n")
    assert result == rufflang("check", "program.ruff", folder=tmp_path)
    assert result.exit_code == 4


def test_float_arguments_that_are_stored_do_not_keep_a_function_from_being_compiled(tmp_path: Path) -> None:
    program = """\
func pair(xs, dt) { for i in 2 { xs[i] := dt }; return push(xs, dt) }
for i in range(200) { pair([0.0, 0.0], 0.5) }
"""
    function = section(jit(tmp_path, program, "--show", "facts").stdout, "function pair")
    assert function.startswith("function pair (line 1): compiled")
    assert "array 0, float 1)" in function
