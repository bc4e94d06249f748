"""The digests that say whether compiled code still belongs to this package's source."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from rufflang.interpreter import source_digests
from rufflang.interpreter import source_stamp as stamps
from rufflang.interpreter.cache_files import write_file
from rufflang.interpreter.source_stamp import cache_directory, source_stamp


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package, to be changed at will, with a cache of its own."""
    copy = tmp_path / "rufflang"
    shutil.copytree(stamps.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(stamps, "PACKAGE", str(copy))
    monkeypatch.setenv("RUFFLANG_CACHE", str(tmp_path / "cache"))
    return copy


def digests() -> tuple[str, str]:
    stamp = source_stamp()
    return stamp.runtime, stamp.package


def settle(package: Path) -> None:
    """Makes every file look as if it had been changed long ago."""
    for path in package.rglob("*.py"):
        os.utime(path, (1_000_000_000, 1_000_000_000))


@pytest.mark.parametrize("name", [
    "lowpy/emitter.py", "runtime/heap.py", "runtime/builtins/registry.py", "interpreter/arithmetic.py",
    "bytecode/opcodes.py",
])  # fmt: skip
def test_a_change_in_what_the_machine_code_is_made_of_changes_both_digests(package: Path, name: str) -> None:
    before = digests()
    path = package / name
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    after = digests()
    assert before[0] != after[0] and before[1] != after[1]


@pytest.mark.parametrize("name", ["engine.py", "syntax/lexer.py", "jit/translator.py"])
def test_a_change_elsewhere_leaves_the_machine_code_alone(package: Path, name: str) -> None:
    before = digests()
    path = package / name
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    after = digests()
    assert before[0] == after[0] and before[1] != after[1]


@pytest.mark.parametrize("folder", stamps.ELSEWHERE)
def test_a_change_where_nothing_that_is_kept_comes_from_changes_neither_digest(package: Path, folder: str) -> None:
    before = digests()
    (package / folder / "extra.py").write_text("")
    assert digests() == before


def test_what_is_kept_is_made_without_the_folders_whose_changes_do_not_count() -> None:
    package = Path(stamps.PACKAGE)
    unwanted = re.compile(rf"\brufflang[. ](import )?({'|'.join(stamps.ELSEWHERE)})\b")
    found = [
        path
        for path in package.rglob("*.py")
        if path.relative_to(package).parts[0] not in stamps.ELSEWHERE and unwanted.search(path.read_text("utf-8"))
    ]
    assert found == [package / "__main__.py"]


def test_a_new_and_a_removed_file_count(package: Path) -> None:
    before = digests()
    (package / "lowpy" / "extra.py").write_text("")
    added = digests()
    assert added[0] != before[0]
    (package / "lowpy" / "extra.py").unlink()
    assert digests() == before


def test_a_change_that_keeps_size_and_time_is_noticed_while_it_is_fresh(package: Path) -> None:
    path = package / "lowpy" / "ir.py"
    before = digests()
    status = path.stat()
    path.write_bytes(path.read_bytes()[:-1] + b" ")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert digests()[0] != before[0]


def test_settled_files_are_not_read_again(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(package)
    monkeypatch.setattr(source_digests, "_SETTLED_SECONDS", -1_000_000_000)
    before = digests()
    computed: list[list[str]] = []

    def compute(package: str, names: list[str], processor: str) -> tuple[str, str]:
        computed.append(names)
        return "x", "y"

    monkeypatch.setattr(source_digests, "digests_of", compute)
    assert digests() == before
    assert computed == []
    path = package / "lowpy" / "ir.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert digests() == ("x", "y")


@pytest.mark.parametrize("content", [b"", b"not a stamp", b"\x00" * 40, b"i\x01\x00\x00\x00"])
def test_a_corrupt_memory_of_the_digests_is_ignored(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    settle(package)
    monkeypatch.setattr(source_digests, "_SETTLED_SECONDS", -1_000_000_000)
    before = digests()
    (stamp_file,) = (tmp_path / "cache").glob("stamp-*")
    stamp_file.write_bytes(content)
    assert digests() == before


def test_a_cache_that_cannot_be_written_does_no_harm(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digests()
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RUFFLANG_CACHE", str(tmp_path / "file" / "below"))
    assert digests() == before
    assert write_file(str(tmp_path / "file" / "below" / "x"), b"data") is False


def test_the_cache_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUFFLANG_CACHE", "/chosen")
    assert cache_directory() == "/chosen"
    monkeypatch.delenv("RUFFLANG_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/xdg")
    assert cache_directory() == os.path.join("/xdg", "rufflang")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/someone")
    assert cache_directory() == os.path.join("/home/someone", ".cache", "rufflang")
