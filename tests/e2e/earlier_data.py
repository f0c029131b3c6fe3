"""What a registry of an earlier release is filled with before it is upgraded, and how to ask for all of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from tests.e2e.stack import Stack, declared, eventually, release, release_files
from tests.golden.asking import settled

# A list of these is longer than an item of today holds, and as long as three of its parts.
MANY: Final = {f"shards/part-{number:05d}-of-00150.parquet": f"shard {number}".encode() for number in range(150)}
MLMODEL: Final = b"flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n"
_SCHEME: Final = {
    "initial": "draft",
    "archive": "gone",
    "stages": [
        {"name": "draft"},
        {"name": "live", "exclusive": True, "on_enter": {"aliases": ["champion"]}},
        {"name": "gone", "terminal": True},
    ],
    "transitions": [
        {"from": "draft", "to": "live", "execution": "manual", "approvals": [{"count": 1, "roles": ["reviewer"]}]},
        {"from": ["draft", "live"], "to": "gone"},
    ],
}
_READS: Final = (
    *("models", "schemes", "schemes/reviewed", "roles", "grants", "tokens", "webhooks", "events", "events/verify"),
    *(
        f"models/{model}{part}"
        for model in ("fraud", "reviewed", "logged")
        for part in ("", "/versions", "/aliases", "/stages", "/events", "/events/verify", "/changes")
    ),
    *(f"models/fraud/versions/{key}" for key in ("1", "2", "3", "5", "@champion", "@canary")),
    *(f"models/fraud/versions/{key}/artifacts" for key in ("1", "2", "@champion", "@canary")),
    *(f"models/fraud/{part}" for part in ("deleted-versions", "card", "card/revisions", "comments")),
    *(f"models/fraud/versions/1/{part}" for part in ("checks", "evaluations")),
    *(f"models/fraud/aliases/{part}" for part in ("champion", "champion/history", "canary/history")),
    "models/fraud/stages/production/history",
    "models/reviewed/versions/@champion/artifacts",
    *(f"models/reviewed/requests{part}" for part in ("", "/1", "/2", "/2/standing")),
    *(f"models/logged/versions/{part}" for part in ("1", "1/artifacts", "@best/artifacts")),
)


@dataclass
class EarlierData:
    """Fills the registry of ``stack`` by its HTTP API. ``reviewer`` is the token of somebody who may approve."""

    stack: Stack
    reviewer: str = ""
    run: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)

    def write(self) -> None:
        with self.stack.http() as http:
            self._administered(http)
            self._fraud(http)
            self._reviewed(http)
            self._logged(http)
        self.answers = dict(read(self.stack))

    def _administered(self, http: httpx.Client) -> None:
        _done(http.put("/v1/roles/reporter", json={"actions": ["read", "report"]}))
        grants = [{"role": "reporter", "models": "fr*"}]
        _done(http.put("/v1/grants", json={"subject": "group:ci", "grants": grants}))
        reviewing = {"name": "reviewer", "grants": [{"role": "reviewer", "models": "*"}]}
        self.reviewer = _done(http.post("/v1/tokens", json=reviewing))["token"]
        hook = {"url": "https://93.184.216.34/hook", "events": ["model.deleted"]}
        _done(http.post("/v1/webhooks", json=hook))

    def _fraud(self, http: httpx.Client) -> None:
        """Versions: 1 in production, 2 with many files, 3 measured best, 4 deleted, 5 waiting for its file."""
        fraud = "/v1/models/fraud"
        described = {"description": "Card fraud.", "owner": "risk", "tags": {"team": "risk"}}
        _done(http.post("/v1/models", json={"name": "fraud", **described}))
        run = {"run": {"id": "run-17"}}
        release(http, "fraud", b"1", label="1.0.0", metrics={"auc": 0.8}, provenance=run, tags={"team": "risk"})
        release_files(http, "fraud", MANY)
        release(http, "fraud", b"3", metrics={"auc": 0.9}, provenance=run)
        release(http, "fraud", b"4")
        _done(http.delete(f"{fraud}/versions/4"))
        _done(http.post(f"{fraud}/versions", json={"files": [declared("model.bin", b"5")]}))
        _done(http.put(f"{fraud}/versions/1/checks/ci", json={"passed": True}))
        holdout = {"kind": "offline", "metrics": {"auc": 0.79}}
        _done(http.put(f"{fraud}/versions/1/evaluations/holdout", json=holdout))
        for stage in ("staging", "production"):
            _done(http.post(f"{fraud}/versions/1/transitions", json={"to_stage": stage}))
        for alias, number in (("champion", 1), ("champion", 2), ("canary", 3)):
            _done(http.put(f"{fraud}/aliases/{alias}", json={"version": number}))
        _done(http.put(f"{fraud}/aliases/champion/protection", json={"protected": True}))
        for use in ("Card payments.", "Payments by card."):
            _done(http.patch(f"{fraud}/card", json={"sections": {"intended_use": use}}))
        _done(http.post(f"{fraud}/comments", json={"text": "Is it fair?", "version": 1}))
        _done(http.put(f"{fraud}/versions/3/lock", json={"reason": "audited"}))

    def _reviewed(self, http: httpx.Client) -> None:
        """Version 1 is live after a request; the request for version 2 is open."""
        reviewed = "/v1/models/reviewed"
        _done(http.put("/v1/schemes/reviewed", json=_SCHEME))
        _done(http.post("/v1/models", json={"name": "reviewed"}))
        _done(http.put(f"{reviewed}/scheme", json={"scheme": "reviewed"}))
        for number in (1, 2):
            release(http, "reviewed", f"reviewed {number}".encode())
            _done(http.post(f"{reviewed}/requests", json={"version": number, "to_stage": "live"}))
        self.approve(1)
        _done(http.post(f"{reviewed}/requests/1/execute", json={}))

    def approve(self, request: int) -> None:
        with self.stack.http(self.reviewer) as http:
            _done(http.post(f"/v1/models/reviewed/requests/{request}/approve", json={}))

    def _logged(self, http: httpx.Client) -> None:
        """A version that is a copy of what a run logged, with the metric of the run."""
        mlflow = "/api/2.0/mlflow"
        begun = _done(http.post(f"{mlflow}/runs/create", json={"experiment_id": "0", "start_time": 1}))["run"]["info"]
        self.run = begun["run_id"]
        measured = {"run_id": self.run, "key": "auc", "value": 0.95, "timestamp": 1}
        _done(http.post(f"{mlflow}/runs/log-metric", json=measured))
        place = begun["artifact_uri"].removeprefix("mlflow-artifacts:/")
        url = f"/api/2.0/mlflow-artifacts/artifacts/{place}/model/MLmodel"
        _done(http.put(url, content=MLMODEL, follow_redirects=True))
        _done(http.post(f"{mlflow}/registered-models/create", json={"name": "logged"}))
        source = {"name": "logged", "source": f"runs:/{self.run}/model", "run_id": self.run}
        _done(http.post(f"{mlflow}/model-versions/create", json=source))

        def ready() -> bool:
            return bool(_done(http.get("/v1/models/logged/versions/1"))["status"] == "READY")

        eventually(ready, "copying what was logged")
        _done(http.put("/v1/models/logged/aliases/best", json={"version": 1}))


def read(stack: Stack) -> Iterator[tuple[str, Any]]:
    """Each path with what the registry answers to it, reduced to what every release answers at any time."""
    with stack.http() as http:
        for path in _READS:
            answer = http.get(f"/v1/{path}")
            document = settled(answer.json())
            if path.endswith("/artifacts"):
                # When the URLs expire.
                del document["expires_at"]
            if path == "schemes":
                # Built-in ones come with the release, and are not data.
                document["items"] = [scheme for scheme in document["items"] if not scheme["builtin"]]
            yield path, (answer.status_code, document)


def _done(answer: httpx.Response) -> Any:
    """The document of an answer, which must be a success."""
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.text}"
    return answer.json() if answer.text else None
