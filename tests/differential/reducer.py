"""Makes a program smaller that shows a difference, for as long as it goes on showing one."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

_OPERATOR = r"(?:[-+*/%]|&&|\|\||[<>=!]=?|\?\?)"
_RIGHT = re.compile(rf" {_OPERATOR} [\w.\"]+")
_LEFT = re.compile(rf"[\w.\"]+ {_OPERATOR} |, [^,()\[\]]+|[^,()\[\]]+, ")
_ATOMS = ("1", "a", "[1]", '"s"', "null", "true", "1.5")


def reduced(text: str, still_differs: Callable[[str], bool], seconds: float = 120.0) -> str:
    """A smaller program for which `still_differs` holds as it does for `text`."""
    deadline = time.monotonic() + seconds
    best = text
    progress = True
    while progress and time.monotonic() < deadline:
        progress = False
        for candidates in (_without_lines, _without_braces, _simpler_lines):
            position = 0
            while time.monotonic() < deadline:
                found = None
                for number, candidate in enumerate(candidates(best)):
                    if number < position:
                        continue
                    if time.monotonic() > deadline:
                        break
                    if len(candidate) < len(best) and still_differs(candidate):
                        found, position = candidate, number
                        break
                if found is None:
                    break
                best, progress = found, True
    return best


def _without_lines(text: str) -> Iterator[str]:
    """Without a run of lines, long runs first."""
    lines = text.splitlines()
    size = max(1, len(lines) // 2)
    while size:
        for start in range(0, len(lines), size):
            yield _joined([*lines[:start], *lines[start + size :]])
        size //= 2
    for start in range(len(lines)):
        end = _end_of_block(lines, start)
        if end is not None:
            yield _joined([*lines[:start], *lines[end + 1 :]])


def _without_braces(text: str) -> Iterator[str]:
    """With a block's body in place of the block."""
    lines = text.splitlines()
    for start in range(len(lines)):
        end = _end_of_block(lines, start)
        if end is not None:
            middle = next((i for i in range(start + 1, end) if _depth(lines[start : i + 1]) == 1
                           and lines[i].lstrip().startswith("}")), end)  # fmt: skip
            yield _joined([*lines[:start], *lines[start + 1 : middle], *lines[end + 1 :]])
            yield _joined([*lines[:start], *lines[middle + 1 : end], *lines[end + 1 :]])


def _depth(lines: list[str]) -> int:
    joined = "".join(lines)
    return joined.count("{") - joined.count("}")


def _end_of_block(lines: list[str], start: int) -> int | None:
    if not lines[start].endswith("{"):
        return None
    depth = 0
    for position in range(start, len(lines)):
        depth += _depth([lines[position]])
        if depth <= 0:
            return position
    return None


def _simpler_lines(text: str) -> Iterator[str]:
    """With a simpler part in some line."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        for simpler in _simpler(line):
            yield _joined([*lines[:number], simpler, *lines[number + 1 :]])


def _simpler(line: str) -> Iterator[str]:
    for start in range(len(line)):
        if line[start] in "([{" and (end := _closing(line, start)) is not None:
            whole = line[start : end + 1]
            inner = whole[1:-1]
            # The call's name goes with its arguments.
            before = re.search(r"\w*$", line[:start])
            assert before is not None
            yield line[: before.start()] + inner + line[end + 1 :]
            for part in re.split(r"[,:+*/%-] ?|[<>=|&?]+ ?", inner):
                if part.strip() and part.strip() != inner:
                    yield line[: before.start()] + part.strip() + line[end + 1 :]
                    yield line[:start] + whole[0] + part.strip() + whole[-1] + line[end + 1 :]
            for atom in _ATOMS:
                yield line[: before.start()] + atom + line[end + 1 :]
            yield line[:start] + line[end + 1 :]
            yield line[:start] + whole[0] + whole[-1] + line[end + 1 :]
    for found in re.finditer(r"\d{2,}", line):
        yield line[: found.start()] + "1" + line[found.end() :]
    for found in (*_RIGHT.finditer(line), *_LEFT.finditer(line)):
        yield line[: found.start()] + line[found.end() :]
    if line.startswith(" "):
        yield line.lstrip()


def _closing(line: str, start: int) -> int | None:
    depth = 0
    for position in range(start, len(line)):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(line[position], 0)
        if depth == 0:
            return position
    return None


def _joined(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
