"""Model cards over HTTP."""

import json

from tests.api import journey
from tests.api.gateway import Caller, granted

CARD = "/v1/models/fraud/card"


def test_a_card_begins_empty_and_keeps_every_revision(admin: Caller) -> None:
    journey.model(admin)
    empty = admin.get(CARD)
    assert (empty.document["revision"], empty.document["sections"], empty.etag) == (0, {}, '"0"')
    first = admin.put(CARD, {"sections": {"factors": "Age."}, "fields": {"license": "mit", "tags": ["risk"]}})
    assert (first.status, first.document["revision"], first.etag) == (200, 1, '"1"')
    second = admin.patch(CARD, {"sections": {"metrics": "AUC.", "factors": None}})
    assert second.document["sections"] == {"metrics": "AUC."}
    assert second.document["fields"] == {"license": "mit", "tags": ["risk"]}
    third = admin.put(CARD, {"sections": {"metrics": "AUC."}})
    assert third.document["fields"] == {}
    assert admin.get(CARD).document == third.document
    assert admin.get(CARD, query={"revision": 1}).document == first.document
    listed = admin.get(f"{CARD}/revisions").document["items"]
    assert [(one["revision"], one["changed"]) for one in listed] == [
        (3, ["fields/license", "fields/tags"]),
        (2, ["sections/factors", "sections/metrics"]),
        (1, ["sections/factors", "fields/license", "fields/tags"]),
    ]
    assert [one["digest"] for one in listed] == [reply.document["digest"] for reply in (third, second, first)]


def test_revisions_are_paged(admin: Caller) -> None:
    journey.model(admin)
    for number in range(3):
        admin.patch(CARD, {"sections": {"factors": f"Text {number}."}})
    page = admin.get(f"{CARD}/revisions", query={"limit": 2}).document
    rest = admin.get(f"{CARD}/revisions", query={"limit": 2, "cursor": page["next_cursor"]}).document
    assert [one["revision"] for one in [*page["items"], *rest["items"]]] == [3, 2, 1]


def test_a_write_on_a_stale_card_is_refused(admin: Caller) -> None:
    journey.model(admin)
    sections = {"sections": {"factors": "Age."}}
    assert admin.put(CARD, sections, headers={"If-Match": '"0"'}).status == 200
    for write in (admin.put, admin.patch):
        stale = write(CARD, {"sections": {"factors": "Income."}}, headers={"If-Match": '"0"'})
        assert (stale.status, stale.code) == (412, "precondition_failed")
    assert admin.get(CARD).document["sections"] == {"factors": "Age."}


def test_writing_an_unchanged_card_makes_no_revision(admin: Caller) -> None:
    journey.model(admin)
    for _ in range(2):
        assert admin.put(CARD, {"sections": {"factors": "Age.\n"}}).document["revision"] == 1


def test_an_invalid_card_is_refused_with_the_place_of_the_fault(admin: Caller) -> None:
    journey.model(admin)
    for body, pointer in [
        ({"sections": {"colour": "red"}}, "/sections/colour"),
        ({"sections": {}, "fields": {"tags": "one"}}, "/fields/tags"),
        ({"sections": {}, "fields": {"extra": {"license": "mit"}}}, "/fields/extra/license"),
        ({"sections": {"factors": "x" * 50_001}}, "/sections/factors"),
        ({"fields": {}}, "/sections"),
    ]:
        refused = admin.put(CARD, body)
        assert (refused.status, refused.document["errors"][0]["pointer"]) == (400, pointer)
    large = dict.fromkeys(("factors", "metrics", "model_details"), "x" * 40000)
    assert admin.put(CARD, {"sections": large}).code == "too_large"


def test_the_largest_card_is_kept(admin: Caller) -> None:
    journey.model(admin)
    # DynamoDB counts bytes; each character has four.
    text = "\U0001f600" * 49_900
    body = json.dumps({"sections": {"factors": text, "metrics": text}}, ensure_ascii=False).encode()
    written = admin.put(CARD, raw=body, headers={"Content-Type": "application/json"})
    assert written.status == 200, written.text
    assert admin.get(CARD, query={"revision": 1}).document["sections"]["metrics"] == text


def test_a_card_of_an_unknown_model_is_not_found(admin: Caller) -> None:
    assert admin.get(CARD).code == "model_not_found"
    assert admin.get(f"{CARD}/revisions").code == "model_not_found"
    assert admin.put(CARD, {"sections": {}}).code == "model_not_found"
    journey.model(admin)
    assert admin.get(CARD, query={"revision": 1}).code == "card_revision_not_found"


def test_a_reader_may_not_write_a_card(admin: Caller) -> None:
    journey.model(admin)
    viewer = granted(admin, "viewer")
    assert viewer.get(CARD).status == 200
    assert viewer.put(CARD, {"sections": {}}).status == 403
    assert granted(admin, "contributor").patch(CARD, {"sections": {"factors": "Age."}}).status == 200
