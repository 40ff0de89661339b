"""How an answer is told from the reference: laws over all kinds of answers, and examples."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from harness import compare
from harness.compare import Answer
from harness.records import Comparison, Tolerance, Verdict
from harness.worker import answers

FLOATS = ("f2", "f4", "f8")
INTEGERS = ("i1", "i2", "i4", "i8", "u1", "u4", "u8")
DTYPES = (*FLOATS, *INTEGERS, "b1", "U5", "S5", "c8", "c16")
SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
BELOW = -(2.0**60)
ATTENTIVE = Tolerance(1e-9, "other builds add in another order")


def coded(answer: Any) -> Answer:
    """An answer as the worker writes it."""
    found = answers.encode(answer)
    return Answer(found.spec, found.data)


def found_between(reference: Any, answer: Any, tolerance: Tolerance = ATTENTIVE) -> Comparison:
    return compare.compare(coded(reference), coded(answer), tolerance)


def together(*parts: Answer) -> Answer:
    """Several answers as one list."""
    spec = {"k": "list", "parts": [part.spec for part in parts]}
    return Answer(spec, b"".join(part.data for part in parts))


def element_by_element(reference: Answer, answer: Answer) -> Comparison:
    """The comparison without its short cut for equal bytes: beside zeros of other signs."""
    zeros = (coded(np.array([0.0])), coded(np.array([-0.0])))
    return compare.compare(together(reference, zeros[0]), together(answer, zeros[1]))


def objects(values: Sequence[Any]) -> Any:
    """An object array of the values as they are."""
    array = np.empty(len(values), dtype=object)
    array[:] = list(values)
    return array


def sparse(
    shape: tuple[int, int], stored: dict[tuple[int, int], float], dtype: str = "f8"
) -> Answer:
    """A canonical CSR matrix in the worker's form, made by hand: stored zeros stay stored."""
    places = sorted(stored)
    starts = np.searchsorted([row for row, _ in places], np.arange(shape[0] + 1))
    parts = [
        coded(np.array([stored[place] for place in places], dtype=dtype)),
        coded(np.array([column for _, column in places], dtype=np.int64)),
        coded(starts.astype(np.int64)),
    ]
    spec = {"k": "sparse", "shape": list(shape), "parts": [part.spec for part in parts]}
    return Answer(spec, b"".join(part.data for part in parts))


arrays = st.sampled_from(DTYPES).flatmap(lambda dtype: hnp.arrays(dtype, SHAPES))
scalars = st.one_of(
    st.floats(), st.integers(-(2**40), 2**40), st.booleans(), st.text(max_size=4), st.none(),
    st.binary(max_size=3), st.complex_numbers(),
    st.floats().map(np.float64), st.floats(width=32).map(np.float32),
)  # fmt: skip
nested = st.one_of(
    scalars,
    hnp.arrays("f8", 2),
    st.lists(scalars, max_size=2).map(tuple),
    st.lists(scalars, max_size=2).map(objects),
    st.dictionaries(st.text(max_size=2), scalars, max_size=2),
    st.sets(st.text(max_size=2), max_size=3),
)
object_arrays = st.lists(nested, max_size=3).map(objects)
places = st.tuples(st.integers(0, 2), st.integers(0, 3))
values = st.sampled_from([0.0, 1.0, -2.5, 1e-3, float("nan"), float("inf")])
sparses = st.dictionaries(places, values, max_size=5).map(lambda stored: sparse((3, 4), stored))
leaves = st.one_of(arrays, scalars, object_arrays).map(coded) | sparses
trees = st.recursive(
    leaves, lambda inner: st.lists(inner, min_size=1, max_size=3).map(lambda p: together(*p)),
    max_leaves=4,
)  # fmt: skip


# -- laws of every answer ------------------------------------------------------------------------


@given(trees)
def test_an_answer_is_identical_to_itself(answer: Answer) -> None:
    assert compare.compare(answer, answer) == Comparison(Verdict.IDENTICAL)


