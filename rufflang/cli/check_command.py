"""`rufflang check`: parse a program and apply the static checks, without running it."""

from __future__ import annotations

from rufflang.cli.arguments import Arguments, Command, Option, UsageError
from rufflang.cli.failures import ExitCode
from rufflang.cli.front_end import load_program

COMMAND = Command(
    "check",
    "FILE [-q | -v] [--json] [--types]",
    "Check a program without running it.",
    (
        Option(("--quiet", "-q"), "print nothing when the check passes"),
        Option(("--verbose", "-v"), "print the size of the program too"),
        Option(("--json",), "print the result as JSON"),
        Option(("--types",), "warn about types that do not fit; they do not change the result"),
    ),
)


def perform(arguments: Arguments) -> int:
    """Check the program that the command line names; the result is the exit code."""
    if "--quiet" in arguments and "--verbose" in arguments:
        raise UsageError("--quiet and --verbose exclude each other")
    if len(arguments.operands) != 1:
        raise UsageError("no FILE given" if not arguments.operands else "more than one FILE given")
    path = arguments.operands[0]
    loaded = load_program(path)
    # A program that does not parse is reported without waiting for the compiler to be imported.
    from rufflang.cli.bytecode_of import bytecode_of, instruction_count

    unit, _ = bytecode_of(loaded)
    if "--types" in arguments:
        from rufflang.cli.type_warnings import print_type_warnings

        print_type_warnings(loaded)
    statements, instructions = len(loaded.program.statements), instruction_count(unit)
    if "--json" in arguments:
        print(_as_json(path, statements, instructions))
    elif "--quiet" not in arguments:
        size = f" (statements={statements}, bytecode_instructions={instructions})"
        print(f"check passed: {path}{size if '--verbose' in arguments else ''}")
    return ExitCode.SUCCESS


def _as_json(path: str, statements: int, instructions: int) -> str:
    import json

    result = {
        "command": "check",
        "file": path,
        "status": "ok",
        "statement_count": statements,
        "bytecode_instruction_count": instructions,
    }
    return json.dumps(result, indent=2, ensure_ascii=False)
