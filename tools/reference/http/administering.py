"""The calls about access, sessions, webhooks, schedules, search, usage and the audit trail."""

from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from chalicelib.domain.audit.usage import FILE, Use
from chalicelib.domain.instants import moment
from chalicelib.registry.audit.anchors import anchor_ledgers
from chalicelib.registry.audit.use_counts import count_uses
from tests.api.sessions.browser import Browser
from tests.registry.access.issuer import Issuer
from tools.reference.http.exchange import RECEIVER, ExampleFailed, Told

_VIEWER: Final = [{"role": "viewer", "models": "*"}]
_CONTRIBUTOR: Final = [{"role": "contributor", "models": "fraud*"}]


def admitted(story: Told) -> None:
    """Tokens, roles, grants and trusts."""
    made = {"name": "ci", "grants": _CONTRIBUTOR, "person": "ben", "expires_in_days": 90}
    ci = story.call("POST", "tokens", made)["id"]
    story.call("POST", "tokens", {"name": "dashboard", "grants": _VIEWER})
    story.get("tokens", limit=2)
    story.get(f"tokens/{ci}")
    story.call("POST", f"tokens/{ci}/rotate", {"grace_seconds": 3_600})
    story.call("DELETE", f"tokens/{ci}")
    story.get("whoami", "ben")
    story.get("quotas", "ben")
    story.call("PUT", "roles/curator", {"actions": ["read", "annotate"], "description": "Keeps descriptions in order."})
    story.get("roles")
    story.get("roles/curator")
    story.call("DELETE", "roles/curator")
    grant = story.call("PUT", "grants", {"subject": "group:risk", "grants": [{"role": "reviewer", "models": "fraud"}]})
    limited = {"role": "contributor", "models": "*", "classifications": ["unclassified", "public", "internal"]}
    story.call("PUT", "grants", {"subject": "group:growth", "grants": [limited]})
    story.get("grants")
    story.get(f"grants/{grant['id']}")
    story.get("access", action="approve", model="fraud")
    story.call("DELETE", f"grants/{grant['id']}")
    github = {
        "kind": "oidc",
        "issuer": "https://token.actions.githubusercontent.com",
        "audience": "moorage",
        "algorithms": ["RS256"],
        "conditions": {"sub": ["repo:acme/fraud:ref:refs/heads/main"]},
        "grants": _CONTRIBUTOR,
    }
    story.call("PUT", "trust/github", github)
    story.get("trust")
    story.get("trust/github")
    story.call("DELETE", "trust/github")


def signed_in(story: Told, issuer: Issuer) -> None:
    """Signing in with a token and at an issuer, and everything about sessions."""
    sign_in = {"label": "Sign in with Okta", "client_id": "moorage-ui"}
    okta = {
        "kind": "oidc",
        "issuer": issuer.url,
        "audience": "moorage",
        "conditions": {"sub": ["a*"]},
        "grants": _VIEWER,
        "sign_in": sign_in,
    }
    story.call("PUT", "trust/okta", okta)
    token = story.call("POST", "tokens", {"name": "ada", "grants": [{"role": "admin", "models": "*"}]})["token"]
    browser, elsewhere = Browser(), Browser()
    _send(story, browser, "GET", "/auth/methods")
    _send(story, browser, "POST", "/auth/token", {"token": token})
    _send(story, elsewhere, "POST", "/auth/token", {"token": token})
    _send(story, browser, "POST", "/auth/session")
    sessions = _send(story, browser, "GET", "/auth/sessions")["items"]
    other = next(session["id"] for session in sessions if not session["current"])
    story.get("sessions")
    _send(story, browser, "DELETE", f"/auth/sessions/{other}")
    _send(story, browser, "DELETE", "/auth/session")
    _at_an_issuer(story, issuer)
    _send(story, browser, "POST", "/auth/token", {"token": token})
    story.call("DELETE", f"sessions/{story.get('sessions')['items'][0]['id']}")
    story.call("DELETE", "trust/okta")


