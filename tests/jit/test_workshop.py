"""Code made by another process: the program goes on meanwhile, and all of it is there for the next run."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from marshal import dumps, loads
from pathlib import Path

import pytest

from rufflang.interpreter.kept_modules import leave_modules
from rufflang.interpreter.source_stamp import PACKAGE, modules_place, source_stamp
from rufflang.lowpy.llvm_library import library_path
from rufflang.packed_modules import PackedModules
from tests.cli.command import environment
from tests.jit.hot_programs import run_command
from tests.jit.kept_code import Cache

pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes in /proc"),
]

MOMENTS = """
    struct Pair { first, second }
    func scaled(x) { return x * 3 + 1 }
    func rest(x) { return scaled(x) % 1000 }
    func sum_of(pair) { return pair.first + pair.second }
    func round_of(x) {
        mut t := 0
        for i in 5 { t = t + rest(x + i) + sum_of(Pair { first: 1, second: 2 }) }
        return t
    }
    start := performance_now()
    mut last := start
    mut longest := 0.0
    mut total := 0
    mut rounds := 0
    while last - start < 700.0 {
        total = total + round_of(rounds)
        rounds = rounds + 1
        now := performance_now()
        if now - last > longest { longest = now - last }
        last = now
    }
    print(longest)
"""
LONGEST_PAUSE = 10.0
"""Milliseconds: twice what is aimed at, since other processes want the processor as well."""

HALF_A_SECOND = """
    func scaled(x) { return x * 3 + 1 }
    func around(n) {
        mut t := 0
        for i in n { t = t + scaled(i) }
        return t
    }
    mut limit := 500.0
    for word in args() { limit = to_float(word) }
    start := performance_now()
    mut total := 0
    while performance_now() - start < limit { total = total + around(10) }
    print(total > 0)
"""


def run(folder: Path, text: str, *options: str) -> str:
    finished = run_command(folder, text, *options)
    assert (finished.stderr, finished.returncode) == ("", 0)
    return finished.stdout


def run_telling_imports(cache: Cache, path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a program, which writes what it imports to its standard error, until its code is made."""
    # With checks a run imports what it checks itself with.
    unchecked = {name: text for name, text in environment().items() if name != "RUFFLANG_JIT_CHECK"}
    finished = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "rufflang", "run", str(path), *arguments],
        env=unchecked, capture_output=True, text=True, check=True,
    )  # fmt: skip
    cache.wait()
    return finished


def test_compiling_does_not_stop_the_program(cache: Cache, tmp_path: Path) -> None:
    """A busy machine makes pauses of its own: these are seen without the JIT as well."""
    with_jit: list[float] = []
    without: list[float] = []
    for _ in range(10):
        cache.forget_code()
        with_jit.append(float(run(tmp_path, MOMENTS)))
        cache.wait()
        assert cache.libraries()
        without.append(float(run(tmp_path, MOMENTS, "--jit", "off")))
        if min(with_jit) < LONGEST_PAUSE + min(without):
            return
    raise AssertionError(f"pauses with the JIT: {with_jit}, without: {without}")


def test_what_a_program_asked_for_is_kept_although_it_ended_before(cache: Cache, tmp_path: Path) -> None:
    assert run(tmp_path, HALF_A_SECOND, "--", "200.0") == "true\n"
    cache.wait()
    before = cache.state()
    assert len(before) >= 4
    assert run(tmp_path, HALF_A_SECOND) == "true\n"
    cache.wait()
    assert cache.state() == before


def test_code_for_a_short_program_is_made_when_it_is_over(cache: Cache, tmp_path: Path) -> None:
    text = HALF_A_SECOND.replace("while performance_now() - start < limit", "for round in 400000")
    assert run(tmp_path, text) == "true\n"
    cache.wait()
    before = cache.state()
    assert len(before) >= 4
    assert run(tmp_path, text) == "true\n"
    cache.wait()
    assert cache.state() == before


