"""The key of a GitHub App becomes a token of the repository, which is kept for most of its hour."""

import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from chalicelib.aws.services import Services
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.formats import FORMATS
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.deliveries import State
from chalicelib.registry.triggers.app_key import KEPT_SECONDS
from chalicelib.registry.webhooks import deliveries, saving
from chalicelib.registry.webhooks.saving import CreatedWebhook
from tests.products.descriptions import check_github
from tests.reactions.webhooks.receiving import Answer, DeliveryQueueDouble, Received, Receiver, log_of
from tests.registry.build import request

SETTINGS = {"repository": "example/models", "app_id": "Iv1", "installation_id": 42}


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


KEY = rsa.generate_private_key(65537, 2048)


class GitHub:
    """GitHub's two sides: it gives tokens for JWTs that the App's key signed, and takes events with such a token."""

    def __init__(self) -> None:
        self.public = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        self.given: list[str] = []
        self.refused: set[str] = set()
        self.down = False

    def __call__(self, received: Received) -> Answer:
        path = received.path.removeprefix("/api/v3")
        check_github(path, json.loads(received.body))
        credential = received.headers["Authorization"].removeprefix("Bearer ")
        if not path.endswith("/access_tokens"):
            return Answer(204) if credential in set(self.given) - self.refused else Answer(401)
        if self.down:
            return Answer(502)
        claims = jwt.decode(credential, self.public, algorithms=["RS256"], options={"verify_iat": False})
        if claims["iss"] != "Iv1" or claims["exp"] - claims["iat"] > 600 or claims["exp"] < time.time():
            return Answer(401)
        self.given.append(f"ghs_token_{len(self.given)}")
        return Answer(201, body=json.dumps({"token": self.given[-1], "expires_at": "…"}).encode())


@pytest.fixture
def github(outside: Receiver) -> GitHub:
    outside.judge = GitHub()
    return outside.judge


def trigger(registry: Services, outside: Receiver, secret: str | None = None) -> CreatedWebhook:
    url = outside.url.replace("/hook?key=query-secret", "/api/v3")
    given = WebhookChange(settings=SETTINGS)
    dispatch = FORMATS.named("github-dispatch")
    return saving.create_webhook(registry, request(), url, given, dispatch, secret or pem(KEY)).result


def delivered(registry: Services, queue: DeliveryQueueDouble, created: CreatedWebhook) -> State:
    deliveries.queue_test(registry, request(), created.webhook.id)
    queue.send(queue.receive())
    return log_of(registry, created)[0].state


def test_one_token_is_asked_for_and_used_for_every_delivery_until_it_grows_old(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_000.0]
    monkeypatch.setattr(outgoing, "monotonic", lambda: now[0])
    created = trigger(outgoing, outside)
    assert [delivered(outgoing, queue, created) for _ in range(2)] == [State.SUCCEEDED] * 2
    assert len(github.given) == 1
    now[0] += KEPT_SECONDS + 1
    assert delivered(outgoing, queue, created) is State.SUCCEEDED
    assert len(github.given) == 2


def test_after_a_refusal_a_new_token_is_asked_for(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, github: GitHub
) -> None:
    created = trigger(outgoing, outside)
    assert delivered(outgoing, queue, created) is State.SUCCEEDED
    github.refused.add(github.given[-1])
    assert delivered(outgoing, queue, created) is State.FAILED
    assert delivered(outgoing, queue, created) is State.SUCCEEDED
    assert len(github.given) == 2


def test_a_key_that_github_no_longer_knows_is_a_final_failure(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, github: GitHub
) -> None:
    created = trigger(outgoing, outside)
    outside.judge = lambda _: Answer(401)
    assert delivered(outgoing, queue, created) is State.FAILED
    (logged,) = log_of(outgoing, created)
    assert "not exchanged for a token: GitHub answered 401" in str(logged.attempts[0].error)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(502),
        Answer(201, body=b"<html>"),
        Answer(201, body=b'{"token": 1}'),
        Answer(201, body=b'{"token": "a\\r\\nX: 1"}'),
    ],
)
def test_an_outage_of_the_exchange_is_waited_for(
    answer: Answer, outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, github: GitHub
) -> None:
    created = trigger(outgoing, outside)
    outside.judge = lambda _: answer
    assert delivered(outgoing, queue, created) is State.PENDING


def test_the_key_never_leaves_the_registry(
    outgoing: Services,
    queue: DeliveryQueueDouble,
    outside: Receiver,
    github: GitHub,
    capsys: pytest.CaptureFixture[str],
) -> None:
    delivered(outgoing, queue, trigger(outgoing, outside))
    inner = pem(KEY).splitlines()[3]
    for received in outside.received:
        assert inner not in received.body.decode() + json.dumps(received.headers)
    assert inner not in capsys.readouterr().out


@pytest.mark.parametrize(
    "secret",
    [
        "-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----",
        pem(rsa.generate_private_key(65537, 1024)),
        pem(ec.generate_private_key(ec.SECP256R1())),
    ],
)
def test_a_key_that_cannot_sign_is_refused_when_it_is_given(outgoing: Services, outside: Receiver, secret: str) -> None:
    with pytest.raises(InvalidInputError, match="RSA of at least 2,048 bits") as refusal:
        trigger(outgoing, outside, secret)
    assert refusal.value.problems[0].pointer == "/secret"
