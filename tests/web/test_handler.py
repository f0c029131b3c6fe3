"""How the function ``web`` answers, without a gateway before it."""

import base64
from pathlib import Path
from typing import Any

import pytest
from server import handler
from server.files import Files
from server.handler import STORAGE_HOSTS, respond

PAGE = '<!doctype html><html lang="en"><head><script src="./assets/index-1.js"></script></head></html>'


@pytest.fixture
def files(tmp_path: Path) -> Files:
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "icon.svg").write_text("<svg/>")
    (assets / "index-1.js").write_text("plain")
    (assets / "index-1.js.br").write_bytes(b"brotli")
    (assets / "index-1.js.gz").write_bytes(b"gzip")
    (assets / "inter-1.woff2").write_bytes(b"font")
    (tmp_path / "secret.py").write_text("not to be served")
    return Files(tmp_path)


def event(path: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    return {
        "httpMethod": method,
        "path": path,
        "headers": {name.replace("_", "-"): value for name, value in headers.items()},
        "requestContext": {"path": f"/api{path}"},
    }


def text(answer: dict[str, Any]) -> str:
    return base64.b64decode(answer["body"]).decode()


def test_the_root_leads_to_the_interface_below_its_stage(files: Files) -> None:
    answer = respond(files, event("/"))
    assert (answer["statusCode"], answer["headers"]["Location"]) == (302, "/api/ui/")


@pytest.mark.parametrize(
    "path", ["/ui", "/ui/", "/ui/models/a%2Fb/versions/3", "/ui/../../etc/passwd", "/ui/secret.py"]
)
def test_whatever_is_no_file_starts_the_interface(files: Files, path: str) -> None:
    answer = respond(files, event(path))
    assert answer["statusCode"] == 200
    assert 'src="/api/ui/assets/index-1.js"' in text(answer)
    assert answer["headers"]["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("accepted", "encoding", "content"),
    [
        ("gzip, deflate, br", "br", "brotli"),
        ("gzip", "gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip", "gzip"),
        ("", None, "plain"),
    ],
)
def test_an_asset_comes_in_the_smallest_accepted_encoding(
    files: Files, accepted: str, encoding: str | None, content: str
) -> None:
    answer = respond(files, event("/ui/assets/index-1.js", accept_encoding=accepted))
    assert answer["headers"].get("Content-Encoding") == encoding
    assert text(answer) == content
    assert answer["headers"]["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/ui/assets/index-0.js", "/ui/assets/../index.html", "/ui/assets/index-1.js.br"])
def test_an_asset_that_does_not_exist_is_not_found(files: Files, path: str) -> None:
    assert respond(files, event(path))["statusCode"] == 404


def test_an_unchanged_page_is_not_sent_again(files: Files) -> None:
    tag = respond(files, event("/ui/"))["headers"]["ETag"]
    assert respond(files, event("/ui/", if_none_match=f'"other", {tag}'))["statusCode"] == 304


def test_the_chosen_theme_is_in_the_page_and_any_other_text_is_not(files: Files) -> None:
    assert '<html data-theme="dark"' in text(respond(files, event("/ui/", cookie="a=b; moorage-theme=dark")))
    assert "data-theme" not in text(respond(files, event("/ui/", cookie='moorage-theme="><script>')))


def test_the_public_url_of_the_operator_gives_the_prefix(files: Files) -> None:
    asked = event("/ui/") | {"stageVariables": {"public_url": "https://ml.example.org/registry"}}
    assert 'src="/registry/ui/assets/index-1.js"' in text(respond(files, asked))


def test_only_reading_is_allowed(files: Files) -> None:
    answer = respond(files, event("/ui/", "POST"))
    assert (answer["statusCode"], answer["headers"]["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/", "/ui/", "/ui/assets/index-1.js", "/ui/assets/none.js"])
def test_every_answer_has_the_headers_that_protect(files: Files, path: str) -> None:
    headers = respond(files, event(path))["headers"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"


def policy_of(answer: dict[str, Any]) -> dict[str, str]:
    """What the policy of an answer says, by directive."""
    directives = (one.partition(" ") for one in answer["headers"]["Content-Security-Policy"].split("; "))
    return {name: sources for name, _, sources in directives}


def test_the_policy_allows_no_inline_code_and_no_foreign_host(files: Files) -> None:
    policy = policy_of(respond(files, event("/ui/")))
    assert "unsafe" not in str(policy)
    assert "http" not in str(policy)
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"


def test_pages_may_upload_to_the_bucket_and_to_no_other_host(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = event("/ui/")
    asked["requestContext"]["requestId"] = "r-1"
    monkeypatch.setattr(handler, "FILES", files)
    monkeypatch.setenv(STORAGE_HOSTS, "moorage.s3.eu-central-1.amazonaws.com,moorage.s3.amazonaws.com")
    allowed = policy_of(handler.answer(asked, None))
    hosts = "https://moorage.s3.eu-central-1.amazonaws.com https://moorage.s3.amazonaws.com"
    assert allowed == {**policy_of(respond(files, asked)), "connect-src": f"'self' {hosts}"}
    monkeypatch.delenv(STORAGE_HOSTS)
    assert policy_of(handler.answer(asked, None))["connect-src"] == "'self'"
