"""Machine code kept for later runs: used again, and never when anything is different or damaged."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from tests.jit.hot_programs import run_command

TEXT = """
    KIND := 1
    func scaled(x) { return x * KIND }
    func around(n) {
        mut t := 0
        for i in n { t = t + scaled(i) }
        return t
    }
    print(around(3000))
"""


class Cache:
    """A cache of its own for runs of `TEXT`."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        monkeypatch.setenv("RUFFLANG_CACHE", str(folder / "rufflang"))

    def libraries(self) -> list[Path]:
        return sorted(self.folder.glob("rufflang/code-*/*.so"))

    def books(self) -> list[Path]:
        return sorted(self.folder.glob("rufflang/code-*/*.book"))

    def wait(self) -> None:
        """Linking goes on after a run; waits for the end of it."""
        for _ in range(200):
            if not list(self.folder.glob("rufflang/code-*/*.o")):
                return
            time.sleep(0.05)


@pytest.fixture(scope="module")
def built_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache in which the VM itself is built already."""
    folder = tmp_path_factory.mktemp("cache")
    run_command(folder, "print(1)", "--jit", "off", variables={"RUFFLANG_CACHE": str(folder / "rufflang")})
    return folder


@pytest.fixture
def cache(built_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Cache:
    for folder in built_folder.glob("rufflang/code-*"):
        shutil.rmtree(folder)
    return Cache(built_folder, monkeypatch)


def run(folder: Path, text: str = TEXT, *arguments: str) -> str:
    finished = run_command(folder, text, "--jit", "sync", "--", *arguments)
    assert (finished.stderr, finished.returncode) == ("", 0)
    return finished.stdout


def test_damaged_code_and_books_are_ignored(cache: Cache, tmp_path: Path) -> None:
    assert run(tmp_path) == "4498500\n"
    cache.wait()
    assert cache.libraries() and cache.books()
    for damage in ("empty", "half", "text"):
        for path in [*cache.libraries(), *cache.books()]:
            data = path.read_bytes()
            path.unlink()
            path.write_bytes({"empty": b"", "half": data[: len(data) // 2], "text": b"nothing " * 100}[damage])
        assert run(tmp_path) == "4498500\n"
        cache.wait()
        assert run(tmp_path) == "4498500\n"


def test_damaged_code_is_made_again(cache: Cache, tmp_path: Path) -> None:
    run(tmp_path)
    cache.wait()
    whole = {path: path.read_bytes() for path in cache.libraries()}
    for path in whole:
        path.unlink()
        path.write_bytes(b"")
    assert run(tmp_path) == "4498500\n"
    cache.wait()
    assert {path: path.read_bytes() for path in cache.libraries()} == whole


def test_code_for_one_kind_of_global_is_not_used_for_another(cache: Cache, tmp_path: Path) -> None:
    text = TEXT.replace("KIND := 1", 'mut KIND := 1\n    if len(args()) > 0 { KIND = 0.5 }')
    for _ in range(2):
        assert run(tmp_path, text) == "4498500\n"
        cache.wait()
        assert run(tmp_path, text, "half") == "2249250\n"
        cache.wait()
    assert len(cache.books()) == 1


def test_code_for_one_kind_of_struct_is_not_used_for_another(cache: Cache, tmp_path: Path) -> None:
    """In either run the definition is the first one, but the field is in another place."""
    text = """
        func make(reversed) {
            if reversed {
                struct Pair { second, first }
                return Pair { first: 1, second: 2 }
            }
            struct Pair { first, second }
            return Pair { first: 1, second: 2 }
        }
        func around(pair, n) {
            mut t := 0
            for i in n { t = t + pair.first }
            return t
        }
        print(around(make(len(args()) > 0), 3000))
    """
    for _ in range(2):
        assert run(tmp_path, text) == "3000\n"
        cache.wait()
        assert run(tmp_path, text, "reversed") == "3000\n"
        cache.wait()
    assert len(cache.books()) == 1


def test_code_does_for_a_run_that_has_seen_less(cache: Cache, tmp_path: Path) -> None:
    """A run in which compiling took a while has seen more than one in which the code is there at once."""
    text = """
        func pick(i, late) { if i > late { return i * 0.5 } return i }
        func around(n, late) {
            mut t := 0
            for i in n { t = t + to_int(pick(i, late)) }
            return t
        }
        print(around(5000, 50 + 3950 * len(args())))
    """
    assert run(tmp_path, text) == f"{sum(i // 2 if i > 50 else i for i in range(5000))}\n"
    cache.wait()
    before = {path: path.stat().st_mtime_ns for path in [*cache.libraries(), *cache.books()]}
    assert run(tmp_path, text, "late") == f"{sum(i // 2 if i > 4000 else i for i in range(5000))}\n"
    assert {path: path.stat().st_mtime_ns for path in [*cache.libraries(), *cache.books()]} == before


def test_a_second_run_compiles_nothing(cache: Cache, tmp_path: Path) -> None:
    run(tmp_path)
    cache.wait()
    before = {path: path.stat().st_mtime_ns for path in [*cache.libraries(), *cache.books()]}
    assert len(before) >= 3
    assert run(tmp_path) == "4498500\n"
    assert {path: path.stat().st_mtime_ns for path in [*cache.libraries(), *cache.books()]} == before
