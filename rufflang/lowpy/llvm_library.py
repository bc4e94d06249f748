"""LLVM through the library of C functions in llvmlite, as far as machine code is made with it.

llvmlite is that library below a package of Python.  To import the package takes three times as long as to load the
library, and a program goes on without machine code meanwhile.  How a function is declared cannot be seen from here, so
they are called only where llvmlite is of a version that is known; otherwise `llvm_package` does the same.

Each module has a context of its own: threads that make code of different modules need not wait for each other.
"""

from __future__ import annotations

import _thread
import os

from rufflang.foreign import Bool, Bytes, Int32, Pointer, Word64, addressof, dlopen, dlsym, function, string_at

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from rufflang.foreign import Signature

_KNOWN_VERSIONS = ("0.50.",)

_NOTHING: Signature = None, ()
_NEW: Signature = Pointer, ()
_ONE: Signature = None, (Pointer,)
_TWO: Signature = None, (Pointer, Pointer)
_OF_ONE: Signature = Pointer, (Pointer,)
_OF_TWO: Signature = Pointer, (Pointer, Pointer)
_CHOICE: Signature = None, (Pointer, Bool)
_SIGNATURES: dict[str, Signature] = {
    "InitializeNativeTarget": _NOTHING, "InitializeNativeAsmPrinter": _NOTHING, "InitializeNativeAsmParser": _NOTHING,
    "GetDefaultTargetTriple": _ONE, "GetHostCPUName": _ONE, "GetHostCPUFeatures": (Int32, (Pointer,)),
    "GetTargetFromTriple": (Pointer, (Bytes, Pointer)),
    "CreateTargetMachine": (Pointer, (Pointer, Bytes, Bytes, Bytes, Int32, Bytes, Bytes, Int32, Int32, Bytes)),
    "CreateTargetMachineData": _OF_ONE, "CopyStringRepOfTargetData": _TWO,
    "TargetMachineEmitToMemory": (Pointer, (Pointer, Pointer, Int32, Pointer)),
    "GetBufferStart": _OF_ONE, "GetBufferSize": (Word64, (Pointer,)),
    "ContextCreate": _NEW, "ParseAssembly": (Pointer, (Pointer, Bytes, Pointer)),
    "VerifyModule": (Bool, (Pointer, Pointer)), "PrintModuleToString": _TWO,
    "CreatePipelineTuningOptions": _NEW, "PTOSetLoopVectorization": _CHOICE, "PTOSetSLPVectorization": _CHOICE,
    "PTOSetLoopUnrolling": _CHOICE, "CreatePassBuilder": _OF_TWO,
    "buildPerModuleDefaultPipeline": (Pointer, (Pointer, Int32)),
    "RunNewModulePassManager": (None, (Pointer, Pointer, Pointer)),
    "ContextDispose": _ONE, "DisposeMemoryBuffer": _ONE, "DisposeModule": _ONE, "DisposeNewModulePassManger": _ONE,
    "DisposePassBuilder": _ONE, "DisposePipelineTuningOptions": _ONE, "DisposeString": _ONE, "DisposeTargetData": _ONE,
    "DisposeTargetMachine": _ONE,
}  # fmt: skip
"""What the functions give and take, by their names without what all of these begin with."""

_registering = _thread.allocate_lock()
"""LLVM has one list of the processors that it knows, into which nobody else must write meanwhile."""


def library_path() -> str | None:
    """Where the library is, if its functions are known."""
    import llvmlite
    from llvmlite.utils import get_library_name

    if not llvmlite.__version__.startswith(_KNOWN_VERSIONS):
        return None
    return os.path.join(os.path.dirname(llvmlite.__file__), "binding", get_library_name())


