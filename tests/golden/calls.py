"""The calls to make on a registry that holds the story: reads that show every kind of item, and writes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.domain.ledger import event_types
from tests.aws.signing.keys import FIXED_KEY, OTHER_FIXED_KEY, public_pem
from tests.golden.release import Asked, Written
from tests.golden.told_deployments import TRAINED
from tests.golden.told_tracking import PLACE
from tests.registry.signing.build import by_key

_MLFLOW = "/api/2.0/mlflow/"
_MODELS = ("fraud", "reviewed", "retired", "logged", "frozen", "once", "gone")


def questions(ids: Mapping[str, str]) -> list[Asked]:
    """All reads. ``ids`` fill the placeholders in paths and parameters."""
    asked = [
        *_of_models(),
        *_of_versions(),
        *_of_governance(),
        *_of_the_registry(),
        *_of_searches(),
        *_of_mlflow(),
        *_of_deployments(),
        *_of_monitors(),
    ]
    return [_with_ids(one, ids) for one in asked]


def writes(ids: Mapping[str, str]) -> list[Written]:
    """All writes, each to something that the story made."""
    changes = [
        *_to_versions(),
        *_to_models(),
        *_to_governance(),
        *_to_the_registry(),
        *_to_what_is_tracked(),
        *_to_deployments(),
        *_to_monitors(),
        *_to_vulnerabilities(),
    ]
    return [replace(one, asked=_with_ids(one.asked, ids)) for one in changes]


def _with_ids(asked: Asked, ids: Mapping[str, str]) -> Asked:
    query = None if asked.query is None else {name: _filled(value, ids) for name, value in asked.query.items()}
    body = None if asked.body is None else {name: _filled(value, ids) for name, value in asked.body.items()}
    return replace(asked, path=asked.path.format(**ids), query=query, body=body)


def _filled(value: Any, ids: Mapping[str, str]) -> Any:
    return value.format(**ids) if isinstance(value, str) else value


def _get(path: str, by: str | None = None, /, **query: Any) -> Asked:
    return Asked(f"/v1/{path}", query=query or None, by=by)


def _mlflow(path: str, /, **query: Any) -> Asked:
    return Asked(f"{_MLFLOW}{path}", query=query or None)


def _found_by_mlflow(path: str, **body: Any) -> Asked:
    return Asked(f"{_MLFLOW}{path}/search", "POST", body=body)


def _of_models() -> list[Asked]:
    every = [
        *(_get(f"models/{model}{part}") for model in _MODELS for part in ("", "/events/verify")),
        *(_get(f"models/{model}/versions") for model in ("fraud", "once", "gone")),
        *(_get(f"models/{model}/versions", limit=1) for model in ("reviewed", "logged")),
        *(_get(f"models/{model}/deleted-versions") for model in ("fraud", "retired", "logged", "once")),
    ]
    fraud = ("promotion-rule", "retention", "retention/preview", "aliases", "stages", "usage", "comments")
    more = ("scheme", "challenger", "card", "card/revisions")
    return [
        _get("models"),
        _get("models", order="name", limit=2),
        _get("models/gone/events"),
        *(_get(f"models/{model}/events", limit=1) for model in ("fraud", "reviewed", "retired", "logged", "frozen")),
        _get("models", prefix="re"),
        *every,
        *(_get(f"models/fraud/{part}") for part in (*fraud, *more)),
        _get("models/fraud/card", revision=1),
        _get("models/fraud/comments", version=2),
        _get("models/fraud/comments/{comment}"),
        _get("models/fraud/changes", limit=5),
        _get("models/fraud/changes", version=5),
        _get("models/fraud/changes", field="owner"),
        _get("models/fraud/best", metric="auc"),
        _get("models/fraud/best", metric="latency_ms", direction="min"),
    ]


def _of_versions() -> list[Asked]:
    version = "models/fraud/versions"
    return [
        *(_get(f"{version}/{number}") for number in (1, 4, 6)),
        *(_get(f"models/fraud/{alias}") for alias in ("aliases/champion", "aliases/canary", "aliases/old")),
        *(_get(f"{version}/@champion/{part}") for part in ("artifacts", "checks", "evaluations", "usage")),
        _get(f"{version}/@champion"),
        _get(f"{version}/1/artifacts"),
        _get(f"{version}/1/artifacts/file", path="model.bin"),
        _get(f"{version}/1/artifacts/file", path="data/train.csv"),
        _get(f"{version}/6/upload"),
        _get(f"{version}/6/artifacts"),
        _get(f"{version}/3/evaluations"),
        _get(f"{version}/2/evaluations/measured/history"),
        _get("models/fraud/evaluations/holdout/series", metrics="auc"),
        _get(f"{version}/2/signatures"),
        _get(f"{version}/2/signatures/build"),
        _get(f"{version}/2/signatures/registry"),
        _get(f"{version}/2/evidence-files"),
        _get(f"{version}/2/evidence-files/roc.png"),
        _get(f"{version}/1/transitions/staging"),
        _get("models/fraud/compare", versions="1,@champion,3"),
        _get("models/fraud/aliases/champion/history"),
        _get("models/fraud/aliases/old/history"),
        _get("models/fraud/stages/production/history"),
        _get("models/fraud/aliases/champion/as-of", time="2026-02-05T11:04:30Z"),
        _get("models/fraud/stages/production/as-of", time="2026-02-05T11:03:30Z"),
        _get("models/fraud/stages/production/as-of", time="2026-01-01T00:00:00Z"),
        _get("models/logged/versions/1"),
        _get("models/vulnerable/versions/1/vulnerabilities"),
        _get("vulnerabilities"),
        _get("vulnerabilities/affected", advisory="CVE-2025-32434"),
        _get("models/logged/versions/1/artifacts"),
        *(_get(f"models/sharded/versions/{ref}/artifacts") for ref in ("1", "@champion")),
    ]


def _of_governance() -> list[Asked]:
    return [
        _get("models/reviewed/scheme"),
        _get("models/reviewed/stages"),
        _get("models/reviewed/aliases"),
        _get("models/reviewed/stages/live/history"),
        _get("models/reviewed/requests"),
        _get("models/reviewed/requests", state="open"),
        *(_get(f"models/reviewed/requests/{number}") for number in (1, 5)),
        _get("models/reviewed/requests/5/standing"),
        _get("models/reviewed/versions/4/transitions/live"),
        _get("models/reviewed/comments", request=5),
        _get("schemes", limit=2),
        *(_get(f"schemes/{name}") for name in ("reviewed", "relaxed")),
        _get("schemes/reviewed", version=1),
        _get("default-scheme"),
    ]


def _of_the_registry() -> list[Asked]:
    return [
        _get("events", limit=2),
        _get("events", order="oldest", limit=1),
        _get("events/verify"),
        _get("audit/ledgers"),
        *(_get(kind) for kind in ("tokens", "roles", "grants", "trust", "webhooks", "schedules")),
        *(_get(f"tokens/{name}") for name in ("{ci}", "{rotated}", "{revoked}")),
        *(_get(f"roles/{name}") for name in ("reporter", "unused", "reviewer")),
        _get("grants/{grant}"),
        _get("grants", subject="token:eve"),
        _get("signers"),
        _get("signers/ci"),
        *(_get(f"trust/{name}") for name in ("github", "okta", "aws")),
        *(_get(f"webhooks/{name}") for name in ("{webhook}", "{disabled}", "{mlflow_webhook}")),
        *(_get(f"webhooks/{name}/deliveries") for name in ("{webhook}", "{disabled}", "{mlflow_webhook}")),
        *(_get(f"schedules/{name}") for name in ("retrain", "judge", "stale")),
        _get("access", action="administer", model="*"),
        _get("access", action="report", model="fraud"),
        *(_get("whoami", by) for by in ("ci", "rotated", "rotated_before", "revoked", "deploy")),
        _get("models/fraud/versions/1/artifacts", "ci"),
        *(_get(f"models/scanned/versions/{ref}/scan") for ref in ("1", "2", "3", "@scanned-2")),
        *(_get(f"models/scanned/versions/{ref}/artifacts") for ref in ("@scanned-1", "@scanned-2", "3")),
        _get("models/retired", "rotated"),
        _get("models", "deploy"),
    ]


def _of_searches() -> list[Asked]:
    of_versions = (
        "tags.team = 'risk'",
        "tags.team LIKE 'r%' AND metrics.auc > 0.92",
        "metrics.auc >= 0.9 AND name = 'fraud'",
        "stage = 'production'",
        "run_id = 'run-17'",
        "parameters.depth > 6",
        "framework = 'xgboost'",
    )
    return [
        *(_get("search/versions", filter=text) for text in of_versions),
        _get("search/versions", order_by="metrics.auc DESC", limit=2),
        _get("search/versions", limit=2),
        _get("search/models", limit=2),
        _get("search/models", filter="tags.team = 'risk'"),
        _get("search/models", filter="owner LIKE '%team'"),
        _get("leaderboard", metric="auc"),
        _get("leaderboard", metric="auc", filter="tags.team = 'growth'"),
    ]


def _of_mlflow() -> list[Asked]:
    return [
        *(_mlflow("registered-models/get", name=name) for name in ("fraud", "logged")),
        _mlflow("registered-models/search", max_results=2),
        _mlflow("registered-models/get-latest-versions", name="fraud"),
        _mlflow("registered-models/alias", name="logged", alias="best"),
        *(_mlflow("model-versions/get", name="logged", version=number) for number in (1, 2, 3, 4)),
        _mlflow("model-versions/get", name="fraud", version=2),
        _mlflow("model-versions/get-download-uri", name="fraud", version=2),
        _mlflow("model-versions/search", filter="name = 'fraud'"),
        _mlflow("model-versions/search", filter="run_id = 'run-17'"),
        _mlflow("webhooks"),
        _mlflow("webhooks/{mlflow_webhook}"),
        *(_mlflow("experiments/get", experiment_id=number) for number in ("0", "{experiment}")),
        _mlflow("experiments/get-by-name", experiment_name="fraud detection"),
        _mlflow("experiments/search", max_results=10),
        *(_mlflow("runs/get", run_id=run) for run in ("{run}", "{run_of_many_params}")),
        _found_by_mlflow("runs", experiment_ids=["0", "1"]),
        _found_by_mlflow("runs", experiment_ids=["1"], filter="metrics.auc > 0.5 AND params.depth = '6'"),
        *(_mlflow("metrics/get-history", run_id="{run}", metric_key=key) for key in ("auc", "auc/holdout", "loss")),
        _mlflow("logged-models/{logged_model}"),
        _found_by_mlflow("logged-models", experiment_ids=["0", "1"]),
        # A place belongs to who uploaded there first.
        *(Asked("/api/2.0/mlflow-artifacts/artifacts", query={"path": PLACE}, by=by) for by in ("eve", "mallory")),
    ]


def _of_monitors() -> list[Asked]:
    return [
        _get("models/watched/monitors"),
        *(_get(f"models/watched/monitors/{name}") for name in ("alarms", "well", "silent")),
        _get("models/watched/monitors/alarms/windows"),
        _get("models/watched/monitors/alarms/judgement"),
        _get("models/watched/overview"),
    ]


def _to_monitors() -> list[Written]:
    changed = {"kind": "drift", "selector": "1", "min_n": 500}
    return [
        _change("PUT", "models/watched/monitors/alarms", changed, event_types.MONITOR_UPDATED),
        _change("DELETE", "models/watched/monitors/silent", None, event_types.MONITOR_DELETED, 204),
    ]


def _to_vulnerabilities() -> list[Written]:
    version = "models/vulnerable/versions/1/vulnerabilities"
    return [
        _change("PUT", f"{version}/PYSEC-2026-1", {"status": "fixed"}, event_types.VULNERABILITY_STATED),
        _change("DELETE", f"{version}/CVE-2025-32434", None, event_types.VULNERABILITY_UNSTATED, 204),
    ]


def _of_deployments() -> list[Asked]:
    return [
        _get("targets"),
        _get("targets/cluster"),
        _get("targets/cluster/models"),
        _get("targets/cluster/as-of", time="2099-01-01T00:00:00Z"),
        _get("models/deployed/events", order="oldest"),
        _get("models/deployed/events/verify"),
        _get("models/deployed/deployments"),
        _get("models/deployed/deployments/3"),
        _get("models/deployed/targets"),
        _get("recall", dataset="clicks"),
        _get("models/deployed/versions/1/lineage"),
        _get("lineage", name="s3://lake/clicks"),
        _get("lineage/descendants", dataset="s3://lake/raw"),
        _get("lineage/serving"),
        _get("models/deployed/versions/1/reproducibility"),
    ]


def _to_deployments() -> list[Written]:
    number, ledger = "models/deployed/deployments", "model:deployed"
    seen = {"model": "deployed", "version": 4}
    terms = {"environment": "staging", "models": ["deployed"], "alias": "next"}
    return [
        replace(_change("PUT", "targets/cluster/observed", seen, event_types.DEPLOYMENT_AGREED), ledger=ledger),
        _change("PUT", f"{number}/3/status", {"status": "in_progress", "detail": "again"}, None),
        _change("PUT", f"{number}/4/status", {"status": "in_progress"}, None, 409),
        _change("DELETE", "models/deployed/versions/1", None, None, 409),
        replace(_change("POST", "lineage/unstate", TRAINED, event_types.LINEAGE_UNSTATED, 204), ledger=ledger),
        _change("PUT", "targets/cluster", terms, event_types.TARGET_UPDATED),
        _change("DELETE", "targets/cluster", None, event_types.TARGET_DELETED, 204),
    ]


def _change(method: str, path: str, body: Any, event: str | None, status: int = 200, **more: Any) -> Written:
    """A change over the registry's own API."""
    where, _, rest = path.partition("/")
    ledger = f"model:{rest.partition('/')[0] or body['name']}" if where == "models" else "registry"
    return Written(Asked(f"/v1/{path}", method, body=body, **more), status, ledger, event)


