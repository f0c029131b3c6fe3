"""No two models have names that look alike."""

import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.errors import LookAlikeError, ModelExistsError
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.models.look_alikes import skeleton
from chalicelib.registry.lifecycle import removal
from chalicelib.registry.models import models
from tests.registry.build import model, request
from tests.registry.faults import Calls, Meanwhile

CYRILLIC = "fr\u0430ud"


def create(registry: Services, name: str) -> None:
    models.create_model(registry, request(), name, ProfileChange())


@pytest.mark.parametrize("name", ["fraud ", CYRILLIC, "\uff46raud", "fraud\u200b"])
def test_a_name_that_looks_like_that_of_another_model_is_refused(registry: Services, name: str) -> None:
    model(registry, "fraud")
    with pytest.raises(LookAlikeError, match="looks like that of another model"):
        create(registry, name)
    model(registry, "Fraud")


def test_a_model_whose_name_is_no_plain_one_keeps_its_look_alikes_out_too(registry: Services) -> None:
    model(registry, CYRILLIC)
    with pytest.raises(LookAlikeError):
        create(registry, "fraud")
    models.delete_model(registry, request(), CYRILLIC)
    create(registry, "fraud")
    with pytest.raises(LookAlikeError):
        create(registry, CYRILLIC)
    models.delete_model(registry, request(), "fraud")
    create(registry, "fraud")


def test_a_model_from_before_names_were_claimed_keeps_its_look_alikes_out(registry: Services) -> None:
    model(registry, "fraud")
    registry.table.transact([registry.table.drop_write(keys.name_claim(skeleton("fraud")))])
    with pytest.raises(LookAlikeError):
        create(registry, "fraud ")


def test_of_two_look_alikes_that_are_created_at_once_one_is_refused(registry: Services) -> None:
    with Meanwhile(registry, lambda: create(registry, CYRILLIC)), pytest.raises(LookAlikeError):
        create(registry, "fraud")


def test_a_model_may_be_renamed_to_what_its_name_looks_like_but_not_to_a_look_alike_of_another(
    registry: Services,
) -> None:
    model(registry, "fraud ")
    removal.rename_model(registry, request(), "fraud ", "fraud")
    with pytest.raises(ModelExistsError):
        create(registry, "fraud ")
    model(registry, "churn")
    with pytest.raises(LookAlikeError):
        removal.rename_model(registry, request(), "churn", CYRILLIC)


def test_only_the_creation_of_a_model_pays_for_its_claim(registry: Services) -> None:
    calls = Calls(registry.client("dynamodb"))
    create(registry, "fraud")
    assert calls.operations == ["BatchGetItem", "TransactWriteItems"]
