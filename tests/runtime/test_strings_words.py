"""Short texts that are kept for whoever makes them again, with Python's str as the oracle."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rufflang.runtime import strings_adding, strings_words
from rufflang.runtime.heap_layout import KEPT_WORDS, WORD_CREDIT, Heap
from tests.runtime.text_fixture import TextVM, text_module
from tests.runtime.vm_fixture import read_field, text_of

FUNCTIONS = [strings_words.byte_slice, strings_adding.concat_strings]

# Zeros and bytes as small as a size must not be taken for what a shorter text is known by.
some_text = st.text(st.sampled_from("\0\1\7ab"), max_size=20) | st.text(st.sampled_from("aß€😀"), max_size=12)
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def machine() -> Iterator[TextVM]:
    made = TextVM(text_module(FUNCTIONS))
    yield made
    made.vm.close()


def cut(machine: TextVM, text: int, start: int, end: int) -> int:
    """The address of the string of some bytes of a text."""
    address: int = machine.vm.call(strings_words.byte_slice, text, start, end)
    return address


def credit(machine: TextVM) -> int:
    left: int = read_field(machine.vm.field("heap"), Heap, "word_credit")
    return left


@quick
@given(text=some_text)
def test_every_part_of_a_text_is_right_whatever_was_made_before(machine: TextVM, text: str) -> None:
    address = machine.string(text)
    starts = [len(text[:i].encode()) for i in range(len(text) + 1)]
    for i, start in enumerate(starts):
        for j, end in enumerate(starts[i:], i):
            assert text_of(cut(machine, address, start, end)) == text[i:j]


@quick
@given(a=some_text, b=some_text)
def test_sums_and_parts_with_the_same_characters_are_one_text(machine: TextVM, a: str, b: str) -> None:
    joined = machine.vm.call(strings_adding.concat_strings, machine.string(a), machine.string(b))
    assert text_of(joined) == a + b
    if a and b and len((a + b).encode()) <= 8 and a.isascii() and b.isascii():
        assert cut(machine, machine.string(f"x{a}{b}x"), 1, 1 + len(a + b)) == joined


def test_a_word_is_the_same_text_until_a_collection_and_right_after_it(machine: TextVM) -> None:
    first = cut(machine, machine.string("a word here"), 2, 6)
    assert cut(machine, machine.string("word by word"), 8, 12) == first
    machine.vm.collect()
    assert credit(machine) == WORD_CREDIT
    other = cut(machine, machine.string("the swords"), 5, 9)
    assert text_of(other) == "word"
    assert cut(machine, machine.string("word by word"), 8, 12) == other


def test_nothing_is_kept_where_hardly_any_word_comes_again_until_the_next_collection(machine: TextVM) -> None:
    many = machine.string("".join(f"{number:04x}" for number in range(4 * KEPT_WORDS)))
    for number in range(4 * KEPT_WORDS):
        cut(machine, many, 4 * number, 4 * number + 4)
    assert credit(machine) < 0
    text = machine.string("once and once more")
    assert cut(machine, text, 0, 4) != cut(machine, text, 9, 13)
    machine.vm.collect()
    text = machine.string("once and once more")
    assert cut(machine, text, 0, 4) == cut(machine, text, 9, 13)


def test_a_word_that_was_found_as_often_as_it_cost_is_let_go_by_a_collection_too(machine: TextVM) -> None:
    for _ in range(4):
        cut(machine, machine.string("a word here"), 2, 6)
    machine.vm.collect()
    before = credit(machine)
    cut(machine, machine.string("a word here"), 2, 6)
    assert credit(machine) < before, "it was made anew"
