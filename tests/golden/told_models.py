"""The story of the models: versions in every state, governance, documentation."""

from datetime import timedelta

import pytest

from chalicelib.aws.signing.signing_key import PemKey
from chalicelib.domain.audit.usage import MANIFEST, Use
from chalicelib.domain.instants import later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.scanning.findings import Opinion, scanned
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.registry.audit.use_counts import count_uses
from chalicelib.registry.ledger.outbox import redeliver_overdue
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.promotion import requests
from chalicelib.registry.signing import statements
from chalicelib.registry.signing.signing import sign_event
from tests.aws.signing.keys import FIXED_KEY, private_pem, public_pem
from tests.domain.scanning.findings import FOUND
from tests.golden.story import FILE, LARGE_FILE, REFERENCE, WEIGHTS, Story
from tests.registry.build import request, sha256
from tests.registry.scanning.states import finish, scanning
from tests.registry.signing.build import by_key

_DESCRIBED = {
    "label": "1.0.0",
    "description": "Gradient boosting.",
    "tags": {"team": "risk", "ok": "yes"},
    "metadata": {"ticket": {"id": 7, "links": ["https://tickets.example/7"]}},
    "parameters": {"depth": 6, "rate": 0.05, "dropout": False, "loss": "logistic"},
    "metrics": {"auc": 0.91, "latency_ms": 12, "loss": 1e-300},
    "provenance": {
        "author": "ben",
        "run": {"id": "run-17", "url": "https://tracker.example/run-17"},
        "datasets": [{"name": "transactions", "version": "2025-12", "digest": "d1"}],
        "source": {"repository": "https://git.example/fraud", "commit": "0a1b2c3"},
        "runtime": {"python": "3.11", "requirements": ["scikit-learn==1.9.1"]},
    },
    "framework": {"name": "sklearn", "version": "1.9.1"},
    "signature": {"inputs": [{"name": "amount", "type": "double"}], "outputs": [{"type": "double"}]},
}
_LIVE = "models/fraud/versions/2"
_REVIEWED = {
    "description": "Into use by review.",
    "initial": "draft",
    "archive": "gone",
    "stages": [
        {"name": "draft", "description": "Not yet reviewed."},
        {"name": "live", "exclusive": True, "on_enter": {"aliases": ["champion"]}},
        {"name": "gone", "terminal": True},
    ],
    "transitions": [
        {
            "from": "draft",
            "to": "live",
            "execution": "manual",
            "gates": [
                {"name": "auc", "kind": "metric", "metric": "auc", "at_least": 0.5},
                {"name": "ok", "kind": "condition", "expression": "tags.ok == 'yes'"},
                {"name": "better", "kind": "compare", "metric": "auc", "stage": "live"},
                {"name": "ci", "kind": "check", "check": "ci", "max_age_days": 30, "tiers": ["high"]},
                {"name": "scan", "kind": "scan", "tiers": ["high"]},
                {"name": "card", "kind": "documentation", "sections": ["factors"], "tiers": ["high"]},
                {"name": "origin", "kind": "provenance", "fields": ["author"], "tiers": ["high"]},
                {"name": "holdout", "kind": "evaluation", "evaluation": "holdout", "tiers": ["high"]},
            ],
            "approvals": [{"count": 1, "roles": ["reviewer"]}, {"count": 1, "groups": ["risk"]}],
        },
        {"from": ["draft", "live"], "to": "gone"},
    ],
    "rollback": {"allowed": True, "reason_required": True},
}


