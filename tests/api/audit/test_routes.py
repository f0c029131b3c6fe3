"""The audit trail over HTTP: events, ledgers and anchors."""

import pytest

from chalicelib.aws.services import Services
from chalicelib.registry.audit.anchors import anchor_ledgers
from tests.api import journey
from tests.api.gateway import Caller, granted
from tests.api.paging import every_item
from tests.registry import build


def test_an_auditor_lists_every_ledger_with_its_head(registry: Services, admin: Caller) -> None:
    for name in ("fraud", "churn", "spam"):
        build.model(registry, name)
    auditor = granted(admin, "auditor")
    found = every_item(auditor, "/v1/audit/ledgers", 2)
    assert {ledger["ledger"] for ledger in found} == {"model:fraud", "model:churn", "model:spam", "registry"}
    (fraud,) = [ledger for ledger in found if ledger["ledger"] == "model:fraud"]
    event = auditor.get("/v1/models/fraud/events").document["items"][0]
    assert (fraud["sequence"], fraud["hash"]) == (event["sequence"], event["hash"])


def test_anchors_are_listed_oldest_first_and_downloaded_by_url(registry: Services, admin: Caller) -> None:
    for occasion in ("a", "b", "c"):
        anchor_ledgers(registry, occasion)
    assert [anchor["number"] for anchor in every_item(admin, "/v1/audit/anchors", 2)] == [1, 2, 3]
    link = admin.get("/v1/audit/anchors/2").document
    assert link["number"] == 2
    assert "anchors/000000002.json" in link["url"] and "X-Amz-Signature" in link["url"]


@pytest.mark.parametrize(
    ("number", "code"),
    [("9", "anchor_not_found"), ("0", "invalid_name"), ("x", "invalid_name"), ("9" * 5_000, "invalid_name")],
)
def test_an_unknown_anchor_is_refused(admin: Caller, number: str, code: str) -> None:
    assert admin.get(f"/v1/audit/anchors/{number}").code == code


def test_the_chain_of_a_model_verifies(admin: Caller, registry: Services) -> None:
    journey.model(admin)
    journey.ready(admin, registry)
    found = admin.get("/v1/models/fraud/events/verify").document
    assert (found["intact"], found["complete"], found["checked"]) == (True, True, 3)
    types = [event["type"] for event in admin.get("/v1/models/fraud/events").document["items"]]
    assert types == ["version.ready", "version.created", "model.created"]
