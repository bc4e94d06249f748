"""Machine code kept for later runs: used again, and never when anything is different or damaged."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rufflang.bytecode.opcodes import BY_NAME
from rufflang.interpreter.shape_cache import ENTRIES, NUMBER_SHIFT, SHAPE_SHIFT
from rufflang.jit.book import LARGE_BOOK, Book
from rufflang.jit.code_cache import Conditions, further_feedback
from rufflang.jit.code_keeping import CodeKeeper
from tests.jit.hot_programs import run_command
from tests.jit.kept_code import Cache

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

PAIRS = """
        func make(reversed) {
            if reversed {
                struct Pair { second, first }
                return Pair { first: 1, second: 2 }
            }
            struct Pair { first, second }
            return Pair { first: 1, second: 2 }
        }
"""
"""In a run of its own each definition is the first one, but the fields are in other places."""


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
    text = PAIRS + """
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
    before = cache.state()
    assert run(tmp_path, text, "late") == f"{sum(i // 2 if i > 4000 else i for i in range(5000))}\n"
    assert cache.state() == before


def test_a_second_run_compiles_nothing(cache: Cache, tmp_path: Path) -> None:
    run(tmp_path)
    cache.wait()
    before = cache.state()
    assert len(before) >= 3
    assert run(tmp_path) == "4498500\n"
    assert cache.state() == before


def test_a_run_that_has_not_met_a_struct_uses_code_that_knows_it(cache: Cache, tmp_path: Path) -> None:
    """The loop has read no field when it gets hot, which in the first run it has."""
    text = """
        struct Pair { first, second }
        pair := Pair { first: 1, second: 2 }
        func around(n, late) {
            mut t := 0
            for i in n { if i > late { t = t + pair.second } }
            return t
        }
        print(around(3000, 100 + 1900 * len(args())))
    """
    assert run(tmp_path, text) == "5798\n"
    cache.wait()
    before = cache.state()
    assert run(tmp_path, text, "late") == "1998\n"
    assert cache.state() == before


def test_code_that_knows_a_struct_is_not_used_where_it_is_another(cache: Cache, tmp_path: Path) -> None:
    text = PAIRS + """
        pair := make(len(args()) > 0)
        func around(n, late) {
            mut t := 0
            for i in n { if i > late { t = t + pair.second } }
            return t
        }
        print(around(3000, 100 + 1900 * len(args())))
    """
    for _ in range(2):
        assert run(tmp_path, text) == "5798\n"
        cache.wait()
        assert run(tmp_path, text, "reversed") == "1998\n"
        cache.wait()
    assert len(cache.books()) == 1


def test_a_book_keeps_what_stands_before_a_damage(cache: Cache, tmp_path: Path) -> None:
    run(tmp_path)
    cache.wait()
    (book,) = cache.books()
    whole = book.read_bytes()
    book.write_bytes(whole + b"nothing " * 3)
    before = cache.state()
    assert run(tmp_path) == "4498500\n"
    assert cache.state() == before


def test_code_for_one_method_is_not_used_for_another() -> None:
    """Not even where all bits of the other's number are set in its own."""
    (_, entry, *_) = ENTRIES["CALL_METHOD"]

    def noted(number: int) -> int:
        return 5 << SHAPE_SHIFT | number << NUMBER_SHIFT | 1

    masks = (entry, 0, entry)
    assert further_feedback(noted(1).to_bytes(8, "little"), masks, noted(3)) == (None, False)
    assert further_feedback(bytes(8), masks, noted(3)) == (noted(3).bit_count(), True)
    assert further_feedback(noted(3).to_bytes(8, "little"), masks, noted(3)) == (0, False)


def test_what_is_about_a_struct_is_known_of_all_words_of_an_opcode() -> None:
    for name, words in ENTRIES.items():
        assert len(words) == BY_NAME[name].cache_words


