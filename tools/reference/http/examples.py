"""An example of every operation: calls that are made on simulated AWS, with a fixed clock and fixed ids."""

from functools import cache

import pytest

from chalicelib.aws import names
from chalicelib.aws.services import reset_services, services
from tests.conftest import fresh_registry, use_no_account
from tests.registry.access.issuer import issuing
from tools.reference.http import administering, deploying, governing, monitoring, registering
from tools.reference.http.exchange import Exchange, Told


@cache
def examples() -> dict[tuple[str, str], Exchange]:
    """A call with its answer for each operation, by method and path template. They are made once a process."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        use_no_account(monkeypatch)
        with fresh_registry(monkeypatch), issuing() as issuer:
            # The issuer is on this machine.
            monkeypatch.setenv(names.OUTBOUND_ALLOW_VARIABLE, "127.0.0.0/8")
            reset_services()
            story = Told(services(), monkeypatch)
            registering.registered(story)
            registering.pointed_at(story)
            governing.proven(story)
            governing.vulnerable(story)
            governing.described(story)
            governing.judged(story)
            governing.kept(story)
            governing.scanned(story)
            deploying.deployed(story)
            monitoring.watched(story)
            administering.admitted(story)
            administering.told_others(story)
            administering.scheduled(story)
            administering.found(story)
            administering.audited(story)
            administering.signed_in(story, issuer)
            return story.exchanges
