"""Strings: making, joining, comparing, indexing, searching, with Python's str as the oracle."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rufflang.lowpy import function, i64
from rufflang.runtime import (
    strings,
    strings_adding,
    strings_comparing,
    strings_growing,
    strings_positions,
    strings_searching,
)
from rufflang.runtime.heap_layout import find_cell, heap_of
from rufflang.runtime.objects import ASCII, Object
from rufflang.runtime.vm import VM
from tests.runtime.text_fixture import TextVM, string_field, text_module
from tests.runtime.vm_fixture import text_of


@function
def cell_at(vm: VM, address: i64) -> Object:
    """The cell that an address points into."""
    return find_cell(heap_of(vm), address)


FUNCTIONS = [
    strings_adding.concat_strings, strings_comparing.string_equal, strings_comparing.string_compare,
    strings_positions.char_at, strings_positions.substring, strings_searching.string_contains,
    strings_searching.string_index_of, strings.seal_string, strings_searching.matches_at, strings._compute_hash,
    strings_growing._append_slowly, strings_growing.complete, strings.allocate_string, cell_at,
]  # fmt: skip

some_text = st.text(st.sampled_from("abß€😀 "), max_size=200) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=20
)
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def machine() -> Iterator[TextVM]:
    made = TextVM(text_module(FUNCTIONS))
    yield made
    made.vm.close()


@quick
@given(text=some_text)
def test_a_string_knows_its_bytes_characters_and_whether_it_is_ascii(machine: TextVM, text: str) -> None:
    address = machine.string(text)
    assert text_of(address) == text
    assert string_field(address, "byte_count") == len(text.encode())
    assert string_field(address, "char_count") == len(text)
    assert bool(string_field(address, "flags") & ASCII) == text.isascii()


@pytest.mark.parametrize("size", range(40))
def test_a_string_may_be_read_to_the_end_of_its_last_word_and_has_one(machine: TextVM, size: int) -> None:
    text = machine.vm.call(strings.allocate_string, size)
    words = max(-(-size // 8), 1)
    last = string_field(text, "data") + 8 * words - 1
    assert machine.vm.call(cell_at, last) == text


@quick
@given(pieces=st.lists(some_text, max_size=12))
def test_concatenation_gives_the_text_of_all_pieces(machine: TextVM, pieces: list[str]) -> None:
    total = machine.string("")
    made: list[tuple[int, str]] = []
    for index, piece in enumerate(pieces):
        total = machine.vm.call(strings_adding.concat_strings, total, machine.string(piece))
        made.append((total, "".join(pieces[: index + 1])))
    for address, expected in made:
        assert text_of(address) == expected
        assert string_field(address, "char_count") == len(expected)


@quick
@given(start=some_text, pieces=st.lists(some_text, max_size=20), rounds=st.integers(1, 9))
def test_a_text_that_grew_in_place_is_the_text_of_all_pieces(
    machine: TextVM, start: str, pieces: list[str], rounds: int
) -> None:
    first = machine.string(start)
    text = first
    for piece in pieces * rounds:
        text = machine.vm.call(strings_growing._append_slowly, text, machine.string(piece))[1]
    finished = machine.vm.call(strings_growing.complete, text)
    assert text_of(finished) == start + "".join(pieces * rounds)
    assert string_field(finished, "char_count") == len(text_of(finished))
    assert bool(string_field(finished, "flags") & ASCII) == text_of(finished).isascii()
    assert not string_field(finished, "flags") & strings_growing.GROWING
    assert text_of(first) == start


def test_two_texts_that_grow_from_one_do_not_disturb_each_other(machine: TextVM) -> None:
    start = machine.vm.call(strings_adding.concat_strings, machine.string("x" * 100), machine.string("y" * 100))
    left = machine.vm.call(strings_adding.concat_strings, start, machine.string("left"))
    right = machine.vm.call(strings_adding.concat_strings, start, machine.string("right"))
    expected = "x" * 100 + "y" * 100
    assert text_of(start) == expected
    assert text_of(left) == expected + "left"
    assert text_of(right) == expected + "right"


def test_appending_to_a_long_text_reuses_its_buffer(machine: TextVM) -> None:
    text = machine.vm.call(strings_adding.concat_strings, machine.string("x" * 100), machine.string("y" * 100))
    longer = machine.vm.call(strings_adding.concat_strings, text, machine.string("z"))
    assert string_field(longer, "data") == string_field(text, "data")


def test_a_text_can_be_joined_to_itself(machine: TextVM) -> None:
    text = machine.vm.call(strings_adding.concat_strings, machine.string("ab" * 50), machine.string("cd" * 50))
    assert text_of(machine.vm.call(strings_adding.concat_strings, text, text)) == ("ab" * 50 + "cd" * 50) * 2


@quick
@given(left=some_text, right=some_text)
def test_order_and_equality_are_by_code_point(machine: TextVM, left: str, right: str) -> None:
    a, b = machine.string(left), machine.string(right)
    order = machine.vm.module.call(strings_comparing.string_compare, a, b)
    assert (order > 0) - (order < 0) == (left > right) - (left < right)
    assert machine.vm.module.call(strings_comparing.string_equal, a, b) == (left == right)


@quick
@given(left=some_text, right=some_text)
def test_equal_texts_have_equal_hashes_however_they_were_made(machine: TextVM, left: str, right: str) -> None:
    joined = machine.vm.call(strings_adding.concat_strings, machine.string(left), machine.string(right))
    whole = machine.string(left + right)
    hash_of = strings._compute_hash
    assert machine.vm.module.call(hash_of, joined) == machine.vm.module.call(hash_of, whole) != 0


def test_hashes_of_different_short_texts_differ(machine: TextVM) -> None:
    texts = [f"key{number}" for number in range(500)] + [chr(number) * 9 for number in range(97, 123)]
    hashes = {machine.vm.module.call(strings._compute_hash, machine.string(text)) for text in texts}
    assert len(hashes) == len(texts)


@quick
@given(text=some_text, start=st.integers(-10, 250), end=st.integers(-10, 250))
def test_a_substring_counts_characters_and_clamps_its_bounds(
    machine: TextVM, text: str, start: int, end: int
) -> None:
    part = machine.vm.call(strings_positions.substring, machine.string(text), start, end)
    assert text_of(part) == text[max(start, 0) : max(end, 0)]


@quick
@given(text=some_text.filter(bool), data=st.data())
def test_every_character_is_found_by_its_index(machine: TextVM, text: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(text) - 1))
    assert text_of(machine.vm.call(strings_positions.char_at, machine.string(text), index)) == text[index]


@quick
@given(text=some_text.filter(bool), other=some_text.filter(bool), indices=st.lists(st.integers(0, 10**6), min_size=1))
def test_characters_of_long_texts_are_found_in_any_order(
    machine: TextVM, text: str, other: str, indices: list[int]
) -> None:
    long = [(text + other) * 40, (other + "€" + text) * 55]
    made = [machine.string(item) for item in long]
    for number in indices:
        for item, address in zip(long, made, strict=True):
            index = number % len(item)
            assert text_of(machine.vm.call(strings_positions.char_at, address, index)) == item[index]
            part = machine.vm.call(strings_positions.substring, address, index, index + 70)
            assert text_of(part) == item[index : index + 70]


@quick
@given(text=some_text, part=some_text, data=st.data())
def test_searching_answers_character_positions(
    machine: TextVM, text: str, part: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    for wanted in (part, text[start : start + 3]):
        arguments = machine.string(text), machine.string(wanted)
        assert machine.vm.module.call(strings_searching.string_index_of, *arguments) == text.find(wanted)
        assert machine.vm.module.call(strings_searching.string_contains, *arguments) == (wanted in text)
