"""The process in which programs are run, so that a crash there ends nothing else.

Its argument is a folder for compiled code.  It reads one JSON object per line, the versions of a program and the
ways of running them, and answers each with two lines: one when it knows how the program has to behave, and one
that says what it does differently.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import rufflang.engine
from tests.differential.running import REFERENCE, Version, Way, behaviour, checked, difference


def main() -> None:
    """Answers requests until there are no more."""
    # Programs are not worth remembering, and the pipe is for answers only.
    vars(rufflang.engine)["store"] = _forget
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        ways = tuple(Way(name, pair and tuple(pair), *others) for name, pair, *others in request["ways"])
        for answer in _answers(request["versions"], ways):
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


def _forget(*program: object) -> None:
    """Stands in for storing a compiled program."""


def _answers(texts: list[str], ways: tuple[Way, ...]) -> Iterator[str | None]:
    versions: list[Version] = []
    for text in texts:
        found = checked(text)
        if found is not None:
            versions.append((*found, behaviour(*found, REFERENCE)))
    yield None
    try:
        different = difference(versions, ways, Path(sys.argv[1]))
    except Exception as problem:
        import traceback

        traceback.print_exc()
        yield f"failed: {problem!r}"
    else:
        yield None if different is None else str(different)


if __name__ == "__main__":
    main()
