"""Lists of targets and schedules in a terminal of 80 columns: what names them stays whole."""

from typing import Any

from moorage import Client

from tests.client.cli.terminal import run_in_terminal

MODEL = "fraud-detection-credit-cards-europe-north"
TARGET = "payments-production-eu-central-1"
SCHEDULE = "retrain-fraud-detection-every-monday-morning"


def lines(connect: Any, *words: str) -> list[list[str]]:
    shown = run_in_terminal(words, connect, columns=80)
    assert shown.code == 0, shown.stderr
    assert all(len(line) <= 80 for line in shown.stdout.splitlines())
    return [line.split() for line in shown.stdout.splitlines()]


def test_where_shows_only_what_is_not_in_the_question(client: Client, connect: Any) -> None:
    client.register(MODEL)
    client.targets.set(TARGET, environment="production-eu-central", models=[MODEL], alias="champion")
    client.aliases.set(MODEL, "champion", 1)
    client.deployments.open(MODEL, 1, TARGET)
    header, row = lines(connect, "deployments", "where", MODEL)
    assert header[0] == "target" and row[0] == TARGET
    header, row = lines(connect, "deployments", "where", "--target", TARGET)
    assert header[0] == "model" and row[0] == MODEL


def test_long_schedules_lose_columns_before_they_become_blocks(client: Client, connect: Any) -> None:
    client.schedules.create(SCHEDULE, cron="0 6 * * MON", zone="America/Argentina/Buenos_Aires", models=MODEL)
    header, row = lines(connect, "schedules", "list")
    assert header == ["name", "next", "enabled"] and row[0] == SCHEDULE and row[1].endswith("Z")
