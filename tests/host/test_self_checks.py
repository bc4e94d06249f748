"""With RUFFLANG_JIT_CHECK the VM notices what does not hold where one way of running hands over to another.

Each test runs a program in a process of its own, damages the VM's memory in the middle of it, or makes
the JIT compiler do a mistake, and expects the process to end with exit code 6 and a message that says
what is wrong, and where.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]

DRIVER = """
import sys
from rufflang.cli import main
from rufflang.host.callbacks import HostCallbacks
from rufflang.interpreter.native_library import load
from rufflang.jit.memory import Memory, read_word, write_word
from rufflang.lowpy.types import struct_type
from rufflang.runtime.objects import ArrayObject, DictObject
from rufflang.runtime.values import ARRAY, BOOL, DICT, STRING
from rufflang.runtime.vm import VM

def place(owner, field):
    return struct_type(owner).fields[field].offset

def register(tag):
    frame = read_word(machine + place(VM, "frame"))
    return next(frame + 16 * n for n in range(20) if read_word(frame + 16 * n) == tag)

def payload(tag):
    return read_word(register(tag) + 8)

def on_text(self, vm, operation, string):
    global machine
    machine = vm
    {damage}
    return string

HostCallbacks._on_text = on_text
{setup}
sys.exit(main(sys.argv[1:]))
"""

LOOP = """func work() {
    mut numbers := [1, 2, 3]
    mut names := {"a": 1}
    mut flag := true
    mut total := 0
    upper("é")
    for i in range(5) { total += i }
    return [numbers, names, flag, total]
}
work()
"""

GENERATOR = """func* items() {
    mut numbers := [1, 2, 3]
    upper("é")
    yield 1
    yield numbers
}
for item in items() { }
"""

TASK = """async func work() {
    mut numbers := [1, 2, 3]
    upper("é")
    await async_sleep(0)
    return numbers
}
await work()
"""

AT_ONCE = ("--jit", "sync", "--jit-threshold", "1", "--loop-threshold", "1")
OFF = ("--jit", "off")


def run(
    folder: Path, text: str, options: tuple[str, ...], damage: str, setup: str = ""
) -> subprocess.CompletedProcess[str]:
    """Runs a program that is damaged where it calls `upper`."""
    (folder / "program.ruff").write_text(text, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "RUFFLANG_JIT_CHECK": "1"}
    driver = DRIVER.format(damage=damage, setup=setup)
    command = [sys.executable, "-c", driver, "run", "program.ruff", *options]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=100)


@pytest.mark.parametrize(("damage", "message"), [
    ("write_word(register(ARRAY), 28)", "an unknown tag in register r0 (tag 28,"),
    ("write_word(register(ARRAY) + 8, payload(ARRAY) + 8)", "a pointer that leads to no object in register r0 (tag 6,"),
    ("write_word(register(ARRAY) + 8, payload(DICT))", "a pointer to an object of another kind in register r0 (tag 6,"),
    ("write_word(payload(ARRAY) + place(ArrayObject, 'length'), 1000)",
     "an array with more elements than room for them in register r0 (tag 6,"),
    ("write_word(payload(ARRAY) + place(ArrayObject, 'data'), machine)",
     "an array whose elements are in no block of their kind in register r0 (tag 6,"),
    ("write_word(payload(DICT) + place(DictObject, 'count'), 2)",
     "a dict whose counts do not fit each other in register r1 (tag 7,"),
    ("write_word(read_word(payload(DICT) + place(DictObject, 'entries')), BOOL)",
     "a dict with a key that is none in register r1 (tag 7,"),
    ("write_word(register(BOOL) + 8, 2)", "a bool that is neither 0 nor 1 in register r2 (tag 2, payload 0x2)"),
    ("write_word(machine + place(VM, 'depth'), 8)", "a depth that is not the number of frames (tag 8, payload 0x2)"),
], ids=lambda item: item)  # fmt: skip
def test_damage_is_noticed_where_a_compiled_loop_is_entered(tmp_path: Path, damage: str, message: str) -> None:
    result = run(tmp_path, LOOP, AT_ONCE, damage)
    assert result.returncode == 6, result.stderr
    assert result.stderr.startswith(f"VM check failed: {message}"), result.stderr
    assert ", entering a compiled loop of work, before instruction " in result.stderr


@pytest.mark.parametrize(("text", "options", "damage", "place"), [
    (GENERATOR, OFF, "write_word(register(ARRAY), 28)", "suspending a generator of items, before instruction "),
    (TASK, OFF, "write_word(machine + place(VM, 'depth'), 8)", "suspending a task of work"),
], ids=["generator", "task"])  # fmt: skip
def test_damage_is_noticed_where_something_is_suspended(
    tmp_path: Path, text: str, options: tuple[str, ...], damage: str, place: str
) -> None:
    result = run(tmp_path, text, options, damage)
    assert result.returncode == 6, result.stderr
    assert place in result.stderr


def test_a_mistake_of_the_compiler_is_noticed_where_its_code_is_left(tmp_path: Path) -> None:
    setup = """
from rufflang.jit import translator
from rufflang.jit.code_keeping import CodeKeeper
correct = translator.Translator.stores
def stores(self, wanted, environment):
    stores = correct(self, wanted, environment)
    tags = [store for store in stores if store.offset % 16 == 0]
    return [translator.Store(store.base, store.offset, self.emitter.number(27)) for store in tags]
translator.Translator.stores = stores
CodeKeeper.keep = lambda self, *arguments, **options: None
"""
    text = "mut total := 0\nfor i in range(7003) { total += i }\nprint(total)\n"
    result = run(tmp_path, text, AT_ONCE, "pass", setup)
    assert result.returncode == 6, result.stderr
    assert result.stderr.startswith("VM check failed: an unknown tag in register r"), result.stderr
    assert ", leaving a compiled loop of <top level>, before instruction " in result.stderr


def test_what_was_printed_before_is_shown(tmp_path: Path) -> None:
    result = run(tmp_path, 'print("before")\n' + LOOP, AT_ONCE, "write_word(register(ARRAY), 28)")
    assert (result.stdout, result.returncode) == ("before\n", 6)


@pytest.mark.parametrize("text", [LOOP, GENERATOR, TASK], ids=["loop", "generator", "task"])
def test_a_program_in_order_is_not_disturbed(tmp_path: Path, text: str) -> None:
    result = run(tmp_path, text, AT_ONCE, "pass")
    assert (result.returncode, result.stderr) == (0, "")
