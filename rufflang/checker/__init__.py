"""The advisory type checker: what annotations and literals say that cannot all be true.

    for finding in check_types(program, builtins, find_module):
        print(finding.span.line, finding.message)

Annotations mean nothing at run time, so nothing here stops a program.  The checker speaks only of what it
knows for certain, taking annotations at their word: whatever it has doubts about is of type `ANY`, which
fits everywhere.  It imports only `syntax`; the names of builtins and the way to find modules are given to it.
"""

from __future__ import annotations

from collections.abc import Container

from rufflang.checker.bindings import FileNames, ModuleFinder
from rufflang.checker.findings import Finding
from rufflang.checker.statements import FileChecker
from rufflang.syntax import ast
from rufflang.syntax.recursion import deep_recursion

__all__ = ["Finding", "ModuleFinder", "check_types"]


def check_types(program: ast.Program, builtins: Container[str], find_module: ModuleFinder) -> list[Finding]:
    """The type warnings about a checked program, in order of place.

    Args:
        program: the tree.
        builtins: the names that are bound everywhere.
        find_module: gives the tree of a module, for the signatures of what is imported.
    """
    with deep_recursion:
        checker = FileChecker(FileNames(program, find_module), builtins)
        checker.file(program)
    return sorted(checker.findings, key=lambda finding: finding.span.start)
