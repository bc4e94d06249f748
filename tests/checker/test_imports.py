"""Signatures of imported functions come from the module's text."""

from __future__ import annotations

from tests.checker.warnings import messages

SHAPES = "export func area(w: float, h: float) -> float { return w * h }\nfunc hidden(a: int) { }\nexport x := 1"
WRONG_ARGUMENT = "Function 'area' parameter 1 expects Float but got String"


def test_a_listed_function_has_its_signature() -> None:
    assert messages('from shapes import area\narea("s", 1)', shapes=SHAPES) == [WRONG_ARGUMENT]
    assert messages('from shapes import area\narea(1, 2) + "s"', shapes=SHAPES) == [
        "Binary operation '+' with incompatible types: Float and String"
    ]


def test_a_plain_import_binds_all_exports_and_a_namespace() -> None:
    assert messages('import shapes\narea("s", 1)\nshapes.area("s", 1)', shapes=SHAPES) == [WRONG_ARGUMENT] * 2
    assert messages("import shapes\nhidden(1)", shapes=SHAPES) == ["Undefined function 'hidden'"]


def test_imports_count_where_they_stand() -> None:
    assert messages('func g() { from shapes import area\narea("s", 1) }', shapes=SHAPES) == [WRONG_ARGUMENT]
    assert messages("func area(a) { }\nimport shapes\narea(1)", shapes=SHAPES) == []


def test_what_is_not_known_of_a_module_is_not_reported() -> None:
    assert messages("import nowhere\nanything(1)\nnowhere.f(1)") == []
    assert messages("from nowhere import f\nf(1, 2)\nelse_where(1)") == ["Undefined function 'else_where'"]
    assert messages("from shapes import x, missing\nx(1)\nmissing(2)\nshapes(1)", shapes=SHAPES) == [
        "Undefined function 'shapes'"
    ]


def test_an_imported_name_that_is_assigned_elsewhere_has_no_signature() -> None:
    assert messages('from shapes import area\narea := print\narea("s")', shapes=SHAPES) == []


def test_a_module_that_does_not_parse_is_as_good_as_none() -> None:
    assert messages("import shapes\nanything(1)", shapes="func {") == []
