"""Values much larger or deeper than any program needs."""

from __future__ import annotations

from pathlib import Path

from tests.robustness.programs import output, run

MILLION = 1_000_000


def test_an_array_of_a_million_elements_is_built_by_a_loop(tmp_path: Path) -> None:
    text = f"""
xs := []
i := 0
while i < {MILLION} {{
    xs := push(xs, i)
    i := i + 1
}}
ys := xs
ys[0] := 5
print(len(xs), xs[0], ys[0], xs[{MILLION - 1}], sum(xs))
print(len(to_string(xs)), xs == ys, contains(xs, -1), index_of(xs, {MILLION - 1}))
"""
    total = MILLION * (MILLION - 1) // 2
    shown = len(str(list(range(MILLION))))
    first, second = output(tmp_path, text)
    assert first == f"{MILLION} 0 5 {MILLION - 1} {total}"
    assert second.startswith(f"{shown} false ")


def test_strings_of_a_hundred_megabytes_are_worked_with(tmp_path: Path) -> None:
    text = """
s := repeat("0123456789", 10000000)
t := s + s
print(len(s), len(t), t == s + s)
print(len(replace(s, "0", "ab")), len(split(s, "9")), substring(s, 99999990, 99999999))
u := ""
i := 0
while i < 100 {
    u := u + substring(s, 0, 1000000)
    i := i + 1
}
print(u == s)
"""
    assert output(tmp_path, text) == ["100000000 200000000 true", "110000000 10000001 012345678", "true"]


def test_a_chain_of_a_million_structs_is_displayed_compared_and_dropped(tmp_path: Path) -> None:
    text = f"""
struct Node {{ value: int, next: any }}
func build(n) {{
    head := null
    i := 0
    while i < n {{
        head := Node {{ value: i, next: head }}
        i := i + 1
    }}
    return head
}}
a := build({MILLION})
b := build({MILLION})
print(a == b, len(to_string(a)) > {10 * MILLION})
b.next.next.value := -1
print(a == b)
a := null
b := null
junk := build({MILLION})
print(junk.value)
"""
    assert output(tmp_path, text) == ["true true", "false", str(MILLION - 1)]


def test_a_million_arrays_inside_each_other_are_displayed_and_compared(tmp_path: Path) -> None:
    text = f"""
func nest(n) {{
    xs := []
    i := 0
    while i < n {{
        xs := [xs]
        i := i + 1
    }}
    return xs
}}
print(len(to_string(nest({MILLION}))), nest({MILLION}) == nest({MILLION}))
"""
    assert output(tmp_path, text) == [f"{2 * MILLION + 2} true"]


def test_closures_dicts_and_options_inside_each_other_are_walked(tmp_path: Path) -> None:
    text = """
func nest(n) {
    value := null
    i := 0
    while i < n {
        value := Some({"k": Ok([value])})
        i := i + 1
    }
    return value
}
print(len(to_string(nest(200000))) > 1000000, nest(200000) == nest(200000))
"""
    assert output(tmp_path, text) == ["true true"]


def test_an_error_as_long_as_a_hundred_megabytes_is_reported(tmp_path: Path) -> None:
    result = run(tmp_path, 'throw(repeat("long ", 2000000))')
    assert result.exit_code == 4
    assert len(result.stderr) > 10_000_000
