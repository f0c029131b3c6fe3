"""The endpoints that are measured, in an order that can be repeated, each with the budgets of its kind."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bench.invocation import Function
from bench.seed import FILES as FILES_OF_VERSIONS
from bench.signing import SIGNER, bundle
from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.delivery_log import DeliveryLog, Entry
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.instants import Instant, instant, later, moment
from chalicelib.domain.schemes.presets import PRESETS
from chalicelib.domain.webhooks.deliveries import Delivery, State, first_id
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.promotion import requests
from chalicelib.registry.vulnerabilities.indexes import make_current
from tests.api.gateway import Reply
from tests.registry.build import put_object, sha256
from tests.registry.scanning.states import quarantined
from tests.registry.signing.keys import state
from tests.registry.vulnerabilities.build import stored_index

MODEL: Final = "bench"
SHA: Final = "ab" * 32
PAGE: Final = 20
# On a quiet machine the reference handler takes half a millisecond: 2 ms for each call of a read, 5 ms for a write.
READ_RATIO: Final = 4.0
WRITE_RATIO: Final = 10.0
# A search also parses and plans a filter, and evaluates it on every version of the page. Where it makes two calls, the
# second one's share pays for that.
FILTER_RATIO: Final = 1.5
# A comparison also reads the model's head, profile and scheme, which say which way its metrics are better.
DIRECTIONS_RATIO: Final = 0.5
# One of two versions judges the evaluations that both have: intervals of their differences, and a verdict in words.
VERDICT_RATIO: Final = 1.0


@dataclass(frozen=True)
class Endpoint:
    """A call, and the budget of its kind: a DynamoDB call and no other, or a read and a transaction."""

    name: str
    call: Callable[[Function], Reply]
    writes: bool = False
    dynamodb_calls: int | None = None
    other_calls: int = 0
    more_ratio: float = 0.0

    @property
    def allowed_calls(self) -> int:
        return self.dynamodb_calls if self.dynamodb_calls is not None else (2 if self.writes else 1)

    @property
    def allowed_ratio(self) -> float:
        """CPU time, as a multiple of the reference handler's, which makes one call."""
        return self.more_ratio + (WRITE_RATIO if self.writes else READ_RATIO * self.allowed_calls)


def _path(rest: str = "") -> str:
    return f"/v1/models/{MODEL}{rest}"


def _search(caller: Function, where: str, order: str = "") -> Reply:
    return caller.get("/v1/search/versions", query={"filter": where, "order_by": order, "limit": PAGE})


def _models(caller: Function, where: str) -> Reply:
    return caller.get("/v1/search/models", query={"filter": where, "limit": PAGE})


GRANTS: Final = [{"role": "viewer", "models": "*"}]
TRUST: Final = {"kind": "iam", "arns": ["arn:aws:iam::123456789012:role/deploy"], "grants": GRANTS}
WHO_MAY: Final = {"action": "read", "model": MODEL}
FILES: Final = [{"path": f"f{index}.bin", "size": 10, "sha256": SHA} for index in range(5)]
_STATEMENT: Final = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [{"name": FILES_OF_VERSIONS[0].path, "digest": {"sha256": FILES_OF_VERSIONS[0].sha256}}],
    "predicateType": "https://slsa.dev/provenance/v1",
    "predicate": {},
}
_BASE64: Final = base64.b64encode(json.dumps(_STATEMENT).encode()).decode()
STATEMENT: Final = {"status": "not_affected", "justification": "code_not_reachable"}
ATTESTATION: Final = {
    "payloadType": "application/vnd.in-toto+json",
    "payload": _BASE64,
    "signatures": [{"keyid": "ci", "sig": _BASE64}],
}
SIGNED: Final = bundle("folder", FILES_OF_VERSIONS)
SIGNED_AGAIN: Final = bundle("folder again", FILES_OF_VERSIONS)
EVALUATION: Final = {
    "kind": "offline",
    "metrics": {f"metric-{index}": 0.5 for index in range(10)},
    "slices": [{"group": {"country": f"c{index}"}, "metrics": {"auc": 0.5}} for index in range(10)],
}

# A run that trained version 7 from a dataset.
CLASSIFIED: Final = {"classification": "internal"}
CLASSIFIED: Final = {"classification": "internal"}
BOM: Final = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.7",
    "components": [{"type": "machine-learning-model", "name": MODEL, "description": "A model to be measured."}],
}
TRAINED: Final = {
    "eventType": "COMPLETE",
    "eventTime": "2026-01-01T00:00:00Z",
    "producer": "https://example.com/pipeline",
    "run": {"runId": "3f5e83fa-3480-44ff-99c5-ff943904e5e8"},
    "job": {"namespace": "airflow", "name": "train"},
    "inputs": [{"namespace": "s3://lake", "name": "clicks"}],
    "outputs": [
        {
            "namespace": "moorage",
            "name": MODEL,
            "facets": {"datasetType": {"datasetType": "MODEL"}, "version": {"datasetVersion": "7"}},
        }
    ],
}

