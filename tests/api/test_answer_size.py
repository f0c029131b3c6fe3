"""No answer is larger than what a Lambda function can return."""

import json

import pytest

from chalicelib.api.answer_size import MAX_BYTES, fitting
from chalicelib.api.call import Answer
from chalicelib.api.document import NoQuery, Paging, Query
from chalicelib.domain.errors import BodyTooLargeError
from tests.api import journey
from tests.api.gateway import Caller

SIX_MEGABYTES = 6 * 1024 * 1024


def pages_of(sizes: list[int]) -> list[list[int]]:
    """The sizes of the items on each page of a list whose items have these sizes."""
    pages: list[list[int]] = []
    while sum(map(len, pages)) < len(sizes):
        first = sum(map(len, pages))

        def view(query: Query, first: int = first) -> Answer:
            assert isinstance(query, Paging)
            shown = sizes[first : first + query.limit]
            return Answer({"items": ["x" * size for size in shown], "next_cursor": None})

        text = fitting(view, Paging(limit=100)).text
        assert text is not None and len(json.dumps(text)) <= SIX_MEGABYTES
        pages.append([len(item) for item in json.loads(text)["items"]])
    return pages


@pytest.mark.parametrize(
    "sizes",
    [[10] * 100, [200_000] * 100, [5_000_000, 10, 10, 5_000_000, 900_000], [MAX_BYTES - 1_000] * 3],
)
def test_a_list_of_any_items_comes_in_pages_that_fit_and_miss_none(sizes: list[int]) -> None:
    pages = pages_of(sizes)
    assert [size for page in pages for size in page] == sizes
    assert len(pages) <= 1 + sum(sizes) // (MAX_BYTES // 2)


def test_an_answer_that_cannot_be_cut_is_refused_with_its_size() -> None:
    with pytest.raises(BodyTooLargeError, match="The answer would have"):
        fitting(lambda _: Answer({"text": "x" * MAX_BYTES}), NoQuery())


def test_a_search_that_finds_more_than_fits_goes_on_with_a_cursor(admin: Caller) -> None:
    journey.model(admin)
    # As JSON within JSON, each of these characters takes seven bytes.
    metadata = {str(key): "é" * 3_000 for key in range(10)}
    for _ in range(34):
        journey.version(admin, metadata=metadata)
    found: list[int] = []
    cursor: dict[str, str] = {}
    while not found or cursor:
        page = admin.get("/v1/search/versions", query={"limit": 100, **cursor})
        assert page.status == 200 and len(json.dumps(page.text)) <= SIX_MEGABYTES
        found += [version["number"] for version in page.document["items"]]
        cursor = {"cursor": page.document["next_cursor"]} if page.document["next_cursor"] else {}
    assert sorted(found) == list(range(1, 35))