def _at_an_issuer(story: Told, issuer: Issuer) -> None:
    browser, now = Browser(), int(moment(story.now).timestamp())
    issuer.person = {"sub": "ada", "iat": now, "exp": now + 300}
    query = {"return_to": "/ui/models/fraud"}
    reply = browser.send("GET", "/auth/oidc/okta/start", query=query)
    story.keep("GET", "/auth/oidc/okta/start", query, None, reply)
    back = issuer.authorize(dict(parse_qsl(urlsplit(reply.headers["Location"]).query)))
    answered = dict(parse_qsl(urlsplit(back).query))
    reply = browser.send("GET", "/auth/oidc/okta/callback", query=answered)
    if "error" in reply.headers["Location"]:
        raise ExampleFailed(f"GET /auth/oidc/okta/callback: {reply.headers['Location']}")
    story.keep("GET", "/auth/oidc/okta/callback", answered, None, reply)


def _send(story: Told, browser: Browser, method: str, path: str, body: object = None) -> Any:
    story.wait(seconds=1)
    reply = browser.send(method, path, body)
    story.keep(method, path, None, body, reply)
    return reply.document if reply.text else None


def told_others(story: Told) -> None:
    """Webhooks and their deliveries."""
    wanted = {"url": RECEIVER, "events": ["version.ready", "alias.*"], "models": ["fraud"], "description": "Tells CI."}
    webhook = f"webhooks/{story.call('POST', 'webhooks', wanted)['id']}"
    story.get("webhooks")
    story.get(webhook)
    story.call("PATCH", webhook, {"description": "Tells CI of new versions."})
    story.call("POST", f"{webhook}/rotate", {"grace_seconds": 3_600})
    delivery = story.call("POST", f"{webhook}/test")["id"]
    story.get(f"{webhook}/deliveries")
    story.get(f"{webhook}/deliveries/{delivery}")
    story.call("POST", f"{webhook}/deliveries/{delivery}/redeliver")
    story.get(f"{webhook}/health")
    story.call("POST", f"{webhook}/redeliver", {"since": "2026-11-01T00:00:00Z", "until": "2026-11-02T00:00:00Z"})
    story.call("DELETE", webhook)


def scheduled(story: Told) -> None:
    """Schedules."""
    mondays = {"cron": "0 6 * * MON", "zone": "Europe/Berlin"}
    wanted = {"name": "retrain-fraud", "when": mondays, "models": "fraud", "payload": {"workflow": "retrain.yml"}}
    story.call("POST", "schedules", wanted)
    story.get("schedules")
    story.get("schedules/retrain-fraud")
    story.call("PATCH", "schedules/retrain-fraud", {"description": "Retrains every Monday.", "enabled": True})
    story.call("POST", "schedules/retrain-fraud/fire")
    story.call("DELETE", "schedules/retrain-fraud")


def found(story: Told) -> None:
    """Searches, rankings and the contract."""
    risk = "metrics.auc > 0.9 AND tags.team = 'risk'"
    story.get("search/versions", filter=risk, order_by="metrics.auc DESC", limit=2)
    story.get("search/models", filter="owner = 'credit'", limit=2)
    story.get("search/fields", model="fraud", prefix="metrics.")
    story.get("models/fraud/best", metric="auc", limit=2)
    story.get("models/fraud/series", metrics="auc,latency_ms")
    story.get("leaderboard", metric="auc")
    story.get("openapi.json")
    story.get("schemas/event.json")
    story.get("schemas/scheme.json")


def audited(story: Told) -> None:
    """Ledgers, states, anchors and usage."""
    fraud = "models/fraud"
    story.get(f"{fraud}/events", order="oldest", limit=1)
    story.get(f"{fraud}/events/verify")
    story.get(f"{fraud}/state", limit=2)
    story.get(f"{fraud}/versions/1/bytes")
    story.get("events", order="oldest", limit=1)
    story.get("events/verify")
    story.get("audit/state", limit=2)
    story.get("audit/ledgers", limit=2)
    anchor_ledgers(story.registry, "example")
    story.get("audit/anchors")
    story.get("audit/anchors/1")
    count_uses(story.registry, [Use("fraud", 2, "token:serving", FILE, story.now, "champion")], ["example-1"])
    story.get(f"{fraud}/usage")
    story.get(f"{fraud}/versions/2/usage")
