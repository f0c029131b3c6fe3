"""Comments over HTTP."""

import pytest

from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.gateway import Caller, granted

COMMENTS = "/v1/models/fraud/comments"


def texts(caller: Caller, **query: int) -> list[str]:
    return [one["text"] for one in caller.get(COMMENTS, query=query).document["items"]]


def test_comments_are_listed_by_subject_oldest_first(admin: Caller, registry: Services) -> None:
    journey.model(admin)
    journey.ready(admin, registry)
    for _ in range(11):
        journey.version(admin)
    opened = admin.post("/v1/models/fraud/requests", {"version": 1, "to_stage": "staging"})
    assert opened.status == 201
    for number, body in enumerate([{}, {"version": 1}, {"version": 12}, {"request": 1}, {"version": 1}, {}]):
        assert admin.post(COMMENTS, {"text": f"c{number}", **body}).status == 201
    assert texts(admin) == ["c0", "c5"]
    assert texts(admin, version=1) == ["c1", "c4"]
    assert texts(admin, version=12) == ["c2"]
    assert texts(admin, request=1) == ["c3"]
    assert texts(admin, version=2) == []
    page = admin.get(COMMENTS, query={"version": 1, "limit": 1}).document
    rest = admin.get(COMMENTS, query={"version": 1, "limit": 1, "cursor": page["next_cursor"]}).document
    assert [one["text"] for one in [*page["items"], *rest["items"]]] == ["c1", "c4"]


def test_a_reply_names_the_comment_that_it_replies_to(admin: Caller) -> None:
    journey.model(admin)
    question = admin.post(COMMENTS, {"text": "Why?"}).document["id"]
    answer = admin.post(COMMENTS, {"text": "Because.", "reply_to": question})
    assert answer.document["reply_to"] == question
    assert admin.get(f"{COMMENTS}/{question}").document["text"] == "Why?"
    elsewhere = admin.post(COMMENTS, {"text": "?", "request": 1, "reply_to": question})
    assert (elsewhere.status, elsewhere.document["errors"][0]["pointer"]) == (400, "/reply_to")
    assert admin.post(COMMENTS, {"text": "?", "reply_to": "m-99"}).code == "comment_not_found"


def test_an_author_edits_and_the_event_keeps_the_former_text(admin: Caller) -> None:
    journey.model(admin)
    made = admin.post(COMMENTS, {"text": "Fisrt."})
    comment = f"{COMMENTS}/{made.document['id']}"
    edited = admin.patch(comment, {"text": "First."}, headers={"If-Match": made.etag})
    assert edited.document["text"] == "First." and edited.document["edited_at"]
    stale = admin.patch(comment, {"text": "Second."}, headers={"If-Match": made.etag})
    assert stale.code == "precondition_failed"
    event = admin.get("/v1/models/fraud/events").document["items"][0]
    assert (event["type"], event["subject"]) == ("comment.updated", made.document["id"])
    assert (event["before"], event["after"]) == ({"text": "Fisrt."}, {"text": "First."})


def test_nobody_edits_what_another_wrote(admin: Caller) -> None:
    journey.model(admin)
    ada, ben = granted(admin, "contributor", "*", "ada"), granted(admin, "maintainer", "*", "ben")
    comment = f"{COMMENTS}/{ada.post(COMMENTS, {'text': 'Mine.'}).document['id']}"
    assert ben.patch(comment, {"text": "Yours."}).code == "permission_denied"
    assert ben.get(comment).document["text"] == "Mine."


def test_a_deleted_comment_keeps_its_place_without_its_text(admin: Caller) -> None:
    journey.model(admin)
    ada, eve = granted(admin, "contributor", "*", "ada"), granted(admin, "reviewer", "*", "eve")
    ben = granted(admin, "maintainer", "*", "ben")
    first, second = (ada.post(COMMENTS, {"text": text}).document["id"] for text in ("One.", "Two."))
    assert eve.delete(f"{COMMENTS}/{first}").code == "permission_denied"
    assert ada.delete(f"{COMMENTS}/{first}").status == 204
    assert ben.delete(f"{COMMENTS}/{second}").status == 204, "a manager of the model may delete anybody's comment"
    assert ben.delete(f"{COMMENTS}/{second}").status == 204, "and once more"
    listed = admin.get(COMMENTS).document["items"]
    assert [(one["text"], one["deleted_by"]) for one in listed] == [("", "token:ada"), ("", "token:ben")]
    assert ada.patch(f"{COMMENTS}/{first}", {"text": "Again."}).code == "comment_not_found"
    assert admin.post(COMMENTS, {"text": "?", "reply_to": first}).code == "comment_not_found"
    kept = [event["before"] for event in admin.get("/v1/models/fraud/events").document["items"][:2]]
    assert kept == [{"text": "Two."}, {"text": "One."}]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": " \n"}, "invalid_input"),
        ({"text": "x" * 10_001}, "invalid_input"),
        ({"text": "x", "version": 1, "request": 1}, "invalid_input"),
        ({"text": "x", "reply_to": "x"}, "invalid_input"),
        ({"text": "x", "version": 9}, "version_not_found"),
    ],
)
def test_an_invalid_comment_is_refused(admin: Caller, body: dict[str, object], code: str) -> None:
    journey.model(admin)
    assert admin.post(COMMENTS, body).code == code
    assert texts(admin) == []


def test_comments_of_an_unknown_model_are_not_found(admin: Caller) -> None:
    assert admin.get(COMMENTS).code == "model_not_found"
    assert admin.post(COMMENTS, {"text": "x"}).code == "model_not_found"
    journey.model(admin)
    assert admin.get(f"{COMMENTS}/nothing").code == "comment_not_found"
    assert admin.get(COMMENTS, query={"version": 1, "request": 1}).code == "invalid_input"


def test_a_viewer_reads_and_a_reviewer_writes(admin: Caller) -> None:
    journey.model(admin)
    assert granted(admin, "viewer").post(COMMENTS, {"text": "x"}).status == 403
    assert granted(admin, "reviewer").post(COMMENTS, {"text": "x"}).status == 201
    assert granted(admin, "viewer").get(COMMENTS).status == 200