def _change_of_mlflow(method: str, path: str, ledger: str | None, event: str | None, /, **body: Any) -> Written:
    return Written(Asked(f"{_MLFLOW}{path}", method, body=body), 200, ledger, event)


def _to_versions() -> list[Written]:
    version = "models/fraud/versions"
    new = {"label": "1.2.0", "references": [{"path": "x", "uri": "s3://x/y", "size": 1, "sha256": "c" * 64}]}
    passed = {"passed": True}
    measured = {"kind": "offline", "metrics": {"auc": 0.5}}
    return [
        _change("POST", version, new, event_types.VERSION_CREATED, 201),
        _change("POST", version, {**new, "label": "1.0.0"}, None, 409),
        _change("PATCH", f"{version}/3", {"tags": {"team": "x"}}, event_types.VERSION_UPDATED),
        _change("PATCH", f"{version}/2", {"description": "It is locked."}, None, 409),
        _change("DELETE", f"{version}/2/lock", None, event_types.VERSION_UNLOCKED, 204),
        _change("DELETE", f"{version}/1/hold", None, event_types.VERSION_RELEASED, 204),
        _change("DELETE", "models/scanned/versions/2/scan/release", None, event_types.QUARANTINE_RESTORED, 204),
        _change("DELETE", f"{version}/5", None, event_types.VERSION_DELETED, 204),
        _change("DELETE", f"{version}/1", None, None, 409),
        _change("POST", f"{version}/4/restore", {}, event_types.VERSION_RESTORED),
        _change("POST", f"{version}/3/transitions", {"to_stage": "archived"}, event_types.VERSION_TRANSITIONED),
        _change("PUT", f"{version}/3/signatures/build", by_key(FIXED_KEY), event_types.VERSION_SIGNED),
        _change("PUT", f"{version}/3/checks/ci", passed, event_types.CHECK_REPORTED),
        _change("PUT", f"{version}/3/evaluations/holdout", measured, event_types.EVALUATION_RECORDED),
        _change("DELETE", f"{version}/3/evaluations/holdout", None, event_types.EVALUATION_WITHDRAWN, 204),
        _change("PUT", f"{version}/3/checks/ci", passed, event_types.CHECK_REPORTED, by="ci"),
        _change("DELETE", "models/retired/versions/4/hold", None, event_types.VERSION_RELEASED, 204),
        _change("POST", "models/retired/versions/3/restore", {}, None, 409),
        _change("POST", f"{version}/6/finalise", None, None, 409),
    ]


