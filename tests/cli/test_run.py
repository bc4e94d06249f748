"""`rufflang run`: what a program prints, how its failures are shown, and the exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.command import PROJECT, environment, rufflang, write_program


@contextmanager
def started_program(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A running `program.ruff`, which is stopped for certain at the end."""
    command = [sys.executable, "-m", "rufflang", "run", "program.ruff"]
    with subprocess.Popen(
        command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_program_prints_to_standard_output_and_succeeds(tmp_path: Path) -> None:
    write_program(tmp_path, 'print("héllo ☕")\neprint("aside")')
    result = rufflang("run", "program.ruff", folder=tmp_path)
    assert (result.stdout, result.stderr, result.exit_code) == ("héllo ☕\n", "aside\n", 0)


def test_the_example_that_gets_hot_prints_its_count() -> None:
    result = rufflang("run", "examples/function_jit.ruff")
    assert result.stderr == ""
    assert result.stdout == (
        "Final result: 150\nFunction called 150 times - should have triggered JIT compilation\n"
    )


def test_the_output_is_utf8_whatever_the_locale_says(tmp_path: Path) -> None:
    write_program(tmp_path, 'print("☕")\nthrow("é")')
    result = rufflang(
        "run", "program.ruff", folder=tmp_path, variables={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    )
    assert result.stdout == "☕\n"
    assert "Runtime Error: é\n" in result.stderr


def test_a_program_reads_standard_input(tmp_path: Path) -> None:
    write_program(tmp_path, 'print("got " + input())')
    assert rufflang("run", "program.ruff", folder=tmp_path, stdin="é\n").stdout == "got é\n"


def test_an_uncaught_error_shows_its_place_an_excerpt_and_the_call_stack(tmp_path: Path) -> None:
    write_program(
        tmp_path,
        'func inner(d) {\n\treturn d["k"]\n}\nfunc outer() { return inner({}) }\nprint("before")\nouter()\n',
        "crash.ruff",
    )
    result = rufflang("run", "crash.ruff", folder=tmp_path)
    assert result.exit_code == 4
    assert result.stdout == "before\n"
    lines = result.stderr.splitlines()
    assert lines[0] == '[RUFVM001] [vm] Runtime Error: Missing map key: "k"'
    assert lines[1].startswith("  --> crash.ruff:2:")
    assert lines[2] == "   |"
    assert lines[3] == ' 2 | \treturn d["k"]'
    assert lines[4].startswith("   | \t") and lines[4].rstrip("^") != lines[4]
    assert lines[5] == "   |"
    assert lines[6:] == ["", "Call stack:", "  0 at inner", "  1 at outer"]


def test_an_error_at_the_top_level_has_no_call_stack(tmp_path: Path) -> None:
    write_program(tmp_path, "x := 1 / 0")
    result = rufflang("run", "program.ruff", folder=tmp_path)
    assert result.stderr.startswith("[RUFVM001] [vm] Runtime Error: Division by zero\n  --> program.ruff:1:")
    assert "Call stack" not in result.stderr


def test_an_error_with_nothing_but_a_line_has_all_of_the_line_marked(tmp_path: Path) -> None:
    text = 'if true {\n    print("made here") \n}\nthrow(Error { message: "by hand", line: 2 })\n'
    write_program(tmp_path, text)
    result = rufflang("run", "program.ruff", folder=tmp_path)
    assert result.stderr.splitlines()[1:6] == [
        "  --> program.ruff:2:0",
        "   |",
        ' 2 |     print("made here")',
        "   |     ^^^^^^^^^^^^^^^^^^",
        "   |",
    ]


def test_the_place_uses_the_path_as_given(tmp_path: Path) -> None:
    write_program(tmp_path, "nobody")
    result = rufflang("run", str(tmp_path / "program.ruff"))
    assert f"  --> {tmp_path / 'program.ruff'}:1:1\n" in result.stderr


def test_runtime_errors_as_json_leave_standard_error_silent(tmp_path: Path) -> None:
    write_program(tmp_path, 'func f() {\n    throw("é")\n}\nprint("before")\nf()')
    result = rufflang("run", "program.ruff", "--json-runtime-diagnostics", folder=tmp_path)
    assert result.exit_code == 4
    assert result.stderr == ""
    first, _, envelope = result.stdout.partition("\n")
    assert first == "before"
    column = json.loads(envelope)["diagnostic"]["column"]
    assert column >= 5
    assert envelope == (
        '{\n  "call_stack": [\n    "f"\n  ],\n  "command": "run",\n'
        '  "contract_version": "1.0.0-draft",\n  "diagnostic": {\n    "code": "RUFVM001",\n'
        f'    "column": {column},\n    "file": "program.ruff",\n    "help": null,\n    "line": 2,\n'
        '    "message": "é",\n    "severity": "error",\n    "subsystem": "vm"\n  },\n'
        '  "exit_code": 4,\n  "kind": "runtime_diagnostic",\n  "runtime_kind": "Runtime Error",\n'
        '  "status": "error"\n}\n'
    )


def test_a_static_error_as_json_has_no_call_stack(tmp_path: Path) -> None:
    write_program(tmp_path, 'print("never")\nbreak')
    result = rufflang("run", "program.ruff", "--json-runtime-diagnostics", folder=tmp_path)
    report = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (4, "")
    assert "call_stack" not in report and "runtime_kind" not in report
    assert report["diagnostic"]["message"] == "Compilation error: break can only be used inside a loop"
    assert report["diagnostic"]["line"] == 2


def test_parse_errors_stay_human_text_even_when_json_is_asked_for(tmp_path: Path) -> None:
    write_program(tmp_path, "let := 1")
    result = rufflang("run", "program.ruff", "--json-runtime-diagnostics", folder=tmp_path)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("[RUFPARSE001] [parser] error: ")


def test_a_missing_file_is_an_input_failure(tmp_path: Path) -> None:
    result = rufflang("run", "absent.ruff", folder=tmp_path)
    assert result.exit_code == 5
    assert result.stderr == (
        "[RUFCLI001] [cli] error: Failed to read .ruff file 'absent.ruff': "
        "No such file or directory (os error 2)\n"
    )


def test_a_folder_is_an_input_failure(tmp_path: Path) -> None:
    result = rufflang("run", ".", folder=tmp_path)
    assert result.exit_code == 5
    assert result.stderr.startswith("[RUFCLI001] [cli] error: Failed to read .ruff file '.': Is a directory")


def test_a_file_that_is_not_utf8_is_an_input_failure(tmp_path: Path) -> None:
    (tmp_path / "latin.ruff").write_bytes(b'print("\xe9")\n')
    result = rufflang("run", "latin.ruff", folder=tmp_path)
    assert result.exit_code == 5
    assert result.stderr.startswith("[RUFCLI001] [cli] error: Failed to read .ruff file 'latin.ruff': ")


def test_the_largest_source_is_accepted_and_one_byte_more_is_not(tmp_path: Path) -> None:
    program = 'print("fits")\n'
    write_program(tmp_path, program + "#" * (1_048_576 - len(program)))
    assert rufflang("run", "program.ruff", folder=tmp_path).stdout == "fits\n"
    write_program(tmp_path, program + "#" * (1_048_577 - len(program)))
    result = rufflang("run", "program.ruff", folder=tmp_path)
    assert (result.stdout, result.exit_code) == ("", 3)
    assert result.stderr == (
        "[RUFPARSE001] [parser] error: Source size 1048577 bytes exceeds maximum allowed 1048576 bytes\n"
        "  --> program.ruff:1:1\n"
        "  = help: Fix the parse error and rerun Ruff.\n"
    )


def test_a_byte_order_mark_is_an_invalid_character(tmp_path: Path) -> None:
    (tmp_path / "bom.ruff").write_bytes(b"\xef\xbb\xbfprint(1)\n")
    result = rufflang("run", "bom.ruff", folder=tmp_path)
    assert result.exit_code == 3
    assert result.stderr.startswith("[RUFLEX001] [lexer] error: Invalid character: ")


@pytest.mark.parametrize(("code", "expected"), [("0", 0), ("7", 7), ("255", 255)])
def test_exit_decides_the_exit_code(tmp_path: Path, code: str, expected: int) -> None:
    write_program(tmp_path, f'print("bye")\nexit({code})')
    result = rufflang("run", "program.ruff", folder=tmp_path)
    assert (result.stdout, result.stderr, result.exit_code) == ("bye\n", "", expected)


def test_the_depth_limit_can_be_lowered(tmp_path: Path) -> None:
    write_program(tmp_path, "func f(n) { return f(n + 1) }\nf(0)")
    result = rufflang("run", "program.ruff", "--max-depth", "50", folder=tmp_path)
    assert result.exit_code == 4
    assert "Maximum VM call stack depth of 50 exceeded while calling f\n" in result.stderr


def test_a_fault_of_the_implementation_is_one_message_and_never_a_traceback(tmp_path: Path) -> None:
    write_program(tmp_path, "print(1)")
    (tmp_path / "sitecustomize.py").write_text(
        "import rufflang.cli.run_command as command\n"
        "def broken(*arguments):\n    raise RuntimeError('the engine fell over')\n"
        "command._run_known = broken\n"
    )
    search_path = f"{tmp_path}{os.pathsep}{PROJECT}"
    result = rufflang("run", "program.ruff", folder=tmp_path, variables={"PYTHONPATH": search_path})
    assert result.exit_code == 6
    assert result.stderr == (
        "[RUFCLI001] [cli] error: internal failure: RuntimeError: the engine fell over\n"
    )
    variables = {"PYTHONPATH": search_path, "RUFFLANG_TRACEBACK": "1"}
    assert "Traceback" in rufflang("run", "program.ruff", folder=tmp_path, variables=variables).stderr


def test_an_interruption_ends_the_program_with_130(tmp_path: Path) -> None:
    write_program(tmp_path, 'print("started")\neprint("ready")\nwhile true { }')
    with started_program(tmp_path) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stderr.readline() == b"ready\n"
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    assert stdout == b"started\n"
    assert stderr == b"Interrupted\n"


def test_a_reader_that_leaves_early_causes_no_noise(tmp_path: Path) -> None:
    write_program(tmp_path, 'while true { print("line") }')
    with started_program(tmp_path) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == b"line\n"
        process.stdout.close()
        assert process.wait(timeout=20) == 5
        assert process.stderr.read() == b""


@pytest.mark.parametrize(
    ("program", "suggestion"),
    [
        ("counter := 1\nprint(countr)", "   = Did you mean 'counter'?\n"),
        ("prnt(1)", "   = Did you mean 'print'?\n"),
        ("func handle_all() { return 1 }\nhandel_all()", "   = Did you mean 'handle_all'?\n"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest_known_one(
    tmp_path: Path, program: str, suggestion: str
) -> None:
    write_program(tmp_path, program)
    assert suggestion in rufflang("run", "program.ruff", folder=tmp_path).stderr


@pytest.mark.parametrize(
    "program", ["x := 1\ny", "completely_unknown_name", "counter := 1\nprint(counter.size)"]
)
def test_no_suggestion_is_made_when_nothing_is_similar_or_no_name_is_missing(
    tmp_path: Path, program: str
) -> None:
    write_program(tmp_path, program)
    result = rufflang("run", "program.ruff", folder=tmp_path)
    assert result.exit_code == 4
    assert "Did you mean" not in result.stderr
