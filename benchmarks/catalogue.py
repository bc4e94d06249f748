"""The benchmark programs: what each one shows, and a size at which it ends at once.

A program lives in `programs/NAME/NAME.EXTENSION`, one file per language. It takes its size as its
first argument; the size used for measuring is the default that is written in the program itself, so
that the file can be run alone and the runner cannot disagree with it.

`others` has many more programs, each of a fraction of a second, in Ruff and Python only: what holds for the
benchmarks has to hold for whatever else is written in the same way.  They have one size.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PROGRAMS = Path(__file__).resolve().parent / "programs"
OTHERS = PROGRAMS.parent / "others"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One program in all its languages; `small_size` is None where there is no other size than that for measuring."""

    name: str
    small_size: int | None
    subject: str

    def source(self, extension: str) -> Path:
        """The file of this program in the language with that file extension."""
        folder = OTHERS if self.small_size is None else PROGRAMS / self.name
        return folder / f"{self.name}.{extension}"


EMPTY = Benchmark("empty", 0, "start and stop")

BENCHMARKS = (
    Benchmark("fib", 12, "calls"),
    Benchmark("nested_loops", 12, "counting loops over integers"),
    Benchmark("collatz", 200, "while loops over integers"),
    Benchmark("mandelbrot", 12, "float arithmetic"),
    Benchmark("nbody", 20, "float fields of structs in an array"),
    Benchmark("spectral_norm", 10, "a small function in nested float loops"),
    Benchmark("sieve", 1000, "array elements"),
    Benchmark("matrix", 10, "nested arrays"),
    Benchmark("heap", 300, "an array that functions change and return"),
    Benchmark("quicksort", 300, "an array through recursive calls"),
    Benchmark("fannkuch", 5, "elements of small arrays"),
    Benchmark("levenshtein", 20, "rows of a table, comparing characters"),
    Benchmark("int_dict", 1000, "dictionary with integer keys"),
    Benchmark("word_count", 1, "split, dictionary with string keys"),
    Benchmark("string_building", 20, "growing strings"),
    Benchmark("string_scan", 1, "characters of a string"),
    Benchmark("serialise", 20, "recursion over nested data, growing strings"),
    Benchmark("struct_fields", 1000, "fields of one struct"),
    Benchmark("particles", 2, "fields of structs in an array, assigned in place"),
    Benchmark("methods", 5000, "method calls"),
    Benchmark("shapes", 3, "methods of four structs in one place"),
    Benchmark("binary_trees", 6, "allocation of short-lived structs"),
    Benchmark("tree_map", 50, "structs that are never changed, methods"),
    Benchmark("closures", 5, "map, filter, reduce with closures"),
    Benchmark("generators", 100, "a pipeline of generators"),
    Benchmark("exceptions", 300, "raising and catching"),
    Benchmark("queens", 5, "recursion with small arrays"),
)


OTHER_BENCHMARKS = tuple(Benchmark(name, None, subject) for name, subject in (
    ("ackermann", "deep recursion"),
    ("anagrams", "letters sorted and joined as keys"),
    ("async_tasks", "tasks awaited in turn"),
    ("avl", "a balanced tree of structs that is never changed"),
    ("bank", "structs in an array, errors raised and caught"),
    ("bencode", "nested data written as text and read back"),
    ("bfs", "breadth-first search in a dict of arrays"),
    ("brainf", "match on characters, jumps in a dict"),
    ("bst", "a search tree changed by recursion"),
    ("bubble", "two loops over one array"),
    ("bytecode", "an interpreter of instructions in an array"),
    ("caesar", "characters shifted and joined"),
    ("chain_gen", "generators over generators"),
    ("chan", "tasks that hand values on through channels"),
    ("closure_state", "closures with state"),
    ("cmpsort", "sorting with comparators"),
    ("compose", "closures that call closures"),
    ("cons", "lists of nested structs"),
    ("csv", "lines split into fields"),
    ("deriv", "expressions as nested arrays, matched and derived"),
    ("dict_of_structs", "structs in a dict, fields assigned in place"),
    ("dijkstra", "a heap of structs in a struct, methods that return self"),
    ("errors", "errors from calls in a loop"),
    ("events", "handlers kept in a dict of arrays"),
    ("expression", "recursion over trees of structs"),
    ("fft", "float arrays, recursion"),
    ("floyd", "a table written in three loops"),
    ("gauss", "elimination on float rows"),
    ("gcd", "remainders"),
    ("gen_small", "short generators, many of them"),
    ("global_memo", "a global dict as memo"),
    ("grid_update", "rows changed by a function"),
    ("group", "arrays that grow in a dict"),
    ("histogram", "counting characters in a dict"),
    ("htmltree", "a tree of dicts written as text"),
    ("invindex", "an index of words, dicts in a dict"),
    ("kmp", "searching a text by a table of failures"),
    ("knapsack", "a table of one row"),
    ("lcs", "a table over two texts"),
    ("ledger", "errors raised and caught around structs in a dict"),
    ("life", "cells and their neighbours"),
    ("linked", "a linked list of structs"),
    ("lru", "a cache with two dicts"),
    ("machine", "a state machine with match"),
    ("match_strings", "match on texts"),
    ("memo", "a memo handed through calls"),
    ("memoize", "memos with texts of numbers as keys"),
    ("mergesort", "slices and arrays that grow"),
    ("numparse", "numbers read and written"),
    ("option_result", "results and options"),
    ("parser", "functions that return a value and a position"),
    ("permutations", "an array changed and handed on"),
    ("pipeline", "map, filter and reduce in turn"),
    ("primes_gen", "a generator of primes"),
    ("queue_front", "an array used as a queue"),
    ("queuebfs", "breadth-first search on a grid"),
    ("rational", "fractions with operators"),
    ("retry", "errors raised, caught and tried again"),
    ("rle", "run lengths of characters"),
    ("sales", "dicts in an array, grouped and summed"),
    ("segtree", "a segment tree in an array"),
    ("sets", "sets of ints"),
    ("sort_words", "sorting texts"),
    ("sparse", "rows of a sparse matrix in dicts"),
    ("spread", "spread and destructuring"),
    ("stack_queue", "a stack and a queue"),
    ("stack_struct", "a stack in a struct"),
    ("table", "columns padded to their widths"),
    ("tak", "calls with three arguments"),
    ("template", "placeholders replaced in texts"),
    ("tokenizer", "a scanner by characters"),
    ("topk", "counting and sorting by count"),
    ("toplevel", "loops outside of functions"),
    ("toposort", "a graph in dicts of ints"),
    ("tree_gen", "recursive generators"),
    ("trie", "nested dicts changed by recursion"),
    ("unicode_index", "characters of a text beyond ASCII"),
    ("union_find", "parents in an array"),
    ("validate", "errors as values"),
    ("vectors", "overloaded operators"),
    ("vigenere", "characters shifted by a key"),
    ("visitor", "match on variants of structs"),
    ("wordwrap", "words put into lines"),
    ("xorshift", "bit operations"),
    ("zipgen", "generators asked in turn"),
))  # fmt: skip


def select(names: list[str], others: bool = False) -> list[Benchmark]:
    """The benchmarks with those names, in the order of their catalogue; all of it for no names.

    `others` takes the other programs.  Raises KeyError with the first name that there is none of.
    """
    catalogue = OTHER_BENCHMARKS if others else BENCHMARKS
    known = {benchmark.name for benchmark in catalogue}
    for name in names:
        if name not in known:
            raise KeyError(name)
    return [benchmark for benchmark in catalogue if not names or benchmark.name in names]
