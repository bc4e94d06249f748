"""Modules over several runs of a program, and modules that change while it runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.command import Result, environment, rufflang, write_program
from tests.host.test_start import own_cache

__all__ = ["own_cache"]

RUN_AND_LIST_MODULES = """
import sys
from rufflang.cli import main
code = main(["run", "program.ruff"])
print(*sorted(sys.modules), sep="\\n", file=sys.stderr)
sys.exit(code)
"""
FRONT_END = ("rufflang.syntax.lexer", "rufflang.syntax.parser", "rufflang.bytecode.compiler", "rufflang.bytecode.chunk")


def run(folder: Path, cache: Path | None = None) -> Result:
    return rufflang("run", "program.ruff", folder=folder, variables={"RUFFLANG_CACHE": str(cache)} if cache else None)


def write_modules(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        write_program(folder, text, f"{name}.ruff")


def test_a_known_program_is_run_without_parsing_its_modules(tmp_path: Path, own_cache: Path) -> None:
    write_program(tmp_path, "import lib\nfrom other import y\nprint(x, y, map([1], double))")
    write_modules(
        tmp_path, lib="import other\nexport x := y + 1\nexport func double(n) { return n * 2 }", other="export y := 1"
    )
    imported = []
    for _ in range(2):
        finished = subprocess.run(
            [sys.executable, "-c", RUN_AND_LIST_MODULES],
            cwd=tmp_path, capture_output=True, text=True, timeout=120, env=environment(RUFFLANG_CACHE=str(own_cache)),
        )  # fmt: skip
        assert (finished.returncode, finished.stdout) == (0, "2 1 [2]\n")
        imported.append(finished.stderr.splitlines())
    assert set(FRONT_END) <= set(imported[0])
    assert set(FRONT_END) & set(imported[1]) == set()


def test_a_program_follows_the_changes_of_its_modules(tmp_path: Path, own_cache: Path) -> None:
    write_program(tmp_path, "func f() {\n  total := 1\n  return sum([1, 2])\n}\nimport lib\nprint(f(), x)")
    for text, printed in (
        ("export x := 1", "3 1\n"),
        ("export x := 2", "3 2\n"),
        ("export x := 2\nexport func sum(xs) { return 'mine' }".replace("'", '"'), "mine 2\n"),
        ("import other\nexport x := y", "3 7\n"),
        ("export x := 1\nexport total := 5", "3 1\n"),
    ):
        write_modules(tmp_path, lib=text, other="export y := 7")
        for _ in range(2):
            assert run(tmp_path, own_cache) == Result(printed, "", 0)


def hot_module(number: int) -> str:
    return (
        f"export func work{number}(n) {{\n  t := 0\n  for i in range(n) {{ t := t + helper(i) }}\n  return t\n}}\n"
        f"func helper(i) {{ return i % 7 + {number} }}\n"
    )


def test_machine_code_that_was_kept_is_used_only_for_the_modules_it_was_made_for(
    tmp_path: Path, own_cache: Path
) -> None:
    main = "import m1\nimport m2\nfor i in range(200) { work1(10)\n work2(10) }\nprint(work1(100), work2(100))"
    swapped = main.replace("import m1\nimport m2", "import m2\nimport m1")
    as_float = hot_module(2).replace("% 7 + 2", "% 7 + 2.5")
    longer = "func extra() { return 1 }\n" + hot_module(1)
    for program, first, second, printed in (
        (main, hot_module(1), hot_module(2), "395 495\n"),
        (swapped, hot_module(1), hot_module(2), "395 495\n"),
        (swapped, hot_module(1), as_float, "395 545\n"),
        (main, longer, as_float, "395 545\n"),
    ):
        write_program(tmp_path, program)
        write_modules(tmp_path, m1=first, m2=second)
        for _ in range(2):
            assert run(tmp_path, own_cache) == Result(printed, "", 0)


def test_a_module_that_disappears_is_not_found_and_may_come_back(tmp_path: Path, own_cache: Path) -> None:
    write_program(tmp_path, "import lib\nprint(x)")
    for _ in range(2):
        write_modules(tmp_path, lib="export x := 1")
        assert run(tmp_path, own_cache) == Result("1\n", "", 0)
        (tmp_path / "lib.ruff").unlink()
        assert "Runtime Error: Module not found: lib; Check" in run(tmp_path, own_cache).stderr


def test_a_chain_of_imports_may_be_long(tmp_path: Path) -> None:
    count = 400
    write_program(tmp_path, "from m0 import value\nprint(value)")
    for number in range(count):
        text = f"from m{number + 1} import value\nexport value" if number < count - 1 else "export value := 42"
        write_program(tmp_path, text, f"m{number}.ruff")
    assert run(tmp_path) == Result("42\n", "", 0)


@contextmanager
def paused(folder: Path, text: str) -> Iterator[subprocess.Popen[str]]:
    """A running program that waits for a line of input wherever it says `pause()`."""
    write_program(folder, 'func pause() { input("ready\\n") }\n' + text)
    with subprocess.Popen(
        [sys.executable, "-m", "rufflang", "run", "program.ruff"], cwd=folder, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(),
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def lines(process: subprocess.Popen[str], count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().rstrip("\n") for _ in range(count)]


LATE = """
func shadowed() {
    local := 1
    return [sum([1, 2]), local]
}
pause()
import late
print(value, shadowed(), local, late.value)
"""


def test_a_module_that_is_written_while_the_program_runs_is_like_any_other(tmp_path: Path) -> None:
    with paused(tmp_path, LATE) as process:
        assert lines(process, 1) == ["ready"]
        exports = ('value := 1', 'local := "global"', 'func sum(xs) { return "not the builtin" }')
        write_modules(tmp_path, late="\n".join(f"export {statement}" for statement in exports))
        go_on(process)
        assert lines(process, 1) == ["1 [not the builtin, 1] 1 1"]


def test_a_module_that_changed_is_loaded_again_by_the_next_import(tmp_path: Path) -> None:
    write_modules(tmp_path, lib="export x := 1")
    text = "func load() {\n  from lib import x\n  return x\n}\nprint(load(), load())\npause()\nprint(load(), load())"
    with paused(tmp_path, text) as process:
        assert lines(process, 2) == ["1 1", "ready"]
        write_modules(tmp_path, lib='print("loaded again")\nexport x := 22')
        go_on(process)
        assert lines(process, 2) == ["loaded again", "22 22"]


def test_an_export_that_comes_late_does_not_replace_a_function_that_code_relies_on(tmp_path: Path) -> None:
    write_modules(tmp_path, lib="export x := 1")
    text = (
        "func helper(n) { return n + 1 }\nfunc hot() {\n  t := 0\n  for i in range(30000) { t := t + helper(i) }\n"
        "  return t\n}\nfor i in range(200) { hot() }\npause()\nimport lib\nprint(hot(), x, lib.helper)"
    )
    with paused(tmp_path, text) as process:
        assert lines(process, 1) == ["ready"]
        write_modules(tmp_path, lib="export x := 2\nexport helper := 5")
        go_on(process)
        assert lines(process, 1) == ["450015000 2 5"]


@pytest.mark.parametrize("option", [(), ("--json-runtime-diagnostics",)])
def test_an_error_in_a_modules_function_names_the_modules_file(tmp_path: Path, option: tuple[str, ...]) -> None:
    (tmp_path / "modules").mkdir()
    write_program(tmp_path / "modules", "export func f(x) {\n  return 1 / x\n}", "lib.ruff")
    write_program(tmp_path, "import lib\nf(0)")
    result = rufflang("run", "program.ruff", *option, folder=tmp_path)
    if option:
        assert '"file": "modules/lib.ruff"' in result.stdout and '"line": 2' in result.stdout
    else:
        assert "  --> modules/lib.ruff:2:10\n   |\n 2 |   return 1 / x\n" in result.stderr
    assert result.exit_code == 4


def test_a_module_that_uses_too_much_memory_ends_the_program(tmp_path: Path) -> None:
    write_modules(tmp_path, greedy="xs := [0]\nwhile true { xs := [...xs, ...xs] }")
    write_program(tmp_path, 'try { import greedy } except e { print("caught") }')
    result = rufflang("run", "program.ruff", "--max-memory", "64MB", folder=tmp_path)
    assert (result.stdout, result.exit_code) == ("", 4)
    assert "Memory limit of 64MB exceeded\n  --> greedy.ruff:2:" in result.stderr


def test_checking_a_program_does_not_run_its_imports(tmp_path: Path) -> None:
    write_modules(tmp_path, lib='print("never")\nbreak')
    write_program(tmp_path, "import lib\nimport nowhere\nprint(x)")
    assert rufflang("check", "program.ruff", folder=tmp_path) == Result("check passed: program.ruff\n", "", 0)


def test_a_listing_shows_imports(tmp_path: Path) -> None:
    write_modules(tmp_path, lib="export x := 1")
    write_program(tmp_path, "import lib\nfrom lib import x\nprint(x)")
    listing = rufflang("disasm", "program.ruff", folder=tmp_path).stdout
    assert "IMPORT                  r0, 'lib'\n" in listing
    assert "BIND_EXPORTS            r0, 'lib'\n" in listing


def test_capabilities_hold_in_modules(tmp_path: Path) -> None:
    write_modules(tmp_path, lib="export x := now()")
    write_program(tmp_path, "import lib")
    result = rufflang("run", "program.ruff", "--untrusted", folder=tmp_path)
    denial = "Capability denied: clock required for now; rerun with --allow-clock"
    assert f"Failed to evaluate module 'lib': {denial}\n" in result.stderr
