"""Asking a registry over HTTP, and reducing its answers to what tests compare."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.aws.names import SERVE_UNSEALED, UNSEALED_ALIASES_VARIABLE
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal
from chalicelib.domain.instants import Instant
from tests.api.gateway import Caller, Function, Reply
from tests.conftest import ADMIN_TOKEN, fresh_registry, use_no_account
from tests.golden.release import Asked, Release, load
from tests.registry.build import ADMIN

# Fields that later releases added to answers. Golden answers lack them, so they are not compared.
ADDED = frozenset(
    {
        "task",
        "warnings",
        "person",
        "authors",
        "requester",
        "records",
        "correlation_id",
        "directions",
        "sign_in",
        "old_secrets_end_at",
        "reminded_at",
        "settings",
        "secret_set",
        "only_stages",
        "only_tags",
        "only_fields",
        "custom_headers",
        "secret_headers",
        "rate_limit",
        "registry_signs",
        "max_attempts",
        "disabled_reason",
        "measures",
        "paired",
        "verdicts",
        "classification",
        "personal_data",
        "monitors",
        "scan",
        "verdict",
        "second_opinion",
    }
)
ADDED_TO_GATES = frozenset({"kind", "awaited"})
ADDED_TO_CHECKS = frozenset({"state", "opened_at", "opened_by", "due_at", "link"})
ADDED_TO_REPORTS = frozenset({"roles", "claims"})
# Built-in schemes of which later releases have a later version.
RAISED_SCHEMES = frozenset({"regulated"})
ADDED_TO_ATTEMPTS = frozenset({"links"})
# Only whether these fields are empty is compared: cursors vary, and sentences may be reworded.
VARYING = frozenset({"next_cursor", "next_page_token"})
SENTENCES = frozenset({"blockers", "needed"})
# In an object with one of these fields, "reason" is a sentence of ours. Elsewhere a person gave the reason.
FOUND = frozenset({"holds", "clause"})
PRESIGNED = "X-Amz-Signature="
# Answers with the latest version of each stage. It once was the newest one, also while that waited for its files.
SHOWING_LATEST = "/api/2.0/mlflow/registered-models/"
LATEST = frozenset({"latest_versions", "model_versions"})


class Older:
    """A registry that holds the items of one release at a time, its clock stopped when they were written."""

    def __init__(self, registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
        self.registry = registry
        self._monkeypatch = monkeypatch
        self._held: Release | None = None
        self._seconds = 0.0
        monkeypatch.setattr(registry, "monotonic", lambda: self._seconds)

    def answer(self, release: Release, asked: Asked) -> dict[str, Any]:
        """The answer to a read, reduced to what is compared."""
        # Reading with a token records its use.
        self.hold(release, to_change=asked.by is not None)
        return _answer(asked, release.callers)

    def change(self, release: Release, asked: Asked) -> Reply:
        """The reply to a write on the untouched items of the release."""
        self.hold(release, to_change=True)
        return ask(asked, release.callers)

    def hold(self, release: Release, to_change: bool = False) -> None:
        """Load a release, unless the table still holds it untouched."""
        if release is not self._held:
            load(self.registry, release)
            self._monkeypatch.setattr(self.registry, "clock", lambda: Instant(release.time))
            # Secrets and trust that the process remembers are too old now.
            self._seconds += 3_600
        self._held = None if to_change else release


@contextmanager
def older() -> Iterator[Older]:
    """A simulated account for the items of releases."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        use_no_account(monkeypatch)
        # Releases before seals wrote aliases without.
        monkeypatch.setenv(UNSEALED_ALIASES_VARIABLE, SERVE_UNSEALED)
        with fresh_registry(monkeypatch) as registry:
            yield Older(registry, monkeypatch)


def waiting_stages(answer: Any) -> set[tuple[str, str]]:
    """The models and stages of which an answer shows a version that waits for its files as the latest."""
    if isinstance(answer, list):
        return set().union(*map(waiting_stages, answer))
    if not isinstance(answer, dict):
        return set()
    shown = [one for name in LATEST for one in answer.get(name, ())]
    found = {(one["name"], one["current_stage"]) for one in shown if one["status"] == "PENDING_REGISTRATION"}
    return found.union(*map(waiting_stages, answer.values()))


