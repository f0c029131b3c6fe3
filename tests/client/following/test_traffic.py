"""What a server counts of its requests, and tells a monitor."""

import logging
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from moorage import Client, InvalidRequestError, MoorageError, NotFoundError, UnreachableError
from moorage.cli.main import main
from moorage.following.reporter import WindowReporter
from moorage.following.traffic import Traffic
from moorage.following.watched import Watched, new_source
from moorage.monitoring import ClosedWindow, baseline, window
from moorage.serving.application import Application, Request
from moorage.serving.served import Slot

from chalicelib.aws.services import Services
from chalicelib.domain.monitoring.window import source_name
from tests.client.lines import Forward, Line
from tests.client.serving.build import COLUMNS, served
from tests.domain.monitoring.build import numeric
from tests.registry.monitoring.watched import hours_on, set_clock

HOUR = timedelta(hours=1)
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
LIKE = baseline({"amount": [1.0, 2.0, 3.0], "note": ["a", "b", "a"], "predictions": [0.0, 0.5, 1.0]})


class Recording:
    """A monitor that keeps what it is told, and fails as a test says: once for each error."""

    def __init__(self, watched: Watched | None = None) -> None:
        self.watched = watched or Watched(LIKE, HOUR)
        self.reported: list[tuple[int, ClosedWindow]] = []
        self.failures: list[MoorageError] = []
        self.unreadable: list[MoorageError] = []

    def read(self) -> Watched:
        if self.unreadable:
            raise self.unreadable.pop(0)
        return self.watched

    def report(self, version: int, window: ClosedWindow) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.reported.append((version, window))


class Served:
    """A server with a clock that a test moves."""

    def __init__(self, monitor: Recording, read: bool = True) -> None:
        self.now = NOON
        self.slot = Slot(served(3, signature=COLUMNS))
        self.traffic = Traffic(self.slot, monitor, lambda: self.now)
        if read:
            self.traffic.read()
        self.application = Application(self.slot, self.traffic.observe)

    def ask(self, *rows: Mapping[str, Any]) -> int:
        body = httpx.Request("POST", "http://x", json={"dataframe_records": rows}).content
        return self.application.respond(Request("POST", "/invocations", "application/json", body)).status

    def report(self, after: timedelta = HOUR) -> str | None:
        self.now += after
        self.traffic.report()
        return self.slot.standing.unmonitored


@pytest.fixture
def monitor() -> Recording:
    return Recording()


@pytest.fixture
def server(monitor: Recording) -> Served:
    return Served(monitor)


ROW = {"amount": 1.5, "age": 40, "note": "a"}


def test_inputs_and_outputs_that_the_baseline_names_are_reported_when_the_window_is_over(
    server: Served, monitor: Recording
) -> None:
    assert server.ask(ROW, {"amount": 9.0, "age": 40}) == 200
    assert server.report(HOUR / 2) is None and monitor.reported == []
    assert server.report(HOUR / 2) is None
    ((version, closed),) = monitor.reported
    assert (version, closed.start, closed.n) == (3, NOON, 2)
    assert [feature.name for feature in closed.profile.features] == ["amount", "note", "predictions"]
    assert (closed.profile["amount"].max, closed.profile["note"].missing) == (9.0, 1)
    assert closed.profile["predictions"].mean == 0.5


def test_an_input_that_no_request_gave_is_missing_in_each_row(server: Served, monitor: Recording) -> None:
    server.ask({"amount": 1.5, "age": 40})
    server.report()
    assert monitor.reported[0][1].profile["note"].missing == 1


def test_both_protocols_are_counted(server: Served, monitor: Recording) -> None:
    tensors = [
        {"name": "amount", "shape": [1, 1], "datatype": "FP64", "data": [1.5]},
        {"name": "age", "shape": [1], "datatype": "INT64", "data": [40]},
    ]
    body = httpx.Request("POST", "http://x", json={"inputs": tensors}).content
    assert server.application.respond(Request("POST", "/v2/models/fraud/infer", None, body)).status == 200
    server.report()
    assert monitor.reported[0][1].n == 1


def test_each_version_has_windows_of_its_own(server: Served, monitor: Recording) -> None:
    server.ask(ROW)
    server.slot.current = served(4, signature=COLUMNS)
    server.ask(ROW, ROW)
    server.report()
    assert [(version, closed.n) for version, closed in monitor.reported] == [(3, 1), (4, 2)]