def _to_models() -> list[Written]:
    fraud = "models/fraud"
    return [
        _change("PATCH", fraud, {"tags": {"team": "growth"}}, event_types.MODEL_UPDATED),
        _change("PUT", f"{fraud}/aliases/canary", {"version": 5, "expected_version": 3}, event_types.ALIAS_SET),
        _change("DELETE", f"{fraud}/aliases/canary", None, event_types.ALIAS_DELETED, 204),
        _change("PUT", f"{fraud}/aliases/champion/protection", {"protected": False}, event_types.ALIAS_UNPROTECTED),
        _change("POST", f"{fraud}/challenger/retire", {}, event_types.CHALLENGER_RETIRED, 204),
        _change("DELETE", f"{fraud}/promotion-rule", None, event_types.MODEL_RULE_CLEARED, 204),
        _change("PUT", f"{fraud}/retention", {"archived_after_days": 9}, event_types.MODEL_RETENTION_SET),
        _change("DELETE", f"{fraud}/retention", None, event_types.MODEL_RETENTION_CLEARED, 204),
        _change("PATCH", f"{fraud}/card", {"sections": {"factors": "Age."}}, event_types.CARD_UPDATED),
        _change("POST", f"{fraud}/comments", {"text": "Yes.", "reply_to": "m-1"}, None, 404),
        _change("POST", f"{fraud}/comments", {"text": "No.", "version": 2}, event_types.COMMENT_CREATED, 201),
        _change("DELETE", f"{fraud}/comments/{{comment}}", None, event_types.COMMENT_DELETED, 204),
        _change("DELETE", "models/frozen/freeze", None, event_types.MODEL_UNFROZEN, 204),
        _change("DELETE", "models/once", None, event_types.MODEL_DELETED, 204),
        _change("POST", "models/logged/versions", {}, event_types.VERSION_CREATED, 201),
    ]


