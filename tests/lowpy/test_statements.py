"""Each statement of lowpy: the LLVM text it becomes, and what that does."""

from __future__ import annotations

from pathlib import Path

from tests.lowpy.low_source import Source, lines


def test_an_assignment_makes_no_instruction(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(n: i64) -> i64:
            a = n
            b = a
            return b
    """,
    )
    assert source.llvm() == lines("""
        entry:
        br label %exit1
        exit1:
        ret i64 %p.n
    """)


def test_an_annotated_assignment_fixes_the_type(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f() -> u8:
            n: u8 = 250
            n += 10
            return n
    """,
    )
    assert source.run("f") == 4


def test_parameters_may_be_assigned(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(n: i64) -> i64:
            n = n + 1
            n *= 10
            return n
    """,
    )
    assert source.run("f", 4) == 50


def test_if_joins_what_its_branches_assigned_with_one_phi(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(c: bool, n: i64) -> i64:
            kept = n
            if c:
                x = 1
            else:
                x = n
            return x + kept
    """,
    )
    assert source.llvm() == lines("""
        entry:
        br i1 %p.c, label %then1, label %else2
        then1:
        br label %join3
        else2:
        br label %join3
        join3:
        %v4 = phi i64 [ 1, %then1 ], [ %p.n, %else2 ]
        %v5 = add i64 %v4, %p.n
        br label %exit6
        exit6:
        ret i64 %v5
    """)
    assert source.run("f", True, 5) == 6
    assert source.run("f", False, 5) == 10


def test_elif_chains_take_the_first_branch_that_holds(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(n: i64) -> i64:
            if n < 0:
                return -1
            elif n == 0:
                return 0
            elif n < 10:
                n = n * 2
            else:
                return 99
            return n
    """,
    )
    assert [source.run("f", n) for n in (-5, 0, 4, 10)] == [-1, 0, 8, 99]


def test_a_branch_that_leaves_needs_no_phi(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(c: bool) -> i64:
            x = 1
            if c:
                return 5
            else:
                x = 2
            return x
    """,
    )
    assert "phi" not in source.llvm()
    assert (source.run("f", True), source.run("f", False)) == (5, 2)


def test_while_makes_phis_only_for_what_its_body_changes(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(n: i64, step: i64) -> i64:
            total = 0
            while n > 0:
                total += n
                n -= step
            return total
    """,
    )
    assert source.llvm() == lines("""
        entry:
        br label %loop1
        loop1:
        %v2 = phi i64 [ %p.n, %entry ], [ %v8, %body5 ]
        %v3 = phi i64 [ 0, %entry ], [ %v7, %body5 ]
        %v4 = icmp sgt i64 %v2, 0
        br i1 %v4, label %body5, label %leave6
        leave6:
        br label %join9
        body5:
        %v7 = add i64 %v3, %v2
        %v8 = sub i64 %v2, %p.step
        br label %loop1
        join9:
        br label %exit10
        exit10:
        ret i64 %v3
    """)
    assert source.run("f", 10, 3) == 10 + 7 + 4 + 1


def test_for_counts_up_and_evaluates_its_bounds_once(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(first: i64, n: i64) -> i64:
            total = 0
            for i in range(first, n):
                n = 0
                i = i * 10
                total += i
            return total
    """,
    )
    assert source.run("f", 2, 5) == 90
    assert source.run("f", 5, 5) == 0
    assert source.run("f", 6, 5) == 0


def test_break_and_continue_belong_to_the_innermost_loop(tmp_path: Path) -> None:
    text = """
        @function
        def f(n: i64) -> i64:
            total = 0
            for i in range(n):
                if i == 2:
                    continue
                j = 0
                while True:
                    j += 1
                    if j > i:
                        break
                    if j & 1 == 1:
                        continue
                    total += j * 100
                if i == 6:
                    break
                total += 1
            return total
    """
    source = Source(tmp_path, text)

    def expected(n: int) -> int:
        total = 0
        for i in range(n):
            if i == 2:
                continue
            total += sum(j * 100 for j in range(1, i + 1) if j % 2 == 0)
            if i == 6:
                break
            total += 1
        return total

    assert [source.run("f", n) for n in range(10)] == [expected(n) for n in range(10)]


def test_a_variable_assigned_before_break_is_known_after_an_endless_loop(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(n: i64) -> i64:
            while True:
                n += 7
                if n > 100:
                    found = n
                    break
            return found
    """,
    )
    assert source.run("f", 1) == 106


def test_a_loop_whose_body_always_leaves_has_no_backward_edge(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(n: i64) -> i64:
            while n > 0:
                return n
            return -1
    """,
    )
    assert (source.run("f", 3), source.run("f", 0)) == (3, -1)


def test_loops_that_cannot_run_are_left_out(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        DEBUG = False

        @function
        def f(n: i64) -> i64:
            while DEBUG:
                n += 1
            return n
    """,
    )
    assert "add" not in source.llvm()
    assert source.run("f", 3) == 3


def test_augmented_assignment_evaluates_its_place_once(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        class Box(Struct):
            count: i64
            items: Ptr[i64] = inline(4)

        @function
        def next_index(box: Box) -> i64:
            box.count += 1
            return box.count - 1

        @function
        def same(box: Box) -> Box:
            box.count += 10
            return box

        @function
        def f(box: Box) -> None:
            box.items[next_index(box)] += 5
            box.items[next_index(box)] -= 5

        @function
        def g(box: Box) -> None:
            same(box).count *= 2
    """,
    )
    import ctypes

    words = (ctypes.c_int64 * 5)(1, 100, 100, 100, 100)
    source.run("f", ctypes.addressof(words))
    assert list(words) == [3, 100, 105, 95, 100]
    source.run("g", ctypes.addressof(words))
    assert words[0] == 26


def test_pass_docstrings_and_calls_are_statements(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        '''
        class Box(Struct):
            count: i64

        @function
        def bump(box: Box) -> i64:
            box.count += 1
            return box.count

        @function
        def f(box: Box) -> None:
            """Says what it does."""
            pass
            bump(box)
    ''',
    )
    import ctypes

    word = ctypes.c_int64(41)
    source.run("f", ctypes.addressof(word))
    assert word.value == 42


def test_a_function_without_result_may_return_early(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def store(p: Ptr[i64], c: bool) -> None:
            if c:
                return
            p[0] = 7

        @function
        def f(p: Ptr[i64], c: bool) -> None:
            return store(p, c)
    """,
    )
    import ctypes

    word = ctypes.c_int64(1)
    source.run("f", ctypes.addressof(word), True)
    assert word.value == 1
    source.run("f", ctypes.addressof(word), False)
    assert word.value == 7


def test_code_after_a_return_is_left_out(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(n: i64) -> i64:
            return n
            return n * 2
    """,
    )
    assert "mul" not in source.llvm()


def test_what_cannot_be_reached_inside_an_expression_is_left_out(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function(inline=True)
        def never() -> i64:
            trap()
            return 1

        @function(inline=True)
        def hopeless() -> bool:
            trap()
            return True

        @function
        def f(n: i64) -> i64:
            if n == 0:
                return n + never() * (n if hopeless() else 2)
            if n == 1:
                while hopeless():
                    n += 1
            if n == 2 and hopeless():
                return 1
            if n == 3 and (hopeless() or n > 5):
                return 2
            return n
    """,
    )
    assert source.run("f", 7) == 7
