"""`rufflang disasm`: the bytecode of a program, for people to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import rufflang, write_program

PROGRAM = 'func twice(x) { return x + x }\nprint(twice(2))\nitems := [1, 2]\nprint(len(items), "done")\n'


def test_every_function_is_listed_with_names_of_what_it_uses(tmp_path: Path) -> None:
    write_program(tmp_path, PROGRAM)
    result = rufflang("disasm", "program.ruff", folder=tmp_path)
    assert (result.stderr, result.exit_code) == ("", 0)
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines[0].startswith("<top level>: 0 parameters, ")
    assert "0 1 MAKE_FUNCTION r0, <twice>" in lines
    assert any("CALL_BUILTIN" in line and "builtin print," in line for line in lines)
    assert any("LOAD_CONST" in line and "'done'" in line for line in lines)
    function = lines[lines.index(next(line for line in lines if line.startswith("twice: "))) :]
    assert function[1].split(" ", 3)[2:] == ["ADD", "r1, r0, r0"]


def test_the_program_is_not_run(tmp_path: Path) -> None:
    write_program(tmp_path, 'eprint("running")\nexit(9)\n')
    result = rufflang("disasm", "program.ruff", folder=tmp_path)
    assert (result.stderr, result.exit_code) == ("", 0)


@pytest.mark.parametrize(
    "program", ["print((1 + 2)\n", "print(1)\nbreak\n", 'x := "a\n'], ids=["parse", "static", "lexical"]
)
def test_a_faulty_program_is_reported_as_check_reports_it(tmp_path: Path, program: str) -> None:
    write_program(tmp_path, program)
    expected = rufflang("check", "program.ruff", folder=tmp_path)
    assert expected.exit_code in (3, 4)
    assert rufflang("disasm", "program.ruff", folder=tmp_path) == expected


def test_a_missing_file_is_an_input_failure(tmp_path: Path) -> None:
    result = rufflang("disasm", "absent.ruff", folder=tmp_path)
    assert result.exit_code == 5
    assert "Failed to read .ruff file 'absent.ruff': " in result.stderr


def test_exactly_one_file_is_expected(tmp_path: Path) -> None:
    assert rufflang("disasm", folder=tmp_path).exit_code == 2
    assert rufflang("disasm", "a.ruff", "b.ruff", folder=tmp_path).exit_code == 2
