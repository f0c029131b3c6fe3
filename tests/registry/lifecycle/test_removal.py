"""Deleting with what depends on it: nothing goes if something would have to stay."""

from dataclasses import replace

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal
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
from chalicelib.registry.aliases import aliases
from chalicelib.registry.lifecycle import removal, restrictions
from chalicelib.registry.models import models
from chalicelib.registry.promotion import stages
from chalicelib.registry.versions import versions
from tests.registry.build import MODEL, model, ready, request


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


def test_a_model_with_versions_keeps_its_name_and_no_name_is_taken_twice(two: Services) -> None:
    model(two, "taken")
    with pytest.raises(ModelNotEmptyError, match="copy versions"):
        removal.rename_model(two, request(), MODEL, "new")
    model(two, "empty")
    with pytest.raises(ModelExistsError):
        removal.rename_model(two, request(), "empty", "taken")
    assert models.get_model(two, "empty").model.name == "empty"
