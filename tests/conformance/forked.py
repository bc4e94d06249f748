"""Running a program many times over, quickly: each run is a fork of a process that has everything loaded.

What a start costs, importing the package and loading the native library, is paid once.  The
forked process runs the real command, so that exit codes and reports are those of users.
"""

from __future__ import annotations

import os
import pkgutil
import select
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

import rufflang
from rufflang.cli import main
from rufflang.interpreter.native_library import load
from tests.cli.command import Result

SECONDS = 120.0


def run_forked(
    words: Sequence[str], folder: Path, stdin: str = "", variables: Mapping[str, str] | None = None
) -> Result:
    """Runs the command line `words` in `folder`, in a fork of this process."""
    load_everything()
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(stdin.encode())
        given.seek(0)
        process = os.fork()
        if process == 0:
            _be(words, folder, (given.fileno(), out.fileno(), err.fileno()), variables or {})
        exit_code = _wait(process)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    return Result(texts[0], texts[1], exit_code)


@cache
def load_everything() -> None:
    """Imports what runs import when they need it, so that no fork has to."""
    for module in pkgutil.walk_packages(rufflang.__path__, "rufflang."):
        if module.name != "rufflang.__main__":
            import_module(module.name)
    load()


def _be(words: Sequence[str], folder: Path, files: tuple[int, int, int], variables: Mapping[str, str]) -> None:
    """What the forked process does; it never returns."""
    code = 125
    try:
        for target, file in enumerate(files):
            os.dup2(file, target)
        for name, target, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
            setattr(sys, name, open(target, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
        os.chdir(folder)
        os.environ.update(variables)
        code = main(words)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _wait(process: int) -> int | None:
    """The exit code of a process, which is killed if it does not end."""
    watched = os.pidfd_open(process)
    try:
        ready, _, _ = select.select([watched], [], [], SECONDS)
    finally:
        os.close(watched)
    if not ready:
        os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status) if ready else None


def seconds_of(started: float) -> str:
    """How long something took, for reports."""
    return f"{time.monotonic() - started:.1f} s"
