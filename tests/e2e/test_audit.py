"""The trail leaves the deployed stack and is verified offline, before and after someone has been at it."""

from pathlib import Path
from typing import Any

import pytest
from moorage import Client

from tests.e2e.stack import Stack, eventually, release
from tests.e2e.trail import TAMPERING, anchor_now, file_of, verify, verify_tampered


@pytest.fixture(scope="module")
def export(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An export of everything, made after an anchor; and the model that the tests tamper with."""
    model = stack.fresh_name("audited")
    with stack.http() as http:
        http.post("/v1/models", json={"name": model})
        first = release(http, model, b"one", metrics={"auc": 0.1 + 0.2})
        http.put(f"/v1/models/{model}/aliases/champion", json={"version": first})
        release(http, model, b"two", description="naïve 模型")
    made = anchor_now(stack)
    directory = tmp_path_factory.mktemp("audit") / "export"
    with Client(stack.url, stack.token) as client:
        written = client.export_audit(directory)
    assert written.anchors == made["anchor"]
    return directory, model


def test_the_export_of_the_deployed_registry_is_intact(export: tuple[Path, str]) -> None:
    code, report = verify(export[0])
    assert (code, report["faults"]) == (0, [])
    assert report["anchors"] >= 1 and report["events"] > 5


@pytest.mark.parametrize("tampering", TAMPERING)
def test_what_was_done_to_an_export_is_named_by_its_place(export: tuple[Path, str], tampering: str) -> None:
    directory, model = export
    tamper, sequence, what = TAMPERING[tampering]
    last = len(file_of(directory, model).read_bytes().splitlines())
    code, faults = verify_tampered(directory, model, tamper)
    assert code == 1
    where = {(fault["ledger"], fault["sequence"]) for fault in faults if what in fault["what"]}
    assert (f"model:{model}", sequence or last) in where
    assert verify(directory)[0] == 0


def test_anchors_follow_one_another(stack: Stack, tmp_path: Path) -> None:
    first, second = anchor_now(stack), anchor_now(stack)
    assert second["anchor"] == first["anchor"] + 1
    with Client(stack.url, stack.token) as client:
        client.export_audit(tmp_path / "export")
    assert verify(tmp_path / "export")[0] == 0


def test_who_used_a_version_is_counted_from_the_log(stack: Stack) -> None:
    model = stack.fresh_name("used")
    with stack.http() as http:
        http.post("/v1/models", json={"name": model})
        number = release(http, model)
        http.put(f"/v1/models/{model}/aliases/champion", json={"version": number})
        assert http.get(f"/v1/models/{model}/versions/@champion/artifacts").status_code == 200

        def used() -> Any:
            return http.get(f"/v1/models/{model}/versions/{number}/usage").json()["items"]

        (use,) = eventually(used, "the use was counted")
    assert (use["version"], use["count"], use["last_alias"]) == (number, 1, "champion")
