"""Registering what was logged survives a failure before and after each of its AWS calls, and has one effect."""

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.aws.services import Services
from chalicelib.domain.versions.version import Status
from chalicelib.registry.audit import audit
from tests.registry.build import model
from tests.registry.faults import When, failing
from tests.registry.mlflow.logged import FILES, logged, register
from tests.registry.mlflow.test_registration import stored

pytestmark = pytest.mark.exhaustive

# Each is read for what it says, looked at, copied and looked at again.
TWO = {name: FILES[name] for name in ("MLmodel", "data/model.pkl")}


@pytest.mark.parametrize("checksum", ["SHA256", "CRC32"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_registration_that_fails_at_any_call_and_is_retried_makes_one_ready_version(
    registry: Services, when: When, checksum: str
) -> None:
    nth, struck = 0, True
    while struck:
        nth += 1
        name = model(registry, f"{when}-{nth}")
        source = f"models:/{logged(registry, files=TWO, checksum=checksum).id}"
        with failing(registry, nth, when) as fault:
            try:
                register(registry, source, model=name, key=f"key-{nth}")
            except ReadTimeoutError:
                assert fault.struck
        struck = fault.struck
        made = register(registry, source, model=name, key=f"key-{nth}").result
        again = register(registry, source, model=name, key=f"key-{nth}")
        assert again.replayed and again.result == made
        assert (made.version.number, made.version.status) == (1, Status.READY)
        assert stored(registry, made) == TWO
        trail = audit.list_events(registry, f"model:{name}", "oldest", 100, None).items
        assert [event["type"] for event in trail] == ["model.created", "version.created", "version.ready"]
        check = audit.verify(registry, f"model:{name}", 0)
        assert check.complete and check.fault is None
    assert nth > 3 * len(TWO)
