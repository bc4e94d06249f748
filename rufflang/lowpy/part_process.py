"""Compiling several modules at the same time, each in a process of its own.

LLVM keeps one processor busy, and for as long as it works a process cannot answer Ctrl-C.  The processes are started
anew, because a copy of this one might lack the thread that holds a lock.  What they read and write are files without
names, so nothing is left behind however this process ends.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from tempfile import TemporaryFile

from rufflang.lowpy.build import compile_object
from rufflang.python_command import python_command

_REFUSED = 65
"""The exit code when LLVM has said what is wrong with a module (`EX_DATAERR`)."""


def compile_objects(texts: Iterable[str]) -> list[bytes]:
    """The object files of modules given as LLVM text.  Raises RuntimeError with LLVM's message.

    What other processes cannot do, because none can be started or they come to grief, is done by this one.
    """
    modules = list(texts)
    try:
        with ExitStack() as stack:
            processes = [stack.enter_context(_PartProcess(text)) for text in modules]
            return [process.result() for process in processes]
    except OSError:
        return [compile_object(text) for text in modules]


class _PartProcess:
    """A process that compiles a module; it ends with the `with` block at the latest."""

    def __init__(self, text: str) -> None:
        with ExitStack() as files:
            source, self._output, self._errors = (files.enter_context(TemporaryFile()) for _ in range(3))
            source.write(text.encode())
            source.seek(0)
            self._process = subprocess.Popen(
                python_command(__name__), stdin=source, stdout=self._output, stderr=self._errors
            )
            self._files = files.pop_all()

    def __enter__(self) -> _PartProcess:
        return self

    def __exit__(self, *_reason: object) -> None:
        self._process.kill()
        self._process.wait()
        self._files.close()

    def result(self) -> bytes:
        """The object file, waited for.  Raises RuntimeError with LLVM's message, or OSError if it has none."""
        status = self._process.wait()
        self._output.seek(0)
        self._errors.seek(0)
        if status == _REFUSED:
            raise RuntimeError(self._errors.read().decode(errors="replace"))
        if status != 0:
            raise ChildProcessError(f"a process that compiles ended with {status}")
        return self._output.read()


def main() -> None:
    """What the process does: the module comes from standard input, its object file goes to standard output."""
    try:
        data = compile_object(sys.stdin.buffer.read().decode())
    except RuntimeError as problem:
        sys.stderr.write(str(problem))
        sys.exit(_REFUSED)
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
