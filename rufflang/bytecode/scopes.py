"""Variables, scopes and what the resolver found out about names.

The resolver fills these in; the compiler reads them and adds registers.  A name in the
program is a `Lookup`: the variables it may mean, innermost first.  Where one of them is
certainly bound, the list ends; one that is only *maybe* bound is tested at run time.

Within a function, textual order is execution order, because every iteration of a loop
has a fresh scope.  So whether a variable is bound is known at each mention, except for
bindings made by the arms of a `match` (they belong to the scope around it) and by
assignments that create a variable only if no outer one exists.
"""

from __future__ import annotations

from bisect import bisect_right

from rufflang.bytecode.chunk import Assumptions
from rufflang.bytecode.opcodes import MUTABLE
from rufflang.records import Record, field
from rufflang.syntax import ast

UNBOUND, MAYBE, SURE = 0, 1, 2


class Variable:
    """One variable of one scope, and how the program uses it.

    `state` and `kind` (binding kind) belong to the place where the resolver is;
    everything else sums up the whole file.
    """

    __slots__ = (
        "ambiguous", "borrowed", "captured", "global_index", "hoisted", "is_global", "is_parameter", "is_text",
        "kept", "kind", "name", "only_mutable", "register", "scope", "state", "sure_changes", "tested",
        "writes", "written_elsewhere",
    )

    def __init__(self, name: str, scope: Scope) -> None:
        self.name = name
        self.scope = scope
        self.state = UNBOUND
        self.kind = MUTABLE
        self.sure_changes: list[int] = []
        self.only_mutable = True
        self.hoisted = False
        self.is_parameter = False
        self.is_text = False
        """Somewhere a text that is written there is bound or assigned to it."""
        self.is_global = False
        self.captured = False
        self.ambiguous = False
        """Bound with different kinds in different arms of a `match`."""
        self.tested = False
        """Somewhere it is asked at run time whether it is bound."""
        self.kept = False
        """Its value is stored somewhere, returned, or written in place."""
        self.writes = 0
        """How many places of the file bind or assign it, or write through it."""
        self.written_elsewhere = False
        """A function other than its own assigns it or writes through it."""
        self.borrowed = False
        """Holds an unmarked container that something else also holds."""
        self.register = -1
        self.global_index = -1

    @property
    def is_cell(self) -> bool:
        """Whether it lives in a heap cell."""
        return (self.captured or self.ambiguous) and not self.is_global

    @property
    def is_register(self) -> bool:
        """Whether it lives in a register of its function."""
        return not (self.captured or self.ambiguous or self.is_global)

    def is_sure_at(self, position: int) -> bool:
        """Whether it was certainly bound at `position` of the resolver's walk."""
        return bisect_right(self.sure_changes, position) % 2 == 1


class Scope:
    """One scope of one function; `parent` is None for the function's outermost one.

    `imports` has for each `import m` walked so far the bindings it may make here; any name that is
    mentioned later may be one more of them.
    """

    __slots__ = ("function", "imports", "parent", "variables")

    def __init__(self, function: FunctionInfo, parent: Scope | None) -> None:
        self.function = function
        self.parent = parent
        self.imports: list[list[Binding]] = []
        self.variables: dict[str, Variable] = {}


class FunctionInfo:
    """One chunk to be: a function, method, field default, or the file's top level.

    `defining_scope` and `position` say where in `parent` its closure is made;
    `receiver` is the hidden parameter of a method without `self`; `captures` maps
    each captured variable to the number of its cell in the closure.
    """

    __slots__ = ("captures", "defining_scope", "parent", "position", "receiver", "scope")

    def __init__(self, parent: FunctionInfo | None, defining_scope: Scope | None, position: int) -> None:
        self.parent = parent
        self.defining_scope = defining_scope
        self.position = position
        self.receiver: Variable | None = None
        self.captures: dict[Variable, int] = {}
        self.scope = Scope(self, None)


class Candidate(Record, frozen=False):
    """A variable that a name may mean; with `is_field`, the field so named of the receiver in it.

    `test` says that it may be unbound.  `kind` is its binding kind where that is known.
    """

    variable: Variable
    test: bool
    kind: int | None
    is_field: bool = False


class Lookup(Record, frozen=False):
    """What a name means at one place: `candidates`, then the prelude unless `closed`.

    `create` is the variable that an assignment creates when no candidate is bound.
    """

    name: str
    candidates: list[Candidate]
    closed: bool
    create: Variable | None = None

    @property
    def only_variable(self) -> Variable | None:
        """The variable, if it can be no other."""
        if len(self.candidates) == 1 and not self.candidates[0].is_field:
            return self.candidates[0].variable
        return None


class Declaration(Record, frozen=False):
    """A binding made in the current scope; `previous` is the variable's state before.

    `checked` declarations (`let`, `mut`, `const`) must not find a binding; the others replace it.
    """

    variable: Variable
    kind: int
    previous: int
    checked: bool


Binding = Lookup | Declaration

CodeNode = ast.Function | ast.StructField | ast.SpawnExpression
"""What is compiled to a chunk of its own: functions, defaults of fields, spawned blocks."""


class Resolution(Record, frozen=False):
    """Everything the resolver found, by the identity of syntax nodes.

    `bindings` holds the names of a declaring node in order of binding; `scopes` is keyed
    by blocks, `functions` by functions, spawned blocks, and struct fields with defaults.
    """

    main: FunctionInfo
    lookups: dict[int, Lookup] = field(factory=dict)
    bindings: dict[int, list[Binding]] = field(factory=dict)
    scopes: dict[int, Scope] = field(factory=dict)
    functions: dict[int, FunctionInfo] = field(factory=dict)
    loop_writes: dict[int, set[Variable]] = field(factory=dict)
    growing: dict[int, list[Variable]] = field(factory=dict)
    """For loops: variables that are texts, and that the loop does nothing with but append to them."""
    numbered_names: dict[str, list[int]] = field(factory=dict)
    """For names `v` of which the text mentions `v_1`, `v_2`, …: the numbers, ascending."""
    method_names: set[str] = field(factory=set)
    """Names of methods that the file's structs declare."""
    operators_call: bool = False
    """Operators may run functions of the program."""
    foreign_structs: bool = False
    """Structs that another file declared, with whatever methods, may turn up."""
    assumptions: Assumptions = field(factory=dict)
    """What the modules imported with `import m` export, as far as that is known."""
    suspends: bool = False
    """Functions may be suspended in the middle of an expression, while any other code runs."""
