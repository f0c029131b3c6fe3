"""What the server answers, without a transport."""

import json
import logging
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moorage import __version__
from moorage.serving.application import Application, Request, Response
from moorage.serving.inputs import Input
from moorage.serving.served import Served, Slot, Standing

from tests.client.serving.build import COLUMNS, served

JSON = "application/json"


def fraud(given: Input, params: Mapping[str, Any]) -> list[float]:
    return [0.25] * given.size


def application(one: Served | None = None) -> Application:
    return Application(Slot(one or served(3, fraud, COLUMNS)))


def get(app: Application, path: str, method: str = "GET") -> Response:
    return app.respond(Request(method, path))


def post(app: Application, path: str, document: Any, content_type: str | None = JSON) -> Response:
    return app.respond(Request("POST", path, content_type, json.dumps(document).encode()))


RECORDS = {"dataframe_records": [{"amount": 1.0, "age": 40}]}
TENSORS = {
    "inputs": [
        {"name": "amount", "shape": [1], "datatype": "FP64", "data": [1.0]},
        {"name": "age", "shape": [1], "datatype": "INT64", "data": [40]},
    ]
}


def test_both_protocols_predict() -> None:
    app = application()
    assert json.loads(post(app, "/invocations", RECORDS).body) == {"predictions": [0.25]}
    for path in ("/v2/models/fraud/infer", "/v2/models/fraud/versions/3/infer"):
        assert json.loads(post(app, path, TENSORS).body)["outputs"][0]["data"] == [0.25]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/ping"),
        ("GET", "/health"),
        ("HEAD", "/ping"),
        ("GET", "/version"),
        ("GET", "/v2"),
        ("GET", "/v2/health/live"),
        ("GET", "/v2/health/ready"),
        ("GET", "/v2/models/fraud"),
        ("GET", "/v2/models/fraud/ready"),
        ("GET", "/v2/models/fraud/versions/3"),
        ("GET", "/v2/models/fraud/versions/3/ready"),
    ],
)
def test_every_page_answers_and_names_the_version(method: str, path: str) -> None:
    answered = get(application(), path, method)
    assert answered.status == 200
    assert answered.headers == {"Moorage-Version": "3", "Moorage-Digest": "digest-3"}


def test_the_version_page_has_that_of_the_server() -> None:
    assert get(application(), "/version").body == __version__.encode()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/v2/models", 404),
        ("GET", "/v2/models/spam", 404),
        ("GET", "/v2/models/fraud/versions/2", 404),
        ("GET", "/v2/models/fraud/versions", 404),
        ("GET", "/v2/models/fraud/explain", 404),
        ("GET", "/v2/health", 404),
        ("GET", "/invocations", 405),
        ("POST", "/ping", 405),
        ("GET", "/v2/models/fraud/infer", 405),
        ("POST", "/v2/models/fraud", 405),
        ("DELETE", "/health", 405),
    ],
)
def test_what_is_not_there_is_refused_in_the_words_of_the_protocol(method: str, path: str, status: int) -> None:
    answered = get(application(), path, method)
    assert answered.status == status
    assert answered.headers["Moorage-Version"] == "3"
    assert set(json.loads(answered.body)) == ({"error"} if path.startswith("/v2") else {"error_code", "message"})


def test_a_model_whose_name_is_quoted_is_found() -> None:
    one = served(3, fraud)
    app = application(Served("fraud alert", 3, one.digest, one.signature, fraud))
    assert get(app, "/v2/models/fraud%20alert").status == 200


def test_an_input_that_does_not_fit_is_refused_before_the_model_sees_it() -> None:
    seen: list[Input] = []

    def predict(given: Input, params: Mapping[str, Any]) -> list[float]:
        seen.append(given)
        return []

    app = application(served(3, predict, COLUMNS))
    answered = post(app, "/invocations", {"dataframe_records": [{"amount": "much", "age": 1}]})
    assert (answered.status, json.loads(answered.body)["error_code"]) == (400, "BAD_REQUEST")
    assert "column 'amount', row 0" in json.loads(answered.body)["message"]
    assert post(app, "/v2/models/fraud/infer", {"inputs": TENSORS["inputs"][:1]}).status == 400
    assert post(app, "/invocations", RECORDS, "text/plain").status == 415
    assert seen == []


