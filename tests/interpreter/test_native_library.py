"""The kept machine code: built once, rebuilt when damaged, safe when several processes build it.

A tiny module stands in for the VM, so that a build takes no time; all else is real.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from llvmlite.binding import Linkage, parse_assembly

from rufflang.interpreter import native_build, native_library
from rufflang.interpreter.native_library import NativeRuntime, load
from rufflang.interpreter.usual_functions import USUAL_FUNCTIONS
from rufflang.runtime.builtins.registry import builtin_rows

PROJECT = Path(__file__).parents[2]
PARTS = [
    'declare i64 @"part"() nounwind\ndefine i64 @"answer"() nounwind {\n  %r = call i64 @"part"()\n  ret i64 %r\n}\n',
    'define i64 @"part"() nounwind {\n  ret i64 42\n}\n',
]


class Builds:
    """Counts builds; `directory` is the cache."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.directory = directory
        self.count = 0
        self._monkeypatch = monkeypatch
        monkeypatch.setenv("RUFFLANG_CACHE", str(directory))
        monkeypatch.setattr(native_build, "runtime_parts", self.parts)

    def move(self, directory: Path) -> None:
        """Puts everything kept so far into another cache, and uses that from now on."""
        shutil.copytree(self.directory, directory)
        self.directory = directory
        self._monkeypatch.setenv("RUFFLANG_CACHE", str(directory))

    def parts(self, count: int) -> tuple[list[str], list[str]]:
        self.count += 1
        return PARTS, ["answer"]

    def files(self) -> set[str]:
        """The endings of what is kept for the VM."""
        return {path.suffix for path in self.directory.glob("vm-*")}


@pytest.fixture
def builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builds:
    return Builds(tmp_path / "cache", monkeypatch)


@pytest.fixture(params=["a system linker", "no system linker"])
def linker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "no system linker":
        monkeypatch.setattr("rufflang.lowpy.library.shutil.which", lambda name: None)
    return str(request.param)


def answer(runtime: NativeRuntime) -> int:
    return int(ctypes.CFUNCTYPE(ctypes.c_int64)(runtime.library.address("answer"))())


def test_the_first_load_builds_and_the_second_finds_what_was_built(
    builds: Builds, linker: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert answer(load()) == 42
    assert capfd.readouterr().err == "rufflang: compiling the runtime (once for this version)…\n"
    assert builds.files() == {".table", ".so" if linker == "a system linker" else ".objects"}
    assert answer(load()) == 42
    assert capfd.readouterr().err == ""
    assert builds.count == 1


def test_nothing_temporary_is_left_behind(builds: Builds, linker: str) -> None:
    load()
    assert len(list(builds.directory.iterdir())) <= 3
    assert not [path for path in builds.directory.iterdir() if path.is_dir()]


def test_an_interrupted_build_leaves_nothing_behind(builds: Builds, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(objects: list[bytes], target: Path) -> bool:
        target.write_bytes(objects[0])
        raise KeyboardInterrupt

    monkeypatch.setattr(native_build, "link_shared", interrupt)
    with pytest.raises(KeyboardInterrupt):
        load()
    assert list(builds.directory.glob("vm-*")) == []


def test_the_table_of_builtins_is_read_back_as_it_was(builds: Builds) -> None:
    load()
    assert load().rows == builtin_rows()


@pytest.mark.parametrize("damage", ["empty", "text", "half"])
@pytest.mark.parametrize("kind", [".so", ".objects"])
def test_damaged_machine_code_is_built_again(
    builds: Builds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str, kind: str
) -> None:
    if kind == ".objects":
        monkeypatch.setattr("rufflang.lowpy.library.shutil.which", lambda name: None)
    load()
    # Under another name, because the process already holds the library of the first load.
    builds.move(tmp_path / "elsewhere")
    (path,) = builds.directory.glob(f"vm-*{kind}")
    data = path.read_bytes()
    path.write_bytes({"empty": b"", "text": b"no machine code at all\n" * 20, "half": data[: len(data) // 2]}[damage])
    assert answer(load()) == 42
    assert builds.count == 2
    assert answer(load()) == 42
    assert builds.count == 2


@pytest.mark.parametrize("content", [None, b"", b"garbage", b"i\x01\x00\x00\x00"])
def test_a_damaged_table_does_no_harm(builds: Builds, linker: str, content: bytes | None) -> None:
    load()
    (path,) = builds.directory.glob("vm-*.table")
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    runtime = load()
    assert answer(runtime) == 42
    assert runtime.rows == builtin_rows()


def test_a_cache_that_cannot_be_written_is_replaced_by_something_temporary(
    builds: Builds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RUFFLANG_CACHE", str(tmp_path / "file" / "below"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert answer(load()) == 42


def test_only_the_last_few_versions_are_kept(builds: Builds, monkeypatch: pytest.MonkeyPatch) -> None:
    from rufflang.interpreter.source_stamp import SourceStamp

    for number in range(9):
        monkeypatch.setattr(native_library, "source_stamp", lambda n=number: SourceStamp(f"{n:08x}", "package"))
        load()
    assert builds.count == 9
    assert len(list(builds.directory.glob("vm-*.table"))) == native_build._KEPT_VERSIONS
    assert len(list(builds.directory.glob("vm-*.so"))) == native_build._KEPT_VERSIONS
    monkeypatch.setattr(native_library, "source_stamp", lambda: SourceStamp("00000008", "package"))
    assert answer(load()) == 42
    assert builds.count == 9


def test_an_old_version_that_another_process_is_just_deleting_does_no_harm(builds: Builds) -> None:
    builds.directory.mkdir(exist_ok=True)
    (builds.directory / "vm-gone.table").symlink_to("deleted")  # listed, but no file
    assert answer(load()) == 42


def test_processes_that_build_at_the_same_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    script = f"""
import ctypes, sys, time
sys.path.insert(0, {str(PROJECT)!r})
from rufflang.interpreter import native_build, native_library
native_build.runtime_parts = lambda count: ({PARTS!r}, ["answer"])
while time.time() < float(sys.argv[1]):
    pass
runtime = native_library.load()
print(ctypes.CFUNCTYPE(ctypes.c_int64)(runtime.library.address("answer"))(), len(runtime.rows) > 100)
"""
    start = str(time.time() + 1.0)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, start],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "RUFFLANG_CACHE": str(tmp_path / "cache")},
        )
        for _ in range(4)
    ]  # fmt: skip
    for process in processes:
        output, errors = process.communicate(timeout=60)
        assert (output, process.returncode) == ("42 True\n", 0), errors
    assert {path.suffix for path in (tmp_path / "cache").glob("vm-*")} == {".so", ".table"}


def test_most_functions_that_are_said_to_be_usual_are_in_the_runtime() -> None:
    """Else it is time for `python -m benchmarks.usual_functions`."""
    library, missing = load().library, []
    for symbol in USUAL_FUNCTIONS:
        try:
            library.address(symbol)
        except (KeyError, OSError):
            missing.append(symbol)
    assert len(missing) < len(USUAL_FUNCTIONS) / 10


def test_every_symbol_of_the_runtime_is_defined_in_one_of_its_parts() -> None:
    parts, symbols = native_build.runtime_parts(3)
    assert len(parts) == 3
    defined: list[str] = []
    for part in map(parse_assembly, parts):
        definitions = [item for item in (*part.functions, *part.global_variables) if not item.is_declaration]
        defined += [item.name for item in definitions if item.linkage is Linkage.external]
    assert len(defined) == len(set(defined))
    assert {name for name in defined if not name.startswith("op.")} == set(symbols)
