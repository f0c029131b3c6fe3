"""A registry that may call receivers on loopback."""

from collections.abc import Iterator

import pytest

from chalicelib.aws.names import OUTBOUND_ALLOW_VARIABLE
from chalicelib.aws.services import Services, reset_services, services
from tests.reactions.webhooks.receiving import DeliveryQueueDouble, Receiver, receiver


@pytest.fixture
def outgoing(registry: Services, monkeypatch: pytest.MonkeyPatch) -> Services:
    """The process's services, with an outbound policy that allows loopback."""
    monkeypatch.setenv(OUTBOUND_ALLOW_VARIABLE, "127.0.0.0/8")
    reset_services()
    return services()


@pytest.fixture
def queue(outgoing: Services) -> DeliveryQueueDouble:
    return DeliveryQueueDouble(outgoing)


@pytest.fixture
def outside() -> Iterator[Receiver]:
    """A receiver on loopback."""
    with receiver() as receiving:
        yield receiving
