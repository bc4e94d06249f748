"""The tables in which the VM counts."""

from __future__ import annotations

import ctypes
import random
from collections.abc import Iterator

import pytest

from rufflang.interpreter.native_library import load
from rufflang.runtime.tally import ENTRY_WORDS, LEAST_CAPACITY

_P, _I = ctypes.c_void_p, ctypes.c_int64


class Tally:
    """A table in native memory."""

    def __init__(self) -> None:
        self._library = load().library
        self._address = self._function("tally.new_tally", _P)()
        self._add = self._function("tally.add_to_tally", _I, _P, _I, _I, _I)

    def _function(self, symbol: str, result: type, *parameters: type) -> ctypes._FuncPointer:
        return ctypes.CFUNCTYPE(result, *parameters)(self._library.address(symbol))

    def add(self, first: int, second: int, amount: int) -> int:
        number: int = self._add(self._address, first, second, amount)
        return number

    def entries(self) -> list[tuple[int, ...]]:
        count = self._function("ruff_tally_count", _I, _P)(self._address)
        if count == 0:
            return []
        words = (_I * (ENTRY_WORDS * count)).from_address(self._function("ruff_tally_entries", _P, _P)(self._address))
        return [tuple(words[ENTRY_WORDS * n : ENTRY_WORDS * (n + 1)]) for n in range(count)]

    def close(self) -> None:
        self._function("tally.free_tally", None, _P)(self._address)  # type: ignore[arg-type]


@pytest.fixture
def tally() -> Iterator[Tally]:
    table = Tally()
    yield table
    table.close()


def test_a_new_table_is_empty(tally: Tally) -> None:
    assert tally.entries() == []


def test_a_key_is_counted_and_its_amounts_are_summed(tally: Tally) -> None:
    assert [tally.add(1, 2, 10), tally.add(-1, 2, 5), tally.add(1, 2, 30)] == [0, 1, 0]
    assert tally.entries() == [(1, 2, 2, 40), (-1, 2, 1, 5)]


def test_entries_keep_their_numbers_when_the_table_grows(tally: Tally) -> None:
    numbers = random.Random(7)
    expected: dict[tuple[int, int], list[int]] = {}
    places: dict[tuple[int, int], int] = {}
    for _ in range(20 * LEAST_CAPACITY):
        key = numbers.randrange(-60, 60), numbers.randrange(1 << 40, (1 << 40) + 60)
        place = tally.add(*key, 3)
        assert places.setdefault(key, place) == place
        count, amount = expected.get(key, [0, 0])
        expected[key] = [count + 1, amount + 3]
    assert tally.entries() == [(*key, *sums) for key, sums in expected.items()]
