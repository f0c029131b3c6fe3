"""A registry that scans."""

import pytest

from chalicelib.aws.names import SCANNING_VARIABLE
from chalicelib.aws.services import Services, reset_services, services


@pytest.fixture
def scanning(registry: Services, monkeypatch: pytest.MonkeyPatch) -> Services:
    """The process's services, of a registry that scans."""
    monkeypatch.setenv(SCANNING_VARIABLE, "on")
    reset_services()
    return services()
