"""Series of metrics over HTTP."""

import pytest

from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.gateway import Caller, granted

SERIES = "/v1/models/fraud/series"


@pytest.fixture(autouse=True)
def fraud(admin: Caller, registry: Services) -> None:
    journey.model(admin)
    for auc, loss in ((0.9, 3), (0.95, 2.5)):
        journey.ready(admin, registry, metrics={"auc": auc, 'loss, "raw"': loss})


def test_a_series_has_a_line_for_each_metric(admin: Caller) -> None:
    assert admin.patch("/v1/models/fraud", {"metadata": {"metric_directions": {"auc": "up"}}}).status == 200
    assert granted(admin, "viewer").get(SERIES, query={"metrics": "auc,none,auc"}).document == {
        "model": "fraud",
        "metrics": {"auc": [[1, 0.9], [2, 0.95]], "none": []},
        "directions": {"auc": "up"},
    }
    assert admin.get(SERIES, query={"metrics": "auc", "limit": 1}).document["metrics"] == {"auc": [[2, 0.95]]}


def test_a_metric_whose_name_has_a_comma_stands_in_quotes(admin: Caller) -> None:
    shown = admin.get(SERIES, query={"metrics": 'auc,"loss, ""raw"""'}).document["metrics"]
    assert shown['loss, "raw"'] == [[1, 3], [2, 2.5]]


@pytest.mark.parametrize("metrics", ["", ",", "a,b,c,d,e,f", "a,,b", '"a', '"a"b', "a\nb", "a" * 251])
def test_metrics_that_cannot_be_named_are_refused(admin: Caller, metrics: str) -> None:
    refused = admin.get(SERIES, query={"metrics": metrics})
    assert (refused.status, refused.code) == (400, "invalid_input")
    assert refused.document["errors"][0]["pointer"] == "?metrics"


def test_a_series_is_for_who_may_read_the_model(admin: Caller) -> None:
    other = granted(admin, "viewer", "risk")
    assert other.get(SERIES, query={"metrics": "auc"}).status == other.get("/v1/models/fraud").status
    assert admin.get("/v1/models/none/series", query={"metrics": "auc"}).code == "model_not_found"
