"""Quick code is there soon, gives the same results, and makes way for better code, even amid a loop."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
import time
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest

import rufflang.jit.compiler
from rufflang.bytecode.flow import decode
from rufflang.jit.compiler import Compiler, Made
from rufflang.jit.engine import JitEngine
from rufflang.jit.hot import FOR_THIS_RUN, FUNCTION_REQUEST, HotRequest, InstalledCode
from rufflang.jit.memory import read_word, write_word
from rufflang.jit.quickness import takes_long
from rufflang.jit.request import CompileRequest
from rufflang.jit.workshop_process import _most_useful_first
from tests.cli.command import environment
from tests.jit.hot_programs import run_here
from tests.jit.kept_code import Cache
from tests.jit.test_translation import request_for

pytestmark = pytest.mark.alone

NEEDS_PROC = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes in /proc")
SUM_OF_15 = " + ".join(["n * 3"] * 15)


@pytest.fixture
def only_quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Has all code of runs in this process made quickly."""
    make = Compiler.make
    monkeypatch.setattr(Compiler, "make", lambda self, hot: make(self, hot, may_be_quick=True))
    monkeypatch.setattr(rufflang.jit.compiler, "takes_long", lambda request: True)
    yield


@pytest.mark.parametrize("text, expected", [
    ("func f(n) { if n < 2 { return n }\n return f(n - 1) + f(n - 2) }", True),
    ("func f(n) { mut t := n\n for i in 5 { t = (t * 31 + i) % 1009 }\n return t }", False),
    ("func f(n) { return g(n) + n }\nfunc g(n) { return n + 1 }", False),
    (f"func f(n) {{ return g(n) + g(n + 1) }}\nfunc g(n) {{ return {SUM_OF_15} }}", True),
    (f"func f(n) {{ return g(n) + g(n + 1) }}\nfunc g(n) {{ return {SUM_OF_15} + {SUM_OF_15} }}", False),
])  # fmt: skip
def test_what_becomes_long_by_inlining_takes_long_to_compile(
    monkeypatch: pytest.MonkeyPatch, text: str, expected: bool
) -> None:
    asked: dict[str, bool] = {}

    def ask(request: CompileRequest) -> bool:
        asked[request.chunk.name] = takes_long(request)
        return False

    make = Compiler.make
    monkeypatch.setattr(Compiler, "make", lambda self, hot: make(self, hot, may_be_quick=True))
    monkeypatch.setattr(rufflang.jit.compiler, "takes_long", ask)
    assert run_here(f"{text}\nfor i in 100 {{ f(9) }}", jit_threshold=50).outcome.error is None
    assert asked["f"] == expected


def test_functions_come_before_their_loops_and_outer_loops_before_inner_ones() -> None:
    text = "func f(n) { mut t := 0\n for i in n { for k in n { t += k } }\n return t }\nfunc g(n) { return n }"
    request = request_for(text, [])
    words = array("Q", request.words).tobytes()
    inner, outer = (pc for pc, item in decode(request.words).items() if item.name == "LOOP")
    orders = [(n, HotRequest(*what, bytes(16), words, [], [])) for n, what in enumerate([
        (1, inner), (2, FUNCTION_REQUEST), (1, outer), (1, FUNCTION_REQUEST),
    ])]  # fmt: skip
    assert [number for number, _ in _most_useful_first(orders)] == [3, 2, 0, 1]


@pytest.mark.usefixtures("only_quick")
def test_quick_code_inlines_nothing_and_calls_itself_by_what_is_installed(capfd: pytest.CaptureFixture[str]) -> None:
    compiled = run_here("""
        func small(n) { return n + 1 }
        func f(n) {
            if n < 2 { return small(n) }
            return f(n - 1) + f(n - 2)
        }
        print(f(15))
    """, jit_threshold=3)  # fmt: skip
    assert compiled.outcome.error is None
    assert capfd.readouterr().out == "1597\n"
    entry = compiled.of("f")[-1]
    assert entry.request is not None
    assert entry.request.parts == set()
    own_calls = [line for line in entry.emitted.splitlines() if 'call preserve_nonecc {i64, i64} @"' in line]
    assert len(own_calls) == 1, "only the entry for callers that are interpreted knows the code itself"


