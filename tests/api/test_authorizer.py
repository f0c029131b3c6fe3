"""The authorizer: valid credentials pass, others are logged and refused."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.aws.names import AUTHORIZER_TTL_SECONDS
from chalicelib.aws.services import MEMORY_SECONDS, Services
from tests.api.callers import ARN, VIEWER, forget, iam, ok, token
from tests.api.gateway import Caller, client
from tests.registry.access.issuer import unsigned


def test_a_call_without_a_valid_token_is_refused(registry: Services) -> None:
    for credential in (None, "moor_none_" + "x" * 64, "nonsense"):
        assert Caller(credential).get("/v1/models").status == 401


def test_a_refused_credential_is_logged_by_reason_and_never_shown(
    admin: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    token_id, _ = token(admin, "ci")
    capsys.readouterr()
    forged = f"moor_{token_id}_{'f' * 64}"
    assert Caller(forged).get("/v1/whoami").status == 401
    assert iam().get("/v1/whoami").status == 401
    printed = capsys.readouterr().out
    lines = [json.loads(line) for line in printed.splitlines()]
    failed = [line for line in lines if line["log"] == "authentication_failed"]
    assert failed[0] == {"log": "authentication_failed", "reason": "wrong_secret", "token": token_id}
    assert failed[1]["reason"] == "untrusted_arn" and failed[1]["arn"] == ARN and failed[1]["ip"] == "203.0.113.9"
    assert "f" * 64 not in printed


def test_an_issuer_with_half_a_surrogate_pair_is_refused_like_any_unknown_issuer(
    admin: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = Caller(unsigned({"alg": "RS256", "kid": "k"}, {"iss": "\ud800"}))
    assert stranger.get("/v1/whoami").status == 401
    assert json.loads(capsys.readouterr().out)["reason"] == "unknown_issuer"


def test_a_name_cannot_write_into_the_access_log(admin: Caller) -> None:
    """API Gateway writes the principal's id unescaped into a line of JSON."""
    name = 'x","status":"200","a":"\\'
    made = ok(admin.post("/v1/tokens", {"name": name, "grants": VIEWER}))
    event = {
        "type": "TOKEN",
        "authorizationToken": f"Bearer {made['token']}",
        "methodArn": "arn:aws:execute-api:eu-central-1:123456789012:api/stage/GET/v1/whoami",
    }
    answer = client().lambda_.invoke("authorizer", event).payload
    assert json.loads(f'{{"principal":"{answer["principalId"]}"}}') == {"principal": f"token:{name}"}
    assert answer["context"]["principal"] == f"token:{name}"


def test_a_revocation_takes_effect_everywhere_within_a_minute() -> None:
    # By token or JWT: the gateway caches the authorizer's answer, and the authorizer's process remembers trusts and the
    # bootstrap secret. By AWS signature: the API's process remembers the trusts and the principal.
    assert AUTHORIZER_TTL_SECONDS + MEMORY_SECONDS < 60
    assert MEMORY_SECONDS + MEMORY_SECONDS < 60


def test_a_replaced_secret_of_the_bootstrap_administrator_stops_working(admin: Caller, registry: Services) -> None:
    assert admin.get("/v1/whoami").status == 200
    registry.client("secretsmanager").put_secret_value(SecretId=registry.settings.admin_secret, SecretString="new" * 20)
    with pytest.MonkeyPatch.context() as patch:
        forget(patch)
        assert admin.get("/v1/whoami").status == 401


def test_importing_the_authorizer_imports_neither_pydantic_nor_jwt_libraries() -> None:
    script = (
        "import sys, chalicelib.api.authorizer; sys.exit(bool({'pydantic', 'jwt', 'cryptography'} & {*sys.modules}))"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2], check=False).returncode == 0
