"""The process in which programs are run, so that a crash there ends nothing else.

Its argument is a folder for compiled code.  It reads one JSON object per line, a program and the
ways of running it, and answers each with a line of its own.
"""

from __future__ import annotations

import json
import os
import sys

import rufflang.engine
import rufflang.jit.code_cache
from tests.differential.running import Way, difference


def main() -> None:
    """Answers requests until there are no more."""
    # Programs are not worth remembering, and the pipe is for answers only.
    vars(rufflang.engine)["store"] = _forget
    vars(rufflang.jit.code_cache)["cache_directory"] = lambda: sys.argv[1]
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        ways = tuple(Way(name, pair and tuple(pair), mode) for name, pair, mode in request["ways"])
        answers.write(json.dumps(_answer(request["text"], ways)) + "\n")
        answers.flush()


def _forget(*program: object) -> None:
    """Stands in for storing a compiled program."""


def _answer(text: str, ways: tuple[Way, ...]) -> str | None:
    try:
        found = difference(text, ways)
    except Exception as problem:
        import traceback

        traceback.print_exc()
        return f"failed: {problem!r}"
    return None if found is None else str(found)


if __name__ == "__main__":
    main()