def failing(given: Input, params: Mapping[str, Any]) -> list[float]:
    raise RuntimeError("out of memory")


def test_a_model_that_fails_on_a_fitting_input_is_the_servers_fault(caplog: pytest.LogCaptureFixture) -> None:
    answered = post(application(served(3, failing, COLUMNS)), "/invocations", RECORDS)
    assert answered.status == 500
    assert json.loads(answered.body)["message"] == "the model failed: RuntimeError: out of memory"
    assert "fraud/3 failed to predict" in caplog.text and "Traceback" in caplog.text


def test_without_a_signature_a_failure_is_the_inputs_fault(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    assert post(application(served(3, failing)), "/invocations", RECORDS).status == 400


def test_predictions_that_are_no_tensors_are_refused_by_one_protocol_only() -> None:
    app = application(served(3, lambda given, params: [[1], [1, 2]], COLUMNS))
    assert post(app, "/invocations", RECORDS).status == 200
    answered = post(app, "/v2/models/fraud/infer", TENSORS)
    assert answered.status == 500 and "ask /invocations instead" in json.loads(answered.body)["error"]


WORDS = (
    *("dataframe_split", "dataframe_records", "instances", "inputs", "params", "columns", "data", "amount", "age"),
    *("note", "name", "shape", "datatype", "id", "parameters", "outputs"),
)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(WORDS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(document=DOCUMENTS, path=st.sampled_from(["/invocations", "/v2/models/fraud/infer"]), declared=st.booleans())
def test_whatever_is_sent_is_answered_or_refused(document: Any, path: str, declared: bool) -> None:
    app = application(served(3, fraud, COLUMNS if declared else None))
    answered = post(app, path, document)
    assert answered.status in (200, 400)
    json.loads(answered.body, parse_constant=pytest.fail)


@pytest.mark.parametrize("path", ["/invocations", "/v2/models/fraud/infer"])
def test_a_body_of_many_levels_is_answered(path: str) -> None:
    deep = "[" * 800 + "]" * 800
    body = f'{{"inputs": [{{"name": "x", "shape": [1], "datatype": "FP64", "data": {deep}}}]}}'.encode()
    assert application().respond(Request("POST", path, JSON, body)).status == 400


def test_health_tells_what_is_served_and_what_is_wrong() -> None:
    app = application()
    assert json.loads(get(app, "/health").body) == {
        "status": "serving",
        "model": "fraud",
        "version": 3,
        "digest": "digest-3",
        "following": None,
        "refused": None,
        "problem": None,
        "unreported": None,
        "unmonitored": None,
    }
    app.slot.standing = Standing("fraud@champion", {"version": 4, "reason": "tampered"}, "away")
    health = json.loads(get(app, "/health").body)
    assert (health["following"], health["problem"]) == ("fraud@champion", "away")
    assert health["refused"] == {"version": 4, "reason": "tampered"}


@pytest.mark.parametrize("path", ["/ping", "/health", "/v2/health/ready", "/v2/models/fraud/ready"])
def test_a_server_that_ends_says_that_it_takes_nothing_new(path: str) -> None:
    app = application()
    app.draining = True
    assert get(app, path).status == 503
    assert get(app, "/v2/health/live").status == 200
    assert post(app, "/invocations", RECORDS).status == 200


def test_a_request_is_answered_by_the_version_that_it_found() -> None:
    app = application()

    def predict(given: Input, params: Mapping[str, Any]) -> list[int]:
        # Another version comes in the middle of the request.
        app.slot.current = served(4)
        return [3]

    app.slot.current = served(3, predict)
    answered = post(app, "/v2/models/fraud/infer", TENSORS)
    assert json.loads(answered.body)["model_version"] == answered.headers["Moorage-Version"] == "3"
    assert get(app, "/ping").headers["Moorage-Version"] == "4"
