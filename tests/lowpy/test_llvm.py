"""LLVM is used through the library in llvmlite where its functions are known, else through llvmlite's own package."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from rufflang.lowpy import llvm_library
from rufflang.lowpy.build import compile_object, optimise, target_machine
from rufflang.lowpy.llvm_library import LibraryMachine, library_path
from rufflang.lowpy.llvm_package import PackageMachine

SUM = """
define i64 @sum(ptr %items, i64 %count) {
start:
  br label %loop
loop:
  %index = phi i64 [0, %start], [%next, %loop]
  %total = phi i64 [0, %start], [%more, %loop]
  %place = getelementptr i64, ptr %items, i64 %index
  %item = load i64, ptr %place
  %more = add i64 %total, %item
  %next = add i64 %index, 1
  %goes_on = icmp ult i64 %next, %count
  br i1 %goes_on, label %loop, label %end
end:
  ret i64 %more
}
"""
NO_TEXT = "define i64 @f() {\n  ret i64 %nowhere\n}\n"
INVALID = (
    "define i64 @f(i1 %a) {\n  br i1 %a, label %l, label %r\n"
    "l:\n  %v = add i64 1, 1\n  br label %r\nr:\n  ret i64 %v\n}\n"
)


@pytest.fixture
def library() -> LibraryMachine:
    path = library_path()
    if path is None:
        pytest.skip("this version of llvmlite is only used through its package")
    return LibraryMachine(path, 2)


def test_without_llvmlite_package_the_same_code_is_made(library: LibraryMachine) -> None:
    package = PackageMachine(2)
    assert (library.layout, library.triple) == (package.layout, package.triple)
    for level in (1, 2):
        ours, theirs = optimise(SUM, library, level), optimise(SUM, package, level)
        assert str(ours) == str(theirs)
        assert library.emit_object(ours) == package.emit_object(theirs)
    assert library.emit_assembly(library.parse(SUM)) == package.emit_assembly(package.parse(SUM))


def test_vectorising_makes_other_code(library: LibraryMachine) -> None:
    modules = [library.parse(SUM), library.parse(SUM)]
    for module, vectorises in zip(modules, (True, False), strict=True):
        library.optimise(module, 2, vectorises=vectorises)
    assert ["<" in str(module).partition("{")[2] for module in modules] == [True, False]


@pytest.mark.parametrize(("text", "message"), [(NO_TEXT, "undefined value '%nowhere'"), (INVALID, "does not dominate")])
def test_what_is_wrong_with_a_text_is_told(library: LibraryMachine, text: str, message: str) -> None:
    with pytest.raises(RuntimeError, match=message):
        library.parse(text)


def test_the_library_is_used_where_its_version_is_known(library: LibraryMachine) -> None:
    assert isinstance(target_machine(), type(library))


def test_the_package_is_used_where_the_version_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = compile_object(SUM)
    monkeypatch.setattr(llvm_library, "_KNOWN_VERSIONS", ("0.1.",))
    assert isinstance(target_machine(), PackageMachine)
    assert compile_object(SUM) == expected


def test_code_is_made_without_importing_the_package(library: LibraryMachine) -> None:
    script = (
        "import sys\nfrom rufflang.lowpy.build import compile_object\n"
        "assert compile_object('define void @f() {\\n  ret void\\n}\\n')\n"
        "sys.exit('llvmlite.binding' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_threads_make_code_at_the_same_time(library: LibraryMachine) -> None:
    expected = compile_object(SUM)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: compile_object(SUM), range(24))) == {expected}
