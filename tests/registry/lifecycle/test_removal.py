"""Deleting with what depends on it: nothing goes if something would have to stay."""

from dataclasses import replace

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal
from chalicelib.domain.cards.decisions import CardChange
from chalicelib.domain.errors import (
    AliasNotFoundError,
    LimitExceededError,
    ModelExistsError,
    ModelFrozenError,
    ModelNotEmptyError,
    ModelNotFoundError,
    PermissionDeniedError,
    RegistryError,
    VersionHeldError,
    VersionInUseError,
    VersionLockedError,
    VersionNotFoundError,
)
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.models.retention import RetentionRule
from chalicelib.domain.schemes.gates import Tier
from chalicelib.registry.aliases import aliases
from chalicelib.registry.cards import cards
from chalicelib.registry.lifecycle import removal, restrictions, retention
from chalicelib.registry.models import models
from chalicelib.registry.promotion import scheme_assignment, stages
from chalicelib.registry.schemes import saving
from chalicelib.registry.versions import versions
from tests.domain.schemes.documents import document
from tests.registry.build import MODEL, model, ready, request
from tests.registry.faults import Crash, CrashAt


@pytest.fixture
def two(registry: Services) -> Services:
    """A model of two versions, the second of which is the champion and the challenger."""
    model(registry)
    for _ in range(2):
        ready(registry)
    for alias in ("champion", "challenger"):
        aliases.set_alias(registry, request(), MODEL, alias, 2, None, None)
    return registry


def pointers(registry: Services) -> dict[str, int | None]:
    return {name: at.version for name, at in models.model_head(registry, MODEL).aliases.items()}


def test_a_version_goes_with_its_aliases(two: Services) -> None:
    removal.delete_version_and_aliases(two, request(), MODEL, 2)
    assert pointers(two) == {}
    with pytest.raises(AliasNotFoundError):
        aliases.get_alias(two, MODEL, "champion")
    with pytest.raises(VersionNotFoundError):
        versions.get_version(two, MODEL, "2")
    with pytest.raises(VersionNotFoundError):
        removal.delete_version_and_aliases(two, request(), MODEL, 2)


RESTRICTED = {
    VersionInUseError: lambda s: stages.transition(s, request(), MODEL, "2", "staging", None, None),
    VersionLockedError: lambda s: restrictions.lock_version(s, request(), MODEL, "2", "audited"),
    VersionHeldError: lambda s: restrictions.hold_version(s, request(), MODEL, "2", "case 7"),
    ModelFrozenError: lambda s: restrictions.freeze_model(s, request(), MODEL, "incident"),
}


@pytest.mark.parametrize("error", RESTRICTED)
def test_what_would_be_refused_at_the_end_is_refused_at_once(two: Services, error: type[RegistryError]) -> None:
    RESTRICTED[error](two)
    with pytest.raises(error):
        removal.delete_version_and_aliases(two, request(), MODEL, 2)
    with pytest.raises(error):
        removal.delete_model_and_versions(two, request(), MODEL)
    assert pointers(two) == {"champion": 2, "challenger": 2}
    assert models.model_head(two, MODEL).versions == 2


def test_a_protected_alias_keeps_its_version_from_who_may_not_move_it(two: Services) -> None:
    aliases.protect_alias(two, request(), MODEL, "champion", True)
    manager = Principal("token:bo", (Grant("manager", "*"),), (), {"manager": frozenset({"read", "manage"})})
    asked = replace(request(), principal=manager)
    with pytest.raises(PermissionDeniedError, match="champion"):
        removal.delete_version_and_aliases(two, asked, MODEL, 2)
    assert pointers(two) == {"champion": 2, "challenger": 2}


def test_a_model_goes_with_its_versions_and_its_numbers_are_not_given_again(two: Services) -> None:
    removal.delete_model_and_versions(two, request(), MODEL)
    with pytest.raises(ModelNotFoundError):
        models.get_model(two, MODEL)
    model(two)
    assert ready(two).number == 3


def test_a_cascade_is_bounded(two: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(removal, "MAX_CASCADE", 1)
    with pytest.raises(LimitExceededError, match="2 versions"):
        removal.delete_model_and_versions(two, request(), MODEL)


def test_a_model_without_versions_is_renamed_with_what_was_said_of_it(registry: Services) -> None:
    given = ProfileChange("described", "ada", {"team": "risk"}, {"size": 3})
    models.create_model(registry, request(), "old", given)
    renamed = removal.rename_model(registry, request(), "old", "new")
    assert renamed.profile.document() == models.get_model(registry, "new").profile.document()
    assert renamed.profile.tags == {"team": "risk"} and renamed.profile.owner == "ada"
    with pytest.raises(ModelNotFoundError):
        models.get_model(registry, "old")
    assert removal.rename_model(registry, request(), "new", "new") == models.get_model(registry, "new")


def test_a_renamed_model_keeps_its_creation_scheme_freeze_rules_and_card(registry: Services) -> None:
    model(registry, "old")
    saving.save_scheme(registry, request(), document())
    scheme_assignment.assign_scheme(registry, request(), "old", "own", None)
    scheme_assignment.set_tier(registry, request(), "old", Tier.HIGH, "risky")
    aliases.protect_alias(registry, request(), "old", "champion", True)
    retention.set_rule(registry, request(), "old", RetentionRule(archived_after_days=30, keep_last=1))
    restrictions.freeze_model(registry, request(), "old", "audit")
    cards.update_card(registry, request(), "old", CardChange({"factors": "age"}, {"license": "mit"}))
    before = models.get_model(registry, "old").model
    removal.rename_model(registry, request(), "old", "new")
    after = models.get_model(registry, "new").model
    for field in ("created_at", "created_by", "scheme", "tier", "frozen", "retention", "protected_aliases"):
        assert getattr(after, field) == getattr(before, field), field
    assert scheme_assignment.get_model_scheme(registry, "new").document["name"] == "own"
    card = cards.get_card(registry, "new")
    assert (card.sections, card.fields) == ({"factors": "age"}, {"license": "mit"})


def test_renaming_again_completes_a_renaming_that_was_cut_short_and_nothing_else(registry: Services) -> None:
    model(registry, "old")
    with CrashAt(registry.client("dynamodb"), "TransactWriteItems", "before", spared=1), pytest.raises(Crash):
        removal.rename_model(registry, request(), "old", "new")
    assert {"old", "new"} <= models.model_heads(registry, ["old", "new"]).keys()
    for _ in range(2):
        assert removal.rename_model(registry, request(), "old", "new").model.name == "new"
    model(registry, "old")
    with pytest.raises(ModelExistsError):
        removal.rename_model(registry, request(), "old", "new")
    assert {"old", "new"} <= models.model_heads(registry, ["old", "new"]).keys()


def test_a_model_with_versions_keeps_its_name_and_no_name_is_taken_twice(two: Services) -> None:
    model(two, "taken")
    with pytest.raises(ModelNotEmptyError, match="copy versions"):
        removal.rename_model(two, request(), MODEL, "new")
    model(two, "empty")
    with pytest.raises(ModelExistsError):
        removal.rename_model(two, request(), "empty", "taken")
    assert models.get_model(two, "empty").model.name == "empty"
