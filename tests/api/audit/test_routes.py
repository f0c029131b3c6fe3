"""Ledgers, anchors and usage over HTTP."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.reactions.audit.usage import usage
from chalicelib.registry.audit.anchors import anchor_ledgers
from tests.api.gateway import Caller, granted
from tests.reactions.audit.test_usage import batch
from tests.registry import build


def everything(caller: Caller, path: str, limit: int) -> list[Any]:
    """All items of a list, page by page."""
    items: list[Any] = []
    cursor = None
    while True:
        query = {"limit": limit} if cursor is None else {"limit": limit, "cursor": cursor}
        page = caller.get(path, query=query).document
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items


def test_an_auditor_lists_every_ledger_with_its_head(registry: Services, admin: Caller) -> None:
    for name in ("fraud", "churn", "spam"):
        build.model(registry, name)
    auditor = granted(admin, "auditor")
    found = everything(auditor, "/v1/audit/ledgers", 2)
    assert {ledger["ledger"] for ledger in found} == {"model:fraud", "model:churn", "model:spam", "registry"}
    (fraud,) = [ledger for ledger in found if ledger["ledger"] == "model:fraud"]
    event = auditor.get("/v1/models/fraud/events").document["items"][0]
    assert (fraud["sequence"], fraud["hash"]) == (event["sequence"], event["hash"])


def test_anchors_are_listed_oldest_first_and_had_by_a_url(registry: Services, admin: Caller) -> None:
    for occasion in ("a", "b", "c"):
        anchor_ledgers(registry, occasion)
    assert [anchor["number"] for anchor in everything(admin, "/v1/audit/anchors", 2)] == [1, 2, 3]
    link = admin.get("/v1/audit/anchors/2").document
    assert link["number"] == 2
    assert "anchors/000000002.json" in link["url"] and "X-Amz-Signature" in link["url"]


@pytest.mark.parametrize(("number", "code"), [("9", "anchor_not_found"), ("0", "invalid_name"), ("x", "invalid_name")])
def test_an_anchor_that_is_not_there_is_an_answer(admin: Caller, number: str, code: str) -> None:
    assert admin.get(f"/v1/audit/anchors/{number}").code == code


def test_a_download_leaves_one_line_from_which_its_use_is_counted(
    registry: Services, admin: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    build.model(registry)
    build.ready(registry)
    admin.put("/v1/models/fraud/aliases/champion", {"version": 1})
    serving = granted(admin, "consumer", name="serving")
    capsys.readouterr()
    serving.get("/v1/models/fraud/versions/@champion/artifacts")
    serving.get("/v1/models/fraud/versions/1/artifacts/file", query={"path": "model.bin"})
    assert serving.get("/v1/models/fraud/versions/9/artifacts").status == 404
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    uses = [line for line in lines if line["log"] == "usage"]
    assert [(use["what"], use["version"], use["alias"]) for use in uses] == [
        ("manifest", 1, "champion"),
        ("file", 1, None),
    ]
    usage(batch(*[json.dumps(line) for line in lines]), SimpleNamespace(aws_request_id="r"))
    for path in ("/v1/models/fraud/versions/1/usage", "/v1/models/fraud/versions/@champion/usage"):
        (found,) = admin.get(path).document["items"]
        assert (found["principal"], found["count"], found["last_alias"]) == ("token:serving", 2, "champion")


def test_the_pages_of_a_manifest_are_one_use(
    registry: Services, admin: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    build.model(registry)
    reference = {"uri": "https://data.example/x", "size": 1, "sha256": "a" * 64}
    body = {"references": [{"path": f"r{number}", **reference} for number in range(3)]}
    admin.post("/v1/models/fraud/versions", body)
    admin.post("/v1/models/fraud/versions/1/finalise")
    capsys.readouterr()
    assert len(everything(admin, "/v1/models/fraud/versions/1/artifacts", 1)) == 3
    assert capsys.readouterr().out.count('"log": "usage"') == 1


def test_usage_is_paged_and_known_after_a_version_is_gone(registry: Services, admin: Caller) -> None:
    build.model(registry)
    uses = [
        json.dumps(
            {
                "log": "usage",
                "model": "fraud",
                "version": number % 2 + 1,
                "alias": None,
                "principal": f"token:{number}",
                "what": "file",
                "time": "2026-11-23T09:30:00.000Z",
            }
        )
        for number in range(7)
    ]
    usage(batch(*uses), SimpleNamespace(aws_request_id="r"))
    listed = everything(admin, "/v1/models/fraud/usage", 2)
    assert [(entry["version"], entry["principal"]) for entry in listed] == [
        *((1, f"token:{number}") for number in (0, 2, 4, 6)),
        *((2, f"token:{number}") for number in (1, 3, 5)),
    ]
    assert len(everything(admin, "/v1/models/fraud/versions/2/usage", 2)) == 3
    assert admin.get("/v1/models/fraud/versions/3/usage").document["items"] == []
    assert admin.get("/v1/models/none/usage").code == "model_not_found"
