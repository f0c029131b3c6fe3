"""A registry that programs of other environments reach."""

from collections.abc import Iterator

import pytest

from chalicelib.aws.services import Services
from tests.client.loopback_registry import registry_on_loopback


@pytest.fixture
def url(registry: Services) -> Iterator[str]:
    with registry_on_loopback(registry) as address:
        yield address
