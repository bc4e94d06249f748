"""Processes that the system gives little memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import environment, write_program

PROGRAM = """
func down(n) { if n == 0 { return 0 }
 return down(n - 1) + 1 }
print(down(5000))
xs := map(range(0, 1000), func(i) { return [i] })
print(len(xs))
while true { xs := push(xs, [1]) }
"""

BLOCKS = """
go := channel()
mut started := 0
try {
    for i in range(1000) {
        spawn { go.receive() }
        started += 1
    }
} except e {
    print(e.message)
}
print(started > 0, started < 1000)
"""

IS_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the address space cannot be limited everywhere")


def run_within(folder: Path, text: str, megabytes: int) -> subprocess.CompletedProcess[str]:
    """Runs a program whose process may have so much address space."""
    command = [sys.executable, "-m", "rufflang", "run", write_program(folder, text), "--jit", "off"]
    return subprocess.run(
        ["/bin/sh", "-c", f'ulimit -v {megabytes * 1024}; exec "$@"', "sh", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(),
    )


@IS_LINUX
@pytest.mark.parametrize("megabytes", [500, 1000, 3000])
def test_programs_run_within_a_limited_address_space_and_meet_its_end_in_order(
    tmp_path: Path, megabytes: int
) -> None:
    finished = run_within(tmp_path, PROGRAM, megabytes)
    assert finished.stdout == "5000\n1000\n"
    assert finished.returncode == 4
    assert finished.stderr.startswith("[RUFVM001] [vm] Runtime Error: Memory limit of ")


@IS_LINUX
@pytest.mark.parametrize("megabytes", [2000, 6000, 9003])
def test_a_block_that_the_system_has_no_room_for_is_an_error_that_can_be_caught(
    tmp_path: Path, megabytes: int
) -> None:
    finished = run_within(tmp_path, BLOCKS, megabytes)
    message = "Cannot start a spawned block: the system has no room for another thread\n"
    assert (finished.stdout, finished.stderr) == (message + "true true\n", "")
    assert finished.returncode == 0
