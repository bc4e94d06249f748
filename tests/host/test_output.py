"""Where output goes, in which order, and what happens when nobody takes it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.command import Result, environment, write_program

COMMAND = (sys.executable, "-m", "rufflang", "run", "program.ruff")
MANY_LINES = "for i in range(0, 200000) { print(i) }\neprint(\"end\")"


def run(folder: Path, text: str, redirections: str, stdin: bytes = b"") -> Result:
    """Runs a program through the shell, with its redirections."""
    write_program(folder, text)
    finished = subprocess.run(
        ["/bin/sh", "-c", f'"$@" {redirections}', "sh", *COMMAND],
        cwd=folder,
        capture_output=True,
        timeout=60,
        env=environment(),
        input=stdin,
    )
    return Result(finished.stdout.decode(), finished.stderr.decode(), finished.returncode)


def test_standard_output_and_error_keep_their_order(tmp_path: Path) -> None:
    text = "for i in range(0, 5) { print(i)\n eprint(-i)\n print(\"again\", i) }"
    expected = "".join(f"{i}\n{-i}\nagain {i}\n" for i in range(5))
    assert run(tmp_path, text, "2>&1").stdout == expected


def test_output_is_complete_when_the_program_fails_or_exits(tmp_path: Path) -> None:
    assert run(tmp_path, 'print("before")\nthrow("x")', "").stdout == "before\n"
    exited = run(tmp_path, 'print("before")\nexit(7)\nprint("after")', "")
    assert (exited.stdout, exited.stderr, exited.exit_code) == ("before\n", "", 7)


def test_a_reader_that_leaves_ends_the_program_silently(tmp_path: Path) -> None:
    result = run(tmp_path, MANY_LINES, "| head -1")
    assert (result.stdout, result.stderr) == ("0\n", "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no device that is always full")
@pytest.mark.parametrize("text", ['print("short")', MANY_LINES], ids=["short", "long"])
def test_a_full_device_is_reported(tmp_path: Path, text: str) -> None:
    result = run(tmp_path, text, "> /dev/full")
    assert result.exit_code == 5
    assert "Failed to write output: No space left on device" in result.stderr


@pytest.mark.parametrize("redirections", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_swallow_what_is_written(tmp_path: Path, redirections: str) -> None:
    result = run(tmp_path, 'print("x")\neprint("y")\nprint(input("? "))', redirections)
    assert result.exit_code == 0
    assert "Traceback" not in result.stderr


def test_input_shows_its_prompt_and_gives_line_after_line(tmp_path: Path) -> None:
    text = 'a := input("first? ")\nb := input()\nc := input("third? ")\nprint([a, b, c])'
    result = run(tmp_path, text, "", "one \nzwölf\n".encode())
    assert result.stdout == "first? third? [one, zwölf, ]\n"


def test_each_print_reaches_a_terminal_at_once(tmp_path: Path) -> None:
    write_program(tmp_path, 'print("at once")\nxs := range(0, 100)\nwhile true { x := len(xs) }')
    master, slave = pty.openpty()
    process = subprocess.Popen(
        COMMAND, cwd=tmp_path, stdout=slave, stdin=slave, stderr=slave, env=environment()
    )
    try:
        os.set_blocking(master, False)
        seen = b""
        until = time.monotonic() + 30
        while b"at once" not in seen and time.monotonic() < until:
            try:
                seen += os.read(master, 1000)
            except BlockingIOError:
                time.sleep(0.02)
        assert seen == b"at once\r\n"
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()
        os.close(slave)
        os.close(master)


def test_a_reader_slower_than_the_program_gets_everything(tmp_path: Path) -> None:
    write_program(tmp_path, MANY_LINES)
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    process = subprocess.Popen(
        COMMAND, cwd=tmp_path, stdout=writing, stderr=subprocess.DEVNULL, env=environment()
    )
    os.close(writing)
    time.sleep(0.5)
    with open(reading, "rb") as stream:
        lines = stream.read().split()
    assert process.wait(timeout=60) == 0
    assert lines == [str(number).encode() for number in range(200_000)]
