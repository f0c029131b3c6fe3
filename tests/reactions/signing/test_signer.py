"""The function that signs versions: the event of a version that became READY, once and again."""

from types import SimpleNamespace

import pytest

from chalicelib.aws.services import Services
from chalicelib.reactions.signing.signer import signer
from chalicelib.registry.audit import audit
from chalicelib.registry.signing.signatures import list_signatures
from tests.aws.signing.keys import new_key
from tests.registry.build import MODEL, model, ready
from tests.registry.signing.build import signing_with

CONTEXT = SimpleNamespace(aws_request_id="request-1")


def test_the_event_of_a_ready_version_signs_it_however_often_it_comes(
    registry: Services, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    signing = signing_with(monkeypatch, registry, new_key())
    model(signing)
    ready(signing)
    event = audit.list_events(signing, f"model:{MODEL}", "newest", 1, None).items[0]
    assert event["type"] == "version.ready"
    for _ in range(2):
        signer({"detail": event}, CONTEXT)
    assert [one.name for one in list_signatures(signing, MODEL, "1")] == ["registry"]
    logged = capsys.readouterr().out
    assert "1 files signed" in logged
    assert "it is signed already" in logged
