"""How an error that ends a program is shown: to people on standard error, to tools as JSON."""

from __future__ import annotations

from rufflang.cli.execution import ErrorReport
from rufflang.cli.failures import ExitCode
from rufflang.diagnose import suggestion
from rufflang.syntax import Diagnostic, Source, Span
from rufflang.syntax.diagnostics import excerpt_lines, printable, to_json_object

CONTRACT_VERSION = "1.0.0-draft"


def render_runtime_error(error: ErrorReport, source: Source) -> str:
    """The human form of an uncaught error: message, place, excerpt of the source, call stack."""
    lines = [
        f"[RUFVM001] [vm] Runtime Error: {error.message}",
        f"  --> {source.name}:{error.line}:{error.column}",
    ]
    if error.line > 0:
        span = error.span or Span(0, 1, error.line, max(error.column, 1))
        lines.extend(excerpt_lines(span, source))
    if suggested := suggestion(error.message, source):
        lines.append(f"   = Did you mean '{suggested}'?")
    if error.call_stack:
        lines.extend(("", "Call stack:"))
        lines.extend(f"  {depth} at {name}" for depth, name in enumerate(reversed(error.call_stack)))
    return printable("\n".join(lines))


def runtime_error_json(error: ErrorReport, source: Source) -> str:
    """The machine-readable form of an uncaught error."""
    diagnostic = Diagnostic("RUFVM001", "vm", error.message, error.span, None)
    described = to_json_object(diagnostic, source)
    described["line"], described["column"] = error.line, error.column
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