def _to_governance() -> list[Written]:
    reviewed = "models/reviewed"
    live = {"to_stage": "live", "reason": "outage"}
    saved = {"initial": "draft", "archive": "gone", "stages": [{"name": "draft"}, {"name": "gone"}]}
    saved["transitions"] = [{"from": "draft", "to": "gone"}]
    return [
        _change("POST", f"{reviewed}/requests/5/approve", {}, event_types.REQUEST_VOTED, by="cy"),
        _change("POST", f"{reviewed}/requests/6/withdraw", {}, event_types.REQUEST_WITHDRAWN),
        _change("POST", f"{reviewed}/requests/1/withdraw", {}, None, 409),
        _change("POST", f"{reviewed}/requests", {"version": 3, "to_stage": "gone"}, None, 409),
        _change("POST", f"{reviewed}/stages/live/rollback", {"reason": "x"}, None, 409),
        _change("POST", "models/frozen/stages/production/rollback", {}, event_types.VERSION_TRANSITIONED),
        _change("POST", "models/logged/aliases/best/rollback", {}, event_types.ALIAS_SET),
        _change("POST", f"{reviewed}/versions/4/override", live, event_types.VERSION_TRANSITIONED),
        _change("PUT", f"{reviewed}/tier", {"tier": "high"}, event_types.MODEL_TIER_SET),
        _change("PUT", "schemes/relaxed", saved, event_types.SCHEME_SAVED),
        _change("PUT", "default-scheme", {"scheme": "simple"}, event_types.SCHEME_DEFAULT_SET),
    ]


