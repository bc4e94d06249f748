"""The known name that is most like one that is not known."""

from __future__ import annotations

from collections.abc import Iterable

MAXIMUM_DISTANCE = 3


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate with the fewest edits to `name`, if there are few enough; the first among equals."""
    # In a short name, three edits leave nothing of what was written.
    limit = min(MAXIMUM_DISTANCE, len(name) // 3)
    best: str | None = None
    for candidate in candidates:
        if candidate != name and abs(len(candidate) - len(name)) <= limit:
            distance = edit_distance(name, candidate)
            if distance <= limit:
                best, limit = candidate, distance - 1
    return best


def edit_distance(left: str, right: str) -> int:
    """How many insertions, deletions, replacements and swaps of neighbours lead from `left` to `right`."""
    before: list[int] = []
    previous = list(range(len(right) + 1))
    for row, left_char in enumerate(left, start=1):
        current = [row]
        for column, right_char in enumerate(right, start=1):
            replaced = previous[column - 1] + (left_char != right_char)
            best = min(replaced, previous[column] + 1, current[-1] + 1)
            is_swap = row > 1 and column > 1 and left[row - 2 : row] == right[column - 2 : column][::-1]
            current.append(min(best, before[column - 2] + 1) if is_swap else best)
        before, previous = previous, current
    return previous[-1]
