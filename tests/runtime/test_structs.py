"""Struct instances: fields declared and added, reading and writing them, copies, anonymous definitions."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pytest

from rufflang.runtime import fields
from rufflang.runtime.display import display
from rufflang.runtime.sharing import clone_container
from rufflang.runtime.structs_layout import NUMBER, SHAPE_PLACE
from rufflang.runtime.values import ERROR, INT, NULL
from tests.runtime.container_values import Instance, Pair, Workshop, mark, native, owned, write_index
from tests.runtime.vm_fixture import text_of


@pytest.fixture(params=[0, 1], ids=["plain", "stress"])
def shop(request: pytest.FixtureRequest) -> Iterator[Workshop]:
    machine = native().vm(stress=request.param)
    yield Workshop(machine)
    machine.close()


def get(shop: Workshop, base: Pair, name: str) -> Any:
    return shop.python(shop.call(fields.field_get_any, base, shop.text(name)))


def put(shop: Workshop, base: Pair, name: str, value: Any) -> None:
    shop.call(fields.field_set_any, base, shop.text(name), shop.value(value))


def failing(shop: Workshop, native_function: Any, *arguments: Any) -> str:
    assert shop.vm.call(native_function, *arguments)[0] == ERROR
    return shop.vm.error_text()


def shown(shop: Workshop, value: Pair) -> str:
    return text_of(shop.vm.call(display, value))


def definition_number(value: Pair) -> int:
    return ctypes.c_uint16.from_address(value[1] + SHAPE_PLACE).value & NUMBER


def test_declared_and_added_fields_are_read_and_written_alike(shop: Workshop) -> None:
    point = shop.value(Instance("P", {"x": 1, "y": 2, "z": 3}))
    assert [get(shop, point, name) for name in "xyz"] == [1, 2, 3]
    for name in ("x", "z", "new"):
        put(shop, point, name, [name])
    assert shown(shop, point) == "P { new: [new], x: [x], y: 2, z: [z] }"


def test_absent_fields_cannot_be_read(shop: Workshop) -> None:
    point = shop.value(Instance("P", {"x": 1}))
    assert failing(shop, fields.field_get_any, point, shop.text("y")) == "Field not found: y"
    assert shop.vm.call(fields.field_get_optional, point, shop.text("y")) == (NULL, 0)


def test_entries_of_dicts_are_fields_too(shop: Workshop) -> None:
    table = shop.value({"a": 1})
    assert get(shop, table, "a") == 1
    assert get(shop, table, "b") is None
    put(shop, table, "b", 2)
    assert shop.python(table) == {"a": 1, "b": 2}
    assert shop.vm.call(fields.field_get_optional, table, shop.text("c")) == (NULL, 0)


@pytest.mark.parametrize("value", [5, "text", [1]])
def test_other_kinds_have_no_fields(shop: Workshop, value: Any) -> None:
    base, name = shop.value(value), shop.text("x")
    message = "Cannot access field or method 'x' on non-struct value"
    assert failing(shop, fields.field_get_any, base, name) == message
    assert failing(shop, fields.field_get_optional, base, name) == message
    assert failing(shop, fields.place_field, base, name) == message
    assert failing(shop, fields.field_set_any, base, name, (INT, 1)) == "Cannot set field on non-struct value"


def test_optional_access_to_null_is_null(shop: Workshop) -> None:
    assert shop.vm.call(fields.field_get_optional, (NULL, 0), shop.text("x")) == (NULL, 0)


def test_copies_are_independent_at_every_depth(shop: Workshop) -> None:
    original = shop.value(Instance("P", {"x": [1], "y": [2]}))
    copy = shop.call(clone_container, original)
    for name in ("x", "y"):
        place = shop.call(fields.place_field, copy, shop.text(name))
        shop.vm.call(write_index, place, (INT, 0), (INT, 9))
    put(shop, copy, "z", 0)
    assert shown(shop, original) == "P { x: [1], y: [2] }"
    assert shown(shop, copy) == "P { x: [9], y: [9], z: 0 }"


def test_a_copy_that_gets_a_field_more_leaves_the_definition_of_others_as_it_is(shop: Workshop) -> None:
    original = shop.value(Instance("P", {"x": 1}))
    wide = shop.call(clone_container, original)
    put(shop, wide, "y", 2)
    wider = shop.call(clone_container, wide)
    put(shop, wider, "z", 3)
    values = [original, wide, wider, shop.value(Instance("P", {"x": 1}))]
    assert [shown(shop, value) for value in values] == [
        "P { x: 1 }", "P { x: 1, y: 2 }", "P { x: 1, y: 2, z: 3 }", "P { x: 1 }"
    ]  # fmt: skip
    assert len({definition_number(value) for value in values}) == 1


def test_owning_copies_a_shared_instance(shop: Workshop) -> None:
    original = shop.value(Instance("P", {"x": 1}))
    assert shop.call(owned, original) == original
    native().call(mark, original)
    assert shop.call(owned, original) != original


def test_equal_literals_of_undeclared_structs_share_a_definition(shop: Workshop) -> None:
    def definition(value: Instance) -> int:
        return definition_number(shop.value(value))

    first = definition(Instance("P", {"x": 1, "y": 2, "z": 3}))
    assert definition(Instance("P", {"x": 5, "y": 6, "z": 7})) == first
    assert definition(Instance("Q", {"x": 1, "y": 2, "z": 3})) != first
    assert definition(Instance("P", {"y": 1, "x": 2, "z": 3})) != first
