"""What a start imports, and what it remembers from earlier runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import environment, rufflang, write_program

PROGRAM = """
func double(x) { return x * 2 }
struct Point { x: int, y: int = 7 }
print(map([1, 2], double), Point { x: 1 })
match Some(3) { case Some(n): { print("some ${n}") } }
try { missing() } except e { print(e.message, e.line) }
"""
PRINTED = "[2, 4] Point { x: 1, y: 7 }\nsome 3\nUndefined variable: missing 6\n"

RUN_AND_LIST_MODULES = """
import sys
from rufflang.cli import main
code = main(["run", "program.ruff"])
print(*sorted(sys.modules), sep="\\n", file=sys.stderr)
sys.exit(code)
"""


def modules_of_a_run(folder: Path, cache: Path) -> list[str]:
    """What the interpreter has imported when `program.ruff` has run."""
    finished = subprocess.run(
        [sys.executable, "-c", RUN_AND_LIST_MODULES],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        env=environment(RUFFLANG_CACHE=str(cache)),
    )
    assert (finished.returncode, finished.stdout) == (0, PRINTED)
    return finished.stderr.splitlines()


@pytest.fixture
def own_cache(tmp_path: Path) -> Path:
    """A cache that has the compiled runtime, but none of the programs run before."""
    from rufflang.interpreter.source_stamp import cache_directory, source_stamp

    cache = tmp_path / "cache"
    cache.mkdir()
    for kind in (".so", ".objects", ".table"):
        name = f"vm-{source_stamp().runtime}{kind}"
        if (Path(cache_directory()) / name).exists():
            (cache / name).symlink_to(Path(cache_directory()) / name)
    return cache


def modules_that_are_always_there() -> set[str]:
    """An editable installation's finder imports modules of its own in every Python."""
    code = "import sys; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_a_first_run_imports_only_what_compiles_the_program(tmp_path: Path, own_cache: Path) -> None:
    write_program(tmp_path, PROGRAM)
    found = set(modules_of_a_run(tmp_path, own_cache))
    unwanted = {
        "llvmlite", "rufflang.lowpy", "rufflang.jit", "rufflang.reference", "rufflang.checker", "rufflang.advice",
        "rufflang.interpreter.native_build", "rufflang.bytecode.disassembler", "ast", "ctypes", "dataclasses", "dis",
        "inspect", "pathlib", "pickle", "pkgutil", "struct", "subprocess", "tempfile", "typing",
    }  # fmt: skip
    assert (found & unwanted) - modules_that_are_always_there() == set()
    assert {name for name in found if name.startswith("rufflang.runtime.")} == {
        "rufflang.runtime.builtins", "rufflang.runtime.builtins.registry",
    }  # fmt: skip


def test_a_known_program_is_run_without_front_end_compiler_or_llvm(tmp_path: Path, own_cache: Path) -> None:
    write_program(tmp_path, PROGRAM)
    first = modules_of_a_run(tmp_path, own_cache)
    assert "rufflang.syntax.parser" in first and "rufflang.bytecode.compiler" in first
    second = modules_of_a_run(tmp_path, own_cache)
    unwanted = (
        "llvmlite", "rufflang.lowpy", "rufflang.runtime", "rufflang.jit", "rufflang.host.jit_link", "rufflang.syntax",
        "rufflang.bytecode", "rufflang.reference", "rufflang.engine", "rufflang.cli.failures", "rufflang.cli.help",
        "rufflang.host.machine_errors", "rufflang.host.native_rare", "rufflang.interpreter.native_build",
        "dataclasses", "inspect", "typing", "pathlib", "tempfile", "subprocess", "hashlib", "pickle", "collections",
        "ctypes", "importlib", "math", "struct", "zlib",
    )  # fmt: skip
    always = modules_that_are_always_there()
    found = [name for name in second if name in unwanted and name not in always]
    # The digests are not remembered while the package's own files are still being written.
    assert [name for name in found if name != "hashlib"] == []


