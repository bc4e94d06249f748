"""Lines of standard input: all there, in order, whoever reads the stream beside the program, and no endless waiting."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from rufflang.host.standard_input import read_line
from tests.cli.command import environment, write_program


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, TextIO]]:
    """Where to write what standard input holds, and standard input."""
    reading, writing = os.pipe()
    with open(reading, encoding="utf-8", errors="replace", newline="\n") as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        yield writing, stream
        os.close(writing)


def never() -> bool:
    raise AssertionError("there was nothing to wait for")


def test_lines_that_come_together_are_read_one_by_one(pipe: tuple[int, TextIO]) -> None:
    os.write(pipe[0], "é\r\n\n \tb\xa0\n".encode() + b"\xff\nrest")
    assert [read_line(never) for _ in range(4)] == ["é", "", " \tb", "\ufffd"]


def test_waiting_is_broken_off_and_takes_nothing_away(pipe: tuple[int, TextIO]) -> None:
    writing, stream = pipe
    answers = iter([False, True])
    assert read_line(lambda: next(answers)) == ""
    os.write(writing, b"one\ntwo\nthree\n")
    assert read_line(never) == "one"
    assert stream.readline() == "two\n"
    assert read_line(never) == "three"  # Python has read it already


def test_a_long_line_is_read_whole(pipe: tuple[int, TextIO]) -> None:
    os.write(pipe[0], b"x" * 30_000 + b"\n")
    assert len(read_line(never)) == 30_000


def test_the_end_of_input_is_an_empty_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in (open(os.devnull, encoding="utf-8"), io.StringIO(""), None):  # noqa: SIM115 - closed below
        monkeypatch.setattr(sys, "stdin", stream)
        assert read_line(never) == ""
        if stream is not None:
            stream.close()
            assert read_line(never) == ""


def test_a_stream_that_exists_in_python_only_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("a \nb"))
    assert [read_line(never) for _ in range(3)] == ["a", "b", ""]


RUN_IN_PYTHON = """
import sys, threading
from rufflang.cli import main
code = main(["run", "asks.ruff", "--timeout", "0.3"])
print(code, threading.active_count(), sys.stdin.readline(), flush=True)
"""


def test_a_program_whose_time_is_over_leaves_nobody_behind_who_reads(tmp_path: Path) -> None:
    write_program(tmp_path, 'print("got", input())\nprint("<" + input() + ">")', "asks.ruff")
    process = subprocess.Popen(
        [sys.executable, "-c", RUN_IN_PYTHON],
        cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(),
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(b"first\n")
        process.stdin.flush()
        time.sleep(1.5)
        assert process.communicate(b"second\n", timeout=30)[0] == b"got first\n4 1 second\n\n"
    finally:
        process.kill()
        process.wait()
