"""Advisory indexes: uploaded with their digest, checked, made current, and lost."""

import gzip
from datetime import timedelta

import httpx
import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.vulnerabilities.index_store import index_key
from chalicelib.domain.errors import InvalidInputError, PreconditionFailedError, UploadIncompleteError
from chalicelib.domain.instants import later
from chalicelib.domain.vulnerabilities.advisory_index import MAX_BYTES
from chalicelib.domain.vulnerabilities.current_index import AdvisoryIndexLostError, IndexGiven, NoAdvisoryIndexError
from chalicelib.domain.vulnerabilities.index_content import InvalidAdvisoryIndexError
from chalicelib.registry.audit import audit
from chalicelib.registry.vulnerabilities import assessing, indexes
from tests.registry.build import MODEL, model, put_object, request
from tests.registry.vulnerabilities.build import NUMPY, current_index, requiring, stored_index


def test_an_uploaded_index_counts_once_it_is_made_current(registry: Services) -> None:
    assert indexes.index_state(registry).current is None
    made = current_index(registry)
    state = indexes.index_state(registry)
    assert state.current == made
    assert (made.advisories, made.packages, state.rematching) == (1, 1, True)
    (event,) = audit.list_events(registry, "registry", "newest", 1, None).items
    assert (event["type"], event["after"]["sha256"]) == ("advisories.updated", made.sha256)


def test_the_upload_is_signed_for_exactly_these_bytes(registry: Services) -> None:
    given = stored_index(registry)
    upload = indexes.start_upload(registry, given)
    url = httpx.URL(upload.put.url)
    assert url.path.endswith(f"/vulnerabilities/PyPI/{given.sha256}.json.gz")
    assert upload.put.headers["content-length"] == str(given.size)
    assert "x-amz-checksum-sha256" in upload.put.headers
    assert url.params["X-Amz-SignedHeaders"] == "content-length;host;if-none-match;x-amz-checksum-sha256"


def test_bytes_that_are_not_there_or_are_others_are_not_made_current(registry: Services) -> None:
    given = stored_index(registry)
    with pytest.raises(UploadIncompleteError):
        indexes.make_current(registry, request(), IndexGiven("0" * 64, 7, "all.zip", given.published_at))
    with pytest.raises(UploadIncompleteError):
        indexes.make_current(
            registry, request(), IndexGiven(given.sha256, given.size + 1, "all.zip", given.published_at)
        )
    put_object(registry, index_key("PyPI", given.sha256), b"x" * given.size)
    with pytest.raises(UploadIncompleteError):
        indexes.make_current(registry, request(), given)
    assert indexes.find_current(registry) is None


@pytest.mark.parametrize(
    "content", [b"no gzip", gzip.compress(b"{}"), gzip.compress(b" " * (MAX_BYTES + 1))], ids=["torn", "empty", "bomb"]
)
def test_a_damaged_index_is_refused_and_the_present_one_stays(registry: Services, content: bytes) -> None:
    made = current_index(registry)
    with pytest.raises(InvalidAdvisoryIndexError):
        indexes.make_current(registry, request(), stored_index(registry, content))
    assert indexes.find_current(registry) == made


def test_of_two_operators_the_one_with_the_old_etag_is_refused(registry: Services) -> None:
    made = current_index(registry)
    with pytest.raises(PreconditionFailedError):
        indexes.make_current(registry, request(if_match='"999"'), stored_index(registry, NUMPY))
    indexes.make_current(registry, request(if_match=f'"{made.revision}"'), stored_index(registry, NUMPY))


def test_an_etag_matches_no_index_that_is_not_there(registry: Services) -> None:
    with pytest.raises(PreconditionFailedError, match="There is no advisory index of PyPI"):
        indexes.make_current(registry, request(if_match='"1"'), stored_index(registry, NUMPY))
    assert indexes.find_current(registry) is None


def test_a_repeated_call_makes_one_event(registry: Services) -> None:
    given = stored_index(registry)
    first = indexes.make_current(registry, request("once"), given)
    again = indexes.make_current(registry, request("once"), given)
    assert (again.result, again.replayed) == (first.result, True)
    assert len(audit.list_events(registry, "registry", "newest", 10, None).items) == 1


def test_an_index_whose_bytes_are_gone_or_changed_is_not_matched_against(registry: Services) -> None:
    model(registry)
    requiring(registry, "torch==2.5.0")
    with pytest.raises(NoAdvisoryIndexError):
        assessing.assess_again(registry, request(), MODEL, "1")
    made = current_index(registry)
    put_object(registry, index_key("PyPI", made.sha256), b"x" * made.size)
    with pytest.raises(AdvisoryIndexLostError):
        assessing.assess_again(registry, request(), MODEL, "1")
    assert registry.table.get(keys.vulnerabilities(MODEL, 1)) is None


def test_the_content_is_read_once_for_many_versions(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    made = current_index(registry)
    reads: list[tuple[object, ...]] = []
    read = registry.advisories.read
    monkeypatch.setattr(registry.advisories, "read", lambda *asked: (reads.append(asked), read(*asked))[1])
    for _ in range(3):
        indexes.load_index(registry, made)
    assert len(reads) == 1
    other = current_index(registry, NUMPY)
    assert list(indexes.load_index(registry, other).of_package("numpy")) != []
    assert list(indexes.load_index(registry, made).of_package("numpy")) == []


def test_data_of_yesterday_does_not_replace_that_of_today(registry: Services) -> None:
    made = current_index(registry)
    yesterday = later(made.published_at, timedelta(days=-1))
    with pytest.raises(InvalidInputError, match="is before that of the current index"):
        indexes.make_current(registry, request(), stored_index(registry, NUMPY, yesterday))
    assert indexes.find_current(registry) == made
