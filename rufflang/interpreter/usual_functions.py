"""The functions of the runtime that programs usually call, those that most programs call first.

They lie side by side in memory, in this order.  A system maps what is around a page with it, so that otherwise a
program would have all of the runtime in memory.  Nothing else depends on the list, which
`python -m benchmarks.usual_functions` writes.
"""

from __future__ import annotations

USUAL_FUNCTIONS = """
calling.call_builtin calling.run_window collector_roots.find_stack_bounds dicts._append_entry dicts._make_room
dicts.dict_set dicts.intern_string dicts.new_dict dicts_entries.resize_entries dicts_few.find_among_few
dicts_finding._find_string_further dicts_finding.find_string display_leaves.append_leaf embedding.run_closure
functions_numbers.give_number furnishing.prepare heap._more_cells heap.allocate_slowly heap.allocate_slowly_unzeroed
heap_pages._fresh_run heap_pages._reserve heap_pages.reserve_range heap_pages.take_pages heap_spans._take_pages
heap_spans.new_span loading.new_proto loading.read_code loading.read_constants loading.read_description
loading.read_globals op.CALL_BUILTIN op.RETURN_NULL output._joined output._make_room output.builtin_print
profile.free_profile ruff_add_method ruff_add_prelude_builtin ruff_address_space_limit ruff_call_value ruff_configure
ruff_configure_tasks ruff_free_exchange ruff_furnish ruff_interpret ruff_join_program ruff_load_unit ruff_run
ruff_set_callbacks ruff_set_import_callback startup._free_proto startup._free_tables startup._new_heap
strings._hash_of_bytes strings.new_string strings.set_up_strings structs._slots_of_names structs.new_definition
structs_numbers._free_number structs_numbers.describe_definition tasks.run_tasks timers.fire_timers vm_flush_output
vm_free vm_new op.LOAD_INT op.MOVE call_depth.look_ahead call_depth.may_call op.CALL op.CALL.completely op.MAKE_FUNCTION
ruff_proto_address ruff_proto_index op.LOOP op.RETURN op.RANGE_NEXT op.RANGE_PREPARE op.ADD tiering._account
control.hot_loop ruff_leave ruff_register_count text_builder.builder_append_int op.MOD op.GET_INDEX op.ADD_IMM
op.DEFINE_GLOBAL op.MUL op.LOAD_CONST general.builtin_len calling.call_compiled calling.count_reached
arrays.array_push_slowly arrays.array_reserve arrays_storage.allocate_elements collector._mark_roots collector.collect
collector_marking._trace collector_marking._trace_definition collector_marking._trace_dict collector_marking.drain
collector_marking.mark_words collector_roots._mark_builtins collector_roots._mark_proto
collector_roots.mark_native_stack collector_roots.mark_value_stack collector_stack.grow_mark_stack
collector_stack.push_chunk collector_stack.shrink_mark_stack heap_spans.sweep_cells op.GET_GLOBAL arrays.new_packed
arrays.array_from_values op.NEW_ARRAY heap_pages.free_pages op.SHARE arrays.builtin_push heap_growing._grow_cell
heap_growing._release op.OWN op.COPY op.FOR_NEXT op.FOR_PREPARE op.JUMP op.SET_INDEX op.BUILD_STRING
strings_short.short_text op.FOR_PREPARE.completely op.JUMP_IF_NOT ruff_run_prelude ruff_set_builtin_closure
heap._allocate_large op.JUMP_IF_NOT_EQ_IMM op.JUMP_IF_NOT_GT_IMM conversion.builtin_to_int op.NEW_DICT op.DIV
op.JUMP_IF_NOT_LT op.SUB_IMM structs.new_instance containers.find_place loading.read_list op.GET_FIELD
op.GET_FIELD.completely shape_cache.note_field definitions.add_defaults definitions.new_struct_other op.FIND_GLOBAL
op.MAKE_STRUCT op.NEW_STRUCT structs.field_set arrays_storage.grow_elements heap_pages.extend_run op.JUMP_IF_NOT_EQ
output.builtin_args ruff_add_argument op.GET_INDEX.completely op.SET_INDEX.completely op.SHARE_PART
indexing.index_set_slowly strings_spaces.trimmed_start indexing.index_get_slowly numbers.write_int_text
iteration.iteration_start op.JUMP_IF_NOT_GT sharing_arguments.share_arguments strings_spaces.trimmed_end
dicts_finding._find_text text_builder.builder_copy display.append_counted op.NOT op.LOAD_NULL control.call_method_other
members._find_member members.member_is_method op.CALL_METHOD op.CALL_METHOD.completely op.FOR_NEXT.completely
op.RETURN.completely op.SUB op.JUMP_IF_NOT_NE op.OWN_INDEX strings_words.byte_slice general.builtin_contains
members.find_struct_member shape_cache.learn_method containers.set_field_other op.GET_CELL op.LOAD_CAPTURE op.LOAD_FALSE
op.SET_FIELD op.SET_FIELD.completely ruff_call_window sorting_strings.sort_strings dicts_order._sorted_texts
heap_pages.give_back_free_pages indexing._text_entry_get numbers.int_text op.DICT_ADD op.JUMP_IF_NOT_GE
strings_building.repeat_text text.builtin_repeat conversion.builtin_to_string conversion.builtin_type
dicts_finding._search_int display.display_value op.LOAD_TRUE text_builder._grow text_builder.builder_append
type_names._core_name type_names._first_type_name type_names._new_type_name iteration.iteration_next_slowly
op.ADD.completely op.COMPLETE op.COMPLETE.completely op.JUMP_IF_NOT_LE op.JUMP_IF_NOT_NE_IMM op.LOAD_UNBOUND
strings_adding.concat_strings strings_growing._begin text.builtin_substring arrays.array_of_two arrays.array_slice
conversion.builtin_is_function destructuring.destructure_array dicts_finding._search_int_further indexing.index_set
loops.for_next_other op.BIND_CELL op.DESTRUCTURE_ARRAY op.JUMP_IF_NE op.JUMP_IF_NOT_LT_IMM op.LOAD_BUILTIN op.NEW_CELL
sorting_strings._sort_in_place text_lists._join_strings text_lists.builtin_join arrays.builtin_range
collector_stack.mark_values dicts_order.canonical_order op.APPEND op.APPEND.completely ranges.array_of_range
strings_growing._append_slowly text_builder.builder_failed text_builder.builder_finish_counted text_builder.builder_new
containers.get_field dicts._found_or dicts.builtin_get dicts.builtin_has_key dicts.builtin_keys
dicts_order.canonical_names generators._interpret indexing.index_get iterators.next_item op.BOX op.EQ op.GENERATOR
op.JUMP_IF_NOT_EQ.completely op.OWN_FIELD op.YIELD ruff_exit ruff_resume sharing.clone_container
sorting_strings._sort_from strings_positions.substring strings_searching.find_bytes containers.own_value
dicts.dict_insert errors.raise_message op.ASSIGN_GLOBAL op.JUMP_IF_NOT_MATCH op.OWN.completely op.PAYLOAD op.TAKE_APART
op.THROW op.error ruff_exit_raising ruff_locate_error strings_adding._concat_in_buffer text_builder.builder_finish
text_lists._joined_size text_lists._split_at_byte text_lists.builtin_split text_lists.split_text texts.complete_text
unwinding.call_stack unwinding.unwind arrays.builtin_sort arrays.popped_parts arrays_editing.array_sort
definitions.new_function dicts.builtin_items display._append_nested display._go_on display._open numbers.parse_int_text
numbers_floats._write_decimal op.ASSIGN_CELL op.JUMP_IF_NOT_GE.completely op.LT op.NEG overloading.equal_other
parts.array_of_parts ruff_call_method_window ruff_catch ruff_look_ahead sorting._before sorting._start_of_run
sorting.sort_values_beside sorting_strings._sort_by_digits strings_comparing.string_compare
strings_comparing.string_equal text_builder.builder_append_float throwing.throw_value arithmetic.add
arrays.array_append_all arrays.array_of_pieces arrays_editing.array_section arrays_editing.owned_array
dicts_finding._find_new_string dicts_order._sort_by_numbers display._go_on_dict equality._compare_outside
general.builtin_index_of heap.has_room loops.for_prepare numbers_math.builtin_floor op.APPEND_TEXTS op.CHECK_BOUND
op.JUMP_IF_BOUND op.JUMP_IF_EQ op.JUMP_IF_EQ_IMM op.JUMP_IF_NOT_GE_IMM op.JUMP_IF_NOT_TAG op.JUMP_IF_NO_OPERATOR
op.JUMP_IF_NO_OPERATOR.completely op.JUMP_IF_NO_PAYLOAD op.LE op.MAKE_TAGGED op.OWN_INDEX.completely op.TRUTH
ruff_exit_inlined strings_replacing.replace_all strings_searching.string_index_of structs.field_get text.builtin_replace
throwing.raise_struct variables.new_cell arrays.array_widen arrays.builtin_concat arrays.builtin_pop
arrays.builtin_slice arrays_combining.builtin_sum arrays_editing.array_joined arrays_editing.array_part
calling.call_other dicts_keys._normalise_numeric equality._compare_elements equality._compare_entries
equality._compare_inside equality._compare_parts errors.raise_built indexing.place_index numbers_math.builtin_abs
numbers_math.builtin_bit_and numbers_math.builtin_bit_xor numbers_math.builtin_sqrt op.ASYNC op.AWAIT op.DECLARE_GLOBAL
op.GT op.JUMP_IF_GLOBAL_BOUND op.JUMP_IF_LE op.JUMP_IF_NOT_VARIANT op.LE.completely op.MAKE_ENUM op.OWN_CELL
promises._tell_dependents raising.throw ruff_await ruff_call_async ruff_new_generator strings_case.change_case
strings_searching.matches_at structs.field_total structs.struct_clone task_stacks.map_task_stacks tasks._enter
tasks._finish tasks._run_body tasks.new_task tasks.start tasks.wait_for text.builtin_char_at text_lists._word_end
text_lists.builtin_words
""".split()
