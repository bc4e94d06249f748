"""Checking a text the way the tests want it."""

from __future__ import annotations

from rufflang.checker import Finding, check_types
from rufflang.syntax import Source, check_program, parse

BUILTINS = frozenset({"print", "len", "to_string", "push", "PI"})


def check(text: str, **modules: str) -> list[Finding]:
    """What the checker finds in a program; `modules` are the texts of modules it may import."""
    program = parse(Source("program.ruff", text)).program
    assert program is not None and not check_program(program), text
    trees = {name: parse(Source(name, module)).program for name, module in modules.items()}
    return check_types(program, BUILTINS, trees.get)


def messages(text: str, **modules: str) -> list[str]:
    """The messages alone."""
    return [finding.message for finding in check(text, **modules)]