@given(trees)
def test_an_answer_is_identical_to_itself_element_by_element(answer: Answer) -> None:
    assert element_by_element(answer, answer) == Comparison(Verdict.IDENTICAL)


@given(trees, trees)
def test_any_two_answers_are_compared_without_an_error(a: Answer, b: Answer) -> None:
    assert compare.compare(a, b).verdict in Verdict


@given(trees, trees)
def test_a_comparison_is_strict_json(a: Answer, b: Answer) -> None:
    json.dumps(compare.compare(a, b).as_json(), allow_nan=False)


@given(trees, leaves, leaves, trees)
def test_what_differs_in_one_part_of_a_list_is_not_seen_in_another(
    before: Answer, a: Answer, b: Answer, after: Answer
) -> None:
    alone = compare.compare(a, b)
    among = compare.compare(together(before, a, after), together(before, b, after))
    assert among == alone


@given(leaves, leaves)
def test_equal_answers_are_equal_both_ways(a: Answer, b: Answer) -> None:
    there, back = compare.compare(a, b).verdict, compare.compare(b, a).verdict
    assert (there == Verdict.IDENTICAL) == (back == Verdict.IDENTICAL)
    assert (there == Verdict.CHANGED) == (back == Verdict.CHANGED)


# -- what counts as identical --------------------------------------------------------------------


@pytest.mark.parametrize("dtype", FLOATS)
def test_nan_equals_nan_and_the_zeros_are_equal(dtype: str) -> None:
    a = np.array([np.nan, 0.0, -0.0, np.inf, -np.inf, 1.5], dtype=dtype)
    b = np.array([-np.nan, -0.0, 0.0, np.inf, -np.inf, 1.5], dtype=dtype)
    assert found_between(a, b) == Comparison(Verdict.IDENTICAL)


def test_a_wider_text_is_the_same_text() -> None:
    a, b = np.array(["ab", ""], dtype="U2"), np.array(["ab", ""], dtype="U9")
    assert found_between(a, b) == found_between(b, a) == Comparison(Verdict.IDENTICAL)


def test_wider_bytes_are_the_same_bytes() -> None:
    a, b = np.array([b"ab"], dtype="S2"), np.array([b"ab"], dtype="S9")
    assert found_between(a, b) == Comparison(Verdict.IDENTICAL)


def test_the_order_of_bytes_and_of_memory_is_no_part_of_an_answer() -> None:
    a = np.arange(6.0).reshape(2, 3)
    assert coded(a) == coded(a.astype(">f8")) == coded(np.asfortranarray(a))


def test_nan_in_objects_equals_nan() -> None:
    assert coded(objects([float("nan"), "x"])) == coded(objects([np.nan, "x"]))


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_a_float_of_numpy_in_objects_is_written_as_a_float(value: str) -> None:
    """Numpy 2 changed the repr of its scalars: the encoding must not follow it."""
    assert coded(objects([np.float64(value), "x"])) == coded(objects([float(value), "x"]))


# -- numbers -------------------------------------------------------------------------------------


def normal_floats(dtype: str) -> st.SearchStrategy[Any]:
    """Arrays of finite floats with room above, the largest of them not subnormal."""
    info = np.finfo(dtype)
    width = 8 * np.dtype(dtype).itemsize
    half = float(info.max) / 2
    elements = st.floats(-half, half, width=width)
    shapes = hnp.array_shapes(min_dims=1, max_dims=2, max_side=4)
    return hnp.arrays(dtype, shapes, elements=elements).filter(
        lambda a: np.abs(a).max() >= info.smallest_normal
    )


