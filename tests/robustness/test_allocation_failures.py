"""The memory limit may be met by any allocation: a sample of what `tests.allocation_failures` does in full."""

from __future__ import annotations

import pytest

from tests.allocation_failures import MODES, check, numbers, programs
from tests.conformance.fork_server import ForkServer
from tests.conformance.programs import Program

SAMPLE = 12
EVERY = 12


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode[1])
@pytest.mark.parametrize("program", programs()[::EVERY], ids=lambda program: program.name)
def test_a_failed_allocation_ends_in_the_memory_error_or_changes_nothing(
    program: Program, mode: tuple[str, ...], fork_server: ForkServer
) -> None:
    _, wrong = check(program, SAMPLE, mode, fork_server.run)
    assert wrong == []


def test_a_sample_takes_the_first_allocations_and_spreads_the_rest() -> None:
    assert list(numbers(3, None)) == [1, 2, 3]
    assert list(numbers(3, 5)) == [1, 2, 3]
    assert list(numbers(1000, 4)) == [1, 2, 3, 501]
