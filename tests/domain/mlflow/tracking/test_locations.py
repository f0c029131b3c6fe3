"""Paths under the artifact proxy: what they may be, and of what they are."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError, InvalidNameError
from chalicelib.domain.mlflow import sources
from chalicelib.domain.mlflow.sources import ExternalSource, LoggedModelSource, ProxySource, RunSource, VersionSource
from chalicelib.domain.mlflow.tracking import locations

BASE = "https://registry.example/api"
RUN = "0123456789abcdef" * 2
MODEL = f"m-{RUN}"


@pytest.mark.parametrize(
    "path",
    [
        *("../x", "a/../../x", "/x", "a//b", "a/./b", "a/%2e%2e/b", "a/%252e%252e/b", "..%2fx", "a%00b", "a\x00"),
        *("C:/x", "%2fx", "a\\b", "a/..%5cb", "x" * 1_001, ""),
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(InvalidNameError):
        locations.safe_path(path)


@given(st.text(max_size=40), st.integers(0, 3))
def test_whatever_path_is_taken_stays_below_whatever_is_decoded_of_it(path: str, times: int) -> None:
    for _ in range(times):
        path = quote(path)
    try:
        taken = locations.safe_path(path)
    except InvalidNameError:
        return
    assert taken == path
    assert ".." not in taken.split("/") and not taken.startswith("/")


def test_a_path_is_of_the_run_or_logged_model_that_it_names() -> None:
    of_run = locations.logged_path(f"0/{RUN}/artifacts/model/MLmodel")
    assert (of_run.run_id, of_run.model_id, of_run.root) == (RUN, None, f"0/{RUN}/artifacts")
    of_model = locations.logged_path(f"x/y/models/{MODEL}/artifacts/MLmodel")
    assert (of_model.run_id, of_model.model_id, of_model.root) == (None, MODEL, f"x/y/models/{MODEL}/artifacts")
    for neither in ("0", "0/x/artifacts", f"0/{MODEL}/artifacts", f"0/{RUN}", "artifacts"):
        assert locations.logged_path(neither).root is None


def test_a_path_below_one_run_is_not_of_another_that_it_names_further_in() -> None:
    assert locations.logged_path(f"0/{RUN}/artifacts/models/{MODEL}/artifacts/x").run_id == RUN


@given(st.text(min_size=1, max_size=40), st.integers(1, 999_999_999))
def test_the_path_of_a_version_says_its_model_and_number(name: str, number: int) -> None:
    try:
        path = locations.of_version(name, number)
        found = locations.registered(f"{path}/a/b")
    except (InvalidNameError, UnicodeEncodeError):
        return
    assert found == locations.RegisteredPath(name, number, "a/b")


@pytest.mark.parametrize(
    "path", ["registered", "registered/x", "registered/!!/1", "registered/ZnJhdWQ/0", "registered/4pg/1"]
)
def test_a_path_that_is_no_version_s_is_refused(path: str) -> None:
    with pytest.raises(InvalidNameError):
        locations.registered(path)


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        (f"models:/{MODEL}", LoggedModelSource(MODEL)),
        ("models:/fraud/3", VersionSource("fraud", "3")),
        ("models:/fraud@champion", VersionSource("fraud", "@champion")),
        ("models:/a@b@champion", VersionSource("a@b", "@champion")),
        ("models:/fraud/Production", VersionSource("fraud", "Production")),
        (f"runs:/{RUN}/model", RunSource(RUN, "model")),
        (f"mlflow-artifacts:/0/{RUN}/artifacts/model", ProxySource(f"0/{RUN}/artifacts/model")),
        (f"mlflow-artifacts://host:80/0/{RUN}/artifacts", ProxySource(f"0/{RUN}/artifacts")),
        (f"{BASE}/api/2.0/mlflow-artifacts/artifacts/x/y", ProxySource("x/y")),
        (f"{BASE}/api/2.0/mlflow-artifacts/artifacts/{locations.of_version('fraud', 2)}", VersionSource("fraud", "2")),
        ("s3://bucket/path", ExternalSource("s3://bucket/path")),
        ("dbfs:/path", ExternalSource("dbfs:/path")),
        ("gs://b/p%20q", ExternalSource("gs://b/p%20q")),
    ],
)
def test_a_source_means_what_it_says(source: str, meaning: sources.Source) -> None:
    assert sources.parse(source, BASE) == meaning


@pytest.mark.parametrize(
    "source",
    [
        "",
        "/etc/passwd",
        "relative/path",
        "file:///etc/passwd",
        "C:\\models",
        "https://elsewhere.example/model",
        "http://169.254.169.254/latest",
        "ftp://host/x",
        "hdfs://host/x",
        "https://elsewhere.example/api/2.0/mlflow-artifacts/artifacts/x",
        "models://host/x/1",
        "models:/x",
        "models:/x/1/2",
        "runs://host/x",
        "mlflow-artifacts:/0/../1",
        "mlflow-artifacts:/0/%2e%2e/1",
        "s3://bucket/../other",
        "s3://bucket/%252e%252e/other",
        "s3://bucket/x%00",
        f"{BASE}/api/2.0/mlflow-artifacts/artifacts/x?y",
        f"{BASE}/api/2.0/mlflow-artifacts/artifacts/{locations.of_version('fraud', 2)}/model.pkl",
        "s3://" + "x" * 2_000,
        "http://[::1",
    ],
)
def test_a_source_that_reaches_too_far_or_that_others_cannot_read_is_refused(source: str) -> None:
    with pytest.raises(InvalidInputError):
        sources.parse(source, BASE)