def _to_the_registry() -> list[Written]:
    viewer = [{"role": "viewer", "models": "*"}]
    deploy = {"kind": "iam", "arns": ["arn:aws:iam::123456789012:role/other"], "grants": viewer}
    return [
        _change("POST", "tokens/{ci}/rotate", {}, event_types.TOKEN_ROTATED),
        _change("DELETE", "tokens/{ci}", None, event_types.TOKEN_REVOKED, 204),
        _change("POST", "tokens/{revoked}/rotate", {}, None, 409),
        _change("PUT", "roles/reporter", {"actions": ["read"]}, event_types.ROLE_SET),
        _change("DELETE", "roles/reporter", None, None, 409),
        _change("DELETE", "roles/unused", None, event_types.ROLE_DELETED, 204),
        _change("PUT", "grants", {"subject": "group:builders", "grants": viewer}, event_types.GRANT_SET),
        _change("DELETE", "grants/{grant}", None, event_types.GRANT_DELETED, 204),
        _change("PUT", "signers/ci", {"public_key": public_pem(OTHER_FIXED_KEY)}, event_types.SIGNER_SAVED),
        _change("DELETE", "signers/ci", None, event_types.SIGNER_DELETED, 204),
        _change("PUT", "trust/aws", deploy, event_types.TRUST_SET),
        _change("DELETE", "trust/github", None, event_types.TRUST_DELETED, 204),
        _change("PATCH", "webhooks/{disabled}", {"enabled": True}, event_types.WEBHOOK_UPDATED),
        _change("DELETE", "webhooks/{webhook}", None, event_types.WEBHOOK_DELETED, 204),
        _change("POST", "webhooks/{webhook}/deliveries/{delivery}/redeliver", None, None, 202),
        _change("POST", "schedules/retrain/fire", None, event_types.SCHEDULE_FIRED),
        _change("POST", "schedules/judge/fire", None, None, 409),
        _change("PATCH", "schedules/stale", {"enabled": True}, event_types.SCHEDULE_UPDATED),
        _change("DELETE", "schedules/judge", None, event_types.SCHEDULE_DELETED, 204),
        # The receipt is of the release: the model is not made a second time.
        _change("POST", "models", {"name": "once"}, None, 201, key="golden-key"),
    ]


