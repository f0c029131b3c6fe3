"""An event becomes one delivery for each webhook that wants it."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.delivery_queue import QueueRefusedError
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.registry.models import models
from chalicelib.registry.versions import tags as version_tags
from tests.reactions.webhooks.receiving import DeliveryQueueDouble, Receiver, last_event, notify, webhook
from tests.registry.arranged import a_schedule_that_has_fired
from tests.registry.build import model, pending, request


def queued(queue: DeliveryQueueDouble) -> list[dict[str, Any]]:
    return [json.loads(record["body"]) for record in queue.receive()]


class Refusing:
    """SQS that refuses the first message of each of the next ``times`` batches."""

    def __init__(self, registry: Services, times: int) -> None:
        self.times = times
        registry.client("sqs").meta.events.register("after-call.sqs.SendMessageBatch", self._refuse)

    def _refuse(self, parsed: dict[str, Any], **_: Any) -> None:
        # SQS did take it, as may be when its answer says otherwise: a message may come twice.
        if self.times:
            self.times -= 1
            first = parsed["Successful"].pop(0)
            parsed["Failed"] = [{"Id": first["Id"], "Code": "InternalError", "SenderFault": False}]


def test_an_event_is_queued_once_for_each_webhook_that_wants_it(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    wanting = webhook(outgoing, outside.url, events=["model.*"], models=["fra*"])
    everything = webhook(outgoing, outside.url)
    webhook(outgoing, outside.url, events=["version.*"])
    webhook(outgoing, outside.url, models=["credit"])
    webhook(outgoing, outside.url, enabled=False)
    model(outgoing)
    notify(last_event(outgoing, "model:fraud"))
    assert {message["webhook"] for message in queued(queue)} == {wanting.webhook.id, everything.webhook.id}


def test_the_same_event_again_queues_the_same_deliveries(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    webhook(outgoing, outside.url)
    model(outgoing)
    event = last_event(outgoing, "model:fraud")
    notify(event)
    notify(event)
    first, second = queued(queue)
    assert first["delivery"] == second["delivery"]


def test_changes_of_webhooks_go_to_webhooks_that_watch_everything(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    everything = webhook(outgoing, outside.url)
    webhook(outgoing, outside.url, models=["fraud"])
    notify(last_event(outgoing, "registry"))
    assert [message["webhook"] for message in queued(queue)] == [everything.webhook.id]


def test_a_firing_goes_to_webhooks_one_of_whose_patterns_covers_the_models_of_the_schedule(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    everything = webhook(outgoing, outside.url, events=["schedule.fired"])
    wider = webhook(outgoing, outside.url, events=["schedule.*"], models=["fraud*"])
    webhook(outgoing, outside.url, events=["schedule.*"], models=["fraud-eu"])
    webhook(outgoing, outside.url, events=["request.*"])
    a_schedule_that_has_fired(outgoing, "fraud-*")
    notify(last_event(outgoing, "registry"))
    assert {message["webhook"] for message in queued(queue)} == {everything.webhook.id, wider.webhook.id}


def test_a_message_names_the_event_and_holds_neither_url_nor_secret(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created = webhook(outgoing, outside.url)
    model(outgoing)
    notify(last_event(outgoing, "model:fraud"))
    (message,) = queued(queue)
    assert (message["ledger"], message["sequence"]) == ("model:fraud", 1)
    assert outside.url not in json.dumps(message)
    assert created.secret not in json.dumps(message)


def test_more_webhooks_than_one_batch_takes_all_get_a_message(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    wanting = {webhook(outgoing, outside.url).webhook.id for _ in range(12)}
    model(outgoing)
    notify(last_event(outgoing, "model:fraud"))
    messages = queued(queue)
    assert len(messages) == 12
    assert {message["webhook"] for message in messages} == wanting


def test_messages_that_the_queue_refuses_are_sent_again(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    wanting = {webhook(outgoing, outside.url).webhook.id for _ in range(3)}
    model(outgoing)
    Refusing(outgoing, times=2)
    notify(last_event(outgoing, "model:fraud"))
    assert {message["webhook"] for message in queued(queue)} == wanting


def test_a_queue_that_keeps_refusing_fails_the_event(outgoing: Services, outside: Receiver) -> None:
    webhook(outgoing, outside.url)
    model(outgoing)
    Refusing(outgoing, times=100)
    with pytest.raises(QueueRefusedError, match="InternalError"):
        notify(last_event(outgoing, "model:fraud"))


def test_an_event_costs_one_read_however_many_webhooks_there_are(outgoing: Services, outside: Receiver) -> None:
    for _ in range(3):
        webhook(outgoing, outside.url)
    model(outgoing)
    event = last_event(outgoing, "model:fraud")
    calls: list[str] = []

    def count(model: SimpleNamespace, **_: Any) -> None:
        calls.append(model.name)

    outgoing.client("dynamodb").meta.events.register("before-call.dynamodb", count)
    notify(event)
    assert calls == ["Query"]


def test_a_filter_by_tag_reads_the_tags_once_for_all_webhooks_and_only_if_one_may_want_the_event(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    wanting = webhook(outgoing, outside.url, events=["version.*"], only_tags={"team": "risk", "gpu": "yes"})
    webhook(outgoing, outside.url, events=["version.*"], only_tags={"team": "credit"})
    model(outgoing)
    pending(outgoing, tags={"gpu": "yes"})
    models.update_model(outgoing, request(), "fraud", ProfileChange(tags={"team": "risk"}))
    version_tags.set_version_tag(outgoing, request(), "fraud", 1, "note", "x")
    calls: list[str] = []
    outgoing.client("dynamodb").meta.events.register(
        "before-call.dynamodb", lambda model, **_: calls.append(model.name)
    )
    notify(last_event(outgoing, "model:fraud"))
    assert [message["webhook"] for message in queued(queue)] == [wanting.webhook.id]
    # The first query is the test's own.
    assert calls == ["Query", "Query", "GetItem", "GetItem"]


def test_filters_by_stage_and_field_read_nothing(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    described = webhook(outgoing, outside.url, events=["model.*"], only_fields=["description"])
    webhook(outgoing, outside.url, events=["model.*"], only_fields=["owner"])
    webhook(outgoing, outside.url, only_stages=["production"])
    model(outgoing)
    models.update_model(outgoing, request(), "fraud", ProfileChange(description="new"))
    event = last_event(outgoing, "model:fraud")
    calls: list[str] = []
    outgoing.client("dynamodb").meta.events.register(
        "before-call.dynamodb", lambda model, **_: calls.append(model.name)
    )
    notify(event)
    assert [message["webhook"] for message in queued(queue)] == [described.webhook.id]
    assert calls == ["Query"]
