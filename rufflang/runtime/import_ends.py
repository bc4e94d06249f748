"""The ends of imports, for which tasks may wait that want the same module.

What is being imported is known to the host (`rufflang.host.imports`); here is what the VM must tell it, and what
it tells all waiting tasks.  They then ask the host again.
"""

from __future__ import annotations

from rufflang.lowpy import function, i64, is_null, null, word
from rufflang.runtime.host_calls import call_host
from rufflang.runtime.objects import RESOLVED, PromiseObject, TaskObject
from rufflang.runtime.promises import new_promise, settle
from rufflang.runtime.values import null_value
from rufflang.runtime.vm import VM

# What the host is asked for: operations of `VM.host_import`, with a subject and a detail.
BEGIN = 0  # the top level that has to run first: a module's name, the task that imports it
FINISH = 1  # the namespace: the top level or null, whether it has failed
ABANDON = 2  # nothing: null, a task that will never go on

MUST_WAIT = 1
"""What BEGIN gives while another task imports the module."""


@function
def end_of_import(vm: VM) -> PromiseObject:
    """What is settled when some import ends."""
    if is_null(vm.end_of_import):
        vm.end_of_import = new_promise(vm)
    return vm.end_of_import


@function
def tell_of_an_end(vm: VM) -> None:
    """Lets those go on who wait for the end of an import."""
    promise = vm.end_of_import
    if not is_null(promise):
        vm.end_of_import = null(PromiseObject)
        settle(vm, promise, RESOLVED, null_value())


@function
def abandon_imports(vm: VM, task: TaskObject) -> None:
    """The task was cancelled: what it was importing counts as never imported."""
    if task.importing != 0:
        call_host(vm, vm.host_import, ABANDON, 0, word(task))
        tell_of_an_end(vm)


@function(export="ruff_importing")
def importing(task: TaskObject) -> i64:
    """The address of the top level of the innermost module whose import a task is part of; 0 if there is none."""
    return task.importing
