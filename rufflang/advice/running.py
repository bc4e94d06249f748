"""What helps with a runtime error that nothing has caught."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from rufflang.advice.nearness import closest
from rufflang.advice.parsing import habit_in
from rufflang.advice.tree import every, is_place, offset_of, path_to, span_of, visible_names, wrong_part
from rufflang.records import Record
from rufflang.syntax import Source, Span, ast, lex, parse
from rufflang.syntax.tokens import IDENTIFIER

UNDEFINED = "Undefined variable: "


class Failure(Protocol):
    """What has to be known of an error."""

    @property
    def message(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...
    @property
    def span(self) -> Span | None: ...
    @property
    def subject(self) -> tuple[str, ...]:
        """The type of the value that the error is about, and the names of what it has; else empty."""

    @property
    def origin(self) -> str | None:
        """Where the error is in a module, if the import of that module failed because of it."""


@dataclass(frozen=True)
class Advice:
    """A likely remedy, a name that was probably meant, a fact worth knowing, and the part that is wrong."""

    help: str | None = None
    meant: str | None = None
    note: str | None = None
    span: Span | None = None

    def lines(self) -> list[str]:
        """The advice as it stands below the excerpt of a report."""
        return [
            *([f"   = help: {self.help}"] if self.help else []),
            *([f"   = Did you mean '{self.meant}'?"] if self.meant else []),
            *([f"   = note: {self.note}"] if self.note else []),
        ]


def advise(error: Failure, source: Source) -> Advice:
    """The advice on an error that happened in `source`."""
    place = _Place(error, source)
    for pattern, adviser in _ADVISERS:
        found = re.fullmatch(pattern, error.message, re.DOTALL)
        if found is not None:
            advice = adviser(found, place)
            return replace(advice, span=advice.span or place.exact())
    return Advice(span=place.exact())


def suggestion(message: str, source: Source) -> str | None:
    """The known name most like the undefined one that `message` complains about, wherever it is used.

    Known are the names that occur in the program and the built-in functions. None when the message is
    about something else or nothing is similar enough.
    """
    if not message.startswith(UNDEFINED):
        return None
    return closest(message.removeprefix(UNDEFINED), [*_words(source), *_builtin_names()])


class _Place:
    """Where an error happened, looked at as far as somebody asks."""

    def __init__(self, error: Failure, source: Source) -> None:
        self.error = error
        self.source = source

    @cached_property
    def program(self) -> ast.Program | None:
        return parse(self.source).program

    @cached_property
    def path(self) -> list[Record]:
        """The nodes around the place, outermost first."""
        if self.program is None or self.error.line == 0 or self.error.column == 0:
            return []
        return path_to(self.program, offset_of(self.source, self.error.line, self.error.column))

    def exact(self) -> Span | None:
        """The part of the failed expression that its message is about, if that is less than all of it."""
        span = self.error.span
        if span is None or not self.path:
            return None
        start = offset_of(self.source, span.line, span.column)
        failed = Span(start, start + span.end - span.start, span.line, span.column)
        for node in self.path:
            if span_of(node) == failed:
                part = wrong_part(node, self.error.message)
                if part is not None and part.line == span.line:
                    return part
        return None

    def nodes(self) -> list[Record]:
        return [] if self.program is None else list(every(self.program))

    def text(self, node: Record) -> str:
        """A node as it was written."""
        span = span_of(node)
        return self.source.text[span.start : span.end]


def _words(source: Source) -> list[str]:
    tokens, _ = lex(source)
    return [token.value for token in tokens if token.kind == IDENTIFIER]


def _builtin_names() -> list[str]:
    from rufflang.reference.builtins import PRELUDE

    return sorted(PRELUDE)


# ------------------------------------------------------------------------------- names


_WORDS_OF_OTHERS = frozenset(
    ("class", "def", "do", "elif", "elsif", "fn", "fun", "function", "interface", "raise", "switch", "throw", "var")
)


def _undefined(found: re.Match[str], place: _Place) -> Advice:
    if found[1] in _WORDS_OF_OTHERS:
        return Advice(help=habit_in(place.source.line(place.error.line)))
    known = visible_names(place.path) if place.path else _words(place.source)
    return Advice(meant=closest(found[1], [*known, *_builtin_names()]))


def _missing_key(found: re.Match[str], place: _Place) -> Advice:
    return Advice(meant=closest(found[1], place.error.subject[1:]))


def _unknown_field(found: re.Match[str], place: _Place) -> Advice:
    return Advice(meant=closest(found[1], place.error.subject[1:]))


def _unchangeable(found: re.Match[str], place: _Place) -> Advice:
    verb, kind, name = found[1], found[2], found[3]
    remedy = f"declare it with mut: mut {name} := …"
    if verb == "mutate":
        remedy = f"declare it with mut, or change a copy: mut {name} := …"
    note = None
    for node in place.nodes():
        if isinstance(node, ast.Declare) and node.kind == kind.removeprefix("immutable "):
            pattern = node.pattern
            if isinstance(pattern, ast.NamePattern) and pattern.name == name:
                note = f"{name} is declared with {node.kind} in line {node.span.line}"
                break
    return Advice(help=remedy, note=note)


# ------------------------------------------------------------------------------- calls


def _wrong_count(found: re.Match[str], place: _Place) -> Advice:
    name = found[1]
    for node in place.nodes():
        if isinstance(node, ast.StructDeclaration):
            for method in node.methods:
                if f"{node.name}.{method.name}" == name:
                    return Advice(help=_signature(name, [item.name for item in method.parameters]))
        if isinstance(node, ast.FunctionDeclaration) and node.function.name == name:
            return Advice(help=_signature(name, [item.name for item in node.function.parameters]))
    return Advice(help=_builtin_signature(name.removesuffix("()")))


def _signature(name: str, parameters: list[str]) -> str:
    given = [parameter for parameter in parameters if parameter != "self"]
    plural = "" if len(given) == 1 else "s"
    return f"{name}({', '.join(given)}) takes {len(given) or 'no'} argument{plural}"


def _builtin_signature(name: str) -> str | None:
    from rufflang.runtime.builtins.registry import all_builtins
    from rufflang.stdlib.prelude_text import prelude_text

    for entry in all_builtins():
        if name in (entry.name, *entry.aliases):
            return entry.signature
    written = re.search(rf"^# ({re.escape(name)}\(.*)$", prelude_text(), re.MULTILINE)
    return None if written is None else written[1]


def _unknown_method(found: re.Match[str], place: _Place) -> Advice:
    name = found[1]
    kind, *names = place.error.subject or ("",)
    near = closest(name, names) if kind == "struct" else None
    if near is not None:
        return Advice(meant=near)
    if name not in _builtin_names():
        return Advice()
    calls = [node for node in place.path if isinstance(node, ast.MethodCall) and node.name == name]
    if not calls:
        return Advice(help=f"{name} is a function: {name}(value, …)")
    call = calls[-1]
    receiver = _short(place.text(call.receiver), "value")
    arguments = _short(", ".join(map(place.text, call.arguments)), "…")
    text = f"{name}({receiver}, {arguments})" if arguments else f"{name}({receiver})"
    alone = any(isinstance(node, ast.ExpressionStatement) and node.value is call for node in place.path)
    if alone and is_place(call.receiver):
        text = _changing(receiver, text, kind, _builtin_signature(name) or "")
    return Advice(help=f"{name} is a function: {text}")


def _short(text: str, otherwise: str) -> str:
    return otherwise if "\n" in text or len(text) > 40 else text


def _changing(receiver: str, call: str, kind: str, signature: str) -> str:
    """The call with its result stored where its first argument is, if that changes what is there.

    A function that gives a value of the kind it takes gives the changed one; one that removes gives both
    that and what it removed.
    """
    results = signature.rpartition(" -> ")[2].split(" or ")
    if kind in results:
        return f"{receiver} = {call}"
    if f"[{kind}, any]" in results:
        return f"{receiver} = {call}[0]"
    return call


def _without_fields(found: re.Match[str], place: _Place) -> Advice:
    kind = place.error.subject[0] if place.error.subject else ""
    if kind == "null":
        return Advice(help=f"the value is null here; ?.{found[1]} gives null for it instead of failing")
    return Advice(help=f"the value is of type {kind}; only structs and dicts have fields") if kind else Advice()


# --------------------------------------------------------------------------- operators

_FOR_OPERANDS = {
    ("string", "+"): 'to put a value into a text, write "${value}" or to_string(value)',
    ("string", "*"): "repeat(text, times) repeats a text",
    ("array", "+"): "concat(a, b) joins arrays, push(array, value) adds a value",
    ("dict", "+"): "merge(a, b) joins dicts",
}


def _wrong_operands(found: re.Match[str], place: _Place) -> Advice:
    left, operator, right = found[1], found[2], found[3]
    remedy = _FOR_OPERANDS.get((left, operator)) or _FOR_OPERANDS.get((right, operator))
    if remedy is None and "null" in (left, right):
        remedy = "one side is null; value ?? other gives another value in its place"
    return Advice(help=remedy)


def _limit(found: re.Match[str], place: _Place) -> Advice:
    option = {"Memory": "--max-memory SIZE", "Time": "--timeout SECONDS", "Fuel": "--fuel N"}.get(found[1])
    return Advice(help=f"{option or '--max-depth N'} sets another limit")


def _failed_import(found: re.Match[str], place: _Place) -> Advice:
    origin = place.error.origin
    return Advice(note=None if origin is None else f"the error is in {origin}")


_ADVISERS: tuple[tuple[str, Callable[[re.Match[str], _Place], Advice]], ...] = (
    (UNDEFINED + r"(.*)", _undefined),
    (r'Missing map key: "(.*)"', _missing_key),
    (r"Field not found: (.*)", _unknown_field),
    (r"Cannot (reassign|mutate) (immutable let|const) binding: (.*)", _unchangeable),
    (r"(\S+) expects .*\d arguments?, got \d+", _wrong_count),
    (r"Unknown method: (.*)", _unknown_method),
    (r"Cannot access field or method '(.*)' on non-struct value", _without_fields),
    (r"Invalid binary operation: (\w+) (\S+) (\w+)", _wrong_operands),
    (r"Failed to evaluate module .*", _failed_import),
    (r"(Memory|Time|Fuel) limit of \S+ exceeded", _limit),
    (r"(Maximum) VM call stack depth of \d+ exceeded while calling .*", _limit),
)
