"""`base[index]`: reading, writing, and reading on the way to a nested place."""

from __future__ import annotations

from rufflang.lowpy import Raised, Record, function, i64, likely, literal, literal_size, u8, u64, unlikely, word
from rufflang.runtime.arrays import array_append_all, array_get, array_set, as_array
from rufflang.runtime.byte_strings import as_bytes
from rufflang.runtime.dicts import as_dict, dict_insert, dict_set, dict_update
from rufflang.runtime.dicts_entries import entry_value, set_entry_value
from rufflang.runtime.dicts_finding import (
    find_few,
    find_int,
    find_short,
    find_text,
    is_entry,
    recent_entry,
)
from rufflang.runtime.dicts_keys import is_key, normalise_key
from rufflang.runtime.errors import raise_built, raise_out_of_memory, raise_text
from rufflang.runtime.heap import room_for
from rufflang.runtime.numerals import hashed_number
from rufflang.runtime.objects import ArrayObject, DictObject, StringObject
from rufflang.runtime.sharing import clone_container, dict_has_room, is_shared
from rufflang.runtime.strings import as_string, decode_character, is_ascii
from rufflang.runtime.strings_positions import char_at
from rufflang.runtime.text_builder import (
    TextBuilder,
    builder_append,
    builder_append_byte,
    builder_append_int,
    builder_new,
)
from rufflang.runtime.values import ARRAY, BYTES, DICT, ERROR, INT, STRING, Value, int_value, null_value
from rufflang.runtime.vm import VM

_QUOTE = 34
_BACKSLASH = 92
_LINE_FEED = 10
_TAB = 9
_RETURN = 13


@function(inline=True)
def index_get(vm: VM, base: Value, index: Value) -> Value:
    """`base[index]`, borrowed; ERROR when that raises."""
    if base.tag == ARRAY and index.tag == INT:
        array = as_array(base)
        position = index.payload
        if unlikely(u64(position) >= u64(array.length)):
            position += array.length
            if u64(position) >= u64(array.length):
                return raise_out_of_bounds(vm, index.payload)
        return array_get(array, position)
    if base.tag == DICT and index.tag == INT:
        entry = find_int(as_dict(base), index.payload)
        if unlikely(entry < 0):
            return raise_missing_key(vm, base, index)
        return entry_value(as_dict(base), entry)
    if base.tag == DICT and index.tag == STRING:
        place = recent_entry(as_dict(base), as_string(index))
        if is_entry(place):
            return entry_value(as_dict(base), place)
    return index_get_slowly(vm, base, index)


@function
def index_get_slowly(vm: VM, base: Value, index: Value) -> Value:
    """`index_get` of everything but arrays and dicts with int indices."""
    if base.tag == DICT and index.tag == STRING:
        entry = find_short(as_dict(base), as_string(index))
        return entry_value(as_dict(base), entry) if entry >= 0 else _text_entry_get(vm, base, index)
    return _index_get_otherwise(vm, base, index)


@function
def _text_entry_get(vm: VM, base: Value, index: Value) -> Value:
    """`index_get` of a dict and a string."""
    entry = find_text(vm, as_dict(base), index)
    if entry < 0:
        return raise_missing_key(vm, base, index)
    return entry_value(as_dict(base), entry)


@function
def _index_get_otherwise(vm: VM, base: Value, index: Value) -> Value:
    """`index_get` of what is neither an array nor a dict."""
    if base.tag == STRING and index.tag == INT:
        return text_index_get(vm, base, index)
    if base.tag == BYTES and index.tag == INT:
        data = as_bytes(base)
        place = index.payload if index.payload >= 0 else index.payload + data.byte_count
        if u64(place) >= u64(data.byte_count):
            return raise_out_of_bounds(vm, index.payload)
        return int_value(i64(data.data[place]))
    return raise_text(vm, literal("Invalid index operation"), literal_size("Invalid index operation"))


class Character(Record):
    """A string of one character with its code point."""

    raised = (ERROR, 0, 0)

    tag: i64
    payload: i64
    code: i64


@function(inline=True)
def character_place(base: Value, index: Value) -> i64:
    """Where in a string the character at an int is; -1 if it has none there."""
    text = as_string(base)
    position = index.payload
    if unlikely(u64(position) >= u64(text.char_count)):
        position += text.char_count
        if u64(position) >= u64(text.char_count):
            return -1
    return position


@function(inline=True)
def character_get(vm: VM, base: Value, index: Value) -> Character:
    """`base[index]` of a string and an int, with the code point."""
    position = character_place(base, index)
    if unlikely(position < 0):
        return raise_out_of_bounds(vm, index.payload)
    return character_at(vm, base, position)


@function(inline=True)
def character_at(vm: VM, base: Value, position: i64) -> Character:
    """The character of a string at a place that it has."""
    text = as_string(base)
    if likely(is_ascii(text)):
        code = i64(text.data[position])
        return Character(STRING, word(vm.ascii_strings[code]), code)
    one = char_at(vm, text, position)
    return Character(STRING, word(one), decode_character(one.data))


@function(inline=True)
def text_index_get(vm: VM, base: Value, index: Value) -> Value:
    """`index_get` of a string and an int."""
    return Value(STRING, character_get(vm, base, index).payload)


