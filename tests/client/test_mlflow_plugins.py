"""The authentication of MLflow's clients: by AWS signatures or by a CI job's OIDC token."""

import base64
import importlib
import io
import json
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx
import pytest
import requests
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st
from moorage import NotConfiguredError, RetryPolicy, UnauthenticatedError
from moorage.ci_token import CiToken
from moorage.mlflow_plugins import Bearer, OidcProvider, SigV4Provider
from moorage.sigv4 import SigV4, canonical_url

from tests.client.sigv4_verifier import holds, signed_headers
from tests.loopback import Quiet, serving

HOST = "https://a1b2.execute-api.eu-west-1.amazonaws.com/prod"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
CREDENTIALS = Credentials("AKIDEXAMPLE", SECRET)
SIGNER = SigV4(CREDENTIALS.get_frozen_credentials, "eu-west-1")
# "." and ".." are no names: HTTP clients remove such segments from a path.
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).filter(lambda word: word not in (".", ".."))
API = "/api/2.0/mlflow"
FILES = "/api/2.0/mlflow-artifacts/artifacts"


def prepared(method: str, path: str, signer: SigV4 = SIGNER, **given: Any) -> requests.PreparedRequest:
    with requests.Session() as session:
        return session.prepare_request(requests.Request(method, f"{HOST}{path}", auth=signer, **given))


def genuine(request: requests.PreparedRequest, body: bytes = b"") -> bool:
    parts = urlsplit(str(request.url))
    headers = {name.lower(): value for name, value in request.headers.items()} | {"host": parts.netloc}
    return holds(SECRET, str(request.method), request.path_url, headers, body)


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("GET", f"{API}/registered-models/search", {"params": {"filter": "tag.`a` != 'true' AND name LIKE 'a%'"}}),
        ("GET", f"{API}/model-versions/search", {"params": [("order_by", "name ASC"), ("order_by", "creation ASC")]}),
        ("GET", f"{API}/registered-models/get", {"params": {"name": "größe + 50% ~a/b"}}),
        ("GET", f"{API}/registered-models/get", {"params": {"name": ""}}),
        ("GET", f"{FILES}/0/a b@c=d+e(1)*!$'~.txt", {}),
        ("GET", f"{FILES}/0/already%20quoted%2Fslash", {}),
        ("DELETE", f"{API}/registered-models/alias", {"json": {"name": "a", "alias": "b"}}),
        ("POST", f"{API}/registered-models/create", {"json": {"name": "größe"}}),
        ("GET", "", {}),
    ],
)
def test_what_mlflow_sends_is_signed_as_aws_verifies_it(method: str, path: str, given: dict[str, Any]) -> None:
    body = json.dumps(given["json"]).encode() if "json" in given else b""
    request = prepared(method, path, **given)
    assert genuine(request, body)
    assert not genuine(request, body + b"x")


@given(st.lists(st.tuples(WORDS, WORDS), max_size=4), WORDS)
def test_any_query_and_path_are_signed_and_mean_what_they_meant(query: list[tuple[str, str]], name: str) -> None:
    plain = requests.Request("GET", f"{HOST}/files/{_segment(name)}/x", params=query).prepare()
    request = prepared("GET", f"/files/{_segment(name)}/x", params=query)
    assert genuine(request)
    assert "+" not in request.path_url
    before, after = urlsplit(str(plain.url)), urlsplit(str(request.url))
    assert parse_qsl(after.query, keep_blank_values=True) == parse_qsl(before.query, keep_blank_values=True)
    assert unquote(after.path) == unquote(before.path)


@given(WORDS)
def test_a_canonical_address_stays_as_it_is(text: str) -> None:
    url = canonical_url(f"{HOST}/{_segment(text)}?a={_segment(text)}&a=b+c")
    assert canonical_url(url) == url


def _segment(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode()) or "x"


