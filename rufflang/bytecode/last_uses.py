"""Last uses: where a variable's value need not be shared, because nobody reads the variable again.

The compiler shares what it reads out of a variable to keep it, and says of an argument that somebody still holds it.
When a function's code is complete, liveness tells where the variable was dead by then: the value is moved,
and the argument is held by nobody.  The same goes for an element or a field that is read out of a
variable's value, or of what a call has given, and never again: `SHARE_PART` marks it only if the whole is marked.
Where the index is another variable, as in `rows[y] := changed(rows[y])`, that is known as far as no other index is in
play.

Beside the variable, a register may hold the same container *unmarked* only because it borrows it: as an
argument, as the state of a `for` loop, as what it then found inside.  So each register has a set of tokens that
stand for what it holds, and a set for what that was found inside of.  Nothing is moved while
a register is live that could show it.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from rufflang.bytecode.chunk import Chunk
from rufflang.bytecode.encoding import leave_out, pack
from rufflang.bytecode.flow import Block, Flow, Instruction, registers_in
from rufflang.bytecode.opcodes import BY_NAME
from rufflang.bytecode.scopes import Variable
from rufflang.records import Record, field
from rufflang.syntax import ast

Origin = tuple[int, int]
"""Tokens of what a register may hold, and of what that may be inside of; none if that is marked, or no container."""
State = dict[int, Origin]

_NOTHING: Origin = (0, 0)
_INT_STARTS = tuple("-0123456789")
_STEPS = 50
"""For each instruction of a function so many are looked at, at most, to see what is read again."""
_FIRST_ARGUMENT = {"CALL": 2, "CALL_METHOD": 2, "CALL_BUILTIN": 0, "TAKE_APART": 0}

Literal = ast.ArrayLiteral | ast.DictLiteral | ast.StructLiteral

PartKey = tuple[str, int]
"""Which part of a value: an `INDEX`, a register with one (`KEY`), the constant of a `NAME`, an item of a `PAYLOAD`."""
INDEX, KEY, NAME, PAYLOAD = "index", "key", "name", "payload"
_TOLD_APART = frozenset((INDEX, NAME, PAYLOAD))
"""Kinds of keys of which different ones are different parts."""
_READING = frozenset(("GET_FIELD", "OWN_FIELD", "GET_INDEX", "OWN_INDEX", "PAYLOAD"))
"""Instructions that do nothing with a container but read the part that their key tells."""

PIECE: PartKey = "piece", 0
"""Some piece that a pattern has found, whichever: all are read at once."""


class Part(Record):
    """`element` has been read from `whole`, where `key` says; at `place` is what SHARE_PART may replace."""

    place: int
    whole: int
    element: int
    key: PartKey


class LastUses(Record, frozen=False):
    """What may turn out to be a last use, by the place of the instruction, with the variable, if it is one's."""

    copies: dict[int, Variable] = field(factory=dict)
    """COPY out of a variable."""
    loans: dict[int, Variable] = field(factory=dict)
    """MOVE out of a variable that only lends its value."""
    parts: dict[Part, Variable | None] = field(factory=dict)
    """Parts of variables' values, and of results of calls, which are no variable's."""
    taken: set[int] = field(factory=set)
    """Reads of what nobody wants again in its place, in any case."""
    literals: list[tuple[Literal, int, int]] = field(factory=list)
    """Literals, each with the start and the end of the code that makes it."""

    def release(self, chunk: Chunk, lent: Collection[Variable] = ()) -> None:
        """Turns last uses into moves, and leaves out what only kept room for that.

        `lent` are parameters whose values belong to the caller.
        """
        copies = {pc for pc, variable in self.copies.items() if variable not in lent}
        loans = {pc for pc, variable in self.loans.items() if variable not in lent}
        parts = [part for part, variable in self.parts.items() if variable not in lent]
        if copies or loans or parts or self.taken:
            Release(chunk, copies, loans, parts, self.taken).run()
        leave_out(chunk, {part.place for part in self.parts if chunk.code[part.place] == room_for(part.element)})


def room_for(element: int) -> int:
    """What stands where SHARE_PART may be put if nothing is needed otherwise; it does nothing."""
    return pack(BY_NAME["MOVE"].number, element, element)


