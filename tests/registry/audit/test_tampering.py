"""Whatever is written past the registry is named: by the SDK's check, by the keeper's, and by the offline verifier."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from moorage import ChainBrokenError, Client
from moorage.state_check import StateDifference

from chalicelib.aws.services import Services
from chalicelib.registry.audit.anchors import anchor_ledgers
from chalicelib.registry.audit.state import check_state
from tests.client.lines import Line, Store, app
from tests.conftest import ADMIN_TOKEN
from tests.registry.audit.chain_tampering import CHAIN
from tests.registry.audit.tampering import TAMPERING, Stored, Tampering, arrange
from tests.simulation import like_s3
from tests.tools.verifier import load_verifier

pytestmark = pytest.mark.exhaustive

MODEL = "fraud"
verifier = load_verifier()


@pytest.fixture
def client(registry: Services) -> Iterator[Client]:
    like_s3(registry)
    with Client(
        "https://registry.example", ADMIN_TOKEN, transport=Line(app), storage_transport=Line(Store(registry))
    ) as opened:
        yield opened


@pytest.fixture
def stored(registry: Services, client: Client, tmp_path: Path) -> Stored:
    token = arrange(client, MODEL, tmp_path / "weights")
    clients = (registry.client("dynamodb"), registry.client("s3"))
    return Stored(*clients, registry.table.name, registry.bucket.name, MODEL, token)


def exported_faults(client: Client, directory: Path) -> list[str]:
    client.export_audit(directory, state=True)
    return [fault.what for fault in verifier.verify(directory, with_state=True).faults]


def test_nothing_differs_before_somebody_tampers(
    registry: Services, client: Client, stored: Stored, tmp_path: Path
) -> None:
    for model in (MODEL, None):
        found = client.state.check(model)
        assert (found.differences, found.unproven) == ((), 0)
    assert exported_faults(client, tmp_path / "export") == []
    assert list(client.state.check_bytes(MODEL)) == []


@pytest.mark.parametrize("name", TAMPERING)
def test_what_was_tampered_with_is_named(
    registry: Services, client: Client, stored: Stored, tmp_path: Path, name: str
) -> None:
    tampering = TAMPERING[name]
    tampering.act(stored)
    found = client.state.check(None if tampering.registry else MODEL).differences
    assert any(names(one, tampering) for one in found), found
    ledger = "registry" if tampering.registry else f"model:{MODEL}"
    checked = check_state(registry, ledger, 1_000).differences
    assert [(one.place, one.field) for one in checked] == [(one.place, one.field) for one in found]
    faults = exported_faults(client, tmp_path / "export")
    assert any(fault.startswith(tampering.place) and (tampering.field or "") in fault for fault in faults), faults


@pytest.mark.parametrize("name", CHAIN)
def test_what_was_done_to_a_ledger_is_named(
    registry: Services, client: Client, stored: Stored, tmp_path: Path, name: str
) -> None:
    tampering = CHAIN[name]
    anchor_ledgers(registry, "monday")
    tampering.act(stored)
    with pytest.raises(ChainBrokenError) as broken:
        client.events.verify(MODEL, anchored=client.anchors.newest_heads()[f"model:{MODEL}"])
    assert tampering.said in str(broken.value)
    client.export_audit(tmp_path / "export")
    faults = [fault.what for fault in verifier.verify(tmp_path / "export").faults]
    assert any(tampering.said_offline in fault for fault in faults), faults


def names(difference: StateDifference, tampering: Tampering) -> bool:
    return difference.place.startswith(tampering.place) and difference.field == tampering.field
