"""Second thoughts about an error: what its author probably meant.

This runs only after a program has failed, so it may take its time and import what it likes.
"""

from __future__ import annotations

from collections.abc import Iterable

from rufflang.syntax import Source, lex
from rufflang.syntax.tokens import IDENTIFIER

MAXIMUM_DISTANCE = 3
UNDEFINED = "Undefined variable: "


def suggestion(message: str, source: Source) -> str | None:
    """The known name most like the undefined one that `message` complains about.

    Known are the names that occur in the program and the built-in functions. None when the message is
    about something else or nothing is similar enough.
    """
    if not message.startswith(UNDEFINED):
        return None
    from rufflang.reference.builtins import PRELUDE

    tokens, _ = lex(source)
    names = [token.value for token in tokens if token.kind == IDENTIFIER]
    return closest(message.removeprefix(UNDEFINED), [*names, *sorted(PRELUDE)])


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate with the fewest edits to `name`, if there are few enough; the first among equals."""
    # In a short name, three edits leave nothing of what was written.
    limit = min(MAXIMUM_DISTANCE, (len(name) + 1) // 3)
    best: str | None = None
    for candidate in candidates:
        if candidate != name and abs(len(candidate) - len(name)) <= limit:
            distance = edit_distance(name, candidate)
            if distance <= limit:
                best, limit = candidate, distance - 1
    return best


def edit_distance(left: str, right: str) -> int:
    """How many insertions, deletions and replacements of one character lead from `left` to `right`."""
    previous = list(range(len(right) + 1))
    for row, left_char in enumerate(left, start=1):
        current = [row]
        for column, right_char in enumerate(right, start=1):
            replaced = previous[column - 1] + (left_char != right_char)
            current.append(min(replaced, previous[column] + 1, current[-1] + 1))
        previous = current
    return previous[-1]