def without_latest(answer: Any, stages: set[tuple[str, str]]) -> Any:
    """An answer without the latest versions of some stages."""
    if isinstance(answer, list):
        return [without_latest(one, stages) for one in answer]
    if not isinstance(answer, dict) or not stages:
        return answer
    return {
        name: [one for one in value if (one["name"], one["current_stage"]) not in stages]
        if name in LATEST
        else without_latest(value, stages)
        for name, value in answer.items()
    }


def without_raised(answer: Any) -> Any:
    """An answer without the version and the document of built-in schemes that were raised since."""
    if isinstance(answer, list):
        return [without_raised(one) for one in answer]
    if not isinstance(answer, dict):
        return answer
    raised = answer.get("builtin") is True and answer["name"] in RAISED_SCHEMES
    dropped = {"version", "document"} if raised else set()
    return {name: without_raised(value) for name, value in answer.items() if name not in dropped}


def _answer(asked: Asked, callers: Mapping[str, Any]) -> dict[str, Any]:
    """The reduced answer. Without a limit in the query, all pages of a list are read."""
    reply = ask(asked, callers)
    compared = _compared(reply)
    query = asked.query or {}
    # The list of ledgers has a page for each shard, and pages may be empty.
    while "limit" not in query and reply.status == 200 and reply.document.get("next_cursor"):
        reply = ask(replace(asked, query={**query, "cursor": reply.document["next_cursor"]}), callers)
        more = _compared(reply)["content"]
        compared["content"] = {**more, "items": compared["content"]["items"] + more["items"]}
    return compared


def ask(asked: Asked, callers: Mapping[str, Any]) -> Reply:
    """The reply to a request."""
    caller = _caller(asked, callers)
    return caller.request(asked.method, asked.path, asked.body, query=asked.query, key=asked.key)


def _compared(reply: Reply) -> dict[str, Any]:
    """The status, with the code of a refusal or with the content. What varies is replaced."""
    if reply.status >= 400:
        refusal = reply.document
        return {"status": reply.status, "code": refusal.get("code") or refusal["error_code"]}
    if "Location" in reply.headers:
        return {"status": reply.status, "location": settled(reply.headers["Location"])}
    return {"status": reply.status, "content": settled(reply.document)}


def _caller(asked: Asked, callers: Mapping[str, Any]) -> Caller:
    """The caller with this request's credential."""
    credential = ADMIN_TOKEN if asked.by is None else callers[asked.by]
    if not isinstance(credential, str):
        return _vouched_for(Principal(credential["name"], (Grant(credential["role"], credential["models"]),)))
    if credential.startswith("arn:"):
        return Function(None, stage="iam", identity={"userArn": credential, "sourceIp": "203.0.113.9"})
    # The local gateway, which would ask the authorizer, does not know the greedy paths of MLflow's dialect.
    return Caller(credential) if asked.path.startswith("/v1/") else _vouched_for(ADMIN)


def _vouched_for(principal: Principal) -> Function:
    return Function(principal, path="/api/api/2.0/mlflow/x", domainName="host")


def settled(value: Any) -> Any:
    if isinstance(value, dict):
        vague = VARYING | SENTENCES | (frozenset() if FOUND.isdisjoint(value) else {"reason"})
        added = ADDED
        added |= ADDED_TO_GATES if "holds" in value else frozenset()
        added |= ADDED_TO_CHECKS if "passed" in value else frozenset()
        added |= ADDED_TO_REPORTS if "reported_by" in value else frozenset()
        added |= ADDED_TO_ATTEMPTS if "duration_ms" in value else frozenset()
        kept = {name: one for name, one in value.items() if name not in added}
        return {name: "<something>" if one and name in vague else settled(one) for name, one in kept.items()}
    if isinstance(value, list):
        return [settled(one) for one in value]
    return "<presigned URL>" if isinstance(value, str) and PRESIGNED in value else value
