"""Whatever is done to a model, in whatever order, what the registry promises holds."""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chalicelib.domain.aliases import decisions as aliases
from chalicelib.domain.errors import ConflictError, ModelFrozenError, NotFoundError, VersionLockedError
from chalicelib.domain.instants import later
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.lifecycle import restriction_decisions as restrictions
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.promotion import stage_decisions as stages
from chalicelib.domain.schemes.presets import DEFAULT_SCHEME
from chalicelib.domain.versions import burial_decisions as burials
from chalicelib.domain.versions import decisions as versions
from chalicelib.domain.versions.version import Description, PurgeReceipt, Status, Version
from tests.domain.build import NOW, WINDOW, Kept, expired_at, file, stamp, transition_context

ALIASES = st.sampled_from(["champion", "challenger"])
RETENTION = timedelta(days=30)
STAGES = st.sampled_from(list(DEFAULT_SCHEME.stages))


def places(pointers: Mapping[str, Pointer]) -> dict[str, int | None]:
    return {name: pointer.version for name, pointer in pointers.items()}


class Lifecycle(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.kept = Kept(Model("fraud"))

    @property
    def model(self) -> Model:
        return self.kept.model

    @property
    def versions(self) -> dict[int, Version]:
        return self.kept.versions

    @property
    def buried(self) -> dict[int, Version]:
        return self.kept.buried

    def commit(self, outcome: Outcome[object]) -> None:
        self.kept.apply(outcome)

    def attempt(self, decide: object, *arguments: object) -> None:
        # A refusal changes nothing; the invariants are checked all the same.
        before, locked = self.model, {number: self.versions[number] for number in self.model.locked}
        with suppress(ConflictError, NotFoundError):
            self.commit(decide(*arguments))
        if before.frozen is not None and self.model.frozen is not None:
            assert places(before.aliases) == places(self.model.aliases)
        if decide not in (restrictions.lock, restrictions.unlock, restrictions.hold, restrictions.release):
            assert {number: self.versions[number] for number in locked} == locked

    def any_version(self, data: st.DataObject) -> Version:
        return self.versions[data.draw(st.sampled_from(sorted(self.versions)))]

    @rule()
    def registers(self) -> None:
        before = self.model.last_version
        uid = f"uid{before + 1}"
        made = versions.register(self.model, None, Description(), [file()], uid, WINDOW, stamp())
        assert self.kept.apply(made).version.number == before + 1

    @precondition(lambda self: self.versions)
    @rule(data=st.data())
    def finalises(self, data: st.DataObject) -> None:
        self.attempt(versions.finalise, self.model, self.any_version(data), (file().pinned("v"),), stamp())

    @precondition(lambda self: self.versions)
    @rule(data=st.data())
    def expires(self, data: st.DataObject) -> None:
        version = self.any_version(data)
        self.attempt(versions.expire, self.model, DEFAULT_SCHEME, version, stamp(time=expired_at(version)))

    @precondition(lambda self: self.versions)
    @rule(data=st.data())
    def deletes(self, data: st.DataObject) -> None:
        self.attempt(versions.delete, self.model, DEFAULT_SCHEME, self.any_version(data), RETENTION, stamp())

    @precondition(lambda self: self.versions)
    @rule(data=st.data(), alias=ALIASES)
    def points_an_alias(self, data: st.DataObject, alias: str) -> None:
        version = self.any_version(data)
        self.attempt(aliases.set_alias, self.model, alias, version, None, None)

    @rule(alias=ALIASES)
    def rolls_an_alias_back(self, alias: str) -> None:
        try:
            target = aliases.roll_back_target(self.model, alias)
        except (ConflictError, NotFoundError):
            return
        try:
            self.commit(aliases.roll_back(self.model, alias, self.versions[target], None))
        except VersionLockedError:
            assert {target, self.model.alias(alias).version} & set(self.model.locked)
        else:
            assert self.model.alias(alias).version == target

    @rule()
    def promotes_the_challenger(self) -> None:
        pointer = self.model.aliases.get("challenger", Pointer())
        if pointer.version is None:
            return
        version, before = self.versions[pointer.version], self.model.aliases.get("champion", Pointer())
        try:
            self.commit(aliases.promote_challenger(self.model, version, None, None))
        except ModelFrozenError:
            assert self.model.frozen is not None
            return
        except VersionLockedError:
            assert {pointer.version, before.version} & set(self.model.locked)
            return
        assert self.model.alias("champion").version == pointer.version
        assert "challenger" not in self.model.aliases

    @rule()
    def retires_the_challenger(self) -> None:
        self.attempt(aliases.retire_challenger, self.model, None)

    @rule(alias=ALIASES)
    def deletes_an_alias(self, alias: str) -> None:
        self.attempt(aliases.delete, self.model, alias)

    @precondition(lambda self: self.versions)
    @rule(data=st.data(), stage=STAGES)
    def moves_to_a_stage(self, data: st.DataObject, stage: str) -> None:
        version = self.any_version(data)
        self.attempt(stages.transition, transition_context(self.model, version), stage, None, None, stamp())

    @rule()
    def rolls_production_back(self) -> None:
        try:
            target = stages.roll_back_target(self.model, DEFAULT_SCHEME, "production")
        except ConflictError:
            return
        try:
            self.commit(
                stages.roll_back(transition_context(self.model, self.versions[target]), "production", None, stamp())
            )
        except VersionLockedError:
            assert {target, self.model.holder("production")} & set(self.model.locked)
        else:
            assert self.model.holder("production") == target

    @rule(frozen=st.booleans())
    def freezes_or_lifts(self, frozen: bool) -> None:
        if frozen:
            self.attempt(restrictions.freeze, self.model, "incident", stamp())
        else:
            self.attempt(restrictions.unfreeze, self.model)

    @precondition(lambda self: self.versions)
    @rule(data=st.data(), locked=st.booleans())
    def locks_or_unlocks(self, data: st.DataObject, locked: bool) -> None:
        version = self.any_version(data)
        if locked:
            self.attempt(restrictions.lock, self.model, version, "audited", stamp())
        else:
            self.attempt(restrictions.unlock, self.model, version)

    @precondition(lambda self: self.versions or self.buried)
    @rule(data=st.data(), held=st.booleans())
    def holds_or_releases(self, data: st.DataObject, held: bool) -> None:
        everything = self.versions | self.buried
        version = everything[data.draw(st.sampled_from(sorted(everything)))]
        if held:
            self.attempt(restrictions.hold, self.model, version, "case 7", stamp())
        else:
            self.attempt(restrictions.release, self.model, version)

    @precondition(lambda self: self.buried)
    @rule(data=st.data())
    def restores(self, data: st.DataObject) -> None:
        version = self.buried[data.draw(st.sampled_from(sorted(self.buried)))]
        self.attempt(burials.restore, self.model, DEFAULT_SCHEME, version, None, stamp())

    @precondition(lambda self: self.buried)
    @rule(data=st.data(), late=st.booleans())
    def purges(self, data: st.DataObject, late: bool) -> None:
        version = self.buried[data.draw(st.sampled_from(sorted(self.buried)))]
        at = stamp(time=later(NOW, RETENTION + timedelta(days=1)) if late else NOW)
        outcome = burials.start_purge(self.model, version, at)
        self.commit(outcome)
        if outcome.result:
            assert version.legal_hold is None
            purging = self.buried[version.number]
            self.commit(burials.purge(self.model, purging, PurgeReceipt(at.time, 1, 3, version.digest)))

    @invariant()
    def the_head_counts_the_versions_of_every_stage(self) -> None:
        assert dict(self.model.standing) == Counter(version.stage for version in self.versions.values())

    @invariant()
    def the_head_names_exactly_the_locked_versions(self) -> None:
        assert self.model.locked == tuple(sorted(n for n, version in self.versions.items() if version.lock))

    @invariant()
    def the_bytes_of_a_held_version_stay(self) -> None:
        for version in self.buried.values():
            if version.legal_hold is not None:
                assert version.status is Status.DELETED

    @invariant()
    def a_purged_version_has_its_receipt(self) -> None:
        for version in self.buried.values():
            assert version.burial is not None
            assert (version.burial.receipt is not None) == (version.status is Status.PURGED)

    @invariant()
    def numbers_are_gap_free_and_never_reused(self) -> None:
        assert sorted([*self.versions, *self.buried]) == list(range(1, self.model.last_version + 1))
        assert self.model.versions == len(self.versions)

    @invariant()
    def aliases_point_at_ready_versions(self) -> None:
        for pointer in self.model.aliases.values():
            if pointer.version is not None:
                assert self.versions[pointer.version].status is Status.READY

    @invariant()
    def an_exclusive_stage_has_at_most_the_holder_that_the_model_names(self) -> None:
        standing = [version.number for version in self.versions.values() if version.stage == "production"]
        holder = self.model.holder("production")
        assert standing == ([] if holder is None else [holder])

    @invariant()
    def a_shared_stage_names_a_version_that_stands_in_it(self) -> None:
        for stage in ("staging", "archived"):
            holder = self.model.holder(stage)
            if holder is not None:
                assert self.versions[holder].stage == stage

    @invariant()
    def every_version_that_can_be_rolled_back_to_still_exists(self) -> None:
        for pointer in [*self.model.aliases.values(), *self.model.stages.values()]:
            assert set(pointer.trail) <= set(self.versions)


Lifecycle.TestCase.settings = settings(max_examples=3 * settings.default.max_examples // 2, stateful_step_count=40)
TestLifecycle = Lifecycle.TestCase
