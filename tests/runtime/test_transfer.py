"""Values cross from one heap to another: equal, independent, as often shared as before, at any depth."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rufflang.lowpy import Ptr, cast, function, i64, word
from rufflang.runtime import transfer_block, transfer_messages, transfer_packing, transfer_unpacking
from rufflang.runtime.arrays import array_get, as_array
from rufflang.runtime.objects import Object, StructObject
from rufflang.runtime.structs_layout import definition_of, field_value
from rufflang.runtime.values import ARRAY, INT, ITERATOR, RESULT, STRUCT, Value
from rufflang.runtime.vm import VM
from tests.runtime import container_values
from tests.runtime.container_values import Instance, Pair, Tagged, Workshop, nested, same
from tests.runtime.vm_fixture import NativeModule


@function
def refusal_message(vm: VM, tag: i64) -> Value:
    return transfer_messages.raise_refused(vm, tag)


@function
def is_marked(value: Value) -> bool:
    return cast(Object, value.payload).shared != 0


@function
def definition_number(vm: VM, value: Value) -> i64:
    return word(definition_of(vm, cast(StructObject, value.payload)))


@function
def item_address(value: Value, index: i64) -> i64:
    return array_get(as_array(value), index).payload


@function
def depth_of(value: Value) -> i64:
    """How many arrays, structs or results with one item are within each other."""
    depth = 0
    while value.tag != INT:
        depth += 1
        if value.tag == ARRAY:
            value = array_get(as_array(value), 0)
        elif value.tag == STRUCT:
            value = field_value(cast(StructObject, value.payload), 0)
        else:
            value = transfer_block.block_value(cast(Ptr[i64], value.payload), 1)
    return depth


@function
def set_identity(vm: VM, number: i64) -> None:
    vm.identity = number


@cache
def native() -> NativeModule:
    return container_values.native_with(
        transfer_packing.pack, transfer_unpacking.unpack, transfer_block.free_block, refusal_message,
        is_marked, definition_number, item_address, depth_of, set_identity,
    )  # fmt: skip


@pytest.fixture(params=[0, 1], ids=["plain", "stress"])
def shops(request: pytest.FixtureRequest) -> Iterator[tuple[Workshop, Workshop]]:
    machines = [native().vm(stress=request.param) for _ in range(2)]
    for number, machine in enumerate(machines, start=1):
        machine.call(set_identity, number)
    yield Workshop(machines[0]), Workshop(machines[1])
    for machine in machines:
        machine.close()


def send(source: Workshop, target: Workshop, value: Pair) -> Pair:
    refused = ctypes.c_int64(-1)
    block = source.vm.call(transfer_packing.pack, value, 0, ctypes.addressof(refused))
    assert refused.value == 0
    copy = target.call(transfer_unpacking.unpack, block)
    target.vm.module.call(transfer_block.free_block, block)
    return copy


@pytest.mark.parametrize(
    "python",
    [
        None, True, -7, 2.5, "", "a", "füße", "long " * 1000, [], [1, 2], [0.5], [True, False], [1, "x", None],
        {}, {"a": 1, "5": [2], "b": {"c": "d"}}, {str(i): i for i in range(100)}, [[[]], {}, [1.5]],
    ],
    ids=repr,
)  # fmt: skip
def test_plain_data_arrives_as_it_was_sent(shops: tuple[Workshop, Workshop], python: Any) -> None:
    source, target = shops
    assert same(target.python(send(source, target, source.value(python))), python)


@pytest.mark.parametrize(
    "python",
    [
        Tagged("Ok", (1,)), Tagged("Err", ("no",)), Tagged("Some", ([1],)), Tagged("None"),
        Tagged("Shape::Box", (1, "two")), Instance("P", {"x": 1, "y": [2], "z": "extra", "w": {}}),
        [Instance("A", {"b": Instance("B", {"c": Tagged("Ok", (None,))})})],
    ],
    ids=repr,
)  # fmt: skip
def test_structs_results_and_tagged_values_look_the_same(
    shops: tuple[Workshop, Workshop], python: Any
) -> None:
    source, target = shops
    copy = send(source, target, source.value(python))
    assert target.vm.call(container_values.equal, copy, target.value(python))


PLAIN = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(max_size=8)
NESTED = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text("ab01", max_size=3), inner, max_size=12),
    max_leaves=30,
)


@given(NESTED, st.booleans())
@settings(max_examples=100, deadline=None)
def test_any_plain_data_survives_a_round_trip(python: Any, stress: bool) -> None:
    machines = [native().vm(stress=int(stress)) for _ in range(2)]
    source, target = (Workshop(machine) for machine in machines)
    original = source.value(python)
    there = send(source, target, original)
    back = send(target, source, there)
    assert same(source.python(back), source.python(original))
    for machine in machines:
        machine.close()


def test_what_two_hold_is_copied_once_and_stays_marked(shops: tuple[Workshop, Workshop]) -> None:
    source, target = shops
    inner = source.value([1, 2, 3])
    source.vm.module.call(container_values.mark, inner)
    outer = source.value([])
    for _ in range(3):
        source.vm.call(container_values.push_element, outer, inner)
    copy = send(source, target, outer)
    addresses = {target.vm.module.call(item_address, copy, index) for index in range(3)}
    assert len(addresses) == 1
    assert target.vm.module.call(is_marked, (ARRAY, addresses.pop()))
    assert not target.vm.module.call(is_marked, copy)


def test_the_copy_is_independent(shops: tuple[Workshop, Workshop]) -> None:
    source, target = shops
    original = source.value([1, 2, 3])
    copy = send(source, target, original)
    target.vm.call(container_values.set_element, copy, 0, (INT, 99))
    assert source.python(original) == [1, 2, 3]
    assert target.python(copy) == [99, 2, 3]


def test_a_struct_that_crosses_again_and_comes_back_is_one_struct(shops: tuple[Workshop, Workshop]) -> None:
    source, target = shops
    original = source.value(Instance("P", {"x": 1}))
    first, second = send(source, target, original), send(source, target, original)
    back = send(target, source, first)
    copied, made = target.vm.call(definition_number, first), source.vm.call(definition_number, original)
    assert target.vm.call(definition_number, second) == copied
    assert source.vm.call(definition_number, back) == made
    assert copied != made


@pytest.mark.parametrize("kind", [ARRAY, STRUCT, RESULT], ids=["arrays", "structs", "results"])
def test_a_million_values_within_each_other_cross(kind: int) -> None:
    machines = [native().vm() for _ in range(2)]
    source, target = (Workshop(machine) for machine in machines)
    copy = send(source, target, source.call(nested, 1_000_000, kind))
    assert target.vm.module.call(depth_of, copy) == 1_000_000
    for machine in machines:
        machine.close()


def test_a_value_larger_than_the_memory_limit_does_not_arrive() -> None:
    machines = [native().vm(), native().vm(memory_limit=4 << 20)]
    source, target = (Workshop(machine) for machine in machines)
    text = source.value("x" * (8 << 20))
    with pytest.raises(container_values.RuffFailure, match="Memory limit exceeded"):
        send(source, target, text)
    for machine in machines:
        machine.close()


def test_what_cannot_cross_is_named(shops: tuple[Workshop, Workshop]) -> None:
    source, _ = shops
    refused = ctypes.c_int64(-1)
    array = source.value([])
    source.vm.call(container_values.push_element, array, (ITERATOR, source.text("stands for an iterator")))
    block = source.vm.call(transfer_packing.pack, array, 0, ctypes.addressof(refused))
    source.vm.module.call(transfer_block.free_block, block)
    assert refused.value == ITERATOR
    source.vm.call(refusal_message, refused.value)
    assert source.vm.error_text() == "Cannot send an iterator to another thread"