class LibraryMachine:
    """What makes object files for this processor; used like a `PackageMachine`."""

    def __init__(self, path: str, level: int) -> None:
        functions = self._functions = _Functions(path)
        with _registering:
            functions.InitializeNativeTarget()
            functions.InitializeNativeAsmPrinter()
            functions.InitializeNativeAsmParser()
        triple = functions.text("GetDefaultTargetTriple")
        problem = Pointer()
        target = functions.GetTargetFromTriple(triple, addressof(problem))
        functions.check(target, problem)
        features = sorted(filter(None, functions.text("GetHostCPUFeatures").split(b",")), key=lambda name: name[1:])
        description = triple, functions.text("GetHostCPUName"), b",".join(features), level, b"pic", b"small"
        machine = functions.CreateTargetMachine(target, *description, 0, 0, b"")
        functions.check(machine, problem)
        self._machine = _Owned(machine, functions.DisposeTargetMachine)
        with _Owned(functions.CreateTargetMachineData(machine), functions.DisposeTargetData) as data:
            self.layout = functions.text("CopyStringRepOfTargetData", data).decode()
        self.triple = triple.decode()

    def parse(self, text: str) -> _Module:
        return _Module(self._functions, text.encode())

    def optimise(self, module: _Module, level: int, *, vectorises: bool) -> None:
        functions, machine = self._functions, self._machine.address
        with _Owned(functions.CreatePipelineTuningOptions(), functions.DisposePipelineTuningOptions) as options:
            functions.PTOSetLoopVectorization(options, vectorises)
            functions.PTOSetSLPVectorization(options, vectorises)
            functions.PTOSetLoopUnrolling(options, vectorises)
            with _Owned(functions.CreatePassBuilder(machine, options), functions.DisposePassBuilder) as builder:
                pipeline = functions.buildPerModuleDefaultPipeline(builder, level)
                with _Owned(pipeline, functions.DisposeNewModulePassManger) as passes:
                    functions.RunNewModulePassManager(passes, module.address, builder)

    def emit_object(self, module: _Module) -> bytes:
        return self._emit(module, is_object=True)

    def emit_assembly(self, module: _Module) -> str:
        return self._emit(module, is_object=False).decode()

    def _emit(self, module: _Module, *, is_object: bool) -> bytes:
        functions, problem = self._functions, Pointer()
        machine = self._machine.address
        made = functions.TargetMachineEmitToMemory(machine, module.address, is_object, addressof(problem))
        functions.check(made, problem)
        with _Owned(made, functions.DisposeMemoryBuffer) as buffer:
            return string_at(functions.GetBufferStart(buffer), functions.GetBufferSize(buffer))


class _Functions:
    """The functions of the library, each looked up when it is needed first."""

    def __init__(self, path: str) -> None:
        self._library = dlopen(path, 0)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        bound = function(dlsym(self._library, f"LLVMPY_{name}"), _SIGNATURES[name])
        setattr(self, name, bound)
        return bound

    def text(self, name: str, *arguments: object) -> bytes:
        """The text that a function gives where its last parameter says."""
        place = Pointer()
        getattr(self, name)(*arguments, addressof(place))
        return self.taken(place)

    def check(self, made: int | None, problem: Pointer) -> None:
        """Raises RuntimeError with what is told of a problem, if nothing was made."""
        if made is None:
            raise RuntimeError(self.taken(problem).decode())

    def taken(self, place: Pointer) -> bytes:
        """The text whose address is there, which is freed; empty if there is none."""
        if place.value is None:
            return b""
        text = Bytes.from_address(addressof(place)).value or b""
        self.DisposeString(place.value)
        return text


class _Owned:
    """Something that LLVM keeps while this object is there, or until the end of a `with`, which gives its address."""

    def __init__(self, address: int, dispose: Callable[[int], None]) -> None:
        self.address: int | None = address
        self._dispose = dispose

    def __enter__(self) -> int | None:
        return self.address

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        address, self.address = self.address, None
        if address is not None:
            self._dispose(address)


class _Module:
    """A module that has been verified.  Raises RuntimeError with LLVM's message where the text is none."""

    _parts: tuple[_Owned, ...] = ()

    def __init__(self, functions: _Functions, text: bytes) -> None:
        self._functions = functions
        context = _Owned(functions.ContextCreate(), functions.ContextDispose)
        problem = Pointer()
        made = functions.ParseAssembly(context.address, text, addressof(problem))
        functions.check(made, problem)
        # In this order they go.
        self._parts = _Owned(made, functions.DisposeModule), context
        is_wrong = functions.VerifyModule(made, addressof(problem))
        message = functions.taken(problem)
        if is_wrong:
            raise RuntimeError(message.decode())

    @property
    def address(self) -> int | None:
        return self._parts[0].address

    def __str__(self) -> str:
        return self._functions.text("PrintModuleToString", self.address).decode()

    def __del__(self) -> None:
        for part in self._parts:
            part.close()
