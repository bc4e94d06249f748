"""What a caller can choose about one run of a program, whichever engine executes it.

The command line fills these in and every engine reads them, so they belong to neither: this module
imports nothing at all, being part of every start, and sits below both.
"""

from __future__ import annotations

# Type checkers take this for true; importing anything would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

DEFAULT_JIT_THRESHOLD = 100
DEFAULT_LOOP_THRESHOLD = 1000
DEFAULT_MAX_CALL_DEPTH = 10_000
DEFAULT_SCHEDULER_TIMEOUT_MS = 120_000

CAPABILITY_FLAGS: dict[str, tuple[str, ...]] = {
    "--allow-fs-read": ("filesystem-read",),
    "--allow-fs-write": ("filesystem-write",),
    "--allow-fs-delete": ("filesystem-delete",),
    "--allow-process-exec": ("process-exec",),
    "--allow-shell-exec": ("shell-exec",),
    "--allow-env-read": ("env-read",),
    "--allow-env-write": ("env-write",),
    "--allow-net-client": ("network-client",),
    "--allow-net-server": ("network-server",),
    "--allow-net": ("network-client", "network-server"),
    "--allow-database": ("database",),
    "--allow-clock": ("clock",),
    "--allow-random": ("random",),
}
"""Each permission flag and the capabilities it grants; `--allow-all` and `--untrusted` are not listed."""

_FLAG_OF_CAPABILITY = {names[0]: flag for flag, names in CAPABILITY_FLAGS.items() if len(names) == 1}


class Capabilities:
    """What a program may do to the world outside it."""

    __slots__ = ("granted", "trusted")

    def __init__(self, trusted: bool = True, granted: frozenset[str] = frozenset()) -> None:
        self.trusted = trusted
        self.granted = granted

    @classmethod
    def from_flags(cls, flags: frozenset[str]) -> Capabilities:
        """The policy that the given command-line flags ask for.

        `--allow-all` trusts whatever else is given; no flag at all trusts too; otherwise everything is
        denied except what the flags name.
        """
        if "--allow-all" in flags or not flags:
            return cls()
        granted = {name for flag in flags for name in CAPABILITY_FLAGS.get(flag, ())}
        return cls(trusted=False, granted=frozenset(granted))

    def allows(self, capability: str) -> bool:
        """Whether a builtin that needs `capability` may run."""
        return self.trusted or capability in self.granted

    def denial(self, capability: str, function: str) -> str:
        """The message of the error raised when `function` is refused `capability`."""
        flag = _FLAG_OF_CAPABILITY[capability]
        return f"Capability denied: {capability} required for {function}; rerun with {flag}"


class RunOptions:
    """One run: the program's arguments, its limits, what it may do, and how it is executed.

    `jit` is `on` (compile in the background), `sync` (compile at once, deterministic) or `off`.
    A function is compiled after `jit_threshold` calls, a loop after `loop_threshold` iterations.
    `report_block_error` shows the error that ended a spawned block; by default nobody hears of it.
    `timeout_seconds` and `fuel` are None where there is no limit.
    `has_own_process` says that the process is there for the program only, and ends with it.
    """

    __slots__ = (
        "arguments",
        "capabilities",
        "fuel",
        "has_own_process",
        "jit",
        "jit_threshold",
        "loop_threshold",
        "max_call_depth",
        "max_memory_bytes",
        "report_block_error",
        "scheduler_timeout_ms",
        "timeout_seconds",
    )

    def __init__(
        self,
        arguments: tuple[str, ...] = (),
        capabilities: Capabilities | None = None,
        max_call_depth: int = DEFAULT_MAX_CALL_DEPTH,
        max_memory_bytes: int | None = None,
        scheduler_timeout_ms: int = DEFAULT_SCHEDULER_TIMEOUT_MS,
        jit: str = "on",
        jit_threshold: int = DEFAULT_JIT_THRESHOLD,
        loop_threshold: int = DEFAULT_LOOP_THRESHOLD,
        report_block_error: Callable[[Any], None] | None = None,
        timeout_seconds: float | None = None,
        fuel: int | None = None,
        has_own_process: bool = False,
    ) -> None:
        self.arguments = arguments
        self.capabilities = Capabilities() if capabilities is None else capabilities
        self.max_call_depth = max_call_depth
        self.max_memory_bytes = max_memory_bytes
        self.scheduler_timeout_ms = scheduler_timeout_ms
        self.jit = jit
        self.jit_threshold = jit_threshold
        self.loop_threshold = loop_threshold
        self.report_block_error = report_block_error
        self.timeout_seconds = timeout_seconds
        self.fuel = fuel
        self.has_own_process = has_own_process

    @property
    def time_message(self) -> str:
        """The message of the error that ends a program which runs too long."""
        seconds = self.timeout_seconds or 0.0
        shown = f"{seconds:.9f}".rstrip("0").rstrip(".")
        return f"Time limit of {shown}s exceeded"

    @property
    def fuel_message(self) -> str:
        """The message of the error that ends a program which does too much work."""
        return f"Fuel limit of {self.fuel} exceeded"
