"""A read that found nothing tells a model that never was from one that was deleted, with one call."""

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.errors import ModelNotFoundError
from chalicelib.registry.models import models
from chalicelib.registry.models.existence import check_ledger, check_model
from tests.registry.build import model, request
from tests.registry.faults import Calls


def test_a_model_exists_and_so_does_its_ledger(registry: Services) -> None:
    model(registry)
    calls = Calls(registry.client("dynamodb"))
    check_model(registry, "fraud")
    check_ledger(registry, "fraud")
    assert calls.operations == ["GetItem", "GetItem"]


def test_a_deleted_model_keeps_its_ledger(registry: Services) -> None:
    model(registry)
    models.delete_model(registry, request(), "fraud")
    check_ledger(registry, "fraud")
    with pytest.raises(ModelNotFoundError, match="'fraud'"):
        check_model(registry, "fraud")


def test_a_model_that_never_was_has_neither(registry: Services) -> None:
    for check in (check_model, check_ledger):
        with pytest.raises(ModelNotFoundError, match="'fraud'"):
            check(registry, "fraud")
