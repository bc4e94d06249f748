"""The functions of the runtime that programs usually call, those that most programs call first.

They lie side by side in memory, in this order.  A system maps what is around a page with it, so that otherwise a
program would have all of the runtime in memory.  Nothing else depends on the list, which
`python -m benchmarks.usual_functions` writes.
"""

from __future__ import annotations

USUAL_FUNCTIONS = """
calling.call_builtin calling.run_window collector_roots.find_stack_bounds dicts._append_entry dicts._make_room
dicts.dict_set dicts.intern_string dicts.new_dict dicts_few.find_among_few dicts_finding._find_string_further
dicts_finding.find_string display_leaves.append_leaf embedding.run_closure functions_numbers.give_number
furnishing.prepare heap._more_cells heap.allocate_slowly heap.allocate_slowly_unzeroed heap_growing._grow_cell
heap_pages._fresh_run heap_pages._reserve heap_pages.reserve_range heap_pages.take_pages heap_spans.new_span
loading.new_proto loading.read_code loading.read_constants loading.read_description loading.read_globals op.CALL_BUILTIN
op.RETURN_NULL output._joined output._make_room output.builtin_print profile.free_profile ruff_add_method
ruff_add_prelude_builtin ruff_address_space_limit ruff_call_value ruff_configure ruff_configure_tasks ruff_free_exchange
ruff_furnish ruff_interpret ruff_join_program ruff_load_unit ruff_run ruff_set_callbacks ruff_set_import_callback
startup._free_proto startup._free_tables startup._new_heap strings._compute_hash strings.new_string
strings.set_up_strings structs.new_definition structs_numbers._free_number structs_numbers.describe_definition
tasks.run_tasks timers.fire_timers vm_flush_output vm_free vm_new op.LOAD_INT op.MOVE call_depth.look_ahead
call_depth.may_call op.CALL op.CALL.completely op.MAKE_FUNCTION ruff_proto_address ruff_proto_index op.LOOP op.RETURN
op.RANGE_NEXT op.RANGE_PREPARE op.ADD control.hot_loop ruff_leave ruff_register_count text_builder.builder_append_int
op.GET_INDEX op.MOD arrays_storage.allocate_elements op.ADD_IMM op.DEFINE_GLOBAL op.MUL general.builtin_len
op.LOAD_CONST arrays.array_push_slowly arrays.array_reserve arrays_storage.grow_elements arrays_storage.release_elements
op.GET_GLOBAL calling.call_compiled calling.count_reached arrays.array_from_values op.NEW_ARRAY op.SHARE
collector._mark_roots collector.collect collector_stack.grow_mark_stack collector_stack.push_chunk
collector_marking._trace collector_marking._trace_definition collector_marking._trace_dict collector_marking.drain
collector_marking.mark_words collector_stack.shrink_mark_stack collector_roots._mark_builtins
collector_roots._mark_proto collector_roots.mark_native_stack collector_roots.mark_value_stack heap_spans.sweep_cells
op.OWN arrays.builtin_push op.COPY op.JUMP op.SET_INDEX conversion.builtin_to_int op.FOR_NEXT op.FOR_PREPARE
strings_spaces.trimmed_end strings_spaces.trimmed_start op.JUMP_IF_NOT_GT_IMM output.builtin_args ruff_add_argument
heap_pages.free_pages heap._allocate_large op.BUILD_STRING op.FOR_PREPARE.completely strings_short.short_text
op.JUMP_IF_NOT_LT ruff_run_prelude ruff_set_builtin_closure op.JUMP_IF_NOT op.JUMP_IF_NOT_EQ_IMM op.SUB_IMM
structs.new_instance containers.find_place loading.read_list op.DIV op.GET_FIELD op.GET_FIELD.completely op.NEW_DICT
shape_cache.note_field definitions.add_defaults definitions.new_struct_other op.FIND_GLOBAL op.GET_INDEX.completely
op.MAKE_STRUCT op.NEW_STRUCT structs.field_set heap_pages.extend_run op.SHARE_PART dicts_entries.resize_entries
op.JUMP_IF_NOT_EQ op.SET_INDEX.completely indexing.index_get_slowly indexing._text_entry_get
indexing._index_get_otherwise numbers.write_int_text op.JUMP_IF_NOT_GT indexing.index_set_slowly
indexing._text_entry_set op.SUB dicts_finding._find_text dicts_finding._find_text_further op.SET_FIELD
op.SET_FIELD.completely sharing_arguments.share_arguments op.FOR_NEXT.completely op.JUMP_IF_NOT_GE op.LOAD_NULL
op.OWN_INDEX op.LOAD_TRUE control.call_method_other general.builtin_contains members._find_member
members.find_struct_member op.CALL_METHOD op.CALL_METHOD.completely op.JUMP_IF_NOT_LE op.JUMP_IF_NOT_NE op.LOAD_FALSE
op.NOT shape_cache.learn_method strings_building.repeat_text text.builtin_repeat arrays.array_slice
conversion.builtin_to_string dicts_finding._search_int_further display.display_value iteration.iteration_start
op.JUMP_IF_NOT_LT_IMM op.JUMP_IF_NOT_NE_IMM arrays.builtin_range dicts.builtin_has_key generators._interpret
indexing.index_set iterators.next_item numbers.int_text op.COMPLETE op.COMPLETE.completely op.GENERATOR op.LOAD_UNBOUND
op.RETURN.completely op.YIELD ruff_resume sharing.clone_container sorting_strings._sort_from
sorting_strings.sort_strings strings_growing._begin text_builder.builder_copy arrays.array_of_two containers.get_field
containers.own_value conversion.builtin_type dicts.builtin_keys dicts_order._sorted_texts dicts_order.canonical_names
heap_pages.give_back_free_pages indexing.index_get iteration.iteration_next_slowly op.APPEND op.APPEND.completely
op.ASSIGN_GLOBAL op.DICT_ADD op.GET_CELL op.LOAD_CAPTURE op.OWN.completely op.OWN_FIELD parts.array_of_parts
sorting._before sorting._start_of_run sorting.sort_values_beside strings.byte_slice
strings_growing._append_slowly text_builder._grow text_builder.builder_append text_lists._join_strings
text_lists.builtin_join type_names._core_name type_names._first_type_name type_names._new_type_name arrays.builtin_sort
arrays.popped_parts arrays_editing.array_sort conversion.builtin_is_function dicts_finding._search_int
display.append_counted errors.raise_message heap.has_room loops.for_next_other numbers_floats._write_decimal
numbers_math.builtin_floor op.BIND_CELL op.EQ op.JUMP_IF_NE op.JUMP_IF_NOT_GE.completely op.LOAD_BUILTIN op.NEW_CELL
op.PAYLOAD op.TAKE_APART op.THROW op.error ruff_exit ruff_locate_error ruff_locate_index
sorting_strings._sort_by_digits text_builder.builder_append_float unwinding.call_stack unwinding.unwind arithmetic.add
arrays.builtin_pop arrays_editing.array_section dicts.dict_insert dicts_finding._find_new_string errors.raise_built
general.builtin_index_of numbers.parse_int_text numbers_math.builtin_abs numbers_math.builtin_bit_and
numbers_math.builtin_bit_xor numbers_math.builtin_sqrt op.ASSIGN_CELL op.BOX op.CHECK_BOUND op.GT op.JUMP_IF_BOUND
op.JUMP_IF_EQ op.JUMP_IF_EQ_IMM op.JUMP_IF_GLOBAL_BOUND op.JUMP_IF_NOT_MATCH op.JUMP_IF_NOT_TAG op.JUMP_IF_NO_PAYLOAD
op.LE op.MAKE_TAGGED op.NEG op.OWN_INDEX.completely op.TRUTH ruff_call_window ruff_catch
strings_comparing.string_compare strings_comparing.string_equal strings_searching.find_bytes
strings_searching.string_index_of text.builtin_char_at text.builtin_substring text_builder.builder_finish
text_lists._joined_size text_lists._split_at_byte text_lists.builtin_split text_lists.split_text texts.complete_text
throwing.throw_value variables.own_cell_content
""".split()
