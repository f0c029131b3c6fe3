"""The classification of models over HTTP: given, changed, shown, found."""

from tests.api import journey
from tests.api.gateway import Caller, granted

MODEL = "/v1/models/fraud"


def test_a_model_is_classified_when_it_is_created_and_shown_so(admin: Caller) -> None:
    created = admin.post("/v1/models", {"name": "fraud", "classification": "restricted", "personal_data": True})
    assert (created.status, created.document["classification"], created.document["personal_data"]) == (
        201,
        "restricted",
        True,
    )
    shown = admin.get(MODEL).document
    assert (shown["classification"], shown["personal_data"]) == ("restricted", True)
    (event,) = admin.get(f"{MODEL}/events").document["items"]
    assert (event["after"]["classification"], event["after"]["personal_data"]) == ("restricted", True)


def test_a_classification_is_changed_and_taken_back(admin: Caller) -> None:
    journey.model(admin)
    assert admin.get(MODEL).document["classification"] is None
    given = admin.put(f"{MODEL}/classification", {"classification": "internal", "reason": "reviewed"})
    assert (given.status, given.document) == (200, {"classification": "internal", "personal_data": False})
    assert "internal" in admin.get(f"{MODEL}/card.html").text
    event = admin.get(f"{MODEL}/events").document["items"][0]
    assert (event["type"], event["reason"]) == ("model.classified", "reviewed")
    taken = admin.put(f"{MODEL}/classification", {"classification": None, "reason": "a mistake"})
    assert taken.document == {"classification": None, "personal_data": False}


def test_a_classification_is_lowered_with_a_reason_only(admin: Caller) -> None:
    journey.model(admin)
    admin.put(f"{MODEL}/classification", {"classification": "restricted"})
    refused = admin.put(f"{MODEL}/classification", {"classification": "internal"})
    assert (refused.status, refused.document["errors"][0]["pointer"]) == (400, "/reason")
    assert admin.get(MODEL).document["classification"] == "restricted"


def test_personal_data_comes_with_a_level(admin: Caller) -> None:
    journey.model(admin)
    refused = admin.put(f"{MODEL}/classification", {"personal_data": True})
    assert (refused.status, refused.document["errors"][0]["pointer"]) == (400, "/personal_data")
    assert admin.post("/v1/models", {"name": "churn", "personal_data": True}).status == 400
    assert admin.put(f"{MODEL}/classification", {"classification": "secret"}).status == 400


def test_only_who_may_manage_a_model_classifies_it(admin: Caller) -> None:
    journey.model(admin)
    refused = granted(admin, "contributor").put(f"{MODEL}/classification", {"classification": "public"})
    assert (refused.status, refused.code) == (403, "permission_denied")


def test_models_are_found_by_their_classification(admin: Caller) -> None:
    for name, body in (("a", {"classification": "public"}), ("b", {"classification": "restricted"}), ("c", {})):
        admin.post("/v1/models", {"name": name, **body, "personal_data": name == "b"})
    for text, names in (
        ("classification = 'restricted'", ["b"]),
        ("classification IS NULL", ["c"]),
        ("personal_data = TRUE", ["b"]),
    ):
        found = admin.get("/v1/search/models", query={"filter": text})
        assert found.status == 200, found.text
        assert [one["name"] for one in found.document["items"]] == names
