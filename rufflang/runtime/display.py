"""Display texts of values of any depth, and the form that `debug` prints.

A work stack of frames takes the place of recursion: the value, the position of its next
part, and the order of its entries or fields where that is not the stored one.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, element, function, i64, literal, literal_size, offset
from rufflang.runtime.arrays import array_get, array_value, array_words, as_array
from rufflang.runtime.dicts import as_dict
from rufflang.runtime.dicts_entries import entry_key, entry_value
from rufflang.runtime.dicts_order import canonical_order
from rufflang.runtime.display_leaves import append_debug_leaf, append_leaf, has_debug_parts, has_parts
from rufflang.runtime.equality import grown_stack
from rufflang.runtime.errors import built_text
from rufflang.runtime.heap import new_values
from rufflang.runtime.numbers import int_text
from rufflang.runtime.objects import (
    ERR_VARIANT,
    NONE_VARIANT,
    OK_VARIANT,
    SOME_VARIANT,
    BoxObject,
    PromiseObject,
    StringObject,
    TaggedObject,
)
from rufflang.runtime.sets_table import as_set
from rufflang.runtime.stopping import WORK_STEPS, work_stops
from rufflang.runtime.strings import as_string, count_characters, string_value
from rufflang.runtime.structs import as_struct, field_at, field_name_at
from rufflang.runtime.structs_layout import definition_of
from rufflang.runtime.structs_order import field_order
from rufflang.runtime.text_builder import (
    TextBuilder,
    builder_append,
    builder_append_byte,
    builder_append_int,
    builder_append_string,
    builder_failed,
    builder_finish,
    builder_new,
)
from rufflang.runtime.values import (
    ARRAY,
    DICT,
    INT,
    PROMISE,
    QUEUE,
    SET,
    STACK,
    STRING,
    STRUCT,
    TAGGED,
    UNBOUND,
    Value,
    int_value,
    null_value,
    unbound,
)
from rufflang.runtime.vm import VM

_FRAME = 3  # values a frame: the value, the position, the order
_SPACE = 32
_QUOTE = 34
_OPEN_ROUND = 40
_CLOSE_ROUND = 41
_COMMA = 44
_COLON = 58
_OPEN_SQUARE = 91
_CLOSE_SQUARE = 93
_OPEN_CURLY = 123
_CLOSE_CURLY = 125


@function
def append_display(vm: VM, builder: TextBuilder, value: Value) -> None:
    """Adds the display text of a value."""
    if has_parts(value):
        _append_nested(vm, builder, value, False)
    else:
        append_leaf(vm, builder, value)


@function
def append_counted(vm: VM, builder: TextBuilder, value: Value) -> None:
    """`append_display` to a builder in which the characters are counted."""
    before = builder.byte_count
    if value.tag == STRING:
        text = as_string(value)
        builder_append_string(vm, builder, text)
        builder.char_count += text.char_count
    elif value.tag == INT:
        builder_append_int(vm, builder, value.payload)
        builder.char_count += builder.byte_count - before
    else:
        append_display(vm, builder, value)
        builder.char_count += count_characters(offset(builder.data, before), builder.byte_count - before)


@function
def append_debug(vm: VM, builder: TextBuilder, value: Value) -> None:
    """Adds the form of a value that `debug` prints."""
    if has_debug_parts(value):
        _append_nested(vm, builder, value, True)
    else:
        append_debug_leaf(vm, builder, value)


@function
def display(vm: VM, value: Value) -> StringObject:
    """The display text of a value."""
    if value.tag == STRING:
        return as_string(value)
    builder = builder_new(vm)
    append_display(vm, builder, value)
    return builder_finish(vm, builder)


@function
def display_value(vm: VM, value: Value) -> Value:
    """The display text of a value as a value; raises if it does not fit under the memory limit."""
    if value.tag == STRING:
        return value
    if value.tag == INT:
        return string_value(int_text(vm, value.payload))
    builder = builder_new(vm)
    append_display(vm, builder, value)
    return built_text(vm, builder)


@function
def _append_nested(vm: VM, builder: TextBuilder, value: Value, debug: bool) -> None:
    stack = new_values(vm, 16 * _FRAME)
    _open(vm, builder, stack.items, value, debug)
    depth = 1
    steps = 0
    while depth > 0:
        steps += 1
        if steps & (WORK_STEPS - 1) == 0 and work_stops(vm):
            return
        child = _go_on(vm, builder, element(stack.items, (depth - 1) * _FRAME), debug)
        if child.tag == 0:
            depth -= 1
        else:
            if depth * _FRAME == stack.capacity:
                stack = grown_stack(vm, stack)
            _open(vm, builder, element(stack.items, depth * _FRAME), child, debug)
            depth += 1
        if builder_failed(builder):
            return


@function
def _open(vm: VM, builder: TextBuilder, frame: Ptr[Value], value: Value, debug: bool) -> None:
    """Starts the text of a value with parts."""
    frame[0] = value
    frame[1] = int_value(0)
    frame[2] = null_value()
    tag = value.tag
    if tag == ARRAY:
        if debug:
            builder_append(vm, builder, literal("Array"), 5)
        builder_append_byte(vm, builder, _OPEN_SQUARE)
    elif tag == DICT:
        frame[2] = array_value(canonical_order(vm, as_dict(value)))
        if debug:
            builder_append(vm, builder, literal("Dict"), 4)
        builder_append_byte(vm, builder, _OPEN_CURLY)
    elif tag == SET or tag == QUEUE or tag == STACK:
        _open_collection(vm, builder, tag, debug)
    elif tag == STRUCT:
        frame[2] = array_value(field_order(vm, as_struct(value)))
        builder_append_string(vm, builder, definition_of(vm, as_struct(value)).name)
        builder_append(vm, builder, literal(" { "), 3)
    elif tag == TAGGED:
        builder_append_string(vm, builder, cast(TaggedObject, value.payload).name)
        if debug:
            builder_append(vm, builder, literal("{ "), 2)
        elif cast(TaggedObject, value.payload).aux != 0:
            builder_append_byte(vm, builder, _OPEN_ROUND)
    elif tag == PROMISE:
        builder_append(vm, builder, literal("Promise(Resolved: "), literal_size("Promise(Resolved: "))
    else:
        _open_box(vm, builder, i64(cast(BoxObject, value.payload).aux))


@function
def _open_collection(vm: VM, builder: TextBuilder, tag: i64, debug: bool) -> None:
    if tag == SET:
        builder_append(vm, builder, literal("Set"), 3)
    elif tag == QUEUE:
        builder_append(vm, builder, literal("Queue"), 5)
    else:
        builder_append(vm, builder, literal("Stack"), 5)
    if not debug:
        builder_append_byte(vm, builder, _OPEN_ROUND)
    builder_append_byte(vm, builder, _OPEN_CURLY if debug and tag == SET else _OPEN_SQUARE)


@function
def _open_box(vm: VM, builder: TextBuilder, variant: i64) -> None:
    if variant == OK_VARIANT:
        builder_append(vm, builder, literal("Ok("), 3)
    elif variant == ERR_VARIANT:
        builder_append(vm, builder, literal("Err("), 4)
    elif variant == SOME_VARIANT:
        builder_append(vm, builder, literal("Some("), 5)
    else:
        builder_append(vm, builder, literal("None"), 4)


@function
def _go_on(vm: VM, builder: TextBuilder, frame: Ptr[Value], debug: bool) -> Value:
    """Adds parts up to the next one that has parts itself, which it returns; UNBOUND at the end."""
    tag = frame[0].tag
    if tag == ARRAY or tag == QUEUE or tag == STACK:
        return _go_on_array(vm, builder, frame, debug)
    if tag == SET:
        return _go_on_set(vm, builder, frame, debug)
    if tag == DICT:
        return _go_on_dict(vm, builder, frame, debug)
    if tag == STRUCT:
        return _go_on_struct(vm, builder, frame)
    if tag == TAGGED:
        return _go_on_tagged(vm, builder, frame, debug)
    if tag == PROMISE:
        return _go_on_single(vm, builder, frame, cast(PromiseObject, frame[0].payload).value, debug)
    box = cast(BoxObject, frame[0].payload)
    if box.aux == NONE_VARIANT:
        return unbound()
    return _go_on_single(vm, builder, frame, box.value, debug)


@function
def _go_on_single(vm: VM, builder: TextBuilder, frame: Ptr[Value], part: Value, debug: bool) -> Value:
    """The same for something that has one part and ends with a round bracket."""
    if frame[1].payload == 0:
        frame[1] = int_value(1)
        if _is_nested(part, debug):
            return part
        _append_part(vm, builder, part, debug)
    builder_append_byte(vm, builder, _CLOSE_ROUND)
    return unbound()


@function(inline=True)
def _is_nested(value: Value, debug: bool) -> bool:
    return has_debug_parts(value) if debug else has_parts(value)


@function
def _append_part(vm: VM, builder: TextBuilder, value: Value, debug: bool) -> None:
    if debug:
        append_debug_leaf(vm, builder, value)
    else:
        append_leaf(vm, builder, value)


@function(inline=True)
def _separate(vm: VM, builder: TextBuilder, position: i64) -> None:
    if position > 0:
        builder_append_byte(vm, builder, _COMMA)
        builder_append_byte(vm, builder, _SPACE)


@function
def _go_on_array(vm: VM, builder: TextBuilder, frame: Ptr[Value], debug: bool) -> Value:
    array = as_array(frame[0])
    for i in range(frame[1].payload, array.length):
        if i & (WORK_STEPS - 1) == WORK_STEPS - 1 and work_stops(vm):
            break
        _separate(vm, builder, i)
        item = array_get(array, i)
        if _is_nested(item, debug):
            frame[1] = int_value(i + 1)
            return item
        _append_part(vm, builder, item, debug)
    builder_append_byte(vm, builder, _CLOSE_SQUARE)
    if frame[0].tag != ARRAY and not debug:
        builder_append_byte(vm, builder, _CLOSE_ROUND)
    return unbound()


@function
def _go_on_set(vm: VM, builder: TextBuilder, frame: Ptr[Value], debug: bool) -> Value:
    """The position of a set counts removed elements; the order tells whether one was shown already."""
    table = as_set(frame[0])
    for i in range(frame[1].payload, table.used):
        item = table.items[i]
        if item.tag != UNBOUND:
            _separate(vm, builder, frame[2].payload)
            frame[2] = int_value(1)
            if _is_nested(item, debug):
                frame[1] = int_value(i + 1)
                return item
            _append_part(vm, builder, item, debug)
    builder_append_byte(vm, builder, _CLOSE_CURLY if debug else _CLOSE_SQUARE)
    if not debug:
        builder_append_byte(vm, builder, _CLOSE_ROUND)
    return unbound()


@function
def _go_on_dict(vm: VM, builder: TextBuilder, frame: Ptr[Value], debug: bool) -> Value:
    table = as_dict(frame[0])
    order = as_array(frame[2])
    for i in range(frame[1].payload, order.length):
        _separate(vm, builder, i)
        entry = array_words(order)[i]
        if not debug:
            builder_append_byte(vm, builder, _QUOTE)
        append_leaf(vm, builder, entry_key(table, entry))
        if not debug:
            builder_append_byte(vm, builder, _QUOTE)
        builder_append_byte(vm, builder, _COLON)
        builder_append_byte(vm, builder, _SPACE)
        item = entry_value(table, entry)
        if _is_nested(item, debug):
            frame[1] = int_value(i + 1)
            return item
        _append_part(vm, builder, item, debug)
    builder_append_byte(vm, builder, _CLOSE_CURLY)
    return unbound()


@function
def _go_on_struct(vm: VM, builder: TextBuilder, frame: Ptr[Value]) -> Value:
    instance = as_struct(frame[0])
    order = as_array(frame[2])
    for i in range(frame[1].payload, order.length):
        _separate(vm, builder, i)
        position = array_words(order)[i]
        append_leaf(vm, builder, field_name_at(vm, instance, position))
        builder_append_byte(vm, builder, _COLON)
        builder_append_byte(vm, builder, _SPACE)
        item = field_at(vm, instance, position)
        if has_parts(item):
            frame[1] = int_value(i + 1)
            return item
        append_leaf(vm, builder, item)
    builder_append(vm, builder, literal(" }"), 2)
    return unbound()


@function
def _go_on_tagged(vm: VM, builder: TextBuilder, frame: Ptr[Value], debug: bool) -> Value:
    tagged = cast(TaggedObject, frame[0].payload)
    for i in range(frame[1].payload, i64(tagged.aux)):
        if i > 0:
            builder_append_byte(vm, builder, _COMMA)
        if debug:
            if i > 0:
                builder_append_byte(vm, builder, _SPACE)
            builder_append_int(vm, builder, i)
            builder_append_byte(vm, builder, _COLON)
            builder_append_byte(vm, builder, _SPACE)
        if _is_nested(tagged.payload[i], debug):
            frame[1] = int_value(i + 1)
            return tagged.payload[i]
        _append_part(vm, builder, tagged.payload[i], debug)
    if debug:
        builder_append(vm, builder, literal(" }"), 2)
    elif tagged.aux != 0:
        builder_append_byte(vm, builder, _CLOSE_ROUND)
    return unbound()
