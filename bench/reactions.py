"""What follows from events, to be measured: a delivery, a deployment, a firing of a schedule; and a window.

Each function arranges what must be there before, and returns the act.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.scanning.scanned_items import Asked, judgeable_from
from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.delivery_queue import parse_message
from chalicelib.domain.ledger.events import correlation_of
from chalicelib.domain.webhooks.deliveries import Answer, State
from chalicelib.registry.deployments.opening import open_for_event
from chalicelib.registry.monitoring import monitors, windows
from chalicelib.registry.scanning.files import Reading
from chalicelib.registry.scanning.scanning import scan_version
from chalicelib.registry.scanning.scans import finish_scan
from chalicelib.registry.schedules.firing import fire_due
from chalicelib.registry.schedules.schedules import get_schedule
from chalicelib.registry.webhooks.queueing import queue_event
from chalicelib.registry.webhooks.sending import send
from tests.domain.monitoring.build import definition, numeric
from tests.registry.arranged import a_model, a_move, a_schedule, a_webhook, newest_event, pass_time, reported
from tests.registry.arranged import a_window as a_window_of_the_last_hour
from tests.registry.build import MODEL, ready, ready_with, request
from tests.registry.scanning.states import ask

# Reports of a deployer: it has begun, and it has succeeded.
REPORTS: Final = ("in_progress", "succeeded")

Act = Callable[[], None]


class _Accepting:
    """A receiver that takes every delivery at once."""

    def post(self, _url: str, _headers: Mapping[str, str], _body: bytes) -> Answer:
        return Answer(204)


def a_delivery(registry: Services) -> Act:
    """The one attempt of a delivery whose receiver takes it."""
    a_webhook(registry, "ci")
    a_model(registry, "delivered")
    queue_event(registry, newest_event(registry, "delivered"))
    (message,) = registry.client("sqs").receive_message(QueueUrl=registry.settings.delivery_queue_url)["Messages"]

    def act() -> None:
        progress = send(registry, _Accepting(), parse_message(message["Body"]), "bench")
        if progress.state != State.SUCCEEDED.value:
            raise RuntimeError(f"the delivery to be measured ended as {progress.state}")

    return act


def a_deployment(registry: Services) -> Act:
    """A move that opens a deployment on the one target that waits for it, and its deployer's reports."""
    move = a_move(registry, "deployed")

    def act() -> None:
        (opened,) = open_for_event(registry, move)
        if opened.deployment is None:
            raise RuntimeError(f"the deployment to be measured was not opened: {opened.reason}")
        for status in REPORTS:
            reported(registry, "deployed", opened.deployment, status)

    return act


def a_scan(registry: Services, files: int) -> Act:
    """The scan of a version of small files that were never scanned, and its judgement."""
    model = a_model(registry, MODEL)
    contents = [(f"part-{number}.json", b"[%d]" % number) for number in range(files)]
    version = ask(registry, ready_with(registry, *contents).version.number)
    requested = newest_event(registry, model)
    asked = Asked.from_event(requested, correlation_of(requested))

    def act() -> None:
        scan_version(registry, asked, lambda: 900.0, Reading())
        stored = registry.table.get(keys.scan_result(version.uid))
        if stored is None:
            raise RuntimeError("the scan to be measured has no result")
        found = judgeable_from(stored)
        if not finish_scan(registry, request(), found.model, found.number, found.result):
            raise RuntimeError("the scan to be measured did not count")

    return act


def a_window(registry: Services) -> Act:
    """A window of twenty features in which everything is as in the one before, which is what most windows say."""
    model, name = a_model(registry, "watched"), "drift"
    ready(registry, model)
    features = tuple(numeric(n=1_000, shares=(0.05,) * 20, name=f"feature-{index}") for index in range(20))
    monitors.save_monitor(registry, request(), model, name, definition(baseline=features))
    window = replace(a_window_of_the_last_hour(registry), features=features)
    windows.put_windows(registry, request(), model, name, [window], batch=False)

    def act() -> None:
        windows.put_windows(registry, request(), model, name, [window], batch=False)

    return act


def a_firing(registry: Services) -> Act:
    """A schedule that fires because it is due, and only tells so. Puts the registry's clock forward."""
    schedule = get_schedule(registry, a_schedule(registry, "scheduled"))
    pass_time(registry, timedelta(hours=1))

    def act() -> None:
        if not fire_due(registry, schedule, "bench"):
            raise RuntimeError("the schedule to be measured did not fire")

    return act
