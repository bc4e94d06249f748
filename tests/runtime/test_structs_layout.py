"""The places of fields in an instance: none overlaps another, and an instance is as large as they need."""

from __future__ import annotations

import pytest

from rufflang.runtime.structs_layout import (
    FIRST_PAYLOAD,
    FIRST_TAGS,
    field_place,
    instance_size,
    payload_place,
)


@pytest.mark.parametrize("field_count", range(40))
def test_fields_lie_side_by_side_and_fill_the_instance(field_count: int) -> None:
    taken = [*range(FIRST_PAYLOAD - FIRST_TAGS)]
    for slot in range(field_count):
        place = field_place(slot)
        payload = payload_place(place)
        taken += [place, *range(payload, payload + 8)]
        assert payload % 8 == 0
    assert len(set(taken)) == len(taken)
    size = instance_size(field_count)
    assert max(taken) < size
    unused = size - len(taken)
    assert unused < 8


def test_up_to_four_fields_take_a_word_each_beside_the_header() -> None:
    assert [instance_size(count) for count in range(6)] == [8, 16, 24, 32, 40, 56]
