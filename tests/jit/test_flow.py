"""The JIT's view of a chunk: blocks, which registers are wanted where, loops, handlers."""

from __future__ import annotations

from pathlib import Path

import pytest

from rufflang.bytecode.chunk import Chunk, all_chunks
from rufflang.bytecode.flow import Flow, decode, registers_in, signed
from rufflang.cli.bytecode_of import bytecode_of
from rufflang.cli.front_end import load_program
from tests.cli.command import PROJECT
from tests.jit.hot_programs import chunks_of

LOOP = """
    func f(n) {
        mut total := 0
        mut i := 0
        while i < n {
            if i == 5 { break }
            total += i
            i += 1
        }
        return total
    }
"""


def flow_of(text: str, name: str = "f") -> Flow:
    chunk = chunks_of(text)[name]
    return Flow(chunk, chunk.code)


def test_signed_fields_are_twos_complement() -> None:
    assert [signed(value, 16) for value in (0, 1, 0x7FFF, 0x8000, 0xFFFF)] == [0, 1, 32767, -32768, -1]


def test_decoding_covers_every_word_once() -> None:
    chunk = chunks_of(LOOP)["f"]
    instructions = decode(chunk.code)
    covered = [pc for item in instructions.values() for pc in range(item.pc, item.next)]
    assert covered == list(range(len(chunk.code)))


def test_straight_code_is_one_block() -> None:
    flow = flow_of("func f(a, b) { return (a + b) * a }")
    block, unreachable = flow.blocks.values()
    assert [item.name for item in unreachable.instructions] == ["RETURN_NULL"]
    assert registers_in(block.live_in) == [0, 1]
    assert block.successors == []
    assert flow.loop_ends == {}


def test_blocks_start_where_jumps_lead_and_end_where_they_leave() -> None:
    flow = flow_of(LOOP)
    starts = set(flow.blocks)
    for block in flow.blocks.values():
        assert set(block.successors) <= starts
        assert all(item.target is None and item.falls_through for item in block.instructions[:-1])
        for item in block.instructions[:-1]:
            assert item.next not in starts


def test_a_loop_is_its_header_and_the_end_of_its_last_backward_jump() -> None:
    flow = flow_of(LOOP)
    assert len(flow.loop_ends) == 1
    ((header, end),) = flow.loop_ends.items()
    last = max(pc for pc in flow.instructions if pc < end)
    assert flow.instructions[last].name == "LOOP"
    assert flow.instructions[last].target == header


def test_what_a_loop_needs_from_before_is_wanted_at_its_header() -> None:
    flow = flow_of(LOOP)
    ((header, end),) = flow.loop_ends.items()
    wanted = flow.blocks[header].live_in
    written = flow.written_between(header, end)
    # n is read, total and i are read and written; temporaries of the body are not wanted.
    assert len(registers_in(wanted)) == 3
    assert len(registers_in(wanted & written)) == 2
    assert registers_in(wanted & ~written) == [0]


def test_nested_loops_are_two_loops_one_inside_the_other() -> None:
    flow = flow_of("""
        func f(n) {
            mut total := 0
            for i in n {
                for j in i { total += j }
            }
            return total
        }
    """)
    (outer, outer_end), (inner, inner_end) = sorted(flow.loop_ends.items())
    assert outer < inner < inner_end <= outer_end


def test_a_part_of_a_chunk_has_only_its_own_blocks_but_knows_what_is_wanted_after_it() -> None:
    chunk = chunks_of(LOOP)["f"]
    whole = Flow(chunk, chunk.code)
    ((header, end),) = whole.loop_ends.items()
    part = Flow(chunk, chunk.code, header, end)
    assert all(header <= pc < end for pc in part.blocks)
    assert {pc: block.live_in for pc, block in part.blocks.items()} == {
        pc: whole.blocks[pc].live_in for pc in part.blocks
    }


def test_code_under_a_handler_wants_what_the_handler_wants() -> None:
    flow = flow_of("""
        func f(a, b) {
            mut result := 0
            try { result = a / b } except e { return [a, e] }
            return result
        }
    """)
    (handler,) = flow.chunk.handlers
    inside = flow.handler_at(handler.start)
    assert inside is handler
    assert flow.handler_at(handler.target) is None
    caught = flow.handler_live(handler)
    assert 0 in registers_in(caught)
    assert handler.register not in registers_in(caught)
    assert caught & ~flow.all_blocks[handler.start].live_in == 0


def wanted_by_following_paths(flow: Flow, pc: int) -> int:
    """Registers that some path from `pc` reads before it writes them, found by walking every path."""
    wanted = 0
    waiting, seen = [(pc, 0)], set[tuple[int, int]]()
    while waiting:
        position, written = waiting.pop()
        if (position, written) in seen or position not in flow.instructions:
            continue
        seen.add((position, written))
        item, effects = flow.instructions[position], flow.effects[position]
        wanted |= effects.reads & ~written
        handler = flow.handler_at(position)
        if handler is not None:
            waiting.append((handler.target, written | 1 << handler.register))
        written |= effects.writes
        waiting += [(next_pc, written) for next_pc in (item.target, item.next if item.falls_through else None)
                    if next_pc is not None]  # fmt: skip
    return wanted


def small_chunks() -> list[Chunk]:
    chunks: list[Chunk] = []
    for path in sorted((PROJECT / "tests" / "conformance" / "jit").glob("*.ruff")):
        unit, _ = bytecode_of(load_program(str(path)))
        chunks += [chunk for chunk in all_chunks(unit.main) if len(chunk.code) <= 60]
    return chunks


def test_liveness_is_what_following_every_path_finds() -> None:
    chunks = small_chunks()
    assert len(chunks) > 50
    for chunk in chunks:
        flow = Flow(chunk, chunk.code)
        for pc, block in flow.blocks.items():
            assert registers_in(block.live_in) == registers_in(wanted_by_following_paths(flow, pc)), (chunk.name, pc)


@pytest.mark.parametrize("path", sorted((PROJECT / "examples").glob("*.ruff")), ids=lambda path: path.name)
def test_nothing_but_parameters_is_wanted_at_the_start_of_a_function(path: Path) -> None:
    unit, _ = bytecode_of(load_program(str(path)))
    for chunk in all_chunks(unit.main):
        live = registers_in(Flow(chunk, chunk.code).all_blocks[0].live_in)
        assert all(register < chunk.parameter_count for register in live), (chunk.name, live)
