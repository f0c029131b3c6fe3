"""A tour with a real model: train, register, promote by a rule, serve, receive webhooks, roll back, audit.

`make demo` runs it. It needs MOORAGE_URL and MOORAGE_TOKEN.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import joblib
from moorage import Beats, Client, Event, PromotionRule, Version
from narration import PATIENCE_SECONDS, console, expect, step, tell, wait_until
from receiver import Receiver
from rich.table import Table
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier
from train_and_register import split, train_and_register


def main() -> None:
    model = f"breast-cancer-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    with Client() as client, Receiver() as receiver, webhook(client, receiver, model):
        step(f"Create the model {model} with a rule: a version that beats production is promoted automatically")
        tell(f"A webhook sends its events to {receiver.url}")
        client.get_or_create_model(model, description="Benign or malignant?", owner="examples")
        rule = PromotionRule(metric="accuracy", to_stage="production", beats=Beats("production"))
        client.models.set_promotion_rule(model, rule)
        promote_by_rule(client, receiver, model)
        serve(client, model)
        roll_back(client, model)
        audit(client, receiver, model)
    say_what_is_next(model)


def promote_by_rule(client: Client, receiver: Receiver, model: str) -> None:
    """Register a first version, a worse one that is not promoted, and a better one that is."""
    step("The first version: a small decision tree. There is no version to beat yet")
    first = train_and_register(client, model, DecisionTreeClassifier(max_depth=4, random_state=7), "small tree")
    report(first)
    wait_for_stage(client, first, "production")
    say_what_the_scan_found(client, first)
    client.aliases.set(model, "champion", first.number, reason="first release")
    tell(f"{model}@champion is version {first.number}")

    step("A worse version: a decision stump. The rule does not promote it")
    worse = train_and_register(client, model, DecisionTreeClassifier(max_depth=1, random_state=7), "stump")
    report(worse)
    receiver.wait_for(lambda payload: is_about(payload, "version.ready", worse), PATIENCE_SECONDS)
    tell("The webhook for its version.ready event has arrived, with a valid signature")

    step("A better version: logistic regression. The rule promotes it")
    classifier = make_pipeline(StandardScaler(), LogisticRegression())
    better = train_and_register(client, model, classifier, "logistic regression")
    report(better)
    wait_for_stage(client, better, "production")
    receiver.wait_for(lambda payload: is_about(payload, "version.transitioned", better), PATIENCE_SECONDS)
    tell("The webhook for its promotion has arrived, with a valid signature")
    expect(client.versions.get(model, worse.number).stage == "development", "the worse version was not promoted")
    expect(client.versions.get(model, first.number).stage == "archived", "the first version was archived")
    client.aliases.set(model, "champion", better.number, expected=first.number, reason="beats the first")
    tell(f"{model}@champion is now version {better.number}; the move required that it was still {first.number}")


def serve(client: Client, model: str) -> None:
    """Download exactly the bytes that were registered, and predict with them."""
    step("Serve: download @champion, check every SHA-256, and predict")
    with tempfile.TemporaryDirectory() as directory:
        served = client.download(model, "@champion", directory)
        classifier = joblib.load(Path(directory, "model.joblib"))
    _, features, _, classes = split()
    predictions = classifier.predict(features)
    table = Table("sample", "predicted", "truth", box=None, header_style="bold")
    names = ("malignant", "benign")
    for index in range(5):
        table.add_row(str(index), names[predictions[index]], names[classes[index]])
    console.print(table)
    accuracy = round(accuracy_score(classes, predictions), 4)
    registered = client.versions.get(model, served.version).metrics["accuracy"]
    expect(accuracy == registered, f"version {served.version} predicts with accuracy {accuracy}, as registered")


def roll_back(client: Client, model: str) -> None:
    step("Something is wrong in production: roll back the alias and the stage, with one call each")
    alias = client.aliases.roll_back(model, "champion", reason="complaints from the clinic")
    holder = client.stages.roll_back(model, "production", reason="complaints from the clinic")
    expect(alias.version == holder.number == 1, "champion and production are version 1 again")
    table = Table("time", "champion", "before", "by", "reason", box=None, header_style="bold")
    for move in client.aliases.history(model, "champion"):
        before = "-" if move.previous_version is None else str(move.previous_version)
        table.add_row(f"{move.time:%H:%M:%S}", str(move.version), before, move.actor, move.reason)
    console.print(table)


def audit(client: Client, receiver: Receiver, model: str) -> None:
    step("Audit: every change is an event that contains the hash of the event before")
    table = Table("#", "event", "version", "by", "hash", box=None, header_style="bold")
    events = list(client.events.list(model, order="oldest"))
    for event in events:
        version = "" if event.version is None else str(event.version)
        table.add_row(str(event.sequence), event.type, version, event.actor, event.hash[:12])
    console.print(table)
    head = client.events.verify(model)
    tell(f"The chain of {head.sequence} events is unbroken; its head is {head.hash[:12]}…")
    for event in events:
        receiver.wait_for(partial(delivers, event), PATIENCE_SECONDS)
    expect(
        not receiver.rejected, f"all {len(events)} events were delivered to the webhook, each with a valid signature"
    )


def say_what_is_next(model: str) -> None:
    step("What next: the registry still runs")
    for text, command in (
        ("Open the web interface", f"{os.environ['MOORAGE_URL'].rstrip('/')}/ui/"),
        ("Sign in there with", ".venv/bin/python -m infra.local token"),
        ("Use the command line", 'export MOORAGE_URL="$(.venv/bin/python -m infra.local url)"'),
        ("", 'export MOORAGE_TOKEN="$(.venv/bin/python -m infra.local token)"'),
        ("", f".venv/bin/moorage best {model} accuracy"),
        ("Try gates and approvals", ".venv/bin/python examples/governance.py"),
        ("Stop it and save its data", "make down"),
        ("Deploy to your AWS account", "make bootstrap && make deploy STAGE=production"),
    ):
        console.print(f"  {text:<27} {command}", highlight=False, soft_wrap=True)


@contextmanager
def webhook(client: Client, receiver: Receiver, model: str) -> Iterator[None]:
    """Create a webhook for the events of ``model``, and delete it at the end."""
    created = client.webhooks.create(url=receiver.url, models=[model], description="the demo's receiver")
    receiver.secret = created.secret
    try:
        yield
    finally:
        client.webhooks.delete(created.id)


def wait_for_stage(client: Client, version: Version, stage: str) -> None:
    """Wait until the rule has moved the version, which happens a moment later."""
    wait_until(
        lambda: client.versions.get(version.model, version.number).stage == stage,
        f"The rule promoted version {version.number} to {stage}",
    )


def say_what_the_scan_found(client: Client, version: Version) -> None:
    scan = client.scans.get(version.model, version.number).scan
    if scan is not None:
        tell(f"Before that, its files were scanned for code that loading them would run: {scan.verdict}")


def is_about(payload: dict[str, Any], event_type: str, version: Version) -> bool:
    return payload["type"] == event_type and payload["data"]["version"] == version.number


def delivers(event: Event, payload: dict[str, Any]) -> bool:
    return payload["data"]["id"] == event.id


def report(version: Version) -> None:
    metrics = ", ".join(f"{name} {value}" for name, value in version.metrics.items())
    tell(f"Registered version {version.number}: {metrics}; {version.file_count} files, verified by S3")


if __name__ == "__main__":
    main()