@given(st.sampled_from(FLOATS).flatmap(normal_floats), st.data())
def test_one_ulp_is_close(a: Any, data: st.DataObject) -> None:
    place = tuple(data.draw(st.integers(0, size - 1)) for size in a.shape)
    b = a.copy()
    b[place] = np.nextafter(a[place], a.dtype.type(np.inf))
    found = found_between(a, b)
    assert (found.verdict, found.max_ulp, found.worst_row) == (Verdict.CLOSE, 1, place[0])
    assert found.max_abs_diff == abs(float(b[place]) - float(a[place])) > 0


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(finite, finite)
def test_the_distance_in_ulp_is_the_same_both_ways(a: float, b: float) -> None:
    there = found_between(np.array([a]), np.array([b])).max_ulp
    assert there == found_between(np.array([b]), np.array([a])).max_ulp
    assert (there == 0) == (a == b)


@given(st.lists(finite, min_size=3, max_size=3))
def test_distances_in_ulp_add_up(numbers: list[float]) -> None:
    a, b, c = (np.array([number]) for number in sorted(numbers))
    parts = found_between(a, b).max_ulp + found_between(b, c).max_ulp
    assert parts == found_between(a, c).max_ulp


@pytest.mark.parametrize("dtype", FLOATS)
def test_the_distance_in_ulp_goes_over_zero(dtype: str) -> None:
    tiny = np.finfo(dtype).smallest_subnormal
    a, b = np.array([1.0, -tiny], dtype), np.array([1.0, tiny], dtype)
    assert found_between(a, b).max_ulp == 2


tables = hnp.arrays(
    "f8", st.tuples(st.integers(1, 4), st.integers(1, 3)), elements=st.floats(-1e6, 1e6)
)
scales = st.sampled_from([1e-6, 1.0, 1e6])
steps = st.sampled_from([0.0, 1e-16, 1e-12, 1e-10, 1e-9, 1e-6, 1e-3, 1.0])


@given(tables, st.data())
def test_the_tolerance_is_that_of_its_definition(a: Any, data: st.DataObject) -> None:
    assume(a.any())
    b = a + data.draw(hnp.arrays("f8", a.shape, elements=steps))
    assume((a != b).any())
    eps = np.finfo("f8").eps
    room = ATTENTIVE.rtol * np.abs(a).max(axis=0) + 64 * eps * np.abs(a).max()
    beyond = np.abs(a - b) > room
    found = found_between(a, b)
    assert found.verdict == (Verdict.DRIFT if beyond.any() else Verdict.CLOSE)
    assert found.max_abs_diff == pytest.approx(np.abs(a - b).max(), rel=1e-12)


@given(tables, st.data())
def test_the_worst_row_of_a_drift_is_a_row_that_drifts(a: Any, data: st.DataObject) -> None:
    a = np.where(a == 0, 1.0, a) * data.draw(hnp.arrays("f8", a.shape[1], elements=scales))
    b = a * (1 + data.draw(hnp.arrays("f8", a.shape, elements=steps)))
    room = ATTENTIVE.rtol * np.abs(a).max(axis=0) + 64 * np.finfo("f8").eps * np.abs(a).max()
    rows = (np.abs(a - b) > room).any(axis=1)
    assume(rows.any())
    found = found_between(a, b)
    assert found.worst_row is not None and rows[found.worst_row]


def test_a_drift_says_where_and_how_far() -> None:
    a = np.zeros((5, 2)) + 1.0
    b = a.copy()
    b[1, 0], b[3, 1] = 1.25, 1.5
    found = found_between(a, b)
    assert (found.verdict, found.worst_row, found.max_abs_diff) == (Verdict.DRIFT, 3, 0.5)
    assert found.note == "1.5 instead of 1.0"


def test_a_drift_in_a_small_column_beside_a_huge_one_is_seen() -> None:
    a = np.array([[1e6, 1e-3], [2e6, 2e-3]])
    b = np.array([[1e6, 1e-3], [2e6, 2.1e-3]])
    found = found_between(a, b)
    assert (found.verdict, found.worst_row) == (Verdict.DRIFT, 1)


