"""What the registry costs in dollars: at rest, and for a million registrations, downloads, events and what follows.

The amounts of each unit are measured or counted here. The prices are an assumption: AWS's list prices in us-east-1,
without free allowances, as of 2026. Other regions cost up to half more. ``python -m bench.costs`` prints it alone.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rich.table import Table

from bench import reactions, report
from bench.emulation import fresh_registry, metered
from bench.endpoints import MODEL
from bench.environment import leave_accounts_alone
from bench.invocation import Function
from bench.meter import Usage
from chalicelib.aws import keys
from chalicelib.aws.ledger import event_items
from chalicelib.aws.names import EVENT_PREFIX
from chalicelib.aws.services import Services
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.registry.ledger.outbox import deliver, redeliver_overdue
from chalicelib.registry.lifecycle.sweep import sweep_due
from tests.registry.build import CONTENT, sha256

MILLION: Final = 1_000_000
HOURS_A_MONTH: Final = 730
FILES: Final = 5

# Dollars for one unit.
PRICES: Final[Mapping[str, float]] = {
    "API Gateway call": 3.50e-6,
    "Lambda call": 0.20e-6,
    "Lambda GB-second (arm64)": 0.0000133334,
    "DynamoDB write unit": 0.625e-6,
    "DynamoDB read unit": 0.125e-6,
    "S3 PUT": 5.0e-6,
    "S3 GET": 0.40e-6,
    "EventBridge event": 1.00e-6,
    "SQS call": 0.40e-6,
    "X-Ray trace": 5.00e-6,
    "log line of 1 KB": 0.50e-6,
    "secret and month": 0.40,
    "alarm and month": 0.10,
}
# Seconds of a function's call, with its memory in GB. Measured on the emulator, and rounded up.
API_CALL: Final = 0.06 * 1.0
RELAY_BATCH: Final = 0.05 * 0.5
REACTION: Final = 0.05 * 0.5
KEEPER_RUN: Final = 0.5 * 0.5
FIRING: Final = 0.05 * 0.5
# Of small files. A pickle of 64 MB takes minutes.
SCAN: Final = 0.3 * 1.77
# A delivery with an answer within a quarter of a second. The sender waits for it, so a slow receiver costs more.
DELIVERY: Final = 0.3 * 0.5
# X-Ray records one request a second and this part of the others.
TRACED: Final = 0.05
# Lines of a call: the function's own, Lambda's report, and the API's access log.
LINES_OF_A_CALL: Final = 3
# Lambda asks each queue for messages with five pollers, for twenty seconds each time. The queue of steps is asked only
# if options let the deployer deploy.
# https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
QUEUES: Final = 1
POLLS_A_MONTH: Final = QUEUES * 5 * 3 * 60 * HOURS_A_MONTH
KEEPER_RUNS_A_MONTH: Final = 12 * HOURS_A_MONTH
# tests/infra counts them in the template, and the queues. An alarm is paid for each metric that it looks at, so none
# looks at several.
SECRETS: Final = 2
ALARMS: Final = 18
# What a month at rest may cost, in dollars.
AT_REST_BUDGET: Final = 3.0


@dataclass(frozen=True)
class Work:
    """Something that is paid for: ``amounts`` of units, by the names of PRICES, and how often it is shown.

    ``budget`` is what it must cost less than, in dollars; None if it has none.
    """

    name: str
    times: int
    amounts: Mapping[str, float]
    budget: float | None = None

    @property
    def dollars(self) -> float:
        return self.times * sum(amount * PRICES[unit] for unit, amount in self.amounts.items())


def rows() -> list[dict[str, Any]]:
    """One row for each kind of work, measured on a fresh registry."""
    return [
        {
            "work": work.name,
            "dollars": round(work.dollars, 2),
            "budget": work.budget,
            "amounts": dict(work.amounts),
            "kept": work.budget is None or work.dollars < work.budget,
        }
        for work in measured()
    ]


def measured() -> list[Work]:
    """A month at rest, and registrations, downloads and events."""
    with fresh_registry() as registry:
        caller = Function()
        if caller.post("/v1/models", {"name": MODEL}).status != 201:
            raise RuntimeError("the model to be measured was not created")
        _keep(registry)  # relays the model's own event, so that the measured run finds nothing to do
        meter = metered(registry)

        def usage_of(act: Callable[[], None]) -> Usage:
            with meter.measuring() as usage:
                act()
            return usage

        keeping = usage_of(lambda: _keep(registry))
        registering = usage_of(lambda: _register(registry, caller))
        downloading = usage_of(lambda: _ask_for_a_file(caller))
        events = _events(registry)[1:]
        relaying = usage_of(lambda: _relay(registry, events))
        delivering = usage_of(reactions.a_delivery(registry))
        deploying = usage_of(reactions.a_deployment(registry))
        scanning = usage_of(reactions.a_scan(registry, FILES))
        watching = usage_of(reactions.a_window(registry))
        # Last, because it puts the clock forward.
        firing = usage_of(reactions.a_firing(registry))
    of_an_event = _of_an_event(relaying, len(events))
    return [
        Work("a month at rest", 1, _at_rest(keeping), AT_REST_BUDGET),
        Work(f"a million registrations ({FILES} files each)", MILLION, _of_calls(registering, calls=2)),
        Work("a million downloads of a file", MILLION, _of_calls(downloading, calls=1) | {"S3 GET": 1}),
        Work("a million events, to the bus and the notifier", MILLION, of_an_event),
        Work("a million deliveries to webhooks", MILLION, _of_a_delivery(delivering)),
        Work("a million deployments (with two reports)", MILLION, _of_a_deployment(deploying, of_an_event)),
        Work(f"a million scans ({FILES} small files each)", MILLION, _of_a_scan(scanning, of_an_event)),
        Work("a million windows of monitors (20 features)", MILLION, _of_calls(watching, calls=1)),
        Work("a million firings of schedules", MILLION, _sum(_of_a_firing(firing), of_an_event)),
    ]


def shown(measured_rows: list[dict[str, Any]]) -> Table:
    table = report.table(
        "Cost at the list prices of us-east-1 (an assumption), without storage and transfer out",
        *("work", "US dollars", "under"),
    )
    for row in measured_rows:
        table.add_row(row["work"], f"{row['dollars']:,.2f}", "" if row["budget"] is None else f"{row['budget']:,.2f}")
    return table


def _of_calls(usage: Usage, calls: int) -> dict[str, float]:
    """The amounts of work that callers ask for over the API."""
    return {
        "API Gateway call": calls,
        "Lambda call": calls,
        "Lambda GB-second (arm64)": calls * API_CALL,
        "X-Ray trace": calls * TRACED,
        "log line of 1 KB": calls * LINES_OF_A_CALL,
        **_of_storage(usage),
    }


def _of_storage(usage: Usage) -> dict[str, float]:
    amounts: Counter[str] = Counter()
    for operation, count in usage.calls.items():
        if operation in ("s3.PutObject", "s3.CopyObject", "s3.ListObjectVersions", "s3.ListObjectsV2"):
            amounts["S3 PUT"] += count
        elif operation in ("s3.GetObject", "s3.HeadObject"):
            amounts["S3 GET"] += count
    return {
        "DynamoDB write unit": usage.write_units,
        "DynamoDB read unit": usage.read_units,
        **{unit: float(amount) for unit, amount in amounts.items()},
    }


def _of_an_event(usage: Usage, events: int) -> dict[str, float]:
    """One event that comes alone: the relay's call, the bus, and the notifier's call, which reads the webhooks."""
    return {
        "Lambda call": 2,
        "Lambda GB-second (arm64)": RELAY_BATCH + REACTION,
        "EventBridge event": 1,
        "log line of 1 KB": 2 * 2,
        "DynamoDB write unit": usage.write_units / events,
        "DynamoDB read unit": 1,
    }


def _of_a_delivery(usage: Usage) -> dict[str, float]:
    """One delivery that comes alone: it is queued, received, sent, logged and removed."""
    return {
        "Lambda call": 1,
        "Lambda GB-second (arm64)": DELIVERY,
        "SQS call": 3,
        "log line of 1 KB": 2,
        **_of_storage(usage),
    }


def _of_a_deployment(usage: Usage, of_an_event: Mapping[str, float]) -> dict[str, float]:
    """The deployer's calls for the move and for the deployment that it opened, the reports, and the events of all."""
    reports = len(reactions.REPORTS)
    opening = {"Lambda call": 2, "Lambda GB-second (arm64)": 2 * REACTION, "log line of 1 KB": 2 * 2}
    events = {unit: (1 + reports) * amount for unit, amount in of_an_event.items()}
    return _sum(opening, _of_calls(usage, calls=reports), events)


