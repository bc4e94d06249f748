"""Modules as text: the order of what is in them."""

from __future__ import annotations

from rufflang.lowpy.module import ModuleText


def test_functions_named_to_be_first_are_first_in_that_order() -> None:
    module = ModuleText("order")
    for symbol in ("a.one", "b._two", "c.three", "four"):
        name = symbol if symbol.isalpha() else f'"{symbol}"'
        module.add_function(f"define preserve_nonecc {{i64, i64}} @{name}(ptr %vm) nounwind {{\n  call void @x()\n}}")
    module.put_first(["four", "not.there", "b._two"])
    places = [module.render().index(symbol) for symbol in ("four", "b._two", "a.one", "c.three")]
    assert places == sorted(places)
