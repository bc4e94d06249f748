"""Arrays: packed kinds, growth, value semantics against a model, and the builtins on them."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rufflang.lowpy.types import struct_type
from rufflang.reference.sorting import in_order
from rufflang.runtime.heap import BUFFER_HEAD, POINTERS_HEAD, VALUES_HEAD
from rufflang.runtime.heap_layout import CACHE_LINE
from rufflang.runtime.objects import GENERIC, ArrayObject
from rufflang.runtime.values import BOOL, FLOAT, INT, STRING
from tests.runtime.container_values import (
    Instance,
    Pair,
    RuffFailure,
    Tagged,
    Workshop,
    get_element,
    mark,
    native,
    push_element,
    same,
    set_element,
)
from tests.runtime.vm_fixture import read_field

SCALARS = st.one_of(
    st.integers(-(2**63), 2**63 - 1), st.floats(), st.booleans(), st.none(), st.text(max_size=3)
)


@pytest.fixture(params=[0, 1], ids=["plain", "stress"])
def shop(request: pytest.FixtureRequest) -> Iterator[Workshop]:
    machine = native().vm(stress=request.param)
    yield Workshop(machine)
    machine.close()


def fresh(stress: int = 0) -> Workshop:
    return Workshop(native().vm(stress=stress))


def kind_of(value: Pair) -> int:
    kind: int = read_field(value[1], ArrayObject, "flags")
    return kind


@pytest.mark.parametrize(
    ("items", "kind"),
    [
        ([1, 2], INT),
        ([1.0, 2.0], FLOAT),
        ([True, False], BOOL),
        ([1, 2.0], GENERIC),
        (["a"], STRING),
        (["a", None], GENERIC),
        ([True, 1], GENERIC),
        ([], GENERIC),
    ],
)
def test_arrays_of_one_number_kind_are_packed(shop: Workshop, items: list[Any], kind: int) -> None:
    array = shop.value(items)
    assert kind_of(array) == kind
    assert same(shop.python(array), items)


@given(st.lists(SCALARS, max_size=40), st.booleans())
@settings(max_examples=150, deadline=None)
def test_every_mix_of_elements_comes_back_unchanged(items: list[Any], stress: bool) -> None:
    shop = fresh(int(stress))
    array = shop.value(items)
    assert same(shop.python(array), items)
    assert same(shop.builtin("array", *items), items)
    shop.vm.close()


@pytest.mark.parametrize("items", [[1, 2, 3], ["a", "b"], [[1], [2]], [1, "a"], [True, False]])
def test_an_array_has_the_few_elements_that_it_was_made_with_behind_it(shop: Workshop, items: list[Any]) -> None:
    # `reverse` copies what somebody else holds, into an array that is made with all of its elements.
    original = shop.value(items)
    native().call(mark, original)
    array = shop.run("reverse", original)
    behind = array[1] + struct_type(ArrayObject).byte_size
    assert array != original
    assert read_field(array[1], ArrayObject, "data") == behind
    assert shop.run("push", array, shop.value(items[0])) == array
    assert read_field(array[1], ArrayObject, "data") != behind
    assert shop.python(array) == [*reversed(items), items[0]]


def test_a_foreign_element_widens_a_packed_array(shop: Workshop) -> None:
    for start, foreign in (
        ([1, 2, 3], "x"), ([1.5, 2.5], 3), ([True, False], None), (["a", "b"], None), ([[1], [2]], "x"),
    ):  # fmt: skip
        array = shop.value(start)
        shop.vm.call(set_element, array, 1, shop.value(foreign))
        assert kind_of(array) == GENERIC
        assert same(shop.python(array), [start[0], foreign, *start[2:]])


def test_sorting_packs_an_array_whose_elements_turned_out_to_be_of_one_kind(shop: Workshop) -> None:
    for items, kind in (([3, 1, 2], INT), (["c", "a", "b"], STRING)):
        array = shop.value([None, *items])
        shop.vm.call(set_element, array, 0, shop.value(items[0]))
        assert kind_of(array) == GENERIC
        assert shop.python(shop.run("sort", array)) == sorted([items[0], *items])
        assert kind_of(array) == kind


def test_an_emptied_array_takes_the_kind_of_its_next_element(shop: Workshop) -> None:
    array = shop.value([1])
    emptied = shop.python(shop.run("pop", array))
    assert emptied == [[], 1]
    shop.vm.call(push_element, array, shop.value(2.5))
    assert kind_of(array) == FLOAT


def test_pushing_to_the_only_holder_changes_it_in_place(shop: Workshop) -> None:
    array = shop.value([])
    for number in range(500):
        assert shop.run("push", array, (3, number)) == array
    assert shop.python(array) == list(range(500))


@pytest.mark.parametrize(
    ("element", "head"), [(7, BUFFER_HEAD), (True, BUFFER_HEAD), ("x", POINTERS_HEAD), (None, VALUES_HEAD)]
)
def test_a_growing_array_uses_the_whole_cell_of_its_block(shop: Workshop, element: Any, head: int) -> None:
    classes = {8 * step for step in range(2, 65)}
    classes |= {(size << doubling) + CACHE_LINE for size in (640, 768, 896, 1024) for doubling in range(5)}
    array = shop.value([])
    capacities = set()
    for _ in range(400):
        shop.vm.call(push_element, array, shop.value(element))
        capacities.add(read_field(array[1], ArrayObject, "capacity") + head)
    assert len(capacities) > 3
    assert capacities <= classes


def test_a_shared_array_is_copied_before_a_builtin_changes_it(shop: Workshop) -> None:
    changes: list[tuple[str, list[Any]]] = [
        ("push", [9]), ("append", [9]), ("pop", []), ("insert", [0, 9]), ("remove_at", [1]), ("remove", [2]),
        ("slice", [0, 1]), ("take", [1]), ("skip", [1]), ("concat", [[7]]), ("sort", []), ("reverse", []),
    ]  # fmt: skip
    for name, rest in changes:
        array = shop.value([3, 2, 1])
        native().call(mark, array)
        shop.run(name, array, *[shop.value(item) for item in rest])
        assert shop.python(array) == [3, 2, 1], name


def test_containers_in_a_copied_array_are_marked_shared(shop: Workshop) -> None:
    inner = shop.value([1])
    outer = shop.value([])
    shop.vm.call(push_element, outer, inner)
    native().call(mark, outer)
    copy = shop.run("push", outer, shop.value(5))
    assert copy != outer
    assert read_field(inner[1], ArrayObject, "shared") == 1


def test_objects_of_one_kind_in_a_copied_array_are_marked_shared(shop: Workshop) -> None:
    for rest in ([], [[2]]):
        inner = shop.value([1])
        outer = shop.value([])
        shop.vm.call(push_element, outer, inner)
        native().call(mark, outer)
        shop.run("concat", outer, shop.value(rest))
        assert read_field(inner[1], ArrayObject, "shared") == 1


class Model:
    """Variables holding arrays, run as compiled code would: natively, and on Python lists."""

    def __init__(self, stress: int) -> None:
        self.shop = fresh(stress)
        self.values = [self.shop.value([]) for _ in range(3)]
        self.lists: list[list[Any]] = [[], [], []]

    def assign(self, target: int, source: int, name: str, *rest: Any) -> Pair:
        """`target := name(source, …)` on the native side; the source stays held unless it is the target."""
        if target != source:
            native().call(mark, self.values[source])
        return self.shop.run(name, self.values[source], *[self.shop.value(item) for item in rest])

    def check(self) -> None:
        for value, expected in zip(self.values, self.lists, strict=True):
            assert same(self.shop.python(value), expected)


def apply(model: Model, target: int, source: int, name: str, number: int, item: Any) -> None:
    items = list(model.lists[source])
    length = len(items)
    if name == "push":
        rest, result = [item], [*items, item]
    elif name == "concat":
        rest, result = [[item] * 30], [*items, *[item] * 30]
    elif name == "insert":
        position = number % (length + 1)
        rest, result = [position, item], [*items[:position], item, *items[position:]]
    elif name == "slice":
        rest, result = [number - 4, length], items[number - 4 : length] if number != 4 else items[0:length]
    elif name == "reverse":
        rest, result = [], items[::-1]
    elif name == "pop":
        rest, result = [], items[:-1]
    elif name == "remove_at" and items:
        rest, result = [number % length], items[: number % length] + items[number % length + 1 :]
    elif name == "remove_at":
        return
    else:
        rest, result = [number], items[:number] if name == "take" else items[number:]
    value = model.assign(target, source, name, *rest)
    if name in ("pop", "remove_at"):
        value = native().call(get_element, value, 0)
        native().call(mark, value)
    model.values[target] = value
    model.lists[target] = result


STEPS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 2),
        st.sampled_from(
            ["push", "push", "concat", "insert", "slice", "reverse", "take", "skip", "pop", "remove_at"]
        ),
        st.integers(0, 9),
        st.one_of(st.integers(0, 9), st.floats(0, 1), st.booleans(), st.text(max_size=2)),
    ),
    max_size=40,
)


@given(STEPS, st.booleans())
@settings(max_examples=120, deadline=None)
def test_variables_never_see_changes_made_through_others(steps: list[Any], stress: bool) -> None:
    model = Model(int(stress))
    for target, source, name, number, item in steps:
        apply(model, target, source, name, number, item)
    model.check()
    model.shop.vm.close()


def test_large_parts_of_shared_arrays_use_the_same_block_until_somebody_writes(shop: Workshop) -> None:
    for items in ([*range(100)], [f"{number}" for number in range(100)]):
        whole = shop.value(items)
        native().call(mark, whole)
        part = shop.run("slice", whole, (3, 1), (3, 100))
        assert read_field(part[1], ArrayObject, "shared") == 1
        grown = shop.run("push", part, shop.value("new"))
        assert shop.python(part) == items[1:]
        assert shop.python(grown) == [*items[1:], "new"]
        assert shop.python(whole) == items


def test_a_small_part_does_not_keep_a_large_block_alive() -> None:
    shop = fresh()
    shop.vm.set_root(2, *shop.run("range", (3, 1_000_000)))
    small = shop.run("take", shop.vm.root(2), (3, 900_000))
    while shop.length(small) > 100:
        native().call(mark, small)
        small = shop.run("skip", small, (3, shop.length(small) // 3))
    shop.vm.set_root(2, *small)
    shop.vm.set_root(0, 1, 0)
    shop.vm.collect()
    assert shop.vm.statistics().live < 100_000
    shop.vm.close()


# ------------------------------------------------------------------------------ builtins


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("len", ["grün"], 4),
        ("len", [{"a": 1}], 1),
        ("range", [4], [0, 1, 2, 3]),
        ("range", [2, 5], [2, 3, 4]),
        ("range", [5, 0, -2], [5, 3, 1]),
        ("range", [0, 5, -1], []),
        ("range", [2.9], [0, 1]),
        ("range", [-(2**63), 2**63 - 1, 2**62], [-(2**63), -(2**62), 0, 2**62]),
        ("pop", [[1, "x"]], [[1], "x"]),
        ("pop", [[]], [[], 0]),
        ("insert", [[1, 2], 1, 9], [1, 9, 2]),
        ("insert", [[1, 2], 2.0, 9], [1, 2, 9]),
        ("insert", [[1.5], 0, "a"], ["a", 1.5]),
        ("remove_at", [[1, 2, 3], 0], [[2, 3], 1]),
        ("remove_at", [["a", "b", "c"], 1], [["a", "c"], "b"]),
        ("remove", [[1, 2, 1], 1], [2, 1]),
        ("remove", [["a"], "b"], ["a"]),
        ("remove", [{"a": 1, "b": 2}, "a"], [{"b": 2}, 1]),
        ("remove", [{"a": 1}, "x"], [{"a": 1}, 0]),
        ("clear", [[1]], []),
        ("clear", [{"a": 1}], {}),
        ("slice", [[1, 2, 3, 4], 1, 3], [2, 3]),
        ("slice", [[1, 2, 3, 4], -2, 9], [3, 4]),
        ("slice", [[1, 2], 2, 1], []),
        ("slice", [[1, 2, 3], -9, -1], [1, 2]),
        ("concat", [[1], ["a"]], [1, "a"]),
        ("concat", [[], [1.5]], [1.5]),
        ("contains", [[1, 2.0], 1.0], True),
        ("contains", [[1, 2], "1"], False),
        ("contains", [{"5": 0}, 5], True),
        ("contains", ["abc", "bc"], 1),
        ("index_of", [[[1], [2]], [2]], 1),
        ("index_of", ["äbc", "c"], 2),
        ("index_of", [[1], 7], -1),
        ("sort", [[3, 1, 2]], [1, 2, 3]),
        ("sort", [["b", "a"]], ["a", "b"]),
        ("sort", [[2.5, 1, -1.0]], [-1.0, 1, 2.5]),
        ("sort", [[3, "a", 1]], [3, "a", 1]),
        ("sort", [[0.0, -0.0, -1.0]], [-1.0, 0.0, -0.0]),
        ("reverse", [[1, 2, 3]], [3, 2, 1]),
        ("reverse", [[True, False]], [False, True]),
        ("unique", [[1, 1.0, "1", 1, [1], [1]]], [1, "1", [1]]),
        ("unique", [["05", "5", "5"]], ["05", "5"]),
        ("sum", [[1, 2, "x"]], 3),
        ("sum", [[1, 0.5, 2]], 3.5),
        ("sum", [[]], 0),
        ("chunk", [[1, 2, 3], 2], [[1, 2], [3]]),
        ("chunk", [[1, 2], 0], [[1, 2]]),
        ("flatten", [[[1], 2, [[3]]]], [1, 2, [3]]),
        ("zip", [[1, 2], ["a"]], [[1, "a"]]),
        ("enumerate", [["a", "b"]], [[0, "a"], [1, "b"]]),
        ("take", [[1, 2, 3], 2], [1, 2]),
        ("take", [[1], -1], []),
        ("skip", [[1, 2, 3], 2], [3]),
        ("skip", [[1], -1], [1]),
        ("windows", [[1, 2, 3], 2], [[1, 2], [2, 3]]),
        ("windows", [[1], 2], []),
        ("windows", [[1], 0], []),
    ],
)
def test_builtins_give(shop: Workshop, name: str, arguments: list[Any], expected: Any) -> None:
    assert same(shop.builtin(name, *arguments), expected)


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("push", [1, 2], "push() requires an array as the first argument"),
        ("append", ["", 2], "append() requires an array as the first argument"),
        ("insert", [[1], 5, 0], "insert() index 5 out of bounds for array of length 1"),
        ("insert", [[1], "0", 0], "insert() index must be a number"),
        ("remove_at", [[1], -1], "remove_at() index -1 out of bounds for array of length 1"),
        ("len", [5], "len() requires an array, dict, bytes, set, queue, stack, or string"),
        ("range", [], "range() requires 1, 2, or 3 arguments"),
        ("range", [True], "range() requires numeric arguments"),
        ("range", [1, 2, 0], "range() step cannot be zero"),
        ("range", [2**62], "Memory limit exceeded"),
        ("sum", [[2**63 - 1, 1]], "Integer overflow: 9223372036854775807 + 1"),
        ("windows", [[1], None], "windows() size must be a number"),
        ("slice", [[1], 0, "1"], "slice() end must be a number"),
        ("remove", [[1][0], 1], "remove() requires an array or dictionary-like value with a valid key/item"),
    ],
)
def test_builtins_refuse(shop: Workshop, name: str, arguments: list[Any], message: str) -> None:
    with pytest.raises(RuffFailure, match="^" + message.translate({40: r"\(", 41: r"\)", 43: r"\+"}) + "$"):
        shop.builtin(name, *arguments)


@given(
    st.lists(st.integers(-(2**63), 2**63 - 1), max_size=300),
    st.lists(st.floats(allow_nan=False), max_size=300),
)
@settings(max_examples=60, deadline=None)
def test_sorting_numbers_agrees_with_python(ints: list[int], floats: list[float]) -> None:
    shop = fresh()
    assert shop.builtin("sort", ints) == sorted(ints)
    assert same(shop.builtin("sort", floats), sorted(floats))
    assert same(shop.builtin("sort", [*ints, "x", *floats])[:0], [])
    shop.vm.close()


@pytest.mark.parametrize("seed", range(4))
def test_sorting_many_elements_agrees_with_python(shop: Workshop, seed: int) -> None:
    chance = random.Random(seed)
    wide = [chance.randint(-(2**63), 2**63 - 1) for _ in range(700)]
    narrow = [chance.randint(-300, 300) for _ in range(700)]
    floats = [
        chance.choice([-1.0, 1.0]) * chance.random() * 10.0 ** chance.randint(-300, 300) for _ in range(700)
    ]
    floats += [float("inf"), float("-inf"), 0.0]
    texts = [
        "common prefix"[: chance.randint(0, 13)] + chance.choice(["", "\0", "a", "ä", "🙂"])
        for _ in range(300)
    ]
    for items in (
        wide,
        narrow,
        floats,
        texts,
        [*floats, -0.0, 0.0],
        [*narrow, 0.5],
        sorted(wide),
        narrow[::-1],
    ):
        assert same(shop.builtin("sort", items), sorted(items))


@pytest.mark.parametrize("size", [100, 129, 700])
def test_sorting_strings_that_begin_alike_agrees_with_python(shop: Workshop, size: int) -> None:
    chance = random.Random(size)
    ends = ["", "\0", "\0\0", "\1", "\7", "\x08", "\x09", "a", "ab", "\x7f", "ä", "🙂"]
    for common in range(0, 72):
        texts = ["x" * common + chance.choice(ends) + chance.choice(ends) for _ in range(size)]
        assert shop.builtin("sort", texts) == sorted(texts)
    texts = ["commonly" * chance.randint(0, 9) + chance.choice(ends) for _ in range(size)]
    assert shop.builtin("sort", texts) == sorted(texts)
    assert shop.builtin("sort", sorted(texts)) == sorted(texts)


@given(st.lists(st.text(max_size=4), max_size=200), st.booleans())
@settings(max_examples=60, deadline=None)
def test_sorting_strings_agrees_with_python(texts: list[str], stress: bool) -> None:
    shop = fresh(int(stress))
    assert shop.builtin("sort", texts) == sorted(texts)
    shop.vm.close()


def _before(left: Any, right: Any) -> bool:
    numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
    numbers = numbers and not isinstance(left, bool) and not isinstance(right, bool)
    comparable = numbers or (isinstance(left, str) and isinstance(right, str))
    return bool(comparable and left < right)


_MIXED = st.one_of(st.integers(-9, 9), st.floats(-9, 9), st.text("ab", max_size=2), st.none(), st.just(math.nan))


@given(st.one_of(st.lists(_MIXED, max_size=70), st.lists(_MIXED, min_size=120, max_size=400)))
@settings(max_examples=150, deadline=None)
def test_elements_that_have_no_order_are_where_the_reference_evaluator_puts_them(items: list[Any]) -> None:
    shop = fresh()
    assert same(shop.builtin("sort", items), in_order(items, _before))
    shop.vm.close()


@given(st.lists(st.floats() | st.just(math.nan), max_size=400))
@settings(max_examples=100, deadline=None)
def test_floats_that_have_no_order_are_where_the_reference_evaluator_puts_them(items: list[float]) -> None:
    shop = fresh()
    assert same(shop.builtin("sort", items), in_order(items, _before))
    shop.vm.close()


@given(st.lists(st.integers(-9, 9) | st.floats(-9, 9), max_size=300))
@settings(max_examples=100, deadline=None)
def test_the_order_of_the_reference_evaluator_is_pythons_where_there_is_one(items: list[float]) -> None:
    assert same(in_order(items, _before), sorted(items))


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=65, max_size=400))
@settings(max_examples=40, deadline=None)
def test_sorting_is_stable(pairs: list[tuple[int, bool]]) -> None:
    items = [float(number) if as_float else number for number, as_float in pairs]
    shop = fresh()
    assert same(shop.builtin("sort", items), sorted(items))
    shop.vm.close()


def test_dropping_at_the_front_keeps_the_rest_through_collections() -> None:
    shop = fresh(stress=1)
    array = shop.value([f"item {number}" for number in range(20)])
    for number in range(19):
        array = shop.run("skip", array, shop.value(1))
        assert shop.python(array)[0] == f"item {number + 1}"
    array = shop.run("push", array, shop.value("more"))
    assert shop.python(array) == ["item 19", "more"]
    shop.vm.close()


def test_elements_of_every_kind_can_be_looked_for(shop: Workshop) -> None:
    items = [None, Instance("P", {"x": 1}), Tagged("A::B", (1,)), Tagged("Some", (2,)), {"k": [1]}]
    for position, item in enumerate(items):
        assert shop.run("index_of", shop.value(items), shop.value(item)) == (3, position)


def _equal_numbers(left: float, right: float) -> bool:
    if isinstance(left, int) and isinstance(right, int):
        return left == right
    return left == right or abs(float(left) - float(right)) < 2.220446049250313e-16


NEAR = st.one_of(
    st.integers(-2, 2),
    st.sampled_from([0.0, 0.5, 1.0, 2.0, -1.0, 1e300, 2**53, 2**53 + 1, float("inf"), float("nan")]),
    st.builds(
        lambda base, steps: base + steps * 1.1e-16, st.sampled_from([0.0, 0.5, 1.0, -1.0]), st.integers(-6, 6)
    ),
)


@given(st.lists(NEAR, max_size=30))
@settings(max_examples=200, deadline=None)
def test_unique_keeps_the_first_of_equal_numbers(items: list[float]) -> None:
    expected: list[float] = []
    for item in items:
        if not any(_equal_numbers(other, item) for other in expected):
            expected.append(item)
    shop = fresh()
    assert same(shop.builtin("unique", items), expected)
    shop.vm.close()
