"""Dry runs of every move from where a version stands, judged on one read set."""

from typing import Any

from chalicelib.aws.services import Services
from chalicelib.registry.promotion import dry_runs, requests, stages
from tests.domain.schemes.documents import document
from tests.registry.build import ADMIN, MODEL, ready, request
from tests.registry.faults import Calls
from tests.registry.governed import governed

COMPARED: dict[str, Any] = {"kind": "compare", "metric": "auc"}
COMPARING = document(
    transitions=[
        {"from": "draft", "to": "live", "gates": [{**COMPARED, "name": "better", "stage": "live"}]},
        {"from": ["draft", "live"], "to": "gone", "gates": [{**COMPARED, "name": "rival", "alias": "champion"}]},
    ]
)


def test_all_dry_runs_cost_two_reads_however_many_gates_compare(registry: Services) -> None:
    governed(registry, scheme=COMPARING)
    for auc in (0.5, 0.6):
        ready(registry, metrics={"auc": auc})
    stages.transition(registry, request(), MODEL, 1, "live", None, None)
    for to_stage in ("live", "gone"):
        requests.open_request(registry, request(), MODEL, "2", to_stage, None, None, [])
    calls = Calls(registry.client("dynamodb"))
    moves = dry_runs.explain_transitions(registry, ADMIN, MODEL, "2")
    assert calls.operations == ["BatchGetItem"] * 2
    assert [(move.dry_run.to_stage, move.dry_run.request) for move in moves] == [("live", 1), ("gone", 2)]
    for move in moves:
        assert move.dry_run == dry_runs.explain_transition(registry, MODEL, "2", move.dry_run.to_stage)


def test_a_stage_that_nothing_leads_out_of_has_no_dry_runs(registry: Services) -> None:
    governed(registry, scheme=document())
    ready(registry)
    stages.transition(registry, request(), MODEL, 1, "gone", None, None)
    assert dry_runs.explain_transitions(registry, ADMIN, MODEL, "1") == ()
