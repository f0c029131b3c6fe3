"""The model in the pictures: twelve versions that score card payments, two of which have served."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from moorage import Client, Dataset, Slice

from tests.e2e.stack import eventually
from tools.pictures.people import People

MODEL: Final = "fraud"
SCHEME: Final = "payments"
FIRST_TO_SERVE: Final = 5
CHAMPION: Final = 9
CHALLENGER: Final = 11
ASKED_FOR: Final = 12
# Requests 1 and 2 took versions to production.
REQUEST: Final = 3
# auc, recall at one alarm in a hundred payments, and the slowest of twenty answers in milliseconds.
METRICS: Final = (
    (0.9127, 0.612, 14.2),
    (0.9188, 0.627, 15.1),
    (0.9251, 0.640, 15.0),
    (0.9239, 0.644, 16.8),
    (0.9342, 0.671, 17.4),
    (0.9367, 0.668, 19.9),
    (0.9418, 0.689, 18.3),
    (0.9405, 0.693, 18.0),
    (0.9476, 0.712, 18.9),
    (0.9462, 0.709, 17.1),
    (0.9531, 0.734, 26.4),
    (0.9528, 0.731, 19.6),
)
DOCUMENT: Final[Mapping[str, Any]] = {
    "name": SCHEME,
    "description": "Two reviewers, and better than what serves.",
    "initial": "development",
    "archive": "archived",
    "stages": [
        {"name": "development"},
        {"name": "validation"},
        {"name": "production", "exclusive": True, "protected": True, "on_enter": {"aliases": ["champion"]}},
        {"name": "archived"},
    ],
    "transitions": [
        {"from": "development", "to": "validation", "gates": [{"name": "scanned", "kind": "scan"}]},
        {
            "from": ["validation", "archived"],
            "to": "production",
            "gates": [
                {"name": "accurate", "kind": "metric", "metric": "auc", "at_least": 0.93},
                {"name": "fast", "kind": "metric", "metric": "latency_p95_ms", "at_most": 25},
                {
                    "name": "better",
                    "kind": "compare",
                    "metric": "recall_at_1pct",
                    "stage": "production",
                    "by": 0.005,
                    "higher_is_better": True,
                    "if_absent": "pass",
                },
                {"name": "fair", "kind": "check", "check": "fairness", "max_age_days": 90},
                {"name": "documented", "kind": "documentation", "sections": ["intended_use"], "min_characters": 40},
            ],
            "approvals": [{"count": 2, "roles": ["reviewer"]}],
            "execution": "manual",
        },
        {"from": ["development", "validation", "production"], "to": "archived"},
    ],
    "rollback": {"allowed": True, "reason_required": True},
}
CARD: Final = {
    "model_details": "Gradient-boosted trees over the payment, the card's last 90 days, and the merchant.",
    "intended_use": "Ranks card payments for review. A person decides whether a payment is stopped; the score alone "
    "never blocks one.",
    "evaluation_data": "All payments of October 2026, held out before training began.",
    "ethical_considerations": "Name and postal code are not inputs. Recall by region is measured for each version.",
    "caveats_and_recommendations": "Not for payments between accounts: there were none in the training data.",
}


def register(people: People) -> None:
    """Register the model with the scheme, and take its versions as far as the pictures show them."""
    people.admin.schemes.save(SCHEME, DOCUMENT)
    people.admin.models.create(
        MODEL, description="Scores card payments for review.", owner="payments", tags={"team": "payments", "tier": "1"}
    )
    people.admin.schemes.assign(MODEL, SCHEME)
    people.ada.cards.set(MODEL, CARD, {"license": "proprietary", "library_name": "xgboost"})
    with tempfile.TemporaryDirectory() as folder:
        for number, metrics in enumerate(METRICS, 1):
            _register_version(people.ada, Path(folder), number, *metrics)
            _give_evidence(people, number)
            if number in (FIRST_TO_SERVE, CHAMPION):
                _promote(people, number)
    people.mira.challengers.set(MODEL, CHALLENGER)
    people.ada.comments.add(MODEL, "Twice the trees. Better, but too slow for the gateway's 25 ms.", version=CHALLENGER)
    _ask(people, ASKED_FOR, "As good as version 11 with a third of its trees, so it is fast enough.")
    people.alan.requests.approve(MODEL, REQUEST, reason="Recall holds in every region; I checked the sample by hand.")
    people.grace.comments.add(MODEL, "Was the holdout drawn before the new merchants joined?", request=REQUEST)
    people.ada.comments.add(MODEL, "Yes. It has payments from before October only.", request=REQUEST)


def _register_version(author: Client, folder: Path, number: int, auc: float, recall: float, latency: float) -> None:
    (folder / "model.ubj").write_bytes(bytes([number]) * 4096)
    (folder / "features.json").write_text('["amount", "merchant", "country", "card_age_days"]\n')
    author.register(
        MODEL,
        folder,
        label=f"1.{number}.0",
        metrics={"auc": auc, "recall_at_1pct": recall, "latency_p95_ms": latency},
        parameters={"trees": 1200 if number == CHALLENGER else 300 + 10 * number, "depth": 6 + number % 3, "eta": 0.05},
        tags={"data": "2026-10"},
        provenance={
            "author": "ada",
            "run": {"id": f"nightly-{410 + number}"},
            "datasets": [{"name": "payments", "version": "2026-10"}],
            "source": {
                "repository": "https://git.example.com/risk/fraud",
                "commit": f"{0x9F2C1E7 + number * 7919:07x}",
            },
            "runtime": {"python": "3.13"},
        },
        framework={"name": "xgboost", "version": "3.1.1"},
    )


def _is_scanned(client: Client, number: int) -> bool:
    scan = client.scans.get(MODEL, number).scan
    return scan is None or scan.state != "pending"


def _give_evidence(people: People, number: int) -> None:
    """Scan the version and take it to validation; report what later steps ask for, from the fourth version on."""
    people.mira.checks.report(MODEL, number, "scan", True, details="2 files, no executable content")
    if number < FIRST_TO_SERVE - 1:
        return
    eventually(lambda: _is_scanned(people.mira, number), f"the scan of version {number}")
    people.mira.versions.transition(MODEL, number, "validation")
    if number != CHALLENGER:
        people.mira.checks.report(
            MODEL,
            number,
            "fairness",
            True,
            details="largest gap 1.3 points",
            evidence="https://reports.example.com/fair",
        )
    auc, recall, _ = METRICS[number - 1]
    people.ada.evaluations.record(
        MODEL,
        number,
        "holdout",
        {"auc": auc, "recall_at_1pct": recall},
        slices=[
            Slice({"region": region}, {"auc": round(auc + shift, 4), "recall_at_1pct": round(recall + shift, 3)})
            for region, shift in (("EU", 0.006), ("UK", 0.002), ("US", -0.004), ("APAC", -0.007))
        ],
        dataset=Dataset("payments-holdout", "2026-10"),
    )


def _ask(people: People, number: int, reason: str) -> int:
    return people.ada.requests.open(MODEL, number, "production", reason=reason).number


def _promote(people: People, number: int) -> None:
    request = _ask(people, number, f"Better than every version before {number}.")
    people.grace.requests.approve(MODEL, request, reason="The evidence is complete.")
    people.alan.requests.approve(MODEL, request)
    people.mira.requests.execute(MODEL, request)
