"""What helps with a program that does not parse: habits brought along from other languages.

The help lines of these diagnostics are fixed by the language; what is known here becomes a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rufflang.syntax import Diagnostic, Source, Span
from rufflang.syntax.tokens import KEYWORDS

_HABITS: tuple[tuple[str, str], ...] = (
    (r"\bfor\s*\(.*;.*;", "write for i in range(0, n) { … }"),
    (r"\bfor\s+\w+\s*,\s*\w+\s+in\b", "write for [key, value] in items(d) { … }"),
    (r"\b(elif|elsif|elseif)\b", "write else if"),
    (r"^\s*(?:export\s+)?(def|fn|function|fun)\b", "functions are declared with func"),
    (r"\blet\s+mut\b", "variables that change are declared with mut alone"),
    (r"^\s*var\b", "variables are declared with mut, or with let if they never change"),
    (r"^\s*(?:class|interface|type)\b", "records are declared with struct"),
    (r"^\s*switch\b", "write match value { case 1: … default: … }"),
    (r"^\s*do\s*\{", "write loop { … } with break where it should end"),
    (r"\bcatch\b", "errors are caught with except: try { … } except e { … }"),
    (r"\bfinally\b", "there is no finally; write what should always happen after the try statement"),
    (r"\b(raise|throw)\s+[^(\s]", "errors are raised with throw(value)"),
    (r"^\s*print\s+[^(\s]", "print is a function: print(value)"),
    (r"\band\b|\bor\b|\bnot\b", "the operators are written && || !"),
    (r"===|!==", "values are compared with == and !="),
    (r"\+\+|--", "write x += 1 or x -= 1"),
    (r"\*\*", "pow(x, y) raises to a power"),
    (r"=>", "functions are written func(x) { return … }"),
    (r"\?[^?.:]*:", "there is no ?: operator; write if and else"),
    (r"[([,]\s*\.\.\.\w+.*\)", "arguments cannot be spread"),
    (
        r"[\w\])]\[[^\[\]{}]*(?<!:):(?![:=])[^\[\]{}]*\]",
        "parts are taken with slice(array, from, to) or substring(text, from, to)",
    ),
    (r"\d\s*\.\.[.=<]?\s*\d", "ranges are written range(from, to)"),
    (r"^\s*import\s+\w+(\.\w+)+", "write from a.b import name"),
    (r"'[^']*'", 'strings are written in double quotes: "text"'),
    (r"`", 'strings are written in double quotes, values put in as "${value}"'),
)  # fmt: skip

_WORD = f"({'|'.join(sorted(KEYWORDS))})"
_RESERVED_NAMES = (
    re.compile(rf"\b(?:let|mut|const|func\*?|struct|enum|import|for(?!\s+in\b))\s+{_WORD}\b"),
    re.compile(rf"^\s*{_WORD}\s*:?=(?!=)"),
)
_RESERVED_PART = re.compile(r'(?:list|pattern|struct body|enum body) but found Keyword\("(\w+)"\)')

_LONGEST_LINE = 500  # Nobody writes longer ones by hand.


def notes_on(diagnostics: Sequence[Diagnostic], source: Source) -> Iterator[tuple[int, str]]:
    """What its author may have meant, where the line of a diagnostic looks like another language.

    Gives the index of the diagnostic and the note, for each line once.
    """
    noted: set[int] = set()
    for index, diagnostic in enumerate(diagnostics):
        span = diagnostic.span
        if span is None or diagnostic.subsystem not in ("lexer", "parser"):
            continue
        for number in _lines_around(span, source):
            line = source.line(number)
            note = habit_in(line) or _reserved_word_in(diagnostic.message, line)
            if note is not None:
                if number not in noted:
                    noted.add(number)
                    yield index, note
                break


def _lines_around(span: Span, source: Source) -> list[int]:
    """The numbers of the lines to which a diagnostic may belong, the likeliest first."""
    # A complaint about what follows a word is often placed at the beginning of the next line.
    number = span.line
    text = source.line(number)
    begins_line = span.column == 1 + len(text) - len(text.lstrip())
    candidates = [number - 1, number] if begins_line and number > 1 else [number]
    return [candidate for candidate in candidates if len(source.line(candidate)) <= _LONGEST_LINE]


def habit_in(line: str) -> str | None:
    """What to write instead, if a line looks like another language."""
    code = _code_in(line)
    return next((note for pattern, note in _HABITS if re.search(pattern, code)), None)


def _code_in(line: str) -> str:
    """A line without what stands in its strings, and without a comment at its end."""
    return re.sub(r'"(?:\\.|[^"\\])*"', '""', line).split("//")[0].split("#")[0]


def _reserved_word_in(message: str, line: str) -> str | None:
    """A word that is used as a name, but may not be one."""
    code = _code_in(line)
    found = _RESERVED_PART.search(message) or next(filter(None, (each.search(code) for each in _RESERVED_NAMES)), None)
    return None if found is None else f"{found[1]} is a reserved word, which cannot be a name"
