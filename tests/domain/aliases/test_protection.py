"""Protected aliases, and the champion's challenger, as rules."""

import pytest

from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.aliases import decisions as aliases
from chalicelib.domain.aliases import protection
from chalicelib.domain.aliases.decisions import CHALLENGER, CHAMPION
from chalicelib.domain.errors import (
    AliasMovedError,
    AliasNotFoundError,
    InvalidNameError,
    LimitExceededError,
    PermissionDeniedError,
)
from chalicelib.domain.ledger.decision import Decision, NoChange
from chalicelib.domain.ledger.events import EventDraft
from chalicelib.domain.models.history import moves
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.version import Version
from tests.domain.build import changed, ready, settled


def protected(model: Model, alias: str) -> Model:
    return settled(changed(protection.protect(model, alias, True))).after


def pointed(model: Model, alias: str, version: Version) -> Model:
    return settled(changed(aliases.set_alias(model, alias, version, None, None)), version).after


def contest() -> tuple[Model, Version, Version]:
    """A model whose champion is version 1 and whose challenger is version 2."""
    model, first = ready(Model("fraud"))
    model, second = ready(model)
    return pointed(pointed(model, CHAMPION, first), CHALLENGER, second), first, second


def test_only_who_may_move_protected_aliases_moves_one() -> None:
    model = protected(Model("fraud"), "champion")
    maintainer = Principal("token:a", (Grant(Role.MAINTAINER, "fraud"),))
    elsewhere = Principal("token:b", (Grant(Role.MAINTAINER, "other"),))
    contributor = Principal("token:c", (Grant(Role.CONTRIBUTOR, "*"),))
    protection.check_may_move(model, maintainer, "champion")
    for principal in (elsewhere, contributor):
        protection.check_may_move(model, principal, "shadow")
        with pytest.raises(PermissionDeniedError, match="champion"):
            protection.check_may_move(model, principal, "shadow", "champion")


def test_protecting_again_changes_nothing_and_lifting_restores() -> None:
    model = protected(Model("fraud"), "champion")
    assert protection.protect(model, "champion", True) == NoChange(model)
    lifted = changed(protection.protect(model, "champion", False))
    assert settled(lifted).after.protected_aliases == ()
    assert isinstance(protection.protect(Model("fraud"), "champion", False), NoChange)


def test_a_model_protects_at_most_forty_aliases() -> None:
    model = Model("fraud")
    for index in range(40):
        model = protected(model, f"a{index}")
    with pytest.raises(LimitExceededError):
        protection.protect(model, "more", True)


def test_promoting_moves_the_champion_drops_the_challenger_and_can_be_rolled_back() -> None:
    model, first, second = contest()
    made = aliases.promote_challenger(model, second, 2, "better")
    assert made.event.type == "challenger.promoted"
    assert made.event.before == {"champion": 1, "challenger": 2}
    settlement = settled(made, first, second, before=model)
    assert settlement.saved(made.result).aliases == (CHAMPION,)
    assert settlement.present(Version, first.number).aliases == ()
    assert {(move.pointer, move.version, move.previous_version) for move in moves(model, made.state)} == {
        ("alias:champion", 2, 1),
        ("alias:challenger", None, 2),
    }
    after = settled(made).after
    assert CHALLENGER not in after.aliases
    assert aliases.roll_back_target(after, CHAMPION) == first.number


def test_the_first_challenger_can_be_promoted_where_there_is_no_champion() -> None:
    model, version = ready(Model("fraud"))
    made = aliases.promote_challenger(pointed(model, CHALLENGER, version), version, None, None)
    assert settled(made).after.alias(CHAMPION).version == 1
    assert made.event.before == {"champion": None, "challenger": 1}


def test_promoting_a_challenger_that_is_champion_only_drops_it() -> None:
    model, first, _ = contest()
    model = pointed(model, CHALLENGER, first)
    made = aliases.promote_challenger(model, first, None, None)
    assert CHALLENGER not in made.state.aliases
    assert [move.pointer for move in moves(model, made.state)] == ["alias:challenger"]
    assert settled(made).after.alias(CHAMPION) == model.alias(CHAMPION)


def test_promoting_another_than_the_expected_or_loaded_challenger_is_refused() -> None:
    model, first, second = contest()
    with pytest.raises(AliasMovedError):
        aliases.promote_challenger(model, second, 1, None)
    with pytest.raises(AliasMovedError):
        aliases.promote_challenger(model, first, None, None)


def test_retiring_leaves_the_champion() -> None:
    model, _, _ = contest()
    made = aliases.retire_challenger(model, "worse")
    assert isinstance(made, Decision)
    assert (made.event.type, made.event.reason, made.event.version) == ("challenger.retired", "worse", 2)
    after = settled(made).after
    assert set(after.aliases) == {CHAMPION}
    with pytest.raises(AliasNotFoundError):
        aliases.retire_challenger(after, None)


def test_protecting_an_alias_is_recorded_and_keeps_the_names_in_order() -> None:
    made = changed(protection.protect(protected(Model("fraud"), "stable"), "champion", True))
    assert made.event == EventDraft("alias.protected", {"protected": False}, {"protected": True}, alias="champion")
    assert made.result == made.state and made.state.protected_aliases == ("champion", "stable")
    lifted = changed(protection.protect(made.state, "champion", False))
    assert lifted.event == EventDraft("alias.unprotected", {"protected": True}, {"protected": False}, alias="champion")
    assert lifted.state.protected_aliases == ("stable",)
    with pytest.raises(InvalidNameError):
        protection.protect(Model("fraud"), "not a name", True)


def test_a_model_that_protects_as_many_as_it_may_can_still_unprotect() -> None:
    full = Model("fraud", protected_aliases=tuple(f"a{index:02d}" for index in range(protection.MAX_PROTECTED)))
    assert len(changed(protection.protect(full, "a07", False)).state.protected_aliases) == protection.MAX_PROTECTED - 1
