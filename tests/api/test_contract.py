"""The contract over HTTP: committed events have the published form."""

from datetime import timedelta

import jsonschema

from chalicelib.aws.services import Services
from chalicelib.domain.instants import later
from chalicelib.domain.ledger import event_types
from tests.api import journey
from tests.api.gateway import Caller, granted
from tests.api.sessions.browser import Browser
from tests.conftest import ADMIN_TOKEN
from tests.domain.schemes.documents import document
from tests.registry.scanning.states import quarantined


def test_the_event_schema_knows_every_type_and_is_a_schema(nobody: Caller) -> None:
    schema = nobody.get("/v1/schemas/event.json").document
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]["type"]["enum"]) == set(event_types.ALL)


def test_committed_events_have_the_published_form(admin: Caller, registry: Services) -> None:
    journey.model(admin)
    rule = {"metric": "auc", "to_stage": "staging", "at_least": 0.5}
    assert admin.put("/v1/models/fraud/promotion-rule", rule).status == 200
    assert admin.delete("/v1/models/fraud/promotion-rule").status == 204
    journey.ready(admin, registry)
    admin.patch("/v1/models/fraud", {"owner": "a"})
    admin.patch("/v1/models/fraud/versions/1", {"description": "b"})
    admin.put("/v1/models/fraud/aliases/champion", {"version": 1})
    for protected in (True, False):
        admin.put("/v1/models/fraud/aliases/champion/protection", {"protected": protected})
    for _ in ("opened", "extended"):
        assert admin.post("/v1/models/fraud/versions/1/checks/ci/open", {}).status == 200
    for report, body in (("checks/ci", {"passed": True}), ("evaluations/e", {"kind": "system", "metrics": {"a": 1}})):
        admin.put(f"/v1/models/fraud/versions/1/{report}", body)
        admin.delete(f"/v1/models/fraud/versions/1/{report}")
    for outcome in ("promote", "retire"):
        admin.put("/v1/models/fraud/challenger", {"version": 1})
        admin.post(f"/v1/models/fraud/challenger/{outcome}")
    admin.delete("/v1/models/fraud/aliases/champion")
    admin.put("/v1/models/fraud/card", {"sections": {"factors": "Age."}, "fields": {"license": "mit"}})
    comment = admin.post("/v1/models/fraud/comments", {"text": "Why?", "version": 1}).document["id"]
    admin.patch(f"/v1/models/fraud/comments/{comment}", {"text": "Why not?"})
    admin.delete(f"/v1/models/fraud/comments/{comment}")
    admin.post("/v1/models/fraud/versions/1/transitions", {"to_stage": "archived"})
    quarantined(registry, 1)
    broken = {"reason": "incident 7", "expires_at": later(registry.clock(), timedelta(days=1))}
    assert admin.put("/v1/models/fraud/versions/1/scan/release", broken).status == 200
    admin.delete("/v1/models/fraud/versions/1/scan/release")
    for path in ("freeze", "versions/1/lock", "versions/1/hold"):
        assert admin.put(f"/v1/models/fraud/{path}", {"reason": "incident"}).status == 200
        assert admin.delete(f"/v1/models/fraud/{path}").status == 204
    assert admin.put("/v1/models/fraud/retention", {"archived_after_days": 30}).status == 200
    assert admin.delete("/v1/models/fraud/retention").status == 204
    admin.delete("/v1/models/fraud/versions/1")
    assert admin.post("/v1/models/fraud/versions/1/restore").status == 200
    admin.delete("/v1/models/fraud/versions/1")
    admin.delete("/v1/models/fraud")
    admin.put("/v1/schemes/own", {key: value for key, value in document().items() if key != "name"})
    admin.put("/v1/default-scheme", {"scheme": "own"})
    journey.model(admin, "churn")
    journey.ready(admin, registry, "churn")
    admin.put("/v1/models/churn/tier", {"tier": "high"})
    admin.put("/v1/models/churn/classification", {"classification": "internal"})
    reviewer = granted(admin, "reviewer")
    ask = {"version": 1, "to_stage": "live"}
    assert admin.post("/v1/models/churn/requests", ask).status == 201
    assert reviewer.post("/v1/models/churn/requests/1/approve").status == 200
    assert admin.post("/v1/models/churn/requests/1/withdraw").status == 200
    assert admin.post("/v1/models/churn/versions/1/override", {"to_stage": "live", "reason": "x"}).status == 200
    assert admin.put("/v1/models/churn/scheme", {"scheme": "own", "version": 1}).status == 200
    granted(admin, "viewer")
    Browser().sign_in(ADMIN_TOKEN)
    session = admin.get("/v1/sessions").document["items"][0]["id"]
    assert admin.delete(f"/v1/sessions/{session}").status == 204
    token = admin.get("/v1/tokens").document["items"][0]["id"]
    assert admin.post(f"/v1/tokens/{token}/rotate", {"grace_seconds": 60}).status == 200
    admin.delete(f"/v1/tokens/{token}")
    assert admin.put("/v1/roles/curator", {"actions": ["read", "annotate"]}).status == 200
    given = admin.put("/v1/grants", {"subject": "group:risk", "grants": [{"role": "curator", "models": "*"}]})
    assert admin.delete(f"/v1/grants/{given.document['id']}").status == 204
    arns = ["arn:aws:iam::123456789012:role/deploy"]
    trusted = {"kind": "iam", "arns": arns, "grants": [{"role": "viewer", "models": "*"}]}
    assert admin.put("/v1/trust/deployers", trusted).status == 200
    assert admin.delete("/v1/trust/deployers").status == 204
    assert admin.delete("/v1/roles/curator").status == 204
    assert admin.post("/v1/schedules", {"name": "nightly", "when": {"cron": "@daily"}}).status == 201
    assert admin.patch("/v1/schedules/nightly", {"enabled": False}).status == 200
    assert admin.post("/v1/schedules/nightly/fire").status == 200
    assert admin.delete("/v1/schedules/nightly").status == 204
    events = [
        *admin.get("/v1/models/fraud/events?limit=100").document["items"],
        *admin.get("/v1/models/churn/events?limit=100").document["items"],
        *admin.get("/v1/events").document["items"],
    ]
    validator = jsonschema.Draft202012Validator(admin.get("/v1/schemas/event.json").document)
    for event in events:
        validator.validate(event)
    # The keeper, the promoter and webhooks make the other types of events. These calls make every remaining type.
    elsewhere = {"version.expired", "version.purge_started", "version.purged"}
    elsewhere |= {"request.votes_voided", "request.expired"}
    elsewhere |= {"webhook.created", "webhook.updated", "webhook.deleted", "webhook.disabled"}
    # tests/registry/schedules
    elsewhere |= {"request.reminded", "schedule.finished"}
    # tests/api/deployments/test_routes.py
    elsewhere |= {event for event in event_types.ALL if event.startswith(("deployment.", "target."))}
    # tests/reactions/monitoring/test_story.py
    elsewhere |= {event for event in event_types.ALL if event.startswith("monitor.")}
    # tests/api/openlineage/test_routes.py
    elsewhere |= {"lineage.stated", "lineage.unstated", "registry.lineage_stated", "registry.lineage_unstated"}
    # tests/reactions/lifecycle/test_patrol.py
    elsewhere |= {"model.state_differs", "registry.state_differs"}
    # tests/api/evidence/test_evidence_file_routes.py
    elsewhere |= {"evidence_file.attached", "evidence_file.withdrawn"}
    # tests/api/evidence/test_attestation_routes.py
    elsewhere |= {"attestation.recorded", "attestation.withdrawn"}
    # tests/registry/vulnerabilities
    elsewhere |= {event for event in event_types.ALL if event.startswith(("vulnerability.", "advisories."))}
    # tests/registry/signing
    elsewhere |= {"statement.signed", "version.signed", "signer.saved", "signer.deleted"}
    assert {event["type"] for event in events} == event_types.ALL - elsewhere
