"""A machine whose program met a limit can run another one, and can be closed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rufflang.bytecode.compiler import compile_program
from rufflang.host.machine import Machine
from rufflang.host.packing import packed_unit
from rufflang.run_options import RunOptions
from rufflang.stdlib.builtin_table import builtin_table
from rufflang.syntax import Source, parse


@pytest.fixture
def machine(request: pytest.FixtureRequest) -> Iterator[Machine]:
    made = Machine(request.param, "program.ruff")
    made.furnish()
    yield made
    made.close()


def runs(machine: Machine, text: str) -> bool:
    """Whether a program comes to its end on a machine."""
    source = Source("program.ruff", text)
    program = parse(source).program
    assert program is not None
    unit = packed_unit(compile_program(program, source, builtin_table(machine.runtime.rows)))
    return machine.run(machine.load(unit, source))


LIMITS = {
    "fuel": (RunOptions(fuel=1000, jit="off"), "while true { }", "Fuel limit of 1000 exceeded"),
    "fuel, compiled": (
        RunOptions(fuel=100_000, jit="sync"), "while true { }", "Fuel limit of 100000 exceeded",
    ),
    "memory": (
        RunOptions(max_memory_bytes=16 << 20, jit="off"),
        "xs := []\nwhile true { xs := push(xs, [1]) }",
        "Memory limit of 16MB exceeded",
    ),
    "depth": (
        RunOptions(max_call_depth=50, jit="off"), "func f() { return f() }\nf()",
        "Maximum VM call stack depth of 50 exceeded while calling f",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("machine", "text", "message"), LIMITS.values(), ids=LIMITS.keys(), indirect=["machine"]
)
def test_a_machine_goes_on_after_a_limit(machine: Machine, text: str, message: str) -> None:
    for _ in range(2):
        assert not runs(machine, text)
        assert machine.error().message == message
        assert runs(machine, "total := 0\nfor i in range(0, 100) { total := total + i }\nassert_equal(total, 4950)")


@pytest.mark.parametrize("machine", [RunOptions(timeout_seconds=0.1, jit="sync")], indirect=True)
def test_a_machine_goes_on_after_its_time_was_over(machine: Machine) -> None:
    timer = threading.Timer(0.1, machine.expire)
    timer.start()
    assert not runs(machine, "i := 0\nwhile true { i := (i + 1) % 100 }")
    assert machine.error().message == "Time limit of 0.1s exceeded"
    timer.join()
    assert runs(machine, "total := 0\nfor i in range(0, 100) { total := total + i }\nassert_equal(total, 4950)")


@pytest.mark.parametrize("machine", [RunOptions(jit="off")], indirect=True)
def test_an_import_that_an_error_left_unfinished_is_tried_again(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slow.ruff").write_text("await async_sleep(1)\nexport value := 7", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert not runs(machine, "async func load() { import slow }\nload()\nthrow(1)")
    assert runs(machine, "from slow import value\nassert_equal(value, 7)")