READY_EARLY = """
import sys
import rufflang.jit.noting, rufflang.jit.patience
rufflang.jit.noting.PREPARING_SECONDS = rufflang.jit.patience.PREPARING_SECONDS = 0.001
rufflang.jit.noting.BEGINNING_SECONDS = 3600.0
rufflang.jit.patience._has_free_processor = lambda: True
import rufflang.jit.workshop
def start(*arguments):
    with open(sys.argv[-1] + ".starts", "a") as file:
        file.write("started\\n")
    return real(*arguments)
real, rufflang.jit.workshop.start = rufflang.jit.workshop.start, start
from rufflang.cli import main
sys.exit(main())
"""


def run_without_answers(cache: Cache, folder: Path, text: str) -> Path:
    """Runs a program, all of whose code is made at its end by a process that was ready long before; where it is."""
    path = begin_after_the_end(folder, text)
    cache.wait()
    return path


def begin_after_the_end(folder: Path, text: str) -> Path:
    """`run_without_answers`, but does not wait until the code is made."""
    path = folder / "program.ruff"
    path.write_text(textwrap.dedent(text))
    subprocess.run([sys.executable, "-c", READY_EARLY, "run", str(path)], env=environment(), check=True)
    return path


def test_a_process_that_was_ready_when_the_program_ended_makes_the_code(cache: Cache, tmp_path: Path) -> None:
    path = run_without_answers(cache, tmp_path, HALF_A_SECOND)
    assert len(cache.libraries()) >= 2
    assert path.with_suffix(".ruff.starts").read_text() == "started\n"


def test_what_goes_on_after_the_program_gives_way(cache: Cache, tmp_path: Path) -> None:
    # To make the code of so many functions takes a while.
    functions = "".join(
        f"func f{n}(k) {{ t := 0\nfor i in k {{ t = t + i * i % {n + 2} }}\nreturn t }}\n" for n in range(12)
    )
    calls = " + ".join(f"f{n}(30)" for n in range(12))
    begin_after_the_end(tmp_path, f"{functions}t := 0\nfor round in 3000 {{ t = t + {calls} }}\nprint(t)\n")
    priorities: set[int] = set()
    while not cache.libraries() or cache.workshops():
        with contextlib.suppress(ProcessLookupError):
            priorities.update(os.getpriority(os.PRIO_PROCESS, number) for number in cache.workshops())
    assert max(priorities) > 0


def test_a_script_that_is_run_again_gets_code_however_short_its_runs_are(cache: Cache, tmp_path: Path) -> None:
    text = "mut t := 0\nfor i in 1400000 { t = t + i % 7 }\nprint(t)"
    for _ in range(12):
        assert run(tmp_path, text) == "4200000\n"
        cache.wait()
        if cache.libraries():
            break
    assert len(cache.libraries()) == 1
    before = cache.state()
    run(tmp_path, text)
    cache.wait()
    assert cache.state() == before


def test_what_short_runs_ask_for_that_other_runs_did_not_is_made_as_well(cache: Cache, tmp_path: Path) -> None:
    text = """
        mut t := 0
        for i in 1400000 { t = t + i % 7 }
        for word in args() { for i in 1400000 { t = t + i % 7 } }
        print(t)
    """
    for count, arguments in enumerate(([], ["--", "again"]), 1):
        for _ in range(12):
            run(tmp_path, text, *arguments)
            cache.wait()
            if len(cache.libraries()) == count:
                break
        assert len(cache.libraries()) == count


def test_nothing_is_made_for_a_program_that_is_over_at_once(cache: Cache, tmp_path: Path) -> None:
    run(tmp_path, HALF_A_SECOND, "--", "2.0")
    cache.wait()
    assert not cache.state()


def test_code_is_made_for_what_was_seen_until_then(cache: Cache, tmp_path: Path) -> None:
    """The request comes long before the first float; code for what was seen at that time would leave at each."""
    text = HALF_A_SECOND.replace("return x * 3 + 1", "if x > 8 { return x * 0.5 } return x * 3 + 1")
    text = text.replace("while performance_now() - start < limit { total = total + around(10) }", """
        for round in 400000 {
            if round < 300 { total = total + around(5) } else { total = total + around(10) }
        }
    """)
    path = run_without_answers(cache, tmp_path, text)
    before = cache.state()
    assert before
    subprocess.run([sys.executable, "-m", "rufflang", "run", str(path)], env=environment(), check=True)
    cache.wait()
    assert cache.state() == before


