"""The calls about evidence, documentation, schemes, requests, restrictions and retention."""

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any, Final

from chalicelib.domain.instants import later
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.registry.audit import audit
from tests.aws.signing.keys import FIXED_KEY, public_pem
from tests.golden.story import FILE
from tests.golden.told_vulnerabilities import bring
from tests.registry.scanning.states import finish, scanning
from tests.registry.signing.build import by_key
from tests.registry.signing.keys import state
from tools.reference.http.exchange import Told

_SCHEME: Final[dict[str, Any]] = {
    "description": "One reviewer approves what goes to production.",
    "initial": "development",
    "archive": "archived",
    "stages": [
        {"name": "development"},
        {"name": "staging"},
        {"name": "production", "exclusive": True, "protected": True, "on_enter": {"aliases": ["champion"]}},
        {"name": "archived"},
    ],
    "transitions": [
        {"from": "development", "to": "staging"},
        {
            "from": ["staging", "archived"],
            "to": "production",
            "gates": [{"name": "auc", "kind": "metric", "metric": "auc", "at_least": 0.9}],
            "approvals": [{"count": 1, "roles": ["reviewer"]}],
            "execution": "manual",
        },
        {"from": ["development", "staging", "production"], "to": "archived"},
    ],
    "rollback": {"allowed": True, "reason_required": True},
}
_BOM: Final = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.7",
    "components": [
        {
            "type": "machine-learning-model",
            "name": "fraud",
            "modelCard": {"considerations": {"technicalLimitations": ["Card payments only."]}},
        }
    ],
}
_STATEMENT: Final = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [{"name": FILE["path"], "digest": {"sha256": FILE["sha256"]}}],
    "predicateType": "https://slsa.dev/provenance/v1",
    "predicate": {},
}
_ENVELOPE: Final = {
    "payloadType": "application/vnd.in-toto+json",
    "payload": base64.b64encode(json.dumps(_STATEMENT).encode()).decode(),
    "signatures": [{"keyid": "ci", "sig": base64.b64encode(b"signature").decode()}],
}


def proven(story: Told) -> None:
    """Checks, evaluations and attestations of a version, and versions side by side."""
    version = "models/fraud/versions/2"
    check = {"passed": True, "evidence": "https://ci.example.com/runs/42", "expires_in_days": 30}
    run = {"link": "https://ci.example.com/runs/42", "due_in_minutes": 90}
    story.call("POST", f"{version}/checks/ci/open", run, by="ben")
    story.call("PUT", f"{version}/checks/ci", check, by="ben")
    story.call("PUT", f"{version}/checks/scan", {"passed": True}, by="ben")
    story.get(f"{version}/checks")
    story.call("DELETE", f"{version}/checks/scan")
    evaluation = {
        "kind": "offline",
        "metrics": {"auc": 0.95},
        "dataset": {"name": "payments", "version": "2026-01"},
        "slices": [{"group": {"country": "de"}, "metrics": {"auc": 0.94}}],
    }
    story.call("PUT", f"{version}/evaluations/holdout", evaluation, by="ben")
    story.call("PUT", f"{version}/evaluations/old", evaluation, by="ben")
    story.get(f"{version}/evaluations")
    story.call("DELETE", f"{version}/evaluations/old")
    story.get(f"{version}/evaluations/old/history")
    story.get("models/fraud/evaluations/holdout/series", metrics="auc")
    _attached(story, version)
    story.call("PUT", f"{version}/attestations/slsa", _ENVELOPE, by="ben")
    story.get(f"{version}/attestations")
    story.get(f"{version}/attestations/slsa")
    story.call("DELETE", f"{version}/attestations/slsa")
    _signed(story, version)
    story.get("models/fraud/compare", versions="3,@champion")


def vulnerable(story: Told) -> None:
    """Advisories, what they know of a version, and what is stated about it."""
    version = "models/fraud/versions/2/vulnerabilities"
    bring(story)
    story.get("vulnerabilities")
    story.call("POST", version)
    lifted = {"status": "not_affected", "justification": "vulnerable_code_not_in_execute_path"}
    story.call("PUT", f"{version}/CVE-2026-1001", {**lifted, "detail": "The model is loaded from JSON."}, by="ben")
    story.get(version)
    story.get("vulnerabilities/affected", package="xgboost")
    story.call("DELETE", f"{version}/CVE-2026-1001")


def _signed(story: Told, version: str) -> None:
    """A signer that is trusted, and its signature of a version."""
    story.call("PUT", "signers/ci", {"public_key": public_pem(FIXED_KEY), "description": "The pipeline."})
    story.get("signers")
    story.get("signers/ci")
    story.call("PUT", f"{version}/signatures/build", by_key(FIXED_KEY), by="ben")
    story.get(f"{version}/signatures")
    story.get(f"{version}/signatures/build")
    story.call("DELETE", "signers/ci")


def _attached(story: Told, version: str) -> None:
    """A plot that is attached as evidence, and withdrawn."""
    plot = b"a plot"
    declared = {"size": len(plot), "sha256": hashlib.sha256(plot).hexdigest(), "evaluation": "holdout"}
    upload = story.call("POST", f"{version}/evidence-files/roc.png/upload", declared, by="ben")
    story.put_object(upload["url"], plot)
    story.call("POST", f"{version}/evidence-files/roc.png/finalise", {"id": upload["id"]}, by="ben")
    story.get(f"{version}/evidence-files")
    story.get(f"{version}/evidence-files/roc.png")
    story.call("DELETE", f"{version}/evidence-files/roc.png")


