"""Modules in several parts: what stands where, and that the parts together do what the module does."""

from __future__ import annotations

import ctypes
import re
from pathlib import Path

import pytest

from rufflang.lowpy.build import compile_object, optimise, target_machine
from rufflang.lowpy.library import ObjectLibrary, link_shared
from rufflang.lowpy.module import ModuleText
from rufflang.lowpy.parts import split

LONG = "\n".join(f"  %v{number} = xor i64 %v{number - 1}, %v0" for number in range(1, 200))
SYMBOLS = ["a.long", "a.reading", "b.short", "b.long", "b.calling", "b.choosing"]


def function(symbol: str, body: str, attributes: str = "nounwind") -> str:
    return f'define i64 @"{symbol}"(i64 %v0) {attributes} {{\n{body}\n}}'


def module_of(*functions: str) -> ModuleText:
    module = ModuleText("parts")
    for text in functions:
        module.add_function(text)
    return module


@pytest.fixture
def module() -> ModuleText:
    """In the order of SYMBOLS; whichever way it is split, functions of one part call or read what is in another."""
    module = module_of(function("a.long", f'{LONG}\n  %r = call i64 @"b.short"(i64 %v199)\n  ret i64 %r'))
    text = module.literal("xyz")
    for symbol, body in (
        ("a.reading", f"  %p = load i8, ptr {text}\n  %r = zext i8 %p to i64\n  ret i64 %r"),
        ("b.short", "  %r = mul i64 %v0, 3\n  ret i64 %r"),
        ("b.long", f'{LONG}\n  %r = call i64 @"a.long"(i64 %v199)\n  ret i64 %r'),
        ("b.calling", '  %r = call i64 @"a.reading"(i64 %v0)\n  ret i64 %r'),
        ("b.choosing", "  %f = load ptr, ptr @table\n  %r = call i64 %f(i64 %v0)\n  ret i64 %r"),
    ):
        module.add_function(function(symbol, body))
    module.add_constant("table", "[2 x ptr]", '[ptr @"b.long", ptr @"b.short"]')
    return module


def defined(text: str) -> list[str]:
    """The functions of which machine code is made."""
    return re.findall(r'^define i64 @"?([\w.]+)', text, re.MULTILINE)


def test_every_function_is_defined_in_one_part_and_in_the_order_of_the_module(module: ModuleText) -> None:
    parts = split(module, 2)
    assert len(parts) == 2
    assert [symbol for part in parts for symbol in defined(part)] == SYMBOLS


def test_a_module_has_no_more_parts_than_functions(module: ModuleText) -> None:
    assert len(split(module, 1000)) == len(SYMBOLS)
    assert len(split(module_of(), 4)) == 1


def test_parts_are_of_about_the_same_length() -> None:
    functions = [function(f"f{number}", f"{LONG}\n  ret i64 %v0") for number in range(12)]
    assert [len(defined(part)) for part in split(module_of(*functions), 4)] == [3, 3, 3, 3]


def test_short_functions_of_other_parts_go_along_and_so_do_the_private_constants_they_use(module: ModuleText) -> None:
    second = split(module, 2)[1]
    assert "b.calling" in defined(second)
    assert '\ndefine available_externally i64 @"a.reading"(i64 %v0) nounwind {\n' in second
    assert "@.text0 = private" in second


@pytest.mark.parametrize("body, attributes", [(LONG, "nounwind"), ("", "cold noinline nounwind")])
def test_what_llvm_does_not_inline_is_only_declared_elsewhere(body: str, attributes: str) -> None:
    called = function("a", f"{body}\n  ret i64 %v0", attributes)
    _, second = split(module_of(called, function("b", '  %r = call i64 @"a"(i64 %v0)\n  ret i64 %r')), 2)
    assert second.splitlines()[0] == f'declare i64 @"a"(i64 %v0) {attributes}'


def test_what_a_part_does_not_refer_to_is_not_in_it() -> None:
    first, second = split(module_of(function("a", "  ret i64 %v0"), function("b", "  ret i64 %v0")), 2)
    assert '"b"' not in first
    assert '"a"' not in second


def test_a_constant_that_has_a_symbol_is_defined_in_the_first_part_alone(module: ModuleText) -> None:
    first, *_, last = split(module, 3)
    assert '@table = constant [2 x ptr] [ptr @"b.long", ptr @"b.short"]\n' in first
    assert 'declare i64 @"b.long"(i64 %v0) nounwind\n' in first
    assert "@table = external constant [2 x ptr]\n" in last


def test_functions_that_only_a_table_names_do_not_go_along() -> None:
    module = module_of(function("a", "  ret i64 %v0"), function("b", "  ret i64 %v0"))
    module.add_constant("table", "[1 x ptr]", '[ptr @"b"]')
    assert split(module, 2)[0].endswith('declare i64 @"b"(i64 %v0) nounwind\n')


def test_functions_of_other_parts_are_inlined_and_leave_no_code(module: ModuleText) -> None:
    first = str(optimise(split(module, 2)[0], target_machine()))
    assert "call i64 @b.short" not in first
    assert "define available_externally" not in first


@pytest.mark.parametrize("count", [1, 2, 3, 1000])
@pytest.mark.parametrize("is_linked", [True, False], ids=["linked", "loaded as object files"])
def test_the_parts_behave_like_the_whole(module: ModuleText, tmp_path: Path, count: int, is_linked: bool) -> None:
    objects = [compile_object(part) for part in split(module, count)]
    assert len(objects) == {1: 1, 2: 2, 3: 3, 1000: len(SYMBOLS)}[count]
    prototype = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64)
    if is_linked:
        assert link_shared(objects, tmp_path / "parts.so")
        assert list(tmp_path.iterdir()) == [tmp_path / "parts.so"]
        shared = ctypes.CDLL(str(tmp_path / "parts.so"))
        functions = [prototype((symbol, shared)) for symbol in SYMBOLS]
    else:
        library = ObjectLibrary(objects, "parts", SYMBOLS)
        functions = [prototype(library.address(symbol)) for symbol in SYMBOLS]
    # To combine an argument with itself an even number of times leaves nothing of it.
    assert [call(5) for call in functions] == [0, ord("x"), 15, 0, ord("x"), 0]
