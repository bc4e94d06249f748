"""`rufflang disasm`: show the bytecode of a program, without running it."""

from __future__ import annotations

from rufflang.bytecode.disassembler import disassemble
from rufflang.cli.arguments import Arguments, Command, UsageError
from rufflang.cli.bytecode_of import bytecode_of
from rufflang.cli.failures import ExitCode
from rufflang.cli.front_end import load_program

COMMAND = Command(
    "disasm",
    "FILE",
    "Show a program's bytecode without running it.",
    (),
    "Each line shows an instruction's position, its source line, its name and its operands:\n"
    "rN is a register, ->N a jump target, 'text' a constant.",
)


def perform(arguments: Arguments) -> int:
    """Print the bytecode of the program that the command line names; the result is the exit code."""
    if len(arguments.operands) != 1:
        raise UsageError("no FILE given" if not arguments.operands else "more than one FILE given")
    unit, builtins = bytecode_of(load_program(arguments.operands[0]))
    print(disassemble(unit, builtins), end="")
    return ExitCode.SUCCESS
