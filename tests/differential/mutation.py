"""Random variations of the conformance programs, which between them use every feature of the language."""

from __future__ import annotations

import random
import re
from functools import cache

from tests.conformance.programs import corpus

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\d+\.\d+|\w+|[-+*/%=<>!&|?.:]+|[^\s\w]')
_NEVER = re.compile(
    r"\b(sleep|async_sleep|async_timeout|now|performance_now|current_timestamp|input|exit|args|time|task_pool_size)\b"
)
# A generator without end makes an endless program of nearly any change.
_ENDLESS = re.compile(r"func\*[^}]*\bloop\b")
_FEATURES = {"generators", "iterators", "async", "channels", "sets", "bytes"}
_NUMBERS = ("0", "1", "2", "-1", "9223372036854775807", "1.5", "0.0", "100", "null", "true", '"s"', "[1]", "{}")
_ALIKE = (
    ("+", "-", "*", "/", "%"), ("==", "!=", "<", "<=", ">", ">="), ("&&", "||"), (".", "?."), ("+=", "-=", "*="),
    ("break", "continue"), ("let", "mut", "const"), ("true", "false", "null"),
)  # fmt: skip


@cache
def _texts() -> tuple[str, ...]:
    programs = [program for program in corpus() if program.needs <= _FEATURES and program.exit_code in (0, 4)]
    texts = [program.path.read_text(encoding="utf-8") for program in programs]
    plain = (re.sub(r"[ ]*#[ ](expect|needs|args|stdin|command).*", "", text) for text in texts)
    return tuple(text for text in plain if not _NEVER.search(text) and not _ENDLESS.search(text))


def variation(seed: int) -> str:
    """The variation with that number; it need not be well-formed."""
    chance = random.Random(seed)
    lines = chance.choice(_texts()).splitlines()
    if chance.random() < 0.3:
        lines += chance.choice(_texts()).splitlines()
    for _ in range(chance.randint(0, 4)):
        _change(lines, chance)
    if chance.random() < 0.5:
        lines = _wrapped(lines, chance)
    return "\n".join(lines) + "\n"


def _change(lines: list[str], chance: random.Random) -> None:
    """Makes one change somewhere."""
    position = chance.randrange(len(lines))
    way = chance.random()
    if way < 0.1:
        lines.insert(position, chance.choice(lines))
    elif way < 0.2 and len(lines) > 1:
        del lines[position]
    elif way < 0.3:
        other = chance.choice(_texts()).splitlines()
        lines.insert(position, chance.choice(other))
    else:
        lines[position] = changed_line(lines[position], lines, chance)


def changed_line(line: str, lines: list[str], chance: random.Random) -> str:
    """The line with another token somewhere; `lines` are those of the program."""
    found = list(_TOKEN.finditer(line))
    if not found:
        return line
    token = chance.choice(found)
    text = token[0]
    alike = next((group for group in _ALIKE if text in group), None)
    if alike is not None:
        new = chance.choice(alike)
    elif text[0].isdigit() or text[0] == '"':
        new = chance.choice(_NUMBERS)
    elif text.isidentifier():
        names = re.findall(r"\b[a-z_]\w*\b", "\n".join(lines))
        new = chance.choice(names) if names and chance.random() < 0.7 else chance.choice(_NUMBERS)
    else:
        return line
    return line[: token.start()] + new + line[token.end() :]


def _wrapped(lines: list[str], chance: random.Random) -> list[str]:
    """The program as the body of a function or loop, so that its names are local and it gets hot."""
    count = chance.choice((2, 4, 7))
    header, footer = chance.choice((
        (["func wrapped() {"], ["}", f"for i_ in {count} {{ wrapped() }}"]),
        ([f"for i_ in {count} {{"], ["}"]),
        ([f"for i_ in {count} {{", "try {"], ["} except e_ { print(e_) }", "}"]),
        (["func wrapped() {", "try {"], ["} except e_ { print(e_) }", "}", f"for i_ in {count} {{ wrapped() }}"]),
        (["struct W_ { func go(self) {"], ["} }", f"for i_ in {count} {{ W_ {{}}.go() }}"]),
    ))  # fmt: skip
    return [*header, *lines, *footer]
