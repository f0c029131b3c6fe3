"""Pointing aliases at versions, rolling them back, deleting them, and what their events record."""

from dataclasses import replace

import pytest

from chalicelib.domain.aliases import decisions as aliases
from chalicelib.domain.aliases.decisions import CHALLENGER, CHAMPION, Expected
from chalicelib.domain.errors import (
    AliasMovedError,
    AliasNotFoundError,
    InvalidNameError,
    LimitExceededError,
    ModelFrozenError,
    NothingToRollBackError,
    VersionLockedError,
    VersionNotReadyError,
)
from chalicelib.domain.ledger.decision import NoChange
from chalicelib.domain.ledger.events import EventDraft, Trigger
from chalicelib.domain.models.model import MAX_ALIASES, Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.models.restrictions import Freeze
from chalicelib.domain.versions.version import Version
from tests.domain.build import NOW, changed, ready, register

FROZEN = Freeze("incident", "token:ada", NOW)


def two_versions(**model: object) -> tuple[Model, Version, Version]:
    standing, first = ready(Model("fraud"))
    standing, second = ready(standing)
    return replace(standing, **model), first, second


def test_an_alias_is_pointed_at_a_version_and_its_event_records_from_where() -> None:
    model, first, second = two_versions()
    made = changed(aliases.set_alias(model, "shadow", first, None, None))
    assert made.event == EventDraft(
        "alias.set", None, {"version": 1, "digest": first.digest}, version=1, alias="shadow"
    )
    moved = changed(aliases.set_alias(made.state, "shadow", second, None, "better"))
    assert moved.event == EventDraft(
        "alias.set",
        {"version": 1},
        {"version": 2, "digest": second.digest},
        version=2,
        alias="shadow",
        reason="better",
    )
    assert moved.state.aliases == {"shadow": Pointer(2, (1,))}
    assert moved.result == second


def test_the_other_aliases_stay_where_they_are() -> None:
    model, first, _ = two_versions(aliases={"other": Pointer(2)})
    made = changed(aliases.set_alias(model, "shadow", first, None, None))
    assert made.state.aliases == {"other": Pointer(2), "shadow": Pointer(1)}
    assert aliases.delete(made.state, "shadow").state.aliases == {"other": Pointer(2)}


def test_pointing_an_alias_where_it_points_already_changes_nothing_even_when_frozen() -> None:
    model, first, _ = two_versions(aliases={"shadow": Pointer(1)}, frozen=FROZEN)
    assert aliases.set_alias(model, "shadow", first, None, None) == NoChange(first)


def test_only_a_ready_version_is_pointed_at_and_only_by_a_valid_name() -> None:
    model, pending = register(Model("fraud"))
    with pytest.raises(VersionNotReadyError):
        aliases.set_alias(model, "shadow", pending, None, None)
    _, first, _ = two_versions()
    with pytest.raises(InvalidNameError):
        aliases.set_alias(model, "not a name", first, None, None)


@pytest.mark.parametrize(
    ("pointer", "expected", "refusal"),
    [
        (Pointer(2), 1, "points at version 2, not at version 1"),
        (Pointer(2), None, "points at version 2, not at nothing"),
        (None, 2, "points at nothing, not at version 2"),
        # An alias whose version was deleted keeps a trail, and points at nothing.
        (Pointer(None, (1,)), 1, "points at nothing, not at version 1"),
    ],
)
def test_an_alias_that_is_not_where_the_caller_expects_it_is_not_moved(
    pointer: Pointer | None, expected: int | None, refusal: str
) -> None:
    model, first, _ = two_versions(aliases={} if pointer is None else {"shadow": pointer})
    with pytest.raises(AliasMovedError, match=refusal):
        aliases.set_alias(model, "shadow", first, Expected(expected), None)
    where = None if pointer is None else pointer.version
    assert changed(aliases.set_alias(model, "shadow", first, Expected(where), None)).state.alias("shadow").version == 1


def test_a_freeze_allows_no_move_but_a_roll_back() -> None:
    model, first, second = two_versions(
        aliases={"shadow": Pointer(2, (1,)), CHALLENGER: Pointer(2), CHAMPION: Pointer(1)}, frozen=FROZEN
    )
    for refused in (
        lambda: aliases.set_alias(model, "shadow", first, None, None),
        lambda: aliases.delete(model, "shadow"),
        lambda: aliases.promote_challenger(model, second, None, None),
        lambda: aliases.retire_challenger(model, None),
    ):
        with pytest.raises(ModelFrozenError):
            refused()
    assert aliases.roll_back(model, "shadow", first, None).state.alias("shadow").version == 1


