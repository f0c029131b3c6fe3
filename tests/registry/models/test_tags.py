"""Single tags: two writers never lose each other's."""

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.errors import ModelNotFoundError, VersionLockedError, VersionNotFoundError
from chalicelib.registry.lifecycle import restrictions
from chalicelib.registry.models import models, tags
from chalicelib.registry.versions import tags as version_tags
from chalicelib.registry.versions import versions
from tests.registry.build import MODEL, model, ready, request
from tests.registry.faults import Meanwhile


def test_two_writers_of_a_models_tags_keep_both(registry: Services) -> None:
    model(registry)
    with Meanwhile(registry, lambda: tags.set_model_tag(registry, request(), MODEL, "other", "b")) as race:
        tags.set_model_tag(registry, request(), MODEL, "one", "a")
    assert race.acted
    assert models.get_model(registry, MODEL).profile.tags == {"one": "a", "other": "b"}


def test_two_writers_of_a_versions_tags_keep_both(registry: Services) -> None:
    ready(registry, model(registry), tags={"gone": "x"})
    with Meanwhile(registry, lambda: version_tags.set_version_tag(registry, request(), MODEL, 1, "other", "b")) as race:
        version_tags.delete_version_tag(registry, request(), MODEL, 1, "gone")
    assert race.acted
    assert versions.get_version(registry, MODEL, "1").description.tags == {"other": "b"}


def test_deleting_a_tag_that_is_not_there_changes_nothing(registry: Services) -> None:
    model(registry)
    before = models.get_model(registry, MODEL)
    tags.delete_model_tag(registry, request(), MODEL, "none")
    assert models.get_model(registry, MODEL) == before


def test_what_does_not_exist_or_is_locked_takes_no_tag(registry: Services) -> None:
    with pytest.raises(ModelNotFoundError):
        tags.set_model_tag(registry, request(), MODEL, "a", "b")
    ready(registry, model(registry))
    with pytest.raises(VersionNotFoundError):
        version_tags.set_version_tag(registry, request(), MODEL, 2, "a", "b")
    restrictions.lock_version(registry, request(), MODEL, "1", "audited")
    with pytest.raises(VersionLockedError):
        version_tags.set_version_tag(registry, request(), MODEL, 1, "a", "b")