def test_asking_once_more_loads_nothing_of_the_compiler(cache: Cache, tmp_path: Path) -> None:
    """That would stop the program."""
    path = tmp_path / "program.ruff"
    path.write_text(textwrap.dedent("""
        func twice(x) { return x + x }
        mut total := 0
        for i in 200 { total += twice(i) }
        for i in 50 * len(args()) { total += twice(0.5) }
        print(total)
    """))
    for arguments in (["--jit", "sync"], [], ["--", "again"]):
        finished = run_telling_imports(cache, path, *arguments)
    assert finished.stdout == "39850\n"
    assert "rufflang.jit.engine" in finished.stderr
    assert "rufflang.bytecode.chunk" not in finished.stderr


def test_a_run_whose_code_is_all_there_imports_nothing_that_has_code_made(cache: Cache, tmp_path: Path) -> None:
    path = tmp_path / "program.ruff"
    path.write_text("func twice(x) { return x + x }\nmut t := 0\nfor i in 5000 { t += twice(i) }\nprint(t)\n")
    for arguments in (["--jit", "sync"], []):
        finished = run_telling_imports(cache, path, *arguments)
    assert finished.stdout == "24995000\n"
    found = set(re.findall(r"rufflang\.jit\.(\w+)", finished.stderr))
    assert found == {"manager", "engine", "code_cache", "book", "hot", "memory", "answers"}


GETTING_READY = """
import sys
sys.path += sys.argv[1:]
from rufflang.jit.workshop_process import _prepare
_prepare()
import rufflang.lowpy.frontend
print(*sys.modules)
"""
SLOW_OR_RARE = {
    "ast", "collections", "contextlib", "ctypes", "dataclasses", "enum", "functools", "hashlib", "importlib", "inspect",
    "llvmlite.binding", "platform", "re", "textwrap", "typing", "rufflang.jit.workshop",
    "rufflang.interpreter.generator",
    "rufflang.interpreter.semantics", "rufflang.interpreter.importing", "rufflang.interpreter.spawning",
    "rufflang.interpreter.tasks", "rufflang.runtime.builtins.output", "rufflang.runtime.tasks",
    "rufflang.syntax.parser", "rufflang.bytecode.compiler", "rufflang.host", "rufflang.cli", "rufflang.reference",
}  # fmt: skip


