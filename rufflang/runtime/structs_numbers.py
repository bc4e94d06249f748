"""By which numbers shapes name struct definitions, and what is known of those that have one.

Caches and compiled code know a struct by its number (`structs_layout`), and code is kept for later runs, also of the
program after an edit.  So a number comes from the names in the definition, not from how many others there are before
it; where it is taken, the definition gets another one that is free.  A number is never used again.

What a number stands for is written down outside the heap, in a list that begins with the last one: whoever wants to use
code that knows a number compares (`jit.definitions`).  The definition itself may be long gone: an instance with its
number keeps it alive, and nothing else does.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, copy_memory, element, function, i64, is_null, u8, u32, u64, word
from rufflang.runtime.heap import cell_size_for
from rufflang.runtime.heap_system import needed_memory, system_free
from rufflang.runtime.objects import FunctionObject, StringObject, StructDefinition
from rufflang.runtime.strings import as_string, long_string_hash
from rufflang.runtime.structs_layout import EXTENDED, OVERLOADED, SHAPE_OF_INSTANCE, instance_size
from rufflang.runtime.values import Value
from rufflang.runtime.vm import UNNUMBERED, VM

# Words at the start of a description: the address of the one before it, the number that it is about, how many bytes
# about fields and names of methods follow, and the count of methods, whose numbers stand behind them.
_BEFORE = 0
_NUMBER = 1
_SIZE = 2
_METHODS = 3
DESCRIPTION_WORDS = 4

_DIGEST_FACTOR = 0x9E3779B97F4A7C15
_MOST_TRIES = 8


@function
def enter_definition(vm: VM, definition: StructDefinition, digest: u64, overloaded: bool) -> None:
    """Gives a definition its number and the shape of its instances; `digest` says which number that should be."""
    definition.cell_size = cell_size_for(instance_size(definition.field_count))
    shape = SHAPE_OF_INSTANCE | (OVERLOADED if overloaded else 0)
    number = _free_number(vm, i64(digest % u64(UNNUMBERED - 1)) + 1)
    if number < UNNUMBERED:
        vm.definitions[number] = definition
        definition.aux = u32(shape | number)
    else:
        vm.unnumbered_definitions += 1
        number += vm.unnumbered_definitions
        definition.aux = u32(shape | EXTENDED | UNNUMBERED)
    definition.number = number


@function
def _free_number(vm: VM, first: i64) -> i64:
    """A number that was never given away, if possible one of the first from there on; UNNUMBERED if there is none."""
    for further in range(_MOST_TRIES):
        if first + further < UNNUMBERED and is_null(vm.definitions[first + further]):
            return first + further
    # What is taken stays so: nobody has to look there again.
    number = vm.taken_definitions + 1
    while number < UNNUMBERED and not is_null(vm.definitions[number]):
        number += 1
    vm.taken_definitions = number - 1
    return number


@function
def digest_of_names(start: u64, names: Ptr[Value], count: i64) -> u64:
    """A number that depends on all names, and on what came before them."""
    digest = start
    for index in range(count):
        digest = (digest * u64(_DIGEST_FACTOR)) ^ long_string_hash(as_string(names[index]))
    return (digest * u64(_DIGEST_FACTOR)) ^ u64(count)


# ---------------------------------------------------------------------------------- descriptions


@function
def describe_definition(
    vm: VM, definition: StructDefinition, fields: Ptr[Value], methods: Ptr[Value], closures: Ptr[Value]
) -> None:
    """Writes down what the number of a new definition stands for; a method is told by its name and its closure."""
    if definition.number >= UNNUMBERED:
        return
    field_count = definition.field_count
    method_count = definition.method_count
    size = 16 + _size_of(definition.name) + _size_of_all(fields, field_count) + _size_of_all(methods, method_count)
    words = cast(Ptr[i64], needed_memory(DESCRIPTION_WORDS + (size >> 3) + method_count, 8))
    words[_BEFORE] = word(vm.last_description)
    words[_NUMBER] = definition.number
    words[_SIZE] = size
    words[_METHODS] = method_count
    words[DESCRIPTION_WORDS] = field_count
    words[DESCRIPTION_WORDS + 1] = method_count
    place = _put(element(words, DESCRIPTION_WORDS + 2), definition.name)
    for index in range(field_count):
        place = _put(place, as_string(fields[index]))
    for index in range(method_count):
        place = _put(place, as_string(methods[index]))
    for index in range(method_count):
        place[index] = cast(FunctionObject, closures[index].payload).proto.number
    vm.last_description = words


@function
def _size_of(text: StringObject) -> i64:
    """How many bytes a text takes in a description: its size, and its bytes padded to whole words."""
    return 8 + ((text.byte_count + 7) & -8)


@function
def _size_of_all(texts: Ptr[Value], count: i64) -> i64:
    size: i64 = 0
    for index in range(count):
        size += _size_of(as_string(texts[index]))
    return size


@function
def _put(place: Ptr[i64], text: StringObject) -> Ptr[i64]:
    """Writes a text; gives the place behind it."""
    place[0] = text.byte_count
    copy_memory(cast(Ptr[u8], element(place, 1)), text.data, text.byte_count)
    return element(place, _size_of(text) >> 3)


@function
def free_descriptions(vm: VM) -> None:
    """Returns their memory to the system."""
    words = vm.last_description
    while not is_null(words):
        before = cast(Ptr[i64], words[_BEFORE])
        system_free(cast(Ptr[u8], words))
        words = before
