"""The other programs of the benchmarks print the same in both languages."""

from __future__ import annotations

import subprocess
import sys

import pytest

from benchmarks.catalogue import OTHER_BENCHMARKS, OTHERS, Benchmark
from benchmarks.engines import PROJECT, ruff_command


def test_each_other_program_is_in_the_catalogue_in_both_languages() -> None:
    names = {benchmark.name for benchmark in OTHER_BENCHMARKS}
    files = {path.name for path in OTHERS.iterdir() if path.is_file()}
    assert files == {f"{name}.{language}" for name in names for language in ("py", "ruff")}


@pytest.mark.parametrize("benchmark", OTHER_BENCHMARKS, ids=lambda benchmark: benchmark.name)
def test_both_languages_print_the_same(benchmark: Benchmark) -> None:
    commands = [*ruff_command(), str(benchmark.source("ruff"))], [sys.executable, str(benchmark.source("py"))]
    ruff, python = (
        subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout for command in commands
    )
    assert ruff == python != ""
