"""Layouts in memory: structures, inheritance, inline arrays, records, bools."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pytest

from rufflang.lowpy.function import LowpyError
from rufflang.lowpy.types import StructType, struct_type
from tests.lowpy.low_source import Source

TEXT = """
    class Pair(Record):
        first: i64
        second: f64

    class Head(Struct):
        kind: u8
        count: i32

    class Node(Head):
        small: i16
        next: Node
        pair: Pair
        marks: Ptr[u16] = inline(3)
        flag: bool
        rest: Ptr[Pair] = inline(0)
"""


def layout(source: Source, name: str) -> StructType:
    return struct_type(getattr(source.module, name))


def test_fields_are_laid_out_in_order_with_natural_alignment(tmp_path: Path) -> None:
    node = layout(Source(tmp_path, TEXT), "Node")
    offsets = {name: field.offset for name, field in node.fields.items()}
    assert offsets == {
        "kind": 0, "count": 4, "small": 8, "next": 16, "pair": 24, "marks": 40, "flag": 46, "rest": 48,
    }  # fmt: skip
    assert node.byte_size == 48


def test_an_inherited_head_is_laid_out_as_in_its_own_structure(tmp_path: Path) -> None:
    source = Source(tmp_path, TEXT)
    head, node = layout(source, "Head"), layout(source, "Node")
    assert list(node.fields)[: len(head.fields)] == list(head.fields)
    assert all(node.fields[name] == field for name, field in head.fields.items())


def test_fields_of_every_kind_are_stored_and_loaded(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        TEXT
        + """
    @function
    def fill(node: Node) -> None:
        node.kind = 255
        node.count = -2
        node.small = -3
        node.next = node
        node.pair = Pair(7, 2.5)
        node.marks[0] = 1
        node.marks[2] = 65535
        node.flag = node.count < 0
        node.rest[1] = Pair(9, node.pair.second)

    @function
    def read(node: Node) -> i64:
        total = i64(node.next.next.kind) + i64(node.count) + i64(node.small)
        total += node.pair.first * 1000 + i64(node.marks[2])
        return total + node.rest[1].first * 1000000 if node.flag else 0

    @function
    def second(node: Node) -> f64:
        return node.rest[1].second
    """,
    )
    data = (ctypes.c_int64 * 12)(*[-1] * 12)
    address = ctypes.addressof(data)
    source.run("fill", address)
    assert source.run("read", address) == 255 - 2 - 3 + 7000 + 65535 + 9_000_000
    assert source.run("second", address) == 2.5
    assert ctypes.c_uint8.from_address(address + 46).value == 1
    assert ctypes.c_uint16.from_address(address + 42).value == 65535
    assert data[6] == data[7] == -1


def test_a_structure_is_passed_where_its_head_is_wanted(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        TEXT
        + """
    @function
    def kind_of(head: Head) -> i64:
        return i64(head.kind)

    @function
    def head_of(node: Node) -> Head:
        return node

    @function
    def f(node: Node) -> i64:
        return kind_of(node) + i64(head_of(node).count)
    """,
    )
    data = (ctypes.c_int32 * 12)(5, 37)
    assert source.run("f", ctypes.addressof(data)) == 42


def test_elements_of_a_pointer_to_structures_are_pointers(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        TEXT
        + """
    @function
    def f(nodes: Ptr[Head], i: i64) -> i64:
        return i64(nodes[i].count)
    """,
    )
    first, second = (ctypes.c_int32 * 2)(0, 11), (ctypes.c_int32 * 2)(0, 22)
    pointers = (ctypes.c_int64 * 2)(ctypes.addressof(first), ctypes.addressof(second))
    assert source.run("f", ctypes.addressof(pointers), 1) == 22


def test_records_travel_in_registers(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        TEXT
        + """
    @function
    def swapped(pair: Pair, other: Pair) -> Pair:
        return Pair(other.first, pair.second)

    @function
    def chosen(c: bool, a: Pair, b: Pair) -> Pair:
        best = a if c else b
        for i in range(3):
            best = Pair(best.first + i, best.second * 2)
        return best
    """,
    )
    assert source.run("swapped", (1, 2.0), (3, 4.0)) == (3, 2.0)
    assert source.run("chosen", True, (1, 1.0), (5, 5.0)) == (4, 8.0)
    assert source.run("chosen", False, (1, 1.0), (5, 5.0)) == (8, 40.0)
    text = source.llvm("swapped")
    assert "load" not in text and "store" not in text and "alloca" not in text


def test_a_bool_is_one_byte_in_memory(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        class Flags(Struct):
            a: bool
            b: bool
            c: bool

        @function
        def f(flags: Flags) -> bool:
            flags.b = not flags.a or flags.c
            return flags.b and flags.c
    """,
    )
    data = (ctypes.c_uint8 * 4)(1, 7, 1, 9)
    assert source.run("f", ctypes.addressof(data)) is True
    assert list(data) == [1, 1, 1, 9]
    assert layout(source, "Flags").fields["c"].offset == 2


def test_a_narrow_field_takes_less_room_and_is_widened_when_it_is_read(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        class Sizes(Struct):
            first: i64 = narrow(u32)
            second: i64 = narrow(u32)
            delta: i64 = narrow(i16)

        @function
        def f(sizes: Sizes) -> i64:
            sizes.second += 1 << 40
            sizes.second += sizes.first
            sizes.delta = sizes.delta - 5
            return sizes.second * 10 + sizes.delta
        """,
    )
    sizes = layout(source, "Sizes")
    assert [field.offset for field in sizes.fields.values()] == [0, 4, 8]
    data = (ctypes.c_uint32 * 4)(0xFFFFFFF0, 7, 0, 9)
    assert source.run("f", ctypes.addressof(data)) == 0xFFFFFFF7 * 10 - 5
    assert list(data) == [0xFFFFFFF0, 0xFFFFFFF7, 0xFFFB, 9]


@pytest.mark.parametrize(("field", "message"), [
    ("n: int", "is not a lowpy type"),
    ("n: i64 = inline(3)", r"inline\(\) needs a field of type Ptr"),
    ("n: i64 = narrow(i64)", "i64 is not narrower than i64"),
    ("n: f64 = narrow(u32)", "u32 is not narrower than f64"),
    ("n: Missing", "Missing"),
])  # fmt: skip
def test_a_wrong_field_is_named(tmp_path: Path, field: str, message: str) -> None:
    source = Source(tmp_path, f"class Wrong(Struct):\n    {field}\n")
    with pytest.raises((TypeError, NameError), match=message):
        layout(source, "Wrong")
    # A second look must not find half of it.
    with pytest.raises((TypeError, NameError), match=message):
        layout(source, "Wrong")


def test_a_record_consists_of_single_words(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        TEXT
        + """
    class Nested(Record):
        pair: Pair

    @function
    def f(nested: Nested) -> None:
        pass
    """,
    )
    with pytest.raises(LowpyError, match="a record's fields are single words, not Pair"):
        source.llvm()