def test_a_file_is_read_for_its_digest_and_sent_whole(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(b"weights" * 500_000)
    with path.open("rb") as file:
        request = prepared("PUT", f"{FILES}/0/model.bin", data=file)
        assert genuine(request, path.read_bytes())
        assert request.headers["Content-Length"] == str(path.stat().st_size)
        assert file.read() == path.read_bytes()


def test_a_file_is_signed_from_where_it_stands() -> None:
    file = io.BytesIO(b"head-rest")
    file.seek(5)
    assert genuine(prepared("PUT", "/f", data=file), b"rest")
    assert file.tell() == 5


def test_an_empty_file_has_a_length() -> None:
    request = prepared("PUT", "/f", data=io.BytesIO(b""))
    assert genuine(request, b"")
    assert request.headers["Content-Length"] == "0"
    assert "Transfer-Encoding" not in request.headers


def test_a_body_that_can_be_read_once_only_is_refused() -> None:
    with pytest.raises(ValueError, match="read twice"):
        prepared("PUT", "/f", data=iter([b"a"]))


def test_temporary_credentials_are_signed_with_their_token() -> None:
    frozen = Credentials("AKIDEXAMPLE", SECRET, "session-token").get_frozen_credentials()
    request = prepared("GET", "/f", SigV4(lambda: frozen))
    assert genuine(request)
    assert request.headers["X-Amz-Security-Token"] == "session-token"
    headers = {name.lower(): value for name, value in request.headers.items()}
    assert {"host", "x-amz-date", "x-amz-security-token"} <= set(signed_headers(headers))


def test_the_region_is_that_of_the_address_or_the_one_configured() -> None:
    def scope(url: str, region: str | None) -> str:
        signer = SigV4(CREDENTIALS.get_frozen_credentials, region)
        return requests.Request("GET", url, auth=signer).prepare().headers["Authorization"]

    assert "/eu-west-1/execute-api/" in scope(f"{HOST}/f", "us-east-1")
    assert "/us-east-1/execute-api/" in scope("https://models.example.com/f", "us-east-1")
    with pytest.raises(NotConfiguredError, match="AWS_REGION"):
        scope("https://models.example.com/f", None)


def test_a_bearer_token_that_mlflow_put_there_gives_way() -> None:
    request = prepared("GET", "/f", headers={"Authorization": "Bearer t0ken"})
    assert request.headers["Authorization"].startswith("AWS4-HMAC-SHA256")
    assert genuine(request)


@dataclass
class Seen:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@contextmanager
def listening(answer: Callable[[Seen], tuple[int, dict[str, str]]]) -> Iterator[tuple[str, list[Seen]]]:
    seen: list[Seen] = []

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            seen.append(Seen(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status, headers = answer(seen[-1])
            self.send_response(status)
            for name, value in {"Content-Length": "0", **headers}.items():
                self.send_header(name, value)
            self.end_headers()

        def do_PUT(self) -> None:
            self.do_GET()

    with serving(Handler) as url:
        yield url, seen


def test_what_arrives_is_what_was_signed(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"weights")
    with listening(lambda _: (200, {})) as (url, seen), requests.Session() as session:
        session.get(f"{url}{FILES}/a b@c=d.txt", params={"order_by": ["name ASC", "b"], "x": "a+b/~"}, auth=SIGNER)
        with (tmp_path / "f").open("rb") as file:
            session.put(f"{url}{FILES}/0/f", data=file, auth=SIGNER)
        session.put(f"{url}{FILES}/0/empty", data=io.BytesIO(), auth=SIGNER)
    assert len(seen) == 3
    for arrived in seen:
        assert holds(SECRET, arrived.method, arrived.target, arrived.headers, arrived.body)
    assert seen[1].body == b"weights"


def test_a_store_that_a_redirect_leads_to_sees_nothing_of_the_signature() -> None:
    with listening(lambda _: (200, {})) as (store, at_store):

        def answer(_: Seen) -> tuple[int, dict[str, str]]:
            return 302, {"Location": f"{store}/bucket/key?X-Amz-Signature=s"}

        with listening(answer) as (url, _), requests.Session() as session:
            assert session.get(f"{url}/f", auth=SIGNER).status_code == 200
    (arrived,) = at_store
    assert arrived.target == "/bucket/key?X-Amz-Signature=s"
    assert not any(name == "authorization" or name.startswith("x-amz-") for name in arrived.headers)


def jwt(expiry: float | None, name: str = "a") -> str:
    def part(document: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")

    claims: dict[str, object] = {"sub": name} if expiry is None else {"sub": name, "exp": expiry}
    return f"{part({'alg': 'RS256'})}.{part(claims)}.c2ln"


class Now:
    def __init__(self) -> None:
        self.time = 1_700_000_000.0

    def __call__(self) -> float:
        return self.time


@dataclass
class GitHub:
    """The endpoint that issues a job's tokens, each valid for five minutes."""

    now: Now
    requests: list[httpx.Request]
    refusals: list[httpx.Response]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.refusals:
            return self.refusals.pop(0)
        return httpx.Response(200, json={"value": jwt(self.now() + 300, f"token-{len(self.requests)}")})


ACTIONS = {
    "ACTIONS_ID_TOKEN_REQUEST_URL": "https://actions.example/token?api-version=2.0",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "runner",
}


def on_github(**more: str) -> tuple[CiToken, GitHub, list[float]]:
    github, waits = GitHub(Now(), [], []), []
    retry = RetryPolicy(attempts=3, sleep=waits.append, jitter=lambda: 0.0)
    token = CiToken(ACTIONS | more, now=github.now, retry=retry, transport=httpx.MockTransport(github))
    return token, github, waits


def test_github_is_asked_for_a_token_of_the_audience_and_again_before_it_expires() -> None:
    token, github, _ = on_github()
    first = token.current()
    github.now.time += 239
    assert token.current() == first
    github.now.time += 2
    assert token.current() != first
    (first_request, _) = github.requests
    assert dict(first_request.url.params) == {"api-version": "2.0", "audience": "moorage"}
    assert first_request.headers["authorization"] == "Bearer runner"


def test_another_audience_can_be_asked_for() -> None:
    token, github, _ = on_github(MOORAGE_OIDC_AUDIENCE="api://models & more")
    token.current()
    assert github.requests[0].url.params["audience"] == "api://models & more"


def test_github_is_asked_again_when_it_is_busy_but_not_when_it_refuses() -> None:
    token, github, waits = on_github()
    github.refusals = [httpx.Response(503), httpx.Response(429)]
    token.current()
    assert len(waits) == 2
    token, github, waits = on_github()
    github.refusals = [httpx.Response(401, text="runner gone")]
    with pytest.raises(UnauthenticatedError, match="401"):
        token.current()
    assert waits == []


def test_a_file_of_a_token_is_read_again_before_the_token_expires(tmp_path: Path) -> None:
    now, file = Now(), tmp_path / "token"
    file.write_text(jwt(now() + 300) + "\n")
    token = CiToken({"MOORAGE_TOKEN_FILE": str(file), **ACTIONS}, now=now)
    first = token.current()
    assert first == file.read_text().strip()
    file.write_text(jwt(now() + 900, "b"))
    assert token.current() == first
    now.time += 250
    assert token.current() == file.read_text()


def test_a_token_that_does_not_say_when_it_expires_is_read_each_time(tmp_path: Path) -> None:
    file = tmp_path / "token"
    token = CiToken({"MOORAGE_TOKEN_FILE": str(file)}, now=Now())
    for text in ("moor_id_secret", jwt(None), "a.!.b", "a.W10.c"):
        file.write_text(text)
        assert token.current() == text


def test_gitlabs_token_is_shown_until_it_expires() -> None:
    now = Now()
    given = jwt(now() + 300)
    token = CiToken({"MOORAGE_TOKEN": given}, now=now)
    assert token.current() == given
    now.time += 270
    assert token.current() == given
    now.time += 40
    with pytest.raises(UnauthenticatedError, match="expired"):
        token.current()


def test_without_a_pipeline_it_is_said_what_to_set() -> None:
    with pytest.raises(NotConfiguredError, match="id-token: write"):
        CiToken({}).current()


def test_the_token_is_shown_as_bearer_over_tls_or_to_this_machine_alone() -> None:
    auth = Bearer(CiToken({"MOORAGE_TOKEN": "t0ken"}))
    for url in ("https://models.example/f", "http://127.0.0.1:8000/f", "http://localhost/f"):
        assert requests.Request("GET", url, auth=auth).prepare().headers["Authorization"] == "Bearer t0ken"
    with pytest.raises(NotConfiguredError, match="https"):
        requests.Request("GET", "http://models.example/f", auth=auth).prepare()


def test_mlflow_finds_both_by_their_entry_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    project = tomllib.loads((Path(__file__).parents[2] / "client" / "pyproject.toml").read_text())["project"]
    declared = project["entry-points"]["mlflow.request_auth_provider"]
    assert set(declared) == {"moorage-sigv4", "moorage-oidc"}
    for name, target in declared.items():
        module, _, kind = target.partition(":")
        provider = getattr(importlib.import_module(module), kind)()
        assert provider.get_name() == name
        assert provider.get_auth() is provider.get_auth()
    signed = requests.Request("GET", f"{HOST}/f", auth=SigV4Provider().get_auth()).prepare()
    assert genuine(signed)
    assert isinstance(OidcProvider().get_auth(), Bearer)


def test_signing_without_botocore_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.session", None)
    with pytest.raises(NotConfiguredError, match=r"moorage\[aws\]"):
        SigV4Provider().get_auth()


def test_signing_without_credentials_says_what_to_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    with pytest.raises(NotConfiguredError, match="AWS_PROFILE"):
        SigV4Provider().get_auth()
