"""The story of deployments: one that succeeded, one that failed, one that runs, and one that waits for it."""

from typing import Any, Final

from chalicelib.registry.audit import audit
from chalicelib.registry.deployments.opening import open_for_event
from tests.golden.story import Story

_TARGET = {
    "environment": "production",
    "models": ["deployed"],
    "stage": "production",
    "config": {"application": "fraud"},
    "policy": {"roll_back": True},
    "reporters": ["token:argo"],
}

_MADE_DATA: Final[dict[str, Any]] = {
    "eventType": "COMPLETE",
    "eventTime": "2026-01-01T00:00:00Z",
    "producer": "https://example.com/pipeline",
    "run": {"runId": "r1"},
    "job": {"namespace": "airflow", "name": "train"},
    "inputs": [{"namespace": "s3://lake", "name": "raw"}],
    "outputs": [{"namespace": "s3://lake", "name": "clicks"}],
}
_VERSION: Final = {"datasetType": {"datasetType": "MODEL"}, "version": {"datasetVersion": "1"}}
# Another run trained version 1 on what the first one made.
TRAINED: Final[dict[str, Any]] = {
    **_MADE_DATA,
    "run": {"runId": "r2"},
    "inputs": _MADE_DATA["outputs"],
    "outputs": [{"namespace": "moorage", "name": "deployed", "facets": _VERSION}],
}


def deployed(story: Story) -> None:
    """A target that says that it serves another version than is wanted."""
    story.call("PUT", "targets/cluster", _TARGET)
    story.model("deployed")
    for number, statuses in enumerate((["succeeded"], ["failed"], ["in_progress"], []), 1):
        story.ready("deployed", provenance={"datasets": [{"name": "clicks"}]})
        story.call("POST", f"models/deployed/versions/{number}/transitions", {"to_stage": "production"})
        (event,) = audit.list_events(story.registry, "model:deployed", "newest", 1, None).items
        open_for_event(story.registry, event)
        for status in statuses:
            report = {"status": status, "detail": f"it has {status}", "links": {"Log": "https://ci.example/log"}}
            story.call("PUT", f"models/deployed/deployments/{number}/status", report)
        if number == 2:
            story.call("PUT", "targets/cluster/observed", {"model": "deployed", "version": 1})
    _trained(story)


def _trained(story: Story) -> None:
    """A pipeline says with OpenLineage what a version was trained on, and what made the data."""
    story.call("POST", "lineage", _MADE_DATA)
    story.call("POST", "lineage", TRAINED)
