"""A protected alias is moved only by who may, whichever way it is moved and whenever it was protected."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.errors import PermissionDeniedError
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.registry.aliases import aliases, challengers
from chalicelib.registry.audit import audit
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.models import models
from chalicelib.registry.promotion import stages
from tests.domain.schemes.documents import document
from tests.registry.build import model, ready, request
from tests.registry.governed import governed

# The route has checked that the caller may make transitions; this one may not move protected aliases.
OTHER = Request(Principal("token:ci", (Grant(Role.CONTRIBUTOR, "*"),)), "request-2")

MOVES: dict[str, Callable[[Services, Request], Any]] = {
    "set": lambda s, r: aliases.set_alias(s, r, "fraud", "champion", 2, None, None),
    "roll back": lambda s, r: aliases.roll_back_alias(s, r, "fraud", "champion", None),
    "delete": lambda s, r: aliases.delete_alias(s, r, "fraud", "champion"),
    "promote the challenger": lambda s, r: challengers.promote_challenger(s, r, "fraud", None, None),
}


@pytest.fixture(autouse=True)
def fraud(registry: Services) -> None:
    model(registry)
    for number in (1, 2, 3):
        ready(registry)
        aliases.set_alias(registry, request(), "fraud", "champion", number, None, None)
    challengers.set_challenger(registry, request(), "fraud", 1, None, None)


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_a_protected_alias_is_moved_only_by_who_may(
    registry: Services, move: Callable[[Services, Request], Any]
) -> None:
    aliases.protect_alias(registry, request(), "fraud", "champion", True)
    with pytest.raises(PermissionDeniedError, match="'champion' of 'fraud' is protected"):
        move(registry, OTHER)
    assert aliases.get_alias(registry, "fraud", "champion").version == 3
    move(registry, request())


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_an_alias_that_is_not_protected_is_moved_by_anyone_who_may_move_aliases(
    registry: Services, move: Callable[[Services, Request], Any]
) -> None:
    aliases.protect_alias(registry, request(), "fraud", "shadow", True)
    move(registry, OTHER)


def test_protecting_the_challenger_covers_naming_promoting_and_retiring_it(registry: Services) -> None:
    aliases.protect_alias(registry, request(), "fraud", "challenger", True)
    for move in (
        lambda: challengers.set_challenger(registry, OTHER, "fraud", 2, None, None),
        lambda: challengers.promote_challenger(registry, OTHER, "fraud", None, None),
        lambda: challengers.retire_challenger(registry, OTHER, "fraud", None),
    ):
        with pytest.raises(PermissionDeniedError, match="challenger"):
            move()


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_a_protection_that_wins_the_race_holds(registry: Services, move: Callable[[Services, Request], Any]) -> None:
    client, raced = registry.client("dynamodb"), []

    def race(**_: Any) -> None:
        if not raced:
            raced.append(True)
            aliases.protect_alias(registry, request(), "fraud", "champion", True)

    client.meta.events.register("before-call.dynamodb.TransactWriteItems", race)
    with pytest.raises(PermissionDeniedError):
        move(registry, OTHER)
    assert raced
    assert aliases.get_alias(registry, "fraud", "champion").version == 3
    assert audit.verify(registry, "model:fraud", 0).fault is None


def test_protection_ends_with_the_model(registry: Services) -> None:
    model(registry, "other")
    aliases.protect_alias(registry, request(), "other", "champion", True)
    models.delete_model(registry, request(), "other")
    assert models.create_model(registry, request(), "other", ProfileChange()).result.model.protected_aliases == ()


STAGES: dict[str, Callable[[Services, Request], Any]] = {
    "transition": lambda s, r: stages.transition(s, r, "cards", "3", "live", None, None),
    "override": lambda s, r: stages.override(s, r, "cards", "3", "live", None, "incident"),
    "roll back": lambda s, r: stages.roll_back_stage(s, r, "cards", "live", "bad"),
}


@pytest.mark.parametrize("move", STAGES.values(), ids=STAGES)
def test_entering_a_stage_moves_a_protected_alias_only_for_who_may(
    registry: Services, move: Callable[[Services, Request], Any]
) -> None:
    entered = [{"name": "live", "exclusive": True, "on_enter": {"aliases": ["champion"]}}]
    governed(registry, "cards", document(stages=[{"name": "draft"}, *entered, {"name": "gone"}]))
    for number in (1, 2, 3):
        ready(registry, "cards")
        if number < 3:
            stages.transition(registry, request(), "cards", str(number), "live", None, None)
    aliases.protect_alias(registry, request(), "cards", "champion", True)
    with pytest.raises(PermissionDeniedError, match="'champion' of 'cards' is protected"):
        move(registry, OTHER)
    assert aliases.get_alias(registry, "cards", "champion").version == 2
    move(registry, request())
