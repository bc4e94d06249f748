"""How an error that ends a program is shown: to people on standard error, to tools as JSON."""

from __future__ import annotations

from rufflang.advice.running import advise
from rufflang.cli.failures import ExitCode
from rufflang.cli.outcomes import ErrorReport
from rufflang.syntax import Diagnostic, Source, Span
from rufflang.syntax.diagnostics import excerpt_lines, printable, to_json_object

# A deep stack is shown from both ends.
_INNERMOST, _OUTERMOST = 20, 5

CONTRACT_VERSION = "1.0.0-draft"


def render_runtime_error(error: ErrorReport, source: Source) -> str:
    """The human form of an uncaught error: message, place, excerpt of the source, call stack."""
    advice = advise(error, source)
    span = advice.span or error.span or Span(0, 1, error.line, error.column)
    lines = [
        f"[RUFVM001] [vm] Runtime Error: {error.message}",
        f"  --> {source.name}:{span.line}:{span.column}",
    ]
    if source.line(span.line):
        lines.extend(excerpt_lines(span if span.column else _whole_line(span.line, source), source))
    lines.extend(advice.lines())
    if error.call_stack:
        lines.extend(("", "Call stack:", *_stack_lines(error.call_stack)))
    return printable("\n".join(lines))


def _whole_line(number: int, source: Source) -> Span:
    """The text of a line, without the white space around it."""
    text = source.line(number)
    return Span(0, len(text.strip()), number, len(text) - len(text.lstrip()) + 1)


def _stack_lines(call_stack: list[str]) -> list[str]:
    """A line for each call, innermost first; those in the middle of many are only counted."""
    lines = [f"  {depth} at {name}" for depth, name in enumerate(reversed(call_stack))]
    hidden = len(lines) - _INNERMOST - _OUTERMOST
    if hidden < 2:
        return lines
    return [*lines[:_INNERMOST], f"  … {hidden:,} more …", *lines[-_OUTERMOST:]]


def runtime_error_json(error: ErrorReport, source: Source) -> str:
    """The machine-readable form of an uncaught error."""
    advice = advise(error, source)
    span = advice.span or Span(0, 1, error.line, error.column)
    described = to_json_object(Diagnostic("RUFVM001", "vm", error.message, span, advice.help), source)
    return _envelope(described, {"runtime_kind": "Runtime Error", "call_stack": list(error.call_stack)})


def static_error_json(diagnostic: Diagnostic, source: Source) -> str:
    """The machine-readable form of an error found by the static checks."""
    return _envelope(to_json_object(diagnostic, source), {})


def _envelope(diagnostic: dict[str, str | int | None], details: dict[str, object]) -> str:
    import json

    report: dict[str, object] = {
        "command": "run",
        "status": "error",
        "kind": "runtime_diagnostic",
        "contract_version": CONTRACT_VERSION,
        "exit_code": ExitCode.RUNTIME,
        "diagnostic": diagnostic,
        **details,
    }
    return json.dumps(report, indent=2, sort_keys=True, ensure_ascii=False)
