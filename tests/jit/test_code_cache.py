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

    def questions(self) -> list[Path]:
        return sorted(self.folder.glob("rufflang/code-*/*.asked"))

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


def run(folder: Path, text: str = TEXT) -> str:
    finished = run_command(folder, text, "--jit", "sync")
    assert (finished.stderr, finished.returncode) == ("", 0)
    return finished.stdout


def test_damaged_code_and_questions_are_ignored(cache: Cache, tmp_path: Path) -> None:
    assert run(tmp_path) == "4498500\n"
    cache.wait()
    assert cache.libraries() and cache.questions()
    for damage in ("empty", "half", "text"):
        for path in [*cache.libraries(), *(cache.questions() if damage == "half" else [])]:
            data = path.read_bytes()
            path.unlink()
            path.write_bytes({"empty": b"", "half": data[: len(data) // 2], "text": b"nothing " * 100}[damage])
        assert run(tmp_path) == "4498500\n"
        cache.wait()
        assert run(tmp_path) == "4498500\n"


def test_code_for_one_kind_of_global_is_not_used_for_another(cache: Cache, tmp_path: Path) -> None:
    for _ in range(2):
        assert run(tmp_path) == "4498500\n"
        cache.wait()
        assert run(tmp_path, TEXT.replace("KIND := 1", "KIND := 0.5")) == "2249250\n"
        cache.wait()


def test_a_second_run_compiles_nothing(cache: Cache, tmp_path: Path) -> None:
    run(tmp_path)
    cache.wait()
    before = {path: path.stat().st_mtime_ns for path in [*cache.libraries(), *cache.questions()]}
    assert len(before) >= 4
    assert run(tmp_path) == "4498500\n"
    assert {path: path.stat().st_mtime_ns for path in [*cache.libraries(), *cache.questions()]} == before


def test_code_is_not_used_with_the_answers_of_another_run(cache: Cache, tmp_path: Path) -> None:
    """As if a run had stored its answers and been stopped before its own code was linked."""
    run(tmp_path)
    cache.wait()
    answers_of_ints = {path: path.read_bytes() for path in cache.questions()}
    code_of_ints = cache.libraries()
    run(tmp_path, TEXT.replace("KIND := 1", "KIND := 0.5"))
    cache.wait()
    assert set(cache.libraries()) - set(code_of_ints)
    assert any(path.read_bytes() != answers for path, answers in answers_of_ints.items())
    for path in code_of_ints:
        path.unlink()
    for path, answers in answers_of_ints.items():
        path.write_bytes(answers)
    assert run(tmp_path) == "4498500\n"