LONG_FUNCTIONS = """
    struct Pair { left, right }
    func sum(xs) {
        mut t := 0
        for x in xs { if x % 3 == 0 { t := t + x * 2 } else { t := t - x } }
        for x in xs { if x % 5 == 0 { t := t + x * 7 } else { t := t - x } }
        for x in xs { if x % 7 == 0 { t := t + x * 3 } else { t := t + x } }
        return t
    }
    func pairs(xs) {
        mut t := 0
        for x in xs {
            p := Pair { left: x, right: t }
            t := p.left + p.right % 100
        }
        for x in xs { if x % 5 == 0 { t := t + x * 7 } else { t := t - x } }
        for x in xs { if x % 7 == 0 { t := t + x * 3 } else { t := t + x } }
        return t
    }
    func run() { for i in 150 { sum(range(i)) + pairs(range(i)) } }
    run()
    print(sum(range(90)), pairs(range(90)))
"""


def made_by_an_edit(cache: Cache, folder: Path, old: str, new: str) -> int:
    """How many libraries are made when a program runs again after an edit."""
    run(folder, LONG_FUNCTIONS)
    cache.wait()
    before = cache.libraries()
    assert old in LONG_FUNCTIONS
    run(folder, LONG_FUNCTIONS.replace(old, new))
    cache.wait()
    return len(set(cache.libraries()) - set(before))


def test_functions_have_their_code_whatever_is_added_before_or_between_or_behind_them(
    cache: Cache, tmp_path: Path
) -> None:
    for old, new in (
        ("struct Pair", "func added(x) { return x }\n    struct Pair"),
        ("struct Pair", "struct Added { right, left }\n    struct Pair"),
        ("struct Pair", "added := 1\n    struct Pair"),
        ("func pairs", "// 1\n    func added(x) { return x }\n    func pairs"),
        ("print(", "print(1)\n    print("),
    ):
        assert made_by_an_edit(cache, tmp_path, old, new) == 0


def test_code_is_made_for_the_function_that_is_edited_and_for_no_other(cache: Cache, tmp_path: Path) -> None:
    itself_and_the_loop = 2
    assert made_by_an_edit(cache, tmp_path, "t := t + x * 2", "t := t + x * 4") == itself_and_the_loop
    assert len(cache.libraries()) > 2 * itself_and_the_loop


def test_a_book_is_shortened_to_what_is_about_the_functions_there_are(tmp_path: Path) -> None:
    path = tmp_path / "some.book"
    book = Book(str(path))
    identities: dict[int, bytes] = {}
    largest = 0
    for number in range(1, 200):
        # Every tenth function stays, the others are edited.
        identities = {key: value for key, value in identities.items() if key % 10 == 0}
        identities[number] = number.to_bytes(16, "little")
        conditions = Conditions(identities[number], (0, 1), (0, 0, 0), 0, (), (), (("global", 1, (b"." * 5000,)),))
        if book.add((number, -1), (conditions.packed(), False, "no code")):
            book.shorten(identities.get)
        largest = max(largest, path.stat().st_size)
    assert largest < LARGE_BOOK + 6000
    book.read()
    assert [number for number in range(1, 200) if book.entries((number, -1))][:3] == [10, 20, 30]


def test_what_old_versions_of_the_package_have_left_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUFFLANG_CACHE", str(tmp_path))
    for number in range(10):
        modules, code = tmp_path / f"modules-here-{number}", tmp_path / f"code-{number}"
        modules.write_bytes(b"modules")
        code.mkdir()
        for path in (modules, code):
            os.utime(path, (number + 1, number + 1))
    assert CodeKeeper("9", "some", lambda _: None).link_at_once("none.so", b"no object file") is False
    assert sorted(path.name for path in tmp_path.glob("modules-*")) == [f"modules-here-{n}" for n in range(4, 10)]
    assert sorted(path.name for path in tmp_path.glob("code-*")) == [f"code-{n}" for n in range(4, 10)]
