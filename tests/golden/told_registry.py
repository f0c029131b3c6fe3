"""The story of the registry as a whole: access, webhooks and deliveries, schemes, receipts."""

from collections.abc import Mapping
from typing import Any

from chalicelib.aws.webhooks.delivery_queue import parse_message
from chalicelib.domain.webhooks.deliveries import Answer
from chalicelib.registry.audit import audit
from chalicelib.registry.webhooks.queueing import queue_event
from chalicelib.registry.webhooks.sending import send
from tests.api.gateway import Caller
from tests.golden.story import Story

ROLE_ARN = "arn:aws:iam::123456789012:role/deploy"
SESSION_ARN = "arn:aws:sts::123456789012:assumed-role/deploy/run-7"
# An IP address, so that no name is looked up. Nothing is ever sent there.
_URL = "https://93.184.216.34/hook"
_ISSUER = "https://token.actions.githubusercontent.com"


def administered(story: Story) -> dict[str, Any]:
    """Write all of it, and return the credentials of callers by name."""
    story.call("PUT", "roles/reporter", {"actions": ["read", "report"], "description": "Reports checks."})
    story.call("PUT", "roles/unused", {"actions": ["audit"]})
    story.call("PUT", "grants", {"subject": "token:eve", "grants": [{"role": "admin", "models": "*"}]})
    callers = _tokens(story)
    limited = {"role": "reviewer", "models": "*", "classifications": ["unclassified", "internal"]}
    builders = {"subject": "group:builders", "grants": [{"role": "consumer", "models": "fr*"}, limited]}
    story.ids["grant"] = story.call("PUT", "grants", builders)["id"]
    _trusts(story)
    _webhooks(story)
    _schedules(story)
    story.call("PUT", "schemes/relaxed", _RELAXED)
    story.call("PUT", "default-scheme", {"scheme": "relaxed"})
    story.call("POST", "models", {"name": "once"}, by="bootstrap", key="golden-key")
    return callers


_RELAXED = {
    "initial": "draft",
    "archive": "gone",
    "stages": [{"name": "draft"}, {"name": "live"}, {"name": "gone"}],
    "transitions": [{"from": "draft", "to": "live"}, {"from": ["draft", "live"], "to": "gone"}],
}


def _tokens(story: Story) -> dict[str, Any]:
    reporter = [{"role": "reporter", "models": "*"}]
    ci = story.call("POST", "tokens", {"name": "ci", "grants": reporter, "groups": ["builders"]})
    assert Caller(ci["token"]).get("/v1/whoami").status == 200
    viewer = {"grants": [{"role": "viewer", "models": "fraud"}], "expires_in_days": 365}
    rotated = story.call("POST", "tokens", {"name": "rotated", **viewer})
    new = story.call("POST", f"tokens/{rotated['id']}/rotate", {"grace_seconds": 86_400})["token"]
    revoked = story.call("POST", "tokens", {"name": "revoked", "grants": [{"role": "admin", "models": "*"}]})
    story.call("DELETE", f"tokens/{revoked['id']}")
    story.ids |= {"ci": ci["id"], "rotated": rotated["id"], "revoked": revoked["id"]}
    known = {"ci": ci["token"], "rotated": new, "rotated_before": rotated["token"], "revoked": revoked["token"]}
    people = {"cy": ("reviewer", "*"), "eve": ("contributor", "fraud*"), "mallory": ("contributor", "fraud*")}
    vouched = {name: {"name": f"token:{name}", "role": role, "models": on} for name, (role, on) in people.items()}
    return {**known, "deploy": SESSION_ARN, **vouched}


def _trusts(story: Story) -> None:
    github = {
        "kind": "oidc",
        "issuer": _ISSUER,
        "audience": "https://registry.example",
        "algorithms": ["RS256"],
        "conditions": {"sub": ["repo:acme/fraud:*"]},
        "groups_claim": "groups",
        "grants": [{"role": "contributor", "models": "fraud"}],
    }
    story.call("PUT", "trust/github", github)
    sign_in = {"label": "Sign in with Okta", "client_id": "0oaexample"}
    story.call("PUT", "trust/okta", {**github, "issuer": "https://acme.okta.com", "sign_in": sign_in})
    deploy = {"kind": "iam", "arns": [ROLE_ARN], "grants": [{"role": "reporter", "models": "fraud"}]}
    story.call("PUT", "trust/aws", deploy)


def _webhooks(story: Story) -> None:
    everything = story.call("POST", "webhooks", {"url": _URL, "description": "Everything."})["id"]
    some = {"url": _URL, "events": ["version.*"], "models": ["fraud*"], "enabled": False}
    disabled = story.call("POST", "webhooks", some)["id"]
    narrowed = {"only_stages": ["production"], "only_tags": {"team": "risk"}, "only_fields": ["stage"]}
    headers = {"custom_headers": {"X-Env": "prod"}, "secret_headers": {"Authorization": "made-up"}}
    limits = {"rate_limit": 60, "max_attempts": 3}
    story.ids["limited"] = story.call("POST", "webhooks", {"url": _URL, **limits, **narrowed, **headers})["id"]
    registered = [{"entity": "MODEL_VERSION", "action": "CREATED"}]
    as_mlflow = {"name": "ci", "url": _URL, "events": registered, "description": "MLflow's.", "secret": "made-up"}
    spoken = story.mlflow("POST", "mlflow/webhooks", **as_mlflow)["webhook"]["webhook_id"]
    _event_delivered(story)
    for answer in (Answer(500, excerpt="out of order"), Answer(410)):
        story.call("POST", f"webhooks/{everything}/test")
        _send(story, answer)
    waiting = story.call("POST", f"webhooks/{everything}/test", key="test-of-webhook")["id"]
    story.call("PATCH", f"webhooks/{everything}", {"enabled": True})
    story.ids |= {
        "webhook": everything,
        "disabled": disabled,
        "mlflow_webhook": spoken,
        "delivery": waiting,
    }


def _schedules(story: Story) -> None:
    """One that only tells, one whose models were not gone through yet, and one that is switched off."""
    mondays = {"cron": "0 6 * * MON", "zone": "Europe/Berlin"}
    retrain = {"name": "retrain", "when": mondays, "models": "fraud", "payload": {"workflow": "retrain.yml"}}
    story.call("POST", "schedules", retrain)
    story.call("POST", "schedules/retrain/fire")
    story.call("POST", "schedules", {"name": "judge", "when": {"every_minutes": 60}, "job": "judge"})
    story.call("POST", "schedules/judge/fire")
    stale = {"name": "stale", "when": {"at": "2099-01-01T00:00:00Z"}, "job": "expire", "older_than_days": 30}
    story.call("POST", "schedules", {**stale, "enabled": False})


def _event_delivered(story: Story) -> None:
    """Deliver a version's registration to every webhook that wants it."""
    events = audit.list_events(story.registry, "model:fraud", "oldest", 100, None).items
    queue_event(story.registry, next(event for event in events if event["type"] == "version.created"))
    _send(story, Answer(204))


def _send(story: Story, answer: Answer) -> None:
    """Send everything in the queue to a receiver that gives this answer."""
    sqs, queue = story.registry.client("sqs"), story.registry.settings.delivery_queue_url
    for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]:
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        send(story.registry, _Receiver(answer), parse_message(message["Body"]), "send-1")


class _Receiver:
    """Stands in for the network."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        return self._answer
