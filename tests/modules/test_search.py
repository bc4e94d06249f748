"""Finding the file that an import means."""

from __future__ import annotations

from pathlib import Path

import pytest

from rufflang.modules import ModuleFailure
from rufflang.modules.search import SearchRoot, entry_roots, find_module


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def root(path: Path) -> SearchRoot:
    return SearchRoot(str(path))


def test_the_first_root_that_has_a_file_wins(tmp_path: Path) -> None:
    write(tmp_path / "two" / "m.ruff")
    write(tmp_path / "three" / "m.ruff")
    roots = [root(tmp_path / name) for name in ("one", "two", "three")]
    assert find_module("m", roots).path == str(tmp_path / "two" / "m.ruff")


def test_a_dotted_name_is_a_file_name_before_it_is_a_path(tmp_path: Path) -> None:
    nested = write(tmp_path / "a" / "b.ruff")
    assert find_module("a.b", [root(tmp_path)]).path == str(nested)
    flat = write(tmp_path / "a.b.ruff")
    assert find_module("a.b", [root(tmp_path)]).path == str(flat)


def test_a_folder_is_no_module(tmp_path: Path) -> None:
    (tmp_path / "m.ruff").mkdir()
    with pytest.raises(ModuleFailure, match="Module not found: m; "):
        find_module("m", [root(tmp_path)])


def test_a_module_that_is_nowhere_is_named_twice(tmp_path: Path) -> None:
    with pytest.raises(ModuleFailure) as failure:
        find_module("a.b", [root(tmp_path)])
    assert failure.value.message == (
        "Module not found: a.b; Check that 'a.b' exists as a flat <module>.ruff file or a nested src/... path "
        "under the package root, and confirm the import name matches the on-disk layout."
    )


def test_a_link_may_not_lead_out_of_its_root(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside.ruff")
    inside = tmp_path / "root"
    inside.mkdir()
    (inside / "m.ruff").symlink_to(outside)
    with pytest.raises(ModuleFailure) as failure:
        find_module("m", [root(inside)])
    assert failure.value.message == (
        f"Unsafe module import 'm': resolved path '{outside}' escapes module search root '{inside}'"
    )


def test_a_link_inside_its_root_is_the_file_it_points_to(tmp_path: Path) -> None:
    write(tmp_path / "real.ruff")
    (tmp_path / "alias.ruff").symlink_to("real.ruff")
    assert find_module("alias", [root(tmp_path)]).key == find_module("real", [root(tmp_path)]).key


def test_the_root_itself_may_be_a_link(tmp_path: Path) -> None:
    write(tmp_path / "real" / "m.ruff")
    (tmp_path / "link").symlink_to("real")
    assert find_module("m", [root(tmp_path / "link")]).key[0] == str(tmp_path / "real")


@pytest.mark.parametrize("name", ["a..b", "..a", "a.", ""])
def test_a_name_with_an_empty_segment_is_refused(name: str) -> None:
    with pytest.raises(ModuleFailure) as failure:
        find_module(name, [])
    assert failure.value.message == (
        f"Unsafe module import '{name}': dotted module path contains an empty segment"
    )


@pytest.mark.parametrize("name", ["/etc/passwd", "C:x", "a\\b", "a\0b"])
def test_a_path_is_no_module_name(name: str) -> None:
    with pytest.raises(ModuleFailure) as failure:
        find_module(name, [])
    assert failure.value.message == f"Unsafe module import '{name}': a module name is no path"


def test_an_entry_script_in_src_also_opens_the_folder_around(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "src").mkdir()
    monkeypatch.chdir(tmp_path / "src")
    assert [found.path for found in entry_roots("main.ruff")] == [str(tmp_path / "src"), str(tmp_path)]
    monkeypatch.chdir(tmp_path)
    assert [found.path for found in entry_roots("src/main.ruff")] == [str(tmp_path / "src"), str(tmp_path)]
    assert [found.path for found in entry_roots("main.ruff")] == [str(tmp_path)]
    assert entry_roots(None) == []
