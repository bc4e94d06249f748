"""`rufflang check`: judging a program without running it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.cli.command import TIME_LIMIT_SECONDS, environment, rufflang, write_program


def test_a_good_program_passes_and_is_not_run(tmp_path: Path) -> None:
    write_program(tmp_path, 'print("never")\nundefined_name\n')
    result = rufflang("check", "program.ruff", folder=tmp_path)
    assert (result.stdout, result.stderr, result.exit_code) == ("check passed: program.ruff\n", "", 0)


def test_quiet_prints_nothing(tmp_path: Path) -> None:
    write_program(tmp_path, "x := 1")
    for flag in ("-q", "--quiet"):
        result = rufflang("check", "program.ruff", flag, folder=tmp_path)
        assert (result.stdout, result.stderr, result.exit_code) == ("", "", 0)


def test_verbose_counts_statements_and_instructions(tmp_path: Path) -> None:
    write_program(tmp_path, "x := 1\nif x { print(x); print(x) }\nprint(x)")
    for flag in ("-v", "--verbose"):
        result = rufflang("check", flag, "program.ruff", folder=tmp_path)
        listing = rufflang("disasm", "program.ruff", folder=tmp_path).stdout.splitlines()
        instructions = sum(line.startswith("  ") for line in listing)
        size = f"(statements=3, bytecode_instructions={instructions})"
        assert result.stdout == f"check passed: program.ruff {size}\n"
        assert instructions > 3


def test_json_describes_the_program(tmp_path: Path) -> None:
    write_program(tmp_path, "x := 1\ny := 2")
    result = rufflang("check", "program.ruff", "--json", folder=tmp_path)
    report = json.loads(result.stdout)
    assert report.pop("bytecode_instruction_count") >= 2
    assert report == {"command": "check", "file": "program.ruff", "status": "ok", "statement_count": 2}
    assert result.stdout.startswith('{\n  "command": "check",\n')


def test_a_parse_error_is_reported_with_exit_code_3_also_with_json(tmp_path: Path) -> None:
    write_program(tmp_path, "print((1 + 2)\n")
    result = rufflang("check", "program.ruff", "--json", folder=tmp_path)
    assert (result.stdout, result.exit_code) == ("", 3)
    assert result.stderr == (
        "[RUFPARSE001] [parser] error: Expected ')' to close function call arguments but found Eof\n"
        "  --> program.ruff:2:1\n"
        "  = help: Fix the parse error and rerun Ruff.\n"
    )


def test_a_static_error_is_reported_with_exit_code_4(tmp_path: Path) -> None:
    write_program(tmp_path, "print(1)\nbreak\n")
    result = rufflang("check", "program.ruff", folder=tmp_path)
    assert (result.stdout, result.exit_code) == ("", 4)
    assert result.stderr.startswith(
        "[RUFVM001] [vm] error: Compilation error: break can only be used inside a loop\n"
    )


def test_a_missing_file_is_an_input_failure(tmp_path: Path) -> None:
    result = rufflang("check", "absent.ruff", folder=tmp_path)
    assert result.exit_code == 5
    assert "Failed to read .ruff file 'absent.ruff': " in result.stderr


def test_a_program_too_large_for_bytecode_is_reported_like_a_static_error(tmp_path: Path) -> None:
    write_program(tmp_path, 'print("start")\nprint(' + "1," * 70_000 + "1)\n")
    result = rufflang("check", "program.ruff", folder=tmp_path)
    assert (result.stdout, result.exit_code) == ("", 4)
    assert result.stderr.startswith(
        "[RUFVM001] [vm] error: Compilation error: function too large\n  --> program.ruff:2:131079\n"
    )
    assert rufflang("run", "program.ruff", folder=tmp_path) == result


WARNINGS = """\
Type checking warnings:
  [RUFRUN001] [runtime] Type Error: Type mismatch: variable 'x' declared as Int but assigned String
  --> program.ruff:1:1
   = help: Remove the annotation or convert the value
  [RUFRUN001] [runtime] Undefined Function: Undefined function 'pritn'
  --> program.ruff:2:8
   = Did you mean 'print'?

"""


def test_type_warnings_are_printed_when_asked_for_and_change_nothing(tmp_path: Path) -> None:
    write_program(tmp_path, 'let x: int := "s"\nif 0 { pritn(x) }')
    silent = rufflang("check", "program.ruff", folder=tmp_path)
    assert (silent.stdout, silent.stderr, silent.exit_code) == ("check passed: program.ruff\n", "", 0)
    warned = rufflang("check", "program.ruff", "--types", folder=tmp_path)
    assert (warned.stdout, warned.stderr, warned.exit_code) == ("check passed: program.ruff\n", WARNINGS, 0)


def test_a_program_whose_types_fit_causes_no_type_warning(tmp_path: Path) -> None:
    write_program(tmp_path, "let x: float := 1")
    assert rufflang("check", "program.ruff", "--types", folder=tmp_path).stderr == ""


def test_type_warnings_know_the_functions_of_modules_and_builtins(tmp_path: Path) -> None:
    write_program(tmp_path, "export func half(x: float) -> float { return x / 2 }", "maths.ruff")
    write_program(tmp_path, 'from maths import half\nprint(upper("a"), map([PI], floor))\nhalf("s")')
    result = rufflang("check", "program.ruff", "--types", "-q", folder=tmp_path)
    assert result.stdout == ""
    assert result.stderr.splitlines()[1:3] == [
        "  [RUFRUN001] [runtime] Type Error: Function 'half' parameter 1 expects Float but got String",
        "  --> program.ruff:3:6",
    ]


def test_run_with_the_simplest_engine_warns_about_types_first(tmp_path: Path) -> None:
    write_program(tmp_path, 'let x: int := "s"\neprint("running")\nif 0 { pritn(x) }')
    result = rufflang("run", "program.ruff", "--interpreter", folder=tmp_path)
    expected = WARNINGS.replace(":2:8", ":3:8") + "running\n"
    assert (result.stdout, result.stderr, result.exit_code) == ("", expected, 0)
    assert rufflang("run", "program.ruff", "--engine", "reference", folder=tmp_path).stderr == "running\n"
    as_json = rufflang("run", "program.ruff", "--interpreter", "--json-runtime-diagnostics", folder=tmp_path)
    assert as_json.stderr == "running\n"


def test_a_terminal_also_shows_the_line_of_a_parse_error(tmp_path: Path) -> None:
    name = write_program(tmp_path, "a := 12px\n")
    ours, theirs = os.openpty()
    try:
        subprocess.run(
            [sys.executable, "-m", "rufflang", "check", name],
            cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=theirs, timeout=TIME_LIMIT_SECONDS, env=environment(),
        )  # fmt: skip
        shown = os.read(ours, 10_000).decode().replace("\r\n", "\n")
    finally:
        os.close(ours)
        os.close(theirs)
    assert shown == (
        "[RUFLEX007] [lexer] error: Malformed numeric literal: 12px\n"
        "  --> program.ruff:1:6\n"
        "   |\n"
        " 1 | a := 12px\n"
        "   |      ^^^^\n"
        "   |\n"
        "  = help: Fix the lexical error in source and run again.\n"
    )
