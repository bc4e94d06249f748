"""The report that `rufflang test-run` ends with."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

WIDTH = 60
RULER = "=" * WIDTH
GREEN, RED = 32, 31


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test: its name, why it failed if it did, and how long it took in seconds."""

    name: str
    failure: str | None
    duration: float


def report(results: list[TestResult], verbose: bool) -> str:
    """The whole report, beginning with an empty line; `verbose` lists every test."""
    failed = sum(result.failure is not None for result in results)
    lines = ["", RULER, "Test Results", RULER]
    if verbose:
        lines += [line for result in results for line in _lines(result)]
        lines.append("")
    lines += [
        f"Tests: {len(results)} total, {len(results) - failed} passed, {failed} failed",
        f"Time:  {_milliseconds(sum(result.duration for result in results))}ms",
        RULER,
        "",
        _coloured(f"{failed} test(s) failed", RED) if failed else _coloured("All tests passed! ✨", GREEN),
    ]
    return "\n".join(lines)


def _lines(result: TestResult) -> list[str]:
    mark = _coloured("✓", GREEN) if result.failure is None else _coloured("✗", RED)
    lines = [f"  {mark} {result.name} ({_milliseconds(result.duration)}ms)"]
    if result.failure is not None:
        lines.append(f"    Error: {result.failure}")
    return lines


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)


def _coloured(text: str, colour: int) -> str:
    """The text in a colour, if somebody watches who has not asked for plain text."""
    if not sys.stdout.isatty() or "NO_COLOR" in os.environ:
        return text
    return f"\x1b[{colour}m{text}\x1b[0m"