def test_the_drift_is_shown_and_not_a_larger_difference_within_tolerance() -> None:
    a = np.array([[1e6, 1e-3], [1e6, 1e-3]])
    b = np.array([[1e6 + 1e-4, 1e-3], [1e6, 1.01e-3]])
    found = found_between(a, b)
    assert (found.verdict, found.worst_row) == (Verdict.DRIFT, 1)
    assert found.note == "0.00101 instead of 0.001"


def test_a_declared_tolerance_gives_more_room() -> None:
    a, b = np.array([1.0, 2.0]), np.array([1.0, 2.001])
    assert found_between(a, b).verdict == Verdict.DRIFT
    assert found_between(a, b, Tolerance(1e-2, "so")).verdict == Verdict.CLOSE


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize(("a", "b"), [(np.nan, 1.0), (1.0, np.nan), (np.inf, 1.0), (1.0, -np.inf)])
def test_a_number_against_none_is_drift_with_a_note(dtype: str, a: float, b: float) -> None:
    left, right = np.array([1.0, a, 1.0], dtype), np.array([1.0, b, 3.0], dtype)
    found = found_between(left, right)
    assert (found.verdict, found.worst_row, found.changed) == (Verdict.DRIFT, 1, 1)
    assert found.note == f"{b!r} instead of {a!r}"
    assert found.max_abs_diff == 2.0


def test_infinities_of_other_signs_are_drift() -> None:
    assert found_between(np.array([np.inf]), np.array([-np.inf])).verdict == Verdict.DRIFT


def test_the_largest_numbers_of_other_signs_are_drift() -> None:
    top = np.finfo("f8").max
    found = found_between(np.array([top]), np.array([-top]))
    assert found.verdict == Verdict.DRIFT
    json.dumps(found.as_json(), allow_nan=False)


def test_either_part_of_a_complex_number_counts() -> None:
    a = np.array([1 + 2j, 3 + 4j])
    for part in (1e-3, 1e-3j):
        found = found_between(a, a + np.array([0, part]))
        assert (found.verdict, found.worst_row) == (Verdict.DRIFT, 1)


def test_a_scalar_drifts_too() -> None:
    found = found_between(0.5, 0.75)
    assert (found.verdict, found.max_abs_diff, found.worst_row) == (Verdict.DRIFT, 0.25, 0)


# -- what is changed -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["i8", "u1", "b1", "U3", "S3"])
def test_one_other_label_is_changed(kind: str) -> None:
    a = np.array([1, 0, 1, 0]).astype(kind)
    b = np.array([1, 0, 0, 1]).astype(kind)
    found = found_between(a, b)
    assert (found.verdict, found.changed, found.worst_row) == (Verdict.CHANGED, 2, 2)
    assert found.note is not None and " instead of " in found.note


def test_the_largest_difference_of_labels_is_told() -> None:
    assert found_between(np.array([1, 5]), np.array([1, 2])).max_abs_diff == 3.0
    assert found_between(np.array([200], "u1"), np.array([1], "u1")).max_abs_diff == 199.0


@pytest.mark.parametrize(
    ("a", "b"),
    [((3,), (4,)), ((3,), (3, 1)), ((2, 3), (3, 2)), ((0, 2), (0, 3)), ((), (1,)), ((1,), (0,))],
)
def test_another_shape_is_changed(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    found = found_between(np.zeros(a), np.zeros(b))
    assert found.verdict == Verdict.CHANGED
    assert found.note is not None and found.note.startswith("shape ")


def test_shapes_are_told_in_words() -> None:
    assert found_between(np.zeros((3, 2)), np.float64(0)).note == "shape scalar instead of 3x2"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("f8", "f4"),
        ("i8", "i4"),
        ("i8", "f8"),
        ("b1", "i8"),
        ("i8", "u8"),
        ("U3", "S3"),
        ("f8", "c16"),
    ],
)
def test_another_dtype_is_changed_even_where_values_are_equal(a: str, b: str) -> None:
    found = found_between(np.ones(2, a), np.ones(2, b))
    assert found.verdict == Verdict.CHANGED
    assert found.note == f"dtype {np.ones(2, b).dtype} instead of {np.ones(2, a).dtype}"


