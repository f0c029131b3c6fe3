import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import documents
from chalicelib.domain.errors import BodyTooLargeError, InvalidInputError

scalars = (
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=20)
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
)
keys = st.from_regex(r"[a-z_][a-z0-9_.]{0,10}", fullmatch=True)
nested = st.recursive(
    scalars | st.lists(scalars, max_size=3) | st.just({"$time": "2026-11-23T09:30:00Z"}),
    lambda inner: st.dictionaries(keys, inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(keys, nested, max_size=4))
def test_metadata_of_the_documented_types_is_kept_as_given(given_metadata: dict[str, object]) -> None:
    assert documents.metadata(given_metadata) == given_metadata


@pytest.mark.parametrize(
    "metadata",
    [
        {"": 1},
        {"a/b": 1},
        {"$x": 1},
        {"a": None},
        {"a": float("nan")},
        {"a": float("inf")},
        {"a": 2**63},
        {"a": {"$time": "yesterday"}},
        {"a": {"$time": "2026-11-23T09:30:00"}},
        {"a": {"$time": "2026-11-23T09:30:00Z", "b": 1}},
        {"a": {"$time": 5}},
        {"a": [[1]]},
        {"a": [{"b": 1}]},
        {"a": list(range(1001))},
        {"a": "x" * 5001},
    ],
)
def test_metadata_of_other_types_is_refused_with_its_place(metadata: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        documents.metadata(metadata)
    assert refused.value.problems[0].pointer.startswith("/metadata")


def test_metadata_nested_too_deeply_is_refused() -> None:
    value: object = 1
    for _ in range(9):
        value = {"a": value}
    with pytest.raises(InvalidInputError):
        documents.metadata({"a": value})


def test_fifty_tags_are_accepted_and_one_more_refused() -> None:
    documents.tags({f"k{index}": "" for index in range(50)})
    with pytest.raises(InvalidInputError):
        documents.tags({f"k{index}": "" for index in range(51)})


@pytest.mark.parametrize("metrics", [{"a": True}, {"a": "1"}, {"a": float("nan")}, {"": 1}])
def test_metrics_are_finite_numbers_with_names(metrics: dict[str, float]) -> None:
    with pytest.raises(InvalidInputError):
        documents.metrics(metrics)


def test_a_document_over_64_kib_is_refused() -> None:
    with pytest.raises(BodyTooLargeError):
        documents.check_size({f"k{index}": "x" * 4096 for index in range(17)}, "document")
