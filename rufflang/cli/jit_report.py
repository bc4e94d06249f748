"""What `rufflang jit` prints: the JIT's journal as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rufflang.bytecode.flow import registers_in
from rufflang.interpreter.feedback import OTHER_KIND
from rufflang.interpreter.tiering import EXIT_LIMIT
from rufflang.jit.hot import AGAIN, HOT_GENERATOR, HOT_LOOP, DirectTarget
from rufflang.jit.journal import Journal, JournalEntry
from rufflang.jit.request import CompileRequest
from rufflang.run_options import RunOptions
from rufflang.runtime import values

CODE_PARTS = ("emitted", "optimised", "assembly")
PARTS = ("all", "facts", *CODE_PARTS)
COMMON_PARTS: dict[str, tuple[str, ...]] = {"all": CODE_PARTS, "facts": ()}
"""What a word after `--show` stands for, where it is not the name of one part."""

_HEADINGS = {
    "emitted": "LLVM as emitted (types decided, before optimisation)",
    "optimised": "LLVM optimised",
    "assembly": "assembly",
}
_KIND_NAMES = {
    values.UNBOUND: "unbound",
    values.NULL: "null",
    values.BOOL: "bool",
    values.INT: "int",
    values.FLOAT: "float",
    values.STRING: "string",
    values.ARRAY: "array",
    values.DICT: "dict",
    values.STRUCT: "struct",
    values.SET: "set",
    values.QUEUE: "queue",
    values.STACK: "stack",
    values.FUNCTION: "function",
    values.NATIVE: "builtin",
    values.STRUCT_DEFINITION: "structdef",
    values.ENUM: "enum",
    values.TAGGED: "tagged",
    values.RESULT: "result",
    values.OPTION: "option",
    values.CELL: "captured variable",
    values.BYTES: "bytes",
    values.ITERATOR: "iterator",
}


class JitReport:
    """The report on one run; `names` are those of the program's functions, `parts` the code to show."""

    def __init__(
        self, journal: Journal, options: RunOptions, names: Sequence[str], parts: tuple[str, ...]
    ) -> None:
        self._journal = journal
        self._options = options
        self._names = names
        self._parts = parts

    def text(self, wanted: str | None = None) -> str:
        """The report on the function of that name ("" is the top level), or on everything."""
        entries = [entry for entry in self._journal.entries if wanted is None or entry.chunk.name == wanted]
        if not entries:
            return self._nothing(wanted)
        lines = [line for entry in entries for line in (*self._entry(entry), "")]
        cold = [] if wanted is not None else self._cold()
        lines += [f"Not hot, hence interpreted: {', '.join(cold)}"] if cold else []
        return "\n".join(lines).rstrip("\n")

    def _nothing(self, wanted: str | None) -> str:
        who = "Nothing" if wanted is None else f"{_shown(wanted)}: nothing"
        return (
            f"{who} was compiled: no function was called {self._options.jit_threshold} times and no loop ran "
            f"{self._options.loop_threshold} times."
        )

    def _cold(self) -> list[str]:
        hot = {entry.chunk.name for entry in self._journal.entries}
        return list(dict.fromkeys(_shown(name) for name in self._names if name not in hot))

    # ----------------------------------------------------------------------- one entry

    def _entry(self, entry: JournalEntry) -> Iterator[str]:
        what = f"function {_shown(entry.chunk.name)}"
        if entry.loop is not None:
            what = f"loop at offset {entry.loop} of {_shown(entry.chunk.name)}"
        elif entry.cause == HOT_GENERATOR:
            what = f"generator {_shown(entry.chunk.name)}"
        line = f" (line {entry.line})" if entry.line else ""
        yield f"=== {what}{line}: {'refused' if entry.refusal else 'compiled'}"
        yield f"why: {self._cause(entry)}"
        if entry.refusal:
            yield f"refused because: {entry.refusal}"
        if entry.request is not None:
            yield from _parameters(entry.request) if entry.request.is_function else _registers(entry)
            if entry.request.parts:
                yield f"includes the code of: {', '.join(sorted(map(_shown, entry.request.parts)))}"
            for part in self._parts:
                yield from ("", f"--- {_HEADINGS[part]}", str(getattr(entry, part)).rstrip("\n"))

    def _cause(self, entry: JournalEntry) -> str:
        if entry.cause == AGAIN:
            return f"again, because its assumptions failed {EXIT_LIMIT} times"
        if entry.cause == HOT_LOOP:
            return f"ran {self._options.loop_threshold} times"
        if entry.cause == HOT_GENERATOR:
            return f"gave {self._options.jit_threshold} items"
        return f"called {self._options.jit_threshold} times"


def _shown(name: str) -> str:
    return name or "<top level>"


def _parameters(request: CompileRequest) -> Iterator[str]:
    """What each parameter has been, and what the code expects it to be."""
    target = request.direct
    for index, (seen, kind) in enumerate(zip(request.parameter_kinds, target.parameters, strict=True)):
        lent = ", lent" if target.lent >> index & 1 else ""
        kinds = " or ".join(_kind_name(tag) for tag in registers_in(seen)) or "nothing yet"
        yield f"parameter {index}: seen {kinds}; compiled for {_expected(kind)}{lent}"
    yield f"direct entry: {_direct_signature(request, target)}"


def _expected(kind: int | None) -> str:
    return "any kind" if kind is None else _kind_name(kind)


def _kind_name(tag: int) -> str:
    return "other" if tag == OTHER_KIND else _KIND_NAMES.get(tag, f"kind {tag}")


def _direct_signature(request: CompileRequest, target: DirectTarget) -> str:
    words = ["vm", "registers", "depth", "closure"]
    for index, kind in enumerate(target.parameters):
        if kind is None:
            words += [f"tag {index}", f"payload {index}"]
        else:
            words.append(f"{_kind_name(kind)} {index}")
    result = f" -> {target.pieces} pieces of an array" if target.pieces else ""
    return f"{request.symbol}.direct({', '.join(words)}){result}, signature {target.signature:#x}"


def _registers(entry: JournalEntry) -> Iterator[str]:
    """What a loop takes over from the interpreter, or a generator from its last item."""
    for register, tag in entry.frame_kinds.items():
        yield f"register r{register}: enters as {_KIND_NAMES.get(tag, f'kind {tag}')}"
    for register, kind in entry.resume_kinds.items():
        yield f"register r{register}: goes on as {_expected(kind)}"