IS_IMPORTED_AT_FIRST_REQUEST = """
import sys
from rufflang.cli import main
from rufflang.host.machine import Machine
answer, found = Machine._on_request, []
def look(machine, *request):
    found.append("rufflang.jit.manager" in sys.modules)
    answer(machine, *request)
Machine._on_request = look
main(["run", "--jit", sys.argv[1], "program.ruff"])
print(found[0])
"""


def test_what_loads_kept_code_is_imported_before_the_program_asks_for_any(tmp_path: Path, own_cache: Path) -> None:
    write_program(tmp_path, "func double(x) { return x * 2 }\nfor i in range(300) { double(i) }")
    printed = [
        subprocess.run(
            [sys.executable, "-c", IS_IMPORTED_AT_FIRST_REQUEST, mode], cwd=tmp_path, capture_output=True, text=True,
            check=True, env=environment(RUFFLANG_CACHE=str(own_cache)),
        ).stdout
        for mode in ("sync", "on")
    ]  # fmt: skip
    assert printed == ["False\n", "True\n"]


def test_a_changed_program_is_compiled_again(tmp_path: Path, own_cache: Path) -> None:
    for text in ("print(1)", "print(2)", "print(1)"):
        name = write_program(tmp_path, text)
        result = rufflang("run", name, folder=tmp_path, variables={"RUFFLANG_CACHE": str(own_cache)})
        assert result.stdout == f"{text[6]}\n"


def test_errors_of_a_known_program_are_located_as_the_first_time(tmp_path: Path, own_cache: Path) -> None:
    name = write_program(tmp_path, "func f(x) {\n    return x.y + 1\n}\nf(2)")
    variables = {"RUFFLANG_CACHE": str(own_cache)}
    first = rufflang("run", name, folder=tmp_path, variables=variables)
    again = rufflang("run", name, folder=tmp_path, variables=variables)
    assert first.exit_code == 4
    assert " --> program.ruff:2:14\n" in first.stderr and "return x.y + 1\n" in first.stderr
    assert again == first


def test_a_damaged_store_is_no_obstacle(tmp_path: Path, own_cache: Path) -> None:
    name = write_program(tmp_path, PROGRAM)
    variables = {"RUFFLANG_CACHE": str(own_cache)}
    rufflang("run", name, folder=tmp_path, variables=variables)
    stored = list((own_cache / "programs").iterdir())
    assert stored
    for damage in (b"", b"\0", b"nonsense" * 100, stored[0].read_bytes()[:-50]):
        for place in stored:
            place.write_bytes(damage)
        assert rufflang("run", name, folder=tmp_path, variables=variables).stdout == PRINTED


def test_without_a_writable_cache_folder_programs_run_all_the_same(tmp_path: Path, own_cache: Path) -> None:
    name = write_program(tmp_path, "print(1)")
    (own_cache / "programs").write_text("a file where the folder should be")
    for _ in range(2):
        result = rufflang("run", name, folder=tmp_path, variables={"RUFFLANG_CACHE": str(own_cache)})
        assert (result.stdout, result.exit_code) == ("1\n", 0)


def test_collector_statistics_are_one_line_on_standard_error(tmp_path: Path) -> None:
    name = write_program(tmp_path, "xs := map(range(0, 300000), func(i) { return [i] })\nprint(len(xs))")
    result = rufflang("run", name, folder=tmp_path, variables={"RUFFLANG_GC": "stats"})
    assert result.stdout == "300000\n"
    title, *fields = result.stderr.split()
    numbers = {name: int(number) for name, number in (field.split("=") for field in fields)}
    assert title == "gc:"
    assert list(numbers) == [
        "collections", "allocated", "live", "since", "pause_total_us", "pause_longest_us", "pages_used",
        "pages_free", "allocations",
    ]  # fmt: skip
    assert numbers["collections"] > 0 and numbers["allocated"] > numbers["live"] > 0
