"""A registry that scans, and one that also asks for second opinions."""

import pytest

from chalicelib.aws.names import SECOND_OPINION_VARIABLE
from chalicelib.aws.services import Services, reset_services, services
from chalicelib.registry.scanning.second_opinion import SCANNER
from tests.registry.scanning.conftest import scanning

__all__ = ["asking_twice", "scanning"]


@pytest.fixture
def asking_twice(scanning: Services, monkeypatch: pytest.MonkeyPatch) -> Services:
    """The process's services, of a registry that scans and wants a second opinion."""
    monkeypatch.setenv(SECOND_OPINION_VARIABLE, SCANNER)
    reset_services()
    return services()
