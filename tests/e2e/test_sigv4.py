"""An AWS principal signs its requests to the second API, and the registry's trust says what it may do."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.e2e.stack import SLOW, Stack, eventually

REGION = "us-east-1"


@dataclass(frozen=True)
class Signer:
    """An IAM user who may invoke APIs, with an access key."""

    stack: Stack
    arn: str
    credentials: Credentials

    def request(self, method: str, path: str, body: object = None, *, forged: bool = False) -> httpx.Response:
        api = urlsplit(self.stack.outputs["IamApiUrl"]).hostname
        assert api is not None
        url = f"{self.stack.aws_endpoint}/_aws/execute-api/{api.partition('.')[0]}/iam{path}"
        content = b"" if body is None else json.dumps(body).encode()
        asked = AWSRequest(method, url, {"Content-Type": "application/json"}, content)
        SigV4Auth(self.credentials, "execute-api", REGION).add_auth(asked)
        headers = dict(asked.headers.items())
        if forged:
            del headers["Authorization"]
        return httpx.request(method, url, headers=headers, content=content, timeout=SLOW, trust_env=False)

    def once_trusted(self, method: str, path: str, body: object = None) -> httpx.Response:
        """The answer once whoever answers knows the trust.

        A running process hears of a new trust within 20 seconds, and each by itself: one that has not may answer after
        one that has.
        """

        def answer() -> httpx.Response | None:
            given = self.request(method, path, body)
            return None if given.status_code == 401 else given

        return eventually(answer, f"an answer to {method} {path} that knows the trust")


@pytest.fixture
def signer(stack: Stack) -> Iterator[Signer]:
    iam, name = stack.aws("iam"), stack.fresh_name("signer")
    user = iam.create_user(UserName=name)["User"]
    allow = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_user_policy(UserName=name, PolicyName="invoke", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    yield Signer(stack, user["Arn"], Credentials(key["AccessKeyId"], key["SecretAccessKey"]))
    iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    iam.delete_user_policy(UserName=name, PolicyName="invoke")
    iam.delete_user(UserName=name)


def test_a_signed_request_has_the_grants_of_its_trust_and_an_untrusted_principal_none(
    stack: Stack, signer: Signer
) -> None:
    model, trust = stack.fresh_name("sigv4"), stack.fresh_name("aws")
    with stack.http() as http:
        grants = [{"role": "contributor", "models": model}]
        terms = {"kind": "iam", "arns": [signer.arn], "grants": grants}
        assert http.put(f"/v1/trust/{trust}", json=terms).status_code == 200

        me = signer.once_trusted("GET", "/v1/whoami")
        assert me.json()["principal"] == f"iam:{signer.arn}"
        assert signer.once_trusted("POST", "/v1/models", {"name": model}).status_code == 201
        assert signer.once_trusted("POST", "/v1/models", {"name": f"{model}-other"}).status_code == 403
        (event,) = http.get(f"/v1/models/{model}/events").json()["items"]
        assert event["actor"] == f"iam:{signer.arn}"
        assert signer.request("GET", "/v1/whoami", forged=True).status_code in (401, 403, 404)
        assert http.delete(f"/v1/trust/{trust}").status_code == 204


def test_a_principal_that_no_trust_names_is_refused(signer: Signer) -> None:
    answer = signer.request("GET", "/v1/whoami")
    assert answer.status_code == 401
    assert "trust" in answer.json()["detail"]


def test_a_registry_token_does_not_open_the_second_api(stack: Stack, signer: Signer) -> None:
    api = urlsplit(stack.outputs["IamApiUrl"]).hostname
    assert api is not None
    url = f"{stack.aws_endpoint}/_aws/execute-api/{api.partition('.')[0]}/iam/v1/whoami"
    headers = {"Authorization": f"Bearer {stack.token}"}
    assert httpx.get(url, headers=headers, timeout=SLOW, trust_env=False).status_code in (401, 403)
