"""Whatever comes in whatever order, a place follows the newest move, one deployment at a time, and loses none."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chalicelib.domain.deployments import observing, opening, reporting
from chalicelib.domain.deployments.deployment import Cause, Deployment, Status
from chalicelib.domain.deployments.moves import Move
from chalicelib.domain.deployments.opening import Standing
from chalicelib.domain.deployments.place import Place, Serving
from chalicelib.domain.deployments.reporting import Report
from chalicelib.domain.deployments.target import Policy, Target
from chalicelib.domain.errors import DeploymentClosedError
from chalicelib.domain.instants import later
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put
from chalicelib.domain.ledger.events import Head, Stamp
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.version import Version
from tests.domain.build import NOW, ready

VERSIONS = 4
TARGET = Target(
    name="eu",
    kind_name="external",
    environment="production",
    models=("*",),
    stage="production",
    alias="",
    config={},
    policy=Policy(roll_back=True),
    reporters=(),
    description="",
    enabled=True,
    created_at=NOW,
    created_by="token:ada",
)


def versions() -> dict[int, Version]:
    model, found = Model("fraud"), {}
    for number in range(1, VERSIONS + 1):
        model, version = ready(model)
        found[number] = replace(version, stage="production")
    return found


class Deploying(RuleBasedStateMachine):
    """A model on a target. Moves are made at once; their events come when the test likes, and as often."""

    def __init__(self) -> None:
        super().__init__()
        self.versions = versions()
        self.model = Model("fraud", last_version=VERSIONS)
        self.place: Place | None = None
        self.deployments: dict[int, Deployment] = {}
        # All moves that were made, oldest first, and how many times each event came.
        self.moves: list[Move] = []
        self.seen: set[int] = set()
        # What the newest wish is: its sequence and version.
        self.wish: tuple[int, int] | None = None
        self.rolled_back = False
        self.now = NOW

    def stamp(self) -> Stamp:
        self.now = later(self.now, timedelta(seconds=1))
        revision = self.model.head.revision + 1
        return Stamp("token:ada", "r", f"{revision:032x}", self.now, revision)

    def standing(self) -> Standing:
        place = self.place
        active = None if place is None or not place.active else self.deployments[place.active]
        waiting = None if place is None or not place.waiting else self.deployments[place.waiting]
        return Standing(self.model, TARGET, place, active, waiting)

    def commit(self, outcome: Outcome[Any]) -> list[str]:
        """Save what was decided; the types of the events."""
        if isinstance(outcome, NoChange):
            return []
        assert isinstance(outcome, Decision)
        for change in outcome.changes:
            assert isinstance(change, Put)
            if isinstance(change.record, Place):
                self.place = change.record
            elif isinstance(change.record, Deployment):
                self.deployments[change.record.number] = change.record
        count = len(outcome.events)
        self.model = replace(outcome.state, head=Head(revision=self.model.head.revision + count))
        return [event.type for event in outcome.events]

    @rule(version=st.integers(1, VERSIONS))
    def move(self, version: int) -> None:
        """Somebody moves the stage. Nobody has heard of it yet."""
        stamp = self.stamp()
        self.model = replace(self.model, head=Head(revision=stamp.revision))
        cause = Cause(stamp.event_id, "version.transitioned", stamp.revision)
        self.moves.append(Move("stage:production", version, cause, None, rolled_back=False, made_at=NOW))

    @precondition(lambda self: self.moves)
    @rule(data=st.data())
    def hear(self, data: st.DataObject) -> None:
        """The event of a move comes: late, early, again."""
        move = data.draw(st.sampled_from(self.moves))
        count = len(self.deployments)
        known = 0 if self.wish is None else self.wish[0]
        self.commit(opening.open_by_move(self.standing(), move, self.versions[move.version], self.stamp()))
        self.seen.add(move.cause.sequence)
        newer = move.cause.sequence > known
        assert len(self.deployments) == count + newer
        if newer:
            self.wish, self.rolled_back = (move.cause.sequence, move.version), False

    @rule(version=st.integers(1, VERSIONS))
    def by_hand(self, version: int) -> None:
        self.commit(opening.open_by_hand(self.standing(), self.versions[version], None, self.stamp()))
        assert self.place is not None
        self.wish, self.rolled_back = (self.place.moved, version), False

    @precondition(lambda self: self.deployments)
    @rule(data=st.data(), status=st.sampled_from(reporting.REPORTED))
    def report(self, data: st.DataObject, status: Status) -> None:
        """Any deployer reports anything of any deployment; twice."""
        number = data.draw(st.sampled_from(sorted(self.deployments)))
        for _ in range(2):
            before = self.deployments[number]
            replaced = self.deployments.get(before.rolls_back)
            try:
                outcome = reporting.report(self.model, self.place, before, replaced, Report(status), self.stamp())
            except DeploymentClosedError:
                assert before.status.ended or self.place is None or self.place.active != number
                return
            self.commit(outcome)
        after = self.deployments[number]
        assert after.status is status
        assert isinstance(reporting.report(self.model, self.place, after, None, Report(status), self.stamp()), NoChange)

    @precondition(lambda self: self.deployments)
    @rule(data=st.data())
    def follow_failure(self, data: st.DataObject) -> None:
        """The event of a failure comes, perhaps late: the target is rolled back."""
        failed = self.deployments[data.draw(st.sampled_from(sorted(self.deployments)))]
        cause = Cause("f" * 32, "deployment.failed", self.model.head.revision)
        events = self.commit(opening.open_roll_back(self.standing(), failed, cause, 0, "failed", self.stamp()))
        if events:
            assert self.place is not None
            assert (self.place.wanted, self.place.wanted != failed.version) == (self.place.good, True)
            self.rolled_back = True

    @precondition(lambda self: self.deployments)
    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        deployment = self.deployments[data.draw(st.sampled_from(sorted(self.deployments)))]
        try:
            version = self.versions[deployment.version]
            self.commit(opening.retry(self.standing(), deployment, version, None, self.stamp()))
        except DeploymentClosedError:
            return
        assert self.deployments[deployment.number].attempt == deployment.attempt + 1

    @precondition(lambda self: self.place is not None)
    @rule(seconds=st.sampled_from([1, 4_000]))
    def keep(self, seconds: int) -> None:
        """The keeper looks, in time or too late."""
        self.now = later(self.now, timedelta(seconds=seconds))
        if self.place is not None and self.place.active:
            active = self.deployments[self.place.active]
            self.commit(reporting.give_up(self.model, self.place, active, self.stamp()))

    @precondition(lambda self: self.place is not None)
    @rule(version=st.one_of(st.none(), st.integers(1, VERSIONS)), times=st.integers(1, 3))
    def say(self, version: int | None, times: int) -> None:
        """The target says what it serves, several times. Only the first can be news."""
        heard = []
        for _ in range(times):
            assert self.place is not None
            heard.append(self.commit(observing.observe(self.model, self.place, Serving(version, "", self.now, "t"))))
        assert heard[1:] == [[]] * (times - 1)

    @invariant()
    def at_most_one_is_active_and_nothing_else_is_unfinished(self) -> None:
        unfinished = [number for number, one in self.deployments.items() if not one.status.ended]
        place = self.place
        named = [] if place is None else [number for number in (place.active, place.waiting) if number]
        assert unfinished == named
        running = [one for one in self.deployments.values() if one.status is Status.IN_PROGRESS]
        assert all(place is not None and place.active == one.number for one in running)
        assert place is None or not place.waiting or place.active

    @invariant()
    def what_is_wanted_is_the_newest_wish_that_was_heard(self) -> None:
        if self.place is None or self.wish is None:
            assert self.place is None and self.wish is None
            return
        heard = [move for move in self.moves if move.cause.sequence in self.seen]
        assert self.wish[0] >= max((move.cause.sequence for move in heard), default=0)
        assert self.place.moved == self.wish[0]
        if not self.rolled_back:
            assert self.place.wanted == self.wish[1]

    @invariant()
    def the_newest_deployment_is_of_what_is_wanted_and_has_not_been_superseded(self) -> None:
        if self.place is None:
            return
        newest = self.deployments[self.place.last]
        assert newest.number == max(self.deployments) == self.model.last_deployment
        assert newest.version == self.place.wanted
        assert newest.status is not Status.SUPERSEDED
        for one in self.deployments.values():
            assert (one.status is Status.SUPERSEDED) == bool(one.superseded_by)

    @invariant()
    def drift_and_deadlines_are_as_they_should_be(self) -> None:
        if self.place is not None:
            assert (self.place.due_at is None) == (self.place.active == 0)
            if self.place.good:
                good = [one for one in self.deployments.values() if one.version == self.place.good]
                assert any(one.started_at for one in good)


Deploying.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestDeploying = Deploying.TestCase