@function(inline=True)
def index_set(vm: VM, base: Value, index: Value, value: Value) -> Value:
    """`base[index] := value` on an unshared base; gives null, or ERROR."""
    if base.tag == ARRAY and index.tag == INT:
        array = as_array(base)
        position = index.payload
        if unlikely(u64(position) >= u64(array.length)):
            position += array.length
            if u64(position) >= u64(array.length):
                return raise_out_of_bounds(vm, index.payload)
        array_set(vm, array, position, value)
        return null_value()
    if base.tag == DICT and index.tag == INT:
        return _int_entry_set(vm, as_dict(base), index.payload, value)
    if base.tag == DICT and index.tag == STRING:
        place = recent_entry(as_dict(base), as_string(index))
        if is_entry(place):
            set_entry_value(as_dict(base), place, value)
            return null_value()
    return index_set_slowly(vm, base, index, value)


@function(inline=True)
def _int_entry_set(vm: VM, table: DictObject, number: i64, value: Value) -> Value:
    """`index_set` of a dict and an int."""
    entry = find_int(table, number)
    if entry >= 0:
        set_entry_value(table, entry, value)
    else:
        dict_insert(vm, table, int_value(number), value)
    return null_value()


@function
def index_set_slowly(vm: VM, base: Value, index: Value, value: Value) -> Value:
    """`index_set` of everything but arrays and dicts with int indices."""
    if base.tag == DICT and index.tag == STRING:
        number = hashed_number(as_string(index).aux)
        if number >= 0:
            return _int_entry_set(vm, as_dict(base), number, value)
        entry = find_few(as_dict(base), as_string(index))
        if entry >= 0:
            set_entry_value(as_dict(base), entry, value)
            return null_value()
        return _text_entry_set(vm, as_dict(base), index, value)
    return _raise_invalid_assignment(vm)


@function
def _text_entry_set(vm: VM, table: DictObject, key: Value, value: Value) -> Value:
    """`index_set` of a dict and a string."""
    dict_set(vm, table, normalise_key(vm, key), value)
    return null_value()


@function(cold=True)
def _raise_invalid_assignment(vm: VM) -> Raised:
    return raise_text(vm, literal("Invalid index assignment"), literal_size("Invalid index assignment"))


@function(inline=True)
def place_index(vm: VM, base: Value, index: Value) -> Value:
    """`base[index]` on the way to a place inside it: a shared container there is cloned into the base."""
    child = index_get(vm, base, index)
    if unlikely(is_shared(child)):
        return place_clone(vm, base, index, child)
    return child


@function
def place_clone(vm: VM, base: Value, index: Value, child: Value) -> Value:
    """Puts a copy of a shared child of `base` into its place."""
    copy = clone_container(vm, child)
    if copy.tag == ERROR:
        return copy
    stored = index_set(vm, base, index, copy)
    return stored if stored.tag == ERROR else copy


# ---------------------------------------------------------------------------- literals


@function
def array_extend(vm: VM, array: ArrayObject, value: Value) -> Value:
    """Spread into an array literal; gives null, or ERROR."""
    if value.tag != ARRAY:
        return raise_text(vm, literal("Can only spread arrays"), literal_size("Can only spread arrays"))
    size = (array.length + as_array(value).length) * 16
    if not room_for(vm, size):
        return raise_out_of_memory(vm)
    array_append_all(vm, array, as_array(value))
    return null_value()


@function
def dict_extend(vm: VM, table: DictObject, value: Value) -> Value:
    """Spread into a dict literal; gives null, or ERROR."""
    if value.tag != DICT:
        return raise_text(vm, literal("Can only spread dicts"), literal_size("Can only spread dicts"))
    if not dict_has_room(vm, table.count + as_dict(value).count):
        return raise_out_of_memory(vm)
    dict_update(vm, table, as_dict(value))
    return null_value()


@function
def dict_set_literal(vm: VM, table: DictObject, key: Value, value: Value) -> Value:
    """An entry of a dict literal; gives null, or ERROR."""
    if not is_key(key):
        return raise_text(vm, literal("Dict keys must be strings"), literal_size("Dict keys must be strings"))
    dict_set(vm, table, normalise_key(vm, key), value)
    return null_value()


# ------------------------------------------------------------------------------ errors


@function(cold=True)
def raise_out_of_bounds(vm: VM, index: i64) -> Raised:
    """Raises `Index out of bounds: <i>` with the index as written."""
    message = builder_new(vm)
    builder_append(vm, message, literal("Index out of bounds: "), literal_size("Index out of bounds: "))
    builder_append_int(vm, message, index)
    return raise_built(vm, message)


@function(cold=True)
def raise_missing_key(vm: VM, base: Value, key: Value) -> Raised:
    """Raises `Missing map key: <k>`: an int bare, a string quoted and escaped."""
    message = builder_new(vm)
    builder_append(vm, message, literal("Missing map key: "), literal_size("Missing map key: "))
    if key.tag == INT:
        builder_append_int(vm, message, key.payload)
    else:
        append_quoted(vm, message, as_string(key))
    raise_built(vm, message)
    vm.error_subject = base
    return Raised()


@function
def append_quoted(vm: VM, builder: TextBuilder, text: StringObject) -> None:
    """Adds the text in double quotes, with quote, backslash, line feed, tab and return escaped."""
    builder_append_byte(vm, builder, _QUOTE)
    for i in range(text.byte_count):
        byte = text.data[i]
        escape: u8 = 0
        if byte == _QUOTE or byte == _BACKSLASH:
            escape = byte
        elif byte == _LINE_FEED:
            escape = 110
        elif byte == _TAB:
            escape = 116
        elif byte == _RETURN:
            escape = 114
        if escape != 0:
            builder_append_byte(vm, builder, _BACKSLASH)
            byte = escape
        builder_append_byte(vm, builder, byte)
    builder_append_byte(vm, builder, _QUOTE)