def test_a_request_that_is_refused_or_fails_is_not_counted(server: Served, monitor: Recording) -> None:
    def failing(given: Any, params: Any) -> Any:
        raise RuntimeError

    assert server.ask({"amount": "much", "age": 40}) == 400
    server.slot.current = served(3, failing, COLUMNS)
    assert server.ask(ROW) == 500
    server.report(timedelta())
    server.report()
    assert [closed.n for _, closed in monitor.reported] == [0]


def test_a_server_that_nobody_asked_reports_empty_windows(server: Served, monitor: Recording) -> None:
    for _ in range(3):
        server.report()
    assert [(closed.start, closed.n) for _, closed in monitor.reported] == [(NOON + HOUR, 0), (NOON + 2 * HOUR, 0)]


@pytest.mark.parametrize(
    ("predictions", "reason"),
    [(["secret"], "'predictions' has a str"), ({"score": [1.0]}, "no column 'predictions'")],
)
def test_an_answer_that_cannot_be_counted_is_given_and_the_reason_said_without_its_values(
    server: Served, monitor: Recording, predictions: Any, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    server.slot.current = served(3, lambda given, params: predictions, COLUMNS)
    assert server.ask(ROW) == 200
    problem = server.report()
    assert problem is not None and reason in problem and "secret" not in caplog.text + problem
    assert server.report() is None
    assert [closed.n for _, closed in monitor.reported] == [0]


def test_a_window_that_was_not_taken_waits_and_is_sent_again(
    server: Served, monitor: Recording, caplog: pytest.LogCaptureFixture
) -> None:
    server.ask(ROW)
    monitor.failures = [UnreachableError("away", retryable=True)] * 2
    assert server.report() == "away"
    server.ask(ROW, ROW)
    assert server.report() == "away"
    assert len([record for record in caplog.records if record.levelno == logging.WARNING]) == 1
    assert server.report(timedelta()) is None
    assert [(closed.start, closed.n) for _, closed in monitor.reported] == [(NOON, 1), (NOON + HOUR, 2)]


@pytest.mark.parametrize("refused", [InvalidRequestError("too old"), NotFoundError("no such version")])
def test_a_window_that_will_never_be_taken_is_given_up(
    server: Served, monitor: Recording, refused: MoorageError
) -> None:
    server.ask(ROW)
    server.now += HOUR
    server.ask(ROW, ROW)
    monitor.failures = [refused]
    problem = server.report()
    assert problem is not None and f"version 3 at 2026-11-29T12:00Z is given up: {refused.message}" in problem
    assert [closed.n for _, closed in monitor.reported] == [2]
    assert server.report() is None


def test_a_baseline_that_has_changed_is_counted_by_from_then_on(server: Served, monitor: Recording) -> None:
    server.ask(ROW)
    monitor.watched = Watched(baseline({"age": [1.0, 50.0]}), HOUR)
    monitor.failures = [InvalidRequestError("do not have what the baseline has")]
    server.report()
    server.ask(ROW)
    server.report()
    assert [[feature.name for feature in closed.profile.features] for _, closed in monitor.reported] == [["age"]]


def test_no_more_than_a_week_of_hours_waits(server: Served, monitor: Recording) -> None:
    monitor.failures = [UnreachableError("away")] * 200
    for _ in range(200):
        server.ask(ROW)
        server.report()
    server.report(timedelta())
    assert len(monitor.reported) == 168 and monitor.reported[0][1].start == NOON + 32 * HOUR


def test_a_monitor_that_cannot_be_read_at_first_is_read_later(monitor: Recording) -> None:
    monitor.unreadable = [UnreachableError("away")]
    server = Served(monitor, read=False)
    assert server.ask(ROW) == 200
    assert server.report() == "away"
    assert server.report() is None
    server.ask(ROW)
    server.report()
    assert [closed.n for _, closed in monitor.reported] == [1]


def test_only_the_features_that_the_monitor_compares_are_counted() -> None:
    document = {"name": "inputs", "window": "week", "features": ["note"], "baseline": LIKE.document()}
    watched = Watched.parse(document)
    assert (watched.names, watched.period) == (frozenset({"note"}), timedelta(weeks=1))
    with pytest.raises(InvalidRequestError, match="'inputs' has no baseline"):
        Watched.parse({**document, "baseline": []})
    with pytest.raises(InvalidRequestError, match="windows of one fortnight"):
        Watched.parse({**document, "window": "fortnight"})


@pytest.mark.parametrize(
    ("host", "shown"),
    [("web-1.example", "web-1.example"), ("", ""), ("käse host", "k-se-host"), ("x" * 250, "x" * 48)],
)
def test_each_server_is_a_source_of_its_own_that_the_registry_takes(
    host: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: host)
    sources = {source_name(new_source()) for _ in range(20)}
    assert len(sources) == 20 and all(source.endswith(f"-{shown}") for source in sources)


def amounts(amount: float) -> float:
    return amount


@pytest.fixture
def watched(client: Client, registry: Services) -> Client:
    set_clock(registry, 0)
    client.log(amounts, "fraud")
    client.monitors.save("fraud", "amounts", "drift", selector="1", baseline=[numeric(n=10_000).document()])
    return client


def test_the_registry_takes_a_window_in_which_nothing_was_asked(watched: Client, registry: Services) -> None:
    set_clock(registry, 2)
    reporter = WindowReporter(watched.monitors, "fraud", "amounts")
    closed = ClosedWindow(datetime.fromisoformat(hours_on(0)), window({}, reporter.read().baseline))
    reporter.report(1, closed)
    reporter.report(1, closed)
    (kept,) = watched.monitors.windows("fraud", "amounts", version=1)
    assert (kept.n, kept.source) == (0, reporter.source)


def test_the_registry_takes_the_windows_of_a_server_that_is_closed(
    watched: Client, registry: Services, api: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = [datetime.fromisoformat(hours_on(0.5))]
    monkeypatch.setattr("moorage.following.traffic._now", lambda: times[-1])
    with watched.serve("fraud/1", port=0, interval=1_000, allow=["source:fraud"], monitor="amounts") as model:
        asked = httpx.post(f"{model.url}/invocations", json={"inputs": {"amount": [5.0, 15.0]}}, trust_env=False)
        assert asked.status_code == 200
        times.append(datetime.fromisoformat(hours_on(1)))
        set_clock(registry, 1)
    (kept,) = watched.monitors.windows("fraud", "amounts", version=1)
    assert (kept.n, kept.features[0].counts[:2]) == (2, (1, 1)) and kept.source.startswith("server-")


def test_a_server_does_not_start_for_a_monitor_that_cannot_count(watched: Client) -> None:
    watched.monitors.save("fraud", "quality", "performance", selector="1", metrics={"accuracy": {"at_least": 0.9}})
    with pytest.raises(InvalidRequestError, match="no baseline"):
        watched.serve("fraud/1", port=0, allow=["source:fraud"], monitor="quality")
    with pytest.raises(NotFoundError):
        watched.serve("fraud/1", port=0, allow=["source:fraud"], monitor="none")


def test_predictions_go_on_while_the_registry_takes_no_windows(
    watched: Client, api: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(request: httpx.Request, forward: Forward) -> httpx.Response:
        raise httpx.ConnectError("away")

    api.disturb(away, lambda request: "/windows/" in request.url.path, times=10_000_000)
    times = [datetime.fromisoformat(hours_on(0.5))]
    monkeypatch.setattr("moorage.following.traffic._now", lambda: times[-1])
    with watched.serve("fraud/1", port=0, interval=0.001, allow=["source:fraud"], monitor="amounts") as model:
        for hour in (0.5, 1.5):
            times.append(datetime.fromisoformat(hours_on(hour)))
            asked = httpx.post(f"{model.url}/invocations", json={"inputs": {"amount": [5.0]}}, trust_env=False)
            assert asked.json() == {"predictions": [5.0]}
        # It ends: the window that is over is reported again and again.
        while httpx.get(f"{model.url}/health", trust_env=False).json()["unmonitored"] is None:
            pass


def test_the_command_reports_to_the_monitor_that_it_is_given(
    watched: Client, connect: Any, api: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moorage.serving.http_server.told_to_end", lambda: nullcontext(SimpleNamespace(wait=bool)))
    words = ["serve", "fraud/1", "--port", "0", "--allow", "source:fraud", "--monitor"]
    ran = CliRunner().invoke(main, [*words, "amounts"], obj=connect)
    assert ran.exit_code == 0, ran.output
    assert api.sent("GET", "/monitors/amounts")
    ran = CliRunner().invoke(main, [*words, "none"], obj=connect)
    assert ran.exit_code == 3 and "try: moorage monitors list fraud" in ran.stderr
