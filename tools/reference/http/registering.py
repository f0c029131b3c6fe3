"""The calls about models, versions, files, aliases, stages and challengers."""

from typing import Final

from tests.golden.story import FILE, LARGE_FILE
from tools.reference.http.exchange import Told

_FRAUD: Final = {
    "description": "Scores card payments.",
    "owner": "risk",
    "tags": {"team": "risk"},
    "metadata": {"metric_directions": {"latency_ms": "down"}},
}
_FIRST: Final = {
    "label": "1.0.0",
    "description": "Trained on payments of 2025.",
    "tags": {"team": "risk"},
    "metadata": {"rows": 120_000},
    "parameters": {"depth": 6, "eta": 0.1},
    "metrics": {"auc": 0.93, "latency_ms": 21},
    "provenance": {
        "author": "ben",
        "run": {"id": "run-17", "url": "https://ci.example.com/runs/17"},
        "datasets": [{"name": "payments", "version": "2025-12"}],
        "source": {"repository": "git@example.com:acme/fraud.git", "commit": "9f2c1e7"},
        "runtime": {"python": "3.13", "requirements": ["xgboost==3.1.0"]},
    },
    "framework": {"name": "xgboost", "version": "3.1.0"},
    "signature": {"inputs": [{"name": "amount", "type": "double"}], "outputs": [{"name": "score", "type": "double"}]},
    "task": "tabular-classification",
}
_PAGE: Final = 2


def registered(story: Told) -> None:
    """Two models; of ``fraud`` four versions that are READY."""
    story.model("fraud", **_FRAUD)
    story.model("loans", description="Ranks applications for loans.", owner="credit", tags={"team": "credit"})
    story.ready("fraud", files=[FILE, LARGE_FILE], **_FIRST)
    story.ready("fraud", label="1.1.0", metrics={"auc": 0.95, "latency_ms": 24}, parameters={"depth": 8, "eta": 0.1})
    story.ready("fraud", label="1.2.0", metrics={"auc": 0.96, "latency_ms": 31}, parameters={"depth": 9, "eta": 0.1})
    story.ready("fraud", label="1.3.0-rc.1", metrics={"auc": 0.91, "latency_ms": 19})
    story.get("models", limit=_PAGE)
    story.get("models/fraud")
    story.call("PATCH", "models/fraud", {"owner": "card risk"})
    classified = {"classification": "confidential", "personal_data": True, "reason": "card holders"}
    story.call("PUT", "models/fraud/classification", classified)
    story.get("models/fraud/versions", limit=_PAGE)
    story.get("models/fraud/versions/1")
    story.call("PATCH", "models/fraud/versions/1", {"description": "Trained on payments of 2025, all countries."})
    story.get("models/fraud/versions/1/files")
    story.model("scratch")
    story.call("DELETE", "models/scratch")


def pointed_at(story: Told) -> None:
    """Aliases, stages, promotion rule and challenger of ``fraud``."""
    fraud = "models/fraud"
    story.call("PUT", f"{fraud}/promotion-rule", {"metric": "auc", "to_stage": "staging", "at_least": 0.99})
    story.get(f"{fraud}/promotion-rule")
    story.call("DELETE", f"{fraud}/promotion-rule")
    _aliases(story, fraud)
    _stages(story, fraud)
    _challenger(story, fraud)
    story.get(f"{fraud}/versions/@champion/artifacts")
    story.get(f"{fraud}/versions/@champion/artifacts/file", path="model.bin")
    story.get(f"{fraud}/versions/@champion/files/model.bin")
    story.call("HEAD", f"{fraud}/versions/@champion/files/model.bin")
    story.get(f"{fraud}/overview")
    story.get(f"{fraud}/versions/3/overview")


def _aliases(story: Told, fraud: str) -> None:
    story.call("PUT", f"{fraud}/aliases/champion", {"version": 1, "expected_version": None, "reason": "first release"})
    story.call("PUT", f"{fraud}/aliases/champion", {"version": 2, "expected_version": 1})
    story.call("PUT", f"{fraud}/aliases/canary", {"version": 3})
    story.get(f"{fraud}/aliases")
    story.get(f"{fraud}/aliases/champion")
    story.get(f"{fraud}/aliases/champion/history")
    story.call("POST", f"{fraud}/aliases/champion/rollback", {"reason": "complaints"})
    story.get(f"{fraud}/aliases/champion/as-of", time=story.now)
    story.call("DELETE", f"{fraud}/aliases/canary")
    story.call("PUT", f"{fraud}/aliases/champion/protection", {"protected": True})


def _stages(story: Told, fraud: str) -> None:
    story.get(f"{fraud}/versions/1/transitions")
    story.get(f"{fraud}/versions/1/transitions/production")
    first = {"to_stage": "production", "reason": "first release", "expected_stage": "development"}
    story.call("POST", f"{fraud}/versions/1/transitions", first)
    story.call("POST", f"{fraud}/versions/2/transitions", {"to_stage": "production", "reason": "better auc"})
    story.get(f"{fraud}/stages")
    story.get(f"{fraud}/stages/production/history")
    story.call("POST", f"{fraud}/stages/production/rollback", {"reason": "complaints"})
    story.get(f"{fraud}/stages/production/as-of", time=story.now)
    story.get(f"{fraud}/as-of", time=story.now)
    story.get("as-of", time=story.now, stage="production")


def _challenger(story: Told, fraud: str) -> None:
    story.call("PUT", f"{fraud}/challenger", {"version": 2})
    story.get(f"{fraud}/challenger")
    story.call("POST", f"{fraud}/challenger/promote", {"expected_version": 2, "reason": "two points better"})
    story.call("PUT", f"{fraud}/challenger", {"version": 3})
    story.call("POST", f"{fraud}/challenger/retire", {"reason": "too slow"})
    story.call("PUT", f"{fraud}/challenger", {"version": 3})
