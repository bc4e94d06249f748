"""Modules of the package are taken from one file, as far as they are there."""

from __future__ import annotations

import sys
from marshal import dumps, loads
from pathlib import Path
from types import ModuleType

import pytest

import rufflang.records
from rufflang.packed_modules import PackedModules


def packed(place: Path, **sources: str) -> PackedModules:
    """The finder for a file that has modules `rufflang.NAME` with these sources."""
    codes = {name: dumps(compile(source, name, "exec")) for name, source in sources.items()}
    place.write_bytes(dumps({f"rufflang.{name}": (f"/nowhere/{name}.py", False, code) for name, code in codes.items()}))
    return PackedModules(str(place))


@pytest.fixture
def imported(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of modules that are forgotten afterwards."""
    names = ["rufflang.kept_by_test", "rufflang.other_of_test"]
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)
        monkeypatch.delattr(rufflang, name.rpartition(".")[2], raising=False)
    return names


def test_a_module_that_is_in_the_file_is_not_looked_for_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, imported: list[str]
) -> None:
    finder = packed(tmp_path / "modules", kept_by_test="answer = 42\nplace = __file__\n")
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])
    module = __import__(imported[0], fromlist=["answer"])
    monkeypatch.setitem(sys.modules, imported[0], module)
    assert (module.answer, module.place, module.__name__) == (42, "/nowhere/kept_by_test.py", imported[0])


def test_a_module_that_is_not_there_is_left_to_others(tmp_path: Path) -> None:
    finder = packed(tmp_path / "modules", kept_by_test="answer = 42\n")
    assert finder.find_spec("rufflang.records") is None
    assert finder.find_spec("os") is None


@pytest.mark.parametrize("data", [b"", b"no file of this kind", dumps([1, 2])])
def test_what_is_no_such_file_has_nothing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "modules").write_bytes(data)
    for place in (tmp_path / "modules", tmp_path / "missing"):
        assert PackedModules(str(place)).find_spec("rufflang.records") is None


def test_what_was_imported_besides_belongs_into_the_file(tmp_path: Path) -> None:
    finder = packed(tmp_path / "modules", kept_by_test="answer = 42\n")
    data = finder.completed(())
    assert data is not None
    modules = loads(data)
    file, is_package, code = modules["rufflang.records"]
    assert (file, is_package) == (rufflang.records.__file__, False)
    assert loads(code).co_filename == file
    assert {"rufflang.kept_by_test", "rufflang.packed_modules"} <= set(modules)
    assert all(name.startswith("rufflang.") for name in modules)


def test_a_file_that_has_everything_stays_as_it_is(tmp_path: Path) -> None:
    place = tmp_path / "modules"
    data = PackedModules(str(place)).completed(())
    assert data is not None
    place.write_bytes(data)
    assert PackedModules(str(place)).completed(()) is None


def test_a_package_in_the_file_has_modules_of_its_own(tmp_path: Path) -> None:
    place = tmp_path / "modules"
    place.write_bytes(dumps({"rufflang.inner": ("/nowhere/inner/__init__.py", True, dumps(compile("", "", "exec")))}))
    spec = PackedModules(str(place)).find_spec("rufflang.inner")
    assert spec is not None and spec.submodule_search_locations == ["/nowhere/inner"]
    module = ModuleType("rufflang.inner")
    PackedModules(str(place)).exec_module(module)
    assert module.__file__ == "/nowhere/inner/__init__.py"


def test_modules_of_other_folders_stay_where_they_are(tmp_path: Path) -> None:
    data = PackedModules(str(tmp_path / "modules")).completed(("records", "interpreter"))
    assert data is not None
    names = set(loads(data))
    assert "rufflang.packed_modules" in names
    assert not any(name.startswith(("rufflang.records", "rufflang.interpreter")) for name in names)
