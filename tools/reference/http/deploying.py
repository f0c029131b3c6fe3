"""The calls about targets, deployments, what runs where, recalls, and where what runs comes from."""

from typing import Final

from chalicelib.registry.audit import audit
from chalicelib.registry.deployments.opening import open_for_event
from tools.reference.http.exchange import Told

_TARGET: Final = {
    "kind": "external",
    "environment": "production",
    "models": ["churn*"],
    "stage": "production",
    "config": {"application": "argocd/churn"},
    "policy": {"roll_back": True, "give_up_after": 1_800},
    "reporters": ["oidc:github:repo:acme/serving:*"],
    "description": "The cluster in Frankfurt.",
}


def deployed(story: Told) -> None:
    """A target for ``churn``, two versions that are deployed there, and what it says that it serves."""
    story.model("churn")
    story.call("PUT", "targets/frankfurt", _TARGET)
    story.get("targets")
    story.get("targets/frankfurt")
    provenance = {"datasets": [{"name": "clicks", "version": "2026-01"}]}
    for number in (1, 2):
        story.ready("churn", provenance=provenance)
        story.call("POST", f"models/churn/versions/{number}/transitions", {"to_stage": "production"})
        _follow(story)
    links = {"Argo CD": "https://argo.example.com/applications/churn"}
    deployments = "models/churn/deployments"
    story.call("PUT", f"{deployments}/2/status", {"status": "in_progress", "detail": "syncing", "links": links})
    story.get(f"{deployments}/2")
    story.call("PUT", f"{deployments}/2/status", {"status": "failed", "detail": "crash loop"})
    story.call("POST", f"{deployments}/2/retry", {"reason": "more memory"})
    story.call("PUT", f"{deployments}/2/status", {"status": "succeeded", "links": links, "attempt": 2})
    story.call("PUT", "targets/frankfurt/observed", {"model": "churn", "version": 2})
    story.call("POST", deployments, {"target": "frankfurt", "version": 2, "reason": "the node was replaced"})
    story.get(deployments, limit=2)
    story.get("models/churn/targets")
    story.get("targets/frankfurt/models")
    story.get("targets/frankfurt/as-of", time=story.now)
    story.get("recall", dataset="clicks")
    _traced(story)
    story.call("DELETE", "models/churn/targets/frankfurt")
    story.call("DELETE", "targets/frankfurt")


def _traced(story: Told) -> None:
    """What the deployed version comes from, as it says itself and as a pipeline says."""
    trained = {
        "eventType": "COMPLETE",
        "eventTime": "2026-11-23T09:00:00Z",
        "producer": "https://airflow.example.com",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": "3f5e83fa-3480-44ff-99c5-ff943904e5e8"},
        "job": {"namespace": "airflow", "name": "train_churn"},
        "inputs": [{"namespace": "s3://lake", "name": "clicks/2026-01"}],
        "outputs": [
            {
                "namespace": "moorage",
                "name": "churn",
                "facets": {"datasetType": {"datasetType": "MODEL"}, "version": {"datasetVersion": "2"}},
            }
        ],
    }
    story.call("POST", "lineage", trained)
    story.call("POST", "lineage/batch", [trained])
    story.get("models/churn/versions/2/lineage", direction="up")
    story.get("models/churn/versions/2/lineage/openlineage")
    story.get("models/churn/versions/2/lineage/prov")
    story.get("models/churn/versions/2/reproducibility")
    story.get("lineage", name="clicks", version="2026-01")
    story.get("lineage/descendants", dataset="clicks")
    story.get("lineage/serving", dataset="clicks")
    story.call("POST", "lineage/unstate", trained)


def _follow(story: Told) -> None:
    """Do what the deployer does once the event of the move reaches it."""
    (event,) = audit.list_events(story.registry, "model:churn", "newest", 1, None).items
    open_for_event(story.registry, event)
