"""What was measured of the scene's versions before they were used, and what is counted while they are."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from moorage import Client, Confusion, Dataset, Measure, Slice

from tests.e2e.stack import eventually

DATA: Final = Dataset("loans", digest="2f1c0a9b8c7d6e5f" * 4)
AGES: Final[dict[str, Any]] = {
    "name": "age",
    "kind": "numeric",
    "edges": [20, 30, 40, 50],
    "counts": [40, 210, 400, 260, 90],
}
PLANS: Final[dict[str, Any]] = {
    "name": "plan",
    "kind": "categorical",
    "values": ["basic", "family", "pro"],
    "counts": [500, 300, 190, 10],
}
# As if everybody had grown old, from the fifth hour on.
AGED: Final = {**AGES, "counts": [10, 40, 150, 350, 450]}
HOURS: Final = 6
PLOT: Final = "roc.csv"


def evaluate(client: Client, model: str) -> None:
    """Evaluate versions 1 and 3 on the same data; version 3 twice, group by group, with a plot."""
    for version, successes in ((1, 8_930), (3, 8_900), (3, 9_180)):
        client.evaluations.record(
            model,
            version,
            "holdout",
            {
                "accuracy": Measure(successes / 10_000, n=10_000, successes=successes, direction="up"),
                "latency_ms": Measure(12.5 + version, n=10_000, sd=3.1, direction="down"),
                "auc": 0.931,
            },
            slices=[
                Slice({"region": "eu"}, {"accuracy": 0.94}, counts=Confusion(380, 40, 20, 560)),
                Slice({"region": "us"}, {"accuracy": 0.90}, counts=Confusion(300, 60, 40, 600)),
                Slice({"region": "apac", "age": "60+"}, {"accuracy": 0.82}, n=50),
            ],
            dataset=DATA,
        )
    with TemporaryDirectory() as folder:
        plot = Path(folder, PLOT)
        plot.write_text("fpr,tpr\n0,0\n1,1\n")
        client.evidence_files.attach(model, 3, plot, evaluation="holdout", description="The curve of all regions.")


def watch(client: Client, model: str) -> None:
    """Watch the champion: its data drifts in the last two hours, which fails a check; its quality is well."""
    client.monitors.save(
        model,
        "inputs",
        "drift",
        baseline=[AGES, PLANS],
        on_alarm=[{"do": "fail_check"}],
        description="The data that callers send.",
    )
    client.monitors.save(model, "quality", "performance", metrics={"accuracy": {"at_least": 0.9}})
    first = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS)
    for hour in range(HOURS):
        start = first + timedelta(hours=hour)
        features = [AGES if hour < HOURS - 2 else AGED, PLANS]
        client.monitors.put_window(model, "inputs", start, 1_000, features=features)
        client.monitors.put_window(model, "quality", start, 1_000, metrics={"accuracy": 0.93 + hour / 1000})
    eventually(lambda: client.monitors.get(model, "inputs").acted, "what the alarm leads to")
