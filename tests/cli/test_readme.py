"""The README shows what really happens."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli.command import PROJECT, rufflang, write_program

README = (PROJECT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_taste_of_the_language_prints_what_is_shown_below_it(tmp_path: Path) -> None:
    write_program(tmp_path, blocks("ruff")[0])
    result = rufflang("run", "program.ruff", folder=tmp_path)
    assert (result.stdout, result.stderr, result.exit_code) == (blocks("text")[0], "", 0)


def test_the_uncaught_error_looks_as_shown(tmp_path: Path) -> None:
    program = 'func inner(d) {\n    return d["k"]\n}\nfunc outer() {\n    return inner({})\n}\nouter()\n'
    write_program(tmp_path, program, "crash.ruff")
    assert rufflang("run", "crash.ruff", folder=tmp_path).stderr == blocks("text")[1]


def test_every_command_and_file_that_is_mentioned_exists() -> None:
    for command in set(re.findall(r"`rufflang (\w+)", README)):
        assert rufflang(command, "--help").exit_code == 0
    for path in re.findall(r"\]\(([^):#]+)\)", README):
        assert (PROJECT / path).exists(), path