def described(story: Told) -> None:
    """The card of ``fraud``, comments, and what changed."""
    card = {"sections": {"intended_use": "Ranking alerts for analysts."}, "fields": {"license": "apache-2.0"}}
    story.call("PUT", "models/fraud/card", card)
    story.call("PATCH", "models/fraud/card", {"sections": {"metrics": "AUC on the payments of the last month."}})
    story.get("models/fraud/card")
    story.get("models/fraud/card/revisions")
    story.get("models/fraud/card.html")
    story.get("models/fraud/versions/1/bom")
    story.call("PUT", "models/fraud/versions/1/bom", _BOM)
    asked = story.call("POST", "models/fraud/comments", {"text": "Why is recall lower?", "version": 2}, by="cy")["id"]
    story.call("POST", "models/fraud/comments", {"text": "The threshold moved.", "version": 2, "reply_to": asked})
    story.get("models/fraud/comments", version=2)
    story.get(f"models/fraud/comments/{asked}")
    story.call("PATCH", f"models/fraud/comments/{asked}", {"text": "Why is recall lower than last time?"}, by="cy")
    story.call("DELETE", f"models/fraud/comments/{asked}", by="cy")
    story.get("models/fraud/changes", limit=2)


def judged(story: Told) -> None:
    """A scheme for ``loans``, and transition requests that it asks for."""
    story.call("PUT", "schemes/credit", _SCHEME)
    story.get("schemes", limit=1)
    story.get("schemes/credit")
    story.call("PUT", "default-scheme", {"scheme": "credit"})
    story.get("default-scheme")
    story.call("PUT", "default-scheme", {"scheme": "default"})
    story.ready("loans", metrics={"auc": 0.91})
    story.ready("loans", metrics={"auc": 0.92})
    story.ready("loans", metrics={"auc": 0.93})
    story.call("PUT", "models/loans/scheme", {"scheme": "credit"})
    story.get("models/loans/scheme")
    story.call("PUT", "models/loans/tier", {"tier": "high", "reason": "decides on loans"})
    for number in (1, 2, 3):
        story.call("POST", f"models/loans/versions/{number}/transitions", {"to_stage": "staging"})
    _requested(story)
    story.call("POST", "models/loans/scheme/simulate", _SCHEME)


def _requested(story: Told) -> None:
    requests = "models/loans/requests"
    asked = {"version": 1, "to_stage": "production", "reason": "validated", "due_at": "2026-12-24T12:00:00Z"}
    for number in (1, 2, 3):
        story.call("POST", requests, {**asked, "version": number}, by="ben")
    story.get("inbox", "cy")
    story.get(requests, state="open")
    story.call("POST", f"{requests}/1/approve", {"reason": "evidence complete"}, by="cy")
    story.get(f"{requests}/1")
    story.get(f"{requests}/1/standing")
    story.call("POST", f"{requests}/1/execute", {"reason": "release of January"})
    story.call("POST", f"{requests}/2/reject", {"reason": "the holdout set is too old"}, by="dan")
    story.call("POST", f"{requests}/3/withdraw", {"reason": "trained again"}, by="ben")
    _stated(story)
    override = {"to_stage": "production", "reason": "incident 42: loans/1 answers nothing"}
    story.call("POST", "models/loans/versions/2/override", override)


def scanned(story: Told) -> None:
    """A scan asked for, what it found, and broken glass."""
    version = "models/fraud/versions/4"
    with scanning(story.registry):
        story.call("POST", f"{version}/scan")
    finish(story.registry, Verdict.REVIEW, 4, path=str(FILE["path"]))
    story.get(f"{version}/scan")
    until = later(story.registry.clock(), timedelta(days=7))
    story.call("PUT", f"{version}/scan/release", {"reason": "incident 42", "expires_at": until})
    story.call("DELETE", f"{version}/scan/release")


def _stated(story: Told) -> None:
    """The statement about the move that was approved, which the function ``signer`` signs."""
    for event in audit.list_events(story.registry, "model:loans", "newest", 10, None).items:
        state(story.registry, event)
    listed = story.get("models/loans/versions/1/statements")["items"][0]
    story.get(f"models/loans/versions/1/statements/{listed['sequence']}")


def kept(story: Told) -> None:
    """Freezes, locks, holds, retention, deletion and return."""
    fraud, version = "models/fraud", "models/fraud/versions/4"
    story.call("PUT", f"{fraud}/freeze", {"reason": "incident 42"})
    story.call("DELETE", f"{fraud}/freeze")
    story.call("PUT", f"{version}/lock", {"reason": "under audit"})
    story.call("DELETE", f"{version}/lock")
    story.call("PUT", f"{version}/hold", {"reason": "case 7"})
    story.call("DELETE", f"{version}/hold")
    story.call("PUT", f"{fraud}/retention", {"never_promoted_after_days": 90, "keep_last": 1})
    story.get(f"{fraud}/retention")
    story.get(f"{fraud}/retention/preview")
    story.call("DELETE", f"{fraud}/retention")
    story.call("DELETE", version)
    story.get(f"{fraud}/deleted-versions")
    story.call("POST", f"{version}/restore", {"reason": "still needed"})
