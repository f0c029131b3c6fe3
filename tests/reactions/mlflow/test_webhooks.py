"""A webhook of MLflow's format goes through the same pipeline and gets MLflow's payloads."""

import json
from collections.abc import Callable

import boto3
import pytest

from chalicelib.aws.names import OUTBOUND_ALLOW_VARIABLE, SIGNING_SECRET_VARIABLE
from chalicelib.aws.services import Services, reset_services, services
from chalicelib.domain.errors import InvalidInputError, WebhookNotFoundError
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.deliveries import Answer as ReceiverAnswer
from chalicelib.domain.webhooks.deliveries import Delivery, Failure, State
from chalicelib.domain.webhooks.webhook import Webhook
from chalicelib.registry.audit import audit
from chalicelib.registry.mlflow import webhooks as mlflow_webhooks
from chalicelib.registry.models import models
from chalicelib.registry.versions import versions
from chalicelib.registry.webhooks import deliveries, saving
from tests.mlflow_signature import verified
from tests.reactions.webhooks.receiving import Answer, Clock, DeliveryQueueDouble, Receiver, last_event, notify, webhook
from tests.registry.build import file, model, registered, request

SECRET = "the caller's own secret"


def mlflow_webhook(
    registry: Services, url: str, *events: str, secret: str = SECRET, models: list[str] | None = None
) -> Webhook:
    given = WebhookChange(name="ci", events=events or None, models=models)
    return mlflow_webhooks.create_webhook(registry, request(), url, given, secret).result


def log_of(registry: Services, webhook: Webhook) -> list[Delivery]:
    return list(deliveries.list_deliveries(registry, webhook.id, 50, None).items)


def notify_all(registry: Services, ledger: str = "model:fraud") -> None:
    for event in audit.list_events(registry, ledger, "oldest", 50, None).items:
        notify(event)


