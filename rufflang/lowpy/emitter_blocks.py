"""Blocks and values of one LLVM function: labels, jumps that wait for their target, phi nodes.

The lowest layer of the emitter; it knows LLVM's text and nothing of lowpy's trees.
"""

from __future__ import annotations

from rufflang.lowpy.module import ModuleText
from rufflang.lowpy.types import Pointer, RecordType, TupleType, Type, is_pointer, llvm_type
from rufflang.lowpy.values import Aggregate, SsaValue, Word, constant_word, same, words_of
from rufflang.records import Record

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Environment = dict[str, SsaValue]

_ENTRY = 1
"""Which line of a function has the label of its first block."""


class Edge(Record, frozen=False):
    """A jump waiting for its target: the block it leaves and the variables there."""

    block: str
    environment: Environment
    value: SsaValue | None = None


class Position(Record):
    """A place in the text of a function being written."""

    line: int
    block: str | None
    open_jumps: dict[str, int]
    established: frozenset[object]


class BlockEmitter:
    """Writes one LLVM function at a time into a `ModuleText`.

    `block` is the label that new instructions go to, or None where control cannot come:
    what is written there is dropped.  `established` says what the code on every way to the position
    has seen to already, in the terms of whoever put it there.  A loop's head knows only what held before the
    loop: whoever puts in something that may end inside of a loop must take it out at its head.
    """

    def __init__(self, module: ModuleText) -> None:
        self.module = module
        self.lines: list[str] = []
        self.block: str | None = None
        self.established: frozenset[object] = frozenset()
        self._counter = 0
        self._open_jumps: dict[str, int] = {}
        self._targets: set[str] = set()
        self._established_at: dict[str, frozenset[object]] = {}
        self._left_with: dict[str, frozenset[object]] = {}

    def begin(self, header: str) -> None:
        """Opens a function; `header` is the `define` line without its brace."""
        self.lines = [header + " {"]
        self._counter = 0
        self._open_jumps.clear()
        self._targets.clear()
        self._established_at.clear()
        self.start("entry")

    def finish(self) -> None:
        """Closes the function and hands its text to the module."""
        if self.block is not None:
            self.line("unreachable")
        self.lines.append("}")
        self.module.add_function("\n".join(self.lines))
        self.lines = []
        self.block = None

    # ------------------------------------------------------------------- second thoughts

    def position(self) -> Position:
        """Where the emitter stands now, for `go_back`."""
        return Position(len(self.lines), self.block, dict(self._open_jumps), self.established)

    def go_back(self, position: Position) -> None:
        """Forgets all that was written after a position, provided that nothing before it was completed since."""
        del self.lines[position.line :]
        self.block = position.block
        self._open_jumps = dict(position.open_jumps)
        self.established = position.established

    # ------------------------------------------------------------- blocks and values

    def fresh(self, prefix: str = "v") -> str:
        """A new local name."""
        self._counter += 1
        return f"%{prefix}{self._counter}"

    def new_label(self, hint: str = "b") -> str:
        """A new label; `start` opens its block."""
        self._counter += 1
        return f"{hint}{self._counter}"

    def is_used(self, label: str) -> bool:
        """Whether a branch or switch leads to a label."""
        return label in self._targets

    def start(self, label: str) -> None:
        """Opens a block."""
        self.lines.append(f"{label}:")
        self.block = label
        self.established = self._established_at.get(label, frozenset())

    def start_loop(self, label: str) -> None:
        """Opens a block that jumps backwards will lead to."""
        self.start(label)

    def _come_to(self, label: str, established: frozenset[object]) -> None:
        """There is one more way to a label."""
        self._established_at[label] = self._established_at.get(label, established) & established

    def established_on(self, edge: Edge) -> frozenset[object]:
        """What was established where an edge leaves its block."""
        return self._left_with[edge.block]

    def variable(self, kind: Type, initial: str) -> Word:
        """The address of a word of the function's own, for values that have no phi; `initial` on entering it."""
        name, low = self.fresh("variable"), llvm_type(kind)
        self.lines[_ENTRY] += f"\n  {name} = alloca {low}\n  store {low} {initial}, ptr {name}"
        return Word(Pointer(kind), name)

    def line(self, text: str) -> None:
        """Adds an instruction that has no value."""
        if self.block is not None:
            self.lines.append("  " + text)

    def define(self, kind: Type, text: str) -> Word:
        """A new SSA value computed by the instruction `text`."""
        name = self.fresh()
        if self.block is not None:
            self.lines.append(f"  {name} = {text}")
        return Word(kind, name)

    def jump(self, label: str) -> None:
        """Ends the block with a jump."""
        if self.block is not None:
            self._come_to(label, self.established)
        self.line(f"br label %{label}")
        self.block = None

    def branch(self, condition: Word, then: str, otherwise: str) -> None:
        """Ends the block with a two-way branch."""
        if self.block is not None:
            self._targets.update((then, otherwise))
            self._come_to(then, self.established)
            self._come_to(otherwise, self.established)
        self.line(f"br i1 {condition.text}, label %{then}, label %{otherwise}")
        self.block = None

    def switch(self, number: Word, cases: Iterable[tuple[int, str]], otherwise: str) -> None:
        """Ends the block by going to the label of a number's case."""
        kind = llvm_type(number.type)
        labels = list(cases)
        if self.block is not None:
            self._targets.update((otherwise, *(label for _, label in labels)))
            for label in (otherwise, *(label for _, label in labels)):
                self._come_to(label, self.established)
        table = " ".join(f"{kind} {case}, label %{label}" for case, label in labels)
        self.line(f"switch {kind} {number.text}, label %{otherwise} [{table}]")
        self.block = None

    def leave(self) -> str:
        """The current block's label, marking the position unreachable: a jump will be added by `land`."""
        assert self.block is not None
        label, self.block = self.block, None
        marker = f"  ; jump from {label}"
        self.lines.append(marker)
        self._open_jumps[label] = len(self.lines) - 1
        self._left_with[label] = self.established
        return label

    def is_open(self, edge: Edge) -> bool:
        """Whether an edge still waits for its target: the text may have been taken back since."""
        return edge.block in self._open_jumps

    def land(self, edges: Sequence[Edge], hint: str = "join") -> tuple[Environment, SsaValue | None]:
        """Joins the edges in a new block; returns the merged variables and value.

        Without edges the position stays unreachable and everything is empty.
        """
        if not edges:
            self.block = None
            return {}, None
        if len(edges) == 1:
            edge = edges[0]
            position = self._open_jumps[edge.block]
            if position == len(self.lines) - 1:
                self.lines.pop()
                del self._open_jumps[edge.block]
                self.block = edge.block
                self.established = self._left_with[edge.block]
                return dict(edge.environment), edge.value
        label = self.new_label(hint)
        for edge in edges:
            self._patch(edge.block, label)
        self.start(label)
        first = edges[0]
        merged: Environment = {}
        for name, value in first.environment.items():
            others = [edge.environment.get(name) for edge in edges]
            if all(item is value for item in others):
                merged[name] = value
            elif all(item is not None for item in others):
                merged[name] = self.phi([(edge.environment[name], edge.block) for edge in edges])
        result = None
        if first.value is not None:
            result = self.phi([(edge.value, edge.block) for edge in edges if edge.value is not None])
        return merged, result

    def _patch(self, block: str, label: str) -> None:
        position = self._open_jumps.pop(block)
        self.lines[position] = f"  br label %{label}"
        self._come_to(label, self._left_with[block])

    def phi(self, items: list[tuple[SsaValue, str]]) -> SsaValue:
        """The value that came from whichever block was left; no instruction where all are the same."""
        first = items[0][0]
        if all(same(first, item) for item, _ in items[1:]):
            return first
        if isinstance(first, Aggregate):
            words = []
            for index in range(len(first.words)):
                part = self.phi([(words_of(item)[index], block) for item, block in items])
                assert isinstance(part, Word)
                words.append(part)
            return Aggregate(first.type, tuple(words))
        sources = ", ".join(f"[ {words_of(item)[0].text}, %{block} ]" for item, block in items)
        return self.define(first.type, f"phi {llvm_type(first.type)} {sources}")

    # ---------------------------------------------------------------------- functions

    def parameter(self, text: str, kind: Type) -> SsaValue:
        """A parameter as a value; records arrive as one parameter a word."""
        if isinstance(kind, RecordType):
            words = (Word(item, f"{text}.{name}") for name, item in kind.fields.items())
            return Aggregate(kind, tuple(words))
        return Word(kind, text)

    def raised_value(self, kind: RecordType) -> Aggregate:
        """What a record-returning function returns while an error is in flight."""
        raised = kind.python_class.raised
        assert raised is not None
        words = []
        for item, value in zip(kind.fields.values(), raised, strict=True):
            words.append(Word(item, "null") if is_pointer(item) else constant_word(item, value))
        return Aggregate(kind, tuple(words))

    def reopen(self, block: str) -> None:
        """Continues at an edge's end in a block of its own."""
        label = self.new_label("exit")
        self._patch(block, label)
        self.start(label)

    def return_value(self, value: SsaValue | None) -> None:
        """Ends the block by returning."""
        if value is None:
            self.line("ret void")
        elif isinstance(value, Word):
            self.line(f"ret {llvm_type(value.type)} {value.text}")
        else:
            kind, current = llvm_type(value.type), "poison"
            for index, item in enumerate(value.words):
                text = f"insertvalue {kind} {current}, {llvm_type(item.type)} {item.text}, {index}"
                current = self.define(value.type, text).text
            self.line(f"ret {kind} {current}")
        self.block = None


def undefined(kind: Type) -> SsaValue:
    """A placeholder at a place that is never reached, or the result of a void call."""
    if isinstance(kind, RecordType):
        return Aggregate(kind, tuple(Word(item, "poison") for item in kind.fields.values()))
    if isinstance(kind, TupleType):
        return Aggregate(kind, tuple(Word(item, "poison") for item in kind.items))
    return Word(kind, "null" if is_pointer(kind) else "poison")
