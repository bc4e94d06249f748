"""From a checked program to its bytecode, for the commands that look at it without running it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rufflang.bytecode.chunk import Chunk, Unit, all_chunks
from rufflang.bytecode.compiler import compile_program
from rufflang.bytecode.encoding import instruction_length, unpack
from rufflang.bytecode.errors import CompileError
from rufflang.bytecode.opcodes import BY_NAME
from rufflang.bytecode.prelude import BuiltinTable
from rufflang.cli.failures import CommandFailure, ExitCode
from rufflang.cli.front_end import LoadedProgram, compilation_failure, render_all
from rufflang.modules.loader import ModuleLoader
from rufflang.modules.parsing import exports_in
from rufflang.runtime.builtins.registry import builtin_rows
from rufflang.stdlib.builtin_table import builtin_table


def bytecode_of(loaded: LoadedProgram) -> tuple[Unit, BuiltinTable]:
    """The bytecode of a program, and the table of builtins by which its numbers can be read.

    Raises CommandFailure when the program has static errors or cannot be compiled.
    """
    if loaded.static_errors:
        raise CommandFailure(ExitCode.RUNTIME, render_all(loaded.static_errors, loaded.source))
    table = library_table()
    try:
        return compile_program(loaded.program, loaded.source, table, exports_of=_exports_of(loaded)), table
    except CompileError as error:
        raise compilation_failure(error, loaded.source) from None


def library_table() -> BuiltinTable:
    """The table of builtins: every name that is bound without a program's doing."""
    return builtin_table(builtin_rows())


def _exports_of(loaded: LoadedProgram) -> Callable[[str], tuple[str, ...] | None]:
    """What modules export, as the program would find them; none is run."""

    loader: ModuleLoader[None] = ModuleLoader(loaded.source.name)

    def exports_of(name: str) -> tuple[str, ...] | None:
        found = loader.look_at(name)
        return None if found is None else exports_in(found[1])

    return exports_of


def imports_modules(unit: Unit) -> bool:
    """Whether functions of other files may take part in the program."""
    return any(number == BY_NAME["IMPORT"].number for chunk in all_chunks(unit.main) for number in _opcodes(chunk))


def instruction_count(unit: Unit) -> int:
    """The number of instructions in all chunks of a unit."""
    return sum(1 for chunk in all_chunks(unit.main) for _ in _opcodes(chunk))


def _opcodes(chunk: Chunk) -> Iterator[int]:
    """The number of each instruction's opcode."""
    position = 0
    while position < len(chunk.code):
        yield unpack(chunk.code[position]).number
        position += instruction_length(chunk.code[position])
