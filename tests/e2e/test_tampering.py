"""Each kind of tampering, made through the emulator's own endpoints, and named by the command line and offline.

docs/audit.md lists them. The rows are those that tests/registry/audit makes on simulated AWS.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from moorage import Client

from tests.e2e.stack import Stack
from tests.e2e.trail import audit_verify, verify
from tests.registry.audit.tampering import TAMPERING, Stored, Tampering, arrange


@pytest.fixture(scope="module")
def stored(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Stored:
    model = stack.fresh_name("tampered")
    with Client(stack.url, stack.token) as client:
        token = arrange(client, model, tmp_path_factory.mktemp("weights"))
    return Stored(
        stack.aws("dynamodb"),
        stack.aws("s3"),
        stack.outputs["TableName"],
        stack.outputs["BucketName"],
        model,
        token,
    )


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


@pytest.mark.parametrize("name", TAMPERING)
def test_what_was_tampered_with_is_named(stack: Stack, restored: Stored, tmp_path: Path, name: str) -> None:
    tampering = TAMPERING[name]
    tampering.act(restored)
    code, found = audit_verify(stack, *([] if tampering.registry else [restored.model]))
    assert code == 8
    assert any(one["place"].startswith(tampering.place) and one["field"] == tampering.field for one in found), found
    faults = offline_faults(stack, tampering, restored.model, tmp_path / "export")
    assert any(fault.startswith(tampering.place) and (tampering.field or "") in fault for fault in faults), faults