RANGE: Final = {"since": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z", "states": ["succeeded"]}

OF_A_RUN: Final = {"metric": "auc", "filter": "run_id = 'run-7'"}

TARGET: Final = {"environment": "bench", "models": [MODEL], "alias": "served"}
OBSERVED: Final = {"model": MODEL, "version": 7}

_FEATURES: Final = [
    {"name": f"feature-{index}", "kind": "numeric", "edges": list(range(19)), "counts": [50] * 20, "missing": 0}
    for index in range(20)
]
BASELINE_FILE: Final = {"version": 7, "evidence_file": "baseline.json"}
MONITOR: Final = {"kind": "drift", "selector": "7", "baseline": _FEATURES, "on_alarm": [{"do": "fail_check"}]}
WINDOW: Final = {"n": 1_000, "features": _FEATURES}

SCHEME: Final = {key: value for key, value in PRESETS["default"].items() if key not in ("name", "version")}
SCHEDULE: Final = {"when": {"cron": "0 6 * * MON", "zone": "Europe/Berlin"}}

ENDPOINTS: Final = [
    Endpoint("GET model", lambda c: c.get(_path())),
    Endpoint("GET overview of a model", lambda c: c.get(_path("/overview")), dynamodb_calls=2),
    Endpoint("GET models (page of 20)", lambda c: c.get("/v1/models", query={"limit": PAGE})),
    Endpoint("GET version", lambda c: c.get(_path("/versions/7"))),
    Endpoint("GET overview of a version", lambda c: c.get(_path("/versions/8/overview")), dynamodb_calls=2),
    Endpoint(
        "GET overview of a version by @alias", lambda c: c.get(_path("/versions/@champion/overview")), dynamodb_calls=2
    ),
    Endpoint("GET version by @alias", lambda c: c.get(_path("/versions/@champion")), dynamodb_calls=2),
    Endpoint("GET versions (page of 20)", lambda c: c.get(_path("/versions"), query={"limit": PAGE})),
    Endpoint("GET alias", lambda c: c.get(_path("/aliases/champion"))),
    Endpoint("GET aliases", lambda c: c.get(_path("/aliases"))),
    Endpoint("GET stages", lambda c: c.get(_path("/stages"))),
    Endpoint(
        "GET alias history (page of 20)", lambda c: c.get(_path("/aliases/champion/history"), query={"limit": PAGE})
    ),
    Endpoint(
        "GET alias as of",
        lambda c: c.get(_path("/aliases/champion/as-of"), query={"time": "2099-01-01T00:00:00Z"}),
    ),
    # The last moves of all pointers, and what is before the alias that has moved often.
    Endpoint(
        "GET all pointers as of",
        lambda c: c.get(_path("/as-of"), query={"time": "2099-01-01T00:00:00Z"}),
        dynamodb_calls=2,
    ),
    # The models, and a query for each of the twenty.
    Endpoint(
        "GET stage of all models as of",
        lambda c: c.get("/v1/as-of", query={"stage": "production", "time": "2099-01-01T00:00:00Z", "limit": PAGE}),
        dynamodb_calls=1 + PAGE,
    ),
    Endpoint("GET events (page of 20)", lambda c: c.get(_path("/events"), query={"limit": PAGE})),
    # A call for each kind of item that the page comes to: the head, the profile, the scheme, versions.
    Endpoint(
        "GET stored state (page of 20)", lambda c: c.get(_path("/state"), query={"limit": PAGE}), dynamodb_calls=4
    ),
    Endpoint("GET card", lambda c: c.get(_path("/card"))),
    Endpoint("GET bill of materials", lambda c: c.get(_path("/versions/7/bom"))),
    Endpoint("GET card as HTML", lambda c: c.get(_path("/card.html"))),
    Endpoint("GET card revisions", lambda c: c.get(_path("/card/revisions"))),
    Endpoint("GET comments", lambda c: c.get(_path("/comments"), query={"version": 7})),
    Endpoint("GET changes (page of 20)", lambda c: c.get(_path("/changes"), query={"limit": PAGE})),
    Endpoint("GET changes of a version", lambda c: c.get(_path("/changes"), query={"version": 7, "limit": PAGE})),
    Endpoint("GET files by number", lambda c: c.get(_path("/versions/7/files"))),
    Endpoint("GET manifest by number", lambda c: c.get(_path("/versions/7/artifacts"))),
    Endpoint("GET manifest by @alias", lambda c: c.get(_path("/versions/@champion/artifacts"))),
    Endpoint(
        "GET file by @alias (302)",
        lambda c: c.get(_path("/versions/@champion/artifacts/file"), query={"path": "part-1.bin"}),
    ),
    Endpoint(
        "GET file by the end of the address (302)", lambda c: c.get(_path("/versions/@champion/files/part-1.bin"))
    ),
    Endpoint("Hub: revision", lambda c: c.get(f"/hf/api/models/moorage/{MODEL}/revision/champion")),
    Endpoint("Hub: tree", lambda c: c.get(f"/hf/api/models/moorage/{MODEL}/tree/champion")),
    Endpoint("Hub: file (302)", lambda c: c.request("HEAD", f"/hf/moorage/{MODEL}/resolve/champion/part-1.bin")),
    Endpoint("OCI: manifest", lambda c: c.get(f"/v2/moorage/{MODEL}/manifests/champion")),
    # One query of the model's aliases, which carry their versions' files.
    Endpoint("OCI: blob (307)", lambda c: c.get(f"/v2/moorage/{MODEL}/blobs/sha256:{FILES_OF_VERSIONS[0].sha256}")),
    Endpoint("GET checks", lambda c: c.get(_path("/versions/7/checks"))),
    Endpoint("GET attestations", lambda c: c.get(_path("/versions/7/attestations"))),
    Endpoint("GET attestation", lambda c: c.get(_path("/versions/7/attestations/slsa"))),
    Endpoint("GET statements", lambda c: c.get(_path("/versions/7/statements"))),
    Endpoint("GET statement", lambda c: c.get(_path(f"/versions/7/statements/{c.statement}"))),
    Endpoint("GET signatures", lambda c: c.get(_path("/versions/7/signatures"))),
    Endpoint("GET signature", lambda c: c.get(_path("/versions/7/signatures/build"))),
    Endpoint("GET signers", lambda c: c.get("/v1/signers")),
    Endpoint("GET signer", lambda c: c.get("/v1/signers/ci")),
    Endpoint("GET evaluations", lambda c: c.get(_path("/versions/7/evaluations"))),
    Endpoint("GET vulnerabilities", lambda c: c.get(_path("/versions/7/vulnerabilities"))),
    Endpoint("GET advisories", lambda c: c.get("/v1/vulnerabilities")),
    # The names of the models; their heads; the versions in use with what was found.
    Endpoint(
        "GET affected versions",
        lambda c: c.get("/v1/vulnerabilities/affected", query={"advisory": "GHSA-7"}),
        dynamodb_calls=3,
    ),
    Endpoint("GET evidence files", lambda c: c.get(_path("/versions/7/evidence-files"))),
    Endpoint(
        "GET history of an evaluation (page of 20)",
        lambda c: c.get(_path("/versions/7/evaluations/holdout/history"), query={"limit": PAGE}),
    ),
    Endpoint(
        "GET series of an evaluation",
        lambda c: c.get(_path("/evaluations/holdout/series"), query={"metrics": "metric-1,metric-2", "limit": PAGE}),
        dynamodb_calls=2,
    ),
    Endpoint(
        "GET comparison of two",
        lambda c: c.get(_path("/compare"), query={"versions": "7,8"}),
        more_ratio=DIRECTIONS_RATIO + VERDICT_RATIO,
    ),
    Endpoint(
        "GET comparison with @alias",
        lambda c: c.get(_path("/compare"), query={"versions": "8,@champion"}),
        dynamodb_calls=2,
    ),
    Endpoint("GET usage of a version", lambda c: c.get(_path("/versions/7/usage"))),
    Endpoint("GET usage of a model", lambda c: c.get(_path("/usage"))),
    # An index, then what it found; by change of all models, eight shards.
    Endpoint("GET search: tag", lambda c: _search(c, "tags.team = 'risk'", "name"), dynamodb_calls=2),
    Endpoint("GET search: run", lambda c: _search(c, "run_id = 'run-7'"), dynamodb_calls=2),
    # The versions of a stage, and those of all names, lie in four shards and what was there before them.
    Endpoint("GET search: stage", lambda c: _search(c, "stage = 'development'", "name"), dynamodb_calls=6),
    Endpoint("GET search: metric", lambda c: _search(c, "metrics.auc > 0.5", "metrics.auc DESC"), dynamodb_calls=2),
    # A query for each of the two values, then the versions.
    Endpoint(
        "GET search: quarantine",
        lambda c: _search(c, "scan.quarantine IN ('kept', 'released')", "name, version"),
        dynamodb_calls=3,
    ),
    Endpoint("GET search: name", lambda c: _search(c, "name LIKE 'ben%'", "name"), dynamodb_calls=6),
    Endpoint("GET search: one model", lambda c: _search(c, f"name = '{MODEL}'"), dynamodb_calls=2),
    Endpoint(
        "GET search: one model, by version",
        lambda c: _search(c, f"name = '{MODEL}'", "version DESC"),
        more_ratio=FILTER_RATIO,
    ),
    Endpoint("GET search: last changed", lambda c: _search(c, ""), dynamodb_calls=9),
    Endpoint(
        "GET search: models with holders",
        lambda c: c.get("/v1/search/models", query={"filter": f"name = '{MODEL}'", "with": "holders"}),
        dynamodb_calls=2,
    ),
    Endpoint("GET search: models by tag", lambda c: _models(c, "tags.team = 'risk'"), dynamodb_calls=2),
    # The models by last change, and their newest versions; fifty versions of one model.
    Endpoint("GET search fields", lambda c: c.get("/v1/search/fields"), dynamodb_calls=10),
    Endpoint(
        "GET search fields of a model",
        lambda c: c.get("/v1/search/fields", query={"model": MODEL, "prefix": "metrics."}),
        more_ratio=3 * FILTER_RATIO,
    ),
    Endpoint("GET best versions of a model", lambda c: c.get(_path("/best"), query={"metric": "auc", "limit": PAGE})),
    # The model, then its index of each metric.
    Endpoint(
        "GET series of two metrics",
        lambda c: c.get(_path("/series"), query={"metrics": "auc,loss", "limit": PAGE}),
        dynamodb_calls=3,
    ),
    Endpoint("GET leaderboard of a run", lambda c: c.get("/v1/leaderboard", query=OF_A_RUN), dynamodb_calls=2),
    Endpoint("GET ledgers", lambda c: c.get("/v1/audit/ledgers"), dynamodb_calls=2),
    Endpoint("PATCH model", lambda c: c.patch(_path(), {"owner": "ada"}), writes=True),
    Endpoint("POST version (5 files)", lambda c: c.post(_path("/versions"), {"files": FILES}), writes=True),
    Endpoint(
        "POST version, with Idempotency-Key",
        lambda c: c.post(_path("/versions"), {"files": FILES}, key="bench-key"),
        writes=True,
    ),
    Endpoint("PATCH version", lambda c: c.patch(_path("/versions/7"), {"description": "d"}), writes=True),
    Endpoint("PUT alias (move)", lambda c: c.put(_path("/aliases/champion"), {"version": 9}), writes=True),
    Endpoint(
        "POST transition",
        lambda c: c.post(_path("/versions/9/transitions"), {"to_stage": "production"}),
        True,
    ),
    Endpoint(
        "POST transition (displaces)",
        lambda c: c.post(_path("/versions/8/transitions"), {"to_stage": "production"}),
        writes=True,
    ),
    Endpoint("GET card as HTML, with a stage held", lambda c: c.get(_path("/card.html")), dynamodb_calls=2),
    Endpoint(
        "POST alias rollback",
        lambda c: c.post(_path("/aliases/champion/rollback"), {}),
        True,
        dynamodb_calls=3,
    ),
    Endpoint(
        "POST stage rollback",
        lambda c: c.post(_path("/stages/production/rollback"), {}),
        True,
        dynamodb_calls=3,
    ),
    Endpoint("PUT freeze", lambda c: c.put(_path("/freeze"), {"reason": "incident"}), writes=True),
    Endpoint("DELETE freeze", lambda c: c.delete(_path("/freeze")), writes=True),
    Endpoint("PUT lock", lambda c: c.put(_path("/versions/6/lock"), {"reason": "audited"}), writes=True),
    Endpoint("DELETE lock", lambda c: c.delete(_path("/versions/6/lock")), writes=True),
    Endpoint("GET scan", lambda c: c.get(_path("/versions/5/scan"))),
    Endpoint("POST scan", lambda c: c.post(_path("/versions/5/scan"), None), writes=True),
    Endpoint(
        "PUT release from quarantine",
        lambda c: c.put(_path("/versions/5/scan/release"), {"reason": "incident 7", "expires_at": c.until}),
        writes=True,
    ),
    Endpoint("DELETE release from quarantine", lambda c: c.delete(_path("/versions/5/scan/release")), writes=True),
    Endpoint("PUT hold", lambda c: c.put(_path("/versions/6/hold"), {"reason": "case 7"}), writes=True),
    Endpoint("DELETE hold", lambda c: c.delete(_path("/versions/6/hold")), writes=True),
    Endpoint("PUT retention", lambda c: c.put(_path("/retention"), {"archived_after_days": 30}), writes=True),
    Endpoint("GET retention", lambda c: c.get(_path("/retention"))),
    Endpoint(
        "GET retention preview (20 versions)",
        lambda c: c.get(_path("/retention/preview"), query={"limit": 20}),
        dynamodb_calls=2,
    ),
    Endpoint("PUT card", lambda c: c.put(_path("/card"), {"sections": {"factors": "Income."}}), writes=True),
    Endpoint("PUT bill of materials", lambda c: c.put(_path("/versions/7/bom"), BOM), writes=True),
    Endpoint("PUT classification", lambda c: c.put(_path("/classification"), CLASSIFIED), writes=True),
    Endpoint("PATCH card", lambda c: c.patch(_path("/card"), {"sections": {"metrics": "AUC."}}), writes=True),
    Endpoint("POST comment", lambda c: c.post(_path("/comments"), {"text": "Why?", "version": 7}), writes=True),
    Endpoint("PUT check", lambda c: c.put(_path("/versions/7/checks/ci"), {"passed": True}), writes=True),
    Endpoint("POST check open", lambda c: c.post(_path("/versions/7/checks/ci/open"), {}), writes=True),
    # Which index is current, then a read and a transaction. The index itself is kept for a while.
    Endpoint("POST match", lambda c: c.post(_path("/versions/8/vulnerabilities"), {}), True, dynamodb_calls=3),
    Endpoint("PUT VEX statement", lambda c: c.put(_path("/versions/7/vulnerabilities/CVE-1"), STATEMENT), writes=True),
    Endpoint("DELETE VEX statement", lambda c: c.delete(_path("/versions/7/vulnerabilities/CVE-0")), writes=True),
    Endpoint("PUT attestation", lambda c: c.put(_path("/versions/7/attestations/slsa"), ATTESTATION), writes=True),
    Endpoint("DELETE attestation", lambda c: c.delete(_path("/versions/7/attestations/old")), writes=True),
    Endpoint("PUT signature", lambda c: c.put(_path("/versions/7/signatures/build"), SIGNED_AGAIN), writes=True),
    Endpoint("PUT signer", lambda c: c.put("/v1/signers/new", SIGNER), writes=True),
    Endpoint("DELETE signer", lambda c: c.delete("/v1/signers/old"), writes=True),
    Endpoint("PUT evaluation", lambda c: c.put(_path("/versions/7/evaluations/holdout"), EVALUATION), writes=True),
    Endpoint("DELETE check", lambda c: c.delete(_path("/versions/7/checks/scan")), writes=True),
    Endpoint("DELETE evaluation", lambda c: c.delete(_path("/versions/7/evaluations/old")), writes=True),
    Endpoint("PUT challenger", lambda c: c.put(_path("/challenger"), {"version": 8}), writes=True),
    Endpoint("GET challenger", lambda c: c.get(_path("/challenger")), dynamodb_calls=2),
    Endpoint("POST challenger promote", lambda c: c.post(_path("/challenger/promote"), {}), True, dynamodb_calls=3),
    Endpoint("PUT alias protection", lambda c: c.put(_path("/aliases/champion/protection"), {"protected": True}), True),
    Endpoint("GET roles", lambda c: c.get("/v1/roles")),
    Endpoint("GET quotas", lambda c: c.get("/v1/quotas")),
    Endpoint("GET grants", lambda c: c.get("/v1/grants")),
    # Rights that hinge on the classification: the head is read with what is read first by key, and before a query.
    Endpoint("GET model, limited", lambda c: c.limited.get(_path())),
    Endpoint("GET manifest by alias, limited", lambda c: c.limited.get(_path("/versions/@champion/artifacts"))),
    Endpoint(
        "GET versions, limited (page of 20)",
        lambda c: c.limited.get(_path("/versions"), query={"limit": PAGE}),
        dynamodb_calls=2,
    ),
    Endpoint("GET models, limited", lambda c: c.limited.get("/v1/models"), dynamodb_calls=2),
    Endpoint("PATCH model, limited", lambda c: c.limited.patch(_path(), {"description": "Limited."}), writes=True),
    Endpoint("GET trust", lambda c: c.get("/v1/trust")),
    # The custom roles, then a page of what holds grants.
    Endpoint("GET access", lambda c: c.get("/v1/access", query=WHO_MAY), dynamodb_calls=2),
    Endpoint("PUT role", lambda c: c.put("/v1/roles/curator", {"actions": ["read"]}), writes=True),
    Endpoint("PUT grants", lambda c: c.put("/v1/grants", {"subject": "group:risk", "grants": GRANTS}), writes=True),
    Endpoint("PUT trust", lambda c: c.put("/v1/trust/deployers", TRUST), writes=True),
    Endpoint("POST schedule", lambda c: c.post("/v1/schedules", {"name": "nightly", **SCHEDULE}), writes=True),
    Endpoint("GET schedules", lambda c: c.get("/v1/schedules")),
    Endpoint("GET schedule", lambda c: c.get("/v1/schedules/weekly")),
    Endpoint("PATCH schedule", lambda c: c.patch("/v1/schedules/weekly", {"models": "fraud*"}), writes=True),
    Endpoint("POST schedule fire", lambda c: c.post("/v1/schedules/weekly/fire", {}), writes=True),
    Endpoint("DELETE schedule", lambda c: c.delete("/v1/schedules/weekly"), writes=True),
    Endpoint("GET scheme", lambda c: c.get("/v1/schemes/own")),
    Endpoint("GET schemes", lambda c: c.get("/v1/schemes")),
    Endpoint("GET default scheme", lambda c: c.get("/v1/default-scheme")),
    Endpoint("GET model's scheme", lambda c: c.get(_path("/scheme"))),
    Endpoint("PUT scheme", lambda c: c.put("/v1/schemes/own", {**SCHEME, "description": "stricter"}), writes=True),
    Endpoint("PUT default scheme", lambda c: c.put("/v1/default-scheme", {"scheme": "own"}), writes=True),
    Endpoint("PUT model's scheme", lambda c: c.put(_path("/scheme"), {"scheme": "simple"}), writes=True),
    Endpoint("PUT tier", lambda c: c.put(_path("/tier"), {"tier": "high"}), writes=True),
    Endpoint("GET dry runs of all transitions", lambda c: c.get(_path("/versions/30/transitions")), dynamodb_calls=2),
    Endpoint("GET dry run of a transition", lambda c: c.get(_path("/versions/30/transitions/production"))),
    Endpoint(
        "POST override",
        lambda c: c.post(_path("/versions/30/override"), {"to_stage": "archived", "reason": "bench"}),
        writes=True,
    ),
    Endpoint(
        "POST request", lambda c: c.post(_path("/requests"), {"version": 31, "to_stage": "production"}), writes=True
    ),
    Endpoint("GET request", lambda c: c.get(_path("/requests/1"))),
    Endpoint("GET requests", lambda c: c.get(_path("/requests"))),
    Endpoint("GET requests (open)", lambda c: c.get(_path("/requests"), query={"state": "open"}), dynamodb_calls=2),
    # Four shards of the index, the requests, and what judges them.
    Endpoint("GET inbox", lambda c: c.get("/v1/inbox", query={"for": "all"}), dynamodb_calls=6),
    Endpoint("GET standing of a request", lambda c: c.get(_path("/requests/1/standing")), dynamodb_calls=2),
    Endpoint("POST approval", lambda c: c.post(_path("/requests/1/approve"), {}), True, dynamodb_calls=3),
    Endpoint("POST execution", lambda c: c.post(_path("/requests/1/execute"), {}), True, dynamodb_calls=3),
    Endpoint("POST withdrawal", lambda c: c.post(_path("/requests/2/withdraw"), {}), writes=True),
    Endpoint("GET targets", lambda c: c.get("/v1/targets")),
    Endpoint("GET target", lambda c: c.get("/v1/targets/bench")),
    Endpoint("PUT target", lambda c: c.put("/v1/targets/bench", {**TARGET, "description": "d"}), writes=True),
    # The entries of the target's places, then the places.
    Endpoint("GET models of a target", lambda c: c.get("/v1/targets/bench/models"), dynamodb_calls=2),
    # The same entries, and a query for each model.
    Endpoint(
        "GET models of a target as of",
        lambda c: c.get("/v1/targets/bench/as-of", query={"time": "2099-01-01T00:00:00Z"}),
        dynamodb_calls=2,
    ),
    # The places of a model, and what its targets said.
    Endpoint("GET targets of a model", lambda c: c.get(_path("/targets")), dynamodb_calls=2),
    # The list, and how those in progress stand.
    Endpoint("GET deployments", lambda c: c.get(_path("/deployments")), dynamodb_calls=2),
    Endpoint("GET deployment", lambda c: c.get(_path("/deployments/1"))),
    # Targets, the places of one, then places and versions.
    Endpoint("GET recall", lambda c: c.get("/v1/recall", query={"dataset": "clicks"}), dynamodb_calls=4),
    Endpoint("POST lineage", lambda c: c.post("/v1/lineage", TRAINED), writes=True),
    # The version, then a query in each direction, and one for each of two things that it comes from.
    Endpoint("GET lineage", lambda c: c.get(_path("/versions/7/lineage")), dynamodb_calls=5),
    Endpoint(
        "GET lineage of a dataset",
        lambda c: c.get("/v1/lineage", query={"name": "s3://lake/clicks", "direction": "down"}),
        dynamodb_calls=2,
    ),
    Endpoint("GET lineage as PROV", lambda c: c.get(_path("/versions/7/lineage/prov")), dynamodb_calls=4),
    Endpoint("GET lineage as OpenLineage", lambda c: c.get(_path("/versions/7/lineage/openlineage")), dynamodb_calls=4),
    Endpoint("GET reproducibility", lambda c: c.get(_path("/versions/7/reproducibility"))),
    # The models, their aliases and the versions, ten models at a time, of which there are more; then the links of one
    # version and of all that it comes from.
    Endpoint(
        "GET descendants of a dataset",
        lambda c: c.get("/v1/lineage/descendants", query={"dataset": "s3://lake/clicks", "alias": "champion"}),
        dynamodb_calls=8,
    ),
    # What a recall reads but the versions, then the links.
    Endpoint("GET what feeds what runs", lambda c: c.get("/v1/lineage/serving"), dynamodb_calls=6),
    Endpoint("POST lineage to take back", lambda c: c.post("/v1/lineage/unstate", TRAINED), writes=True),
    # The deployment, then its place and target.
    Endpoint(
        "PUT status of a deployment",
        lambda c: c.put(_path("/deployments/1/status"), {"status": "succeeded"}),
        writes=True,
        dynamodb_calls=3,
    ),
    # What is known costs a read, and now and then a write.
    Endpoint("PUT observed, known", lambda c: c.put("/v1/targets/bench/observed", OBSERVED), dynamodb_calls=2),
    Endpoint(
        "POST deployment", lambda c: c.post(_path("/deployments"), {"target": "bench", "version": 7}), writes=True
    ),
    # The place, then the deployment on its way there; what the target said goes after the commit.
    Endpoint("DELETE target of a model", lambda c: c.delete(_path("/targets/bench")), writes=True, dynamodb_calls=4),
    Endpoint("GET monitors", lambda c: c.get(_path("/monitors"))),
    Endpoint("GET monitor", lambda c: c.get(_path("/monitors/drift"))),
    # Twenty histograms are read, checked and written.
    Endpoint(
        "PUT monitor",
        lambda c: c.put(_path("/monitors/drift"), {**MONITOR, "min_n": 300}),
        writes=True,
        more_ratio=10.0,
    ),
    # The list of evidence files, which names the version's object; then as above.
    Endpoint(
        "PUT monitor with the baseline of an evaluation",
        lambda c: c.put(_path("/monitors/drift"), {**MONITOR, "baseline": BASELINE_FILE}),
        writes=True,
        dynamodb_calls=3,
        other_calls=1,
        more_ratio=10.0,
    ),
    # The monitor; the window, in one write unit for each kilobyte; the monitor again, and its last windows.
    Endpoint(
        "PUT window",
        lambda c: c.put(_path(f"/monitors/drift/windows/{c.window}"), WINDOW),
        writes=True,
        dynamodb_calls=4,
        more_ratio=8.0,
    ),
    # The same calls, with one transaction for all windows.
    Endpoint(
        "POST windows (25)",
        lambda c: c.post(_path("/monitors/drift/windows"), {"windows": c.windows}),
        writes=True,
        dynamodb_calls=4,
        more_ratio=75.0,
    ),
    # Those of a version that the monitor does not watch are only kept.
    Endpoint(
        "PUT window of another version",
        lambda c: c.put(_path(f"/monitors/drift/windows/{c.window}"), {**WINDOW, "version": 8}),
        writes=True,
    ),
    # The monitor, which knows the version, then its windows.
    Endpoint(
        "GET windows (page of 20)",
        lambda c: c.get(_path("/monitors/drift/windows"), query={"limit": PAGE}),
        dynamodb_calls=2,
        more_ratio=25.0,
    ),
    Endpoint("GET judgement", lambda c: c.get(_path("/monitors/drift/judgement")), dynamodb_calls=2, more_ratio=8.0),
    Endpoint("DELETE monitor", lambda c: c.delete(_path("/monitors/drift")), writes=True),
    Endpoint("GET webhook health", lambda c: c.get(f"/v1/webhooks/{c.webhook}/health")),
    # The index, then the log.
    Endpoint(
        "GET deliveries in a state (page of 20)",
        lambda c: c.get(f"/v1/webhooks/{c.webhook}/deliveries", query={"state": "failed", "limit": PAGE}),
        dynamodb_calls=2,
    ),
    # The webhook and the log. What is chosen costs a transaction, and a call of the queue for each ten.
    Endpoint("POST redelivery of a range", lambda c: c.post(f"/v1/webhooks/{c.webhook}/redeliver", RANGE), True),
    Endpoint("GET sign-in methods", lambda c: c.get("/auth/methods")),
    # The token; its grants; the sign-ins of the day; the session.
    Endpoint("POST sign-in by token", lambda c: c.post("/auth/token", {"token": c.token}), True, dynamodb_calls=4),
    # The session; its token; the grants; the session again, as used.
    Endpoint("POST access token", lambda c: c.post("/auth/session", None), True, dynamodb_calls=4),
    # The browser's session, then the page.
    Endpoint("GET own sessions", lambda c: c.get("/auth/sessions"), dynamodb_calls=2),
    Endpoint("DELETE another own session", lambda c: c.delete(f"/auth/sessions/{c.session_id}"), writes=True),
    Endpoint("GET sessions", lambda c: c.get("/v1/sessions")),
    Endpoint("DELETE session", lambda c: c.delete(f"/v1/sessions/{c.other_session_id}"), writes=True),
    Endpoint("DELETE own session", lambda c: c.delete("/auth/session"), writes=True),
    Endpoint("DELETE version", lambda c: c.delete(_path("/versions/5")), writes=True),
    Endpoint("GET deleted versions (page of 20)", lambda c: c.get(_path("/deleted-versions"), query={"limit": 20})),
    Endpoint("POST restore", lambda c: c.post(_path("/versions/5/restore"), {}), writes=True),
    Endpoint("DELETE alias", lambda c: c.delete(_path("/aliases/champion")), writes=True),
]


def prepare(registry: Services, caller: Function) -> None:
    """Full pages, an alias and a scheme to read and to change, reports of versions, requests to judge, and sessions."""
    _sign_in(caller)
    _deploy(caller)
    _attach(registry, caller)
    _watch(registry, caller)
    _state(registry, caller)
    _deliver(registry, caller)
    registry.settings = replace(registry.settings, scanning=True)
    quarantined(registry, 5, MODEL)
    caller.until = later(registry.clock(), timedelta(days=1))
    other = Request(Principal("token:other", (Grant(Role.CONTRIBUTOR, "*"),)), "prepare")
    for version in (40, 41):
        requests.open_request(registry, other, MODEL, str(version), "archived", None, None, [])
    assert caller.put("/v1/schemes/own", SCHEME).status == 200
    assert caller.post("/v1/schedules", {"name": "weekly", **SCHEDULE}).status == 201
    for number in range(PAGE):
        assert caller.post("/v1/models", {"name": f"model-{number}", "tags": {"team": "risk"}}).status == 201
        assert caller.patch(_path(), {"description": f"said {number} times"}).status == 200
        assert caller.put(_path("/aliases/champion"), {"version": PAGE - number}).status == 200
    assert caller.put(_path("/aliases/champion"), {"version": 7}).status == 200
    assert caller.put(_path("/card"), {"sections": {"factors": "Age, *income*.\n\n- a\n- b"}}).status == 200
    assert caller.post(_path("/comments"), {"text": "Why?", "version": 7}).status == 201
    for name in ("ci", "scan"):
        assert caller.put(_path(f"/versions/7/checks/{name}"), {"passed": True}).status == 200
    for name in ("slsa", "old"):
        reply = caller.put(_path(f"/versions/7/attestations/{name}"), ATTESTATION)
        assert reply.status == 200, reply.text
    make_current(registry, Request(Principal("token:other", ()), "prepare"), stored_index(registry))
    assert caller.post(_path("/versions/7/vulnerabilities"), {}).status == 200
    assert caller.put(_path("/versions/7/vulnerabilities/CVE-0"), STATEMENT).status == 200
    for name in ("ci", "old"):
        assert caller.put(f"/v1/signers/{name}", SIGNER).status == 200
    reply = caller.put(_path("/versions/7/signatures/build"), SIGNED)
    assert reply.status == 200, reply.text
    for version, name in ((7, "holdout"), (8, "holdout"), (7, "old")):
        assert caller.put(_path(f"/versions/{version}/evaluations/{name}"), EVALUATION).status == 200


def _state(registry: Services, caller: Function) -> None:
    """A statement about a move of a protected alias."""
    assert caller.put(_path("/aliases/stated/protection"), {"protected": True}).status == 200
    assert caller.put(_path("/aliases/stated"), {"version": 7}).status == 200
    event = caller.get(_path("/events"), query={"limit": 1}).document["items"][0]
    state(registry, event)
    caller.statement = event["sequence"]


def _watch(registry: Services, caller: Function) -> None:
    """A monitor of twenty features with a window that is well, and windows to be reported."""
    assert caller.put(_path("/monitors/drift"), MONITOR).status == 200
    ended = moment(registry.clock()).replace(minute=0, second=0, microsecond=0)
    starts = [instant(ended - timedelta(hours=hour + 1)) for hour in range(25)]
    caller.window = starts[0]
    caller.windows = [{**WINDOW, "start": start} for start in starts]
    assert caller.put(_path(f"/monitors/drift/windows/{starts[0]}"), WINDOW).status == 200


def _attach(registry: Services, caller: Function) -> None:
    """The baseline of an evaluation as an evidence file."""
    content = json.dumps(_FEATURES).encode()
    where = _path("/versions/7/evidence-files/baseline.json")
    declared = {"size": len(content), "sha256": sha256(content), "evaluation": "holdout"}
    upload = caller.post(f"{where}/upload", declared).document
    key = f"evidence/{upload['url'].partition('?')[0].partition('/evidence/')[2]}"
    put_object(registry, key, content)
    reply = caller.post(f"{where}/finalise", {"id": upload["id"]})
    assert reply.status == 200, reply.text


def _deploy(caller: Function) -> None:
    """A target, and a deployment that is in progress there."""
    assert caller.put("/v1/targets/bench", TARGET).status == 200
    assert caller.put(_path("/aliases/served"), {"version": 7}).status == 200
    reply = caller.post(_path("/deployments"), {"target": "bench", "version": 7})
    assert reply.status == 201, reply.text
    assert caller.put(_path("/deployments/1/status"), {"status": "in_progress"}).status == 200


def _deliver(registry: Services, caller: Function) -> None:
    """A webhook with more failed deliveries in its log than a page shows."""
    # An IP address, so that no name is looked up. Nothing is sent there.
    caller.webhook = caller.post("/v1/webhooks", {"url": "https://93.184.216.34/hook"}).document["id"]
    time, log = Instant("2026-01-01T00:00:00.000Z"), DeliveryLog(registry.table)
    for number in range(2 * PAGE):
        failed = Delivery(
            f"{first_id(time)}{number:020d}", caller.webhook, "x", f"model:{MODEL}", 1, time, state=State.FAILED
        )
        log.save(Entry(failed), failed, registry.clock())


def _sign_in(caller: Function) -> None:
    """A token to sign in with, three sessions of it, and a last use of it that need not be recorded again."""
    caller.token = caller.post("/v1/tokens", {"name": "bench", "grants": GRANTS}).document["token"]
    replies = [caller.post("/auth/token", {"token": caller.token}) for _ in range(3)]
    cookies = [reply.headers["Set-Cookie"].partition(";")[0] for reply in replies]
    caller.cookie = cookies[0]
    caller.session_id, caller.other_session_id = (cookie.partition("=")[2].partition("_")[0] for cookie in cookies[1:])
