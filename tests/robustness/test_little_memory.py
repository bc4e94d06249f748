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


@pytest.mark.skipif(sys.platform != "linux", reason="the address space cannot be limited everywhere")
@pytest.mark.parametrize("megabytes", [500, 1000, 3000])
def test_programs_run_within_a_limited_address_space_and_meet_its_end_in_order(
    tmp_path: Path, megabytes: int
) -> None:
    name = write_program(tmp_path, PROGRAM)
    command = [sys.executable, "-m", "rufflang", "run", name, "--jit", "off"]
    finished = subprocess.run(
        ["/bin/sh", "-c", f'ulimit -v {megabytes * 1024}; exec "$@"', "sh", *command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(),
    )
    assert finished.stdout == "5000\n1000\n"
    assert finished.returncode == 4
    assert finished.stderr.startswith("[RUFVM001] [vm] Runtime Error: Memory limit of ")