@pytest.mark.parametrize("locked", [1, 2])
def test_neither_the_version_that_gains_an_alias_nor_the_one_that_loses_it_is_locked(locked: int) -> None:
    pointers = {"shadow": Pointer(2, (1,)), CHALLENGER: Pointer(1), CHAMPION: Pointer(2)}
    model, first, _ = two_versions(aliases=pointers, locked=(locked,))
    for refused in (
        lambda: aliases.set_alias(model, "shadow", first, None, None),
        lambda: aliases.roll_back(model, "shadow", first, None),
        lambda: aliases.promote_challenger(model, first, None, None),
        lambda: aliases.delete(replace(model, aliases={"shadow": Pointer(locked)}), "shadow"),
        lambda: aliases.retire_challenger(replace(model, aliases={CHALLENGER: Pointer(locked)}), None),
    ):
        with pytest.raises(VersionLockedError, match=f"Version {locked} "):
            refused()


def test_a_model_has_at_most_forty_aliases_that_point_somewhere() -> None:
    held = {f"a{number}": Pointer(1) for number in range(MAX_ALIASES - 1)}
    nowhere = {"former": Pointer(None, (1,))}
    model, _, second = two_versions(aliases={**held, **nowhere})
    full = changed(aliases.set_alias(model, "shadow", second, None, None)).state
    with pytest.raises(LimitExceededError, match="has 40 aliases already"):
        aliases.set_alias(full, "more", second, None, None)
    with pytest.raises(LimitExceededError):
        aliases.set_alias(full, "former", second, None, None)
    assert changed(aliases.set_alias(full, "a0", second, None, None)).state.alias("a0").version == 2


def test_rolling_an_alias_back_returns_to_the_version_before_or_to_an_earlier_one_that_is_named() -> None:
    model = Model("fraud", aliases={"shadow": Pointer(4, (1, 3)), "fresh": Pointer(1)})
    assert aliases.roll_back_target(model, "shadow") == 3
    assert aliases.roll_back_target(model, "shadow", 1) == 1
    with pytest.raises(NothingToRollBackError, match="those are 3, 1"):
        aliases.roll_back_target(model, "shadow", 2)
    with pytest.raises(NothingToRollBackError, match="one version only"):
        aliases.roll_back_target(model, "fresh")
    with pytest.raises(AliasNotFoundError):
        aliases.roll_back_target(model, "none")
    assert aliases.roll_back_target(model, "shadow", 1, leaving=4) == 1
    with pytest.raises(AliasMovedError, match="points at version 4, not at version 3"):
        aliases.roll_back_target(model, "shadow", 1, leaving=3)


def test_a_roll_back_is_recorded_as_one_and_drops_the_later_versions_from_the_trail() -> None:
    model, first, _ = two_versions(aliases={"shadow": Pointer(4, (1, 3)), "other": Pointer(4)})
    made = aliases.roll_back(model, "shadow", first, "worse")
    assert made.state.aliases == {"shadow": Pointer(1), "other": Pointer(4)}
    assert made.event == EventDraft(
        "alias.set",
        {"version": 4},
        {"version": 1, "digest": first.digest},
        version=1,
        alias="shadow",
        trigger=Trigger.ROLLBACK,
        reason="worse",
    )
    _, pending = register(Model("fraud"))
    with pytest.raises(VersionNotReadyError):
        aliases.roll_back(model, "shadow", pending, None)


def test_deleting_an_alias_records_where_it_pointed() -> None:
    model, _, _ = two_versions(aliases={"shadow": Pointer(2, (1,))})
    made = aliases.delete(model, "shadow")
    assert made.state.aliases == {} and made.result is None
    assert made.event == EventDraft("alias.deleted", {"version": 2}, None, version=2, alias="shadow")
    for missing in ("none", "former"):
        with pytest.raises(AliasNotFoundError):
            aliases.delete(replace(model, aliases={"former": Pointer(None, (1,))}), missing)


def test_promoting_the_challenger_records_both_aliases() -> None:
    pointers = {CHALLENGER: Pointer(2), CHAMPION: Pointer(1), "other": Pointer(1)}
    model, _, second = two_versions(aliases=pointers)
    made = aliases.promote_challenger(model, second, 2, "better")
    assert made.state.aliases == {CHAMPION: Pointer(2, (1,)), "other": Pointer(1)}
    assert made.result == second
    assert made.event == EventDraft(
        "challenger.promoted",
        {"champion": 1, "challenger": 2},
        {"champion": 2, "challenger": None, "digest": second.digest},
        version=2,
        alias="champion",
        reason="better",
    )


def test_only_a_ready_challenger_is_promoted() -> None:
    model, pending = register(Model("fraud"))
    pointed = replace(model, aliases={CHALLENGER: Pointer(1)})
    with pytest.raises(VersionNotReadyError):
        aliases.promote_challenger(pointed, pending, None, None)


def test_a_refusal_names_the_alias_that_has_moved() -> None:
    model, first, second = two_versions(aliases={"shadow": Pointer(2), CHALLENGER: Pointer(2)})
    with pytest.raises(AliasMovedError, match="alias 'shadow' of 'fraud'"):
        aliases.set_alias(model, "shadow", first, Expected(1), None)
    with pytest.raises(AliasMovedError, match="alias 'challenger' of 'fraud'"):
        aliases.promote_challenger(model, second, 1, None)
