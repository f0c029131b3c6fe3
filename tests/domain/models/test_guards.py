"""What a freeze and a lock refuse."""

import pytest

from chalicelib.domain.errors import ModelFrozenError, VersionLockedError
from chalicelib.domain.models.guards import check_not_frozen, check_not_locked
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.restrictions import Freeze
from tests.domain.build import NOW


def test_a_frozen_model_says_who_froze_it_and_why() -> None:
    check_not_frozen(Model("fraud"))
    with pytest.raises(ModelFrozenError, match=f"frozen by token:ada on {NOW}: incident"):
        check_not_frozen(Model("fraud", frozen=Freeze("incident", "token:ada", NOW)))


def test_any_of_the_versions_that_is_locked_refuses() -> None:
    model = Model("fraud", locked=(2,))
    check_not_locked(model, 1, None, 3)
    with pytest.raises(VersionLockedError, match="Version 2 of 'fraud' is locked"):
        check_not_locked(model, None, 1, 2)
