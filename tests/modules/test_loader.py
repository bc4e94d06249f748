"""Loading modules: once each, again after a change, never inside themselves, with the specified messages."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from rufflang.modules import EvaluationFailure, Importer, Loading, ModuleFailure, ModuleLoader, checked_module
from rufflang.syntax import Source
from rufflang.syntax.exports import exported_names


class Engine:
    """Evaluates a module by importing the modules that its lines name; the line `fail` is an error."""

    def __init__(self, entry: str | None = None) -> None:
        self.loader: ModuleLoader[str] = ModuleLoader(entry)
        self.evaluated: list[str] = []
        self.within: Loading | None = None

    def load(self, name: str) -> str:
        return self.loader.load(name, self.evaluate, Importer(None, self.within))

    def evaluate(self, loading: Loading) -> str:
        self.evaluated.append(loading.file.shown)
        within, self.within = self.within, loading
        try:
            self.run(loading.source.text)
        finally:
            self.within = within
        return loading.source.text

    def run(self, text: str) -> None:
        for line in text.split():
            if line == "fail":
                raise EvaluationFailure("it failed")
            try:
                self.load(line)
            except ModuleFailure as failure:
                raise EvaluationFailure(failure.message) from None


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def message_of_loading(name: str, engine: Engine | None = None) -> str:
    with pytest.raises(ModuleFailure) as failure:
        (engine or Engine()).load(name)
    return failure.value.message


def test_a_module_is_evaluated_once(folder: Path) -> None:
    write(folder / "a.ruff", "b")
    write(folder / "b.ruff")
    engine = Engine()
    for name in ("a", "b", "a"):
        engine.load(name)
    assert engine.evaluated == ["a.ruff", "b.ruff"]


def test_a_module_that_changed_is_evaluated_again(folder: Path) -> None:
    write(folder / "a.ruff")
    engine = Engine()
    engine.load("a")
    write(folder / "a.ruff", "\n\n")
    engine.load("a")
    os.utime(folder / "a.ruff", (1, 1))
    engine.load("a")
    engine.load("a")
    assert len(engine.evaluated) == 3


def test_a_module_that_failed_is_evaluated_again(folder: Path) -> None:
    write(folder / "a.ruff", "fail")
    engine = Engine()
    for _ in range(2):
        assert message_of_loading("a", engine) == "Failed to evaluate module 'a': it failed"
    assert len(engine.evaluated) == 2


def test_a_cycle_is_told_from_where_it_starts(folder: Path) -> None:
    for name, text in (("x", "a"), ("a", "b"), ("b", "a")):
        write(folder / f"{name}.ruff", text)
    assert message_of_loading("x") == (
        "Failed to evaluate module 'x': Failed to evaluate module 'a': Failed to evaluate module 'b': "
        "Circular import detected: a -> b -> a"
    )


def test_a_module_may_not_import_itself(folder: Path) -> None:
    write(folder / "a.ruff", "a")
    assert message_of_loading("a") == "Failed to evaluate module 'a': Circular import detected: a -> a"


def two_tasks(folder: Path, *names: str) -> tuple[ModuleLoader[str], list[Importer]]:
    """A loader and, for each name, the task that is just loading the module of that name."""
    loader: ModuleLoader[str] = ModuleLoader(None)
    importers = []
    for task, name in enumerate(names):
        write(folder / f"{name}.ruff")
        loading = loader.begin(loader.find(name), Importer(task, None))
        importers.append(Importer(task, loading))
    return loader, importers


def test_a_task_waits_for_what_another_one_is_loading(folder: Path) -> None:
    loader, (first, second) = two_tasks(folder, "a", "b")
    assert loader.has_to_wait(loader.find("b", first), first)
    assert second.within is not None
    loader.finish(second.within, "done")
    assert loader.known(loader.find("b", first)) == "done"


def test_tasks_that_would_wait_for_each_other_make_a_circle(folder: Path) -> None:
    loader, (first, second, third) = two_tasks(folder, "a", "b", "c")
    assert loader.has_to_wait(loader.find("b", first), first)
    assert loader.has_to_wait(loader.find("c", second), second)
    with pytest.raises(ModuleFailure) as failure:
        loader.find("a", third)
    assert failure.value.message == "Circular import detected: a -> b -> c -> a"


def test_what_a_cancelled_task_was_loading_is_loaded_again(folder: Path) -> None:
    loader, (first, second) = two_tasks(folder, "a", "b")
    assert loader.has_to_wait(loader.find("b", first), first)
    loader.abandon_those_of(second.task)
    assert not loader.has_to_wait(loader.find("b", first), first)
    loader.begin(loader.find("b", first), first)
    loader.abandon_those_of(first.task)
    assert not loader.has_to_wait(loader.find("a"), Importer(7, None))


def test_the_root_of_the_importing_module_comes_first(folder: Path) -> None:
    write(folder / "modules" / "a.ruff", "b")
    write(folder / "modules" / "b.ruff")
    write(folder / "b.ruff")
    engine = Engine()
    engine.load("a")
    engine.load("b")
    assert engine.evaluated == [os.path.join("modules", name) for name in ("a.ruff", "b.ruff")] + ["b.ruff"]


def test_modules_are_found_beside_the_entry_script(folder: Path) -> None:
    write(folder / "program" / "a.ruff")
    engine = Engine(os.path.join("program", "main.ruff"))
    engine.load("a")
    assert engine.evaluated == [os.path.join("program", "a.ruff")]


def test_a_working_directory_that_was_removed_holds_no_modules(folder: Path) -> None:
    write(folder / "program" / "a.ruff")
    engine = Engine(str(folder / "program" / "main.ruff"))
    (folder / "gone").mkdir()
    os.chdir(folder / "gone")
    (folder / "gone").rmdir()
    engine.load("a")
    assert engine.evaluated == [str(folder / "program" / "a.ruff")]


def test_modules_are_found_beside_modules_loaded_before(folder: Path) -> None:
    write(folder / "deep" / "er" / "a.ruff")
    write(folder / "deep" / "er" / "b.ruff")
    engine = Engine()
    assert message_of_loading("b", engine).startswith("Module not found: b;")
    engine.load("deep.er.a")
    engine.load("b")
    assert engine.evaluated[-1] == os.path.join("deep", "er", "b.ruff")


def test_a_module_that_may_not_be_read_says_why(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder / "a.ruff")

    def refuse(*_arguments: object) -> None:
        raise PermissionError(errno.EACCES, "")

    monkeypatch.setattr("builtins.open", refuse)
    assert message_of_loading("a") == "Failed to read module 'a': Permission denied (os error 13)"


def test_a_module_that_is_not_utf_8_cannot_be_read(folder: Path) -> None:
    (folder / "a.ruff").write_bytes(b"\xff")
    assert message_of_loading("a") == "Failed to read module 'a': stream did not contain valid UTF-8"


def test_a_module_has_the_size_limit_of_a_program(folder: Path) -> None:
    write(folder / "a.ruff", " " * 1_048_577)
    assert message_of_loading("a") == (
        "Failed to parse module 'a': 1:1: Source size 1048577 bytes exceeds maximum allowed 1048576 bytes"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('x := 1\ny := "', "Failed to tokenize module 'm': 2:6: Unterminated string literal"),
        ("x := 1\nlet := 2", "Failed to parse module 'm': 2:5: Invalid statement"),
    ],
)
def test_the_first_diagnostic_of_a_module_is_reported(text: str, message: str) -> None:
    with pytest.raises(ModuleFailure) as failure:
        checked_module("m", Source("m.ruff", text))
    assert failure.value.message == message


def test_a_static_error_is_a_failure_to_evaluate() -> None:
    with pytest.raises(EvaluationFailure) as failure:
        checked_module("m", Source("m.ruff", "break"))
    assert failure.value.message == "break can only be used inside a loop"


def test_exports_are_what_the_text_marks() -> None:
    text = """
export func f() {}
export struct S { x: int }
export enum E { A }
export const C := 1
export let [a, ...b] := [1]
export mut {k, ...rest} := {}
export x := 1
export f
export y
export print(1)
if true { export hidden := 1 }
"""
    names = exported_names(checked_module("m", Source("m.ruff", text)))
    assert names == ("f", "S", "E", "C", "a", "b", "k", "rest", "x", "y")
