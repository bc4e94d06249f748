"""A block for which there is no memory is the error of the spawn that wanted it."""

from __future__ import annotations

import pytest

from rufflang.host import spawned_blocks
from rufflang.host.address_space import LEFT_ALONE_BYTES, sizes_for_block, sizes_for_program
from rufflang.host.machine import NO_LIMIT, Machine
from rufflang.run_options import RunOptions
from tests.host.test_limits import runs

MEGABYTE = 1 << 20

SPAWNS = """
answers := channel()
mut message := ""
try { spawn { answers.send(1) } } except e { message := e.message }
"""


def test_memory_that_is_lacking_while_a_block_is_set_up_is_an_error_of_the_spawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lack_memory(machine: Machine, units: object) -> None:
        raise MemoryError

    machine = Machine(RunOptions(jit="off"), "program.ruff")
    machine.furnish()
    with monkeypatch.context() as patch:
        patch.setattr(spawned_blocks, "load_units", lack_memory)
        # Nobody counts as alive who could still send something.
        wanted = "Cannot start a spawned block: the system has no room for another thread"
        assert runs(machine, f'{SPAWNS}assert_equal(message, "{wanted}")\nassert_equal(answers.receive(), null)')
    assert runs(machine, f"{SPAWNS}assert_equal(answers.receive(), 1)")
    machine.close()


@pytest.mark.parametrize("megabytes", [300, 1000, 9003, 1 << 20])
def test_a_block_leaves_much_of_a_limited_address_space_to_others(megabytes: int) -> None:
    sizes = sizes_for_block(megabytes * MEGABYTE)
    taken = sizes.value_stack + sizes.native_stack + sizes.heap
    assert taken <= (megabytes * MEGABYTE - LEFT_ALONE_BYTES) * 3 / 4


def test_there_is_no_block_where_little_address_space_is_left() -> None:
    with pytest.raises(MemoryError):
        sizes_for_block(LEFT_ALONE_BYTES + 100 * MEGABYTE)


def test_a_block_takes_what_a_program_takes_where_nothing_is_limited() -> None:
    assert sizes_for_block(None).heap == sizes_for_program(None).heap == NO_LIMIT