class Release:
    """One pass over a chunk."""

    def __init__(
        self, chunk: Chunk, copies: set[int], loans: set[int], parts: list[Part], taken: Collection[int]
    ) -> None:
        self.chunk = chunk
        self.copies = copies
        self.loans = loans
        self.parts = {part.place: part for part in parts}
        self.flow = Flow(chunk, chunk.code)
        self.states: dict[int, State] = {0: {number: (1 << number, 0) for number in range(chunk.parameter_count)}}
        self._tokens: dict[tuple[int, int], int] = {}
        self.moved = set(taken)
        """Where values have been given away."""
        self.live: dict[int, int] = {}
        """The registers wanted after an instruction."""
        self.steps_left = _STEPS * len(self.flow.instructions)

    def run(self) -> None:
        for block in self.flow.all_blocks.values():
            self.live.update(self.flow.live_after(block))
        if not self.parts and not self.moved and not self._is_any_dead():
            return
        self._find_states()
        for block in self.flow.all_blocks.values():
            if block.start in self.states:
                self._release(block)

    def _is_any_dead(self) -> bool:
        """Whether some variable is not read again after a copy or a loan of it."""
        places = [pc for pc in self.copies | self.loans if pc in self.live]
        return any(not self.live[pc] >> self.flow.instructions[pc].b & 1 for pc in places)

    # ------------------------------------------------------------------------- states

    def _find_states(self) -> None:
        waiting = [0]
        while waiting:
            block = self.flow.all_blocks[waiting.pop()]
            state = dict(self.states[block.start])
            caught = dict(state)
            for item in block.instructions:
                self._pass(item, state)
                if block.handler is not None:
                    _merge(caught, state)
            if block.handler is not None:
                register = block.handler.register
                caught[register] = self._new(-1 - block.handler.target, register), 0
                if self._reach(block.handler.target, caught):
                    waiting.append(block.handler.target)
            waiting += [pc for pc in block.successors if pc in self.flow.all_blocks and self._reach(pc, state)]

    def _reach(self, pc: int, state: State) -> bool:
        """Whether coming to a block in this state tells anything new."""
        if pc not in self.states:
            self.states[pc] = dict(state)
            return True
        return _merge(self.states[pc], state)

    def _pass(self, item: Instruction, state: State) -> None:
        """What an instruction does to the tokens."""
        if item.name == "MOVE":
            state[item.a] = state.get(item.b, _NOTHING)
            return
        if item.name in ("SHARE", "COPY"):
            # Whoever holds it, it is marked from now on, unless this becomes a move: then only A holds it.
            state[item.a] = state[item.a if item.name == "SHARE" else item.b] = _NOTHING
            if item.pc in self.copies or item.pc in self.parts:
                state[item.a] = self._new(item.pc, item.a), 0
            return
        effects = self.flow.effects[item.pc]
        held, inside = _NOTHING if effects.container is None else state.get(effects.container, _NOTHING)
        for number in registers_in(effects.writes):
            before = state.get(number, _NOTHING) if effects.keeps else _NOTHING
            state[number] = self._new(item.pc, number) | before[0], held | inside | before[1]

    def _new(self, pc: int, number: int) -> int:
        """The token for what an instruction puts into a register."""
        return 1 << self._tokens.setdefault((pc, number), self.chunk.parameter_count + len(self._tokens))

    # ----------------------------------------------------------------------- releasing

    def _release(self, block: Block) -> None:
        state = dict(self.states[block.start])
        writers: dict[int, Instruction] = {}
        for item in block.instructions:
            if item.pc in self.copies:
                self._release_copy(item, self.live[item.pc], state)
            elif item.pc in self.parts:
                self._release_part(self.parts[item.pc], self.live[item.pc], state)
            elif item.name in _FIRST_ARGUMENT:
                self._release_arguments(item, state, writers)
            self._pass(item, state)
            for number in registers_in(self.flow.effects[item.pc].writes):
                writers[number] = item

    def _release_copy(self, item: Instruction, live: int, state: State) -> None:
        others = live & ~(1 << item.a)
        if not others >> item.b & 1 and not _shows(state, item.b, others):
            self._replace(item.pc, pack(BY_NAME["MOVE"].number, item.a, item.b))

    def _release_part(self, part: Part, live: int, state: State) -> None:
        others = live & ~(1 << part.element) & ~(1 << part.whole)
        if not _shows(state, part.whole, others) and not self._is_read_again(part):
            self._replace(part.place, pack(BY_NAME["SHARE_PART"].number, part.whole, part.element))

    def _release_arguments(self, item: Instruction, state: State, writers: dict[int, Instruction]) -> None:
        """Clears the held bits of arguments that nobody holds any more."""
        first = item.a + _FIRST_ARGUMENT[item.name]
        held = item.c if item.name == "CALL" else self.chunk.code[item.pc + 1] & 0xFFFF
        for position in registers_in(held):
            register = first + position
            writer = writers.get(register)
            if writer is None:
                continue
            effects = self.flow.effects[item.pc]
            others = (self.live[item.pc] & ~effects.writes) | (effects.reads & ~(1 << register))
            if writer.pc in self.moved or (
                writer.pc in self.loans
                and not self.live[writer.pc] >> writer.b & 1
                and not _shows(state, register, others)
            ):
                held &= ~(1 << position)
        if item.name == "CALL":
            self.chunk.code[item.pc] = pack(item.opcode.number, item.a, item.b, held)
        else:
            self.chunk.code[item.pc + 1] = self.chunk.code[item.pc + 1] & ~0xFFFF | held

    def _replace(self, pc: int, word: int) -> None:
        self.chunk.code[pc] = word
        self.moved.add(pc)

    def _is_read_again(self, part: Part) -> bool:
        """Whether the part may be looked at after it was read, before it or the variable gets another value.

        That is taken for true when looking for it takes too long.
        """
        variable = part.whole
        waiting, seen = [part.place], set[int]()
        while waiting:
            pc = waiting.pop()
            if pc in seen or pc not in self._in_blocks:
                continue
            seen.add(pc)
            self.steps_left -= 1
            item, handler = self.flow.instructions[pc], self._in_blocks[pc][0].handler
            if self.steps_left < 0 or (handler is not None and self.flow.handler_live(handler) >> variable & 1):
                return True
            if pc == part.place:
                waiting += [item.next] if self.live[pc] >> variable & 1 else []
                continue
            effects = self.flow.effects[pc]
            ends = bool(effects.writes >> variable & 1) and not effects.keeps
            if effects.reads >> variable & 1 and item.name not in ("OWN", "JUMP_IF_NO_PAYLOAD"):
                if self._replaces(item, variable, part):
                    ends = True
                elif not self._reads_another(item, variable, part):
                    return True
            if part.key[0] == KEY and effects.writes >> part.key[1] & 1 and not ends:
                return True
            if not ends and self.live[pc] >> variable & 1:
                waiting += [item.next] if item.falls_through else []
                waiting += [] if item.target is None else [item.target]
        return False

    def _replaces(self, item: Instruction, variable: int, part: Part) -> bool:
        """Whether an instruction puts something else where the part was."""
        return _writes_part(item, variable) and self._key_of(item) == part.key

    def _reads_another(self, item: Instruction, variable: int, part: Part) -> bool:
        """Whether an instruction that reads the variable does so only to get at another part."""
        is_read = item.name in _READING and item.b == variable
        key = self._key_of(item) if is_read or _writes_part(item, variable) else None
        return key is not None and key[0] in _TOLD_APART and part.key[0] in _TOLD_APART and key != part.key

    def _key_of(self, item: Instruction) -> PartKey | None:
        """Which part an instruction gets at; None if it is not known what else that may be."""
        if item.name == "PAYLOAD":
            return PAYLOAD, item.c
        if item.name.endswith("FIELD"):
            return NAME, item.b if item.name == "SET_FIELD" else item.c
        register = item.b if item.name == "SET_INDEX" else item.c
        loaded = self._written_before(item, register)
        if loaded is not None and loaded.name == "LOAD_INT":
            return (INDEX, loaded.wide) if loaded.wide >= 0 else None
        if loaded is not None and loaded.name == "LOAD_CONST" and is_plain_name(self.chunk.constants[loaded.wide]):
            return NAME, loaded.wide
        return KEY, register

    @cached_property
    def _in_blocks(self) -> dict[int, tuple[Block, int]]:
        """The block of each instruction, and its place there."""
        return {
            item.pc: (block, position)
            for block in self.flow.all_blocks.values() for position, item in enumerate(block.instructions)
        }  # fmt: skip

    def _written_before(self, item: Instruction, register: int) -> Instruction | None:
        """What wrote a register last before an instruction in the same block."""
        block, position = self._in_blocks[item.pc]
        while position > 0:
            position -= 1
            before = block.instructions[position]
            if self.flow.effects[before.pc].writes >> register & 1:
                return before
        return None


def _writes_part(item: Instruction, variable: int) -> bool:
    """Whether an instruction puts something else into the variable's container."""
    return item.name in ("SET_FIELD", "SET_INDEX") and variable == item.a != item.c


def is_plain_name(key: object) -> bool:
    """Whether a constant is a text that is the key of a dict as it is, and no index of anything else."""
    return isinstance(key, str) and key[:1] not in _INT_STARTS


def _merge(into: State, state: State) -> bool:
    """Adds what may be held on another way; whether that was anything new."""
    changed = False
    for number, (held, inside) in state.items():
        before = into.get(number, _NOTHING)
        after = before[0] | held, before[1] | inside
        if after != before:
            into[number], changed = after, True
    return changed


def _shows(state: State, moved: int, others: int) -> bool:
    """Whether a change of what is in one register could be seen in others."""
    held, inside = state.get(moved, _NOTHING)
    for number in registers_in(others):
        theirs, around = state.get(number, _NOTHING)
        if held & (theirs | around) or theirs & inside:
            return True
    return False