@pytest.mark.parametrize("value", [np.nan, np.inf, 2.0])
def test_integers_that_became_floats_are_changed_whatever_the_floats(value: float) -> None:
    found = found_between(np.array([1, 2]), np.array([value, 2.0]))
    assert found.verdict == Verdict.CHANGED
    json.dumps(found.as_json(), allow_nan=False)


def test_another_container_is_changed() -> None:
    dense, listed = np.zeros((2, 2)), [np.zeros(2), np.zeros(2)]
    assert found_between(dense, listed).note == "list instead of array"
    assert compare.compare(coded(dense), sparse((2, 2), {})).note == "sparse instead of array"


def test_what_cannot_be_compared_is_changed_beside_what_can() -> None:
    lost = answers.opaque(answers.Incomparable("Table"))
    given = answers.encode(np.zeros(2))
    found = compare.compare(Answer(given.spec, given.data), Answer(lost.spec, lost.data))
    assert (found.verdict, found.note) == (Verdict.CHANGED, "opaque instead of array")


def test_more_parts_are_changed() -> None:
    found = found_between([np.zeros(2)], [np.zeros(2), np.zeros(2)])
    assert (found.verdict, found.note) == (Verdict.CHANGED, "2 parts instead of 1")


def test_the_worst_part_of_a_list_counts() -> None:
    a = [np.array([1.0]), np.array([1.0, 2.0]), np.array(["x"])]
    b = [np.array([np.nextafter(1.0, 2.0)]), np.array([1.0, 2.5]), np.array(["x"])]
    found = found_between(a, b)
    assert (found.verdict, found.max_abs_diff, found.worst_row) == (Verdict.DRIFT, 0.5, 1)


def test_parts_after_one_of_another_kind_are_still_read_where_they_stand() -> None:
    a = [np.array([1.0, 2.0]), np.array(["x", None], dtype=object), np.array([3.0])]
    b = [np.array(["y"], dtype=object), np.array(["x", None], dtype=object), np.array([3.0])]
    found = found_between(a, b)
    assert (found.verdict, found.changed, found.max_abs_diff) == (Verdict.CHANGED, 1, 0.0)


def test_parts_after_a_shorter_list_are_still_read_where_they_stand() -> None:
    rest = np.array([3.0, 4.0])
    found = found_between([[rest, rest], rest], [[rest], rest])
    assert (found.verdict, found.changed, found.max_abs_diff) == (Verdict.CHANGED, 1, 0.0)


# -- objects -------------------------------------------------------------------------------------


def test_numbers_among_objects_are_numbers() -> None:
    a = objects(["x", 1.0, None])
    assert found_between(a, objects(["x", np.nextafter(1.0, 2), None])).verdict == Verdict.CLOSE
    found = found_between(a, objects(["x", 1.5, None]))
    assert (found.verdict, found.worst_row) == (Verdict.DRIFT, 1)


def test_arrays_among_objects_are_compared_as_arrays() -> None:
    a = objects([np.array([1.0, 2.0]), np.array([3.0])])
    b = objects([np.array([1.0, 2.0]), np.array([np.nextafter(3.0, 4)])])
    assert found_between(a, b).verdict == Verdict.CLOSE
    assert found_between(a, objects([np.array([1.0, 2.0]), np.array([3.5])])).worst_row == 1


def test_rows_of_unequal_lengths_are_compared_as_numbers() -> None:
    a, b = objects([[1.0], [2.0, 3.0]]), objects([[1.0], [2.0, np.nextafter(3.0, 4)]])
    assert found_between(a, b).verdict == Verdict.CLOSE