@pytest.mark.skipif(library_path() is None, reason="otherwise the package of llvmlite imports much")
def test_the_process_imports_little_to_get_ready() -> None:
    finished = subprocess.run(
        [sys.executable, "-I", "-S", "-c", GETTING_READY, os.path.dirname(PACKAGE), *sys.path],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = set(finished.stdout.split())
    assert "rufflang.jit.translator" in found
    assert found & SLOW_OR_RARE == set()


def imported_by_llvm() -> set[str]:
    """What the package of llvmlite imports, with which code is loaded that was made in the process of the program."""
    finished = subprocess.run(
        [sys.executable, "-c", "import sys, llvmlite.binding\nprint(*sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(finished.stdout.split())


def test_making_code_imports_the_builtins_that_are_called_and_no_others(cache: Cache, tmp_path: Path) -> None:
    path = tmp_path / "program.ruff"
    path.write_text("func last(xs) { return xs[len(xs) - 1] }\nmut t := 0\nfor i in 9000 { t += last([i]) }\nprint(t)")
    finished = run_telling_imports(cache, path, "--jit", "sync")
    found = set(re.findall(r"\| +([\w.]+)$", finished.stderr, re.MULTILINE))
    assert "rufflang.lowpy.frontend" in found
    areas = {name.rpartition(".")[2] for name in found if name.startswith("rufflang.runtime.builtins.")}
    assert areas == {"registry", "general", "dicts", "output", "parts"}
    assert found & {"inspect", "dataclasses", "pickle", "pkgutil", "textwrap"} <= imported_by_llvm()


def test_the_process_leaves_its_modules_for_the_next_one(cache: Cache, tmp_path: Path) -> None:
    place = Path(modules_place(source_stamp().package))
    place.unlink(missing_ok=True)
    run(tmp_path, HALF_A_SECOND)
    cache.wait()
    names = set(loads(place.read_bytes()))
    assert {"rufflang.jit.workshop_process", "rufflang.jit.translator", "rufflang.lowpy.frontend"} <= names


def test_the_process_takes_its_modules_from_what_another_one_left(cache: Cache, tmp_path: Path) -> None:
    place = Path(modules_place(source_stamp().package))
    place.parent.mkdir(parents=True, exist_ok=True)
    mark = tmp_path / "mark"
    source = f"open({str(mark)!r}, 'w').close()\ndef main(): pass\n"
    module = "/nowhere.py", False, dumps(compile(source, "/nowhere.py", "exec"))
    place.write_bytes(dumps({"rufflang.jit.workshop_process": module}))
    try:
        run(tmp_path, HALF_A_SECOND)
    finally:
        place.unlink()
    assert mark.exists()


def test_modules_are_not_left_if_the_sources_are_others_by_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUFFLANG_CACHE", str(tmp_path))
    for version, is_left in (("0" * 24, False), (source_stamp().package, True)):
        packed = PackedModules(modules_place(version))
        monkeypatch.setattr(sys, "meta_path", [packed, *sys.meta_path])
        leave_modules()
        assert os.path.exists(packed.place) == is_left


def test_the_process_ends_after_the_program(cache: Cache, tmp_path: Path) -> None:
    run(tmp_path, HALF_A_SECOND)
    cache.wait()
    assert cache.workshops() == []


def test_the_process_ends_when_there_is_nothing_to_do(cache: Cache, tmp_path: Path) -> None:
    path = tmp_path / "long.ruff"
    path.write_text(textwrap.dedent(HALF_A_SECOND) + "sleep(20000)\n")
    program = subprocess.Popen(
        [sys.executable, "-m", "rufflang", "run", str(path)], env=environment(), stdout=subprocess.DEVNULL
    )
    try:
        seen = False
        end = time.monotonic() + 15
        while time.monotonic() < end and not (seen and not cache.workshops()):
            seen = seen or bool(cache.workshops())
            time.sleep(0.05)
        assert seen and not cache.workshops()
        assert program.poll() is None
    finally:
        program.kill()
        program.wait()


def test_code_of_that_process_and_code_made_at_once_is_the_same(cache: Cache, tmp_path: Path) -> None:
    text = HALF_A_SECOND.replace("while performance_now() - start < limit", "for round in 3000")
    run(tmp_path, text, "--jit", "sync")
    cache.wait()
    first = {path.name for path in cache.libraries()}
    cache.forget_code()
    run(tmp_path, HALF_A_SECOND)
    cache.wait()
    assert len({path.name for path in cache.libraries()} & first) >= 2


@pytest.mark.parametrize("path", ["", "/nowhere"])
def test_without_a_linker_a_thread_compiles(cache: Cache, tmp_path: Path, path: str) -> None:
    finished = run_command(tmp_path, HALF_A_SECOND, variables={"PATH": path})
    assert (finished.stdout, finished.stderr, finished.returncode) == ("true\n", "", 0)
    assert not cache.workshops() and not cache.libraries()


def test_a_process_that_is_killed_does_no_harm(cache: Cache, tmp_path: Path) -> None:
    path = tmp_path / "program.ruff"
    path.write_text(textwrap.dedent(HALF_A_SECOND.replace("500.0", "3000.0")))
    program = subprocess.Popen(
        [sys.executable, "-m", "rufflang", "run", str(path)],
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    while program.poll() is None:
        for process in cache.workshops():
            os.kill(process, signal.SIGKILL)
        time.sleep(0.01)
    assert program.communicate() == (b"true\n", b"")
    assert program.returncode == 0
