"""A model in use drifts: its monitor alarms, the scheme takes it back, people are told, and the record explains it.

The registry does all of it by its deployed functions. What it is told are only windows, by a reporter who may do no
more than report.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from moorage import Client, ConflictError, Event, Grant
from moorage.monitors import Standing
from standardwebhooks import Webhook

from chalicelib.aws import keys, names
from chalicelib.domain.instants import instant
from infra.workload import KEEPER
from tests.e2e.functions import ALIAS, Function, serving_function
from tests.e2e.receiver import Receiver, receiving
from tests.e2e.releases import Release
from tests.e2e.stack import Stack, eventually
from tests.e2e.trail import anchor_now, audit_verify, verify

# Who judges windows and does what a monitor is set to do.
RULE: Final = "rule:monitoring"
# Amounts under 50, from 50 to 200, and above: as they were measured, and as they are after the market has changed.
STEADY: Final = (400, 400, 200)
DRIFTED: Final = (150, 350, 500)
# What a version needs for production. One that a monitor has found to drift does not get in again.
GATES: Final = [
    {"name": "holdout", "kind": "evaluation", "evaluation": "holdout", "metric": "accuracy", "at_least": 0.9},
    {
        "name": "not-drifting",
        "kind": "condition",
        "expression": '!("monitor.amounts" in checks) || checks["monitor.amounts"].passed',
    },
]
SCHEME: Final[dict[str, Any]] = {
    "initial": "development",
    "archive": "archived",
    "stages": [
        {"name": "development"},
        {"name": "production", "exclusive": True, "on_enter": {"aliases": ["champion"]}},
        {"name": "archived"},
    ],
    "transitions": [
        {"from": ["development", "archived"], "to": "production", "gates": GATES},
        {"from": ["development", "production"], "to": "archived"},
    ],
    "rollback": {"allowed": True, "reason_required": True},
}


@dataclass(frozen=True)
class Watched:
    """A model in use. ``reporter`` can only report; ``first`` is when the first of its windows begins."""

    release: Release
    function: Function
    reporter: Client
    receiver: Receiver
    secret: str
    first: datetime

    @property
    def model(self) -> str:
        return self.release.model

    @property
    def registry(self) -> Client:
        return self.release.registry

    def report(self, version: int, hour: int, counts: Sequence[int]) -> Standing:
        """Report what the amounts were that a version got in an hour."""
        put = self.reporter.monitors.put_window
        return put(
            self.model, "amounts", self.at(hour), sum(counts), version=version, features=[amounts(counts)]
        ).standing

    def report_latency(self, hour: int, milliseconds: float) -> Standing:
        """Report how fast the version was that serves."""
        put = self.reporter.monitors.put_window
        return put(self.model, "latency", self.at(hour), 1_000, metrics={"p95_ms": milliseconds}).standing

    def at(self, hour: int) -> datetime:
        return self.first + timedelta(hours=hour)

    def event(self, kind: str, subject: str | None = None, after: int = 0) -> Event:
        """The first event of a type, of one monitor if it is named, after a place in the ledger; waits for it."""

        def look() -> Event | None:
            events = self.registry.events.list(self.model, order="oldest")
            found = (one for one in events if one.type == kind and subject in (None, one.subject))
            return next((one for one in found if one.sequence > after), None)

        return eventually(look, f"{kind} {subject or ''}", seconds=120)

    def told(self, kind: str) -> dict[str, Any]:
        """What the receiver of the webhook got of a type; waits for it."""

        def look() -> dict[str, Any] | None:
            deliveries = [Webhook(self.secret).verify(body, headers) for headers, body in self.receiver.received]
            found: list[dict[str, Any]] = [one["data"] for one in deliveries if one["type"] == kind]
            return found[0] if found else None

        return eventually(look, f"the delivery of {kind}", seconds=120)


def amounts(counts: Sequence[int]) -> dict[str, Any]:
    """The histogram of the feature that is watched. No amount is above the last edge."""
    return {"name": "amount", "kind": "numeric", "edges": [50, 200, 1_000], "counts": [*counts, 0], "n": sum(counts)}


@pytest.fixture
def watched(stack: Stack, release: Release) -> Iterator[Watched]:
    registry, model = release.registry, release.model
    registry.schemes.save(model, SCHEME)
    registry.models.create(model)
    registry.schemes.assign(model, model)
    with ExitStack() as opened:
        function = opened.enter_context(serving_function(stack, "moorage-e2e"))
        receiver = opened.enter_context(receiving())
        hook = registry.webhooks.create(
            url=receiver.url, events=["monitor.*", "version.transitioned", "deployment.succeeded"], models=[model]
        )
        made = registry.tokens.create(f"serving-{model}", [Grant("contributor", model)])
        assert hook.secret is not None and made.token is not None
        reporter = opened.enter_context(Client(stack.url, made.token))
        hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        yield Watched(release, function, reporter, receiver, hook.secret, hour - timedelta(hours=12))
        registry.webhooks.delete(hook.id)


def test_a_model_that_drifts_is_taken_back_and_the_record_explains_it(
    stack: Stack, watched: Watched, tmp_path: Path
) -> None:
    two_versions_come_into_service(watched)
    monitors_watch_who_serves(watched)
    one_bad_window_is_a_warning(watched)
    the_second_one_is_an_alarm(watched)
    the_version_before_serves_again(watched)
    people_are_told(watched)
    the_history_explains_it(watched)
    the_version_that_drifted_does_not_get_in_again(watched)
    the_version_before_is_judged_by_its_own_windows(watched)
    a_recovery_is_an_event_and_passes_the_check(watched)
    a_monitor_that_hears_nothing_says_so(stack, watched)
    the_record_is_intact(stack, watched, tmp_path / "export")


def two_versions_come_into_service(watched: Watched) -> None:
    release, registry = watched.release, watched.registry
    registry.targets.set(
        watched.model,
        kind="lambda-alias",
        environment="production",
        models=[watched.model],
        stage="production",
        config={"function": watched.function.name, "alias": ALIAS},
    )
    for version in (1, 2):
        assert registry.register(watched.model, files=[release.file]).number == version
        with pytest.raises(ConflictError) as refusal:
            registry.versions.transition(watched.model, version, "production")
        assert [fault.pointer for fault in refusal.value.errors] == ["/gates/holdout"]
        registry.evaluations.record(watched.model, version, "holdout", {"accuracy": 0.9 + version / 100})
        registry.versions.transition(watched.model, version, "production", reason=f"release {version}")
        assert release.ended(version).status == "succeeded"
        assert watched.function.answer()["version"] == str(version)


def monitors_watch_who_serves(watched: Watched) -> None:
    monitors = watched.registry.monitors
    monitors.save(
        watched.model,
        "amounts",
        "drift",
        selector="@champion",
        baseline=[amounts([10 * count for count in STEADY])],
        silent_after=1,
        on_alarm=[{"do": "roll_back", "pointer": "stage:production"}, {"do": "fail_check"}],
    )
    monitors.save(
        watched.model,
        "latency",
        "system",
        selector="@champion",
        metrics={"p95_ms": {"at_most": 200}},
        on_alarm=[{"do": "fail_check"}],
    )
    assert watched.report(2, 0, STEADY).verdict == "ok"


def one_bad_window_is_a_warning(watched: Watched) -> None:
    standing = watched.report(2, 1, DRIFTED)
    assert (standing.verdict, standing.version, standing.worst) == ("warning", 2, "amount")
    assert watched.release.in_production() == 2


def the_second_one_is_an_alarm(watched: Watched) -> None:
    assert watched.report(2, 2, DRIFTED).verdict == "alarm"
    # It is no new alarm that the reporter says it again.
    watched.report(2, 2, DRIFTED)
    events = watched.registry.events.list(watched.model, order="oldest")
    assert [event.type for event in events].count("monitor.alarmed") == 1


def the_version_before_serves_again(watched: Watched) -> None:
    eventually(lambda: watched.release.in_production() == 1, "version 1 back in production", seconds=120)
    back = watched.release.ended(3)
    assert (back.status, back.version) == ("succeeded", 1), back.detail
    assert watched.function.answer()["version"] == "1"
    assert watched.registry.aliases.get(watched.model, "champion").version == 1
    assert watched.registry.versions.get(watched.model, 2).stage == "archived"


def people_are_told(watched: Watched) -> None:
    alarmed = watched.told("monitor.alarmed")
    assert (alarmed["version"], alarmed["subject"], alarmed["actor"]) == (2, "amounts", RULE)
    assert "2 of the last 3 windows of version 2 breached: amount: psi is" in alarmed["reason"]
    assert watched.told("monitor.acted")["reason"].startswith("the check monitor.amounts of version 2 failed")


def the_history_explains_it(watched: Watched) -> None:
    alarmed, acted = watched.event("monitor.alarmed"), watched.event("monitor.acted")
    assert alarmed.details is not None and alarmed.after is not None and acted.after is not None
    rests_on = alarmed.details["windows"]
    assert [(one["verdict"], one["n"]) for one in rests_on] == [("ok", 1_000), ("breached", 1_000), ("breached", 1_000)]
    kept = watched.registry.monitors.windows(watched.model, "amounts", version=2)
    assert [digest for one in rests_on for digest in one["digests"]] == [one.digest for one in reversed(list(kept))]
    assert acted.after["event"] == alarmed.id
    assert [(act["do"], act["done"]) for act in acted.after["acts"]] == [("fail_check", True), ("roll_back", True)]
    returned, *_ = watched.registry.stages.history(watched.model, "production")
    assert (returned.version, returned.trigger, returned.actor) == (1, "rollback", RULE)
    assert returned.reason == f"monitor amounts: {alarmed.reason}"
    deployment = watched.registry.deployments.get(watched.model, 3)
    move = watched.release.timeline().cause(deployment)
    assert (move.reason, deployment.reason) == (returned.reason, returned.reason)
    # One thing led to the other, so one id leads to all of it.
    assert alarmed.correlation_id == acted.correlation_id == move.correlation_id
    (check,) = watched.registry.checks.list(watched.model, 2)
    assert (check.name, check.passed, check.reported_by) == ("monitor.amounts", False, RULE)


def the_version_that_drifted_does_not_get_in_again(watched: Watched) -> None:
    with pytest.raises(ConflictError) as refusal:
        watched.registry.versions.transition(watched.model, 2, "production")
    assert [fault.pointer for fault in refusal.value.errors] == ["/gates/not-drifting"]


def the_version_before_is_judged_by_its_own_windows(watched: Watched) -> None:
    standing = watched.report(1, 3, STEADY)
    assert (standing.verdict, standing.version) == ("ok", 1)
    events = [event.type for event in watched.registry.events.list(watched.model)]
    assert "monitor.recovered" not in events, "version 1 was never unwell"


def a_recovery_is_an_event_and_passes_the_check(watched: Watched) -> None:
    for hour, milliseconds in enumerate((350, 340)):
        watched.report_latency(hour, milliseconds)
    alarmed = watched.event("monitor.alarmed", "latency")
    failed = watched.event("monitor.acted", "latency", after=alarmed.sequence)
    assert failed.reason == "the check monitor.latency of version 1 failed"
    assert watched.report_latency(2, 90).verdict == "alarm", "two of three windows still breach"
    assert watched.report_latency(3, 90).verdict == "warning"
    recovered = watched.event("monitor.recovered", "latency")
    passed = watched.event("monitor.acted", "latency", after=recovered.sequence)
    assert passed.reason == "the check monitor.latency of version 1 passed"


def a_monitor_that_hears_nothing_says_so(stack: Stack, watched: Watched) -> None:
    hours_pass(stack, watched.model, "amounts")
    events = [event.type for event in watched.registry.events.list(watched.model)]
    assert "monitor.silent" not in events, "version 1 serves again, so it has time to be heard of"
    hours_pass(stack, watched.model, "amounts")
    silent = watched.event("monitor.silent", "amounts")
    assert (silent.version, silent.trigger) == (1, "keeper")
    assert silent.reason is not None and "has heard nothing of version 1 since" in silent.reason
    acted = watched.event("monitor.acted", "amounts", after=silent.sequence)
    assert acted.reason == "the check monitor.amounts of version 1 failed"
    assert watched.release.in_production() == 1, "a version of which nothing is known is not moved"
    assert watched.told("monitor.silent")["version"] == 1
    again = watched.reporter.monitors.put_window(
        watched.model, "amounts", watched.at(11), 1_000, features=[amounts(STEADY)], measured_at=datetime.now(UTC)
    )
    assert again.standing.verdict == "ok"
    assert watched.event("monitor.recovered", "amounts").sequence > silent.sequence


def hours_pass(stack: Stack, model: str, monitor: str) -> None:
    """Let the keeper run as it would three hours after it looked at a monitor last."""
    key = keys.watch(model, monitor)
    then = instant(datetime.now(UTC) - timedelta(hours=3))
    stack.aws("dynamodb").update_item(
        TableName=stack.outputs["TableName"],
        Key={names.PARTITION_KEY: {"S": key.partition}, names.SORT_KEY: {"S": key.sort}},
        UpdateExpression=f"SET {names.DUE_AT} = :then, since = :then",
        ConditionExpression=f"attribute_exists({names.DUE_AT})",
        ExpressionAttributeValues={":then": {"S": then}},
    )
    answer = stack.aws("lambda").invoke(FunctionName=stack.function(KEEPER), Payload=b"{}")
    assert "FunctionError" not in answer, answer["Payload"].read()


def the_record_is_intact(stack: Stack, watched: Watched, directory: Path) -> None:
    watched.event("monitor.acted", "amounts", after=watched.event("monitor.recovered", "amounts").sequence)
    assert audit_verify(stack, watched.model) == (0, [])
    anchor_now(stack)
    watched.registry.export_audit(directory, models=[watched.model], state=True)
    code, report = verify(directory, "--state")
    assert (code, report["faults"]) == (0, [])
    watched.release.timeline()
