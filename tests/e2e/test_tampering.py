"""Each kind of tampering, made through the emulator's own endpoints, and named by the command line and offline.

docs/audit.md lists them. The rows are those that tests/registry/audit makes on simulated AWS.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from moorage import Client
from moorage.cli.main import main

from tests.e2e.stack import Stack, release, scanned
from tests.e2e.trail import anchor_now, audit_verify, verify
from tests.registry.audit.chain_tampering import CHAIN
from tests.registry.audit.tampering import TAMPERING, Stored, Tampering, arrange, remove_bytes


@pytest.fixture(scope="module")
def stored(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Stored:
    model = stack.fresh_name("tampered")
    with Client(stack.url, stack.token) as client:
        token = arrange(client, model, tmp_path_factory.mktemp("weights"))
    with stack.http() as http:
        for number in (1, 2):
            # What a scan writes later would be tampering too, once the model is put back as it was.
            scanned(http, model, number)
    return Stored(
        stack.aws("dynamodb"),
        stack.aws("s3"),
        stack.outputs["TableName"],
        stack.outputs["BucketName"],
        model,
        token,
    )


@pytest.fixture(scope="module")
def anchored(stack: Stack, stored: Stored) -> None:
    """The model's ledger is in an anchor."""
    anchor_now(stack)


@pytest.fixture
def restored(stored: Stored) -> Iterator[Stored]:
    """The model as it was, again after each test."""
    before = stored.everything()
    yield stored
    stored.restore(before)


def offline_faults(stack: Stack, tampering: Tampering, model: str, directory: Path) -> list[str]:
    with Client(stack.url, stack.token) as client:
        client.export_audit(directory, models=None if tampering.registry else [model], state=True)
    code, report = verify(directory, "--state")
    assert code == 1
    return [fault["what"] for fault in report["faults"]]


def test_nothing_differs_before_somebody_tampers(stack: Stack, stored: Stored) -> None:
    assert audit_verify(stack, stored.model) == (0, [])
    assert audit_verify(stack) == (0, [])


@pytest.mark.parametrize("name", CHAIN)
def test_what_was_done_to_a_ledger_is_named(
    stack: Stack, anchored: None, restored: Stored, tmp_path: Path, name: str
) -> None:
    tampering = CHAIN[name]
    tampering.act(restored)
    environment = {"MOORAGE_URL": stack.url, "MOORAGE_TOKEN": stack.token}
    ran = CliRunner().invoke(main, ["audit", "verify", restored.model], env=environment)
    assert ran.exit_code == 8
    assert tampering.said in " ".join(ran.stderr.split())
    with Client(stack.url, stack.token) as client:
        client.export_audit(tmp_path / "export")
    code, report = verify(tmp_path / "export")
    faults = [fault["what"] for fault in report["faults"] if fault["ledger"] == f"model:{restored.model}"]
    assert code == 1 and any(tampering.said_offline in fault for fault in faults), faults


def test_an_object_that_is_gone_is_named(stack: Stack, stored: Stored) -> None:
    model = stack.fresh_name("emptied")
    with stack.http() as http:
        http.post("/v1/models", json={"name": model})
        release(http, model)
    remove_bytes(stored, model, 1)
    code, differences = audit_verify(stack, model, "--bytes")
    assert (code, [one["place"] for one in differences]) == (8, ["version/1/bytes/model.bin"])


@pytest.mark.parametrize("name", TAMPERING)
def test_what_was_tampered_with_is_named(stack: Stack, restored: Stored, tmp_path: Path, name: str) -> None:
    tampering = TAMPERING[name]
    tampering.act(restored)
    code, found = audit_verify(stack, *([] if tampering.registry else [restored.model]))
    assert code == 8
    assert any(one["place"].startswith(tampering.place) and one["field"] == tampering.field for one in found), found
    faults = offline_faults(stack, tampering, restored.model, tmp_path / "export")
    assert any(fault.startswith(tampering.place) and (tampering.field or "") in fault for fault in faults), faults