class Watch:
    """Takes a running loop's code out of its place, and sees whether the interpreter counts its rounds then."""

    def __init__(self) -> None:
        self.thread: threading.Thread | None = None
        self.was_left = False

    def begin(self, engine: JitEngine, request: HotRequest, code: InstalledCode) -> None:
        if request.index >= 0 and self.thread is None:
            self.thread = threading.Thread(target=self._watch, args=(engine, request, code))
            self.thread.start()

    def _watch(self, engine: JitEngine, request: HotRequest, code: InstalledCode) -> None:
        memory, proto = engine.memory, engine.chunks.address_of(request.number)
        entries = memory.field(proto, "Proto.loop_entries")
        count = memory.field(proto, "Proto.code") + 8 * (request.index + 1)
        time.sleep(0.1)  # The loop is running.
        place = next(place for place in range(entries, entries + 80, 8) if read_word(place) == code.entry)
        before = read_word(count)
        write_word(place, 0)
        end = time.monotonic() + 0.5
        while not self.was_left and time.monotonic() < end:
            self.was_left = read_word(count) != before


@pytest.mark.parametrize("is_quick", [True, False])
def test_a_loop_in_quick_code_ends_when_that_is_not_in_its_place_any_more(
    monkeypatch: pytest.MonkeyPatch, is_quick: bool
) -> None:
    watch, make, install = Watch(), Compiler.make, JitEngine.install

    def installed(engine: JitEngine, request: HotRequest, code: InstalledCode) -> None:
        install(engine, request, code)
        watch.begin(engine, request, code)

    def made(compiler: Compiler, hot: HotRequest) -> Made:
        return make(compiler, hot, may_be_quick=is_quick)

    monkeypatch.setattr(Compiler, "make", made)
    monkeypatch.setattr(rufflang.jit.compiler, "takes_long", lambda request: True)
    monkeypatch.setattr(JitEngine, "install", installed)
    compiled = run_here("""
        start := performance_now()
        mut rounds := 0
        while performance_now() - start < 1000.0 { rounds += 1 }
    """)
    assert compiled.outcome.error is None
    assert watch.thread is not None
    watch.thread.join()
    assert watch.was_left == is_quick


RECURSIVE = """
    func fib(n) {
        if n < 2 { return n }
        return fib(n - 1) + fib(n - 2)
    }
    mut total := 0
"""
FOR_SECONDS = RECURSIVE + """
    start := performance_now()
    while performance_now() - start < 4000.0 { total += fib(12) % 2 }
"""
FOR_ROUNDS = RECURSIVE + """
    for i in ROUNDS { total += fib(12) % 2 }
"""
TELLS_WHAT_COMES = """
import sys
from rufflang.jit.orders import Orders
def accept(orders, request, result, fault):
    taken(orders, request, result, fault)
    with open(sys.argv[-1] + ".came", "a") as file:
        file.write(f"{request.place} {result[0]}\\n")
taken, Orders.accept = Orders.accept, accept
from rufflang.cli import main
sys.exit(main())
"""


def run_telling_what_comes(cache: Cache, folder: Path, text: str) -> list[tuple[str, str]]:
    """The places and libraries for which a run got code, in their order."""
    path = folder / "program.ruff"
    path.write_text(textwrap.dedent(text))
    subprocess.run([sys.executable, "-c", TELLS_WHAT_COMES, "run", str(path)], env=environment(), check=True)
    cache.wait()
    told = folder / "program.ruff.came"
    return [tuple(line.split()) for line in told.read_text().splitlines()] if told.exists() else []  # type: ignore[misc]


@NEEDS_PROC
def test_a_run_gets_quick_code_and_then_better_code_and_only_the_better_is_kept(cache: Cache, tmp_path: Path) -> None:
    came = run_telling_what_comes(cache, tmp_path, FOR_SECONDS)
    libraries = [library for place, library in came if place == str(FUNCTION_REQUEST)]
    assert [library.startswith(FOR_THIS_RUN) for library in libraries[:2]] == [True, False]
    kept = {path.name for path in cache.libraries()}
    assert libraries[1] in kept
    assert not any(name.startswith(FOR_THIS_RUN) for name in kept)


@NEEDS_PROC
@pytest.mark.parametrize("rounds", [4000, 8000, 16000, 32000])
def test_a_run_that_ends_meanwhile_leaves_no_quick_code_but_all_the_better(
    cache: Cache, tmp_path: Path, rounds: int
) -> None:
    run_telling_what_comes(cache, tmp_path, FOR_ROUNDS.replace("ROUNDS", str(rounds)))
    names = [path.name for path in cache.libraries()]
    assert len(names) >= 2
    assert not any(name.startswith(FOR_THIS_RUN) for name in names)
