"""Spawned blocks that hang, fail, print or multiply do not harm the program around them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.robustness.programs import output, printed_until_interrupted, run

MODES = pytest.mark.parametrize("mode", ["off", "sync"])

BUSY = {
    "loops": "mut n := 0\nwhile true { n := (n + 1) % 1000 }",
    "long builtins": "while true { sort(map(range(0, 300000), func(i) { return i * 7919 % 1000003 })) }",
    "sleep": "sleep(100000)",
}


@MODES
@pytest.mark.parametrize("work", BUSY)
def test_ctrl_c_ends_a_program_whose_blocks_are_busy(tmp_path: Path, work: str, mode: str) -> None:
    text = f'for i in range(3) {{ spawn {{ {BUSY[work]} }} }}\neprint("go")\nwhile true {{ sleep(1000) }}'
    printed_until_interrupted(tmp_path, text, "--jit", mode)


@MODES
@pytest.mark.parametrize("work", BUSY)
def test_the_end_of_a_program_stops_its_blocks(tmp_path: Path, work: str, mode: str) -> None:
    text = f"for i in range(3) {{ spawn {{ {BUSY[work]} }} }}\nsleep(200)\nprint(1)\nexit(4)"
    result = run(tmp_path, text, "--jit", mode)
    assert (result.stdout, result.stderr, result.exit_code) == ("1\n", "", 4)


def test_the_memory_limit_ends_only_the_block_that_meets_it(tmp_path: Path) -> None:
    text = """
ended := channel()
spawn {
    try { xs := []
        while true { xs := push(xs, "text") } } except e { ended.send("never") }
}
print(ended.receive())
numbers := range(1000000)
print(len(numbers))
"""
    result = run(tmp_path, text, "--max-memory", "32MB")
    assert result.stdout == "null\n1000000\n"
    assert result.stderr.startswith("[RUFVM001] [vm] Runtime Error: Memory limit of 32MB exceeded\n")
    assert result.exit_code == 0


def test_the_shared_store_has_a_limit_too(tmp_path: Path) -> None:
    text = 'mut i := 0\nwhile true { shared_set("k${i}", repeat("x", 1000))\n i := i + 1 }'
    result = run(tmp_path, text, "--max-memory", "16MB")
    assert result.stderr.startswith("[RUFVM001] [vm] Runtime Error: Memory limit of 16MB exceeded\n")
    assert result.exit_code == 4


def test_hundreds_of_blocks_run(tmp_path: Path) -> None:
    text = """
shared_set("done", 0)
for i in range(400) { spawn { shared_add_int("done", 1) } }
while shared_get("done") < 400 { sleep(1) }
print(shared_get("done"))
"""
    assert output(tmp_path, text) == ["400"]


def test_what_one_print_shows_stays_together(tmp_path: Path) -> None:
    text = """
shared_set("done", 0)
for block in range(4) {
    spawn {
        line := repeat(to_string(block), 3000)
        for i in range(100) { print(line) }
        shared_add_int("done", 1)
    }
}
while shared_get("done") < 4 { sleep(1) }
sleep(300)
"""
    lines = output(tmp_path, text)
    assert sorted(lines) == [str(block) * 3000 for block in range(4) for _ in range(100)]


def test_what_was_printed_before_a_block_starts_is_shown_before_what_it_prints(tmp_path: Path) -> None:
    text = 'print("first")\nspawn { print("second")\n shared_set("done", 1) }\n'
    text += 'while !shared_has("done") { sleep(1) }\nprint("third")'
    assert output(tmp_path, text) == ["first", "second", "third"]


def test_blocks_have_no_more_permissions_than_the_program(tmp_path: Path) -> None:
    text = """
spawn {
    try { now() } except e { print(e.message) }
    shared_set("done", 1)
}
while !shared_has("done") { }
"""
    result = run(tmp_path, text, "--untrusted")
    assert result.stdout == "Capability denied: clock required for now; rerun with --allow-clock\n"


def test_an_error_of_a_block_keeps_standard_output_clean_in_json_mode(tmp_path: Path) -> None:
    text = 'spawn { shared_set("started", 1)\n throw("x") }\n'
    text += 'while !shared_has("started") { sleep(1) }\nsleep(1000)\nprint(1)'
    result = run(tmp_path, text, "--json-runtime-diagnostics")
    assert result.stdout == "1\n"
    assert result.stderr.startswith("[RUFVM001] [vm] Runtime Error: x\n")
