"""Callers of the API behind Chalice's local gateway."""

import pytest

from chalicelib.aws.services import Services
from tests.api.gateway import Caller
from tests.conftest import ADMIN_TOKEN


@pytest.fixture
def admin(registry: Services) -> Caller:
    """The bootstrap administrator."""
    return Caller(ADMIN_TOKEN)


@pytest.fixture
def nobody(registry: Services) -> Caller:
    """A caller without a token."""
    return Caller(None)
