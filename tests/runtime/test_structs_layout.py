"""The places of fields in an instance: none overlaps another, and an instance is as large as they need."""

from __future__ import annotations

import pytest

from rufflang.runtime.structs_layout import (
    DEFINITION_BITS,
    DEFINITION_PLACE,
    instance_size,
    payload_place,
    tag_place,
)


@pytest.mark.parametrize("field_count", range(40))
def test_fields_lie_side_by_side_and_fill_the_instance(field_count: int) -> None:
    header_and_definition = DEFINITION_PLACE + DEFINITION_BITS // 8
    taken = list(range(header_and_definition))
    for slot in range(field_count):
        taken.append(tag_place(slot))
        taken.extend(range(payload_place(slot), payload_place(slot) + 8))
        assert payload_place(slot) % 8 == 0
    assert len(set(taken)) == len(taken)
    size = instance_size(field_count)
    assert max(taken) < size
    unused = size - len(taken)
    assert unused < 8


def test_two_fields_take_two_words_beside_the_header_and_the_definition() -> None:
    assert instance_size(2) == 32
