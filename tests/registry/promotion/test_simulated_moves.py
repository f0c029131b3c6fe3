"""A simulation of the scheme that a model has finds of each past move what its gates found when it was made."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any, Final

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.cards.decisions import CardChange
from chalicelib.domain.classification import Classification, Level
from chalicelib.domain.errors import RegistryError
from chalicelib.domain.evidence.check_decisions import CheckOpening, CheckReport
from chalicelib.domain.evidence.evaluation import Kind, Slice
from chalicelib.domain.evidence.evaluation_decisions import Measurement
from chalicelib.domain.evidence.measure import Measure, MeasuredInterval
from chalicelib.domain.evidence.paired import Paired
from chalicelib.domain.instants import later
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.statistics.confusion import Confusion
from chalicelib.registry.aliases import aliases
from chalicelib.registry.audit import audit
from chalicelib.registry.cards import cards
from chalicelib.registry.evidence import checks, evaluations
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.models import models
from chalicelib.registry.promotion import scheme_assignment, simulation, stages
from chalicelib.registry.schemes import saving
from chalicelib.registry.versions import versions
from tests.domain.monitoring.build import SHIFTED, START, STEADY
from tests.domain.schemes.documents import document
from tests.registry.build import MODEL, model, ready
from tests.registry.monitoring.watched import NAME, put, saved

STEPS: Final = 120
# Facts of an event are told in full up to 256 characters, and sections of the card up to 4,096 bytes.
LONG: Final = "x" * 300
VERY_LONG: Final = "x" * 5_000

CONDITIONS: Final = (
    "metrics.auc > 0.5",
    "metrics == {'auc': 0.3}",
    "parameters == {}",
    "size(parameters) > 3",
    "'a' in tags && tags.a == ''",
    "metadata == {}",
    "provenance.author == 'ada'",
    "version.total_size > 3 && version.file_count == 1",
    "version.stage == 'draft'",
    "'token:bob' in version.people",
    "timestamp(version.ready_at) <= now",
    "checks == {}",
    "checks.lint.valid",
    "checks.lint.reported_by == 'token:ada'",
    "evaluations == {}",
    "evaluations.hold.metrics.auc > 0.5 && evaluations.hold.kind == 'online'",
    "evaluations.hold.person == 'token:bob'",
    "card.factors.contains('x')",
    "tier == 'high'",
    "model.personal_data || model.classification == 'unclassified'",
    "rivals['stage:live'] != null",
    "rivals['alias:champion'].metrics.auc < 0.5",
)
GATES: Final[tuple[dict[str, Any], ...]] = (
    {"kind": "metric", "metric": "auc", "at_least": 0.5},
    {"kind": "compare", "metric": "auc", "stage": "live"},
    {"kind": "compare", "metric": "auc", "alias": "champion", "higher_is_better": False, "by": 0.1},
    {"kind": "better", "evaluation": "hold", "metric": "auc", "stage": "live"},
    {"kind": "better", "evaluation": "hold", "metric": "auc", "alias": "champion", "margin": 0.1},
    {"kind": "check", "check": "lint", "max_age_days": 3, "classifications": ["confidential"]},
    {"kind": "evaluation", "evaluation": "hold", "metric": "auc", "at_most": 0.7, "max_age_days": 2},
    {"kind": "fresh", "evaluation": "hold", "max_age_days": 2, "dataset": "d"},
    {"kind": "fresh", "check": "lint", "max_age_days": 2},
    {"kind": "fairness", "evaluation": "hold", "rate": "selection_rate", "max_gap": 0.2, "min_ratio": 0.5},
    {"kind": "documentation", "sections": ["factors"], "min_characters": 300, "independent": True},
    {"kind": "documentation", "sections": ["metrics"], "tiers": ["medium", "high"]},
    {"kind": "provenance", "fields": ["author", "framework"]},
    {"kind": "scan", "check": "lint"},
    {"kind": "monitor", "monitor": NAME, "for_hours": 5},
)


def scheme() -> dict[str, Any]:
    """Moves in both directions: those into live have gates, the others conditions. So only some compare with rivals."""
    gates = [{"name": f"gate-{number}", **gate} for number, gate in enumerate(GATES)]
    conditions = [
        {"name": f"condition-{number}", "kind": "condition", "expression": expression}
        for number, expression in enumerate(CONDITIONS)
    ]
    return document(
        stages=[
            {"name": "draft"},
            {"name": "live", "exclusive": True, "aliases": ["champion"]},
            {"name": "shadow"},
            {"name": "gone"},
        ],
        transitions=[
            {"from": ["draft", "shadow"], "to": "live", "gates": gates},
            {"from": ["draft", "gone"], "to": "shadow", "gates": conditions},
            {"from": "live", "to": "draft", "gates": conditions},
            {"from": ["draft", "shadow", "live"], "to": "gone", "gates": []},
        ],
        rollback={"allowed": True, "gates": [*gates[:3], *conditions[-2:]]},
    )


class Story:
    """A model to which something happens at random."""

    def __init__(self, registry: Services, seed: int) -> None:
        self.registry, self.random, self.hours, self.newest = registry, Random(seed), 0.0, 0
        registry.clock = lambda: START
        saving.save_scheme(registry, self.request(), scheme())
        model(registry)
        scheme_assignment.assign_scheme(registry, self.request(), MODEL, "own", None)
        saved(registry, selector="stage:live", breaches=1, of=1)
        self.registers("")

    def request(self) -> Request:
        who = self.random.choice(["token:ada", "token:bob"])
        return Request(Principal(who, (Grant(Role.ADMIN, "*"),)), "request-1")

    def goes_on(self) -> None:
        self.hours += self.random.choice([0, 0.1, 5, 20])
        now = later(START, timedelta(hours=self.hours))
        self.registry.clock = lambda: now
        happens: Callable[[str], Any] = self.random.choice(
            [*[self.moves] * 5, *[self.is_measured] * 2, *[self.is_watched] * 2, *self.others]
        )
        try:
            happens(str(self.random.randint(1, self.newest)))
        except RegistryError:
            # Much of it is not possible at that time.
            return

    @property
    def others(self) -> list[Callable[[str], Any]]:
        return [
            self.registers,
            self.is_checked,
            self.is_annotated,
            self.is_aliased,
            self.returns,
            self.documents,
            self.classifies,
        ]

    def registers(self, _: str) -> None:
        pick = self.random.choice
        more = pick([{}, {f"another-metric-{number}": number / 7 for number in range(40)}])
        ready(
            self.registry,
            metrics=pick([{}, {"auc": 0.3}, {"auc": pick([0, 0.55, 0.9, 1]), **more}]),
            parameters=pick([{}, {"depth": 0}, {f"parameter-{number}": "" for number in range(40)}]),
            tags=pick([{}, {"a": ""}, {"a": LONG}]),
            metadata=pick([{}, {"flag": False, "texts": []}, {"text": LONG}]),
            provenance=pick(
                [{}, {"author": "ada"}, {"author": "ada", "source": {"repository": LONG, "commit": "c" * 40}}]
            ),
        )
        self.newest += 1

    def is_checked(self, number: str) -> None:
        match self.random.randint(0, 3):
            case 0:
                opening = CheckOpening(due_in_minutes=self.random.choice([None, 30]))
                checks.await_check(self.registry, self.request(), MODEL, number, "lint", opening)
            case 1:
                checks.withdraw_check(self.registry, self.request(), MODEL, number, "lint")
            case _:
                report = CheckReport(self.random.random() < 0.7, details=LONG, expires_in_days=1)
                checks.report_check(self.registry, self.request(), MODEL, number, "lint", report)

    def is_measured(self, number: str) -> None:
        if self.random.random() < 0.2:
            evaluations.withdraw_evaluation(self.registry, self.request(), MODEL, number, "hold")
            return
        pick, right = self.random.choice, self.random.randint(10, 990)
        share, against = right / 1_000, self.random.randint(1, self.newest)
        known = [
            Measure(),
            Measure(1_000, right),
            Measure(1_000, None, 0.1),
            Measure(interval=MeasuredInterval(share - 0.01, share + 0.01, 0.95, "bootstrap")),
        ]
        groups = [
            Slice({"group": group}, {}, None, Confusion(self.random.randint(0, 50), 20, 0, 30)) for group in "abc"
        ]
        given = Measurement(
            pick([Kind.OFFLINE, Kind.ONLINE]),
            {
                "auc": share,
                **pick([{}, {"positives": 500, "negatives": 500}, {LONG[:99]: 0, LONG[:98]: 0, LONG[:97]: 0}]),
            },
            groups[: self.random.randint(0, 3)],
            pick([None, {"name": "d"}, {"name": "d", "digest": "h"}, {"name": "e", "digest": "h"}]),
            pick([None, later(self.registry.clock(), timedelta(days=-1.5))]),
            {"auc": pick(known)},
            pick([None, None if str(against) == number else Paired(against, right, 0, 0, 1_000 - right)]),
        )
        evaluations.record_evaluation(self.registry, self.request(), MODEL, number, "hold", given)

    def is_watched(self, number: str) -> None:
        put(self.registry, int(self.hours) - 1, self.random.choice([STEADY, SHIFTED]), version=number)

    def is_annotated(self, number: str) -> None:
        tags = self.random.choice([{}, {"a": ""}, {"b": LONG}])
        versions.annotate_version(self.registry, self.request(), MODEL, number, None, tags)

    def is_aliased(self, number: str) -> None:
        if self.random.random() < 0.3:
            aliases.delete_alias(self.registry, self.request(), MODEL, "champion")
        else:
            aliases.set_alias(self.registry, self.request(), MODEL, "champion", int(number), None, None)

    def moves(self, number: str) -> None:
        stage = self.random.choice(["draft", "live", "shadow", "gone"])
        stages.override(self.registry, self.request(), MODEL, number, stage, None, "to see what gates say")

    def returns(self, _: str) -> None:
        stages.roll_back_stage(self.registry, self.request(), MODEL, "live", "to see what gates say")

    def documents(self, _: str) -> None:
        section = self.random.choice(["factors", "metrics"])
        text = self.random.choice([None, "short", LONG, VERY_LONG])
        cards.update_card(self.registry, self.request(), MODEL, CardChange({section: text}, {}))

    def classifies(self, _: str) -> None:
        said = self.random.choice([None, Classification(Level.CONFIDENTIAL, self.random.random() < 0.5)])
        models.classify_model(self.registry, self.request(), MODEL, said, "because")
        tier = self.random.choice(list(Tier))
        scheme_assignment.set_tier(self.registry, self.request(), MODEL, tier, "because")


def recorded(registry: Services) -> dict[int, list[dict[str, Any]]]:
    """What the gates of each move found, as its event has it, by the event's number."""
    found: dict[int, list[dict[str, Any]]] = {}
    start: dict[str, str | int] | None = None
    while True:
        page = audit.list_events(registry, f"model:{MODEL}", "oldest", 100, start)
        found |= {
            event["sequence"]: event["details"]["gates"]
            for event in page.items
            if event["type"] == "version.transitioned"
        }
        start = page.next_start
        if start is None:
            return found


@pytest.mark.parametrize("seed", range(3))
def test_the_gates_of_each_past_move_say_what_they_said_when_it_was_made(registry: Services, seed: int) -> None:
    story = Story(registry, seed)
    for _ in range(STEPS):
        story.goes_on()
    said = recorded(registry)
    moves = simulation.simulate(registry, MODEL, scheme()).moves
    assert [move.sequence for move in moves] == list(said) and len(said) > 5
    for move in moves:
        unjudged = {one.gate for one in move.unjudged}
        assert unjudged <= {f"condition-{CONDITIONS.index(one)}" for one in CONDITIONS if "card" in one}
        failed = [one for one in said[move.sequence] if not one["holds"] and one["gate"] not in unjudged]
        assert list(move.blockers) == [
            f"gate {one['gate']}: {one['reason']}; needed: {one['needed']}" for one in failed
        ], f"move {move.sequence}"