def _of_a_scan(usage: Usage, of_an_event: Mapping[str, float]) -> dict[str, float]:
    """The calls of the scanner and of what judges its result, and the event of that."""
    calls = {"Lambda call": 2, "Lambda GB-second (arm64)": SCAN + REACTION, "log line of 1 KB": 2 * 2}
    return _sum(calls, _of_storage(usage), of_an_event)


def _of_a_firing(usage: Usage) -> dict[str, float]:
    """What a firing adds to a run of the keeper, which is paid for at rest."""
    return {"Lambda GB-second (arm64)": FIRING, **_of_storage(usage)}


def _sum(*amounts: Mapping[str, float]) -> dict[str, float]:
    total: Counter[str] = Counter()
    for one in amounts:
        total.update(one)
    return dict(total)


def _at_rest(keeping: Usage) -> dict[str, float]:
    return {
        "secret and month": SECRETS,
        "alarm and month": ALARMS,
        "SQS call": POLLS_A_MONTH,
        "Lambda call": KEEPER_RUNS_A_MONTH,
        "Lambda GB-second (arm64)": KEEPER_RUNS_A_MONTH * KEEPER_RUN,
        "log line of 1 KB": KEEPER_RUNS_A_MONTH * 2,
        "DynamoDB read unit": KEEPER_RUNS_A_MONTH * keeping.read_units,
    }


