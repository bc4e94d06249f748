"""Worker processes that survive the programs they are given, by being replaced."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from dataclasses import astuple
from tempfile import TemporaryDirectory
from types import TracebackType

from tests.cli.command import environment
from tests.differential.running import Way

TIME_LIMIT_SECONDS = 20.0
ENDLESS_SECONDS = 6.0
PROGRAMS_OF_A_PROCESS = 300
ENDLESS = "endless"
"""What is answered if the program ends on the reference evaluator not soon or never."""


class Worker:
    """One process at a time that answers what a program does differently."""

    def __init__(self, variables: dict[str, str] | None = None, patience: float = 1.0) -> None:
        """`variables` are added to the environment of the processes.

        Programs that have ended on the reference evaluator may take `patience` times as long as usual.
        """
        self.variables = variables or {}
        self.patience = patience
        self.process: subprocess.Popen[bytes] | None = None
        self.given, self.read = 0, b""
        self.folder = TemporaryDirectory(prefix="differential", ignore_cleanup_errors=True)

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self.folder.cleanup()

    def stop(self) -> None:
        """Ends the process, if there is one."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def difference(
        self, text: str | tuple[str, ...], ways: tuple[Way, ...], time_limit: float = TIME_LIMIT_SECONDS
    ) -> str | None:
        """How the ways differ, or how the process ended; None when they agree.

        Of a program of which there are several texts, these run one after the other.  The time limit is for all the
        ways together.
        """
        self.given += 1
        if self.given > PROGRAMS_OF_A_PROCESS:
            self.stop()
        process = self.process or self._start()
        assert process.stdin is not None and process.stdout is not None
        request = {"versions": [text] if isinstance(text, str) else text, "ways": [astuple(way) for way in ways]}
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
        answer: bytes | None = None
        limits = (ENDLESS, min(time_limit, ENDLESS_SECONDS)), ("timeout", time_limit * self.patience)
        for late, seconds in limits:
            answer = self._line(process.stdout.fileno(), seconds)
            if answer is None:
                self.stop()
                return late
            if not answer:
                code = process.wait()
                self.process = None
                return f"crash: exit code {code}"
        found: str | None = json.loads(answer or b"null")
        return found

    def _line(self, file: int, seconds: float) -> bytes | None:
        """The next line of answers, which is empty when there are no more; None when it does not come in time."""
        while b"\n" not in self.read:
            if not select.select([file], [], [], seconds)[0]:
                return None
            some = os.read(file, 1 << 16)
            if not some:
                return b""
            self.read += some
        line, _, self.read = self.read.partition(b"\n")
        return line

    def _start(self) -> subprocess.Popen[bytes]:
        self.given, self.read = 0, b""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.differential.worker", self.folder.name],
            env=environment(**self.variables),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        return self.process
