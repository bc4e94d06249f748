"""A process that runs programs in forks of itself, for whoever should not fork: a test run has threads.

`python -m tests.conformance.fork_server` reads one JSON object per line, the arguments of `run_forked`, and answers
each with a line, the result.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from tests.cli.command import Result, environment
from tests.conformance.forked import run_forked


class ForkServer:
    """The process, started when it is needed and there is none."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> ForkServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.communicate()

    def run(
        self, words: Sequence[str], folder: Path, stdin: str = "", variables: Mapping[str, str] | None = None
    ) -> Result:
        """Runs the command line `words` in `folder`, with the environment of the server and these `variables`."""
        if self._process is None or self._process.poll() is not None:
            self._process = _start()
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        request = [list(words), str(folder), stdin, dict(variables or {})]
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        return Result(*json.loads(process.stdout.readline()))


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.conformance.fork_server"],
        env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def main() -> None:
    """Answers requests until there are no more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    for line in sys.stdin:
        words, folder, stdin, variables = json.loads(line)
        result = run_forked(words, Path(folder), stdin, variables)
        answers.write(json.dumps([result.stdout, result.stderr, result.exit_code]) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
