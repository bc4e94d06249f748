"""The architecture page describes the package as it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.cli.command import PROJECT

PAGE = (PROJECT / "ARCHITECTURE.md").read_text(encoding="utf-8")
PACKAGE = PROJECT / "rufflang"


def layers() -> list[list[str]]:
    """The layers in the page's table, each with its folders or modules, lowest first."""
    table = PAGE.split("## Layers")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return [re.findall(r"rufflang/(\w+)", row) for row in rows]


def imported_parts(module: Path) -> Iterator[str]:
    """The parts of the package that a module imports, also inside functions."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module == "rufflang":
            names = [f"rufflang.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.startswith("rufflang."):
                yield name.split(".")[1]


def test_every_part_of_the_package_is_in_the_table() -> None:
    listed = {name for layer in layers() for name in layer}
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert folders <= listed
    assert all((PACKAGE / name).exists() or (PACKAGE / f"{name}.py").exists() for name in listed)


def test_imports_go_only_to_the_same_layer_or_a_lower_one() -> None:
    level = {name: number for number, layer in enumerate(layers()) for name in layer}
    wrong = []
    for module in PACKAGE.rglob("*.py"):
        part = module.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for used in imported_parts(module):
            if part in level and used in level and level[used] > level[part]:
                wrong.append(f"{module.relative_to(PACKAGE)} imports {used}")
    assert wrong == []


def test_every_file_that_is_mentioned_exists() -> None:
    for path in re.findall(r"`([\w*/]+/[\w*]+\.py)`", PAGE):
        assert list(PACKAGE.glob(path)) or list(PROJECT.glob(path)), path