def past(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first month: versions are purged, a request expires, events reach the bus."""
    _schemes(story)
    _retired(story)
    _reviewed(story)
    story.wait(days=1)
    sweep_due(story.registry, "sweep-1")
    story.call("DELETE", "models/retired/versions/3")
    story.call("DELETE", "models/retired/versions/4")
    story.call("PUT", "models/retired/versions/4/hold", {"reason": "case 7"})
    story.wait(days=30, hours=-1)
    sweep_due(story.registry, "sweep-2")
    story.wait(hours=2)
    _begin_to_purge(story, monkeypatch)
    redeliver_overdue(story.registry, story.now)


def present(story: Story) -> None:
    """The last days, up to the dump."""
    _fraud(story)
    story.wait(days=2)
    _evidence(story)
    _card(story)
    _comments(story)
    _usage(story)
    _open_requests(story)
    _frozen(story)
    _scanned(story)
    _gone(story)
    _many_files(story)
    story.pending("fraud", label="2.0.0", files=[LARGE_FILE])


def _schemes(story: Story) -> None:
    story.call("PUT", "schemes/reviewed", {**_REVIEWED, "description": "A first draft."})
    story.call("PUT", "schemes/reviewed", _REVIEWED)


def _retired(story: Story) -> None:
    """Version 1 will expire, 2 be purged, 3 be caught while purging, 4 be held."""
    story.model("retired")
    story.pending("retired", label="0.1.0")
    for number in (2, 3, 4):
        story.ready("retired", label=f"0.{number}.0")
    story.call("DELETE", "models/retired/versions/2")


def _begin_to_purge(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start a purge that cannot finish: S3 still has bytes of the version."""
    with monkeypatch.context() as patched:
        patched.setattr(story.registry.bucket, "delete_version", lambda uid: None)
        sweep_due(story.registry, "sweep-3")


def _reviewed(story: Story) -> None:
    """A model with requests, each closed in another way."""
    story.model("reviewed")
    story.call("PUT", "models/reviewed/scheme", {"scheme": "reviewed", "version": 1})
    story.call("PUT", "models/reviewed/scheme", {"scheme": "reviewed"})
    story.call("PUT", "models/reviewed/tier", {"tier": "medium"})
    for auc in (0.8, 0.85, 0.9, 0.95):
        story.ready("reviewed", metrics={"auc": auc}, tags={"ok": "yes"})
    _ask(story, 1, reason="ready", reviewers=["token:cy", "token:dan"])
    story.call("POST", "models/reviewed/requests/1/approve", {"reason": "looks fine"}, by="cy")
    story.call("POST", "models/reviewed/requests/1/approve", by="dan")
    story.call("POST", "models/reviewed/requests/1/execute", {"reason": "go"})
    _ask(story, 2)
    story.call("POST", "models/reviewed/requests/2/withdraw", {"reason": "not yet"}, by="ben")
    _ask(story, 2, due_at="2026-01-05T20:00:00Z")
    _ask(story, 3)
    story.call("POST", "models/reviewed/requests/4/reject", {"reason": "no card"}, by="cy")
    story.call("POST", "models/reviewed/versions/3/override", {"to_stage": "live", "reason": "outage"})
    story.call("POST", "models/reviewed/stages/live/rollback", {"reason": "worse after all"})


def _ask(story: Story, version: int, **more: object) -> None:
    story.call("POST", "models/reviewed/requests", {"version": version, "to_stage": "live", **more}, by="ben")


def _open_requests(story: Story) -> None:
    """Two open requests: one with a due time and a void vote, one rejected."""
    _ask(story, 4, reason="once more", due_at="2026-06-01T00:00:00Z")
    story.call("POST", "models/reviewed/requests/5/approve", by="cy")
    story.call("PATCH", "models/reviewed/versions/4", {"tags": {"ok": "no"}})
    requests.void_votes(story.registry, request(), "reviewed", 5)
    _ask(story, 2)
    story.call("POST", "models/reviewed/requests/6/reject", {"reason": "not yet"}, by="dan")
    story.call("POST", "models/reviewed/comments", {"request": 5, "text": "What changed?"}, by="cy")


def _fraud(story: Story) -> None:
    """The model with the most kinds of items."""
    story.model("fraud", description="Card fraud.", owner="risk", tags={"team": "risk"}, metadata={"cost": 1})
    story.ready("fraud", **_DESCRIBED, files=[FILE, LARGE_FILE], references=[REFERENCE])
    story.ready("fraud", label="1.1.0", metrics={"auc": 0.93}, tags={"team": "risk"}, parameters={"depth": 8})
    story.ready("fraud", label="1.2.0-rc.1", metrics={"auc": 0.95}, framework={"name": "xgboost"})
    for _ in (4, 5):
        story.ready("fraud")
    for number in (1, 2):
        story.call("POST", f"models/fraud/versions/{number}/transitions", {"to_stage": "production", "reason": "ship"})
        story.call("PUT", "models/fraud/aliases/champion", {"version": number, "reason": "better"})
    story.call("PUT", "models/fraud/aliases/champion/protection", {"protected": True})
    story.call("PUT", "models/fraud/aliases/canary", {"version": 3, "expected_version": None})
    story.call("PUT", "models/fraud/challenger", {"version": 3, "reason": "promising"})
    story.call("PUT", "models/fraud/aliases/old", {"version": 1})
    story.call("DELETE", "models/fraud/aliases/old")
    story.call("POST", "models/fraud/versions/3/transitions", {"to_stage": "staging", "expected_stage": "development"})
    story.call("PUT", "models/fraud/versions/1/hold", {"reason": "case 8"})
    for number in (4, 5):
        story.call("DELETE", f"models/fraud/versions/{number}")
    story.call("POST", "models/fraud/versions/5/restore", {"reason": "needed after all"})
    story.call("PUT", "models/fraud/promotion-rule", {"metric": "auc", "to_stage": "staging", "at_least": 0.99})
    story.call("PUT", "models/fraud/retention", {"never_promoted_after_days": 1, "archived_after_days": 30})
    story.call("PATCH", "models/fraud", {"owner": "risk-team"})


def _evidence(story: Story) -> None:
    ci = {"evidence": "https://ci.example/42", "details": "All green."}
    story.call("PUT", f"{_LIVE}/checks/ci", {"passed": True, "expires_in_days": 30, **ci})
    story.call("PUT", f"{_LIVE}/checks/fairness", {"passed": False})
    story.call("PUT", f"{_LIVE}/checks/scan", {"passed": True, "expires_at": "2026-02-07T13:00:00Z"})
    # Two that were opened: one that is still awaited when it is read, and one that had passed before.
    story.call("POST", f"{_LIVE}/checks/load/open", {"due_at": "2026-03-01T00:00:00Z"})
    story.call("POST", f"{_LIVE}/checks/fairness/open", {"due_in_minutes": 1, "link": "https://ci.example/43"})
    slices = [{"group": {"country": "FR", "new": True}, "metrics": {"auc": 0.9}}]
    holdout = {"kind": "offline", "metrics": {"auc": 0.93}, "slices": slices, "dataset": {"name": "holdout"}}
    story.call("PUT", f"{_LIVE}/evaluations/holdout", holdout)
    story.call("PUT", f"{_LIVE}/evaluations/load", {"kind": "system", "metrics": {"p99_ms": 40}})
    recall = {"value": 0.9, "n": 1_000, "successes": 900, "direction": "up"}
    counted = {"group": {"country": "FR"}, "counts": {"tp": 40, "fp": 5, "fn": 4, "tn": 51}}
    measured = {"kind": "offline", "metrics": {"recall": recall}, "slices": [counted]}
    story.call("PUT", f"{_LIVE}/evaluations/measured", measured)
    plot = {"size": len(WEIGHTS), "sha256": sha256(WEIGHTS), "evaluation": "measured"}
    for name in ("roc.png", "withdrawn.png"):
        upload = story.call("POST", f"{_LIVE}/evidence-files/{name}/upload", plot)
        story.put_object(upload["url"], WEIGHTS)
        story.call("POST", f"{_LIVE}/evidence-files/{name}/finalise", {"id": upload["id"]})
    story.call("DELETE", f"{_LIVE}/evidence-files/withdrawn.png")
    story.call("PUT", "signers/ci", {"public_key": public_pem(FIXED_KEY), "description": "The pipeline."})
    story.call("PUT", f"{_LIVE}/signatures/build", by_key(FIXED_KEY))
    story.registry.model_signing_key = PemKey(lambda: private_pem(FIXED_KEY))
    sign_event(story.registry, {"id": "ready", "model": "fraud", "version": 2})
    for event in story.call("GET", "models/fraud/events", query={"order": "oldest", "limit": 100})["items"]:
        if event["type"] in event_types.MOVES:
            statements.sign_event(story.registry, event)
    online = {"kind": "online", "metrics": {"auc": 0.89}, "measured_at": "2026-02-01T00:00:00Z"}
    story.call("PUT", "models/fraud/versions/3/evaluations/holdout", online)
    story.call("PUT", f"{_LIVE}/lock", {"reason": "audited"})


def _card(story: Story) -> None:
    story.call("PATCH", "models/fraud/card", {"sections": {"factors": "Age and country."}})
    fields = {"license": "mit", "language": ["en"], "extra": {"co2": 3}}
    sections = {"intended_use": "Card payments.", "metrics": "AUC, by *country*."}
    story.call("PATCH", "models/fraud/card", {"sections": sections, "fields": fields})


def _comments(story: Story) -> None:
    asked = story.call("POST", "models/fraud/comments", {"text": "Why?"}, by="cy")
    story.call("POST", "models/fraud/comments", {"text": "Because.", "reply_to": asked["id"]}, by="ben")
    edited = story.call("POST", "models/fraud/comments", {"text": "Slow?", "version": 2}, by="dan")
    story.call("PATCH", f"models/fraud/comments/{edited['id']}", {"text": "Is it slow?"}, by="dan")
    deleted = story.call("POST", "models/fraud/comments", {"text": "Oops.", "version": 2}, by="ben")
    story.call("DELETE", f"models/fraud/comments/{deleted['id']}", by="ben")
    story.ids["comment"] = edited["id"]


def _usage(story: Story) -> None:
    used = [Use("fraud", 2, "token:serving", MANIFEST, story.now, alias) for alias in ("champion", None)]
    count_uses(story.registry, [*used, Use("fraud", 1, "token:ci", MANIFEST, story.now)], ["line-1"])


def _frozen(story: Story) -> None:
    story.model("frozen", tags={"team": "growth"})
    for number in (1, 2):
        story.ready("frozen", metrics={"auc": 0.6 + number / 100}, tags={"team": "growth"})
        story.call("POST", f"models/frozen/versions/{number}/transitions", {"to_stage": "production"})
    story.call("PUT", "models/frozen/retention", {"archived_after_days": 90, "keep_last": 3})
    story.call("PUT", "models/frozen/freeze", {"reason": "incident"})


def _scanned(story: Story) -> None:
    """Versions whose scans are done and pending, one of them released, one with a second opinion."""
    story.model("scanned")
    with scanning(story.registry):
        for _ in range(4):
            story.ready("scanned")
        opinion = Opinion("other 1", scanned({"weights.bin": FOUND[Verdict.REVIEW]}))
        finish(story.registry, Verdict.CLEAN, 4, model="scanned", path="weights.bin", opinion=opinion)
        for number, verdict in ((1, Verdict.CLEAN), (2, Verdict.UNSAFE)):
            finish(story.registry, verdict, number, model="scanned", path="weights.bin")
            story.call("PUT", f"models/scanned/aliases/scanned-{number}", {"version": number})
        story.call("POST", "models/scanned/versions/1/scan")
    released = {"reason": "incident 7", "expires_at": later(story.now, timedelta(days=60))}
    story.call("PUT", "models/scanned/versions/2/scan/release", released)


def _many_files(story: Story) -> None:
    """A list of files that is too long for one item."""
    story.model("sharded")
    references = [{**REFERENCE, "path": f"shards/{number:05d}.parquet"} for number in range(120)]
    story.call("POST", "models/sharded/versions", {"references": references})
    story.call("POST", "models/sharded/versions/1/finalise", {})
    story.call("PUT", "models/sharded/aliases/champion", {"version": 1})


def _gone(story: Story) -> None:
    """A deleted model. Its ledger stays."""
    story.model("gone")
    story.call("DELETE", "models/gone")
