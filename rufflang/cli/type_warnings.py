"""The advisory type warnings as a command shows them, on standard error, whatever becomes of the program."""

from __future__ import annotations

import sys

from rufflang.advice.running import UNDEFINED, suggestion
from rufflang.checker import Finding, check_types
from rufflang.cli.bytecode_of import library_table
from rufflang.cli.front_end import LoadedProgram
from rufflang.modules.loader import ModuleLoader
from rufflang.syntax import Source, parse
from rufflang.syntax.ast import Program
from rufflang.syntax.diagnostics import printable


def print_type_warnings(loaded: LoadedProgram) -> None:
    """Check the types of a program and print what was found, nothing if nothing was."""
    table = library_table()
    names = frozenset([*table.numbers, *table.constants])
    found = check_types(loaded.program, names, _ModuleTrees(loaded.source.name).find)
    if found:
        print(render_type_warnings(found, loaded.source), file=sys.stderr)


class _ModuleTrees:
    """Finds modules as the program would, and parses them; none is run."""

    def __init__(self, entry: str) -> None:
        self._loader: ModuleLoader[None] = ModuleLoader(entry)

    def find(self, name: str) -> Program | None:
        """The tree of a module; None when there is no such module or it does not parse."""
        found = self._loader.look_at(name)
        return None if found is None else parse(found[1]).program


def render_type_warnings(found: list[Finding], source: Source) -> str:
    """A heading and a block for each warning, with an empty line at the end."""
    lines = ["Type checking warnings:"]
    for finding in found:
        lines.append(f"  [RUFRUN001] [runtime] {finding.kind}: {finding.message}")
        lines.append(f"  --> {source.name}:{finding.span.line}:{finding.span.column}")
        if finding.hint is not None:
            lines.append(f"   = help: {finding.hint}")
        if finding.unknown_name and (name := suggestion(UNDEFINED + finding.unknown_name, source)):
            lines.append(f"   = Did you mean '{name}'?")
    return printable("\n".join([*lines, ""]))