def _register(registry: Services, caller: Function) -> None:
    """Register a version, put its files, and finalise it."""
    files = [{"path": f"part-{number}.bin", "size": len(CONTENT), "sha256": sha256(CONTENT)} for number in range(FILES)]
    answer = caller.post(f"/v1/models/{MODEL}/versions", {"files": files, "metrics": {"auc": 0.9}})
    uploads = answer.document["upload"]["files"]
    for upload in uploads:
        key = upload["url"].partition("?")[0].partition("/artifacts/")[2]
        registry.client("s3").put_object(
            Bucket=registry.bucket.name, Key=f"artifacts/{key}", Body=CONTENT, ChecksumAlgorithm="SHA256"
        )
    number = answer.document["version"]["number"]
    final = caller.post(f"/v1/models/{MODEL}/versions/{number}/finalise", {})
    if final.status != 200:
        raise RuntimeError(f"the version to be measured was not finalised: {final.status} {final.text}")


def _ask_for_a_file(caller: Function) -> None:
    answer = caller.get(f"/v1/models/{MODEL}/versions/1/artifacts/file", query={"path": "part-1.bin"})
    if answer.status != 302:
        raise RuntimeError(f"the file to be measured was not served: {answer.status} {answer.text}")


def _events(registry: Services) -> list[dict[str, Any]]:
    """Every event of the measured model, oldest first."""
    stored, _ = registry.table.query(keys.partition(model_ledger(MODEL)), EVENT_PREFIX, 100, None)
    return [event_items.event_from(item) for item in stored]


def _relay(registry: Services, events: list[dict[str, Any]]) -> None:
    if deliver(registry, events) != len(events):
        raise RuntimeError("the events to be measured were not relayed")


def _keep(registry: Services) -> None:
    """One run of the keeper that finds nothing to do."""
    redeliver_overdue(registry, registry.clock())
    sweep_due(registry, "bench")


if __name__ == "__main__":
    leave_accounts_alone()
    report.show(shown(rows()))
