"""Where the address and the token come from."""

import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from moorage import NotConfiguredError
from moorage.login import Login, clean_url, forget_login, load_login, login_path, save_login
from moorage.login_lookup import find_login

from tests.loopback import Quiet, serving

URL = "https://registry.example"


@pytest.fixture
def saved(tmp_path: Path) -> dict[str, str]:
    """An environment whose saved login is for URL."""
    environment = {"XDG_CONFIG_HOME": str(tmp_path)}
    save_login(login_path(environment), Login(URL, "saved-token"))
    return environment


def test_arguments_come_before_the_environment_and_that_before_the_saved_login(
    saved: dict[str, str],
) -> None:
    environment = saved | {"MOORAGE_URL": URL, "MOORAGE_TOKEN": "environment-token"}
    assert find_login(URL, "argument-token", environment).token == "argument-token"
    assert find_login(None, None, environment).token == "environment-token"
    assert find_login(None, None, saved) == Login(URL, "saved-token")


def test_a_saved_token_is_not_sent_to_another_registry(saved: dict[str, str]) -> None:
    with pytest.raises(NotConfiguredError, match=r"No token for https://other\.example"):
        find_login("https://other.example", None, saved)
    assert find_login(f"{URL}/v1/", None, saved).token == "saved-token"


def test_without_any_login_the_next_step_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotConfiguredError, match="moorage login"):
        find_login(None, None, {"XDG_CONFIG_HOME": str(tmp_path)})


def test_the_file_is_for_its_owner_alone(saved: dict[str, str]) -> None:
    path = login_path(saved)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["login.json"]


def test_a_damaged_file_is_an_error_that_says_what_to_do(saved: dict[str, str]) -> None:
    path = login_path(saved)
    path.write_text(json.dumps({"url": URL}))
    with pytest.raises(NotConfiguredError, match="damaged"):
        load_login(path)


def test_a_login_is_forgotten_once(saved: dict[str, str]) -> None:
    assert forget_login(login_path(saved))
    assert not forget_login(login_path(saved))


def test_the_token_is_not_in_the_repr() -> None:
    assert "secret" not in repr(Login(URL, "secret"))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:4566/x", "http://localhost:80", "http://[::1]:9", "https://a.b/prod"]
)
def test_plain_http_is_for_this_machine(url: str) -> None:
    assert clean_url(f"{url}/v1/") == url


@pytest.mark.parametrize(
    "url",
    [
        "http://registry.example",
        "http://10.0.0.1",
        "ftp://a.b",
        "registry.example",
        "https://user@a.b",
        "https://a.b/?x=1",
        "",
    ],
)
def test_an_address_that_would_bare_the_token_or_is_none_is_refused(url: str) -> None:
    with pytest.raises(NotConfiguredError):
        clean_url(url)


def test_a_token_file_is_read_for_every_call(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("first")
    environment = {"MOORAGE_URL": URL, "MOORAGE_TOKEN_FILE": str(file), "XDG_CONFIG_HOME": str(tmp_path)}
    login = find_login(None, None, environment)
    file.write_text("second")
    assert (login.token, login.current_token()) == ("first", "second")


def test_a_github_job_without_any_other_token_uses_its_own(saved: dict[str, str]) -> None:
    asked: list[str] = []

    class GitHub(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"value": "job-token"}')

    with serving(GitHub) as url:
        job = {"ACTIONS_ID_TOKEN_REQUEST_URL": f"{url}/token?api=1", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "request"}
        login = find_login("https://other.example", None, saved | job)
        assert login.token == login.current_token() == "job-token"
        assert asked[0] == "/token?api=1&audience=moorage"
        assert find_login(URL, None, saved | job).token == "saved-token"