def _to_what_is_tracked() -> list[Written]:
    hook = "webhooks/{mlflow_webhook}"
    point = {"key": "auc", "value": 0.9, "timestamp": 1_770_000_000_000, "step": 2}
    tag = {"key": "a", "value": "b"}
    return [
        # The sealed secret of the release opens: the same one changes nothing.
        _change_of_mlflow("PATCH", hook, "registry", None, secret="made-up"),
        _change_of_mlflow("PATCH", hook, "registry", event_types.WEBHOOK_UPDATED, name="cd"),
        _change_of_mlflow(
            "POST",
            "model-versions/set-tag",
            "model:logged",
            event_types.VERSION_UPDATED,
            name="logged",
            version="1",
            **tag,
        ),
        _change_of_mlflow(
            "DELETE", "registered-models/alias", "model:logged", event_types.ALIAS_DELETED, name="logged", alias="best"
        ),
        _change_of_mlflow("POST", "experiments/create", None, None, name="another"),
        _change_of_mlflow("POST", "runs/log-metric", None, None, run_id="{run}", **point),
        _change_of_mlflow("POST", "runs/log-batch", None, None, run_id="{run}", tags=[tag]),
        _change_of_mlflow("PATCH", "logged-models/{logged_model}/tags", None, None, tags=[tag]),
    ]
