"""Anchors are stored once under their number, and found in order."""

from typing import Any

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from chalicelib.aws.audit.anchor_store import AnchorStore
from chalicelib.aws.services import Services
from tests.simulation import put_at_once


@pytest.fixture
def anchors(registry: Services) -> AnchorStore:
    return registry.anchors


def test_a_number_that_is_taken_is_refused_and_its_anchor_stays(anchors: AnchorStore) -> None:
    assert anchors.write(1, b"first")
    assert not anchors.write(1, b"second")
    assert anchors.read(1) == b"first"


@pytest.mark.parametrize(
    ("code", "refused"), [("PreconditionFailed", True), ("ConditionalRequestConflict", True), ("AccessDenied", False)]
)
def test_only_a_lost_race_counts_as_a_number_that_is_taken(
    registry: Services, anchors: AnchorStore, code: str, refused: bool
) -> None:
    def fail(**_: Any) -> None:
        raise ClientError({"Error": {"Code": code, "Message": ""}}, "PutObject")

    registry.client("s3").meta.events.register("before-call.s3.PutObject", fail)
    if refused:
        assert not anchors.write(1, b"content")
    else:
        with pytest.raises(ClientError):
            anchors.write(1, b"content")


def test_an_anchor_exists_once_it_is_written(anchors: AnchorStore) -> None:
    assert not anchors.exists(1)
    anchors.write(1, b"content")
    assert anchors.exists(1) and not anchors.exists(2)


def test_a_missing_bucket_is_an_error_not_a_missing_anchor(registry: Services) -> None:
    with pytest.raises(ClientError):
        AnchorStore(registry.client("s3"), "another").list(10)


def test_anchors_are_listed_in_order_page_by_page(anchors: AnchorStore) -> None:
    for number in (1, 2, 9, 10):
        anchors.write(number, b"x" * number)
    page, more = anchors.list(3)
    assert ([(anchor.number, anchor.size) for anchor in page], more) == ([(1, 1), (2, 2), (9, 9)], True)
    page, more = anchors.list(3, after=9)
    assert ([anchor.number for anchor in page], more) == ([10], False)


def test_other_objects_in_the_bucket_are_not_anchors(registry: Services, anchors: AnchorStore) -> None:
    anchors.write(7, b"content")
    for key in ("anchors/notes.txt", "anchors/12.json", "anchors/000000009.json.bak"):
        boto3.client("s3").put_object(Bucket=anchors.name, Key=key, Body=b"", ChecksumAlgorithm="SHA256")
    assert [anchor.number for anchor in anchors.list(10)[0]] == [7]
    assert anchors.last() == 7


def test_the_last_of_more_anchors_than_one_page_is_found(anchors: AnchorStore) -> None:
    assert anchors.last() == 0
    for number in range(1, 1_002):
        put_at_once(anchors.name, f"anchors/{number:09d}.json")
    assert anchors.last() == 1_001


def test_a_signed_url_gives_the_anchor(anchors: AnchorStore) -> None:
    anchors.write(1, b"content")
    assert requests.get(anchors.sign_get(1, 60), timeout=5).content == b"content"
