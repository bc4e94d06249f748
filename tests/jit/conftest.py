"""Fixtures for tests that look at kept code."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cache_folders import link_vm
from tests.jit.kept_code import Cache


@pytest.fixture(scope="session")
def built_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache in which the VM itself is built already, as it is in the one that tests use elsewhere."""
    folder = tmp_path_factory.mktemp("cache")
    link_vm(folder / "rufflang")
    return folder


@pytest.fixture
def cache(built_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Cache:
    found = Cache(built_folder, monkeypatch)
    found.wait()
    found.forget_code()
    return found
