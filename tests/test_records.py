"""Records do what dataclasses would do."""

from __future__ import annotations

import copy

import pytest

from rufflang.records import Record, field, replace
from rufflang.syntax import Diagnostic, Span


class Nothing(Record):
    pass


class Bag(Record, frozen=False):
    name: str
    items: list[int] = field(factory=list)
    limit: int | None = None
    make: dict[str, int] = field(factory=dict)


def test_records_compare_by_value_and_show_their_fields() -> None:
    assert Span(1, 2, 3, 4) == Span(1, 2, 3, column=4) != Span(1, 2, 3, 5)
    assert len({Span(1, 2, 3, 4), Span(1, 2, 3, 4)}) == 1
    assert repr(Span(1, 2, 3, 4)) == "Span(start=1, end=2, line=3, column=4)"
    assert Diagnostic("a", "b", "c", None, None).severity == "error"


def test_records_of_different_classes_are_different() -> None:
    class Other(Record):
        start: int
        end: int
        line: int
        column: int

    assert Span(1, 2, 3, 4) != Other(1, 2, 3, 4)
    assert Nothing() == Nothing() != Span(1, 2, 3, 4)
    assert len({Nothing(), Nothing()}) == 1


def test_each_record_gets_a_value_of_its_own_from_a_factory() -> None:
    first, second = Bag("first"), Bag("second")
    first.items.append(1)
    assert (first.items, second.items, first.limit) == ([1], [], None)
    assert Bag("third", [3], limit=4).items == [3]


def test_what_has_no_default_must_be_given() -> None:
    with pytest.raises(TypeError, match="name"):
        Bag()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="size"):
        Bag("a", size=3)  # type: ignore[call-arg]


def test_records_that_may_change_cannot_be_hashed() -> None:
    assert Bag("a") == Bag("a")
    with pytest.raises(TypeError, match="unhashable"):
        hash(Bag("a"))


def test_records_have_no_other_attributes_than_their_fields() -> None:
    with pytest.raises(AttributeError):
        Bag("a").size = 3  # type: ignore[attr-defined]


def test_a_record_can_be_replaced_in_part() -> None:
    assert replace(Bag("a", [1], 2), name="b", limit=None) == Bag("b", [1])


def test_records_can_be_copied() -> None:
    assert copy.copy(Span(1, 2, 3, 4)) == copy.deepcopy(Span(1, 2, 3, 4)) == Span(1, 2, 3, 4)
