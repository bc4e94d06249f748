"""Channels between threads: who waits for whom, what moves, what cannot, and what nobody can stop."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.robustness.programs import output, printed_until_interrupted, run

MODES = pytest.mark.parametrize("mode", ["off", "sync"])


@MODES
def test_workers_learn_that_there_is_no_more_work_before_the_program_learns_it(
    tmp_path: Path, mode: str
) -> None:
    text = """
jobs := channel()
results := channel()
for worker in range(3) {
    spawn {
        loop {
            job := jobs.receive()
            if job == null { break }
            results.send(job * job)
        }
        results.send("worker done")
    }
}
for job in range(6) { jobs.send(job) }
mut sum := 0
mut done := 0
loop {
    result := results.receive()
    if result == null { break }
    if result == "worker done" { done += 1 } else { sum += result }
}
print(sum, done)
"""
    assert output(tmp_path, text, "--jit", mode) == ["55 3"]


def test_what_is_in_a_channel_moves_when_it_crosses_however_deep(tmp_path: Path) -> None:
    text = """
mut chain := channel()
chain.send("bottom")
for i in range(50000) {
    outer := channel()
    outer.send(chain)
    chain := outer
}
itself := channel()
itself.send(itself)
out := channel()
spawn {
    mut depth := 0
    mut inner := chain.receive()
    while type(inner) != "string" {
        depth += 1
        inner := inner.receive()
    }
    itself.receive().send("back")
    out.send(depth)
}
print(out.receive(), itself.receive())
"""
    assert output(tmp_path, text) == ["50000 back"]


def test_a_channel_with_something_that_cannot_cross_stays_as_it_was(tmp_path: Path) -> None:
    text = """
func* items() { yield 1 }
mixed := channel()
other := channel()
mixed.send(other)
mixed.send(items())
other.send("first")
other.send(items())
try { spawn { mixed.receive() } } except e { print(e.message) }
same := mixed.receive()
print(same.receive(), type(other.receive()), type(mixed.receive()), mixed.receive())
shared := channel()
spawn { shared.receive() }
try { shared.send([items()]) } except e { print(e.message) }
async func later() { return 1 }
try { shared.send(later()) } except e { print(e.message) }
try { shared.send(spawn_task(later)) } except e { print(e.message) }
"""
    assert output(tmp_path, text) == [
        "Cannot send a generator to another thread",
        "first generator generator null",
        "Cannot send a generator to another thread",
        "Cannot send a promise to another thread",
        "Cannot send a taskhandle to another thread",
    ]


@MODES
def test_tasks_go_on_while_one_of_them_waits_for_another_thread(tmp_path: Path, mode: str) -> None:
    text = """
slow := channel()
go := channel()
spawn {
    go.receive()
    sleep(50)
    slow.send("from the block")
}
async func tick(n) {
    for i in range(n) { await async_sleep(1) }
    print("ticked")
    go.send(true)
}
async func wait_for_it() { print(slow.receive()) }
waiting := wait_for_it()
await tick(3)
await waiting
print(slow.receive())
"""
    assert output(tmp_path, text, "--jit", mode) == ["ticked", "from the block", "null"]


@MODES
def test_many_messages_arrive_once_and_in_order_of_their_sender(tmp_path: Path, mode: str) -> None:
    text = """
messages := channel()
for sender in range(3) {
    spawn { for i in range(3000) { messages.send([sender, i, "text ${i}"]) } }
}
next := [0, 0, 0]
mut wrong := 0
for i in range(9000) {
    [sender, number, words] := messages.receive()
    if next[sender] != number || words != "text ${number}" { wrong += 1 }
    next[sender] := number + 1
}
print(next, wrong, messages.receive())
"""
    assert output(tmp_path, text, "--jit", mode) == ["[3000, 3000, 3000] 0 null"]


def test_a_function_arrives_only_where_its_module_is_imported(tmp_path: Path) -> None:
    (tmp_path / "tools.ruff").write_text("mut base := 1\nexport func add(n) { base += n\n return base }")
    text = """
ch := channel()
go := channel()
for round in range(2) {
    spawn {
        import tools
        tools.add(10)
        ch.send([tools.add])
        go.receive()
    }
}
try { ch.receive() } except e { print(e.message) }
import tools
print(ch.receive()[0](100), tools.add(0))
"""
    assert output(tmp_path, text) == [
        "Cannot receive a function from another thread: its module is not imported here",
        "101 101",
    ]


def test_a_block_that_fails_does_not_keep_others_waiting(tmp_path: Path) -> None:
    text = 'ch := channel()\nspawn { sleep(20)\n throw("gone") }\nprint(ch.receive())\nspawn { ch.receive() }\n'
    result = run(tmp_path, text + "print(ch.receive())")
    assert result.stdout == "null\nnull\n"
    assert result.stderr.startswith("[RUFVM001] [vm] Runtime Error: gone\n")
    assert result.exit_code == 0


def test_a_receiver_waits_for_any_block_that_runs(tmp_path: Path) -> None:
    text = 'ch := channel()\nspawn { sleep(50)\n print("block") }\nprint(ch.receive())'
    assert output(tmp_path, text) == ["block", "null"]


def test_exit_in_a_block_ends_a_program_that_waits(tmp_path: Path) -> None:
    result = run(tmp_path, 'ch := channel()\nspawn { sleep(20)\n exit(4) }\nch.receive()\nprint("never")')
    assert (result.stdout, result.stderr, result.exit_code) == ("", "", 4)


def test_blocks_have_fuel_of_their_own_and_use_none_while_they_wait(tmp_path: Path) -> None:
    text = """
ch := channel()
ended := channel()
spawn {
    ch.receive()
    print("received")
    while true { }
}
sleep(100)
ch.send(1)
print(ended.receive())
for i in range(3) { print(i) }
"""
    result = run(tmp_path, text, "--fuel", "100000")
    assert result.stdout.splitlines() == ["received", "null", "0", "1", "2"]
    assert result.stderr.startswith("[RUFVM001] [vm] Runtime Error: Fuel limit of 100000 exceeded\n")
    assert result.exit_code == 0


def test_a_sender_that_nobody_listens_to_meets_the_memory_limit(tmp_path: Path) -> None:
    text = 'ch := channel()\nspawn { sleep(100000)\n ch.receive() }\nwhile true { ch.send(repeat("x", 1000)) }'
    result = run(tmp_path, text, "--max-memory", "16MB")
    assert result.stderr.startswith("[RUFVM001] [vm] Runtime Error: Memory limit of 16MB exceeded\n")
    assert result.exit_code == 4


def test_blocks_that_wait_for_ever_are_stopped_at_the_end(tmp_path: Path) -> None:
    text = 'ch := channel()\nfor i in range(20) { spawn { ch.receive() } }\nsleep(50)\nprint("over")'
    assert output(tmp_path, text) == ["over"]


def test_ctrl_c_ends_a_program_that_waits_for_a_block(tmp_path: Path) -> None:
    text = 'ch := channel()\nspawn { while true { } ch.send(1) }\neprint("go")\nprint(ch.receive())'
    printed_until_interrupted(tmp_path, text)
