"""Diagnostics: what is wrong with a program, where, and how that is shown.

The lexer, the parser and the static checks all report through `Diagnostic`; the
command line, the editor server and the host API turn it into text with `render` or
into a JSON object with `to_json_object`.
"""

from __future__ import annotations

from rufflang.records import Record
from rufflang.source import Source
from rufflang.syntax.spans import Span

LEXER_HELP = "Fix the lexical error in source and run again."
PARSER_HELP = "Fix the parse error and rerun Ruff."

# An excerpt shows at most this many characters around the complaint: a program may be one line of a megabyte.
EXCERPT_WIDTH = 160
EXCERPT_LEAD = 80


class Diagnostic(Record):
    """One complaint; `span` is None when no place is known."""

    code: str
    subsystem: str
    message: str
    span: Span | None
    help: str | None
    severity: str = "error"


def lexer_error(code: str, message: str, span: Span) -> Diagnostic:
    """A lexical error with its fixed subsystem and help."""
    return Diagnostic(code, "lexer", message, span, LEXER_HELP)


def parser_error(message: str, span: Span) -> Diagnostic:
    """A parse error with its fixed code, subsystem and help."""
    return Diagnostic("RUFPARSE001", "parser", message, span, PARSER_HELP)


def static_error(message: str, span: Span) -> Diagnostic:
    """An error of the static checks, which run after parsing."""
    return Diagnostic("RUFVM001", "vm", f"Compilation error: {message}", span, None)


def render(diagnostic: Diagnostic, source: Source, excerpt: bool = True) -> str:
    """The human form of a diagnostic, lines joined by line ends, without a final one.

    Args:
        diagnostic: what to show.
        source: the text it is about; gives the file name and the excerpt.
        excerpt: whether to show the source line with the place marked under it.

    Returns:
        The text; lone surrogates in it are replaced by escapes, so that it can always
        be written.
    """
    lines = [f"[{diagnostic.code}] [{diagnostic.subsystem}] {diagnostic.severity}: {diagnostic.message}"]
    span = diagnostic.span
    if span is not None:
        lines.append(f"  --> {source.name}:{span.line}:{span.column}")
        if excerpt and source.line(span.line):
            lines.extend(excerpt_lines(span, source))
    if diagnostic.help is not None:
        lines.append(f"  = help: {diagnostic.help}")
    return "\n".join(printable(line) for line in lines)


def excerpt_lines(span: Span, source: Source) -> list[str]:
    """The source line of `span` between two rules, with carets under the part of it that `span` covers."""
    start = span.column - 1
    first = max(0, start - EXCERPT_LEAD)
    line = source.line(span.line)
    shown = visible(line[first : first + EXCERPT_WIDTH])
    lead = "".join("\t" if char == "\t" else " " * columns(char) for char in shown[: start - first])
    covered = shown[start - first : start - first + span.end - span.start]
    number = str(span.line)
    rule = " " * (len(number) + 2) + "|"
    return [rule, f" {number} | {shown}".rstrip(), f"{rule} {lead}{'^' * max(1, columns(covered))}", rule]


def columns(text: str) -> int:
    """How many columns a terminal shows `text` in: two for wide characters, none for marks on top of others."""
    if text.isascii():
        return len(text)
    # Only here, because loading it would slow down every start.
    from unicodedata import category, east_asian_width

    wide = sum(east_asian_width(char) in ("W", "F") for char in text)
    return len(text) + wide - sum(category(char) in ("Mn", "Me") for char in text)


def visible(text: str) -> str:
    """`text` with each control character but the tab replaced, one for one, so that columns still align."""
    return "".join(
        char if char == "\t" or char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text
    )


def printable(text: str) -> str:
    """`text` with lone surrogates, which no stream can encode, written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def to_json_object(diagnostic: Diagnostic, source: Source | None) -> dict[str, str | int | None]:
    """The machine-readable form of a diagnostic.

    Args:
        diagnostic: what to convert.
        source: the text it is about, if known; gives the file name.

    Returns:
        An object that `json.dumps` accepts; `line` and `column` are 0 when unknown.
    """
    span = diagnostic.span
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "subsystem": diagnostic.subsystem,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "file": None if source is None else source.name,
        "line": 0 if span is None else span.line,
        "column": 0 if span is None else span.column,
    }
