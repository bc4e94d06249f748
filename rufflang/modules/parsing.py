"""From a module's text to a tree that may be run, with the messages of a module that has none."""

from __future__ import annotations

from rufflang.modules.failures import EvaluationFailure, ModuleFailure, origin_in

# Type checkers take this for true; the parser is imported only for modules that have to be parsed.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.syntax import Diagnostic, Source
    from rufflang.syntax.ast import Program


def checked_module(name: str, source: Source) -> Program:
    """The tree of the module called `name`.

    Raises ModuleFailure when its text is no program, and EvaluationFailure when the static checks
    find something.
    """
    from rufflang.syntax import check_program, parse

    result = parse(source)
    if result.program is None:
        raise ModuleFailure(_syntax_message(name, result.diagnostics[0]))
    errors = check_program(result.program)
    if errors:
        message = errors[0].message.removeprefix("Compilation error: ")
        raise EvaluationFailure(message, origin_in(source, errors[0].span))
    return result.program


def exports_in(source: Source) -> tuple[str, ...] | None:
    """The names that a module with this text exports; None when it does not parse."""
    from rufflang.syntax import parse
    from rufflang.syntax.exports import exported_names

    program = parse(source).program
    return None if program is None else exported_names(program)


def _syntax_message(name: str, diagnostic: Diagnostic) -> str:
    action = "tokenize" if diagnostic.subsystem == "lexer" else "parse"
    span = diagnostic.span
    place = "0:0" if span is None else f"{span.line}:{span.column}"
    return f"Failed to {action} module '{name}': {place}: {diagnostic.message}"