def test_a_label_among_objects_that_differs_is_changed() -> None:
    found = found_between(objects(["a", "b", "c"]), objects(["a", "x", "y"]))
    assert (found.verdict, found.changed, found.worst_row) == (Verdict.CHANGED, 2, 1)
    assert found.note == '"x" instead of "b"'


@pytest.mark.parametrize(
    ("a", "b"),
    [(True, 1), (1, 1.0), (None, float("nan")), ("1", 1), (b"a", "a"), ((True,), (1,)),
     ({"k": 1}, {"k": 2}), ({"k"}, {"l"}), (1 + 2j, 1 + 3j)],
    ids=str,
)  # fmt: skip
def test_objects_that_are_not_equal_are_changed(a: Any, b: Any) -> None:
    assert found_between(objects([a, "x"]), objects([b, "x"])).verdict != Verdict.IDENTICAL
    assert found_between(objects([b, "x"]), objects([a, "x"])).verdict != Verdict.IDENTICAL


def test_the_row_of_an_object_is_that_of_its_table() -> None:
    a = objects(list("abcdef")).reshape(3, 2)
    b = a.copy()
    b[2, 0] = "x"
    assert found_between(a, b).worst_row == 2


def test_sets_and_dictionaries_have_no_order() -> None:
    assert coded({"b": 1, "a": {"x", "y"}}) == coded({"a": {"y", "x"}, "b": 1})


# -- sparse --------------------------------------------------------------------------------------


def test_an_absent_element_is_a_stored_zero() -> None:
    a, b = sparse((2, 3), {(0, 1): 2.0}), sparse((2, 3), {(0, 1): 2.0, (1, 2): 0.0})
    assert compare.compare(a, b) == compare.compare(b, a) == Comparison(Verdict.IDENTICAL)


def test_an_element_stored_on_one_side_alone_is_drift_in_its_row() -> None:
    a, b = sparse((3, 3), {(0, 1): 2.0}), sparse((3, 3), {(0, 1): 2.0, (2, 0): 0.5})
    for found in (compare.compare(a, b), compare.compare(b, a)):
        assert (found.verdict, found.max_abs_diff, found.worst_row) == (Verdict.DRIFT, 0.5, 2)


def test_sparse_elements_are_close_like_others() -> None:
    a, b = sparse((2, 2), {(1, 1): 3.0}), sparse((2, 2), {(1, 1): float(np.nextafter(3, 4))})
    found = compare.compare(a, b)
    assert (found.verdict, found.max_ulp, found.worst_row) == (Verdict.CLOSE, 1, 1)


def test_another_sparse_shape_or_dtype_is_changed() -> None:
    a = sparse((2, 2), {(1, 1): 3.0})
    assert compare.compare(a, sparse((2, 3), {(1, 1): 3.0})).verdict == Verdict.CHANGED
    assert compare.compare(a, sparse((2, 2), {(1, 1): 3.0}, "f4")).verdict == Verdict.CHANGED


def test_a_small_sparse_column_beside_a_huge_one_is_seen() -> None:
    stored = {(0, 0): 1e6, (0, 1): 1e-3, (1, 0): 1e6, (1, 1): 1e-3}
    a, b = sparse((2, 2), stored), sparse((2, 2), {**stored, (1, 1): 1.1e-3})
    found = compare.compare(a, b)
    assert (found.verdict, found.worst_row) == (Verdict.DRIFT, 1)


numbers = st.sampled_from([0.0, 1.0, -2.5, 1e-3, 1e6])
stored_elements = st.dictionaries(places, numbers, max_size=6)