def test_a_receiver_gets_mlflows_payload_signed_with_the_callers_secret(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created = mlflow_webhook(outgoing, outside.url, "registered_model.created")
    model(outgoing)
    event = last_event(outgoing, "model:fraud")
    notify(event)
    assert queue.send(queue.receive()) == []
    (received,) = outside.received
    now = int(received.headers["X-MLflow-Timestamp"])
    assert verified(SECRET, received.headers, received.body, now) == {
        "entity": "registered_model",
        "action": "created",
        "timestamp": event["time"].replace("Z", "000+00:00"),
        "data": {"name": "fraud", "tags": {}, "description": ""},
    }
    assert received.headers["Content-Type"] == "application/json"
    assert "webhook-signature" not in {name.lower() for name in received.headers}
    (logged,) = log_of(outgoing, created)
    assert logged.id == received.headers["X-MLflow-Delivery-Id"].replace("-", "")
    assert (logged.state, logged.event_type, logged.part) == (State.SUCCEEDED, "registered_model.created", 0)


def test_each_changed_tag_is_a_delivery_of_its_own_however_often_the_event_comes(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created = mlflow_webhook(outgoing, outside.url, "model_version_tag.set", "model_version_tag.deleted")
    model(outgoing)
    version = registered(outgoing, file(), tags={"old": "1"}).version
    versions.annotate_version(outgoing, request(), "fraud", str(version.number), None, {"a": "1", "b": "2"})
    event = last_event(outgoing, "model:fraud")
    notify(event)
    notify(event)
    queue.send(queue.receive())
    bodies = [verified(SECRET, received.headers, received.body) for received in outside.received]
    assert sorted((body["action"], body["data"]["key"]) for body in bodies) == [
        ("deleted", "old"),
        ("set", "a"),
        ("set", "b"),
    ]
    assert len({received.headers["X-MLflow-Delivery-Id"] for received in outside.received}) == 3
    assert sorted((logged.part, logged.event_type) for logged in log_of(outgoing, created)) == [
        (0, "model_version_tag.set"),
        (1, "model_version_tag.set"),
        (2, "model_version_tag.deleted"),
    ]


def test_a_webhook_gets_only_the_events_and_models_that_it_wants(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    mlflow_webhook(outgoing, outside.url, "model_version.created", models=["fra*"])
    mlflow_webhook(outgoing, outside.url, "model_version.created", models=["credit"])
    model(outgoing)
    registered(outgoing, file())
    notify_all(outgoing)
    queue.send(queue.receive())
    (received,) = outside.received
    assert json.loads(received.body)["entity"] == "model_version"


def test_versions_of_a_prompt_are_sent_as_prompt_versions(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    mlflow_webhook(outgoing, outside.url)
    change = ProfileChange(tags={"mlflow.prompt.is_prompt": "true"})
    models.create_model(outgoing, request(), "fraud", change)
    registered(outgoing, file(), tags={"mlflow.prompt.text": "Hello"})
    notify_all(outgoing)
    queue.send(queue.receive())
    bodies = [json.loads(received.body) for received in outside.received]
    assert sorted(body["entity"] for body in bodies) == ["prompt", "prompt_version"]
    assert [body["data"]["template"] for body in bodies if body["entity"] == "prompt_version"] == ["Hello"]


def test_one_event_goes_to_webhooks_of_both_formats(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    webhook(outgoing, outside.url, models=["fraud"])
    mlflow_webhook(outgoing, outside.url)
    model(outgoing)
    notify_all(outgoing)
    queue.send(queue.receive())
    assert sorted("webhook-id" in received.headers for received in outside.received) == [False, True]


def test_a_retry_has_the_same_id_and_body_and_a_fresh_signature(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(outgoing, monkeypatch)
    created = mlflow_webhook(outgoing, outside.url)
    model(outgoing)
    notify_all(outgoing)
    outside.answers = [Answer(500), Answer(204)]
    kept = queue.send(queue.receive())
    clock.move_to(log_of(outgoing, created)[0].next_attempt_at)
    assert queue.send(kept) == []
    first, second = outside.received
    assert first.body == second.body
    assert first.headers["X-MLflow-Delivery-Id"] == second.headers["X-MLflow-Delivery-Id"]
    assert int(second.headers["X-MLflow-Timestamp"]) > int(first.headers["X-MLflow-Timestamp"])
    assert verified(SECRET, second.headers, second.body)


def test_a_redelivery_sends_the_same_part_again(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created = mlflow_webhook(outgoing, outside.url)
    model(outgoing)
    notify_all(outgoing)
    queue.send(queue.receive())
    deliveries.redeliver(outgoing, request(), created.id, log_of(outgoing, created)[0].id)
    queue.send(queue.receive())
    first, second = outside.received
    assert first.body == second.body
    assert first.headers["X-MLflow-Delivery-Id"] == second.headers["X-MLflow-Delivery-Id"]


def test_a_queued_test_sends_an_example_of_the_first_event(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created = mlflow_webhook(outgoing, outside.url, "model_version_alias.created", "prompt.created")
    deliveries.queue_test(outgoing, request(), created.id)
    queue.send(queue.receive())
    (received,) = outside.received
    body = verified(SECRET, received.headers, received.body)
    assert (body["entity"], body["data"]["alias"]) == ("model_version_alias", "example_alias")


def test_a_receiver_without_a_secret_gets_no_signature(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    mlflow_webhook(outgoing, outside.url, secret="")
    model(outgoing)
    notify_all(outgoing)
    queue.send(queue.receive())
    (received,) = outside.received
    assert "X-MLflow-Delivery-Id" in received.headers
    assert "X-MLflow-Signature" not in received.headers


def test_a_changed_secret_signs_what_comes_after_and_its_event_shows_only_that_it_changed(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created = mlflow_webhook(outgoing, outside.url)
    mlflow_webhooks.update_webhook(outgoing, request(), created.id, WebhookChange(), "another")
    event = last_event(outgoing, "registry")
    assert (event["before"], event["after"]) == ({"secret_generation": 1}, {"secret_generation": 2})
    model(outgoing)
    notify_all(outgoing)
    queue.send(queue.receive())
    (received,) = outside.received
    assert verified("another", received.headers, received.body)


def test_a_secret_of_the_owners_own_is_not_rotated(outgoing: Services, outside: Receiver) -> None:
    created = mlflow_webhook(outgoing, outside.url)
    with pytest.raises(InvalidInputError, match="its owner's own"):
        saving.rotate_secret(outgoing, request(), created.id, 0)


def test_what_a_delivery_sends_is_shown_in_mlflows_format(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created = mlflow_webhook(outgoing, outside.url)
    model(outgoing)
    notify_all(outgoing)
    queue.send(queue.receive())
    (received,) = outside.received
    (logged,) = deliveries.list_deliveries(outgoing, created.id, 10, None).items
    assert deliveries.get_sent(outgoing, created.id, logged.id).message.body == received.body


def test_setting_the_same_secret_is_no_change(outgoing: Services, outside: Receiver) -> None:
    created = mlflow_webhook(outgoing, outside.url)
    again = mlflow_webhooks.update_webhook(outgoing, request(), created.id, WebhookChange(), SECRET).result
    assert again.revision == created.revision
    assert last_event(outgoing, "registry")["type"] == "webhook.created"


def test_an_empty_secret_removes_it(outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver) -> None:
    created = mlflow_webhook(outgoing, outside.url)
    mlflow_webhooks.update_webhook(outgoing, request(), created.id, WebhookChange(), "")
    model(outgoing)
    notify_all(outgoing)
    queue.send(queue.receive())
    assert "X-MLflow-Signature" not in outside.received[0].headers


def test_neither_table_nor_events_nor_log_nor_queue_hold_the_secret_in_clear(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    mlflow_webhook(outgoing, outside.url)
    model(outgoing)
    notify_all(outgoing)
    records = queue.receive()
    outside.answers = [Answer(500)]
    queue.send(records)
    items = boto3.client("dynamodb").scan(TableName=outgoing.settings.table)["Items"]
    printed = "".join(capsys.readouterr())
    assert any("sealed_secret" in str(item) for item in items)
    assert SECRET not in repr(items) + repr(records) + printed
    assert outside.url not in printed


def test_a_secret_that_cannot_be_decrypted_fails_the_attempt_and_says_what_to_do(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    created = mlflow_webhook(outgoing, outside.url)
    model(outgoing)
    notify_all(outgoing)
    other = boto3.client("secretsmanager").create_secret(Name="rotated", SecretString="another key")["ARN"]
    monkeypatch.setenv(SIGNING_SECRET_VARIABLE, other)
    reset_services()
    assert len(queue.send(queue.receive())) == 1
    assert outside.received == []
    (logged,) = log_of(services(), created)
    assert "set it again" in str(logged.attempts[0].error)
    mlflow_webhooks.update_webhook(services(), request(), created.id, WebhookChange(), SECRET)
    deliveries.redeliver(services(), request(), created.id, logged.id)
    queue.send(queue.receive())
    assert verified(SECRET, outside.received[0].headers, outside.received[0].body)


def test_lists_of_mlflows_webhooks_hold_no_others_and_are_paged(outgoing: Services, outside: Receiver) -> None:
    made = []
    for _ in range(3):
        webhook(outgoing, outside.url)
        made.append(mlflow_webhook(outgoing, outside.url).id)
    webhook(outgoing, outside.url)
    first = mlflow_webhooks.list_webhooks(outgoing, 2, None)
    rest = mlflow_webhooks.list_webhooks(outgoing, 2, first.next_start)
    assert [found.id for found in (*first.items, *rest.items)] == made[::-1]
    assert (len(first.items), rest.next_start) == (2, None)


def test_a_standard_webhook_is_not_found_as_one_of_mlflows(outgoing: Services, outside: Receiver) -> None:
    created = webhook(outgoing, outside.url).webhook
    acts: list[Callable[[], object]] = [
        lambda: mlflow_webhooks.get_webhook(outgoing, created.id),
        lambda: mlflow_webhooks.update_webhook(outgoing, request(), created.id, WebhookChange(), "x"),
        lambda: mlflow_webhooks.try_webhook(outgoing, created.id, None),
    ]
    for act in acts:
        with pytest.raises(WebhookNotFoundError):
            act()


@pytest.mark.parametrize("name", ["", "-a", "a-", "a b", "a" * 64, "ä", "a\n"])
def test_a_name_that_mlflow_refuses_is_refused(outgoing: Services, outside: Receiver, name: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        mlflow_webhooks.create_webhook(outgoing, request(), outside.url, WebhookChange(name=name), "")
    assert refusal.value.problems[0].pointer == "/name"


def test_an_overlong_secret_is_refused_without_being_shown(outgoing: Services, outside: Receiver) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        mlflow_webhook(outgoing, outside.url, secret="s" * 1001)
    assert "ssss" not in str(refusal.value)


def test_a_trial_returns_the_receivers_answer(outgoing: Services, outside: Receiver) -> None:
    created = mlflow_webhook(outgoing, outside.url, "model_version.created")
    outside.answers = [Answer(418, body=b"teapot"), Answer(204)]
    assert mlflow_webhooks.try_webhook(outgoing, created.id, None) == ReceiverAnswer(418, None, "teapot")
    assert mlflow_webhooks.try_webhook(outgoing, created.id, "prompt_alias.deleted") == ReceiverAnswer(204)
    first, second = (verified(SECRET, received.headers, received.body) for received in outside.received)
    assert (first["entity"], second["entity"]) == ("model_version", "prompt_alias")
    assert log_of(outgoing, created) == []
    with pytest.raises(InvalidInputError):
        mlflow_webhooks.try_webhook(outgoing, created.id, "model_version.deleted")


def test_a_trial_obeys_the_outbound_policy(
    outgoing: Services, outside: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    created = mlflow_webhook(outgoing, outside.url)
    monkeypatch.setenv(OUTBOUND_ALLOW_VARIABLE, "")
    reset_services()
    outcome = mlflow_webhooks.try_webhook(services(), created.id, None)
    assert isinstance(outcome, Failure)
    assert "not public" in outcome.error
    assert outside.received == []