@given(stored_elements, stored_elements)
def test_a_sparse_answer_is_compared_like_its_dense_form(a: Any, b: Any) -> None:
    def dense(stored: dict[tuple[int, int], float]) -> Any:
        full = np.zeros((3, 4))
        for place, value in stored.items():
            full[place] = value
        return full

    of_dense = found_between(dense(a), dense(b))
    of_sparse = compare.compare(sparse((3, 4), a), sparse((3, 4), b))
    assert of_sparse.verdict == of_dense.verdict
    assert of_sparse.max_abs_diff == of_dense.max_abs_diff


def test_scipy_matrices_are_written_in_one_canonical_form() -> None:
    scipy = pytest.importorskip("scipy.sparse")
    made = scipy.coo_matrix(([1.0, 2.0, 0.0], ([0, 0, 1], [1, 1, 0])), shape=(2, 2))
    assert coded(made) == coded(made.tocsc()) == sparse((2, 2), {(0, 1): 3.0})


# -- broken answers ------------------------------------------------------------------------------


@given(trees, st.data())
def test_an_answer_that_ends_too_early_is_an_error(answer: Answer, data: st.DataObject) -> None:
    assume(answer.data)
    cut = Answer(answer.spec, answer.data[: data.draw(st.integers(0, len(answer.data) - 1))])
    with pytest.raises(ValueError, match="too early"):
        compare.compare(answer, cut)
    with pytest.raises(ValueError, match="too early"):
        compare.compare(cut, answer)


# -- several comparisons, and values without their container -------------------------------------


comparisons = st.builds(
    Comparison, st.sampled_from(Verdict), st.floats(0, 1e9), st.integers(0, 99), st.integers(0, 9)
)


@given(st.lists(comparisons))
def test_the_worst_of_several_has_the_worst_of_everything(several: list[Comparison]) -> None:
    found = compare.worst(several)
    order = list(Verdict)
    assert order.index(found.verdict) == max((order.index(c.verdict) for c in several), default=0)
    assert found.max_abs_diff == max((c.max_abs_diff for c in several), default=0.0)
    assert found.max_ulp == max((c.max_ulp for c in several), default=0)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (np.array([1.5, 2.5], "f4"), np.array([1.5, 2.5], "f8")),
        (np.array([1, 2], "i4"), np.array([1, 2], "i8")),
        (np.array(["a", "b"]), np.array(["a", "b"], dtype=object)),
        (np.array([[1.5], [2.5]]), np.array([1.5, 2.5])),
        (np.array([[1.5, 2.5]]), np.array([1.5, 2.5])),
    ],
    ids=["float", "integer", "text", "column", "row"],
)
def test_values_are_compared_without_their_container(a: Any, b: Any) -> None:
    plain = [compare.values_only(coded(answer)) for answer in (a, b)]
    assert found_between(a, b).verdict == Verdict.CHANGED
    assert compare.compare(*plain).verdict == Verdict.IDENTICAL


def test_a_sparse_answer_has_the_values_of_the_dense_one() -> None:
    plain = compare.values_only(sparse((2, 2), {(1, 0): 3.0}))
    assert plain == compare.values_only(coded(np.array([[0.0, 0.0], [3.0, 0.0]])))


@given(trees)
def test_any_answer_has_values(answer: Answer) -> None:
    plain = compare.values_only(answer)
    assert compare.values_only(plain) == plain


@pytest.mark.parametrize("swap", [False, True])
def test_a_converted_count_may_be_a_float(swap: bool) -> None:
    pair = coded(np.array([1, 2])), coded(np.array([1.0, 2.0], dtype=np.float32))
    before, after = compare.plain(*(pair[::-1] if swap else pair))
    assert compare.compare(before, after).verdict is Verdict.IDENTICAL
    other = compare.plain(pair[0], coded(np.array([1.0, 3.0])))
    assert compare.compare(*other).verdict is Verdict.DRIFT


def test_texts_and_integers_are_not_made_alike() -> None:
    before, after = compare.plain(coded(np.array([1, 2])), coded(np.array(["1", "2"])))
    assert compare.compare(before, after).verdict is Verdict.CHANGED
